import type { BaseImageEntry } from "../config/policy.js";
import type { BaseImageFacts, ImageUser, OsFamily } from "../data/base-image-model.js";
import { baseImageFacts } from "../data/base-images.js";
import type { ImageBase } from "../dockerfile/base.js";
import { compileGlob } from "../values/glob.js";
import type { ImageReference } from "../values/image-reference.js";

/** What is known of an image: rows of the table, with what the policy says laid over them. */
export function factsOf(
  reference: ImageReference,
  entries: ReadonlyMap<string, BaseImageEntry>,
): BaseImageFacts | undefined {
  // The name of the row is asked with the tag as written; a digest alone does not say which tag it is.
  const isOnlyDigest = reference.tag === undefined && reference.digest !== undefined;
  const known = isOnlyDigest ? undefined : baseImageFacts({ repository: reference.name, tag: reference.tag });
  const entry = entryFor(reference, entries);
  return entry === undefined ? known : withEntry(known, reference, entry);
}

/** Variables of an external image, for evaluation, each with its value where that is known; undefined when they are not known. */
export function baseEnvironmentOf(
  base: ImageBase,
  entries: ReadonlyMap<string, BaseImageEntry>,
): ReadonlyMap<string, string | undefined> | undefined {
  return base.reference.kind === "reference" ? factsOf(base.reference, entries)?.environment : undefined;
}

function entryFor(reference: ImageReference, entries: ReadonlyMap<string, BaseImageEntry>): BaseImageEntry | undefined {
  if (entries.size === 0) return undefined;
  const names = [reference.written, reference.repository, reference.familiarName, reference.name];
  if (reference.tag !== undefined) names.push(`${reference.familiarName}:${reference.tag}`);
  for (const [pattern, entry] of entries) {
    if (names.includes(pattern)) return entry;
    const glob = compileGlob(pattern);
    if (glob.kind === "glob" && names.some((name) => glob.pattern.matches(name))) return entry;
  }
  return undefined;
}

const NOTHING = {
  dropsPrivileges: false,
  accounts: [],
  groups: [],
  hasAllAccounts: false,
  commands: { present: new Set<string>(), absent: new Set<string>(), isComplete: false },
  isSdk: false,
  smaller: [],
  isMinimal: false,
  hasOnbuild: false,
} as const;

function withEntry(known: BaseImageFacts | undefined, { name }: ImageReference, entry: BaseImageEntry): BaseImageFacts {
  const base: BaseImageFacts = known ?? { repository: name, ...NOTHING };
  const present = new Set([...base.commands.present, ...(entry.commands ?? [])]);
  const absent = new Set([...base.commands.absent, ...(entry.missingCommands ?? [])]);
  for (const command of entry.commands ?? []) absent.delete(command);
  for (const command of entry.missingCommands ?? []) present.delete(command);
  const user = entry.user === undefined ? undefined : userOf(entry.user);
  return {
    ...base,
    commands: { present, absent, isComplete: base.commands.isComplete },
    ...(user === undefined ? {} : { defaultUser: user }),
    ...(entry.healthcheck === undefined ? {} : { hasHealthcheck: entry.healthcheck }),
    ...(entry.workdir === undefined ? {} : { workdir: entry.workdir }),
    ...(entry.dropsPrivileges === undefined ? {} : { dropsPrivileges: entry.dropsPrivileges }),
    ...(entry.os === undefined ? {} : { os: { family: entry.os }, ...SYSTEMS[entry.os] }),
    ...(entry.env === undefined ? {} : { environment: environmentOf(known, entry.env) }),
    ...(entry.endOfLife === undefined ? {} : { endOfLife: entry.endOfLife }),
    ...(entry.shell === false ? { shell: "none" as const } : {}),
  };
}

/** Names that the policy lists over those that are known; every image has a PATH. */
function environmentOf(
  known: BaseImageFacts | undefined,
  names: readonly string[],
): ReadonlyMap<string, string | undefined> {
  const environment = new Map<string, string | undefined>(known?.environment ?? [["PATH", undefined]]);
  for (const name of names) environment.set(name, undefined);
  return environment;
}

type SystemFacts = Pick<BaseImageFacts, "libc" | "shell" | "packageManager">;

/** What all images of a system have in common. Their programs are not among it: who builds an image may remove any. */
const SYSTEMS: Readonly<Record<OsFamily, SystemFacts>> = {
  alpine: { libc: "musl", shell: "busybox", packageManager: "apk" },
  amazon: { libc: "glibc", shell: "bash" },
  arch: { libc: "glibc", shell: "bash", packageManager: "pacman" },
  busybox: { shell: "busybox", packageManager: "none" },
  debian: { libc: "glibc", shell: "dash", packageManager: "apt" },
  distroless: { shell: "none", packageManager: "none" },
  fedora: { libc: "glibc", shell: "bash" },
  photon: { libc: "glibc", shell: "bash", packageManager: "tdnf" },
  rhel: { libc: "glibc", shell: "bash" },
  "scratch-like": { libc: "none", shell: "none", packageManager: "none" },
  suse: { libc: "glibc", shell: "bash", packageManager: "zypper" },
  ubuntu: { libc: "glibc", shell: "dash", packageManager: "apt" },
  windows: { shell: "cmd" },
  wolfi: { libc: "glibc" },
};

function userOf(written: string | number): ImageUser {
  const [name = "", id] = String(written).split(":");
  if (/^\d+$/.test(name)) return { uid: Number(name) };
  return id !== undefined && /^\d+$/.test(id) ? { name, uid: Number(id) } : { name };
}
