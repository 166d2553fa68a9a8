import type { Range } from "../text/source.js";
import { resolvePath } from "./container-path.js";
import type { EvaluatedStage, Step } from "./evaluate.js";
import type { Evaluation } from "./expand.js";
import type { AddInstruction, CopyInstruction, CopySource, Heredoc } from "./model.js";
import type { Word } from "./word.js";

/** Where COPY and ADD take paths from. */
export type CopyOrigin =
  | { readonly kind: "context" }
  | { readonly kind: "stage"; readonly stage: EvaluatedStage; readonly range: Range }
  /** A context of the build that has a name, given by who builds. */
  | { readonly kind: "named-context"; readonly name: string; readonly range: Range }
  | { readonly kind: "image"; readonly name: string; readonly range: Range }
  /** A stage index that the file does not have, a blank, or a variable, which the builder does not expand here. */
  | { readonly kind: "unresolved"; readonly written: string; readonly range: Range };

/** One source of COPY or ADD. */
export type CopyInput =
  | { readonly kind: "path"; readonly word: Word; readonly evaluation: Evaluation }
  | { readonly kind: "url"; readonly word: Word; readonly evaluation: Evaluation }
  | { readonly kind: "git"; readonly word: Word; readonly evaluation: Evaluation }
  | { readonly kind: "heredoc"; readonly word: Word; readonly heredoc: Heredoc | undefined };

/** Where copied files go. */
export interface CopyDestination {
  readonly word: Word;
  readonly evaluation: Evaluation;
  /** Absolute, without trailing slash; undefined when its value or the working directory is not known. */
  readonly path: string | undefined;
  /** Certain to be a directory: it ends in a slash, is `.` or `..`, or takes several sources. */
  readonly isDirectory: boolean;
}

/** A COPY or ADD with its words evaluated. */
export interface Copy {
  readonly step: Step;
  readonly instruction: CopyInstruction | AddInstruction;
  readonly from: CopyOrigin;
  readonly sources: readonly CopyInput[];
  /** Undefined when none is written. */
  readonly destination: CopyDestination | undefined;
}

/** Evaluates a COPY or ADD in the scope of its step. */
export function evaluateCopy(step: Step, instruction: CopyInstruction | AddInstruction, from: CopyOrigin): Copy {
  const sources = instruction.sources.map((source) => evaluateSource(step, source));
  const word = instruction.destination;
  return {
    step,
    instruction,
    from,
    sources,
    destination: word === undefined ? undefined : evaluateDestination(step, word, sources.length),
  };
}

function evaluateSource(step: Step, source: CopySource): CopyInput {
  const { word } = source;
  if (source.kind === "heredoc") return { kind: "heredoc", word, heredoc: source.heredoc };
  const evaluation = step.expand(word);
  const [first] = evaluation.pieces;
  const text = evaluation.kind === "known" ? evaluation.value : first?.kind === "text" ? first.text : "";
  return { kind: remoteKind(text) ?? "path", word, evaluation };
}

function evaluateDestination(step: Step, word: Word, sourceCount: number): CopyDestination {
  const evaluation = step.expand(word);
  const last = evaluation.pieces.at(-1);
  const tail = last?.kind === "text" ? last.text : "";
  const path = evaluation.kind === "known" ? resolvePath(step.state.workdir.path, evaluation.value) : undefined;
  return { word, evaluation, path, isDirectory: sourceCount > 1 || DIRECTORY_TAIL.test(tail) };
}

const DIRECTORY_TAIL = /(?:^|[\\/])\.{0,2}$/;
const GIT_SCHEME = /^(?:git|ssh):\/\/|^git@[^/]*:/;
const GIT_PATH = /^https?:\/\/[^?#]*\.git(?:[?#]|$)/;

/**
 * Whether ADD fetches a source: from a git repository, or as a file.
 *
 * @returns undefined for a path
 * @see https://docs.docker.com/reference/dockerfile/#adding-files-from-a-git-repository
 */
export function remoteKind(source: string): "git" | "url" | undefined {
  if (GIT_SCHEME.test(source) || GIT_PATH.test(source) || source.startsWith("github.com/")) return "git";
  return source.startsWith("http://") || source.startsWith("https://") ? "url" : undefined;
}
