import { contextPath } from "../context/reach.js";
import { resolvePath } from "../dockerfile/container-path.js";
import { baseName, extensionOf, isWithin, joinPath } from "../files/path.js";
import type { OwnershipFact } from "../shell/fact-model.js";
import { parseFileMode } from "../values/file-mode.js";
import { hasGlobMeta } from "../values/glob.js";
import { dependencyInstalls, folderAt } from "./dependency-installs.js";
import type { CopyView, RunView, StageView } from "./model.js";

/** A `chmod` or `chown` of what an earlier step brought, so that the files are stored a second time. */
export interface PermissionChange {
  readonly run: RunView;
  readonly fact: OwnershipFact;
  /** Mode or owner as written, known. */
  readonly spec: string;
  /** What brought the files: the COPYs and ADDs, in order. */
  readonly copies: readonly CopyView[];
  /** RUNs of which it changes files too. */
  readonly runs: readonly RunView[];
  /** `files`: exactly what the last COPY brought; `repeated`: as it is already; `tree`: a folder with all in it. */
  readonly what: "files" | "repeated" | "tree";
}

/** Steps looked back at for each change. */
const MOST_STEPS = 200;
/** Changes judged in one stage. */
const MOST_CHANGES = 100;

/** Changes of a stage in order. */
export function* permissionChanges(stage: StageView): Iterable<PermissionChange> {
  let count = 0;
  for (const [index, layer] of stage.layers.entries()) {
    if (layer.kind !== "run" || layer.run.isOnbuild) continue;
    const { ownership } = layer.run.facts;
    if (ownership.length === 0 || isForAnyUid(ownership)) continue;
    for (const fact of ownership) {
      if (fact.invocation.onlyIf !== "none" || fact.spec === undefined || fact.tool === "install") continue;
      count += 1;
      if (count > MOST_CHANGES) return;
      const change = fact.recursive ? ofTree(layer.run, fact, fact.spec) : ofFiles(layer.run, fact, fact.spec, index);
      if (change !== undefined) yield change;
    }
  }
}

/** The layout in which a group, mostly 0, has the rights of the owner: COPY has no flags for that. */
function isForAnyUid(ownership: readonly OwnershipFact[]): boolean {
  return ownership.some(
    ({ tool, spec = "" }) =>
      (tool === "chgrp" && (spec === "0" || spec === "root")) ||
      (tool === "chown" && /:(?:0|root)$/.test(spec) && !/^(?:0|root):/.test(spec)) ||
      (tool === "chmod" && /(?:^|,)\w*g\w*[+=]/.test(spec)),
  );
}

/** A `chmod` that is all the RUN does, on all that the COPYs before it brought. */
function ofFiles(run: RunView, fact: OwnershipFact, spec: string, index: number): PermissionChange | undefined {
  if (fact.tool !== "chmod" || run.commands.length !== 1) return undefined;
  const wanted = pathsOf(run, fact);
  if (wanted === undefined || wanted.length === 0) return undefined;
  const { layers } = run.stage;
  for (let before = index - 1; before >= 0; before -= 1) {
    const layer = layers[before];
    if (layer === undefined || layer.kind === "run" || layer.copy.isOnbuild) return undefined;
    const brought = filesOf(layer.copy);
    if (brought === undefined || !brought.some((path) => wanted.includes(path))) continue;
    if (brought.length !== wanted.length || !brought.every((path) => wanted.includes(path))) return undefined;
    const flag = layer.copy.instruction.chmod?.value;
    const mode = flag === undefined ? undefined : layer.copy.step.expand(flag);
    if (mode?.kind === "unknown") return undefined;
    const isRepeated = mode !== undefined && covers(mode.value, spec);
    return { run, fact, spec, copies: [layer.copy], runs: [], what: isRepeated ? "repeated" : "files" };
  }
  return undefined;
}

/** Whether files of mode `set` have all that `asked` adds or demands. */
function covers(set: string, asked: string): boolean {
  const before = parseFileMode(set);
  const after = parseFileMode(asked);
  if (before.kind !== "octal") return set === asked;
  if (after.kind === "octal") return before.bits === after.bits;
  return /^a?\+x$/.test(asked) && (before.bits & 0o111) === 0o111;
}

/** Absolute paths of a command; undefined when one is unknown or a wildcard. */
function pathsOf(run: RunView, { paths, invocation }: OwnershipFact): readonly string[] | undefined {
  const found: string[] = [];
  for (const { value, hasGlob } of paths) {
    if (value === undefined || hasGlob || value.startsWith("~")) return undefined;
    const path = resolvePath(folderAt(run, invocation), value);
    if (path === undefined) return undefined;
    found.push(path);
  }
  return found;
}

/** Paths of the files that a COPY or ADD brings; undefined when they are not sure to be files, or not known. */
function filesOf(copy: CopyView): readonly string[] | undefined {
  const { destination, sources, isFolder, stage } = copy;
  if (destination === undefined || (copy.instruction.keyword === "COPY" && copy.instruction.parents !== undefined)) {
    return undefined;
  }
  const found: string[] = [];
  for (const { kind, path } of sources) {
    if (path === undefined || kind === "git" || hasGlobMeta(path) || path.endsWith("/")) return undefined;
    const clean = kind === "path" ? contextPath(path) : path.replace(/[?#].*$/, "");
    if (clean === ".") return undefined;
    if (kind === "path" && copy.from.kind === "context") {
      const { context } = stage.build;
      if (context.kind === "local" && context.kindOf(clean) === "directory") return undefined;
    }
    found.push(isFolder ? joinPath(destination, baseName(clean)) : destination);
  }
  return found;
}

/** `-R` on a folder that earlier steps filled. */
function ofTree(run: RunView, fact: OwnershipFact, spec: string): PermissionChange | undefined {
  if (fact.tool === "chgrp") return undefined;
  const folders: string[] = [];
  for (const { value, hasGlob } of fact.paths) {
    const path = value === undefined || hasGlob ? undefined : resolvePath(folderAt(run, fact.invocation), value);
    if (path !== undefined && path !== "/" && !isMadeHere(run, fact, path)) folders.push(path);
  }
  if (folders.length === 0) return undefined;
  const copies: CopyView[] = [];
  const runs: RunView[] = [];
  const isInside = (path: string | undefined) => path !== undefined && folders.some((folder) => isWithin(folder, path));
  let steps = 0;
  for (const member of run.stage.lineage) {
    if (member.build !== run.stage.build) break;
    const start =
      member === run.stage
        ? member.layers.findIndex((one) => one.kind === "run" && one.run === run)
        : member.layers.length;
    for (let index = start - 1; index >= 0; index -= 1) {
      const layer = member.layers[index];
      steps += 1;
      if (layer === undefined || steps > MOST_STEPS) break;
      if (layer.kind === "copy") {
        const { copy } = layer;
        if (!copy.isOnbuild && isInside(copy.destination) && !isAsWanted(copy, fact, spec)) copies.unshift(copy);
      } else if (fills(layer.run, isInside)) runs.unshift(layer.run);
    }
  }
  // A command on a folder with a little in it may be for the folder itself.
  if (runs.length === 0 && !copies.some((copy) => bringsTree(copy) && isMost(copy, folders))) return undefined;
  return { run, fact, spec, copies, runs, what: "tree" };
}

/** Whether a COPY fills one of the folders itself, or brings the whole context or what a stage made. */
function isMost({ destination = "", sources, from }: CopyView, folders: readonly string[]): boolean {
  if (folders.includes(destination) || from.kind === "stage") return true;
  return sources.some(({ path }) => path !== undefined && contextPath(path) === ".");
}

/** Whether the same RUN makes the folder before: then its files are stored once. */
function isMadeHere(run: RunView, { invocation }: OwnershipFact, folder: string): boolean {
  return run.facts.writes.some(({ path, invocation: by }) => {
    const target =
      path === undefined || by.index >= invocation.index ? undefined : resolvePath(folderAt(run, by), path);
    return target !== undefined && isWithin(target, folder);
  });
}

function isAsWanted({ chown, instruction, step }: CopyView, { tool }: OwnershipFact, spec: string): boolean {
  if (tool === "chown") return chown !== undefined && (chown.text === undefined || sameOwner(chown.text, spec));
  const flag = instruction.chmod?.value;
  if (flag === undefined) return false;
  const mode = step.expand(flag);
  return mode.kind !== "known" || mode.value === spec;
}

function sameOwner(a: string, b: string): boolean {
  return a === b || a.split(":")[0] === b.split(":")[0];
}

/** What fills a folder with many files. */
const FILLING: ReadonlySet<string> = new Set(["extract", "clone"]);
const LOCAL_ECOSYSTEMS: ReadonlySet<string> = new Set(["node", "php"]);

function fills(run: RunView, isInside: (path: string | undefined) => boolean): boolean {
  for (const { by, path, invocation } of run.facts.writes) {
    if (!FILLING.has(by) || path === undefined) continue;
    if (isInside(resolvePath(folderAt(run, invocation), path))) return true;
  }
  return dependencyInstalls(run).some(
    ({ ecosystem, folder, reads, command }) =>
      LOCAL_ECOSYSTEMS.has(ecosystem) && reads !== "nothing" && command?.isGlobal !== true && isInside(folder),
  );
}

/** Whether a COPY or ADD brings more than single files. */
function bringsTree(copy: CopyView): boolean {
  const { sources, from, stage } = copy;
  return sources.some(({ kind, path }) => {
    if (kind === "git") return true;
    if (kind !== "path" || path === undefined) return false;
    const clean = contextPath(path);
    if (clean === "." || path.endsWith("/")) return true;
    if (from.kind === "context" && !hasGlobMeta(clean)) {
      const { context } = stage.build;
      const known = context.kind === "local" ? context.kindOf(clean) : undefined;
      if (known !== undefined) return known === "directory";
    }
    const name = baseName(clean);
    return name === "*" || (extensionOf(name) === "" && !name.startsWith(".") && from.kind !== "context");
  });
}
