import type { Range, Source } from "../text/source.js";
import type { CommandText, JsonItem } from "./command-text.js";
import type { Word } from "./word.js";

/** The character that continues a line and escapes in words: a backslash, unless `# escape=` chose the backtick. */
export type EscapeCharacter = "\\" | "`";

/**
 * `# name=value` at the top of the file, before anything else.
 *
 * @see https://docs.docker.com/reference/dockerfile/#parser-directives
 */
export interface Directive {
  /** Lower case. Names that the builder does not know are kept: they do not end the list of directives. */
  readonly name: string;
  readonly value: string;
  /** From the `#` (or `//`) to the end of the value. */
  readonly range: Range;
  readonly nameRange: Range;
  readonly valueRange: Range;
}

/** A line whose first non-blank is `#`; heredoc bodies have none. Directives are not comments. */
export interface Comment {
  /** What follows the `#`, without blanks around it. */
  readonly text: string;
  /** From the `#` to the end of the line, without trailing blanks. */
  readonly range: Range;
  /** 1-based. */
  readonly line: number;
  /** `inside` when the line is between the lines of a continued instruction. */
  readonly place: "own" | "inside";
}

/** Subjects of {@link Problem}: what the builder refuses before it runs anything. */
export type ProblemKind = "arguments" | "key-value" | "heredoc" | "substitution" | "json" | "encoding" | "directive";

/** Text that the builder refuses, with how to mend it. */
export interface Problem {
  readonly kind: ProblemKind;
  /** What is wrong, in the user's words; then `;` and how to mend it. No final period. */
  readonly message: string;
  /** The offending text, else the keyword. */
  readonly range: Range;
  /** Upper-case keyword of the instruction; undefined when the problem belongs to none. */
  readonly keyword: string | undefined;
}

/** `--name` or `--name=value` between a keyword and its arguments. */
export interface Flag {
  /** Without the dashes, as written (the builder compares it as it is). */
  readonly name: string;
  /** Quotes and escapes removed, as the builder does before it expands variables; undefined without `=`. */
  readonly value: Word | undefined;
  /** The whole flag with its dashes and quotes. */
  readonly range: Range;
  /** The name with its dashes. */
  readonly nameRange: Range;
  /** The value with its quotes; undefined without `=`, empty after a bare `=`. */
  readonly valueRange: Range | undefined;
}

/** A here-document of RUN, COPY or ADD. */
export interface Heredoc {
  /** The delimiter without quotes. */
  readonly name: string;
  /** Whether variables in the body are expanded: false when any part of the delimiter is quoted. */
  readonly expand: boolean;
  /** Written `<<-`: leading tabs of the body and of the terminator are dropped. */
  readonly chomp: boolean;
  /** The word that opens it, such as `<<'EOF'` or `3<<EOF`. */
  readonly operatorRange: Range;
  /** The body: from the line after the instruction (or after the previous heredoc) to the start of the terminator line. */
  readonly range: Range;
  /** Offset of the body in the Dockerfile's own text, which differs from `range.start` when that text is embedded. */
  readonly bodyStart: number;
  /** The body as written, with its line breaks; leading tabs are kept. */
  readonly content: string;
  /** The terminator without line break; undefined when the file ends first. */
  readonly terminatorRange: Range | undefined;
  /** First line of the body, 1-based; the terminator's line when the body is empty. */
  readonly startLine: number;
  /** Line of the terminator, 1-based; the last line of the file when there is none. */
  readonly endLine: number;
}

/** One `key=value` of `--mount`. */
export interface MountEntry {
  /** Lower case. */
  readonly key: string;
  readonly keyRange: Range;
  /** Undefined when there is no `=`, as in `readonly`. */
  readonly value: Word | undefined;
  /** Key, `=` and value. */
  readonly range: Range;
}

/**
 * A `--mount` of RUN.
 *
 * @see https://docs.docker.com/reference/dockerfile/#run---mount
 */
export interface Mount {
  /** As written, in lower case; `bind` when not written. Not checked. */
  readonly type: string;
  readonly entries: readonly MountEntry[];
  readonly flag: Flag;
  readonly range: Range;
  /** Stage, image or context named by `from=`. */
  readonly from: Word | undefined;
  /** `target=`, `dst=` or `destination=`. */
  readonly target: Word | undefined;
  /** `source=` or `src=`. */
  readonly source: Word | undefined;
  readonly id: Word | undefined;
}

/** What every instruction has. */
export interface InstructionBase {
  /** The keyword as written. */
  readonly written: string;
  readonly keywordRange: Range;
  /** From the keyword to the end of its last line, heredoc bodies and terminators included; no final line break. */
  readonly range: Range;
  /** As {@link range}, without heredoc bodies. */
  readonly headRange: Range;
  /** Everything after the keyword and the flags, up to the end of the head; empty when there is nothing. */
  readonly argumentsRange: Range;
  /** The head as the builder sees it: continuations and the comments and blank lines inside are gone. */
  readonly text: string;
  /** Lines as the builder counts them: 1-based, split at LF only. */
  readonly startLine: number;
  /** Last line, 1-based: the line of the last terminator when there are heredocs. */
  readonly endLine: number;
  readonly flags: readonly Flag[];
  /** 0-based index of its stage; undefined above the first FROM. */
  readonly stage: number | undefined;
  readonly heredocs: readonly Heredoc[];
  /** `json` when the arguments are a JSON array that the instruction accepts; `none` without arguments or for other instructions. */
  readonly form: "shell" | "json" | "none";
  /**
   * Arguments as words: JSON items, else text between blanks. One word for RUN, CMD and ENTRYPOINT in shell form (the
   * command), and for USER, WORKDIR, STOPSIGNAL, MAINTAINER, which take the rest of the line. HEALTHCHECK: the type, then the
   * command. ENV and LABEL: one per pair, or key and value in the old form. ONBUILD: the rest of the line.
   */
  readonly words: readonly Word[];
  /** Blank lines between its lines: the builder warns of them. One empty range at the start of each. */
  readonly emptyContinuations: readonly Range[];
  /** Comment lines directly above, top to bottom. */
  readonly commentsAbove: readonly Comment[];
  /** For a trigger: the ONBUILD that holds it is an instruction of its own. */
  readonly isTrigger: boolean;
}

export interface FromInstruction extends InstructionBase {
  readonly keyword: "FROM";
  /** Undefined when nothing is written. */
  readonly image: Word | undefined;
  /** The name after AS. */
  readonly alias: Word | undefined;
  readonly platform: Flag | undefined;
}

export interface RunInstruction extends InstructionBase {
  readonly keyword: "RUN";
  readonly command: CommandText;
  readonly mounts: readonly Mount[];
  readonly network: Flag | undefined;
  readonly security: Flag | undefined;
}

/** An empty command resets what was set before. */
export interface CmdInstruction extends InstructionBase {
  readonly keyword: "CMD";
  readonly command: CommandText;
}

export interface EntrypointInstruction extends InstructionBase {
  readonly keyword: "ENTRYPOINT";
  readonly command: CommandText;
}

/** What a HEALTHCHECK runs; `invalid` when the type is absent or neither NONE nor CMD. */
export type HealthcheckTest =
  | { readonly kind: "none"; readonly typeRange: Range }
  | { readonly kind: "cmd"; readonly typeRange: Range; readonly command: CommandText }
  | { readonly kind: "invalid"; readonly typeRange: Range | undefined };

export interface HealthcheckInstruction extends InstructionBase {
  readonly keyword: "HEALTHCHECK";
  readonly test: HealthcheckTest;
  readonly interval: Flag | undefined;
  readonly timeout: Flag | undefined;
  readonly startPeriod: Flag | undefined;
  readonly startInterval: Flag | undefined;
  readonly retries: Flag | undefined;
}

/** One `key=value` of ENV or LABEL. */
export interface Pair {
  readonly key: Word;
  readonly value: Word;
  readonly range: Range;
  /** Written `ENV key value`, without `=`. */
  readonly legacy: boolean;
}

export interface EnvInstruction extends InstructionBase {
  readonly keyword: "ENV";
  readonly pairs: readonly Pair[];
}

export interface LabelInstruction extends InstructionBase {
  readonly keyword: "LABEL";
  readonly pairs: readonly Pair[];
}

/** One name of ARG, with its default. */
export interface ArgPair {
  readonly key: Word;
  /** Undefined without `=`; `ARG X=` has an empty one. */
  readonly value: Word | undefined;
  readonly range: Range;
}

export interface ArgInstruction extends InstructionBase {
  readonly keyword: "ARG";
  readonly pairs: readonly ArgPair[];
}

/** A source of COPY or ADD. */
export type CopySource =
  | { readonly kind: "path"; readonly word: Word }
  /** The body is undefined when the heredoc is missing, or another one of the same name hides it. */
  | { readonly kind: "heredoc"; readonly word: Word; readonly heredoc: Heredoc | undefined };

interface CopyLike extends InstructionBase {
  readonly sources: readonly CopySource[];
  /** Undefined when there are fewer than two words. */
  readonly destination: Word | undefined;
  readonly chown: Flag | undefined;
  readonly chmod: Flag | undefined;
  readonly link: Flag | undefined;
  readonly exclude: readonly Flag[];
}

export interface CopyInstruction extends CopyLike {
  readonly keyword: "COPY";
  readonly from: Flag | undefined;
  readonly parents: Flag | undefined;
}

export interface AddInstruction extends CopyLike {
  readonly keyword: "ADD";
  readonly checksum: Flag | undefined;
  readonly keepGitDir: Flag | undefined;
  readonly unpack: Flag | undefined;
}

export interface ExposeInstruction extends InstructionBase {
  readonly keyword: "EXPOSE";
  readonly ports: readonly Word[];
}

export interface VolumeInstruction extends InstructionBase {
  readonly keyword: "VOLUME";
  readonly paths: readonly Word[];
}

/** Instructions that take the rest of the line as one value. */
export interface SingleInstruction extends InstructionBase {
  readonly keyword: "USER" | "WORKDIR" | "STOPSIGNAL" | "MAINTAINER";
  /** Undefined when nothing is written. */
  readonly argument: Word | undefined;
}

export interface ShellInstruction extends InstructionBase {
  readonly keyword: "SHELL";
  /** Empty when the arguments are not a JSON array. */
  readonly items: readonly JsonItem[];
}

export interface OnbuildInstruction extends InstructionBase {
  readonly keyword: "ONBUILD";
  /** Undefined when nothing is written. Its heredocs are those of the ONBUILD. */
  readonly trigger: Instruction | undefined;
}

/** A first word that is no instruction; its arguments are not read. */
export interface UnknownInstruction extends InstructionBase {
  readonly keyword: "UNKNOWN";
}

/** One instruction, told apart by its upper-case keyword. */
export type Instruction =
  | FromInstruction
  | RunInstruction
  | CmdInstruction
  | EntrypointInstruction
  | HealthcheckInstruction
  | EnvInstruction
  | LabelInstruction
  | ArgInstruction
  | CopyInstruction
  | AddInstruction
  | ExposeInstruction
  | VolumeInstruction
  | SingleInstruction
  | ShellInstruction
  | OnbuildInstruction
  | UnknownInstruction;

/** The keyword of any instruction. */
export type Keyword = Instruction["keyword"];

/** What one FROM begins: everything up to the next FROM. */
export interface Stage {
  /** 0-based; what `COPY --from=0` means. */
  readonly index: number;
  /** Lower case, as the builder compares it; undefined without AS. */
  readonly name: string | undefined;
  /** The name as written. */
  readonly nameRange: Range | undefined;
  readonly from: FromInstruction;
  /** The base as written; undefined when nothing is. */
  readonly baseName: Word | undefined;
  /** Everything after FROM, in order. */
  readonly instructions: readonly Instruction[];
}

/** A Dockerfile as BuildKit reads it. Nothing is evaluated: see `evaluateDockerfile`. */
export interface Dockerfile {
  readonly source: Source;
  readonly directives: readonly Directive[];
  readonly escape: EscapeCharacter;
  /** Top level, in order; triggers are inside their ONBUILD. */
  readonly instructions: readonly Instruction[];
  /** ARGs above the first FROM. */
  readonly globalArgs: readonly ArgInstruction[];
  readonly stages: readonly Stage[];
  /**
   * The instructions above the first FROM, where something else than ARG is among them: a builder refuses
   * them, yet in a part of a file they are what there is to read. A stage of index -1 on a base that nobody knows; none of
   * `stages`. Undefined for every file that can be built.
   */
  readonly fragment: Stage | undefined;
  readonly comments: readonly Comment[];
  /** In order of their place. */
  readonly problems: readonly Problem[];
}
