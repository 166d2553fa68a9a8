import { DEBIAN_CODENAMES, UBUNTU_CODENAMES } from "./image-tag.js";

/**
 * Code names of releases that tags have instead of numbers, beside those of Debian and Ubuntu.
 *
 * Sources: Node.js (github.com/nodejs/Release), ROS (docs.ros.org/en/rolling/Releases.html), Fedora CoreOS streams are
 * channels and left out; 2026-11.
 */
const RELEASE_NAMES: ReadonlySet<string> = new Set(
  (
    "argon boron carbon dubnium erbium fermium gallium hydrogen iron jod krypton " +
    "indigo kinetic melodic noetic dashing eloquent foxy galactic humble iron jazzy kilted"
  ).split(" "),
);

/** Processors that tags name; their digits are no versions. */
const ARCHITECTURE =
  /^(?:amd64|x86|x64|i386|i686|arm|arm32|arm64|armhf|armv?\d+l?|v[5-8]|arm(?:32|64)?v\d|aarch64|ppc64(?:le|el)?|s390x|riscv64|mips64(?:le|el)?|win(?:32|64)|linux64)$/;

const COMMIT = /^g?[0-9a-f]{7,64}$/;
const SEPARATORS = /[-_.+]/;

/**
 * Whether a tag says which release it is: a version, a date, a code name or a commit id anywhere in it. A digit that is
 * not part of a processor's name is taken for a version, since a tag that is judged wrongly costs more than one missed.
 */
export function namesRelease(tag: string): boolean {
  const parts = tag.toLowerCase().replaceAll("x86_64", "amd64").split(SEPARATORS);
  return parts.some((part) => {
    if (DEBIAN_CODENAMES.has(part) || UBUNTU_CODENAMES.has(part) || RELEASE_NAMES.has(part)) return true;
    // `22` and `1.27`: most tags begin with their version.
    if (/^\d/.test(part)) return true;
    return (/\d/.test(part) && !ARCHITECTURE.test(part)) || COMMIT.test(part);
  });
}

/**
 * How many numbers the version at the beginning of a tag has: 1 for `20-alpine`, 3 for `v1.4.2`; undefined for tags that
 * begin with something else, and for dates and commit ids, which are exact as they are.
 */
export function versionPrecision(tag: string): number | undefined {
  const version = /^v?(\d{1,5}(?:\.\d+)*)(?=$|[-_+])/.exec(tag.toLowerCase())?.[1];
  return version?.split(".").length;
}
