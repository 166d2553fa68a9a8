import { isFalse, type TlsKind, tlsOptionsOf, tlsVariable } from "../data/tls-switches.js";
import { downloadsOf } from "../shell/download-facts.js";
import type { ScriptFacts } from "../shell/fact-model.js";
import { HOLE, type Invocation, type Word } from "../shell/model.js";
import { type OptionReader, readOptions } from "../shell/options.js";
import { toolOptions } from "../shell/tool-options.js";
import type { Range } from "../text/source.js";
import { hostOf, hostScope } from "../values/host-scope.js";

/** Something on a command line that makes a program accept any certificate or host key. */
export interface TlsSwitch {
  readonly kind: TlsKind;
  /** The option, setting or variable. */
  readonly range: Range;
  /** As written, for messages. */
  readonly text: string;
  /** The program that it is given to; undefined for a variable. */
  readonly program: string | undefined;
  /** What a fix may take away without the rest losing its meaning; undefined where the whole command is the switch. */
  readonly removable: Range | undefined;
  /** It holds for hosts of a private network only. */
  readonly isPrivate: boolean;
}

/** Where a command runs. */
export interface TlsPlace {
  /** It is a health check, which talks to its own container unless it names another one. */
  readonly isProbe: boolean;
}

/** The switches of a command; those for the container itself are left out. */
export function* tlsSwitchesIn(invocation: Invocation, place: TlsPlace): Iterable<TlsSwitch> {
  for (const { name, nameRange, value, kind, range } of invocation.assignments) {
    const text = value?.value;
    if (text === undefined || kind === "statement") continue;
    const found = tlsVariableKind(name, text);
    if (found === undefined) continue;
    const removable = kind === "prefix" && invocation.words.length > 0 ? range : undefined;
    yield { kind: found, range: nameRange, text: name, program: undefined, removable, isPrivate: false };
  }
  const { name, args } = invocation;
  if (name === undefined || args.length === 0) return;
  yield* ofProgram(name, args, invocation, place);
}

function* ofProgram(name: string, args: readonly Word[], invocation: Invocation, place: TlsPlace): Iterable<TlsSwitch> {
  if (name.startsWith("python") && args[0]?.value === "-m" && args[1]?.value === "pip") {
    yield* named("pip", args.slice(2), invocation, place);
  } else {
    yield* named(name.startsWith("pip") && /^pip[\d.]+$/.test(name) ? "pip" : name, args, invocation, place);
  }
}

function* named(name: string, args: readonly Word[], invocation: Invocation, place: TlsPlace): Iterable<TlsSwitch> {
  switch (name) {
    case "curl":
      if (!asksItself(invocation, place)) yield* ofCurl(invocation);
      return;
    case "wget":
      if (!asksItself(invocation, place)) yield* ofTable(name, args);
      return;
    case "git":
      yield* ofGit(readOptions(invocation, toolOptions("git") ?? NO_TABLE));
      return;
    case "ssh":
    case "scp":
    case "sftp":
    case "rsync":
      yield* ofSsh(name, args);
      return;
    case "yum":
    case "dnf":
    case "dnf5":
    case "microdnf":
    case "tdnf":
    case "yum-config-manager":
      yield* ofYum(name, args);
      return;
    case "apt":
    case "apt-get":
      yield* ofApt(name, args);
      return;
    default:
      yield* ofTable(name, args);
      yield* ofSetting(name, args);
  }
}

const NO_TABLE = { withValue: new Set<string>(), style: "getopt" } as const;

/** Whether a download names hosts, and all of them are the container; a probe of an unknown host is its own, too. */
function asksItself(invocation: Invocation, { isProbe }: TlsPlace): boolean {
  const downloads = downloadsOf(invocation);
  return (
    downloads.length > 0 &&
    downloads.every(({ urlShape }) => {
      const host = hostOf(urlShape);
      if (host === undefined) return false;
      return host.includes(HOLE) || host.includes("$") ? isProbe : hostScope(host) === "loopback";
    })
  );
}

function make(kind: TlsKind, program: string, range: Range, text: string, removable: Range | undefined): TlsSwitch {
  return { kind, range, text, program, removable, isPrivate: false };
}

const CURL_LONG: ReadonlySet<string> = new Set(["--insecure", "--proxy-insecure"]);

function* ofCurl(invocation: Invocation): Iterable<TlsSwitch> {
  for (const { name, range, word } of readOptions(invocation, toolOptions("curl") ?? NO_TABLE).options) {
    if (name === "-k" || CURL_LONG.has(name)) {
      yield make("curl", "curl", range, name, invocation.via === "exec-form" ? undefined : range);
      // One word is one finding, however often it says so.
      if (word.shape.length > 2 && name === "-k") return;
    }
  }
}

function* ofTable(program: string, args: readonly Word[]): Iterable<TlsSwitch> {
  const rows = tlsOptionsOf(program);
  if (rows === undefined) return;
  for (const [index, word] of args.entries()) {
    const { shape } = word;
    if (shape === "--") return;
    if (!shape.startsWith("-")) continue;
    const equals = shape.indexOf("=");
    const option = equals === -1 ? shape : shape.slice(0, equals);
    const row = rows.find((each) => each.option === option);
    if (row === undefined) continue;
    const value = equals === -1 ? undefined : shape.slice(equals + 1);
    const next = args[index + 1];
    if (row.when === "flag" && value !== undefined && isFalse(value)) continue;
    if (row.when === "off" && !isFalse(value ?? next?.shape ?? "")) continue;
    const isSeparate = value === undefined && row.when !== "flag";
    const end = isSeparate && next !== undefined ? next.range : word.range;
    const text = row.when === "host" ? option : value === undefined ? option : shape;
    const range = row.when === "host" && equals !== -1 ? word.rangeAt(0, equals) : word.range;
    const host = row.when === "host" ? hostOf(value ?? next?.shape ?? "") : undefined;
    const isPrivate = host !== undefined && !host.includes(HOLE) && hostScope(host) !== "public";
    if (host !== undefined && hostScope(host) === "loopback") continue;
    yield { kind: row.kind, range, text, program, removable: spanning(word.range, end), isPrivate };
  }
}

function spanning(first: Range, last: Range): Range | undefined {
  if (first.source !== last.source || last.end < first.end) return undefined;
  return first.source.range(first.start, last.end);
}

/** `http.sslVerify` with or without an address: git reads the keys without regard to case. */
function isGitKey(key: string): boolean {
  const lower = key.toLowerCase();
  return lower.startsWith("http.") && lower.endsWith(".sslverify") ? true : lower === "http.sslverify";
}

function* ofGit(reader: OptionReader): Iterable<TlsSwitch> {
  for (const { name, valueShape, valueRange, word, valueWord } of reader.options) {
    if ((name !== "-c" && name !== "--config") || valueShape === undefined || valueRange === undefined) continue;
    const [key = "", value = ""] = valueShape.split("=", 2);
    if (isGitKey(key) && isFalse(value)) {
      const removable = valueWord === undefined ? word.range : spanning(word.range, valueWord.range);
      yield make("git", "git", valueRange, valueShape, removable);
    } else if (key.toLowerCase() === "core.sshcommand" && sshKind(value) !== undefined) {
      yield make("ssh", "git", valueRange, "core.sshCommand", undefined);
    }
  }
  if (reader.verb?.value !== "config") return;
  const [key, value] = reader.operands;
  if (key === undefined || value === undefined) return;
  if (isGitKey(key.shape) && isFalse(value.shape)) yield make("git", "git", key.range, key.shape, undefined);
  else if (key.shape.toLowerCase() === "core.sshcommand" && sshKind(value.shape) !== undefined) {
    yield make("ssh", "git", key.range, key.shape, undefined);
  }
}

/** Settings of ssh with which any host is believed; source: ssh_config(5) of OpenSSH 9.9. */
const SSH_SETTINGS = ["stricthostkeychecking=no", "stricthostkeychecking no", "userknownhostsfile=/dev/null"] as const;

function sshKind(text: string): "ssh" | undefined {
  const lower = text.toLowerCase();
  return SSH_SETTINGS.some((setting) => lower.includes(setting)) ? "ssh" : undefined;
}

function* ofSsh(program: string, args: readonly Word[]): Iterable<TlsSwitch> {
  for (const [index, word] of args.entries()) {
    if (sshKind(word.shape) === undefined) continue;
    const before = args[index - 1];
    const isJoined = word.shape.startsWith("-o");
    const isOption = isJoined || before?.shape === "-o" || before?.shape === "-e" || before?.shape === "--rsh";
    if (!isOption && !word.shape.startsWith("--rsh=")) continue;
    const removable = isJoined ? word.range : before?.shape === "-o" ? spanning(before.range, word.range) : undefined;
    const text = isJoined ? word.shape.slice(2) : before?.shape === "-o" ? word.shape : "StrictHostKeyChecking=no";
    yield make("ssh", program, word.range, text, removable);
    // The two settings stand side by side as a rule, and are one decision.
    return;
  }
}

function* ofYum(program: string, args: readonly Word[]): Iterable<TlsSwitch> {
  for (const [index, word] of args.entries()) {
    const { shape } = word;
    const isNext = args[index - 1]?.shape === "--setopt";
    if (!shape.startsWith("--setopt=") && !isNext) continue;
    const at = shape.lastIndexOf("=");
    if (!shape.slice(0, at).endsWith("sslverify") || !isFalse(shape.slice(at + 1))) continue;
    const first = isNext ? (args[index - 1]?.range ?? word.range) : word.range;
    // `--save` has nothing to save without it.
    const removable = program === "yum-config-manager" ? undefined : spanning(first, word.range);
    yield make("yum", program, word.range, shape, removable);
  }
}

function* ofApt(program: string, args: readonly Word[]): Iterable<TlsSwitch> {
  for (const [index, word] of args.entries()) {
    const lower = word.shape.toLowerCase();
    const at = lower.indexOf("::verify-");
    if (at === -1 || !lower.includes("acquire::http")) continue;
    const [key = "", value = ""] = lower.slice(at + 2).split("=", 2);
    if ((key !== "verify-peer" && key !== "verify-host") || !isFalse(value)) continue;
    const before = args[index - 1];
    const isSeparate = before?.shape === "-o" || before?.shape === "--option";
    const removable = isSeparate && before !== undefined ? spanning(before.range, word.range) : word.range;
    yield make("other", program, word.range, word.shape.replace(/^-o|^--option=/, ""), removable);
  }
}

interface Setting {
  readonly kind: TlsKind;
  /** Words before the key, in order; others may stand between. */
  readonly verbs: readonly string[];
  readonly key: string;
  readonly value: "off" | "on" | "any";
}

const NPM_SETTING: Setting = { kind: "npm", verbs: ["config", "set"], key: "strict-ssl", value: "off" };

/** Programs that keep such a setting for later: source as for the options. */
const SETTINGS: ReadonlyMap<string, readonly Setting[]> = new Map<string, readonly Setting[]>([
  ["npm", [NPM_SETTING, { ...NPM_SETTING, verbs: ["set"] }]],
  ["pnpm", [NPM_SETTING]],
  ["yarn", [NPM_SETTING, { ...NPM_SETTING, key: "enableStrictSsl" }]],
  ["pip", [{ kind: "pip", verbs: ["config", "set"], key: "trusted-host", value: "any" }]],
  ["conda", [{ kind: "other", verbs: ["config"], key: "ssl_verify", value: "off" }]],
  ["mamba", [{ kind: "other", verbs: ["config"], key: "ssl_verify", value: "off" }]],
  ["composer", [{ kind: "other", verbs: ["config"], key: "disable-tls", value: "on" }]],
  ["gcloud", [{ kind: "other", verbs: ["config", "set"], key: "disable_ssl_validation", value: "on" }]],
  ["bundle", [{ kind: "other", verbs: ["config"], key: "ssl_verify_mode", value: "off" }]],
]);

function* ofSetting(name: string, args: readonly Word[]): Iterable<TlsSwitch> {
  for (const { kind, verbs, key, value } of SETTINGS.get(name) ?? []) {
    let from = 0;
    for (const verb of verbs) {
      const at = args.findIndex((word, index) => index >= from && word.value === verb);
      from = at === -1 ? Number.POSITIVE_INFINITY : at + 1;
    }
    for (const [index, word] of args.entries()) {
      if (index < from) continue;
      const [written = "", joined] = word.shape.split("=", 2);
      if (written !== key && !written.endsWith(`.${key}`) && !written.endsWith(`/${key}`)) continue;
      const text = joined ?? args[index + 1]?.shape ?? "";
      if (value === "off" ? !isFalse(text) : value === "on" ? isFalse(text) || text === "" : text === "") continue;
      const range = joined === undefined ? word.range : word.rangeAt(0, written.length);
      yield { kind, range, text: `${written} ${text}`, program: name, removable: undefined, isPrivate: false };
      return;
    }
  }
}

/** Files of settings of a line `key = value` each, by an end of their path; source: dnf.conf(5), npmrc(5), pip 25. */
const SETTING_FILES: readonly (readonly [end: string, setting: Pick<Setting, "kind" | "key" | "value">])[] = [
  ["/yum.conf", { kind: "yum", key: "sslverify", value: "off" }],
  ["/dnf.conf", { kind: "yum", key: "sslverify", value: "off" }],
  [".repo", { kind: "yum", key: "sslverify", value: "off" }],
  ["npmrc", { kind: "npm", key: "strict-ssl", value: "off" }],
  ["/pip.conf", { kind: "pip", key: "trusted-host", value: "any" }],
];

/** What a file of settings says to accept any certificate; undefined when it does not. */
function switchedSetting(path: string, content: string): { readonly kind: TlsKind; readonly text: string } | undefined {
  for (const [end, { kind, key, value }] of SETTING_FILES) {
    if (!path.endsWith(end) || !content.includes(key)) continue;
    for (const line of content.split("\n")) {
      const equals = line.indexOf("=");
      const said = line.slice(equals + 1).trim();
      if (equals === -1 || line.slice(0, equals).trim() !== key) continue;
      if (value === "off" ? isFalse(said) : said !== "") return { kind, text: line.trim() };
    }
  }
  return undefined;
}

/** Files of settings that a step writes, and the text in them; source: gem 3.6 and ssh_config(5) of OpenSSH 9.9. */
export function* tlsSettingsWritten({ writes }: ScriptFacts): Iterable<TlsSwitch> {
  for (const { path, content, contentRange, invocation } of writes) {
    if (path === undefined || content === undefined || contentRange === undefined) continue;
    const program = invocation.name ?? "";
    const switched = (kind: TlsKind, text: string): TlsSwitch => ({
      kind,
      range: contentRange,
      text,
      program: kind === "ssh" ? "ssh" : program,
      removable: undefined,
      isPrivate: false,
    });
    if (path.endsWith("gemrc")) {
      if (content.includes(":ssl_verify_mode: 0")) yield switched("other", ":ssl_verify_mode: 0");
    } else if (path.includes("ssh") && sshKind(content) !== undefined) {
      yield switched("ssh", "StrictHostKeyChecking no");
    } else {
      const setting = switchedSetting(path, content);
      if (setting !== undefined) yield switched(setting.kind, setting.text);
    }
  }
}

/** The case of a variable that makes programs accept any certificate or host key; undefined for all others. */
export function tlsVariableKind(name: string, value: string): TlsKind | undefined {
  return name === "GIT_SSH_COMMAND" ? sshKind(value) : tlsVariable(name, value);
}
