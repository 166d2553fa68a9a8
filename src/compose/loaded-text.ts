import { numberOf, scalarTypeOf } from "./scalar-type.js";

/** Beyond it the loader itself takes an integer for a fraction, and loses digits. */
const LARGEST_UNSIGNED = 2n ** 64n - 1n;
const LARGEST_SIGNED = 2n ** 63n;

/**
 * The text that a plain scalar becomes where Compose wants text: read by its type, then written out again.
 *
 * @returns undefined for null, and for what the loader refuses there (a date)
 * @see https://pkg.go.dev/fmt (`%v` of the value that go-yaml decodes)
 */
export function loadedText(text: string): string | undefined {
  switch (scalarTypeOf(text)) {
    case "text":
      return text;
    case "boolean":
      return text.toLowerCase();
    case "integer":
      return integerText(text);
    case "float":
      return floatText(numberOf(text) ?? 0);
    case "null":
    case "timestamp":
      return undefined;
  }
}

function integerText(text: string): string {
  const digits = text.replaceAll("_", "");
  const isNegative = digits.startsWith("-");
  const magnitude = isNegative || digits.startsWith("+") ? digits.slice(1) : digits;
  // `0755` is octal for the loader.
  const isOctal = magnitude.length > 1 && magnitude.startsWith("0") && magnitude.charCodeAt(1) <= 57;
  const value = BigInt(isOctal ? `0o${magnitude.slice(1)}` : magnitude);
  const isExact = value <= (isNegative ? LARGEST_SIGNED : LARGEST_UNSIGNED);
  if (!isExact) return floatText(isNegative ? -Number(value) : Number(value));
  return isNegative ? String(-value) : String(value);
}

/** Shortest digits that mean the number; with an exponent below 10⁻⁴ and from 10⁶ on. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value < 0 ? "-Inf" : "+Inf";
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < 1e6)) return Object.is(value, -0) ? "-0" : String(value);
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  return `${digits}e${exponent.charAt(0)}${exponent.slice(1).padStart(2, "0")}`;
}
