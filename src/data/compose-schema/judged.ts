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

/**
 * What is there for readers and editors, and what rules of their own judge better: forms of names. Without its draft a
 * schema is compiled as draft 7, which means the same here and gives shorter code.
 */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "$schema",
  "$id",
  "title",
  "description",
  "deprecated",
  "pattern",
  "propertyNames",
]);

/** The part of the Compose schema that files are held against. */
export function judgedSchema(): Schema {
  return withSharedParts(leaner(composeSchema(""), false));
}

/** Parts that stand as often as this become one: what ajv makes of them is a third of the size, and loads as fast. */
const OFTEN = 3;

/** The same schema with equal parts written once. */
function withSharedParts(schema: Schema): Schema {
  const counts = new Map<string, number>();
  replaced(schema, false, (part) => {
    const id = JSON.stringify(part);
    counts.set(id, (counts.get(id) ?? 0) + 1);
    return part;
  });
  const names = new Map<string, string>();
  for (const [id, count] of counts) if (count >= OFTEN) names.set(id, `part${names.size}`);
  const lean = replaced(schema, false, (part) => {
    const name = names.get(JSON.stringify(part));
    return name === undefined ? part : { $ref: `#/$defs/${name}` };
  });
  const parts = [...names].map(([id, name]): readonly [string, unknown] => [name, JSON.parse(id)]);
  const own = lean["$defs"];
  return { ...lean, $defs: { ...(isSchema(own) ? own : {}), ...Object.fromEntries(parts) } };
}

/** A copy of a schema in which a function may put another for each schema of a value, innermost ones left alone. */
function replaced(schema: Schema, isNames: boolean, put: (part: Schema) => Schema): Schema {
  const entries = Object.entries(schema).map(([key, value]): readonly [string, unknown] => {
    if (!isSchema(value)) return [key, value];
    const holdsNames = !isNames && (key === "properties" || key === "$defs" || key === "patternProperties");
    const isPart = isNames || key === "items" || key === "additionalProperties";
    const instead = isPart && "type" in value ? put(value) : value;
    return [key, instead === value ? replaced(value, holdsNames, put) : instead];
  });
  return Object.fromEntries(entries);
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
