import type { SourceProblem } from "../files/workspace.js";

/** What is said about a file that cannot be read as text. */
export const UNREADABLE = {
  absent: "no such file",
  denied: "permission denied",
  "not-a-file": "no regular file",
  "not-a-directory": "no such file",
  "too-large": "larger than 1 MiB; skipped",
  failed: "cannot be read",
  outside: "leads outside of the workspace; skipped",
  binary: "no text; skipped",
  "utf-16": "UTF-16; save it as UTF-8",
} as const satisfies Record<SourceProblem, string>;
