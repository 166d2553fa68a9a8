import type { Range, Source } from "../../text/source.js";
import { pointerStep } from "../../values/json-pointer.js";
import { readPolicyText } from "../policy-text.js";

/** A value of another tool's configuration with its place. */
export class ForeignValue {
  readonly value: unknown;
  readonly range: Range | undefined;
  readonly #pointer: string;
  readonly #placeOf: (pointer: string) => Range | undefined;

  constructor(value: unknown, pointer: string, placeOf: (pointer: string) => Range | undefined) {
    this.value = value;
    this.#pointer = pointer;
    this.#placeOf = placeOf;
    this.range = placeOf(pointer);
  }

  /** Keys with their values, in the order written; empty for what is no mapping. */
  get entries(): readonly (readonly [string, ForeignValue])[] {
    const { value } = this;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
    return Object.entries(value).map(([name, each]) => [name, this.#child(name, each)]);
  }

  /** Items of a list, or the value itself where a single one stands for a list. */
  get items(): readonly ForeignValue[] {
    const { value } = this;
    return Array.isArray(value) ? value.map((each, index) => this.#child(index, each)) : [this];
  }

  /** Items that are texts or numbers, as text. */
  get words(): readonly { readonly text: string; readonly range: Range | undefined }[] {
    return this.items.flatMap(({ value, range }) =>
      typeof value === "string" || typeof value === "number" ? [{ text: String(value), range }] : [],
    );
  }

  get isTrue(): boolean {
    return this.value === true || this.value === "true";
  }

  #child(step: string | number, value: unknown): ForeignValue {
    return new ForeignValue(value, this.#pointer + pointerStep(step), this.#placeOf);
  }
}

/** Reads YAML or JSON; a text says what is wrong with it, and where. */
export function readForeign(source: Source): ForeignValue | { readonly problem: string; readonly range: Range } {
  const { data, places, problems } = readPolicyText(source);
  const [problem] = problems;
  if (problem !== undefined) return { problem: problem.problem, range: problem.range };
  return new ForeignValue(data, "", (pointer) => {
    const place = places.get(pointer);
    return place?.key ?? place?.value;
  });
}
