import type { Range } from "../text/source.js";
import type { Assignment } from "./model.js";
import type { ShellWord } from "./word.js";

/** A `NAME=value` word of `env` or `sudo` as an assignment. */
export function assignmentOfWord(word: ShellWord): Assignment {
  const { shape } = word;
  const at = shape.indexOf("=");
  return {
    name: shape.slice(0, at),
    nameRange: word.rangeAt(0, at),
    value: new TailWord(word, at + 1),
    append: false,
    kind: "prefix",
    range: word.range,
  };
}

/** The end of a word, as a word: the value of `env NAME=value`. */
class TailWord implements ShellWord {
  readonly #whole: ShellWord;
  readonly #from: number;

  constructor(whole: ShellWord, from: number) {
    this.#whole = whole;
    this.#from = from;
  }

  get text(): string {
    return this.#whole.text.slice(this.#whole.text.indexOf("=") + 1);
  }

  get value(): string | undefined {
    return this.#whole.value?.slice(this.#from);
  }

  get shape(): string {
    return this.#whole.shape.slice(this.#from);
  }

  get range(): Range {
    return this.#whole.rangeAt(this.#from, this.#whole.shape.length);
  }

  get parts(): ShellWord["parts"] {
    return this.#whole.parts;
  }

  get isQuoted(): boolean {
    return this.#whole.isQuoted;
  }

  get hasGlob(): boolean {
    return this.#whole.hasGlob;
  }

  get origin(): ShellWord["origin"] {
    return this.#whole.origin;
  }

  rangeAt(start: number, end: number): Range {
    return this.#whole.rangeAt(this.#from + start, this.#from + end);
  }

  asScript(): ReturnType<ShellWord["asScript"]> {
    return { text: this.shape, rangeAt: (start, end) => this.rangeAt(start, end) };
  }
}
