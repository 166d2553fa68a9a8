import type { Role } from "../data/roles.js";
import { baseName, isWithin } from "../files/path.js";
import { type Environment, readEnvFile } from "./environment.js";
import { type Loaded, loadFiles } from "./loader.js";
import type {
  ComposeFile,
  ComposeProject,
  Incomplete,
  ModelProblem,
  Need,
  Resource,
  Service,
  Variant,
  VariantOrigin,
} from "./model.js";
import type { MappingNode, Value } from "./node-model.js";
import { Mapping } from "./nodes.js";
import type { OpenedFile, Shelf } from "./opened-file.js";
import { resourcesOf } from "./resource.js";
import type { SchemaFault } from "./schema-faults.js";
import { ServiceView } from "./service.js";
import { leafAt, textValue } from "./values-of-nodes.js";

/** What a variant is made of. */
export interface VariantParts {
  readonly project: ComposeProject;
  readonly origin: VariantOrigin;
  readonly opened: readonly OpenedFile[];
  /** Folder against which paths are resolved: that of the first file. */
  readonly folder: string;
  readonly environment: Environment;
  readonly role: Role;
  readonly isReference: boolean;
  /** Profiles that are on: of config, or of `.env`. */
  readonly profiles: readonly string[];
  readonly shelf: Shelf;
  readonly viewOf: (file: OpenedFile) => ComposeFile;
}

/** A variant; its files are merged when something of the merged model is first asked for. */
export class VariantView implements Variant {
  readonly project: ComposeProject;
  readonly origin: VariantOrigin;
  readonly files: readonly ComposeFile[];
  readonly role: Role;
  readonly isReference: boolean;
  readonly #parts: VariantParts;
  #loaded: Loaded | undefined;
  #services: ReadonlyMap<string, Service> | undefined;
  #dependants: ReadonlyMap<string, { readonly service: Service; readonly need: Need }[]> | undefined;
  #users: ReadonlyMap<string, readonly Service[]> | undefined;
  #cycles: readonly (readonly Service[])[] | undefined;
  readonly #envNames = new Map<string, ReadonlySet<string>>();
  readonly #resources = new Map<string, ReadonlyMap<string, Resource>>();

  constructor(parts: VariantParts) {
    this.#parts = parts;
    this.project = parts.project;
    this.origin = parts.origin;
    this.files = parts.opened.map(parts.viewOf);
    this.role = parts.role;
    this.isReference = parts.isReference;
  }

  get #load(): Loaded {
    const { shelf, opened: files, folder, environment } = this.#parts;
    this.#loaded ??= loadFiles(shelf, { files, folder, environment });
    return this.#loaded;
  }

  get broughtIn(): readonly ComposeFile[] {
    return this.#load.broughtIn.map(this.#parts.viewOf);
  }

  get tree(): MappingNode {
    const { tree } = this.#load;
    if (tree !== undefined) return tree;
    const range = this.#parts.opened[0]?.source.range(0, 0);
    if (range === undefined) throw new RangeError("a variant without files");
    return new Mapping(new Map(), { range, folder: this.#parts.folder });
  }

  get name(): Value<string> | undefined {
    return leafAt(this.tree, ["name"], textValue);
  }

  get services(): ReadonlyMap<string, Service> {
    if (this.#services === undefined) {
      const section = this.tree.entries.get("services")?.value;
      const broken = new Set(this.incomplete.map(({ service }) => service));
      const services = new Map<string, Service>();
      for (const entry of section?.kind === "mapping" ? section.entries.values() : []) {
        const name = entry.key;
        services.set(name, new ServiceView({ name, entry, variant: this, isIncomplete: broken.has(name) }));
      }
      this.#services = services;
    }
    return this.#services;
  }

  get networks(): ReadonlyMap<string, Resource> {
    return this.#section("networks", "network");
  }

  get volumes(): ReadonlyMap<string, Resource> {
    return this.#section("volumes", "volume");
  }

  get secrets(): ReadonlyMap<string, Resource> {
    return this.#section("secrets", "secret");
  }

  get configs(): ReadonlyMap<string, Resource> {
    return this.#section("configs", "config");
  }

  get models(): ReadonlyMap<string, Resource> {
    return this.#section("models", "model");
  }

  #section(section: string, kind: Resource["kind"]): ReadonlyMap<string, Resource> {
    const known = this.#resources.get(section);
    if (known !== undefined) return known;
    const resources = resourcesOf(this.tree, section, kind);
    this.#resources.set(section, resources);
    return resources;
  }

  get incomplete(): readonly Incomplete[] {
    return this.#load.incomplete;
  }

  get isIncomplete(): boolean {
    return this.incomplete.some(({ service }) => service === undefined);
  }

  get problems(): readonly ModelProblem[] {
    return this.#load.problems;
  }

  get missingKeys(): readonly SchemaFault[] {
    const { missing } = this.#parts.shelf.verdictOn(this.tree);
    if (missing.length === 0 || this.isIncomplete) return [];
    const broken = new Set(this.incomplete.map(({ service }) => service));
    return missing.filter(({ service }) => service === undefined || !broken.has(service));
  }

  activeServices(profiles: readonly string[] = this.#parts.profiles): readonly Service[] {
    const on = new Set(profiles);
    return [...this.services.values()].filter(({ profiles: own }) => {
      return own.length === 0 || on.has("*") || own.some(({ value }) => value === undefined || on.has(value));
    });
  }

  dependants(service: Service): readonly { readonly service: Service; readonly need: Need }[] {
    if (this.#dependants === undefined) {
      const dependants = new Map<string, { service: Service; need: Need }[]>();
      for (const user of this.services.values()) {
        for (const need of user.needs) {
          const known = dependants.get(need.service);
          if (known === undefined) dependants.set(need.service, [{ service: user, need }]);
          else known.push({ service: user, need });
        }
      }
      this.#dependants = dependants;
    }
    return this.#dependants.get(service.name) ?? [];
  }

  envFileNames(file: string): ReadonlySet<string> | undefined {
    const known = this.#envNames.get(file);
    if (known !== undefined) return known;
    const { access } = this.#parts.shelf;
    const read = isWithin(access.root, file) ? readEnvFile(access, file) : undefined;
    if (read === undefined) return undefined;
    const names = new Set(read.names.map(({ name }) => name));
    this.#envNames.set(file, names);
    return names;
  }

  servicesUsing(resource: Resource): readonly Service[] {
    this.#users ??= usersOfResources(this.services);
    return this.#users.get(`${resource.kind} ${resource.name}`) ?? [];
  }

  builtBy(reference: string): readonly Service[] {
    return [...this.services.values()].filter(({ build, image }) => {
      return build !== undefined && (image?.value === reference || build.tags.some(({ value }) => value === reference));
    });
  }

  cycles(): readonly (readonly Service[])[] {
    this.#cycles ??= findCycles(this.services);
    return this.#cycles;
  }

  canRunTogether(a: Service, b: Service): boolean {
    if (a.profiles.length === 0 || b.profiles.length === 0) return true;
    if (a.profiles.length * b.profiles.length <= FEW_PAIRS) {
      return b.profiles.some(({ value }) => a.profiles.some((profile) => profile.value === value));
    }
    const names = new Set(a.profiles.map(({ value }) => value));
    return b.profiles.some(({ value }) => names.has(value));
  }

  /** Names of the files, for messages: `compose.yaml`, or `compose.yaml + compose.prod.yaml`. */
  get title(): string {
    return this.#parts.opened.map(({ path }) => baseName(path)).join(" + ");
  }
}

/** Up to so many comparisons are cheaper than a set. */
const FEW_PAIRS = 16;

/** Services by kind and name of the resources that they use. */
function usersOfResources(services: ReadonlyMap<string, Service>): ReadonlyMap<string, readonly Service[]> {
  const users = new Map<string, Service[]>();
  for (const service of services.values()) {
    for (const resource of new Set(resourcesUsedBy(service))) {
      const known = users.get(resource);
      if (known === undefined) users.set(resource, [service]);
      else known.push(service);
    }
  }
  return users;
}

function* resourcesUsedBy(service: Service): Iterable<string> {
  for (const { name } of service.networks) yield `network ${name}`;
  yield `network ${service.networkMode?.value ?? ""}`;
  for (const { type, source } of service.mounts) if (type === "volume") yield `volume ${source?.value ?? ""}`;
  for (const { source } of service.secrets) yield `secret ${source?.value ?? ""}`;
  for (const { source } of service.build?.secrets ?? []) yield `secret ${source?.value ?? ""}`;
  for (const { source } of service.configs) yield `config ${source?.value ?? ""}`;
  yield `config ${service.valueAt("credential_spec", "config")?.value ?? ""}`;
  const models = service.at("models");
  if (models?.kind === "mapping") for (const name of models.entries.keys()) yield `model ${name}`;
  else for (const { value } of service.listAt("models")) yield `model ${value ?? ""}`;
}

/** More circles than this tell nobody anything. */
const MAX_CYCLES = 100;

/**
 * One circle per group of services that wait for each other, found by walking from the smallest name on. Bounded by the
 * number of edges: a service that led nowhere is not walked again.
 */
function findCycles(services: ReadonlyMap<string, Service>): readonly (readonly Service[])[] {
  const cycles: (readonly Service[])[] = [];
  const done = new Set<string>();
  for (const name of [...services.keys()].sort()) {
    const path: string[] = [];
    const places = new Map<string, number>();
    const work: { readonly name: string; next: number }[] = [];
    const enter = (next: string) => {
      places.set(next, path.length);
      path.push(next);
      work.push({ name: next, next: 0 });
    };
    if (!done.has(name)) enter(name);
    for (let top = work.at(-1); top !== undefined; top = work.at(-1)) {
      const need = services.get(top.name)?.needs[top.next];
      top.next += 1;
      if (need === undefined) {
        work.pop();
        path.pop();
        places.delete(top.name);
        done.add(top.name);
        continue;
      }
      const place = places.get(need.service);
      if (place !== undefined && cycles.length < MAX_CYCLES) cycles.push(fromSmallest(path.slice(place), services));
      else if (place === undefined && !done.has(need.service) && services.has(need.service)) enter(need.service);
    }
  }
  return uniqueCycles(cycles);
}

function fromSmallest(names: readonly string[], services: ReadonlyMap<string, Service>): readonly Service[] {
  const start = names.reduce((best, name, index) => (name < (names[best] ?? "") ? index : best), 0);
  return [...names.slice(start), ...names.slice(0, start)].flatMap((name) => services.get(name) ?? []);
}

function uniqueCycles(cycles: readonly (readonly Service[])[]): readonly (readonly Service[])[] {
  const seen = new Set<string>();
  return cycles.filter((cycle) => {
    const id = cycle.map(({ name }) => name).join("\n");
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}
