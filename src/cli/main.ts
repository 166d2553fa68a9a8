import { UserError } from "../config/user-error.js";
import { printable } from "../text/printable.js";
import { maskMessage } from "../values/secret-spans.js";
import { readArguments } from "./arguments.js";
import type { Host } from "./host.js";
import type { Request } from "./request.js";
import { HOMEPAGE, VERSION } from "./version.js";

/** 0 nothing to complain about, 1 findings, 2 the job could not be done. */
export type ExitCode = 0 | 1 | 2;

/** Does what the command line asks for. Never throws: mistakes of the user and bugs become text on stderr and exit code 2. */
export async function main(words: readonly string[], host: Host): Promise<ExitCode> {
  try {
    return await perform(await readArguments(words), host);
  } catch (error) {
    host.writeError(error instanceof UserError ? `${printable(maskMessage(error.message))}\n` : crashText(error));
    return 2;
  }
}

/** What is said about a bug: the stack, and where to report it. */
export function crashText(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `plimsoll ${VERSION} crashed; please report this at ${HOMEPAGE}/issues\n${maskMessage(stack)}\n`;
}

async function perform(request: Request, host: Host): Promise<ExitCode> {
  switch (request.kind) {
    case "lint":
      return (await import("./lint.js")).lint(request.paths, request.flags, host);
    case "rules":
      return (await import("./rules-command.js")).listRules(request.format, host);
    case "explain":
      return (await import("./explain-command.js")).explain(request.rule, host);
    case "init":
      return (await import("./init-command.js")).init(host, request.from);
    case "config":
      return (await import("./config-command.js")).showConfig(request, host);
    case "inspect":
      return (await import("./inspect-command.js")).inspect(request, host);
    case "graph":
      return (await import("./graph-command.js")).showGraph(request, host);
    case "context":
      return (await import("./context-command.js")).showContexts(request, host);
    case "schema":
      return (await import("./schema-command.js")).printSchema(request.of, host);
    case "print":
      host.writeOut(request.text);
      return 0;
    default:
      return unreachable(request);
  }
}

function unreachable(request: never): never {
  throw new Error(`no command for ${JSON.stringify(request)}`);
}
