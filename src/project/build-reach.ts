import type { ReachedSource } from "../context/reach.js";
import type { Build, CopyView, RunView, StageView } from "./model.js";

/**
 * What the stages that a build needs take from its context: local sources of COPY and ADD, and bind mounts without `from`.
 * A source that needs an unknown value is left out: nobody can say what it reaches.
 */
export function reachedSources(build: Build): Iterable<ReachedSource> {
  return sourcesOf(build.closure);
}

/** What some stages take from the context of their build, as {@link reachedSources}. */
export function* sourcesOf(stages: Iterable<StageView>): Iterable<ReachedSource> {
  for (const stage of stages) {
    for (const layer of stage.layers) {
      if (layer.kind === "copy") yield* ofCopy(layer.copy);
      else yield* ofRun(layer.run);
    }
  }
}

function* ofCopy(copy: CopyView): Iterable<ReachedSource> {
  if (copy.from.kind !== "context") return;
  const excludes = copy.instruction.exclude.flatMap(({ value }) => {
    const text = value === undefined ? undefined : copy.step.expand(value);
    return text?.kind === "known" ? [text.value] : [];
  });
  for (const { kind, path, range } of copy.sources) {
    if (kind !== "path" || path === undefined) continue;
    yield {
      written: path,
      range,
      via: copy.instruction.keyword === "COPY" ? "copy" : "add",
      excludes,
      isShipped: copy.stage.isShipped,
    };
  }
}

function* ofRun(run: RunView): Iterable<ReachedSource> {
  for (const mount of run.instruction.mounts) {
    if (mount.type !== "bind" || mount.from !== undefined) continue;
    const value = mount.source === undefined ? undefined : run.step.expand(mount.source);
    if (value?.kind === "unknown") continue;
    yield {
      written: value?.kind === "known" ? value.value : "/",
      range: mount.source?.range ?? mount.range,
      via: "mount",
      isShipped: run.stage.isShipped,
    };
  }
}
