import { matchesName } from "./secret-name.js";
import type { SecretOptions } from "./secret-verdict.js";

/**
 * Options that every rule about secrets takes, for `option.strings`: what a project knows better about its own names and
 * values.
 */
export const SECRET_OPTIONS = {
  extraNames: {
    default: [],
    description: "More names of secrets; `*` stands for any characters: `ACME_*_PIN`.",
  },
  allowNames: {
    default: [],
    description: "Names that hold no secret; `*` stands for any characters: `*_FIXTURE_TOKEN`.",
  },
  allowValues: {
    default: [],
    description: "Values that are no secret; `*` stands for any characters: `local-*`.",
  },
  allow: {
    default: [],
    description: "Files that are not judged; `*` stands for any characters: `tests/fixtures/*`.",
  },
} as const;

/** Values of {@link SECRET_OPTIONS}. */
export interface SecretOptionValues {
  readonly extraNames: readonly string[];
  readonly allowNames: readonly string[];
  readonly allowValues: readonly string[];
  readonly allow: readonly string[];
}

/** The options as the judges of names and values take them. */
export function secretPolicy({ extraNames, allowNames }: SecretOptionValues): SecretOptions {
  return { extra: extraNames, allow: allowNames };
}

/** Whether the policy takes a value, or the file that it stands in (path as people see it), for harmless. */
export function isAllowedSecret({ allowValues, allow }: SecretOptionValues, path: string, value = ""): boolean {
  if (allow.some((pattern) => matchesName(pattern, path))) return true;
  return value !== "" && allowValues.some((pattern) => matchesName(pattern, value));
}
