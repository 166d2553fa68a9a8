import type { Span } from "../text/source.js";

/** Spans (0-based, into the text) of the parts of a short port such as `127.0.0.1:8080:80/tcp`. */
export interface ShortPort {
  readonly hostIp: Span | undefined;
  /** Empty span for `ip::80`: a random port on that address. */
  readonly published: Span | undefined;
  readonly target: Span;
  readonly protocol: Span | undefined;
}

/** Splits a short port; colons inside `[…]`, `${…}` and bare IPv6 addresses do not separate. */
export function splitShortPort(text: string): ShortPort {
  const slash = lastOutside(text, "/");
  const end = slash === -1 ? text.length : slash;
  const protocol = slash === -1 ? undefined : { start: slash + 1, end: text.length };
  const targetColon = lastOutside(text, ":", end);
  const target = { start: targetColon + 1, end };
  if (targetColon === -1) return { hostIp: undefined, published: undefined, target, protocol };
  const hostColon = lastOutside(text, ":", targetColon);
  const published = { start: hostColon + 1, end: targetColon };
  if (hostColon === -1) return { hostIp: undefined, published, target, protocol };
  const isBracketed = text.startsWith("[") && text[hostColon - 1] === "]";
  const hostIp = isBracketed ? { start: 1, end: hostColon - 1 } : { start: 0, end: hostColon };
  return { hostIp, published, target, protocol };
}

/** Spans of the parts of a short volume `[source:]target[:options]`. */
export interface ShortVolume {
  readonly source: Span | undefined;
  readonly target: Span;
  readonly options: Span | undefined;
  /** More than three parts: the loader refuses it. */
  readonly hasTooMany: boolean;
}

const DRIVE = /^[A-Za-z]:(?=[\\/])/;

/** Splits a short volume; colons inside `${…}` and after a drive letter do not separate. */
export function splitShortVolume(text: string): ShortVolume {
  const parts = splitOutside(text, ":");
  const joined: Span[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index];
    if (part === undefined) break;
    const next = parts[index + 1];
    const isDrive =
      part.end - part.start === 1 && next !== undefined && DRIVE.test(text.slice(part.start, part.start + 3));
    joined.push(isDrive ? { start: part.start, end: next.end } : part);
    if (isDrive) index += 1;
  }
  const [first = { start: 0, end: text.length }, second, third] = joined;
  if (second === undefined) return { source: undefined, target: first, options: undefined, hasTooMany: false };
  return { source: first, target: second, options: third, hasTooMany: joined.length > 3 };
}

/** Spans between separators, which do not count inside `${…}`; at least one. */
export function splitOutside(text: string, separator: string): Span[] {
  const spans: Span[] = [];
  let start = 0;
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === "$" && text[index + 1] === "{") {
      depth += 1;
      index += 1;
    } else if (character === "}" && depth > 0) depth -= 1;
    else if (character === separator && depth === 0) {
      spans.push({ start, end: index });
      start = index + 1;
    }
  }
  spans.push({ start, end: text.length });
  return spans;
}

/** The last separator before `before` that is outside `${…}` and `[…]`; −1 when there is none. */
function lastOutside(text: string, separator: string, before = text.length): number {
  let found = -1;
  let depth = 0;
  let inBrackets = false;
  for (let index = 0; index < before; index += 1) {
    const character = text[index];
    if (character === "$" && text[index + 1] === "{") {
      depth += 1;
      index += 1;
    } else if (character === "}" && depth > 0) depth -= 1;
    else if (depth > 0) continue;
    else if (character === "[") inBrackets = true;
    else if (character === "]") inBrackets = false;
    else if (character === separator && !inBrackets) found = index;
  }
  return found;
}

const BIND_SOURCE = /^(?:[./~\\]|[A-Za-z]:[\\/])/;

/** Whether the source of a short volume is a path of the host; anything else names a volume. */
export function isBindSource(source: string): boolean {
  return BIND_SOURCE.test(source);
}

/** A path of the container without `.`, `..`, doubled and trailing slashes; relative and Windows paths stay as written. */
export function cleanTarget(path: string): string {
  if (!path.startsWith("/")) return path;
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/**
 * Splits a command into words by quoting rules, without a shell: quotes group, a backslash escapes, and nothing expands.
 * Each word has its decoded text and the span it was written as; `isPlain` when both are the same.
 *
 * @returns undefined when a quote is never closed
 * @see https://github.com/mattn/go-shellwords/blob/v1.0.12/shellwords.go
 */
export function splitWords(
  text: string,
):
  | readonly { readonly text: string; readonly start: number; readonly end: number; readonly isPlain: boolean }[]
  | undefined {
  const words: { text: string; start: number; end: number; isPlain: boolean }[] = [];
  let word = "";
  let start = -1;
  let quote = "";
  let isPlain = true;
  const finish = (end: number) => {
    if (start !== -1) words.push({ text: word, start, end, isPlain });
    word = "";
    start = -1;
    isPlain = true;
  };
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? "";
    if (quote === "" && (character === " " || character === "\t" || character === "\n" || character === "\r")) {
      finish(index);
      continue;
    }
    if (start === -1) start = index;
    if (character === "\\" && quote !== "'") {
      word += text[index + 1] ?? "";
      index += 1;
      isPlain = false;
    } else if (quote !== "" ? character === quote : character === '"' || character === "'") {
      quote = quote === "" ? character : "";
      isPlain = false;
    } else word += character;
  }
  finish(text.length);
  return quote === "" ? words : undefined;
}
