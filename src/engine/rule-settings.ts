import type { Policy, RuleLayer, RuleSetting } from "../config/policy.js";
import type { Target } from "../config/rule-index.js";
import { UserError } from "../config/user-error.js";
import { CARRYING_RULES } from "../data/checklist-rules.js";
import type { Level, Preset } from "../data/levels.js";
import type { Role } from "../data/roles.js";
import type { Project } from "../project/model.js";
import { type Case, cappedForRole, isForRole, isInPresets, presetLevel } from "./levels.js";
import type { OptionTable, OptionValues } from "./option.js";
import type { Registry } from "./registry.js";
import type { Hook, Rule, RuleContext } from "./rule.js";
import { CHECKLIST_FAMILIES } from "./run-result.js";
import type { ScriptDesk } from "./script-checker.js";

/** A rule that is on for one policy and role, with everything that its checks need. */
export interface ActiveRule {
  readonly rule: Rule;
  readonly context: RuleContext;
  /** Level of one of its kinds; `off` for kinds that are not on. */
  level(kind: string | undefined): Level;
}

/** Which rules are on, for one policy and role; made once and asked for every subject. */
export interface RuleSettings {
  readonly policy: Policy;
  readonly role: Role;
  /** In the order of ids. */
  readonly active: Readonly<Record<Hook, readonly ActiveRule[]>>;
  /** Bits of the checklist families (first family: 1) whose line is carried by a rule that is on, by hook. */
  readonly families: Readonly<Record<Hook, number>>;
  /** Level of a kind; `off` for a rule that is off or unknown. */
  level(rule: string, kind: string | undefined): Level;
}

/** What a policy says about one rule, layer upon layer. */
interface Explicit {
  /** For the rule as a whole; undefined when nothing is said. */
  base: LevelEntry | undefined;
  readonly kinds: Map<string, LevelEntry>;
}

interface LevelEntry {
  readonly level: Level;
  readonly pinsRole: boolean;
}

/** The kinds of a rule that a flag such as `--only` names; `all` for the rule as a whole. */
type Selection = ReadonlyMap<string, "all" | ReadonlySet<string>>;

/**
 * Works out levels and options of all rules for a policy and role.
 *
 * @param project the project that is being judged, asked for when a check asks
 * @param scripts where checks hand in scripts
 * @throws UserError for an option whose value does not fit
 */
export function ruleSettings(
  registry: Registry,
  policy: Policy,
  role: Role,
  project: () => Project,
  scripts?: ScriptDesk,
): RuleSettings {
  const explicit = explicitLevels(registry, policy.layers);
  const only = policy.only.length === 0 ? undefined : selectionOf(registry, policy.only);
  const skip = selectionOf(registry, policy.skip);
  const byId = new Map<string, ActiveRule>();
  const isUntouched = policy.layers.length === 0 && only === undefined;
  for (const rule of registry.rules) {
    // Nearly every policy says nothing of nearly every rule.
    if (isUntouched && rule.isOnIn !== undefined && !isOnInAny(rule, policy.presets, role)) continue;
    const levels = new RuleLevels({ registry, rule, policy, role, explicit: explicit.get(rule.id), only, skip });
    const context = new PolicyContext(rule, policy, role, project, scripts);
    if (setsOptions(policy, rule)) {
      // Read at once, so that a value that does not fit is a mistake even where the rule has nothing to judge.
      const { options } = context;
      levels.byOptions = rule.levelByOptions?.(options);
    }
    if (!levels.isOn()) continue;
    byId.set(rule.id, { rule, context, level: (kind) => levels.level(kind) });
  }
  const active = mapHooks((): ActiveRule[] => []);
  for (const rule of byId.values()) for (const hook of rule.rule.hooks) active[hook].push(rule);
  return {
    policy,
    role,
    active,
    families: mapHooks((hook) => active[hook].reduce((bits, { rule }) => bits | carriedBy(rule), 0)),
    level: (id, kind) => byId.get(id)?.level(kind) ?? "off",
  };
}

/** What a rule's checks may ask for. Options are read on first use: a rule that is never asked is never loaded. */
class PolicyContext implements RuleContext {
  readonly role: Role;
  readonly scripts: ScriptDesk | undefined;
  readonly #rule: Rule;
  readonly #policy: Policy;
  readonly #project: () => Project;
  #options: OptionValues<OptionTable> | undefined;

  constructor(rule: Rule, policy: Policy, role: Role, project: () => Project, scripts: ScriptDesk | undefined) {
    this.role = role;
    this.scripts = scripts;
    this.#rule = rule;
    this.#policy = policy;
    this.#project = project;
  }

  get options(): OptionValues<OptionTable> {
    this.#options ??= optionValues(this.#rule, this.#policy);
    return this.#options;
  }

  get project(): Project {
    return this.#project();
  }
}

/** Whether a policy says anything about a rule's options. */
function setsOptions({ layers }: Policy, { id }: Rule): boolean {
  return layers.some(
    ({ options, rules }) =>
      options.some(({ rule }) => rule === id) || rules.some(({ name, options: own }) => name === id && own.size > 0),
  );
}

/** The presets of a policy in which a rule is on as they say: some rules need an option there that only a policy can set. */
function presetsFor(policy: Policy, rule: Rule): readonly Preset[] {
  const { presetNeeds } = rule;
  if (presetNeeds === undefined) return policy.presets;
  return policy.presets.filter((preset) => {
    const names = presetNeeds[preset];
    return names === undefined || setsOption(policy, rule, names);
  });
}

function setsOption({ layers }: Policy, { id }: Rule, names: readonly string[]): boolean {
  return layers.some(
    ({ options, rules }) =>
      options.some(({ rule, option }) => rule === id && names.includes(option)) ||
      rules.some(({ name, options: own }) => name === id && names.some((option) => own.has(option))),
  );
}

function carriedBy({ id, family }: Rule): number {
  return CARRYING_RULES.has(id) ? familyBit(family) : 0;
}

/** The bit of a checklist family; 0 for the other families. */
export function familyBit(family: string): number {
  return FAMILY_BITS.get(family) ?? 0;
}

const FAMILY_BITS: ReadonlyMap<string, number> = new Map(CHECKLIST_FAMILIES.map((name, index) => [name, 1 << index]));

function mapHooks<T>(value: (hook: Hook) => T): Readonly<Record<Hook, T>> {
  return {
    dockerfile: value("dockerfile"),
    build: value("build"),
    stage: value("stage"),
    context: value("context"),
    composeFile: value("composeFile"),
    variant: value("variant"),
    service: value("service"),
  };
}

interface LevelQuestion {
  readonly registry: Registry;
  readonly rule: Rule;
  readonly policy: Policy;
  readonly role: Role;
  readonly explicit: Explicit | undefined;
  readonly only: Selection | undefined;
  readonly skip: Selection;
}

/** Levels of the kinds of one rule, worked out on first use. */
class RuleLevels {
  /** Level of a rule that its options switch on. */
  byOptions: Level | undefined;
  readonly #question: LevelQuestion;
  /** Made for the first rule that finds something: a start makes these levels for every rule. */
  #known: Map<string | undefined, Level> | undefined;
  #switchedOn: ReadonlySet<string | undefined> | undefined;

  constructor(question: LevelQuestion) {
    this.#question = question;
  }

  /** Whether any kind is on. */
  isOn(): boolean {
    const { rule, explicit, only } = this.#question;
    if (only !== undefined && !only.has(rule.id)) return false;
    if (this.#isUntouched() && rule.isOnIn !== undefined) {
      const { policy, role } = this.#question;
      return isOnInAny(rule, policy.presets, role);
    }
    const kinds = kindsOf(rule);
    if (kinds.some((kind) => this.level(kind) !== "off")) return true;
    // Kinds that the rule does not declare (codes of another tool) can be on one by one.
    return [...(explicit?.kinds.keys() ?? [])].some((kind) => this.level(kind) !== "off");
  }

  /** Whether nothing but the presets decides. */
  #isUntouched(): boolean {
    const { rule, explicit, only, skip } = this.#question;
    return explicit === undefined && only === undefined && !skip.has(rule.id) && this.byOptions === undefined;
  }

  level(kind: string | undefined): Level {
    const known = this.#known?.get(kind);
    if (known !== undefined) return known;
    const level = this.#select(kind);
    this.#known ??= new Map();
    this.#known.set(kind, level);
    return level;
  }

  /** Applies `--only` and `--skip`. */
  #select(kind: string | undefined): Level {
    const { rule, only, skip, role } = this.#question;
    if (isSelected(skip, rule.id, kind)) return "off";
    if (only === undefined) return this.#levelOf(kind);
    if (!isSelected(only, rule.id, kind)) return "off";
    const level = this.#levelOf(kind);
    // Who asks for one rule wants to see it, whatever the preset.
    const isAsked = only.get(rule.id) !== "all" || kindsOf(rule).every((each) => this.#levelOf(each) === "off");
    return level === "off" && isAsked ? presetLevel(this.#case(kind), ["all"], role) : level;
  }

  #levelOf(kind: string | undefined): Level {
    const { rule, policy, role, explicit } = this.#question;
    const own = kind === undefined ? undefined : explicit?.kinds.get(kind);
    if (own !== undefined) return this.#explicitLevel(own);
    if (explicit?.base !== undefined && this.#isSwitchedOn(kind)) return this.#explicitLevel(explicit.base);
    if (this.byOptions !== undefined) {
      return isForRole(rule, role) ? cappedForRole(rule, role, this.byOptions) : "off";
    }
    return presetLevel(this.#case(kind), presetsFor(policy, rule), role);
  }

  #explicitLevel({ level, pinsRole }: LevelEntry): Level {
    const { rule, role } = this.#question;
    if (pinsRole) return level;
    return isForRole(rule, role) ? cappedForRole(rule, role, level) : "off";
  }

  /**
   * Whether a level for the rule as a whole reaches a kind: kinds that the presets leave off while they have others on
   * have to be asked for by name.
   */
  #isSwitchedOn(kind: string | undefined): boolean {
    const { rule, policy } = this.#question;
    if (kind === undefined || !Object.hasOwn(rule.kinds ?? {}, kind)) return true;
    this.#switchedOn ??= this.#kindsIn(policy.presets) ?? this.#kindsIn(["strict"]) ?? new Set(kindsOf(rule));
    return this.#switchedOn.has(kind);
  }

  #kindsIn(presets: readonly Preset[]): ReadonlySet<string | undefined> | undefined {
    const kinds = kindsOf(this.#question.rule).filter((kind) => isInPresets(this.#case(kind), presets));
    return kinds.length === 0 ? undefined : new Set(kinds);
  }

  #case(kind: string | undefined): Case {
    const { registry, rule } = this.#question;
    return { rule, kind, registry };
  }
}

function isOnInAny(rule: Rule, presets: readonly Preset[], role: Role): boolean {
  return presets.some((preset) => rule.isOnIn?.(preset, role) === true);
}

function kindsOf({ kinds }: Rule): readonly (string | undefined)[] {
  const names = kinds === undefined ? [] : Object.keys(kinds);
  return names.length === 0 ? [undefined] : names;
}

/** Within a layer patterns are weakest and kinds strongest, wherever they are written; a later layer wins as a whole. */
function explicitLevels(registry: Registry, layers: readonly RuleLayer[]): ReadonlyMap<string, Explicit> {
  const byRule = new Map<string, Explicit>();
  for (const { rules } of layers) {
    const entries = rules.flatMap((setting) => levelEntries(registry, setting));
    for (const { targets, level, pinsRole } of entries.sort((a, b) => a.rank - b.rank)) {
      for (const { rule, kind } of targets) setLevel(byRule, rule, kind, { level, pinsRole });
    }
  }
  return byRule;
}

interface RankedLevel extends LevelEntry {
  /** 0 for patterns, 1 for rules, 2 for kinds. */
  readonly rank: number;
  readonly targets: readonly Target[];
}

function levelEntries(registry: Registry, { name, level, kinds, pinsRole }: RuleSetting): readonly RankedLevel[] {
  const entries: RankedLevel[] = [];
  if (level !== undefined) {
    const targets = registry.resolve(name);
    const isKind = targets.some(({ kind }) => kind !== undefined);
    entries.push({ rank: name.includes("*") ? 0 : isKind ? 2 : 1, targets, level, pinsRole });
  }
  for (const [kind, kindLevel] of kinds) {
    entries.push({ rank: 2, targets: [{ rule: name, kind }], level: kindLevel, pinsRole });
  }
  return entries;
}

function setLevel(byRule: Map<string, Explicit>, id: string, kind: string | undefined, entry: LevelEntry): void {
  let explicit = byRule.get(id);
  if (explicit === undefined) {
    explicit = { base: undefined, kinds: new Map() };
    byRule.set(id, explicit);
  }
  if (kind !== undefined) {
    explicit.kinds.set(kind, entry);
    return;
  }
  explicit.base = entry;
  explicit.kinds.clear();
}

function selectionOf(registry: Registry, names: readonly string[]): Selection {
  const selection = new Map<string, "all" | Set<string>>();
  for (const { rule, kind } of names.flatMap((name) => registry.resolve(name))) {
    const selected = selection.get(rule);
    if (kind === undefined) selection.set(rule, "all");
    else if (selected === undefined) selection.set(rule, new Set([kind]));
    else if (selected !== "all") selected.add(kind);
  }
  return selection;
}

function isSelected(selection: Selection, id: string, kind: string | undefined): boolean {
  const selected = selection.get(id);
  if (selected === undefined) return false;
  return selected === "all" || (kind !== undefined && selected.has(kind));
}

/** Defaults, then options of the presets in their order, then those of the policy, layer by layer. */
function optionValues(rule: Rule, policy: Policy): OptionValues<OptionTable> {
  const values: Record<string, unknown> = {};
  const table = rule.options ?? {};
  for (const [name, option] of Object.entries(table)) values[name] = option.default;
  for (const preset of policy.presets) {
    const written = rule.presetOptions?.[preset] ?? (preset === "all" ? rule.presetOptions?.strict : undefined);
    for (const [name, value] of Object.entries(written ?? {})) values[name] = readOption(rule, name, value, undefined);
  }
  for (const { options, rules } of policy.layers) {
    for (const setting of options) {
      if (setting.rule !== rule.id || !Object.hasOwn(table, setting.option)) continue;
      values[setting.option] = readOption(rule, setting.option, setting.value, setting.origin);
    }
    for (const setting of rules) {
      if (setting.name !== rule.id) continue;
      for (const [name, value] of setting.options) values[name] = readOption(rule, name, value, setting.origin);
    }
  }
  return values;
}

function readOption(rule: Rule, name: string, written: unknown, origin: RuleSetting["origin"] | undefined): unknown {
  const table = rule.options ?? {};
  const value = Object.hasOwn(table, name) ? table[name]?.read(written) : undefined;
  if (value !== undefined) return value;
  if (origin?.kind !== "file") throw new Error(`${rule.id}: a preset gives option ${name} a value that it cannot have`);
  throw new UserError({
    place: `${origin.path}:${origin.line}:${origin.column}`,
    problem: `option \`${name}\` of \`${rule.id}\` cannot have this value`,
    remedy: `\`plimsoll explain ${rule.id}\` says what it may be`,
  });
}
