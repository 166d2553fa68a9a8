import { parseJsonStrings } from "../dockerfile/json-array.js";
import type { Instruction } from "../dockerfile/model.js";
import type { Word } from "../dockerfile/word.js";
import type { Range } from "../text/source.js";

/** Text behind the arguments of an instruction that was meant as a comment; the builder has none there. */
export interface InlineComment {
  /** `json`: behind an array, which is no longer one. `word`: its words are arguments. */
  readonly kind: "word" | "json";
  /** From the `#` to the end of its line, the character that continues the line aside. */
  readonly range: Range;
}

/** What was meant as a comment behind an instruction; undefined where a shell reads it, which has such comments. */
export function inlineComment(instruction: Instruction): InlineComment | undefined {
  const found = findComment(instruction);
  return found === undefined ? undefined : { kind: found.kind, range: toLineEnd(found.start, instruction) };
}

interface Found {
  readonly kind: InlineComment["kind"];
  readonly start: Range;
}

function findComment(instruction: Instruction): Found | undefined {
  const { words, form } = instruction;
  switch (instruction.keyword) {
    case "RUN":
    case "CMD":
    case "ENTRYPOINT":
    case "SHELL":
      return form === "shell" ? afterArray(words[0]) : undefined;
    case "HEALTHCHECK":
      if (instruction.test.kind === "cmd") return form === "shell" ? afterArray(words[1]) : undefined;
      return commentWord(words);
    case "WORKDIR":
    case "USER":
    case "STOPSIGNAL":
      return insideText(words[0], "#");
    case "MAINTAINER":
      return insideText(words[0], "# ");
    case "ENV":
    case "LABEL": {
      const [pair] = instruction.pairs;
      return pair?.legacy === true ? insideText(pair.value, "#") : commentWord(words);
    }
    case "FROM":
    case "ARG":
    case "COPY":
    case "ADD":
    case "EXPOSE":
    case "VOLUME":
      return form === "json" ? undefined : commentWord(words);
    default:
      return undefined;
  }
}

/** A word that begins with `#`; the first one only when it is nothing else. */
function commentWord(words: readonly Word[]): Found | undefined {
  const index = words.findIndex(({ raw }, at) => {
    const hash = raw.charCodeAt(0) === HASH ? 0 : raw.startsWith("\\ #") ? 2 : -1;
    return hash >= 0 && (at > 0 || raw.length === hash + 1);
  });
  const word = words[index];
  if (word === undefined) return undefined;
  const hash = word.raw.indexOf("#");
  const before = words.slice(0, index).map(({ raw }) => raw);
  const isArray = before[0]?.startsWith("[") === true && isJson(before.join(" "));
  return { kind: isArray ? "json" : "word", start: word.rangeOf(hash, hash + 1) };
}

const HASH = 0x23;

/** A `#` behind a blank and outside of quotes, in a text that is one argument. */
function insideText(word: Word | undefined, mark: "#" | "# "): Found | undefined {
  if (word === undefined || !word.raw.includes("#")) return undefined;
  const { raw } = word;
  let open = "";
  for (let at = 0; at < raw.length; at += 1) {
    const character = raw[at] ?? "";
    if (character === open) open = "";
    else if (open !== "") continue;
    else if (character === '"' || character === "'") open = character;
    else if (character === "#" && raw.startsWith(mark, at) && at > 0 && /\s/.test(raw[at - 1] ?? "")) {
      return { kind: "word", start: word.rangeOf(at, at + 1) };
    }
  }
  return undefined;
}

/** A `#` behind a JSON array in a command. */
function afterArray(word: Word | undefined): Found | undefined {
  if (word === undefined || !word.raw.startsWith("[")) return undefined;
  const match = ARRAY_AND_COMMENT.exec(word.raw);
  if (match === null) return undefined;
  const [, array = "", blanks = ""] = match;
  const hash = array.length + blanks.length;
  return isJson(array) ? { kind: "json", start: word.rangeOf(hash, hash + 1) } : undefined;
}

/** Items of a command hold no `]` behind which a comment could begin. */
const ARRAY_AND_COMMENT = /^(\[[^\]]*\])([ \t]+)#/;

function isJson(text: string): boolean {
  return parseJsonStrings(text, 0, text.length).kind === "strings";
}

function toLineEnd({ source, start }: Range, { headRange }: Instruction): Range {
  const line = source.lineSpan(source.positionAt(start).line);
  const limit = Math.min(line?.end ?? headRange.end, headRange.end);
  let end = limit;
  const { text } = source;
  while (end > start && BLANKS.includes(text[end - 1] ?? "x")) end -= 1;
  const isContinued = limit < headRange.end && ESCAPES.includes(text[end - 1] ?? "x");
  if (isContinued) end -= 1;
  while (end > start + 1 && BLANKS.includes(text[end - 1] ?? "x")) end -= 1;
  return source.range(start, Math.max(end, start + 1));
}

const BLANKS = " \t";
const ESCAPES = "\\`";
