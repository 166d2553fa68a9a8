import { type DialectReader, directive, malformed, namesIn, reasonIn } from "./directive.js";

const PRAGMA = /^#+\s*hadolint\s+(global\s+)?ignore\s*=\s*/;
const CODES = /^[A-Za-z]+\d+(?:\s*,\s*[A-Za-z]+\d+)*/;

// A code tells a slip of the pen from prose about hadolint.
const SLIP = /^#+\s*hadolint(?:\s*:)?\s+(?:global\s+)?ignored?(?:\s*[:=])?\s*((?:DL|SC)\d{4})\b/;

/**
 * `# hadolint ignore=DL3008,SC2086` before an instruction, and `# hadolint global ignore=…` for the file.
 *
 * @see https://github.com/hadolint/hadolint#inline-ignores
 */
export const readHadolint: DialectReader = (comment) => {
  const match = PRAGMA.exec(comment);
  if (match === null) {
    const code = comment.includes("hadolint") ? SLIP.exec(comment)?.[1] : undefined;
    return code === undefined
      ? undefined
      : malformed(`hadolint does not read this; write \`# hadolint ignore=${code}\``);
  }
  const start = match[0].length;
  const list = CODES.exec(comment.slice(start))?.[0] ?? "";
  if (list === "") return malformed("the comment names no code of hadolint; write `# hadolint ignore=DL3008`");
  return directive({
    dialect: "hadolint",
    scope: match[1] === undefined ? "target" : "file",
    names: namesIn(list, start),
    everything: false,
    reason: reasonIn(comment.slice(start + list.length)),
  });
};
