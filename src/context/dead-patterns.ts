import { foldersAbove } from "../files/path.js";
import { hasGlobMeta } from "../values/glob.js";
import type { IgnoreFile, IgnorePattern } from "./ignore-file.js";
import { mayMatchBelow } from "./ignore-matcher.js";

/** A line of an ignore file that changes nothing, whatever files there are, and the line that makes it so. */
export type DeadPattern =
  /** Another line says all of it already, and nothing between takes it back. */
  | { readonly kind: "shadowed"; readonly pattern: IgnorePattern; readonly by: IgnorePattern }
  /** An exception from nothing: no line before it leaves out what it lets through, and none behind it does. */
  | { readonly kind: "needless"; readonly pattern: IgnorePattern }
  /** An exception in front of the line that it is an exception from. */
  | { readonly kind: "early"; readonly pattern: IgnorePattern; readonly by: IgnorePattern }
  /** An exception whose effect a later line takes back. */
  | { readonly kind: "undone"; readonly pattern: IgnorePattern; readonly by: IgnorePattern };

/** Files with more lines are written by programs. */
const MOST_PATTERNS = 400;

/** Lines without effect, in order; only what the text alone proves. Lines that a program keeps between marks are left out. */
export function deadPatterns(file: IgnoreFile): readonly DeadPattern[] {
  const { patterns } = file;
  if (patterns.length < 1 || patterns.length > MOST_PATTERNS) return [];
  const generated = generatedBlocks(file);
  const found: DeadPattern[] = [];
  for (const pattern of patterns) {
    if (generated.some(({ start, end }) => pattern.range.start >= start && pattern.range.end <= end)) continue;
    const dead = shadowed(pattern, patterns) ?? (pattern.isException ? idle(pattern, patterns) : undefined);
    if (dead !== undefined) found.push(dead);
  }
  return found;
}

/** The nearest earlier line of the same sign that covers a line, with none of the other sign between. */
function shadowed(pattern: IgnorePattern, patterns: readonly IgnorePattern[]): DeadPattern | undefined {
  for (let index = pattern.index - 1; index >= 0; index -= 1) {
    const by = patterns[index];
    if (by === undefined || by.isException !== pattern.isException) return undefined;
    if (covers(by, pattern)) return { kind: "shadowed", pattern, by };
  }
  return undefined;
}

function idle(pattern: IgnorePattern, patterns: readonly IgnorePattern[]): DeadPattern | undefined {
  const hasCause = patterns.slice(0, pattern.index).some((other) => !other.isException && mayMeet(other, pattern));
  const later = patterns.slice(pattern.index + 1);
  const by = later.find((other) => !other.isException && covers(other, pattern));
  if (by === undefined) return hasCause ? undefined : { kind: "needless", pattern };
  // What a further exception lets through again has its effect there.
  const isAgain = patterns.slice(by.index + 1).some((other) => other.isException && covers(other, pattern));
  if (isAgain) return undefined;
  return { kind: hasCause ? "undone" : "early", pattern, by };
}

/** What comparing needs of a pattern, found once: each line is compared with all before it. Leads to no model. */
interface Shape {
  /** Paths of which one, when matched, has the whole pattern matched: itself when it is plain, and its plain folders. */
  readonly heads: readonly string[];
  /** Elements without wildcards. */
  readonly names: readonly string[];
  readonly elements: readonly string[];
  /** The one name behind two stars and a slash; undefined for other patterns. */
  readonly anywhere: string | undefined;
}

const shapes = new WeakMap<IgnorePattern, Shape>();

function shapeOf(pattern: IgnorePattern): Shape {
  let shape = shapes.get(pattern);
  if (shape === undefined) {
    shape = readShape(pattern.cleaned);
    shapes.set(pattern, shape);
  }
  return shape;
}

function readShape(path: string): Shape {
  const elements = path.split("/");
  const firstMeta = elements.findIndex(hasMeta);
  const plain = firstMeta === -1 ? elements.length : firstMeta;
  const heads = elements.slice(0, plain).map((_, index) => elements.slice(0, index + 1).join("/"));
  const name = path.startsWith("**/") ? path.slice(3) : "";
  const isName = name !== "" && !name.includes("/") && !name.includes("**");
  return { heads, names: elements.filter((each) => !hasMeta(each)), elements, anywhere: isName ? name : undefined };
}

/** Whether every path that `narrow` matches, or that lies below one, is matched by `wide` or lies below what it matches. */
export function covers(wide: IgnorePattern, narrow: IgnorePattern): boolean {
  if (wide.cleaned === narrow.cleaned || wide.cleaned === "**" || wide.cleaned === "*") return true;
  const { heads, names, elements } = shapeOf(narrow);
  for (const head of heads) if (wide.matches(head)) return true;
  // A name in any folder covers every path through a name like it.
  const { anywhere } = shapeOf(wide);
  if (anywhere === undefined) return false;
  return elements.includes(anywhere) || (hasMeta(anywhere) && names.some((name) => wide.matches(name)));
}

/** Whether some path may be matched by both, itself or through a folder above it; errs on the side of true. */
function mayMeet(a: IgnorePattern, b: IgnorePattern): boolean {
  if (!hasMeta(a.cleaned)) return mayTouch(b, a.cleaned);
  if (!hasMeta(b.cleaned)) return mayTouch(a, b.cleaned);
  const headA = headOf(a.cleaned);
  const headB = headOf(b.cleaned);
  return headA.startsWith(headB) || headB.startsWith(headA);
}

function mayTouch(pattern: IgnorePattern, path: string): boolean {
  return (
    pattern.matches(path) ||
    foldersAbove(path).some((folder) => pattern.matches(folder)) ||
    mayMatchBelow(pattern, path)
  );
}

function headOf(cleaned: string): string {
  const at = cleaned.search(META);
  return at === -1 ? cleaned : cleaned.slice(0, at);
}

const META = /[*?[\]\\^]/;

function hasMeta(text: string): boolean {
  return hasGlobMeta(text) || META.test(text);
}

const BEGIN = /^#+\s*(?:>>>|=*\s*begin\b|created by\b|generated by\b|auto-?generated\b|managed by\b|start of\b)/i;
const END = /^#+\s*(?:<<<|=*\s*end\b)/i;

/** Stretches between comments with which programs mark what they wrote; without an end, up to the end of the file. */
function generatedBlocks({
  comments,
  source,
}: IgnoreFile): readonly { readonly start: number; readonly end: number }[] {
  const blocks: { start: number; end: number }[] = [];
  let start: number | undefined;
  for (const { range } of comments) {
    const text = source.text.slice(range.start, range.end);
    if (END.test(text) && start !== undefined) {
      blocks.push({ start, end: range.start });
      start = undefined;
    } else if (BEGIN.test(text)) start ??= range.end;
  }
  if (start !== undefined) blocks.push({ start, end: source.text.length });
  return blocks;
}
