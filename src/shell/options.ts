import type { Range } from "../text/source.js";
import type { Invocation, Word } from "./model.js";

/** How a program reads its command line. */
export interface OptionTable {
  /** Options that take the next word (or the rest of their short cluster), with their dashes. */
  readonly withValue: ReadonlySet<string>;
  /** `single`: one dash starts a long option (`go`, `find`, terraform style); `getopt`: one dash starts a cluster of letters. */
  readonly style: "getopt" | "single";
  /** Whether options may stand after operands. False for wrappers and `go run`. */
  readonly permutes: boolean;
}

/** One option as read. `-yq` gives two options with the same word. */
export interface OptionUse {
  /** With its dashes and without value: `-y`, `--target-release`. */
  readonly name: string;
  /** Undefined without a value, and when the value is unknown; see `valueWord`. */
  readonly value: string | undefined;
  /** With `HOLE` for unknown stretches; undefined without a value. */
  readonly valueShape: string | undefined;
  /** The word or the letter of the cluster; with the value when that is joined. */
  readonly range: Range;
  readonly valueRange: Range | undefined;
  readonly word: Word;
}

/** A command line read by a table. */
export interface OptionReader {
  /** First operand; undefined when there is none. */
  readonly verb: Word | undefined;
  readonly options: readonly OptionUse[];
  /** Operands after the verb. */
  readonly operands: readonly Word[];
  /** Words after `--`, which also stand in `operands`. */
  readonly afterDashes: readonly Word[];
  /** Whether one of the options is given. */
  has(...names: readonly string[]): boolean;
  /** The last use of one of the options; undefined when none is given. */
  find(...names: readonly string[]): OptionUse | undefined;
}

/** See {@link OptionReader}. */
export type ReadOptions = (invocation: Invocation, table: OptionTable) => OptionReader;
