import type { Instruction, RunInstruction } from "../dockerfile/model.js";
import { buildEvidence } from "../shell/build-evidence.js";
import { dependencyInstalls } from "./dependency-installs.js";
import type { CopyView, RunView, StageView } from "./model.js";

/** Layers of one kind that follow each other with nothing between them, two or more. */
export type Neighbours =
  | { readonly kind: "run"; readonly first: RunView; readonly rest: readonly RunView[] }
  | { readonly kind: "copy"; readonly first: CopyView; readonly rest: readonly CopyView[] };

/**
 * Groups of neighbours in a stage: no other instruction and no comment stands between them, their flags are the same, and
 * for COPY and ADD also the folder that they fill. Steps of triggers belong to none.
 */
export function neighboursOf(stage: StageView): readonly Neighbours[] {
  const found: Neighbours[] = [];
  let runs: RunView[] = [];
  let copies: CopyView[] = [];
  const close = (): void => {
    const [firstRun, ...otherRuns] = runs;
    const [firstCopy, ...otherCopies] = copies;
    if (firstRun !== undefined && otherRuns.length > 0) found.push({ kind: "run", first: firstRun, rest: otherRuns });
    if (firstCopy !== undefined && otherCopies.length > 0) {
      found.push({ kind: "copy", first: firstCopy, rest: otherCopies });
    }
    runs = [];
    copies = [];
  };
  let previous = -2;
  for (const layer of stage.layers) {
    const { step } = layer.kind === "run" ? layer.run : layer.copy;
    const { instruction } = step;
    const joins = step.index === previous + 1 && instruction.commentsAbove.length === 0;
    const last = layer.kind === "run" ? runs.at(-1) : copies.at(-1);
    const isSame =
      last !== undefined &&
      (layer.kind === "run" ? haveSameFlags(last.instruction, instruction) : fillSameFolder(copies.at(-1), layer.copy));
    if (step.onbuild !== undefined || !joins || !isSame) close();
    previous = step.index;
    if (step.onbuild !== undefined) continue;
    if (layer.kind === "run") runs.push(layer.run);
    else copies.push(layer.copy);
  }
  close();
  return found;
}

/** Each RUN right behind another one of the same flags, with that one; comments may stand between. */
export function* adjacentRuns({ layers }: StageView): Iterable<readonly [RunView, RunView]> {
  let before: RunView | undefined;
  for (const layer of layers) {
    const run = layer.kind === "run" && layer.run.step.onbuild === undefined ? layer.run : undefined;
    if (run !== undefined && before !== undefined && run.step.index === before.step.index + 1) {
      if (haveSameFlags(before.instruction, run.instruction)) yield [before, run];
    }
    before = run;
  }
}

function haveSameFlags(a: Instruction, b: Instruction): boolean {
  if (a.keyword !== b.keyword || a.flags.length !== b.flags.length) return false;
  if (a.flags.length === 0) return true;
  return flagsOf(a) === flagsOf(b);
}

function flagsOf({ flags }: Instruction): string {
  return flags
    .map(({ name, value }) => `${name}=${value?.raw ?? ""}`)
    .sort()
    .join(" ");
}

function fillSameFolder(a: CopyView | undefined, b: CopyView): boolean {
  if (a === undefined || !a.isFolder || !b.isFolder || a.destination === undefined) return false;
  return a.destination === b.destination && haveSameFlags(a.instruction, b.instruction);
}

/**
 * What a RUN costs when it is built again: `system` packages, `heavy` for other installs, downloads, builds and what nobody can
 * see; `light` for the rest.
 */
export function weightOf(run: RunView): "system" | "heavy" | "light" {
  const { facts, commands } = run;
  if (facts.downloads.length > 0 || facts.opaque !== undefined) return "heavy";
  let isSystem = false;
  for (const { family } of facts.packageCommands) {
    if (!SYSTEM.has(family)) return "heavy";
    isSystem = true;
  }
  if (isSystem) return "system";
  if (dependencyInstalls(run).length > 0 || commands.some((command) => buildEvidence(command) !== undefined))
    return "heavy";
  return "light";
}

const SYSTEM: ReadonlySet<string> = new Set(["apt", "apk", "yum", "zypper", "pacman"]);

/** Names whose commands change what the commands after them see. */
const STATEFUL = new Set([
  "cd",
  "pushd",
  "popd",
  "export",
  "set",
  "umask",
  "source",
  ".",
  "exit",
  "trap",
  "alias",
  "exec",
  "unset",
  "declare",
  "local",
  "readonly",
  "shopt",
  "eval",
  "ulimit",
]);

/** Whether the commands of a RUN can be joined to others by `&&` without a change: a plain list that keeps no state. */
export function isJoinable(run: RunView): boolean {
  const { script, instruction } = run;
  if (script === undefined || script.partial || script.skipped !== undefined || script.swallowed !== undefined)
    return false;
  if (instruction.heredocs.length > 0 || hasComment(instruction)) return false;
  if (script.assignments.length > 0 || script.functions.size > 0) return false;
  for (const { kind, after, invocation } of script.steps) {
    if (kind !== "command" && kind !== "pipeline") return false;
    if (after !== undefined && after.operator !== "&&") return false;
    if (invocation !== undefined && STATEFUL.has(invocation.name ?? ".")) return false;
  }
  return script.steps.length > 0;
}

function hasComment({ range }: RunInstruction): boolean {
  return /^[ \t]*#/m.test(range.source.text.slice(range.start, range.end));
}
