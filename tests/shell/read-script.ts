import type { Invocation, Script, ScriptKind, ShellKind } from "../../src/shell/model.js";
import { parseScript } from "../../src/shell/script.js";
import { type Range, Source, textOf } from "../../src/text/source.js";

/** How a test reads a text as a script. */
export interface Reading {
  readonly shell?: ShellKind;
  readonly kind?: ScriptKind;
  readonly variables?: Readonly<Record<string, string>>;
  /** Blanks in front, so that offsets of the script and of the file differ. */
  readonly shift?: number;
}

/** The script, over a source that holds it after `shift` blanks. */
export function readScript(text: string, reading: Reading = {}): Script {
  const shift = reading.shift ?? 7;
  const source = new Source("Dockerfile", " ".repeat(shift) + text);
  const values = new Map(Object.entries(reading.variables ?? {}));
  return parseScript({
    text,
    toRange: (start, end) => source.range(start + shift, end + shift),
    shell: reading.shell ?? "sh-dash",
    kind: reading.kind ?? "shell-form",
    variables: (name) => values.get(name),
  });
}

/** The commands with their words; unknown stretches show as `?`. */
export function commandLines(script: Script): string[] {
  return script.invocations.map(commandLine);
}

/** One command with its words; unknown stretches show as `?`. */
export function commandLine(invocation: Invocation): string {
  return invocation.words.map((word) => shown(word.shape)).join(" ");
}

/** A text in which each unknown stretch is a `?`. */
export function shown(text: string): string {
  return text.replaceAll(/\uFFFC+/g, "?");
}

/** Text of a range; undefined for none. */
export function written(range: Range | undefined): string | undefined {
  return range === undefined ? undefined : textOf(range);
}
