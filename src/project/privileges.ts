import { baseName } from "../files/path.js";
import type { Invocation } from "../shell/model.js";
import type { Certainty, CommandView, Project, StageView } from "./model.js";
import { startScriptOf } from "./start-scripts.js";

/** Programs that start another one as another user. */
const DROPPERS: ReadonlySet<string> = new Set([
  "gosu",
  "su-exec",
  "setpriv",
  "runuser",
  "s6-setuidgid",
  "chpst",
  "setuidgid",
  "capsh",
  "su",
]);

/**
 * Whether ENTRYPOINT or CMD of a stage gives root up before the main process starts: it calls a program made for that, is a
 * script that does, or is the untouched entrypoint of a base known to. `unknown` when it is a script that nobody can read.
 */
export function dropsPrivileges(stage: StageView, project: Project): Certainty {
  const { entrypoint, command } = stage;
  let answer: Certainty = "no";
  for (const view of [entrypoint, command]) {
    if (view === undefined) continue;
    if (view === entrypoint && repeatsBase(view, stage)) return "yes";
    const own = ofCommand(view, stage, project);
    if (own === "yes") return "yes";
    if (own === "unknown") answer = "unknown";
  }
  if (entrypoint !== undefined) return answer;
  return stage.facts?.dropsPrivileges === true ? "yes" : answer;
}

/** `ENTRYPOINT ["docker-entrypoint.sh"]` over a base whose own entrypoint it is: written again because that clears CMD. */
function repeatsBase({ argv }: CommandView, { facts, lineage }: StageView): boolean {
  const [own] = argv ?? [];
  const [inherited] = facts?.entrypoint ?? [];
  if (facts?.dropsPrivileges !== true || own === undefined || inherited === undefined) return false;
  const name = baseName(inherited);
  const isReplaced = lineage.some(({ copies }) =>
    copies.some(({ sources }) => sources.some(({ path }) => path !== undefined && baseName(path) === name)),
  );
  return baseName(own) === name && !isReplaced;
}

function ofCommand(view: CommandView, stage: StageView, project: Project): Certainty {
  if (view.commands.some(changesUser)) return "yes";
  const start = startScriptOf(view, stage, project);
  switch (start.kind) {
    case "script":
      return start.script.invocations.some(changesUser) ? "yes" : "no";
    case "unread":
      return "unknown";
    default:
      return "no";
  }
}

/** Whether a command starts another one as another user: `gosu`, `su-exec`, `setpriv` and the like. */
export function changesUser({ name, wrappers }: Invocation): boolean {
  return (name !== undefined && DROPPERS.has(name)) || wrappers.some((wrapper) => DROPPERS.has(wrapper.name));
}
