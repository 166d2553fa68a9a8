import { isWithin, resolvePath } from "../files/path.js";
import type { Range } from "../text/source.js";
import { isRemotePath } from "./access.js";
import type { Environment } from "./environment.js";
import { ExtendsResolver } from "./extends.js";
import { IncludeResolver } from "./include.js";
import { LIMITS } from "./limits.js";
import { Merger } from "./merge.js";
import type { Incomplete, ModelProblem } from "./model.js";
import type { MappingNode } from "./node-model.js";
import { Mapping } from "./nodes.js";
import { OpenedFile, type Shelf } from "./opened-file.js";

/** What is to be merged: files in order, the folder of the first, what variables are known. */
export interface LoadRequest {
  readonly files: readonly OpenedFile[];
  readonly folder: string;
  readonly environment: Environment;
}

/** What came out of merging. */
export interface Loaded {
  readonly tree: MappingNode | undefined;
  readonly incomplete: readonly Incomplete[];
  readonly problems: readonly ModelProblem[];
  readonly broughtIn: readonly OpenedFile[];
}

/** A file that another one names, or why it is not followed. */
export type Followed =
  | { readonly kind: "file"; readonly file: OpenedFile }
  | { readonly kind: "no"; readonly reason: Incomplete["reason"]; readonly detail: string; readonly message: string };

/** Merges the files of one variant: include, extends and overrides in the order of the reference loader. Never throws. */
export function loadFiles(shelf: Shelf, request: LoadRequest): Loaded {
  const run = new LoadRun(shelf);
  const tree = run.load(request, []);
  const problems = [...run.problems, ...run.merger.problems];
  const first = request.files[0];
  if (run.merger.isExhausted && first !== undefined) {
    const message = `the merged model has more than ${LIMITS.mergedNodes.toLocaleString("en")} values`;
    problems.push({ kind: "limit", detail: "nodes", range: first.source.range(0, 0), message, related: [] });
  }
  const given = new Set(request.files);
  const broughtIn = [...run.opened].filter((file) => !given.has(file));
  const services = tree?.entries.get("services");
  if (services?.value.kind !== "mapping" || services.value.entries.size <= LIMITS.services) {
    return { tree, incomplete: run.incomplete, problems, broughtIn };
  }
  const message = `more than ${LIMITS.services.toLocaleString("en")} services are defined`;
  problems.push({ kind: "limit", detail: "services", range: services.keyRange, message, related: [] });
  const incomplete = [...run.incomplete, { reason: "limit", service: undefined, range: services.keyRange } as const];
  return { tree: undefined, incomplete, problems, broughtIn };
}

/** The state that include and extends share while one variant is loaded. */
export class LoadRun {
  readonly shelf: Shelf;
  readonly merger = new Merger();
  readonly problems: ModelProblem[] = [];
  readonly incomplete: Incomplete[] = [];
  readonly opened = new Set<OpenedFile>();
  /** Files by the folder and the environment that they were read with. */
  readonly #read = new Set<string>();
  #readLength = 0;
  readonly #extends = new ExtendsResolver(this);
  readonly #includes = new IncludeResolver(this);

  constructor(shelf: Shelf) {
    this.shelf = shelf;
  }

  /** @param chain paths of the files whose `include` led here */
  load(request: LoadRequest, chain: readonly string[]): MappingNode | undefined {
    let merged: MappingNode | undefined;
    const { merger } = this;
    for (const file of request.files) {
      for (const document of file.mappings(request.folder, request.environment)) {
        const scope = { file, folder: request.folder, environment: request.environment };
        const included = this.#includes.apply(document, scope, [...chain, file.path]);
        const extended = this.#extends.apply(included, scope);
        merger.hasResets = file.hasResets;
        if (merged !== undefined) merged = merger.files(merged, extended);
        else if (file.hasResets) merged = merger.files(emptyLike(extended), extended);
        else merged = extended;
        merger.hasResets = false;
      }
    }
    return merged;
  }

  /**
   * Counts that a file is read with a folder and an environment.
   *
   * @returns false when that is more than is read
   */
  mayRead({ path, source }: OpenedFile, folder: string, environment: Environment): boolean {
    const id = `${path}\n${folder}\n${environment.id}`;
    if (this.#read.has(id)) return true;
    if (this.#readLength + source.text.length > LIMITS.filesLength) return false;
    this.#read.add(id);
    this.#readLength += source.text.length;
    return true;
  }

  /** Opens what a path in a Compose file names, when it lies in the workspace and the limits allow. */
  follow(written: string, folder: string): Followed {
    if (isRemotePath(written)) {
      return { kind: "no", reason: "remote", detail: "not-followed", message: `\`${written}\` is remote and not read` };
    }
    const path = resolvePath(folder, written);
    if (!isWithin(this.shelf.access.root, path)) {
      const message = `\`${written}\` lies outside the workspace and is not read`;
      return { kind: "no", reason: "outside", detail: "not-followed", message };
    }
    const file = this.shelf.open(path);
    if (!(file instanceof OpenedFile)) {
      if (file.problem === "outside") {
        const message = `\`${written}\` leads outside the workspace and is not read`;
        return { kind: "no", reason: "outside", detail: "not-followed", message };
      }
      const isMissing = !this.shelf.access.exists(path);
      return isMissing
        ? { kind: "no", reason: "missing", detail: "missing-file", message: `\`${written}\` does not exist` }
        : { kind: "no", reason: "unreadable", detail: "unreadable", message: `\`${written}\` cannot be read` };
    }
    if (!this.opened.has(file) && this.opened.size >= LIMITS.files) {
      const message = `more than ${LIMITS.files} files are included and extended`;
      return { kind: "no", reason: "limit", detail: "files", message };
    }
    this.opened.add(file);
    return { kind: "file", file };
  }

  report(
    kind: ModelProblem["kind"],
    detail: string,
    range: Range,
    message: string,
    related: readonly Range[] = [],
  ): void {
    const isKnown = this.problems.some(
      (known) => known.range.start === range.start && known.range.source === range.source && known.message === message,
    );
    if (!isKnown && this.problems.length < 200) this.problems.push({ kind, detail, range, message, related });
  }
}

/** A mapping without content in place of another: laying the other over it lets its own tags take effect. */
export function emptyLike(node: MappingNode): MappingNode {
  return new Mapping(new Map(), { range: node.range, folder: node.folder });
}
