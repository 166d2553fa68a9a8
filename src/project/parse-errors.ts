import type { Script, ScriptError } from "../shell/model.js";
import type { Range } from "../text/source.js";

/** Text that a template engine fills in before a shell reads the script. */
const TEMPLATE_MARKS = ["{{", "<%", "@@"] as const;

/** A place where a shell stops reading. */
export interface ShellProblem {
  /** What is wrong and how to mend it. */
  readonly message: string;
  /** From the place to the end of its physical line; the last word before it where nothing follows. */
  readonly range: Range;
}

/** The first error of a script; undefined when it can be parsed, is not read, or is a template of one. */
export function shellProblemOf(script: Script): ShellProblem | undefined {
  const [error] = script.errors;
  if (error === undefined || TEMPLATE_MARKS.some((mark) => script.text.includes(mark))) return undefined;
  return { message: messageOf(error.message), range: lineOf(error, script) };
}

/** @param message as the parser says it */
function messageOf(message: string): string {
  const [, open] = /^unterminated (.+)$/.exec(message) ?? [];
  if (open !== undefined) return `unterminated ${open}; close it`;
  const [, operator] = /^expected command after '(.+)'$/.exec(message) ?? [];
  if (operator !== undefined) return `no command follows \`${operator}\`; write one, or take \`${operator}\` away`;
  const [, close, opened] = /^expected '(.+)' to close (.+)$/.exec(message) ?? [];
  if (close !== undefined) return `${(opened ?? "").replaceAll("'", "`")} is never closed; end it with \`${close}\``;
  const [, missing] = /^expected '(.+)'$/.exec(message) ?? [];
  if (missing !== undefined) return `\`${missing}\` is missing before this place; add it`;
  const [, stray] = /^unexpected token '(.+)'$/.exec(message) ?? [];
  if (stray !== undefined) return `\`${stray}\` cannot stand here; take it away, or quote it`;
  return `the shell cannot read this: ${message.replaceAll("'", "`")}`;
}

/** Joined lines are one for the shell and several for people. */
function lineOf({ range: { source, start, end } }: ScriptError, { range }: Script): Range {
  const rest = source.text.slice(start, end);
  const line = rest.slice(0, lineLength(rest)).replace(/[ \t]+\\?[ \t]*$/, "");
  if (line.trim() !== "") return source.range(start, start + line.length);
  const before = source.text.slice(range.start, start).trimEnd();
  const from = before.length - (/\S+$/.exec(before)?.[0].length ?? 0);
  return source.range(range.start + from, range.start + before.length);
}

function lineLength(text: string): number {
  const end = text.search(/[\r\n]/);
  return end === -1 ? text.length : end;
}
