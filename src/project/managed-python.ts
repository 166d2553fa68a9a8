import type { OsFacts } from "../data/base-image-model.js";
import type { PackageCommand } from "../shell/package-model.js";
import type { Range } from "../text/source.js";
import type { RunView, StageView } from "./model.js";
import { runsAndTriggers } from "./trigger-runs.js";

/** A `pip install` that meets a Python of the distribution. */
export type SystemPipInstall =
  | {
      readonly kind: "blocked";
      readonly range: Range;
      /** As people write it: `pip install`, `pip3 install`. */
      readonly what: string;
      /** `Debian 12`. */
      readonly system: string;
      /** The package that brought this pip. */
      readonly pip: Range;
    }
  | { readonly kind: "override"; readonly range: Range };

/** Packages that bring the pip of a distribution. */
const PIP_PACKAGES: ReadonlySet<string> = new Set(["python3-pip", "py3-pip"]);
/** Options that put the packages somewhere else, or say that one knows. */
const ELSEWHERE = ["-t", "--target", "--prefix", "--root", "--python"] as const;
const STANDARD_FOLDERS: ReadonlySet<string> = new Set(
  "/usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin".split(" "),
);

/** Installs of one stage for which all that comes before is looked at. */
const MOST_LOOKS = 20;

/** Installs of a stage that the distribution's Python refuses, or is told not to refuse. */
export function systemPipInstalls(stage: StageView): readonly SystemPipInstall[] {
  const found: SystemPipInstall[] = [];
  let looks = 0;
  for (const run of runsAndTriggers(stage)) {
    for (const command of run.packages) {
      if (command.family !== "pip" || command.verb !== "install" || command.isDryRun) continue;
      const override = command.options.find("--break-system-packages");
      if (override !== undefined) {
        if (stage.facts?.commands.present.has("pip") !== true) found.push({ kind: "override", range: override.range });
        continue;
      }
      // The build stops at the first; and where many were let through, so are the rest.
      if (looks >= MOST_LOOKS) continue;
      looks += 1;
      const blocked = blockedInstall(command, run);
      if (blocked === undefined) continue;
      found.push(blocked);
      looks = MOST_LOOKS;
    }
  }
  return found;
}

function blockedInstall(command: PackageCommand, run: RunView): SystemPipInstall | undefined {
  const { facts } = run.stage;
  const system = facts?.os === undefined ? undefined : managedSystem(facts.os);
  // A base that brings a pip of its own may have it anywhere.
  if (system === undefined || facts?.commands.absent.has("pip3") !== true) return undefined;
  if (!isPlainPip(command) || command.options.has(...ELSEWHERE)) return undefined;
  const pip = distributionPip(command, run);
  if (pip === undefined || isReleased(command, run)) return undefined;
  const program = command.invocation.words[0]?.value ?? "pip";
  const what = program.startsWith("pip") ? `${program} install` : `${program} -m pip install`;
  return { kind: "blocked", range: command.verbRange, what, system, pip };
}

/** A release whose Python is marked as managed by the distribution; undefined for older ones and unknown releases. */
function managedSystem({ family, release }: OsFacts): string | undefined {
  if (release === undefined) return undefined;
  const [major = 0, minor = 0] = release.split(".").map(Number);
  if (family === "debian") return major >= 12 ? `Debian ${release}` : undefined;
  if (family === "ubuntu") return major >= 23 ? `Ubuntu ${release}` : undefined;
  if (family === "alpine") return major > 3 || (major === 3 && minor >= 19) ? `Alpine ${release}` : undefined;
  return undefined;
}

/** Called by a name that PATH finds, without a version that another Python may have. */
function isPlainPip({ invocation }: PackageCommand): boolean {
  const program = invocation.words[0]?.value;
  const isSure = invocation.onlyIf === "none" && !invocation.guarded && !invocation.isTolerated;
  return (
    isSure && program !== undefined && ["pip", "pip3", "python3", "/usr/bin/pip3", "/usr/bin/pip"].includes(program)
  );
}

/** The word that installs pip from the distribution before a command. */
function distributionPip({ invocation }: PackageCommand, run: RunView): Range | undefined {
  let found: Range | undefined;
  for (const [other, limit] of runsBefore(run, invocation.index)) {
    for (const { action, packages, invocation: earlier } of other.packages) {
      if (action !== "install" || earlier.index >= limit) continue;
      found = packages.find(({ name }) => name !== undefined && PIP_PACKAGES.has(name))?.range ?? found;
    }
  }
  return found;
}

/** Whether a virtual environment, a setting, or something that nobody can see here lets the install through. */
function isReleased({ invocation }: PackageCommand, run: RunView): boolean {
  if (isSet(run, "VIRTUAL_ENV") || isSet(run, "PIP_BREAK_SYSTEM_PACKAGES") || isSet(run, "PIP_TARGET")) return true;
  if (isSet(run, "PIP_PREFIX") || isSet(run, "PIP_CONFIG_FILE")) return true;
  const path = run.step.lookup("PATH");
  if (path.kind === "known") {
    const [first = ""] = path.value.split(":", 1);
    if (!STANDARD_FOLDERS.has(first)) return true;
  } else if (path.kind === "unknown") return true;
  for (const [other, limit] of runsBefore(run, invocation.index)) {
    const text = other.instruction.text;
    if (
      text.includes("EXTERNALLY-MANAGED") ||
      text.includes("break-system-packages") ||
      text.includes("BREAK_SYSTEM")
    ) {
      return true;
    }
    if (other.facts.opaqueCommands.some((opaque) => (opaque.invocation?.index ?? -1) < limit)) return true;
    if (other === run && other.commands.some((command) => command.index <= limit && changesPython(command)))
      return true;
  }
  return run.stage.lineage.some(({ copies }) =>
    copies.some(
      ({ destination, from }) =>
        destination === undefined ||
        destination.endsWith("pip.conf") ||
        (from.kind !== "context" && (destination === "/" || destination.startsWith("/usr"))),
    ),
  );
}

/** `. venv/bin/activate`, `export PATH=…`, `PIP_…=1 pip`. */
function changesPython({ name, args, assignments }: RunView["commands"][number]): boolean {
  if ((name === "." || name === "source") && args.some(({ shape }) => shape.endsWith("activate"))) return true;
  return assignments.some((one) => one.name === "PATH" || one.name === "VIRTUAL_ENV" || one.name.startsWith("PIP_"));
}

function isSet(run: RunView, name: string): boolean {
  const binding = run.step.lookup(name);
  return binding.kind === "known" ? binding.value !== "" : binding.kind === "unknown" && binding.origin !== undefined;
}

/** RUNs up to a command, parents first, each with the index before which its commands come earlier. */
function* runsBefore(run: RunView, index: number): Iterable<readonly [RunView, number]> {
  for (const member of run.stage.lineage.toReversed()) {
    for (const other of member.runs) {
      if (member === run.stage && other.step.index >= run.step.index) break;
      yield [other, Number.POSITIVE_INFINITY];
    }
  }
  yield [run, index];
}
