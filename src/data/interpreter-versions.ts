import type { ImageName } from "./base-image-model.js";
import { parseTag } from "./image-tag.js";

/** An interpreter whose compiled packages fit one version of it. */
export interface Interpreter {
  readonly language: "Python" | "Ruby" | "Node.js";
  /** What packages depend on: `3.12`, for Node.js the major version `22`. */
  readonly version: string;
}

/** Official images, those of Bitnami that follow their tags, and Debian's Python in distroless images. */
const LANGUAGES: ReadonlyMap<string, Interpreter["language"]> = new Map([
  ["docker.io/library/python", "Python"],
  ["docker.io/bitnami/python", "Python"],
  ["docker.io/library/ruby", "Ruby"],
  ["docker.io/bitnami/ruby", "Ruby"],
  ["docker.io/library/node", "Node.js"],
  ["docker.io/bitnami/node", "Node.js"],
]);

/**
 * The Python of the Debian release that an image is made from.
 *
 * @see https://github.com/GoogleContainerTools/distroless/tree/main/python3
 * @see https://packages.debian.org/python3 (3.9 in bullseye, 3.11 in bookworm, 3.13 in trixie)
 */
const DISTROLESS_PYTHON: ReadonlyMap<string, string> = new Map([
  ["11", "3.9"],
  ["12", "3.11"],
  ["13", "3.13"],
]);

/** The interpreter that an image is made for; undefined when it is another image, or its tag does not tell the version. */
export function interpreterOf({ repository, tag }: ImageName): Interpreter | undefined {
  const distroless = /^gcr\.io\/distroless\/(?:python3-debian(\d+)|nodejs(\d+)-debian\d+)$/.exec(repository);
  if (distroless !== null) {
    const [, debian, node] = distroless;
    if (node !== undefined) return { language: "Node.js", version: node };
    const version = DISTROLESS_PYTHON.get(debian ?? "");
    return version === undefined ? undefined : { language: "Python", version };
  }
  const uv =
    repository === "ghcr.io/astral-sh/uv" ? /^(?:[\d.]+-)?python(3\.\d+)(?:-|$)/.exec(tag ?? "")?.[1] : undefined;
  if (uv !== undefined) return { language: "Python", version: uv };
  const language = LANGUAGES.get(repository);
  if (language === undefined) return undefined;
  const { version, parts, versionText } = parseTag(tag);
  // A number further back is that of the system: `bookworm`, `alpine3.20`.
  if (versionText === undefined || parts[0] !== versionText) return undefined;
  const [major, minor] = version;
  if (major === undefined) return undefined;
  if (language === "Node.js") return { language, version: String(major) };
  return minor === undefined ? undefined : { language, version: `${major}.${minor}` };
}
