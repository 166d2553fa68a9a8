import type { Range } from "../text/source.js";
import { isSeparator, isSpace, skipSpace, trimEnd } from "./characters.js";
import type { CommandText, JsonItem, ShellScript } from "./command-text.js";
import { readFlags } from "./flags.js";
import { heredocOfWord } from "./heredocs.js";
import type { JoinedText } from "./joined-text.js";
import { type JsonString, parseJsonStrings } from "./json-array.js";
import type { LogicalLine } from "./logical-lines.js";
import type { ArgPair, CopySource, Flag, HealthcheckTest, Instruction, InstructionBase, Mount, Pair } from "./model.js";
import { readMount } from "./mounts.js";
import { shellTextOf } from "./shell-script.js";
import { partOfWord, plainWord, SourceWord, type Word } from "./word.js";
import { splitAtSeparators, splitQuotedWords } from "./word-splitting.js";

/** Reads one instruction; never throws. @param stage 0-based index of its stage; undefined above the first FROM */
export function readInstruction(line: LogicalLine, stage: number | undefined): Instruction {
  return new InstructionReader(line, stage, 0).read();
}

/** A JSON array of strings, or the one reason why arguments are not. */
type JsonForm = { readonly kind: "json"; readonly items: readonly JsonItem[] } | { readonly kind: "shell" | "none" };

class InstructionReader {
  readonly #line: LogicalLine;
  readonly #stage: number | undefined;
  readonly #joined: JoinedText;
  readonly #keywordStart: number;
  readonly #keywordEnd: number;
  readonly #flags: readonly Flag[];
  /** Bounds of the arguments in the joined text, trimmed. */
  readonly #start: number;
  readonly #end: number;

  /** @param keywordStart offset in the joined text: 0, or that of a trigger */
  constructor(line: LogicalLine, stage: number | undefined, keywordStart: number) {
    this.#line = line;
    this.#stage = stage;
    this.#joined = line.joined;
    const { text } = line.joined;
    this.#keywordStart = keywordStart;
    const last = trimEnd(text, keywordStart, text.length);
    let end = keywordStart;
    while (end < last && !isSeparator(text.charCodeAt(end))) end += 1;
    this.#keywordEnd = end;
    const { flags, start, end: argumentsEnd } = readFlags(line.joined, end, last);
    this.#flags = flags;
    this.#start = start;
    this.#end = argumentsEnd;
  }

  read(): Instruction {
    const written = this.#joined.text.slice(this.#keywordStart, this.#keywordEnd);
    // Only ASCII letters: other characters can become ASCII when their case changes.
    const keyword = KEYWORD.test(written) ? written.toUpperCase() : "UNKNOWN";
    switch (keyword) {
      case "FROM":
        return this.#from();
      case "RUN":
        return this.#run();
      case "CMD":
      case "ENTRYPOINT":
        return this.#command(keyword);
      case "HEALTHCHECK":
        return this.#healthcheck();
      case "ENV":
      case "LABEL":
        return this.#pairs(keyword);
      case "ARG":
        return this.#arg();
      case "COPY":
      case "ADD":
        return this.#copy(keyword);
      case "EXPOSE": {
        const words = splitAtSeparators(this.#joined, this.#start, this.#end);
        return { ...this.#base("none", words), keyword, ports: words };
      }
      case "VOLUME": {
        const { form, words } = this.#list();
        return { ...this.#base(form, words), keyword, paths: words };
      }
      case "USER":
      case "WORKDIR":
      case "STOPSIGNAL":
      case "MAINTAINER": {
        const words = this.#rest();
        return { ...this.#base("none", words), keyword, argument: words[0] };
      }
      case "SHELL": {
        const json = this.#json(this.#start);
        const items = json.kind === "json" ? json.items : [];
        const words = json.kind === "json" ? items.map((item) => item.word) : this.#rest();
        return { ...this.#base(json.kind, words), keyword, items };
      }
      case "ONBUILD": {
        const trigger = this.#start < this.#end ? this.#trigger() : undefined;
        return { ...this.#base("none", this.#rest()), keyword, trigger };
      }
      default:
        return { ...this.#base("none", this.#rest()), keyword: "UNKNOWN" };
    }
  }

  #trigger(): Instruction {
    return new InstructionReader(this.#line, this.#stage, this.#start).read();
  }

  #base(form: InstructionBase["form"], words: readonly Word[]): InstructionBase {
    const line = this.#line;
    const { source } = this.#joined;
    const isTrigger = this.#keywordStart > 0;
    const start = isTrigger ? this.#joined.sourceStart(this.#keywordStart) : line.start;
    return {
      written: this.#joined.text.slice(this.#keywordStart, this.#keywordEnd),
      keywordRange: this.#joined.range(this.#keywordStart, this.#keywordEnd),
      range: source.range(start, Math.max(start, line.end)),
      headRange: source.range(start, Math.max(start, line.headEnd)),
      argumentsRange: this.#joined.range(this.#start, this.#end),
      text: isTrigger ? this.#joined.text.slice(this.#keywordStart) : this.#joined.text,
      startLine: line.startLine,
      endLine: line.endLine,
      flags: this.#flags,
      stage: this.#stage,
      heredocs: line.heredocs,
      form,
      words,
      emptyContinuations: line.emptyContinuations.map((offset) => source.range(offset, offset)),
      commentsAbove: line.commentsAbove,
      isTrigger,
    };
  }

  #flag(name: string): Flag | undefined {
    return this.#flags.find((flag) => flag.name === name);
  }

  /** The rest of the line as one word; none when it is empty. */
  #rest(): readonly Word[] {
    return this.#start < this.#end ? [plainWord(this.#joined, this.#start, this.#end)] : [];
  }

  #json(start: number): JsonForm {
    if (start >= this.#end) return { kind: "none" };
    const { text } = this.#joined;
    if (text.charCodeAt(start) !== 0x5b) return { kind: "shell" };
    const parsed = parseJsonStrings(text, start, this.#end);
    if (parsed.kind !== "strings") return { kind: "shell" };
    return { kind: "json", items: parsed.strings.map((string) => jsonItem(this.#joined, string)) };
  }

  /** Words of COPY, ADD and VOLUME. */
  #list(): { readonly form: InstructionBase["form"]; readonly words: readonly Word[] } {
    const json = this.#json(this.#start);
    if (json.kind === "json") return { form: "json", words: json.items.map((item) => item.word) };
    return { form: json.kind, words: splitAtSeparators(this.#joined, this.#start, this.#end) };
  }

  #commandText(start: number): { readonly command: CommandText; readonly json: JsonForm } {
    const json = this.#json(start);
    const range = this.#joined.range(start, this.#end);
    if (json.kind === "json") return { command: { kind: "json", items: json.items, range }, json };
    return { command: new ShellCommand(this.#joined, start, this.#end, this.#line), json };
  }

  #from(): Instruction {
    const words = splitAtSeparators(this.#joined, this.#start, this.#end);
    const hasAlias = words.length === 3 && words[1]?.raw.toLowerCase() === "as";
    return {
      ...this.#base("none", words),
      keyword: "FROM",
      image: words[0],
      alias: hasAlias ? words[2] : undefined,
      platform: this.#flag("platform"),
    };
  }

  #run(): Instruction {
    const { command, json } = this.#commandText(this.#start);
    const mounts: Mount[] = [];
    for (const flag of this.#flags) {
      const mount = flag.name === "mount" ? readMount(flag) : undefined;
      if (mount !== undefined) mounts.push(mount);
    }
    return {
      ...this.#base(json.kind, this.#commandWords(json)),
      keyword: "RUN",
      command,
      mounts,
      network: this.#flag("network"),
      security: this.#flag("security"),
    };
  }

  #commandWords(json: JsonForm): readonly Word[] {
    return json.kind === "json" ? json.items.map((item) => item.word) : this.#rest();
  }

  #command(keyword: "CMD" | "ENTRYPOINT"): Instruction {
    const { command, json } = this.#commandText(this.#start);
    return { ...this.#base(json.kind, this.#commandWords(json)), keyword, command };
  }

  #healthcheck(): Instruction {
    const { text } = this.#joined;
    let typeEnd = this.#start;
    while (typeEnd < this.#end && !isSpace(text.charCodeAt(typeEnd))) typeEnd += 1;
    const start = skipSpace(text, typeEnd, this.#end);
    const type = text.slice(this.#start, typeEnd).toUpperCase();
    const typeRange = this.#joined.range(this.#start, typeEnd);
    const { command, json } = this.#commandText(start);
    const words: Word[] = type === "" ? [] : [plainWord(this.#joined, this.#start, typeEnd)];
    if (json.kind === "json") words.push(...json.items.map((item) => item.word));
    else if (start < this.#end) words.push(plainWord(this.#joined, start, this.#end));
    let test: HealthcheckTest = { kind: "invalid", typeRange: type === "" ? undefined : typeRange };
    if (type === "NONE") test = { kind: "none", typeRange };
    else if (type === "CMD") test = { kind: "cmd", typeRange, command };
    return {
      ...this.#base(json.kind, words),
      keyword: "HEALTHCHECK",
      test,
      interval: this.#flag("interval"),
      timeout: this.#flag("timeout"),
      startPeriod: this.#flag("start-period"),
      startInterval: this.#flag("start-interval"),
      retries: this.#flag("retries"),
    };
  }

  #pairs(keyword: "ENV" | "LABEL"): Instruction {
    const words = splitQuotedWords(this.#joined, this.#start, this.#end);
    if (words[0] !== undefined && !words[0].raw.includes("=")) return this.#legacyPair(keyword);
    const pairs: Pair[] = [];
    for (const word of words) {
      const equals = word.raw.indexOf("=");
      if (equals < 0) continue;
      const key = partOfWord(word, 0, equals);
      const value = partOfWord(word, equals + 1, word.raw.length);
      pairs.push({ key, value, range: word.range, legacy: false });
    }
    return { ...this.#base("none", words), keyword, pairs };
  }

  /** `ENV key value`: the first blank ends the key, and all the rest is the value. */
  #legacyPair(keyword: "ENV" | "LABEL"): Instruction {
    const { text } = this.#joined;
    let keyEnd = this.#start;
    while (keyEnd < this.#end && !isSeparator(text.charCodeAt(keyEnd))) keyEnd += 1;
    const key = plainWord(this.#joined, this.#start, keyEnd);
    let start = keyEnd;
    while (start < this.#end && isSeparator(text.charCodeAt(start))) start += 1;
    if (start >= this.#end) return { ...this.#base("none", [key]), keyword, pairs: [] };
    const value = plainWord(this.#joined, start, this.#end);
    const range = this.#joined.range(this.#start, this.#end);
    return { ...this.#base("none", [key, value]), keyword, pairs: [{ key, value, range, legacy: true }] };
  }

  #arg(): Instruction {
    const words = splitQuotedWords(this.#joined, this.#start, this.#end);
    const pairs = words.map((word): ArgPair => {
      const equals = word.raw.indexOf("=");
      const key = equals < 0 ? word : partOfWord(word, 0, equals);
      const value = equals < 0 ? undefined : partOfWord(word, equals + 1, word.raw.length);
      return { key, value, range: word.range };
    });
    return { ...this.#base("none", words), keyword: "ARG", pairs };
  }

  #copy(keyword: "COPY" | "ADD"): Instruction {
    const { form, words } = this.#list();
    const destination = words.length < 2 ? undefined : words.at(-1);
    const paths = destination === undefined ? words : words.slice(0, -1);
    const shared = {
      ...this.#base(form, words),
      sources: paths.map((word) => this.#source(word)),
      destination,
      chown: this.#flag("chown"),
      chmod: this.#flag("chmod"),
      link: this.#flag("link"),
      exclude: this.#flags.filter((flag) => flag.name === "exclude"),
    };
    if (keyword === "COPY") return { ...shared, keyword, from: this.#flag("from"), parents: this.#flag("parents") };
    return {
      ...shared,
      keyword,
      checksum: this.#flag("checksum"),
      keepGitDir: this.#flag("keep-git-dir"),
      unpack: this.#flag("unpack"),
    };
  }

  #source(word: Word): CopySource {
    const opened = heredocOfWord(word.raw);
    if (opened === undefined) return { kind: "path", word };
    // Heredocs are found again by name: of two with one name the builder uses the last body for both.
    const heredoc = this.#line.heredocs.findLast((candidate) => candidate.name === opened.name);
    return { kind: "heredoc", word, heredoc };
  }
}

const KEYWORD = /^[A-Za-z]+$/;

function jsonItem(joined: JoinedText, string: JsonString): JsonItem {
  const { value, start, end, offsets } = string;
  const word = new SourceWord(value, "json", joined, { start, end, offsets, innerStart: start + 1 });
  return {
    value,
    word,
    get range(): Range {
      return word.range;
    },
    get innerRange(): Range {
      return word.innerRange;
    },
    script: { text: value, toRange: (from, to) => word.rangeOf(from, to) },
  };
}

/** A command in shell form; its script is made on first use. */
class ShellCommand {
  readonly kind = "shell";
  readonly text: string;
  readonly range: Range;
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
    this.range = joined.range(start, end);
  }

  get script(): ShellScript {
    this.#script ??= shellTextOf(this.#joined, this.#start, this.#end, this.#line.heredocs);
    return this.#script;
  }
}
