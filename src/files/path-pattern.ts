/** One step of a path pattern. `repeats`: any number of times, also none. Numbers are code points. */
export interface PatternItem {
  readonly matches:
    | { readonly kind: "character"; readonly codePoint: number }
    | { readonly kind: "class"; readonly isNegated: boolean; readonly ranges: readonly CodePointRange[] }
    /** Any character but `/`. */
    | { readonly kind: "name-character" }
    /** Any character; with `exceptNewline`, all but a line feed. */
    | { readonly kind: "any"; readonly exceptNewline: boolean }
    /** Nothing, or anything that ends in `/`; never repeats. */
    | { readonly kind: "folders" }
    /** The start of the path; consumes nothing. */
    | { readonly kind: "start" };
  readonly repeats: boolean;
}

/** Both ends included. */
export type CodePointRange = readonly [first: number, last: number];

// What an instruction does; small numbers so that the loop below stays in typed arrays.
const CHARACTER = 0;
const CLASS = 1;
const NAME_CHARACTER = 2;
const ANY = 3;
const FORK = 4;
const UNTIL_SLASH = 5;
const START = 6;

const SLASH = 47;
const NEWLINE = 10;

/**
 * Counts the work of matching, for all patterns that share it. Past the limit nothing matches any more: the answer to
 * texts that were made to be slow, out of reach for all others.
 */
export interface WorkMeter {
  /** Characters times the alternatives open at each. */
  steps: number;
  readonly limit: number;
}

/** A meter at zero. The limit is a few seconds of work. */
export function newWorkMeter(): WorkMeter {
  return { steps: 0, limit: 300_000_000 };
}

/** Longer paths exist nowhere; Linux, PATH_MAX. */
const LONGEST_PATH = 4096;

/**
 * A compiled pattern over whole paths. Runs all alternatives side by side, so a match costs at most the length of the
 * path times that of the pattern, whatever the pattern (regular expressions that backtrack can be made to hang).
 */
export class PathPattern {
  readonly #items: readonly PatternItem[];
  readonly #meter: WorkMeter;
  readonly #isLiteral: boolean;
  readonly #prefix: string;
  readonly #suffix: string;
  readonly #inner: string;
  readonly #shortest: number;
  /** What the last part of the path must match, when the folders before it do not matter. */
  readonly #name: PathPattern | undefined;
  #machine: Machine | undefined;

  constructor(items: readonly PatternItem[], meter: WorkMeter = newWorkMeter()) {
    this.#items = items;
    this.#meter = meter;
    this.#isLiteral = items.every(isLiteral);
    this.#prefix = literalRun(items, 1);
    this.#suffix = literalRun(items, -1);
    this.#inner = longestLiteral(items);
    this.#shortest = items.filter((item) => !item.repeats && !CONSUMES_NOTHING.has(item.matches.kind)).length;
    this.#name = isAboutName(items) ? new PathPattern(items.slice(1), meter) : undefined;
  }

  /** Whether the whole path matches. */
  matches(path: string): boolean {
    this.#meter.steps += 1;
    if (this.#isLiteral) return path === this.#prefix;
    if (path.length < this.#shortest || !path.startsWith(this.#prefix) || !path.endsWith(this.#suffix)) return false;
    if (!path.includes(this.#inner)) return false;
    if (this.#name !== undefined) {
      const nameStart = path.lastIndexOf("/") + 1;
      // Folders do not stand for line feeds.
      return this.#name.matches(path.slice(nameStart)) && path.lastIndexOf("\n", nameStart) === -1;
    }
    if (path.length > LONGEST_PATH || this.#meter.steps > this.#meter.limit) return false;
    this.#machine ??= new Machine(this.#items, this.#meter);
    return this.#machine.run(path);
  }
}

/** The instructions of a pattern and room to run them. */
class Machine {
  readonly #operations: Uint8Array;
  readonly #operands: Int32Array;
  readonly #repeats: Uint8Array;
  readonly #classes: Program["classes"];
  readonly #meter: WorkMeter;
  // Lists of states, and marks: a state is in the list being built when its mark is current.
  readonly #a: Int32Array;
  readonly #b: Int32Array;
  readonly #marks: Int32Array;
  #mark = 0;
  #count = 0;

  constructor(items: readonly PatternItem[], meter: WorkMeter) {
    const program = assemble(items);
    this.#operations = Uint8Array.from(program.operations);
    this.#operands = Int32Array.from(program.operands);
    this.#repeats = Uint8Array.from(program.repeats);
    this.#classes = program.classes;
    this.#meter = meter;
    const size = this.#operations.length + 1;
    this.#a = new Int32Array(size);
    this.#b = new Int32Array(size);
    this.#marks = new Int32Array(size);
  }

  run(path: string): boolean {
    let current = this.#a;
    let next = this.#b;
    let length = this.#begin(current);
    for (let offset = 0; offset < path.length; ) {
      const codePoint = path.codePointAt(offset) ?? 0;
      offset += codePoint > 0xffff ? 2 : 1;
      this.#meter.steps += length;
      if (this.#meter.steps > this.#meter.limit) return false;
      this.#mark += 1;
      this.#count = 0;
      for (let index = 0; index < length; index += 1) this.#step(current[index] ?? 0, codePoint, next);
      if (this.#count === 0) return false;
      length = this.#count;
      [current, next] = [next, current];
    }
    return this.#marks[this.#operations.length] === this.#mark;
  }

  #begin(states: Int32Array): number {
    this.#mark += 1;
    this.#count = 0;
    this.#add(0, states, true);
    return this.#count;
  }

  #step(state: number, codePoint: number, next: Int32Array): void {
    const operation = this.#operations[state];
    if (operation === UNTIL_SLASH) {
      if (codePoint === NEWLINE) return;
      this.#add(state, next, false);
      if (codePoint === SLASH) this.#add(state + 1, next, false);
      return;
    }
    if (operation === undefined || !this.#accepts(operation, this.#operands[state] ?? 0, codePoint)) return;
    this.#add(this.#repeats[state] === 1 ? state : state + 1, next, false);
  }

  #accepts(operation: number, operand: number, codePoint: number): boolean {
    if (operation === CHARACTER) return codePoint === operand;
    if (operation === NAME_CHARACTER) return codePoint !== SLASH;
    if (operation === ANY) return operand === 0 || codePoint !== NEWLINE;
    if (operation !== CLASS) return false;
    const group = this.#classes[operand];
    if (group === undefined) return false;
    const isMember = group.ranges.some(([first, last]) => first <= codePoint && codePoint <= last);
    return isMember !== group.isNegated;
  }

  /** Enters a state and all that can be reached from it without a character. */
  #add(first: number, states: Int32Array, isStart: boolean): void {
    for (let state = first; this.#enter(state); state += 1) {
      const operation = this.#operations[state];
      if (operation === FORK) {
        // Either the folders follow, or what comes behind them.
        state += 1;
        if (this.#enter(state)) this.#list(state, states);
      } else if (operation === START) {
        if (!isStart) return;
      } else {
        this.#list(state, states);
        if (this.#repeats[state] !== 1) return;
      }
    }
  }

  /** Marks a state as reached; false when it already was, and so was all that follows from it. */
  #enter(state: number): boolean {
    if (this.#marks[state] === this.#mark) return false;
    this.#marks[state] = this.#mark;
    return true;
  }

  #list(state: number, states: Int32Array): void {
    states[this.#count] = state;
    this.#count += 1;
  }
}

const CONSUMES_NOTHING: ReadonlySet<string> = new Set(["folders", "start"]);

interface Program {
  readonly operations: number[];
  readonly operands: number[];
  readonly repeats: number[];
  readonly classes: { readonly isNegated: boolean; readonly ranges: readonly CodePointRange[] }[];
}

function assemble(items: readonly PatternItem[]): Program {
  const program: Program = { operations: [], operands: [], repeats: [], classes: [] };
  const emit = (operation: number, operand: number, repeats: boolean): void => {
    program.operations.push(operation);
    program.operands.push(operand);
    program.repeats.push(repeats ? 1 : 0);
  };
  for (const { matches, repeats } of items) {
    switch (matches.kind) {
      case "character":
        emit(CHARACTER, matches.codePoint, repeats);
        break;
      case "class":
        emit(CLASS, program.classes.length, repeats);
        program.classes.push(matches);
        break;
      case "name-character":
        emit(NAME_CHARACTER, 0, repeats);
        break;
      case "any":
        emit(ANY, matches.exceptNewline ? 1 : 0, repeats);
        break;
      case "folders":
        emit(FORK, 0, false);
        emit(UNTIL_SLASH, 0, false);
        break;
      case "start":
        emit(START, 0, false);
        break;
    }
  }
  return program;
}

function isLiteral(item: PatternItem): boolean {
  return item.matches.kind === "character" && !item.repeats;
}

/** Literal text at the start (direction 1) or end (-1) of a pattern. */
function literalRun(items: readonly PatternItem[], direction: 1 | -1): string {
  const characters: string[] = [];
  for (let index = direction === 1 ? 0 : items.length - 1; ; index += direction) {
    const item = items[index];
    if (item === undefined || item.matches.kind !== "character" || item.repeats) break;
    characters.push(String.fromCodePoint(item.matches.codePoint));
  }
  return direction === 1 ? characters.join("") : characters.reverse().join("");
}

/** The longest run of literal text anywhere in a pattern; empty when it has none. */
function longestLiteral(items: readonly PatternItem[]): string {
  let longest = "";
  let run = "";
  for (const { matches, repeats } of items) {
    run = matches.kind === "character" && !repeats ? run + String.fromCodePoint(matches.codePoint) : "";
    if (run.length > longest.length) longest = run;
  }
  return longest;
}

/** Whether a pattern is any folders and then items that never match a slash. */
function isAboutName(items: readonly PatternItem[]): boolean {
  return items[0]?.matches.kind === "folders" && items.slice(1).every(({ matches }) => staysInName(matches));
}

function staysInName(matches: PatternItem["matches"]): boolean {
  if (matches.kind === "name-character") return true;
  if (matches.kind === "character") return matches.codePoint !== SLASH;
  if (matches.kind !== "class") return false;
  return matches.ranges.some(([first, last]) => first <= SLASH && SLASH <= last) === matches.isNegated;
}

/** One character that stands for itself. */
export function literal(codePoint: number): PatternItem {
  return { matches: { kind: "character", codePoint }, repeats: false };
}

/** Exactly one character but `/`: `?`. */
export const NAME_CHARACTER_ONCE: PatternItem = { matches: { kind: "name-character" }, repeats: false };

/** Any run without `/`: `*`. */
export const NAME_RUN: PatternItem = { matches: { kind: "name-character" }, repeats: true };

/** Any run at all. */
export const ANY_RUN: PatternItem = { matches: { kind: "any", exceptNewline: false }, repeats: true };

/** Any run at all, at least one character. */
export const ANY_ONCE: PatternItem = { matches: { kind: "any", exceptNewline: false }, repeats: false };

/** Any number of whole folders, also none. */
export const FOLDERS: PatternItem = { matches: { kind: "folders" }, repeats: false };

/** Characters of the named classes in `[[:name:]]`; POSIX locale. */
export const NAMED_CLASSES: ReadonlyMap<string, readonly CodePointRange[]> = new Map<string, CodePointRange[]>([
  [
    "alnum",
    [
      [48, 57],
      [65, 90],
      [97, 122],
    ],
  ],
  [
    "alpha",
    [
      [65, 90],
      [97, 122],
    ],
  ],
  ["ascii", [[0, 127]]],
  [
    "blank",
    [
      [9, 9],
      [32, 32],
    ],
  ],
  [
    "cntrl",
    [
      [0, 31],
      [127, 127],
    ],
  ],
  ["digit", [[48, 57]]],
  ["graph", [[33, 126]]],
  ["lower", [[97, 122]]],
  ["print", [[32, 126]]],
  [
    "punct",
    [
      [33, 47],
      [58, 64],
      [91, 96],
      [123, 126],
    ],
  ],
  [
    "space",
    [
      [9, 13],
      [32, 32],
    ],
  ],
  ["upper", [[65, 90]]],
  [
    "word",
    [
      [48, 57],
      [65, 90],
      [95, 95],
      [97, 122],
    ],
  ],
  [
    "xdigit",
    [
      [48, 57],
      [65, 70],
      [97, 102],
    ],
  ],
]);
