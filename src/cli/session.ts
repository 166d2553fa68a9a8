import { rules } from "../../rules/index.js";
import type { NotCompose } from "../compose/discovery.js";
import type { ComposeProject } from "../compose/model.js";
import { Policies, withIgnore } from "../config/policies.js";
import type { PolicySet } from "../config/policy.js";
import { UserError } from "../config/user-error.js";
import { Registry } from "../engine/registry.js";
import { CachedFileSystem } from "../files/cached.js";
import { decode } from "../files/decode.js";
import { DiskFileSystem } from "../files/disk.js";
import type { FileSystem, WritableFileSystem } from "../files/file-system.js";
import { OverlayFileSystem } from "../files/overlay.js";
import { isWithin, relativePath, resolvePath } from "../files/path.js";
import { type SourceProblem, Workspace } from "../files/workspace.js";
import { classify } from "../project/discover.js";
import { servicesOf } from "../project/link.js";
import type { Project } from "../project/model.js";
import { planProjects } from "../project/plan.js";
import { GitRules } from "./git-rules.js";
import type { Host } from "./host.js";
import { findInputs, type Input, type InputProblem, type Inputs } from "./inputs.js";
import { loadPolicyValidator } from "./policy-validator.js";
import type { PolicyFlags } from "./request.js";
import { UNREADABLE } from "./unreadable.js";

/** What a session is opened for. */
export interface SessionOptions {
  readonly paths: readonly string[];
  readonly flags: PolicyFlags;
  /** Apply `ignore` also to files named one by one. */
  readonly forceExclude: boolean;
  /** What the text from `-` is called; undefined when nobody said. */
  readonly stdinFilename: string | undefined;
  /** Take every named file of no known kind for a Dockerfile. */
  readonly takesAnyFile: boolean;
  readonly host: Host;
}

/** The files that a session works on. */
export interface SessionFiles {
  readonly disk: WritableFileSystem;
  /** The disk, with the text from standard input laid over it when `-` is among the paths. */
  readonly fs: FileSystem;
  readonly stdin: Input | undefined;
}

/** Files, policies and models of one run. */
export interface Session {
  readonly workspace: Workspace;
  readonly disk: WritableFileSystem;
  readonly registry: Registry;
  readonly policies: Policies;
  /** The policies of an absolute path; `ignore` says nothing about files that were named one by one. */
  readonly policySetFor: (file: string) => PolicySet;
  /** What is to be linted: policy and git have had their say. */
  readonly inputs: Inputs;
  /** Files that cannot be read or are not what their names say; complete once all projects were taken. */
  readonly skipped: readonly InputProblem[];
  /** Everything that is linked, group by group. A Compose file is read when its group comes. */
  projects(): AsyncIterable<Project>;
  /** Path relative to the working directory -> relative to the repository of the working directory. */
  fromRepositoryRoot(path: string): string;
  /** Whether findings in a file (absolute path) were asked for: others are read to judge those by. */
  isWanted(file: string): boolean;
}

/**
 * Finds files and policies for what the command line names.
 *
 * @param files what to work on; opened when absent
 * @throws UserError for a wrong flag, and for a policy of `--config` that is missing or not valid
 */
export async function openSession(options: SessionOptions, files?: SessionFiles): Promise<Session> {
  const { flags, host } = options;
  const { disk, fs, stdin } = files ?? (await openFiles(options));
  const git = new GitRules(fs);
  const named = options.paths.filter((path) => path !== "-");
  const root = git.rootOf(host.cwd) ?? host.cwd;
  const given = named.map((path) => resolvePath(host.cwd, path));
  const workspace = new Workspace({ fs, root, cwd: host.cwd, given });
  const registry = new Registry(rules);
  const policies = new Policies({
    workspace,
    choice: policyChoice(flags),
    flags,
    index: registry,
    validator: loadPolicyValidator,
  });
  checkContext(flags.context, fs, host);
  const paths = options.paths.length === 0 ? ["."] : named;
  const found = await findInputs(paths, { fs, git, cwd: host.cwd, takesAnyFile: options.takesAnyFile });
  await policies.prepare([...found.files.map(({ path }) => path), ...found.policies]);
  const inputs = { ...found, files: withListed(found, policies, fs) };
  if (stdin !== undefined) inputs.files.push(stdin);
  await policies.prepare(inputs.files.map(({ path }) => path));
  const exempt = new Set(
    inputs.files.filter(({ isNamed }) => isNamed && !options.forceExclude).map(({ path }) => path),
  );
  const policySetFor = (file: string) => {
    const set = policies.for(file);
    return exempt.has(file) && !policies.isBroken(file) ? withIgnore(set, false) : set;
  };
  const skipped: InputProblem[] = [];
  const session = {
    workspace,
    disk,
    registry,
    policies,
    policySetFor,
    inputs: { ...inputs, files: inputs.files.filter(({ path }) => !policySetFor(path).ignores(path)) },
    skipped,
    fromRepositoryRoot: (path: string) => relativePath(root, resolvePath(host.cwd, path)),
  };
  const around = await filesAround(session, git, options);
  const wanted = new Set([...session.inputs.files.map(({ path }) => path), ...around.dockerfiles]);
  return {
    ...session,
    isWanted: (file) => wanted.has(file) || session.inputs.folders.some((folder) => isWithin(folder, file)),
    projects: () => plan(session, around, skipped, git, options),
  };
}

/** Files that nobody named and that decide how named ones are judged. */
interface Around {
  readonly composeFiles: readonly string[];
  /** Dockerfiles of ignore files that were named: a change there shows in them. */
  readonly dockerfiles: readonly string[];
}

/**
 * Finds what a named Dockerfile or ignore file belongs to, so that a list of changed files gives the findings that the
 * whole project gives. Flags that describe a build say that the Dockerfile is meant by itself.
 */
async function filesAround(
  { workspace, inputs, policies }: Pick<Session, "workspace" | "inputs" | "policies">,
  git: GitRules,
  { flags }: SessionOptions,
): Promise<Around> {
  const named = inputs.files.filter(({ path }) => !inputs.folders.some((folder) => isWithin(folder, path)));
  const isByItself = flags.target !== undefined || flags.context !== undefined || flags.buildArgs.size > 0;
  if (named.length === 0 || isByItself) return { composeFiles: [], dockerfiles: [] };
  const { composeFilesAround, dockerfilesAround } = await import("../project/around.js");
  const dockerfiles = named.flatMap(({ kind, path }) =>
    kind === "dockerignore" ? dockerfilesAround(path, workspace) : [],
  );
  const starts = named.filter(({ kind }) => kind !== "compose").map(({ path }) => path);
  const composeFiles = composeFilesAround(starts, workspace, (folder) => git.rootOf(folder) ?? workspace.root);
  await policies.prepare([...dockerfiles, ...composeFiles]);
  return { composeFiles, dockerfiles };
}

/** @throws UserError when `--context` names no folder */
function checkContext(context: string | undefined, fs: FileSystem, { cwd }: Host): void {
  if (context === undefined || fs.stat(resolvePath(cwd, context))?.kind === "directory") return;
  throw new UserError({ place: "--context", problem: `\`${context}\` is no folder` });
}

function policyChoice({ config, usesConfig }: PolicyFlags) {
  if (!usesConfig) return { kind: "none" } as const;
  return config === undefined ? ({ kind: "nearest" } as const) : ({ kind: "file", path: config } as const);
}

/** The files found, and those below the searched folders that a policy lists as Compose files. */
function withListed({ files, folders }: Inputs, policies: Policies, fs: FileSystem): Input[] {
  const listed = new Map(files.map((file) => [file.path, file]));
  for (const { path: user } of files) {
    for (const path of policies.for(user).project.composeFiles) {
      const isSearched = folders.some((folder) => isWithin(folder, path));
      if (isSearched && fs.stat(path)?.kind === "file") listed.set(path, { path, kind: "compose", isNamed: true });
    }
  }
  return [...listed.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Reads standard input, when it is asked for, and gives the files that a session works on.
 *
 * @throws UserError when standard input is no text
 */
export async function openFiles({ paths, stdinFilename, host }: SessionOptions): Promise<SessionFiles> {
  const disk = new DiskFileSystem();
  const cached = new CachedFileSystem(disk);
  if (!paths.includes("-")) return { disk, fs: cached, stdin: undefined };
  const decoded = decode(await host.readInput());
  if (decoded.kind === "binary") throw new UserError({ place: "-", problem: "standard input is no UTF-8 text" });
  const overlay = new OverlayFileSystem(cached);
  const path = resolvePath(host.cwd, stdinFilename ?? "-");
  overlay.set(path, decoded.text);
  return { disk, fs: overlay, stdin: { path, kind: kindOfInput(path, decoded.text), isNamed: true } };
}

/** What the text from standard input is: by its name, else by its text, else a Dockerfile. */
function kindOfInput(path: string, text: string): Input["kind"] {
  const kind = classify(path, text);
  if (kind !== "other" && kind !== "policy") return kind;
  return /^(?:services|include)\s*:/m.test(text) ? "compose" : "dockerfile";
}

function plan(
  { workspace, policies, policySetFor, inputs }: Omit<Session, "projects" | "isWanted">,
  around: Around,
  skipped: InputProblem[],
  git: GitRules,
  { flags, host }: SessionOptions,
): AsyncIterable<Project> {
  const isGitIgnored = (file: string) => git.isIgnored(file);
  const topOf = (folder: string) => git.rootOf(folder) ?? workspace.root;
  const filesOf = (kind: Input["kind"]) => inputs.files.filter((file) => file.kind === kind).map(({ path }) => path);
  return planProjects({
    workspace,
    policySetFor,
    flags: {
      target: flags.target,
      context: flags.context === undefined ? undefined : resolvePath(host.cwd, flags.context),
      buildArgs: flags.buildArgs,
      role: flags.role,
    },
    isGitIgnored,
    topOf,
    dockerfiles: [...new Set([...filesOf("dockerfile"), ...around.dockerfiles])],
    composeFiles: [...new Set([...filesOf("compose"), ...around.composeFiles])],
    openCompose: async (files) => {
      const [{ openCompose }, { composeJudge }] = await Promise.all([
        import("../project/open-compose.js"),
        import("./compose-judge.js"),
      ]);
      const named = new Set(inputs.files.filter(({ isNamed }) => isNamed).map(({ path }) => path));
      const isNamed = (file: string) => named.has(file);
      const opened = openCompose(files, {
        workspace,
        policySetFor,
        isGitIgnored,
        topOf,
        isNamed,
        role: flags.role,
        judge: composeJudge,
      });
      for (const { path, reason } of opened.skipped) skipped.push({ path, message: SKIPPED[reason] });
      await policies.prepare(dockerfilesOf(opened.projects));
      return opened.projects;
    },
  });
}

/** Why a file that is named like a Compose file is passed over. */
const SKIPPED = {
  template: "a template of another tool; skipped",
  kubernetes: "a Kubernetes manifest, no Compose file; skipped",
  workflow: "a workflow, no Compose file; skipped",
  ansible: "a playbook, no Compose file; skipped",
  openapi: "an API description, no Compose file; skipped",
  "no-compose-keys": "holds neither `services` nor `include`; skipped",
  ...UNREADABLE,
} as const satisfies Record<NotCompose | SourceProblem, string>;

function* dockerfilesOf(projects: readonly ComposeProject[]): Iterable<string> {
  for (const { build } of servicesOf(projects)) {
    if (build?.dockerfilePath !== undefined) yield build.dockerfilePath;
  }
}
