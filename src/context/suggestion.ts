import { matcherOf, tableMatcher } from "./ignore-file.js";
import { exampleOf, type Reach } from "./reach.js";

const META = /[*?[\\]/;

/**
 * Takes from some lines those that would leave out a path that a source names, so that no build breaks. A wildcard
 * that only hits a named file by the way stays, with an exception for that file behind it.
 *
 * @param lines pattern lines; exceptions follow what they except
 * @param reach all that the builds sharing the ignore file take
 */
export function filterSuggestions(lines: readonly string[], reach: Reach): string[] {
  const kept: string[] = [];
  let isKept = false;
  for (const line of lines) {
    if (line.startsWith("!")) {
      if (isKept) kept.push(line);
      continue;
    }
    const exceptions = exceptionsFor(line, reach);
    isKept = exceptions !== undefined;
    if (exceptions !== undefined) kept.push(line, ...exceptions);
  }
  return kept;
}

/** Exceptions that keep every named source working; undefined when there are none that leave the line a purpose. */
function exceptionsFor(line: string, reach: Reach): string[] | undefined {
  const matcher = tableMatcher(line);
  const [pattern] = matcher.patterns;
  const exceptions: string[] = [];
  for (const source of reach.named) {
    const example = exampleOf(source);
    if (!matcher.ignores(example)) continue;
    // The line stands for just that path: taking it back leaves nothing.
    if (pattern === undefined || (pattern.matches(example) && !META.test(line))) return undefined;
    const exception = `!${source.path}`;
    if (matcherOf([line, exception]).ignores(example)) return undefined;
    if (!exceptions.includes(exception)) exceptions.push(exception);
  }
  return exceptions;
}
