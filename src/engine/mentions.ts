import type { Source } from "../text/source.js";
import type { Mentions } from "./rule.js";
import type { Subject } from "./subjects.js";

/** Tells by the text of a subject's files which rules can have anything to say about it, so that the others are not asked. */
export class MentionIndex {
  readonly #texts = new Map<Source, MentionedWords>();
  readonly #composeSources: readonly Source[];
  #compose: MentionedWords | undefined;

  /** @param composeSources every Compose file of the project: a service is merged from several */
  constructor(composeSources: readonly Source[]) {
    this.#composeSources = composeSources;
  }

  /** Whether the files behind a subject hold a word that the rule waits for; true for rules that wait for none. */
  allows(mentions: Mentions | undefined, subject: Subject): boolean {
    if (mentions === undefined) return true;
    switch (subject.kind) {
      case "dockerfile":
        return this.#holds(mentions.dockerfile, subject.dockerfile.source);
      case "build":
        return this.#holds(mentions.dockerfile, subject.build.dockerfile.source);
      case "stage":
        return this.#holds(mentions.dockerfile, subject.stage.build.dockerfile.source);
      case "context":
        return true;
      default:
        return mentions.compose === undefined || this.#composeWords().hasAny(mentions.compose);
    }
  }

  #holds(words: readonly string[] | undefined, source: Source): boolean {
    if (words === undefined) return true;
    let known = this.#texts.get(source);
    if (known === undefined) {
      known = new MentionedWords(source.text);
      this.#texts.set(source, known);
    }
    return known.hasAny(words);
  }

  #composeWords(): MentionedWords {
    this.#compose ??= new MentionedWords(this.#composeSources.map(({ text }) => text).join("\n"));
    return this.#compose;
  }
}

/** The words that a text holds, in any case; each is looked for once. */
class MentionedWords {
  readonly #text: string;
  readonly #known = new Map<string, boolean>();

  constructor(text: string) {
    this.#text = text.toLowerCase();
  }

  hasAny(words: readonly string[]): boolean {
    for (const word of words) {
      let isThere = this.#known.get(word);
      if (isThere === undefined) {
        isThere = this.#text.includes(word);
        this.#known.set(word, isThere);
      }
      if (isThere) return true;
    }
    return false;
  }
}
