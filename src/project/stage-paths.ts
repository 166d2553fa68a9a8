import { isWithin, resolvePath } from "../files/path.js";
import { hasGlobMeta } from "../values/glob.js";
import type { CopyView, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";

/** Why a path cannot be in a stage; `unmentioned` is only likely. */
export type Missing = "empty" | "not-produced" | "unmentioned";

/** Folders that every Linux system has, or that programs fill without being told. */
const STANDARD: ReadonlySet<string> = new Set(
  "bin boot dev etc home lib lib32 lib64 libx32 media mnt nix opt proc root run sbin srv sys tmp usr var".split(" "),
);

/**
 * Why an absolute path is not in a stage; undefined when it may be there: also for wildcards, whose fixed part is judged,
 * and for the root itself.
 *
 * @param written relative paths are those from the root, as the builder reads them in `COPY --from`
 */
export function missingFrom(stage: StageView, written: string): Missing | undefined {
  const path = fixedPart(resolvePath("/", written));
  if (path === "/") return undefined;
  let answers = known.get(stage);
  if (answers === undefined) {
    answers = new Map();
    known.set(stage, answers);
  }
  const before = answers.get(path);
  if (before !== undefined) return before.missing;
  if (answers.size >= MOST_PATHS) return undefined;
  const missing = findMissing(stage, path);
  answers.set(path, { missing });
  return missing;
}

/** Paths looked for in one stage; further ones may be there. */
const MOST_PATHS = 200;

const known = new ModelMemo<StageView, Map<string, { readonly missing: Missing | undefined }>>();

function findMissing(stage: StageView, path: string): Missing | undefined {
  if (stage.isWindows) return undefined;
  if (!stage.isScratch) return isUnmentioned(stage, path) ? "unmentioned" : undefined;
  let isEmpty = true;
  for (const { layers, evaluated } of stage.lineage) {
    for (const layer of layers) {
      if (layer.kind === "run" || mayHold(layer.copy, path)) return undefined;
      isEmpty = false;
    }
    // WORKDIR makes its folder.
    for (const { instruction, state } of [...evaluated.steps, { instruction: undefined, state: evaluated.state }]) {
      if (instruction?.keyword === "ONBUILD") continue;
      const { workdir } = state;
      if (workdir.setting === undefined) continue;
      if (workdir.path === undefined || isWithin(path, workdir.path)) return undefined;
    }
  }
  return isEmpty ? "empty" : "not-produced";
}

/** The part of a path in front of the first wildcard, whole names only. */
function fixedPart(path: string): string {
  if (!hasGlobMeta(path)) return path;
  const parts = path.split("/");
  const first = parts.findIndex((part) => hasGlobMeta(part));
  return parts.slice(0, first).join("/") || "/";
}

/** Whether a copy may bring a path, something below it, or a folder that holds it. */
function mayHold({ destination, instruction }: CopyView, path: string): boolean {
  if (destination === undefined) return true;
  if (instruction.keyword === "COPY" && instruction.parents !== undefined) return true;
  return isWithin(destination, path) || isWithin(path, destination);
}

/**
 * Whether no instruction of a stage or of its parents names the top folder of a path, and the system has none of that name.
 * False when a script, or a program at work in the root folder, may make it.
 */
function isUnmentioned(stage: StageView, path: string): boolean {
  const [, name = ""] = path.split("/");
  const top = `/${name}`;
  if (STANDARD.has(name) || isOfBase(stage, top)) return false;
  return stage.lineage.every((member) => {
    if (member.build !== stage.build) return false;
    const { evaluated } = member;
    if (evaluated.steps.some(({ instruction }) => instruction.keyword !== "RUN" && instruction.text.includes(name))) {
      return false;
    }
    for (const { destination, isFolder } of member.copies) {
      if (destination === undefined || (destination === "/" && isFolder) || isWithin(top, destination)) return false;
    }
    return member.runs.every((run) => {
      if (run.facts.opaque !== undefined || run.workdir === undefined) return false;
      return run.workdir !== "/" && !isWithin(top, run.workdir) && !run.instruction.text.includes(name);
    });
  });
}

/** Whether the image below a stage has a folder there, or nobody knows. */
function isOfBase({ facts }: StageView, top: string): boolean {
  if (facts === undefined || facts.hasOnbuild || top.startsWith("/docker-entrypoint")) return true;
  const { service, workdir, volumes = [], environment } = facts;
  if (service !== undefined && service.kind !== "base") return true;
  const places = [workdir, service?.dataPath, ...(service?.writablePaths ?? []), ...volumes];
  if (places.some((place) => place !== undefined && isWithin(top, place))) return true;
  // Homes of tools, such as `GOPATH=/go`; one whose value is not in the table may be any folder.
  for (const [variable, value] of environment ?? []) {
    if (value === undefined ? /(?:HOME|PATH|DIR|ROOT)$/.test(variable) && variable !== "PATH" : value.includes(top)) {
      return true;
    }
  }
  return environment === undefined;
}
