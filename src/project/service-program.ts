import type { Service } from "../compose/model.js";
import type { ImageReference } from "../values/image-reference.js";
import { matchesImage } from "./image-patterns.js";
import type { Project } from "./model.js";

/** The image that a service pulls, or that its build begins with; undefined when nobody knows. */
export function imageNameOf(service: Service, project: Project): ImageReference | undefined {
  const image = project.imageOf(service);
  if (image.kind === "pulled") return image.reference;
  return image.kind === "stage" ? image.stage.image : undefined;
}

/**
 * Whether a service runs one of some programs, by the name of its image.
 *
 * @param names last segments of repositories (`cadvisor`), or the last two where one says little (`datadog/agent`)
 */
export function runsOneOf(names: ReadonlySet<string>, service: Service, project: Project): boolean {
  const path = imageNameOf(service, project)?.path;
  if (path === undefined) return false;
  const slash = path.lastIndexOf("/");
  if (names.has(path.slice(slash + 1))) return true;
  return slash !== -1 && names.has(path.slice(path.lastIndexOf("/", slash - 1) + 1));
}

/** Whether a list of the policy names a service, or its image as a pattern. */
export function isNamedBy(names: readonly string[], service: Service, project: Project): boolean {
  if (names.length === 0) return false;
  if (names.includes(service.name)) return true;
  const image = imageNameOf(service, project);
  return image !== undefined && matchesImage(names, image, image.tag);
}
