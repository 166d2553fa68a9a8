import type { ComposeFile, ComposeProject, Service, Variant } from "../compose/model.js";
import type { BuildContext } from "../context/context.js";
import type { Source } from "../text/source.js";
import { type ImageReference, parseImageReference } from "../values/image-reference.js";
import { factsOf } from "./base-facts.js";
import type { BuildModel } from "./build.js";
import type { DockerfileModel } from "./dockerfile-view.js";
import { type LinkOptions, outputKey } from "./link-options.js";
import type { Build, DockerfileView, Project, RunningImage } from "./model.js";
import type { StageModel } from "./stage-view.js";

/** A project that is filled while its files are linked, and then only read. */
export class LinkedProject implements Project {
  readonly composeProjects: readonly ComposeProject[];
  readonly #options: LinkOptions;
  readonly #dockerfiles = new Set<DockerfileView>();
  readonly #builds: Build[] = [];
  readonly #byService = new Map<Service, Build>();
  readonly #byOutput = new Map<string, BuildModel>();
  readonly #byContext = new Map<BuildContext, Build[]>();
  #composeFiles: readonly ComposeFile[] | undefined;

  constructor(options: LinkOptions, composeProjects: readonly ComposeProject[]) {
    this.#options = options;
    this.composeProjects = composeProjects;
  }

  /** @param outputs keys of {@link outputKey} under which the result of the build is known */
  add(view: DockerfileModel, build: BuildModel, outputs: readonly string[]): void {
    this.#dockerfiles.add(view);
    view.addBuild(build);
    this.#builds.push(build);
    for (const service of build.services) this.#byService.set(service, build);
    for (const output of outputs) if (!this.#byOutput.has(output)) this.#byOutput.set(output, build);
    if (build.context.kind !== "local") return;
    const sharing = this.#byContext.get(build.context);
    if (sharing === undefined) this.#byContext.set(build.context, [build]);
    else sharing.push(build);
  }

  get dockerfiles(): readonly DockerfileView[] {
    return [...this.#dockerfiles];
  }

  get builds(): readonly Build[] {
    return this.#builds;
  }

  get contexts(): readonly BuildContext[] {
    return [...this.#byContext.keys()];
  }

  get composeFiles(): readonly ComposeFile[] {
    this.#composeFiles ??= [...new Set(this.composeProjects.flatMap(({ files }) => files))];
    return this.#composeFiles;
  }

  get variants(): readonly Variant[] {
    return this.composeProjects.flatMap(({ variants }) => variants);
  }

  buildOf(service: Service): Build | undefined {
    return this.#byService.get(service);
  }

  imageOf(service: Service): RunningImage {
    if (service.build !== undefined) {
      const target = this.buildOf(service)?.target;
      return target === undefined ? UNKNOWN : { kind: "stage", stage: target };
    }
    const written = service.image?.value;
    if (written === undefined) return UNKNOWN;
    const reference = parseImageReference(written);
    if (reference.kind !== "reference") return UNKNOWN;
    const target = this.builtBy(reference)?.target;
    if (target !== undefined) return { kind: "stage", stage: target };
    const { file } = service.keyRange.source;
    const { baseImages } = this.#options.policySetFor(file).project;
    return { kind: "pulled", reference, facts: factsOf(reference, baseImages) };
  }

  builtBy(reference: ImageReference): Build | undefined {
    return reference.digest === undefined ? this.#byOutput.get(outputKey(reference.name, reference.tag)) : undefined;
  }

  /** The stage that a FROM means whose image another build of this project makes; undefined for all others. */
  stageBuiltAs(reference: ImageReference, by: BuildModel): StageModel | undefined {
    const build =
      reference.digest === undefined ? this.#byOutput.get(outputKey(reference.name, reference.tag)) : undefined;
    return build === by ? undefined : build?.target;
  }

  buildsOf(context: BuildContext): readonly Build[] {
    return this.#byContext.get(context) ?? [];
  }

  /** Builds whose context is the same folder with the same ignore file. */
  sharingIgnoreFile(build: Build): readonly Build[] {
    const { context } = build;
    if (context.kind !== "local") return [build];
    const file = context.ignoreFile?.path;
    return this.#builds.filter(
      (other) =>
        other === build ||
        (other.context.kind === "local" &&
          other.context.root === context.root &&
          other.context.ignoreFile?.path === file),
    );
  }

  read(file: string): Source | undefined {
    return this.#options.workspace.source(file);
  }

  exists(file: string): boolean {
    const { workspace } = this.#options;
    return workspace.fs.lstat(file) !== undefined && workspace.isInside(file);
  }

  kindOf(path: string): "file" | "folder" | undefined {
    const { fs } = this.#options.workspace;
    const stat = fs.stat(path) ?? fs.lstat(path);
    return stat && (stat.kind === "directory" ? "folder" : "file");
  }

  namesIn(folder: string): readonly string[] | undefined {
    const { workspace } = this.#options;
    const listing = workspace.isInside(folder) ? workspace.fs.readDirectory(folder) : undefined;
    return listing?.kind === "entries" ? listing.entries.map(({ name }) => name) : undefined;
  }

  isReadableByOthers(file: string): boolean {
    const { workspace } = this.#options;
    const stat = workspace.isInside(file) ? workspace.fs.stat(file) : undefined;
    return stat?.kind === "file" && (stat.mode & 0o004) !== 0;
  }

  isGitIgnored(file: string): boolean {
    return this.#options.isGitIgnored(file);
  }

  display(file: string): string {
    return this.#options.workspace.display(file);
  }
}

const UNKNOWN: RunningImage = { kind: "unknown" };
