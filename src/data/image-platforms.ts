import type { ImageName } from "./base-image-model.js";

// Images that are published for one platform only. Windows images are left out: they say so by their name.
// Sources: hub.docker.com/u/amd64 and its siblings, which Docker keeps for one architecture each;
// https://mcr.microsoft.com/product/mssql/server/tags; https://hub.docker.com/_/mysql (5.7 and older);
// https://hub.docker.com/r/gvenzl/oracle-xe; 2026-11.

/** Namespaces of Docker Hub that hold images of one architecture. */
const NAMESPACES: ReadonlyMap<string, string> = new Map([
  ["amd64", "linux/amd64"],
  ["arm32v5", "linux/arm/v5"],
  ["arm32v6", "linux/arm/v6"],
  ["arm32v7", "linux/arm/v7"],
  ["arm64v8", "linux/arm64"],
  ["i386", "linux/386"],
  ["ppc64le", "linux/ppc64le"],
  ["riscv64", "linux/riscv64"],
  ["s390x", "linux/s390x"],
]);

const AMD64_ONLY: ReadonlySet<string> = new Set(["mcr.microsoft.com/mssql/server", "docker.io/gvenzl/oracle-xe"]);

/** The one platform that an image is published for, by its normalised repository and tag; absent when there are more, or nobody knows. */
export function onlyPlatform({ repository, tag }: ImageName): string | undefined {
  if (AMD64_ONLY.has(repository)) return "linux/amd64";
  if (repository === "docker.io/library/mysql" && /^5\./.test(tag ?? "")) return "linux/amd64";
  const namespace = /^docker\.io\/([^/]+)\/[^/]+$/.exec(repository)?.[1];
  return namespace === undefined ? undefined : NAMESPACES.get(namespace);
}
