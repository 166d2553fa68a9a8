import { type Palette, PLAIN } from "../report/report-context.js";
import type { Host } from "./host.js";

/**
 * Whether to colour what goes to stdout: never with `--no-color` or `NO_COLOR`, always with `FORCE_COLOR`, else on a
 * terminal.
 *
 * @see https://no-color.org
 */
export function wantsColor(flag: false | undefined, { env, isOutputTerminal }: Host): boolean {
  if (flag === false || (env["NO_COLOR"] ?? "") !== "") return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return isOutputTerminal && env["TERM"] !== "dumb";
}

/** Colours of a terminal, or none. */
export async function paletteFor(isColored: boolean): Promise<Palette> {
  if (!isColored) return PLAIN;
  const { Chalk } = await import("chalk");
  const chalk = new Chalk({ level: 1 });
  return {
    error: chalk.red,
    warning: chalk.yellow,
    info: chalk.cyan,
    good: chalk.green,
    strong: chalk.bold,
    faint: chalk.dim,
  };
}
