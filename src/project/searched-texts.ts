import type { Service, Variant } from "../compose/model.js";
import { joinPath } from "../files/path.js";
import type { Source } from "../text/source.js";
import type { Build, Project } from "./model.js";
import { startScriptOf } from "./start-scripts.js";

// Texts beside Dockerfiles and Compose files in which values of secrets are looked for.

/** Scripts of the context that ENTRYPOINT and CMD of a build's target start. */
export function* startScriptsOf({ target }: Build, project: Project): Iterable<Source> {
  if (target === undefined) return;
  for (const view of [target.entrypoint, target.command]) {
    if (view === undefined) continue;
    const start = startScriptOf(view, target, project);
    if (start.kind !== "script") continue;
    const { source } = start.script.range;
    if (project.read(source.file) === source) yield source;
  }
}

/** Env files that a service names, those aside that git ignores: they may not be opened. */
export function* envFilesOf({ envFiles }: Service, project: Project): Iterable<Source> {
  for (const { file } of envFiles) {
    const source = file === undefined ? undefined : trackedFile(file, project);
    if (source !== undefined) yield source;
  }
}

/** The `.env` that Compose reads beside its project; undefined when there is none, or git ignores it. */
export function dotEnvOf({ project: { folder } }: Variant, project: Project): Source | undefined {
  return trackedFile(joinPath(folder, ".env"), project);
}

function trackedFile(file: string, project: Project): Source | undefined {
  return project.isGitIgnored(file) ? undefined : project.read(file);
}
