import type { Mount, Service, Variant } from "../compose/model.js";
import { isMadeBeforeBuild } from "../data/made-before-build.js";
import { baseName, extensionOf, isAbsolutePath, relativePath, resolvePath } from "../files/path.js";
import type { Range } from "../text/source.js";

/** A file that a Compose file names by a relative path, and that has to exist when the project starts. */
export interface NamedFile {
  readonly kind: "bind" | "env-file" | "other";
  /** Absolute. */
  readonly path: string;
  /** As written. */
  readonly text: string;
  readonly range: Range;
  /** Something that is made or put there before a start: secrets, by their names keys, programs and what builds give. */
  readonly isOftenMade: boolean;
}

/** Files of one service: bound ones, required env files, label files, seccomp profiles. */
export function* filesOfService(service: Service): Iterable<NamedFile> {
  const { root } = service.variant.project;
  for (const { path, file, isRequired } of service.envFiles) {
    if (!isRequired || file === undefined || !isRelative(path.text)) continue;
    // Each checkout has a `.env` of its own.
    const isOftenMade = isMadeBeforeBuild(baseName(file));
    yield { kind: "env-file", path: file, text: path.text, range: path.range, isOftenMade };
  }
  for (const { value, text, range, node } of service.listAt("label_file")) {
    if (value === undefined || !isRelative(value)) continue;
    yield { kind: "other", path: resolvePath(node.folder, value), text, range, isOftenMade: false };
  }
  for (const { name, value, entry } of service.securityOptions) {
    if (name !== "seccomp" || value === undefined || PROFILES.has(value) || entry.value === undefined) continue;
    if (!isRelative(value) || !entry.value.endsWith(value)) continue;
    const range = entry.node.rangeOf(entry.value.length - value.length, entry.value.length);
    yield { kind: "other", path: resolvePath(entry.node.folder, value), text: value, range, isOftenMade: false };
  }
  for (const mount of service.mounts) {
    const { type, source, hostPath, createHostPath } = mount;
    if (type !== "bind" || source === undefined || hostPath === undefined || !isRelative(source.text)) continue;
    if (createHostPath?.value === false || !bindsFile(mount)) continue;
    const isOftenMade = isMadeBeforeBuild(relativePath(root, hostPath));
    yield { kind: "bind", path: hostPath, text: source.text, range: source.range, isOftenMade };
  }
}

/** Files of the secrets and configs of a variant. */
export function* filesOfResources({ project: { root }, secrets, configs }: Variant): Iterable<NamedFile> {
  for (const resources of [secrets, configs]) {
    for (const { kind, file, filePath } of resources.values()) {
      if (file === undefined || filePath === undefined || !isRelative(file.text)) continue;
      // No secret belongs into a repository.
      const isOftenMade = kind === "secret" || isMadeBeforeBuild(relativePath(root, filePath));
      yield { kind: "other", path: filePath, text: file.text, range: file.range, isOftenMade };
    }
  }
}

/** Values of `seccomp` that are no files. */
const PROFILES: ReadonlySet<string> = new Set(["unconfined", "builtin"]);

/** Endings that files of settings, scripts and data have, and folders hardly ever. */
const FILE_ENDINGS: ReadonlySet<string> = new Set(
  (
    "bash cert cfg cnf conf config crt css csv env hcl htm html ini jar js json key lua md mjs pem php pl properties py " +
    "rb rules service sh sql tf tmpl toml ts txt xml yaml yml"
  )
    .split(" ")
    .map((ending) => `.${ending}`),
);

/** Whether a bind is of a single file, by its two names: either ends as files do. */
export function bindsFile({ source, targetPath }: Mount): boolean {
  const path = source?.text ?? "";
  if (path.endsWith("/") || path.endsWith(".sock")) return false;
  return hasFileEnding(path) || (targetPath !== undefined && hasFileEnding(targetPath));
}

function hasFileEnding(path: string): boolean {
  return FILE_ENDINGS.has(extensionOf(baseName(path)));
}

/** A path from the place of the file: neither absolute nor in somebody's home. */
function isRelative(path: string): boolean {
  return !isAbsolutePath(path) && !path.startsWith("~") && !path.startsWith("\\");
}
