import { distance } from "fastest-levenshtein";

/** Words longer than this are not compared: nobody mistypes them, and comparing costs the product of the lengths. */
const MAX_LENGTH = 80;

/**
 * The candidate that a mistyped word most likely meant; letter case does not count. The first of equally near ones.
 *
 * @returns undefined when even the nearest differs in more than a third of its characters
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > MAX_LENGTH) return undefined;
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const allowed = Math.max(1, Math.floor(Math.max(candidate.length, word.length) / 3));
    if (Math.abs(candidate.length - word.length) > allowed) continue;
    const steps = distance(lower, candidate.toLowerCase());
    if (steps > allowed || steps >= bestDistance) continue;
    best = candidate;
    bestDistance = steps;
  }
  return best;
}
