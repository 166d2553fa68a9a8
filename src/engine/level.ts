import type { Level, Preset } from "../data/levels.js";
import type { Role } from "../data/roles.js";

export { type Confidence, type Level, PRESETS, type Preset, type Severity } from "../data/levels.js";

/**
 * A level of one preset, where it depends on the role: `[production, other roles]`, or
 * `[production stated, production assumed, other roles]`. Production is assumed of a file that says nothing of its role.
 */
export type LevelCell = Level | readonly [Level, Level] | readonly [Level, Level, Level];

/** Levels by preset; a preset that is not named has the rule off (`all` then takes the strict level, or info). */
export type Levels = { readonly [Name in Preset]?: LevelCell };

/** The level of a cell for a role. */
export function levelFor(cell: LevelCell, role: Role): Level {
  if (typeof cell === "string") return cell;
  const [first, second, third] = cell;
  if (role.name !== "production") return third ?? second;
  return third === undefined || role.stated ? first : second;
}

const RANK = { off: 0, info: 1, warning: 2, error: 3 } as const satisfies Record<Level, number>;

/** Negative when `a` is milder than `b`, 0 when equal, positive when worse. */
export function compareLevels(a: Level, b: Level): number {
  return RANK[a] - RANK[b];
}

/** The milder of two levels. */
export function atMost<A extends Level, B extends Level>(a: A, b: B): A | B {
  return compareLevels(a, b) <= 0 ? a : b;
}
