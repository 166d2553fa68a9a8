import type { PackageFamily } from "./package-managers.js";

/** How far gone a spelling is: it does not work, it will stop, or there is a better tool. */
export type DeprecationGroup = "removed" | "deprecated" | "preference";

/** A release from which a spelling is out of date. */
export interface Since {
  /** As people write it: `npm 7`. */
  readonly name: string;
  /** Official image and the first release of it that has this; older tags are known to be fine. */
  readonly image: string;
  readonly release: readonly [number, number];
}

/** An option of a package manager that is out of date. */
export interface DeprecatedOption {
  readonly family: PackageFamily;
  readonly option: string;
  /** Verbs that it counts for; absent: all. */
  readonly verbs?: readonly string[];
  /** Only with this value; absent: with any, or none. */
  readonly value?: string;
  /** Only beside this option. */
  readonly beside?: string;
  readonly group: DeprecationGroup;
  readonly since?: Since;
  /** What the option does by now, for messages, after its name. */
  readonly fact: string;
  /** How to say it, for messages. */
  readonly remedy: string;
  /** Text that means the same in its place; the empty string takes it away; absent: a person has to decide. */
  readonly replacement?: string;
}

const NPM_7: Since = { name: "npm 7", image: "node", release: [15, 0] };
/** Verbs that choose what to install; for others the word may be meant for a script. */
const NPM_VERBS = ["install", "i", "in", "add", "ci", "clean-install", "prune", "update", "install-clean"];
const GEMS_3: Since = { name: "RubyGems 3", image: "ruby", release: [2, 6] };
const BUNDLER = {
  family: "bundle",
  group: "deprecated",
  fact: "is remembered for later commands, and gone from Bundler 4",
} as const;

/**
 * Sources: npm's changelog of 7.0 and 8.0, the upgrade guides of RubyGems 3 and Bundler 2.1 and 4, Composer's changelog of
 * 2.0, pip's release notes of 19.0 and 22.1, apk(8) of apk-tools 2.14; read 2026-11.
 */
export const DEPRECATED_OPTIONS: readonly DeprecatedOption[] = [
  { ...BUNDLER, option: "--without", verbs: ["", "install"], remedy: "set `BUNDLE_WITHOUT`" },
  { ...BUNDLER, option: "--with", verbs: ["", "install"], remedy: "set `BUNDLE_WITH`" },
  { ...BUNDLER, option: "--deployment", verbs: ["", "install"], remedy: "set `BUNDLE_DEPLOYMENT=1`" },
  { ...BUNDLER, option: "--frozen", verbs: ["", "install"], remedy: "set `BUNDLE_FROZEN=1`" },
  { ...BUNDLER, option: "--path", verbs: ["", "install"], remedy: "set `BUNDLE_PATH`" },
  { ...BUNDLER, option: "--binstubs", verbs: ["", "install"], remedy: "use `bundle binstubs --all`" },
  { ...BUNDLER, option: "--system", verbs: ["", "install"], remedy: "set `BUNDLE_PATH__SYSTEM=1`" },
  ...(["--production", "--prod"] as const).map((option) => ({
    family: "npm" as const,
    option,
    verbs: NPM_VERBS,
    group: "deprecated" as const,
    since: NPM_7,
    fact: "is old since npm 7",
    remedy: "use `--omit=dev`",
    replacement: "--omit=dev",
  })),
  ...(["prod", "production"] as const).map((value) => ({
    family: "npm" as const,
    option: "--only",
    verbs: NPM_VERBS,
    value,
    group: "deprecated" as const,
    since: NPM_7,
    fact: "is old since npm 7",
    remedy: "use `--omit=dev`",
    replacement: "--omit=dev",
  })),
  {
    family: "npm",
    option: "--unsafe-perm",
    group: "removed",
    since: NPM_7,
    fact: "does nothing since npm 7",
    remedy: "drop it",
    replacement: "",
  },
  {
    family: "composer",
    option: "--no-suggest",
    group: "deprecated",
    fact: "does nothing since Composer 2",
    remedy: "drop it",
    replacement: "",
  },
  {
    family: "pip",
    option: "--use-feature",
    value: "2020-resolver",
    group: "removed",
    fact: "is the only resolver since pip 20.3",
    remedy: "drop it",
  },
  {
    family: "pip",
    option: "--process-dependency-links",
    group: "removed",
    fact: "is gone from pip 19",
    remedy: "name the address with `NAME @ URL`",
  },
  {
    family: "gem",
    option: "--no-ri",
    group: "removed",
    since: GEMS_3,
    fact: "is gone from RubyGems 3",
    remedy: "use `--no-document`",
  },
  {
    family: "gem",
    option: "--no-rdoc",
    group: "removed",
    since: GEMS_3,
    fact: "is gone from RubyGems 3",
    remedy: "use `--no-document`",
  },
  ...(["--update", "--update-cache", "-U"] as const).map((option) => ({
    family: "apk" as const,
    option,
    verbs: ["add"],
    beside: "--no-cache",
    group: "deprecated" as const,
    fact: "does nothing beside `--no-cache`, which fetches the list anew",
    remedy: "drop it",
    replacement: "",
  })),
];
