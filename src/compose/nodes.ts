import type { Range } from "../text/source.js";
import type { Interpolated, Stretch } from "./interpolate.js";
import type {
  Certainty,
  Entry,
  Hop,
  InterpolationProblem,
  MappingNode,
  Node,
  Piece,
  Removal,
  ScalarNode,
  SequenceNode,
  VariableUse,
} from "./node-model.js";
import type { ScalarType, Tag, YamlScalar } from "./yaml-model.js";

const NO_HOPS: readonly Hop[] = [];
const NO_USES: readonly VariableUse[] = [];
const NO_PROBLEMS: readonly InterpolationProblem[] = [];
const NO_REMOVALS: ReadonlyMap<string, Removal> = new Map();

/** A scalar of the effective model; a part of one shares text and variables with the whole. */
export class Scalar implements ScalarNode {
  readonly kind = "scalar";
  readonly resolved: string;
  readonly via: readonly Hop[];
  readonly folder: string;
  readonly overridden: Node | undefined;
  readonly isWritten: boolean;
  readonly #origin: YamlScalar;
  readonly #full: Interpolated | undefined;
  readonly #from: number;
  readonly #isWhole: boolean;
  #seen: { readonly text: string; readonly certainty: Certainty; readonly isSecret: boolean } | undefined;
  #range: Range | undefined;

  private constructor(
    origin: YamlScalar,
    full: Interpolated | undefined,
    span: { readonly from: number; readonly to: number; readonly isWhole: boolean },
    place: { readonly via: readonly Hop[]; readonly folder: string; readonly overridden: Node | undefined },
    isWritten: boolean,
  ) {
    this.#origin = origin;
    this.#full = full;
    this.#from = span.from;
    this.#isWhole = span.isWhole;
    const whole = full === undefined ? origin.text : full.resolved;
    this.resolved = span.isWhole ? whole : whole.slice(span.from, span.to);
    this.via = place.via;
    this.folder = place.folder;
    this.overridden = place.overridden;
    this.isWritten = isWritten;
  }

  /** A scalar as a file has it; `full` is undefined when its text has no `$`. */
  static written(origin: YamlScalar, full: Interpolated | undefined, folder: string): Scalar {
    const to = full === undefined ? origin.text.length : full.resolved.length;
    return new Scalar(
      origin,
      full,
      { from: 0, to, isWhole: true },
      { via: NO_HOPS, folder, overridden: undefined },
      true,
    );
  }

  /** A text, or null, that merging filled in because of what stands at `range`. */
  static filledIn(text: string | undefined, range: Range, folder: string): Scalar {
    const origin: YamlScalar = {
      kind: "scalar",
      style: "plain",
      type: text === undefined ? "null" : "text",
      text: text ?? "",
      range,
      anchor: undefined,
      tag: undefined,
      rangeOf: () => range,
    };
    const place = { via: NO_HOPS, folder, overridden: undefined };
    return new Scalar(origin, undefined, { from: 0, to: origin.text.length, isWhole: true }, place, false);
  }

  get written(): YamlScalar | undefined {
    return this.isWritten ? this.#origin : undefined;
  }

  get tag(): Tag | undefined {
    return this.#origin.tag;
  }

  get range(): Range {
    this.#range ??= this.#isWhole ? this.#origin.range : this.rangeOf(0, this.resolved.length);
    return this.#range;
  }

  get type(): ScalarType {
    return this.#isWhole && this.#full === undefined ? this.#origin.type : "text";
  }

  get text(): string {
    if (this.#full === undefined) return this.resolved;
    return this.#isWhole ? this.#full.text : this.#facts().text;
  }

  get isSecret(): boolean {
    if (this.#full === undefined) return false;
    return this.#isWhole ? this.#full.isSecret : this.#facts().isSecret;
  }

  get certainty(): Certainty {
    if (this.#full === undefined) return "known";
    return this.#isWhole ? this.#full.certainty : this.#facts().certainty;
  }

  get pieces(): readonly Piece[] {
    if (this.#full === undefined) return this.resolved === "" ? [] : [{ kind: "text", text: this.resolved }];
    if (this.#isWhole) return this.#full.pieces;
    return this.#stretches().map(({ kind, name, text }) =>
      kind === "unknown" || kind === "required" ? { kind: "hole", name } : { kind: "text", text },
    );
  }

  get uses(): readonly VariableUse[] {
    if (this.#full === undefined) return NO_USES;
    const names = this.#isWhole ? undefined : this.#useSpans();
    return this.#full.uses
      .filter(({ start, end }) => names === undefined || names.some((span) => start < span.end && span.start < end))
      .map(({ start, end, ...use }) => ({ ...use, range: this.#origin.rangeOf(start, end) }));
  }

  get problems(): readonly InterpolationProblem[] {
    if (this.#full === undefined || !this.#isWhole) return NO_PROBLEMS;
    return this.#full.problems.map(({ start, end, message }) => ({ message, range: this.#origin.rangeOf(start, end) }));
  }

  rangeOf(start: number, end: number): Range {
    const from = this.#from + Math.max(0, Math.min(start, this.resolved.length));
    const to = Math.max(from, this.#from + Math.min(end, this.resolved.length));
    if (this.#full === undefined) return this.#origin.rangeOf(from, to);
    const { stretches } = this.#full;
    const outerStart = outerOf(stretches, from, false);
    return this.#origin.rangeOf(
      outerStart,
      from === to ? outerStart : Math.max(outerStart, outerOf(stretches, to, true)),
    );
  }

  part(start: number, end: number): Scalar {
    const from = this.#from + Math.max(0, Math.min(start, this.resolved.length));
    const to = Math.max(from, this.#from + Math.min(end, this.resolved.length));
    const place = { via: this.via, folder: this.folder, overridden: this.overridden };
    return new Scalar(this.#origin, this.#full, { from, to, isWhole: false }, place, this.isWritten);
  }

  /** The same scalar brought to another place, or in place of another node. */
  moved(via: readonly Hop[], overridden: Node | undefined): Scalar {
    const to = this.#from + this.resolved.length;
    const span = { from: this.#from, to, isWhole: this.#isWhole };
    return new Scalar(this.#origin, this.#full, span, { via, folder: this.folder, overridden }, this.isWritten);
  }

  /** The stretches inside this part, cut at its borders, with what may be shown of each. */
  #stretches(): {
    readonly kind: Stretch["kind"];
    readonly name: string;
    readonly text: string;
    readonly shown: string;
  }[] {
    const end = this.#from + this.resolved.length;
    return between(this.#full?.stretches ?? [], this.#from, end).map(({ inner, length, kind, name, shown }) => {
      const from = Math.max(inner, this.#from) - this.#from;
      const text = this.resolved.slice(from, Math.min(inner + length, end) - this.#from);
      return { kind, name, text, shown: kind === "secret" ? shown : text };
    });
  }

  #useSpans(): readonly { readonly start: number; readonly end: number }[] {
    const end = this.#from + this.resolved.length;
    return between(this.#full?.stretches ?? [], this.#from, end)
      .filter(({ kind }) => kind !== "literal")
      .map(({ outer, outerLength }) => ({ start: outer, end: outer + outerLength }));
  }

  #facts() {
    if (this.#seen === undefined) {
      let text = "";
      let certainty: Certainty = "known";
      let isSecret = false;
      for (const { kind, shown } of this.#stretches()) {
        text += shown;
        if (kind === "secret") isSecret = true;
        else if (kind === "unknown") certainty = "unknown";
        else if (kind === "required" && certainty !== "unknown") certainty = "required";
        else if (kind === "default" && certainty === "known") certainty = "defaulted";
      }
      this.#seen = { text, certainty, isSecret };
    }
    return this.#seen;
  }
}

/** The stretches that reach into a part of the result. They stand in order: a text may have very many, and as many parts. */
function between(stretches: readonly Stretch[], from: number, end: number): readonly Stretch[] {
  let low = 0;
  let high = stretches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const { inner = 0, length = 0 } = stretches[middle] ?? {};
    if (inner + length > from) high = middle;
    else low = middle + 1;
  }
  let stop = low;
  while ((stretches[stop]?.inner ?? end) < end) stop += 1;
  return stretches.slice(low, stop);
}

/** Offset in the template for an offset in the result: of the unit at it, or (`isEnd`) of the end of the unit before it. */
function outerOf(stretches: readonly Stretch[], offset: number, isEnd: boolean): number {
  const wanted = isEnd ? offset - 1 : offset;
  let low = 0;
  let high = stretches.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((stretches[middle]?.inner ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  const stretch = stretches[low];
  if (stretch === undefined) return 0;
  const into = offset - stretch.inner;
  const isInStep = stretch.length === stretch.outerLength && (stretch.kind === "literal" || stretch.kind === "default");
  if (isInStep) return stretch.outer + Math.min(into, stretch.length);
  return isEnd || into >= stretch.length ? stretch.outer + stretch.outerLength : stretch.outer;
}

/** What a collection needs beside its content. */
export interface Place {
  readonly range: Range;
  readonly folder: string;
  readonly via?: readonly Hop[];
  readonly overridden?: Node | undefined;
  readonly tag?: Tag | undefined;
}

/** A mapping of the effective model. Hops of the mapping reach its values when those are asked for. */
export class Mapping implements MappingNode {
  readonly kind = "mapping";
  readonly range: Range;
  readonly folder: string;
  readonly via: readonly Hop[];
  readonly overridden: Node | undefined;
  readonly tag: Tag | undefined;
  readonly removals: ReadonlyMap<string, Removal>;
  readonly #own: ReadonlyMap<string, Entry>;
  #entries: ReadonlyMap<string, Entry> | undefined;

  constructor(entries: ReadonlyMap<string, Entry>, place: Place, removals: ReadonlyMap<string, Removal> = NO_REMOVALS) {
    this.#own = entries;
    this.range = place.range;
    this.folder = place.folder;
    this.via = place.via ?? NO_HOPS;
    this.overridden = place.overridden;
    this.tag = place.tag;
    this.removals = removals;
  }

  get entries(): ReadonlyMap<string, Entry> {
    if (this.via.length === 0) return this.#own;
    if (this.#entries === undefined) {
      const entries = new Map<string, Entry>();
      for (const [key, entry] of this.#own) entries.set(key, { ...entry, value: brought(entry.value, this.via) });
      this.#entries = entries;
    }
    return this.#entries;
  }

  moved(via: readonly Hop[], overridden: Node | undefined): Mapping {
    const { range, folder, tag } = this;
    return new Mapping(this.#own, { range, folder, tag, via, overridden }, this.removals);
  }
}

/** A list of the effective model. */
export class Sequence implements SequenceNode {
  readonly kind = "sequence";
  readonly range: Range;
  readonly folder: string;
  readonly via: readonly Hop[];
  readonly overridden: Node | undefined;
  readonly tag: Tag | undefined;
  readonly #own: readonly Node[];
  #items: readonly Node[] | undefined;

  constructor(items: readonly Node[], place: Place) {
    this.#own = items;
    this.range = place.range;
    this.folder = place.folder;
    this.via = place.via ?? NO_HOPS;
    this.overridden = place.overridden;
    this.tag = place.tag;
  }

  get items(): readonly Node[] {
    if (this.via.length === 0) return this.#own;
    this.#items ??= this.#own.map((item) => brought(item, this.via));
    return this.#items;
  }

  moved(via: readonly Hop[], overridden: Node | undefined): Sequence {
    const { range, folder, tag } = this;
    return new Sequence(this.#own, { range, folder, tag, via, overridden });
  }
}

/** The node after further hops. */
export function brought(node: Node, hops: readonly Hop[]): Node {
  if (hops.length === 0) return node;
  return moved(node, node.via.length === 0 ? hops : [...node.via, ...hops], node.overridden);
}

/** The node in place of another one, which it keeps as `overridden`. */
export function inPlaceOf(node: Node, overridden: Node): Node {
  return moved(node, node.via, overridden);
}

function moved(node: Node, via: readonly Hop[], overridden: Node | undefined): Node {
  return node instanceof Scalar || node instanceof Mapping || node instanceof Sequence
    ? node.moved(via, overridden)
    : node;
}

/** Whether a node says nothing: null, written or empty. */
export function isNull(node: Node | undefined): boolean {
  return node === undefined || (node.kind === "scalar" && node.type === "null");
}

/** A `build` in its long form: a text is its context. */
export function longBuild(node: Node): Node {
  if (node.kind !== "scalar") return node;
  const entry = { key: "context", keyRange: node.range, value: node };
  return new Mapping(new Map([["context", entry]]), { range: node.range, folder: node.folder });
}
