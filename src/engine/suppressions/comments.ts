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
  readonly block: Lines | undefined;
  /** Stands in a Dockerfile above the first instruction. */
  readonly isHeader: boolean;
}

/** The comments of one text, and what its `# check=` directive says. */
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
  const { instructions, stages } = dockerfile;
  const lines = instructions.map(({ range }) => linesOf(range));
  const stageLines = new Map(
    stages.map(({ from, instructions: rest }) => {
      const first = linesOf(from.range);
      return [first.first, { first: first.first, last: linesOf(rest.at(-1)?.range ?? from.range).last }];
    }),
  );
  let next = 0;
  const comments = dockerfile.comments.map(({ range, place }): SourceComment => {
    const { line } = root.positionAt(range.start);
    if (place === "inside") {
      const target = nextLine(root, line);
      return { range, target, block: target, isHeader: false };
    }
    while (next < lines.length && (lines[next]?.first ?? 0) <= line) next += 1;
    const target = lines[next];
    const block = target === undefined ? undefined : (stageLines.get(target.first) ?? target);
    return { range, target, block, isHeader: next === 0 };
  });
  const check = dockerfile.directives.find(({ name }) => name === "check")?.valueRange;
  return { kind: "dockerfile", source: root, comments, check };
}

/** Comments of a Compose file. */
export function commentsOfCompose({ source, yaml }: ComposeFile): CommentedText {
  const comments = yaml.comments.map((range): SourceComment => {
    const { line, column } = source.positionAt(range.start);
    const before = source.text.slice(range.start - column + 1, range.start);
    if (before.trim() !== "") {
      const own = { first: line, last: line };
      return { range, target: own, block: own, isHeader: false };
    }
    const target = nextLine(source, line);
    return {
      range,
      target,
      block: target === undefined ? undefined : nestedLines(source, target.first),
      isHeader: false,
    };
  });
  return { kind: "compose", source, comments, check: undefined };
}

/** Comments of an ignore file: whole lines only. */
export function commentsOfIgnoreFile(file: IgnoreFile): CommentedText {
  const { source } = file;
  const comments = file.comments.map(({ range }): SourceComment => {
    const target = nextLine(source, source.positionAt(range.start).line);
    return { range, target, block: target, isHeader: false };
  });
  return { kind: "dockerignore", source, comments, check: undefined };
}

function linesOf({ source, start, end }: Range): Lines {
  return { first: source.positionAt(start).line, last: source.positionAt(Math.max(start, end - 1)).line };
}

/** The next line that holds more than blanks or a comment; undefined at the end. */
function nextLine(source: Source, line: number): Lines | undefined {
  for (let next = line + 1; next <= source.lineCount; next += 1) {
    const first = firstCharacter(source, next);
    if (first !== "" && first !== "#") return { first: next, last: next };
  }
  return undefined;
}

/** A line and the lines below that are indented deeper, or are items of its list. */
function nestedLines(source: Source, line: number): Lines {
  const indent = indentOf(source, line);
  let last = line;
  for (let next = line + 1; next <= source.lineCount; next += 1) {
    if (firstCharacter(source, next) === "") continue;
    if (indentOf(source, next) <= indent) break;
    last = next;
  }
  return { first: line, last };
}

function firstCharacter(source: Source, line: number): string {
  const span = source.lineSpan(line);
  return span === undefined ? "" : source.text.charAt(span.start + indentOf(source, line)).trim();
}

function indentOf(source: Source, line: number): number {
  const span = source.lineSpan(line);
  if (span === undefined) return 0;
  let index = span.start;
  while (index < span.end && (source.text[index] === " " || source.text[index] === "\t")) index += 1;
  return index - span.start;
}
