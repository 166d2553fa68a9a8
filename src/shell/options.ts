import type { Range } from "../text/source.js";
import { words } from "../text/words.js";
import type { Invocation, Word } from "./model.js";

/** How a program reads its command line. */
export interface OptionTable {
  /** Options that take the next word (or the rest of their short cluster), with their dashes. */
  readonly withValue: ReadonlySet<string>;
  /** `single`: one dash starts a long option (`go`, `find`); `getopt`: one dash starts a cluster of letters. */
  readonly style: "getopt" | "single";
}

/** One option as read. `-yq` gives two options with the same word. */
export interface OptionUse {
  /** With its dashes and without value: `-y`, `--target-release`. */
  readonly name: string;
  /** Undefined without a value, and when the value is unknown; see `valueShape`. */
  readonly value: string | undefined;
  /** With `HOLE` for unknown stretches; undefined without a value. */
  readonly valueShape: string | undefined;
  /** The word, or the letter of the cluster; with the value when that is joined. */
  readonly range: Range;
  readonly valueRange: Range | undefined;
  readonly word: Word;
  /** The word that holds the value: `word` itself when it is joined; undefined without a value. */
  readonly valueWord: Word | undefined;
}

/** A command line read by a table. */
export interface OptionReader {
  /** First operand; undefined when there is none. */
  readonly verb: Word | undefined;
  readonly options: readonly OptionUse[];
  /** Operands after the verb, those after `--` included. */
  readonly operands: readonly Word[];
  /** The operands that stand after `--`. */
  readonly afterDashes: readonly Word[];
  /** Whether one of the options is given, with or without a value. */
  has(...names: readonly string[]): boolean;
  /** The last use of one of the options; undefined when none is given. */
  find(...names: readonly string[]): OptionUse | undefined;
}

/** A table for {@link readOptions}, from options separated by blanks. */
export function optionTable(withValue: string, style: OptionTable["style"] = "getopt"): OptionTable {
  return { withValue: new Set(words(withValue)), style };
}

/** Options of programs that take none with a value. */
export const NO_VALUES: OptionTable = optionTable("");

/**
 * Reads the words after the program's name. `--opt=value` holds its value; `--opt value` takes the next word only if the
 * table lists it; clusters are read from the left; `--` ends the options; a lone `-` is an operand.
 */
export function readOptions(invocation: Pick<Invocation, "args">, table: OptionTable): OptionReader {
  return readWords(invocation.args, table);
}

/** As {@link readOptions}, for words that are part of a command line. */
export function readWords(words: readonly Word[], table: OptionTable): OptionReader {
  const reader = new CommandLine();
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word === undefined) continue;
    const { shape } = word;
    if (shape === "--") {
      reader.addRest(words.slice(index + 1));
      break;
    }
    if (shape.length < 2 || shape.charCodeAt(0) !== 45) reader.addOperand(word);
    else if (shape.charCodeAt(1) === 45 || table.style === "single") {
      if (reader.addLong(word, table, words[index + 1])) index += 1;
    } else if (reader.addCluster(word, table, words[index + 1])) index += 1;
  }
  return reader;
}

/** A cluster of more letters is taken as one option that nobody knows. */
const MAX_CLUSTER = 64;

class CommandLine implements OptionReader {
  verb: Word | undefined;
  readonly options: OptionUse[] = [];
  readonly operands: Word[] = [];
  afterDashes: readonly Word[] = [];

  addOperand(word: Word): void {
    if (this.verb === undefined) this.verb = word;
    else this.operands.push(word);
  }

  addRest(words: readonly Word[]): void {
    for (const word of words) this.addOperand(word);
    this.afterDashes = this.verb === words[0] ? words.slice(1) : words;
  }

  /** Adds `--name`, `--name=value` or `--name value`; true when the next word was taken. */
  addLong(word: Word, table: OptionTable, next: Word | undefined): boolean {
    const { shape } = word;
    const at = shape.indexOf("=");
    if (at !== -1) {
      this.options.push(joined(word, shape.slice(0, at), at + 1, word.range));
      return false;
    }
    const takesNext = table.withValue.has(shape) && next !== undefined;
    this.options.push(takesNext ? separate(word, shape, word.range, next) : bare(word, shape, word.range));
    return takesNext;
  }

  /** Adds the letters of `-abc`; true when the last one took the next word. */
  addCluster(word: Word, table: OptionTable, next: Word | undefined): boolean {
    const { shape } = word;
    // Some programs have options of one dash and several letters with a value: `-Xmx`, conda's none; the table names them.
    if (shape.length > 2 && table.withValue.has(shape) && next !== undefined) {
      this.options.push(separate(word, shape, word.range, next));
      return true;
    }
    if (shape.length > MAX_CLUSTER && !table.withValue.has(shape.slice(0, 2))) {
      this.options.push(bare(word, shape, word.range));
      return false;
    }
    for (let index = 1; index < shape.length; index += 1) {
      const name = `-${shape[index]}`;
      const range = shape.length === 2 ? word.range : word.rangeAt(index, index + 1);
      const isLast = index === shape.length - 1;
      if (table.withValue.has(name)) {
        if (!isLast) {
          const from = shape[index + 1] === "=" ? index + 2 : index + 1;
          this.options.push(joined(word, name, from, index === 1 ? word.range : word.rangeAt(index, shape.length)));
          return false;
        }
        if (next !== undefined) {
          this.options.push(separate(word, name, range, next));
          return true;
        }
      } else if (shape[index + 1] === "=") {
        this.options.push(joined(word, name, index + 2, index === 1 ? word.range : word.rangeAt(index, shape.length)));
        return false;
      }
      this.options.push(bare(word, name, range));
    }
    return false;
  }

  has(...names: readonly string[]): boolean {
    for (const option of this.options) if (names.includes(option.name)) return true;
    return false;
  }

  find(...names: readonly string[]): OptionUse | undefined {
    return this.options.findLast((option) => names.includes(option.name));
  }
}

function bare(word: Word, name: string, range: Range): OptionUse {
  return {
    name,
    value: undefined,
    valueShape: undefined,
    range,
    valueRange: undefined,
    word,
    valueWord: undefined,
  };
}

function separate(word: Word, name: string, range: Range, next: Word): OptionUse {
  const { value, shape } = next;
  return { name, value, valueShape: shape, range, valueRange: next.range, word, valueWord: next };
}

function joined(word: Word, name: string, from: number, range: Range): OptionUse {
  return {
    name,
    value: word.value?.slice(from),
    valueShape: word.shape.slice(from),
    range,
    valueRange: word.rangeAt(from, word.shape.length),
    word,
    valueWord: word,
  };
}
