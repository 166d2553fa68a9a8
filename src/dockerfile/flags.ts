import { isSpace, skipSpace, trimEnd } from "./characters.js";
import type { JoinedText } from "./joined-text.js";
import type { Flag } from "./model.js";
import { SourceWord, type Word } from "./word.js";

/** The flags of an instruction and where its arguments begin and end in the joined text, trimmed. */
export interface FlagsAndArguments {
  readonly flags: readonly Flag[];
  readonly start: number;
  readonly end: number;
}

/** One flag with quotes and escapes removed; `offsets` leads from its code units to the joined text. */
interface FlagText {
  readonly text: string;
  readonly offsets: readonly number[] | undefined;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads the words that begin with `--`; the first other word, or a lone `--`, ends them. Escapes are backslashes whatever the
 * directive says.
 *
 * @param start offset behind the keyword
 * @see https://github.com/moby/buildkit/blob/v0.20.2/frontend/dockerfile/parser/split_command.go (extractBuilderFlags)
 */
export function readFlags(joined: JoinedText, start: number, end: number): FlagsAndArguments {
  const { text } = joined;
  const flags: Flag[] = [];
  const last = trimEnd(text, start, end);
  let index = skipSpace(text, start, last);
  while (text.startsWith("--", index) && index < last) {
    const flag = readFlag(text, index, last);
    index = skipSpace(text, flag.end, last);
    if (flag.text === "--") break;
    flags.push(toFlag(joined, flag));
  }
  return { flags, start: index, end: last };
}

function readFlag(text: string, start: number, end: number): FlagText {
  let index = start;
  while (index < end) {
    const code = text.charCodeAt(index);
    if (isSpace(code)) break;
    if (code === 0x22 || code === 0x27 || code === 0x5c) return readQuotedFlag(text, start, end);
    index += 1;
  }
  return { text: text.slice(start, index), offsets: undefined, start, end: index };
}

function readQuotedFlag(text: string, start: number, end: number): FlagText {
  const offsets: number[] = [];
  let value = "";
  let quote = "";
  let index = start;
  for (; index < end; index += 1) {
    let character = text[index] ?? "";
    if (quote === "" && isSpace(character.charCodeAt(0))) break;
    if (quote === "" && (character === '"' || character === "'")) {
      quote = character;
      continue;
    }
    if (quote !== "" && character === quote) {
      quote = "";
      continue;
    }
    if (character === "\\") {
      if (index + 1 >= end) continue;
      index += 1;
      character = text[index] ?? "";
    }
    offsets.push(index);
    value += character;
  }
  offsets.push(index);
  return { text: value, offsets, start, end: index };
}

function toFlag(joined: JoinedText, flag: FlagText): Flag {
  const { text, offsets, start, end } = flag;
  const at = (index: number): number => (offsets === undefined ? start + index : (offsets[index] ?? end));
  const equals = text.indexOf("=");
  const range = joined.range(start, end);
  if (equals < 0) return { name: text.slice(2), value: undefined, range, nameRange: range, valueRange: undefined };
  const valueStart = at(equals) + 1;
  const value: Word = new SourceWord(text.slice(equals + 1), "flag", joined, {
    start: valueStart,
    end,
    offsets: offsets?.slice(equals + 1),
    innerStart: valueStart,
  });
  return {
    name: text.slice(2, equals),
    value,
    range,
    nameRange: joined.range(start, at(equals)),
    valueRange: joined.range(valueStart, end),
  };
}
