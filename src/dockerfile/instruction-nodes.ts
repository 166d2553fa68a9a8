import type { Range } from "../text/source.js";
import type { CommandText, JsonItem } from "./command-text.js";
import type { JoinedText } from "./joined-text.js";
import type { LogicalLine } from "./logical-lines.js";
import type {
  AddInstruction,
  ArgInstruction,
  ArgPair,
  CmdInstruction,
  Comment,
  CopyInstruction,
  CopySource,
  EntrypointInstruction,
  EnvInstruction,
  ExposeInstruction,
  Flag,
  FromInstruction,
  HealthcheckInstruction,
  HealthcheckTest,
  Heredoc,
  Instruction,
  InstructionBase,
  LabelInstruction,
  Mount,
  OnbuildInstruction,
  Pair,
  RunInstruction,
  ShellInstruction,
  SingleInstruction,
  UnknownInstruction,
  VolumeInstruction,
} from "./model.js";
import type { Word } from "./word.js";

/** Where the parts of an instruction are; offsets belong to the joined text of its line. */
export interface InstructionParts {
  readonly line: LogicalLine;
  readonly stage: number | undefined;
  readonly keywordStart: number;
  readonly keywordEnd: number;
  readonly flags: readonly Flag[];
  readonly argumentsStart: number;
  readonly argumentsEnd: number;
}

/** Form and words of the arguments. */
export interface Arguments {
  readonly form: InstructionBase["form"];
  readonly words: readonly Word[];
}

/**
 * What all instructions share. A class, because a file has many of them and few of their ranges are ever asked for; object
 * literals put together by spreading took most of the time of a parse.
 */
abstract class InstructionNode implements InstructionBase {
  readonly stage: number | undefined;
  readonly flags: readonly Flag[];
  readonly form: InstructionBase["form"];
  readonly words: readonly Word[];
  readonly #parts: InstructionParts;
  #headRange: Range | undefined;

  constructor(parts: InstructionParts, args: Arguments) {
    this.#parts = parts;
    this.stage = parts.stage;
    this.flags = parts.flags;
    this.form = args.form;
    this.words = args.words;
  }

  get written(): string {
    return this.#joined.text.slice(this.#parts.keywordStart, this.#parts.keywordEnd);
  }

  get keywordRange(): Range {
    return this.#joined.range(this.#parts.keywordStart, this.#parts.keywordEnd);
  }

  get range(): Range {
    return this.#joined.source.range(this.#start, Math.max(this.#start, this.#parts.line.end));
  }

  get headRange(): Range {
    this.#headRange ??= this.#joined.source.range(this.#start, Math.max(this.#start, this.#parts.line.headEnd));
    return this.#headRange;
  }

  get argumentsRange(): Range {
    return this.#joined.range(this.#parts.argumentsStart, this.#parts.argumentsEnd);
  }

  get text(): string {
    return this.isTrigger ? this.#joined.text.slice(this.#parts.keywordStart) : this.#joined.text;
  }

  get startLine(): number {
    return this.#parts.line.startLine;
  }

  get endLine(): number {
    return this.#parts.line.endLine;
  }

  get heredocs(): readonly Heredoc[] {
    return this.#parts.line.heredocs;
  }

  get emptyContinuations(): readonly Range[] {
    return this.#parts.line.emptyContinuations.map((offset) => this.#joined.source.range(offset, offset));
  }

  get commentsAbove(): readonly Comment[] {
    return this.#parts.line.commentsAbove;
  }

  get isTrigger(): boolean {
    return this.#parts.keywordStart > 0;
  }

  protected flag(name: string): Flag | undefined {
    return this.flags.find((flag) => flag.name === name);
  }

  get #joined(): JoinedText {
    return this.#parts.line.joined;
  }

  get #start(): number {
    return this.isTrigger ? this.#joined.sourceStart(this.#parts.keywordStart) : this.#parts.line.start;
  }
}

/** FROM. */
export class FromNode extends InstructionNode implements FromInstruction {
  readonly keyword = "FROM";

  get image(): Word | undefined {
    return this.words[0];
  }

  get alias(): Word | undefined {
    const [, second, third] = this.words;
    return this.words.length === 3 && second?.raw.toLowerCase() === "as" ? third : undefined;
  }

  get platform(): Flag | undefined {
    return this.flag("platform");
  }
}

/** RUN. */
export class RunNode extends InstructionNode implements RunInstruction {
  readonly keyword = "RUN";
  readonly command: CommandText;
  readonly mounts: readonly Mount[];

  constructor(parts: InstructionParts, args: Arguments, command: CommandText, mounts: readonly Mount[]) {
    super(parts, args);
    this.command = command;
    this.mounts = mounts;
  }

  get network(): Flag | undefined {
    return this.flag("network");
  }

  get security(): Flag | undefined {
    return this.flag("security");
  }
}

/** CMD. */
export class CmdNode extends InstructionNode implements CmdInstruction {
  readonly keyword = "CMD";
  readonly command: CommandText;

  constructor(parts: InstructionParts, args: Arguments, command: CommandText) {
    super(parts, args);
    this.command = command;
  }
}

/** ENTRYPOINT. */
export class EntrypointNode extends InstructionNode implements EntrypointInstruction {
  readonly keyword = "ENTRYPOINT";
  readonly command: CommandText;

  constructor(parts: InstructionParts, args: Arguments, command: CommandText) {
    super(parts, args);
    this.command = command;
  }
}

/** HEALTHCHECK. */
export class HealthcheckNode extends InstructionNode implements HealthcheckInstruction {
  readonly keyword = "HEALTHCHECK";
  readonly test: HealthcheckTest;

  constructor(parts: InstructionParts, args: Arguments, test: HealthcheckTest) {
    super(parts, args);
    this.test = test;
  }

  get interval(): Flag | undefined {
    return this.flag("interval");
  }

  get timeout(): Flag | undefined {
    return this.flag("timeout");
  }

  get startPeriod(): Flag | undefined {
    return this.flag("start-period");
  }

  get startInterval(): Flag | undefined {
    return this.flag("start-interval");
  }

  get retries(): Flag | undefined {
    return this.flag("retries");
  }
}

/** ENV. */
export class EnvNode extends InstructionNode implements EnvInstruction {
  readonly keyword = "ENV";
  readonly pairs: readonly Pair[];

  constructor(parts: InstructionParts, args: Arguments, pairs: readonly Pair[]) {
    super(parts, args);
    this.pairs = pairs;
  }
}

/** LABEL. */
export class LabelNode extends InstructionNode implements LabelInstruction {
  readonly keyword = "LABEL";
  readonly pairs: readonly Pair[];

  constructor(parts: InstructionParts, args: Arguments, pairs: readonly Pair[]) {
    super(parts, args);
    this.pairs = pairs;
  }
}

/** ARG. */
export class ArgNode extends InstructionNode implements ArgInstruction {
  readonly keyword = "ARG";
  readonly pairs: readonly ArgPair[];

  constructor(parts: InstructionParts, args: Arguments, pairs: readonly ArgPair[]) {
    super(parts, args);
    this.pairs = pairs;
  }
}

abstract class CopyLikeNode extends InstructionNode {
  readonly sources: readonly CopySource[];

  constructor(parts: InstructionParts, args: Arguments, sources: readonly CopySource[]) {
    super(parts, args);
    this.sources = sources;
  }

  get destination(): Word | undefined {
    return this.words.length < 2 ? undefined : this.words.at(-1);
  }

  get chown(): Flag | undefined {
    return this.flag("chown");
  }

  get chmod(): Flag | undefined {
    return this.flag("chmod");
  }

  get link(): Flag | undefined {
    return this.flag("link");
  }

  get exclude(): readonly Flag[] {
    return this.flags.filter((flag) => flag.name === "exclude");
  }
}

/** COPY. */
export class CopyNode extends CopyLikeNode implements CopyInstruction {
  readonly keyword = "COPY";

  get from(): Flag | undefined {
    return this.flag("from");
  }

  get parents(): Flag | undefined {
    return this.flag("parents");
  }
}

/** ADD. */
export class AddNode extends CopyLikeNode implements AddInstruction {
  readonly keyword = "ADD";

  get checksum(): Flag | undefined {
    return this.flag("checksum");
  }

  get keepGitDir(): Flag | undefined {
    return this.flag("keep-git-dir");
  }

  get unpack(): Flag | undefined {
    return this.flag("unpack");
  }
}

/** EXPOSE. */
export class ExposeNode extends InstructionNode implements ExposeInstruction {
  readonly keyword = "EXPOSE";

  get ports(): readonly Word[] {
    return this.words;
  }
}

/** VOLUME. */
export class VolumeNode extends InstructionNode implements VolumeInstruction {
  readonly keyword = "VOLUME";

  get paths(): readonly Word[] {
    return this.words;
  }
}

/** USER, WORKDIR, STOPSIGNAL, MAINTAINER. */
export class SingleNode extends InstructionNode implements SingleInstruction {
  readonly keyword: SingleInstruction["keyword"];

  constructor(parts: InstructionParts, args: Arguments, keyword: SingleInstruction["keyword"]) {
    super(parts, args);
    this.keyword = keyword;
  }

  get argument(): Word | undefined {
    return this.words[0];
  }
}

/** SHELL. */
export class ShellNode extends InstructionNode implements ShellInstruction {
  readonly keyword = "SHELL";
  readonly items: readonly JsonItem[];

  constructor(parts: InstructionParts, args: Arguments, items: readonly JsonItem[]) {
    super(parts, args);
    this.items = items;
  }
}

/** ONBUILD. */
export class OnbuildNode extends InstructionNode implements OnbuildInstruction {
  readonly keyword = "ONBUILD";
  readonly trigger: Instruction | undefined;

  constructor(parts: InstructionParts, args: Arguments, trigger: Instruction | undefined) {
    super(parts, args);
    this.trigger = trigger;
  }
}

/** A first word that is no instruction. */
export class UnknownNode extends InstructionNode implements UnknownInstruction {
  readonly keyword = "UNKNOWN";
}
