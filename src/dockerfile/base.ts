import type { Range } from "../text/source.js";
import { type ImageReference, type MalformedImageReference, parseImageReference } from "../values/image-reference.js";
import type { EvaluatedStage } from "./evaluate.js";
import type { Evaluation } from "./expand.js";
import type { Word } from "./word.js";

/** An external image. */
export interface ImageBase {
  readonly kind: "image";
  /** As written after FROM, variables included. */
  readonly written: string;
  /** With variables replaced. */
  readonly resolved: string;
  readonly reference: ImageReference | MalformedImageReference;
  readonly evaluation: Evaluation;
  /** What is written after FROM. */
  readonly range: Range;
  /** Declarations of the ARGs that the name takes its values from; empty when it is written out. */
  readonly origins: readonly Range[];
}

/** What a stage begins with. */
export type Base =
  | ImageBase
  | { readonly kind: "stage"; readonly written: string; readonly stage: EvaluatedStage; readonly range: Range }
  | { readonly kind: "scratch"; readonly written: string; readonly range: Range }
  /** A name that needs an unknown value, is blank, or is not written: then the evaluation is undefined. */
  | {
      readonly kind: "unresolved";
      readonly written: string;
      readonly evaluation: Evaluation | undefined;
      readonly range: Range;
    };

/** An external image whose reference is taken apart on first use. */
export function imageBase(word: Word, evaluation: Evaluation): ImageBase {
  return new LazyImageBase(word, evaluation);
}

class LazyImageBase implements ImageBase {
  readonly kind = "image";
  readonly written: string;
  readonly resolved: string;
  readonly evaluation: Evaluation;
  readonly #word: Word;
  #reference: ImageReference | MalformedImageReference | undefined;

  constructor(word: Word, evaluation: Evaluation) {
    this.#word = word;
    this.written = word.raw;
    this.resolved = evaluation.value;
    this.evaluation = evaluation;
  }

  get range(): Range {
    return this.#word.range;
  }

  get reference(): ImageReference | MalformedImageReference {
    this.#reference ??= parseImageReference(this.resolved);
    return this.#reference;
  }

  get origins(): readonly Range[] {
    return this.evaluation.uses.flatMap((use) => (use.origin === undefined ? [] : [use.origin]));
  }
}
