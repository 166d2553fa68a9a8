import type { Source } from "../text/source.js";
import type { Directive, EscapeCharacter, Problem } from "./model.js";

/** The directives of a file, and what follows from them. */
export interface Directives {
  readonly directives: readonly Directive[];
  readonly escape: EscapeCharacter;
  /** 1-based numbers of the lines that are directives, so no comments. */
  readonly lines: ReadonlySet<number>;
  readonly problems: readonly Problem[];
}

const HASH_LINE = /^[^\S\n]*#[^\S\n]*([a-zA-Z][a-zA-Z0-9]*)[^\S\n]*=[^\S\n]*(\S[^\n]*)$/;
const SLASH_LINE = /^\/\/[^\S\n]*([a-zA-Z][a-zA-Z0-9]*)[^\S\n]*=[^\S\n]*(\S[^\n]*)$/;
const KNOWN: ReadonlySet<string> = new Set(["syntax", "escape", "check"]);

/**
 * Reads the directives at the top of a file. The first line that is not of the form `# name=value` ends them.
 *
 * Two readers of the builder differ: the one that chooses the frontend passes over a `#!` first line and also takes
 * `// syntax=…`; the one that reads the file itself does neither, so that no `# escape=` counts below a `#!` line.
 *
 * @see https://github.com/moby/buildkit/blob/v0.20.2/frontend/dockerfile/parser/directives.go
 */
export function readDirectives(source: Source): Directives {
  const { text } = source;
  const directives: Directive[] = [];
  const problems: Problem[] = [];
  const lines = new Set<number>();
  const seen = new Set<string>();
  let escapeCharacter: EscapeCharacter = "\\";
  let start = 0;
  let line = 1;
  const hasShebang = text.startsWith("#!");
  if (hasShebang) {
    start = lineEnd(text, 0) + 1;
    line = 2;
  }
  for (; start < text.length; line += 1) {
    const end = lineEnd(text, start);
    const directive = readLine(source, HASH_LINE, start, end);
    if (directive === undefined) break;
    start = end + 1;
    if (!hasShebang) lines.add(line);
    if (hasShebang && directive.name === "escape") continue;
    directives.push(directive);
    if (!KNOWN.has(directive.name)) continue;
    if (seen.has(directive.name)) {
      const message = `\`${directive.name}\` is set twice; keep one \`# ${directive.name}=\` line`;
      problems.push({ kind: "directive", message, range: directive.range, keyword: undefined });
      continue;
    }
    seen.add(directive.name);
    if (directive.name !== "escape") continue;
    if (directive.value === "\\" || directive.value === "`") escapeCharacter = directive.value;
    else {
      const message = "`escape` is neither `\\` nor a backtick; choose one of the two";
      problems.push({ kind: "directive", message, range: directive.valueRange, keyword: undefined });
    }
  }
  if (directives.length === 0) directives.push(...readSlashDirectives(source, start));
  return { directives, escape: escapeCharacter, lines, problems };
}

/** Directives of frontends whose comments begin with `//`. The lines stay instructions to the Dockerfile's own reader. */
function readSlashDirectives(source: Source, from: number): Directive[] {
  const directives: Directive[] = [];
  for (let start = from; source.text.startsWith("//", start); ) {
    const end = lineEnd(source.text, start);
    const directive = readLine(source, SLASH_LINE, start, end);
    if (directive === undefined) break;
    if (directive.name !== "escape") directives.push(directive);
    start = end + 1;
  }
  return directives;
}

function readLine(source: Source, pattern: RegExp, start: number, end: number): Directive | undefined {
  const line = source.text.slice(start, end).trimEnd();
  const match = pattern.exec(line);
  if (match === null) return undefined;
  const [, name = "", value = ""] = match;
  const first = line.search(/\S/);
  const nameStart = start + line.indexOf(name, first);
  const valueStart = start + line.length - value.length;
  return {
    name: name.toLowerCase(),
    value,
    range: source.range(start + first, start + line.length),
    nameRange: source.range(nameStart, nameStart + name.length),
    valueRange: source.range(valueStart, start + line.length),
  };
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end < 0 ? text.length : end;
}
