import type { CompoundList, PipelineNode } from "unbash";
import type { Guard, WalkContext } from "./context.js";
import { baseName } from "./shell-kind.js";

/** Commands whose only purpose is their status. */
const TESTS = new Set(["[", "test", "command", "type", "which", "hash", "whereis", "grep", "egrep", "id", "getent"]);
/** Commands that answer whether a program exists; their operands are its name. */
const QUERIES = new Set(["command", "type", "which", "hash", "whereis"]);
/** Traces of a question about the distribution or the machine. */
const DISTRIBUTION = [
  "-release",
  "debian_version",
  "lsb_release",
  "uname",
  "$ID",
  "${ID",
  "$OSTYPE",
  "${OSTYPE",
  "$DISTRO",
];

/** Whether a text asks for the distribution. */
export function mentionsDistribution(text: string): boolean {
  return DISTRIBUTION.some((trace) => text.includes(trace));
}

/** Whether a command only tests something, so that what follows `&&` depends on it. */
export function isTest(node: PipelineNode): boolean {
  if (node.type === "Pipeline") {
    const last = node.commands.at(-1);
    return last !== undefined && last.type !== "Function" && isTest(last);
  }
  if (node.type === "TestCommand") return true;
  return node.type === "Command" && node.name !== undefined && TESTS.has(node.name.value);
}

/**
 * What a test asks for: names of programs, or the distribution; empty when it asks for neither.
 *
 * @param from index of the first invocation of the test in the root's list; the test has just been walked
 */
export function guardOf(
  test: CompoundList | PipelineNode,
  context: WalkContext,
  from: number,
  parent: Guard | undefined,
): Guard {
  const names = new Set<string>();
  const { invocations } = context.root;
  for (let index = from; index < invocations.length; index += 1) {
    const invocation = invocations[index];
    if (invocation?.name === undefined) continue;
    if (QUERIES.has(invocation.name)) {
      for (const word of invocation.args) if (!word.shape.startsWith("-")) names.add(baseName(word.shape));
    } else if (invocation.name === "[" || invocation.name === "test") {
      for (const word of invocation.args) if (word.shape.startsWith("/")) names.add(baseName(word.shape));
    } else if (invocation.args.some((word) => word.shape === "--version")) names.add(invocation.name);
  }
  const written = context.scope.frame.text.slice(test.pos, Math.max(test.pos, test.end));
  const program = /^\[\[ +-[xefs] +(\/[\w./-]+) +\]\]$/.exec(written)?.[1];
  if (program !== undefined) names.add(baseName(program));
  return { names, coversAll: mentionsDistribution(written), parent };
}
