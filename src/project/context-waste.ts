import { matcherOf } from "../context/ignore-file.js";
import { savedPercent } from "../context/measure.js";
import { contextPath } from "../context/reach.js";
import { formatBytes } from "../values/byte-size.js";
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

/** What a context sends beside what its builds need. */
export interface Waste {
  readonly sentBytes: number;
  readonly unwantedBytes: number;
  /** What is sent once it is excluded. */
  readonly neededBytes: number;
  /** Lines that would exclude it, largest first, in backticks and joined for a message. */
  readonly named: string;
  /** Whether `named` holds more than one. */
  readonly isPlural: boolean;
}

/**
 * What the coverage of a context would keep back; undefined when that is less than asked for, or when files are beyond counting.
 * Walks the context.
 *
 * @param share least part of what is sent, in percent
 * @param leastBytes least size
 */
export function wasteOf(view: ContextView, share: number, leastBytes: number): Waste | undefined {
  const { after, possible, isLowerBound } = view.measure;
  if (possible === undefined || isLowerBound) return undefined;
  const unwantedBytes = after.sizeBytes - possible.sizeBytes;
  if (unwantedBytes < leastBytes || savedPercent(after, possible) < share) return undefined;
  const lines = savingLines(view).map((line) => `\`${line.replace("**/", "")}\``);
  const named = lines.length > 2 ? `${lines.slice(0, 2).join(", ")} and ${lines.length - 2} more` : lines.join(" and ");
  const isPlural = lines.length > 1;
  return { sentBytes: after.sizeBytes, unwantedBytes, neededBytes: possible.sizeBytes, named, isPlural };
}

/** `` `COPY .` sends 41MB, of which 38MB is `node_modules` ``, for messages. */
export function wasteInWords({ sentBytes, unwantedBytes, named, isPlural }: Waste, taker: string): string {
  return `${taker} sends ${formatBytes(sentBytes)}, of which ${formatBytes(unwantedBytes)} ${isPlural ? "are" : "is"} ${named}`;
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
