import type { Source } from "../text/source.js";
import { WordTable } from "../text/word-table.js";
import type { Registry } from "./registry.js";
import type { Mentions } from "./rule.js";
import type { ActiveRule } from "./rule-settings.js";
import type { Subject } from "./subjects.js";

type Format = keyof Mentions;

/** The words that all rules wait for in files of a format. */
function wordsOfAll(registry: Registry, format: Format): WordTable {
  const words: string[] = [];
  for (const { mentions } of registry.rules) {
    const own = mentions?.[format];
    if (own !== undefined) words.push(...own);
  }
  return new WordTable(words);
}

/** A rule and the numbers of the words of which a text must hold one; undefined when the rule waits for none. */
interface WaitingRule {
  readonly rule: ActiveRule;
  readonly words: readonly number[] | undefined;
}

/** The rules of one hook, once for all files. */
function waitingRules(rules: readonly ActiveRule[], format: Format, table: WordTable): readonly WaitingRule[] {
  return rules.map((rule) => {
    const words = rule.rule.mentions?.[format];
    return { rule, words: words === undefined ? undefined : table.numbersOf(words) };
  });
}

type SubjectKind = Subject["kind"];

/** Gives the rules that can have anything to say about a subject, by the text of its files. */
export class MentionFilter {
  readonly #registry: Registry;
  readonly #tables = new Map<Format, WordTable>();
  readonly #waiting = new Map<readonly ActiveRule[], readonly WaitingRule[]>();
  /** Of the project that is judged: words by source, and rules by words, for the stages of a file ask the same. */
  #texts = new Map<Source, Uint8Array>();
  #speaking = new Map<Uint8Array, Map<readonly ActiveRule[], readonly ActiveRule[]>>();
  #composeSources: readonly Source[] = [];
  #compose: Uint8Array | undefined;

  constructor(registry: Registry) {
    this.#registry = registry;
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
    if (subject.kind === "context") {
      const hasIgnoreFile = subject.context.ignoreFile !== undefined;
      return hasIgnoreFile ? rules : rules.filter(({ rule }) => rule.needsIgnoreFile !== true);
    }
    const found = this.#wordsOf(subject);
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
      const format = formatOf(kind);
      waiting = waitingRules(rules, format, this.#tableFor(format));
      this.#waiting.set(rules, waiting);
    }
    const chosen: ActiveRule[] = [];
    for (const { rule, words } of waiting) if (words === undefined || holdsAny(words, found)) chosen.push(rule);
    return chosen;
  }

  #wordsOf(subject: Exclude<Subject, { readonly kind: "context" }>): Uint8Array {
    switch (subject.kind) {
      case "dockerfile":
        return this.#wordsIn(subject.dockerfile.source);
      case "build":
        return this.#wordsIn(subject.build.dockerfile.source);
      case "stage":
        return this.#wordsIn(subject.stage.build.dockerfile.source);
      default:
        this.#compose ??= this.#tableFor("compose").find(this.#composeSources.map(({ text }) => text).join("\n"));
        return this.#compose;
    }
  }

  #tableFor(format: Format): WordTable {
    let table = this.#tables.get(format);
    if (table === undefined) {
      table = wordsOfAll(this.#registry, format);
      this.#tables.set(format, table);
    }
    return table;
  }

  #wordsIn(source: Source): Uint8Array {
    let words = this.#texts.get(source);
    if (words === undefined) {
      words = this.#tableFor("dockerfile").find(source.text);
      this.#texts.set(source, words);
    }
    return words;
  }
}

function holdsAny(words: readonly number[], found: Uint8Array): boolean {
  for (const word of words) if (found[word] === 1) return true;
  return false;
}

/** What the files behind a kind of subject are; contexts have none, and are not asked about. */
function formatOf(kind: SubjectKind): Format {
  return kind === "dockerfile" || kind === "build" || kind === "stage" ? "dockerfile" : "compose";
}
