import type { Severity } from "../data/levels.js";
import type { ShellText } from "../project/shell-texts.js";
import type { Finding } from "./rule.js";

/** What a program that checks shell scripts says of one. Offsets are 0-based UTF-16 code units of the script's text. */
export interface ScriptRemark {
  /** `SC2086`. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** Replacements that mend it, in the order of the text; empty when the program offers none. */
  readonly edits: readonly { readonly start: number; readonly end: number; readonly text: string }[];
}

/**
 * A program outside of this one that checks shell scripts. Scripts are collected and checked many at a time, while the run
 * goes on.
 */
export interface ScriptChecker {
  /** Checks a script; without remarks, too, where the program failed. Never rejects. */
  check(script: ShellText): Promise<readonly ScriptRemark[]>;
  /** Starts on what was collected, if nothing is under way. */
  start(): void;
  /** Checks everything that was collected. */
  flush(): void;
}

/** Where a rule hands in scripts. What it makes of the answer counts as found in the subject that is being judged. */
export interface ScriptDesk {
  check(script: ShellText, read: (remarks: readonly ScriptRemark[]) => Iterable<Finding>): void;
}

/** The one rule that hands in scripts; it is asked before the others, so that the program works beside them. */
export const SCRIPT_RULE = "shell/pass-shellcheck";
