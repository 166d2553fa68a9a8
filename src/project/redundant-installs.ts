import type { PackageCommand, PackageOperand } from "../shell/package-model.js";
import type { Range } from "../text/source.js";
import type { RunView, StageView } from "./model.js";

/** A package that is there already. */
export interface RedundantInstall {
  /** Twice in one list, in an earlier command, or brought by the base. */
  readonly kind: "duplicate" | "again" | "in-base";
  readonly name: string;
  readonly range: Range;
  /** Where it is installed first; undefined for a base. */
  readonly first: Range | undefined;
}

const SYSTEM: ReadonlySet<string> = new Set(["apt", "apk", "yum", "zypper", "pacman"]);
/** Options that ask for the package although it is there. */
const AFRESH = [
  "--reinstall",
  "--force",
  "-f",
  "--upgrade",
  "-U",
  "--force-reinstall",
  "--ignore-installed",
  "-I",
  "--only-upgrade",
  "-t",
  "--target-release",
  "--target",
  "--prefix",
  "--root",
  "-p",
  "--installroot",
  "--repository",
  "-X",
  "--enablerepo",
  "--repo",
  "--index-url",
  "--python",
  "-i",
  "--install-dir",
] as const;

/** Packages of a stage that are there already when they are installed, in order. */
export function redundantInstalls(stage: StageView): readonly RedundantInstall[] {
  const found: RedundantInstall[] = [];
  const earlier = new Map<string, Range>();
  for (const member of stage.lineage.toReversed()) {
    const isHere = member === stage;
    for (const run of member.runs) {
      if (run.isOnbuild) continue;
      for (const command of run.packages) visit(command, run, earlier, isHere ? found : undefined);
    }
  }
  return found;
}

/** @param found where to say what is redundant; undefined for parents, whose own turn comes */
function visit(
  command: PackageCommand,
  run: RunView,
  earlier: Map<string, Range>,
  found: RedundantInstall[] | undefined,
): void {
  const { action, invocation } = command;
  if (action === "remove") {
    // What goes with a package is not known.
    earlier.clear();
    return;
  }
  if (action !== "install" || command.isDryRun || !isShared(command)) return;
  const isSure = invocation.onlyIf === "none" && !invocation.guarded && !invocation.isTolerated;
  const isAfresh = command.options.has(...AFRESH);
  const inList = new Map<string, Range>();
  const place = `${command.family}:${placeOf(command, run)}`;
  for (const operand of command.packages) {
    const { name, range } = operand;
    if (name === undefined || operand.kind !== "name") continue;
    const id = `${place}:${name}:${operand.version?.text ?? ""}`;
    const first = inList.get(id);
    if (first !== undefined) {
      if (first.start !== range.start) found?.push({ kind: "duplicate", name, range, first });
      continue;
    }
    inList.set(id, range);
    if (found !== undefined && isSure && !isAfresh) addFound(operand, name, command, run, earlier.get(id), found);
    if (isSure && !earlier.has(id)) earlier.set(id, range);
  }
}

function addFound(
  operand: PackageOperand,
  name: string,
  command: PackageCommand,
  run: RunView,
  first: Range | undefined,
  found: RedundantInstall[],
): void {
  const { range } = operand;
  if (operand.version === undefined && isInBase(name, command, run))
    found.push({ kind: "in-base", name, range, first: undefined });
  else if (first !== undefined) found.push({ kind: "again", name, range, first });
}

/** Whether a command installs for the whole image, where what is there counts. */
function isShared({ family, isGlobal, invocation, virtual }: PackageCommand): boolean {
  if (virtual !== undefined) return false;
  if (SYSTEM.has(family) || family === "gem") return true;
  if (family === "pip")
    return invocation.words[0]?.value?.includes("/") !== true && invocation.assignments.length === 0;
  return isGlobal && (family === "npm" || family === "pnpm" || family === "yarn");
}

/** Different Pythons, environments and users have different packages. */
function placeOf({ family, invocation }: PackageCommand, run: RunView): string {
  if (family !== "pip") return "";
  const program = invocation.name ?? "";
  const python = program === "pip3" || program.startsWith("python3") || program === "python" ? "pip" : program;
  const path = run.step.lookup("PATH");
  const isActivated = run.commands.some(({ name }) => name === "." || name === "source");
  const environment = isActivated ? `${run.step.index}` : path.kind === "known" ? path.value : "";
  return `${python}:${run.user.text ?? ""}:${environment}`;
}

function isInBase(name: string, { family }: PackageCommand, { stage }: RunView): boolean {
  const { image, facts } = stage;
  if (image === undefined || facts === undefined) return false;
  switch (image.name) {
    case "docker.io/library/ruby":
      return name === "bundler" && family === "gem" && facts.commands.present.has("bundler");
    case "docker.io/library/node":
      return (
        (name === "npm" || name === "npx" || name === "yarn") && family !== "pip" && facts.commands.present.has(name)
      );
    case "docker.io/library/python":
      return name === "pip" && family === "pip";
    case "docker.io/library/composer":
      return name === "composer" && SYSTEM.has(family);
    case "docker.io/nvidia/cuda":
    case "nvcr.io/nvidia/cuda":
      return SYSTEM.has(family) && isInCudaImage(name, image.tag ?? "");
    default:
      return name === "apt-transport-https" && family === "apt" && hasHttps(stage);
  }
}

/** apt fetches over TLS by itself from 1.5 on: Debian 10, Ubuntu 18.04. */
function hasHttps({ facts }: StageView): boolean {
  const os = facts?.os;
  const release = Number(os?.release ?? 0);
  return (os?.family === "debian" && release >= 10) || (os?.family === "ubuntu" && release >= 18);
}

const RUNTIME_PACKAGES = /^(?:cuda-(?:runtime|libraries|nvtx)|libnpp|libcublas|libcusparse|libnccl2)(?:-\d[\d-]*)?$/;
const DEVEL_PACKAGES =
  /^(?:cuda|nvidia-cuda-toolkit|(?:cuda-(?:toolkit|nvcc|compiler|libraries-dev|cudart-dev|command-line-tools|minimal-build|nvml-dev)|libcublas-dev|libnpp-dev|libcusparse-dev|libnccl-dev)(?:-\d[\d-]*)?)$/;
const BASE_PACKAGES = /^cuda-(?:cudart|compat)(?:-\d[\d-]*)?$/;

/** @see https://hub.docker.com/r/nvidia/cuda (what the flavours hold; read 2026-11) */
function isInCudaImage(name: string, tag: string): boolean {
  const parts = tag.split("-");
  const isDevel = parts.includes("devel");
  const isRuntime = isDevel || parts.includes("runtime");
  if (name.startsWith("libcudnn")) return tag.includes("cudnn") && (isDevel || !name.includes("-dev"));
  if (BASE_PACKAGES.test(name)) return true;
  return (isRuntime && RUNTIME_PACKAGES.test(name)) || (isDevel && DEVEL_PACKAGES.test(name));
}
