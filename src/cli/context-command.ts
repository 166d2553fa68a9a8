import type { Service } from "../compose/model.js";
import { listContext } from "../project/context-listing.js";
import { servicesOf } from "../project/link.js";
import type { Build, Project } from "../project/model.js";
import { secretTextsOf } from "../project/secret-texts.js";
import { ContextReportBuilder } from "../report/context-report.js";
import { contextText } from "../report/context-text.js";
import { printable } from "../text/printable.js";
import { checkServices } from "./graph-command.js";
import type { Host } from "./host.js";
import { exitCodeOf, failuresOf, refusalsOf } from "./model-problems.js";
import type { Request } from "./request.js";
import { openSession, type Session } from "./session.js";

/**
 * Prints what builds send: how much each context is before and after its ignore file, what each line of that file matches,
 * and what each source of a COPY takes.
 *
 * @returns 1 when a file does not parse, 2 when a named path cannot be read or a policy is not valid
 * @throws UserError when no service has a name that was asked for
 */
export async function showContexts(request: Extract<Request, { kind: "context" }>, host: Host): Promise<0 | 1 | 2> {
  const { paths, flags, format, services } = request;
  const options = { forceExclude: false, stdinFilename: undefined, takesAnyFile: false };
  const session = await openSession({ ...options, paths, flags, host });
  const builder = new ContextReportBuilder();
  const refusals: string[] = [];
  const known = new Set<string>();
  for await (const project of session.projects()) {
    for (const { name } of servicesOf(project.composeProjects)) known.add(name);
    addProject(builder, project, services, session);
    refusals.push(...refusalsOf(project));
  }
  checkServices(services, known);
  const { report } = builder;
  const failures = failuresOf(session);
  host.writeOut(format === "json" ? `${JSON.stringify(report, undefined, 2)}\n` : contextText(report));
  const isEmpty = report.contexts.length === 0 && report.elsewhere.length === 0 && failures.length === 0;
  if (isEmpty) host.writeError("nothing to show: nothing here is built\n");
  for (const line of [...refusals, ...failures]) host.writeError(`${printable(line)}\n`);
  return exitCodeOf({ failures, refusals });
}

function addProject(builder: ContextReportBuilder, project: Project, names: readonly string[], session: Session): void {
  const builds = project.builds.filter((build) => isAsked(build, names, session));
  const unlinked = [...servicesOf(project.composeProjects)].filter((service) => isElsewhere(service, project));
  const elsewhere = unlinked.filter((service) => isService(service, names, session));
  if (builds.length === 0 && elsewhere.length === 0) return;
  const secrets = secretTextsOf(project);
  for (const context of project.contexts) {
    const senders = project.buildsOf(context).filter((build) => builds.includes(build));
    if (senders.length > 0) builder.add(listContext(context, senders), project, secrets);
  }
  for (const { context, labels } of builds) {
    if (context.kind !== "local") builder.addElsewhere(context, labels, secrets);
  }
  for (const { build, name, keyRange } of elsewhere) {
    const kind = build?.contextKind === "remote" ? "remote" : "unknown";
    const label = `${name} (${keyRange.source.path})`;
    builder.addElsewhere({ kind, written: build?.context?.text ?? "" }, [label], secrets);
  }
}

/** Whether a service builds from a context that is no folder here, so that no Dockerfile was linked. */
function isElsewhere(service: Service, project: Project): boolean {
  const { build } = service;
  return build !== undefined && build.contextKind !== "local" && project.buildOf(service) === undefined;
}

/** Whether a build belongs to what was named: files around that are read, too, have builds of their own. */
function isAsked({ dockerfile, services }: Build, names: readonly string[], session: Session): boolean {
  if (services.some((service) => isService(service, names, session))) return true;
  const isNamed = names.length === 0 || services.some(({ name }) => names.includes(name));
  return isNamed && session.isWanted(dockerfile.source.root.file);
}

function isService({ name, variant }: Service, names: readonly string[], { isWanted }: Session): boolean {
  if (names.length > 0 && !names.includes(name)) return false;
  return variant.files.some(({ source }) => isWanted(source.file));
}
