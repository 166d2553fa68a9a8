/** How bad a finding is, worst first. */
export const SEVERITIES = ["error", "warning", "info"] as const;

/** How bad a finding is. */
export type Severity = (typeof SEVERITIES)[number];

/** What a policy may set for a rule or kind, worst first. */
export const LEVELS = ["error", "warning", "info", "off"] as const;

/** A severity, or the rule is not run. */
export type Level = (typeof LEVELS)[number];

/** How sure a finding can be, surest first. */
export const CONFIDENCES = ["high", "medium", "low"] as const;

/** How sure a finding is: certain, likely, possible. Likely findings are at most warnings, possible ones at most info. */
export type Confidence = (typeof CONFIDENCES)[number];

/** What may be set as the mildest severity that fails a run. */
export const THRESHOLDS = ["error", "warning", "info", "never"] as const;

/** The mildest severity that fails a run; `never` when findings do not. */
export type Threshold = (typeof THRESHOLDS)[number];

/** The built-in named sets of levels and options. */
export const PRESETS = [
  "recommended",
  "checklist",
  "strict",
  "style",
  "buildkit",
  "hadolint",
  "dclint",
  "all",
] as const;

/** The name of a built-in preset. */
export type Preset = (typeof PRESETS)[number];
