import { type ManagerFacts, managerOf, type PackageFamily } from "../data/package-managers.js";
import type { Range } from "../text/source.js";
import { WrittenInvocation } from "./invocation.js";
import type { Invocation, Word } from "./model.js";
import { packageOperand } from "./operands.js";
import { type OptionReader, type OptionUse, readWords } from "./options.js";
import type { ManifestFile, PackageAction, PackageCommand, PackageOperand, PackageVersion } from "./package-model.js";

const PYTHON = /^(?:python|pypy)(?:\d+(?:\.\d+)?)?$/;

/**
 * The package manager command that an invocation is; undefined when it is none. `python -m pip`, `pip3.11`, `corepack pnpm`
 * and bare `yarn` and `bundle` count. Computed once for a command of a script.
 */
export function packageCommand(invocation: Invocation): PackageCommand | undefined {
  const { name } = invocation;
  if (name === undefined) return undefined;
  // Most commands are no package managers; finding that out again is cheaper than remembering it.
  if (invocation instanceof WrittenInvocation) {
    invocation.packageCommand ??= readPackageCommand(invocation, name);
    return invocation.packageCommand;
  }
  return readPackageCommand(invocation, name);
}

function readPackageCommand(invocation: Invocation, name: string): PackageCommand | undefined {
  if (name.startsWith("py") && PYTHON.test(name)) {
    const at = invocation.args.findIndex((word) => word.value === "-m");
    const module = at === -1 ? undefined : invocation.args[at + 1]?.value;
    const facts = module === undefined ? undefined : managerOf(module);
    return facts === undefined ? undefined : build(invocation, facts, invocation.args.slice(at + 2));
  }
  const at = name.indexOf("@");
  const facts = managerOf(at > 0 ? name.slice(0, at) : name);
  return facts === undefined ? undefined : build(invocation, facts, invocation.args);
}

/** Verb of a command: its words, and how many operands of the reader they take. */
interface Verb {
  readonly text: string;
  readonly range: Range;
  readonly action: PackageAction;
  /** The operands that are packages. */
  readonly operands: readonly Word[];
  readonly asks: boolean;
}

function build(invocation: Invocation, facts: ManagerFacts, words: readonly Word[]): PackageCommand {
  const options = readWords(words, facts);
  const verb = facts.name === "pacman" ? pacmanVerb(invocation, options) : findVerb(invocation, facts, options);
  const isFrozen = facts.frozenOptions.some((name) => options.has(name));
  const action = isFrozen && installsFromLock(facts.family, verb) ? "lock-install" : verb.action;
  return {
    invocation,
    manager: facts.name,
    family: facts.family,
    action,
    verb: verb.text,
    verbRange: verb.range,
    packages: takesPackages(action, facts) ? packagesOf(facts, verb, options) : [],
    options,
    asks: verb.asks,
    assumesYes: assumesYes(facts, options, words),
    isGlobal: isGlobal(facts.family, verb.text, options),
    devDependencies: devDependencies(facts.family, options),
    isFrozen,
    manifestFiles: manifestFiles(facts, verb, options),
    virtual: virtualOf(facts, options),
    isDryRun: isDryRun(facts.family, options),
  };
}

/** The longest run of leading operands that is a verb. */
function findVerb(invocation: Invocation, facts: ManagerFacts, options: OptionReader): Verb {
  const all = options.verb === undefined ? [] : [options.verb, ...options.operands];
  // `yarn workspace NAME add x` and `dotnet add PROJECT package x` have a name in the middle.
  const skipped = facts.name === "yarn" && all[0]?.value === "workspace" ? 2 : 0;
  const rest = all.slice(skipped);
  if (facts.name === "dotnet" && rest[2]?.value === "package") return verbAt(facts, rest, [0, 2]);
  if (facts.name === "npx") return npxVerb(invocation, all);
  if (facts.family === "maven" || facts.family === "gradle") return goalVerb(invocation, facts, rest);
  const first = rest[0];
  if (first === undefined) {
    const isInstall = facts.name === "yarn" || facts.name === "bundle";
    const asks = facts.asking.has("");
    return { text: "", range: invocation.nameRange, action: isInstall ? "install" : "other", operands: [], asks };
  }
  for (let length = Math.min(3, rest.length); length > 1; length -= 1) {
    const text = rest.slice(0, length).map((word) => word.value ?? "");
    if (facts.verbs.has(text.join(" ")))
      return verbAt(
        facts,
        rest,
        text.map((_, index) => index),
      );
  }
  return verbAt(facts, rest, [0]);
}

function verbAt(facts: ManagerFacts, words: readonly Word[], places: readonly number[]): Verb {
  const verbs = places.map((place) => words[place]);
  const text = verbs.map((word) => word?.value ?? "").join(" ");
  const first = verbs[0]?.range;
  const last = verbs.at(-1)?.range;
  if (first === undefined || last === undefined) throw new Error("a verb has words");
  const range = last.end >= first.start && verbs.length > 1 ? first.source.range(first.start, last.end) : first;
  const operands = words.slice((places.at(-1) ?? 0) + 1);
  const isRunByVersion = facts.name === "go" && text === "run" && operands[0]?.shape.includes("@") === true;
  const action = isRunByVersion ? "install" : (facts.verbs.get(text) ?? "other");
  const used = isRunByVersion ? operands.slice(0, 1) : operands;
  return { text, range, action, operands: used, asks: facts.asking.has(text) };
}

/** Goals run one after the other; the first that builds says what the command is for: `mvn clean package`. */
function goalVerb(invocation: Invocation, facts: ManagerFacts, goals: readonly Word[]): Verb {
  const actionOf = (word: Word) => facts.verbs.get(word.value ?? "");
  const goal = goals.find((word) => actionOf(word) === "build") ?? goals.find((word) => actionOf(word) !== undefined);
  const word = goal ?? goals[0];
  const text = word?.value ?? "";
  const action = word === undefined ? "other" : (actionOf(word) ?? "other");
  return { text, range: word?.range ?? invocation.nameRange, action, operands: [], asks: false };
}

function npxVerb(invocation: Invocation, words: readonly Word[]): Verb {
  const operands = words.slice(0, 1);
  return { text: "", range: invocation.nameRange, action: "other", operands, asks: operands.length > 0 };
}

/** pacman's operation is a letter: `-S`, with `y` and `u` beside it. */
function pacmanVerb(invocation: Invocation, options: OptionReader): Verb {
  const operands = options.verb === undefined ? [] : [options.verb, ...options.operands];
  const operation = options.options.find((use) =>
    /^(?:-[SURQDFTV]|--(?:sync|upgrade|remove|query|database|files))$/.test(use.name),
  );
  if (operation === undefined) {
    return { text: "", range: invocation.nameRange, action: "other", operands: [], asks: false };
  }
  const action = pacmanAction(operation.name, options, operands.length > 0);
  const asks = action !== "other" && action !== "refresh" && action !== "download";
  return { text: operation.word.shape, range: operation.word.range, action, operands, asks };
}

function pacmanAction(operation: string, options: OptionReader, hasOperands: boolean): PackageAction {
  if (operation === "-U" || operation === "--upgrade") return "install";
  if (operation === "-R" || operation === "--remove") return "remove";
  if (operation !== "-S" && operation !== "--sync") return "other";
  if (options.has("-c", "--clean")) return "clean";
  if (options.has("-s", "-i", "-l", "-g", "-p", "--search", "--info", "--list", "--groups", "--print")) return "other";
  if (options.has("-w", "--downloadonly")) return "download";
  if (hasOperands) return "install";
  if (options.has("-u", "--sysupgrade")) return "upgrade";
  return options.has("-y", "--refresh") ? "refresh" : "other";
}

/** Whether a verb with a frozen option installs what the lock file says; with operands it adds something new. */
function installsFromLock(family: PackageFamily, verb: Verb): boolean {
  if (verb.action !== "install") return false;
  if (family === "cargo" || family === "go") return false;
  return verb.operands.length === 0 || family === "pip";
}

function takesPackages(action: PackageAction, facts: ManagerFacts): boolean {
  if (facts.name === "npx") return true;
  if (facts.family === "maven" || facts.family === "gradle") return false;
  return action !== "build" && action !== "other" && action !== "clean" && action !== "refresh";
}

function packagesOf(facts: ManagerFacts, verb: Verb, options: OptionReader): readonly PackageOperand[] {
  const isGroup = facts.family === "yum" && /^(?:group|module)/.test(verb.text);
  const isFileList = facts.name === "uv" && verb.text === "pip sync";
  const operands =
    facts.family === "gem"
      ? verb.operands.slice(0, Math.max(0, verb.operands.length - options.afterDashes.length))
      : verb.operands;
  const stated = versionOption(facts, options);
  const packages: PackageOperand[] = [];
  for (const word of operands) {
    const operand = packageOperand(word, facts.versions);
    if (isGroup) packages.push({ ...operand, kind: "group" });
    else if (isFileList) packages.push({ ...operand, kind: "file-list", name: undefined, version: undefined });
    else
      packages.push(stated !== undefined && operand.version === undefined ? { ...operand, version: stated } : operand);
  }
  for (const use of options.options) {
    const extra = sourceOption(facts, use, stated);
    if (extra !== undefined) packages.push(extra);
  }
  return packages;
}

/** The version that an option gives to all operands: `gem install -v`, `cargo install --version`. */
function versionOption(facts: ManagerFacts, options: OptionReader): PackageVersion | undefined {
  const names =
    facts.family === "gem"
      ? ["-v", "--version"]
      : facts.family === "cargo"
        ? ["--version", "--vers", "--tag", "--rev"]
        : facts.family === "dotnet"
          ? ["--version", "-v"]
          : [];
  const use = names.length === 0 ? undefined : options.find(...names);
  if (use?.valueShape === undefined || use.valueRange === undefined) return undefined;
  return { text: use.valueShape, value: use.value, operator: " ", range: use.valueRange };
}

/** Options that name what is installed: `pip install -e .`, `cargo install --path . --git URL`. */
function sourceOption(
  facts: ManagerFacts,
  use: OptionUse,
  version: PackageVersion | undefined,
): PackageOperand | undefined {
  const isEditable =
    (facts.family === "pip" || facts.family === "uv") && (use.name === "-e" || use.name === "--editable");
  const isCargo = facts.family === "cargo" && (use.name === "--path" || use.name === "--git");
  if ((!isEditable && !isCargo) || use.valueShape === undefined || use.valueRange === undefined) return undefined;
  const kind = use.name === "--git" || /^[a-z+]+:\/\//.test(use.valueShape) ? "url" : "local";
  return {
    name: use.value,
    version: kind === "url" ? version : undefined,
    kind,
    range: use.valueRange,
    shape: use.valueShape,
  };
}

function assumesYes(facts: ManagerFacts, options: OptionReader, words: readonly Word[]): boolean {
  let quiet = 0;
  const leading = facts.family === "zypper" ? leadingWords(options, words) : undefined;
  for (const use of options.options) {
    if (facts.yesOptions.has(use.name)) {
      if (leading === undefined || use.name !== "-n" || leading.has(use.word)) return true;
    }
    if (facts.family === "apt") {
      if (use.name === "-q" || use.name === "--quiet") quiet += Number(use.value ?? 1);
      if (/^apt::get::assume-yes=(?:true|yes|1|on)$/i.test(use.value ?? "")) return true;
    } else if (use.name === "--setopt" && /^assumeyes=(?:true|yes|1|on)$/i.test(use.value ?? "")) return true;
    else if ((use.name === "--no-interaction" || use.name === "-n") && hasNoInteraction(facts.family)) return true;
  }
  return quiet >= 2;
}

function hasNoInteraction(family: PackageFamily): boolean {
  return family === "composer" || family === "poetry";
}

/** The words in front of the verb: zypper's global options. */
function leadingWords(options: OptionReader, words: readonly Word[]): ReadonlySet<Word> {
  return new Set(options.verb === undefined ? words : words.slice(0, words.indexOf(options.verb)));
}

function isGlobal(family: PackageFamily, verb: string, options: OptionReader): boolean {
  if (family === "npm" || family === "pnpm" || family === "bun") {
    return options.has("-g", "--global") || options.find("--location")?.value === "global";
  }
  if (family === "dotnet") return options.has("-g", "--global");
  return (family === "yarn" || family === "composer") && verb.startsWith("global ");
}

const PRODUCTION = new Map<PackageFamily, ReadonlySet<string>>([
  ["npm", new Set(["--production", "--prod"])],
  ["yarn", new Set(["--production", "--prod"])],
  ["pnpm", new Set(["--prod", "-P", "--production"])],
  ["bun", new Set(["--production", "-p"])],
  ["composer", new Set(["--no-dev"])],
  ["uv", new Set(["--no-dev"])],
  ["poetry", new Set(["--no-dev"])],
]);
const DEVELOPMENT = new Map<PackageFamily, ReadonlySet<string>>([
  ["pipenv", new Set(["--dev", "-d"])],
  ["composer", new Set(["--dev"])],
]);
/** Options that take a list of groups; `omits` says whether the groups named are left out. */
const GROUPS = new Map<string, "omits" | "keeps-only" | "adds">([
  ["--omit", "omits"],
  ["--without", "omits"],
  ["--no-group", "omits"],
  ["--only", "keeps-only"],
  ["--include", "adds"],
  ["--with", "adds"],
]);

function devDependencies(family: PackageFamily, options: OptionReader): PackageCommand["devDependencies"] {
  let answer: PackageCommand["devDependencies"];
  for (const use of options.options) {
    if (PRODUCTION.get(family)?.has(use.name) === true) answer = use.value === "false" ? "included" : "omitted";
    else if (DEVELOPMENT.get(family)?.has(use.name) === true) answer = "included";
    else answer = groupsOf(family, use) ?? answer;
  }
  return answer;
}

function groupsOf(family: PackageFamily, use: OptionUse): PackageCommand["devDependencies"] {
  const effect = GROUPS.get(use.name);
  const value = use.value;
  if (effect === undefined || value === undefined || family === "pip") return undefined;
  const namesDev = value.includes("dev") && /(?:^|[ ,:])(?:dev|development)(?:$|[ ,:])/.test(value);
  if (effect === "keeps-only") return namesDev ? "included" : "omitted";
  if (!namesDev) return undefined;
  return effect === "omits" ? "omitted" : "included";
}

function manifestFiles(facts: ManagerFacts, verb: Verb, options: OptionReader): readonly ManifestFile[] {
  const files: ManifestFile[] = [];
  for (const use of options.options) {
    const kind = manifestKind(facts, use.name);
    if (kind !== undefined && use.valueRange !== undefined)
      files.push({ path: use.value, kind, range: use.valueRange });
  }
  if (facts.name === "uv" && verb.text === "pip sync") {
    for (const word of verb.operands) files.push({ path: word.value, kind: "requirements", range: word.range });
  }
  return files;
}

function manifestKind(facts: ManagerFacts, option: string): ManifestFile["kind"] | undefined {
  switch (facts.family) {
    case "pip":
    case "uv":
    case "pipenv":
      if (option === "-r" || option === "--requirement" || option === "--requirements") return "requirements";
      return option === "-c" || option === "--constraint" ? "constraints" : undefined;
    case "conda":
      return option === "-f" || option === "--file" ? "environment" : undefined;
    case "bundle":
      return option === "--gemfile" ? "gemfile" : undefined;
    case "gem":
      return option === "-g" || option === "--file" ? "gemfile" : undefined;
    case "cargo":
      return option === "--manifest-path" ? "other" : undefined;
    case "maven":
      return option === "-f" || option === "--file" ? "other" : undefined;
    default:
      return undefined;
  }
}

function virtualOf(facts: ManagerFacts, options: OptionReader): PackageCommand["virtual"] {
  const use = facts.family === "apk" ? options.find("-t", "--virtual") : undefined;
  if (use?.valueRange === undefined) return undefined;
  return { name: use.value, range: use.valueRange };
}

const DRY_RUN = new Map<PackageFamily, readonly string[]>([
  [
    "apt",
    ["-s", "--simulate", "--dry-run", "--just-print", "--no-act", "--recon", "--print-uris", "-d", "--download-only"],
  ],
  ["yum", ["--downloadonly", "--assumeno"]],
  ["zypper", ["--dry-run", "-D", "--download-only", "-d"]],
  ["apk", ["-s", "--simulate"]],
]);

function isDryRun(family: PackageFamily, options: OptionReader): boolean {
  return options.has("--dry-run") || options.has(...(DRY_RUN.get(family) ?? []));
}
