/** Tools whose check ids are accepted as aliases, as the part of `tool:id` before the colon. */
export const TOOLS = [
  "hadolint",
  "buildkit",
  "dclint",
  "trivy",
  "checkov",
  "kics",
  "semgrep",
  "tally",
  "dockerfile-utils",
  "shellcheck",
  "compose-lint",
  "dockle",
] as const;

/** A tool whose check ids are accepted as aliases. */
export type Tool = (typeof TOOLS)[number];

const NAMES: ReadonlySet<string> = new Set(TOOLS);

/** Whether a word, in lower case, is the name of a tool with aliases. */
export function isTool(word: string): word is Tool {
  return NAMES.has(word);
}
