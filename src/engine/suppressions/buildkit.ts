import { type DialectReader, type Directive, directive, namesIn } from "./directive.js";

const CHECK = /^#+\s*check\s*=\s*/i;
const SKIP = /(?:^|;)\s*skip\s*=([^;]*)/i;

/**
 * `# check=skip=StageNameCasing,JSONArgsRecommended;error=true` in the comment above an instruction.
 *
 * @see https://docs.docker.com/reference/dockerfile/#check
 */
export const readBuildkit: DialectReader = (comment) => {
  const match = CHECK.exec(comment);
  if (match === null) return undefined;
  const skipped = readCheck(comment.slice(match[0].length), match[0].length, "target");
  return skipped === undefined ? undefined : directive(skipped);
};

/**
 * The value of `check=`, as a directive at the top of the file or in a comment; undefined when it skips nothing.
 *
 * @param offset where the value stands in the text that offsets of names are relative to
 */
export function readCheck(value: string, offset: number, scope: "file" | "target"): Directive | undefined {
  const match = SKIP.exec(value);
  const list = match?.[1];
  if (match === null || list === undefined) return undefined;
  const names = namesIn(list, offset + match.index + match[0].length - list.length);
  const everything = names.some(({ text }) => text.toLowerCase() === "all");
  return { dialect: "buildkit", scope, names: everything ? [] : names, everything, reason: undefined };
}
