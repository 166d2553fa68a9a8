import type { Role, RoleName } from "../data/roles.js";
import { type Level, type Levels, PRESETS, type Preset, type Severity } from "./level.js";
import type { OptionTable, OptionValues } from "./option.js";
import type { BadExample, Checks, Example, Hook, Kind, Mentions, Rule } from "./rule.js";

/** The other data of a rule, for those that find something or that a policy names. */
export interface RuleBody
  extends Pick<
    Rule,
    | "levels"
    | "kinds"
    | "roles"
    | "roleCaps"
    | "fixable"
    | "aliases"
    | "securitySeverity"
    | "presetOptions"
    | "presetNeeds"
    | "yieldsTo"
  > {}

/** What is loaded of a rule. */
export type RuleCode = Pick<Rule, "check" | "options" | "levelByOptions">;

/** Every state of a role, by the place of its bit. */
export const ROLE_STATES: readonly Role[] = [
  { name: "production", stated: true },
  { name: "production", stated: false },
  { name: "development", stated: true },
  { name: "test", stated: true },
  { name: "ci", stated: true },
];

/** What few rules have, and is asked of every rule that runs: the card says so in words, for its body is long. */
const PARTS = [
  "options",
  "levelByOptions",
  "presetOptions",
  "needsIgnoreFile",
] as const satisfies readonly (keyof Rule)[];

/** Separates the parts of a card; stands in no name and, escaped, in no JSON. */
const SEPARATOR = "\t";
const NONE = "-";

/** The data of a rule in one line without its prose: the head as words, the body as JSON. {@link LazyRule} reads it. */
export function cardOf(rule: Rule, isOn: (preset: Preset, role: Role) => boolean): string {
  const { levels, kinds, roles, roleCaps, fixable, aliases, securitySeverity, presetOptions, presetNeeds, yieldsTo } =
    rule;
  const body: RuleBody = {
    levels,
    ...(kinds && { kinds: withoutSummaries(kinds) }),
    roles,
    ...(roleCaps && { roleCaps }),
    fixable,
    ...(aliases && { aliases }),
    ...(securitySeverity && { securitySeverity }),
    ...(presetOptions && { presetOptions }),
    ...(presetNeeds && { presetNeeds }),
    ...(yieldsTo && { yieldsTo }),
  };
  return [
    rule.id,
    rule.hooks.join(" "),
    PRESETS.map((preset) => bitsOf((role) => isOn(preset, role)).toString(32)).join(""),
    wordsText(rule.mentions?.dockerfile),
    wordsText(rule.mentions?.compose),
    wordsText(rule.yieldsOnSubjectTo),
    PARTS.filter((part) => rule[part] !== undefined).join(" "),
    JSON.stringify(body),
  ].join(SEPARATOR);
}

function bitsOf(isOn: (role: Role) => boolean): number {
  return ROLE_STATES.reduce((bits, role, index) => (isOn(role) ? bits | (1 << index) : bits), 0);
}

/** A list as JSON, in which no separator stands as such. */
function wordsText(list: readonly string[] | undefined): string {
  return list === undefined ? NONE : JSON.stringify(list);
}

function wordsOf(text: string | undefined): readonly string[] | undefined {
  if (text === undefined || text === NONE) return undefined;
  // Written by `wordsText`.
  const list: readonly string[] = JSON.parse(text);
  return list;
}

function withoutSummaries(kinds: Readonly<Record<string, Kind>>): Readonly<Record<string, Kind>> {
  return Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, { ...kind, summary: "" }]));
}

/**
 * A rule that is read from its card, and whose code is loaded when its check or its options are asked for: a run over
 * one file needs a part of the rules only. The prose is not here; `rule-docs.json` has it.
 */
export class LazyRule implements Rule {
  readonly id: string;
  readonly hooks: readonly Hook[];
  readonly yieldsOnSubjectTo?: readonly string[];
  readonly #on: string;
  readonly #parts: string;
  readonly #bodyText: string;
  readonly #mentionsText: readonly [dockerfile: string | undefined, compose: string | undefined];
  #mentions: Mentions | undefined;
  readonly #load: (id: string) => RuleCode;
  #known: RuleBody | undefined;
  #code: RuleCode | undefined;

  /**
   * @param card a line of {@link cardOf}
   * @param load gives the code of the rule of an id; called at most once
   */
  constructor(card: string, load: (id: string) => RuleCode) {
    const [id = "", hooks = "", on = "", dockerfile, compose, yields, parts = "", body = ""] = card.split(SEPARATOR, 8);
    this.id = id;
    // Written by `cardOf` from the hooks of the rule.
    this.hooks = hooks.split(" ").filter(isHook);
    this.#mentionsText = [dockerfile, compose];
    const yieldsTo = wordsOf(yields);
    if (yieldsTo !== undefined) this.yieldsOnSubjectTo = yieldsTo;
    this.#on = on;
    this.#parts = parts;
    this.#bodyText = body;
    this.#load = load;
  }

  get summary(): string {
    return "";
  }

  get why(): readonly string[] {
    return [];
  }

  get examples(): { readonly bad: readonly BadExample[]; readonly good: readonly Example[] } {
    return { bad: [], good: [] };
  }

  get family(): string {
    return this.id.slice(0, this.id.indexOf("/"));
  }

  get mentions(): Mentions | undefined {
    const [dockerfile, compose] = this.#mentionsText;
    if (dockerfile === NONE && compose === NONE) return undefined;
    this.#mentions ??= new LazyMentions(dockerfile, compose);
    return this.#mentions;
  }

  get needsIgnoreFile(): boolean {
    return this.#has("needsIgnoreFile");
  }

  get levels(): Levels {
    return this.#body().levels;
  }

  get kinds(): Readonly<Record<string, Kind>> {
    return this.#body().kinds ?? NO_KINDS;
  }

  get roles(): "all" | readonly RoleName[] {
    return this.#body().roles;
  }

  get roleCaps(): { readonly [Name in RoleName]?: Severity } {
    return this.#body().roleCaps ?? NO_CAPS;
  }

  get fixable(): "never" | "sometimes" | "always" {
    return this.#body().fixable;
  }

  get aliases(): readonly string[] {
    return this.#body().aliases ?? [];
  }

  get securitySeverity(): number | undefined {
    return this.#body().securitySeverity;
  }

  get presetOptions(): { readonly [Name in Preset]?: Readonly<Record<string, unknown>> } {
    return this.#has("presetOptions") ? (this.#body().presetOptions ?? NO_PRESET_OPTIONS) : NO_PRESET_OPTIONS;
  }

  get presetNeeds(): { readonly [Name in Preset]?: readonly string[] } {
    return this.#body().presetNeeds ?? NO_PRESET_OPTIONS;
  }

  get yieldsTo(): readonly string[] {
    return this.#body().yieldsTo ?? [];
  }

  get check(): Checks<OptionTable> {
    return this.#loaded().check;
  }

  get options(): OptionTable {
    return this.#has("options") ? (this.#loaded().options ?? NO_OPTIONS) : NO_OPTIONS;
  }

  levelByOptions(options: OptionValues<OptionTable>): Level | undefined {
    return this.#has("levelByOptions") ? this.#loaded().levelByOptions?.(options) : undefined;
  }

  isOnIn(preset: Preset, role: Role): boolean {
    const bits = Number.parseInt(this.#on.charAt(PRESETS.indexOf(preset)), 32);
    return ((bits >> stateOf(role)) & 1) === 1;
  }

  #has(part: (typeof PARTS)[number]): boolean {
    return this.#parts.includes(part);
  }

  #body(): RuleBody {
    this.#known ??= bodyOf(this.#bodyText);
    return this.#known;
  }

  #loaded(): RuleCode {
    this.#code ??= this.#load(this.id);
    return this.#code;
  }
}

const NO_KINDS = {};
const NO_CAPS = {};
const NO_PRESET_OPTIONS = {};
const NO_OPTIONS: OptionTable = {};

function bodyOf(text: string): RuleBody {
  // Written by our own build: its shape is what `cardOf` gives.
  const body: RuleBody = JSON.parse(text);
  return body;
}

/** The words of a card, read when they are asked for: a run over a Dockerfile needs no others. */
class LazyMentions implements Mentions {
  readonly #dockerfile: string | undefined;
  readonly #compose: string | undefined;

  constructor(dockerfile: string | undefined, compose: string | undefined) {
    this.#dockerfile = dockerfile;
    this.#compose = compose;
  }

  get dockerfile(): readonly string[] | undefined {
    return wordsOf(this.#dockerfile);
  }

  get compose(): readonly string[] | undefined {
    return wordsOf(this.#compose);
  }
}

function isHook(name: string): name is Hook {
  return name !== "";
}

/** Place of a role's bit; only production is told apart by whether it is stated. */
function stateOf({ name, stated }: Role): number {
  return ROLE_STATES.findIndex((state) => state.name === name && (name !== "production" || state.stated === stated));
}
