import type { ComposeProject } from "../compose/model.js";
import type { PolicySet } from "../config/policy.js";
import { baseName, parentPath } from "../files/path.js";
import type { Workspace } from "../files/workspace.js";
import { linkProject } from "./link.js";
import type { LinkOptions } from "./link-options.js";
import type { Project } from "./model.js";

/** What is to be judged, and under which policies. All paths are absolute. */
export interface PlanOptions extends LinkOptions {
  readonly workspace: Workspace;
  /** Dockerfiles found or named. */
  readonly dockerfiles: readonly string[];
  /** Compose files found or named. */
  readonly composeFiles: readonly string[];
  /** The policy set of a file; must be ready for every path that is linked. */
  readonly policySetFor: (file: string) => PolicySet;
  /** Reads the Compose projects; loaded only when there are Compose files. */
  readonly openCompose: (files: readonly string[]) => Promise<readonly ComposeProject[]>;
}

/** Dockerfiles of one folder that stand alone are linked in groups of at most this many, so that models can be dropped. */
const MOST_IN_GROUP = 32;

/**
 * Yields everything that is linked with each other, group by group: Compose projects that share a Dockerfile, with the
 * Dockerfiles they build; then Dockerfiles that stand alone, folder by folder. Each group is independent of the others, so
 * that its models can be dropped once it was judged. The order depends on paths alone.
 */
export async function* planProjects(options: PlanOptions): AsyncIterable<Project> {
  const { composeFiles } = options;
  const composeProjects = composeFiles.length === 0 ? [] : await options.openCompose(composeFiles);
  const linked = new Set<string>();
  for (const group of groupByDockerfile(composeProjects)) {
    for (const file of group.dockerfiles) linked.add(file);
    yield linkProject(options, group.projects, group.dockerfiles);
  }
  const alone = options.dockerfiles.filter((file) => !linked.has(file));
  for (const files of groupByFolder(alone)) yield linkProject(options, [], files);
}

interface ComposeGroup {
  readonly projects: ComposeProject[];
  readonly dockerfiles: Set<string>;
}

/** Compose projects that build a common Dockerfile belong together, directly or through others. */
function groupByDockerfile(projects: readonly ComposeProject[]): readonly ComposeGroup[] {
  let groups: ComposeGroup[] = [];
  for (const project of projects) {
    const dockerfiles = new Set(dockerfilesOf(project));
    const merged: ComposeGroup = { projects: [project], dockerfiles };
    const rest: ComposeGroup[] = [];
    for (const group of groups) {
      if ([...group.dockerfiles].some((file) => dockerfiles.has(file))) {
        merged.projects.unshift(...group.projects);
        for (const file of group.dockerfiles) dockerfiles.add(file);
      } else rest.push(group);
    }
    groups = [...rest, merged];
  }
  return groups;
}

function* dockerfilesOf(project: ComposeProject): Iterable<string> {
  for (const variant of project.variants) {
    for (const service of variant.services.values()) {
      const file = service.build?.dockerfilePath;
      if (file !== undefined) yield file;
    }
  }
}

function* groupByFolder(files: readonly string[]): Iterable<readonly string[]> {
  const byFolder = new Map<string, string[]>();
  for (const file of files) {
    const folder = parentPath(file);
    const group = byFolder.get(folder);
    if (group === undefined) byFolder.set(folder, [file]);
    else group.push(file);
  }
  for (const group of byFolder.values()) {
    group.sort((a, b) => (baseName(a) < baseName(b) ? -1 : 1));
    for (let start = 0; start < group.length; start += MOST_IN_GROUP) yield group.slice(start, start + MOST_IN_GROUP);
  }
}
