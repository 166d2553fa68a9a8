import type { OsFamily } from "../data/base-image-model.js";
import type { Range } from "../text/source.js";
import type { Project, RunView, StageView } from "./model.js";
import { runTimeCommands } from "./start-scripts.js";
import { writtenRuns } from "./written-runs.js";

/** The two programs that nearly every image fetches files with. */
export type DownloadTool = "curl" | "wget";

/** Where a stage uses one of them, or installs it. */
export interface ToolUse {
  readonly tool: DownloadTool;
  readonly by: "command" | "install";
  readonly range: Range;
  readonly run: RunView;
}

const BUSYBOX: ReadonlySet<OsFamily> = new Set<OsFamily>(["alpine", "busybox"]);
const GNU: ReadonlySet<OsFamily> = new Set<OsFamily>([
  "amazon",
  "arch",
  "debian",
  "fedora",
  "photon",
  "rhel",
  "suse",
  "ubuntu",
]);

/** Which `wget` the steps of a stage run: that of busybox knows few options. */
export function wgetOf(stage: StageView): "busybox" | "gnu" | "unknown" {
  for (const { runs } of stage.lineage) {
    for (const run of runs) if (installs(run, "wget")) return "gnu";
  }
  const family = stage.facts?.os?.family;
  if (family === undefined) return "unknown";
  return BUSYBOX.has(family) ? "busybox" : GNU.has(family) ? "gnu" : "unknown";
}

function installs(run: RunView, tool: DownloadTool): boolean {
  return run.facts.installs.some(({ packages }) => packages.some(({ name }) => name === tool));
}

/** Commands of the RUNs that a stage writes that are curl or wget, in order. */
export function* toolCommands(stage: StageView): Iterable<ToolUse> {
  for (const run of writtenRuns(stage)) yield* commandsIn(run);
}

function* commandsIn(run: RunView): Iterable<ToolUse> {
  for (const { name, nameRange } of run.commands) {
    if (name === "curl" || name === "wget") yield { tool: name, by: "command", range: nameRange, run };
  }
}

/** The two tools of one chain of stages: the one that came first, and the one that need not be there. */
export interface ToolPair {
  readonly first: ToolUse;
  readonly second: ToolUse;
  /** The one that is installed, but that no step runs; undefined when both are run. */
  readonly idle: DownloadTool | undefined;
}

/**
 * The first uses of curl and wget by the RUNs of a stage and its parents in the same file; undefined when one of both is
 * enough: the other one is busybox's own, is removed by the step that uses it, runs in the container only, or stands in for
 * the first where that is missing.
 */
export function toolPair(stage: StageView, project: Project): ToolPair | undefined {
  const used = new Map<DownloadTool, ToolUse>();
  const installed = new Map<DownloadTool, ToolUse>();
  const isBusybox = wgetOf(stage) === "busybox";
  for (const member of stage.lineage.toReversed()) {
    if (member.build !== stage.build) continue;
    for (const run of member.runs) {
      for (const use of usesIn(run)) {
        if (use.tool === "wget" && isBusybox) continue;
        const uses = use.by === "command" ? used : installed;
        if (!uses.has(use.tool)) uses.set(use.tool, use);
      }
    }
  }
  if (used.size === 2) return inOrder(used.get("curl"), used.get("wget"), undefined);
  const [one] = used.values();
  if (one === undefined) return undefined;
  const other = installed.get(one.tool === "curl" ? "wget" : "curl");
  if (other === undefined || runsLater(other.tool, stage, project)) return undefined;
  return inOrder(installed.get(one.tool) ?? one, other, other.tool);
}

function inOrder(
  one: ToolUse | undefined,
  other: ToolUse | undefined,
  idle: DownloadTool | undefined,
): ToolPair | undefined {
  if (one === undefined || other === undefined || one.range.source !== other.range.source) return undefined;
  return one.range.start < other.range.start
    ? { first: one, second: other, idle }
    : { first: other, second: one, idle };
}

function* usesIn(run: RunView): Iterable<ToolUse> {
  const removed = new Set<string>();
  for (const { packages } of run.facts.removals)
    for (const { name } of packages) if (name !== undefined) removed.add(name);
  for (const { packages } of run.facts.installs) {
    for (const { name, range } of packages) {
      if ((name === "curl" || name === "wget") && !removed.has(name)) yield { tool: name, by: "install", range, run };
    }
  }
  for (const invocation of run.commands) {
    const { name, nameRange, guarded, onlyIf } = invocation;
    if ((name !== "curl" && name !== "wget") || removed.has(name)) continue;
    if (!guarded && onlyIf !== "or-branch") yield { tool: name, by: "command", range: nameRange, run };
  }
}

/** Whether the container may use a tool that no step of the build does. */
function runsLater(tool: DownloadTool, stage: StageView, project: Project): boolean {
  return stage.build.chain.some((member) => {
    for (const { name } of runTimeCommands(member, project)) if (name === tool) return true;
    return false;
  });
}
