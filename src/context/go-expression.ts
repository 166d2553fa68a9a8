import {
  type CodePointRange,
  FOLDERS,
  literal,
  NAME_CHARACTER_ONCE,
  NAMED_CLASSES,
  type PatternItem,
} from "../files/path-pattern.js";

/**
 * Reads the regular expressions that the reference matcher makes of ignore patterns: RE2 syntax with classes, `*` behind
 * a class, `.*`, an optional `.*` with a slash and escapes. Odd patterns become odd expressions (`[*]`, `\d`, an inner `^`), and mean here what
 * they mean there. Word boundaries, quotations and Unicode classes, which only a backslash before a letter could give,
 * match nothing.
 *
 * @param text without the leading `^` and the trailing `$`
 * @returns undefined when the expression is refused, which fails the build
 * @see https://github.com/moby/patternmatcher/blob/v0.6.0/patternmatcher.go (compile)
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function parseGoExpression(text: string): PatternItem[] | undefined {
  const items: PatternItem[] = [];
  // Asked for once: searching to the end from every bracket would make long lines slow.
  const lastNameEnd = text.lastIndexOf(":]");
  for (let index = 0; index < text.length; ) {
    const step = stepAt(text, index, lastNameEnd);
    if (step === undefined) return undefined;
    const isRepeated = text[step.end] === "*";
    items.push(isRepeated ? { matches: step.item.matches, repeats: true } : step.item);
    index = step.end + (isRepeated ? 1 : 0);
  }
  return items;
}

interface Step {
  readonly item: PatternItem;
  readonly end: number;
}

const OPTIONAL_FOLDERS = "(.*/)?";
const ANY_BUT_NEWLINE: PatternItem = { matches: { kind: "any", exceptNewline: true }, repeats: false };
const START: PatternItem = { matches: { kind: "start" }, repeats: false };
const NOTHING: PatternItem = { matches: { kind: "class", isNegated: false, ranges: [] }, repeats: false };

function stepAt(text: string, index: number, lastNameEnd: number): Step | undefined {
  switch (text[index]) {
    case "^":
      return { item: START, end: index + 1 };
    case "(":
      // All others are escaped.
      return { item: FOLDERS, end: index + OPTIONAL_FOLDERS.length };
    case ".":
      return { item: ANY_BUT_NEWLINE, end: index + 1 };
    case "[":
      return text.startsWith("[^/]", index)
        ? { item: NAME_CHARACTER_ONCE, end: index + 4 }
        : classAt(text, index, lastNameEnd);
    case "\\":
      return escapeAt(text, index);
    default: {
      const codePoint = text.codePointAt(index) ?? 0;
      return { item: literal(codePoint), end: index + (codePoint > 0xffff ? 2 : 1) };
    }
  }
}

function classAt(text: string, start: number, lastNameEnd: number): Step | undefined {
  let index = start + 1;
  const isNegated = text[index] === "^";
  if (isNegated) index += 1;
  const ranges: CodePointRange[] = [];
  for (let isFirst = true; isFirst || text[index] !== "]"; isFirst = false) {
    const group = groupAt(text, index, lastNameEnd);
    if (group === "refused") return undefined;
    if (group !== undefined) {
      ranges.push(...group.ranges);
      index = group.end;
      continue;
    }
    const first = characterAt(text, index);
    if (first === undefined) return undefined;
    const isRange = text[first.end] === "-" && first.end + 1 < text.length && text[first.end + 1] !== "]";
    const last = isRange ? characterAt(text, first.end + 1) : first;
    if (last === undefined || last.codePoint < first.codePoint) return undefined;
    ranges.push([first.codePoint, last.codePoint]);
    index = last.end;
  }
  return { item: { matches: { kind: "class", isNegated, ranges }, repeats: false }, end: index + 1 };
}

/** `[:alpha:]` or `\d` inside a class. */
function groupAt(
  text: string,
  index: number,
  lastNameEnd: number,
): { readonly ranges: readonly CodePointRange[]; readonly end: number } | "refused" | undefined {
  if (text.startsWith("[:", index)) {
    if (index + 2 > lastNameEnd) return undefined;
    const end = text.indexOf(":]", index + 2);
    const ranges = NAMED_CLASSES.get(text.slice(index + 2, end));
    return ranges === undefined ? "refused" : { ranges, end: end + 2 };
  }
  const ranges = text[index] === "\\" ? PERL_CLASSES.get(text[index + 1] ?? "") : undefined;
  return ranges === undefined ? undefined : { ranges, end: index + 2 };
}

interface Character {
  readonly codePoint: number;
  readonly end: number;
}

function characterAt(text: string, index: number): Character | undefined {
  if (text[index] === "\\") return escapedCharacterAt(text, index);
  const codePoint = text.codePointAt(index);
  return codePoint === undefined ? undefined : { codePoint, end: index + (codePoint > 0xffff ? 2 : 1) };
}

function escapeAt(text: string, index: number): Step | undefined {
  const letter = text[index + 1] ?? "";
  const ranges = PERL_CLASSES.get(letter);
  if (ranges !== undefined) {
    return { item: { matches: { kind: "class", isNegated: false, ranges }, repeats: false }, end: index + 2 };
  }
  if (letter === "A") return { item: START, end: index + 2 };
  if (MEANS_NOTHING.has(letter)) return { item: NOTHING, end: index + 2 };
  const character = escapedCharacterAt(text, index);
  return character === undefined ? undefined : { item: literal(character.codePoint), end: character.end };
}

const MEANS_NOTHING: ReadonlySet<string> = new Set(["b", "B", "z", "Q", "p", "P"]);

const CONTROL_ESCAPES: ReadonlyMap<string, number> = new Map([
  ["a", 7],
  ["f", 12],
  ["n", 10],
  ["r", 13],
  ["t", 9],
  ["v", 11],
]);

const LETTER_OR_DIGIT = /[0-9A-Za-z]/;
const OCTAL = /0[0-7]{0,2}|[1-7][0-7]{1,2}/y;
const HEX = /x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,8})\})/y;

function escapedCharacterAt(text: string, index: number): Character | undefined {
  const next = text.codePointAt(index + 1);
  if (next === undefined) return undefined;
  const letter = String.fromCodePoint(next);
  const control = CONTROL_ESCAPES.get(letter);
  if (control !== undefined) return { codePoint: control, end: index + 2 };
  if (!LETTER_OR_DIGIT.test(letter)) return next < 0x80 ? { codePoint: next, end: index + 2 } : undefined;
  OCTAL.lastIndex = index + 1;
  const octal = OCTAL.exec(text)?.[0];
  if (octal !== undefined) return { codePoint: Number.parseInt(octal, 8), end: index + 1 + octal.length };
  HEX.lastIndex = index + 1;
  const hex = HEX.exec(text);
  const codePoint = hex === null ? Number.NaN : Number.parseInt(hex[1] ?? hex[2] ?? "", 16);
  return codePoint <= 0x10ffff ? { codePoint, end: index + 1 + (hex?.[0].length ?? 0) } : undefined;
}

const PERL_CLASSES: ReadonlyMap<string, readonly CodePointRange[]> = new Map<string, readonly CodePointRange[]>([
  ["d", [[48, 57]]],
  [
    "D",
    [
      [0, 47],
      [58, 0x10ffff],
    ],
  ],
  [
    "s",
    [
      [9, 10],
      [12, 13],
      [32, 32],
    ],
  ],
  [
    "S",
    [
      [0, 8],
      [11, 11],
      [14, 31],
      [33, 0x10ffff],
    ],
  ],
  [
    "w",
    [
      [48, 57],
      [65, 90],
      [95, 95],
      [97, 122],
    ],
  ],
  [
    "W",
    [
      [0, 47],
      [58, 64],
      [91, 94],
      [96, 96],
      [123, 0x10ffff],
    ],
  ],
]);
