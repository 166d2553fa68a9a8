import { joinPath } from "../files/path.js";
import type { PackageCommand } from "../shell/package-model.js";
import type { CopyView, RunView, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";

/**
 * Whether a command installs from a repository that stays as it was on one day, by an option or by the sources that its
 * chain writes: then the day is the version of every package.
 */
export function isFrozen({ family, options }: PackageCommand, run: RunView): boolean {
  if (family === "apt" && options.has("--snapshot", "-S")) return true;
  const hasDate = options.options.some(({ valueShape }) => valueShape !== undefined && namesDay(valueShape));
  return hasDate || run.stage.lineage.some(writesFrozenSources);
}

const known = new ModelMemo<StageView, boolean>();

function writesFrozenSources(stage: StageView): boolean {
  let answer = known.get(stage);
  if (answer === undefined) {
    answer = stage.layers.some((layer) =>
      layer.kind === "run" ? writesSources(layer.run) : copiesSources(layer.copy),
    );
    known.set(stage, answer);
  }
  return answer;
}

const FOLDERS = ["/etc/apt/", "/etc/apk/", "/etc/yum.repos.d", "/etc/dnf/", "/etc/zypp/"];

function isSourcesPath(path: string): boolean {
  return FOLDERS.some((folder) => `${path}/`.startsWith(folder));
}

function writesSources(run: RunView): boolean {
  return run.facts.writes.some(({ shape, content, by, invocation }) => {
    if (!isSourcesPath(shape)) return false;
    const text = content ?? (by === "edit" ? invocation.args.map((word) => word.shape).join(" ") : "");
    return namesDay(text);
  });
}

function copiesSources({ destination, sources, from, stage }: CopyView): boolean {
  if (destination === undefined || !isSourcesPath(destination)) return false;
  const { context } = stage.build;
  return sources.some(({ path, heredoc }) => {
    if (heredoc !== undefined) return namesDay(heredoc.content);
    if (path === undefined || from.kind !== "context" || context.kind !== "local") return false;
    const read = context.workspace.read(joinPath(context.root, path));
    return read.kind === "source" && namesDay(read.source.text);
  });
}

const DAY = /v?20\d{2}[-/]?(?:0[1-9]|1[0-2])[-/]?(?:0[1-9]|[12]\d|3[01])(?=[T/ "'\n-]|$)/g;

/** Letters looked back at from a day to the start of its address. */
const LONGEST_ADDRESS = 200;

/** Whether an address, or a snapshot setting, holds a day: `/20250801T000000Z/`, `/2025-08-01/`, `Snapshot: 20250801…`. */
function namesDay(text: string): boolean {
  if (text.includes("snapshot.debian") || text.includes("snapshot.ubuntu")) return true;
  for (const { index } of text.matchAll(DAY)) {
    const before = text.slice(Math.max(0, index - LONGEST_ADDRESS), index);
    const address = before.slice(Math.max(before.lastIndexOf(" "), before.lastIndexOf("\n")) + 1);
    if (address.endsWith("/") && address.includes("://")) return true;
    if (/[Ss]napshot[:=]? ?$/.test(before.slice(-12))) return true;
  }
  return false;
}
