import type { ComposeProject, Service, ServiceBuild } from "../compose/model.js";
import type { PolicySet } from "../config/policy.js";
import type { Role } from "../data/roles.js";
import { roleOf } from "../data/roles.js";
import { parseDockerfile } from "../dockerfile/parse.js";
import type { Workspace } from "../files/workspace.js";
import type { Source } from "../text/source.js";
import { parseImageReference } from "../values/image-reference.js";
import { type BuildArgument, BuildModel } from "./build.js";
import { ContextTable } from "./context-table.js";
import { DockerfileModel } from "./dockerfile-view.js";
import { type LinkOptions, outputKey } from "./link-options.js";
import { LinkedProject } from "./linked-project.js";
import type { Project } from "./model.js";
import { roleOfStageName } from "./stage-roles.js";

/** A service with the build that it asks for. */
interface Demand {
  readonly service: Service;
  readonly build: ServiceBuild;
  readonly file: Source;
}

/**
 * Links Compose projects with Dockerfiles, contexts and ignore files.
 *
 * @param dockerfiles absolute paths: those that the projects build, and others that stand alone
 */
export function linkProject(
  options: LinkOptions,
  composeProjects: readonly ComposeProject[],
  dockerfiles: Iterable<string>,
): Project {
  const project = new LinkedProject(options, composeProjects);
  const contexts = new ContextTable(options.workspace);
  const demands = demandsOf(composeProjects, options.workspace);
  for (const [file, list] of demands.byFile) {
    const source = options.workspace.source(file);
    if (source !== undefined) addDockerfile(project, contexts, options, source, list);
  }
  for (const list of demands.inline.values()) {
    const [first] = list;
    if (first !== undefined) addDockerfile(project, contexts, options, first.file, list);
  }
  for (const file of dockerfiles) {
    if (demands.byFile.has(file)) continue;
    const source = options.workspace.source(file);
    if (source !== undefined) addDockerfile(project, contexts, options, source, []);
  }
  return project;
}

function demandsOf(
  composeProjects: readonly ComposeProject[],
  workspace: Workspace,
): { readonly byFile: ReadonlyMap<string, Demand[]>; readonly inline: ReadonlyMap<string, Demand[]> } {
  const byFile = new Map<string, Demand[]>();
  const inline = new Map<string, Demand[]>();
  for (const service of servicesOf(composeProjects)) {
    const { build } = service;
    if (build === undefined) continue;
    if (build.dockerfileInline !== undefined) {
      const source = build.dockerfileInline;
      const { start } = source.range(0, 0);
      push(inline, `${source.root.file}:${start}`, { service, build, file: source });
    } else if (build.dockerfilePath !== undefined) {
      const source = workspace.source(build.dockerfilePath);
      if (source !== undefined) push(byFile, build.dockerfilePath, { service, build, file: source });
    }
  }
  return { byFile, inline };
}

/** Services of all variants, in order. */
export function* servicesOf(composeProjects: readonly ComposeProject[]): Iterable<Service> {
  for (const { variants } of composeProjects) {
    for (const variant of variants) yield* variant.services.values();
  }
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function addDockerfile(
  project: LinkedProject,
  contexts: ContextTable,
  options: LinkOptions,
  source: Source,
  demands: readonly Demand[],
): void {
  const policies = options.policySetFor(source.root.file);
  const role = dockerfileRole(source, policies, options);
  const view = new DockerfileModel(source, parseDockerfile(source), role);
  const policy = policies.policyFor(source.root.file, role);
  const common = { project, view, baseImages: policies.project.baseImages, policyArgs: policy.buildArgs };
  for (const group of groupByIdentity(demands)) {
    const [first] = group;
    if (first === undefined) continue;
    const { build } = first;
    const joint = new BuildModel({
      ...common,
      context: contexts.ofService(build),
      targetName: build.target?.value,
      namedContexts: new Set(build.additionalContexts.map(({ name }) => name)),
      isTargetWritten: build.target !== undefined,
      args: argumentsOf(build),
      services: group.map(({ service }) => service),
      labels: labelsOf(group),
      role: buildRole(group, role, build.target?.value),
    });
    project.add(view, joint, outputsOf(group));
  }
  if (demands.length > 0) return;
  for (const targetName of options.flags.target === undefined
    ? (policy.targets ?? [undefined])
    : [options.flags.target]) {
    const alone = new BuildModel({
      ...common,
      context: contexts.ofDockerfile(view.dockerfile, options.flags.context, options.topOf),
      targetName,
      isTargetWritten: targetName !== undefined,
      args: new Map([...options.flags.buildArgs].map(([name, value]) => [name, { kind: "known", value }])),
      services: [],
      labels: [targetName === undefined ? source.path : `${source.path} (${targetName})`],
      role: aloneRole(role, targetName ?? view.dockerfile.stages.at(-1)?.name),
    });
    project.add(view, alone, []);
  }
}

function dockerfileRole(source: Source, policies: PolicySet, { flags }: LinkOptions): Role {
  if (flags.role !== undefined) return { name: flags.role, stated: true };
  const configured = policies.roleOf(source.root.file);
  if (configured !== undefined) return { name: configured, stated: true };
  return roleOf(source.path, source.text);
}

/** Services that ask for the same target with the same args from the same context share one build. */
function groupByIdentity(demands: readonly Demand[]): Iterable<readonly Demand[]> {
  const groups = new Map<string, Demand[]>();
  for (const demand of demands) push(groups, identityOf(demand.build), demand);
  return groups.values();
}

function identityOf(build: ServiceBuild): string {
  const args = build.args.entries.map(({ key, value }) => [key, value?.value ?? `?${value?.text ?? ""}`]);
  const named = build.additionalContexts.map(({ name, reference }) => [name, reference ?? "?"]);
  return JSON.stringify([
    build.contextKind,
    build.contextPath ?? build.context?.text,
    build.target === undefined ? "" : (build.target.value?.toLowerCase() ?? `?${build.target.text}`),
    args.sort(),
    named.sort(),
    build.platforms.map(({ text }) => text),
  ]);
}

function argumentsOf(build: ServiceBuild): ReadonlyMap<string, BuildArgument> {
  const args = new Map<string, BuildArgument>();
  for (const { key, value } of build.args.entries) {
    args.set(
      key,
      value?.value === undefined ? { kind: "unknown" } : { kind: "known", value: value.value, origin: value.range },
    );
  }
  return args;
}

function labelsOf(group: readonly Demand[]): readonly string[] {
  const labels = new Set(group.map(({ service }) => `${service.name} (${service.keyRange.source.path})`));
  return [...labels].sort();
}

/** References under which the build is known to other services and Dockerfiles of the project. */
function outputsOf(group: readonly Demand[]): readonly string[] {
  const names = group.flatMap(({ service, build }) => [service.image, ...build.tags].map((value) => value?.value));
  return names.flatMap((name) => {
    const reference = name === undefined ? undefined : parseImageReference(name);
    return reference?.kind === "reference" ? [outputKey(reference.name, reference.tag)] : [];
  });
}

/**
 * Role of a build: what a Compose file states wins; then the name of the target; then the name of the Dockerfile; then
 * production is assumed. Of several services the one closest to production decides.
 */
function buildRole(group: readonly Demand[], dockerfile: Role, target: string | undefined): Role {
  const roles = group.map(({ service }) => serviceRole(service.role, dockerfile, target));
  const production = roles.filter(({ name }) => name === "production");
  return production.find(({ stated }) => stated) ?? production[0] ?? roles[0] ?? dockerfile;
}

/** Role of a Dockerfile that stands alone: what says itself of the file wins, then the name of the stage that is built. */
function aloneRole(role: Role, target: string | undefined): Role {
  const named = role.stated || target === undefined ? undefined : roleOfStageName(target);
  return named === undefined ? role : { name: named, stated: true };
}

function serviceRole(service: Role, dockerfile: Role, target: string | undefined): Role {
  if (service.stated) return service;
  const named = target === undefined ? undefined : roleOfStageName(target);
  if (named !== undefined) return { name: named, stated: true };
  return dockerfile;
}
