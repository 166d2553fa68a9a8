import { printable } from "../text/printable.js";
import { messageParts } from "./message-parts.js";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text of any origin for an element or a quoted attribute; control characters are visible. */
export function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

/** Text of any origin as code. */
export function codeElement(text: string): string {
  return `<code>${escapeHtml(text)}</code>`;
}

/** A message of a rule: what it has in backticks is code. */
export function messageHtml(message: string): string {
  return messageParts(message)
    .map(({ isCode, text }) => (isCode ? codeElement(text) : escapeHtml(text)))
    .join("");
}
