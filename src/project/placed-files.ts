import { contextPath } from "../context/reach.js";
import { baseName, extensionOf, isWithin, joinPath, parentPath, resolvePath } from "../files/path.js";
import type { WriteFact } from "../shell/fact-model.js";
import type { Invocation } from "../shell/model.js";
import type { PackageCommand } from "../shell/package-model.js";
import { compileGlob, hasGlobMeta } from "../values/glob.js";
import { folderAt } from "./dependency-installs.js";
import type { CopyView, RunView, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";

/** Whether a path is there when a command of a RUN starts. */
export type Placement =
  /** A COPY or ADD names it; `origin` is the path on the source side, relative to the context for files from there. */
  | {
      readonly kind: "named";
      readonly copy: CopyView;
      readonly source: CopyView["sources"][number];
      readonly origin: string;
    }
  /** Something may bring it: a folder, a script, the base, a mount. */
  | { readonly kind: "possible" }
  /** Everything that came before is understood, and nothing brings it. */
  | { readonly kind: "absent" };

const POSSIBLE: Placement = { kind: "possible" };
const ABSENT: Placement = { kind: "absent" };

/** Steps looked back at; beyond them anything is possible. */
const MOST_STEPS = 300;

/** Paths asked for in one stage; of further ones anything is possible. */
const MOST_PATHS = 200;

/** What the layers of a stage below `end` bring of a path, parents and base included. */
interface Answer {
  readonly end: number;
  readonly placement: Placement;
}

const answers = new ModelMemo<StageView, Map<string, Answer>>();

/** @param path absolute, cleaned */
export function placementBefore(run: RunView, invocation: Invocation, path: string): Placement {
  if (mountMayBring(run, path) || commandsMayBring(run, path, invocation)) return POSSIBLE;
  const { stage } = run;
  let known = answers.get(stage);
  if (known === undefined) {
    known = new Map();
    answers.set(stage, known);
  }
  const last = known.get(path);
  if (last === undefined && known.size >= MOST_PATHS) return POSSIBLE;
  const end = layersBefore(stage, run);
  // Installs are asked in order, so that each looks at the layers since the one before it.
  const isBelow = last !== undefined && last.end <= end;
  const found = inLayers(stage, path, isBelow ? last.end : 0, end);
  const placement = found ?? (isBelow ? last.placement : belowStage(stage, path));
  known.set(path, { end, placement });
  return placement;
}

/** How many layers of its stage come before a RUN. */
function layersBefore({ layers }: StageView, run: RunView): number {
  let low = 0;
  let high = layers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const layer = layers[middle];
    const step = layer?.kind === "run" ? layer.run.step : layer?.copy.step;
    if (step !== undefined && step.index < run.step.index) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What layers `[start, end)` of a stage bring, the last one first; undefined when nothing. */
function inLayers({ layers }: StageView, path: string, start: number, end: number): Placement | undefined {
  for (let index = end - 1; index >= start; index -= 1) {
    const layer = layers[index];
    if (layer === undefined || end - index > MOST_STEPS) return POSSIBLE;
    if (layer.kind === "run") {
      if (commandsMayBring(layer.run, path, undefined)) return POSSIBLE;
      continue;
    }
    const found = inCopy(layer.copy, path);
    if (found.kind !== "absent") return found;
  }
  return undefined;
}

/** What the parents of a stage and its base bring. */
function belowStage(stage: StageView, path: string): Placement {
  let steps = 0;
  for (const member of stage.lineage) {
    if (member === stage) continue;
    steps += member.layers.length;
    if (steps > MOST_STEPS) return POSSIBLE;
    const found = inLayers(member, path, 0, member.layers.length);
    if (found !== undefined) return found;
  }
  return baseMayBring(stage, path) ? POSSIBLE : ABSENT;
}

/**
 * Whether a COPY, ADD or RUN of a stage itself may bring a path; its base is not looked at.
 *
 * @param path absolute, cleaned
 */
export function stageMayBring({ layers }: StageView, path: string): boolean {
  if (layers.length > MOST_STEPS) return true;
  return layers.some((layer) => {
    if (layer.kind === "copy") return inCopy(layer.copy, path).kind !== "absent";
    // What packages bring is known only by name.
    return layer.run.packages.length > 0 || commandsMayBring(layer.run, path, undefined);
  });
}

/**
 * Whether a path is there at the end of a stage, as far as COPY and ADD tell: one of `possible` may bring it with a
 * folder. Undefined when a RUN or the base may bring it too, or when too many steps would have to be looked at.
 *
 * @param path absolute, cleaned
 */
export function copiesBringing(stage: StageView, path: string): readonly CopyView[] | undefined {
  const possible: CopyView[] = [];
  let steps = 0;
  for (const { layers } of stage.lineage) {
    for (const layer of layers) {
      steps += 1;
      if (steps > MOST_STEPS) return undefined;
      if (layer.kind === "run") {
        if (commandsMayBring(layer.run, path, undefined)) return undefined;
      } else if (inCopy(layer.copy, path).kind !== "absent") possible.push(layer.copy);
    }
  }
  return baseMayBring(stage, path) ? undefined : possible;
}

/** What one COPY or ADD does for a path. */
function inCopy(copy: CopyView, path: string): Placement {
  const { destination } = copy;
  if (copy.instruction.keyword === "COPY" && copy.instruction.parents !== undefined) return POSSIBLE;
  if (destination === undefined)
    return copy.sources.some(({ path: source }) => mayBeNamed(source, path)) ? POSSIBLE : ABSENT;
  let best: Placement = ABSENT;
  for (const source of copy.sources) {
    const found = inSource(copy, source, destination, path);
    if (found.kind === "named") return found;
    if (found.kind === "possible") best = found;
  }
  return best;
}

/** With an unknown destination only sources that cannot bring a file of that name are ruled out. */
function mayBeNamed(source: string | undefined, path: string): boolean {
  if (source === undefined || hasGlobMeta(source)) return true;
  const name = baseName(source.replace(/\/+$/, ""));
  return name === baseName(path) || !isFileName(name);
}

function inSource(copy: CopyView, source: CopyView["sources"][number], destination: string, path: string): Placement {
  if (!isWithin(destination, path)) return ABSENT;
  if (source.path === undefined) return POSSIBLE;
  if (source.kind === "heredoc") {
    const target = copy.isFolder ? joinPath(destination, source.path) : destination;
    return target === path ? POSSIBLE : ABSENT;
  }
  if (source.kind !== "path") return ofRemote(source.path, destination, copy.isFolder, path);
  const clean = contextPath(source.path);
  if (hasGlobMeta(clean)) return ofGlob(copy, clean, destination, path);
  const name = baseName(clean);
  // Under its own name in a folder, or as the very file.
  const target = copy.isFolder || path !== destination ? joinPath(destination, name) : destination;
  const kind = copy.from.kind === "context" ? kindInContext(copy, clean) : undefined;
  if (kind === "directory" || clean === ".") return POSSIBLE;
  const isFile = kind === "file" || isFileName(name);
  if (target === path && (copy.isFolder || path === destination || isFile)) {
    return { kind: "named", copy, source, origin: clean };
  }
  if (isFile && copy.instruction.keyword === "COPY") return ABSENT;
  if (isFile && !/\.(?:t|tar\.)?(?:gz|bz2|xz|tar|tgz)$/i.test(name)) return ABSENT;
  return POSSIBLE;
}

function kindInContext({ stage }: CopyView, path: string): string | undefined {
  const { context } = stage.build;
  return context.kind === "local" ? context.kindOf(path) : undefined;
}

function ofRemote(address: string, destination: string, isFolder: boolean, path: string): Placement {
  const name = baseName(address.replace(/[?#].*$/, ""));
  // Repositories become folders; so may what is unpacked.
  if (!isFileName(name) || /\.git$|\.(?:t|tar\.)?(?:gz|bz2|xz|tar|tgz)$/i.test(name)) return POSSIBLE;
  return (isFolder ? joinPath(destination, name) : destination) === path ? POSSIBLE : ABSENT;
}

/** Wildcards that can match a file of that name, or a folder that may hold it. */
function ofGlob(copy: CopyView, glob: string, destination: string, path: string): Placement {
  const last = baseName(glob);
  if (parentPath(path) !== destination) return isFilePattern(last) ? ABSENT : POSSIBLE;
  const compiled = compileGlob(last);
  if (compiled.kind === "malformed" || compiled.pattern.matches(baseName(path))) return POSSIBLE;
  return isFilePattern(last) || copy.from.kind !== "context" ? ABSENT : POSSIBLE;
}

function isFilePattern(pattern: string): boolean {
  return /\.[A-Za-z]\w*\*?$/.test(pattern);
}

const FILE_EXTENSIONS = new Set(
  (
    ".c .cfg .cjs .cnf .conf .cpp .cs .csproj .css .csv .db .env .ex .exs .fsproj .gemspec .go .gradle .gz .h .html .ini " +
    ".jar .java .js .json .jsx .key .kt .kts .lock .lua .md .mjs .mod .pem .php .pl .properties .ps1 .py .rb .rs .scss .sh " +
    ".sln .sql .sum .svg .tar .tgz .toml .tpl .ts .tsx .txt .war .whl .xml .yaml .yml .zip"
  ).split(" "),
);
const FILE_NAMES = new Set(
  "Gemfile Pipfile Makefile Procfile Rakefile Dockerfile LICENSE gradlew mvnw go.mod go.sum".split(" "),
);

/** Whether a name is that of a file by all habit; a folder may have it, too. */
function isFileName(name: string): boolean {
  return FILE_NAMES.has(name) || FILE_EXTENSIONS.has(extensionOf(name)) || /^\.[a-z]+rc$/.test(name);
}

/** A mount whose target is the path, or holds it; of whatever source. */
function mountMayBring(run: RunView, path: string): boolean {
  return run.instruction.mounts.some(({ target, type }) => {
    if (type === "ssh") return false;
    if (target === undefined) return type === "bind";
    const value = run.step.expand(target);
    if (value.kind === "unknown") return true;
    const { workdir } = run;
    if (!value.value.startsWith("/") && workdir === undefined) return true;
    return isWithin(resolvePath(workdir ?? "/", value.value), path);
  });
}

/** Writes of a RUN that are compared with a path; a script of more may write anything. */
const MOST_WRITES = 300;

/** Place of the first command of a RUN that may create files nobody can list; infinite when there is none. */
const firstCreators = new ModelMemo<RunView, number>();

/** Whether commands of a RUN, up to one of them, may create a path. */
function commandsMayBring(run: RunView, path: string, until: Invocation | undefined): boolean {
  if (until === undefined && run.facts.opaque !== undefined) return true;
  const end = until?.index ?? Number.POSITIVE_INFINITY;
  let first = firstCreators.get(run);
  if (first === undefined) {
    first = firstCreator(run);
    firstCreators.set(run, first);
  }
  if (first < end) return true;
  const { writes } = run.facts;
  if (writes.length > MOST_WRITES) return true;
  return writes.some((write) => write.invocation.index < end && mayWrite(write, run, path));
}

function firstCreator(run: RunView): number {
  const packages = new Map(run.packages.map((command) => [command.invocation, command]));
  const first = run.commands.find((invocation) => mayCreateFiles(invocation, packages.get(invocation)));
  return first?.index ?? Number.POSITIVE_INFINITY;
}

/** Programs that create no files in a project, or only those that the facts of a script list. */
const UNDERSTOOD = new Set(
  (
    ". : [ addgroup adduser apt-cache apt-key apt-mark awk cat cd chgrp chmod chown command corepack cp curl cut date " +
    "delgroup deluser dpkg-reconfigure echo env exit export false find getent gpg grep groupadd groupmod head id install " +
    "ldconfig ln locale-gen ls mkdir mktemp mv passwd printf pwd read rm rmdir sed set setcap shopt sleep sort source tail " +
    "tee test touch tr true uname unset update-ca-certificates useradd usermod wc wget which whoami xargs"
  ).split(" "),
);
/** Asked for their version, programs do nothing else. */
const VERSION = /^(?:-v|-V|--version|version)$/;

function mayCreateFiles(invocation: Invocation, command: PackageCommand | undefined): boolean {
  const { name, args } = invocation;
  if (name === undefined) return invocation.words.length > 0;
  if (args.length === 1 && VERSION.test(args[0]?.value ?? "")) return false;
  if (command === undefined) return !UNDERSTOOD.has(name);
  switch (command.family) {
    case "apt":
    case "apk":
    case "yum":
    case "zypper":
    case "pacman":
    case "pip":
    case "pipx":
    case "gem":
      return command.action === "download" || command.action === "build";
    case "npm":
    case "yarn":
    case "pnpm":
    case "bun":
      return !command.isGlobal && command.verb !== "config" && command.action !== "clean";
    case "uv":
      return !command.verb.startsWith("pip ") && !command.verb.startsWith("tool ");
    default:
      return command.action !== "clean";
  }
}

function mayWrite({ path: written, by, invocation }: WriteFact, run: RunView, path: string): boolean {
  if (written === undefined) return true;
  if (by === "mkdir") return false;
  const folder = folderAt(run, invocation);
  if (!written.startsWith("/") && folder === undefined)
    return by !== "redirect" || baseName(written) === baseName(path);
  const absolute = resolvePath(folder ?? "/", written);
  if (absolute === path) return true;
  // Archives, clones and copied folders bring what nobody can list.
  const isFolder = by === "extract" || by === "clone" || by === "copy" || by === "move" || by === "link";
  return isFolder && isWithin(absolute, path);
}

/** What people build upon may hold anything; images of languages and systems hold no project's files. */
function baseMayBring(stage: StageView, path: string): boolean {
  if (stage.isScratch) return false;
  const { facts } = stage;
  if (facts === undefined || facts.hasOnbuild) return true;
  if (facts.service !== undefined && facts.service.kind !== "base" && facts.service.kind !== "web") return true;
  return path.startsWith("/etc/");
}
