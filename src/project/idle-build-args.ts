import type { KeyValue, Service } from "../compose/model.js";
import type { Instruction } from "../dockerfile/model.js";
import { hasOwnFrontend } from "../dockerfile/refusals.js";
import { AUTOMATIC_ARGS, PROXY_ARGS } from "../dockerfile/scope.js";
import type { Range } from "../text/source.js";
import { closest } from "../values/closest.js";
import { servicesOf } from "./link.js";
import type { Build, Project } from "./model.js";
import { ModelMemo } from "./model-memo.js";
import { mentionsOf } from "./variable-mentions.js";

/** A build argument of a service that does not arrive. */
export interface IdleBuildArg {
  /**
   * `undeclared`: no ARG has the name. `global-only`: only one above the first FROM, and the stages use the name.
   * `other-stage`: only stages that the build does not need. `builder-set`: the builder sets the name.
   */
  readonly kind: "undeclared" | "global-only" | "other-stage" | "builder-set";
  readonly entry: KeyValue;
  readonly build: Build;
  /** A declared name that is near. */
  readonly meant: string | undefined;
  /** The ARG that declares it. */
  readonly declaration: Range | undefined;
}

/** Arguments that a service passes to its build in vain, in order. */
export function* idleBuildArgs(service: Service, project: Project): Iterable<IdleBuildArg> {
  const entries = service.build?.args.entries ?? [];
  if (entries.length === 0) return;
  const build = project.buildOf(service);
  if (build === undefined || build.stages.length === 0) return;
  const declared = declarationsOf(build);
  for (const entry of entries) {
    const idle = judge(entry, build, declared);
    if (idle === undefined || (idle.kind !== "builder-set" && isDeclaredElsewhere(entry, build, project))) continue;
    yield idle;
  }
}

/** The ARGs of a name: in stages by their index, above the first FROM with `undefined`. */
type Declarations = ReadonlyMap<string, readonly { readonly stage: number | undefined; readonly range: Range }[]>;

const known = new ModelMemo<Build, Declarations>();

function declarationsOf(build: Build): Declarations {
  let declared = known.get(build);
  if (declared === undefined) {
    declared = readDeclarations(build);
    known.set(build, declared);
  }
  return declared;
}

function readDeclarations({ evaluated, stages }: Build): Declarations {
  const declared = new Map<string, { stage: number | undefined; range: Range }[]>();
  const read = (instruction: Instruction, stage: number | undefined): void => {
    const arg = instruction.keyword === "ONBUILD" ? instruction.trigger : instruction;
    if (arg?.keyword !== "ARG") return;
    for (const { key, range } of arg.pairs) {
      const places = declared.get(key.raw);
      if (places === undefined) declared.set(key.raw, [{ stage, range }]);
      else places.push({ stage, range });
    }
  };
  for (const instruction of evaluated.file.instructions) read(instruction, instruction.stage);
  // Triggers of a base that the project builds declare names too.
  for (const { index, lineage } of stages) {
    for (const { build, stage } of lineage) {
      if (build.evaluated === evaluated) continue;
      for (const instruction of stage.instructions) if (instruction.keyword === "ONBUILD") read(instruction, index);
    }
  }
  return declared;
}

function judge(entry: KeyValue, build: Build, declared: Declarations): IdleBuildArg | undefined {
  const { key } = entry;
  const { dockerfile } = build.dockerfile;
  if (PROXY_ARGS.has(key) || key.startsWith("BUILDKIT_") || key === "SOURCE_DATE_EPOCH" || key.includes("$")) {
    return undefined;
  }
  const places = declared.get(key) ?? [];
  const [first] = places;
  const make = (kind: IdleBuildArg["kind"], meant?: string): IdleBuildArg => {
    return { kind, entry, build, meant, declaration: first?.range };
  };
  if (AUTOMATIC_ARGS.has(key)) return make("builder-set");
  if (first === undefined) {
    // Triggers of an image that nobody can read here may declare anything, and so may another frontend.
    if (hasOwnFrontend(dockerfile) || build.stages.some(({ facts }) => facts?.hasOnbuild === true)) return undefined;
    return make("undeclared", closest(key, declared.keys()));
  }
  if (places.every(({ stage }) => stage === undefined)) {
    const mentions = mentionsOf(dockerfile, key);
    const isUsedAbove = mentions.some(({ stage, keyword }) => stage === undefined || keyword === "FROM");
    return mentions.length > 0 && !isUsedAbove ? make("global-only") : undefined;
  }
  const isReached = places.some(({ stage }) => stage === undefined || build.stages[stage]?.isReached !== false);
  return isReached || build.target === undefined ? undefined : make("other-stage");
}

/** Whether several services share the lines, and the name is declared in the Dockerfile of another one. */
function isDeclaredElsewhere({ key, keyRange }: KeyValue, build: Build, project: Project): boolean {
  for (const service of servicesOf(project.composeProjects)) {
    const other = service.build?.args.get(key);
    if (other?.keyRange.source !== keyRange.source || other.keyRange.start !== keyRange.start) continue;
    const theirs = project.buildOf(service);
    if (theirs === undefined || theirs === build) continue;
    const places = declarationsOf(theirs).get(key);
    if (places?.some(({ stage }) => stage === undefined || theirs.stages[stage]?.isReached !== false) === true)
      return true;
  }
  return false;
}
