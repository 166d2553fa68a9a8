import { baseName } from "../files/path.js";
import type { Invocation, Script } from "../shell/model.js";
import { parseScript } from "../shell/script.js";
import { shebangOf } from "../shell/shell-kind.js";
import type { Range } from "../text/source.js";
import { fileBehind, type ImageFile } from "./image-files.js";
import type { CommandView, CopyView, Project, StageView } from "./model.js";

/** What a command starts, as far as its file can be read. */
export type StartScript =
  /** A shell script whose text is known. */
  | { readonly kind: "script"; readonly script: Script }
  /** A script by its name, but nobody can read it here. */
  | { readonly kind: "unread" }
  /** A program, or nothing that looks like a script. */
  | { readonly kind: "none" };

/** A name under which people keep start scripts; a binary of another name is taken for the program itself. */
function isScriptName(path: string): boolean {
  const name = baseName(path);
  if (name.endsWith(".sh") || name.endsWith(".bash") || name === "init") return true;
  return name.startsWith("entrypoint") || name.startsWith("docker-entrypoint");
}

/** The script that a command of a stage starts: the first of its words that is the path of one. */
export function startScriptOf(view: CommandView, stage: StageView, project: Project): StartScript {
  const [first] = view.commands;
  for (const word of first?.words.slice(0, 2) ?? []) {
    const path = word.value;
    if (path === undefined) continue;
    const file = startedFile(path, stage, project);
    if (file === undefined) continue;
    if (file.kind === "file")
      return parseFile(file.source.path, file.source.text, (start, end) => file.source.range(start, end));
    if (file.kind === "heredoc") return parseHeredoc(path, file.text, file.copy);
    if (isScriptName(path)) return { kind: "unread" };
  }
  return { kind: "none" };
}

/** Commands that run in the container of a stage: of ENTRYPOINT, CMD and HEALTHCHECK, and of the scripts they start. */
export function* runTimeCommands(stage: StageView, project: Project): Iterable<Invocation> {
  const { entrypoint, command, healthcheck } = stage;
  const views = [entrypoint, command, healthcheck.kind === "check" ? healthcheck.view : undefined];
  for (const view of views) {
    if (view === undefined) continue;
    yield* view.commands;
    const start = startScriptOf(view, stage, project);
    if (start.kind === "script") yield* start.script.invocations;
  }
}

/** Folders in which a program without path is looked for. */
const PATH_FOLDERS = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"] as const;

/** What is behind a word of a start command; undefined for a name that no COPY puts on PATH. */
function startedFile(path: string, stage: StageView, project: Project): ImageFile | undefined {
  if (path.includes("/")) {
    const absolute = absolutePath(path, stage.workdir);
    return absolute === undefined ? undefined : fileBehind(stage, absolute, project);
  }
  if (!isScriptName(path)) return undefined;
  const isCopied = stage.lineage.some(({ copies }) =>
    copies.some(({ sources }) => sources.some((source) => source.path !== undefined && baseName(source.path) === path)),
  );
  for (const folder of PATH_FOLDERS) {
    const file = fileBehind(stage, `${folder}/${path}`, project);
    if (file.kind !== "none") return file;
  }
  return isCopied ? { kind: "none" } : undefined;
}

/** A script that a heredoc of COPY writes; its ranges point into the Dockerfile. */
function parseHeredoc(path: string, text: string, { sources, stage }: CopyView): StartScript {
  const bodyStart = sources.find(({ heredoc }) => heredoc?.content === text)?.heredoc?.bodyStart;
  if (bodyStart === undefined) return { kind: "unread" };
  const { source } = stage.build.dockerfile;
  return parseFile(path, text, (start, end) => source.range(bodyStart + start, bodyStart + end));
}

function parseFile(path: string, text: string, toRange: (start: number, end: number) => Range): StartScript {
  const shebang = shebangOf(text);
  if (shebang === undefined && !/\.(?:sh|bash)$/.test(path)) return { kind: "none" };
  const shell = shebang?.kind ?? "sh-unknown";
  return { kind: "script", script: parseScript({ text, toRange, shell, flags: shebang?.flags, kind: "file" }) };
}

function absolutePath(path: string, workdir: string | undefined): string | undefined {
  const clean = path.replaceAll("/./", "/").replace(/^\.\//, "");
  if (clean.startsWith("/")) return clean;
  return workdir === undefined ? undefined : `${workdir === "/" ? "" : workdir}/${clean}`;
}
