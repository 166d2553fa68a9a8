import { isWithin } from "../files/path.js";
import type { Invocation } from "../shell/model.js";
import type { Range } from "../text/source.js";
import type { StageView } from "./model.js";
import { factsOfProbe, type Probe, probeFinds } from "./probes.js";

/** A program that a probe calls and that is surely not in the image it runs in. */
export interface MissingProgram {
  /** `shell`: the shell form has no shell to run it; `path`: an absolute path that nothing brings. */
  readonly kind: "tool" | "shell" | "path";
  /** As called. */
  readonly name: string;
  readonly range: Range;
  readonly command: Invocation;
}

/** Programs after `||` that only end the probe. */
const ENDINGS: ReadonlySet<string | undefined> = new Set([
  "exit",
  "false",
  "true",
  "kill",
  "echo",
  ":",
  "return",
  "printf",
]);

/** What a probe calls and does not find; a missing shell alone, when there is none for the shell form. */
export function missingPrograms(probe: Probe): readonly MissingProgram[] {
  const { commands, form, script, image } = probe;
  const [first] = commands;
  if (first === undefined || isWindows(probe) || script?.partial === true || script?.skipped !== undefined) return [];
  if (form === "shell" && shellOf(probe) === "no") {
    return [{ kind: "shell", name: "sh", range: first.nameRange, command: first }];
  }
  const found: MissingProgram[] = [];
  const hasAlternative = commands.some(({ onlyIf, name }) => onlyIf !== "none" && !ENDINGS.has(name));
  const functions = new Set<string>([...(script?.functions ?? [])]);
  for (const command of commands) {
    const { name, nameRange: range, onlyIf, guarded } = command;
    const written = command.words[0]?.value;
    if (name === undefined || written === undefined || onlyIf !== "none" || guarded || functions.has(name)) continue;
    // `curl … || wget …` works with either.
    if (command.isTolerated && hasAlternative) continue;
    if (written.includes("/")) {
      if (image.kind === "stage" && lacksPath(image.stage, written) && !isMounted(probe, written)) {
        found.push({ kind: "path", name: written, range, command });
      }
      continue;
    }
    if (probeFinds(probe, written) === "no") found.push({ kind: "tool", name: written, range, command });
  }
  return found;
}

function isWindows({ image, service }: Probe): boolean {
  return service?.isWindows === true || (image.kind === "stage" && image.stage.isWindows);
}

function shellOf(probe: Probe): "no" | "other" {
  const { image } = probe;
  if (image.kind === "stage") return image.stage.shell === undefined && image.stage.hasShell === "no" ? "no" : "other";
  return factsOfProbe(probe)?.shell === "none" && !isMounted(probe, "/bin/sh") ? "no" : "other";
}

function isMounted({ service }: Probe, path: string): boolean {
  return service !== undefined && service.mountsAt(path).length > 0;
}

/** Whether an absolute path is surely not there: the base has no files of its own, and no step can bring it. */
function lacksPath(stage: StageView, path: string): boolean {
  const isBare = stage.isScratch || stage.facts?.commands.isComplete === true;
  if (!isBare || !path.startsWith("/")) return false;
  if ((stage.facts?.commands.present.size ?? 0) > 0) return false;
  return stage.lineage.every(({ copies, runs }) => {
    if (runs.length > 0) return false;
    return copies.every(({ destination }) => destination !== undefined && !isWithin(destination, path));
  });
}
