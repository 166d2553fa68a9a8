import { type DialectReader, type DirectiveScope, directive, namesIn, reasonIn } from "./directive.js";

const PRAGMA = /^#+\s*dclint\s+(disable(?:-file|-next-line|-line)?)(?=\s|$)/;

/**
 * `# dclint disable-line`, `disable-next-line` and `disable` (the file), each for the rules named after it or for all;
 * `disable-file` is for all. On a line of its own `disable-line` means the next one. What dclint reports about a list, it
 * reports where the key stands.
 *
 * @see https://github.com/zavoloklom/docker-compose-linter#disabling-rules-via-comments
 */
export const readDclint: DialectReader = (comment) => {
  const match = PRAGMA.exec(comment);
  if (match === null) return undefined;
  const start = match[0].length;
  const rest = comment.slice(start);
  const dashes = /(?:^|\s)--(?=\s|$)/.exec(rest);
  const isWhole = match[1] === "disable-file";
  const names = isWhole ? [] : namesIn(dashes === null ? rest : rest.slice(0, dashes.index), start);
  return directive({
    dialect: "dclint",
    scope: scopeOf(match[1]),
    names,
    everything: names.length === 0,
    reason: dashes === null ? undefined : reasonIn(rest.slice(dashes.index)),
  });
};

function scopeOf(word: string | undefined): DirectiveScope {
  return word === "disable-line" || word === "disable-next-line" ? "list" : "file";
}
