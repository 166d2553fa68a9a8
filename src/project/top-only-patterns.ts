import type { CoverageRow } from "../context/coverage.js";
import type { IgnorePattern } from "../context/ignore-file.js";
import { matcherOf, tableMatcher } from "../context/ignore-file.js";
import type { IgnoreMatcher } from "../context/ignore-matcher.js";
import { exampleOf } from "../context/reach.js";
import { CONTEXT_ROWS, ENV_FILE_PATTERNS } from "../data/context-rows.js";
import { hasGlobMeta } from "../values/glob.js";
import type { ContextView } from "./context-view.js";

/** A line without a slash, which matches at the top of the context only, although such names are or will be in folders too. */
export interface TopOnlyPattern {
  readonly pattern: IgnorePattern;
  /** The line that matches in every folder. */
  readonly nested: string;
  /** Files in folders that the line misses and that are sent, in order; relative. */
  readonly files: readonly string[];
  /** Files that are to be expected by the manifests of the context, when none are there. */
  readonly expected: readonly string[];
  /**
   * What the line stands for: leftovers that nobody wants anywhere, files of a kind (`*.md`), or one name, which may be
   * something else in a folder.
   */
  readonly means: "leftovers" | "kind" | "name";
}

/** The lines of the ignore file that miss files in folders which are sent, in order. Walks the context when there are candidates. */
export function* topOnlyPatterns(view: ContextView): Iterable<TopOnlyPattern> {
  const { context, sharedReach } = view;
  const candidates = (context.ignoreFile?.file.patterns ?? []).filter(isTopOnly);
  if (candidates.length === 0) return;
  const sent = sentFiles(view);
  const most = Math.ceil(MOST_COMPARISONS / (sent.length + 1));
  for (const pattern of candidates.slice(0, most)) {
    const isMissed = ([first = "", ...others]: readonly string[]) =>
      others.some((name) => pattern.matches(name)) && !pattern.matches(first);
    const isMissedPath = (path: string) => isMissed(path.split("/"));
    // A twin in a folder that a COPY names is there on purpose.
    if (sharedReach.named.some((source) => isMissedPath(exampleOf(source)))) continue;
    const files = sent.filter(({ parts }) => isMissed(parts)).map(({ path }) => path);
    const example = exampleOfLine(pattern.cleaned);
    const row = view.rows.find(({ suggestions, missing }) => {
      return suggestions.some((line) => tableMatcher(line).ignores(example)) && missing.some(isMissedPath);
    });
    const expected = row === undefined || files.length > 0 ? [] : expectedOf(row, view).filter(isMissedPath);
    if (files.length === 0 && expected.length === 0) continue;
    const isLeftover = row !== undefined || leftovers().ignores(example);
    const means = isLeftover ? "leftovers" : hasGlobMeta(pattern.cleaned) ? "kind" : "name";
    yield { pattern, nested: `**/${pattern.cleaned}`, files, expected, means };
  }
}

/** Files times lines that are compared; more than any project has, unless it was made to be slow. */
const MOST_COMPARISONS = 5_000_000;

interface SentFile {
  readonly path: string;
  readonly parts: readonly string[];
}

/** Files in folders that are sent; what an exception lets through is let through on purpose. */
function sentFiles({ context, reach }: ContextView): readonly SentFile[] {
  return context.walk.files
    .filter(({ path, isIgnored, decidedBy }) => !isIgnored && decidedBy === undefined && reach.reaches(path))
    .map(({ path }) => ({ path, parts: path.split("/") }))
    .filter(({ parts }) => parts.length > 1);
}

/** An anchored line (`/dist`) was meant for the top; one of wildcards alone says nothing about names. */
function isTopOnly({ isException, cleaned, written }: IgnorePattern): boolean {
  if (isException || cleaned.includes("/") || cleaned.startsWith("**") || written.startsWith("/")) return false;
  return /[A-Za-z0-9]/.test(cleaned);
}

/** Paths of a row that will be there; those of Python only where there are modules in folders, and in no other place than `__pycache__`. */
function expectedOf({ id, missing }: CoverageRow, { context, reach }: ContextView): readonly string[] {
  if (id !== "python") return missing;
  const module = context.walk.files.find(
    ({ path, isIgnored }) => !isIgnored && path.endsWith(".py") && path.includes("/") && reach.reaches(path),
  );
  if (module === undefined) return [];
  const folder = module.path.slice(0, module.path.lastIndexOf("/"));
  const caches = missing.filter((path) => path.includes("__pycache__"));
  return caches.map((path) => (path.startsWith("a/") ? `${folder}/${path.slice(2)}` : path));
}

let leftoverMatcher: IgnoreMatcher | undefined;

/** Names that mean the same in every folder: caches, dependencies, credentials, files of editors, logs. */
function leftovers(): IgnoreMatcher {
  leftoverMatcher ??= matcherOf([
    ...CONTEXT_ROWS.filter(({ id }) => id !== "dotnet" && id !== "go" && id !== "tests").flatMap(({ suggest }) =>
      suggest.filter((line) => line.startsWith("**/")),
    ),
    ...ENV_FILE_PATTERNS,
    "**/*.log",
    "**/*.tmp",
    "**/*.bak",
    "**/*.pid",
    "**/*~",
    "**/.git",
    "**/.idea",
    "**/.vscode",
    "**/.cache",
  ]);
  return leftoverMatcher;
}

/** One name that a line matches. */
function exampleOfLine(line: string): string {
  return line.replaceAll(/\[(?:\^?)(.)[^\]]*\]|[*?]/g, (_, first?: string) => first ?? "x");
}
