import type { Project } from "../project/model.js";
import { closest } from "../values/closest.js";
import type { InputProblem } from "./inputs.js";

/** Tells whether the stage that `--target` names is in any of the Dockerfiles. */
export class TargetCheck {
  readonly #target: string | undefined;
  readonly #names = new Set<string>();
  #isFound = false;
  #hasBuilds = false;

  /** @param target as written; undefined without the flag */
  constructor(target: string | undefined) {
    this.#target = target;
  }

  /** Looks at the builds of a project that are built by themselves; those of a Compose file have targets of their own. */
  add({ builds }: Project): void {
    if (this.#target === undefined || this.#isFound) return;
    for (const { services, target, stages } of builds) {
      if (services.length > 0) continue;
      this.#hasBuilds = true;
      if (target !== undefined) this.#isFound = true;
      for (const { name } of stages) if (name !== undefined) this.#names.add(name);
    }
  }

  /** What is wrong with the flag; undefined when nothing is, or when there was nothing to look at. */
  get problem(): InputProblem | undefined {
    if (this.#target === undefined || this.#isFound || !this.#hasBuilds) return undefined;
    const nearest = closest(this.#target, this.#names);
    const remedy = nearest === undefined ? "" : `; did you mean \`${nearest}\`?`;
    return { path: "--target", message: `no Dockerfile has a stage \`${this.#target}\`${remedy}` };
  }
}
