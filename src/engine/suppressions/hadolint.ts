import { type DialectReader, directive, namesIn, reasonIn } from "./directive.js";

const PRAGMA = /^#+\s*hadolint\s+(global\s+)?ignore\s*=\s*/;
const CODES = /^[A-Za-z]+\d+(?:\s*,\s*[A-Za-z]+\d+)*/;

/**
 * `# hadolint ignore=DL3008,SC2086` before an instruction, and `# hadolint global ignore=…` for the file.
 *
 * @see https://github.com/hadolint/hadolint#inline-ignores
 */
export const readHadolint: DialectReader = (comment) => {
  const match = PRAGMA.exec(comment);
  if (match === null) return undefined;
  const start = match[0].length;
  const list = CODES.exec(comment.slice(start))?.[0] ?? "";
  return directive({
    dialect: "hadolint",
    scope: match[1] === undefined ? "target" : "file",
    names: namesIn(list, start),
    everything: false,
    reason: reasonIn(comment.slice(start + list.length)),
  });
};
