import type { Level, Preset, Threshold } from "../../data/levels.js";
import type { Tool } from "../../data/tools.js";
import type { Range } from "../../text/source.js";
import type { RuleIndex, Target } from "../rule-index.js";

/** Something of another tool's configuration that the policy does not say, and why. */
export interface Unadopted {
  /** Undefined for what concerns the file as a whole. */
  readonly range: Range | undefined;
  readonly message: string;
}

/** A policy in the making, from the configuration of another tool. */
export class AdoptedPolicy {
  readonly #index: RuleIndex;
  readonly #tool: Tool;
  readonly #presets: readonly Preset[];
  readonly #levels = new Map<string, { readonly level: Level; readonly ids: string[] }>();
  readonly #values = new Map<string, unknown>();
  readonly #options = new Map<string, Readonly<Record<string, unknown>>>();
  readonly #unadopted: Unadopted[] = [];

  /** @param presets the sets that stand for what the tool has on */
  constructor(index: RuleIndex, tool: Tool, presets: readonly Preset[]) {
    this.#index = index;
    this.#tool = tool;
    this.#presets = presets;
  }

  /** What was not taken over, in the order in which it was met. */
  get unadopted(): readonly Unadopted[] {
    return this.#unadopted;
  }

  set failOn(threshold: Threshold) {
    this.#values.set("failOn", threshold);
  }

  /** Sets a key of the policy, or one of a section: `["images", "allow"]`. */
  set(path: readonly [string] | readonly [string, string], value: unknown): void {
    const [section, key] = path;
    if (key === undefined) this.#values.set(section, value);
    else this.#values.set(section, { ...asTable(this.#values.get(section)), [key]: value });
  }

  /** Gives an option of a rule a value; a list is one of texts. */
  option(rule: string, name: string, value: unknown): void {
    this.#options.set(rule, { ...this.#options.get(rule), [name]: value });
  }

  leave(range: Range | undefined, message: string): void {
    this.#unadopted.push({ range, message });
  }

  /** Gives a level to what an id of the tool names. */
  level(id: string, level: Level, range: Range | undefined): void {
    const targets = this.#index.resolveFor(this.#tool, id);
    if (targets.length === 0) {
      this.leave(range, `no rule answers to \`${id}\``);
      return;
    }
    for (const name of targets.map(nameOf)) {
      const known = this.#levels.get(name);
      if (known !== undefined && known.level !== level) {
        this.leave(
          range,
          `\`${id}\` is \`${name}\` here, which ${known.ids.join(", ")} sets to ${known.level} already`,
        );
      } else if (known === undefined) this.#levels.set(name, { level, ids: [id] });
      else if (!known.ids.includes(id)) known.ids.push(id);
    }
  }

  /** The policy as YAML, with the ids of the tool beside the rules. */
  text(header: string): string {
    const lines = [header, `presets: [${this.#presets.join(", ")}]`];
    for (const [key, value] of this.#values) lines.push(...yamlLines(key, value, ""));
    const rules = [...new Set([...this.#levels.keys(), ...this.#options.keys()])].sort();
    if (rules.length > 0) lines.push("rules:", ...rules.flatMap((name) => this.#ruleLines(name)));
    return `${lines.join("\n")}\n`;
  }

  #ruleLines(name: string): readonly string[] {
    const level = this.#levels.get(name);
    const said = level === undefined ? "" : ` ${level.level} # ${level.ids.join(", ")}`;
    const options = Object.entries(this.#options.get(name) ?? {});
    if (options.length === 0) return [`  ${key(name)}:${said}`];
    const lines = options.flatMap(([option, value]) => yamlLines(option, value, "    "));
    return [`  ${key(name)}:`, ...(said === "" ? [] : [`    level:${said}`]), ...lines];
  }
}

function nameOf({ rule, kind }: Target): string {
  return kind === undefined ? rule : `${rule}#${kind}`;
}

function asTable(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

function yamlLines(name: string, value: unknown, indent: string): readonly string[] {
  if (Array.isArray(value)) return [`${indent}${key(name)}:`, ...value.map((item) => `${indent}  - ${scalar(item)}`)];
  if (typeof value !== "object" || value === null) return [`${indent}${key(name)}: ${scalar(value)}`];
  const inner = Object.entries(value).flatMap(([each, own]) => yamlLines(each, own, `${indent}  `));
  return [`${indent}${key(name)}:`, ...inner];
}

function key(name: string): string {
  return /^[A-Za-z][\w./#-]*$/.test(name) ? name : JSON.stringify(name);
}

/** JSON's spelling of a text is YAML's too, whatever it holds. */
function scalar(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value);
  return PLAIN.test(value) && !WORDS.test(value) ? value : JSON.stringify(value);
}

const PLAIN = /^[A-Za-z][\w./-]*$/;
const WORDS = /^(?:true|false|yes|no|on|null|y|n)$/i;
