import { contextPath } from "../context/reach.js";
import { packageOperand } from "../shell/operands.js";
import type { PackageCommand, PackageOperand } from "../shell/package-model.js";
import type { Range } from "../text/source.js";
import type { RunView, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";

/** Package managers of languages whose operands can state a version, by the names that policies use. */
export type LanguageManager = "pip" | "npm" | "gem" | "go" | "cargo" | "conda" | "composer" | "dotnet" | "other";

/** A package of a registry, and why nobody can say today what it will be tomorrow. */
export interface LoosePackage {
  readonly operand: PackageOperand;
  /** As people write it: name and, where one is written, version. */
  readonly said: string;
  /** `range` is a version that leaves a choice; it is reported on request only. */
  readonly why: "no-version" | "moving" | "branch" | "range";
  /** Where the moving version is written, when that is an ARG or ENV. */
  readonly origin: Range | undefined;
}

/** Verbs whose operands are no packages, or only at first: `uv python install 3.13`, `pnpm dlx create-vite web`. */
const NO_PACKAGES: ReadonlySet<string> = new Set(["python install", "dlx", "workspaces focus"]);

/** The manager of a command that installs packages by name; undefined for all others. */
export function languageManager({ family, action, verb, isDryRun }: PackageCommand): LanguageManager | undefined {
  if (isDryRun || NO_PACKAGES.has(verb) || (action !== "install" && verb !== "run")) return undefined;
  switch (family) {
    case "pip":
    case "gem":
    case "conda":
      return family;
    case "npm":
    case "yarn":
    case "pnpm":
    case "bun":
      return "npm";
    case "go":
      return "go";
    case "cargo":
      return verb === "add" ? undefined : "cargo";
    case "composer":
      return "composer";
    case "dotnet":
      return verb === "tool install" ? "dotnet" : undefined;
    case "uv":
      return "pip";
    case "pipx":
    case "poetry":
    case "pipenv":
      return "other";
    default:
      return undefined;
  }
}

/** Tags and branches that their owner moves. */
const MOVING: ReadonlySet<string> = new Set([
  "latest",
  "next",
  "upgrade",
  "patch",
  "none",
  "canary",
  "nightly",
  "master",
  "main",
  "trunk",
  "develop",
  "dev",
  "head",
  "*",
]);

/** Operands of an install that leave it to the registry what is installed, in order. */
export function loosePackages(command: PackageCommand, run: RunView): readonly LoosePackage[] {
  const { options } = command;
  if (options.has("--no-index", "--offline", "-c", "--constraint", "--constraints")) {
    // For conda and npm `-c` is something else: a channel, a command.
    if (command.family !== "conda" && command.family !== "npm") return [];
  }
  const found: LoosePackage[] = [];
  for (const operand of operandsOf(command)) {
    const why = looseness(operand, command, run);
    if (why === undefined) continue;
    const origin = why === "moving" ? originOf(operand, run) : undefined;
    found.push({ operand, said: saidOf(operand), why, origin });
  }
  return found;
}

/**
 * `go run` of a package that is no part of the project installs it, although it is no install by its verb. A folder and a
 * version follow the package of `composer create-project`, and `pipx inject` names first what is installed already.
 */
function operandsOf({ family, verb, action, packages, options }: PackageCommand): readonly PackageOperand[] {
  const [first] = options.operands;
  if (family === "go" && verb === "run" && action !== "install") {
    return first === undefined ? [] : [packageOperand(first, "go")];
  }
  if (verb === "create-project") return packages.length > 2 ? [] : packages.slice(0, 1);
  return verb === "inject" ? packages.slice(1) : packages;
}

function looseness(operand: PackageOperand, command: PackageCommand, run: RunView): LoosePackage["why"] | undefined {
  const { kind, version, name, shape } = operand;
  const { family, options } = command;
  if (kind === "url") return ofAddress(operand, command);
  if (kind !== "name" || name === undefined) return undefined;
  if (family === "go") return ofGo(operand, run);
  // A version in front of the name, and names that point into the project.
  if (family === "cargo" && options.has("--path", "--git")) return undefined;
  if (family === "bundle" || /[$`{}]/.test(name)) return undefined;
  if (version === undefined) return family === "npm" && options.has("--before") ? undefined : "no-version";
  const value = version.value ?? known(operand, run);
  if (value === undefined) return undefined;
  if (MOVING.has(value.toLowerCase())) return "moving";
  if (family === "composer" && value.toLowerCase().startsWith("dev-"))
    return value.includes("#") ? undefined : "branch";
  if (value === "" && shape.endsWith("@")) return "moving";
  return isRange(value, version.operator, command) ? "range" : undefined;
}

/** `go install pkg@v1`; a path of the project, or a module whose version `go.mod` states, is as it is. */
function ofGo({ name = "", version, shape }: PackageOperand, run: RunView): LoosePackage["why"] | undefined {
  // The first part of a module path is a host; without a dot it is of the standard library or of the project.
  const [host = ""] = name.split("/", 1);
  if (!host.includes(".") || shape.startsWith(".") || name.endsWith("/...") || name.endsWith(".go")) {
    if (!host.includes(".") || shape.startsWith(".") || version === undefined) return undefined;
  }
  if (version === undefined) return mayHaveModule(run) ? undefined : "no-version";
  const { value } = version;
  if (value === undefined) return undefined;
  return MOVING.has(value.toLowerCase()) ? "moving" : undefined;
}

const modules = new ModelMemo<StageView, boolean>();

/** Whether a step of the chain may bring a `go.mod`. */
function mayHaveModule({ stage }: RunView): boolean {
  let answer = modules.get(stage);
  if (answer === undefined) {
    answer = bringsModule(stage);
    modules.set(stage, answer);
  }
  return answer;
}

function bringsModule(stage: StageView): boolean {
  const isModule = (path: string) => /(?:^|\/)(?:go\.(?:mod|\*|work)|\.|[^./]+|\*)$/.test(path);
  return stage.lineage.some((member) =>
    member.layers.some((layer) => {
      if (layer.kind === "copy") {
        return layer.copy.sources.some(({ path }) => path === undefined || isModule(contextPath(path)));
      }
      return layer.run.commands.some(({ name, args }) => name === "git" || (name === "go" && args[0]?.value === "mod"));
    }),
  );
}

/** An address of a repository needs a tag or a commit; an archive is what its name says. */
function ofAddress(
  { shape, version }: PackageOperand,
  { options, family }: PackageCommand,
): LoosePackage["why"] | undefined {
  if (family === "cargo" && options.has("--rev", "--tag")) return undefined;
  const text = version?.value;
  if (version !== undefined) return text !== undefined && MOVING.has(text.toLowerCase()) ? "branch" : undefined;
  if (family === "cargo" || /^(?:[\w.-]+(?:\[[^\]]*\])?\s*@\s*)?(?:git\+|hg\+|svn\+|bzr\+|git:|git@|ssh:)/.test(shape))
    return "branch";
  if (/\.git$/.test(shape)) return "branch";
  if (family === "pip" || family === "uv" || family === "pipx") return undefined;
  // `github:owner/name` and `owner/name`.
  return /:\/\//.test(shape) ? undefined : "branch";
}

function isRange(value: string, operator: string, { family }: PackageCommand): boolean {
  if (operator === "==" || operator === "===" || operator === " ") return value.includes("*");
  if (/[<>~!]/.test(operator)) return true;
  if (family === "conda" || family === "gem") return value.includes("*");
  return /^[\^~><]|[*x| ]/.test(value) || /^\d+(?:\.\d+)?$/.test(value);
}

/** The value of a version that is a variable of the Dockerfile. */
function known(operand: PackageOperand, run: RunView): string | undefined {
  const name = variableOf(operand);
  const binding = name === undefined ? undefined : run.step.lookup(name);
  return binding?.kind === "known" ? binding.value : undefined;
}

function originOf(operand: PackageOperand, run: RunView): Range | undefined {
  const name = variableOf(operand);
  const binding = name === undefined ? undefined : run.step.lookup(name);
  return binding?.kind === "known" ? binding.origin : undefined;
}

/** The variable that a version is: `$VERSION`, `${VERSION}`. */
function variableOf({ version, range: { source } }: PackageOperand): string | undefined {
  if (version === undefined) return undefined;
  const written = source.slice(version.range);
  return /^\$\{?([A-Za-z_]\w*)\}?["']?$/.exec(written)?.[1];
}

function saidOf({ name, shape, kind, version }: PackageOperand): string {
  if (kind === "url") return shape;
  if (name === undefined) return shape;
  return version?.value === undefined ? name : shape;
}
