import { HOLE } from "../shell/model.js";
import type { PackageCommand } from "../shell/package-model.js";
import type { Range } from "../text/source.js";
import type { StageView } from "./model.js";

/** A version of CUDA: `12.4`. */
export interface CudaVersion {
  readonly major: number;
  readonly minor: number;
}

/** A package, or an index of packages, that was built for a version of CUDA. */
export interface CudaUse {
  readonly version: CudaVersion;
  /** `cu118`, `pytorch-cuda=11.8`. */
  readonly written: string;
  readonly range: Range;
}

/** The version of CUDA that an image of NVIDIA holds; undefined for other images. */
export function cudaOfBase({ image }: StageView): CudaVersion | undefined {
  if (image?.tag === undefined || !/^(?:docker\.io|nvcr\.io)\/nvidia\/cuda$/.test(image.name)) return undefined;
  const match = /^(\d+)\.(\d+)/.exec(image.tag);
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
}

/** Options whose value names an index, or the build of a package. */
const INDEX_OPTIONS: ReadonlySet<string> = new Set([
  "-i",
  "--index-url",
  "--extra-index-url",
  "-f",
  "--find-links",
  "--index",
  "--default-index",
  "--torch-backend",
]);

/** Packages and indexes of a stage that say for which CUDA they were built, in order. */
export function cudaUses(stage: StageView): readonly CudaUse[] {
  const found: CudaUse[] = [];
  for (const run of stage.runs) {
    for (const command of run.packages) {
      if (command.family === "conda") addConda(command, found);
      else if (command.family === "pip" || command.family === "uv" || command.family === "pipx")
        addWheels(command, found);
    }
  }
  return found;
}

function addWheels({ options, invocation }: PackageCommand, found: CudaUse[]): void {
  for (const { name, valueWord, valueShape } of options.options) {
    if (!INDEX_OPTIONS.has(name) || valueWord === undefined || valueShape === undefined) continue;
    const match = /(?:^|\/)cu(\d{2,3})(?=[/.]|$)/.exec(valueShape);
    if (match === null) continue;
    const from = valueWord.shape.length - valueShape.length + match.index + (match[0].startsWith("/") ? 1 : 0);
    addVersion(match[1], valueWord.rangeAt(from, from + 2 + (match[1]?.length ?? 0)), found);
  }
  for (const word of invocation.args) {
    const match =
      word.shape.includes("+cu") && !word.shape.includes(HOLE) ? /\+cu(\d{2,3})(?!\d)/.exec(word.shape) : null;
    if (match === null) continue;
    const from = match.index + 1;
    addVersion(match[1], word.rangeAt(from, match.index + match[0].length), found);
  }
}

/** `cu118` is 11.8, `cu92` is 9.2. */
function addVersion(digits: string | undefined, range: Range, found: CudaUse[]): void {
  if (digits === undefined) return;
  const version = { major: Number(digits.slice(0, -1)), minor: Number(digits.slice(-1)) };
  found.push({ version, written: `cu${digits}`, range });
}

function addConda({ invocation }: PackageCommand, found: CudaUse[]): void {
  for (const { shape, range } of invocation.args) {
    const match = /^(?:[\w-]+::)?(?:pytorch-cuda|cudatoolkit|cuda-version)=+(\d+)\.(\d+)/.exec(shape);
    if (match === null) continue;
    found.push({ version: { major: Number(match[1]), minor: Number(match[2]) }, written: shape, range });
  }
}
