import type { Level } from "./levels.js";

// Levels that hadolint gives its rules, of its README and sources at 2.14 (2026-11); DL3063 to DL3067, which no release
// read for this table had, are taken as warnings.
const HADOLINT = {
  error: "DL3000 DL3004 DL3011 DL3012 DL3020 DL3021 DL3023 DL3024 DL3026 DL3043 DL3044 DL3061 DL4000 DL4004",
  warning:
    "DL3002 DL3003 DL3005 DL3006 DL3007 DL3008 DL3013 DL3014 DL3016 DL3017 DL3018 DL3022 DL3025 DL3027 DL3028 DL3029 DL3030 DL3031 DL3032 DL3033 DL3034 DL3035 DL3036 DL3037 DL3038 DL3039 DL3040 DL3041 DL3042 DL3045 DL3046 DL3051 DL3052 DL3053 DL3054 DL3055 DL3056 DL3058 DL3062 DL3063 DL3064 DL3065 DL3067 DL4001 DL4003 DL4005 DL4006",
  info: "DL3001 DL3009 DL3010 DL3015 DL3019 DL3047 DL3048 DL3049 DL3050 DL3059 DL3060 DL3066",
  off: "DL1001 DL3057",
} as const satisfies Partial<Record<Level, string>>;

// Severities of dclint's rules, of its documentation at 3.1 (2026-11).
const DCLINT = {
  error:
    "invalid-schema invalid-yaml no-build-and-image no-duplicate-container-names no-duplicate-exported-ports no-unbound-port-interfaces no-version-field service-container-name-regex service-image-require-explicit-tag",
  warning:
    "no-quotes-in-volumes require-project-name-field require-quotes-in-ports service-dependencies-alphabetical-order service-keys-order service-ports-alphabetical-order services-alphabetical-order top-level-properties-order",
} as const satisfies Partial<Record<Level, string>>;

const LEVELS: ReadonlyMap<string, Level> = new Map([...rows("hadolint", HADOLINT), ...rows("dclint", DCLINT)]);

/**
 * The level that a tool gives one of its own checks; undefined for tools whose preset does not exist and for checks that
 * are not known. BuildKit has warnings only; ShellCheck codes, which hadolint passes on, bring a level of their own and
 * are errors at most.
 *
 * @param alias `tool:id` as rules declare it
 */
export function toolLevel(alias: string): Level | undefined {
  if (alias.startsWith("buildkit:")) return "warning";
  return alias.startsWith("hadolint:SC") ? "error" : LEVELS.get(alias);
}

function rows(tool: string, table: Partial<Record<Level, string>>): [string, Level][] {
  const levels: Level[] = ["error", "warning", "info", "off"];
  return levels.flatMap((level) =>
    (table[level] ?? "").split(" ").map((id): [string, Level] => [`${tool}:${id}`, level]),
  );
}
