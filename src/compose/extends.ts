import type { Range } from "../text/source.js";
import { closest } from "../values/closest.js";
import type { Environment } from "./environment.js";
import { LIMITS } from "./limits.js";
import type { LoadRun } from "./loader.js";
import type { Incomplete } from "./model.js";
import type { Entry, MappingNode, Node, ScalarNode } from "./node-model.js";
import { brought, isNull, Mapping } from "./nodes.js";
import type { OpenedFile } from "./opened-file.js";

/** Where a service stands: its file, and how relative paths and variables of that file are read. */
export interface FileScope {
  readonly file: OpenedFile;
  readonly folder: string;
  readonly environment: Environment;
}

/** Services that can be extended from one place. */
interface ServiceScope extends FileScope {
  /** Tells the scope apart: one file read under one folder. */
  readonly id: string;
  readonly services: ReadonlyMap<string, Entry>;
}

/** A service with everything that it extends; `broken` when the chain could not be followed to its end. */
interface Resolved {
  readonly node: Node | undefined;
  readonly broken: { readonly reason: Incomplete["reason"]; readonly range: Range } | undefined;
  /** Services below this one. */
  readonly depth: number;
  /** Nodes of this service and of all below it. */
  readonly size: number;
}

/** Puts extended services under those that extend them. */
export class ExtendsResolver {
  readonly #run: LoadRun;
  readonly #done = new Map<string, Resolved>();
  readonly #scopes = new Map<string, ServiceScope>();

  constructor(run: LoadRun) {
    this.#run = run;
  }

  /** The top level with `extends` of all its services followed; the same node when none extends anything. */
  apply(root: MappingNode, file: FileScope): MappingNode {
    const section = root.entries.get("services");
    if (section?.value.kind !== "mapping") return root;
    const { entries } = section.value;
    if (![...entries.values()].some(({ value }) => extendsOf(value) !== undefined)) return root;
    // Documents of one file are scopes of their own.
    const id = `${file.file.path}\n${file.folder}\n${root.range.start}`;
    const scope: ServiceScope = { ...file, id, services: entries };
    const services = new Map<string, Entry>();
    for (const [name, entry] of entries) {
      const { node, broken } = this.#resolve(name, scope, []);
      services.set(name, node === undefined ? entry : { ...entry, value: node });
      if (broken !== undefined) this.#run.incomplete.push({ ...broken, service: name });
    }
    const { range, folder, tag } = section.value;
    const replaced = new Map(root.entries);
    replaced.set("services", {
      ...section,
      value: new Mapping(services, { range, folder, tag }, section.value.removals),
    });
    return new Mapping(replaced, { range: root.range, folder: root.folder }, root.removals);
  }

  #resolve(name: string, scope: ServiceScope, chain: readonly string[]): Resolved {
    const id = `${scope.id}\n${name}`;
    const known = this.#done.get(id);
    if (known !== undefined) return known;
    const local = scope.services.get(name)?.value;
    const resolved = this.#extend(local, scope, [...chain, id]);
    this.#done.set(id, resolved);
    return resolved;
  }

  #extend(local: Node | undefined, scope: ServiceScope, chain: readonly string[]): Resolved {
    const reference = extendsOf(local);
    if (local?.kind !== "mapping" || reference === undefined)
      return { node: local, broken: undefined, depth: 0, size: 0 };
    const { service, file } = reference;
    const where = service ?? file;
    if (where === undefined) {
      this.#run.report("extends", "no-service", reference.range, "`extends` names no service");
      return { node: local, broken: { reason: "unknown", range: reference.range }, depth: 0, size: 0 };
    }
    const fail = (reason: Incomplete["reason"]): Resolved => ({
      node: local,
      broken: { reason, range: where.range },
      depth: 0,
      size: 0,
    });
    if (service === undefined) {
      this.#run.report("extends", "no-service", where.range, "`extends` names a file but no service");
      return fail("unknown");
    }
    if (!isKnown(service) || (file !== undefined && !isKnown(file))) return fail("unknown");
    const target = file === undefined ? scope : this.#open(file, scope);
    if (!("services" in target)) return fail(target.reason);
    const targetId = `${target.id}\n${service.resolved}`;
    if (chain.includes(targetId)) {
      this.#run.report("extends", "cycle", service.range, `\`${service.text}\` extends itself in a circle`);
      return fail("cycle");
    }
    const tooDeep = (): Resolved => {
      this.#run.report("limit", "depth", service.range, `services extend each other more than ${LIMITS.depth} deep`);
      return fail("limit");
    };
    if (chain.length > LIMITS.depth) return tooDeep();
    if (!target.services.has(service.resolved)) {
      this.#reportMissing(service, file, target, chain);
      return fail("missing");
    }
    const base = this.#resolve(service.resolved, target, chain);
    if (base.depth >= LIMITS.depth) return tooDeep();
    const inherited = base.size === 0 ? sizeOf(base.node) : base.size;
    if (!this.#run.merger.inherit(inherited)) return fail("limit");
    return {
      node: this.#laidOver(base.node, local, service, scope),
      broken: base.broken,
      depth: base.depth + 1,
      size: inherited + sizeOf(local),
    };
  }

  #laidOver(base: Node | undefined, local: MappingNode, service: ScalarNode, scope: ServiceScope): Node {
    if (base?.kind !== "mapping") return local;
    const inherited = new Map(base.entries);
    inherited.delete("extends");
    const under = new Mapping(inherited, { range: base.range, folder: base.folder }, base.removals);
    const hop = { kind: "extends", range: service.range, name: service.text } as const;
    const { merger } = this.#run;
    const inheritedNode = brought(under, [hop]);
    if (inheritedNode.kind !== "mapping") return local;
    merger.hasResets = scope.file.hasResets;
    const merged = merger.services(inheritedNode, local);
    merger.hasResets = false;
    // The service is the one that extends: its place, its key; only what is in it came from elsewhere.
    return new Mapping(merged.entries, { range: local.range, folder: local.folder, tag: local.tag }, merged.removals);
  }

  #open(file: ScalarNode, scope: ServiceScope): ServiceScope | { readonly reason: Incomplete["reason"] } {
    const followed = this.#run.follow(file.resolved, file.folder);
    if (followed.kind === "no") {
      const kind = followed.reason === "limit" ? "limit" : "extends";
      this.#run.report(kind, followed.detail, file.range, describe(file, followed.message));
      return followed;
    }
    const id = `${followed.file.path}\n${followed.file.folder}`;
    const known = this.#scopes.get(id);
    if (known !== undefined) return known;
    const { folder } = followed.file;
    if (!this.#run.mayRead(followed.file, folder, scope.environment)) {
      this.#run.report("limit", "files", file.range, "what is included and extended is longer than 2 MiB in all");
      return { reason: "limit" };
    }
    const services = new Map<string, Entry>();
    for (const root of followed.file.mappings(folder, scope.environment)) {
      const section = root.entries.get("services")?.value;
      if (section?.kind !== "mapping") continue;
      for (const [name, entry] of section.entries) services.set(name, entry);
    }
    const opened = { file: followed.file, folder, environment: scope.environment, id, services };
    this.#scopes.set(id, opened);
    return opened;
  }

  #reportMissing(
    service: ScalarNode,
    file: ScalarNode | undefined,
    target: ServiceScope,
    chain: readonly string[],
  ): void {
    // A service that asks is no answer: it would extend itself.
    const names = [...target.services.keys()].filter((name) => !chain.includes(`${target.id}\n${name}`));
    const nearest = closest(service.resolved, names);
    const place = file === undefined ? "this file" : `\`${file.text}\``;
    const hint = nearest === undefined ? "" : `; did you mean \`${nearest}\`?`;
    this.#run.report("extends", "missing-service", service.range, `${place} has no service \`${service.text}\`${hint}`);
  }
}

/** Nodes of a tree. */
function sizeOf(node: Node | undefined): number {
  if (node === undefined || node.kind === "scalar") return 1;
  let size = 1;
  if (node.kind === "sequence") for (const item of node.items) size += sizeOf(item);
  else for (const { value } of node.entries.values()) size += sizeOf(value);
  return size;
}

/** Never shows a path that an env file gave. */
function describe(file: ScalarNode, message: string): string {
  return file.isSecret ? "the file that this names is not read" : message;
}

function isKnown(node: ScalarNode): boolean {
  return node.certainty === "known" || node.certainty === "defaulted";
}

interface Reference {
  readonly range: Range;
  readonly service: ScalarNode | undefined;
  readonly file: ScalarNode | undefined;
}

function extendsOf(service: Node | undefined): Reference | undefined {
  const value = service?.kind === "mapping" ? service.entries.get("extends")?.value : undefined;
  if (value === undefined || isNull(value)) return undefined;
  if (value.kind === "scalar") return { range: value.range, service: value, file: undefined };
  if (value.kind === "sequence") return { range: value.range, service: undefined, file: undefined };
  const scalar = (key: string) => {
    const node = value.entries.get(key)?.value;
    return node?.kind === "scalar" && !isNull(node) ? node : undefined;
  };
  return { range: value.range, service: scalar("service"), file: scalar("file") };
}
