import type { SegmentMap } from "./segment-map.js";

/** A place in a text as people count: both numbers are 1-based, columns count UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A half-open stretch `[start, end)` of one text, in 0-based UTF-16 code units, without saying which text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * A half-open stretch `[start, end)` of one source, in 0-based UTF-16 code units.
 * The one way in which models, rules and fixes say *where*. Made by {@link Source.range} only.
 */
export interface Range extends Span {
  readonly source: Source;
}

/** Replaces the text in `range` by `text`; an empty range inserts. */
export interface Edit {
  readonly range: Range;
  readonly text: string;
}

/** How a source is part of another one: `map` leads from offsets of the part to offsets of `host`. */
export interface Embedding {
  readonly host: Source;
  readonly map: SegmentMap;
}

/**
 * One text with its path. Lines end at LF, CRLF or a lone CR.
 *
 * A source may be *embedded* in another one (a Dockerfile inside a YAML block scalar): then `text` is the decoded
 * text, and {@link Source.range} answers with a range of the host, so that models built over an embedded source
 * point into the file that people see without knowing it.
 */
export class Source {
  readonly path: string;
  readonly text: string;
  /** Absolute path with `/`, which file ports understand; equal to `path` for texts that have no file. */
  readonly file: string;
  /** Where this text comes from when it is part of another source; offsets of `map` lead from here to the host. */
  readonly embedding: Embedding | undefined;
  #lineStarts: readonly number[] | undefined;

  /**
   * @param path relative to the working directory, with `/`; what reports show
   * @param text decoded text without a byte order mark
   */
  constructor(path: string, text: string, details: { readonly file?: string; readonly embedding?: Embedding } = {}) {
    this.path = path;
    this.text = text;
    this.file = details.file ?? path;
    this.embedding = details.embedding;
  }

  /** The source that people see: the host for an embedded source, else this one. */
  get root(): Source {
    return this.embedding === undefined ? this : this.embedding.host.root;
  }

  /** 0-based offsets at which the lines begin; the first is always 0. */
  get lineStarts(): readonly number[] {
    this.#lineStarts ??= findLineStarts(this.text);
    return this.#lineStarts;
  }

  /** Number of lines; a text that ends in a line break has an empty last line. */
  get lineCount(): number {
    return this.lineStarts.length;
  }

  /**
   * A range of this source, or, for an embedded source, the range of the host that it stands for.
   *
   * @throws RangeError when the bounds are not `0 <= start <= end <= text.length` (a bug in the caller)
   */
  range(start: number, end: number): Range {
    if (!(start >= 0 && start <= end && end <= this.text.length)) {
      throw new RangeError(`no range ${start}-${end} in ${this.path} (${this.text.length} code units)`);
    }
    if (this.embedding === undefined) return { source: this, start, end };
    const { host, map } = this.embedding;
    const mapped = map.toOuter({ start, end });
    return host.range(mapped.start, mapped.end);
  }

  /** Text of a span of this source. */
  slice(span: Span): string {
    return this.text.slice(span.start, span.end);
  }

  /** Line (1-based) and column (1-based) of an offset; offsets past the end are taken as the end. */
  positionAt(offset: number): Position {
    const bounded = Math.max(0, Math.min(offset, this.text.length));
    const starts = this.lineStarts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= bounded) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: bounded - (starts[low] ?? 0) + 1 };
  }

  /** Offset of a 1-based position; columns past the end of the line are taken as its end, lines past the last as the end. */
  offsetAt(position: Position): number {
    const starts = this.lineStarts;
    const start = starts[position.line - 1];
    if (start === undefined) return position.line < 1 ? 0 : this.text.length;
    const next = starts[position.line] ?? this.text.length;
    return Math.min(start + Math.max(0, position.column - 1), next);
  }

  /** The span of a 1-based line without its line break; undefined when there is no such line. */
  lineSpan(line: number): Span | undefined {
    const start = this.lineStarts[line - 1];
    if (start === undefined) return undefined;
    let end = this.lineStarts[line] ?? this.text.length;
    while (end > start && (this.text[end - 1] === "\n" || this.text[end - 1] === "\r")) end -= 1;
    return { start, end };
  }

  /** The line break that the text uses first: CRLF, CR or LF; LF when it has none. */
  get lineBreak(): "\n" | "\r\n" | "\r" {
    const match = /\r\n|\n|\r/.exec(this.text);
    return match === null ? "\n" : match[0] === "\r\n" ? "\r\n" : match[0] === "\r" ? "\r" : "\n";
  }
}

function findLineStarts(text: string): number[] {
  const starts = [0];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 10) starts.push(index + 1);
    else if (code === 13) {
      if (text.charCodeAt(index + 1) === 10) index += 1;
      starts.push(index + 1);
    }
  }
  return starts;
}

/** Text of a range in its own source. */
export function textOf(range: Range): string {
  return range.source.text.slice(range.start, range.end);
}

/** Whether a range lies within another one, or is the same. */
export function encloses(outer: Range, inner: Range): boolean {
  return outer.source === inner.source && outer.start <= inner.start && outer.end >= inner.end;
}

/** Whether two ranges share at least one code unit, or one is an insertion point inside or at an edge of the other. */
export function overlaps(a: Range, b: Range): boolean {
  if (a.source !== b.source) return false;
  if (a.start === a.end || b.start === b.end) return a.start <= b.end && b.start <= a.end;
  return a.start < b.end && b.start < a.end;
}

/** The smallest range that holds both; both must belong to one source. */
export function join(a: Range, b: Range): Range {
  return a.source.range(Math.min(a.start, b.start), Math.max(a.end, b.end));
}
