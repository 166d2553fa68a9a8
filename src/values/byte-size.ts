import type { Span } from "../text/source.js";

/** A number of bytes, or what is wrong with the text; `span` is 0-based into the text. */
export type ByteSizeResult =
  | {
      readonly kind: "size";
      readonly sizeBytes: number;
      /** The unit as written; empty when there is none, which means bytes. */
      readonly unit: string;
    }
  | { readonly kind: "malformed"; readonly problem: ByteSizeProblem; readonly span: Span };

/** Why a text is no size. */
export type ByteSizeProblem = "empty" | "no-number" | "unknown-unit" | "negative" | "too-large";

const SIZE = /^([+-]?)([0-9]+(?:\.[0-9]*)?|\.[0-9]+)( ?)(.*)$/s;
const UNIT = /^(?:b|([kmgtpe])(?:b|ib|i)?)$/i;
const POWERS = "kmgtpe";
const LARGEST_SIZE = 2 ** 63;

/**
 * Reads a size as engines and Compose do: a number and `b k m g t p`, also `kb`, `KiB`, `ki`, in any case, always in
 * powers of 1024. Fractions are cut to whole bytes.
 *
 * @see https://github.com/docker/go-units/blob/v0.5.0/size.go (RAMInBytes)
 */
export function parseByteSize(text: string): ByteSizeResult {
  if (text === "") return malformed("empty", 0, 0);
  const match = SIZE.exec(text);
  if (match === null) return malformed("no-number", 0, text.length);
  const [, sign = "", digits = "", blank = "", unit = ""] = match;
  const unitStart = sign.length + digits.length + blank.length;
  const parsed = unit === "" ? undefined : UNIT.exec(unit);
  if (parsed === null || (unit === "" && blank !== "")) return malformed("unknown-unit", unitStart, text.length);
  if (sign === "-" && Number(digits) > 0) return malformed("negative", 0, text.length);
  const power = POWERS.indexOf((parsed?.[1] ?? "").toLowerCase() || " ") + 1;
  const sizeBytes = Math.floor(Number(digits) * 1024 ** power);
  return sizeBytes >= LARGEST_SIZE ? malformed("too-large", 0, text.length) : { kind: "size", sizeBytes, unit };
}

/**
 * Reads a size as people write it for disks and downloads, in powers of 1000 (`100MB` is 100,000,000 bytes) unless the
 * unit says otherwise (`MiB`); the counterpart of {@link formatBytes}.
 *
 * @returns undefined for what is no size
 */
export function parseDecimalSize(text: string): number | undefined {
  const size = parseByteSize(text);
  if (size.kind !== "size") return undefined;
  const power = POWERS.indexOf((size.unit[0] ?? "").toLowerCase() || " ") + 1;
  return size.unit.toLowerCase().includes("i") ? size.sizeBytes : Math.round(Number.parseFloat(text) * 1000 ** power);
}

const DECIMAL_UNITS = ["B", "KB", "MB", "GB", "TB", "PB", "EB"] as const;

/**
 * Writes a size for people: powers of 1000 and at most three significant digits, without trailing zeros (`2.3MB`,
 * `450KB`, `87B`).
 */
export function formatBytes(sizeBytes: number): string {
  let value = Math.max(0, sizeBytes);
  let index = 0;
  // 999.5 would be written with four digits, so it is the next unit's 1.
  while (value >= 999.5 && index < DECIMAL_UNITS.length - 1) {
    value /= 1000;
    index += 1;
  }
  const decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${Number(value.toFixed(decimals))}${DECIMAL_UNITS[index] ?? "B"}`;
}

function malformed(problem: ByteSizeProblem, start: number, end: number): ByteSizeResult {
  return { kind: "malformed", problem, span: { start, end } };
}
