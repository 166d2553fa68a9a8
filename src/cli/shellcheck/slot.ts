import { SCRIPT_RULE } from "../../engine/script-checker.js";
import type { Host } from "../host.js";
import type { PolicyFlags } from "../request.js";
import type { Session } from "../session.js";
import { findShellCheck } from "./find.js";
import type { ShellCheck } from "./shellcheck.js";

/** Looks for ShellCheck once in the life of a command; what starts processes is loaded only where it is there. */
export class ShellCheckSlot {
  readonly #host: Pick<Host, "cwd" | "env">;
  #found: { readonly shellCheck: ShellCheck | undefined } | undefined;

  constructor(host: Pick<Host, "cwd" | "env">) {
    this.#host = host;
  }

  /** Whether it was looked for in vain. */
  get isMissing(): boolean {
    return this.#found !== undefined && this.#found.shellCheck === undefined;
  }

  /** ShellCheck for a session; undefined when there is none, or flags leave its rule out. */
  async open({ registry, workspace }: Asking, { only }: Pick<PolicyFlags, "only">): Promise<ShellCheck | undefined> {
    const asked = only.flatMap((name) => registry.resolve(name));
    if (only.length > 0 && !asked.some(({ rule }) => rule === SCRIPT_RULE)) return undefined;
    if (registry.rule(SCRIPT_RULE) === undefined) return undefined;
    this.#found ??= { shellCheck: await this.#load(workspace.root) };
    return this.#found.shellCheck;
  }

  async #load(root: string): Promise<ShellCheck | undefined> {
    const { cwd, env } = this.#host;
    const program = findShellCheck({ path: env["PATH"] ?? env["Path"], distrusted: [root, cwd] });
    if (program === undefined) return undefined;
    const { ShellCheck } = await import("./shellcheck.js");
    return new ShellCheck(program);
  }
}

type Asking = Pick<Session, "registry" | "workspace">;
