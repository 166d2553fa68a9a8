import type { Range } from "../text/source.js";
import type { Node } from "./node-model.js";
import { isReset, plainData } from "./plain-data.js";
import { isPart, type SchemaPart, type Spot, schemaAt, spotAt, typesOf } from "./schema-walk.js";
import { extensionNames, unknownKeyFault } from "./unknown-keys.js";
import type { ComposeValidator, SchemaError } from "./validator.js";
import { duplicateFault, missingFault, valueFault } from "./wrong-values.js";

/**
 * What Compose does not read in a file.
 *
 * - `value`: of another kind or form than its place asks for; `double`: an item that its list holds already;
 * - `near`: a key that is none, and which one was meant is plain; `far`: a key that is none;
 * - `missing`: a mapping lacks a key that it needs, or a key has no value.
 */
export interface SchemaFault {
  readonly kind: "value" | "double" | "near" | "far" | "missing";
  readonly range: Range;
  /** What is wrong and how to mend it; never holds a value of an env file. */
  readonly message: string;
  /** The other place that takes part: the first of two equal items. */
  readonly related: Range | undefined;
  readonly mend: Mend | undefined;
  /** Name of the service that it concerns; undefined outside of services. */
  readonly service: string | undefined;
}

/** A fault as long as only its own place is looked at. */
export type PlacedFault = Omit<SchemaFault, "service">;

/** A change of text that ends a fault. */
export interface Mend {
  readonly range: Range;
  readonly text: string;
  /** The file means what it was meant to mean: nothing was guessed. */
  readonly isSafe: boolean;
}

/** More faults than these in one file tell nobody anything. */
const MOST_FAULTS = 500;

/** What the schema says of one tree. */
export interface SchemaVerdict {
  /** What stands there and is wrong. Counts in a file, before include, extends and overrides. */
  readonly faults: readonly SchemaFault[];
  /** Keys that are needed and absent. Counts in the merged project: another file may bring them. */
  readonly missing: readonly SchemaFault[];
}

/**
 * Holds trees against the Compose schema. Whoever opens Compose files hands it in: schema and messages are large, and only
 * files that are not plainly right need them.
 */
export interface ComposeJudge {
  judge(root: Node): SchemaVerdict;
}

/** The judge by a compiled schema. */
export function composeJudge({ validate, schema }: ComposeValidator): ComposeJudge {
  return {
    judge(root) {
      const errors = validate(plainData(root));
      const extensions = [...extensionNames(root)];
      if (errors.length === 0) return { faults: extensions, missing: [] };
      const data = schema();
      const part = isPart(data) ? data : {};
      const found = faults(root, part, errors);
      return {
        faults: [...found.filter(({ kind }) => kind !== "missing"), ...extensions],
        missing: found.filter(({ kind }) => kind === "missing"),
      };
    },
  };
}

function faults(root: Node, schema: SchemaPart, errors: readonly SchemaError[]): readonly SchemaFault[] {
  const found: SchemaFault[] = [];
  const seen = new Set<string>();
  for (const error of errors) {
    if (found.length >= MOST_FAULTS) break;
    const spot = spotAt(root, error.instancePath);
    const fault = spot === undefined || isReset(spot.node) ? undefined : faultOf(error, spot, schema);
    if (spot === undefined || fault === undefined) continue;
    const id = `${fault.kind === "missing"}:${fault.range.source.path}:${fault.range.start}:${fault.range.end}`;
    // One finding per place: an alias brings one mistake to many.
    if (seen.has(id)) continue;
    seen.add(id);
    const [section, service] = spot.path;
    found.push({ ...fault, service: section === "services" ? service : undefined });
  }
  return found;
}

function faultOf(error: SchemaError, spot: Spot, root: SchemaPart): PlacedFault | undefined {
  const { keyword, params } = error;
  switch (keyword) {
    case "if":
      // Only says that `then` failed, which has an error of its own.
      return undefined;
    case "additionalProperties":
      return unknownKeyFault(spot, String(params["additionalProperty"]), root);
    case "required":
      return missingFault(spot, String(params["missingProperty"]));
    case "uniqueItems":
      return duplicateFault(spot, Number(params["i"]), Number(params["j"]));
    default: {
      const schema = schemaAt(root, spot.path);
      return isUncertain(spot.node, keyword, schema) ? undefined : valueFault(keyword, spot, schema);
    }
  }
}

/** Whether a variable without a value decides about the error: it can become any text, but never a list or a mapping. */
function isUncertain(node: Node, keyword: string, schema: SchemaPart): boolean {
  if (node.kind !== "scalar" || (node.certainty !== "unknown" && node.certainty !== "required")) return false;
  if (keyword !== "type") return true;
  // An alias to nowhere is unknown without any variable, and can be anything.
  return node.uses.length === 0 || typesOf(schema).some((type) => type !== "array" && type !== "object");
}
