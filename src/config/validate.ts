import { LEVELS, PRESETS } from "../data/levels.js";
import type { Range, Source } from "../text/source.js";
import { closest } from "../values/closest.js";
import { pointerStep, pointerSteps } from "../values/json-pointer.js";
import type { PolicyData } from "./policy.js";
import { type Place, type PolicyProblem, readPolicyText } from "./policy-text.js";
import { ROLE_NAMES } from "./role-names.js";
import type { RuleIndex } from "./rule-index.js";
import { type JsonSchema, policySchema } from "./schema.js";

/** One error of an ajv validator; the part that messages need. */
export interface SchemaError {
  readonly keyword: string;
  /** JSON pointer of the value. */
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** A validator compiled by ajv from `policySchema`, in advance or on the spot. */
export interface PolicyValidator {
  (data: unknown): data is PolicyData;
  errors?: readonly SchemaError[] | null | undefined;
}

/** A policy file that was read, or what is wrong with it in the order of the text. */
export type ValidatedPolicy =
  | { readonly kind: "policy"; readonly data: PolicyData; readonly places: ReadonlyMap<string, Place> }
  | { readonly kind: "problems"; readonly problems: readonly PolicyProblem[] };

/** What a policy file is held against. */
export interface PolicyRules {
  readonly index: RuleIndex;
  readonly validator: PolicyValidator;
}

/** Reads and validates one policy file. Never throws. */
export function validatePolicy(source: Source, { index, validator }: PolicyRules): ValidatedPolicy {
  const { data, places, problems } = readPolicyText(source);
  if (problems.length > 0) return { kind: "problems", problems };
  const explain = new Explainer(source, places, index);
  if (!validator(data)) return { kind: "problems", problems: explain.schemaProblems(validator.errors ?? [], data) };
  const found = explain.ruleProblems(data);
  return found.length > 0 ? { kind: "problems", problems: found } : { kind: "policy", data, places };
}

const TYPE_NAMES: ReadonlyMap<string, string> = new Map([
  ["object", "a mapping"],
  ["array", "a list"],
  ["string", "text"],
  ["integer", "a whole number"],
  ["number", "a number"],
  ["boolean", "`true` or `false`"],
]);

/** Turns errors of the schema into sentences, with the nearest right name. */
class Explainer {
  readonly #source: Source;
  readonly #places: ReadonlyMap<string, Place>;
  readonly #index: RuleIndex;
  #schema: JsonSchema | undefined;

  constructor(source: Source, places: ReadonlyMap<string, Place>, index: RuleIndex) {
    this.#source = source;
    this.#places = places;
    this.#index = index;
  }

  schemaProblems(errors: readonly SchemaError[], data: unknown): readonly PolicyProblem[] {
    // `if` only says that `then` or `else` failed, which has an error of its own.
    const problems = errors.filter(({ keyword }) => keyword !== "if").map((error) => this.#explain(error, data));
    return inOrder(problems);
  }

  /** What the schema cannot see: names below `rules` that are no ids, and values that only the option itself can judge. */
  ruleProblems(data: PolicyData): readonly PolicyProblem[] {
    const tables = [{ pointer: "/rules", rules: data.rules }];
    for (const [number, { rules }] of (data.overrides ?? []).entries())
      tables.push({ pointer: `/overrides/${number}/rules`, rules });
    const problems: PolicyProblem[] = [];
    for (const { pointer, rules } of tables) {
      for (const [name, setting] of Object.entries(rules ?? {})) {
        const place = pointer + pointerStep(name);
        if (this.#index.resolve(name).length === 0) problems.push(this.#noRule(name, place));
        else if (typeof setting !== "string") problems.push(...this.#optionProblems(name, setting, place));
      }
    }
    return inOrder(problems);
  }

  *#optionProblems(id: string, setting: Readonly<Record<string, unknown>>, pointer: string): Iterable<PolicyProblem> {
    const options = this.#index.rule(id)?.options ?? {};
    for (const [name, written] of Object.entries(setting)) {
      const option = Object.hasOwn(options, name) ? options[name] : undefined;
      if (option === undefined || option.read(written) !== undefined) continue;
      const range = this.#valueRange(pointer + pointerStep(name));
      yield {
        range,
        problem: `option \`${name}\` of \`${id}\` cannot be ${shown(written)}`,
        remedy: hint(option.description),
      };
    }
  }

  #explain(error: SchemaError, data: unknown): PolicyProblem {
    const { keyword, instancePath, params } = error;
    const range = this.#valueRange(instancePath);
    switch (keyword) {
      case "additionalProperties":
        return this.#unknownKey(error);
      case "enum":
        return this.#unknownWord(error, valueAt(data, instancePath));
      case "type":
        return { range, problem: `${subject(instancePath)} must be ${typeNames(params["type"])}`, remedy: undefined };
      case "required":
        return {
          range,
          problem: `${subject(instancePath)} lacks \`${String(params["missingProperty"])}\``,
          remedy: undefined,
        };
      case "minimum":
        return {
          range,
          problem: `${subject(instancePath)} must be at least ${String(params["limit"])}`,
          remedy: undefined,
        };
      default: {
        const value = shown(valueAt(data, instancePath));
        return { range, problem: `${subject(instancePath)} cannot be ${value}`, remedy: this.#description(error) };
      }
    }
  }

  #unknownKey({ instancePath, params }: SchemaError): PolicyProblem {
    const key = String(params["additionalProperty"]);
    const pointer = instancePath + pointerStep(key);
    const steps = pointerSteps(instancePath);
    const parent = steps.at(-1);
    if (parent === "rules" && isRuleTable(steps)) return this.#noRule(key, pointer);
    const properties = this.#schemaOf(steps)["properties"];
    const known = isRecord(properties) ? Object.keys(properties) : [];
    const range = this.#keyRange(pointer);
    const remedy = didYouMean(closest(key, known)) ?? `it may be ${wordList(known)}`;
    const rule = isRuleTable(steps.slice(0, -1)) ? parent : undefined;
    if (rule !== undefined) return { range, problem: `rule \`${rule}\` has no option \`${key}\``, remedy };
    const ofKind = parent === "kinds" && isRuleTable(steps.slice(0, -2)) ? steps.at(-2) : undefined;
    if (ofKind !== undefined) return { range, problem: `rule \`${ofKind}\` has no kind \`${key}\``, remedy };
    const where = parent === undefined || steps.at(-2) === "overrides" ? "" : ` below \`${parent}\``;
    return { range, problem: `no key \`${key}\`${where}`, remedy };
  }

  #unknownWord({ instancePath, params }: SchemaError, value: unknown): PolicyProblem {
    const range = this.#valueRange(instancePath);
    const allowed = params["allowedValues"];
    const known = Array.isArray(allowed) ? allowed.map(String) : [];
    const noun = nounOf(known);
    const written = typeof value === "object" ? shown(value) : `\`${String(value)}\``;
    const problem = noun === undefined ? `${subject(instancePath)} cannot be ${written}` : `no ${noun} ${written}`;
    const remedy = typeof value === "string" ? didYouMean(closest(value, known)) : undefined;
    return { range, problem, remedy: remedy ?? `it may be ${wordList(known)}` };
  }

  #noRule(name: string, pointer: string): PolicyProblem {
    const remedy = didYouMean(this.#index.suggest(name)) ?? "`plimsoll rules` lists all of them";
    return { range: this.#keyRange(pointer), problem: `no rule \`${name}\``, remedy };
  }

  #description({ instancePath }: SchemaError): string | undefined {
    const description = this.#schemaOf(pointerSteps(instancePath))["description"];
    return typeof description === "string" ? hint(description) : undefined;
  }

  /** The schema of the value that the steps lead to; what validators say of schemas themselves stops at references. */
  #schemaOf(steps: readonly string[]): JsonSchema {
    this.#schema ??= policySchema(this.#index.rules);
    let schema = this.#followed(this.#schema);
    for (const step of steps) {
      const { properties, items, additionalProperties } = schema;
      const own = isRecord(properties) && Object.hasOwn(properties, step) ? properties[step] : undefined;
      schema = this.#followed(own ?? items ?? additionalProperties);
    }
    return schema;
  }

  /** The schema that a reference leads to; of two forms the one that is more than a word. */
  #followed(schema: unknown): JsonSchema {
    if (!isRecord(schema)) return {};
    if (isRecord(schema["then"])) return schema["then"];
    const reference = schema["$ref"];
    return typeof reference === "string" ? this.#followed(valueAt(this.#schema, reference.slice(1))) : schema;
  }

  #keyRange(pointer: string): Range {
    return this.#places.get(pointer)?.key ?? this.#valueRange(pointer);
  }

  #valueRange(pointer: string): Range {
    return this.#places.get(pointer)?.value ?? this.#source.range(0, 0);
  }
}

/** Whether the steps lead to a `rules` key: at the top, or of an override. */
function isRuleTable(steps: readonly string[]): boolean {
  return steps.at(-1) === "rules" && (steps.length === 1 || (steps.length === 3 && steps[0] === "overrides"));
}

function inOrder(problems: readonly PolicyProblem[]): readonly PolicyProblem[] {
  return [...problems].sort((a, b) => a.range.start - b.range.start || (a.problem < b.problem ? -1 : 1));
}

function didYouMean(name: string | undefined): string | undefined {
  return name === undefined ? undefined : `did you mean \`${name}\`?`;
}

/** What a list of words is a list of; undefined for the words of an option. */
function nounOf(words: readonly string[]): string | undefined {
  const isList = (list: readonly string[]): boolean => list.join() === words.join();
  if (isList(LEVELS)) return "level";
  if (isList(PRESETS)) return "preset";
  return isList(ROLE_NAMES) ? "role" : undefined;
}

function wordList(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(", ");
}

function subject(pointer: string): string {
  const steps = pointerSteps(pointer);
  const names = steps.filter((step) => !/^\d+$/.test(step));
  if (steps.length === 0) return "the policy";
  const text = `\`${names.slice(-2).join(".")}\``;
  return names.length === steps.length || names.at(-1) === steps.at(-1) ? text : `an item of ${text}`;
}

function typeNames(types: unknown): string {
  const list = Array.isArray(types) ? types.map(String) : [String(types)];
  return list.map((type) => TYPE_NAMES.get(type) ?? type).join(" or ");
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a mapping" : `\`${String(value).slice(0, 60)}\``;
}

/** A description as the half of a sentence that says how to mend it. */
function hint(description: string): string {
  const text = description.replace(/\.$/, "");
  return `it is: ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

function valueAt(data: unknown, pointer: string): unknown {
  let value = data;
  for (const step of pointerSteps(pointer)) {
    if (Array.isArray(value)) value = value[Number(step)];
    else if (isRecord(value) && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
