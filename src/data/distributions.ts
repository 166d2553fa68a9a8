/**
 * Repositories that hold an operating system and nothing beside it: no file of use lies in `/usr/local` and `/opt`, and no
 * language but the one that the package manager itself is written in. Without `docker.io/library/` where that is meant.
 *
 * Written down in 2026-11 from the descriptions of the images, without a look into each.
 *
 * @see https://github.com/docker-library/official-images/tree/master/library
 * @see https://catalog.redhat.com/software/base-images
 */
const DISTRIBUTIONS: ReadonlySet<string> = new Set(
  (
    "almalinux alpine amazonlinux archlinux buildpack-deps busybox centos debian fedora mageia oraclelinux photon rockylinux " +
    "ubuntu docker.io/rockylinux/rockylinux docker.io/opensuse/leap docker.io/opensuse/tumbleweed docker.io/redhat/ubi8 " +
    "docker.io/redhat/ubi9 docker.io/redhat/ubi10 registry.access.redhat.com/ubi8 registry.access.redhat.com/ubi9 " +
    "registry.access.redhat.com/ubi10 registry.access.redhat.com/ubi8/ubi registry.access.redhat.com/ubi9/ubi " +
    "registry.access.redhat.com/ubi10/ubi registry.access.redhat.com/ubi8-minimal registry.access.redhat.com/ubi9-minimal " +
    "registry.access.redhat.com/ubi8/ubi-minimal registry.access.redhat.com/ubi9/ubi-minimal " +
    "registry.access.redhat.com/ubi10/ubi-minimal"
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
