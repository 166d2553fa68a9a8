import type { Grant, Service } from "../compose/model.js";
import type { Range } from "../text/source.js";
import type { Build } from "./model.js";
import { ModelMemo } from "./model-memo.js";
import { secretMountsOf } from "./secret-mounts.js";

/** A secret, or an agent of SSH, that a build mounts. */
export interface MountedSecret {
  readonly kind: "secret" | "ssh";
  readonly id: string;
  /** The id, or the mount, of the first RUN that mounts it. */
  readonly range: Range;
  /** Some RUN stops without it. */
  readonly isRequired: boolean;
  /** Every RUN that mounts it looks whether it is there, or is a trigger: nobody misses it. */
  readonly isOptional: boolean;
}

/** What the RUNs of a build mount, each id once. */
export interface BuildMounts {
  readonly mounts: readonly MountedSecret[];
  /** False when some mount names its id by a variable, or something else than a RUN may use secrets. */
  readonly isComplete: boolean;
}

const known = new ModelMemo<Build, BuildMounts>();

/** Secrets and agents that the stages of a build mount that its target needs. */
export function mountsOfBuild(build: Build): BuildMounts {
  let mounts = known.get(build);
  if (mounts === undefined) {
    mounts = readMounts(build);
    known.set(build, mounts);
  }
  return mounts;
}

function readMounts({ stages, closure }: Build): BuildMounts {
  const found = new Map<string, MountedSecret>();
  let isComplete = true;
  for (const stage of stages) {
    if (!closure.has(stage)) continue;
    // Sources of git may need both.
    if (stage.copies.some(({ sources }) => sources.some(({ kind }) => kind === "git"))) isComplete = false;
    for (const run of stage.runs) {
      const written = run.instruction.mounts.filter(({ type }) => type === "secret" || type === "ssh").length;
      if (written === 0) continue;
      let read = 0;
      for (const { kind, id, idRange: range, isRequired, use } of secretMountsOf(run)) {
        read += 1;
        const key = `${kind} ${id}`;
        const before = found.get(key);
        const isOptional = run.isOnbuild || (use === "tested" && !isRequired);
        // What is shown is a RUN that misses it.
        const isFirst = before === undefined || (before.isOptional && !isOptional);
        found.set(key, {
          kind,
          id,
          range: isFirst ? range : before.range,
          isRequired: (isRequired && !run.isOnbuild) || before?.isRequired === true,
          isOptional: isOptional && before?.isOptional !== false,
        });
      }
      if (read < written) isComplete = false;
    }
  }
  return { mounts: [...found.values()], isComplete };
}

/** Ids of secrets that a service grants to its build; undefined when one of them is not known. */
export function grantedIds({ build }: Service): ReadonlyMap<string, Grant> | undefined {
  const ids = new Map<string, Grant>();
  for (const grant of build?.secrets ?? []) {
    if (grant.effectiveTarget === undefined) return undefined;
    ids.set(grant.effectiveTarget, grant);
  }
  return ids;
}
