import { contextPath } from "../context/reach.js";
import { baseName, isWithin, joinPath, relativePath } from "../files/path.js";
import type { Invocation } from "../shell/model.js";
import type { Range } from "../text/source.js";
import { hasGlobMeta } from "../values/glob.js";
import { secretName } from "../values/secret-name.js";
import { secretValue } from "../values/secret-value.js";
import { judgeSecret, type SecretOptions } from "../values/secret-verdict.js";
import { credentialName } from "./file-content.js";
import { absolutePath, isMounted } from "./late-removals.js";
import type { Build, CopyView, RunView, StageView } from "./model.js";
import { type NamedValue, namedValuesOfStage } from "./secret-places.js";

/** A secret that an earlier layer holds, and what a later one does to hide it. */
export interface LateSecretRemoval {
  readonly kind: "file" | "env";
  /** The removing word: `rm`, `unset`, the key of an ENV. */
  readonly range: Range;
  /** For messages: `rm .npmrc`, `unset NPM_TOKEN`, `ENV NPM_TOKEN=`. */
  readonly what: string;
  /** Where the secret came in. */
  readonly origin: Range;
}

/** A credential file that some layer holds. */
interface BroughtFile {
  /** Absolute. */
  readonly path: string;
  readonly range: Range;
  /** A folder of the context: the files in it are those of the context. */
  readonly folder: { readonly copy: CopyView; readonly origin: string } | undefined;
}

/** Files looked back at for each removal. */
const MOST_FILES = 500;

/** Secrets that a layer of the target's chain adds and a later one takes away, in order. */
export function* lateSecretRemovals(build: Build, policy: SecretOptions): Iterable<LateSecretRemoval> {
  let files: readonly BroughtFile[] = [];
  for (const stage of build.chain.toReversed()) {
    for (const layer of stage.layers) {
      if (layer.kind === "copy") {
        files = [...files, ...filesOfCopy(layer.copy)].slice(-MOST_FILES);
        continue;
      }
      const { run } = layer;
      if (run.isOnbuild) continue;
      const gone = removalsOf(run);
      for (const removal of gone) {
        const brought = files.find((file) => isTaken(file, removal.path));
        if (brought === undefined) continue;
        files = files.filter((file) => file.folder !== undefined || !isTaken(file, removal.path));
        const what = `${removal.verb} ${removal.written}`;
        yield { kind: "file", range: removal.range, what, origin: brought.range };
      }
      files = [...files, ...filesOfRun(run, gone)].slice(-MOST_FILES);
    }
  }
  yield* hiddenVariables(build, policy);
}

function* filesOfCopy(copy: CopyView): Iterable<BroughtFile> {
  const { destination } = copy;
  if (destination === undefined || copy.isOnbuild) return;
  const range = copy.instruction.headRange;
  for (const { kind, path } of copy.sources) {
    if (path === undefined || (kind !== "path" && kind !== "url")) continue;
    const origin = contextPath(path);
    const { context } = copy.stage.build;
    const isOwn = copy.from.kind === "context" && context.kind === "local";
    if (isOwn && (origin === "." || context.kindOf(origin) === "directory")) {
      yield { path: destination, range, folder: { copy, origin } };
    } else if (isOwn && hasGlobMeta(origin)) {
      for (const match of context.resolveSource(path).matches) {
        if (isCredential(match)) yield { path: joinPath(destination, baseName(match)), range, folder: undefined };
      }
    } else {
      const target = copy.isFolder ? joinPath(destination, baseName(origin)) : destination;
      // Nobody says whether a destination without a slash is a folder that is there already.
      const below = joinPath(destination, baseName(origin));
      if (isCredential(origin) || isCredential(target)) {
        yield { path: target, range, folder: undefined };
        if (below !== target) yield { path: below, range, folder: undefined };
      }
    }
  }
}

/** Names that leave no doubt, wherever the file lies. */
function isCredential(path: string): boolean {
  return credentialName(path.replace(/^\/+/, "")) === "credential" || /(?:^|\/)\.npmrc$/.test(path);
}

/** What is still there when a RUN ends, of the credential files that it writes. */
function* filesOfRun(run: RunView, gone: readonly Removal[]): Iterable<BroughtFile> {
  for (const { by, path: written, range, invocation } of run.facts.writes) {
    if (by === "mkdir" || by === "link" || by === "touch") continue;
    const path = atHome(run, written, invocation);
    if (path === undefined || !isCredential(path) || isMounted(run, path)) continue;
    const isGone = gone.some((removal) => removal.index > invocation.index && isWithin(removal.path, path));
    if (!isGone) yield { path, range, folder: undefined };
  }
}

interface Removal {
  readonly verb: string;
  readonly range: Range;
  /** Absolute. */
  readonly path: string;
  readonly written: string;
  readonly index: number;
}

function removalsOf(run: RunView): readonly Removal[] {
  const found: Removal[] = [];
  const add = (invocation: Invocation, verb: string, written: string | undefined, range: Range) => {
    const path = atHome(run, written?.replace(/\/(?:\*|\.\*|\.)?$/, ""), invocation);
    if (written === undefined || path === undefined || path === "/" || hasGlobMeta(path)) return;
    if (!isMounted(run, path)) found.push({ verb, range, path, written, index: invocation.index });
  };
  for (const { isFiltered, path, invocation } of run.facts.removedPaths) {
    if (!isFiltered) add(invocation, invocation.name ?? "rm", path, invocation.nameRange);
  }
  for (const invocation of run.commands) {
    const { name, args, words, redirects, nameRange } = invocation;
    if (name === "shred" || name === "srm" || name === "truncate") {
      for (const { value } of args) if (value?.startsWith("/") === true) add(invocation, name, value, nameRange);
    }
    if (words.length > 0 && name !== ":" && name !== "true") continue;
    for (const redirect of redirects) {
      if (redirect.kind !== "file" || (redirect.operator !== ">" && redirect.operator !== ">|")) continue;
      add(invocation, ">", redirect.target?.value, redirect.range);
    }
  }
  return found.toSorted((a, b) => a.index - b.index);
}

/** An absolute path; a leading `~` is the home of the user that runs the step, when that is known. */
function atHome(run: RunView, path: string | undefined, invocation: Invocation): string | undefined {
  if (path?.startsWith("~/") !== true) return absolutePath(run, path, invocation);
  const { isRoot, name } = run.user;
  if (isRoot === "yes") return joinPath("/root", path.slice(2));
  return name === undefined ? undefined : joinPath(`/home/${name}`, path.slice(2));
}

function isTaken({ path, folder }: BroughtFile, removed: string): boolean {
  if (folder === undefined) return isWithin(removed, path);
  if (!isWithin(path, removed) || path === removed) return false;
  const inside = relativePath(path, removed);
  const { context } = folder.copy.stage.build;
  if (context.kind !== "local" || !isCredential(inside)) return false;
  const origin = joinPath(folder.origin, inside);
  return context.exists(origin) && context.includes(origin);
}

/** Variables that an ENV sets to a secret, and a later ENV empties or a RUN unsets. */
function* hiddenVariables(build: Build, policy: SecretOptions): Iterable<LateSecretRemoval> {
  const set = new Map<string, Range>();
  for (const stage of build.chain.toReversed()) {
    for (const event of variableEvents(stage)) {
      if (event.kind === "unset") {
        const origin = set.get(event.name);
        if (origin !== undefined) yield { kind: "env", range: event.range, what: `unset ${event.name}`, origin };
        continue;
      }
      const { name, value, nameRange } = event.named;
      const origin = set.get(name);
      if (value !== "" && holdsSecret(event.named, policy)) set.set(name, nameRange);
      else if (value === "" && origin !== undefined) {
        set.delete(name);
        yield { kind: "env", range: nameRange, what: `ENV ${name}=`, origin };
      }
    }
  }
}

type VariableEvent =
  | { readonly kind: "set"; readonly named: NamedValue }
  | { readonly kind: "unset"; readonly name: string; readonly range: Range };

/** ENV and `unset` of a stage in the order of the file. */
function variableEvents(stage: StageView): readonly VariableEvent[] {
  const events: (VariableEvent & { readonly at: number })[] = [];
  for (const named of namedValuesOfStage(stage)) {
    if (named.place === "env" && !named.isOnbuild) events.push({ kind: "set", named, at: named.nameRange.start });
  }
  if (events.length === 0 && stage.parent === undefined) return [];
  for (const { commands, isOnbuild } of stage.runs) {
    if (isOnbuild) continue;
    for (const { name: program, args, nameRange } of commands) {
      if (program !== "unset") continue;
      for (const { value: name } of args) {
        if (name !== undefined && /^\w+$/.test(name)) {
          events.push({ kind: "unset", name, range: nameRange, at: nameRange.start });
        }
      }
    }
  }
  return events.toSorted((a, b) => a.at - b.at);
}

/** A literal, or a build argument under the name of a secret. */
function holdsSecret({ name, value, uses }: NamedValue, policy: SecretOptions): boolean {
  if (value === undefined) return false;
  if (judgeSecret(name, value, policy) !== undefined) return true;
  const { kind, isSentToBrowsers } = secretName(name, policy);
  return uses.length > 0 && !isSentToBrowsers && (kind === "strong" || kind === "exact") && isOpen(value);
}

/** What whoever builds is to give. */
function isOpen(value: string): boolean {
  return value === "" || secretValue(value).kind === "reference";
}
