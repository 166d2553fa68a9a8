import type { Service } from "../compose/model.js";
import type { LineGroup } from "../context/added-lines.js";
import type { BuildContext } from "../context/context.js";
import {
  type ComposePath,
  type CoverageInput,
  type CoverageRow,
  judgeCoverage,
  judgeLargeFiles,
} from "../context/coverage.js";
import { withMorePatterns } from "../context/ignore-file.js";
import { type ContextMeasure, measureContext } from "../context/measure.js";
import { Reach } from "../context/reach.js";
import { baseName, isWithin, joinPath, parentPath, relativePath } from "../files/path.js";
import { ContextEvidence } from "./context-evidence.js";
import { contentOfFile, isExampleName } from "./file-content.js";
import { servicesOf } from "./link.js";
import type { Build, Project } from "./model.js";

/** How well the ignore file of a context does its work, by all that its project tells. Found out on first use and kept. */
export class ContextCoverage {
  readonly context: BuildContext;
  /** Builds of the context under its ignore file. */
  readonly builds: readonly Build[];
  readonly #project: Project;
  #reach: Reach | undefined;
  #rows: readonly CoverageRow[] | undefined;
  #large: readonly CoverageRow[] | undefined;
  #measure: ContextMeasure | undefined;
  #input: CoverageInput | undefined;

  constructor(context: BuildContext, project: Project) {
    this.context = context;
    this.#project = project;
    const [first] = project.buildsOf(context);
    this.builds = first?.sharingIgnoreFile ?? [];
  }

  /** All that these builds take. */
  get reach(): Reach {
    this.#reach ??= new Reach(this.builds.flatMap(({ reach }) => reach.sources.map(({ source }) => source)));
    return this.#reach;
  }

  /** Rows of the coverage table that apply; empty when nothing is taken, or the context is a guess. */
  get rows(): readonly CoverageRow[] {
    this.#rows ??= this.#judge();
    return this.#rows;
  }

  /** Large files that no source names, as rows. Walks the context. */
  get largeFiles(): readonly CoverageRow[] {
    this.#large ??= this.reach.sources.length === 0 ? [] : judgeLargeFiles(this.#coverageInput);
    return this.#large;
  }

  /** Lines that would keep out all that is missing, in the order of the table. */
  get suggestions(): readonly string[] {
    return [...new Set(this.rows.flatMap(({ suggestions }) => suggestions))];
  }

  /** Sizes with and without the suggestions. Walks the context. */
  get measure(): ContextMeasure {
    if (this.#measure === undefined) {
      const { context, suggestions } = this;
      this.#measure = measureContext({
        walk: context.walk,
        reaches: (path) => this.reach.reaches(path),
        suggested: suggestions.length === 0 ? undefined : withMorePatterns(context.ignoreFile?.file, suggestions),
      });
    }
    return this.#measure;
  }

  /** Name of the ignore file for messages; of the one to be made when there is none. */
  get ignoreFileName(): string {
    const { ignoreFile } = this.context;
    return ignoreFile === undefined ? ".dockerignore" : baseName(ignoreFile.path);
  }

  /** Paths that Compose files name inside the context. */
  get composePaths(): readonly ComposePath[] {
    return this.#coverageInput.facts.composePaths;
  }

  /** Bytes that are sent below some paths; a lower bound when the walk was. */
  sizeOf(isMeant: (path: string) => boolean): number {
    const { walk } = this.context;
    let sizeBytes = 0;
    for (const file of walk.files) {
      if (!file.isIgnored && isMeant(file.path) && this.reach.reaches(file.path)) sizeBytes += walk.sizeBytes(file);
    }
    return sizeBytes;
  }

  #judge(): readonly CoverageRow[] {
    if (this.reach.sources.length === 0) return [];
    const rows = judgeCoverage(this.#coverageInput);
    return this.#isBelowRepository ? rows.filter(({ id }) => id !== "git") : rows;
  }

  /** `.git` is where the repository begins, and never in a folder of it. */
  get #isBelowRepository(): boolean {
    const { root, workspace } = this.context;
    if (this.context.exists(".git")) return false;
    for (let folder = root; folder !== workspace.root && isWithin(workspace.root, folder); ) {
      folder = parentPath(folder);
      if (workspace.fs.lstat(joinPath(folder, ".git")) !== undefined) return true;
    }
    return false;
  }

  get #coverageInput(): CoverageInput {
    if (this.#input === undefined) {
      const { context, reach, builds } = this;
      const project = this.#project;
      const facts = new ContextEvidence(context, builds, project);
      this.#input = {
        context,
        reach,
        facts: {
          holds: (fact) => facts.holds(fact),
          // A rule of git for a folder shows on what lies in it.
          isGitIgnored: (path, isFolder) => project.isGitIgnored(joinPath(context.root, isFolder ? `${path}/x` : path)),
          contentOf: (path) => contentOfFile(joinPath(context.root, path), project),
          composePaths: [...composePathsOf(context, project)],
        },
      };
    }
    return this.#input;
  }
}

const coverages = new WeakMap<BuildContext, ContextCoverage>();

/** The coverage of a context; one and the same for every rule. A context belongs to one project. */
export function coverageOf(context: BuildContext, project: Project): ContextCoverage {
  let coverage = coverages.get(context);
  if (coverage === undefined) {
    coverage = new ContextCoverage(context, project);
    coverages.set(context, coverage);
  }
  return coverage;
}

/** The lines that some rows suggest, each once, under a title for each kind of content. */
export function lineGroupsOf(rows: readonly CoverageRow[]): readonly LineGroup[] {
  const groups = new Map<string, string[]>();
  const seen = new Set<string>();
  for (const row of rows) {
    const title = TITLES[row.class];
    const lines = groups.get(title) ?? [];
    groups.set(title, lines);
    for (const line of row.suggestions) {
      if (seen.has(line)) continue;
      seen.add(line);
      lines.push(line);
    }
  }
  return [...groups].flatMap(([title, lines]) => (lines.length === 0 ? [] : [{ title, lines }]));
}

const TITLES = {
  vcs: "Version control",
  secret: "Secrets",
  deps: "Dependencies",
  cache: "Caches",
  build: "Build output",
  recommended: "Not needed in images",
  "compose-data": "Data of containers",
  optional: "Documents and tests",
} as const satisfies Record<CoverageRow["class"], string>;

/** Folders that containers write their data to, by habit of their names. */
const DATA_NAME =
  /^(?:data|db|logs?|uploads?|pgdata|storage|backups?|volumes?|dumps?|.+[-_.](?:data|db|logs?|uploads?|storage|backups?))$/i;
const DATA_TARGET = /^\/(?:var\/lib|var\/log|data|bitnami|backups?)(?:\/|$)/;

/** Files and folders of a context that Compose files name as env files, secrets or data. */
function* composePathsOf(context: BuildContext, project: Project): Iterable<ComposePath> {
  const seen = new Set<string>();
  for (const service of servicesOf(project.composeProjects)) {
    for (const { file, kind, range } of pathsOfService(service)) {
      if (file === context.root || !isWithin(context.root, file)) continue;
      const path = relativePath(context.root, file);
      if (seen.has(`${kind} ${path}`)) continue;
      seen.add(`${kind} ${path}`);
      yield { kind, path, range };
    }
  }
}

type NamedFile = Pick<ComposePath, "kind" | "range"> & { readonly file: string };

function* pathsOfService(service: Service): Iterable<NamedFile> {
  for (const { file, path } of service.envFiles) {
    if (file !== undefined && !isExampleName(baseName(file))) yield { kind: "env-file", file, range: path.range };
  }
  for (const { source } of service.secrets) {
    const resource = source?.value === undefined ? undefined : service.variant.secrets.get(source.value);
    if (resource?.filePath === undefined || resource.file === undefined) continue;
    yield { kind: "secret", file: resource.filePath, range: resource.file.range };
  }
  for (const { type, hostPath, source, targetPath, isReadOnly } of service.mounts) {
    if (type !== "bind" || hostPath === undefined || source === undefined) continue;
    const { range } = source;
    if (/\.(?:key|p12|pfx|jks)$|^id_(?:rsa|dsa|ecdsa|ed25519)$/.test(baseName(hostPath))) {
      yield { kind: "secret", file: hostPath, range };
    } else if (!isReadOnly && (DATA_NAME.test(baseName(hostPath)) || DATA_TARGET.test(targetPath ?? ""))) {
      yield { kind: "data", file: hostPath, range };
    }
  }
}
