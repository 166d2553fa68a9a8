import type { BuildContext } from "../context/context.js";
import { type Amount, measureContext, savedPercent } from "../context/measure.js";
import { formatBytes } from "../values/byte-size.js";
import { contextViewOf } from "./context-view.js";
import type { Project } from "./model.js";

/**
 * What builds send of a context, in one line: before and after its ignore file, and all that the file lets through.
 * Sizes are those of files that some COPY, ADD or bind mount takes.
 */
export function contextSizeLine(context: BuildContext, project: Project): string {
  const place = project.display(context.root);
  if (!context.isCertain) return `context ${place}: unknown; give \`--context\``;
  const { reach } = contextViewOf(context, project);
  const { before, after, whole, isLowerBound } = measureContext({
    walk: context.walk,
    fullWalk: context.fullWalk,
    reaches: (path) => reach.reaches(path),
  });
  const files = `${after.files} ${after.files === 1 ? "file" : "files"}`;
  const tail = `${files}; whole context ${sizeOf(whole, isLowerBound)}`;
  const { ignoreFile } = context;
  if (ignoreFile === undefined || before === undefined) {
    return `context ${place}: ${sizeOf(after, isLowerBound)}, no ignore file, ${tail}`;
  }
  const percent = savedPercent(before, after);
  const saved = isLowerBound || percent === 0 ? "" : ` (-${percent}%)`;
  const sizes = `${sizeOf(before, isLowerBound)} -> ${sizeOf(after, isLowerBound)}${saved}`;
  return `context ${place}: ${sizes} by ${project.display(ignoreFile.path)}, ${tail}`;
}

function sizeOf({ sizeBytes }: Amount, isLowerBound: boolean): string {
  return isLowerBound ? `>= ${formatBytes(sizeBytes)}` : formatBytes(sizeBytes);
}
