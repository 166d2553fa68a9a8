import type { Confidence, Level, Preset, Threshold } from "../data/levels.js";
import type { RoleName } from "../data/roles.js";
import type { Format } from "../report/formats.js";

/** One report to make: its format, and the file to write it to; undefined means stdout. */
export interface Output {
  readonly format: Format;
  readonly file: string | undefined;
}

/** `--rule ID=LEVEL`. */
export interface RuleFlag {
  readonly pattern: string;
  readonly level: Level;
}

/** What decides which policy applies, and to which builds; `config` and `inspect` take these too. */
export interface PolicyFlags {
  /** Undefined means: found from each file upward. */
  readonly config: string | undefined;
  /** False with `--no-config`. */
  readonly usesConfig: boolean;
  /** Empty means that the policy decides. */
  readonly presets: readonly Preset[];
  readonly rules: readonly RuleFlag[];
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly role: RoleName | undefined;
  readonly target: string | undefined;
  readonly context: string | undefined;
  readonly buildArgs: ReadonlyMap<string, string>;
  readonly minConfidence: Confidence | undefined;
  readonly failOn: Threshold | undefined;
  /** False with `--no-inline-config`. */
  readonly inlineConfig: boolean;
  readonly requireReason: boolean;
}

/** What `lint` takes besides paths. */
export interface LintFlags extends PolicyFlags {
  /** At least one. */
  readonly outputs: readonly Output[];
  readonly fix: boolean;
  readonly unsafeFixes: boolean;
  readonly diff: boolean;
  readonly forceExclude: boolean;
  readonly stdinFilename: string | undefined;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Undefined means that the environment and the terminal decide. */
  readonly color: false | undefined;
  readonly timing: boolean;
}

/** Formats of `graph`. */
export const GRAPH_FORMATS = ["text", "json", "mermaid"] as const;

/** A format of `graph`. */
export type GraphFormat = (typeof GRAPH_FORMATS)[number];

/** What the command line asks for. */
export type Request =
  | { readonly kind: "lint"; readonly paths: readonly string[]; readonly flags: LintFlags }
  | { readonly kind: "rules"; readonly format: "text" | "json" }
  | { readonly kind: "explain"; readonly rule: string }
  /** `from`: configuration of another tool; undefined for a commented policy. */
  | { readonly kind: "init"; readonly from: string | undefined }
  | { readonly kind: "config"; readonly path: string; readonly format: "text" | "json"; readonly flags: PolicyFlags }
  | {
      readonly kind: "inspect";
      readonly paths: readonly string[];
      readonly format: "text" | "json";
      readonly flags: PolicyFlags;
    }
  | {
      readonly kind: "graph";
      readonly paths: readonly string[];
      readonly format: GraphFormat;
      /** Services to show; empty for all. */
      readonly services: readonly string[];
      readonly flags: PolicyFlags;
    }
  | {
      readonly kind: "context";
      readonly paths: readonly string[];
      readonly format: "text" | "json";
      readonly services: readonly string[];
      readonly flags: PolicyFlags;
    }
  | { readonly kind: "schema"; readonly of: SchemaName }
  /** Text for stdout: help, or the version. */
  | { readonly kind: "print"; readonly text: string };

/** The schemas that ship with the program: of its own policy files, and of Compose files. */
export type SchemaName = "policy" | "compose";

/** Names of all commands. */
export const COMMANDS: ReadonlySet<string> = new Set([
  "lint",
  "rules",
  "explain",
  "init",
  "config",
  "inspect",
  "graph",
  "context",
  "schema",
  "help",
]);

/** What `lint` does without flags. */
export const DEFAULT_FLAGS: LintFlags = {
  config: undefined,
  usesConfig: true,
  presets: [],
  rules: [],
  only: [],
  skip: [],
  role: undefined,
  target: undefined,
  context: undefined,
  buildArgs: new Map(),
  minConfidence: undefined,
  failOn: undefined,
  inlineConfig: true,
  requireReason: false,
  outputs: [{ format: "text", file: undefined }],
  fix: false,
  unsafeFixes: false,
  diff: false,
  forceExclude: false,
  stdinFilename: undefined,
  quiet: false,
  verbose: false,
  color: undefined,
  timing: false,
};
