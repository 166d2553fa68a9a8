import type { CoverageRow } from "../context/coverage.js";
import type { PackageFamily } from "../data/package-managers.js";
import { buildEvidence } from "../shell/build-evidence.js";
import type { Build, RunView } from "./model.js";

/** Managers of distributions bring nothing that a project would have in its folder. */
const SYSTEM_FAMILIES: ReadonlySet<PackageFamily> = new Set(["apt", "apk", "yum", "zypper", "pacman"]);

/**
 * Whether the lines of some rows can go into an ignore file without changing what the images do. Dependencies and build
 * output of the host are part of an image in which no RUN installs or builds; without them it would not start.
 */
export function safetyOf(rows: readonly CoverageRow[], builds: readonly Build[]): "safe" | "unsafe" {
  if (rows.every((row) => row.class !== "deps" && row.class !== "build")) return "safe";
  return builds.every(makesOutput) ? "safe" : "unsafe";
}

function makesOutput({ closure }: Build): boolean {
  for (const { runs } of closure) if (runs.some(installsOrBuilds)) return true;
  return false;
}

function installsOrBuilds({ facts, packages, commands }: RunView): boolean {
  // A script that nobody can read may do either.
  if (facts.opaque !== undefined) return true;
  const installs = packages.some(({ family, action }) => {
    return !SYSTEM_FAMILIES.has(family) && (action === "install" || action === "lock-install" || action === "build");
  });
  return installs || commands.some((command) => buildEvidence(command) !== undefined);
}
