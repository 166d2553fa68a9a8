import type { TokenCertainty } from "../data/secret-tokens.js";
import { type SecretName, type SecretNameOptions, secretName } from "./secret-name.js";
import { mayHoldToken, SHORTEST_TOKEN } from "./secret-token.js";
import { type EntropyThresholds, type SecretValue, secretValue } from "./secret-value.js";

/** How sure it is that a value is a secret, and which witness says so. */
export interface SecretVerdict {
  readonly certainty: TokenCertainty;
  readonly witness: "literal" | "random" | "token";
}

/** A judged pair of name and value. */
export interface JudgedSecret {
  readonly name: SecretName;
  readonly value: SecretValue;
  readonly verdict: SecretVerdict;
}

/** A policy about what counts as a secret. */
export interface SecretOptions extends SecretNameOptions {
  readonly entropy?: EntropyThresholds | undefined;
  /** Values that look random count under any name (then `possible`). */
  readonly anyName?: boolean | undefined;
}

const NO_OPTIONS: SecretOptions = {};

/** Joins what the name and what the value say; absent when that is no secret. */
export function secretVerdict(
  name: SecretName,
  value: SecretValue,
  options: SecretOptions = NO_OPTIONS,
): SecretVerdict | undefined {
  const isStrong = name.kind === "strong" || name.kind === "exact";
  switch (value.kind) {
    case "token": {
      const own = value.token.certainty;
      if (name.kind === "none") return { certainty: own, witness: "token" };
      // Check digits that fail speak against the format, not against the name.
      return { certainty: own === "possible" ? "likely" : "certain", witness: "token" };
    }
    case "random":
      if (isStrong) return { certainty: "certain", witness: "random" };
      if (name.kind === "weak") return { certainty: "likely", witness: "random" };
      return options.anyName === true ? { certainty: "possible", witness: "random" } : undefined;
    case "literal":
      return isStrong ? { certainty: "likely", witness: "literal" } : undefined;
    default:
      return undefined;
  }
}

/** No key or password that people write is longer, a service account in Base64 included; hostile values grow without end. */
const LONGEST_SECRET = 16_384;

/**
 * Judges a variable, build argument, label or option by its name and its value; absent when that is no secret.
 *
 * @param value with the variables resolved that are known
 */
export function judgeSecret(
  name: string,
  value: string,
  options: SecretOptions = NO_OPTIONS,
): JudgedSecret | undefined {
  if (value === "" || value.length > LONGEST_SECRET) return undefined;
  const named = secretName(name, options);
  // Nearly every value ends here: nothing but a token makes a secret of a value whose name says nothing.
  if (named.kind === "none" && options.anyName !== true && !mayBeToken(name, value)) return undefined;
  const classified = secretValue(value, { name, entropy: options.entropy });
  const verdict = secretVerdict(named, classified, options);
  return verdict === undefined ? undefined : { name: named, value: classified, verdict };
}

/** Whether a value may be of a known format: false is sure. The keys of AWS are known by their names as well. */
function mayBeToken(name: string, value: string): boolean {
  return (value.length >= SHORTEST_TOKEN && mayHoldToken(value)) || (/aws/i.test(name) && /secret/i.test(name));
}
