import { type DependencyInstall, dependencyInstalls, type Ecosystem } from "./dependency-installs.js";
import type { CopyView, RunView, StageView } from "./model.js";
import { type SourceCopy, sourceCopy } from "./source-copies.js";

/** Copies of the source with the installs that follow, up to the next such copy. */
export interface SourceGroup {
  readonly copies: SourceCopy[];
  readonly installs: DependencyInstall[];
  /** Runs after the copies. */
  readonly runs: RunView[];
  /** What was installed, or brought along, before. */
  readonly installed: ReadonlySet<Ecosystem>;
}

/** Nobody writes chains of stages longer than that. */
const MOST_PARENTS = 32;
/** Installs looked at after one copy; the first ones tell. */
const MOST_INSTALLS = 50;

/**
 * Groups of a stage with installs in the stage itself; layers of its parents in the same file come first.
 *
 * @param isInput whether a path, relative to the context, is read by installs, so that bringing it early is right
 */
export function sourceGroups(stage: StageView, isInput: (path: string) => boolean): readonly SourceGroup[] {
  const groups: SourceGroup[] = [];
  const installed = new Set<Ecosystem>();
  let current: SourceGroup | undefined;
  if (!stage.runs.some((run) => dependencyInstalls(run).length > 0)) return groups;
  for (const member of stage.lineage.slice(0, MOST_PARENTS).toReversed()) {
    if (member.build !== stage.build) continue;
    for (const layer of member.layers) {
      if (layer.kind === "copy") {
        noteArtefacts(layer.copy, installed);
        const copied = sourceCopy(layer.copy, isInput);
        if (copied === undefined) continue;
        if (current === undefined || current.runs.length > 0) {
          current = { copies: [], installs: [], runs: [], installed: new Set(installed) };
          groups.push(current);
        }
        current.copies.push(copied);
      } else if (!layer.run.isOnbuild) {
        const installs = dependencyInstalls(layer.run).filter(({ invocation }) => invocation.onlyIf === "none");
        for (const { ecosystem, reads } of installs) if (reads !== "nothing") installed.add(ecosystem);
        if (layer.run.commands.some(isChef)) installed.add("rust");
        current?.runs.push(layer.run);
        if (current !== undefined && current.installs.length < MOST_INSTALLS) current.installs.push(...installs);
      }
    }
  }
  return groups.filter(({ installs }) => installs.some(({ run }) => run.stage === stage));
}

function isChef({ name, args }: RunView["commands"][number]): boolean {
  return name === "cargo" && args[0]?.value === "chef";
}

/** Names of folders of installed packages. */
const ARTEFACTS: ReadonlyMap<string, Ecosystem> = new Map([
  ["node_modules", "node"],
  ["site-packages", "python"],
  [".venv", "python"],
  ["venv", "python"],
  ["wheels", "python"],
  [".local", "python"],
  ["dist-packages", "python"],
  ["vendor", "php"],
  ["target", "rust"],
  [".cargo", "rust"],
  ["cargo", "rust"],
  [".m2", "java"],
  [".gradle", "java"],
  ["deps", "elixir"],
]);

function noteArtefacts(copy: CopyView, installed: Set<Ecosystem>): void {
  if (copy.from.kind === "context") return;
  for (const { path } of copy.sources) {
    if (path === undefined) continue;
    for (const name of path.split("/")) {
      const ecosystem = ARTEFACTS.get(name);
      if (ecosystem !== undefined) installed.add(ecosystem);
    }
    if (path === "/go" || path.startsWith("/go/")) installed.add("go");
    const bundle = path.indexOf("vendor/bundle");
    const isVendored = bundle === 0 || (bundle > 0 && path.includes("/vendor/bundle"));
    if (isVendored || path.startsWith("/usr/local/bundle")) installed.add("ruby");
  }
}
