import { UserError } from "../config/user-error.js";
import { secretTextsOf } from "../project/secret-texts.js";
import { type Graph, GraphBuilder } from "../report/graph.js";
import { onlyServices, serviceNames } from "../report/graph-services.js";
import { printable } from "../text/printable.js";
import { closest } from "../values/closest.js";
import type { Host } from "./host.js";
import { exitCodeOf, failuresOf, refusalsOf } from "./model-problems.js";
import type { GraphFormat, Request } from "./request.js";
import { openSession } from "./session.js";

/**
 * Prints what the linter links: services with their builds, Dockerfiles, contexts, networks and ports.
 *
 * @returns 1 when a file does not parse, 2 when a named path cannot be read or a policy is not valid
 * @throws UserError when no service has a name that was asked for
 */
export async function showGraph(request: Extract<Request, { kind: "graph" }>, host: Host): Promise<0 | 1 | 2> {
  const { paths, flags, format, services } = request;
  const options = { forceExclude: false, stdinFilename: undefined, takesAnyFile: false };
  const session = await openSession({ ...options, paths, flags, host });
  const builder = new GraphBuilder();
  const refusals: string[] = [];
  for await (const project of session.projects()) {
    builder.add(project, secretTextsOf(project));
    refusals.push(...refusalsOf(project));
  }
  const failures = failuresOf(session);
  const graph = chosen(builder.graph, services);
  host.writeOut(await written(graph, format));
  const isEmpty = graph.composeProjects.length === 0 && graph.builds.length === 0 && failures.length === 0;
  if (isEmpty) host.writeError("nothing to show: no Dockerfile and no Compose file here\n");
  for (const line of [...refusals, ...failures]) host.writeError(`${printable(line)}\n`);
  return exitCodeOf({ failures, refusals });
}

function chosen(graph: Graph, services: readonly string[]): Graph {
  if (services.length === 0) return graph;
  checkServices(services, serviceNames(graph));
  return onlyServices(graph, new Set(services));
}

/** @throws UserError for a name that is not among those known */
export function checkServices(asked: readonly string[], known: ReadonlySet<string>): void {
  for (const name of asked) {
    if (known.has(name)) continue;
    const nearest = closest(name, known);
    const remedy = nearest === undefined ? "`plimsoll graph` lists them" : `did you mean \`${nearest}\`?`;
    throw new UserError({ place: "--service", problem: `no service \`${name}\``, remedy });
  }
}

async function written(graph: Graph, format: GraphFormat): Promise<string> {
  switch (format) {
    case "json":
      return `${JSON.stringify(graph, undefined, 2)}\n`;
    case "mermaid":
      return (await import("../report/graph-mermaid.js")).graphMermaid(graph);
    default:
      return (await import("../report/graph-text.js")).graphText(graph);
  }
}
