import type { ParsedScript, Statement } from "unbash";
import type { TextFrame } from "./frame.js";
import type {
  Assignment,
  Condition,
  Connector,
  Invocation,
  Pipeline,
  PipelinePlace,
  Script,
  ScriptError,
  ScriptKind,
  ShellFlags,
  ShellKind,
  Step,
  Substitution,
  VariableLookup,
  Wrapper,
} from "./model.js";
import type { WordScope } from "./word-pieces.js";

/** Tests that decide whether commands run, innermost first. */
export interface Guard {
  /** Program names that a test asks for. */
  readonly names: ReadonlySet<string>;
  /** Whether a test asks for the distribution, or this is the other branch of such a test. */
  readonly coversAll: boolean;
  readonly parent: Guard | undefined;
}

/** What all commands under one root script are collected into. */
export interface WalkRoot {
  readonly invocations: Invocation[];
  readonly pipelines: Pipeline[];
  readonly nested: Script[];
  readonly errors: ScriptError[];
  readonly trees: WalkedTree[];
  partial: boolean;
  /** The parts of the walk that its leaves come back to; kept here so that the modules need no import cycle. */
  readonly walk: Walk;
}

/** Ways back into the walk. */
export interface Walk {
  readonly statements: (statements: readonly Statement[], context: WalkContext, isTop: boolean) => void;
  /** Reads a script inside another one into the lists of the same root. */
  readonly script: (start: ScriptStart, outer: WalkContext) => Script;
}

/** What a script is read from: the same for a script of an instruction and for one inside another. */
export interface ScriptStart {
  readonly kind: ScriptKind;
  readonly frame: TextFrame;
  readonly shell: ShellKind;
  readonly flags: ShellFlags;
  readonly lookup: VariableLookup | undefined;
}

/** The operators around a command; undefined at the edge of a list. */
export interface Around {
  readonly before: Connector | undefined;
  readonly after: Connector | undefined;
}

/** What one script collects for itself. */
export interface ScriptLists {
  readonly assignments: Assignment[];
  readonly functions: Set<string>;
  readonly steps: Step[];
}

/** A tree with the frame that its offsets belong to, for later looks at its constructs. */
export interface WalkedTree {
  readonly tree: ParsedScript;
  readonly frame: TextFrame;
  readonly script: Script;
}

/** Everything that surrounds a command while the tree is walked. Shared by neighbours, replaced by a copy where something changes. */
export interface WalkContext {
  readonly root: WalkRoot;
  readonly script: Script;
  /** Lists of `script` itself, not of the root. */
  readonly lists: ScriptLists;
  readonly scope: WordScope;
  /** Switches change while the commands of one shell process are walked. */
  readonly state: { flags: ShellFlags };
  /** Commands from this offset on are dropped: the parser lost its way before them. */
  readonly errorAt: number;
  readonly onlyIf: Condition;
  /** Whether a condition of this very script decides if the command runs; `onlyIf` also counts those of outer scripts. */
  readonly isConditional: boolean;
  /** Whether the command runs in another process than the rest of this very script. */
  readonly isSubprocess: boolean;
  readonly guard: Guard | undefined;
  readonly isTolerated: boolean;
  readonly background: boolean;
  readonly negated: boolean;
  readonly substitution: Substitution;
  readonly inSubshell: boolean;
  readonly place: PipelinePlace | undefined;
  readonly timed: Wrapper | undefined;
  /** Version of the variables when the outermost loop began; undefined outside loops. */
  readonly loopStart: number | undefined;
  readonly isFunctionBody: boolean;
  /** How many scripts and substitutions this one stands in. */
  readonly depth: number;
  /** How many scripts of the kind `sh -c` this one stands in. */
  readonly nesting: number;
}
