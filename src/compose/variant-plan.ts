import type { RoleName } from "../data/roles.js";
import { baseName, isWithin, resolvePath } from "../files/path.js";
import { BASE_NAMES, OVERRIDE_NAMES, showsPatchSign, stemOf } from "./discovery.js";
import type { Environment } from "./environment.js";
import type { VariantOrigin } from "./model.js";
import { OpenedFile, type Shelf } from "./opened-file.js";

/** A variant that the configuration asks for. Paths are absolute, or relative to the project folder. */
export interface ConfiguredVariant {
  readonly files: readonly string[];
  readonly role?: RoleName;
  readonly profiles?: readonly string[];
  readonly envFile?: string;
}

/** One list of files that Compose would merge. */
export interface VariantPlan {
  readonly origin: VariantOrigin;
  readonly files: readonly OpenedFile[];
  readonly configured: ConfiguredVariant | undefined;
}

/** What is known of a folder before its variants are. */
export interface FolderContent {
  readonly folder: string;
  /** Compose files of the folder, sorted by path. */
  readonly files: readonly OpenedFile[];
  readonly environment: Environment;
  readonly configured: readonly ConfiguredVariant[];
  /** Lists of absolute paths that devcontainer files of this folder name. */
  readonly devcontainers: readonly (readonly string[])[];
}

/** The base that Compose loads in a folder; undefined when there is none. */
export function baseOf(files: readonly OpenedFile[]): OpenedFile | undefined {
  return firstByName(files, BASE_NAMES);
}

/** The override that Compose loads by itself; undefined when there is none. */
export function overrideOf(files: readonly OpenedFile[]): OpenedFile | undefined {
  return firstByName(files, OVERRIDE_NAMES);
}

function firstByName(files: readonly OpenedFile[], names: readonly string[]): OpenedFile | undefined {
  const byName = new Map(files.map((file) => [baseName(file.path), file]));
  for (const name of names) {
    const file = byName.get(name);
    if (file !== undefined) return file;
  }
  return undefined;
}

/**
 * The variants of a folder, in the order in which sources of variants are asked: config, `COMPOSE_FILE`, the automatic
 * pair, devcontainer files, dotted stems, and each file that nothing claimed on its own.
 */
export function planVariants(shelf: Shelf, content: FolderContent): readonly VariantPlan[] {
  const plans: VariantPlan[] = [];
  const claimed = new Set<OpenedFile>();
  const add = (origin: VariantOrigin, files: readonly OpenedFile[], configured?: ConfiguredVariant) => {
    if (files.length === 0) return;
    plans.push({ origin, files, configured });
    for (const file of files) claimed.add(file);
  };
  for (const configured of content.configured)
    add("config", openAll(shelf, content.folder, configured.files), configured);
  const named = composeFileVariable(content.environment);
  if (named !== undefined) add("compose-file", openAll(shelf, content.folder, named));
  const base = baseOf(content.files);
  const override = overrideOf(content.files);
  if (base !== undefined && !claimed.has(base)) {
    add("default", override === undefined || claimed.has(override) ? [base] : [base, override]);
  }
  for (const paths of content.devcontainers) {
    const files = openAll(shelf, content.folder, paths);
    if (files.some((file) => !claimed.has(file))) add("devcontainer", files);
  }
  addStems(content, claimed, add);
  return plans;
}

function addStems(
  content: FolderContent,
  claimed: ReadonlySet<OpenedFile>,
  add: (origin: VariantOrigin, files: readonly OpenedFile[]) => void,
): void {
  const stems = new Map(content.files.map((file) => [file, stemOf(baseName(file.path))]));
  const byStem = new Map<string, OpenedFile>();
  for (const [file, words] of stems) {
    const key = words.join("\n").toLowerCase();
    // Of `x.yml` and `x.yaml` the one that Compose would take is the base.
    if (!byStem.has(key) || isBaseName(file)) byStem.set(key, file);
  }
  const shorter = [...content.files].sort((a, b) => (stems.get(a)?.length ?? 0) - (stems.get(b)?.length ?? 0));
  const lists = new Map<OpenedFile, readonly OpenedFile[]>();
  for (const file of shorter) {
    if (claimed.has(file)) continue;
    const words = stems.get(file) ?? [];
    const below = longestPrefix(words, byStem);
    const isPatch = below !== undefined && below !== file && patches(file, below, content);
    const list = isPatch ? [...(lists.get(below) ?? [below]), file] : [file];
    lists.set(file, list);
    add(isPatch ? "stem" : "alone", list);
  }
}

function isBaseName(file: OpenedFile): boolean {
  const names: readonly string[] = BASE_NAMES;
  return names.includes(baseName(file.path));
}

function longestPrefix(words: readonly string[], byStem: ReadonlyMap<string, OpenedFile>): OpenedFile | undefined {
  for (let length = words.length - 1; length >= 1; length -= 1) {
    const file = byStem.get(words.slice(0, length).join("\n").toLowerCase());
    if (file !== undefined) return file;
  }
  return undefined;
}

function patches(file: OpenedFile, base: OpenedFile, { folder, environment }: FolderContent): boolean {
  const [patch] = file.trees(folder, environment);
  const [under] = base.trees(folder, environment);
  return patch !== undefined && under !== undefined && showsPatchSign(patch, under, file.hasMergeTags);
}

/** Files that `COMPOSE_FILE` of the environment names: `:` or `COMPOSE_PATH_SEPARATOR` separates, `;` too. */
function composeFileVariable({ lookup }: Environment): readonly string[] | undefined {
  const value = lookup("COMPOSE_FILE");
  if (value === undefined || value.trim() === "") return undefined;
  const separator = lookup("COMPOSE_PATH_SEPARATOR") || (value.includes(";") ? ";" : ":");
  return value.split(separator).filter((path) => path.trim() !== "");
}

/** Opens files inside the workspace; one that is not there is left out. */
function openAll(shelf: Shelf, folder: string, paths: readonly string[]): readonly OpenedFile[] {
  return paths.slice(0, 200).flatMap((written) => {
    const path = resolvePath(folder, written);
    if (!isWithin(shelf.access.root, path)) return [];
    const file = shelf.open(path);
    return file instanceof OpenedFile ? [file] : [];
  });
}
