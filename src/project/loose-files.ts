import { BASE_NAMES, stemOf } from "../compose/discovery.js";
import type { Service, Variant } from "../compose/model.js";
import { baseName, isWithin, joinPath, parentPath } from "../files/path.js";
import type { Project } from "./model.js";

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

/**
 * Whether a loose patch belongs over the base file of a folder above, as in `-f compose.yaml -f dev/compose.dev.yaml`:
 * every service that it leaves open is named there. Its relative paths begin at that folder then.
 */
export function patchesFolderAbove(variant: Variant, project: Project): boolean {
  if (!isLoosePatch(variant)) return false;
  const { folder, root } = variant.project;
  const open = [...variant.services.values()].filter(hasNoImage);
  for (let place = folder; place !== root && isWithin(root, place); ) {
    place = parentPath(place);
    const names = project.namesIn(place);
    const base = BASE_NAMES.find((name) => names?.includes(name) === true);
    if (base === undefined) continue;
    const text = project.read(joinPath(place, base))?.text ?? "";
    return open.every(({ name }) => text.includes(`${name}:`));
  }
  return false;
}
