import type { YAMLError } from "yaml";
import type { Source, Span } from "../text/source.js";
import type { YamlProblem } from "./yaml-model.js";

/** What the parser's error codes mean, in the words of someone who writes Compose files. */
const MESSAGES: Readonly<Record<string, string>> = {
  ALIAS_PROPS: "an alias cannot have an anchor or a tag of its own",
  BAD_ALIAS: "an alias needs a name right after `*`",
  BAD_COLLECTION_TYPE: "the tag does not fit this kind of value",
  BAD_DIRECTIVE: "this directive is not one of YAML; quote text that starts with `%`",
  BAD_DQ_ESCAPE: "double quotes do not know this escape; double the backslash or use single quotes",
  BAD_INDENT: "this line does not line up with the ones before; indent it like its neighbours",
  BAD_PROP_ORDER: "an anchor or tag stands before the `-`, `?` or `:`, not here",
  BAD_SCALAR_START: "plain text cannot start with this character; quote it",
  BLOCK_AS_IMPLICIT_KEY: "a nested value cannot start here; begin it on a line of its own, indented",
  BLOCK_IN_FLOW: "a block cannot stand inside `{}` or `[]`",
  IMPOSSIBLE: "this cannot be read as YAML",
  KEY_OVER_1024_CHARS: "a key has at most 1024 characters",
  MULTILINE_IMPLICIT_KEY: "a key must be on one line and end in `:`",
  MULTIPLE_ANCHORS: "a value can have one anchor",
  MULTIPLE_TAGS: "a value can have one tag",
  TAB_AS_INDENT: "a tab cannot indent YAML; use blanks",
  UNEXPECTED_TOKEN: "this does not belong here",
};

/** Finer words where one code stands for several faults: told apart by what the parser says is missing. */
const MISSING: readonly (readonly [string, string])[] = [
  ["quote", "the quote is never closed"],
  ["Implicit map keys need to be followed", "a `:` is missing after this key"],
  ["Implicit keys need to be on a single line", "a key must be on one line and end in `:`"],
  ["separated by ,", "a `,` is missing before this"],
  ["Missing space", "a blank is missing here"],
  ["Missing , ", "a `,` is missing before this"],
  ["end with a }", "the `{` is never closed"],
  ["end with a ]", "the `[` is never closed"],
  ["mapping values are not allowed", "a value cannot hold another `key: value`; quote the text"],
  [
    "Nested mappings are not allowed",
    "one line cannot hold `key: key: value`; quote the text or indent the second key",
  ],
  ["must be separated", "a blank or comma is missing here"],
];

/** Turns a parser error into a problem; undefined for what this model judges itself (tags, repeated keys). */
export function syntaxProblem(source: Source, error: YAMLError): YamlProblem | undefined {
  const { code } = error;
  if (code === "TAG_RESOLVE_FAILED" || code === "DUPLICATE_KEY" || code === "NON_STRING_KEY") return undefined;
  if (code === "MULTIPLE_DOCS") return undefined;
  const place = placeOf(source.text, error);
  const specific = MISSING.find(([words]) => error.message.includes(words))?.[1];
  const isTab = isTabHere(source.text, place.start);
  return {
    kind: code === "TAB_AS_INDENT" || isTab ? "tab" : "syntax",
    range: source.range(place.start, place.end),
    message: isTab
      ? "a tab cannot indent YAML; use blanks"
      : lacksBlank(source.slice(place))
        ? "a blank is missing after the `:`"
        : (specific ?? MESSAGES[code] ?? "this cannot be read as YAML"),
    related: undefined,
    replacement: undefined,
  };
}

/** Where a person looks for the cause: a quote that is never closed begins it, and what spans lines is its first one. */
function placeOf(text: string, { pos, message }: YAMLError): Span {
  const start = Math.max(0, Math.min(pos[0], text.length));
  const end = Math.max(start, Math.min(pos[1], text.length));
  if (message.includes("quote")) {
    const opened = lastQuote(text.slice(0, start), message.includes('"quote') ? '"' : "'");
    if (opened !== undefined) return { start: opened, end: lineEnd(text, opened, text.length) };
  }
  return { start, end: lineEnd(text, start, end) };
}

/** The last quote that is neither escaped nor doubled; undefined when there is none. */
function lastQuote(text: string, quote: string): number | undefined {
  let at = text.lastIndexOf(quote);
  while (at > 0 && quote === '"' && text[at - 1] === "\\") at = text.lastIndexOf(quote, at - 1);
  while (at > 0 && quote === "'" && text[at - 1] === "'") at = text.lastIndexOf(quote, at - 2);
  return at === -1 ? undefined : at;
}

function lineEnd(text: string, start: number, end: number): number {
  const lineBreak = text.slice(start, end).search(/[\r\n]/);
  return lineBreak <= 0 ? end : start + lineBreak;
}

/** `image:nginx`: a name and a value that only lack the blank between them. */
function lacksBlank(text: string): boolean {
  return /^[A-Za-z_][\w-]{0,100}:[^\s:/]/.test(text);
}

/** The parser sometimes blames what follows the tab, or the tab for something else: an indenting tab is the cause. */
function isTabHere(text: string, offset: number): boolean {
  if (text.charCodeAt(offset) !== 9) return false;
  const before = text.charCodeAt(offset - 1);
  return offset === 0 || before === 10 || before === 13;
}
