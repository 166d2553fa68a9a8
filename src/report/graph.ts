import type { PortMapping, Service, ServiceBuild, Variant } from "../compose/model.js";
import type { Value } from "../compose/node-model.js";
import type { Role } from "../data/roles.js";
import type { EvaluatedStage } from "../dockerfile/evaluate.js";
import type { Build, Project, StageView } from "../project/model.js";
import { maskSecrets } from "../values/secret-spans.js";

/** What the linter linked, as plain data: `plimsoll graph --format json`. Paths are those that people see. */
export interface Graph {
  readonly version: 1;
  readonly composeProjects: readonly GraphProject[];
  readonly builds: readonly GraphBuild[];
}

/** The Compose files of one folder. */
export interface GraphProject {
  readonly folder: string;
  readonly variants: readonly GraphVariant[];
}

/** One list of files that Compose would merge. */
export interface GraphVariant {
  /** In the order of merging, the base first. */
  readonly files: readonly string[];
  /** Files that `include` and `extends` brought in. */
  readonly broughtIn: readonly string[];
  /** `name` of the top level. */
  readonly name: string | undefined;
  readonly role: GraphRole;
  /** Absences are judged in this variant. */
  readonly isReference: boolean;
  /** Something that it reads could not be followed. */
  readonly isIncomplete: boolean;
  readonly services: readonly GraphService[];
  readonly networks: readonly GraphNetwork[];
}

/** A role, and whether something states it. */
export interface GraphRole {
  readonly name: Role["name"];
  readonly isStated: boolean;
}

/** One service of a variant, merged. */
export interface GraphService {
  readonly name: string;
  readonly path: string;
  /** 1-based line of its key. */
  readonly line: number;
  readonly role: GraphRole;
  /** `id` of the build that it runs; also of another service's build whose image it names. */
  readonly build: string | undefined;
  /** A `build` that could not be linked with a Dockerfile. */
  readonly unlinked: { readonly context: string; readonly dockerfile: string | undefined } | undefined;
  readonly image: string | undefined;
  readonly profiles: readonly string[];
  readonly publishes: readonly GraphPort[];
  readonly networkMode: string | undefined;
  readonly networks: readonly string[];
  readonly needs: readonly GraphNeed[];
}

/** One published port; texts as written, so that a range is `8000-8010`. */
export interface GraphPort {
  /** Absent for all addresses. */
  readonly hostIp: string | undefined;
  /** Absent for a port that the engine chooses. */
  readonly published: string | undefined;
  readonly target: string;
  readonly protocol: string;
  readonly exposure: PortMapping["exposure"];
}

/** Something that starts before a service, and the key that says so. */
export interface GraphNeed {
  readonly service: string;
  readonly key: string;
  /** Of `depends_on` only. */
  readonly condition: string | undefined;
  readonly isRequired: boolean;
}

/** A network and the services that join it. */
export interface GraphNetwork {
  readonly name: string;
  /** False for `default` without an entry of its own, and for names that nothing defines. */
  readonly isDeclared: boolean;
  readonly isExternal: boolean;
  readonly isInternal: boolean;
  readonly services: readonly string[];
}

/** One planned build. */
export interface GraphBuild {
  /** `build-1` and so on, in the order of the list. */
  readonly id: string;
  /** The services that run it as `api (compose.yaml)`; of a Dockerfile that stands alone its path. */
  readonly labels: readonly string[];
  readonly isAlone: boolean;
  readonly dockerfile: string;
  /** 1-based line of a Dockerfile inside a Compose file; absent for a file of its own. */
  readonly inlineAt: number | undefined;
  readonly context: GraphContext;
  /** As asked for; absent when nothing is. */
  readonly target: string | undefined;
  /** Name or 0-based number of the stage that ships; absent when there is none of that name. */
  readonly ships: string | undefined;
  readonly stages: readonly GraphStage[];
  /** Names of the build arguments given. Values are not shown. */
  readonly args: readonly string[];
  readonly additionalContexts: readonly { readonly name: string; readonly reference: string | undefined }[];
  readonly role: GraphRole;
}

/** What a build sends, or why nobody can say. */
export type GraphContext =
  | {
      readonly kind: "local";
      readonly path: string;
      /** False for a guess that does not hold what the Dockerfile copies. */
      readonly isCertain: boolean;
      readonly ignoreFile: string | undefined;
      /** The ignore file of the folder, which a Dockerfile's own one keeps from being read. */
      readonly hiddenIgnoreFile: string | undefined;
    }
  | { readonly kind: "remote" | "unknown"; readonly written: string };

/** One stage as a build sees it. */
export interface GraphStage {
  readonly name: string;
  /** Image, earlier stage or `scratch`, evaluated; as written where a value is unknown. */
  readonly base: string;
  readonly isShipped: boolean;
  /** The stage that ships needs it. */
  readonly isReached: boolean;
}

/** How a project is shown. */
interface Scope {
  readonly project: Project;
  readonly ids: ReadonlyMap<Build, string>;
  /** A text as it may be printed: with the mask in the place of secrets. */
  readonly shown: (text: string) => string;
}

/** Collects what projects link; builds are numbered throughout. */
export class GraphBuilder {
  readonly #composeProjects: GraphProject[] = [];
  readonly #builds: GraphBuild[] = [];

  /** Adds all of a project. @param secrets texts that must not be shown */
  add(project: Project, secrets: ReadonlySet<string>): void {
    const ids = new Map(project.builds.map((build, index) => [build, `build-${this.#builds.length + index + 1}`]));
    const scope: Scope = { project, ids, shown: (text) => maskSecrets(text, secrets) };
    for (const [build, id] of ids) this.#builds.push(buildOf(build, id, scope));
    for (const { folder, variants } of project.composeProjects) {
      this.#composeProjects.push({
        folder: scope.shown(project.display(folder)),
        variants: variants.map((variant) => variantOf(variant, scope)),
      });
    }
  }

  /** All that was added so far. */
  get graph(): Graph {
    return { version: 1, composeProjects: this.#composeProjects, builds: this.#builds };
  }
}

function roleOf({ name, stated }: Role): GraphRole {
  return { name, isStated: stated };
}

function variantOf(variant: Variant, scope: Scope): GraphVariant {
  const { shown } = scope;
  const services = [...variant.services.values()];
  return {
    files: variant.files.map(({ source }) => shown(source.path)),
    broughtIn: variant.broughtIn.map(({ source }) => shown(source.path)),
    name: textOf(variant.name, scope),
    role: roleOf(variant.role),
    isReference: variant.isReference,
    isIncomplete: variant.isIncomplete,
    services: services.map((service) => serviceOf(service, scope)),
    networks: networksOf(variant, services, scope),
  };
}

function textOf(value: Value<unknown> | undefined, { shown }: Scope): string | undefined {
  return value === undefined ? undefined : shown(value.text);
}

function serviceOf(service: Service, scope: Scope): GraphService {
  const { shown, project, ids } = scope;
  const { source, start } = service.keyRange;
  const build = buildRunBy(service, project);
  return {
    name: shown(service.name),
    path: shown(source.path),
    line: source.positionAt(start).line,
    role: roleOf(service.role),
    build: build === undefined ? undefined : ids.get(build),
    unlinked: build === undefined && service.build !== undefined ? unlinkedOf(service.build, scope) : undefined,
    image: textOf(service.image, scope),
    profiles: service.profiles.map(({ text }) => shown(text)),
    publishes: service.ports.filter(({ problem }) => problem === undefined).map((port) => portOf(port, scope)),
    networkMode: textOf(service.networkMode, scope),
    networks: service.networks.map(({ name }) => shown(name)),
    needs: needsOf(service, scope),
  };
}

/** The build of a service, or the one of the project that makes the image it names. */
function buildRunBy(service: Service, project: Project): Build | undefined {
  const own = project.buildOf(service);
  if (own !== undefined || service.build !== undefined) return own;
  const image = project.imageOf(service);
  return image.kind === "stage" ? image.stage.build : undefined;
}

function unlinkedOf({ context, contextPath, dockerfile, dockerfilePath }: ServiceBuild, { shown, project }: Scope) {
  const path = dockerfilePath === undefined ? dockerfile?.text : project.display(dockerfilePath);
  return {
    context: shown(contextPath === undefined ? (context?.text ?? "") : project.display(contextPath)),
    dockerfile: path === undefined ? undefined : shown(path),
  };
}

function portOf({ hostIp, published, target, protocol, exposure }: PortMapping, scope: Scope): GraphPort {
  return {
    hostIp: textOf(hostIp, scope),
    published: textOf(published, scope),
    target: textOf(target, scope) ?? "",
    protocol: scope.shown(protocol),
    exposure,
  };
}

function needsOf({ needs, dependsOn }: Service, { shown }: Scope): readonly GraphNeed[] {
  const conditions = new Map(dependsOn.map((each) => [each.service, shown(each.effectiveCondition)]));
  return needs.map(({ service, key, isRequired }) => {
    const condition = key === "depends_on" ? conditions.get(service) : undefined;
    return { service: shown(service), key, condition, isRequired };
  });
}

/** Declared networks in order, then those that services join without. */
function networksOf(variant: Variant, services: readonly Service[], { shown }: Scope): readonly GraphNetwork[] {
  const joined = new Map<string, string[]>([...variant.networks.keys()].map((name) => [name, []]));
  for (const service of services) {
    for (const network of new Set(service.networks.map(({ name }) => name))) {
      const members = joined.get(network);
      if (members === undefined) joined.set(network, [shown(service.name)]);
      else members.push(shown(service.name));
    }
  }
  return [...joined].map(([name, members]) => {
    const declared = variant.networks.get(name);
    const internal = declared?.at("internal");
    return {
      name: shown(name),
      isDeclared: declared !== undefined,
      isExternal: declared?.isExternal === true,
      isInternal: internal?.kind === "scalar" && internal.resolved === "true",
      services: members,
    };
  });
}

function buildOf(build: Build, id: string, scope: Scope): GraphBuild {
  const { shown } = scope;
  const { source } = build.dockerfile;
  const host = source.range(0, 0);
  return {
    id,
    labels: build.labels.map(shown),
    isAlone: build.services.length === 0,
    dockerfile: shown(host.source.path),
    inlineAt: source.embedding === undefined ? undefined : host.source.positionAt(host.start).line,
    context: contextOf(build, scope),
    target: build.targetName === undefined ? undefined : shown(build.targetName),
    ships: build.target === undefined ? undefined : shown(stageName(build.target.evaluated)),
    stages: build.stages.map((stage) => stageOf(stage, scope)),
    args: argsOf(build).map(shown),
    additionalContexts: additionalContextsOf(build, scope),
    role: roleOf(build.role),
  };
}

function contextOf({ context }: Build, { shown, project }: Scope): GraphContext {
  if (context.kind !== "local") return { kind: context.kind, written: shown(context.written) };
  const place = (path: string | undefined) => (path === undefined ? undefined : shown(project.display(path)));
  return {
    kind: "local",
    path: shown(project.display(context.root)),
    isCertain: context.isCertain,
    ignoreFile: place(context.ignoreFile?.path),
    hiddenIgnoreFile: place(context.ignoreFile?.shadowed),
  };
}

function stageName({ stage }: EvaluatedStage): string {
  return stage.name ?? String(stage.index);
}

function stageOf({ evaluated, isShipped, isReached }: StageView, { shown }: Scope): GraphStage {
  return { name: shown(stageName(evaluated)), base: shown(baseText(evaluated.base)), isShipped, isReached };
}

function baseText(base: EvaluatedStage["base"]): string {
  switch (base.kind) {
    case "image":
      return base.resolved;
    case "stage":
      return stageName(base.stage);
    default:
      return base.written;
  }
}

function argsOf({ services }: Build): readonly string[] {
  return [...new Set(services.flatMap(({ build }) => build?.args.entries.map(({ key }) => key) ?? []))];
}

/** Services that share a build agree in them. */
function additionalContextsOf({ services }: Build, { shown, project }: Scope): GraphBuild["additionalContexts"] {
  const contexts = services[0]?.build?.additionalContexts ?? [];
  return contexts.map(({ name, kind, reference }) => {
    if (reference === undefined) return { name: shown(name), reference };
    return { name: shown(name), reference: shown(kind === "local" ? project.display(reference) : reference) };
  });
}
