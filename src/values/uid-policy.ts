/** Which numbers a policy lets containers run as. */
export interface UidPolicy {
  /** For messages: `1000`, `1000 or 1001`, `1000-1999`, `any but 0`. */
  readonly text: string;
  /** The number that a fix writes. */
  readonly preferred: number;
  allows(id: number): boolean;
}

const RANGE = /^(\d{1,10})-(\d{1,10})$/;
const NUMBER = /^\d{1,10}$/;

/** What a fix writes where every number is allowed: the first one that distributions give to people. */
const USUAL = 1000;

/** Any number but 0. */
export const ANY_UID: UidPolicy = { text: "any but 0", preferred: USUAL, allows: (id) => id !== 0 };

/** The one that people get first on most distributions; the policy of a project that says nothing. */
export const USUAL_UID: UidPolicy = { text: String(USUAL), preferred: USUAL, allows: (id) => id === USUAL };

/**
 * Reads `user.uid` of a policy file: a number, a list of numbers, a range `1000-1999` (inclusive), or `any`, which means
 * any number but 0.
 *
 * @returns undefined for anything else, for an empty list, and for a range that ends before it begins
 */
export function readUidPolicy(written: unknown): UidPolicy | undefined {
  if (written === "any") return ANY_UID;
  if (typeof written === "number") return ofNumbers([written]);
  if (typeof written === "string") return NUMBER.test(written) ? ofNumbers([Number(written)]) : ofRange(written);
  if (!Array.isArray(written)) return undefined;
  const numbers = written.filter((item) => typeof item === "number");
  return numbers.length === written.length ? ofNumbers(numbers) : undefined;
}

function ofNumbers(numbers: readonly number[]): UidPolicy | undefined {
  const [preferred] = numbers;
  if (preferred === undefined || !numbers.every((id) => Number.isInteger(id) && id >= 0)) return undefined;
  return { text: numbers.join(" or "), preferred, allows: (id) => numbers.includes(id) };
}

function ofRange(text: string): UidPolicy | undefined {
  const match = RANGE.exec(text);
  if (match === null) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2]);
  if (last < first) return undefined;
  const preferred = first <= USUAL && USUAL <= last ? USUAL : first;
  return { text, preferred, allows: (id) => first <= id && id <= last };
}
