import { stemOf } from "../compose/discovery.js";
import type { Service, Variant } from "../compose/model.js";
import { baseName } from "../files/path.js";

/** Whether nothing says what a container of a service would be made from. */
export function hasNoImage({ image, build, hasProvider, node, variant, isIncomplete }: Service): boolean {
  if (image !== undefined || build !== undefined || hasProvider) return false;
  if (isIncomplete || variant.isIncomplete) return false;
  // What is no mapping at all, or no text where an image is named, has another fault.
  const written = node.entries.get("image")?.value;
  return written === undefined || (written.kind === "scalar" && written.type === "null");
}

/**
 * Whether a variant is a file that patches another one which is not known here: an override, or a file with more words
 * in its name than `compose`, of whose services some cannot run by themselves. It is meant to be merged, and is not
 * judged as if it were all there is.
 */
export function isLoosePatch(variant: Variant): boolean {
  const { origin, files, services } = variant;
  const [first] = files;
  if (origin !== "alone" || first === undefined || first.nameKind === "base") return false;
  if (first.nameKind !== "override" && stemOf(baseName(first.source.file)).length < 2) return false;
  if (services.size === 0) return true;
  for (const service of services.values()) if (hasNoImage(service)) return true;
  return false;
}
