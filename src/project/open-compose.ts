import type { NotCompose } from "../compose/discovery.js";
import type { ComposeProject } from "../compose/model.js";
import type { ComposeRequest } from "../compose/project.js";
import { openComposeProjects } from "../compose/project.js";
import type { ComposeJudge } from "../compose/schema-faults.js";
import type { PolicySet } from "../config/policy.js";
import type { RoleName } from "../data/roles.js";
import { isWithin, parentPath, resolvePath } from "../files/path.js";
import type { SourceProblem, Workspace } from "../files/workspace.js";
import type { Source } from "../text/source.js";
import { devcontainerFiles } from "./devcontainers.js";

/** What opening Compose files needs beside their paths. Paths are absolute. */
export interface OpenComposeOptions {
  readonly workspace: Workspace;
  readonly policySetFor: (file: string) => PolicySet;
  readonly isGitIgnored: (file: string) => boolean;
  /** Root of the repository that holds a folder, else the workspace root. */
  readonly topOf: (folder: string) => string;
  /** Files that somebody named: taken as Compose whatever they look like. */
  readonly isNamed: (file: string) => boolean;
  /** `--role`: absences are judged in variants of this role. */
  readonly role: RoleName | undefined;
  /** The judge by the Compose schema, loaded on demand; without one nothing is held against the schema. */
  readonly judge?: (() => ComposeJudge) | undefined;
}

/** Compose projects, and the files that are none. */
export interface OpenedCompose {
  readonly projects: readonly ComposeProject[];
  readonly skipped: readonly SkippedFile[];
}

/** A file that is not taken for a Compose file, and why; the path is that which people see. */
export interface SkippedFile {
  readonly path: string;
  readonly reason: NotCompose | SourceProblem;
}

/** Files that share everything that opening them depends on. */
interface Group {
  readonly root: string;
  readonly policies: PolicySet;
  readonly sources: Source[];
}

/** Opens Compose files with what their policies say about variants, variables and profiles. */
export function openCompose(files: readonly string[], options: OpenComposeOptions): OpenedCompose {
  const projects: ComposeProject[] = [];
  const skipped: SkippedFile[] = [];
  for (const group of groupsOf(files, options, skipped)) {
    const opened = openComposeProjects(requestFor(group, options));
    projects.push(...opened.projects);
    skipped.push(...opened.skipped.map(({ source, reason }) => ({ path: source.path, reason })));
  }
  return { projects, skipped };
}

function groupsOf(
  files: readonly string[],
  { workspace, policySetFor, topOf }: OpenComposeOptions,
  skipped: SkippedFile[],
): readonly Group[] {
  const groups: Group[] = [];
  for (const file of files) {
    const read = workspace.read(file);
    if (read.kind === "problem") {
      skipped.push({ path: workspace.display(file), reason: read.problem });
      continue;
    }
    const folder = parentPath(file);
    const top = topOf(folder);
    const root = isWithin(top, folder) ? top : folder;
    const policies = policySetFor(file);
    const known = groups.find((group) => group.root === root && group.policies.project === policies.project);
    if (known === undefined) groups.push({ root, policies, sources: [read.source] });
    else known.sources.push(read.source);
  }
  return groups;
}

function requestFor({ root, policies, sources }: Group, options: OpenComposeOptions): ComposeRequest {
  const { workspace, isGitIgnored, isNamed, role, judge } = options;
  const { project } = policies;
  const named = new Set(project.composeFiles);
  return {
    root,
    sources,
    read: (path) => {
      const read = workspace.read(path);
      return read.kind === "source" ? read.source : { problem: read.problem };
    },
    exists: (path) => workspace.isInside(path) && workspace.fs.stat(path) !== undefined,
    mayReadEnv: (path) => project.envValues === "always" || (project.envValues === "tracked" && !isGitIgnored(path)),
    isNamed: ({ file }) => isNamed(file) || named.has(file),
    roleOf: ({ file }) => role ?? policies.roleOf(file),
    variantsOf: (folder) => variantsIn(folder, project),
    judge,
    knownVariables: project.env,
    profiles: project.profiles,
    devcontainers: devcontainerFiles(
      sources.map(({ file }) => file),
      workspace,
    ),
    ...(role === undefined ? {} : { referenceRole: role }),
  };
}

/** The variants of the policy whose first file lies in a folder, with absolute paths. */
function variantsIn(folder: string, { variants, folder: policyFolder }: PolicySet["project"]) {
  return variants
    .map((variant) => ({ ...variant, files: variant.files.map((file) => resolvePath(policyFolder, file)) }))
    .filter(({ files: [first] }) => first !== undefined && parentPath(first) === folder);
}
