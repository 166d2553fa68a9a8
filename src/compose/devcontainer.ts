import { parentPath, resolvePath } from "../files/path.js";
import type { Source } from "../text/source.js";

/**
 * The Compose files that a `devcontainer.json` names in `dockerComposeFile`, as absolute paths in their order; empty when
 * it names none or cannot be read.
 *
 * @see https://containers.dev/implementors/json_reference/ (Docker Compose specific properties)
 */
export function devcontainerComposeFiles(source: Source): readonly string[] {
  const value = readProperty(source.text);
  const written = typeof value === "string" ? [value] : Array.isArray(value) ? value : [];
  const folder = parentPath(source.file);
  return written
    .filter((path) => typeof path === "string" && path !== "")
    .map((path) => resolvePath(folder, `${path}`));
}

function readProperty(text: string): unknown {
  try {
    const root: unknown = JSON.parse(asJson(text));
    const isObject = typeof root === "object" && root !== null;
    return isObject && "dockerComposeFile" in root ? root.dockerComposeFile : undefined;
  } catch {
    // What an editor writes while somebody types names no files yet.
    return undefined;
  }
}

// What is never closed ends with the text, so that no part of it is read twice.
const STRING_OR_COMMENT = /"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|,(?=\s*[}\]])/g;

/** The text without comments and trailing commas, which that file may have and JSON may not. */
function asJson(text: string): string {
  // Twice: a comment may stand between a trailing comma and its bracket.
  return withoutExtras(withoutExtras(text));
}

function withoutExtras(text: string): string {
  return text.replace(STRING_OR_COMMENT, (found) => (found.startsWith('"') ? found : " "));
}
