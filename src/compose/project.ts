import { ASSUMED_ROLE, type Role, type RoleName, roleOf } from "../data/roles.js";
import { baseName, parentPath, relativePath, resolvePath } from "../files/path.js";
import type { Source } from "../text/source.js";
import type { ComposeAccess } from "./access.js";
import { BASE_NAMES, type NotCompose, OVERRIDE_NAMES, stemOf, whyNotCompose } from "./discovery.js";
import { type Environment, knownNames, readEnvironment } from "./environment.js";
import type { ComposeFile, ComposeProject, Variant } from "./model.js";
import { type OpenedFile, Shelf } from "./opened-file.js";
import { VariantView } from "./variant.js";
import { baseOf, type ConfiguredVariant, overrideOf, planVariants, type VariantPlan } from "./variant-plan.js";
import type { YamlProblemKind } from "./yaml-model.js";

/** What the caller asks for. */
export interface ComposeRequest extends ComposeAccess {
  /** Compose files of the workspace, found by name or named by the user; in any order. */
  readonly sources: readonly Source[];
  /** Files that somebody named: taken as Compose whatever they look like. */
  isNamed?(source: Source): boolean;
  /** The role that the policy gives to a file; undefined when it says nothing. */
  roleOf?(source: Source): RoleName | undefined;
  /** Variants that the policy lists for a project folder (absolute). */
  variantsOf?(folder: string): readonly ConfiguredVariant[];
  /** Names that the policy says are set. */
  readonly knownVariables?: readonly string[];
  /** Profiles that the policy says are always on. */
  readonly profiles?: readonly string[];
  /** For each devcontainer file the absolute paths of its `dockerComposeFile`, in order. */
  readonly devcontainers?: readonly (readonly string[])[];
  /** Absences are judged in variants of this role instead of production. */
  readonly referenceRole?: RoleName;
}

/** All Compose projects of a workspace. */
export interface ComposeWorkspace {
  /** Sorted by folder. */
  readonly projects: readonly ComposeProject[];
  /** Files that are named like Compose files and are none. */
  readonly skipped: readonly { readonly source: Source; readonly reason: NotCompose }[];
}

/**
 * Groups Compose files into projects and variants. Each file takes part in at least one variant, of its own folder or of
 * one that includes or extends it. Nothing is merged before a variant is asked.
 */
export function openComposeProjects(request: ComposeRequest): ComposeWorkspace {
  const shelf = new Shelf(request);
  const skipped: { source: Source; reason: NotCompose }[] = [];
  const found = new Set<OpenedFile>();
  for (const source of request.sources) {
    const file = shelf.add(source);
    const isNamed = request.isNamed?.(source) === true;
    const reason = isNamed ? undefined : whyNotCompose(baseName(file.path), source.text, file.yaml);
    if (reason !== undefined) skipped.push({ source, reason });
    else found.add(file);
  }
  const files = [...found].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const broughtIn = broughtInFiles(files);
  const folders = [...groupBy(files, ({ folder }) => folder)];
  const projects = folders.map(([folder, own]) => new ProjectView(shelf, request, folder, own, broughtIn));
  return { projects: projects.filter(({ variants }) => variants.length > 0), skipped };
}

/** The projects of one folder's files; see {@link openComposeProjects}. */
export function openComposeProject(request: ComposeRequest): ComposeProject | undefined {
  return openComposeProjects(request).projects[0];
}

class ProjectView implements ComposeProject {
  readonly folder: string;
  readonly root: string;
  readonly files: readonly ComposeFile[];
  readonly variants: readonly Variant[];
  readonly #shelf: Shelf;
  readonly #request: ComposeRequest;
  readonly #environment: Environment;
  readonly #views = new Map<OpenedFile, ComposeFile>();
  #known: { readonly names: ReadonlySet<string>; readonly hasSource: boolean } | undefined;

  constructor(
    shelf: Shelf,
    request: ComposeRequest,
    folder: string,
    files: readonly OpenedFile[],
    broughtIn: ReadonlySet<OpenedFile>,
  ) {
    this.folder = folder;
    this.root = request.root;
    this.#shelf = shelf;
    this.#request = request;
    this.#environment = readEnvironment(request, folder);
    const base = baseOf(files);
    const override = overrideOf(files);
    for (const file of files) this.#views.set(file, fileView(shelf, file, base, override, folder, this.#environment));
    this.files = files.map((file) => this.#viewOf(file));
    const devcontainers = (request.devcontainers ?? []).filter(
      ([first]) => first !== undefined && parentPath(first) === folder,
    );
    const configured = request.variantsOf?.(folder) ?? [];
    const plans = planVariants(shelf, { folder, files, environment: this.#environment, configured, devcontainers });
    // What another file brings in is judged as part of that one.
    const wanted = plans.filter(({ files: own }) => !own.every((file) => broughtIn.has(file)));
    const roles = new Map(wanted.map((plan) => [plan, this.#roleOf(plan)]));
    const references = referencePlans(wanted, roles, request.referenceRole);
    this.variants = wanted.map((plan) => this.#variant(plan, roles.get(plan) ?? ASSUMED_ROLE, references.has(plan)));
  }

  get knownVariables(): ReadonlySet<string> {
    return this.#names.names;
  }

  get hasEnvSource(): boolean {
    return this.#names.hasSource;
  }

  get #names() {
    if (this.#known === undefined) {
      const { names, hasSource } = knownNames(this.#request, this.folder, this.#environment);
      this.#known = { names: new Set([...names, ...(this.#request.knownVariables ?? [])]), hasSource };
    }
    return this.#known;
  }

  #viewOf(file: OpenedFile): ComposeFile {
    const known = this.#views.get(file);
    if (known !== undefined) return known;
    const view = fileView(this.#shelf, file, undefined, undefined, file.folder, this.#environment);
    this.#views.set(file, view);
    return view;
  }

  #variant(plan: VariantPlan, role: Role, isReference: boolean): Variant {
    const { envFile, profiles } = plan.configured ?? {};
    const folder = plan.files[0]?.folder ?? this.folder;
    const environment =
      envFile !== undefined
        ? readEnvironment(this.#request, folder, [resolvePath(this.folder, envFile)])
        : folder === this.folder
          ? this.#environment
          : readEnvironment(this.#request, folder);
    const fromEnv = environment.lookup("COMPOSE_PROFILES")?.split(",") ?? [];
    const on = [...(this.#request.profiles ?? []), ...(profiles ?? []), ...fromEnv].map((name) => name.trim());
    return new VariantView({
      project: this,
      origin: plan.origin,
      opened: plan.files,
      folder,
      environment,
      role,
      isReference,
      profiles: on.filter((name) => name !== ""),
      shelf: this.#shelf,
      viewOf: (file) => this.#viewOf(file),
    });
  }

  /** The last file that states a role decides, but the automatic override leaves the role to its base. */
  #roleOf({ origin, files, configured }: VariantPlan): Role {
    if (configured?.role !== undefined) return { name: configured.role, stated: true };
    const deciding = origin === "default" ? files.slice(0, 1) : files;
    for (const file of deciding.toReversed()) {
      const given = this.#request.roleOf?.(file.source);
      if (given !== undefined) return { name: given, stated: true };
      const role = roleOf(relativePath(this.root, file.path), file.source.text);
      if (role.stated) return role;
    }
    return origin === "devcontainer" ? { name: "development", stated: true } : ASSUMED_ROLE;
  }
}

/**
 * Where absences are judged: the variants that say they are production, else the default one, else those that stand
 * alone. Files of the `compose` family of a folder are one group; any other stem is a project of its own.
 */
function referencePlans(
  plans: readonly VariantPlan[],
  roles: ReadonlyMap<VariantPlan, Role>,
  wanted: RoleName = "production",
): ReadonlySet<VariantPlan> {
  const references = new Set<VariantPlan>();
  for (const group of groupBy(plans, familyOf).values()) {
    const stated = group.filter((plan) => roles.get(plan)?.name === wanted && roles.get(plan)?.stated === true);
    const usual = group.filter(({ origin }) => origin === "default" || origin === "compose-file");
    const alone = group.filter(({ origin }) => origin === "alone");
    const chosen = [stated, usual, alone, group].find((candidates) => candidates.length > 0) ?? [];
    for (const plan of chosen) references.add(plan);
  }
  return references;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function familyOf({ files }: VariantPlan): string {
  const [first] = files;
  const stem = first === undefined ? "" : (stemOf(baseName(first.path))[0] ?? "").toLowerCase();
  return stem === "compose" || stem === "docker-compose" ? "compose" : `${stem} ${first?.path ?? ""}`;
}

function fileView(
  shelf: Shelf,
  file: OpenedFile,
  base: OpenedFile | undefined,
  override: OpenedFile | undefined,
  folder: string,
  environment: Environment,
): ComposeFile {
  const name = baseName(file.path);
  const isBase = BASE_NAMES.some((known) => known === name);
  const isOverride = OVERRIDE_NAMES.some((known) => known === name);
  const winner = isBase ? base : isOverride ? override : undefined;
  return new FileView(file, {
    shelf,
    folder,
    environment,
    nameKind: isBase ? "base" : isOverride ? "override" : "other",
    shadowedBy: winner === undefined || winner === file ? undefined : winner.source,
  });
}

interface FileViewParts extends Pick<ComposeFile, "nameKind" | "shadowedBy"> {
  readonly shelf: Shelf;
  readonly folder: string;
  readonly environment: Environment;
}

/** Problems after which the tree is not what the user wrote. */
const BROKEN: ReadonlySet<YamlProblemKind> = new Set<YamlProblemKind>(["syntax", "tab", "root", "limit"]);

/** A class, because an object literal with getters would keep the file's model until the next full garbage collection. */
class FileView implements ComposeFile {
  readonly source: Source;
  readonly nameKind: ComposeFile["nameKind"];
  readonly shadowedBy: Source | undefined;
  readonly #file: OpenedFile;
  readonly #parts: FileViewParts;

  constructor(file: OpenedFile, parts: FileViewParts) {
    this.source = file.source;
    this.nameKind = parts.nameKind;
    this.shadowedBy = parts.shadowedBy;
    this.#file = file;
    this.#parts = parts;
  }

  get yaml(): ComposeFile["yaml"] {
    return this.#file.yaml;
  }

  get documents(): ComposeFile["documents"] {
    return this.#file.trees(this.#parts.folder, this.#parts.environment);
  }

  get schemaFaults(): ComposeFile["schemaFaults"] {
    // What recovery makes of a broken text is nobody's mistake.
    if (this.yaml.problems.some(({ kind }) => BROKEN.has(kind))) return [];
    return this.documents.flatMap((document) => this.#parts.shelf.verdictOn(document).faults);
  }
}

/**
 * Files that other files of the workspace include or extend, as far as names without variables tell. In a circle of
 * files the first by path is not brought in, so that each file is judged somewhere.
 */
function broughtInFiles(files: readonly OpenedFile[]): ReadonlySet<OpenedFile> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const targets = new Map<OpenedFile, readonly OpenedFile[]>();
  const named = new Set<OpenedFile>();
  for (const file of files) {
    const own = file.references.flatMap((path) => byPath.get(resolvePath(file.folder, path)) ?? []);
    targets.set(file, own);
    for (const target of own) if (target !== file) named.add(target);
  }
  const reached = new Set<OpenedFile>();
  const reach = (start: OpenedFile) => {
    const work = [start];
    for (let file = work.pop(); file !== undefined; file = work.pop()) {
      for (const target of targets.get(file) ?? []) {
        if (target === start || reached.has(target)) continue;
        reached.add(target);
        work.push(target);
      }
    }
  };
  const roots = files.filter((file) => !named.has(file));
  for (const root of roots) reach(root);
  for (const file of files) if (named.has(file) && !reached.has(file)) reach(file);
  return reached;
}
