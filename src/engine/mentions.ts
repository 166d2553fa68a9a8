import type { Source } from "../text/source.js";
import type { Registry } from "./registry.js";
import type { Mentions } from "./rule.js";
import type { ActiveRule } from "./rule-settings.js";
import type { Subject } from "./subjects.js";

/** Codes below this make up nearly all words and texts; pairs of them have a slot each. */
const ASCII = 128;

/**
 * The words that all rules wait for, by number. A text is looked through once for all of them: with some three hundred
 * words, asking for each by itself takes ten times as long as this one pass.
 */
export class MentionTable {
  readonly #numbers = new Map<string, number>();
  readonly #words: string[] = [];
  /** By the first two characters: 0, or 1 + the index of a group. */
  readonly #slots = new Uint16Array(ASCII * ASCII);
  readonly #groups: number[][] = [];
  /** Words that have no slot: single characters, and those that do not begin in ASCII. */
  readonly #others: number[] = [];

  constructor(rules: Iterable<{ readonly mentions?: Mentions | undefined }>) {
    for (const { mentions } of rules) {
      for (const word of mentions?.dockerfile ?? NO_WORDS) this.#add(word);
      for (const word of mentions?.compose ?? NO_WORDS) this.#add(word);
    }
  }

  /** Which words a text holds, in any case: a number that is not 0 for each that it does. */
  find(text: string): Uint8Array {
    const lower = text.toLowerCase();
    const found = new Uint8Array(this.#words.length);
    for (const number of this.#others) if (lower.includes(this.#words[number] ?? "")) found[number] = 1;
    const slots = this.#slots;
    let before = lower.charCodeAt(0);
    for (let index = 1; index < lower.length; index += 1) {
      const code = lower.charCodeAt(index);
      if (code < ASCII && before < ASCII) {
        const slot = slots[before * ASCII + code];
        if (slot !== undefined && slot > 0) this.#tryGroup(slot - 1, lower, index - 1, found);
      }
      before = code;
    }
    return found;
  }

  /** The numbers of words. */
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
    const slot = this.#slots[index];
    if (slot !== undefined && slot > 0) this.#groups[slot - 1]?.push(number);
    else this.#slots[index] = this.#groups.push([number]);
  }

  #tryGroup(group: number, lower: string, at: number, found: Uint8Array): void {
    for (const number of this.#groups[group] ?? NO_NUMBERS) {
      if (found[number] === 0 && lower.startsWith(this.#words[number] ?? "", at)) found[number] = 1;
    }
  }
}

const NO_WORDS: readonly string[] = [];
const NO_NUMBERS: readonly number[] = [];

/** A rule and the numbers of the words of which a text must hold one; undefined when the rule waits for none. */
interface WaitingRule {
  readonly rule: ActiveRule;
  readonly words: readonly number[] | undefined;
}

/** The rules of one hook, once for all files. */
function waitingRules(rules: readonly ActiveRule[], kind: SubjectKind, table: MentionTable): readonly WaitingRule[] {
  return rules.map((rule) => {
    const words = wordsFor(rule.rule.mentions, kind);
    return { rule, words: words === undefined ? undefined : table.numbersOf(words) };
  });
}

type SubjectKind = Subject["kind"];

/** Gives the rules that can have anything to say about a subject, by the text of its files. */
export class MentionFilter {
  readonly #table: MentionTable;
  readonly #waiting = new Map<readonly ActiveRule[], readonly WaitingRule[]>();
  /** Of the project that is judged: words by source, and rules by words, for the stages of a file ask the same. */
  #texts = new Map<Source, Uint8Array>();
  #speaking = new Map<Uint8Array, Map<readonly ActiveRule[], readonly ActiveRule[]>>();
  #composeSources: readonly Source[] = [];
  #compose: Uint8Array | undefined;

  constructor(registry: Registry) {
    this.#table = new MentionTable(registry.rules);
  }

  /** @param composeSources every Compose file of the project to be judged: a service is merged from several */
  begin(composeSources: readonly Source[]): void {
    this.#texts = new Map();
    this.#speaking = new Map();
    this.#composeSources = composeSources;
    this.#compose = undefined;
  }

  /** @param rules those that are on for the hook of the subject; the same array each time */
  rulesFor(subject: Subject, rules: readonly ActiveRule[]): readonly ActiveRule[] {
    const found = this.#wordsOf(subject);
    if (found === undefined) return rules;
    let speaking = this.#speaking.get(found);
    if (speaking === undefined) {
      speaking = new Map();
      this.#speaking.set(found, speaking);
    }
    let chosen = speaking.get(rules);
    if (chosen === undefined) {
      chosen = this.#choose(subject.kind, rules, found);
      speaking.set(rules, chosen);
    }
    return chosen;
  }

  #choose(kind: SubjectKind, rules: readonly ActiveRule[], found: Uint8Array): readonly ActiveRule[] {
    let waiting = this.#waiting.get(rules);
    if (waiting === undefined) {
      waiting = waitingRules(rules, kind, this.#table);
      this.#waiting.set(rules, waiting);
    }
    const chosen: ActiveRule[] = [];
    for (const { rule, words } of waiting) if (words === undefined || holdsAny(words, found)) chosen.push(rule);
    return chosen;
  }

  #wordsOf(subject: Subject): Uint8Array | undefined {
    switch (subject.kind) {
      case "dockerfile":
        return this.#wordsIn(subject.dockerfile.source);
      case "build":
        return this.#wordsIn(subject.build.dockerfile.source);
      case "stage":
        return this.#wordsIn(subject.stage.build.dockerfile.source);
      case "context":
        return undefined;
      default:
        this.#compose ??= this.#table.find(this.#composeSources.map(({ text }) => text).join("\n"));
        return this.#compose;
    }
  }

  #wordsIn(source: Source): Uint8Array {
    let words = this.#texts.get(source);
    if (words === undefined) {
      words = this.#table.find(source.text);
      this.#texts.set(source, words);
    }
    return words;
  }
}

function holdsAny(words: readonly number[], found: Uint8Array): boolean {
  for (const word of words) if (found[word] === 1) return true;
  return false;
}

/** The words that a rule waits for in the files behind a kind of subject; undefined when it waits for none. */
function wordsFor(mentions: Mentions | undefined, kind: SubjectKind): readonly string[] | undefined {
  if (mentions === undefined || kind === "context") return undefined;
  return kind === "dockerfile" || kind === "build" || kind === "stage" ? mentions.dockerfile : mentions.compose;
}
