import type { Step } from "../dockerfile/evaluate.js";
import type { ShellInstruction } from "../dockerfile/model.js";
import type { Invocation } from "../shell/model.js";
import { baseName } from "../shell/shell-kind.js";
import type { Range } from "../text/source.js";
import { words } from "../text/words.js";
import type { RunView, StageView } from "./model.js";
import { ProgramTable } from "./programs.js";
import { type WrittenCommand, writtenCommands } from "./written-commands.js";

/** A shell that a stage calls by its name, and that is surely not in the image at that place. */
export interface MissingShell {
  /** Without folder: `bash`. */
  readonly name: string;
  /** The word that names it. */
  readonly range: Range;
}

const SHELLS: ReadonlySet<string> = new Set(words("bash zsh ksh pwsh ash"));

/** Shells that SHELL, commands, shebangs and exec forms of a stage call and do not find, each at its first place. */
export function missingShells(stage: StageView): readonly MissingShell[] {
  const found = new Map<string, MissingShell>();
  // The first step at which a shell may be there: it is at all later ones, which thus need no look.
  const there = new Map<string, number>();
  const add = (name: string, range: Range, step: Step): void => {
    if (!SHELLS.has(name) || found.has(name) || step.index >= (there.get(name) ?? Infinity)) return;
    if (new ProgramTable(stage, step).has(name) === "no") found.set(name, { name, range });
    else there.set(name, step.index);
  };
  const runs = new Map(stage.runs.map((run) => [run.step, run]));
  for (const step of stage.evaluated.steps) {
    if (step.instruction.keyword === "SHELL" && step.onbuild === undefined) {
      const item = programOf(step.instruction);
      if (item !== undefined) add(item.name, item.range, step);
    }
  }
  for (const command of writtenCommands(stage)) {
    const { instruction, step, text, isTrigger } = command;
    if (isTrigger || instruction.keyword === "HEALTHCHECK") continue;
    const shebang = shebangOf(command);
    if (shebang !== undefined) add(shebang.name, shebang.range, step);
    if (instruction.keyword !== "RUN" && text.kind !== "json") continue;
    const run = runs.get(step);
    for (const invocation of command.commands) {
      const { name, nameRange } = invocation;
      if (name === undefined || !SHELLS.has(name) || !isSure(invocation)) continue;
      if (run === undefined || !mayBring(run, name, invocation)) add(name, nameRange, step);
      if (instruction.keyword !== "RUN") break;
    }
  }
  return [...found.values()].sort((a, b) => a.range.start - b.range.start);
}

/** The program of a SHELL array; `env bash` means `bash`. */
function programOf({ items }: ShellInstruction): { readonly name: string; readonly range: Range } | undefined {
  const at = baseName(items[0]?.value ?? "") === "env" ? 1 : 0;
  const item = items[at];
  return item === undefined ? undefined : { name: baseName(item.value), range: item.range };
}

function shebangOf({ text, script }: WrittenCommand): { readonly name: string; readonly range: Range } | undefined {
  const line = text.kind === "shell" ? text.script.shebang : undefined;
  if (line === undefined || script === undefined) return undefined;
  const word = words(line.slice(2)).find((each) => baseName(each) !== "env" && !each.startsWith("-"));
  if (word === undefined) return undefined;
  const name = baseName(word);
  const start = line.indexOf(word);
  return { name, range: script.rangeAt(start, start + word.length) };
}

function isSure({ onlyIf, guarded, isTolerated, inSubstitution }: Invocation): boolean {
  return onlyIf === "none" && !guarded && !isTolerated && inSubstitution !== "process";
}

/** Whether the RUN itself may bring the shell before it calls it. */
function mayBring({ packages, facts }: RunView, name: string, { index }: Invocation): boolean {
  const installs = packages.some(
    ({ action, invocation, packages: operands }) =>
      action === "install" &&
      invocation.index < index &&
      operands.some((operand) => operand.kind !== "name" || operand.name === undefined || operand.name.includes(name)),
  );
  if (installs) return true;
  const isOpaque = facts.opaqueCommands.some(({ invocation }) => invocation === undefined || invocation.index < index);
  return (
    isOpaque || facts.writes.some(({ path, invocation }) => invocation.index < index && path?.endsWith(name) !== false)
  );
}
