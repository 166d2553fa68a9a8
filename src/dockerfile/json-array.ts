import { skipSpace } from "./characters.js";

/** A string of a JSON array; offsets belong to the text that was parsed. */
export interface JsonString {
  readonly value: string;
  /** With the quotes. */
  readonly start: number;
  readonly end: number;
  /**
   * Offset of each code unit of `value`, and of the closing quote at the end; undefined when the string holds no escapes,
   * so that code unit `i` is at `start + 1 + i`.
   */
  readonly offsets: readonly number[] | undefined;
}

/** What a text that should be a JSON array is. `not-strings` is valid JSON with another item, which the builder refuses. */
export type JsonStrings =
  | { readonly kind: "strings"; readonly strings: readonly JsonString[] }
  | { readonly kind: "not-strings" }
  | { readonly kind: "invalid" };

/**
 * Reads `[start, end)` as a JSON array of strings; white space around it is allowed, anything else behind it is not.
 */
export function parseJsonStrings(text: string, start: number, end: number): JsonStrings {
  let index = skipSpace(text, start, end);
  if (text.charCodeAt(index) !== 0x5b || index >= end) return { kind: "invalid" };
  const strings: JsonString[] = [];
  index = skipJsonSpace(text, index + 1, end);
  if (text.charCodeAt(index) === 0x5d && index < end) return closed(text, index + 1, end, strings);
  while (index < end) {
    if (text.charCodeAt(index) !== 0x22) return otherItems(text, start, end);
    const string = readString(text, index, end);
    if (string === undefined) return { kind: "invalid" };
    strings.push(string);
    index = skipJsonSpace(text, string.end, end);
    if (index >= end) break;
    const code = text.charCodeAt(index);
    if (code === 0x5d) return closed(text, index + 1, end, strings);
    if (code !== 0x2c) break;
    index = skipJsonSpace(text, index + 1, end);
  }
  return { kind: "invalid" };
}

function closed(text: string, behind: number, end: number, strings: readonly JsonString[]): JsonStrings {
  return skipJsonSpace(text, behind, end) === end ? { kind: "strings", strings } : { kind: "invalid" };
}

function otherItems(text: string, start: number, end: number): JsonStrings {
  const slice = text.slice(skipSpace(text, start, end), end);
  try {
    const value: unknown = JSON.parse(slice);
    return { kind: Array.isArray(value) ? "not-strings" : "invalid" };
  } catch {
    return { kind: "invalid" };
  }
}

function skipJsonSpace(text: string, start: number, end: number): number {
  let index = start;
  while (index < end) {
    const code = text.charCodeAt(index);
    if (code !== 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) break;
    index += 1;
  }
  return index;
}

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

function readString(text: string, start: number, end: number): JsonString | undefined {
  for (let index = start + 1; index < end; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x22) return { value: text.slice(start + 1, index), start, end: index + 1, offsets: undefined };
    if (code === 0x5c) return readEscapedString(text, start, end);
    if (code < 0x20) return undefined;
  }
  return undefined;
}

function readEscapedString(text: string, start: number, end: number): JsonString | undefined {
  const offsets: number[] = [];
  let value = "";
  let index = start + 1;
  while (index < end) {
    const code = text.charCodeAt(index);
    if (code < 0x20) return undefined;
    offsets.push(index);
    if (code === 0x22) return { value, start, end: index + 1, offsets };
    if (code !== 0x5c) {
      value += text[index];
      index += 1;
      continue;
    }
    const letter = text[index + 1] ?? "";
    if (letter === "u") {
      const digits = text.slice(index + 2, Math.min(index + 6, end));
      if (!HEX.test(digits)) return undefined;
      value += String.fromCharCode(Number.parseInt(digits, 16));
      index += 6;
      continue;
    }
    const decoded = SIMPLE_ESCAPES.get(letter);
    if (decoded === undefined || index + 1 >= end) return undefined;
    value += decoded;
    index += 2;
  }
  return undefined;
}

const HEX = /^[0-9a-fA-F]{4}$/;
