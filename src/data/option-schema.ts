/** The part of JSON Schema (draft 2020-12) that options need; it goes into the policy file's schema as it is. */
export interface OptionSchema {
  readonly type?: OptionType | readonly OptionType[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly items?: OptionSchema;
  readonly additionalProperties?: OptionSchema | boolean;
  readonly anyOf?: readonly OptionSchema[];
  readonly minimum?: number;
  readonly pattern?: string;
}

/** What a value may be. */
export type OptionType = "string" | "number" | "integer" | "boolean" | "array" | "object";
