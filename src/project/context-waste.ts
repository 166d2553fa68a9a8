import { matcherOf } from "../context/ignore-file.js";
import { contextPath } from "../context/reach.js";
import { hasGlobMeta } from "../values/glob.js";
import type { ContextView } from "./context-view.js";
import type { Build } from "./model.js";

/** A line that keeps back less than this part of what the best one does is not worth naming. */
const LEAST_PART = 0.05;

/** Lines that the coverage suggests and that keep much back, largest first. Walks the context. */
export function savingLines(view: ContextView): readonly string[] {
  const savings = view.suggestions
    .filter((line) => !line.startsWith("!"))
    .map((line) => {
      const matcher = matcherOf([line]);
      return { line, sizeBytes: view.sizeOf((path) => matcher.ignores(path)) };
    });
  savings.sort((a, b) => b.sizeBytes - a.sizeBytes);
  const least = (savings[0]?.sizeBytes ?? 0) * LEAST_PART;
  return savings.filter(({ sizeBytes }) => sizeBytes > 0 && sizeBytes >= least).map(({ line }) => line);
}

/**
 * The one folder at the top that holds all that any stage of any build of the context takes; undefined when there is more
 * than one, or a source that nobody knows.
 */
export function onlyFolder({ context, builds }: ContextView): string | undefined {
  const sharing = new Set(builds.flatMap((build) => build.sharingIgnoreFile));
  let folder: string | undefined;
  for (const build of sharing) {
    for (const written of writtenSources(build)) {
      if (written === undefined) return undefined;
      const [top = "", ...rest] = contextPath(written).split("/");
      const isFolder = rest.length > 0 || context.kindOf(top) === "directory";
      if (top === "." || hasGlobMeta(top) || !isFolder) return undefined;
      if (folder !== undefined && folder !== top) return undefined;
      folder = top;
    }
  }
  return folder;
}

/** Local sources of all stages; undefined for one that nobody knows. */
function* writtenSources({ stages }: Build): Iterable<string | undefined> {
  for (const { layers } of stages) {
    for (const layer of layers) {
      if (layer.kind === "copy") {
        const { from, sources } = layer.copy;
        if (from.kind === "unknown") yield undefined;
        if (from.kind !== "context") continue;
        for (const { kind, path } of sources) if (kind === "path") yield path;
        continue;
      }
      for (const { type, from, source } of layer.run.instruction.mounts) {
        if (type !== "bind" || from !== undefined) continue;
        const value = source === undefined ? undefined : layer.run.step.expand(source);
        yield value?.kind === "known" ? value.value : undefined;
      }
    }
  }
}
