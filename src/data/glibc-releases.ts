import type { OsFacts } from "./base-image-model.js";

/**
 * Version of the GNU C library by distribution and release. A program runs on the version that it was linked against and on
 * later ones. A release keeps its version for life, so a line that is right stays right; written down in 2026-11 from the
 * release notes as they are commonly known, not read from the packages themselves.
 *
 * @see https://tracker.debian.org/pkg/glibc and https://launchpad.net/ubuntu/+source/glibc
 * @see https://docs.aws.amazon.com/linux/al2023/ug/compare-with-al2.html
 */
const VERSIONS: ReadonlyMap<string, string> = new Map([
  ["debian 9", "2.24"],
  ["debian 10", "2.28"],
  ["debian 11", "2.31"],
  ["debian 12", "2.36"],
  ["debian 13", "2.41"],
  ["ubuntu 16.04", "2.23"],
  ["ubuntu 18.04", "2.27"],
  ["ubuntu 20.04", "2.31"],
  ["ubuntu 22.04", "2.35"],
  ["ubuntu 24.04", "2.39"],
  ["ubuntu 24.10", "2.40"],
  ["ubuntu 25.04", "2.41"],
  ["ubuntu 25.10", "2.42"],
  ["rhel 7", "2.17"],
  ["rhel 8", "2.28"],
  ["rhel 9", "2.34"],
  ["rhel 10", "2.39"],
  ["amazon 2", "2.26"],
  ["amazon 2023", "2.34"],
]);

/** `2.36` for Debian 12; distroless images are Debian. Undefined when the release is not known, or not in the table. */
export function glibcOf({ family, release }: OsFacts): string | undefined {
  return release === undefined ? undefined : VERSIONS.get(`${family === "distroless" ? "debian" : family} ${release}`);
}
