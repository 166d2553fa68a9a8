import { resolvePath } from "../files/path.js";
import type { Range } from "../text/source.js";
import type { StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";

/** A place by which one stage of a file needs another one, or itself. */
export interface StageEdge {
  /** The stage that needs. */
  readonly stage: StageView;
  /** The stage that is needed; of the same build. */
  readonly to: StageView;
  readonly place: "from" | "copy" | "mount";
  /** The name or number as written. */
  readonly written: string;
  readonly range: Range;
  /** Paths taken, as far as they are known, absolute in the stage that is needed; empty for FROM and mounts. */
  readonly paths: readonly string[];
}

const NONE: readonly string[] = [];

const known = new ModelMemo<StageView, readonly StageEdge[]>();

/**
 * Where a stage needs stages of its file: FROM, `COPY --from` and `RUN --mount=from=`, in order, the way the builder looks
 * names up (a number is an index in COPY only; of equal names FROM takes the nearest above, COPY and mounts the last). An
 * ONBUILD is left out in the stage that writes it, and counts in the stage where it runs.
 */
export function stageEdges(stage: StageView): readonly StageEdge[] {
  let edges = known.get(stage);
  if (edges === undefined) {
    edges = [...edgesOf(stage)];
    known.set(stage, edges);
  }
  return edges;
}

function* edgesOf(stage: StageView): Iterable<StageEdge> {
  const { evaluated, build } = stage;
  const { base } = evaluated;
  if (base.kind === "stage") {
    const to = build.stages[base.stage.stage.index];
    if (to !== undefined) yield { stage, to, place: "from", written: base.written, range: base.range, paths: NONE };
  }
  for (const { from, instruction, sources } of evaluated.copies) {
    const to = from.kind === "stage" ? build.stages[from.stage.stage.index] : undefined;
    if (from.kind !== "stage" || to === undefined || instruction.keyword !== "COPY") continue;
    const paths = sources.flatMap((source) =>
      source.kind === "path" && source.evaluation.kind === "known" ? [resolvePath("/", source.evaluation.value)] : [],
    );
    yield { stage, to, place: "copy", written: instruction.from?.value?.raw ?? "", range: from.range, paths };
  }
  for (const { origin, mount } of evaluated.mountOrigins) {
    const to = origin.kind === "stage" ? build.stages[origin.stage.stage.index] : undefined;
    if (origin.kind !== "stage" || to === undefined) continue;
    yield { stage, to, place: "mount", written: mount.from?.raw ?? "", range: origin.range, paths: NONE };
  }
}

/** Loops told of one file. */
const MOST_LOOPS = 50;

/**
 * Loops of two stages or more, each as its edges in order. Of loops that share stages not all are listed, but one of them
 * at least. A stage that needs itself is no loop here.
 */
export function stageLoops(stages: readonly StageView[]): readonly (readonly StageEdge[])[] {
  const loops: (readonly StageEdge[])[] = [];
  // FROM only looks up, so that without an edge down there is no loop.
  if (!stages.some((stage) => stageEdges(stage).some(({ to }) => to.index > stage.index))) return loops;
  const done = new Set<StageView>();
  for (const start of stages) {
    if (done.has(start)) continue;
    // The way from the start to where the walk is: stages, the next edge of each, and the edges taken.
    const way = [{ stage: start, next: 0 }];
    const taken: StageEdge[] = [];
    const depths = new Map<StageView, number>([[start, 0]]);
    for (let place = way.at(-1); place !== undefined; place = way.at(-1)) {
      const edge = stageEdges(place.stage)[place.next];
      place.next += 1;
      if (edge === undefined) {
        done.add(place.stage);
        depths.delete(place.stage);
        way.pop();
        taken.pop();
        continue;
      }
      const depth = depths.get(edge.to);
      if (depth !== undefined) {
        if (edge.to !== place.stage && loops.length < MOST_LOOPS) loops.push([...taken.slice(depth), edge]);
      } else if (!done.has(edge.to)) {
        depths.set(edge.to, way.length);
        way.push({ stage: edge.to, next: 0 });
        taken.push(edge);
      }
    }
  }
  return loops;
}
