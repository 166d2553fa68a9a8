import type { Service, Variant } from "../compose/model.js";
import type { ScalarNode, Value } from "../compose/node-model.js";
import { leafAt, textValue } from "../compose/values-of-nodes.js";
import { isWithin, resolvePath } from "../files/path.js";
import type { Range } from "../text/source.js";

/** A path of the host that a Compose file spells out, variables apart. */
export interface HostPath {
  /** `build` is a context or a Dockerfile. */
  readonly use: "mount" | "build" | "file";
  readonly text: string;
  readonly range: Range;
  /** Begins with `..` and leads out of the workspace. */
  readonly isClimbing: boolean;
}

/** Paths of one service: sources of binds, build context and Dockerfile, env files. */
export function* hostPathsOf(service: Service): Iterable<HostPath> {
  const { root } = service.variant.project;
  for (const { type, source } of service.mounts) if (type === "bind") yield* read("mount", source, root);
  const { build } = service;
  if (build !== undefined) {
    if (build.contextKind === "local") yield* read("build", build.context, root);
    yield* read("build", build.dockerfile, root);
  }
  for (const { path } of service.envFiles) yield* read("file", path, root);
}

/** Paths of the top level: files of secrets and configs, folders that volumes bind. */
export function* hostPathsOfResources(variant: Variant): Iterable<HostPath> {
  const { secrets, configs, volumes } = variant;
  const { root } = variant.project;
  for (const { file } of secrets.values()) yield* read("file", file, root);
  for (const { file } of configs.values()) yield* read("file", file, root);
  for (const { node } of volumes.values()) {
    const options = leafAt(node, ["driver_opts", "o"], textValue)?.value;
    if (options?.split(",").includes("bind") === true) {
      yield* read("mount", leafAt(node, ["driver_opts", "device"], textValue), root);
    }
  }
}

function* read(use: HostPath["use"], value: Value<string> | undefined, root: string): Iterable<HostPath> {
  // A variable, with or without default, is how a path is made portable.
  if (value?.value === undefined || value.certainty !== "known" || value.isSecret) return;
  const { text, range, node } = value;
  if (node.uses.length === 0) yield { use, text, range, isClimbing: isClimbing(value.value, node, root) };
}

function isClimbing(path: string, { folder }: ScalarNode, root: string): boolean {
  return path.startsWith("..") && !isWithin(root, resolvePath(folder, path));
}
