import type { DownloadFact } from "../shell/fact-model.js";
import { HOLE, type Invocation, type Word } from "../shell/model.js";
import { type OptionUse, readOptions } from "../shell/options.js";
import { toolOptions } from "../shell/tool-options.js";
import { type Range, textOf } from "../text/source.js";
import { hostOf, hostScope } from "../values/host-scope.js";
import { isSoundVerification } from "./download-uses.js";
import type { RunView } from "./model.js";
import { isVerification } from "./remote-sources.js";

/** An address whose answer can be read and changed on its way. */
export interface ClearTextUrl {
  readonly range: Range;
  /** As written, with `HOLE` for unknown stretches. */
  readonly shape: string;
  readonly host: string;
  /** The download that it belongs to; undefined for a word of another command. */
  readonly download: DownloadFact | undefined;
  /** The scheme in the text, for a fix; undefined where it is not written there. */
  readonly scheme: Range | undefined;
}

const SCHEMES = ["http://", "ftp://", "git://", "rsync://", "svn://", "telnet://", "git+http://"] as const;
/** Programs that fetch what their words name, and have no facts of their own. */
const FETCHERS: ReadonlySet<string> = new Set("svn rsync telnet lftp hg bzr".split(" "));

/** Addresses without encryption in downloads, clones and installs of a RUN; hosts that nobody is in the way of are left out. */
export function* clearTextUrls(run: RunView, allow: readonly string[]): Iterable<ClearTextUrl> {
  const { facts } = run;
  for (const download of facts.downloads) {
    if (download.output === "discarded") continue;
    yield* judge(download.urlShape, download.urlRange, allow, download);
  }
  for (const { invocation } of run.packages) yield* judgeWords(invocation.args, allow);
  for (const { name, args } of run.commands) {
    if (name !== undefined && FETCHERS.has(name)) yield* judgeWords(args, allow);
  }
}

function* judgeWords(words: readonly Word[], allow: readonly string[]): Iterable<ClearTextUrl> {
  for (const [index, word] of words.entries()) {
    const { shape } = word;
    const scheme = shape.indexOf("://");
    if (scheme === -1) continue;
    // The way to a proxy is no download.
    if (isProxy(shape.slice(0, scheme)) || isProxy(words[index - 1]?.shape ?? "")) continue;
    const equals = shape.startsWith("-") ? shape.indexOf("=") + 1 : 0;
    const range = equals === 0 ? word.range : word.rangeAt(equals, shape.length);
    yield* judge(shape.slice(equals), range, allow, undefined);
  }
}

function isProxy(text: string): boolean {
  return text.toLowerCase().includes("proxy");
}

function* judge(
  shape: string,
  range: Range,
  allow: readonly string[],
  download: DownloadFact | undefined,
): Iterable<ClearTextUrl> {
  const lower = shape.toLowerCase();
  const scheme = SCHEMES.find((each) => lower.startsWith(each));
  if (scheme === undefined) return;
  const host = hostOf(shape.replace(/^git\+/i, ""));
  if (host === undefined || host.includes(HOLE) || hostScope(host) !== "public") return;
  if (allow.includes(host) || isSignedAnyway(host, lower)) return;
  const at = textOf(range).indexOf(scheme);
  const isWritten = at !== -1 && scheme === "http://";
  const start = range.start + at;
  const written = isWritten ? range.source.range(start, start + "http:".length) : undefined;
  yield { range, shape, host, download, scheme: written };
}

/** Mirrors of distributions, whose lists are signed, and what authorities of certificates publish, which is signed itself. */
const SIGNED_HOSTS = [
  "debian.org",
  "ubuntu.com",
  "canonical.com",
  "alpinelinux.org",
  "centos.org",
  "fedoraproject.org",
  "opensuse.org",
  "archlinux.org",
  "kali.org",
  "raspbian.org",
  "rockylinux.org",
  "almalinux.org",
] as const;

function isSignedAnyway(host: string, url: string): boolean {
  if (
    host.startsWith("ocsp.") ||
    host.startsWith("crl.") ||
    host.startsWith("mirror.") ||
    host.startsWith("mirrors.")
  ) {
    return true;
  }
  if (url.endsWith(".crl") || url.endsWith(".xsd") || url.endsWith(".dtd")) return true;
  return SIGNED_HOSTS.some((domain) => host === domain || host.endsWith(`.${domain}`));
}

/** An option that allows a version of TLS which can be broken. */
export interface OldTlsOption {
  readonly range: Range;
  readonly text: string;
  /** The option with its value. */
  readonly whole: Range;
}

const CURL_OLD: ReadonlySet<string> = new Set(["--tlsv1.0", "--tlsv1.1", "--sslv2", "--sslv3", "-2", "-3"]);
const OPENSSL_OLD: ReadonlySet<string> = new Set(["-ssl2", "-ssl3", "-tls1", "-tls1_1"]);
const WGET_OLD: ReadonlySet<string> = new Set(["sslv2", "sslv3", "tlsv1", "tlsv1_1"]);

/** Options of a command with which it talks TLS 1.1 or older. @see https://www.rfc-editor.org/rfc/rfc8996 */
export function* oldTlsOptions(invocation: Invocation): Iterable<OldTlsOption> {
  const { name } = invocation;
  if (name === "openssl") {
    for (const { shape, range } of invocation.args) {
      if (OPENSSL_OLD.has(shape)) yield { range, text: shape, whole: range };
    }
    return;
  }
  if (name !== "curl" && name !== "wget") return;
  const table = toolOptions(name);
  if (table === undefined) return;
  for (const use of readOptions(invocation, table).options) {
    if (isOld(name, use)) yield { range: use.word.range, text: textOfOption(use), whole: wholeOf(use) };
  }
}

function isOld(name: "curl" | "wget", { name: option, value }: OptionUse): boolean {
  if (name === "wget") return option === "--secure-protocol" && WGET_OLD.has(value?.toLowerCase() ?? "");
  return CURL_OLD.has(option) || (option === "--tls-max" && (value === "1.0" || value === "1.1"));
}

function textOfOption({ name, value, word }: OptionUse): string {
  return value === undefined || word.shape.includes("=") ? word.shape : `${name} ${value}`;
}

function wholeOf({ word, valueWord }: OptionUse): Range {
  const { source, start, end } = word.range;
  const last = valueWord?.range;
  return last === undefined || last.source !== source || last.end < end ? word.range : source.range(start, last.end);
}

/** The checks of a RUN that downloads, when none of them is made of an algorithm that cannot be forged. */
export function weakChecks({ facts, commands }: RunView): readonly Invocation[] {
  if (facts.downloads.length === 0) return [];
  const checks = commands.filter((command) => isVerification(command) || isWeakDigest(command));
  return checks.some((command) => !isWeakDigest(command) && isSoundVerification(command)) ? [] : checks.filter(isWeak);
}

function isWeak(command: Invocation): boolean {
  return (
    isWeakDigest(command) ||
    ((command.name === "shasum" || WEAK_SUMS.has(command.name ?? "")) && isVerification(command))
  );
}

const WEAK_SUMS: ReadonlySet<string> = new Set(["md5sum", "sha1sum", "md5", "sha1"]);

/** `openssl md5`, `openssl dgst -sha1`. */
function isWeakDigest({ name, args }: Invocation): boolean {
  if (name !== "openssl") return false;
  const verb = args[0]?.value;
  return (
    verb === "md5" ||
    verb === "sha1" ||
    (verb === "dgst" && args.some(({ shape }) => shape === "-md5" || shape === "-sha1"))
  );
}

/** The `-L` of a curl that follows from https to wherever; undefined where the schemes are limited, or it does not follow. */
export function openRedirect(invocation: Invocation): Range | undefined {
  if (invocation.name !== "curl") return undefined;
  const table = toolOptions("curl");
  if (table === undefined) return undefined;
  const reader = readOptions(invocation, table);
  if (reader.has("--proto", "--proto-redir")) return undefined;
  if (!invocation.args.some(({ shape }) => shape.toLowerCase().startsWith("https://"))) return undefined;
  return reader.find("-L", "--location", "--location-trusted")?.range;
}
