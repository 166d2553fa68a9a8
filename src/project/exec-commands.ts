import type { Command, Service } from "../compose/model.js";
import type { Confidence } from "../data/levels.js";
import type { ArgvItem } from "../shell/argv.js";
import type { Range } from "../text/source.js";
import type { Project, RunningImage, StageView } from "./model.js";
import { startScriptOf } from "./start-scripts.js";
import { type WrittenCommand, writtenCommands } from "./written-commands.js";

/** A word of a command that no shell reads. */
export interface ExecWord extends ArgvItem {
  /** As it may be shown. */
  readonly text: string;
  /** Quotes around it say that its author knows what it is. */
  readonly isQuoted: boolean;
}

/** Words that start a program without a shell, together with the entrypoint that they are arguments of. */
export interface ExecCommand {
  /** `list`: an exec array or a YAML list; `text`: a string that Compose splits. */
  readonly form: "list" | "text";
  readonly from: "dockerfile" | "compose";
  readonly words: readonly ExecWord[];
  /** Words of the ENTRYPOINT before them; empty when there is none. */
  readonly entrypoint: readonly string[];
  /** How sure that entrypoint is, and that it hands the words on as they are. */
  readonly confidence: Confidence;
  /** The array, list or string. */
  readonly range: Range;
}

/** What stands before the words of a command. */
interface Before {
  readonly entrypoint: readonly string[];
  readonly confidence: Confidence;
}

/** RUN, CMD and ENTRYPOINT of a stage in exec form. */
export function* execCommandsOf(stage: StageView, project: Project): Iterable<ExecCommand> {
  for (const { instruction, text } of writtenCommands(stage)) {
    if (text.kind !== "json" || text.items.length === 0 || instruction.keyword === "HEALTHCHECK") continue;
    const before = instruction.keyword === "CMD" ? entrypointOf(stage, project) : NOTHING;
    if (before === undefined) continue;
    yield { form: "list", from: "dockerfile", words: wordsOf(text), ...before, range: text.range };
  }
}

function wordsOf(text: Extract<WrittenCommand["text"], { kind: "json" }>): readonly ExecWord[] {
  return text.items.map(({ value, range, script }) => ({
    value,
    text: value,
    range,
    rangeAt: script.toRange,
    isQuoted: false,
  }));
}

const NOTHING: Before = { entrypoint: [], confidence: "high" };
const UNKNOWN: Before = { entrypoint: [], confidence: "medium" };

/** `entrypoint`, `command` and hooks of a service, as far as their words are known. */
export function* execCommandsOfService(service: Service, project: Project): Iterable<ExecCommand> {
  const { entrypoint, command, hooks } = service;
  const isReplaced = entrypoint !== undefined && entrypoint.form !== "image";
  if (isReplaced) yield* fromCompose(entrypoint, NOTHING);
  if (command !== undefined) {
    const before = isReplaced ? ofWords(entrypoint) : ofImage(project.imageOf(service), project);
    if (before !== undefined) yield* fromCompose(command, before);
  }
  for (const hook of hooks) if (hook.command !== undefined) yield* fromCompose(hook.command, NOTHING);
}

function* fromCompose({ form, words, range, problem }: Command, before: Before): Iterable<ExecCommand> {
  if ((form !== "list" && form !== "text") || problem !== undefined || words.length === 0) return;
  const known: ExecWord[] = words.map((word) => ({
    value: word.value ?? word.text,
    text: word.text,
    range: word.range,
    rangeAt: (start, end) => (word.value === undefined ? word.range : word.rangeOf(start, end)),
    isQuoted: form === "text" && word.range.source.slice(word.range) !== word.text.replaceAll("$", "$$$$"),
  }));
  yield { form, from: "compose", words: known, ...before, range };
}

function ofWords({ words }: Command): Before | undefined {
  const entrypoint: string[] = [];
  for (const { value } of words) {
    if (value === undefined) return undefined;
    entrypoint.push(value);
  }
  return { entrypoint, confidence: passesOn(entrypoint) ? "medium" : "high" };
}

function ofImage(image: RunningImage, project: Project): Before | undefined {
  if (image.kind === "stage") return entrypointOf(image.stage, project);
  return ofTable(image.kind === "pulled" ? image.facts?.entrypoint : undefined);
}

/** @returns undefined where a shell reads the words after all, or nothing does */
function entrypointOf(stage: StageView, project: Project): Before | undefined {
  const { entrypoint, isScratch, facts } = stage;
  if (entrypoint === undefined) return isScratch ? NOTHING : ofTable(facts?.entrypoint);
  if (entrypoint.argv === undefined) return undefined;
  const start = startScriptOf(entrypoint, stage, project);
  if (start.kind !== "script")
    return { entrypoint: entrypoint.argv, confidence: start.kind === "none" ? "high" : "medium" };
  // A script may hand the words to a shell.
  const { text } = start.script;
  if (text.includes("eval") || text.includes("-c ") || !text.includes('"$@"')) return undefined;
  return { entrypoint: entrypoint.argv, confidence: "high" };
}

function ofTable(entrypoint: readonly string[] | undefined): Before {
  if (entrypoint === undefined) return UNKNOWN;
  return { entrypoint, confidence: entrypoint.length === 0 ? "high" : "medium" };
}

/** Whether an entrypoint only prepares and then runs its arguments, by its name. */
export function passesOn(entrypoint: readonly string[]): boolean {
  const [program = ""] = entrypoint;
  return /(?:^|\/)(?:[\w.-]*entrypoint[\w.-]*|tini|dumb-init|catatonit|init|[\w.-]+\.sh)$/.test(program);
}
