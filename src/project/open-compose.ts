import type { ComposeWorkspace } from "../compose/project.js";
import { type ComposeRequest, openComposeProjects } from "../compose/project.js";
import type { PolicySet } from "../config/policy.js";
import type { RoleName } from "../data/roles.js";
import { resolvePath } from "../files/path.js";
import type { Workspace } from "../files/workspace.js";

/** What opening Compose files needs beside them. Paths are absolute. */
export interface OpenComposeOptions {
  readonly workspace: Workspace;
  readonly policySetFor: (file: string) => PolicySet;
  readonly isGitIgnored: (file: string) => boolean;
  /** Whether a repository holds the path; without one every env file may be read. */
  readonly isInRepository: (file: string) => boolean;
  /** Files that the user named one by one. */
  readonly isNamed: (file: string) => boolean;
  /** `--role`. */
  readonly role: RoleName | undefined;
}

/**
 * Opens Compose files with everything that the workspace and the policies say about them. Files that cannot be read are
 * left out. Env files are read only when git tracks them, or when there is no git, so that a checkout gives the same
 * findings everywhere.
 */
export function openComposeFiles(files: readonly string[], options: OpenComposeOptions): ComposeWorkspace {
  const { workspace, policySetFor, role } = options;
  const sources = files.flatMap((file) => workspace.source(file) ?? []);
  const [first = workspace.root] = files;
  const { project } = policySetFor(first);
  const request: ComposeRequest = {
    root: workspace.root,
    sources,
    read: (path) => {
      const result = workspace.read(path);
      return result.kind === "source" ? result.source : { problem: result.problem };
    },
    exists: (path) => workspace.fs.stat(path) !== undefined,
    mayReadEnv: (path) => mayReadEnv(path, options),
    isNamed: (source) => options.isNamed(source.file),
    roleOf: (source) => role ?? policySetFor(source.file).roleOf(source.file),
    variantsOf: (folder) =>
      policySetFor(`${folder}/compose.yaml`).project.variants.map((variant) => ({
        ...variant,
        files: variant.files.map((file) => resolvePath(project.folder, file)),
      })),
    knownVariables: project.env,
    profiles: project.profiles,
    ...(role === undefined ? {} : { referenceRole: role }),
  };
  return openComposeProjects(request);
}

function mayReadEnv(path: string, { policySetFor, isGitIgnored, isInRepository }: OpenComposeOptions): boolean {
  const { envValues } = policySetFor(path).project;
  if (envValues === "never") return false;
  return envValues === "always" || !isInRepository(path) || !isGitIgnored(path);
}
