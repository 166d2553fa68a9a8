import type { LineGroup } from "../context/added-lines.js";
import type { BuildContext } from "../context/context.js";
import {
  type CoverageInput,
  type CoverageRow,
  type FileContent,
  judgeCoverage,
  judgeLargeFiles,
} from "../context/coverage.js";
import { matcherOf } from "../context/ignore-file.js";
import { type ContextMeasure, measureContext } from "../context/measure.js";
import { Reach } from "../context/reach.js";
import type { ContextRowClass } from "../data/context-rows.js";
import { baseName, joinPath } from "../files/path.js";
import { sourcesOf } from "./build-reach.js";
import { composePathsOf } from "./context-compose.js";
import { ContextFacts } from "./context-facts.js";
import { contentOfFile } from "./file-content.js";
import type { Build, Project } from "./model.js";
import { ModelMemo } from "./model-memo.js";

/** One build context with its ignore file, as all builds that send it see it. Everything is found on first use and kept. */
export class ContextView {
  readonly context: BuildContext;
  readonly project: Project;
  /** Builds that send it under this ignore file. */
  readonly builds: readonly Build[];
  readonly #contents = new Map<string, FileContent>();
  #reach: Reach | undefined;
  #sharedReach: Reach | undefined;
  #input: CoverageInput | undefined;
  #rows: readonly CoverageRow[] | undefined;
  #largeFiles: readonly CoverageRow[] | undefined;
  #measure: ContextMeasure | undefined;

  constructor(context: BuildContext, project: Project) {
    this.context = context;
    this.project = project;
    this.builds = project.buildsOf(context);
  }

  /** What the builds take. */
  get reach(): Reach {
    this.#reach ??= new Reach(this.builds.flatMap(({ reach }) => reach.sources.map(({ source }) => source)));
    return this.#reach;
  }

  /** What any stage of any build takes that shares the ignore file, stages that no build needs too: no line may break one. */
  get sharedReach(): Reach {
    if (this.#sharedReach === undefined) {
      const sharing = new Set(this.builds.flatMap((build) => build.sharingIgnoreFile));
      this.#sharedReach = new Reach([...sharing].flatMap(({ stages }) => [...sourcesOf(stages)]));
    }
    return this.#sharedReach;
  }

  /** Name of the ignore file that applies, or of the one that would. */
  get ignoreFileName(): string {
    const path = this.context.ignoreFile?.path;
    return path === undefined ? ".dockerignore" : baseName(path);
  }

  /** Rows of the coverage table that apply; none when nothing is taken. */
  get rows(): readonly CoverageRow[] {
    this.#rows ??= this.reach.sources.length === 0 ? [] : this.#judge();
    return this.#rows;
  }

  /** Large files that are taken without being named, as rows. Walks the context. */
  get largeFiles(): readonly CoverageRow[] {
    this.#largeFiles ??= this.reach.sources.length === 0 ? [] : judgeLargeFiles(this.#coverageInput);
    return this.#largeFiles;
  }

  /**
   * Sizes as the ignore file is, and as they would be with the lines that the rows suggest; what is a matter of taste
   * stays in. Walks the context.
   */
  get measure(): ContextMeasure {
    if (this.#measure === undefined) {
      const rows = this.rows.filter((row) => row.class !== "optional" && row.class !== "compose-data");
      const lines = rows.flatMap(({ suggestions }) => suggestions);
      this.#measure = measureContext({
        walk: this.context.walk,
        reaches: (path) => this.reach.reaches(path),
        // Of files that are sent already, the lines that come last decide alone.
        suggested: lines.length === 0 ? undefined : matcherOf(lines),
      });
    }
    return this.#measure;
  }

  /** Bytes of what builds take and a test picks, folders asked as the files in them; a lower bound where the walk is one. */
  sizeOf(picks: (path: string) => boolean): number {
    const { walk } = this.context;
    let sizeBytes = 0;
    for (const file of walk.files) {
      if (!file.isIgnored && picks(file.path) && this.reach.reaches(file.path)) sizeBytes += walk.sizeBytes(file);
    }
    return sizeBytes;
  }

  /** Lines that the rows suggest, each once, in the order of the table. */
  get suggestions(): readonly string[] {
    return [...new Set(this.rows.flatMap(({ suggestions }) => suggestions))];
  }

  /** What a file of the context turned out to hold. @param path relative, cleaned */
  contentOf(path: string): FileContent {
    let content = this.#contents.get(path);
    if (content === undefined) {
      content = contentOfFile(joinPath(this.context.root, path), this.project);
      this.#contents.set(path, content);
    }
    return content;
  }

  #judge(): readonly CoverageRow[] {
    const rows = judgeCoverage(this.#coverageInput);
    const { context } = this;
    if (context.root === context.workspace.root) return rows;
    // What git ignores anywhere in the repository says little about one of its folders.
    const hasOwnRules = context.exists(".gitignore");
    return rows.filter(({ id, isReal, evidence }) => {
      if (id === "git") return !this.#isBelowRepository;
      return isReal || hasOwnRules || evidence.length === 0 || evidence.some(({ kind }) => kind !== "git-ignored");
    });
  }

  /** `.git` is where the repository begins, and never in a folder of it. */
  get #isBelowRepository(): boolean {
    const { root, workspace } = this.context;
    return root !== workspace.root && !this.context.exists(".git");
  }

  get #coverageInput(): CoverageInput {
    if (this.#input === undefined) {
      const { context, project, builds, reach, sharedReach } = this;
      const facts = new ContextFacts(context, builds, project);
      this.#input = {
        context,
        reach,
        sharedReach,
        facts: {
          holds: (fact) => facts.holds(fact),
          isGitIgnored: (path, isDirectory) => {
            // Below a folder that a rule for folders names, everything is ignored.
            return project.isGitIgnored(joinPath(context.root, isDirectory ? `${path}/x` : path));
          },
          contentOf: (path) => this.contentOf(path),
          composePaths: composePathsOf(context, project),
        },
      };
    }
    return this.#input;
  }
}

const TITLES: Readonly<Record<ContextRowClass, string>> = {
  vcs: "Version control",
  secret: "Secrets",
  deps: "Dependencies",
  cache: "Caches",
  build: "Build output",
  recommended: "Not needed in an image",
  "compose-data": "Data of services",
  optional: "Documentation and tests",
};

/**
 * The lines that some rows suggest, each once, under a title for each class. Rows whose paths the lines before them leave
 * out already give none.
 */
export function lineGroupsOf(rows: readonly CoverageRow[]): readonly LineGroup[] {
  const groups = new Map<string, string[]>();
  const seen = new Set<string>();
  for (const row of rows) {
    const before = matcherOf([...seen]);
    if (row.missing.length > 0 && row.missing.every((path) => before.ignores(path))) continue;
    const title = TITLES[row.class];
    const lines = row.suggestions.filter((line) => !seen.has(line));
    if (lines.length === 0) continue;
    for (const line of lines) seen.add(line);
    groups.set(title, [...(groups.get(title) ?? []), ...lines]);
  }
  return [...groups].map(([title, lines]) => ({ title, lines }));
}

const views = new ModelMemo<BuildContext, ContextView>();

/** The view of a context: one object however many rules ask. A context belongs to one project. */
export function contextViewOf(context: BuildContext, project: Project): ContextView {
  let view = views.get(context);
  if (view === undefined || view.project !== project) {
    view = new ContextView(context, project);
    views.set(context, view);
  }
  return view;
}
