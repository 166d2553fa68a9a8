import { printable } from "../text/printable.js";
import { messageParts } from "./message-parts.js";
import { wellFormed } from "./well-formed.js";

// What a Markdown reader could take for more than a letter, outside of code. Backslashes before them would do in most
// places, but not in cells of tables (`|`) nor for mathematics (`$`); a character reference is a plain character everywhere.
const PROSE = /[\\`*_~[\]<>&|$]|:(?=\/\/)|(?<=\bwww)\.|^[-+=#]|^\d{1,9}(?=[.)])/gi;
/** What GitHub and GitLab turn into links after Markdown is done, with what would follow: people and issues. */
const REFERENCE = /[@#!%](?=[\w"])/g;
const PUNCTUATION = /[!-/:-@[-`{-~]/g;
const PLAIN_CODE = /^[^`|\s](?:[^`|]*[^`|\s])?$/;
/** Longest text that is shown whole, in UTF-16 code units: names and paths may have any length. */
const LONGEST = 400;
/** Invisible, takes no room, and forbids a break: after it no name begins. */
const WORD_JOINER = "&#8288;";

/**
 * Text of any origin as prose: no markup, no HTML, no link, no mention; control characters are visible. Fit for paragraphs,
 * lists and cells of tables.
 *
 * @see https://github.github.com/gfm/
 */
export function prose(text: string): string {
  return shown(text)
    .replace(PROSE, reference)
    .replace(REFERENCE, (sign, at: number, whole: string) => (isReference(whole, at) ? sign : sign + WORD_JOINER));
}

/** Text of any origin as code: a code span, or HTML where a table or the text itself would end the span too early. */
export function code(text: string): string {
  const plain = shown(text);
  return PLAIN_CODE.test(plain) ? `\`${plain}\`` : codeHtml(text);
}

/** Text of any origin as code for lines of HTML, in which Markdown is not read; it can stand in Markdown as well. */
export function codeHtml(text: string): string {
  // An address of mail becomes a link even here.
  return `<code>${shown(text).replace(PUNCTUATION, reference).replaceAll("&#64;", `&#64;${WORD_JOINER}`)}</code>`;
}

/** A message of a rule: what it has in backticks is code, the rest is prose. */
export function messageMarkdown(message: string): string {
  return messageParts(message)
    .map(({ isCode, text }) => (isCode ? code(text) : prose(text)))
    .join("");
}

function shown(text: string): string {
  const isLong = text.length > LONGEST;
  return printable(isLong ? `${wellFormed(text.slice(0, LONGEST))}…` : text);
}

function reference(text: string): string {
  return [...text].map((character) => `&#${character.codePointAt(0) ?? 0};`).join("");
}

/** Whether the `#` at that place belongs to a character reference of ours. */
function isReference(text: string, at: number): boolean {
  return text[at] === "#" && text[at - 1] === "&";
}
