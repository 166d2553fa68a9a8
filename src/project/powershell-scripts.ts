import type { ShellInstruction } from "../dockerfile/model.js";
import { shellKindOf } from "../shell/shell-kind.js";
import type { Range } from "../text/source.js";
import type { StageView } from "./model.js";
import { shellWrapperOf } from "./shell-wrappers.js";
import { type WrittenCommand, writtenCommands } from "./written-commands.js";

/** A place that starts PowerShell so that it goes on after an error. */
export interface CarelessPowershell {
  /** The word that names it: in SHELL, or in the RUN that calls it. */
  readonly range: Range;
  /** The SHELL that decides; undefined for a RUN that calls PowerShell itself. */
  readonly shell: ShellInstruction | undefined;
  /** A RUN of several statements. */
  readonly run: WrittenCommand;
}

/** SHELL arrays and RUNs of a stage that run several statements without `$ErrorActionPreference = 'Stop'`. */
export function carelessPowershell(stage: StageView): readonly CarelessPowershell[] {
  const found = new Map<Range, CarelessPowershell>();
  for (const run of writtenCommands(stage)) {
    if (run.instruction.keyword !== "RUN") continue;
    const { script } = run;
    const wrapper = shellWrapperOf(run);
    if (wrapper?.kind === "powershell") {
      if (isCareless(wrapper.script)) found.set(wrapper.range, { range: wrapper.range, shell: undefined, run });
      continue;
    }
    const setting = run.step.state.shell;
    const instruction = setting?.step.instruction;
    if (script?.shell !== "powershell" || instruction?.keyword !== "SHELL" || !isCareless(script.text)) continue;
    if (instruction.items.some(({ value }) => value.toLowerCase().includes("erroractionpreference"))) continue;
    const at = instruction.items.findIndex((_, index) => {
      return shellKindOf(instruction.items.slice(index, index + 1).map(({ value }) => value)).kind === "powershell";
    });
    const range = instruction.items[at]?.range;
    if (range !== undefined && !found.has(range)) found.set(range, { range, shell: instruction, run });
  }
  return [...found.values()];
}

function isCareless(script: string): boolean {
  const text = script.toLowerCase();
  if (text.includes("erroractionpreference") || text.trimStart().startsWith("try")) return false;
  return countStatements(script) > 1;
}

/**
 * How many statements a PowerShell text has, by `;` and line breaks outside of quotes, brackets and comments. No parser: a
 * text with quotes that never close counts as one.
 */
export function countStatements(script: string): number {
  let count = 0;
  let depth = 0;
  let isOpen = false;
  for (let index = 0; index < script.length; index += 1) {
    const character = script[index] ?? "";
    if (character === "`") index += 1;
    else if (character === "#" && !isOpen) {
      const end = script.indexOf("\n", index);
      if (end === -1) break;
      index = end;
    } else if (character === '"' || character === "'") {
      const end = closingQuote(script, index);
      if (end === -1) return 1;
      index = end;
      isOpen = true;
    } else if (character === "(" || character === "{" || character === "[") depth += 1;
    else if (character === ")" || character === "}" || character === "]") depth -= 1;
    else if ((character === ";" || character === "\n") && depth <= 0) {
      if (isOpen) count += 1;
      isOpen = false;
    } else if (character.trim() !== "") isOpen = true;
  }
  return isOpen ? count + 1 : count;
}

/** The place of the quote that closes the one at `start`; -1 without. */
function closingQuote(text: string, start: number): number {
  const quote = text[start];
  for (let index = start + 1; index < text.length; index += 1) {
    if (text[index] === "`" && quote === '"') index += 1;
    else if (text[index] === quote) return index;
  }
  return -1;
}
