import type { Role } from "../data/roles.js";
import type { Range, Source } from "../text/source.js";
import type { Entry, MappingNode, Node, Removal, Value } from "./node-model.js";
import type { SchemaFault } from "./schema-faults.js";
import type { YamlFile } from "./yaml-model.js";

/** One Compose file: as written, and after merge keys and variables (before include, extends and overrides). */
export interface ComposeFile {
  readonly source: Source;
  readonly yaml: YamlFile;
  /** One effective tree per YAML document; empty when the file cannot be read. Problems of variables are on its scalars. */
  readonly documents: readonly Node[];
  /** What Compose does not read in this file, by its schema: values of another kind or form, and keys that are none. */
  readonly schemaFaults: readonly SchemaFault[];
  /** `compose.yaml` and its three older spellings; the first automatic override name found; or neither. */
  readonly nameKind: "base" | "override" | "other";
  /** The file of the same folder that Compose loads instead of this base or override. */
  readonly shadowedBy: Source | undefined;
}

/** What could not be read of a variant, and whom that concerns: a service by name, or the whole project (undefined). */
export interface Incomplete {
  readonly reason: "remote" | "outside" | "missing" | "unreadable" | "unknown" | "cycle" | "limit";
  readonly service: string | undefined;
  readonly range: Range;
}

/** Something that the Compose loader refuses, or that does not do what it says, found while the model was built. */
export interface ModelProblem {
  readonly kind: "merge" | "reset" | "extends" | "include" | "include-conflict" | "limit";
  /**
   * Finer than `kind`. merge: kind; reset: list-item; extends: no-service, missing-service, missing-file, unreadable,
   * not-followed, cycle; include: kind, no-path, missing-file, unreadable, missing-env-file, not-followed, cycle;
   * include-conflict: the section; limit: files, depth, nodes.
   */
  readonly detail: string;
  readonly range: Range;
  readonly message: string;
  readonly related: readonly Range[];
}

/** One entry of a `K=V` list or mapping, such as a variable of `environment`. */
export interface KeyValue {
  readonly key: string;
  readonly keyRange: Range;
  /** Undefined for `- KEY` and `KEY:`, which take the value from the caller's environment. */
  readonly value: Value<string> | undefined;
  /** The whole entry: list item, or key to value. */
  readonly range: Range;
  readonly form: "list" | "mapping";
  readonly node: Node;
}

/** Ordered `K=V` entries, each key once: the last one written. */
export interface KeyValues {
  readonly entries: readonly KeyValue[];
  /** The list or mapping itself; undefined when there is none. */
  readonly node: Node | undefined;
  get(key: string): KeyValue | undefined;
}

/** One word of an argv. `value` is undefined when it needs an unknown variable. */
export interface CommandWord {
  readonly value: string | undefined;
  /** What may be shown. */
  readonly text: string;
  readonly range: Range;
  /** Range of a stretch of `value` (0-based code units). */
  rangeOf(start: number, end: number): Range;
}

/** Text for a shell, with a way back to where it was written. */
export interface ComposeScript {
  /** As the container's shell sees it: `$$` is `$`. Unknown variables stand as written. */
  readonly text: string;
  readonly range: Range;
  readonly isKnown: boolean;
  rangeOf(start: number, end: number): Range;
}

/**
 * `command`, `entrypoint`, hook commands and `healthcheck.test`.
 *
 * `list`: argv as a list. `text`: one string, split into words by quoting rules without a shell. `image`: null, the
 * image's own is used. `empty`: emptied on purpose.
 */
export interface Command {
  readonly form: "list" | "text" | "image" | "empty";
  readonly words: readonly CommandWord[];
  readonly range: Range;
  readonly keyRange: Range | undefined;
  /** Unclosed quote in a `text` command: the loader refuses it. */
  readonly problem: string | undefined;
  readonly node: Node;
}

/** What a healthcheck runs. */
export type HealthTest =
  | { readonly kind: "none"; readonly range: Range }
  | { readonly kind: "shell"; readonly script: ComposeScript; readonly range: Range }
  | { readonly kind: "exec"; readonly words: readonly CommandWord[]; readonly range: Range }
  | { readonly kind: "malformed"; readonly range: Range };

/** `healthcheck` as written here (merged); the image's own is laid under it by whoever knows the image. Times in ms. */
export interface Healthcheck {
  readonly node: MappingNode;
  readonly keyRange: Range;
  readonly test: HealthTest | undefined;
  readonly intervalMs: Value<number> | undefined;
  readonly timeoutMs: Value<number> | undefined;
  readonly startPeriodMs: Value<number> | undefined;
  readonly startIntervalMs: Value<number> | undefined;
  readonly retries: Value<number> | undefined;
  readonly disable: Value<boolean> | undefined;
  /** `disable: true` or `test: NONE`. */
  readonly isDisabled: boolean;
}

/** An inclusive interval of ports; `first === last` for one port. */
export interface PortInterval {
  readonly first: number;
  readonly last: number;
}

/** One entry of `ports`. Ranges stay intervals. Sub-ranges point at the part of a short entry, or at the long key's value. */
export interface PortMapping {
  readonly form: "short" | "long";
  readonly node: Node;
  readonly range: Range;
  /** Address on the host as text without brackets; undefined = all addresses. */
  readonly hostIp: Value<string> | undefined;
  /** Host ports; undefined = a random one. A `value` of undefined is an unknown or malformed text. */
  readonly published: Value<PortInterval> | undefined;
  readonly target: Value<PortInterval> | undefined;
  /** `tcp` when not written. */
  readonly protocol: string;
  readonly protocolRange: Range | undefined;
  readonly mode: Value<string> | undefined;
  readonly name: Value<string> | undefined;
  readonly appProtocol: Value<string> | undefined;
  /** Where the port is reachable: on this machine only, elsewhere too, or not known. */
  readonly exposure: "loopback" | "public" | "unknown";
  /** Why the entry cannot be read; undefined when it can. */
  readonly problem: { readonly message: string; readonly range: Range } | undefined;
}

/** One entry of `expose`. */
export interface ExposedPort {
  readonly port: Value<PortInterval>;
  readonly protocol: string;
  readonly range: Range;
}

/** One place of the container's file system that comes from elsewhere. */
export interface Mount {
  /** `anonymous` is a volume without source; `secret` and `config` come from the grants of those names. */
  readonly type:
    | "bind"
    | "volume"
    | "anonymous"
    | "tmpfs"
    | "npipe"
    | "cluster"
    | "image"
    | "secret"
    | "config"
    | "unknown";
  readonly from: "volumes" | "tmpfs" | "secrets" | "configs";
  readonly form: "short" | "long";
  readonly node: Node;
  readonly range: Range;
  /** Host path as written, volume name, image, secret or config name. */
  readonly source: Value<string> | undefined;
  /** For a bind: absolute path on the host (`~/…` stays as it is); undefined when unknown. */
  readonly hostPath: string | undefined;
  /** Path in the container as written, `value` cleaned; undefined for grants without a target. */
  readonly target: Value<string> | undefined;
  /** Cleaned path in the container, defaults of grants put in; undefined when unknown. */
  readonly targetPath: string | undefined;
  readonly readOnly: Value<boolean> | undefined;
  readonly isReadOnly: boolean;
  /** Options of the short form as written between commas, or of tmpfs; each with its range. */
  readonly options: readonly { readonly text: string; readonly range: Range }[];
  readonly propagation: Value<string> | undefined;
  readonly createHostPath: Value<boolean> | undefined;
  readonly selinux: Value<string> | undefined;
  readonly nocopy: Value<boolean> | undefined;
  readonly subpath: Value<string> | undefined;
  /** Of a tmpfs: bytes. */
  readonly sizeBytes: Value<number> | undefined;
  readonly mode: Value<string> | undefined;
  readonly problem: { readonly message: string; readonly range: Range } | undefined;
}

/** A secret or config that a service or build gets. */
export interface Grant {
  readonly form: "short" | "long";
  readonly node: Node;
  readonly range: Range;
  readonly source: Value<string> | undefined;
  /** As written; the default is `/run/secrets/<source>` for service secrets, `/<source>` for configs, the id for builds. */
  readonly target: Value<string> | undefined;
  /** Absolute path in the container (services) or id (builds); undefined when unknown. */
  readonly effectiveTarget: string | undefined;
  readonly uid: Value<string> | undefined;
  readonly gid: Value<string> | undefined;
  readonly mode: Value<string> | undefined;
}

/** One network that a service joins. */
export interface NetworkAttachment {
  readonly name: string;
  readonly range: Range;
  readonly node: Node | undefined;
  readonly aliases: readonly Value<string>[];
  readonly ipv4Address: Value<string> | undefined;
  readonly ipv6Address: Value<string> | undefined;
  readonly macAddress: Value<string> | undefined;
  /** The `default` network that Compose adds when none is named. */
  readonly isImplicit: boolean;
}

/** One entry of `depends_on`. */
export interface Dependency {
  readonly service: string;
  /** Where the name is written: list item or key. */
  readonly range: Range;
  readonly form: "list" | "mapping";
  readonly condition: Value<string> | undefined;
  /** `service_started` when not written. */
  readonly effectiveCondition: string;
  readonly required: Value<boolean> | undefined;
  /** False only for a written `required: false`. */
  readonly isRequired: boolean;
  readonly restart: Value<boolean> | undefined;
}

/** An edge of the start order: written in `depends_on`, or implied by another key. */
export interface Need {
  readonly service: string;
  readonly key: "depends_on" | "links" | "volumes_from" | "network_mode" | "ipc" | "pid" | "uts" | "cgroup";
  readonly range: Range;
  readonly isRequired: boolean;
}

/** One entry of `env_file`; its content is never part of the model but for the names it sets. */
export interface EnvFileEntry {
  readonly path: Value<string>;
  /** Absolute; undefined when the path is unknown or leaves the workspace. */
  readonly file: string | undefined;
  readonly required: Value<boolean> | undefined;
  readonly isRequired: boolean;
  readonly format: Value<string> | undefined;
  readonly node: Node;
}

/** A named thing that builds on a path or URL. */
export interface AdditionalContext {
  readonly name: string;
  readonly entry: KeyValue;
  readonly kind: "local" | "remote" | "image" | "oci-layout" | "service" | "target" | "unknown";
  /** Absolute folder of a local context, or the service, image or target named. */
  readonly reference: string | undefined;
}

/** `build` of a service. */
export interface ServiceBuild {
  readonly node: Node;
  readonly keyRange: Range;
  readonly range: Range;
  /** As written; undefined when not written (the project folder is meant). */
  readonly context: Value<string> | undefined;
  readonly contextKind: "local" | "remote" | "unknown";
  /** Absolute folder of a local context. */
  readonly contextPath: string | undefined;
  /** As written; undefined = `Dockerfile`. */
  readonly dockerfile: Value<string> | undefined;
  /** Absolute path of the Dockerfile of a local context; undefined when inline, remote or unknown. */
  readonly dockerfilePath: string | undefined;
  /** Text of `dockerfile_inline` embedded in the Compose file: its ranges point into the YAML. */
  readonly dockerfileInline: Source | undefined;
  readonly target: Value<string> | undefined;
  readonly args: KeyValues;
  readonly labels: KeyValues;
  readonly secrets: readonly Grant[];
  /** Ids with optional paths; `default` alone is the agent. */
  readonly ssh: KeyValues;
  readonly platforms: readonly Value<string>[];
  readonly tags: readonly Value<string>[];
  readonly cacheFrom: readonly Value<string>[];
  readonly cacheTo: readonly Value<string>[];
  readonly noCacheFilter: readonly Value<string>[];
  readonly entitlements: readonly Value<string>[];
  readonly additionalContexts: readonly AdditionalContext[];
  readonly network: Value<string> | undefined;
  readonly privileged: Value<boolean> | undefined;
  readonly noCache: Value<boolean> | undefined;
  readonly pull: Value<boolean> | undefined;
  readonly shmSize: Value<number> | undefined;
  at(...path: readonly (string | number)[]): Node | undefined;
}

/** One fact that has two spellings: the written ones in order of precedence; the first is in effect. */
export type Settings<T> = readonly Value<T>[];

/** Ceilings or reservations of a service. Bytes, CPUs, processes. Empty lists when not set. */
export interface ResourceAmounts {
  readonly memoryBytes: Settings<number>;
  readonly cpus: Settings<number>;
  readonly pids: Settings<number>;
}

/** When the engine starts a container again. */
export interface RestartPolicy {
  readonly policy: "no" | "always" | "on-failure" | "unless-stopped" | "unknown";
  /** Where it is written; undefined when it is Compose's default `no`. */
  readonly written: Value<string> | undefined;
  readonly from: "restart" | "deploy" | "default";
}

/** `logging` of a service; `driver` undefined means the engine's default (`json-file` unless configured). */
export interface Logging {
  readonly node: MappingNode;
  readonly keyRange: Range;
  readonly driver: Value<string> | undefined;
  readonly options: KeyValues;
}

/** One entry of `security_opt`, split at the first `:` or `=`. */
export interface SecurityOption {
  readonly name: string;
  readonly value: string | undefined;
  readonly entry: Value<string>;
}

/** One entry of `devices`. */
export interface Device {
  readonly source: Value<string> | undefined;
  readonly target: string | undefined;
  readonly permissions: string;
  /** `vendor.com/class=name`: resolved by CDI, no host path. */
  readonly isCdi: boolean;
  readonly range: Range;
  readonly node: Node;
}

/** A limit of `ulimits`; −1 is unlimited. */
export interface Ulimit {
  readonly name: string;
  readonly keyRange: Range;
  readonly soft: Value<number> | undefined;
  readonly hard: Value<number> | undefined;
}

/** A command that Compose runs around the life of a container. */
export interface Hook {
  readonly phase: "pre_start" | "post_start" | "pre_stop";
  readonly node: Node;
  readonly range: Range;
  readonly command: Command | undefined;
  readonly user: Value<string> | undefined;
  readonly privileged: Value<boolean> | undefined;
  readonly environment: KeyValues;
}

/** A service of the merged model. Everything is read on first use and kept. */
export interface Service {
  readonly name: string;
  /** The key under `services` in the file that introduces it. */
  readonly keyRange: Range;
  /** All keys that define or patch this service, first file first. */
  readonly definitions: readonly Range[];
  readonly node: MappingNode;
  readonly variant: Variant;
  /** Role of the variant, or of the profiles when all of them are words of one other role. */
  readonly role: Role;
  /** Something it extends could not be followed: what is absent here may be there. */
  readonly isIncomplete: boolean;
  /** `provider:` takes the place of a container. */
  readonly hasProvider: boolean;

  /** The node at a path of keys and list indexes, with the hops on the way; undefined when absent. */
  at(...path: readonly (string | number)[]): Node | undefined;
  /** The entry (key and value) at a path of keys. */
  entryAt(...path: readonly string[]): Entry | undefined;
  /** The scalar at a path, read as text; undefined when absent, null or no scalar. */
  valueAt(...path: readonly string[]): Value<string> | undefined;
  booleanAt(...path: readonly string[]): Value<boolean> | undefined;
  numberAt(...path: readonly string[]): Value<number> | undefined;
  durationAt(...path: readonly string[]): Value<number> | undefined;
  bytesAt(...path: readonly string[]): Value<number> | undefined;
  /** The items of a list (or one scalar taken as a list of one) at a path, read as text. */
  listAt(...path: readonly string[]): readonly Value<string>[];
  keyValuesAt(...path: readonly string[]): KeyValues;
  /** Why a key is absent on purpose. */
  removalOf(...path: readonly string[]): Removal | undefined;

  readonly image: Value<string> | undefined;
  readonly build: ServiceBuild | undefined;
  readonly platform: Value<string> | undefined;
  readonly user: Value<string> | undefined;
  readonly command: Command | undefined;
  readonly entrypoint: Command | undefined;
  readonly healthcheck: Healthcheck | undefined;
  readonly environment: KeyValues;
  readonly envFiles: readonly EnvFileEntry[];
  readonly labels: KeyValues;
  readonly ports: readonly PortMapping[];
  readonly expose: readonly ExposedPort[];
  /** Volumes, tmpfs, secrets and configs, in this order. */
  readonly mounts: readonly Mount[];
  /** Mounts whose place in the container is this path or above it: what a process sees there. Path absolute, cleaned. */
  mountsAt(path: string): readonly Mount[];
  readonly networks: readonly NetworkAttachment[];
  readonly networkMode: Value<string> | undefined;
  /**
   * Whether this service can reach another one by its name: they share a network, or one's network namespace is the
   * other's. Undefined when a network mode is unknown.
   */
  reaches(other: Service): boolean | undefined;
  readonly dependsOn: readonly Dependency[];
  /** All edges of the start order, `depends_on` first. */
  readonly needs: readonly Need[];
  readonly secrets: readonly Grant[];
  readonly configs: readonly Grant[];
  readonly profiles: readonly Value<string>[];
  readonly restart: RestartPolicy;
  readonly logging: Logging | undefined;
  readonly limits: ResourceAmounts;
  readonly reservations: ResourceAmounts;
  readonly capAdd: readonly Value<string>[];
  readonly capDrop: readonly Value<string>[];
  readonly securityOptions: readonly SecurityOption[];
  readonly devices: readonly Device[];
  readonly ulimits: readonly Ulimit[];
  readonly hooks: readonly Hook[];
  /** `deploy.replicas` and `scale`. */
  readonly replicas: Settings<number>;

  /** Runs once and ends: section "job" of the catalogue, as far as the Compose files tell. */
  readonly isJob: boolean;
  /** Only profiles of development, test or ci enable it. */
  readonly isDevTool: boolean;
  /** Publishes at least one port on an address that is surely not loopback. */
  readonly isPublic: boolean;
  /** The image is a Windows one, as far as the Compose files tell. */
  readonly isWindows: boolean;
}

/** A top-level network, volume, secret, config or model. */
export interface Resource {
  readonly kind: "network" | "volume" | "secret" | "config" | "model";
  readonly name: string;
  readonly keyRange: Range;
  /** Undefined for `name:` without a value. */
  readonly node: MappingNode | undefined;
  readonly isExternal: boolean;
  readonly external: Value<boolean> | undefined;
  /** `name:`, or `external.name`. */
  readonly realName: Value<string> | undefined;
  readonly driver: Value<string> | undefined;
  readonly file: Value<string> | undefined;
  /** Absolute path of `file`. */
  readonly filePath: string | undefined;
  readonly environment: Value<string> | undefined;
  readonly content: Value<string> | undefined;
  readonly labels: KeyValues;
  at(...path: readonly (string | number)[]): Node | undefined;
}

/** Why a variant exists: the source of the list of files that Compose would merge. */
export type VariantOrigin = "config" | "compose-file" | "default" | "devcontainer" | "stem" | "alone";

/** An ordered list of files that Compose would merge, and what comes out. Built on first use. */
export interface Variant {
  readonly project: ComposeProject;
  readonly origin: VariantOrigin;
  /** In order of merging; the first is the base. */
  readonly files: readonly ComposeFile[];
  /** Files that `include` and `extends` brought in. */
  readonly broughtIn: readonly ComposeFile[];
  readonly role: Role;
  /** Absences are judged here. */
  readonly isReference: boolean;
  /** The merged top level. */
  readonly tree: MappingNode;
  readonly name: Value<string> | undefined;
  readonly services: ReadonlyMap<string, Service>;
  readonly networks: ReadonlyMap<string, Resource>;
  readonly volumes: ReadonlyMap<string, Resource>;
  readonly secrets: ReadonlyMap<string, Resource>;
  readonly configs: ReadonlyMap<string, Resource>;
  readonly models: ReadonlyMap<string, Resource>;
  readonly incomplete: readonly Incomplete[];
  /** Some `include` could not be followed: services and resources may be missing. */
  readonly isIncomplete: boolean;
  readonly problems: readonly ModelProblem[];
  /** Keys that the schema of Compose asks for and that no file brings. */
  readonly missingKeys: readonly SchemaFault[];
  /** Services that start with these profiles; without an argument: the profiles of config and `.env`. */
  activeServices(profiles?: readonly string[]): readonly Service[];
  /** Services that need this one, with the edge. */
  dependants(service: Service): readonly { readonly service: Service; readonly need: Need }[];
  /**
   * Names (never values) that an env file sets, by its absolute path.
   *
   * @returns undefined when it is not there or may not be read
   */
  envFileNames(file: string): ReadonlySet<string> | undefined;
  /** Services that use a resource of the top level, in order. */
  servicesUsing(resource: Resource): readonly Service[];
  /** Services that build an image and name it exactly so (`image` beside `build`, or `build.tags`). */
  builtBy(reference: string): readonly Service[];
  /** Circles of the start order, each once, beginning with the service of the smallest name. */
  cycles(): readonly (readonly Service[])[];
  /** Whether two services can run at the same time: they share a profile, or one has none. */
  canRunTogether(a: Service, b: Service): boolean;
}

/** All variants of one folder; each file of the folder takes part in at least one, unless another project brings it in. */
export interface ComposeProject {
  /** Absolute folder of the base. */
  readonly folder: string;
  /** Absolute folder of the workspace, which nothing leaves. */
  readonly root: string;
  readonly files: readonly ComposeFile[];
  readonly variants: readonly Variant[];
  /** Names (never values) that `.env`, its templates and configured env files set. */
  readonly knownVariables: ReadonlySet<string>;
  /** Whether there is any env file or template that interpolation could know. */
  readonly hasEnvSource: boolean;
}
