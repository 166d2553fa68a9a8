import type { Flag, Mount, MountEntry } from "./model.js";
import type { Word } from "./word.js";
import { partOfWord } from "./word.js";

/**
 * Reads a `--mount` flag: comma-separated `key=value` fields, of which one may be quoted as in CSV.
 *
 * @returns undefined when the flag has no value
 * @see https://github.com/moby/buildkit/blob/v0.20.2/frontend/dockerfile/instructions/commands_runmount.go (parseMount)
 */
export function readMount(flag: Flag): Mount | undefined {
  const word = flag.value;
  if (word === undefined) return undefined;
  const entries = splitFields(word.raw).map(([start, end]) => readEntry(word, start, end));
  const find = (...keys: readonly string[]): Word | undefined =>
    entries.findLast((entry) => keys.includes(entry.key))?.value;
  return {
    type: find("type")?.raw.toLowerCase() ?? "bind",
    entries,
    flag,
    range: flag.range,
    from: find("from"),
    target: find("target", "dst", "destination"),
    source: find("source", "src"),
    id: find("id"),
  };
}

/** Spans between commas outside double quotes. */
function splitFields(raw: string): readonly (readonly [number, number])[] {
  const fields: (readonly [number, number])[] = [];
  let start = 0;
  let isQuoted = false;
  for (let index = 0; index <= raw.length; index += 1) {
    const character = raw[index];
    if (character === '"') isQuoted = !isQuoted;
    if (character !== undefined && (character !== "," || isQuoted)) continue;
    fields.push([start, index]);
    start = index + 1;
  }
  return fields;
}

function readEntry(word: Word, start: number, end: number): MountEntry {
  const isQuoted = end - start >= 2 && word.raw[start] === '"' && word.raw[end - 1] === '"';
  const from = isQuoted ? start + 1 : start;
  const to = isQuoted ? end - 1 : end;
  const field = word.raw.slice(from, to);
  const equals = field.indexOf("=");
  const keyEnd = equals < 0 ? to : from + equals;
  return {
    key: word.raw.slice(from, keyEnd).toLowerCase(),
    keyRange: word.rangeOf(from, keyEnd),
    value: equals < 0 ? undefined : partOfWord(word, keyEnd + 1, to),
    range: word.rangeOf(start, end),
  };
}
