import { resolvePath } from "../dockerfile/container-path.js";
import type { Instruction } from "../dockerfile/model.js";
import type { Invocation } from "../shell/model.js";
import type { RunView, StageView } from "./model.js";

/** A `cd` at the start of a RUN that holds for everything after it. */
export interface LeadingCd {
  readonly invocation: Invocation;
  /** As written, without quotes. */
  readonly written: string;
  /** Absolute; undefined when the working directory is unknown and the path is relative. */
  readonly path: string | undefined;
  /** The command behind it; undefined when the `cd` is all there is. */
  readonly next: Invocation | undefined;
  /** Whether the RUN begins there anyway. */
  readonly isThere: boolean;
}

/** Folders for what is thrown away: nobody wants to be there afterwards. */
const SCRATCH: ReadonlySet<string> = new Set(["/tmp", "/var/tmp", "/dev/shm"]);
const CHANGES: ReadonlySet<string> = new Set(["cd", "pushd", "popd"]);

/** The `cd` that a WORKDIR could replace; undefined when the RUN begins otherwise, or the folder is not known to be there. */
export function leadingCd(run: RunView): LeadingCd | undefined {
  const { script } = run;
  if (script === undefined || script.partial) return undefined;
  const [first, ...rest] = script.steps;
  const invocation = first?.invocation;
  if (first === undefined || invocation?.name !== "cd" || invocation.wrappers.length > 0) return undefined;
  if (script.invocations.some((other) => other !== invocation && CHANGES.has(other.name ?? ""))) return undefined;
  const operator = first.after?.operator;
  if (rest.length > 0 && operator !== "&&" && operator !== ";" && operator !== "newline") return undefined;
  const [folder, extra] = invocation.args;
  const written = folder?.value;
  if (folder === undefined || written === undefined || extra !== undefined || folder.hasGlob) return undefined;
  if (written === "" || written.startsWith("-") || written.startsWith("~")) return undefined;
  const path = resolvePath(run.workdir, written);
  if (path !== undefined && isScratch(path)) return undefined;
  if (!written.startsWith("/") && !isWorthIt(rest.length, path, run)) return undefined;
  const isThere = path !== undefined && path === run.workdir;
  return { invocation, written, path, next: rest[0]?.invocations[0], isThere };
}

/** The first `cd` of a RUN, wherever it stands. */
export function anyCd({ commands }: RunView): Invocation | undefined {
  return commands.find(({ name }) => name === "cd");
}

function isScratch(path: string): boolean {
  return SCRATCH.has(path) || path.startsWith("/tmp/") || path.startsWith("/var/tmp/");
}

/** One command below the working directory reads better as it is; for more of them the folder has to be there. */
function isWorthIt(later: number, path: string | undefined, run: RunView): boolean {
  return later > 1 && path !== undefined && isMadeBefore(path, run);
}

/** Whether an earlier step of the lineage surely brings a folder. */
function isMadeBefore(path: string, run: RunView): boolean {
  const { stage } = run;
  const isBelow = (other: string | undefined) => other === path || other?.startsWith(`${path}/`) === true;
  for (const member of stage.lineage) {
    for (const layer of member.layers) {
      if (layer.kind === "run") {
        if (layer.run === run) break;
        const { facts, workdir } = layer.run;
        const isWritten = facts.writes.some((write) => {
          const isFolder = write.by === "mkdir" || write.by === "clone";
          return isFolder && write.path !== undefined && isBelow(resolvePath(workdir, write.path));
        });
        if (isWritten) return true;
      } else if (isCopied(path, layer.copy)) return true;
    }
  }
  return false;
}

function isCopied(path: string, { destination, from, sources, stage }: StageView["copies"][number]): boolean {
  if (destination === undefined) return false;
  if (destination === path || destination.startsWith(`${path}/`)) return true;
  const folder = destination === "/" ? "/" : `${destination}/`;
  const { context } = stage.build;
  if (!path.startsWith(folder) || from.kind !== "context" || context.kind !== "local") return false;
  const rest = path.slice(folder.length);
  return sources.some((source) => {
    if (source.kind !== "path" || source.path === undefined) return false;
    const root = source.path.replace(/^\.?\/+|^\.$|\/+$/g, "");
    return context.exists(root === "" ? rest : `${root}/${rest}`);
  });
}

/** Instructions that do not look at the working directory. */
const BLIND: ReadonlySet<Instruction["keyword"]> = new Set([
  "ARG",
  "ENV",
  "EXPOSE",
  "LABEL",
  "MAINTAINER",
  "SHELL",
  "STOPSIGNAL",
  "USER",
]);

/** Whether nothing after a RUN, in its stage or in one that is made from it, names a path of the working directory. */
export function isWorkdirFreeAfter({ instruction, stage }: RunView): boolean {
  const { instructions } = stage.stage;
  for (const later of instructions.slice(instructions.indexOf(instruction) + 1)) {
    if (later.keyword === "WORKDIR") return later.argument?.raw.startsWith("/") === true;
    if (!BLIND.has(later.keyword) && !isAbsolute(later)) return false;
  }
  return !stage.build.stages.some(({ parent }) => parent === stage);
}

/** Whether an instruction names no path but absolute ones. */
function isAbsolute(instruction: Instruction): boolean {
  switch (instruction.keyword) {
    case "COPY":
    case "ADD":
      return instruction.destination?.raw.startsWith("/") === true;
    case "CMD":
    case "ENTRYPOINT": {
      const { command } = instruction;
      return (
        command.kind === "json" && command.items.every(({ value }) => value.startsWith("/") || !/[./]/.test(value))
      );
    }
    default:
      return false;
  }
}
