import { type BuildToolKind, buildToolKind } from "../data/build-tool-packages.js";
import { buildEvidence } from "../shell/build-evidence.js";
import type { PackageCommand } from "../shell/package-model.js";
import type { Range } from "../text/source.js";
import type { Build, Project, RunView, StageView } from "./model.js";
import { runTimeCommands } from "./start-scripts.js";

/** A package that only builds need, installed by a system package manager and not removed by the same RUN. */
export interface BuildToolInstall {
  readonly kind: BuildToolKind;
  readonly name: string;
  readonly command: PackageCommand;
  readonly range: Range;
  readonly stage: StageView;
}

/** Something that shows that a chain builds what it ships. */
export interface ChainEvidence {
  /** In the user's words: `go build`, `gcc`, `golang:1.22`. */
  readonly what: string;
  readonly kind: "command" | "package" | "sdk" | "dependencies";
  readonly range: Range;
}

const SYSTEM_FAMILIES: ReadonlySet<string> = new Set(["apt", "apk", "yum", "zypper", "pacman"]);

/** Compilers, headers, version control and debuggers that a stage installs and keeps, in order. */
export function buildToolInstalls(stage: StageView): readonly BuildToolInstall[] {
  return stage.runs.flatMap((run) => (run.isOnbuild ? [] : installsOf(run)));
}

function installsOf(run: RunView): readonly BuildToolInstall[] {
  const found: BuildToolInstall[] = [];
  const removed = removedNames(run);
  for (const command of run.packages) {
    if (command.action !== "install" || command.isDryRun || !SYSTEM_FAMILIES.has(command.family)) continue;
    const { virtual } = command;
    if (virtual !== undefined && (virtual.name === undefined || removed.has(virtual.name))) continue;
    for (const { name, kind, range } of command.packages) {
      if (kind !== "name" || name === undefined || removed.has(name)) continue;
      const tool = buildToolKind(name);
      if (tool !== undefined) found.push({ kind: tool, name, command, range, stage: run.stage });
    }
  }
  return found;
}

/** Names that the same RUN takes away again; a removal whose operands are unknown may take anything. */
function removedNames(run: RunView): { has(name: string): boolean } {
  const names = new Set<string>();
  for (const command of run.packages) {
    if (command.action !== "remove") continue;
    for (const { name } of command.packages) {
      if (name === undefined) return ANYTHING;
      names.add(name);
    }
  }
  return names;
}

const ANYTHING = { has: () => true };

/** What shows that the chain of a build's target builds what it ships, nearest to the base first. */
export function chainEvidence(build: Build, withDependencies: boolean): readonly ChainEvidence[] {
  const evidence: ChainEvidence[] = [];
  const { target } = build;
  if (target === undefined) return evidence;
  for (const stage of build.chain.toReversed()) {
    const { base } = stage.evaluated;
    if (base.kind === "image" && target.facts?.isSdk === true) {
      evidence.push({ what: base.resolved, kind: "sdk", range: base.range });
    }
    for (const run of stage.runs) {
      if (run.isOnbuild) continue;
      for (const invocation of run.commands) {
        const found = buildEvidence(invocation);
        if (found !== undefined) evidence.push({ what: found.command, kind: "command", range: found.range });
      }
      for (const { kind, name, range } of installsOf(run)) {
        if (kind === "compiler" || kind === "headers") evidence.push({ what: name, kind: "package", range });
      }
      if (withDependencies) evidence.push(...dependencyInstalls(run));
    }
  }
  return evidence;
}

/** Installs of what a lock file or a list of requirements names. */
function dependencyInstalls(run: RunView): readonly ChainEvidence[] {
  return run.packages.flatMap((command): ChainEvidence[] => {
    const isInstall = command.action === "lock-install" || command.manifestFiles.length > 0;
    if (!isInstall || SYSTEM_FAMILIES.has(command.family)) return [];
    return [
      {
        what: `${command.manager} ${command.verb}`.trim(),
        kind: "dependencies",
        range: command.verbRange,
      },
    ];
  });
}

/** Programs by which people call a package that has another name. */
const PROGRAMS_OF: ReadonlyMap<string, readonly string[]> = new Map([
  ["build-essential", ["gcc", "g++", "make", "cc"]],
  ["build-base", ["gcc", "g++", "make", "cc"]],
  ["g++", ["g++", "c++"]],
  ["mercurial", ["hg"]],
  ["subversion", ["svn"]],
  ["golang", ["go"]],
  ["maven", ["mvn"]],
]);

/** Images whose programs compile what they run. */
const COMPILES_AT_RUN_TIME =
  /(^|\/)(r-base|r-ver|rocker|julia|triton|tritonserver|jupyter|datascience-notebook)([-/]|$)/;

/**
 * Whether a tool that ships is called by what the container runs: ENTRYPOINT, CMD, HEALTHCHECK, the start script, or the
 * command of a Compose service; or the image compiles by its nature.
 */
export function isUsedAtRunTime({ name }: BuildToolInstall, target: StageView, project: Project): boolean {
  if (target.image !== undefined && COMPILES_AT_RUN_TIME.test(target.image.name)) return true;
  const programs = [name, ...(PROGRAMS_OF.get(name) ?? [])];
  for (const invocation of runTimeCommands(target, project)) {
    if (invocation.name !== undefined && programs.includes(invocation.name)) return true;
    if (invocation.words.some(({ value }) => value !== undefined && programs.includes(value))) return true;
  }
  return target.build.services.some((service) =>
    [...(service.command?.words ?? []), ...(service.entrypoint?.words ?? [])].some(({ text }) =>
      programs.some((program) => text.split(/[\s;&|]+/).includes(program)),
    ),
  );
}
