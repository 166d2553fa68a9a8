import type { Range } from "../text/source.js";
import { isSeparator, isSpace, skipSpace, trimEnd } from "./characters.js";
import type { CommandText, JsonItem, Script, ShellScript } from "./command-text.js";
import { readFlags } from "./flags.js";
import { heredocOfWord } from "./heredocs.js";
import {
  AddNode,
  ArgNode,
  type Arguments,
  CmdNode,
  CopyNode,
  EntrypointNode,
  EnvNode,
  ExposeNode,
  FromNode,
  HealthcheckNode,
  type InstructionParts,
  LabelNode,
  OnbuildNode,
  RunNode,
  ShellNode,
  SingleNode,
  UnknownNode,
  VolumeNode,
} from "./instruction-nodes.js";
import type { JoinedText } from "./joined-text.js";
import { type JsonString, parseJsonStrings } from "./json-array.js";
import type { LogicalLine } from "./logical-lines.js";
import type { ArgPair, CopySource, Flag, HealthcheckTest, Instruction, Mount, Pair } from "./model.js";
import { readMount } from "./mounts.js";
import { shellTextOf } from "./shell-script.js";
import { partOfWord, plainWord, SourceWord, type Word } from "./word.js";
import { splitAtSeparators, splitQuotedWords } from "./word-splitting.js";

/**
 * Reads one instruction; never throws.
 *
 * @param stageCount number of FROMs above it
 */
export function readInstruction(line: LogicalLine, stageCount: number): Instruction {
  return new InstructionReader(line, stageCount, 0).read();
}

/** A JSON array of strings, or the form that the arguments have instead. */
type JsonForm =
  | { readonly form: "json"; readonly items: readonly JsonItem[] }
  | { readonly form: "shell" | "none"; readonly items?: undefined };

class InstructionReader implements InstructionParts {
  readonly line: LogicalLine;
  readonly stage: number | undefined;
  readonly keywordStart: number;
  readonly keywordEnd: number;
  readonly flags: readonly Flag[];
  readonly argumentsStart: number;
  readonly argumentsEnd: number;
  readonly #stageCount: number;
  readonly #keyword: string;
  readonly #joined: JoinedText;

  /** @param keywordStart offset in the joined text: 0, or that of a trigger */
  constructor(line: LogicalLine, stageCount: number, keywordStart: number) {
    this.line = line;
    this.#stageCount = stageCount;
    this.#joined = line.joined;
    const { text } = line.joined;
    this.keywordStart = keywordStart;
    const last = trimEnd(text, keywordStart, text.length);
    let end = keywordStart;
    while (end < last && !isSeparator(text.charCodeAt(end))) end += 1;
    this.keywordEnd = end;
    const { flags, start, end: argumentsEnd } = readFlags(line.joined, end, last);
    this.flags = flags;
    this.argumentsStart = start;
    this.argumentsEnd = argumentsEnd;
    const written = text.slice(keywordStart, end);
    // Only ASCII letters: other characters can become ASCII when their case changes.
    this.#keyword = KEYWORD.test(written) ? written.toUpperCase() : "UNKNOWN";
    const isFrom = this.#keyword === "FROM" && keywordStart === 0;
    this.stage = isFrom ? stageCount : stageCount === 0 ? undefined : stageCount - 1;
  }

  read(): Instruction {
    const keyword = this.#keyword;
    switch (keyword) {
      case "FROM":
        return new FromNode(this, this.#separated());
      case "RUN":
        return this.#run();
      case "CMD": {
        const { command, args } = this.#command(this.argumentsStart);
        return new CmdNode(this, args, command);
      }
      case "ENTRYPOINT": {
        const { command, args } = this.#command(this.argumentsStart);
        return new EntrypointNode(this, args, command);
      }
      case "HEALTHCHECK":
        return this.#healthcheck();
      case "ENV": {
        const { pairs, args } = this.#pairs();
        return new EnvNode(this, args, pairs);
      }
      case "LABEL": {
        const { pairs, args } = this.#pairs();
        return new LabelNode(this, args, pairs);
      }
      case "ARG":
        return this.#arg();
      case "COPY": {
        const args = this.#list();
        return new CopyNode(this, args, this.#sources(args.words));
      }
      case "ADD": {
        const args = this.#list();
        return new AddNode(this, args, this.#sources(args.words));
      }
      case "EXPOSE":
        return new ExposeNode(this, this.#separated());
      case "VOLUME":
        return new VolumeNode(this, this.#list());
      case "USER":
      case "WORKDIR":
      case "STOPSIGNAL":
      case "MAINTAINER":
        return new SingleNode(this, { form: "none", words: this.#rest() }, keyword);
      case "SHELL": {
        const { form, items } = this.#json(this.argumentsStart);
        return new ShellNode(this, { form, words: items?.map(wordOf) ?? this.#rest() }, items ?? []);
      }
      case "ONBUILD": {
        const trigger = this.argumentsStart < this.argumentsEnd ? this.#trigger() : undefined;
        return new OnbuildNode(this, { form: "none", words: this.#rest() }, trigger);
      }
      default:
        return new UnknownNode(this, { form: "none", words: this.#rest() });
    }
  }

  #trigger(): Instruction {
    return new InstructionReader(this.line, this.#stageCount, this.argumentsStart).read();
  }

  /** The rest of the line as one word; none when it is empty. */
  #rest(): readonly Word[] {
    return this.argumentsStart < this.argumentsEnd
      ? [plainWord(this.#joined, this.argumentsStart, this.argumentsEnd)]
      : [];
  }

  #separated(): Arguments {
    return { form: "none", words: splitAtSeparators(this.#joined, this.argumentsStart, this.argumentsEnd) };
  }

  #json(start: number): JsonForm {
    if (start >= this.argumentsEnd) return { form: "none" };
    const { text } = this.#joined;
    if (text.charCodeAt(start) !== 0x5b) return { form: "shell" };
    const parsed = parseJsonStrings(text, start, this.argumentsEnd);
    if (parsed.kind !== "strings") return { form: "shell" };
    return { form: "json", items: parsed.strings.map((string) => jsonItem(this.#joined, string)) };
  }

  /** Words of COPY, ADD and VOLUME. */
  #list(): Arguments {
    const { form, items } = this.#json(this.argumentsStart);
    if (items !== undefined) return { form, words: items.map(wordOf) };
    return { form, words: splitAtSeparators(this.#joined, this.argumentsStart, this.argumentsEnd) };
  }

  /** The command that begins at `start`, and its words. */
  #command(start: number): { readonly command: CommandText; readonly args: Arguments } {
    const { form, items } = this.#json(start);
    const end = this.argumentsEnd;
    if (items === undefined) {
      const words = start < end ? [plainWord(this.#joined, start, end)] : [];
      return { command: new ShellCommand(this.#joined, start, end, this.line), args: { form, words } };
    }
    const range = this.#joined.range(start, end);
    return { command: { kind: "json", items, range }, args: { form, words: items.map(wordOf) } };
  }

  #run(): Instruction {
    const { command, args } = this.#command(this.argumentsStart);
    const mounts: Mount[] = [];
    for (const flag of this.flags) {
      const mount = flag.name === "mount" ? readMount(flag) : undefined;
      if (mount !== undefined) mounts.push(mount);
    }
    return new RunNode(this, args, command, mounts);
  }

  #healthcheck(): Instruction {
    const { text } = this.#joined;
    let typeEnd = this.argumentsStart;
    while (typeEnd < this.argumentsEnd && !isSpace(text.charCodeAt(typeEnd))) typeEnd += 1;
    const type = text.slice(this.argumentsStart, typeEnd).toUpperCase();
    if (type === "") return new HealthcheckNode(this, NO_ARGUMENTS, { kind: "invalid", typeRange: undefined });
    const { command, args } = this.#command(skipSpace(text, typeEnd, this.argumentsEnd));
    const typeWord = plainWord(this.#joined, this.argumentsStart, typeEnd);
    const typeRange = typeWord.range;
    let test: HealthcheckTest = { kind: "invalid", typeRange };
    if (type === "NONE") test = { kind: "none", typeRange };
    else if (type === "CMD") test = { kind: "cmd", typeRange, command };
    return new HealthcheckNode(this, { form: args.form, words: [typeWord, ...args.words] }, test);
  }

  #pairs(): { readonly pairs: readonly Pair[]; readonly args: Arguments } {
    const words = splitQuotedWords(this.#joined, this.argumentsStart, this.argumentsEnd);
    if (words[0] !== undefined && !words[0].raw.includes("=")) return this.#legacyPair();
    const pairs: Pair[] = [];
    for (const word of words) {
      const equals = word.raw.indexOf("=");
      if (equals >= 0) pairs.push(new WrittenPair(word, equals));
    }
    return { pairs, args: { form: "none", words } };
  }

  /** `ENV key value`: the first blank ends the key, and all the rest is the value. */
  #legacyPair(): { readonly pairs: readonly Pair[]; readonly args: Arguments } {
    const { text } = this.#joined;
    const end = this.argumentsEnd;
    let keyEnd = this.argumentsStart;
    while (keyEnd < end && !isSeparator(text.charCodeAt(keyEnd))) keyEnd += 1;
    const key = plainWord(this.#joined, this.argumentsStart, keyEnd);
    let start = keyEnd;
    while (start < end && isSeparator(text.charCodeAt(start))) start += 1;
    if (start >= end) return { pairs: [], args: { form: "none", words: [key] } };
    const value = plainWord(this.#joined, start, end);
    const range = this.#joined.range(this.argumentsStart, end);
    return { pairs: [{ key, value, range, legacy: true }], args: { form: "none", words: [key, value] } };
  }

  #arg(): Instruction {
    const words = splitQuotedWords(this.#joined, this.argumentsStart, this.argumentsEnd);
    const pairs = words.map((word): ArgPair => {
      const equals = word.raw.indexOf("=");
      return equals < 0 ? { key: word, value: undefined, range: word.range } : new WrittenPair(word, equals);
    });
    return new ArgNode(this, { form: "none", words }, pairs);
  }

  #sources(words: readonly Word[]): readonly CopySource[] {
    const paths = words.length < 2 ? words : words.slice(0, -1);
    return paths.map((word) => this.#source(word));
  }

  #source(word: Word): CopySource {
    const opened = heredocOfWord(word.raw);
    if (opened === undefined) return { kind: "path", word };
    // Heredocs are found again by name: of two with one name the builder uses the last body for both.
    const heredoc = this.line.heredocs.findLast((candidate) => candidate.name === opened.name);
    return { kind: "heredoc", word, heredoc };
  }
}

/** `key=value`, taken apart where the first `=` is. */
class WrittenPair implements Pair {
  readonly key: Word;
  readonly value: Word;
  readonly legacy = false;
  readonly #word: Word;

  constructor(word: Word, equals: number) {
    this.#word = word;
    this.key = partOfWord(word, 0, equals);
    this.value = partOfWord(word, equals + 1, word.raw.length);
  }

  get range(): Range {
    return this.#word.range;
  }
}

const NO_ARGUMENTS: Arguments = { form: "none", words: [] };

function wordOf(item: JsonItem): Word {
  return item.word;
}

const KEYWORD = /^[A-Za-z]+$/;

function jsonItem(joined: JoinedText, string: JsonString): JsonItem {
  const { value, start, end, offsets } = string;
  return new WrittenItem(new SourceWord(value, "json", joined, { start, end, offsets, innerStart: start + 1 }));
}

class WrittenItem implements JsonItem {
  readonly value: string;
  readonly word: Word;

  constructor(word: Word) {
    this.value = word.raw;
    this.word = word;
  }

  get range(): Range {
    return this.word.range;
  }

  get innerRange(): Range {
    return this.word.innerRange;
  }

  get script(): Script {
    const { word } = this;
    return { text: word.raw, toRange: (start, end) => word.rangeOf(start, end) };
  }
}

/** A command in shell form; its script is made on first use. */
class ShellCommand {
  readonly kind = "shell";
  readonly text: string;
  readonly #joined: JoinedText;
  readonly #start: number;
  readonly #end: number;
  readonly #line: LogicalLine;
  #script: ShellScript | undefined;

  constructor(joined: JoinedText, start: number, end: number, line: LogicalLine) {
    this.#joined = joined;
    this.#start = start;
    this.#end = end;
    this.#line = line;
    this.text = joined.text.slice(start, end);
  }

  get range(): Range {
    return this.#joined.range(this.#start, this.#end);
  }

  get script(): ShellScript {
    this.#script ??= shellTextOf(this.#joined, this.#start, this.#end, this.#line.heredocs);
    return this.#script;
  }
}
