import { ASSUMED_ROLE, type Role, roleOfWord } from "../data/roles.js";
import { isWithin } from "../files/path.js";
import type { Range } from "../text/source.js";
import { buildOf } from "./build.js";
import { commandOf, healthcheckOf } from "./commands.js";
import { keyValuesOf } from "./key-values.js";
import type {
  Command,
  Dependency,
  Device,
  EnvFileEntry,
  ExposedPort,
  Grant,
  Healthcheck,
  Hook,
  KeyValues,
  Logging,
  Mount,
  Need,
  NetworkAttachment,
  PortMapping,
  ResourceAmounts,
  RestartPolicy,
  SecurityOption,
  Service,
  ServiceBuild,
  Settings,
  Ulimit,
  Variant,
} from "./model.js";
import { grantMounts, grantsOf, tmpfsOf, volumesOf } from "./mounts.js";
import type { Entry, MappingNode, Node, Removal, Value } from "./node-model.js";
import { Mapping } from "./nodes.js";
import { exposedPortsOf, portsOf } from "./ports.js";
import { dependenciesOf, needsOf, networksOf } from "./relations.js";
import {
  devicesOf,
  envFilesOf,
  hooksOf,
  loggingOf,
  restartOf,
  securityOptionsOf,
  ulimitsOf,
} from "./service-settings.js";
import {
  booleanValue,
  bytesValue,
  durationValue,
  entryAt,
  itemsAt,
  leafAt,
  nodeAt,
  numberValue,
  textsOf,
  textValue,
} from "./values-of-nodes.js";

/** What a service is made of. */
export interface ServiceParts {
  readonly name: string;
  readonly entry: Entry;
  readonly variant: Variant;
  readonly isIncomplete: boolean;
}

/** Profiles that people start by hand, once. */
const JOB_PROFILES: ReadonlySet<string> = new Set(
  "tools tool cli setup init migrate migration seed job jobs task tasks one-off manual".split(" "),
);

/** Profiles that only development and testing enable. */
const DEV_PROFILES: ReadonlySet<string> = new Set("dev develop development debug test testing e2e ci".split(" "));

/** One service of the merged model. Each word is read when first asked for, and kept. */
export class ServiceView implements Service {
  readonly name: string;
  readonly keyRange: Range;
  readonly definitions: readonly Range[];
  readonly node: MappingNode;
  readonly variant: Variant;
  readonly isIncomplete: boolean;
  #envFiles: readonly EnvFileEntry[] | undefined;
  #secrets: readonly Grant[] | undefined;
  #configs: readonly Grant[] | undefined;
  #hooks: readonly Hook[] | undefined;
  #role: Role | undefined;
  #environment: KeyValues | undefined;
  #ports: readonly PortMapping[] | undefined;
  #mounts: readonly Mount[] | undefined;
  #networks: readonly NetworkAttachment[] | undefined;
  #dependsOn: readonly Dependency[] | undefined;
  #needs: readonly Need[] | undefined;
  #build: { readonly build: ServiceBuild | undefined } | undefined;
  #healthcheck: { readonly healthcheck: Healthcheck | undefined } | undefined;
  #profiles: readonly Value<string>[] | undefined;

  constructor({ name, entry, variant, isIncomplete }: ServiceParts) {
    this.name = name;
    this.keyRange = entry.keyRange;
    this.definitions = [entry.keyRange, ...(entry.patchedAt ?? [])];
    this.variant = variant;
    this.isIncomplete = isIncomplete;
    this.node =
      entry.value.kind === "mapping"
        ? entry.value
        : new Mapping(new Map(), { range: entry.value.range, folder: entry.value.folder });
  }

  at(...path: readonly (string | number)[]): Node | undefined {
    return nodeAt(this.node, path);
  }

  entryAt(...path: readonly string[]): Entry | undefined {
    return entryAt(this.node, path);
  }

  valueAt(...path: readonly string[]): Value<string> | undefined {
    return leafAt(this.node, path, textValue);
  }

  booleanAt(...path: readonly string[]): Value<boolean> | undefined {
    return leafAt(this.node, path, booleanValue);
  }

  numberAt(...path: readonly string[]): Value<number> | undefined {
    return leafAt(this.node, path, numberValue);
  }

  durationAt(...path: readonly string[]): Value<number> | undefined {
    return leafAt(this.node, path, durationValue);
  }

  bytesAt(...path: readonly string[]): Value<number> | undefined {
    return leafAt(this.node, path, bytesValue);
  }

  listAt(...path: readonly string[]): readonly Value<string>[] {
    const entry = entryAt(this.node, path);
    return textsOf(entry?.value, entry?.keyRange);
  }

  keyValuesAt(...path: readonly string[]): KeyValues {
    return keyValuesOf(nodeAt(this.node, path));
  }

  removalOf(...path: readonly string[]): Removal | undefined {
    for (let length = 1; length <= path.length; length += 1) {
      const parent = nodeAt(this.node, path.slice(0, length - 1));
      const removal = parent?.kind === "mapping" ? parent.removals.get(path[length - 1] ?? "") : undefined;
      if (removal !== undefined) return removal;
    }
    return undefined;
  }

  get role(): Role {
    this.#role ??= this.#roleOfProfiles() ?? this.variant.role;
    return this.#role;
  }

  #roleOfProfiles(): Role | undefined {
    const roles = new Set(this.profiles.map(({ value }) => (value === undefined ? undefined : roleOfWord(value))));
    const [name] = roles;
    const isOther = name !== undefined && name !== ASSUMED_ROLE.name;
    return roles.size === 1 && isOther ? { name, stated: true } : undefined;
  }

  get hasProvider(): boolean {
    return this.node.entries.has("provider");
  }

  get image(): Value<string> | undefined {
    return this.valueAt("image");
  }

  get build(): ServiceBuild | undefined {
    this.#build ??= { build: buildOf(this.node.entries.get("build"), this.node.folder) };
    return this.#build.build;
  }

  get platform(): Value<string> | undefined {
    return this.valueAt("platform");
  }

  get user(): Value<string> | undefined {
    return this.valueAt("user");
  }

  get command(): Command | undefined {
    return this.#command("command");
  }

  get entrypoint(): Command | undefined {
    return this.#command("entrypoint");
  }

  #command(key: string): Command | undefined {
    const entry = this.node.entries.get(key);
    return entry === undefined ? undefined : commandOf(entry.value, entry.keyRange);
  }

  get healthcheck(): Healthcheck | undefined {
    this.#healthcheck ??= { healthcheck: healthcheckOf(this.node.entries.get("healthcheck")) };
    return this.#healthcheck.healthcheck;
  }

  get environment(): KeyValues {
    this.#environment ??= this.keyValuesAt("environment");
    return this.#environment;
  }

  get envFiles(): readonly EnvFileEntry[] {
    this.#envFiles ??= envFilesOf(this.at("env_file"), (path) => isWithin(this.variant.project.root, path));
    return this.#envFiles;
  }

  get labels(): KeyValues {
    return this.keyValuesAt("labels");
  }

  get ports(): readonly PortMapping[] {
    this.#ports ??= portsOf(itemsAt(this.node, "ports"));
    return this.#ports;
  }

  get expose(): readonly ExposedPort[] {
    return exposedPortsOf(itemsAt(this.node, "expose"));
  }

  get mounts(): readonly Mount[] {
    this.#mounts ??= [
      ...volumesOf(itemsAt(this.node, "volumes")),
      ...tmpfsOf(this.at("tmpfs")),
      ...grantMounts(this.secrets, "secrets"),
      ...grantMounts(this.configs, "configs"),
    ];
    return this.#mounts;
  }

  mountsAt(path: string): readonly Mount[] {
    return this.mounts.filter(({ targetPath }) => targetPath !== undefined && isWithin(targetPath, path));
  }

  get networks(): readonly NetworkAttachment[] {
    this.#networks ??= networksOf(this.node.entries.get("networks"), this.at("network_mode"), this.keyRange);
    return this.#networks;
  }

  get networkMode(): Value<string> | undefined {
    return this.valueAt("network_mode");
  }

  reaches(other: Service): boolean | undefined {
    const own = networkKeysOf(this);
    const others = networkKeysOf(other);
    if (own === undefined || others === undefined) return undefined;
    return others.some((key) => own.includes(key));
  }

  get dependsOn(): readonly Dependency[] {
    this.#dependsOn ??= dependenciesOf(this.at("depends_on"));
    return this.#dependsOn;
  }

  get needs(): readonly Need[] {
    this.#needs ??= needsOf(this.node, this.dependsOn);
    return this.#needs;
  }

  get secrets(): readonly Grant[] {
    this.#secrets ??= grantsOf(itemsAt(this.node, "secrets"), "service-secret");
    return this.#secrets;
  }

  get configs(): readonly Grant[] {
    this.#configs ??= grantsOf(itemsAt(this.node, "configs"), "service-config");
    return this.#configs;
  }

  get profiles(): readonly Value<string>[] {
    this.#profiles ??= this.listAt("profiles");
    return this.#profiles;
  }

  get restart(): RestartPolicy {
    return restartOf(this.node);
  }

  get logging(): Logging | undefined {
    return loggingOf(this.node.entries.get("logging"));
  }

  get limits(): ResourceAmounts {
    const deploy = ["deploy", "resources", "limits"] as const;
    return {
      memoryBytes: settings(this.bytesAt(...deploy, "memory"), this.bytesAt("mem_limit")),
      cpus: settings(this.numberAt(...deploy, "cpus"), this.numberAt("cpus")),
      pids: settings(this.numberAt(...deploy, "pids"), this.numberAt("pids_limit")),
    };
  }

  get reservations(): ResourceAmounts {
    const deploy = ["deploy", "resources", "reservations"] as const;
    return {
      memoryBytes: settings(this.bytesAt(...deploy, "memory"), this.bytesAt("mem_reservation")),
      cpus: settings(this.numberAt(...deploy, "cpus")),
      pids: [],
    };
  }

  get capAdd(): readonly Value<string>[] {
    return this.listAt("cap_add");
  }

  get capDrop(): readonly Value<string>[] {
    return this.listAt("cap_drop");
  }

  get securityOptions(): readonly SecurityOption[] {
    return securityOptionsOf(this.listAt("security_opt"));
  }

  get devices(): readonly Device[] {
    return devicesOf(itemsAt(this.node, "devices"));
  }

  get ulimits(): readonly Ulimit[] {
    return ulimitsOf(this.at("ulimits"));
  }

  get hooks(): readonly Hook[] {
    this.#hooks ??= hooksOf(this.node);
    return this.#hooks;
  }

  get replicas(): Settings<number> {
    return settings(this.numberAt("deploy", "replicas"), this.numberAt("scale"));
  }

  get isJob(): boolean {
    const { restart } = this;
    if (restart.policy === "no" && restart.written !== undefined) return true;
    if (this.#areProfiles(JOB_PROFILES)) return true;
    return this.variant
      .dependants(this)
      .some(({ service }) =>
        service.dependsOn.some(
          (dependency) =>
            dependency.service === this.name && dependency.effectiveCondition === "service_completed_successfully",
        ),
      );
  }

  get isDevTool(): boolean {
    return this.#areProfiles(DEV_PROFILES);
  }

  get isPublic(): boolean {
    return this.ports.some(({ exposure }) => exposure === "public");
  }

  get isWindows(): boolean {
    if (this.node.entries.has("isolation")) return true;
    if (this.platform?.value?.toLowerCase().startsWith("windows") === true) return true;
    return this.image?.value?.toLowerCase().startsWith("mcr.microsoft.com/windows") === true;
  }

  #areProfiles(words: ReadonlySet<string>): boolean {
    const { profiles } = this;
    return profiles.length > 0 && profiles.every(({ value }) => value !== undefined && words.has(value.toLowerCase()));
  }
}

/**
 * What a service is connected to: names of networks, or `host`, or the networks of the service whose namespace it
 * shares. Undefined when that cannot be told.
 */
function networkKeysOf(service: Service, depth = 0): readonly string[] | undefined {
  const mode = service.networkMode;
  if (mode === undefined) return service.networks.map(({ name }) => `network ${name}`);
  if (mode.value === undefined || mode.value.startsWith("container:")) return undefined;
  if (mode.value === "host") return ["host"];
  if (mode.value === "none") return [];
  if (!mode.value.startsWith("service:")) return [`network ${mode.value}`];
  const shared = service.variant.services.get(mode.value.slice("service:".length));
  // Services that lend each other their namespace in a circle never start.
  return shared === undefined || depth > 10 ? undefined : networkKeysOf(shared, depth + 1);
}

function settings<T>(...values: readonly (Value<T> | undefined)[]): Settings<T> {
  return values.filter((value) => value !== undefined);
}
