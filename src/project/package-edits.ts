import type { PackageCommand } from "../shell/package-model.js";
import type { Edit } from "../text/source.js";
import type { RunView } from "./model.js";

/**
 * An edit that adds options behind the verb of a package command, or in front of it; undefined where the verb is not
 * written out there (a variable, an item of a loop).
 *
 * @param options separated by a blank
 */
export function addOptions(
  command: PackageCommand,
  options: string,
  place: "before" | "after" = "after",
): Edit | undefined {
  const { invocation, verbRange } = command;
  const { source, start, end } = verbRange;
  const isWritten = invocation.words.some(
    ({ range, origin }) => origin === "written" && range.source === source && range.end === end,
  );
  if (!isWritten) return undefined;
  const isExec = invocation.via === "exec-form";
  const items = isExec ? options.split(" ").map((option) => `"${option}"`) : [options];
  const at = place === "before" ? start : end;
  const separator = isExec ? ", " : " ";
  const text = place === "before" ? `${items.join(separator)}${separator}` : `${separator}${items.join(separator)}`;
  return { range: source.range(at, at), text };
}

/**
 * An edit that lets a RUN end with one more command; undefined where the RUN is no plain chain of `&&`, in which every
 * command is sure to have run before the last.
 */
export function appendCommand({ script }: RunView, command: string): Edit | undefined {
  const last = script?.steps.at(-1);
  if (script === undefined || last === undefined || script.kind !== "shell-form" || script.partial) return undefined;
  if (
    script.swallowed !== undefined ||
    script.steps.some(({ after }) => after !== undefined && after.operator !== "&&")
  )
    return undefined;
  if (last.invocations.some(({ redirects }) => redirects.some(({ kind }) => kind === "heredoc"))) return undefined;
  const { source, end } = last.range;
  return { range: source.range(end, end), text: ` && ${command}` };
}
