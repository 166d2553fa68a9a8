import { HOLE, type Invocation, type Word } from "../shell/model.js";
import type { OptionUse } from "../shell/options.js";
import type { PackageCommand } from "../shell/package-model.js";
import type { Range } from "../text/source.js";
import { textOf } from "../text/source.js";
import { words } from "../text/words.js";
import type { CopyView, RunView, StageView } from "./model.js";
import { isPrivateHost } from "./package-hosts.js";
import { runsAndTriggers } from "./trigger-runs.js";

/** Whose check is switched off. */
export type SignatureKind = "apt" | "apt-force" | "apk" | "yum" | "rpm" | "zypper" | "pacman" | "go" | "gem" | "other";

/** A setting that lets packages in which nobody signed. */
export interface UncheckedSignature {
  readonly kind: SignatureKind;
  /** The option or setting as people write it: `--nogpgcheck`, `gpgcheck=0`. */
  readonly what: string;
  readonly range: Range;
  /** The words of an option, which may be taken away; undefined for a setting. */
  readonly option: { readonly first: Range; readonly last: Range } | undefined;
  /** Only files of the context or of another stage, or a repository of this machine, come in that way. */
  readonly isLocal: boolean;
}

const APT_OPTIONS = new Map<string, SignatureKind>([
  ["--allow-unauthenticated", "apt"],
  ["--allow-insecure-repositories", "apt"],
  ["--allow-untrusted", "apt"],
  ["--force-yes", "apt-force"],
]);
const OPTIONS: Readonly<Partial<Record<PackageCommand["family"], ReadonlyMap<string, SignatureKind>>>> = {
  apt: APT_OPTIONS,
  apk: new Map([["--allow-untrusted", "apk"]]),
  yum: new Map([
    ["--nogpgcheck", "yum"],
    ["--no-gpgcheck", "yum"],
    ["--no-gpgchecks", "yum"],
  ]),
  zypper: new Map([
    ["--no-gpg-checks", "zypper"],
    ["--allow-unsigned-rpm", "zypper"],
  ]),
};

const RPM_OPTIONS: ReadonlySet<string> = new Set(["--nosignature", "--nodigest", "--noverify", "--nofiledigest"]);

/** Signature checks that a stage switches off, in order; each setting once. */
export function uncheckedSignatures(stage: StageView): readonly UncheckedSignature[] {
  const found: UncheckedSignature[] = [];
  for (const step of stage.evaluated.steps) {
    const { instruction } = step;
    if (instruction.keyword !== "ENV") continue;
    for (const { key, value, range } of instruction.pairs) {
      if (!key.raw.startsWith("GO")) continue;
      const evaluation = step.expand(value);
      addVariable(key.raw, evaluation.kind === "known" ? evaluation.value : undefined, range, found);
    }
  }
  for (const run of runsAndTriggers(stage)) {
    for (const command of run.packages) addOptions(command, run, found);
    for (const invocation of run.commands) addInvocation(invocation, found);
  }
  for (const copy of stage.copies) addHeredocs(copy, found);
  return found;
}

function addOptions(command: PackageCommand, run: RunView, found: UncheckedSignature[]): void {
  const table = OPTIONS[command.family];
  for (const use of command.options.options) {
    const kind = table?.get(use.name);
    if (kind !== undefined) found.push(ofOption(kind, use.name, use, isLocalInstall(command, run)));
    else if (command.family === "apt" && (use.name === "-o" || use.name === "--option")) {
      if (isAptSetting(use.value)) found.push(ofOption("apt", use.value ?? "", use, false));
    } else if (command.family === "yum" && use.name === "--setopt") {
      if (/gpgcheck=(?:0|false|no)$/i.test(use.value ?? "")) found.push(ofOption("yum", use.value ?? "", use, false));
    } else if (command.family === "gem" && (use.name === "-P" || use.name === "--trust-policy")) {
      if (use.value === "NoSecurity") found.push(ofOption("gem", `${use.name} NoSecurity`, use, false));
    }
  }
}

function ofOption(kind: SignatureKind, what: string, use: OptionUse, isLocal: boolean): UncheckedSignature {
  const last = use.valueWord?.range ?? use.word.range;
  const isCluster = !use.name.startsWith("--") && use.word.shape.length > 2 && use.valueWord === use.word;
  const option = isCluster ? undefined : { first: use.word.range, last };
  return {
    kind,
    what,
    range: use.valueRange !== undefined && use.name === "-o" ? use.valueRange : use.range,
    option,
    isLocal,
  };
}

const APT_SETTINGS = [
  "apt::get::allowunauthenticated",
  "acquire::allowinsecurerepositories",
  "acquire::allowweakrepositories",
  "acquire::allowdowngradetoinsecurerepositories",
];

function isAptSetting(value: string | undefined): boolean {
  const at = value?.indexOf("=") ?? -1;
  if (value === undefined || at < 0) return false;
  return APT_SETTINGS.includes(value.slice(0, at).toLowerCase()) && isTrue(value.slice(at + 1));
}

function isTrue(value: string): boolean {
  return ["true", "yes", "1", "on"].includes(value.toLowerCase());
}

/** Packages that were not fetched in this lineage: of the context, or of another stage. */
function isLocalInstall({ packages }: PackageCommand, run: RunView): boolean {
  if (packages.length === 0 || packages.some(({ kind }) => kind !== "local")) return false;
  for (const member of run.stage.lineage) {
    for (const { facts } of member.runs) {
      if (facts.downloads.some(({ tool, output }) => tool !== "git" && output !== "discarded")) return false;
    }
  }
  return true;
}

function addInvocation(invocation: Invocation, found: UncheckedSignature[]): void {
  for (const { name, value, range } of invocation.assignments) addVariable(name, value?.value, range, found);
  switch (invocation.name) {
    case "rpm":
    case "cosign":
    case "helm":
      addPlain(invocation, found);
      return;
    case "go":
      // `go env -w GOSUMDB=off` keeps the setting for later commands.
      for (const word of invocation.args) {
        const at = word.value?.indexOf("=") ?? -1;
        if (at > 0) addVariable(word.value?.slice(0, at), word.value?.slice(at + 1), word.range, found);
      }
      return;
    case "yum-config-manager":
      addSettings(invocation, found);
      return;
    default:
      addWritten(invocation, found);
  }
}

function addPlain({ name, args }: Invocation, found: UncheckedSignature[]): void {
  for (const { value, range } of args) {
    if (value === undefined) continue;
    const kind =
      name === "rpm" && RPM_OPTIONS.has(value)
        ? "rpm"
        : name !== "rpm" && (value === "--insecure-ignore-tlog" || value === "--insecure-ignore-tlog=true")
          ? "other"
          : undefined;
    if (kind !== undefined) {
      found.push({ kind, what: value, range, option: { first: range, last: range }, isLocal: false });
    }
  }
}

/** `yum-config-manager --setopt=repo.gpgcheck=0 --save`. */
function addSettings({ args }: Invocation, found: UncheckedSignature[]): void {
  for (const { value, range } of args) {
    const at = value?.lastIndexOf("gpgcheck=") ?? -1;
    if (value === undefined || at < 0 || !isFalse(value.slice(at + "gpgcheck=".length))) continue;
    found.push({ kind: "yum", what: value.slice(at), range, option: undefined, isLocal: false });
  }
}

function isFalse(value: string): boolean {
  return ["0", "false", "no", "off"].includes(value.toLowerCase());
}

/** Variables by which Go is told not to ask the database of checksums. */
function addVariable(
  name: string | undefined,
  value: string | undefined,
  range: Range,
  found: UncheckedSignature[],
): void {
  if (name === undefined || value === undefined || !name.startsWith("GO")) return;
  const isOff =
    (name === "GOSUMDB" && value === "off") ||
    (name === "GONOSUMCHECK" && value !== "" && value !== "0") ||
    (name === "GOFLAGS" && words(value).includes("-insecure")) ||
    // A pattern that names one's own modules keeps them private; a lone asterisk means all there are.
    ((name === "GONOSUMDB" || name === "GOPRIVATE") && value === "*");
  if (isOff) found.push({ kind: "go", what: `${name}=${value}`, range, option: undefined, isLocal: false });
}

/** Programs whose words or input become the text of a configuration file. */
const WRITERS: ReadonlySet<string> = new Set(["echo", "printf", "cat", "tee", "sed", "add-apt-repository", "perl"]);

function addWritten({ name, args, redirects }: Invocation, found: UncheckedSignature[]): void {
  if (name === undefined || !WRITERS.has(name)) return;
  for (const word of args) addWord(name, word, found);
  for (const redirect of redirects) {
    if (redirect.kind === "heredoc") addText(redirect.body, redirect.bodyRange, found);
    else if (redirect.kind === "here-string" && redirect.target !== undefined) addWord(name, redirect.target, found);
  }
}

function addWord(program: string, word: Word, found: UncheckedSignature[]): void {
  const { shape } = word;
  if (shape.length < 8) return;
  const from = program === "sed" || program === "perl" ? replacementAt(shape) : 0;
  for (const { kind, what, start, end, isLocal } of settingsIn(shape)) {
    if (start >= from) found.push({ kind, what, range: word.rangeAt(start, end), option: undefined, isLocal });
  }
}

/** Offset of what `s/old/new/` puts in; 0 for other expressions of sed, which add lines. */
function replacementAt(expression: string): number {
  const match = /^(?:[^a-z]*|\/[^/]*\/)s([/|#,@!:])/.exec(expression);
  const delimiter = match?.[1];
  if (match === null || delimiter === undefined) return 0;
  const end = expression.indexOf(delimiter, match[0].length);
  return Math.max(end, 0);
}

function addHeredocs({ sources }: CopyView, found: UncheckedSignature[]): void {
  for (const { heredoc } of sources) if (heredoc !== undefined) addText(heredoc.content, heredoc.range, found);
}

function addText(text: string, range: Range, found: UncheckedSignature[]): void {
  for (const { kind, what, start, end, isLocal } of settingsIn(text)) {
    const { source } = range;
    const place = source.range(Math.min(range.start + start, range.end), Math.min(range.start + end, range.end));
    // In a text that is embedded in another one, offsets may differ.
    const isExact = textOf(place) === text.slice(start, end);
    found.push({ kind, what, range: isExact ? place : range, option: undefined, isLocal });
  }
}

interface Setting {
  readonly kind: SignatureKind;
  readonly what: string;
  readonly start: number;
  readonly end: number;
  readonly isLocal: boolean;
}

/** Settings in the text of a configuration file; comments are left out. */
function settingsIn(text: string): readonly Setting[] {
  const lower = text.toLowerCase();
  if (!SIGNS.some((sign) => lower.includes(sign))) return [];
  const settings: Setting[] = [];
  const pattern =
    /\[[^[\]\n]*\btrusted=yes\b[^[\]\n]*\]|^Trusted:[ \t]*yes\b|(?:repo_)?gpgcheck[ \t]*=[ \t]*(?:0|no|false)\b|SigLevel[ \t]*=[ \t]*Never\b|(?:APT::Get::AllowUnauthenticated|Acquire::AllowInsecureRepositories)[ \t]+"?(?:true|1|yes)\b/gim;
  for (const match of text.matchAll(pattern)) {
    if (isComment(text, match.index)) continue;
    settings.push(settingOf(match[0], match.index, text));
  }
  return settings;
}

const SIGNS = ["trusted", "gpgcheck", "siglevel", "allowunauthenticated", "allowinsecurerepositories"] as const;

function settingOf(written: string, index: number, text: string): Setting {
  const lower = written.toLowerCase();
  if (lower.startsWith("[")) {
    const start = index + lower.indexOf("trusted=yes");
    const isLocal = isLocalRepository(text.slice(index + written.length));
    return { kind: "apt", what: "trusted=yes", start, end: start + "trusted=yes".length, isLocal };
  }
  const what = written.replace(/[ \t]+/g, " ");
  const place = { what, start: index, end: index + written.length };
  if (lower.includes("gpgcheck")) {
    // Signed packages are checked whatever the signature of the list of packages.
    const isOnlyList = lower.startsWith("repo_") && /(?:^|[^_])gpgcheck[ \t]*=[ \t]*1/m.test(text);
    return { ...place, kind: "yum", isLocal: isOnlyList };
  }
  if (lower.startsWith("siglevel")) return { ...place, kind: "pacman", isLocal: false };
  return { ...place, kind: "apt", isLocal: false };
}

/** Whether the address behind the options of a `deb` line is a folder or this machine. */
function isLocalRepository(rest: string): boolean {
  const address = /^[ \t]*([^\s'"]+)/.exec(rest)?.[1] ?? "";
  if (address.startsWith("file:") || address.startsWith("copy:") || address.startsWith("/")) return true;
  return address.includes("://") && !address.includes(HOLE) && isPrivateHost(address);
}

function isComment(text: string, index: number): boolean {
  const lineStart = text.lastIndexOf("\n", index - 1) + 1;
  return text.slice(lineStart, index).trimStart().startsWith("#");
}
