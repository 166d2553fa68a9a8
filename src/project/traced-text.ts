import type { ScalarNode } from "../compose/node-model.js";
import type { Binding, Lookup, Piece, VariableUse } from "../dockerfile/expand.js";
import type { ArgPair, Dockerfile } from "../dockerfile/model.js";
import { partOfWord, type Word } from "../dockerfile/word.js";
import { type Range, type Span, textOf } from "../text/source.js";

/** Where a stretch of a value comes from. */
export interface Place {
  /** The smallest text that, once changed, changes the stretch: an ARG's or variable's default, else the value itself. */
  readonly range: Range;
  /** The text at `range` is the stretch, letter by letter, so that an edit may replace it. */
  readonly isExact: boolean;
  /** The variable that brings the stretch to its place, when `range` is elsewhere. */
  readonly use: Range | undefined;
  /** It is what a variable or ARG is when nobody sets it. */
  readonly isDefault: boolean;
  /** Holds text that may come from an env file: judge it, never print it. */
  readonly isSecret: boolean;
}

/** A value in which each stretch remembers where it was written. */
export interface TracedText {
  /** The whole value; variables that nobody knows stand as written. */
  readonly text: string;
  /** What may be shown of it: values of env files stand as written too. */
  readonly shown: string;
  /** Known text and unknown variables, in order. */
  readonly pieces: readonly Piece[];
  readonly range: Range;
  /** @param span 0-based code units of `text` */
  locate(span: Span): Place;
}

/** A scalar of a Compose file. */
export function traceScalar(node: ScalarNode): TracedText {
  return {
    text: node.resolved,
    shown: node.text,
    pieces: node.pieces,
    range: node.range,
    locate: ({ start, end }) => {
      const range = node.rangeOf(start, end);
      const { isSecret, certainty } = node.part(start, end);
      const isExact = !isSecret && textOf(range) === node.resolved.slice(start, end);
      return { range, isExact, use: undefined, isDefault: certainty === "defaulted", isSecret };
    },
  };
}

/** A text of a file that holds no variables. */
export function traceLiteral(text: string, range: Range): TracedText {
  const isExact = textOf(range) === text;
  return {
    text,
    shown: text,
    pieces: text === "" ? [] : [{ kind: "text", text }],
    range,
    locate: ({ start, end }) => ({
      range: isExact ? range.source.range(range.start + start, range.start + end) : range,
      isExact,
      use: undefined,
      isDefault: false,
      isSecret: false,
    }),
  };
}

/** A word of FROM with the values of global ARGs. @param lookup what a name stands for in FROM */
export function traceWord(word: Word, lookup: Lookup, file: Dockerfile): TracedText {
  return new TracedWord(word, lookup, file, 0);
}

/** A stretch of a word, and what it becomes. Offsets of `start` and `end` belong to the word. */
interface Segment extends Span {
  readonly text: string;
  readonly use: VariableUse | undefined;
  readonly pieces: readonly Piece[];
}

/** ARGs that take their values from each other in a longer row are no longer followed. */
const MOST_HOPS = 8;

class TracedWord implements TracedText {
  readonly #word: Word;
  readonly #lookup: Lookup;
  readonly #file: Dockerfile;
  readonly #hops: number;
  #segments: readonly Segment[] | undefined;

  constructor(word: Word, lookup: Lookup, file: Dockerfile, hops: number) {
    this.#word = word;
    this.#lookup = lookup;
    this.#file = file;
    this.#hops = hops;
  }

  get text(): string {
    return this.#all.map(({ text }) => text).join("");
  }

  get shown(): string {
    const { raw } = this.#word;
    return this.#all
      .map(({ text, start, end, use }) => (this.#isFromOutside(use) ? raw.slice(start, end) : text))
      .join("");
  }

  get pieces(): readonly Piece[] {
    const pieces: Piece[] = [];
    for (const piece of this.#all.flatMap((segment) => segment.pieces)) {
      const last = pieces.at(-1);
      if (piece.kind === "text" && last?.kind === "text") {
        pieces[pieces.length - 1] = { kind: "text", text: last.text + piece.text };
      } else pieces.push(piece);
    }
    return pieces;
  }

  get range(): Range {
    return this.#word.range;
  }

  locate({ start, end }: Span): Place {
    let offset = 0;
    let from: number | undefined;
    for (const segment of this.#all) {
      const next = offset + segment.text.length;
      if (start >= offset && end <= next && start < next) {
        return this.#locateIn(segment, { start: start - offset, end: end - offset });
      }
      if (start < next && from === undefined)
        from = segment.use === undefined ? segment.start + start - offset : segment.start;
      if (end <= next && from !== undefined) {
        const to = segment.use === undefined ? segment.start + end - offset : segment.end;
        return { ...WRITTEN, range: this.#word.rangeOf(from, to) };
      }
      offset = next;
    }
    return { ...WRITTEN, range: this.range };
  }

  #locateIn(segment: Segment, span: Span): Place {
    const { use } = segment;
    const written = this.#word.rangeOf(segment.start, segment.end);
    if (use === undefined) {
      const isPlain = segment.text.length === segment.end - segment.start;
      if (!isPlain) return { ...WRITTEN, range: written };
      const range = this.#word.rangeOf(segment.start + span.start, segment.start + span.end);
      return { ...WRITTEN, range, isExact: textOf(range) === segment.text.slice(span.start, span.end) };
    }
    const source = this.#sourceOf(use);
    if (source instanceof TracedWord && source.text === segment.text) {
      const place = source.locate(span);
      return { ...place, isDefault: true, use: place.use ?? (use.origin === undefined ? undefined : written) };
    }
    const isSecret = this.#isFromOutside(use);
    if (use.origin !== undefined) return { ...WRITTEN, range: use.origin, use: written, isSecret };
    return { ...WRITTEN, range: written };
  }

  /** A build argument of a Compose file may come from an env file. */
  #isFromOutside(use: VariableUse | undefined): boolean {
    return use?.origin !== undefined && use.origin.source !== this.#file.source.root;
  }

  /** The default that a variable takes, or the value of the ARG that sets it; undefined when it comes from elsewhere. */
  #sourceOf(use: VariableUse): TracedWord | undefined {
    if (this.#hops >= MOST_HOPS) return undefined;
    const { origin } = use;
    if (use.outcome === "known") {
      const value = origin === undefined ? undefined : argAt(this.#file, origin)?.value;
      return value === undefined ? undefined : this.#hop(value);
    }
    if (!use.hasDefault) return undefined;
    const operator = this.#word.raw.slice(use.nameEnd, use.nameEnd + 2);
    const start = use.nameEnd + (operator.startsWith(":") ? 2 : 1);
    return operator.includes("-") && start < use.end
      ? this.#hop(partOfWord(this.#word, start, use.end - 1))
      : undefined;
  }

  #hop(word: Word): TracedWord {
    return new TracedWord(word, this.#lookup, this.#file, this.#hops + 1);
  }

  get #all(): readonly Segment[] {
    this.#segments ??= segmentsOf(this.#word, this.#lookup);
    return this.#segments;
  }
}

const WRITTEN = { isExact: false, use: undefined, isDefault: false, isSecret: false } as const;

function segmentsOf(word: Word, lookup: (name: string) => Binding): readonly Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  const add = (start: number, end: number, use: VariableUse | undefined): void => {
    if (start >= end) return;
    const { kind, value, pieces } = partOfWord(word, start, end).expandWith(lookup);
    const text = kind === "unknown" ? word.raw.slice(start, end) : value;
    segments.push({ start, end, text, use, pieces });
  };
  for (const use of word.expandWith(lookup).uses) {
    // A variable inside the default of another one is part of that one.
    if (use.start < at) continue;
    add(at, use.start, undefined);
    add(use.start, use.end, use);
    at = use.end;
  }
  add(at, word.raw.length, undefined);
  return segments;
}

function argAt({ globalArgs }: Dockerfile, range: Range): ArgPair | undefined {
  for (const { pairs } of globalArgs) {
    const found = pairs.find((pair) => pair.range.source === range.source && pair.range.start === range.start);
    if (found !== undefined) return found;
  }
  return undefined;
}
