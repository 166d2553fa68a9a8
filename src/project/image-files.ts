import { baseName, cleanPath, joinPath } from "../files/path.js";
import type { Source } from "../text/source.js";
import type { CopyView, Project, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";

/** What is behind a path of an image. */
export type ImageFile =
  /** A file of the context that a COPY brings, with its text. */
  | { readonly kind: "file"; readonly source: Source; readonly copy: CopyView }
  /** A heredoc of a COPY: text as written, variables not expanded. */
  | { readonly kind: "heredoc"; readonly text: string; readonly copy: CopyView }
  /** A COPY brings it, but its text cannot be read. */
  | { readonly kind: "unread"; readonly copy: CopyView }
  /** No COPY of the lineage names it; a RUN or the base may bring it. */
  | { readonly kind: "none" };

const NONE: ImageFile = { kind: "none" };

/**
 * Follows an absolute path of a stage back to the file that the last COPY or ADD put there; through `COPY --from=stage`
 * too. Only what is known for sure is followed.
 */
export function fileBehind(stage: StageView, path: string, project: Project, depth = 0): ImageFile {
  if (depth > MAX_STAGES) return NONE;
  // What a stage has no COPY for is what its parent has, so that a long row of stages is walked once for each path.
  const asked: Map<string, ImageFile>[] = [];
  let file = NONE;
  for (const member of stage.lineage) {
    const files = filesOf(member);
    const before = files.get(path);
    if (before === undefined) asked.push(files);
    const found = before ?? ownFile(member, path, project, depth);
    if (found === undefined) continue;
    file = found;
    break;
  }
  for (const files of asked) files.set(path, file);
  return file;
}

/** What was found, by path: every install asks for the same few manifests. */
const known = new ModelMemo<StageView, Map<string, ImageFile>>();

function filesOf(stage: StageView): Map<string, ImageFile> {
  let files = known.get(stage);
  if (files === undefined) {
    files = new Map();
    known.set(stage, files);
  }
  return files;
}

function ownFile({ copies }: StageView, path: string, project: Project, depth: number): ImageFile | undefined {
  for (let index = copies.length - 1; index >= 0; index -= 1) {
    const copy = copies[index];
    const found = copy === undefined ? undefined : inCopy(copy, path, project, depth);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A chain of `COPY --from` longer than this is taken for a circle. */
const MAX_STAGES = 16;

function inCopy(copy: CopyView, path: string, project: Project, depth: number): ImageFile | undefined {
  const { destination } = copy;
  if (destination === undefined) return undefined;
  const folder = destination;
  const { isFolder } = copy;
  for (const source of copy.sources) {
    if (source.kind === "heredoc") {
      const target = isFolder && source.path !== undefined ? joinPath(folder, source.path) : folder;
      if (target !== path) continue;
      return source.heredoc === undefined
        ? { kind: "unread", copy }
        : { kind: "heredoc", text: source.heredoc.content, copy };
    }
    if (source.kind !== "path" || source.path === undefined) continue;
    const origin = originOf(source.path, folder, isFolder, path);
    if (origin === undefined) continue;
    const found = resolve(copy, origin, project, depth);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The path below the source side that would land at `path`; several readings are tried by the caller's `resolve`. */
function originOf(source: string, folder: string, isFolder: boolean, path: string): readonly string[] | undefined {
  const clean = cleanPath(source);
  const candidates: string[] = [];
  // A file copied to its name, or into a folder.
  if (path === folder && !isFolder) candidates.push(clean);
  if (path === joinPath(folder, baseName(clean)) && !/[*?[]/.test(clean)) candidates.push(clean);
  // A folder: its content goes below the destination.
  const prefix = folder === "/" ? "/" : `${folder}/`;
  if (path.startsWith(prefix)) {
    const rest = path.slice(prefix.length);
    if (/[*?[]/.test(clean)) {
      const parent = clean.includes("/") ? clean.slice(0, clean.lastIndexOf("/") + 1) : "";
      if (!/[*?[]/.test(parent)) candidates.push(`${parent}${rest}`);
    } else candidates.push(clean === "." || clean === "/" ? rest : `${clean}/${rest}`);
  }
  return candidates.length === 0 ? undefined : candidates;
}

function resolve(copy: CopyView, origins: readonly string[], project: Project, depth: number): ImageFile | undefined {
  for (const origin of origins) {
    if (copy.from.kind === "stage") {
      const found = fileBehind(copy.from.stage, origin.startsWith("/") ? origin : `/${origin}`, project, depth + 1);
      if (found.kind !== "none") return found;
      continue;
    }
    if (copy.from.kind !== "context") return { kind: "unread", copy };
    const { context } = copy.stage.build;
    if (context.kind !== "local") return { kind: "unread", copy };
    const file = joinPath(context.root, origin);
    const source = project.read(file);
    if (source !== undefined) return { kind: "file", source, copy };
    if (project.exists(file) && copy.destination !== undefined && origins.length === 1) return { kind: "unread", copy };
  }
  return undefined;
}
