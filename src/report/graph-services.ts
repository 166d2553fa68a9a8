import type { Graph, GraphProject, GraphService, GraphVariant } from "./graph.js";

/** Names of all services of a graph, each once. */
export function serviceNames({ composeProjects }: Graph): ReadonlySet<string> {
  const variants = composeProjects.flatMap((project) => project.variants);
  return new Set(variants.flatMap(({ services }) => services.map(({ name }) => name)));
}

/**
 * The part of a graph that some services belong to: they, what they need directly or through others, the networks they
 * join and the builds they run.
 */
export function onlyServices(graph: Graph, names: ReadonlySet<string>): Graph {
  const composeProjects = graph.composeProjects.flatMap((project) => ofProject(project, names));
  const services = composeProjects.flatMap(({ variants }) => variants.flatMap((variant) => variant.services));
  const builds = new Set(services.map(({ build }) => build));
  return { ...graph, composeProjects, builds: graph.builds.filter(({ id }) => builds.has(id)) };
}

function ofProject(project: GraphProject, names: ReadonlySet<string>): readonly GraphProject[] {
  const variants = project.variants.flatMap((variant) => ofVariant(variant, names));
  return variants.length === 0 ? [] : [{ ...project, variants }];
}

function ofVariant(variant: GraphVariant, names: ReadonlySet<string>): readonly GraphVariant[] {
  const kept = neededBy(names, variant.services);
  const services = variant.services.filter(({ name }) => kept.has(name));
  if (services.length === 0) return [];
  const networks = variant.networks.flatMap((network) => {
    const members = network.services.filter((name) => kept.has(name));
    return members.length === 0 ? [] : [{ ...network, services: members }];
  });
  return [{ ...variant, services, networks }];
}

function neededBy(names: ReadonlySet<string>, services: readonly GraphService[]): ReadonlySet<string> {
  const byName = new Map(services.map((service) => [service.name, service]));
  const kept = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const service = byName.get(name);
    if (service === undefined || kept.has(name)) continue;
    kept.add(name);
    open.push(...service.needs.map((need) => need.service));
  }
  return kept;
}
