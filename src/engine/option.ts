import type { OptionSchema } from "../data/option-schema.js";

export type { OptionSchema } from "../data/option-schema.js";

/**
 * One option of a rule, declared once: gives its type, its JSON Schema, its default and its line in the documentation.
 *
 * @see option for the ways to make one
 */
export interface Option<T> {
  readonly description: string;
  readonly default: T;
  readonly schema: OptionSchema;
  /** The value that a policy file wrote, in the type that rules see; undefined when it has another form. */
  readonly read: (written: unknown) => T | undefined;
}

/** The options that a rule declares, by name. */
export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** What a rule's check sees as `ctx.options`: every declared option with a value. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Option<infer T> ? T : never;
};

interface Description<T> {
  readonly default: T;
  readonly description: string;
}

/** Constructors of options: each fixes type, schema and reading at once. */
export const option = {
  boolean: ({ default: fallback, description }: Description<boolean>): Option<boolean> => ({
    description,
    default: fallback,
    schema: { type: "boolean", description, default: fallback },
    read: (written) => (typeof written === "boolean" ? written : undefined),
  }),

  number: ({ default: fallback, description }: Description<number>): Option<number> => ({
    description,
    default: fallback,
    schema: { type: "number", description, default: fallback },
    read: (written) => (typeof written === "number" && Number.isFinite(written) ? written : undefined),
  }),

  string: ({ default: fallback, description }: Description<string>): Option<string> => ({
    description,
    default: fallback,
    schema: { type: "string", description, default: fallback },
    read: (written) => (typeof written === "string" ? written : undefined),
  }),

  /** A list of texts, in the order written. */
  strings: ({ default: fallback, description }: Description<readonly string[]>): Option<readonly string[]> => ({
    description,
    default: fallback,
    schema: { type: "array", items: { type: "string" }, description, default: fallback },
    read: (written) => (isStrings(written) ? written : undefined),
  }),

  /** One word of a closed list. */
  choice: <const Word extends string>({
    words,
    default: fallback,
    description,
  }: Description<NoInfer<Word>> & { readonly words: readonly Word[] }): Option<Word> => ({
    description,
    default: fallback,
    schema: { type: "string", enum: words, description, default: fallback },
    read: (written) => words.find((word) => word === written),
  }),

  /** Texts by name; a `Map`, because names come from the user. */
  map: ({
    default: fallback,
    description,
  }: Description<Readonly<Record<string, string>>>): Option<ReadonlyMap<string, string>> => ({
    description,
    default: new Map(Object.entries(fallback)),
    schema: { type: "object", additionalProperties: { type: "string" }, description, default: fallback },
    read: readMap,
  }),

  /** Anything else: the schema says what may be written, `read` makes the value that the rule sees. */
  custom: <T>({ schema, ...rest }: Option<T>): Option<T> => ({
    ...rest,
    schema: { ...schema, description: rest.description },
  }),
};

function isStrings(written: unknown): written is readonly string[] {
  return Array.isArray(written) && written.every((item) => typeof item === "string");
}

function readMap(written: unknown): ReadonlyMap<string, string> | undefined {
  if (typeof written !== "object" || written === null || Array.isArray(written)) return undefined;
  const map = new Map<string, string>();
  for (const [name, value] of Object.entries(written)) {
    if (typeof value !== "string") return undefined;
    map.set(name, value);
  }
  return map;
}
