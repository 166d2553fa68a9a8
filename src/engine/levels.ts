import type { Level, Preset } from "../data/levels.js";
import type { Role } from "../data/roles.js";
import { toolLevel } from "../data/tool-levels.js";
import { atMost, compareLevels, type LevelCell, levelFor } from "./level.js";
import type { Registry } from "./registry.js";
import type { Rule } from "./rule.js";

/** A rule, or one of its kinds. */
export interface Case {
  readonly rule: Rule;
  /** Undefined for the rule as such: a rule without kinds, and kinds that it does not declare one by one. */
  readonly kind: string | undefined;
  /** Where its aliases are asked for; only presets of other tools need them. */
  readonly registry: Registry;
}

/** Presets that take over another tool's levels; they judge every role, as the tool does. */
const TOOL_PRESETS: ReadonlySet<Preset> = new Set<Preset>(["hadolint", "buildkit", "dclint"]);

/** What a subject is written in. An inline Dockerfile is a Dockerfile. */
export type Format = "dockerfile" | "compose";

/** What the tool of a preset reads; it says nothing about the other format. */
const READS: ReadonlyMap<Preset, Format> = new Map<Preset, Format>([
  ["hadolint", "dockerfile"],
  ["buildkit", "dockerfile"],
  ["dclint", "compose"],
]);

/** The presets that speak about a format: those given themselves where all do. */
export function presetsReading(presets: readonly Preset[], format: Format): readonly Preset[] {
  const isForeign = (preset: Preset): boolean => (READS.get(preset) ?? format) !== format;
  return presets.some(isForeign) ? presets.filter((preset) => !isForeign(preset)) : presets;
}

/** The strictest level that some presets give to a case in a role; off where the rule is not meant for the role. */
export function presetLevel(subject: Case, presets: readonly Preset[], role: Role): Level {
  let strictest: Level = "off";
  for (const preset of presets) {
    const level = levelOfPreset(subject, preset, role);
    if (compareLevels(level, strictest) > 0) strictest = level;
  }
  return strictest;
}

/** Whether a preset has any case of a rule on, for a role. */
export function isOnIn({ rule, registry }: Omit<Case, "kind">, preset: Preset, role: Role): boolean {
  const kinds = Object.keys(rule.kinds ?? {});
  const cases = kinds.length === 0 ? [undefined] : kinds;
  return cases.some((kind) => presetLevel({ rule, kind, registry }, [preset], role) !== "off");
}

/** Whether some preset has the case on in any role at all. */
export function isInPresets(subject: Case, presets: readonly Preset[]): boolean {
  return presets.some((preset) => {
    const cell = cellOf(subject, preset);
    return typeof cell === "string" ? cell !== "off" : cell.some((level) => level !== "off");
  });
}

/** Whether a rule is meant for a role. */
export function isForRole({ roles }: Rule, role: Role): boolean {
  return roles === "all" || roles.includes(role.name);
}

/** A level within what the rule allows in a role. */
export function cappedForRole({ roleCaps }: Rule, role: Role, level: Level): Level {
  const cap = roleCaps?.[role.name];
  return cap === undefined ? level : atMost(level, cap);
}

function levelOfPreset(subject: Case, preset: Preset, role: Role): Level {
  const level = levelFor(cellOf(subject, preset), role);
  if (TOOL_PRESETS.has(preset)) return level;
  if (!isForRole(subject.rule, role)) return "off";
  // `all` holds every case: where a role has the strict level off, it is a note.
  const shown = preset === "all" && level === "off" ? "info" : level;
  return cappedForRole(subject.rule, role, shown);
}

function cellOf({ rule, kind, registry }: Case, preset: Preset): LevelCell {
  const own = kind !== undefined && Object.hasOwn(rule.kinds ?? {}, kind) ? rule.kinds?.[kind]?.levels : undefined;
  const declared = own?.[preset] ?? rule.levels[preset];
  if (declared !== undefined) return declared;
  if (preset === "all") {
    const strict = own?.strict ?? rule.levels.strict;
    return strict === undefined || strict === "off" ? "info" : strict;
  }
  return TOOL_PRESETS.has(preset) ? levelInTool(registry.aliasesOf(rule.id, kind), preset) : "off";
}

/** The strictest level that the tool of a preset gives to the checks that the aliases name. */
function levelInTool(aliases: readonly string[], preset: Preset): Level {
  let strictest: Level = "off";
  for (const alias of aliases) {
    const level = alias.startsWith(`${preset}:`) ? toolLevel(alias) : undefined;
    if (level !== undefined && compareLevels(level, strictest) > 0) strictest = level;
  }
  return strictest;
}
