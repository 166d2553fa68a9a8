import type { Level } from "../data/levels.js";
import type { RoleName } from "../data/roles.js";
import { pointerStep } from "../values/json-pointer.js";
import type { PolicyFile } from "./load.js";
import { PathGlob } from "./path-glob.js";
import type {
  DescribedValue,
  FlagSettings,
  OptionSetting,
  Origin,
  PolicyKeys,
  RuleEntryData,
  RuleLayer,
  RuleSetting,
} from "./policy.js";
import { SHORTHANDS } from "./shorthands.js";

/** One part of a policy that is on or off for a file as a whole: a file, an override in it, or the command line. */
export interface Layer {
  readonly keys: PolicyKeys;
  /** Undefined means every file. */
  readonly files: readonly PathGlob[] | undefined;
  /** Undefined means every role. */
  readonly roles: ReadonlySet<RoleName> | undefined;
  readonly rules: RuleLayer;
  /** Every value of the layer with its place. */
  readonly values: readonly DescribedValue[];
}

/** The layers of a file: its own keys, then its overrides. */
export function layersOf(file: PolicyFile): readonly Layer[] {
  const { data } = file;
  const own: Layer = {
    keys: data,
    files: undefined,
    roles: undefined,
    rules: ruleLayer(file, data, "", false),
    values: describe(file, data, ""),
  };
  const overrides = (data.overrides ?? []).map((override, index): Layer => {
    const pointer = `/overrides/${index}`;
    const { files, roles } = override;
    return {
      keys: override,
      files: files === undefined ? undefined : list(files).map((glob) => new PathGlob(glob)),
      roles: roles === undefined ? undefined : new Set(list(roles)),
      rules: ruleLayer(file, override, pointer, roles !== undefined),
      values: describe(file, override, pointer),
    };
  });
  return [own, ...overrides];
}

/** The layer of the command line. */
export function flagLayer(flags: FlagSettings): Layer {
  const values: DescribedValue[] = [];
  const add = (flag: string, key: string, value: unknown): void => {
    values.push({ key, value, origin: { kind: "flag", flag } });
  };
  if (flags.presets.length > 0) add("--preset", "presets", flags.presets);
  for (const { pattern, level } of flags.rules) add("--rule", `rules.${pattern}`, level);
  if (flags.only.length > 0) add("--only", "only", flags.only);
  if (flags.skip.length > 0) add("--skip", "skip", flags.skip);
  if (flags.minConfidence !== undefined) add("--min-confidence", "minConfidence", flags.minConfidence);
  if (flags.failOn !== undefined) add("--fail-on", "failOn", flags.failOn);
  if (!flags.inlineConfig) add("--no-inline-config", "inlineConfig", false);
  if (flags.requireReason) add("--require-reason", "requireReason", true);
  if (flags.target !== undefined) add("--target", "targets", [flags.target]);
  for (const [name, value] of flags.buildArgs) add("--build-arg", `buildArgs.${name}`, value);
  const origin: Origin = { kind: "flag", flag: "--rule" };
  const rules = flags.rules.map(({ pattern, level }): RuleSetting => {
    return { name: pattern, level, kinds: new Map(), options: new Map(), pinsRole: true, origin };
  });
  return {
    keys: {
      ...(flags.presets.length === 0 ? {} : { presets: flags.presets }),
      ...(flags.minConfidence === undefined ? {} : { minConfidence: flags.minConfidence }),
      ...(flags.failOn === undefined ? {} : { failOn: flags.failOn }),
      ...(flags.inlineConfig ? {} : { inlineConfig: false }),
      ...(flags.requireReason ? { requireReason: true } : {}),
      ...(flags.target === undefined ? {} : { targets: [flags.target] }),
      buildArgs: Object.fromEntries(flags.buildArgs),
    },
    files: undefined,
    roles: undefined,
    rules: { rules, options: [] },
    values,
  };
}

function ruleLayer(file: PolicyFile, keys: PolicyKeys, pointer: string, pinsRole: boolean): RuleLayer {
  const rules = Object.entries(keys.rules ?? {}).map(([name, setting]): RuleSetting => {
    const origin = originAt(file, `${pointer}/rules${pointerStep(name)}`);
    if (typeof setting === "string") {
      return { name, level: setting, kinds: new Map(), options: new Map(), pinsRole, origin };
    }
    return { name, ...splitSetting(setting), pinsRole, origin };
  });
  return { rules, options: optionSettings(file, keys, pointer) };
}

function splitSetting({ level, kinds = {}, ...options }: RuleEntryData): {
  readonly level: Level | undefined;
  readonly kinds: ReadonlyMap<string, Level>;
  readonly options: ReadonlyMap<string, unknown>;
} {
  return { level, kinds: new Map(Object.entries(kinds)), options: new Map(Object.entries(options)) };
}

function optionSettings(file: PolicyFile, keys: PolicyKeys, pointer: string): readonly OptionSetting[] {
  return SHORTHANDS.flatMap(({ section, key, option, rules }) => {
    const values = keys[section];
    const value = values !== undefined && Object.hasOwn(values, key) ? values[key] : undefined;
    if (value === undefined) return [];
    const origin = originAt(file, `${pointer}/${section}/${key}`);
    return rules.map((rule): OptionSetting => ({ rule, option, value, origin }));
  });
}

const SECTIONS: ReadonlySet<string> = new Set([
  "images",
  "user",
  "labels",
  "buildArgs",
  "roles",
  "baseImages",
  "compose",
]);
/** Keys that say how the file is put together, not what holds for a linted file. */
const STRUCTURE: ReadonlySet<string> = new Set(["$schema", "extends", "overrides", "files"]);

function describe(file: PolicyFile, keys: object, pointer: string): readonly DescribedValue[] {
  const values: DescribedValue[] = [];
  const add = (key: string, value: unknown, place: string): void => {
    values.push({ key, value, origin: originAt(file, place) });
  };
  for (const [key, value] of Object.entries(keys)) {
    const place = pointer + pointerStep(key);
    // Below an override, `roles` is its condition.
    if (STRUCTURE.has(key) || (key === "roles" && pointer !== "")) continue;
    if (key === "rules") describeRules(value, place, add);
    else if (SECTIONS.has(key)) {
      for (const [name, inner] of Object.entries(value)) add(`${key}.${name}`, inner, place + pointerStep(name));
    } else add(key, value, place);
  }
  return values;
}

function describeRules(
  rules: object,
  pointer: string,
  add: (key: string, value: unknown, place: string) => void,
): void {
  for (const [name, setting] of Object.entries(rules)) {
    const place = pointer + pointerStep(name);
    if (typeof setting === "string") {
      add(`rules.${name}`, setting, place);
      continue;
    }
    for (const [key, value] of Object.entries(setting)) {
      const suffix = key === "level" ? "" : `.${key}`;
      add(`rules.${name}${suffix}`, value, place + pointerStep(key));
    }
  }
}

function originAt({ source, places }: PolicyFile, pointer: string): Origin {
  const place = places.get(pointer);
  const { line, column } = source.positionAt((place?.key ?? place?.value)?.start ?? 0);
  return { kind: "file", path: source.path, line, column };
}

function list<T extends string>(value: T | readonly T[]): readonly T[] {
  return typeof value === "string" ? [value] : value;
}
