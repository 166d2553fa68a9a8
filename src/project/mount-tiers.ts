import type { Mount, Service } from "../compose/model.js";
import { baseName, isWithin } from "../files/path.js";
import { type Edit, textOf } from "../text/source.js";
import { matchesGlob } from "../values/glob.js";
import { keysAfter } from "./yaml-insertion.js";

/** What is kept in a mount: settings, what can be made again, or what must not be lost. */
export type Tier = "config" | "ephemeral" | "persistent";

/** Names of each tier, as globs over one part of a path. */
export type TierNames = Readonly<Record<Tier, readonly string[]>>;

/** The tier of a mount, and whether the name of one file says so. */
export interface MountTier {
  readonly tier: Tier;
  readonly isFile: boolean;
}

/**
 * The tier of a mount by the names on its way: the part nearest to the end decides, first of the place in the container, then
 * of the source. Undefined where no name tells, or where the two ends contradict each other.
 */
export function tierOf({ source, targetPath }: Mount, names: TierNames): MountTier | undefined {
  const target = targetPath === undefined ? undefined : tierOfPath(targetPath, names);
  const origin = source?.value === undefined ? undefined : tierOfPath(source.value, names);
  if (target === undefined || origin === undefined) return target ?? origin;
  return target.tier === origin.tier ? { tier: target.tier, isFile: target.isFile || origin.isFile } : undefined;
}

const TIERS = ["config", "ephemeral", "persistent"] as const;

function tierOfPath(path: string, names: TierNames): MountTier | undefined {
  const parts = path.split("/").filter((part) => part !== "" && part !== "." && part !== "..");
  for (let index = parts.length - 1; index >= 0; index -= 1) {
    const part = parts[index] ?? "";
    const tier = TIERS.find((each) => names[each].some((glob) => fits(glob, part)));
    if (tier !== undefined)
      return { tier, isFile: index === parts.length - 1 && part.lastIndexOf(".") > 0 && !part.endsWith(".d") };
  }
  return undefined;
}

function fits(glob: string, part: string): boolean {
  if (!glob.includes("*") && !glob.includes("?")) return glob === part.toLowerCase();
  // `*.conf`, which most of them are.
  if (glob.startsWith("*.") && !/[*?[]/.test(glob.slice(2)))
    return part.length >= glob.length && part.toLowerCase().endsWith(glob.slice(1));
  return matchesGlob(glob, part);
}

/**
 * Whether another service fills a volume that this one only has to read: one that this one depends on, or that writes
 * settings for others.
 *
 * @param isWriter whether a service is known to write settings
 */
export function isFilledByOther(mount: Mount, service: Service, isWriter: (other: Service) => boolean): boolean {
  const name = mount.source?.value;
  if (name === undefined) return false;
  for (const other of service.variant.services.values()) {
    if (other === service || !(service.dependsOn.some((need) => need.service === other.name) || isWriter(other)))
      continue;
    if (
      other.mounts.some(({ type, source, isReadOnly }) => type === "volume" && source?.value === name && !isReadOnly)
    ) {
      return true;
    }
  }
  return false;
}

/** Files that programs write while they run, under names of settings. */
const WRITTEN = new Set(["acme.json", "servers.json", "package-lock.json", "tfstate.json", "known_hosts"]);
/** Files that are a part of the source: what their mount is for is another matter. */
const SOURCE =
  /^(?:package|tsconfig|jsconfig|composer|angular|nest-cli|deno|turbo|lerna)[\w.-]*\.json$|^(?:vite|jest|babel|webpack|next|nuxt|tailwind|postcss|eslint)\.config\./;

/** Whether the file of a mount is written while the program runs, or belongs to its source. */
export function isWrittenOrSource({ source, targetPath }: Mount): boolean {
  return [source?.value, targetPath].some((path) => {
    const name = path === undefined ? "" : baseName(path);
    return WRITTEN.has(name) || SOURCE.test(name);
  });
}

/** Whether an image writes to the place of a mount, by its row in the table. */
export function isWrittenByImage({ targetPath }: Mount, writablePaths: readonly string[]): boolean {
  return targetPath !== undefined && writablePaths.some((path) => isWithin(targetPath, path));
}

/** Makes a mount read-only where it is written; undefined where variables or a shared block stand in the way. */
export function readOnlyEdit({ form, node, options, range, target }: Mount): Edit | undefined {
  if (form === "short") {
    if (node.kind !== "scalar" || node.uses.length > 0 || node.via.length > 0) return undefined;
    const writable = options.find(({ text }) => text === "rw");
    if (writable !== undefined) return { range: writable.range, text: "ro" };
    const written = textOf(range);
    const quote = written.endsWith('"') || written.endsWith("'") ? 1 : 0;
    const end = range.end - quote;
    return { range: range.source.range(end, end), text: options.length === 0 ? ":ro" : ",ro" };
  }
  if (target?.keyRange === undefined || target.via.length > 0 || node.kind !== "mapping") return undefined;
  const flag = node.entries.get("read_only")?.value;
  if (flag !== undefined)
    return flag.kind === "scalar" && flag.via.length === 0 ? { range: flag.range, text: "true" } : undefined;
  return keysAfter(node, target.keyRange, target.range, ["read_only: true"]);
}
