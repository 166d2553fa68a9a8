import { resolvePath } from "../dockerfile/container-path.js";
import type { Step, WordSetting } from "../dockerfile/evaluate.js";
import { baseName, extensionOf, isWithin } from "../files/path.js";
import type { Range } from "../text/source.js";
import { wordsOfName } from "../values/words-of-name.js";
import { folderAt } from "./dependency-installs.js";
import type { CopyView, RunView, StageView } from "./model.js";

/** What a word of VOLUME is. */
export type VolumePath =
  | { readonly kind: "absolute" | "relative" | "unreadable" }
  /** `host:container[:mode]`, which only `docker run` and Compose understand. */
  | { readonly kind: "mapping"; readonly target: string };

/** Drives of Windows have a colon too. */
const DRIVE = /^[A-Za-z]:(?=[\\/]|$)/;

/** Reads the evaluated word of a VOLUME. */
export function volumePath(text: string): VolumePath {
  // An array that is no JSON, of which the builder makes odd words.
  if (/^["'[]|["'\],]$/.test(text)) return { kind: "unreadable" };
  const rest = text.replace(DRIVE, "");
  const [, target = ""] = rest.split(":", 2);
  if (rest.includes(":")) return { kind: "mapping", target: target.replace(/^[A-Za-z]$/, "") };
  return { kind: /^[/\\]/.test(text) || rest !== text ? "absolute" : "relative" };
}

/** Nobody writes more by hand. */
const MOST_VOLUMES = 100;

/** Paths of the VOLUME instructions in effect in a stage whose value is known, parents first; triggers are left out. */
export function volumesOf({ evaluated }: StageView): readonly WordSetting[] {
  const { volumes } = evaluated;
  if (volumes.length === 0) return volumes;
  return volumes
    .filter(({ value, step }) => value.kind === "known" && step.onbuild === undefined)
    .slice(0, MOST_VOLUMES);
}

/** A step that writes to a volume after VOLUME. */
export interface LateWrite {
  readonly step: Step;
  readonly range: Range;
}

/** Steps of the stage that come after the VOLUME, which may be that of a parent, and write below its path. */
export function writesAfter(volume: WordSetting, stage: StageView): readonly LateWrite[] {
  const path = absolute(volume);
  if (path === undefined || path === "/") return [];
  const found: LateWrite[] = [];
  for (const layer of stage.layers) {
    const { step } = layer.kind === "run" ? layer.run : layer.copy;
    if (step.stage === volume.stage && step.index <= volume.step.index) continue;
    const range = layer.kind === "run" ? writeOfRun(layer.run, path) : writeOfCopy(layer.copy, path);
    if (range !== undefined) found.push({ step, range });
  }
  return found;
}

function absolute({ value: { value } }: WordSetting): string | undefined {
  return volumePath(value).kind === "absolute" && value.startsWith("/") ? resolvePath("/", value) : undefined;
}

function writeOfCopy({ destination, destinationRange, isOnbuild }: CopyView, path: string): Range | undefined {
  return !isOnbuild && destination !== undefined && isWithin(path, destination) ? destinationRange : undefined;
}

function writeOfRun(run: RunView, path: string): Range | undefined {
  if (run.isOnbuild || run.mountTargets("cache").some((target) => isWithin(target, path))) return undefined;
  const { writes, ownership } = run.facts;
  for (const write of writes) {
    if (write.path === undefined || write.invocation.onlyIf !== "none") continue;
    const target = resolvePath(folderAt(run, write.invocation), write.path);
    if (target === undefined || !isWithin(path, target)) continue;
    // Making the folder itself again loses nothing.
    if (write.by !== "mkdir" || target !== path) return write.range;
  }
  for (const { paths, invocation } of ownership) {
    for (const word of paths) {
      if (word.value === undefined) continue;
      const target = resolvePath(folderAt(run, invocation), word.value);
      if (target !== undefined && isWithin(path, target)) return word.range;
    }
  }
  return undefined;
}

/** Where systems keep data, whatever else is there. */
const DATA_FOLDER = /^\/(?:tmp|run|var|mnt|media|data|home|root)(?:\/|$)/;
const DATA_WORDS = new Set(
  (
    "archive archives backup backups cache caches cert certs conf config configs configuration content data database db " +
    "download downloads dump dumps export exports files home import imports input inbox log logs media out outbox output " +
    "persist persistence plugins project repo repos results shared sock socket state storage store temp tmp upload uploads " +
    "vol volume volumes work workdir workspace"
  ).split(" "),
);

/** Files that are a part of a program. */
const CODE = new Set(
  ".c .cc .class .clj .cpp .cs .dll .ex .exs .go .jar .java .js .jsx .kt .mjs .cjs .php .pl .py .rb .rs .scala .ts .tsx .war".split(
    " ",
  ),
);

/**
 * The COPY or ADD that puts a program into the folder of a volume: the whole context, or files of program code. Undefined
 * when there is none, and for folders that are named after the data in them.
 */
export function codeBelow(volume: WordSetting, stage: StageView): Range | undefined {
  const path = absolute(volume);
  if (path === undefined || DATA_FOLDER.test(path)) return undefined;
  if (wordsOfName(baseName(path)).some((word) => DATA_WORDS.has(word.toLowerCase()))) return undefined;
  for (const member of stage.lineage) {
    for (const copy of member.copies) {
      const { destination, sources, instruction } = copy;
      if (destination === undefined || copy.isOnbuild || !isWithin(path, destination)) continue;
      if (sources.some((source) => source.kind === "path" && isProgram(source.path))) return instruction.headRange;
    }
  }
  return undefined;
}

function isProgram(source: string | undefined): boolean {
  if (source === undefined) return false;
  return /^\.?\/?$/.test(source) || CODE.has(extensionOf(source)) || /^(?:\.\/)?(?:src|lib|app)\/?$/.test(source);
}
