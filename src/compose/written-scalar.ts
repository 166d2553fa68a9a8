import type { SegmentMap } from "../text/segment-map.js";
import type { Range } from "../text/source.js";
import { scalarMap } from "./scalar-map.js";
import { scalarTypeOf } from "./scalar-type.js";
import type { Anchor, ScalarStyle, ScalarType, Tag, YamlScalar } from "./yaml-model.js";

/** A scalar as written. Its way back from decoded text is worked out when first asked for. */
export class WrittenScalar implements YamlScalar {
  readonly kind = "scalar";
  readonly style: ScalarStyle;
  readonly type: ScalarType;
  readonly text: string;
  readonly range: Range;
  readonly anchor: Anchor | undefined;
  readonly tag: Tag | undefined;
  /** End of what the parser read; a block scalar's range leaves out its last line breaks. */
  readonly #rawEnd: number;
  #map: SegmentMap | undefined;

  constructor(
    style: ScalarStyle,
    text: string,
    range: Range,
    rawEnd: number,
    anchor: Anchor | undefined,
    tag: Tag | undefined,
  ) {
    this.style = style;
    this.text = text;
    this.type = typeOf(style, text, tag);
    this.range = range;
    this.anchor = anchor;
    this.tag = tag;
    this.#rawEnd = Math.max(range.end, rawEnd);
  }

  /** The scalar seen from another place, such as a key given by an alias: all of its text is there. */
  static at(scalar: YamlScalar, range: Range): WrittenScalar {
    return new WrittenScalar(scalar.style, scalar.text, range, range.end, undefined, undefined);
  }

  rangeOf(start: number, end: number): Range {
    const { source } = this.range;
    const from = Math.max(0, Math.min(start, this.text.length));
    const to = Math.max(from, Math.min(end, this.text.length));
    const quote = this.style === "plain" ? 0 : 1;
    const isOneToOne = this.range.end - this.range.start === this.text.length + 2 * quote;
    if (isOneToOne && (quote === 0 || this.style === "single" || this.style === "double")) {
      const shift = this.range.start + quote;
      // As many units as decoded, and an escape or a fold takes more than it gives: nothing was decoded.
      return source.range(from + shift, to + shift);
    }
    this.#map ??= scalarMap(this.style, source.text.slice(this.range.start, this.#rawEnd), this.text, this.range.start);
    const outer = this.#map.toOuter({ start: from, end: to });
    return source.range(outer.start, outer.end);
  }
}

function typeOf(style: ScalarStyle, text: string, tag: Tag | undefined): ScalarType {
  if (tag?.name === "!!str" || tag?.name === "!") return "text";
  return style === "plain" ? scalarTypeOf(text) : "text";
}
