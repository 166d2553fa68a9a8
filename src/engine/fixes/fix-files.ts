import { decode, SOURCE_LIMIT_BYTES } from "../../files/decode.js";
import type { FileSystem } from "../../files/file-system.js";
import { OverlayFileSystem } from "../../files/overlay.js";
import { applyEdits } from "../../text/edits.js";
import type { Range, Source } from "../../text/source.js";
import type { RunResult } from "../run-result.js";
import { chooseFixes, type FixPlan, type TakenFix } from "./choose-fixes.js";
import { worsened } from "./compare-results.js";

/** Passes until nothing is left to fix; a fix may bring up another one. */
const MOST_PASSES = 10;
/** Passes more for files in which one fix failed: their rules are tried one by one. */
const MOST_CAREFUL_PASSES = 20;

/** What fixing needs. */
export interface FixOptions {
  /** Where the files are; nothing is written to it. */
  readonly fs: FileSystem;
  /** Also takes fixes that may change what the image does. */
  readonly unsafe: boolean;
  /** Runs the whole lint over a file system. */
  readonly lint: (fs: FileSystem) => RunResult | Promise<RunResult>;
  /** What reports call an absolute path, for files that are created; the path itself when absent. */
  readonly display?: ((file: string) => string) | undefined;
}

/** A file that fixes change. */
export interface FixedFile {
  /** Absolute. */
  readonly file: string;
  /** What reports show. */
  readonly path: string;
  /** Undefined for a file that is created. */
  readonly before: string | undefined;
  readonly after: string;
  /** Texts of secrets, which no output may show. */
  readonly secrets: readonly string[];
}

/** What fixing came to. */
export interface FixOutcome {
  /** In the order of paths. */
  readonly files: readonly FixedFile[];
  /** Number of fixes in these files. */
  readonly applied: number;
  /** What is left; its ranges are those of the fixed texts. */
  readonly result: RunResult;
}

/**
 * Applies fixes until none is left. After each pass everything is judged anew: where a file does not parse as well as
 * before, or has got a worse finding than it lost, the fixes of that pass are taken back, and its rules are tried one by
 * one. Nothing is written: see `writeFixes` and `diffFixes`.
 */
export async function fixFiles(options: FixOptions): Promise<FixOutcome> {
  const fixer = new Fixer(options);
  return fixer.run();
}

class Fixer {
  readonly #options: FixOptions;
  readonly #overlay: OverlayFileSystem;
  /** Current text of files that were changed or created, by absolute path. */
  readonly #texts = new Map<string, string>();
  /** As first read; undefined for files that are created. */
  readonly #originals = new Map<string, Source | undefined>();
  readonly #editable = new Map<string, boolean>();
  readonly #secrets = new Set<string>();
  /** Files whose rules are tried one by one, with the rule of this pass. */
  readonly #careful = new Map<string, string | undefined>();
  /** `rule file` pairs that do harm. */
  readonly #blocked = new Set<string>();
  #applied = 0;

  constructor(options: FixOptions) {
    this.#options = options;
    this.#overlay = new OverlayFileSystem(options.fs);
  }

  async run(): Promise<FixOutcome> {
    let result = await this.#lint();
    for (let pass = 0; pass < MOST_PASSES + (this.#careful.size > 0 ? MOST_CAREFUL_PASSES : 0); pass += 1) {
      for (const file of this.#careful.keys()) this.#careful.set(file, undefined);
      const plan = this.#choose(result);
      const before = this.#apply(plan);
      if (before.size === 0) break;
      const next = await this.#lint();
      const harmed = withLinked(worsened(result, next, pathsOf(before, plan)), plan.taken);
      this.#applied += plan.taken.filter(({ files }) => !files.some((file) => harmed.has(file))).length;
      if (harmed.size === 0) {
        result = next;
        continue;
      }
      for (const file of harmed) this.#takeBack(file, before.get(file), plan.taken);
      result = await this.#lint();
    }
    return { files: this.#fixedFiles(), applied: this.#applied, result };
  }

  async #lint(): Promise<RunResult> {
    const result = await this.#options.lint(this.#overlay);
    for (const { masked } of [...result.findings, ...result.suppressed.map(({ finding }) => finding)]) {
      for (const range of masked) this.#secrets.add(textOf(range));
    }
    return result;
  }

  #choose(result: RunResult): FixPlan {
    return chooseFixes(result.findings, {
      unsafe: this.#options.unsafe,
      mayEdit: (source) => this.#mayEdit(source),
      isAbsent: (file) => this.#overlay.lstat(file) === undefined,
      mayFix: (rule, file) => this.#mayFix(rule, file),
    });
  }

  /** Files whose bytes are not exactly their text would be damaged by writing the text back. */
  #mayEdit(source: Source): boolean {
    const known = this.#editable.get(source.file);
    if (known !== undefined) return known;
    const read = this.#overlay.readFile(source.file, SOURCE_LIMIT_BYTES);
    const decoded = read.kind === "bytes" ? decode(read.bytes) : undefined;
    const isEditable = decoded?.kind === "text" && decoded.invalidAt === undefined && decoded.text === source.text;
    this.#editable.set(source.file, isEditable);
    return isEditable;
  }

  #mayFix(rule: string, file: string): boolean {
    if (this.#blocked.has(`${rule} ${file}`)) return false;
    if (!this.#careful.has(file)) return true;
    const chosen = this.#careful.get(file);
    if (chosen === undefined) this.#careful.set(file, rule);
    return chosen === undefined || chosen === rule;
  }

  /** Changes the texts; returns what they were, undefined for files that did not exist. */
  #apply({ edits, created }: FixPlan): ReadonlyMap<string, string | undefined> {
    const before = new Map<string, string | undefined>();
    for (const [source, list] of edits) {
      const text = applyEdits(source.text, list);
      if (text === undefined || text === source.text) continue;
      before.set(source.file, source.text);
      if (!this.#originals.has(source.file)) this.#originals.set(source.file, source);
      this.#set(source.file, text);
    }
    for (const [file, text] of created) {
      before.set(file, undefined);
      if (!this.#originals.has(file)) this.#originals.set(file, undefined);
      this.#set(file, text);
    }
    return before;
  }

  #takeBack(file: string, before: string | undefined, taken: readonly TakenFix[]): void {
    if (before === undefined) {
      this.#texts.delete(file);
      this.#overlay.delete(file);
    } else this.#set(file, before);
    if (!this.#careful.has(file)) {
      this.#careful.set(file, undefined);
      return;
    }
    for (const fix of taken) if (fix.files.includes(file)) this.#blocked.add(`${fix.rule} ${file}`);
  }

  #set(file: string, text: string): void {
    this.#texts.set(file, text);
    this.#overlay.set(file, text);
  }

  #fixedFiles(): readonly FixedFile[] {
    const files: FixedFile[] = [];
    const secrets = [...this.#secrets];
    for (const [file, after] of this.#texts) {
      const original = this.#originals.get(file);
      const before = original?.text;
      if (before === after) continue;
      files.push({ file, path: original?.path ?? this.#options.display?.(file) ?? file, before, after, secrets });
    }
    return files.sort((a, b) => (a.path < b.path ? -1 : 1));
  }
}

function pathsOf(
  before: ReadonlyMap<string, string | undefined>,
  { edits }: FixPlan,
): ReadonlyMap<string, string | undefined> {
  const paths = new Map<string, string | undefined>();
  for (const source of edits.keys()) if (before.has(source.file)) paths.set(source.path, source.file);
  return paths;
}

/** Files that share a fix with a harmed file go with it: half a fix is none. */
function withLinked(harmed: ReadonlySet<string>, taken: readonly TakenFix[]): ReadonlySet<string> {
  const all = new Set(harmed);
  if (all.size === 0) return all;
  for (let size = -1; size !== all.size; ) {
    size = all.size;
    for (const { files } of taken) if (files.some((file) => all.has(file))) for (const file of files) all.add(file);
  }
  return all;
}

function textOf({ source, start, end }: Range): string {
  return source.text.slice(start, end);
}
