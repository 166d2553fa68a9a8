import { parseImageReference } from "../values/image-reference.js";
import type { StageView } from "./model.js";

/**
 * Whether the file asks for a frontend that is older than a version of `docker/dockerfile`. A tag of a major version alone, or
 * none, means the newest one.
 *
 * @returns undefined without a `syntax` directive (the builder brings a frontend of its own), and for other frontends
 * @see https://docs.docker.com/build/buildkit/frontend/
 */
export function frontendBefore(stage: StageView, major: number, minor: number): boolean | undefined {
  const { directives } = stage.build.dockerfile.dockerfile;
  const directive = directives.find(({ name }) => name === "syntax");
  if (directive === undefined) return undefined;
  const reference = parseImageReference(directive.value);
  if (reference.kind !== "reference" || !/^docker\/dockerfile(?:-upstream)?$/.test(reference.path)) return undefined;
  const { tag } = reference;
  if (tag === undefined) return reference.digest === undefined ? false : undefined;
  const version = /^v?(\d+)(?:\.(\d+))?/.exec(tag);
  if (version === null) return /^(?:latest|labs|master)/.test(tag) ? false : undefined;
  const [, first, second] = version;
  if (Number(first) !== major) return Number(first) < major;
  return second === undefined ? false : Number(second) < minor;
}
