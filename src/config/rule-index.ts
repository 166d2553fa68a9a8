import type { OptionSchema } from "../data/option-schema.js";
import { isTool, type Tool } from "../data/tools.js";
import { closest } from "../values/closest.js";
import { fitsWildcard } from "./path-glob.js";

/** What a policy needs to know of a rule: its names and its options. */
export interface RuleFacts {
  readonly id: string;
  /** Absent where prose is left out of what is shipped. */
  readonly summary?: string | undefined;
  readonly aliases?: readonly string[];
  readonly kinds?: Readonly<Record<string, { readonly aliases?: readonly string[] }>>;
  readonly options?: Readonly<Record<string, OptionFacts>>;
}

/** What a policy needs to know of an option. */
export interface OptionFacts {
  readonly description: string;
  readonly schema: OptionSchema;
  /** Undefined when the written value does not fit. */
  readonly read: (written: unknown) => unknown;
}

/** A rule, or one of its kinds, that a name stands for. */
export interface Target {
  readonly rule: string;
  /** Undefined for every kind, and for a rule without kinds. */
  readonly kind: string | undefined;
}

/** An alias taken apart: `kics:some-query (uuid)` has two ids, `trivy:DS-0002` is known by three spellings. */
interface Alias {
  readonly tool: Tool | undefined;
  /** As declared, without what is in parentheses. */
  readonly id: string;
  readonly otherId: string | undefined;
}

interface Wildcard {
  readonly tool: Tool | undefined;
  /** Lower case. */
  readonly prefix: string;
  readonly rule: string;
}

const TRIVY_ID = /^(?:avd-)?ds-?0*(\d{1,4})$/;
const ALIAS = /^(?:([a-z-]+):)?([^()]*[^()\s])(?:\s*\(([^()]+)\))?$/;

/** All rules by every name they have: id, `rule#kind`, alias with or without its tool, and patterns. */
export class RuleIndex<Rule extends RuleFacts = RuleFacts> {
  /** In the order of ids. */
  readonly rules: readonly Rule[];
  readonly #byId: ReadonlyMap<string, Rule>;
  readonly #aliasTexts = new Map<string, readonly string[]>();
  #aliases: ReadonlyMap<string, readonly Target[]> | undefined;
  #wildcards: readonly Wildcard[] | undefined;

  constructor(rules: readonly Rule[]) {
    this.rules = [...rules].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
    this.#byId = new Map(this.rules.map((rule) => [rule.id, rule]));
  }

  rule(id: string): Rule | undefined {
    return this.#byId.get(id);
  }

  /**
   * Everything that a name stands for; empty when nothing has it. Letter case counts in ids only.
   *
   * @param name rule id, `rule#kind`, alias, or a pattern with `*` over any of these
   */
  resolve(name: string): readonly Target[] {
    if (name.includes("*")) return this.#matching(name);
    const hash = name.indexOf("#");
    if (hash !== -1) return this.#kindTarget(name.slice(0, hash), name.slice(hash + 1));
    if (this.#byId.has(name)) return [{ rule: name, kind: undefined }];
    return this.#aliased(name.toLowerCase());
  }

  /** What the id of one tool stands for, the tool's own spelling (`DL3008`); other tools' ids are not looked at. */
  resolveFor(tool: Tool, id: string): readonly Target[] {
    return this.#aliased(`${tool}:${id.toLowerCase()}`);
  }

  /** The name that was probably meant; undefined when none is near. */
  suggest(name: string): string | undefined {
    const hash = name.indexOf("#");
    if (hash !== -1) {
      const id = name.slice(0, hash);
      const rule = this.#byId.get(id);
      if (rule === undefined) return closest(id, this.#byId.keys());
      const kind = closest(name.slice(hash + 1), Object.keys(rule.kinds ?? {}));
      return kind === undefined ? undefined : `${id}#${kind}`;
    }
    const sameName = this.rules.find((rule) => rule.id.endsWith(`/${name}`));
    if (sameName !== undefined) return sameName.id;
    return closest(name, this.#byId.keys()) ?? this.#nearestAlias(name);
  }

  /** Aliases of a kind as reports show them, `tool:id`: those of the rule, then those of the kind. */
  aliasesOf(id: string, kind: string | undefined): readonly string[] {
    const key = kind === undefined ? id : `${id}#${kind}`;
    const known = this.#aliasTexts.get(key);
    if (known !== undefined) return known;
    const texts = this.#aliasTextsOf(id, kind);
    this.#aliasTexts.set(key, texts);
    return texts;
  }

  #aliasTextsOf(id: string, kind: string | undefined): readonly string[] {
    const rule = this.#byId.get(id);
    if (rule === undefined) return [];
    const own = kind === undefined ? [] : (ownKind(rule, kind)?.aliases ?? []);
    const texts = [...(rule.aliases ?? []), ...own].map((text) => {
      const { tool, id: written } = takeApart(text);
      const name = written.endsWith("*") && kind !== undefined ? kind : written;
      return tool === undefined ? name : `${tool}:${name}`;
    });
    return [...new Set(texts)];
  }

  #kindTarget(id: string, kind: string): readonly Target[] {
    const rule = this.#byId.get(id);
    if (rule === undefined) return [];
    if (ownKind(rule, kind) !== undefined) return [{ rule: id, kind }];
    const isOpen = (rule.aliases ?? []).some((alias) => alias.endsWith("*"));
    return isOpen ? [{ rule: id, kind }] : [];
  }

  #matching(pattern: string): readonly Target[] {
    const rules = this.rules.filter((rule) => fitsWildcard(pattern, rule.id));
    if (rules.length > 0) return rules.map((rule) => ({ rule: rule.id, kind: undefined }));
    const kinds = pattern.includes("#") ? this.#matchingKinds(pattern) : [];
    if (kinds.length > 0) return kinds;
    const lower = pattern.toLowerCase();
    const targets: Target[] = [];
    for (const [alias, named] of this.#aliasTable()) if (fitsWildcard(lower, alias)) targets.push(...named);
    for (const { tool, prefix, rule } of this.#wildcards ?? []) {
      if (tool !== undefined && fitsWildcard(lower, `${tool}:${prefix}*`)) targets.push({ rule, kind: undefined });
    }
    return unique(targets);
  }

  #matchingKinds(pattern: string): readonly Target[] {
    return this.rules.flatMap((rule) =>
      Object.keys(rule.kinds ?? {})
        .filter((kind) => fitsWildcard(pattern, `${rule.id}#${kind}`))
        .map((kind) => ({ rule: rule.id, kind })),
    );
  }

  #aliased(name: string): readonly Target[] {
    const table = this.#aliasTable();
    const found = table.get(name) ?? table.get(trivyName(name));
    if (found !== undefined) return found;
    const colon = name.indexOf(":");
    const tool = colon === -1 ? undefined : name.slice(0, colon);
    const id = name.slice(colon + 1);
    for (const wildcard of this.#wildcards ?? []) {
      if (tool !== undefined && tool !== wildcard.tool) continue;
      if (id.length > wildcard.prefix.length && id.startsWith(wildcard.prefix) && CODE.test(id))
        return [{ rule: wildcard.rule, kind: id.toUpperCase() }];
    }
    return [];
  }

  #aliasTable(): ReadonlyMap<string, readonly Target[]> {
    if (this.#aliases !== undefined) return this.#aliases;
    const table = new Map<string, Target[]>();
    const wildcards: Wildcard[] = [];
    for (const rule of this.rules) {
      for (const alias of rule.aliases ?? []) addAlias(table, wildcards, alias, { rule: rule.id, kind: undefined });
      for (const [kind, { aliases }] of Object.entries(rule.kinds ?? {}))
        for (const alias of aliases ?? []) addAlias(table, wildcards, alias, { rule: rule.id, kind });
    }
    this.#wildcards = wildcards;
    this.#aliases = table;
    return table;
  }

  #nearestAlias(name: string): string | undefined {
    return closest(
      name,
      this.rules.flatMap((rule) =>
        [...(rule.aliases ?? []), ...Object.values(rule.kinds ?? {}).flatMap((kind) => kind.aliases ?? [])].flatMap(
          (text) => {
            const { tool, id } = takeApart(text);
            return tool === undefined ? [id] : [id, `${tool}:${id}`];
          },
        ),
      ),
    );
  }
}

// `SC2086`: letters, then digits.
const CODE = /^[a-z]+\d+$/;

/** The declaration of a kind; undefined for a name that the rule does not declare (`constructor`). */
function ownKind(rule: RuleFacts, kind: string): { readonly aliases?: readonly string[] } | undefined {
  const kinds = rule.kinds;
  return kinds !== undefined && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
}

function takeApart(text: string): Alias {
  const match = ALIAS.exec(text);
  const tool = match?.[1];
  if (match === null || (tool !== undefined && !isTool(tool))) return { tool: undefined, id: text, otherId: undefined };
  return { tool: tool !== undefined && isTool(tool) ? tool : undefined, id: match[2] ?? text, otherId: match[3] };
}

function addAlias(table: Map<string, Target[]>, wildcards: Wildcard[], text: string, target: Target): void {
  const { tool, id, otherId } = takeApart(text);
  if (id.endsWith("*")) {
    wildcards.push({ tool, prefix: id.slice(0, -1).toLowerCase(), rule: target.rule });
    return;
  }
  for (const spelling of otherId === undefined ? [id] : [id, otherId]) {
    const plain = spelling.toLowerCase();
    const bare = tool === undefined || tool === "trivy" ? trivyName(plain) : plain;
    addTarget(table, bare, target);
    if (tool !== undefined) addTarget(table, `${tool}:${bare}`, target);
  }
}

function addTarget(table: Map<string, Target[]>, name: string, target: Target): void {
  const targets = table.get(name);
  if (targets === undefined) table.set(name, [target]);
  else if (!targets.some(({ rule, kind }) => rule === target.rule && kind === target.kind)) targets.push(target);
}

/** The one spelling that `AVD-DS-0002`, `DS002` and `DS-0002` are kept under; other names stay as they are. */
function trivyName(name: string): string {
  const prefix = name.startsWith("trivy:") ? "trivy:" : "";
  const digits = TRIVY_ID.exec(name.slice(prefix.length))?.[1];
  return digits === undefined ? name : `${prefix}ds-${digits.padStart(4, "0")}`;
}

function unique(targets: readonly Target[]): readonly Target[] {
  const byName = new Map(targets.map((target) => [`${target.rule}#${target.kind ?? ""}`, target]));
  return [...byName.values()];
}
