import type { ComposeFile } from "../../compose/model.js";
import type { IgnoreFile } from "../../context/ignore-file.js";
import type { DockerfileView } from "../../project/model.js";
import type { Range, Source } from "../../text/source.js";

/** Lines of a file; 1-based, both ends included. */
export interface Lines {
  readonly first: number;
  readonly last: number;
}

/** A comment with what it can speak about; all lines are those of the source that people see. */
export interface SourceComment {
  /** From the `#` to the end of the line. */
  readonly range: Range;
  /** The next instruction or line for a comment on a line of its own, else its line; undefined when nothing follows. */
  readonly target: Lines | undefined;
  /** `target` and what belongs to it: the stage of a FROM, the nested lines of a YAML key. */
  block(): Lines | undefined;
  /** `target`; with the entries where that is the line of `ports` or `depends_on`. Absent outside of Compose files. */
  readonly list?: () => Lines | undefined;
  /** The instruction between whose lines it stands; absent for a comment that stands by itself. */
  readonly whole?: Lines | undefined;
  /** Stands in a Dockerfile above the first instruction. */
  readonly isHeader: boolean;
}

/** Comments without any of these words silence nothing: most comments are prose. */
const ADDRESSING = ["ignore", "skip", "disable", "nosem", "plimsoll-"] as const;

/** The comments of one text that may silence something, and what its `# check=` directive says. */
export interface CommentedText {
  readonly kind: "dockerfile" | "compose" | "dockerignore";
  /** The source that people see. */
  readonly source: Source;
  readonly comments: readonly SourceComment[];
  /** Value of the `check` directive; undefined without one. */
  readonly check: Range | undefined;
}

/** Comments of a Dockerfile, also of one inside a Compose file. */
export function commentsOfDockerfile({ source, dockerfile }: DockerfileView): CommentedText {
  const { root } = source;
  const check = dockerfile.directives.find(({ name }) => name === "check")?.valueRange;
  const addressed = dockerfile.comments.filter(({ range }) => isAddressed(range));
  if (addressed.length === 0) return { kind: "dockerfile", source: root, comments: [], check };
  const lines = dockerfile.instructions.map(({ range }) => linesOf(range));
  const following = new FollowingLines(root);
  let next = 0;
  const comments = addressed.map(({ range, place }): SourceComment => {
    const { line } = root.positionAt(range.start);
    while (next < lines.length && (lines[next]?.first ?? 0) <= line) next += 1;
    if (place === "inside") {
      const target = following.after(line);
      return { range, target, block: () => target, whole: lines[next - 1], isHeader: false };
    }
    const target = lines[next];
    const block = (): Lines | undefined => (target === undefined ? undefined : stageAt(dockerfile, target));
    return { range, target, block, isHeader: next === 0 };
  });
  return { kind: "dockerfile", source: root, comments, check };
}

/** Comments of a Compose file. */
export function commentsOfCompose({ source, yaml }: ComposeFile): CommentedText {
  const following = new FollowingLines(source);
  const comments = yaml.comments.filter(isAddressed).map((range): SourceComment => {
    const { line, column } = source.positionAt(range.start);
    const own = { first: line, last: line };
    const isTrailing = indentOf(source, line) < column - 1;
    const target = isTrailing ? own : following.after(line);
    const list = (): Lines | undefined => (target === undefined ? undefined : listAt(source, target));
    if (isTrailing) return { range, target: own, block: () => own, list, isHeader: false };
    const block = (): Lines | undefined => (target === undefined ? undefined : nestedLines(source, target.first));
    return { range, target, block, list, isHeader: false };
  });
  return { kind: "compose", source, comments, check: undefined };
}

/** Comments of an ignore file: whole lines only. */
export function commentsOfIgnoreFile({ source, comments }: IgnoreFile): CommentedText {
  const following = new FollowingLines(source);
  return {
    kind: "dockerignore",
    source,
    comments: comments
      .filter(({ range }) => isAddressed(range))
      .map(({ range }): SourceComment => {
        const target = following.after(source.positionAt(range.start).line);
        return { range, target, block: () => target, isHeader: false };
      }),
    check: undefined,
  };
}

function isAddressed({ source, start, end }: Range): boolean {
  const text = source.text.slice(start, end).toLowerCase();
  return ADDRESSING.some((word) => text.includes(word));
}

function linesOf({ source, start, end }: Range): Lines {
  return { first: source.positionAt(start).line, last: source.positionAt(Math.max(start, end - 1)).line };
}

/** An instruction; with FROM the whole stage. */
function stageAt({ stages }: DockerfileView["dockerfile"], target: Lines): Lines {
  const stage = stages.find(({ from }) => linesOf(from.range).first === target.first);
  const last = stage?.instructions.at(-1);
  return last === undefined ? target : { first: target.first, last: linesOf(last.range).last };
}

/** Finds the next line that holds more than blanks or a comment. */
class FollowingLines {
  readonly #source: Source;
  /** By 0-based line: the 1-based number of the first such line at or below it, 0 when none is left. */
  #next: Int32Array | undefined;

  constructor(source: Source) {
    this.#source = source;
  }

  /** The next such line below a line (1-based); undefined at the end. */
  after(line: number): Lines | undefined {
    this.#next ??= this.#findAll();
    const next = this.#next[line] ?? 0;
    return next === 0 ? undefined : { first: next, last: next };
  }

  #findAll(): Int32Array {
    const count = this.#source.lineCount;
    const next = new Int32Array(count + 1);
    for (let line = count; line >= 1; line -= 1) {
      const first = firstCharacter(this.#source, line);
      next[line - 1] = first === "" || first === "#" ? (next[line] ?? 0) : line;
    }
    return next;
  }
}

const LIST_KEYS = ["ports:", "depends_on:"];

/** A line; with the entries, where it is that of a key whose entries are judged together. */
function listAt(source: Source, target: Lines): Lines {
  const start = (source.lineSpan(target.first)?.start ?? 0) + indentOf(source, target.first);
  if (!LIST_KEYS.some((key) => source.text.startsWith(key, start))) return target;
  return nestedLines(source, target.first, true);
}

/**
 * A line and the lines below that are indented deeper.
 *
 * @param withItems items of a list may begin below the key that holds it
 */
function nestedLines(source: Source, line: number, withItems = false): Lines {
  const indent = indentOf(source, line);
  let last = line;
  for (let next = line + 1; next <= source.lineCount; next += 1) {
    if (firstCharacter(source, next) === "") continue;
    const found = indentOf(source, next);
    const first = firstCharacter(source, next);
    // A comment ends nothing, wherever it begins.
    if (found <= indent && first === "#") continue;
    if (found < indent || (found === indent && !(withItems && first === "-"))) break;
    last = next;
  }
  return { first: line, last };
}

/** Empty for a blank line. */
function firstCharacter(source: Source, line: number): string {
  const span = source.lineSpan(line);
  return span === undefined ? "" : source.text.slice(span.start, span.end).charAt(indentOf(source, line)).trim();
}

function indentOf(source: Source, line: number): number {
  const span = source.lineSpan(line);
  if (span === undefined) return 0;
  let index = span.start;
  while (index < span.end && (source.text[index] === " " || source.text[index] === "\t")) index += 1;
  return index - span.start;
}
