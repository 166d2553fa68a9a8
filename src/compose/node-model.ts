import type { Range } from "../text/source.js";
import type { ScalarType, Tag, YamlScalar } from "./yaml-model.js";

/**
 * One step on the way of a value to the place where it has effect. `range` is where that step is written:
 * the `*alias`, the value of `<<`, the service that `extends` names, the include entry, the `${…}`.
 */
export interface Hop {
  readonly kind: "alias" | "merge" | "extends" | "include" | "variable";
  readonly range: Range;
  /** Name of the anchor, the extended service, the included path or the variable. */
  readonly name: string;
}

/**
 * How sure a value is. `known`: written, or given by an env file that may be read. `defaulted`: at least one `${X:-d}`
 * took its default, so this is what a fresh clone runs. `unknown`: needs a variable without value. `required`: needs a
 * `${X:?message}` without value.
 */
export type Certainty = "known" | "defaulted" | "unknown" | "required";

/** A stretch of a text with variables: literal (a default counts as literal), or a hole that nobody can know. */
export type Piece = { readonly kind: "text"; readonly text: string } | { readonly kind: "hole"; readonly name: string };

/**
 * One `$NAME` or `${NAME…}`. `value`: an env file sets it; `default`: its default was taken; `replaced`: `:+` with the
 * variable set; `omitted`: `:+` with the variable unset; `unset`: no value; `required`: no value, and `?` stops there.
 */
export interface VariableUse {
  readonly name: string;
  /** `""` for `$NAME` and `${NAME}`. */
  readonly operator: "" | ":-" | "-" | ":?" | "?" | ":+" | "+";
  /** What stands after the operator, as written; undefined without operator. */
  readonly argument: string | undefined;
  readonly outcome: "value" | "default" | "replaced" | "omitted" | "unset" | "required";
  /** The whole `${…}`. */
  readonly range: Range;
}

/** A `$` that Compose cannot read: the file does not load. */
export interface InterpolationProblem {
  readonly range: Range;
  readonly message: string;
}

/** What is common to all nodes of the effective model. */
interface NodeBase {
  /** The value as it was written, in the file where it was written. */
  readonly range: Range;
  /** How it came here, first hop first: empty for what stands where it has effect. */
  readonly via: readonly Hop[];
  /** Absolute folder against which relative paths in this value are resolved. */
  readonly folder: string;
  /** The earlier value that this one replaced. */
  readonly overridden: Node | undefined;
  /** `!override` or another tag that stands before the value. */
  readonly tag: Tag | undefined;
}

/** A scalar after aliases and variables. */
export interface ScalarNode extends NodeBase {
  readonly kind: "scalar";
  /**
   * What may be shown: variables that an env file sets stand as written (`${TAG}`), and so do unknown ones;
   * defaults are put in.
   */
  readonly text: string;
  /**
   * What is judged: as `text`, with the values of env files put in. Never print it when `isSecret`.
   */
  readonly resolved: string;
  /** `resolved` holds text of an env file. */
  readonly isSecret: boolean;
  /** Reading of the written scalar; scalars with variables are text until a typed place asks. */
  readonly type: ScalarType;
  readonly certainty: Certainty;
  readonly pieces: readonly Piece[];
  readonly uses: readonly VariableUse[];
  readonly problems: readonly InterpolationProblem[];
  /** The whole scalar as written; undefined for what merging filled in (the condition of a `depends_on` list). */
  readonly written: YamlScalar | undefined;
  /** The range that a stretch of `resolved` (0-based code units, end exclusive) was written as. */
  rangeOf(start: number, end: number): Range;
  /** The stretch of `resolved` as a scalar of its own, with its own certainty: the `80` of `${PORT}:80` is known. */
  part(start: number, end: number): ScalarNode;
}

/** One key of a mapping with its value. */
export interface Entry {
  readonly key: string;
  /** The key in the file that introduced it; for a replaced value in the file whose value won. */
  readonly keyRange: Range;
  readonly value: Node;
  /** The same key in later files whose content was merged into this one, in order; absent when there are none. */
  readonly patchedAt?: readonly Range[];
}

/** What `!reset` (or nothing but an emptying override) took away: the tag that did it and the value that went. */
export interface Removal {
  readonly key: string;
  readonly range: Range;
  readonly removed: Node | undefined;
}

/** A mapping after merge keys and overrides; each key once, in order of first appearance. */
export interface MappingNode extends NodeBase {
  readonly kind: "mapping";
  readonly entries: ReadonlyMap<string, Entry>;
  /** Keys that are absent on purpose. */
  readonly removals: ReadonlyMap<string, Removal>;
}

/** A list after overrides were appended and doubles dropped. */
export interface SequenceNode extends NodeBase {
  readonly kind: "sequence";
  readonly items: readonly Node[];
}

/** A node of the effective model. Null is a scalar of type `null`. */
export type Node = ScalarNode | MappingNode | SequenceNode;

/**
 * One leaf, read as what its place asks for.
 *
 * `value` is undefined when the text depends on a variable without value (`certainty` says so) or cannot be read as
 * what this place asks for (then `problem` says why).
 */
export interface Value<T> {
  readonly value: T | undefined;
  /** What may be shown; see {@link ScalarNode.text}. */
  readonly text: string;
  readonly certainty: Certainty;
  readonly range: Range;
  readonly keyRange: Range | undefined;
  readonly via: readonly Hop[];
  readonly overridden: Node | undefined;
  /** Holds text of an env file: judge it, never print it. */
  readonly isSecret: boolean;
  readonly problem: string | undefined;
  readonly node: ScalarNode;
}
