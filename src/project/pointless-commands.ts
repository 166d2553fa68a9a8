import type { Invocation } from "../shell/model.js";
import type { RunView } from "./model.js";

/** Verbs of systemctl that write links and start nothing. */
const UNIT_FILES: ReadonlySet<string> = new Set(
  "enable disable mask unmask preset preset-all set-default is-enabled link add-wants add-requires revert cat".split(
    " ",
  ),
);
const QUESTIONS: ReadonlySet<string> = new Set(["--version", "--help", "-V", "-h"]);
/** With one of these the editors read their commands elsewhere than from a person. */
const EDITOR_SCRIPTS = ["-c", "-e", "-E", "-s", "-S", "--batch", "--script", "--headless", "--cmd", "+"] as const;

/** Whether a command that makes no sense in a build has a sense here, by its words or by what stands around it. */
export function hasPurpose(invocation: Invocation, run: RunView): boolean {
  const { name, args, isTolerated, onlyIf, inSubstitution } = invocation;
  const [first] = args;
  if (first !== undefined && args.length === 1 && QUESTIONS.has(first.shape)) return true;
  switch (name) {
    case "ssh":
      return hasKeys(run) || args.some(({ shape }) => shape === "-G" || shape === "-V");
    case "service":
      return isUsed(invocation, run) || isStop(invocation, run);
    case "kill":
      return endsOwn(invocation, run);
    case "vim":
    case "vi":
    case "emacs":
      return args.some(({ shape }) => EDITOR_SCRIPTS.some((option) => shape.startsWith(option)));
    case "systemctl":
      return args.some(({ shape }) => UNIT_FILES.has(shape) || shape.startsWith("--root"));
    case "mount":
    case "umount":
      return run.instruction.security !== undefined;
    case "less":
    case "more":
      // They hand through what they read where nobody looks at a screen.
      return invocation.redirects.length > 0;
    case "ps":
      return isTolerated || onlyIf !== "none" || inSubstitution !== "none";
    default:
      return false;
  }
}

function hasKeys({ instruction }: RunView): boolean {
  return instruction.mounts.some(({ type }) => type === "ssh" || type === "secret");
}

/** Commands that use nothing of a service. */
const IDLE: ReadonlySet<string> = new Set(["echo", "printf", "rm", "sleep", "true", ":"]);

/** Whether a service runs for the rest of the step: something follows that can use it, or it is stopped there again. */
function isUsed({ index }: Invocation, { commands }: RunView): boolean {
  return commands.some((later) => later.name !== undefined && later.index > index && !IDLE.has(later.name));
}

/** Whether it is the end of a service that the step has started. */
function isStop({ args, index }: Invocation, { commands }: RunView): boolean {
  if (args[1]?.value !== "stop") return false;
  return commands.some(({ name, args: others, index: at }) => {
    const isSame = name === "service" && others[0]?.shape === args[0]?.shape && others[1]?.value === "start";
    return isSame && at < index;
  });
}

/** Whether a process is ended that the step has started, or whose number it has found out. */
function endsOwn({ args }: Invocation, { commands }: RunView): boolean {
  if (args.some(({ value, shape }) => value === undefined || shape.startsWith("%"))) return true;
  return commands.some(({ background, name }) => background || name === "service" || name === "start-stop-daemon");
}
