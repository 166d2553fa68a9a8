import { resolvePath } from "../files/path.js";
import { type Environment, readEnvironment } from "./environment.js";
import type { FileScope } from "./extends.js";
import { LIMITS } from "./limits.js";
import type { LoadRun } from "./loader.js";
import type { MappingNode, Node, ScalarNode } from "./node-model.js";
import { brought, isNull } from "./nodes.js";
import type { OpenedFile } from "./opened-file.js";

/** Sections whose names an included project brings along. */
const SECTIONS = ["services", "networks", "volumes", "secrets", "configs", "models"] as const;

/** Puts included projects under the file that includes them. */
export class IncludeResolver {
  readonly #run: LoadRun;
  readonly #loaded = new Map<string, MappingNode | undefined>();

  constructor(run: LoadRun) {
    this.#run = run;
  }

  /**
   * The top level with everything that it includes below it; the same node when it includes nothing.
   *
   * @param chain paths of the files that led here, this one last
   */
  apply(root: MappingNode, scope: FileScope, chain: readonly string[]): MappingNode {
    const list = root.entries.get("include")?.value;
    if (list === undefined || isNull(list)) return root;
    if (list.kind !== "sequence") {
      this.#run.report("include", "kind", list.range, "`include` is a list; put a `-` before each entry");
      return root;
    }
    let included: MappingNode | undefined;
    for (const item of list.items) {
      const project = this.#project(item, scope, chain);
      if (project === undefined) continue;
      if (included !== undefined) this.#reportConflicts(included, project);
      included = included === undefined ? project : this.#run.merger.files(included, project);
    }
    if (included === undefined) return root;
    this.#reportConflicts(included, root);
    this.#run.merger.hasResets = scope.file.hasResets;
    const merged = this.#run.merger.files(included, root);
    this.#run.merger.hasResets = false;
    return merged;
  }

  #project(item: Node, scope: FileScope, chain: readonly string[]): MappingNode | undefined {
    const paths = textsOf(item.kind === "mapping" ? item.entries.get("path")?.value : item);
    const files: OpenedFile[] = [];
    let hop = item.range;
    for (const path of paths) {
      const file = this.#open(path, chain);
      if (file === undefined) continue;
      if (files.length === 0) hop = path.range;
      files.push(file);
    }
    const [first] = files;
    if (first === undefined) {
      if (paths.length === 0) this.#run.report("include", "no-path", item.range, "this entry names no file to include");
      return undefined;
    }
    const folder = this.#folderOf(item, scope) ?? first.folder;
    const environment = readEnvironment(this.#run.shelf.access, folder, this.#envFiles(item), scope.environment);
    if (this.#run.merger.isExhausted || !files.every((file) => this.#run.mayRead(file, folder, environment))) {
      this.#run.report("limit", "files", hop, "what is included and extended is longer than 2 MiB in all");
      this.#run.incomplete.push({ reason: "limit", service: undefined, range: hop });
      return undefined;
    }
    const tree = this.#load(files, folder, environment, chain);
    if (tree === undefined) return undefined;
    const result = brought(tree, [{ kind: "include", range: hop, name: paths[0]?.text ?? "" }]);
    return result.kind === "mapping" ? result : undefined;
  }

  /** Loads a project once, however many entries lead to it: files that include each other twice would double at each level. */
  #load(files: readonly OpenedFile[], folder: string, environment: Environment, chain: readonly string[]) {
    const id = [folder, environment.id, ...files.map(({ path }) => path)].join("\n");
    if (!this.#loaded.has(id)) this.#loaded.set(id, this.#run.load({ files, folder, environment }, chain));
    return this.#loaded.get(id);
  }

  #open(path: ScalarNode, chain: readonly string[]): OpenedFile | undefined {
    const { range } = path;
    if (path.certainty === "unknown" || path.certainty === "required") {
      this.#run.incomplete.push({ reason: "unknown", service: undefined, range });
      return undefined;
    }
    const followed = this.#run.follow(path.resolved, path.folder);
    if (followed.kind === "no") {
      const message = path.isSecret ? "the file that this names is not read" : followed.message;
      this.#run.report(followed.reason === "limit" ? "limit" : "include", followed.detail, range, message);
      this.#run.incomplete.push({ reason: followed.reason, service: undefined, range });
      return undefined;
    }
    if (chain.includes(followed.file.path)) {
      this.#run.report("include", "cycle", range, `\`${path.text}\` includes this file in a circle`);
      this.#run.incomplete.push({ reason: "cycle", service: undefined, range });
      return undefined;
    }
    if (chain.length > LIMITS.depth) {
      this.#run.report("limit", "depth", range, `files include each other more than ${LIMITS.depth} deep`);
      this.#run.incomplete.push({ reason: "limit", service: undefined, range });
      return undefined;
    }
    return followed.file;
  }

  #folderOf(item: Node, scope: FileScope): string | undefined {
    const node = item.kind === "mapping" ? item.entries.get("project_directory")?.value : undefined;
    if (node?.kind !== "scalar" || isNull(node) || node.certainty === "unknown") return undefined;
    return resolvePath(scope.folder, node.resolved);
  }

  /** Absolute paths of `env_file`; undefined when `.env` of the included project is meant. */
  #envFiles(item: Node): readonly string[] | undefined {
    const nodes = textsOf(item.kind === "mapping" ? item.entries.get("env_file")?.value : undefined);
    if (nodes.length === 0) return undefined;
    const { access } = this.#run.shelf;
    for (const node of nodes) {
      const path = resolvePath(node.folder, node.resolved);
      const isMissing = node.certainty === "known" && !node.isSecret && !access.exists(path);
      if (isMissing) this.#run.report("include", "missing-env-file", node.range, `\`${node.text}\` does not exist`);
    }
    return nodes.map((node) => resolvePath(node.folder, node.resolved));
  }

  #reportConflicts(included: MappingNode, ours: MappingNode): void {
    for (const section of SECTIONS) {
      const theirs = included.entries.get(section)?.value;
      const own = ours.entries.get(section)?.value;
      if (theirs?.kind !== "mapping" || own?.kind !== "mapping") continue;
      for (const [name, entry] of own.entries) {
        const other = theirs.entries.get(name);
        // One file included along two ways brings the same entry twice, which is no conflict.
        const isSame =
          other?.keyRange.source === entry.keyRange.source && other?.keyRange.start === entry.keyRange.start;
        if (other === undefined || isSame) continue;
        const message = `\`${name}\` is defined here and in \`${other.keyRange.source.path}\``;
        this.#run.report("include-conflict", section, entry.keyRange, message, [other.keyRange]);
      }
    }
  }
}

function textsOf(node: Node | undefined): readonly ScalarNode[] {
  if (node === undefined) return [];
  const nodes = node.kind === "sequence" ? node.items : [node];
  return nodes.flatMap((item) => (item.kind === "scalar" && !isNull(item) ? [item] : []));
}
