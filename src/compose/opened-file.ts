import { parentPath } from "../files/path.js";
import { Source } from "../text/source.js";
import type { ComposeAccess, NoFile } from "./access.js";
import { effectiveTree } from "./effective.js";
import type { Environment } from "./environment.js";
import type { MappingNode, Node } from "./node-model.js";
import type { SchemaVerdict } from "./schema-faults.js";
import { isUsual } from "./usual-shape.js";
import type { YamlFile, YamlNode } from "./yaml-model.js";
import { parseYaml } from "./yaml-tree.js";

/** A Compose file that was read: parsed once, and its effective trees kept by folder and environment. */
export class OpenedFile {
  readonly source: Source;
  /** Absolute. */
  readonly path: string;
  readonly folder: string;
  #yaml: YamlFile | undefined;
  readonly #trees = new Map<string, readonly Node[]>();

  constructor(source: Source) {
    this.source = source;
    this.path = source.file;
    this.folder = parentPath(source.file);
  }

  get yaml(): YamlFile {
    this.#yaml ??= parseYaml(this.source);
    return this.#yaml;
  }

  /** Whether the text uses `!reset` or `!override`. */
  get hasMergeTags(): boolean {
    return this.hasResets || this.source.text.includes("!override");
  }

  get hasResets(): boolean {
    return this.source.text.includes("!reset");
  }

  /** The effective trees of all documents, with relative paths resolved against a folder. */
  trees(folder: string, environment: Environment): readonly Node[] {
    const id = `${folder}\n${environment.id}`;
    let trees = this.#trees.get(id);
    if (trees === undefined) {
      trees = this.yaml.documents.map((root) => effectiveTree(root, folder, environment.lookup));
      this.#trees.set(id, trees);
    }
    return trees;
  }

  /** Documents that are mappings. */
  mappings(folder: string, environment: Environment): readonly MappingNode[] {
    return this.trees(folder, environment).filter((tree) => tree.kind === "mapping");
  }

  /** Paths as written that `include` and `extends` of this file name; unresolved variables are left out. */
  get references(): readonly string[] {
    const paths: string[] = [];
    for (const root of this.yaml.documents) {
      for (const item of itemsOf(childOf(root, "include"))) {
        for (const path of itemsOf(childOf(item, "path") ?? item)) addText(path, paths);
      }
      const services = target(childOf(root, "services"));
      if (services?.kind !== "mapping") continue;
      for (const { value } of services.entries) addText(childOf(childOf(value, "extends"), "file"), paths);
    }
    return paths;
  }
}

const NOTHING_WRONG: SchemaVerdict = { faults: [], missing: [] };

/** All files of one run by absolute path: what was given, and what `include`, `extends` and variants ask for. */
export class Shelf {
  readonly access: ComposeAccess;
  readonly #files = new Map<string, OpenedFile | NoFile>();
  readonly #verdicts = new Map<Node, SchemaVerdict>();

  constructor(access: ComposeAccess) {
    this.access = access;
  }

  /** Puts a source there that the caller has already read. */
  add(source: Source): OpenedFile {
    const known = this.#files.get(source.file);
    if (known instanceof OpenedFile) return known;
    const file = new OpenedFile(source);
    this.#files.set(source.file, file);
    return file;
  }

  /** What the Compose schema says of a tree; nothing when nobody handed it in. */
  verdictOn(tree: Node): SchemaVerdict {
    const { judge } = this.access;
    if (judge === undefined) return NOTHING_WRONG;
    let verdict = this.#verdicts.get(tree);
    if (verdict === undefined) {
      verdict = isUsual(tree) ? NOTHING_WRONG : judge().judge(tree);
      this.#verdicts.set(tree, verdict);
    }
    return verdict;
  }

  open(path: string): OpenedFile | NoFile {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const source = this.access.read(path);
    // The path asked for names the file in the model, even if the caller's source goes by its real path.
    const file = source instanceof Source ? new OpenedFile(source) : source;
    this.#files.set(path, file);
    return file;
  }
}

function target(node: YamlNode | undefined): Exclude<YamlNode, { readonly kind: "alias" }> | undefined {
  if (node?.kind !== "alias") return node;
  return node.target?.kind === "alias" ? undefined : node.target;
}

function childOf(node: YamlNode | undefined, key: string): YamlNode | undefined {
  const mapping = target(node);
  return mapping?.kind === "mapping" ? mapping.entries.findLast((entry) => entry.key.text === key)?.value : undefined;
}

function itemsOf(node: YamlNode | undefined): readonly YamlNode[] {
  const list = target(node);
  if (list === undefined) return [];
  return list.kind === "sequence" ? list.items : [list];
}

function addText(node: YamlNode | undefined, paths: string[]): void {
  const scalar = target(node);
  if (scalar?.kind === "scalar" && scalar.text !== "" && !scalar.text.includes("$")) paths.push(scalar.text);
}
