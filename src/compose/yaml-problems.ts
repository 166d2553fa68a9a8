import type { YAMLError } from "yaml";
import type { Source } from "../text/source.js";
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
  const start = Math.max(0, Math.min(error.pos[0], source.text.length));
  const end = Math.max(start, Math.min(error.pos[1], source.text.length));
  const specific = MISSING.find(([words]) => error.message.includes(words))?.[1];
  return {
    kind: code === "TAB_AS_INDENT" || isTabHere(source.text, start) ? "tab" : "syntax",
    range: source.range(start, end),
    message: isTabHere(source.text, start)
      ? "a tab cannot indent YAML; use blanks"
      : (specific ?? MESSAGES[code] ?? "this cannot be read as YAML"),
    related: undefined,
    replacement: undefined,
  };
}

/** The parser sometimes blames what follows the tab, or the tab for something else: an indenting tab is the cause. */
function isTabHere(text: string, offset: number): boolean {
  if (text.charCodeAt(offset) !== 9) return false;
  const before = text.charCodeAt(offset - 1);
  return offset === 0 || before === 10 || before === 13;
}
