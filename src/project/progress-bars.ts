import type { Invocation } from "../shell/model.js";
import { readOptions } from "../shell/options.js";
import { toolOptions } from "../shell/tool-options.js";
import type { Range } from "../text/source.js";
import type { RunView, StageView } from "./model.js";

const QUIET: ReadonlySet<string> = new Set([
  "--progress",
  "-q",
  "--quiet",
  "--no-verbose",
  "-o",
  "--output-file",
  "-a",
  "--append-output",
]);

/** What a `wget` writes beside the file: a `bar` into the log, or nothing that needs a word. */
export interface WgetProgress {
  /** Whether an option says how much is written. */
  readonly isChosen: boolean;
  /** Whether the page goes to standard output, which is no download of a large file as a rule. */
  readonly isPiped: boolean;
  /** Whether something is fetched at all. */
  readonly isDownload: boolean;
}

/** How much a `wget` writes into the log of the build. */
export function wgetProgress(invocation: Invocation): WgetProgress {
  const reader = readOptions(invocation, toolOptions("wget") ?? { withValue: new Set(), style: "getopt" });
  let isChosen = invocation.redirects.some(
    (redirect) => redirect.kind === "file" && (redirect.descriptor === 2 || redirect.operator.startsWith("&")),
  );
  for (const { name, word } of reader.options) {
    // `-nv` is one option of two letters, also in a longer cluster.
    if (QUIET.has(name) || (name === "-n" && word.shape.includes("nv"))) isChosen = true;
  }
  const output = reader.find("-O", "--output-document")?.valueShape;
  return {
    isChosen,
    isPiped: output === "-" || output === "/dev/stdout",
    isDownload: reader.verb !== undefined || reader.has("-i", "--input-file"),
  };
}

/** Whether a file or variable tells every `wget` of a stage how much to write. */
export function hasWgetrc(stage: StageView): boolean {
  if (stage.evaluated.env.has("WGETRC") || stage.evaluated.env.has("SYSTEM_WGETRC")) return true;
  return stage.lineage.some(
    ({ runs, copies }) =>
      runs.some(({ facts }) => facts.writes.some(({ path }) => path?.endsWith("wgetrc") === true)) ||
      copies.some(({ sources, destination }) =>
        [destination, ...sources.map(({ path }) => path)].some((path) => path?.endsWith("wgetrc") === true),
      ),
  );
}

const REQUEST = /\b(?:Invoke-WebRequest|iwr)\b/i;
const PREFERENCE = /\$ProgressPreference\s*=\s*['"`]?\s*SilentlyContinue/i;

/** The first request of a PowerShell step that draws its bar; undefined for other shells, and where the bar is off. */
export function powershellBar(run: RunView): Range | undefined {
  const { instruction, shell, script, commands } = run;
  const { source, start, end } = instruction.range;
  const text = source.text.slice(start, end);
  const found = REQUEST.exec(text);
  if (found === null) return undefined;
  const isPowershell =
    script?.shell === "powershell" ||
    // cmd starts a PowerShell by its name, and its command line is not read.
    /\b(?:powershell|pwsh)\b/i.test(text.slice(0, found.index)) ||
    commands.some(({ name }) => name === "powershell" || name === "pwsh");
  if (!isPowershell || PREFERENCE.test(text.slice(0, found.index))) return undefined;
  if (shell?.some((word) => PREFERENCE.test(word)) === true) return undefined;
  const at = start + found.index;
  return source.range(at, at + found[0].length);
}
