import type { ManagerName, PackageFamily } from "../data/package-managers.js";
import type { Range } from "../text/source.js";
import type { Invocation } from "./model.js";
import type { OptionReader } from "./options.js";

/** What a package manager is asked to do. `other` is a verb that neither fetches nor changes what is installed. */
export type PackageAction =
  | "install"
  | "refresh"
  | "upgrade"
  | "remove"
  | "clean"
  /** installs what a lock file records and nothing else (`npm ci`, `uv sync --frozen`) */
  | "lock-install"
  | "download"
  | "build"
  | "other";

/** The version that an operand asks for. */
export interface PackageVersion {
  /** As the manager reads it, without the operator; `HOLE` stands for unknown stretches. */
  readonly text: string;
  /** Undefined when a part is unknown: a version is stated, but nobody knows which. */
  readonly value: string | undefined;
  /** Between name and version: `=`, `==`, `>=`, `~=`, `@`, `-`, `:`, `/` (an apt suite), ` ` (an option such as `-v`). */
  readonly operator: string;
  readonly range: Range;
}

/** One operand of a package command. */
export interface PackageOperand {
  /** Name without version, extras and architecture; undefined when unknown. */
  readonly name: string | undefined;
  readonly version: PackageVersion | undefined;
  readonly kind: PackageOperandKind;
  /** The whole operand. */
  readonly range: Range;
  /** As written, with `HOLE` for unknown stretches. */
  readonly shape: string;
}

/**
 * `local`: a file or folder of the image; `url`: fetched by address (also VCS); `file-list`: names come from a file
 * (`@file`, `$(cat list)`); `group`: `@group`, `.virtual`, a module; `marker`: apt's `name+`, `name-`; `unknown`: cannot be read.
 */
export type PackageOperandKind = "name" | "local" | "url" | "file-list" | "group" | "marker" | "unknown";

/** A file that names packages: `-r requirements.txt`, `--file environment.yml`. */
export interface ManifestFile {
  /** Undefined when the path is unknown. */
  readonly path: string | undefined;
  readonly kind: "requirements" | "constraints" | "environment" | "gemfile" | "other";
  readonly range: Range;
}

/** One command of a package manager, read by that manager's own options. */
export interface PackageCommand {
  readonly invocation: Invocation;
  /** The program as called, aliases resolved: `pip` for `pip3.11` and `python -m pip`. */
  readonly manager: ManagerName;
  readonly family: PackageFamily;
  readonly action: PackageAction;
  /** Words that make the verb, joined by a blank (`install`, `mod download`, `-Syu`); empty for bare `yarn` and `bundle`. */
  readonly verb: string;
  /** The verb, or the program's name when there is none. */
  readonly verbRange: Range;
  /** Operands after the verb, in order. */
  readonly packages: readonly PackageOperand[];
  readonly options: OptionReader;
  /** Whether the verb waits for an answer unless told otherwise. */
  readonly asks: boolean;
  /** Whether an option of this command says yes; configuration elsewhere is not looked at. */
  readonly assumesYes: boolean;
  /** `npm -g`, `yarn global`, `composer global`. */
  readonly isGlobal: boolean;
  /** Whether an option leaves development dependencies out; undefined when no option speaks about them. */
  readonly devDependencies: "omitted" | "included" | undefined;
  /** Whether an option forbids to change the lock file (`--frozen-lockfile`, `--locked`, `--deploy`). */
  readonly isFrozen: boolean;
  readonly manifestFiles: readonly ManifestFile[];
  /** Name after `apk add --virtual`; undefined without. */
  readonly virtual: { readonly name: string | undefined; readonly range: Range } | undefined;
  /** `--download-only`, `--simulate`, `--dry-run`: nothing is installed. */
  readonly isDryRun: boolean;
}
