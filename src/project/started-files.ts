import { contextPath } from "../context/reach.js";
import { isWithin, joinPath, resolvePath } from "../files/path.js";
import type { Invocation, Word } from "../shell/model.js";
import { shebangOf } from "../shell/shell-kind.js";
import type { Range, Source } from "../text/source.js";
import { folderAt } from "./dependency-installs.js";
import { fileBehind } from "./image-files.js";
import type { CommandView, CopyView, Project, RunView, StageView } from "./model.js";
import { copiesBringing } from "./placed-files.js";

/** A file of the context or of a heredoc that the image or a step of its build runs as a program. */
export interface StartedFile {
  /** Absolute. */
  readonly path: string;
  /** The word that names it. */
  readonly range: Range;
  readonly by: "ENTRYPOINT" | "CMD" | "HEALTHCHECK" | "RUN";
  /** The system runs it itself; a shell would run a file without `#!`, too. */
  readonly isExec: boolean;
  /** The COPY or ADD that brings it. */
  readonly copy: CopyView;
  readonly text: string;
  /** Undefined for a heredoc. */
  readonly source: Source | undefined;
  /** Permission bits in the context; 0644 for a heredoc; undefined where the file system has none. */
  readonly mode: number | undefined;
  /** No COPY of another stage comes between, so that flags of `copy` decide. */
  readonly isDirect: boolean;
  /** What may have changed the file between the COPY and the start. */
  readonly touched: { readonly mode: boolean; readonly text: boolean; readonly isCertain: boolean };
}

/** A program that is looked for in a folder which a COPY brings, and that is not there. */
export interface MissingStart {
  readonly path: string;
  readonly range: Range;
  readonly by: StartedFile["by"];
  readonly copy: CopyView;
}

/** A word that names a program. */
interface Start {
  readonly path: string;
  readonly range: Range;
  readonly by: StartedFile["by"];
  readonly isExec: boolean;
  /** The RUN that starts it; undefined for what runs in the container. */
  readonly run: RunView | undefined;
}

/** Programs that a stage starts, as far as files of the context or heredocs are behind them. */
export function* startedFiles(stage: StageView, project: Project): Iterable<StartedFile> {
  for (const start of startsOf(stage)) {
    const file = fileBehind(stage, start.path, project);
    if (file.kind !== "file" && file.kind !== "heredoc") continue;
    const { copy } = file;
    if (start.run !== undefined && copy.stage === stage && copy.step.index > start.run.step.index) continue;
    const source = file.kind === "file" ? file.source : undefined;
    const { path, range, by, isExec } = start;
    yield {
      path,
      range,
      by,
      isExec,
      copy,
      text: file.kind === "file" ? file.source.text : file.text,
      source,
      mode: source === undefined ? 0o644 : modeOf(source, copy),
      isDirect: stage.lineage.includes(copy.stage),
      touched: touchesOf(stage, path, start.run),
    };
  }
}

/** Programs that no step brings although a COPY brings the folder; only what is certain. */
export function* missingStarts(stage: StageView, project: Project): Iterable<MissingStart> {
  for (const { path, range, by, run } of startsOf(stage)) {
    if (run !== undefined || fileBehind(stage, path, project).kind !== "none") continue;
    const copies = copiesBringing(stage, path);
    const [copy] = copies ?? [];
    if (copies === undefined || copy === undefined || !copies.every((each) => lacks(each, path, project))) continue;
    yield { path, range, by, copy };
  }
}

/** Words that name a program by a path; a name alone is looked for on PATH, and no matter of files. */
function* startsOf(stage: StageView): Iterable<Start> {
  for (const run of stage.runs) {
    if (run.isOnbuild) continue;
    for (const command of run.commands) {
      const word = command.words[0];
      if (word?.value?.includes("/") !== true || !isSure(command)) continue;
      const path = absolutePath(word.value, folderAt(run, command));
      if (path !== undefined) yield { path, range: word.range, by: "RUN", isExec: command.via === "exec-form", run };
    }
  }
  if (stage.build.target !== stage) return;
  const { entrypoint, command, healthcheck } = stage;
  if (entrypoint !== undefined) yield* startsOfView(entrypoint, "ENTRYPOINT", stage);
  else if (command !== undefined && (stage.isScratch || stage.facts !== undefined)) {
    yield* startsOfView(command, "CMD", stage);
  }
  if (healthcheck.kind === "check") yield* startsOfView(healthcheck.view, "HEALTHCHECK", stage);
}

function* startsOfView({ commands, argv }: CommandView, by: StartedFile["by"], stage: StageView): Iterable<Start> {
  const first = argv === undefined ? commands.filter(isSure) : commands.slice(0, 1);
  for (const { words } of first) {
    const [word] = words;
    const path = word?.value?.includes("/") === true ? absolutePath(word.value, stage.workdir) : undefined;
    if (word !== undefined && path !== undefined) {
      yield { path, range: word.range, by, isExec: argv !== undefined, run: undefined };
    }
  }
}

function isSure({ onlyIf, guarded, isTolerated, via }: Invocation): boolean {
  return onlyIf === "none" && !guarded && !isTolerated && via !== "nested";
}

function absolutePath(path: string, folder: string | undefined): string | undefined {
  if (path.startsWith("~")) return undefined;
  if (path.startsWith("/")) return resolvePath("/", path);
  return folder === undefined ? undefined : resolvePath(folder, path);
}

/** Systems without modes give every file the same ones, without the bits to execute. */
const MODELESS: ReadonlySet<number> = new Set([0, 0o666, 0o444]);

function modeOf({ file }: Source, { stage }: CopyView): number | undefined {
  const { context } = stage.build;
  const mode = context.kind === "local" ? context.workspace.fs.stat(file)?.mode : undefined;
  return mode === undefined || MODELESS.has(mode) ? undefined : mode;
}

/** Programs that only read what they are given, or change no file that is there. */
const HARMLESS: ReadonlySet<string> = new Set(
  "cat chgrp chown echo exec file grep head ls printf rm sh bash source stat tail test wc which [ .".split(" "),
);

/** What the RUNs of the lineage, up to the one that starts the file, may do to it. */
function touchesOf(stage: StageView, path: string, until: RunView | undefined): StartedFile["touched"] {
  let mode = false;
  let text = false;
  let isCertain = true;
  for (const { runs } of stage.lineage) {
    for (const run of runs) {
      const { ownership, opaque, writes } = run.facts;
      if (run !== until && opaque !== undefined) isCertain = false;
      for (const { tool, paths, invocation } of ownership) {
        if (tool === "chmod" && paths.some((word) => mayMean(word, path, run, invocation))) mode = true;
      }
      for (const { path: written, invocation, by } of writes) {
        if (by === "mkdir" || !mayCover(written, path, run, invocation)) continue;
        text = true;
        if (by !== "edit" && by !== "redirect") mode = true;
      }
      for (const command of run.commands) {
        const { name, args } = command;
        if (name === undefined || HARMLESS.has(name) || name === "chmod") continue;
        if (
          args.some((word) => word.value !== path && mayName(word, path)) ||
          args.some(({ value }) => value === path)
        ) {
          text = true;
        }
      }
    }
  }
  return { mode, text, isCertain };
}

function mayMean(word: Word, path: string, run: RunView, invocation: Invocation): boolean {
  if (word.hasGlob || word.value === "{}") return true;
  return mayCover(word.value, path, run, invocation);
}

function mayCover(written: string | undefined, path: string, run: RunView, invocation: Invocation): boolean {
  if (written === undefined || written.startsWith("~") || /[*?[{]/.test(written)) return true;
  const absolute = absolutePath(written, folderAt(run, invocation));
  return absolute === undefined || isWithin(absolute, path);
}

/** Whether an argument may be the file: its name, or a pattern. */
function mayName({ value, hasGlob }: Word, path: string): boolean {
  if (value === undefined || hasGlob || value === "{}") return true;
  return value.slice(value.lastIndexOf("/") + 1) === path.slice(path.lastIndexOf("/") + 1);
}

/** Whether a COPY brings a folder of the context in which the file is not, and will not be made by something else. */
function lacks(copy: CopyView, path: string, project: Project): boolean {
  const { context } = copy.stage.build;
  const { destination, from, sources, instruction } = copy;
  if (from.kind !== "context" || context.kind !== "local" || !context.isCertain || destination === undefined)
    return false;
  if (instruction.keyword === "COPY" && instruction.parents !== undefined) return false;
  return sources.every(({ kind, path: source }) => {
    if (kind !== "path" || source === undefined || /[*?[]/.test(source)) return false;
    const clean = contextPath(source);
    if (clean !== "." && context.kindOf(clean) !== "directory") return false;
    const origin = joinPath(clean, path.slice(destination === "/" ? 1 : destination.length + 1));
    const file = joinPath(context.root, origin);
    return !context.exists(origin) && !project.isGitIgnored(file);
  });
}

/** The program that a script names behind `#!`, without its folder; undefined without such a line. */
export function interpreterOf(text: string): { readonly name: string; readonly line: string } | undefined {
  const line = shebangOf(text)?.command;
  if (line === undefined) return undefined;
  const [first = "", ...rest] = line.split(/[ \t]+/);
  const name = first.slice(first.lastIndexOf("/") + 1);
  if (name !== "env") return name === "" ? undefined : { name, line };
  const program = rest.find((word) => !word.startsWith("-") && !word.includes("="));
  return program === undefined ? undefined : { name: program.slice(program.lastIndexOf("/") + 1), line };
}
