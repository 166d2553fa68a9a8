/**
 * Repositories that hold an operating system and nothing beside it, so that `/usr/local`, `/opt` and `/home` are empty, and
 * no language is installed there. Without `docker.io/library/` where that is meant.
 *
 * @see https://github.com/docker-library/official-images/tree/master/library (read 2026-11)
 * @see https://catalog.redhat.com/software/base-images (read 2026-11)
 */
const DISTRIBUTIONS: ReadonlySet<string> = new Set(
  (
    "almalinux alpine amazonlinux archlinux buildpack-deps busybox centos debian fedora mageia oraclelinux photon rockylinux " +
    "ubuntu docker.io/rockylinux/rockylinux docker.io/opensuse/leap docker.io/opensuse/tumbleweed docker.io/redhat/ubi8 " +
    "docker.io/redhat/ubi9 registry.access.redhat.com/ubi8 registry.access.redhat.com/ubi9 " +
    "registry.access.redhat.com/ubi8/ubi-minimal registry.access.redhat.com/ubi9/ubi-minimal"
  ).split(" "),
);

/**
 * Whether an image is a plain operating system.
 *
 * @param repository normalised: `docker.io/library/debian`
 */
export function isDistribution(repository: string): boolean {
  const prefix = "docker.io/library/";
  return DISTRIBUTIONS.has(repository.startsWith(prefix) ? repository.slice(prefix.length) : repository);
}
