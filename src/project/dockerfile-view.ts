import type { Role } from "../data/roles.js";
import type { Dockerfile, Stage } from "../dockerfile/model.js";
import type { Source } from "../text/source.js";
import type { Build, DockerfileView } from "./model.js";

/** A Dockerfile that collects its builds while the project is linked. */
export class DockerfileModel implements DockerfileView {
  readonly source: Source;
  readonly dockerfile: Dockerfile;
  readonly role: Role;
  readonly #builds: Build[] = [];

  constructor(source: Source, dockerfile: Dockerfile, role: Role) {
    this.source = source;
    this.dockerfile = dockerfile;
    this.role = role;
  }

  get builds(): readonly Build[] {
    return this.#builds;
  }

  get targets(): readonly Stage[] {
    const targets = new Set<Stage>();
    for (const { target } of this.#builds) if (target !== undefined) targets.add(target.stage);
    return [...targets];
  }

  addBuild(build: Build): void {
    this.#builds.push(build);
  }
}
