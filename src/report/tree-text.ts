import { printable } from "../text/printable.js";

/**
 * Data as indented lines for people: a key per line, items after a dash. For what JSON can hold; absent values are left
 * out.
 *
 * @param indent blanks before each line
 */
export function treeText(value: unknown, indent = ""): string {
  if (Array.isArray(value)) return value.map((item) => itemText(item, indent)).join("");
  if (typeof value !== "object" || value === null) return `${indent}${leaf(value)}\n`;
  return Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .map(([key, part]) => entryText(key, part, indent))
    .join("");
}

function entryText(key: string, value: unknown, indent: string): string {
  const name = `${indent}${printable(key)}:`;
  if (isEmpty(value)) return `${name} ${Array.isArray(value) ? "[]" : "{}"}\n`;
  if (isLeaf(value)) return `${name} ${leaf(value)}\n`;
  if (Array.isArray(value) && value.every(isLeaf)) return `${name} ${value.map(leaf).join(", ")}\n`;
  return `${name}\n${treeText(value, `${indent}  `)}`;
}

function itemText(item: unknown, indent: string): string {
  const text = treeText(item, `${indent}  `);
  return text === "" ? `${indent}-\n` : `${indent}- ${text.slice(indent.length + 2)}`;
}

function isLeaf(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function leaf(value: unknown): string {
  return printable(String(value));
}
