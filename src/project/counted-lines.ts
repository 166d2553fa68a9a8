import type { Range } from "../text/source.js";
import type { DockerfileView } from "./model.js";

/** Lines that a count of a Dockerfile leaves out. */
export interface UncountedLines {
  readonly blank: boolean;
  readonly comments: boolean;
  /** Bodies of heredocs, with their closing lines. */
  readonly heredocs: boolean;
}

/** How long a Dockerfile is, and where it becomes longer than it may be. */
export interface LineCount {
  readonly count: number;
  /** The first counted line that is too many. */
  readonly firstBeyond: Range;
}

/** Counts the lines of a Dockerfile; undefined when there are at most `limit`. */
export function countLinesBeyond(
  { source, dockerfile }: DockerfileView,
  limit: number,
  uncounted: UncountedLines,
): LineCount | undefined {
  if (source.lineCount <= limit) return undefined;
  const left = new Set<number>();
  if (uncounted.comments) for (const { line } of dockerfile.comments) left.add(line);
  if (uncounted.heredocs) {
    for (const { heredocs } of dockerfile.instructions) {
      for (const { startLine, endLine } of heredocs)
        for (let line = startLine; line <= endLine; line += 1) left.add(line);
    }
  }
  let count = 0;
  let firstBeyond: Range | undefined;
  for (let line = 1; line <= source.lineCount; line += 1) {
    const span = source.lineSpan(line);
    if (span === undefined || left.has(line)) continue;
    // What follows the last line break is no line unless something stands there.
    if (line === source.lineCount && span.start === span.end) continue;
    if (uncounted.blank && source.slice(span).trim() === "") continue;
    count += 1;
    if (count === Math.max(0, limit) + 1) firstBeyond = source.range(span.start, span.end);
  }
  return firstBeyond === undefined ? undefined : { count, firstBeyond };
}
