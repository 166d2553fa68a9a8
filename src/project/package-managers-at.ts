import type { ImagePackageManager } from "../data/base-image-model.js";
import type { PackageFamily } from "../data/package-managers.js";
import { baseName } from "../files/path.js";
import type { PackageCommand } from "../shell/package-model.js";
import type { CopyView, RunView, StageView } from "./model.js";
import { runsAndTriggers } from "./trigger-runs.js";

/** A command of a package manager that the image surely does not have. */
export interface AbsentManager {
  readonly command: PackageCommand;
  /** As called: `apt-get`. */
  readonly program: string;
  /** What the image has instead. */
  readonly own: ImagePackageManager;
}

/** The family that the manager of an image belongs to; `undefined` for none. */
const FAMILY_OF: Readonly<Record<ImagePackageManager, PackageFamily | undefined>> = {
  apk: "apk",
  apt: "apt",
  dnf: "yum",
  microdnf: "yum",
  none: undefined,
  pacman: "pacman",
  tdnf: "yum",
  yum: "yum",
  zypper: "zypper",
};

const SYSTEM: ReadonlySet<PackageFamily> = new Set(["apt", "apk", "yum", "zypper", "pacman"]);
/** Programs that run a command in another system than that of the image. */
const ELSEWHERE: ReadonlySet<string> = new Set("chroot arch-chroot proot fakechroot unshare bwrap nsenter".split(" "));

/** The first call of each system package manager in a stage that neither the base nor a step brings. */
export function absentManagers(stage: StageView): readonly AbsentManager[] {
  const own = managerOfBase(stage);
  if (own === undefined || stage.isWindows) return [];
  const found: AbsentManager[] = [];
  for (const run of runsAndTriggers(stage)) {
    for (const command of run.packages) {
      const program = command.invocation.words[0]?.value;
      if (program === undefined || found.some((other) => other.program === program)) continue;
      if (!isForeign(command, own, stage) || !isSure(command, run)) continue;
      if (isBrought(command, run)) return found;
      found.push({ command, program, own });
    }
  }
  return found;
}

function managerOfBase({ facts, isScratch }: StageView): ImagePackageManager | undefined {
  return isScratch ? "none" : facts?.packageManager;
}

function isForeign({ family, manager }: PackageCommand, own: ImagePackageManager, { facts }: StageView): boolean {
  if (!SYSTEM.has(family)) return false;
  if (FAMILY_OF[own] !== family) return true;
  // The small images of UBI have no other manager than microdnf.
  return own === "microdnf" && (manager === "yum" || manager === "dnf") && facts?.repository.includes("/ubi") === true;
}

function isSure({ invocation }: PackageCommand, run: RunView): boolean {
  const { onlyIf, guarded, isTolerated, wrappers, words } = invocation;
  if (onlyIf !== "none" || guarded || isTolerated) return false;
  if (words[0]?.value?.includes("/") === true && !words[0].value.startsWith("/usr/bin/")) return false;
  if (wrappers.some(({ name }) => ELSEWHERE.has(name))) return false;
  if (run.script?.functions.has(invocation.name ?? "") === true) return false;
  return run.instruction.mounts.every(({ from, target }) => from === undefined || target === undefined);
}

/** Whether something may have put the manager there before. */
function isBrought({ invocation }: PackageCommand, run: RunView): boolean {
  const name = invocation.name ?? "";
  for (const member of run.stage.lineage) {
    const isHere = member === run.stage;
    for (const layer of member.layers) {
      if (layer.kind === "copy") {
        if (mayBring(layer.copy, name)) return true;
        continue;
      }
      const other = layer.run;
      if (isHere && other.step.index > run.step.index) break;
      const limit = other === run ? invocation.index : Number.POSITIVE_INFINITY;
      if (runMayBring(other, name, limit)) return true;
    }
  }
  return false;
}

function runMayBring({ facts, packages }: RunView, name: string, limit: number): boolean {
  if (facts.opaqueCommands.some((opaque) => (opaque.invocation?.index ?? -1) < limit)) return true;
  if (
    facts.writes.some(
      ({ path, invocation }) => invocation.index < limit && (path === undefined || baseName(path) === name),
    )
  ) {
    return true;
  }
  return packages.some(
    (command) =>
      command.invocation.index < limit &&
      command.packages.some((operand) => operand.kind !== "name" || operand.name?.startsWith(name) !== false),
  );
}

function mayBring({ destination, sources, isFolder }: CopyView, name: string): boolean {
  if (destination === undefined || destination === "/" || /^\/(?:usr|bin|sbin|lib)(?:$|\/)/.test(destination))
    return true;
  return sources.some(({ path }) => path === undefined || (isFolder && baseName(path) === name));
}
