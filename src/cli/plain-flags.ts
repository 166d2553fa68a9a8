/** Flags of `lint` without a value, and what they set. */
const SWITCHES: ReadonlyMap<string, readonly [name: string, value: boolean]> = new Map([
  ["--no-config", ["config", false]],
  ["--no-inline-config", ["inlineConfig", false]],
  ["--require-reason", ["requireReason", true]],
  ["--fix", ["fix", true]],
  ["--unsafe-fixes", ["unsafeFixes", true]],
  ["--diff", ["diff", true]],
  ["--force-exclude", ["forceExclude", true]],
  ["--quiet", ["quiet", true]],
  ["--verbose", ["verbose", true]],
  ["--no-color", ["color", false]],
  ["--timing", ["timing", true]],
]);

/** Flags of `lint` that take one value. */
const SINGLE: ReadonlyMap<string, string> = new Map([
  ["-o", "output"],
  ["--output", "output"],
  ["--config", "config"],
  ["--role", "role"],
  ["--target", "target"],
  ["--context", "context"],
  ["--fail-on", "failOn"],
  ["--min-confidence", "minConfidence"],
  ["--stdin-filename", "stdinFilename"],
]);

/** Flags of `lint` that may be given several times. */
const REPEATED: ReadonlyMap<string, string> = new Map([
  ["-f", "format"],
  ["--format", "format"],
  ["--preset", "preset"],
  ["--rule", "rule"],
  ["--only", "only"],
  ["--skip", "skip"],
  ["--build-arg", "buildArg"],
]);

/** A command line of paths and flags as commander gives them. */
export interface PlainWords {
  readonly paths: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Reads a command line that is written the plain way: paths, whole flags, values as words of their own. It spares most
 * runs from loading commander, which takes longer than linting a file and stays the judge of everything else.
 *
 * @returns undefined for a command line that needs commander: other spellings, and every mistake
 */
export function readPlainWords(words: readonly string[], commands: ReadonlySet<string>): PlainWords | undefined {
  const paths: string[] = [];
  const values: Record<string, unknown> = {};
  const lists: Record<string, string[]> = {};
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (word === "-" || !word.startsWith("-")) {
      if (paths.length === 0 && commands.has(word)) return undefined;
      paths.push(word);
      continue;
    }
    const toggle = SWITCHES.get(word);
    if (toggle !== undefined) {
      values[toggle[0]] = toggle[1];
      continue;
    }
    at += 1;
    const value = words[at];
    if (value === undefined || value.startsWith("-")) return undefined;
    const list = REPEATED.get(word);
    const single = SINGLE.get(word);
    if (list !== undefined) {
      lists[list] ??= [];
      lists[list].push(value);
    } else if (single !== undefined) values[single] = value;
    else return undefined;
  }
  return { paths, values: { ...values, ...lists } };
}
