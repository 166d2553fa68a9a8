import { Composer, type Document, isAlias, isMap, isScalar, isSeq, Lexer, type ParsedNode, Parser } from "yaml";
import type { Range, Source } from "../text/source.js";
import { closest } from "../values/closest.js";
import { LIMITS } from "./limits.js";
import { WrittenScalar } from "./written-scalar.js";
import type {
  Anchor,
  ScalarStyle,
  Tag,
  YamlAlias,
  YamlEntry,
  YamlFile,
  YamlMapping,
  YamlNode,
  YamlProblem,
  YamlProblemKind,
  YamlScalar,
  YamlSequence,
} from "./yaml-model.js";
import { syntaxProblem } from "./yaml-problems.js";

/** At most this many problems of one file are kept: after a hundred, the next one tells nobody anything. */
const MAX_PROBLEMS = 100;

/**
 * Reads one source as YAML: everything as written, with exact ranges, recovering from errors as far as the parser can.
 * Never throws; texts beyond {@link LIMITS} give no documents and one problem of kind `limit`.
 */
export function parseYaml(source: Source): YamlFile {
  const tokens = tokenize(source);
  if ("limit" in tokens) return beyondLimits(tokens.limit, tokens.comments);
  const composer = new Composer({ schema: "failsafe", uniqueKeys: false, prettyErrors: false, merge: false });
  const reader = new TreeReader(source);
  const documents: YamlNode[] = [];
  for (const document of composer.compose(tokens.tokens, false, tokens.text.length)) {
    const root = reader.readDocument(document);
    if (root !== undefined) documents.push(root);
    if (reader.limit !== undefined) return beyondLimits(reader.limit, tokens.comments);
  }
  reader.judgeRoots(documents);
  return {
    documents,
    comments: tokens.comments,
    anchors: reader.anchors,
    problems: reader.problems.sort((a, b) => a.range.start - b.range.start),
    isBeyondLimits: false,
  };
}

function beyondLimits(problem: YamlProblem, comments: readonly Range[]): YamlFile {
  return { documents: [], comments, anchors: [], problems: [problem], isBeyondLimits: true };
}

type Tokens =
  | { readonly tokens: readonly Token[]; readonly text: string; readonly comments: readonly Range[] }
  | { readonly limit: YamlProblem; readonly comments: readonly Range[] };
type Token = Parser["stack"][number];

/**
 * Runs lexer and parser in step: the composer after them works recursively, so depth is bounded here, where the parser
 * still keeps its own stack.
 */
function tokenize(source: Source): Tokens {
  const comments: Range[] = [];
  if (source.text.length > LIMITS.fileLength) {
    return { limit: limitProblem(source, LIMITS.fileLength, "this file is larger than 1 MiB"), comments };
  }
  const text = withLineFeeds(source.text);
  const parser = new Parser();
  const tokens: Token[] = [];
  let isScalar = false;
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (!isScalar && lexeme.charCodeAt(0) === 35) {
      comments.push(source.range(parser.offset, parser.offset + lexeme.trimEnd().length));
    }
    isScalar = lexeme === "\u001f";
    for (const token of parser.next(lexeme)) tokens.push(token);
    count += 1;
    // A document and one scalar stand on the stack beside the collections.
    if (parser.stack.length > LIMITS.nesting + 2) {
      const message = `values nest deeper than ${LIMITS.nesting} levels here`;
      return { limit: limitProblem(source, parser.offset - 1, message), comments };
    }
    if (count > LIMITS.lexemes) {
      return { limit: limitProblem(source, parser.offset, "this file has more YAML tokens than are read"), comments };
    }
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens, text, comments };
}

/** A lone CR ends a line in YAML and for the Compose loader, but not for the parser in use. */
function withLineFeeds(text: string): string {
  return text.includes("\r") ? text.replace(/\r(?!\n)/g, "\n") : text;
}

function limitProblem(source: Source, offset: number, message: string): YamlProblem {
  const start = Math.max(0, Math.min(offset, source.text.length));
  const range = source.range(start, Math.min(start + 1, source.text.length));
  return { kind: "limit", range, message, related: undefined, replacement: undefined };
}

interface OpenAnchor extends Anchor {
  readonly uses: Range[];
}

interface AnchorState {
  readonly anchor: OpenAnchor;
  /** Undefined while the anchored node is being read: an alias to it would hold itself. */
  node: YamlNode | undefined;
  size: number;
}

/** Turns the parser's nodes into ours; the one place where positions are taken over. */
class TreeReader {
  readonly problems: YamlProblem[] = [];
  readonly anchors: OpenAnchor[] = [];
  limit: YamlProblem | undefined;
  readonly #source: Source;
  #byName = new Map<string, AnchorState>();
  /** Nodes read so far, an alias counting as many as it stands for. May be huge, never wrong for what it decides. */
  #size = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  readDocument(document: Document.Parsed): YamlNode | undefined {
    for (const error of document.errors) {
      const problem = this.problems.length < MAX_PROBLEMS ? syntaxProblem(this.#source, error) : undefined;
      if (problem !== undefined) this.problems.push(problem);
    }
    this.#byName = new Map();
    const contents = document.contents;
    if (contents === null) return undefined;
    const isEmpty = isScalar(contents) && contents.source === "" && contents.type === "PLAIN" && !contents.tag;
    return isEmpty ? undefined : this.#read(contents, 0);
  }

  /** Reports roots that are no mapping, a text without any root, and a document that repeats the one before. */
  judgeRoots(documents: readonly YamlNode[]): void {
    const whole = this.#source.range(0, 0);
    if (documents.length === 0 && this.problems.length === 0) this.#report("root", whole, "this file is empty");
    for (const [index, root] of documents.entries()) {
      if (root.kind !== "mapping") {
        const name = root.kind === "sequence" ? "a list" : root.kind === "alias" ? "an alias" : "text";
        this.#report("root", firstLine(root.range), `the top level is ${name}; a Compose file is a mapping`);
      }
      const previous = documents[index - 1];
      if (previous !== undefined && this.#source.slice(previous.range) === this.#source.slice(root.range)) {
        this.#report("documents", firstLine(root.range), "this document repeats the one before", {
          related: firstLine(previous.range),
        });
      }
    }
  }

  #read(node: ParsedNode, fallback: number): YamlNode {
    this.#size += 1;
    if (this.limit !== undefined) return this.#nothing(fallback);
    if (this.#size > LIMITS.nodes) {
      this.#exceed(node.range[0], "this file holds more than 100,000 values");
      return this.#nothing(fallback);
    }
    if (isAlias(node)) return this.#readAlias(node.source, this.#range(node.range[0], node.range[1]));
    const anchor = node.anchor === undefined ? undefined : this.#openAnchor(node.anchor, node.range[0]);
    const tag = node.tag === undefined ? undefined : this.#readTag(node.tag, node.range[0]);
    const before = this.#size;
    const result = this.#readAnchored(node, anchor?.anchor, tag);
    if (anchor !== undefined) {
      anchor.node = result;
      anchor.size = this.#size - before + 1;
    }
    return result;
  }

  #readAnchored(
    node: Exclude<ParsedNode, { readonly source: string; readonly type?: never }>,
    anchor: Anchor | undefined,
    tag: Tag | undefined,
  ): YamlNode {
    if (isScalar(node)) return this.#readScalar(node, anchor, tag);
    const style = "flow" in node && node.flow === true ? "flow" : "block";
    if (isSeq(node)) {
      const items: YamlNode[] = [];
      for (const item of node.items) {
        items.push(isParsed(item) ? this.#read(item, node.range[0]) : this.#nothing(node.range[0]));
      }
      const range = this.#range(
        node.range[0],
        style === "flow" ? node.range[1] : endOf(items.at(-1), node.range[0] + 1),
      );
      return { kind: "sequence", style, items, range, anchor, tag } satisfies YamlSequence;
    }
    if (isMap(node)) {
      const entries: YamlEntry[] = [];
      const seen = new Map<string, YamlEntry>();
      for (const pair of node.items) {
        const entry = this.#readEntry(pair.key, pair.value, seen);
        if (entry !== undefined) entries.push(entry);
      }
      const last = entries.at(-1);
      const range = this.#range(node.range[0], style === "flow" || last === undefined ? node.range[1] : last.range.end);
      return { kind: "mapping", style, entries, range, anchor, tag } satisfies YamlMapping;
    }
    return this.#nothing(0);
  }

  #readEntry(keyNode: unknown, valueNode: unknown, seen: Map<string, YamlEntry>): YamlEntry | undefined {
    const key = isParsed(keyNode) ? this.#readKey(keyNode) : undefined;
    const keyEnd = key?.range.end ?? (isParsed(keyNode) ? keyNode.range[1] : 0);
    const value = isParsed(valueNode) ? this.#read(valueNode, keyEnd) : this.#nothing(keyEnd);
    if (key === undefined) return undefined;
    const isMerge = key.style === "plain" && key.text === "<<" && key.tag === undefined;
    if (isMerge) this.#judgeMerge(value);
    const duplicateOf = seen.get(key.text);
    const end = Math.max(key.range.end, value.range.end);
    const entry = { key, value, isMerge, duplicateOf, range: this.#range(key.range.start, end) };
    if (duplicateOf === undefined) seen.set(key.text, entry);
    else {
      const line = this.#source.positionAt(duplicateOf.key.range.start).line;
      const message = `\`${shorten(key.text)}\` is already set in line ${line}`;
      this.#report("duplicate-key", key.range, message, { related: duplicateOf.key.range });
    }
    return entry;
  }

  /** A key must be text; what the loader would take for a number, a truth value or nothing is reported and kept as text. */
  #readKey(node: ParsedNode): YamlScalar | undefined {
    const read = this.#read(node, node.range[0]);
    const key = read.kind === "alias" ? read.target : read;
    if (key === undefined || key.kind !== "scalar") {
      if (read.kind !== "alias") this.#report("key", firstLine(read.range), "a key is text, not a list or mapping");
      return undefined;
    }
    const names = { null: "empty", boolean: "a truth value", integer: "a number", float: "a number" } as const;
    if (key.type !== "text" && key.type !== "timestamp" && read === key) {
      const what = key.text === "" ? "a key is missing here" : `key \`${shorten(key.text)}\` is ${names[key.type]}`;
      const replacement = key.style === "plain" && key.text !== "" ? `"${key.text}"` : undefined;
      this.#report("key", key.range, key.text === "" ? what : `${what}; names are text`, { replacement });
    }
    return read === key ? key : WrittenScalar.at(key, read.range);
  }

  #judgeMerge(value: YamlNode): void {
    const isMapping = (node: YamlNode) => {
      const target = node.kind === "alias" ? node.target : node;
      // An alias without target has a problem of its own.
      return target === undefined || target.kind === "mapping";
    };
    if (isMapping(value)) return;
    const target = value.kind === "alias" ? value.target : value;
    if (target?.kind === "sequence" && value.kind === "sequence" && target.items.every(isMapping)) return;
    const what = target?.kind === "sequence" ? "this is a list" : "this is text";
    this.#report("merge-key", firstLine(value.range), `\`<<\` merges mappings, and ${what}`);
  }

  #readScalar(
    node: Extract<ParsedNode, { readonly value: unknown }>,
    anchor: Anchor | undefined,
    tag: Tag | undefined,
  ): YamlScalar {
    const start = node.range[0];
    const style = STYLES[node.type ?? "PLAIN"] ?? "plain";
    const isBlock = style === "literal" || style === "folded";
    const end = isBlock ? trimmedEnd(this.#source.text, start, node.range[1]) : node.range[1];
    const text = typeof node.value === "string" ? node.value : (node.source ?? "");
    // Aliases to a long text make it read as often as they are many.
    this.#size += text.length >> 6;
    return new WrittenScalar(
      style,
      text,
      this.#range(start, end),
      Math.min(node.range[1], this.#source.text.length),
      anchor,
      tag,
    );
  }

  #readAlias(name: string, range: Range): YamlAlias {
    const state = this.#byName.get(name);
    state?.anchor.uses.push(range);
    if (state === undefined) {
      const nearest = this.problems.length < MAX_PROBLEMS ? closest(name, this.#byName.keys()) : undefined;
      const hint = nearest === undefined ? "" : `; did you mean \`${shorten(nearest)}\`?`;
      this.#report("alias", range, `no anchor is named \`${shorten(name)}\`${hint}`);
      return { kind: "alias", name, target: undefined, range };
    }
    if (state.node === undefined) {
      this.#exceed(range.start, `\`*${shorten(name)}\` stands inside its own anchor`);
      return { kind: "alias", name, target: undefined, range };
    }
    this.#size += state.size;
    if (this.#size > LIMITS.nodes) this.#exceed(range.start, "aliases expand this file beyond 100,000 nodes");
    return { kind: "alias", name, target: state.node, range };
  }

  #openAnchor(name: string, before: number): AnchorState {
    const start = this.#source.text.lastIndexOf(`&${name}`, before);
    const range = start === -1 ? this.#range(before, before) : this.#range(start, start + name.length + 1);
    const state: AnchorState = { anchor: { name, range, uses: [] }, node: undefined, size: 0 };
    this.anchors.push(state.anchor);
    this.#byName.set(name, state);
    return state;
  }

  #readTag(name: string, before: number): Tag {
    const range = this.#tagRange(before);
    const short = name.startsWith(CORE_TAG) ? `!!${name.slice(CORE_TAG.length)}` : name;
    if (!KNOWN_TAGS.has(short)) {
      this.#report("tag", range, `tag \`${shorten(short)}\` is unknown; Compose reads \`!reset\` and \`!override\``);
    }
    return { name: short, range };
  }

  #tagRange(before: number): Range {
    const { text } = this.#source;
    let start = text.lastIndexOf("!", Math.max(0, before - 1));
    if (start === -1) return this.#range(before, before);
    while (start > 0 && !isBlankAt(text, start - 1) && !"[{,".includes(text[start - 1] ?? "")) start -= 1;
    let end = start;
    while (end < text.length && !isBlankAt(text, end)) end += 1;
    return this.#range(start, end);
  }

  #nothing(offset: number): YamlScalar {
    const range = this.#range(offset, offset);
    return new WrittenScalar("plain", "", range, range.end, undefined, undefined);
  }

  #exceed(offset: number, message: string): void {
    this.limit ??= limitProblem(this.#source, offset, message);
  }

  #range(start: number, end: number): Range {
    const length = this.#source.text.length;
    const from = Math.max(0, Math.min(start, length));
    return this.#source.range(from, Math.max(from, Math.min(end, length)));
  }

  #report(
    kind: YamlProblemKind,
    range: Range,
    message: string,
    more: { readonly related?: Range; readonly replacement?: string | undefined } = {},
  ): void {
    if (this.problems.length >= MAX_PROBLEMS) return;
    this.problems.push({ kind, range, message, related: more.related, replacement: more.replacement });
  }
}

const CORE_TAG = "tag:yaml.org,2002:";
const KNOWN_TAGS: ReadonlySet<string> = new Set(
  "!reset !override ! !!str !!int !!float !!bool !!null !!map !!seq !!timestamp !!merge !!binary".split(" "),
);

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: "plain",
  QUOTE_SINGLE: "single",
  QUOTE_DOUBLE: "double",
  BLOCK_LITERAL: "literal",
  BLOCK_FOLDED: "folded",
};

function isParsed(node: unknown): node is ParsedNode {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node);
}

function endOf(node: YamlNode | undefined, otherwise: number): number {
  return Math.max(node?.range.end ?? 0, otherwise);
}

function isBlankAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code === 32 || code === 10 || code === 13 || code === 9;
}

function trimmedEnd(text: string, start: number, end: number): number {
  let position = Math.min(end, text.length);
  while (position > start && isBlankAt(text, position - 1)) position -= 1;
  return position;
}

/** The part of a range on its first line: what is marked when a whole block is meant. */
function firstLine(range: Range): Range {
  const { source, start, end } = range;
  const lineBreak = source.text.slice(start, end).search(/[\r\n]/);
  return lineBreak === -1 ? range : source.range(start, start + lineBreak);
}

/** Keeps messages short, whatever stands in the file. */
function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
