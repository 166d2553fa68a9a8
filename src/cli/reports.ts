import { UserError } from "../config/user-error.js";
import type { Diagnostic, RunResult } from "../engine/run-result.js";
import { encode } from "../files/decode.js";
import type { WritableFileSystem } from "../files/file-system.js";
import { resolvePath } from "../files/path.js";
import { loadFormat } from "../report/formats.js";
import { hideSecrets } from "../report/hide-secrets.js";
import { PLAIN, type ReportContext } from "../report/report-context.js";
import { printable } from "../text/printable.js";
import { maskMessage } from "../values/secret-spans.js";
import { paletteFor, wantsColor } from "./color.js";
import type { Host } from "./host.js";
import type { LintFlags } from "./request.js";
import { HOMEPAGE, VERSION } from "./version.js";

/** Where reports go, and what they need to know. */
export interface ReportTarget {
  readonly host: Host;
  readonly fs: WritableFileSystem;
  readonly fromRepositoryRoot: (path: string) => string;
  readonly display: (file: string) => string;
}

/**
 * Makes every report that was asked for.
 *
 * @throws UserError when a file cannot be written
 */
export async function writeReports(result: RunResult, flags: LintFlags, target: ReportTarget): Promise<void> {
  const shown = hideSecrets(result);
  const { host, fs } = target;
  const entry = flags.outputs.some(({ format }) => format === "sarif") ? await proseLookup() : () => undefined;
  for (const { format, file } of flags.outputs) {
    const isColored = file === undefined && format === "text" && wantsColor(flags.color, host);
    const context: ReportContext = {
      version: VERSION,
      homepage: HOMEPAGE,
      palette: isColored ? await paletteFor(true) : PLAIN,
      fromRepositoryRoot: target.fromRepositoryRoot,
      display: target.display,
      entry,
    };
    const parts = inChunks((await loadFormat(format))(shown, context));
    if (file === undefined) for (const chunk of parts) host.writeOut(chunk);
    else writeFile(fs, resolvePath(host.cwd, file), file, parts);
  }
}

async function proseLookup(): Promise<ReportContext["entry"]> {
  const { loadRuleLibrary } = await import("./rule-prose.js");
  return (await loadRuleLibrary()).entry;
}

/** Longer texts are written in chunks of about this many code units. */
const CHUNK = 65_536;

/** Joins parts, as a question to the system for each would cost more than making them. */
function* inChunks(parts: Iterable<string>): Iterable<string> {
  let chunk = "";
  for (const part of parts) {
    chunk += part;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}

function* encoded(parts: Iterable<string>): Iterable<Uint8Array> {
  for (const part of parts) yield encode(part);
}

function writeFile(fs: WritableFileSystem, path: string, shown: string, parts: Iterable<string>): void {
  try {
    fs.writeParts(path, encoded(parts));
  } catch (cause) {
    throw new UserError({
      place: shown,
      problem: "the report cannot be written there",
      remedy: "name a file in a folder that exists",
      cause,
    });
  }
}

/** What stderr says besides findings, a line each; notes about skipped files are left out when `quiet`. */
export function diagnosticLines(diagnostics: readonly Diagnostic[], quiet: boolean): string {
  return diagnostics
    .filter(({ kind }) => !(quiet && kind === "skipped"))
    .map(({ kind, path, line, column, message, cause }) => {
      const place = [path, line, column].filter((part) => part !== undefined).join(":");
      const prefix = place === "" ? "" : `${printable(place)}: `;
      const stack = kind === "internal" && cause instanceof Error ? `${cause.stack ?? cause.message}\n` : "";
      return `${prefix}${printable(maskMessage(message))}\n${maskMessage(stack)}`;
    })
    .join("");
}
