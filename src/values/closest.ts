import { distance } from "fastest-levenshtein";

/** Names longer than this are no misspellings of anything. */
const LONGEST_NAME = 100;

/** Of longer lists the first names are looked at: thousands of unknown names would else meet thousands of known ones. */
const MOST_CANDIDATES = 500;

/** Up to this length only one slip is forgiven: short names are all near each other. */
const SHORT_NAME = 4;

/**
 * The candidate that a misspelt name most likely means, for "did you mean". Case, `-` and `_` do not count; one letter
 * too many, missing, wrong or swapped with its neighbour is one slip. Two slips are forgiven, one for names of up to
 * four letters. Of equally near candidates the first wins; only the first 500 are looked at.
 *
 * @returns undefined when nothing is near enough, or the name is a candidate itself
 */
export function closest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = folded(name);
  if (wanted === "" || name.length > LONGEST_NAME) return undefined;
  const limit = wanted.length <= SHORT_NAME ? 1 : 2;
  let best: string | undefined;
  let bestSlips = limit + 1;
  let looked = 0;
  for (const candidate of candidates) {
    if (candidate === name) return undefined;
    looked += 1;
    if (looked > MOST_CANDIDATES) break;
    // Folding makes a name no longer.
    if (candidate.length < wanted.length - limit) continue;
    const text = folded(candidate);
    if (Math.abs(text.length - wanted.length) > limit) continue;
    const slips = isSwap(wanted, text) ? 1 : distance(wanted, text);
    if (slips >= bestSlips) continue;
    best = candidate;
    bestSlips = slips;
  }
  return best;
}

/** Whether a name is a candidate but for one slip, as {@link closest} counts them. */
export function isOneSlip(name: string, candidate: string): boolean {
  const [a, b] = [folded(name), folded(candidate)];
  return isSwap(a, b) || (Math.abs(a.length - b.length) <= 1 && distance(a, b) <= 1);
}

function folded(name: string): string {
  const lower = name.toLowerCase();
  return lower.includes("-") || lower.includes("_") ? lower.replaceAll(/[-_]/g, "") : lower;
}

/** Whether two neighbouring letters are swapped and all else is equal. */
function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let index = 0;
  while (index < a.length && a[index] === b[index]) index += 1;
  if (index + 1 >= a.length || a[index] !== b[index + 1] || a[index + 1] !== b[index]) return false;
  return a.slice(index + 2) === b.slice(index + 2);
}
