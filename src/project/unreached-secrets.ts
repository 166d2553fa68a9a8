import { baseName } from "../files/path.js";
import type { Range } from "../text/source.js";
import { composePathsOf } from "./context-compose.js";
import type { ContextView } from "./context-view.js";
import { isExampleName } from "./file-content.js";

/** A credential file that lies in a context and that nothing takes from it. */
export interface UnreachedSecret {
  /** Relative to the context. */
  readonly path: string;
  /** Where a Compose file names it; undefined when none does. */
  readonly named: Range | undefined;
}

/**
 * Env files at the top of a context, and credentials in it that Compose files name, that no COPY, ADD or bind mount takes
 * and that the ignore file lets through. BuildKit sends none of them; builders that send the whole folder do, and so does
 * the first COPY that takes the folder.
 */
export function unreachedSecrets(view: ContextView): readonly UnreachedSecret[] {
  const { context, reach, project } = view;
  if (!context.isCertain || reach.isEverything) return [];
  const found = new Map<string, Range | undefined>();
  const listing = context.workspace.fs.readDirectory(context.root);
  for (const { name, kind } of listing.kind === "entries" ? listing.entries : []) {
    if (kind === "file" && ENV_NAME.test(name) && !isExampleName(baseName(name))) found.set(name, undefined);
  }
  for (const { kind, path, range } of composePathsOf(context, project)) {
    if (kind !== "data" && context.kindOf(path) === "file") found.set(path, range);
  }
  const secrets: UnreachedSecret[] = [];
  for (const [path, named] of found) {
    if (reach.reaches(path) || !context.includes(path) || view.contentOf(path) === "harmless") continue;
    secrets.push({ path, named });
  }
  return secrets;
}

const ENV_NAME = /^\.env(?:\.|$)/;
