import { isBuildFileName } from "../context/nearest-path.js";
import { baseName, isWithin, joinPath, parentPath, relativePath } from "../files/path.js";
import { closest } from "../values/closest.js";
import type { Project } from "./model.js";

/** A path of a Compose file at which nothing is. */
export interface MissingPath {
  /** Absolute path of what was most likely meant: one name is spelled otherwise. */
  readonly near: string | undefined;
  /** Git ignores it: it is there on other machines. */
  readonly isIgnored: boolean;
  /** A template beside it (`.env.example`) tells people what to put there. */
  readonly hasTemplate: boolean;
  /** Little more than the files that build are here: a snippet, or a checkout of these files alone. */
  readonly isBare: boolean;
  /** Its folder is that of a submodule. */
  readonly isInSubmodule: boolean;
}

/**
 * What is known of a path at which nothing is; undefined when something is there, or when it lies outside of the workspace.
 *
 * @param path absolute
 * @param place absolute folder of the Compose file that names it
 */
export function missingPath(project: Project, root: string, path: string, place: string): MissingPath | undefined {
  if (!isWithin(root, path) || project.kindOf(path) !== undefined) return undefined;
  return {
    near: nearPath(project, root, path),
    isIgnored: project.isGitIgnored(path) || project.isGitIgnored(joinPath(path, "x")),
    hasTemplate: hasTemplate(project, path),
    isBare: isBare(project, root, place),
    isInSubmodule: isInSubmodule(project, root, path),
  };
}

/** The same path with the first name that is not there spelled as one that is. */
function nearPath(project: Project, root: string, path: string): string | undefined {
  let folder = root;
  const names = relativePath(root, path).split("/");
  for (const [index, name] of names.entries()) {
    const next = joinPath(folder, name);
    if (project.kindOf(next) !== undefined) {
      folder = next;
      continue;
    }
    const listing = project.namesIn(folder);
    const similar = listing === undefined ? undefined : nearName(name, listing);
    if (similar === undefined) return undefined;
    const candidate = [joinPath(folder, similar), ...names.slice(index + 1)].join("/");
    return project.kindOf(candidate) === undefined ? undefined : candidate;
  }
  return undefined;
}

/** `.yml` for `.yaml` is no slip of a letter, but one of habit. */
function nearName(name: string, names: readonly string[]): string | undefined {
  const other = name.endsWith(".yaml") ? `${name.slice(0, -4)}yml` : `${name.slice(0, -3)}yaml`;
  if (/\.ya?ml$/.test(name) && names.includes(other)) return other;
  return closest(name, names);
}

const TEMPLATE_ENDINGS = [".example", ".sample", ".template", ".dist", ".defaults", ".tmpl", ".tpl", "-example"];

function hasTemplate(project: Project, path: string): boolean {
  const names = project.namesIn(parentPath(path));
  if (names === undefined) return false;
  const name = baseName(path);
  const dot = name.lastIndexOf(".");
  const wanted = new Set(TEMPLATE_ENDINGS.map((ending) => name + ending));
  for (const word of ["example", "sample", "template", "dist"]) {
    wanted.add(`${word}${name.startsWith(".") ? "" : "."}${name}`);
    if (dot > 0) wanted.add(`${name.slice(0, dot)}.${word}${name.slice(dot)}`);
    if (name.startsWith(".")) wanted.add(`${name.slice(1)}.${word}`);
  }
  return names.some((each) => wanted.has(each));
}

/** Whether all folders from a place up to the root hold nothing but what describes a build. */
function isBare(project: Project, root: string, place: string): boolean {
  let child = "";
  for (let folder = place; isWithin(root, folder); folder = parentPath(folder)) {
    const names = project.namesIn(folder);
    if (names?.some((name) => name !== child && !isNothing(name)) === true) return false;
    if (folder === root) return true;
    child = baseName(folder);
  }
  return true;
}

function isNothing(name: string): boolean {
  return name === ".git" || name === ".gitignore" || /^(?:readme|license)/i.test(name) || isBuildFileName(name);
}

function isInSubmodule(project: Project, root: string, path: string): boolean {
  const modules = project.read(joinPath(root, ".gitmodules"));
  if (modules === undefined) return false;
  const relative = relativePath(root, path);
  for (const line of modules.text.split("\n")) {
    const equals = line.indexOf("=");
    if (equals === -1 || line.slice(0, equals).trim() !== "path") continue;
    if (isWithin(line.slice(equals + 1).trim(), relative)) return true;
  }
  return false;
}
