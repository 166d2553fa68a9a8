import type { PackageFamily } from "../data/package-managers.js";
import type { Step } from "../dockerfile/evaluate.js";
import type { Word as FileWord } from "../dockerfile/word.js";
import { HOLE, type Invocation, type Word } from "../shell/model.js";
import type { PackageCommand } from "../shell/package-model.js";
import { type Range, textOf } from "../text/source.js";
import type { StageView } from "./model.js";
import { hostOf, isPrivateHost } from "./package-hosts.js";
import { runsAndTriggers } from "./trigger-runs.js";

/** An address that a package manager fetches from, or a setting about it. */
export interface PackageSource {
  /**
   * `clear-text`: without TLS, over a public network; `extra`: a second index beside the first, of which the higher version
   * wins.
   */
  readonly kind: "clear-text" | "extra";
  /** The option, variable or setting as written: `--extra-index-url`, `PIP_EXTRA_INDEX_URL`. */
  readonly what: string;
  /** Host; undefined for a setting without address. */
  readonly host: string | undefined;
  /** The address, or the setting. */
  readonly range: Range;
  /** `http:` of an address that is written here; undefined when it is put together, or there is none. */
  readonly scheme: Range | undefined;
}

const ADDRESS_OPTIONS: ReadonlyMap<PackageFamily, readonly string[]> = new Map<PackageFamily, readonly string[]>([
  ["pip", ["-i", "--index-url", "--extra-index-url", "-f", "--find-links"]],
  ["uv", ["-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--index", "--default-index"]],
  ["pipx", ["-i", "--index-url"]],
  ["pipenv", ["-i", "--index", "--pypi-mirror"]],
  ["npm", ["--registry"]],
  ["pnpm", ["--registry"]],
  ["yarn", ["--registry"]],
  ["bun", ["--registry"]],
  ["gem", ["-s", "--source"]],
  ["cargo", ["--index"]],
  ["dotnet", ["-s", "--source", "--add-source"]],
  ["conda", ["-c", "--channel"]],
]);
const EXTRA_OPTION = "--extra-index-url";

/** Variables that name an index, in upper case. */
const VARIABLES: ReadonlySet<string> = new Set(
  (
    "PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_FIND_LINKS UV_INDEX_URL UV_EXTRA_INDEX_URL UV_DEFAULT_INDEX UV_INDEX UV_FIND_LINKS " +
    "NPM_CONFIG_REGISTRY YARN_REGISTRY YARN_NPM_REGISTRY_SERVER BUNDLE_RUBYGEMS__ORG GOPROXY CARGO_REGISTRY_INDEX " +
    "PIPENV_PYPI_MIRROR"
  ).split(" "),
);

/** Addresses of a stage that are asked for packages without TLS, and indexes beside the first. */
export function doubtfulSources(stage: StageView): readonly PackageSource[] {
  const found: PackageSource[] = [];
  for (const step of stage.evaluated.steps) {
    const { instruction } = step;
    if (instruction.keyword !== "ENV" && instruction.keyword !== "ARG") continue;
    for (const { key, value } of instruction.pairs) {
      if (value !== undefined && VARIABLES.has(key.raw.toUpperCase())) addVariable(key.raw, value, step, found);
    }
  }
  for (const run of runsAndTriggers(stage)) {
    for (const command of run.packages) addCommand(command, found);
    for (const { assignments } of run.commands) {
      for (const { name, value } of assignments) {
        if (value === undefined || !VARIABLES.has(name.toUpperCase())) continue;
        addAddress(name, value.shape, wordPlaces(value, 0), found);
        if (isExtraVariable(name)) addExtra(name, value.shape, wordPlaces(value, 0), found);
      }
    }
  }
  return found;
}

/** Where a stretch of an address is written. */
type Places = (start: number, end: number) => Range;

function wordPlaces(word: Word, from: number): Places {
  return (start, end) =>
    start === 0 && from === 0 && end === word.shape.length && !word.isQuoted
      ? word.range
      : word.rangeAt(from + start, from + end);
}

function addVariable(name: string, word: FileWord, step: Step, found: PackageSource[]): void {
  const { kind, value } = step.expand(word);
  if (kind !== "known") return;
  const at = textOf(word.range).indexOf(value);
  const { source, start } = word.range;
  // Put together from other values, the word is the place.
  const places: Places = (from, to) => (at < 0 ? word.range : source.range(start + at + from, start + at + to));
  addAddress(name, value, places, found);
  if (isExtraVariable(name)) addExtra(name, value, places, found);
}

function isExtraVariable(name: string): boolean {
  return name.toUpperCase() === "PIP_EXTRA_INDEX_URL";
}

function addCommand(command: PackageCommand, found: PackageSource[]): void {
  const { family, options, invocation } = command;
  const names = ADDRESS_OPTIONS.get(family);
  for (const use of options.options) {
    const { valueWord, valueShape, name } = use;
    if (valueWord === undefined || valueShape === undefined || names?.includes(name) !== true) continue;
    const places = wordPlaces(valueWord, valueWord.shape.length - valueShape.length);
    addAddress(name, valueShape, places, found);
    if (name === EXTRA_OPTION && family === "pip" && !isPinned(command)) addExtra(name, valueShape, places, found);
  }
  if (family === "uv") addStrategy(command, found);
  addSetting(invocation, found);
}

/** Hashes say which file is meant, and without an index nothing is chosen. */
function isPinned({ options }: PackageCommand): boolean {
  return options.has("--require-hashes", "--no-index");
}

/** uv asks the first index that knows a package, unless told to compare them all. */
function addStrategy({ options }: PackageCommand, found: PackageSource[]): void {
  const strategy = options.find("--index-strategy");
  if (strategy?.value?.startsWith("unsafe-") !== true || strategy.valueRange === undefined) return;
  for (const { name, valueShape } of options.options) {
    if ((name !== EXTRA_OPTION && name !== "--index") || valueShape === undefined) continue;
    const host = hostOf(addressIn(valueShape));
    if (host !== undefined) {
      const what = `--index-strategy ${strategy.value}`;
      found.push({ kind: "extra", what, host, range: strategy.valueRange, scheme: undefined });
      return;
    }
  }
}

/** `npm config set registry URL`, `pip config set global.index-url URL`, `gem sources --add URL`, `composer config secure-http false`. */
function addSetting({ name, args }: Invocation, found: PackageSource[]): void {
  const [first, second, third] = args;
  if (first?.value === "config" || first?.value === "sources" || first?.value === "nuget") {
    const isRemoval = args.some(({ value }) => value === "-r" || value === "--remove" || value === "remove");
    for (const [index, word] of args.entries()) {
      // A proxy is spoken to without TLS, what goes through it is not.
      const key =
        `${args[index - 1]?.shape ?? ""} ${word.shape.slice(0, word.shape.indexOf("http://") + 1)}`.toLowerCase();
      if (isRemoval || (first.value === "config" && !INDEX_KEYS.some((part) => key.includes(part)))) continue;
      addAddress(`${name ?? ""} ${first.value}`, word.shape, wordPlaces(word, 0), found);
    }
  }
  if (name !== "composer" || first?.value !== "config") return;
  const rest = args.filter(({ shape }) => !shape.startsWith("-"));
  const at = rest.findIndex(({ value }) => value === "secure-http");
  const value = rest[at + 1];
  if (at < 0 || value?.value !== "false" || second === undefined || third === undefined) return;
  found.push({ kind: "clear-text", what: "secure-http false", host: undefined, range: value.range, scheme: undefined });
}

/** Parts of the names of settings that hold the address of an index. */
const INDEX_KEYS = ["registry", "index", "repo", "source", "mirror", "find-links", "composer", "vcs"] as const;

/** An index may be named: `internal=https://…`, `sparse+https://…`. */
function addressIn(text: string): string {
  return text.slice(addressStart(text));
}

function addressStart(text: string): number {
  const scheme = text.indexOf("://");
  if (scheme < 0) return 0;
  let start = scheme;
  while (start > 0 && isLetter(text.charCodeAt(start - 1))) start -= 1;
  return start;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function addAddress(what: string, text: string, places: Places, found: PackageSource[]): void {
  // GOPROXY and the lists of pip hold several addresses.
  for (let at = text.indexOf("http://"); at >= 0; at = text.indexOf("http://", at + 1)) {
    let end = at;
    while (end < text.length && !" ,|;\t\n'\"".includes(text[end] ?? "")) end += 1;
    const address = text.slice(at, end);
    const host = hostOf(address);
    if (host === undefined || isPrivateHost(address)) continue;
    const range = places(at, end);
    const scheme = places(at, at + "http:".length);
    const isWritten = textOf(scheme) === "http:";
    found.push({ kind: "clear-text", what, host, range, scheme: isWritten ? scheme : undefined });
  }
}

function addExtra(what: string, text: string, places: Places, found: PackageSource[]): void {
  let at = 0;
  for (const address of text.split(" ")) {
    const host = address.includes("://") && !address.startsWith(HOLE) ? hostOf(address) : undefined;
    // PyPI itself is asked anyway.
    const isPlain = host === "pypi.org" || host === "pypi.python.org";
    if (host !== undefined && !isPlain) {
      found.push({ kind: "extra", what, host, range: places(at, at + address.length), scheme: undefined });
    }
    at += address.length + 1;
  }
}
