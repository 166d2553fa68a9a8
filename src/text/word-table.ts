/** Codes below this make up nearly all words and texts; pairs of them have a slot each. */
const ASCII = 128;

/**
 * Words that texts are looked through for, all in one pass: with some three hundred words, asking for each by itself took
 * three to five times as long.
 */
export class WordTable {
  readonly #numbers = new Map<string, number>();
  readonly #words: string[] = [];
  /** By the first two characters: 0, or 1 + the index of a group. */
  readonly #slots = new Uint16Array(ASCII * ASCII);
  readonly #groups: number[][] = [];
  /** By group: a bit for the third character of each of its words, all bits when one has only two. */
  readonly #thirds: number[] = [];
  /** Words that have no slot: single characters, and those that do not begin in ASCII. */
  readonly #others: number[] = [];

  readonly #isExact: boolean;

  /**
   * @param words one that is given twice counts once; in lower case, but for a table whose case matters
   * @param options `isExact`: a word is found in its own case only
   */
  constructor(words: Iterable<string>, { isExact = false }: { readonly isExact?: boolean } = {}) {
    this.#isExact = isExact;
    for (const word of words) this.#add(word);
  }

  /** Which words a text holds: a number that is not 0 for each that it does. */
  find(text: string): Uint8Array {
    const lower = this.#isExact ? text : text.toLowerCase();
    const found = new Uint8Array(this.#words.length);
    for (const number of this.#others) if (lower.includes(this.#words[number] ?? "")) found[number] = 1;
    const slots = this.#slots;
    let before = lower.charCodeAt(0);
    for (let index = 1; index < lower.length; index += 1) {
      const code = lower.charCodeAt(index);
      if (code < ASCII && before < ASCII) {
        const slot = slots[before * ASCII + code];
        if (slot !== undefined && slot > 0) {
          const third = this.#thirds[slot - 1] ?? ALL_BITS;
          if ((third & bitOf(lower.charCodeAt(index + 1))) !== 0) this.#tryGroup(slot - 1, lower, index - 1, found);
        }
      }
      before = code;
    }
    return found;
  }

  /** Whether a text holds one of the words. */
  holdsAny(text: string): boolean {
    return this.find(text).includes(1);
  }

  /** The numbers of words; -1 for words that are not in the table. */
  numbersOf(words: readonly string[]): readonly number[] {
    return words.map((word) => this.#numbers.get(word) ?? -1);
  }

  #add(word: string): void {
    if (this.#numbers.has(word)) return;
    const number = this.#words.length;
    this.#numbers.set(word, number);
    this.#words.push(word);
    const first = word.charCodeAt(0);
    const second = word.charCodeAt(1);
    if (!(first < ASCII && second < ASCII)) {
      this.#others.push(number);
      return;
    }
    const index = first * ASCII + second;
    const group = (this.#slots[index] ?? 0) - 1;
    const third = word.length > 2 ? bitOf(word.charCodeAt(2)) : ALL_BITS;
    if (group < 0) {
      this.#slots[index] = this.#groups.push([number]);
      this.#thirds.push(third);
    } else {
      this.#groups[group]?.push(number);
      this.#thirds[group] = (this.#thirds[group] ?? 0) | third;
    }
  }

  #tryGroup(group: number, lower: string, at: number, found: Uint8Array): void {
    for (const number of this.#groups[group] ?? NO_NUMBERS) {
      if (found[number] === 0 && lower.startsWith(this.#words[number] ?? "", at)) found[number] = 1;
    }
  }
}

const NO_NUMBERS: readonly number[] = [];

const ALL_BITS = -1;

/** Two of 32 letters in a row share a bit, which costs a look more, not a wrong answer. */
function bitOf(code: number): number {
  return 1 << (code & 31);
}
