import { ASSUMED_ROLE, type Role } from "../data/roles.js";
import type { Project } from "../project/model.js";
import type { Source } from "../text/source.js";
import type { LintedFile } from "./run-result.js";

/** Adds the files of a project, by path; one that several projects share keeps the role of the first. */
export function addFilesOf(project: Project, files: Map<string, LintedFile>): void {
  const add = (source: Source, kind: LintedFile["kind"], role: Role): void => {
    if (!files.has(source.path)) files.set(source.path, { path: source.path, kind, role, source });
  };
  for (const { source, role } of project.dockerfiles) {
    // An inline Dockerfile is part of its Compose file.
    if (source.embedding === undefined) add(source, "dockerfile", role);
  }
  for (const variant of project.variants) {
    for (const { source } of [...variant.files, ...variant.broughtIn]) add(source, "compose", variant.role);
  }
  for (const { source } of project.composeFiles) add(source, "compose", ASSUMED_ROLE);
  for (const context of project.contexts) {
    const { ignoreFile } = context;
    const [build] = project.buildsOf(context);
    if (ignoreFile !== undefined) add(ignoreFile.file.source, "dockerignore", build?.role ?? ASSUMED_ROLE);
  }
}
