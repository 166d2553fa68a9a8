import { resolvePath } from "../dockerfile/container-path.js";
import type { Invocation, Word } from "../shell/model.js";
import { optionTable, readOptions } from "../shell/options.js";
import { toolOptions } from "../shell/tool-options.js";
import type { Range } from "../text/source.js";
import { type ModeClause, parseFileMode } from "../values/file-mode.js";
import { folderAt } from "./dependency-installs.js";
import type { CopyView, RunView, StageView } from "./model.js";

/** What a mode says, as far as it concerns others and the special bits. */
export interface ModeEffect {
  /** Everyone may write. */
  readonly othersWrite: boolean;
  /** Programs run as their owner. */
  readonly setUid: boolean;
  /** Programs run with their group; in a folder, new files get its group. */
  readonly setGid: boolean;
  /** In a folder that all may write, only owners remove. */
  readonly sticky: boolean;
  /** Undefined for a symbolic mode. */
  readonly bits: number | undefined;
}

/** A mode that a step gives to paths of the image. */
export interface GivenMode {
  readonly mode: ModeEffect;
  /** As written. */
  readonly text: string;
  /** The mode; the whole word where it is joined to an option. */
  readonly range: Range;
  /** As a person would say it: `chmod -R`, `mkdir`, `COPY --chmod`. */
  readonly what: string;
  readonly recursive: boolean;
  /** `unknown`: files or folders, nobody can tell from the command. */
  readonly target: "folder" | "file" | "unknown";
  /** Absolute where that is known, else as written; undefined for those that nobody knows. */
  readonly paths: readonly (string | undefined)[];
  /** The RUN that gives it; undefined for a copy. */
  readonly run: RunView | undefined;
  /** The mode stands in plain text, so that it may be replaced. */
  readonly isPlain: boolean;
}

/** Modes that the steps of a stage give, in the order of the file; unknown ones are left out. */
export function givenModes(stage: StageView): readonly GivenMode[] {
  return stage.layers.flatMap((layer) => (layer.kind === "run" ? ofRun(layer.run) : ofCopy(layer.copy)));
}

function ofCopy(copy: CopyView): readonly GivenMode[] {
  const { instruction, step, destination, sources } = copy;
  const flag = instruction.chmod;
  if (flag?.value === undefined || flag.valueRange === undefined) return [];
  const value = step.expand(flag.value);
  const mode = value.kind === "known" ? effectOf(value.value) : undefined;
  if (value.kind !== "known" || mode === undefined) return [];
  return [
    {
      mode,
      text: value.value,
      range: flag.valueRange,
      what: `${instruction.keyword} --chmod`,
      recursive: true,
      target: sources.every(({ kind }) => kind === "heredoc") ? "file" : "unknown",
      paths: [destination],
      run: undefined,
      isPlain: !flag.value.hasVariables,
    },
  ];
}

function ofRun(run: RunView): readonly GivenMode[] {
  const modes: GivenMode[] = [];
  for (const { tool, spec, specRange, recursive, paths, invocation } of run.facts.ownership) {
    if (tool !== "chmod" || spec === undefined) continue;
    const mode = effectOf(spec);
    if (mode === undefined) continue;
    modes.push({
      mode,
      text: spec,
      range: specRange,
      what: recursive ? "chmod -R" : "chmod",
      recursive,
      target: targetOf(invocation, paths),
      paths: paths.map((word) => pathOf(word, run, invocation)),
      run,
      isPlain: isPlain(invocation, specRange),
    });
  }
  for (const command of run.commands) {
    if (command.name !== "mkdir" && command.name !== "install") continue;
    const given = ofMaker(command, command.name, run);
    if (given !== undefined) modes.push(given);
  }
  return modes;
}

function ofMaker(invocation: Invocation, name: "mkdir" | "install", run: RunView): GivenMode | undefined {
  const reader = readOptions(invocation, toolOptions(name) ?? optionTable(""));
  const use = reader.find("-m", "--mode");
  const mode = use?.value === undefined ? undefined : effectOf(use.value);
  if (use?.value === undefined || use.valueRange === undefined || mode === undefined) return undefined;
  const operands = reader.verb === undefined ? [] : [reader.verb, ...reader.operands];
  const isFolder = name === "mkdir" || reader.has("-d", "--directory");
  const paths = isFolder ? operands : operands.slice(-1);
  return {
    mode,
    text: use.value,
    range: use.valueRange,
    what: name,
    recursive: false,
    target: isFolder ? "folder" : "file",
    paths: paths.map((word) => pathOf(word, run, invocation)),
    run,
    isPlain: use.valueWord?.parts.every(({ kind }) => kind === "literal") === true,
  };
}

/** `find … -type d -exec chmod` tells; so does a slash at the end. */
function targetOf({ wrappers }: Invocation, paths: readonly Word[]): GivenMode["target"] {
  for (const { name, words } of wrappers) {
    if (name !== "find") continue;
    const at = words.findIndex(({ value }) => value === "-type");
    const type = words[at + 1]?.value;
    if (at !== -1 && type === "d") return "folder";
    if (at !== -1 && type === "f") return "file";
  }
  return paths.length > 0 && paths.every(({ value }) => value?.endsWith("/") === true) ? "folder" : "unknown";
}

function pathOf({ value }: Word, run: RunView, invocation: Invocation): string | undefined {
  if (value === undefined || value === "{}") return undefined;
  if (value.startsWith("/")) return resolvePath("/", value);
  const folder = folderAt(run, invocation);
  return folder === undefined || value.startsWith("~") ? value : resolvePath(folder, value);
}

function isPlain({ args }: Invocation, range: Range): boolean {
  const word = args.find((each) => each.range === range);
  return word?.parts.every(({ kind, quote }) => kind === "literal" && quote === "none") === true;
}

/**
 * The effect of an octal or a symbolic mode. Without `who`, `+w` gives what the umask leaves, which is nothing to others.
 *
 * @returns undefined for anything that is no mode
 */
function effectOf(text: string): ModeEffect | undefined {
  const whole = parseFileMode(text);
  if (whole.kind === "malformed") return undefined;
  if (whole.kind === "octal") return ofBits(whole.bits);
  let effect: ModeEffect = ofBits(0);
  for (const part of text.split(",")) {
    const mode = parseFileMode(part);
    if (mode.kind !== "symbolic") continue;
    const isUnmasked = /^[ugoa]/.test(part);
    for (const clause of mode.clauses) effect = afterClause(effect, clause, isUnmasked);
  }
  return { ...effect, bits: undefined };
}

function ofBits(bits: number): ModeEffect {
  return {
    othersWrite: (bits & 0o2) !== 0,
    setUid: (bits & 0o4000) !== 0,
    setGid: (bits & 0o2000) !== 0,
    sticky: (bits & 0o1000) !== 0,
    bits,
  };
}

function afterClause(effect: ModeEffect, clause: ModeClause, isUnmasked: boolean): ModeEffect {
  const { who, operator, permissions } = clause;
  const gives = operator !== "-";
  const bit = (letter: string, user: string, before: boolean) => {
    if (permissions.includes(letter) && who.includes(user)) return gives;
    return operator === "=" && who.includes(user) ? false : before;
  };
  return {
    othersWrite: isUnmasked ? bit("w", "o", effect.othersWrite) : effect.othersWrite,
    setUid: bit("s", "u", effect.setUid),
    setGid: bit("s", "g", effect.setGid),
    sticky: permissions.includes("t") ? gives : effect.sticky,
    bits: undefined,
  };
}
