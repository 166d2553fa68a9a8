import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from "yaml";
import type { Range, Source } from "../text/source.js";
import { pointerStep } from "../values/json-pointer.js";

/** Nodes read of one policy file; aliases count each time they are followed, so that a few lines cannot become gigabytes. */
const MAX_NODES = 20_000;
const MAX_DEPTH = 32;

/** Where a value was written; `key` is absent for items of lists and the root. */
export interface Place {
  readonly key: Range | undefined;
  readonly value: Range;
}

/** What is wrong with a policy file, and where. */
export interface PolicyProblem {
  readonly range: Range;
  /** In the user's words; no final period. */
  readonly problem: string;
  readonly remedy: string | undefined;
}

/** A policy file as plain data (objects without prototype, null left out) and the places of its values. */
export interface PolicyText {
  readonly data: unknown;
  /** By JSON pointer; the root is the empty text. */
  readonly places: ReadonlyMap<string, Place>;
  readonly problems: readonly PolicyProblem[];
}

/** Reads YAML or JSON. Never throws; what is not understood is a problem. An empty file is an empty policy. */
export function readPolicyText(source: Source): PolicyText {
  const reader = new Reader(source);
  return reader.read();
}

class Reader {
  readonly #source: Source;
  readonly #places = new Map<string, Place>();
  readonly #problems: PolicyProblem[] = [];
  #nodes = 0;
  #resolve: (node: Node) => Node | undefined = () => undefined;

  constructor(source: Source) {
    this.#source = source;
  }

  read(): PolicyText {
    const document = parseDocument(this.#source.text, { prettyErrors: false, logLevel: "silent", stringKeys: false });
    for (const error of document.errors) {
      const [start, end] = error.pos;
      this.#report(this.#range(start, end), `not valid YAML: ${firstLine(error.message)}`, undefined);
    }
    if (this.#problems.length > 0) return { data: undefined, places: this.#places, problems: this.#problems };
    this.#resolve = (node) => (isAlias(node) ? node.resolve(document) : node);
    const data = document.contents === null ? Object.create(null) : this.#convert(document.contents, "", 0, undefined);
    return { data: data ?? Object.create(null), places: this.#places, problems: this.#problems };
  }

  #convert(written: Node, pointer: string, depth: number, key: Range | undefined): unknown {
    this.#places.set(pointer, { key, value: this.#rangeOf(written) });
    this.#nodes += 1;
    if (this.#nodes > MAX_NODES || depth > MAX_DEPTH) {
      if (this.#problems.length === 0) {
        this.#report(
          this.#rangeOf(written),
          "the policy is too large or too deep",
          "split it, and name the parts in `extends`",
        );
      }
      return undefined;
    }
    const node = this.#resolve(written);
    if (isScalar(node)) return node.value === null ? undefined : node.value;
    if (isSeq(node)) {
      return node.items.flatMap((item, index) => {
        const value = isNode(item)
          ? this.#convert(item, pointer + pointerStep(index), depth + 1, undefined)
          : undefined;
        return value === undefined ? [] : [value];
      });
    }
    if (!isMap(node)) return undefined;
    const data: Record<string, unknown> = Object.create(null);
    for (const pair of node.items) {
      if (!isScalar(pair.key)) continue;
      const name = String(pair.key.value);
      const range = this.#rangeOf(pair.key);
      const place = pointer + pointerStep(name);
      this.#places.set(place, { key: range, value: range });
      const value = isNode(pair.value) ? this.#convert(pair.value, place, depth + 1, range) : undefined;
      if (value !== undefined) data[name] = value;
    }
    return data;
  }

  #rangeOf(node: Node): Range {
    const range = node.range;
    return range === undefined || range === null ? this.#range(0, 0) : this.#range(range[0], range[1]);
  }

  #range(start: number, end: number): Range {
    const { length } = this.#source.text;
    const first = Math.min(Math.max(0, start), length);
    return this.#source.range(first, Math.min(Math.max(first, end), length));
  }

  #report(range: Range, problem: string, remedy: string | undefined): void {
    this.#problems.push({ range, problem, remedy });
  }
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

function firstLine(text: string): string {
  const [line = ""] = text.split("\n");
  return line.endsWith(".") ? line.slice(0, -1) : line;
}
