import type { Service } from "../compose/model.js";
import type { Binding } from "../dockerfile/expand.js";
import { PROXY_ARGS } from "../dockerfile/scope.js";
import type { TextFrame } from "../shell/frame.js";
import { HOLE, type Script, type ScriptKind, type ShellKind } from "../shell/model.js";
import { shebangOf } from "../shell/shell-kind.js";
import { type Range, type Source, textOf } from "../text/source.js";
import type { CommandView, Project, RunView, StageView } from "./model.js";
import { commandsOf, commandsOfTest, shOf } from "./service-view.js";
import { runsAndTriggers } from "./trigger-runs.js";

/** A dialect of the Bourne shell, as programs that check scripts call them. */
export type ShellDialect = "bash" | "dash" | "ksh" | "sh";

/**
 * A script that stands written out in a Dockerfile or Compose file, for a program that checks shell scripts. It outlives
 * the models of a run that does not wait for the program, so that it leads to none of them.
 */
export interface ShellText extends TextFrame {
  readonly kind: ScriptKind;
  readonly shell: ShellKind;
  /** Ranges of the scripts inside of it that another shell reads. */
  readonly nested: readonly Range[];
  readonly dialect: ShellDialect;
  /** Names among the words of the script that ARG, ENV, a secret mount or the service set; sorted. */
  readonly declared: readonly string[];
}

/** The scripts of RUN, CMD, ENTRYPOINT and HEALTHCHECK that are written in a stage, in the order of the file. */
export function shellTextsOf(stage: StageView): readonly ShellText[] {
  const texts = new TextList();
  for (const run of runsAndTriggers(stage)) {
    const secrets = secretNames(run);
    texts.add(run.script, run.commands, (name) => secrets.has(name) || isDeclared(run.step.lookup(name), name));
  }
  for (const view of startsOf(stage)) {
    texts.add(view.script, view.commands, (name) => isDeclared(view.step.lookup(name), name));
  }
  return texts.all;
}

/** The scripts that `command`, `entrypoint` and the health check of a service hold. */
export function shellTextsOfService(service: Service, project: Project): readonly ShellText[] {
  const image = project.imageOf(service);
  const texts = new TextList();
  const stage = image.kind === "stage" ? image.stage : undefined;
  const isSet = (name: string): boolean => {
    if (service.environment.get(name) !== undefined) return true;
    const binding = stage?.evaluated.lookup(name);
    return binding !== undefined && isDeclared(binding, name);
  };
  for (const command of [service.entrypoint, service.command]) {
    if (command !== undefined) texts.add(undefined, commandsOf(command, shOf(image)), isSet);
  }
  const test = service.healthcheck?.test;
  const check = test === undefined ? undefined : commandsOfTest(test, image);
  if (check !== undefined) texts.add(check.script, check.commands, isSet);
  return texts.all;
}

/** What the stage itself starts: settings that it inherits are judged where they are written. */
function startsOf(stage: StageView): readonly CommandView[] {
  const { entrypoint, command, healthcheck } = stage;
  const views = [entrypoint, command, healthcheck.kind === "check" ? healthcheck.view : undefined];
  return views.filter((view) => view !== undefined).filter((view) => view.stage === stage);
}

/** Environment variables that secret mounts of a RUN set: `--mount=type=secret,id=token,env=TOKEN`. */
function secretNames({ instruction }: RunView): ReadonlySet<string> {
  const names = instruction.mounts.flatMap(({ type, entries }) =>
    type === "secret" ? entries.filter(({ key }) => key === "env").map(({ value }) => value?.raw ?? "") : [],
  );
  return new Set(names);
}

/** Whether the file itself sets a name; what only a base image may set has no origin. */
function isDeclared(binding: Binding, name: string): boolean {
  return PROXY_ARGS.has(name) || (binding.kind !== "unset" && binding.origin !== undefined);
}

/** Collects scripts and those that stand word for word inside them. */
class TextList {
  readonly all: ShellText[] = [];
  readonly #seen = new Set<Script>();

  add(script: Script | undefined, commands: readonly { readonly nested: readonly Script[] }[], isSet: IsSet): void {
    if (script !== undefined) this.#addScript(script, isSet);
    for (const nested of script?.nested ?? commands.flatMap((command) => command.nested)) {
      if (isWordForWord(nested)) this.#addScript(nested, isSet);
    }
  }

  #addScript(script: Script, isSet: IsSet): void {
    if (this.#seen.has(script)) return;
    this.#seen.add(script);
    const { kind, text, shell, frame } = script;
    const dialect = dialectOf(shell);
    if (dialect === undefined || text.trim() === "" || text.includes(HOLE) || isForeign(text)) return;
    const declared = [...new Set(text.match(NAME) ?? [])].filter(isSet).sort();
    const nested = script.nested.map(({ range }) => range);
    this.all.push({ kind, shell, text, rangeAt: frame.rangeAt, nested, dialect, declared });
  }
}

type IsSet = (name: string) => boolean;

const NAME = /[A-Za-z_]\w*/g;

/**
 * Whether the inner shell gets what is written: not so where the outer one expands something first, or an escape stands for
 * another character.
 */
function isWordForWord(script: Script): boolean {
  const { kind, text, range } = script;
  if (kind === "nested-eval") return false;
  // A word of exec form reaches the shell as it was decoded; one whose value is unknown has no places inside.
  if (kind === "exec-nested") return text.length > 1 && script.rangeAt(0, 1).end < range.end;
  if (textOf(range) !== text) return false;
  const { source, start } = range;
  return source.text[start - 1] === "'" || !/[$`\\]/.test(text);
}

/** A body whose `#!` line names an interpreter that is no shell of this family. */
function isForeign(text: string): boolean {
  const shebang = shebangOf(text);
  return shebang !== undefined && dialectOf(shebang.kind) === undefined;
}

function dialectOf(shell: ShellKind): ShellDialect | undefined {
  switch (shell) {
    case "bash":
    case "sh-bash":
      return "bash";
    // Programs older than 2024 do not know the name `busybox`; what it has beyond dash is left out by code.
    case "sh-dash":
    case "sh-busybox":
      return "dash";
    case "sh-unknown":
      return "sh";
    case "ksh":
      return "ksh";
    default:
      return undefined;
  }
}

/**
 * The range of a stretch of a script, when each of its characters stands for itself there, so that it can be edited.
 *
 * @param source the source that may be edited
 */
export function editableRange({ text, rangeAt }: ShellText, start: number, end: number, source: Source) {
  const range = rangeAt(start, end);
  if (range.source !== source || textOf(range) !== text.slice(start, end)) return undefined;
  // An insertion goes between two characters of which at least one stands there as written.
  if (start !== end) return range;
  const before = start > 0 && source.text[range.start - 1] === text[start - 1];
  const after = source.text[range.start] === text[start];
  return before || after ? range : undefined;
}
