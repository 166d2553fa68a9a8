import { type DialectReader, directive, namesIn, reasonIn } from "./directive.js";

const DOCKERFILE_UTILS = /^#+\s*dockerfile-utils:\s*ignore\s*$/;
const TALLY = /^#+\s*tally\s+(global\s+)?ignore\s*=([^;]*)(?:;\s*reason\s*=(.*))?$/;
const SHELLCHECK = /^#+\s*shellcheck\s+disable\s*=\s*((?:SC)?\d+(?:\s*,\s*(?:SC)?\d+)*)/i;

/**
 * `# dockerfile-utils: ignore` before an instruction.
 *
 * @see https://github.com/rcjsuen/dockerfile-utils
 */
export const readDockerfileUtils: DialectReader = (comment) => {
  if (!DOCKERFILE_UTILS.test(comment)) return undefined;
  return directive({ dialect: "dockerfile-utils", scope: "target", names: [], everything: true, reason: undefined });
};

/** `# tally ignore=rule-id,…;reason=…` before an instruction, and `# tally global ignore=…` for the file. */
export const readTally: DialectReader = (comment) => {
  const match = TALLY.exec(comment);
  const list = match?.[2];
  if (match === null || list === undefined) return undefined;
  const names = namesIn(list, comment.indexOf("=") + 1, /,/g);
  const reason = reasonIn(match[3] ?? "");
  const scope = match[1] === undefined ? "target" : "file";
  return directive({ dialect: "tally", scope, names, everything: false, reason });
};

/**
 * `# shellcheck disable=SC2086,SC2046` before an instruction, or between its lines.
 *
 * @see https://www.shellcheck.net/wiki/Directive
 */
export const readShellcheck: DialectReader = (comment) => {
  const match = SHELLCHECK.exec(comment);
  const list = match?.[1];
  if (match === null || list === undefined) return undefined;
  const names = namesIn(list, match[0].length - list.length).map(({ text, start }) => {
    return { text: /^\d/.test(text) ? `SC${text}` : text, start };
  });
  return directive({ dialect: "shellcheck", scope: "target", names, everything: false, reason: undefined });
};
