import type { Range } from "../text/source.js";
import type { Word } from "./word.js";

/** A text that a shell reads, with the way back to its source. */
export interface Script {
  readonly text: string;
  /** The range that a stretch `[start, end)` of `text` stands for, in 0-based code units. */
  readonly toRange: (start: number, end: number) => Range;
}

/** One string of a JSON array. */
export interface JsonItem {
  /** Decoded. */
  readonly value: string;
  /** With the quotes. */
  readonly range: Range;
  /** Without the quotes. */
  readonly innerRange: Range;
  /** As the builder's word processing receives it. */
  readonly word: Word;
  /** The decoded value as a script, for `["sh", "-c", "…"]`. */
  readonly script: Script;
}

/** A heredoc body inside the text of a {@link ShellScript}. */
export interface ScriptHeredoc {
  readonly name: string;
  readonly expand: boolean;
  readonly chomp: boolean;
  /** The body in the text of the script, without the terminator line. */
  readonly start: number;
  readonly end: number;
}

/** What a shell is given by RUN, CMD, ENTRYPOINT or HEALTHCHECK CMD in shell form. */
export interface ShellScript extends Script {
  /** `body` when the command is a single heredoc: the text is its body, and a `#!` line may name another interpreter. */
  readonly kind: "line" | "body";
  /** The `#!` line of a `body`, without line break; undefined when it has none. */
  readonly shebang: string | undefined;
  /**
   * The rest of a line that a `#` word turns into a comment once the builder has joined the lines; blanked in `text`.
   * `hasCode` when it goes on over a line break.
   */
  readonly swallowed: { readonly range: Range; readonly hasCode: boolean } | undefined;
  /** Empty for a `body`. */
  readonly heredocs: readonly ScriptHeredoc[];
}

/** What RUN, CMD, ENTRYPOINT and HEALTHCHECK CMD run. */
export type CommandText =
  | {
      readonly kind: "shell";
      /** The command line as the builder passes it on, continuations removed; empty when nothing is written. */
      readonly text: string;
      readonly range: Range;
      /** Text of the same length as its source, made on first use. */
      readonly script: ShellScript;
    }
  | { readonly kind: "json"; readonly items: readonly JsonItem[]; readonly range: Range };
