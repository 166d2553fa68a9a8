import { contextPath } from "../context/reach.js";
import { resolvePath } from "../dockerfile/container-path.js";
import { baseName, extensionOf, isWithin, joinPath } from "../files/path.js";
import type { Invocation, Word } from "../shell/model.js";
import { hasGlobMeta } from "../values/glob.js";
import { folderAt } from "./dependency-installs.js";
import type { CopyView, RunView, StageView } from "./model.js";

/** A COPY of packages or archives that one RUN reads, and nothing after it. */
export interface OneStepCopy {
  readonly copy: CopyView;
  readonly run: RunView;
  /** What a mount would have to name, when one mount can do it. */
  readonly mount: { readonly source: string; readonly target: string } | undefined;
}

/** Packages and archives: once installed or unpacked, nobody needs them. */
const PACKED: ReadonlySet<string> = new Set(
  ".whl .deb .rpm .apk .zip .tgz .gz .xz .bz2 .zst .tar .gem .nupkg".split(" "),
);
/** Folders that hold nothing a program needs. */
const PASSING = /^\/(?:tmp|var\/tmp|wheels?|wheelhouse|packages|dist|w)(?:\/|$)/;

/** COPYs judged in one stage: each is compared with all later steps. */
const MOST_COPIES = 50;

/** COPYs of a stage whose files only the next RUN reads. */
export function* oneStepCopies(stage: StageView): Iterable<OneStepCopy> {
  let judged = 0;
  for (const [index, layer] of stage.layers.entries()) {
    if (layer.kind !== "copy") continue;
    const { copy } = layer;
    const { destination, isOnbuild, instruction } = copy;
    const next = stage.layers[index + 1];
    if (next?.kind !== "run" || isOnbuild || destination === undefined || instruction.keyword !== "COPY") continue;
    if (copy.from.kind === "unknown" || instruction.heredocs.length > 0 || !isPassing(copy, destination)) continue;
    const { run } = next;
    if (run.isOnbuild || !run.commands.some((command) => names(command, run, destination))) continue;
    judged += 1;
    if (judged > MOST_COPIES) return;
    if (isUsedLater(stage, index + 2, destination)) continue;
    yield { copy, run, mount: mountFor(copy, destination) };
  }
}

function isPassing({ sources }: CopyView, destination: string): boolean {
  if (PASSING.test(destination)) return true;
  return sources.every(({ kind, path }) => kind === "path" && path !== undefined && PACKED.has(extensionOf(path)));
}

/** Whether a command names a path, or what lies below or above it. */
function names(invocation: Invocation, run: RunView, path: string): boolean {
  const folder = folderAt(run, invocation);
  return invocation.args.some((word) => isNamed(word, folder, path));
}

function isNamed({ shape }: Word, folder: string | undefined, path: string): boolean {
  if (shape.startsWith("-")) return shape.includes(path);
  const value = resolvePath(folder, shape.replace(/\/[^/]*[*?[].*$/s, ""));
  return (
    value !== undefined && value !== "/" && (isWithin(path, value) || (isWithin(value, path) && shape.includes("/")))
  );
}

/** Whether a later step, a start command or another stage may use what was copied; removing it is no use. */
function isUsedLater(stage: StageView, start: number, path: string): boolean {
  for (const layer of stage.layers.slice(start)) {
    if (layer.kind === "copy") continue;
    const { commands, opaque } = { commands: layer.run.commands, opaque: layer.run.facts.opaque };
    if (opaque !== undefined && !PASSING.test(path)) return true;
    if (commands.some((command) => command.name !== "rm" && names(command, layer.run, path))) return true;
  }
  for (const view of [stage.entrypoint, stage.command]) {
    if (view?.commands.some(({ words }) => words.some(({ shape }) => shape.includes(path))) === true) return true;
  }
  return stage.build.stages.some(
    (other) =>
      (other !== stage && other.lineage.includes(stage)) ||
      other.copies.some(({ from }) => from.kind === "stage" && from.stage === stage),
  );
}

function mountFor({ sources, isFolder }: CopyView, destination: string): OneStepCopy["mount"] {
  const [source] = sources;
  const path = source?.path;
  if (sources.length !== 1 || path === undefined || hasGlobMeta(path) || /[\s,"']/.test(path)) return undefined;
  const isFile = extensionOf(path) !== "";
  return {
    source: path,
    target: isFile && isFolder ? joinPath(destination, baseName(contextPath(path))) : destination,
  };
}
