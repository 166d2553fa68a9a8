import type { Schema } from "./forms.js";
import { composeSchema } from "./schema.js";

/** How ajv has to be made to compile {@link judgedSchema}; `formats` holds the tests of {@link formatsOf}. */
export const COMPOSE_AJV_OPTIONS = {
  allErrors: true,
  allowUnionTypes: true,
  inlineRefs: false,
  messages: false,
  strict: true,
  strictTypes: false,
  strictRequired: false,
} as const;

/** What is there for readers and editors, and what rules of their own judge better: forms of names. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "title",
  "description",
  "deprecated",
  "pattern",
  "propertyNames",
  "$id",
]);

/** The part of the Compose schema that files are held against. */
export function judgedSchema(): Schema {
  return leaner(composeSchema(""), false);
}

function leaner(schema: Schema, isNames: boolean): Schema {
  const entries = Object.entries(schema).filter(([key]) => isNames || !LEFT_OUT.has(key));
  return Object.fromEntries(entries.map(([key, value]) => [key, part(key, value, isNames)]));
}

function part(key: string, value: unknown, isName: boolean): unknown {
  if (!isSchema(value)) return value;
  return leaner(value, !isName && (key === "properties" || key === "$defs" || key === "patternProperties"));
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every `format` that a schema names, once. */
export function formatsOf(schema: Schema): readonly string[] {
  const formats = new Set<string>();
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(collect);
    else if (isSchema(value)) {
      if (typeof value["format"] === "string") formats.add(value["format"]);
      Object.values(value).forEach(collect);
    }
  };
  collect(schema);
  return [...formats].sort();
}
