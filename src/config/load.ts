import { parentPath } from "../files/path.js";
import type { Workspace } from "../files/workspace.js";
import type { Range, Source } from "../text/source.js";
import { findExtended } from "./extends.js";
import type { PolicyData } from "./policy.js";
import type { Place } from "./policy-text.js";
import { UserError } from "./user-error.js";
import { type PolicyRules, validatePolicy } from "./validate.js";

/** Policy files that one policy may be made of. */
const MAX_FILES = 50;

/** One policy file, validated. */
export interface PolicyFile {
  readonly source: Source;
  readonly data: PolicyData;
  readonly places: ReadonlyMap<string, Place>;
}

/**
 * Reads a policy file and all that it extends, weakest first: each file after those that it names, in their order.
 *
 * @throws UserError at the first mistake: a file that is missing, cannot be read, is not valid, or extends itself
 */
export function loadPolicyFiles(workspace: Workspace, path: string, rules: PolicyRules): readonly PolicyFile[] {
  const loader = new Loader(workspace, rules);
  loader.load(path, undefined);
  return loader.files;
}

class Loader {
  readonly files: PolicyFile[] = [];
  readonly #workspace: Workspace;
  readonly #rules: PolicyRules;
  /** Files whose `extends` is being followed. */
  readonly #open: string[] = [];

  constructor(workspace: Workspace, rules: PolicyRules) {
    this.#workspace = workspace;
    this.#rules = rules;
  }

  /** @param by the entry of `extends` that names the file; undefined for the first */
  load(path: string, by: Range | undefined): void {
    const place = by === undefined ? undefined : placeOf(by);
    if (this.#open.includes(path)) {
      const shown = this.#workspace.display(path);
      throw new UserError({
        place,
        problem: `\`extends\` leads back to \`${shown}\``,
        remedy: "remove one of the entries",
      });
    }
    if (this.files.length + this.#open.length >= MAX_FILES) {
      throw new UserError({ place, problem: `a policy may consist of at most ${MAX_FILES} files` });
    }
    const file = this.#read(path, place);
    this.#open.push(path);
    const { extends: bases = [] } = file.data;
    for (const [index, written] of (typeof bases === "string" ? [bases] : bases).entries()) {
      const pointer = typeof bases === "string" ? "/extends" : `/extends/${index}`;
      const range = file.places.get(pointer)?.value ?? file.source.range(0, 0);
      const target = findExtended(this.#workspace.fs, written, parentPath(path), this.#workspace.root);
      if (target.kind === "missing") {
        throw new UserError({ place: placeOf(range), problem: target.problem, remedy: target.remedy });
      }
      this.load(target.path, range);
    }
    this.#open.pop();
    this.files.push(file);
  }

  #read(path: string, place: string | undefined): PolicyFile {
    const shown = this.#workspace.display(path);
    const read = this.#workspace.read(path);
    if (read.kind === "problem") {
      const details = PROBLEMS[read.problem];
      throw new UserError({
        place: place ?? shown,
        problem: place === undefined ? details : `\`${shown}\` ${details}`,
      });
    }
    const policy = validatePolicy(read.source, this.#rules);
    if (policy.kind === "policy") return { source: read.source, data: policy.data, places: policy.places };
    const [first] = policy.problems;
    if (first === undefined) throw new Error(`${shown} is not valid for no reason`);
    throw new UserError({ place: placeOf(first.range), problem: first.problem, remedy: first.remedy });
  }
}

const PROBLEMS = {
  absent: "does not exist",
  denied: "may not be read; check its permissions",
  "not-a-file": "is no file",
  "not-a-directory": "does not exist",
  "too-large": "is too large for a policy file",
  failed: "cannot be read",
  outside: "lies outside of the workspace; copy it, or publish it as a package",
  binary: "is no text",
  "utf-16": "is UTF-16; save it as UTF-8",
} as const;

/** `path:line:column`, as messages begin. */
export function placeOf(range: Range): string {
  const { line, column } = range.source.positionAt(range.start);
  return `${range.source.path}:${line}:${column}`;
}
