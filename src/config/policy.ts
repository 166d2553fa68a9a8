import type { OsFamily } from "../data/base-image-model.js";
import type { Confidence, Level, Preset, Severity, Threshold } from "../data/levels.js";
import type { Role, RoleName } from "../data/roles.js";

/** What `baseImages` says of one base image; names of rules' own facts. Absent keys leave what is known. */
export interface BaseImageEntry {
  /** Default user: a number, a name, or `name:uid`. */
  readonly user?: string | number;
  /** Programs that the image surely has. */
  readonly commands?: readonly string[];
  /** Programs that the image surely lacks. */
  readonly missingCommands?: readonly string[];
  readonly healthcheck?: boolean;
  /** Whether it has a shell. */
  readonly shell?: boolean;
  /** Names of all variables that it sets; `PATH` need not be among them. */
  readonly env?: readonly string[];
  readonly os?: OsFamily;
  readonly workdir?: string;
  /** Whether its entrypoint gives root up by itself. */
  readonly dropsPrivileges?: boolean;
  /** `2027-06-30`. */
  readonly endOfLife?: string;
}

/** One row of `compose.variants`: files that are merged, in order. Paths are relative to the policy file. */
export interface VariantEntry {
  readonly files: readonly string[];
  readonly role?: RoleName;
  readonly profiles?: readonly string[];
  readonly envFile?: string;
}

/** A level with options, as a policy file writes it; `kinds` gives single kinds a level of their own. */
export interface RuleEntryData {
  readonly level?: Level;
  readonly kinds?: Readonly<Record<string, Level>>;
  readonly [option: string]: unknown;
}

/** Keys that a policy file and its overrides share. */
export interface PolicyKeys {
  readonly presets?: Preset | readonly Preset[];
  /** By rule id, `rule#kind`, alias or pattern such as `secrets/*`. */
  readonly rules?: Readonly<Record<string, Level | RuleEntryData>>;
  readonly failOn?: Threshold;
  readonly minConfidence?: Confidence;
  readonly images?: Readonly<Record<string, unknown>>;
  readonly user?: Readonly<Record<string, unknown>>;
  readonly labels?: Readonly<Record<string, unknown>>;
  /** Stages that ship, besides those that Compose builds. */
  readonly targets?: readonly string[];
  readonly buildArgs?: Readonly<Record<string, string | number | boolean>>;
  readonly reportUnusedSuppressions?: boolean | Severity;
  readonly requireReason?: boolean | Severity;
  readonly inlineConfig?: boolean;
}

/** Part of a policy that applies to some files only: those that fit both conditions. */
export interface OverrideData extends PolicyKeys {
  readonly files?: string | readonly string[];
  readonly roles?: RoleName | readonly RoleName[];
}

/** A policy file as it is written, after validation. Objects have no prototype: names come from the user. */
export interface PolicyData extends PolicyKeys {
  readonly $schema?: string;
  readonly extends?: string | readonly string[];
  readonly roles?: Readonly<Record<string, RoleName>>;
  readonly overrides?: readonly OverrideData[];
  readonly ignore?: readonly string[];
  readonly baseImages?: Readonly<Record<string, BaseImageEntry>>;
  readonly compose?: {
    /** Files to take as Compose files, whatever their name. */
    readonly files?: readonly string[];
    readonly variants?: readonly VariantEntry[];
    /** Names of variables that the caller's environment sets. */
    readonly env?: readonly string[];
    readonly envValues?: "tracked" | "always" | "never";
    /** Unknown keys are notes: the file is for a newer Compose. */
    readonly loose?: boolean;
    /** Active profiles. */
    readonly profiles?: readonly string[];
  };
}

/** Where a value of the effective policy was written. */
export type Origin =
  | { readonly kind: "default" }
  | { readonly kind: "preset"; readonly preset: Preset }
  | { readonly kind: "flag"; readonly flag: string }
  /** `path` is relative to the working directory; `line` and `column` are 1-based. */
  | { readonly kind: "file"; readonly path: string; readonly line: number; readonly column: number };

/**
 * What one entry below `rules` says: a level, options, or both. `name` is as written.
 * `pinsRole` marks entries of overrides that name roles: they apply there even where the rule is not meant for the role.
 */
export interface RuleSetting {
  readonly name: string;
  readonly level: Level | undefined;
  readonly kinds: ReadonlyMap<string, Level>;
  readonly options: ReadonlyMap<string, unknown>;
  readonly pinsRole: boolean;
  readonly origin: Origin;
}

/** Values that keys such as `images.allow` give to an option of a rule. */
export interface OptionSetting {
  readonly rule: string;
  readonly option: string;
  readonly value: unknown;
  readonly origin: Origin;
}

/** Settings of rules that one layer (a file, an override, the command line) makes; later layers win as a whole. */
export interface RuleLayer {
  readonly rules: readonly RuleSetting[];
  readonly options: readonly OptionSetting[];
}

/** What the command line says about the policy; it wins over files. */
export interface FlagSettings {
  /** Empty means that the policy decides. */
  readonly presets: readonly Preset[];
  /** `--rule ID=LEVEL`, in order. */
  readonly rules: readonly { readonly pattern: string; readonly level: Level }[];
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly minConfidence: Confidence | undefined;
  readonly failOn: Threshold | undefined;
  /** False with `--no-inline-config`. */
  readonly inlineConfig: boolean;
  readonly requireReason: boolean;
  readonly target: string | undefined;
  readonly buildArgs: ReadonlyMap<string, string>;
}

/** The effective policy for one file and role. */
export interface Policy {
  /** Text that is equal for equal policies of one set: what depends on a policy can be kept by it. */
  readonly key: string;
  readonly presets: readonly Preset[];
  /** Weakest first. */
  readonly layers: readonly RuleLayer[];
  /** Names of `--only`: nothing else runs; empty when everything may. */
  readonly only: readonly string[];
  /** Names of `--skip`. */
  readonly skip: readonly string[];
  readonly failOn: Threshold;
  readonly minConfidence: Confidence;
  /** Whether comments in files may silence findings. */
  readonly inlineConfig: boolean;
  /** Severity of comments that silence nothing; `off` leaves them unreported. */
  readonly unusedSuppressions: Level;
  /** Severity of comments that silence without a reason; `off` leaves them unreported. */
  readonly reasonlessSuppressions: Level;
  readonly targets: readonly string[] | undefined;
  readonly buildArgs: ReadonlyMap<string, string>;
}

/** One value of the effective policy; keys are dotted: `rules.images/pin-tag` is a level, `images.allow` a list. */
export interface DescribedValue {
  readonly key: string;
  readonly value: unknown;
  readonly origin: Origin;
}

/** What belongs to a policy file as a whole, whatever the linted file. */
export interface ProjectPolicy {
  /** Absolute folder that `compose.files` and `compose.variants` are relative to. */
  readonly folder: string;
  readonly baseImages: ReadonlyMap<string, BaseImageEntry>;
  /** Absolute paths. */
  readonly composeFiles: readonly string[];
  readonly variants: readonly VariantEntry[];
  readonly env: readonly string[];
  readonly envValues: "tracked" | "always" | "never";
  readonly loose: boolean;
  readonly profiles: readonly string[];
}

/** A policy file with everything it extends, ready to answer for any file. */
export interface PolicySet {
  /** Paths of the files that it was read from, strongest first; empty when there is none. */
  readonly paths: readonly string[];
  readonly project: ProjectPolicy;
  /** Role that `roles` gives to an absolute path; undefined when no pattern fits. */
  roleOf(file: string): RoleName | undefined;
  /** Whether `ignore` names an absolute path. */
  ignores(file: string): boolean;
  /** The effective policy for an absolute path in a role. Equal answers are the same object. */
  policyFor(file: string, role: Role): Policy;
  /** Every value with its origin, for `plimsoll config`; keys dotted (`rules.images/pin-tag.level`), in order. */
  describe(
    file: string,
    role: Role,
  ): readonly { readonly key: string; readonly value: unknown; readonly origin: Origin }[];
}
