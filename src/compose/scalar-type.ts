import type { ScalarType } from "./yaml-model.js";

// The Compose loader reads YAML with go-yaml 3, whose implicit typing is what counts here.
// @see https://github.com/go-yaml/yaml/blob/v3.0.1/resolve.go
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9][0-9]*)$/;
const TIMESTAMP =
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]| )[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]{1,9})?(?:Z|[-+][0-9]{2}:[0-9]{2})?)?$/;

const WORDS: ReadonlyMap<string, ScalarType> = new Map([
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, "null"] as const),
  ...["true", "True", "TRUE", "false", "False", "FALSE"].map((word) => [word, "boolean"] as const),
  ...[".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].map((word) => [word, "float"] as const),
  ...["+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF"].map((word) => [word, "float"] as const),
]);

/** What the Compose loader takes a plain scalar for, from its source text. */
export function scalarTypeOf(text: string): ScalarType {
  // The longest word has five letters, and a number begins with one of a few characters: most scalars end here.
  if (text.length <= 5) {
    const word = WORDS.get(text);
    if (word !== undefined) return word;
  }
  const first = text.charCodeAt(0);
  const isDigit = first >= 48 && first <= 57;
  if (!isDigit && first !== 43 && first !== 45 && first !== 46) return "text";
  if (text.length > 400) return "text";
  if (first === 46) return FLOAT.test(text) ? "float" : "text";
  const digits = text.includes("_") ? text.replaceAll("_", "") : text;
  if (INTEGER.test(digits)) return "integer";
  if (FLOAT.test(digits)) return "float";
  return isDigit && TIMESTAMP.test(text) ? "timestamp" : "text";
}

/** The number that a plain scalar or text stands for, as the loader reads it (`0444` is 292); undefined for no number. */
export function numberOf(text: string): number | undefined {
  const type = scalarTypeOf(text);
  const digits = text.replaceAll("_", "");
  if (type === "float") {
    const lower = digits.toLowerCase();
    if (lower.endsWith("inf")) return lower.startsWith("-") ? -Infinity : Infinity;
    return lower === ".nan" ? NaN : Number(digits);
  }
  if (type !== "integer") return undefined;
  const negative = digits.startsWith("-");
  const magnitude = digits.replace(/^[-+]/, "");
  const octal = /^0[0-7]+$/.test(magnitude) ? `0o${magnitude.slice(1)}` : magnitude;
  return negative ? -Number(octal) : Number(octal);
}

/**
 * The truth value of a text where Compose asks for one; `yes`, `no`, `on`, `off`, `y`, `n` are taken too, as the loader
 * does with a warning. Undefined for anything else.
 */
export function booleanOf(text: string): boolean | undefined {
  switch (text.toLowerCase()) {
    case "true":
    case "yes":
    case "on":
    case "y":
      return true;
    case "false":
    case "no":
    case "off":
    case "n":
      return false;
    default:
      return undefined;
  }
}
