import { baseName, parentPath } from "../files/path.js";
import type { Source } from "../text/source.js";

const SWARM_WORDS: ReadonlySet<string> = new Set(["swarm", "stack"]);

/** Whether the name of a Compose file, or of its folder, says that `docker stack deploy` reads it. */
export function isSwarmFile({ file }: Source): boolean {
  return hasSwarmWord(baseName(file)) || hasSwarmWord(baseName(parentPath(file)));
}

/** Whether a word of a name is `swarm` or `stack`. */
export function hasSwarmWord(name: string): boolean {
  const text = name.toLowerCase();
  // Spares nearly every name the splitting.
  if (!text.includes("swarm") && !text.includes("stack")) return false;
  return text.split(/[._-]/).some((word) => SWARM_WORDS.has(word));
}
