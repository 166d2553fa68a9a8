import type { Edit, Source } from "../../text/source.js";
import { overlaps } from "../../text/source.js";
import type { NewFile } from "../rule.js";
import type { RatedFinding } from "../run-result.js";

/** What decides which fixes are taken. */
export interface FixChoice {
  readonly unsafe: boolean;
  /** Whether the text of a file may be changed. */
  readonly mayEdit: (source: Source) => boolean;
  /** Whether nothing stands at an absolute path, so that a file may be created there. */
  readonly isAbsent: (file: string) => boolean;
  /** Whether a rule may change a file (absolute path) in this pass. */
  readonly mayFix: (rule: string, file: string) => boolean;
}

/** Fixes of one pass: none of them touches what another one changes. */
export interface FixPlan {
  /** In the order of the text, by source. */
  readonly edits: ReadonlyMap<Source, readonly Edit[]>;
  /** Text of new files by absolute path. */
  readonly created: ReadonlyMap<string, string>;
  readonly taken: readonly TakenFix[];
}

/** A fix that was taken: its rule, and the files (absolute paths) that it changes or creates. */
export interface TakenFix {
  readonly rule: string;
  readonly files: readonly string[];
}

/** Takes fixes in the order of the findings; one that conflicts with those before it is left for the next pass. */
export function chooseFixes(findings: readonly RatedFinding[], choice: FixChoice): FixPlan {
  const accepted = new Map<Source, EditList>();
  const created = new Map<string, string>();
  const taken: TakenFix[] = [];
  for (const { rule, fix } of findings) {
    if (fix === undefined || (fix.safety === "unsafe" && !choice.unsafe)) continue;
    const { edits, creates = [] } = fix;
    if (edits.length + creates.length === 0) continue;
    const files = [...new Set([...edits.map(({ range }) => range.source.file), ...creates.map(({ file }) => file)])];
    const isAllowed =
      files.every((file) => choice.mayFix(rule, file)) && edits.every(({ range }) => choice.mayEdit(range.source));
    if (!isAllowed || !creates.every((each) => canCreate(each, created, choice)) || !fits(edits, accepted)) continue;
    for (const edit of edits) listOf(accepted, edit.range.source).add(edit);
    for (const { file, text } of creates) created.set(file, text);
    taken.push({ rule, files });
  }
  const edits = new Map([...accepted].map(([source, list]) => [source, list.edits] as const));
  return { edits, created, taken };
}

function canCreate({ file, text }: NewFile, created: ReadonlyMap<string, string>, { isAbsent }: FixChoice): boolean {
  const planned = created.get(file);
  return planned === undefined ? isAbsent(file) : planned === text;
}

/** Whether edits conflict neither with what was accepted nor with each other. */
function fits(edits: readonly Edit[], accepted: ReadonlyMap<Source, EditList>): boolean {
  return edits.every((edit, index) => {
    if (accepted.get(edit.range.source)?.conflictsWith(edit) === true) return false;
    return !edits.some((other, otherIndex) => otherIndex < index && overlaps(edit.range, other.range));
  });
}

function listOf(accepted: Map<Source, EditList>, source: Source): EditList {
  let list = accepted.get(source);
  if (list === undefined) {
    list = new EditList();
    accepted.set(source, list);
  }
  return list;
}

/** Edits of one source in the order of the text; none overlaps or touches another. */
class EditList {
  readonly #edits: Edit[] = [];

  get edits(): readonly Edit[] {
    return this.#edits;
  }

  /** An equal edit is no conflict: several findings can be mended by the same one. */
  conflictsWith(edit: Edit): boolean {
    const index = this.#indexOf(edit.range.start);
    // No two edits touch, so that only the neighbours can be in the way.
    return [this.#edits[index - 1], this.#edits[index], this.#edits[index + 1]].some(
      (known) => known !== undefined && !isEqual(known, edit) && overlaps(known.range, edit.range),
    );
  }

  add(edit: Edit): void {
    const index = this.#indexOf(edit.range.start);
    const isKnown = [this.#edits[index - 1], this.#edits[index]].some(
      (known) => known !== undefined && isEqual(known, edit),
    );
    if (!isKnown) this.#edits.splice(index, 0, edit);
  }

  /** Index of the first edit that begins at or after an offset. */
  #indexOf(start: number): number {
    let low = 0;
    let high = this.#edits.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#edits[middle]?.range.start ?? 0) < start) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isEqual(a: Edit, b: Edit): boolean {
  return a.range.start === b.range.start && a.range.end === b.range.end && a.text === b.text;
}
