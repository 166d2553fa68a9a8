import type { Invocation } from "../shell/model.js";
import { fileBehind } from "./image-files.js";
import type { Certainty, CommandView, Project, StageView } from "./model.js";

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

const DROPPER_IN_SCRIPT = /(?:^|[\s;&|("'/])(?:gosu|su-exec|setpriv|runuser|s6-setuidgid|chpst|setuidgid|su)\s/;

/**
 * Whether ENTRYPOINT or CMD of a stage gives root up before the main process starts: it calls a program made for that, is a
 * script that does, or is the untouched entrypoint of a base known to. `unknown` when it is a script that nobody can read.
 */
export function dropsPrivileges(stage: StageView, project: Project): Certainty {
  const { entrypoint, command } = stage;
  let answer: Certainty = "no";
  for (const view of [entrypoint, command]) {
    if (view === undefined) continue;
    const own = ofCommand(view, stage, project);
    if (own === "yes") return "yes";
    if (own === "unknown") answer = "unknown";
  }
  if (entrypoint !== undefined) return answer;
  return stage.facts?.dropsPrivileges === true ? "yes" : answer;
}

function ofCommand(view: CommandView, stage: StageView, project: Project): Certainty {
  for (const invocation of view.commands) {
    if (invocation.name !== undefined && DROPPERS.has(invocation.name)) return "yes";
    if (invocation.wrappers.some(({ name }) => DROPPERS.has(name))) return "yes";
  }
  const [first] = view.commands;
  return first === undefined ? "no" : ofScript(first, stage, project);
}

function ofScript(invocation: Invocation, stage: StageView, project: Project): Certainty {
  for (const word of invocation.words.slice(0, 2)) {
    const path = word.value;
    if (path === undefined || !path.includes("/")) continue;
    const absolute = path.startsWith("/") ? path : stage.workdir === undefined ? undefined : `${stage.workdir}/${path}`;
    if (absolute === undefined) continue;
    const file = fileBehind(stage, absolute.replaceAll("/./", "/"), project);
    if (file.kind === "file") return DROPPER_IN_SCRIPT.test(file.source.text) ? "yes" : "no";
    if (file.kind === "heredoc") return DROPPER_IN_SCRIPT.test(file.text) ? "yes" : "no";
    if (isScriptName(path)) return "unknown";
  }
  return "no";
}

/** A name under which people keep start scripts; a binary of another name is taken for the program itself. */
function isScriptName(path: string): boolean {
  return /\.(sh|bash)$|(^|\/)(docker-)?entrypoint[^/]*$|(^|\/)init$/.test(path);
}
