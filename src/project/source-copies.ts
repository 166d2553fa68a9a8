import { contextPath } from "../context/reach.js";
import { baseName, extensionOf, isAbsolutePath, isWithin, joinPath, relativePath, resolvePath } from "../files/path.js";
import { compileGlob, hasGlobMeta } from "../values/glob.js";
import { type DependencyInstall, manifestNames, pathsOfInput } from "./dependency-installs.js";
import type { CopyView, Project, RunView } from "./model.js";

/** A COPY or ADD that brings the source tree, so that any edit of a project changes its layer. */
export interface SourceCopy {
  readonly copy: CopyView;
  /** The source that brings it: cleaned, relative to the context; `.` for all of it. */
  readonly path: string;
  /** As written. */
  readonly written: string;
}

/** Folders that hold a project's code, by habit. */
const SOURCE_FOLDERS = new Set(
  "src source sources app apps lib libs cmd internal pkg server client frontend backend web webapp api services public static templates".split(
    " ",
  ),
);

/** Those of them that are hardly ever the name of a program. */
const CERTAIN_FOLDERS = new Set("src source sources lib libs cmd internal pkg public static templates".split(" "));

/**
 * The source tree that a COPY or ADD brings from the context; undefined when it brings single files or nothing of the kind.
 *
 * @param isInput whether a path, relative to the context, is read by installs, so that bringing it early is right
 */
export function sourceCopy(copy: CopyView, isInput: (path: string) => boolean): SourceCopy | undefined {
  if (copy.isOnbuild || copy.from.kind !== "context") return undefined;
  for (const source of copy.sources) {
    if (source.kind !== "path" || source.path === undefined) continue;
    const path = contextPath(source.path);
    if (path === "." || path === "*") return { copy, path: ".", written: source.path };
    if (hasGlobMeta(path) || isInput(path) || !isSourceFolder(copy, path, source.path)) continue;
    return { copy, path, written: source.path };
  }
  return undefined;
}

function isSourceFolder({ stage: { build } }: CopyView, path: string, written: string): boolean {
  const { context } = build;
  const kind = context.kind === "local" ? context.kindOf(path) : undefined;
  if (kind === "file" || (kind === undefined && extensionOf(path) !== "")) return false;
  const name = baseName(path).toLowerCase();
  // What is not seen here may be a program.
  if (kind === undefined && !written.endsWith("/") && !CERTAIN_FOLDERS.has(name)) return false;
  return SOURCE_FOLDERS.has(name) || (kind === "directory" && holdsProject(build, path));
}

/** A folder of a monorepo: a manifest, and more than manifests. */
function holdsProject({ context }: CopyView["stage"]["build"], path: string): boolean {
  if (context.kind !== "local") return false;
  const listing = context.workspace.fs.readDirectory(joinPath(context.root, path));
  if (listing.kind === "problem") return false;
  const isManifest = (name: string) => MANIFEST.test(name);
  return (
    listing.entries.some(({ name, kind }) => kind === "file" && isManifest(name)) &&
    listing.entries.some(({ name, kind }) => kind === "directory" || !isManifest(name))
  );
}

const MANIFEST =
  /^(?:package(?:-lock)?\.json|.*requirements.*\.txt|pyproject\.toml|Pipfile|Gemfile|composer\.json|go\.mod|Cargo\.toml|pom\.xml|mix\.exs|.*\.(?:cs|fs)proj|build\.gradle(?:\.kts)?)$/;

/** The manifests of an install as its context holds them. */
export interface ManifestsInContext {
  /** Relative to the context, those that exist, manifests first. */
  readonly files: readonly string[];
  /** Whether the list of dependencies itself is among them. */
  readonly isFound: boolean;
  /** What it lists lies in the tree itself (workspaces, `file:`, hooks that need the sources): it cannot be installed alone. */
  readonly needsTree: boolean;
  /** Whether it lists anything; undefined when it was not read. */
  readonly hasDependencies: boolean | undefined;
  /** Whether the install is known to read nothing of the project but `files`. */
  readonly isComplete: boolean;
}

/** Looks in the folder of the context that a source copy puts where the install looks. */
export function manifestsOf(install: DependencyInstall, copied: SourceCopy, project: Project): ManifestsInContext {
  const nothing = { files: [], isFound: false, needsTree: false, hasDependencies: undefined, isComplete: false };
  const folder = contextFolder(install, copied);
  const { context } = copied.copy.stage.build;
  if (folder === undefined || context.kind !== "local") return nothing;
  const files = manifestNames(install).flatMap((name) => namesInFolder(copied, folder, name));
  const texts = files.flatMap((file) => project.read(joinPath(context.root, file))?.text ?? []);
  const wanted = new Set(install.inputs.flatMap(({ kind, names }) => (kind === "manifest" ? names.map(baseName) : [])));
  const isFound = wanted.size === 0 ? files.length > 0 : files.some((file) => wanted.has(baseName(file)));
  const isWorkspace = context.exists(joinPath(folder, "pnpm-workspace.yaml"));
  const hasMore = READ_TOO.some((name) => context.exists(joinPath(folder, name)));
  return {
    files,
    isFound,
    needsTree: isWorkspace || texts.some((text) => needsTree(text, install)),
    isComplete: isFound && !hasMore && !texts.some((text) => INCLUDES_OTHERS.test(text)),
    hasDependencies: isFound && texts.length > 0 ? texts.some((text) => LISTS_SOMETHING.test(text)) : undefined,
  };
}

/** The folder of the context from which the install's folder is filled. */
function contextFolder({ folder, inputs, run }: DependencyInstall, { copy, path }: SourceCopy): string | undefined {
  const { destination } = copy;
  if (destination === undefined) return undefined;
  const named = inputs.find(({ range }) => range !== undefined)?.names[0];
  const looked = named === undefined || !isAbsolutePath(named) ? folder : resolvePath("/", `${named}/..`);
  const place = looked ?? run.workdir;
  if (place === undefined || !isWithin(destination, place)) return undefined;
  return joinPath(path, relativePath(destination, place));
}

function namesInFolder({ copy }: SourceCopy, folder: string, written: string): readonly string[] {
  const { context } = copy.stage.build;
  if (context.kind !== "local") return [];
  const name = isAbsolutePath(written) ? baseName(written) : written;
  if (!hasGlobMeta(name)) {
    const path = joinPath(folder, name);
    return context.includes(path) && context.kindOf(path) === "file" ? [path] : [];
  }
  const compiled = compileGlob(name);
  const listing = context.workspace.fs.readDirectory(joinPath(context.root, folder));
  if (compiled.kind === "malformed" || listing.kind === "problem") return [];
  return listing.entries
    .filter((entry) => entry.kind === "file" && compiled.pattern.matches(entry.name))
    .map((entry) => joinPath(folder, entry.name))
    .filter((path) => context.includes(path));
}

/** Files and folders that managers read beside manifests. */
const READ_TOO = [
  "patches",
  "prisma",
  ".yarn",
  ".yarnrc.yml",
  ".pnpmfile.cjs",
  ".cargo",
  "vendor",
  "NuGet.config",
  "gradle",
];
/** Lines of a list of requirements that lead to another file. */
const INCLUDES_OTHERS = /^[ \t]*(?:-r|--requirement|-c|--constraint)\b/m;

const LISTS_SOMETHING =
  /^require\b|^\[(?:[\w.'"-]+\.)?(?:build-)?dependencies[\w.-]*\]|"(?:dev)?[dD]ependencies"\s*:\s*\{\s*"|<dependency>|<PackageReference|^[ \t]*dependencies\s*=\s*\[\s*["']|\binstall_requires\b/m;

/** Manifests that point into the tree, by ecosystem. */
const LOCAL_REFERENCES: ReadonlyMap<DependencyInstall["ecosystem"], RegExp> = new Map([
  [
    "node",
    /"workspaces"\s*:|"(?:file|link|portal|workspace):|"(?:preinstall|install|postinstall)"\s*:|"prepare"\s*:\s*"(?!husky|is-ci)/,
  ],
  [
    "python",
    /^[ \t]*(?:-e|--editable)\b|^[ \t]*(?:\.{1,2}\/|file:|\.[ \t]*$)|\bpath\s*=\s*["']|\bworkspace\s*=\s*true|@\s*file:/m,
  ],
  ["rust", /\bpath\s*=\s*"|^\[workspace\]/m],
  ["go", /=>\s*\.{1,2}\//],
  ["ruby", /\bpath:\s*["']|:path\s*=>|^[ \t]*gemspec\b|\bfile:\s*["']/m],
  ["php", /"type"\s*:\s*"path"|"(?:post|pre)-(?:install-cmd|autoload-dump)"\s*:/],
  ["java", /<modules>/],
  ["dotnet", /<ProjectReference\b|^Project\(/m],
  ["elixir", /\bpath:\s*"|\bin_umbrella:/],
]);

function needsTree(text: string, { ecosystem, command }: DependencyInstall): boolean {
  const references = LOCAL_REFERENCES.get(ecosystem);
  if (references?.test(text) !== true) return false;
  // Told to run no scripts, hooks that need the tree do not count.
  if (command?.options.has("--ignore-scripts", "--no-scripts") !== true) return true;
  return /"workspaces"\s*:|"(?:file|link|portal|workspace):|"type"\s*:\s*"path"/.test(text);
}

/** Programs that touch nothing of a project but what their words name. */
const INDEPENDENT = new Set(
  (
    ": addgroup adduser apt-cache apt-key apt-mark cat cd chmod chown command corepack curl cut date dpkg dpkg-reconfigure " +
    "echo export find getent gpg grep groupadd id install ldconfig ln locale-gen ls mkdir mv cp passwd printf rm sed set " +
    "setcap sleep sort tar tee test touch tr true [ unset update-ca-certificates useradd usermod wget which xargs"
  ).split(" "),
);
const BESIDE_INSTALLS: ReadonlySet<string> = new Set([
  "install",
  "lock-install",
  "refresh",
  "upgrade",
  "remove",
  "clean",
  "other",
]);

/**
 * Whether a RUN with installs reads or writes nothing of what a copy brought, but for the files that the installs name, so
 * that it may as well stand above the copy.
 */
export function isIndependent(run: RunView, { copy }: SourceCopy, installs: readonly DependencyInstall[]): boolean {
  const { destination } = copy;
  if (destination === undefined || run.facts.opaque !== undefined) return false;
  const packages = new Map(run.packages.map((command) => [command.invocation, command]));
  const known = new Map(installs.map((install) => [install.invocation, install]));
  const named = new Set(installs.flatMap(({ inputs }) => inputs.flatMap(({ names }) => names)));
  return run.commands.every((invocation) => {
    const { name, args } = invocation;
    if (name === undefined) return true;
    const reads = known.get(invocation)?.reads;
    if (reads === "tree" || reads === "unknown") return false;
    const command = packages.get(invocation);
    if (command === undefined ? !INDEPENDENT.has(name) : !BESIDE_INSTALLS.has(command.action)) return false;
    // `npm run`, `go vet`: they work on the project.
    if (command?.action === "other" && command.verb !== "config" && command.verb !== "config set") return false;
    return args.every(({ value, shape }) => {
      const text = value ?? shape;
      if (named.has(text)) return true;
      if (text.startsWith("/")) return destination === "/" || !isWithin(destination, text);
      if (command !== undefined) return !/^\.{1,2}(?:\/|$)/.test(text);
      return name === "cd" || name === "mkdir" || text.startsWith("-") || !/[./]/.test(text) || text.includes("://");
    });
  });
}

/** Whether a RUN itself makes one of the files that an install of it reads: then no copy of the context can bring it alone. */
export function makesManifest(run: RunView, install: DependencyInstall): boolean {
  const names = new Set(install.inputs.flatMap(({ names: each }) => each.map(baseName)));
  return run.facts.writes.some(({ path }) => path !== undefined && names.has(baseName(path)));
}

/** Whether a mount of its RUN brings what an install reads. */
export function mountsManifests(install: DependencyInstall): boolean {
  const { run } = install;
  const paths = install.inputs.flatMap((input) => pathsOfInput(install, input));
  return run.instruction.mounts.some(({ type, target }) => {
    if (type !== "bind") return false;
    const value = target === undefined ? undefined : run.step.expand(target);
    if (value?.kind !== "known") return true;
    const place = resolvePath(run.workdir ?? "/", value.value);
    return paths.length === 0 || paths.some((path) => isWithin(place, path));
  });
}
