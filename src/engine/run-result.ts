import type { Confidence, Severity } from "../data/levels.js";
import type { Role } from "../data/roles.js";
import type { Range, Source } from "../text/source.js";
import type { Fix, Related } from "./rule.js";

export type { Confidence, Severity } from "../data/levels.js";

/** A finding with everything that a report needs; no rule has to be asked again. */
export interface RatedFinding {
  /** Id of the rule. */
  readonly rule: string;
  /** Undefined for a rule without kinds. */
  readonly kind: string | undefined;
  readonly family: string;
  /** Ids of the same check in other tools, `tool:id`, in the order declared: those of the rule, then those of the kind. */
  readonly aliases: readonly string[];
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly message: string;
  /** Always of the source that people see: its `source.embedding` is undefined. */
  readonly range: Range;
  readonly related: readonly Related[];
  readonly fix: Fix | undefined;
  /** The role that the severity was chosen for. */
  readonly role: Role;
  /** Labels of the builds and services that it concerns, sorted: `api (compose.yaml)`. Empty when it concerns a file as such. */
  readonly builds: readonly string[];
  /** 16 lower-case hexadecimal digits; unique in a run, the same after edits elsewhere in the file. */
  readonly fingerprint: string;
  /** Ranges whose text no output may show. */
  readonly masked: readonly Range[];
}

/** A finding that a comment silenced. */
export interface SuppressedFinding {
  readonly finding: RatedFinding;
  /** The comment, or its part that names the rule. */
  readonly by: Range;
  /** What the comment gives as the reason; undefined when it gives none. */
  readonly reason: string | undefined;
}

/** What is to be said about a run besides findings. */
export interface Diagnostic {
  readonly kind: "config" | "parse" | "internal" | "skipped";
  /** Relative to the working directory, with `/`. */
  readonly path: string;
  readonly message: string;
  /** 1-based; absent when the whole file is meant. */
  readonly line?: number | undefined;
  /** 1-based, in UTF-16 code units; absent when the whole line or file is meant. */
  readonly column?: number | undefined;
  /** What was thrown, for `internal`. */
  readonly cause?: unknown;
}

/** One file that was judged. */
export interface LintedFile {
  /** Relative to the working directory, with `/`. */
  readonly path: string;
  readonly kind: "dockerfile" | "compose" | "dockerignore";
  readonly role: Role;
  readonly source: Source;
}

/** The families that the checklist consists of, in its order. */
export const CHECKLIST_FAMILIES = [
  "stages",
  "user",
  "images",
  "health",
  "secrets",
  "layers",
  "labels",
  "context",
] as const;

/** A line of the checklist. */
export type ChecklistFamily = (typeof CHECKLIST_FAMILIES)[number];

/**
 * A line of the checklist is *broken* by a finding of its family that is at least a warning and not suppressed; *held* when a
 * rule that carries it judged something that shows it and found at most notes; else *not applicable*: no such rule was on, or
 * there was nothing to show it (a pulled image has no stages, a batch job no health check). It is not applicable, too, where
 * the policy lets it be a note that what the line promises is missing.
 */
export type ChecklistState = "held" | "broken" | "not-applicable";

/** The checklist of one build or service, or of the whole run. */
export type Checklist = Readonly<Record<ChecklistFamily, ChecklistState>>;

/** Everything that came of a run; what reports are made from. */
export interface RunResult {
  /** Every file that was judged, in the order of paths. */
  readonly files: readonly LintedFile[];
  /** In the order of path, offset, rule, kind. Suppressed ones are not among them. */
  readonly findings: readonly RatedFinding[];
  readonly suppressed: readonly SuppressedFinding[];
  /** In the order of path, line, message. */
  readonly diagnostics: readonly Diagnostic[];
  readonly checklist: {
    readonly summary: Checklist;
    /** In the order of labels. */
    readonly builds: readonly { readonly label: string; readonly lines: Checklist }[];
  };
  /** Number of findings at or above the threshold (`--fail-on`, else `failOn` of the policy of their file). */
  readonly failing: number;
  /** Paths of files that do not parse as a whole, sorted; they fail a run whatever the threshold. */
  readonly unparsed: readonly string[];
  /** Programs outside of this one that took part; absent when there were none. */
  readonly extensions?: readonly { readonly name: string; readonly version: string }[] | undefined;
}

/** A report: data in, text out. */
export type Reporter = (result: RunResult) => string;
