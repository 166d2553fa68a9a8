import { joinPath } from "../files/path.js";
import { closest } from "../values/closest.js";
import type { BuildContext } from "./context.js";

/**
 * What stands in a context at a path, or nearest to it. `exact`: the very path. `case`: names differ in upper and lower
 * case only, so that it is found on some disks. `similar`: one name is misspelt. Paths are relative to the context.
 */
export type NearestPath =
  | { readonly kind: "exact" }
  | { readonly kind: "case" | "similar"; readonly path: string }
  /** `folder` is the deepest folder of the path that exists, and `isEmpty` says whether anything is in it. */
  | { readonly kind: "none"; readonly isFolderEmpty: boolean };

/** Folders with more names are only asked for the one: a misspelt one would be lost in them anyway. */
const MOST_NAMES = 500;

/**
 * Looks a path up name by name in the listings of its folders: asked for a whole path, a disk that knows no case would say
 * yes to any.
 *
 * @param path relative to the context, cleaned, without wildcards
 * @param slips whether misspelt names are looked for, which costs a comparison with each name
 */
export function nearestPath(
  { workspace, root }: BuildContext,
  path: string,
  slips: "none" | "one" = "one",
): NearestPath {
  let kind: "exact" | "case" | "similar" = "exact";
  let real = "";
  for (const element of path.split("/")) {
    const listing = workspace.fs.readDirectory(real === "" ? root : joinPath(root, real));
    if (listing.kind === "problem") return { kind: "none", isFolderEmpty: false };
    const { entries } = listing;
    let name = element;
    if (entries.length > MOST_NAMES) {
      if (workspace.fs.lstat(joinPath(root, real === "" ? element : `${real}/${element}`)) === undefined)
        return { kind: "none", isFolderEmpty: false };
    } else if (!entries.some((entry) => entry.name === element)) {
      const names = entries.map((entry) => entry.name);
      const folded = element.toLowerCase();
      const sameLetters = names.find((each) => each.toLowerCase() === folded);
      // One slip in a path may be a slip; two are another path.
      const found = sameLetters ?? (kind === "similar" || slips === "none" ? undefined : closest(element, names));
      if (found === undefined) return { kind: "none", isFolderEmpty: names.length === 0 };
      name = found;
      if (sameLetters === undefined) kind = "similar";
      else if (kind === "exact") kind = "case";
    }
    real = real === "" ? name : `${real}/${name}`;
  }
  return kind === "exact" ? { kind } : { kind, path: real };
}

/**
 * A folder with nothing in it but what builds it: an example, or a checkout of these files alone.
 *
 * @param besides names that count as nothing, too
 */
export function isBareContext({ root, workspace }: BuildContext, besides: readonly string[] = []): boolean {
  const listing = workspace.fs.readDirectory(root);
  if (listing.kind === "problem") return true;
  return listing.entries.every(({ name }) => isBuildFileName(name) || besides.includes(name));
}

/** Whether a file by its name describes a build or a project, and is no part of what it builds. */
export function isBuildFileName(name: string): boolean {
  const lower = name.toLowerCase();
  if (lower.includes("dockerfile") || lower.includes("containerfile") || lower.endsWith(".dockerignore")) return true;
  return lower.includes("compose") && COMPOSE_FILE.test(name);
}

const COMPOSE_FILE = /^(?:docker-)?compose.*\.ya?ml$/i;
