import { baseName, extensionOf, isWithin, joinPath, parentPath, resolvePath } from "../files/path.js";
import type { Invocation } from "../shell/model.js";
import type { PackageCommand } from "../shell/package-model.js";
import { join, type Range } from "../text/source.js";
import { hasGlobMeta } from "../values/glob.js";
import { folderAt } from "./dependency-installs.js";
import { fileBehind } from "./image-files.js";
import type { Project, RunView, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";

/** A program that a step of a stage compiles. */
export interface CompiledProgram {
  readonly language: "go" | "rust" | "c";
  /** As people write it: `go build`. */
  readonly command: string;
  readonly range: Range;
  /** Whether it needs the C library of the stage when it runs. */
  readonly linkage: "static" | "dynamic" | "unknown";
  /** Absolute: the program, or with `isFolder` the folder that it lies in, at any depth. */
  readonly path: string;
  readonly isFolder: boolean;
}

const known = new ModelMemo<StageView, readonly CompiledProgram[]>();

/** Programs that a stage itself compiles, in the order of the builder. */
function ownPrograms(stage: StageView, project: Project): readonly CompiledProgram[] {
  let programs = known.get(stage);
  if (programs === undefined) {
    programs = findPrograms(stage, project);
    known.set(stage, programs);
  }
  return programs;
}

/** The last program that a path of a stage means: itself, a folder that holds it, or a wildcard in its folder. */
export function programAt(stage: StageView, written: string, project: Project): CompiledProgram | undefined {
  const path = resolvePath("/", written);
  const isGlob = hasGlobMeta(path);
  const asked = isGlob ? parentPath(path) : path;
  if (hasGlobMeta(asked)) return undefined;
  const isMeant = (program: CompiledProgram): boolean => {
    // `/out`, `/out/*` for `/out/api`; never the whole file system or a system folder.
    if (isWithin(asked, program.path)) return asked.split("/").length > 1 && !SYSTEM.has(asked);
    return program.isFolder && isWithin(program.path, asked) && isProgramName(baseName(path)) && !isGlob;
  };
  for (const member of stage.lineage) {
    const program = member.build === stage.build ? ownPrograms(member, project).findLast(isMeant) : undefined;
    if (program !== undefined) return program;
  }
  return undefined;
}

const SYSTEM: ReadonlySet<string> = new Set([
  "/",
  "/usr",
  "/usr/local",
  "/usr/bin",
  "/usr/local/bin",
  "/root",
  "/home",
  "/go",
]);

/** Programs have no extension, or one that says what they are. */
function isProgramName(name: string): boolean {
  const extension = extensionOf(name);
  return extension === "" || extension === ".so" || extension === ".bin";
}

/** Programs of one stage; after the step that brings more, none is looked for. */
const MOST_PROGRAMS = 300;

function findPrograms(stage: StageView, project: Project): readonly CompiledProgram[] {
  const programs: CompiledProgram[] = [];
  for (const run of stage.runs) {
    if (!run.isOnbuild && programs.length < MOST_PROGRAMS) addPrograms(run, stage, project, programs);
  }
  return programs;
}

function addPrograms(run: RunView, stage: StageView, project: Project, programs: CompiledProgram[]): void {
  const commands = new Map(run.packages.map((command) => [command.invocation, command]));
  const settings = new Map<string, string | undefined>();
  for (const invocation of run.commands) {
    const command = commands.get(invocation);
    const scope = new CommandScope(run, invocation, settings);
    const program =
      command?.family === "go"
        ? goProgram(command, scope, stage, project)
        : command?.family === "cargo"
          ? rustProgram(command, scope, stage, project)
          : cProgram(invocation, scope);
    if (program !== undefined) programs.push(program);
    for (const { name, value, kind } of invocation.assignments) if (kind !== "prefix") settings.set(name, value?.value);
    if (command?.family === "go" && command.verb === "env" && command.options.has("-w")) {
      for (const { value } of command.options.operands) {
        const at = value?.indexOf("=") ?? -1;
        if (value !== undefined && at > 0) settings.set(value.slice(0, at), value.slice(at + 1));
      }
    }
  }
  for (const { path, by, sources, invocation } of run.facts.writes) {
    if (programs.length === 0 || programs.length >= MOST_PROGRAMS) return;
    if ((by !== "copy" && by !== "move") || path === undefined) continue;
    const folder = folderAt(run, invocation);
    if (folder === undefined) continue;
    const target = resolvePath(folder, path);
    for (const { value } of sources) {
      const from = value === undefined ? undefined : resolvePath(folder, value);
      const program = from === undefined ? undefined : programs.findLast((each) => isWithin(each.path, from));
      if (program === undefined || from === undefined || !isProgramName(baseName(from))) continue;
      // Into a folder that exists, or under a new name.
      if (!path.endsWith("/")) programs.push({ ...program, path: target, isFolder: false });
      programs.push({ ...program, path: joinPath(target, baseName(from)), isFolder: false });
    }
  }
}

/** What variables a command sees. */
class CommandScope {
  readonly run: RunView;
  readonly #invocation: Invocation;
  readonly #settings: ReadonlyMap<string, string | undefined>;

  constructor(run: RunView, invocation: Invocation, settings: ReadonlyMap<string, string | undefined>) {
    this.run = run;
    this.#invocation = invocation;
    this.#settings = settings;
  }

  /** Undefined when it is not set; `?` when it is set to what nobody knows. */
  get(name: string): string | undefined {
    const own = this.#invocation.assignments.find((assignment) => assignment.name === name);
    if (own !== undefined) return own.value?.value ?? "?";
    if (this.#settings.has(name)) return this.#settings.get(name) ?? "?";
    const binding = this.run.step.lookup(name);
    if (binding.kind === "known") return binding.value;
    return binding.kind === "unknown" && binding.origin !== undefined ? "?" : undefined;
  }

  path(written: string | undefined): string | undefined {
    const folder = folderAt(this.run, this.#invocation);
    if (written === undefined) return folder;
    if (written.startsWith("/")) return resolvePath("/", written);
    return folder === undefined || written.startsWith("~") ? undefined : resolvePath(folder, written);
  }
}

function goProgram(
  command: PackageCommand,
  scope: CommandScope,
  stage: StageView,
  project: Project,
): CompiledProgram | undefined {
  const { verb, options, invocation, verbRange } = command;
  if (verb !== "build" && verb !== "install") return undefined;
  const linkage = goLinkage(invocation, scope, stage);
  const range = wordsOf(invocation.nameRange, verbRange);
  const found = { language: "go", command: `go ${verb}`, range, linkage } as const;
  const output = options.find("-o");
  if (verb === "install" || output !== undefined) {
    const written = verb === "install" ? (scope.get("GOBIN") ?? "/go/bin") : output?.value;
    const path = written === undefined ? undefined : scope.path(written);
    if (path === undefined) return undefined;
    return { ...found, path, isFolder: verb === "install" || written?.endsWith("/") === true };
  }
  const folder = scope.path(undefined);
  const name = folder === undefined ? undefined : goName(options.operands, folder, stage, project);
  return folder === undefined || name === undefined
    ? undefined
    : { ...found, path: joinPath(folder, name), isFolder: false };
}

/** The name that `go build` gives a program: that of the first file, of the package's folder, or of the module. */
function goName(
  operands: readonly { readonly value: string | undefined }[],
  folder: string,
  stage: StageView,
  project: Project,
): string | undefined {
  const [first, second] = operands;
  const written = first?.value ?? ".";
  if ((first !== undefined && first.value === undefined) || written.includes("...")) return undefined;
  if (written.endsWith(".go")) return baseName(written).slice(0, -3);
  if (second !== undefined) return undefined;
  const name = baseName(written.replace(/\/+$/, ""));
  if (name !== "." && name !== "..") return name;
  const file = fileBehind(stage, joinPath(folder, "go.mod"), project);
  const module = file.kind === "file" ? /^module\s+"?([^\s"]+)/m.exec(file.source.text)?.[1] : undefined;
  return module === undefined ? undefined : baseName(module.replace(/\/v\d+$/, ""));
}

/** @see https://pkg.go.dev/cmd/cgo (when cgo is on) */
function goLinkage({ args }: Invocation, scope: CommandScope, stage: StageView): CompiledProgram["linkage"] {
  const cgo = scope.get("CGO_ENABLED");
  if (cgo === "0") return "static";
  if (args.some(({ shape }) => /-static|netgo|static_build/.test(shape))) return "static";
  if (stage.evaluated.platform !== undefined || cgo === "?" || scope.get("GOFLAGS") !== undefined) return "unknown";
  // For another system or processor cgo is off unless told otherwise; which one the builder has nobody knows.
  const isCross = scope.get("GOARCH") !== undefined || (scope.get("GOOS") ?? "linux") !== "linux";
  if (isCross && cgo !== "1") return "unknown";
  switch (stage.hasCommand("gcc")) {
    case "yes":
      return "dynamic";
    case "no":
      return "static";
    default:
      return "unknown";
  }
}

function rustProgram(
  command: PackageCommand,
  scope: CommandScope,
  stage: StageView,
  project: Project,
): CompiledProgram | undefined {
  const { verb, action, options, invocation, verbRange } = command;
  if (action !== "build" && verb !== "install") return undefined;
  const range = wordsOf(invocation.nameRange, verbRange);
  const linkage = rustLinkage(command, scope, stage, project);
  const found = { language: "rust", command: `cargo ${verb}`, range, linkage, isFolder: true } as const;
  if (verb === "install") {
    const root = options.find("--root")?.value ?? scope.get("CARGO_INSTALL_ROOT") ?? scope.get("CARGO_HOME");
    const path = scope.path(root ?? "/usr/local/cargo");
    return path === undefined ? undefined : { ...found, path: joinPath(path, "bin") };
  }
  const path = scope.path(options.find("--target-dir")?.value ?? scope.get("CARGO_TARGET_DIR") ?? "target");
  return path === undefined ? undefined : { ...found, path };
}

function rustLinkage(
  { options, invocation }: PackageCommand,
  scope: CommandScope,
  stage: StageView,
  project: Project,
): CompiledProgram["linkage"] {
  const target = options.find("--target");
  const triple = target === undefined ? scope.get("CARGO_BUILD_TARGET") : (target.value ?? "?");
  const flags = scope.get("RUSTFLAGS") ?? "";
  if (/musl|wasm/.test(triple ?? "") || flags.includes("crt-static")) return "static";
  if (triple === "?" || flags === "?" || stage.evaluated.platform !== undefined) return "unknown";
  const folder = folderAt(scope.run, invocation);
  // The configuration of the project may choose the target.
  for (const name of [".cargo/config.toml", ".cargo/config"]) {
    const file = folder === undefined ? undefined : fileBehind(stage, resolvePath(folder, name), project);
    if (file?.kind === "file" && /musl|crt-static/.test(file.source.text)) return "static";
  }
  if (stage.facts?.libc === "musl") return "static";
  return stage.facts?.libc === "glibc" ? "dynamic" : "unknown";
}

const C_COMPILERS: ReadonlySet<string> = new Set(["gcc", "g++", "cc", "c++", "clang", "clang++"]);

function cProgram({ name, args, nameRange }: Invocation, scope: CommandScope): CompiledProgram | undefined {
  if (name === undefined || !C_COMPILERS.has(name)) return undefined;
  const at = args.findIndex(({ value }) => value === "-o");
  const path = at === -1 ? undefined : scope.path(args[at + 1]?.value);
  if (path === undefined || args.some(({ value }) => value === "-c" || value === "-S" || value === "-E"))
    return undefined;
  const isStatic = args.some(({ shape }) => shape.startsWith("-static"));
  const isUnknown = args.some(({ value }) => value === undefined);
  const linkage = isStatic ? "static" : isUnknown ? "unknown" : "dynamic";
  return { language: "c", command: name, range: nameRange, linkage, path, isFolder: false };
}

function wordsOf(first: Range, last: Range): Range {
  return first.source === last.source && last.start >= first.start ? join(first, last) : last;
}
