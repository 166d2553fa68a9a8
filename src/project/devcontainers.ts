import { joinPath, parentPath, resolvePath } from "../files/path.js";
import type { Workspace } from "../files/workspace.js";

/** Places of the file below a project's folder, as the specification lists them, but for named ones below `.devcontainer`. */
const PLACES = [".devcontainer/devcontainer.json", ".devcontainer.json"] as const;

/**
 * The Compose files that the devcontainer files near these Compose files name: for each devcontainer file the absolute
 * paths of its `dockerComposeFile`, in order. Looked for beside each Compose file, and in the folder above it.
 *
 * @param files absolute paths of Compose files
 * @see https://containers.dev/implementors/spec/#devcontainerjson
 */
export function devcontainerFiles(files: readonly string[], workspace: Workspace): readonly (readonly string[])[] {
  const folders = new Set(files.flatMap((file) => [parentPath(file), parentPath(parentPath(file))]));
  const found: (readonly string[])[] = [];
  for (const folder of folders) {
    for (const place of PLACES) {
      const path = joinPath(folder, place);
      if (workspace.fs.stat(path)?.kind !== "file") continue;
      const names = composeFilesOf(workspace.source(path)?.text ?? "");
      if (names.length > 0) found.push(names.map((name) => resolvePath(parentPath(path), name)));
    }
  }
  return found;
}

/** The value of `dockerComposeFile`: a text or a list of texts; empty when there is none, or the file is not valid. */
function composeFilesOf(text: string): readonly string[] {
  let data: unknown;
  try {
    data = JSON.parse(withoutComments(text));
  } catch {
    // An editor's own file: whether it is valid is for the editor to say.
    return [];
  }
  const value = typeof data === "object" && data !== null ? Object.entries(data).find(isComposeEntry)?.[1] : undefined;
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function isComposeEntry([key]: readonly [string, unknown]): boolean {
  return key === "dockerComposeFile";
}

/** JSON from JSON with comments and commas before closing brackets; texts are left alone. */
function withoutComments(text: string): string {
  const bare = text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\//g, (piece) =>
    piece.startsWith("/") ? " " : piece,
  );
  return bare.replace(/"(?:[^"\\\n]|\\.)*"|,(?=\s*[\]}])/g, (piece) => (piece === "," ? "" : piece));
}
