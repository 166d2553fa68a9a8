import type { ComposeFile, Service, Variant } from "../compose/model.js";
import type { BuildContext } from "../context/context.js";
import { ASSUMED_ROLE, type Role } from "../data/roles.js";
import type { Build, DockerfileView, Project, StageView } from "../project/model.js";
import type { Source } from "../text/source.js";

/** One subject, by the hook that it is handed to. */
export type Subject =
  | { readonly kind: "dockerfile"; readonly dockerfile: DockerfileView }
  | { readonly kind: "build"; readonly build: Build }
  | { readonly kind: "stage"; readonly stage: StageView }
  | { readonly kind: "context"; readonly context: BuildContext }
  | { readonly kind: "composeFile"; readonly composeFile: ComposeFile }
  | { readonly kind: "variant"; readonly variant: Variant }
  | { readonly kind: "service"; readonly service: Service };

/** What decides how a subject is judged. */
export interface JobPlace {
  /** The file whose policy counts; never an embedded source. */
  readonly source: Source;
  readonly role: Role;
  /** Labels of the builds or services that findings concern; empty for a file as such. */
  readonly labels: readonly string[];
  /** The inline Dockerfile that is judged; undefined for ordinary files. */
  readonly embedded: Source | undefined;
}

/** A subject with what decides how it is judged. */
export interface Job extends JobPlace {
  readonly subject: Subject;
}

/** Everything in a project that rules judge, in a fixed order. */
export function* subjectsOf(project: Project): Iterable<Job> {
  for (const dockerfile of project.dockerfiles) {
    const labels = dockerfile.builds.flatMap((build) => build.labels);
    yield { subject: { kind: "dockerfile", dockerfile }, ...placeOf(dockerfile), role: dockerfile.role, labels };
  }
  for (const build of project.builds) {
    const shared = { ...placeOf(build.dockerfile), role: build.role, labels: build.labels };
    yield { subject: { kind: "build", build }, ...shared };
    const { fragment } = build;
    if (fragment !== undefined) yield { subject: { kind: "stage", stage: fragment }, ...shared };
    for (const stage of build.stages) yield { subject: { kind: "stage", stage }, ...shared };
  }
  for (const context of project.contexts) {
    const builds = project.buildsOf(context);
    const [first] = builds;
    if (first === undefined) continue;
    // A context that is sent for production is judged as such, whoever else sends it.
    const { role } = builds.find((build) => build.role.name === "production") ?? first;
    const labels = builds.flatMap((build) => build.labels);
    yield { subject: { kind: "context", context }, ...placeOf(first.dockerfile), role, labels };
  }
  for (const composeFile of project.composeFiles) {
    const role = roleOfFile(project, composeFile);
    yield {
      subject: { kind: "composeFile", composeFile },
      source: composeFile.source,
      role,
      labels: [],
      embedded: undefined,
    };
  }
  for (const variant of project.variants) {
    const source = variant.files[0]?.source;
    if (source === undefined) continue;
    const { role } = variant;
    yield { subject: { kind: "variant", variant }, source, role, labels: [], embedded: undefined };
    for (const service of variant.services.values()) {
      const labels = [labelOf(service)];
      const file = service.keyRange.source;
      yield { subject: { kind: "service", service }, source: file, role: service.role, labels, embedded: undefined };
    }
  }
}

/** What reports call a service, `api (compose.yaml)`: the same as the build that it runs. */
export function labelOf(service: Service): string {
  return `${service.name} (${service.keyRange.source.path})`;
}

function placeOf({ source }: DockerfileView): { readonly source: Source; readonly embedded: Source | undefined } {
  return { source: source.root, embedded: source.embedding === undefined ? undefined : source };
}

/** The role of the first variant that a file takes part in. */
function roleOfFile({ variants }: Project, file: ComposeFile): Role {
  const variant = variants.find(({ files, broughtIn }) => files.includes(file) || broughtIn.includes(file));
  return variant?.role ?? ASSUMED_ROLE;
}
