import { isAbsolutePath } from "../dockerfile/container-path.js";
import { remoteKind } from "../dockerfile/copies.js";
import type { Word } from "../dockerfile/word.js";
import { cleanPath } from "../files/path.js";
import type { Range } from "../text/source.js";
import type { Build } from "./model.js";
import { type WrittenStep, writtenSteps } from "./written-steps.js";

/** A source that can only be meant to lie outside of the build context. */
export interface OutsideSource {
  /** `above`: it begins with `..`. `host`: a path of the computer that builds. */
  readonly kind: "above" | "host";
  readonly written: string;
  readonly range: Range;
}

/** Sources of COPY, ADD and bind mounts, without `from`, that leave the context, in order; triggers too. */
export function* outsideSources(build: Build): Iterable<OutsideSource> {
  for (const keyword of ["COPY", "ADD"] as const) {
    for (const step of writtenSteps(build, keyword)) {
      const { instruction } = step;
      if (instruction.keyword === "COPY" && instruction.from !== undefined) continue;
      for (const source of instruction.sources) {
        if (source.kind === "path") yield* judge(source.word, step, build);
      }
    }
  }
  for (const step of writtenSteps(build, "RUN")) {
    for (const { type, from, source } of step.instruction.mounts) {
      if (type === "bind" && from === undefined && source !== undefined) yield* judge(source, step, build);
    }
  }
}

function* judge(word: Word, step: WrittenStep, build: Build): Iterable<OutsideSource> {
  const { raw, range } = word;
  if (!MARKS.some((mark) => raw.includes(mark))) return;
  const { pieces, uses } = step.expand(word);
  const [first] = pieces;
  const start = first?.kind === "text" ? first.text : "";
  if (remoteKind(start) !== undefined) return;
  const cleaned = cleanPath(start);
  if (cleaned === ".." || cleaned.startsWith("../")) {
    yield { kind: "above", written: raw, range };
    return;
  }
  const home = uses[0];
  const isHome = home?.name === "HOME" && home.start <= 1 && home.outcome !== "known" && !home.hasDefault;
  if (isHome || isHostPath(start, raw, build)) yield { kind: "host", written: raw, range };
}

/** One of these is in every source that leaves the context. */
const MARKS = ["..", "~", "$", ":", "/home/", "/Users/"];

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}

const HOMES = ["/home/", "/Users/"];

function isHostPath(path: string, raw: string, { context }: Build): boolean {
  if (path === "~" || path.startsWith("~/")) return true;
  const bare = raw.startsWith('"') || raw.startsWith("'") ? raw.slice(1) : raw;
  if (isLetter(bare.charCodeAt(0)) && isAbsolutePath(bare)) return true;
  if (!HOMES.some((folder) => path.startsWith(folder))) return false;
  // `/home/x` means `home/x` of the context, which may be there.
  return context.kind !== "local" || !context.exists(path.split("/")[1] ?? "");
}
