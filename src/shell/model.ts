import type { Range } from "../text/source.js";
import type { TextFrame } from "./frame.js";

/**
 * Which program reads a script, as far as its dialect matters. `sh-dash` is the `sh` of Debian and Ubuntu, `sh-busybox`
 * that of Alpine and busybox, `sh-bash` that of the RHEL family, Arch and openSUSE; `sh-unknown` is a `sh` of an unknown base.
 * `other` is everything that is not a shell we know (fish, python, a program of the user).
 */
export type ShellKind =
  | "bash"
  | "sh-dash"
  | "sh-busybox"
  | "sh-bash"
  | "sh-unknown"
  | "ksh"
  | "zsh"
  | "powershell"
  | "cmd"
  | "other";

/** The switches of a shell that rules ask about; set by the SHELL array, a shebang, `bash -e…` or `set`. */
export interface ShellFlags {
  /** `-e`: a failing command ends the script. */
  readonly errexit: boolean;
  /** `-u` */
  readonly nounset: boolean;
  /** `-x` */
  readonly xtrace: boolean;
  /** `-o pipefail` */
  readonly pipefail: boolean;
}

/** Where a script text stands. `shell-form` is one logical line; the others keep their line breaks. */
export type ScriptKind =
  | "shell-form"
  | "heredoc"
  | "exec-nested"
  | "file"
  | "compose"
  /** the word after `sh -c` or `su -c` inside another script */
  | "nested-c"
  | "nested-eval"
  | "nested-heredoc";

/** Looks a variable of the surrounding scope (ARG, ENV) up; undefined means that its value is unknown. */
export type VariableLookup = (name: string) => string | undefined;

/** What `parseScript` needs to know. All offsets are 0-based UTF-16 code units of `text`. */
export interface ScriptInput {
  readonly text: string;
  /** Leads from a stretch of `text` to the file that people see. */
  readonly toRange: (start: number, end: number) => Range;
  readonly shell: ShellKind;
  /** Switches in force before the first command; absent: none. */
  readonly flags?: ShellFlags | undefined;
  readonly variables?: VariableLookup | undefined;
  readonly kind: ScriptKind;
}

/** A piece of a word. `quote` says how it is quoted in the script. Ranges include the quotes. */
export type WordPart =
  | { readonly kind: "literal"; readonly value: string; readonly quote: Quote; readonly range: Range }
  | {
      readonly kind: "variable";
      /** Name without `$` and braces: `HOME`, `1`, `@`. */
      readonly name: string;
      /** Written after the name in `${NAME…}` (`:-default`, `%.*`); undefined for `$NAME` and `${NAME}`. */
      readonly operation: string | undefined;
      /** Undefined when the value is unknown. */
      readonly value: string | undefined;
      readonly quote: Quote;
      readonly range: Range;
    }
  | { readonly kind: "command"; readonly quote: Quote; readonly range: Range }
  | { readonly kind: "arithmetic"; readonly quote: Quote; readonly range: Range }
  | { readonly kind: "process"; readonly operator: "<" | ">"; readonly quote: Quote; readonly range: Range }
  | { readonly kind: "glob"; readonly value: string; readonly quote: Quote; readonly range: Range }
  | { readonly kind: "brace"; readonly value: string; readonly quote: Quote; readonly range: Range };

/** How a part of a word is quoted; `ansi-c` is `$'…'`. */
export type Quote = "none" | "single" | "double" | "ansi-c";

/** Stands, once or several times, in {@link Word.shape} for a stretch whose value is unknown: U+FFFC, which no sane script holds. */
export const HOLE = "\uFFFC";

/** One word of a command, after quote removal. */
export interface Word {
  /** As written, quotes included. */
  readonly text: string;
  /**
   * Value that the command receives; undefined when a part of it is unknown. A glob counts as its own text (what the
   * command gets when no file matches; see `hasGlob`), and a leading `~` stays.
   */
  readonly value: string | undefined;
  /** As `value`, with {@link HOLE} for each unknown stretch; so `curl=$V` has the shape `curl=` and a hole. */
  readonly shape: string;
  /** The whole word, quotes included; for an item of a `for` list, the item. */
  readonly range: Range;
  /** Range of a stretch of `shape`; a stretch that comes from a variable is the range of the expansion. */
  rangeAt(start: number, end: number): Range;
  readonly parts: readonly WordPart[];
  /** Whether some character of it is quoted. */
  readonly isQuoted: boolean;
  /** Whether it holds an unquoted `*`, `?` or `[…]`. */
  readonly hasGlob: boolean;
  /** `expanded`: one field of an unquoted variable or brace; `loop`: one item of the list that a `for` variable takes. */
  readonly origin: "written" | "expanded" | "loop";
}

/** `NAME=value` in front of a command, alone, or as an operand of `export` and the like. */
export interface Assignment {
  readonly name: string;
  readonly nameRange: Range;
  /** Undefined for an array. */
  readonly value: Word | undefined;
  readonly append: boolean;
  /** `prefix`: for one command only; `statement`: `A=1` alone; `declaration`: operand of `export`, `declare`, `local`, `readonly`. */
  readonly kind: "prefix" | "statement" | "declaration";
  readonly range: Range;
}

/** One redirect of a command. */
export type Redirect =
  | {
      readonly kind: "file";
      readonly operator: ">" | ">>" | "<" | "<>" | ">|" | "&>" | "&>>" | "<&" | ">&";
      /** Number before the operator; undefined when none is written. */
      readonly descriptor: number | undefined;
      readonly target: Word | undefined;
      readonly range: Range;
    }
  | {
      readonly kind: "heredoc";
      readonly operator: "<<" | "<<-";
      readonly descriptor: number | undefined;
      readonly delimiter: string;
      /** Whether the delimiter is unquoted, so that the shell expands variables in the body. */
      readonly expands: boolean;
      /** As written, without the closing line. */
      readonly body: string;
      readonly bodyRange: Range;
      readonly range: Range;
    }
  | {
      readonly kind: "here-string";
      readonly operator: "<<<";
      readonly descriptor: number | undefined;
      readonly target: Word | undefined;
      readonly range: Range;
    };

/** A program that runs the rest of its words as a command (`sudo`, `env`, `xargs`, `find -exec`). */
export interface Wrapper {
  readonly name: string;
  /** The word that names it. */
  readonly range: Range;
  /** Its own options and operands, in order, without its name. */
  readonly words: readonly Word[];
}

/** The operator between two neighbouring commands. */
export interface Connector {
  readonly operator: "&&" | "||" | "|" | "|&" | ";" | "&" | "newline";
  readonly range: Range;
}

/** The pipeline of two or more commands that an invocation is part of, and its 0-based place in it. */
export interface PipelinePlace {
  readonly pipeline: Pipeline;
  readonly position: number;
  readonly length: number;
}

/** A pipeline of two or more commands. */
export interface Pipeline {
  /** 0-based, in source order within its root script. */
  readonly id: number;
  readonly range: Range;
  /** The `|` or `|&` between the stages; one fewer than `stages`. */
  readonly pipes: readonly Connector[];
  readonly stages: readonly PipelineStage[];
  /** Switches in force when it runs. */
  readonly flags: ShellFlags;
  readonly onlyIf: Condition;
  /** Whether its failing is caught: it is a condition, negated, or left of `||`. */
  readonly isTolerated: boolean;
  /** Where it runs: in the script itself, or inside a `$(…)`, backticks or `<(…)`. */
  readonly inSubstitution: Substitution;
  readonly script: Script;
}

/** One command of a pipeline. */
export interface PipelineStage {
  readonly range: Range;
  /** The simple command that it is; undefined for a compound one (`while`, `( … )`). */
  readonly invocation: Invocation | undefined;
  /** All commands in it in source order, also those of substitutions and nested scripts. */
  readonly invocations: readonly Invocation[];
}

/** Whether and why a command may not run; the outermost reason wins. `or-branch` is right of `||`. */
export type Condition = "none" | "condition" | "branch" | "or-branch" | "loop" | "case" | "function";

/**
 * The innermost substitution that a command runs in. `assignment` is `x=$(…)` alone, whose status is the command's.
 */
export type Substitution = "none" | "assignment" | "argument" | "process";

/** One command with the words that it receives, found anywhere in a script: in branches, loops, substitutions, nested scripts. */
export interface Invocation {
  /**
   * Base name of the program (`apt-get` for `/usr/bin/apt-get`); undefined when unknown, and for assignments alone.
   * Wrappers are looked through: `sudo env A=1 apt-get` has the name `apt-get`.
   */
  readonly name: string | undefined;
  /** The word that names it; for assignments or redirects alone, the first of them. */
  readonly nameRange: Range;
  /** The first is the program; empty for assignments or redirects alone. Options and words of wrappers are left out. */
  readonly words: readonly Word[];
  /** `words` without the first. */
  readonly args: readonly Word[];
  /** Prefix assignments, those of `env`, those that stand alone, and those of `export` and the like. */
  readonly assignments: readonly Assignment[];
  readonly redirects: readonly Redirect[];
  readonly via: "direct" | "wrapped" | "nested" | "exec-form";
  /** Outermost first; empty for a direct command. */
  readonly wrappers: readonly Wrapper[];
  /** 0-based place among the invocations of the root script, in source order. */
  readonly index: number;
  /** The whole command with wrappers, assignments and redirects. */
  readonly range: Range;
  readonly pipeline: PipelinePlace | undefined;
  readonly onlyIf: Condition;
  /** Whether a test for this very program, or for the distribution, decides if it runs (`command -v apk && apk add x`). */
  readonly guarded: boolean;
  /** Whether its failing is caught: it is a condition, negated, or left of `||`. */
  readonly isTolerated: boolean;
  readonly background: boolean;
  readonly negated: boolean;
  readonly inSubstitution: Substitution;
  /** In `( … )`, in a substitution, or in a nested script. */
  readonly inSubshell: boolean;
  /** Switches in force when it runs. */
  readonly flags: ShellFlags;
  readonly precededBy: Connector | undefined;
  readonly followedBy: Connector | undefined;
  /** The script that holds it; for a nested one, the nested script. Undefined for exec form. */
  readonly script: Script | undefined;
  /** Scripts that it runs: of `sh -c`, `eval`, `bash <<EOF`. Their invocations also stand in the list of the root script. */
  readonly nested: readonly Script[];
}

/** One top-level command of a script: what stands between `&&`, `||`, `;`, `&` and line breaks outside any compound command. */
export interface Step {
  /** `pipeline` has two or more commands; `compound` is `if`, `for`, `( … )`, `[[ … ]]` and the like; `function` is a definition. */
  readonly kind: "command" | "pipeline" | "compound" | "function";
  readonly range: Range;
  /** The command of kind `command`, else undefined. */
  readonly invocation: Invocation | undefined;
  /** All commands in it in source order. */
  readonly invocations: readonly Invocation[];
  readonly before: Connector | undefined;
  readonly after: Connector | undefined;
}

/** What the shell parser did not understand. */
export interface ScriptError {
  readonly message: string;
  /** From the offset reported to the end of that line. */
  readonly range: Range;
}

/** A `#` that comments out the rest of a shell-form script, although its author saw several lines. */
export interface SwallowedComment {
  /** From `#` to the end of its physical line, without the escape character. */
  readonly range: Range;
  /** Whether text follows on a later physical line. */
  readonly hasCode: boolean;
}

/** A construct that not every `sh` has, for example `[[` or an array. */
export interface Construct {
  readonly kind: ConstructKind;
  readonly range: Range;
  readonly script: Script;
}

/** Names of constructs that bash has and some `sh` lacks. */
export type ConstructKind =
  | "double-bracket"
  | "double-paren"
  | "array"
  | "source"
  | "function-keyword"
  | "here-string"
  | "process-substitution"
  | "redirect-both"
  | "pipe-both"
  | "brace-expansion"
  | "ansi-c-quote"
  | "replace-expansion"
  | "slice-expansion"
  | "case-expansion"
  | "indirect-expansion"
  | "double-equals"
  | "echo-option"
  | "pushd"
  | "shopt"
  | "declare"
  | "associative-array"
  | "let"
  | "random"
  | "set-pipefail"
  | "read-array"
  | "select"
  | "coproc"
  | "locale-string";

/** One script with everything found in it; nothing is parsed before a property is read. */
export interface Script {
  readonly kind: ScriptKind;
  readonly shell: ShellKind;
  readonly text: string;
  readonly range: Range;
  /** Range of a stretch of `text`. */
  readonly rangeAt: (start: number, end: number) => Range;
  /** {@link text} with {@link rangeAt} alone, for who keeps them longer than the rest of the script. */
  readonly frame: TextFrame;
  /** Why the script was not read; undefined when it was. A skipped script has empty lists. */
  readonly skipped: string | undefined;
  /** All commands in source order, those of substitutions and nested scripts included. */
  readonly invocations: readonly Invocation[];
  readonly steps: readonly Step[];
  readonly pipelines: readonly Pipeline[];
  /** Assignments that stand alone or in `export` and the like, in source order; prefix assignments are left out. */
  readonly assignments: readonly Assignment[];
  /** Names of functions that the script defines. */
  readonly functions: ReadonlySet<string>;
  /** Scripts nested in it, at any depth, in source order. */
  readonly nested: readonly Script[];
  readonly errors: readonly ScriptError[];
  /** Whether the parser gave up somewhere; only commands before that place are listed, so nothing may be said to be missing. */
  readonly partial: boolean;
  /** Switches before the first command. */
  readonly initialFlags: ShellFlags;
  /** Switches after the last top-level command. */
  readonly finalFlags: ShellFlags;
  readonly swallowed: SwallowedComment | undefined;
  readonly constructs: readonly Construct[];
}
