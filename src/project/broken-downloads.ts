import type { DownloadFact } from "../shell/fact-model.js";
import { type OptionReader, readOptions } from "../shell/options.js";
import { toolOptions } from "../shell/tool-options.js";
import { hostOf, hostScope } from "../values/host-scope.js";
import { wgetOf } from "./download-tools.js";
import type { RunView, StageView } from "./model.js";

/** A curl whose answer is kept, and what its options leave to chance. */
export interface KeptDownload {
  readonly download: DownloadFact;
  /** An error page is kept as if it were the file. */
  readonly keepsErrors: boolean;
  /** The page that says where the file went is kept in its place. */
  readonly keepsRedirects: boolean;
}

const API_METHODS: ReadonlySet<string> = new Set(["DELETE", "PUT", "PATCH"]);
const PLAIN_METHODS: ReadonlySet<string> = new Set(["GET", "POST", "HEAD"]);

/** Each curl of a RUN that writes or pipes what it gets, once, when something is left to chance. */
export function* keptDownloads(run: RunView): Iterable<KeptDownload> {
  let last: DownloadFact["invocation"] | undefined;
  for (const download of run.facts.downloads) {
    const { tool, invocation } = download;
    if (tool !== "curl" || invocation === last || !isKept(download)) continue;
    last = invocation;
    const reader = optionsOf(download);
    if (reader === undefined || readsFile(reader) || isProbe(reader)) continue;
    const method = reader.find("-X", "--request")?.value?.toUpperCase();
    const keepsErrors =
      !reader.has("-f", "--fail", "--fail-with-body") && !(method !== undefined && API_METHODS.has(method));
    const keepsRedirects =
      !reader.has("-L", "--location", "--location-trusted", "--follow") &&
      (method === undefined || PLAIN_METHODS.has(method)) &&
      isElsewhere(download);
    if (keepsErrors || keepsRedirects) yield { download, keepsErrors, keepsRedirects };
  }
}

function optionsOf({ invocation, tool }: DownloadFact): OptionReader | undefined {
  const table = toolOptions(tool);
  return table === undefined ? undefined : readOptions(invocation, table);
}

/** Options from a file, or from what nobody knows. */
function readsFile(reader: OptionReader): boolean {
  return (
    reader.has("-K", "--config") || reader.options.some(({ word }) => word.value === undefined && word.shape.length < 3)
  );
}

function isProbe(reader: OptionReader): boolean {
  const format = reader.find("-w", "--write-out")?.valueShape;
  return format?.includes("http_code") === true || format?.includes("response_code") === true;
}

/** The answer goes to a file, or to another command. */
function isKept({ output, urlShape, invocation: { pipeline } }: DownloadFact): boolean {
  if (urlShape.startsWith("file:")) return false;
  if (output === "file" || output === "unknown") return true;
  return output === "stdout" && pipeline !== undefined && pipeline.position < pipeline.length - 1;
}

/** Servers with a name move; an address of numbers, or the container itself, does not. */
function isElsewhere({ urlShape }: DownloadFact): boolean {
  if (urlShape.startsWith("ftp")) return false;
  const host = hostOf(urlShape);
  return host !== undefined && hostScope(host) !== "loopback" && !/^[\d.]+$|:/.test(host);
}

/** Whether a file tells every curl of a stage what to do. */
export function hasCurlrc({ lineage, evaluated }: StageView): boolean {
  if (evaluated.env.has("CURL_HOME")) return true;
  return lineage.some(
    ({ runs, copies }) =>
      runs.some(({ facts }) => facts.writes.some(({ path }) => isRc(path, "curlrc"))) ||
      copies.some(
        ({ sources, destination }) => isRc(destination, "curlrc") || sources.some(({ path }) => isRc(path, "curlrc")),
      ),
  );
}

function isRc(path: string | undefined, name: string): boolean {
  return path?.endsWith(name) === true;
}

/** The first download of a stage that is not tried again when it fails; undefined when there is none. */
export function untriedDownload(stage: StageView): DownloadFact | undefined {
  for (const { facts } of stage.runs) {
    for (const download of facts.downloads) {
      const { tool } = download;
      if ((tool !== "curl" && tool !== "wget") || download.output === "discarded") continue;
      // That of busybox has no such option.
      if (tool === "wget" && wgetOf(stage) !== "gnu") continue;
      const reader = optionsOf(download);
      const host = hostOf(download.urlShape);
      if (reader === undefined || readsFile(reader) || (host !== undefined && hostScope(host) === "loopback")) continue;
      if (!reader.has("--retry", "--tries", "-t")) return download;
    }
  }
  return undefined;
}
