import {
  CONTEXT_ROWS,
  type ContextFact,
  type ContextRow,
  type ContextRowClass,
  ENV_EXAMPLE_NAMES,
  ENV_FILE_PATTERNS,
  type RowEvidence,
} from "../data/context-rows.js";
import { baseName } from "../files/path.js";
import type { Range } from "../text/source.js";
import type { BuildContext } from "./context.js";
import { EvidenceScan, foldersOf, type ScannedEntry } from "./evidence-scan.js";
import { matcherOf, tableMatcher } from "./ignore-file.js";
import { exampleOf, type Reach } from "./reach.js";
import { filterSuggestions } from "./suggestion.js";

/** A path of the context that a Compose file names. */
export interface ComposePath {
  /** `data`: a bind mount that a container writes its data to. */
  readonly kind: "env-file" | "secret" | "data";
  /** Relative to the context, cleaned. */
  readonly path: string;
  /** Where the Compose file says so. */
  readonly range: Range;
}

/**
 * What a file turned out to hold: a `private-key`, some other `secret`, nothing of the kind (`harmless`), or `unread`
 * when it may not be opened (git ignores it).
 */
export type FileContent = "private-key" | "secret" | "harmless" | "unread";

/** What only others know about a context: instructions, manifests, git, Compose, and the content of files. */
export interface CoverageFacts {
  readonly holds: (fact: ContextFact) => boolean;
  /** Whether git ignores a path of the context, which need not exist. */
  readonly isGitIgnored: (path: string, isDirectory: boolean) => boolean;
  /** Asked for files that were found, by relative path. */
  readonly contentOf: (path: string) => FileContent;
  readonly composePaths: readonly ComposePath[];
}

/** Why a row applies. */
export interface EvidencePath {
  /** Relative to the context. */
  readonly path: string;
  /** The manifest, the content itself, a rule of git, or a line in a Compose file. */
  readonly kind: "manifest" | "found" | "git-ignored" | "compose";
  /** Where a Compose file names the path. */
  readonly range: Range | undefined;
}

/** One row of the table that applies to a context, with the answer of its ignore file. */
export interface CoverageRow {
  readonly id: string;
  readonly class: ContextRowClass;
  readonly isRequired: boolean;
  /** Whether the ignore file leaves out all that is expected. */
  readonly isCovered: boolean;
  /** Expected paths, within reach, that are not ignored. */
  readonly missing: readonly string[];
  /** Lines that would cover the row and break no COPY; empty when there are none, or nothing is missing. */
  readonly suggestions: readonly string[];
  readonly evidence: readonly EvidencePath[];
  /** Content of the row itself was seen and is not ignored; without it the row rests on evidence. */
  readonly isReal: boolean;
  /** The row is only worth a hint (a Go build may want the version from `.git`). */
  readonly isDoubtful: boolean;
}

/** What coverage is judged by. */
export interface CoverageInput {
  readonly context: BuildContext;
  /** All that the judged build takes. */
  readonly reach: Reach;
  /** All that any build sharing the ignore file takes; `reach` when absent. */
  readonly sharedReach?: Reach;
  readonly facts: CoverageFacts;
}

/** Nested manifests beyond these tell nothing new. */
const MOST_FOLDERS = 50;

/** Found paths per row; enough to name, few enough to judge. */
const MOST_FOUND = 200;

/** A single file from which on naming it helps: 10 MB. */
const LARGE_FILE_BYTES = 10_000_000;

/**
 * The rows of the table that apply to a context, in the order of the table, then those that Compose files and large
 * files give. Empty for a context that is only a guess.
 */
export function judgeCoverage(input: CoverageInput): CoverageRow[] {
  if (!input.context.isCertain) return [];
  const matcher = input.context.ignoreFile?.file.matcher;
  const scan = new EvidenceScan(input.context.workspace.fs, input.context.root, matcher);
  const rows = CONTEXT_ROWS.map((row) => judgeRow(row, scan, input));
  const all = [
    ...rows,
    judgeEnvFiles(scan, input),
    ...input.facts.composePaths.map((path) => judgeComposePath(path, input)),
  ];
  return all.filter((row) => row !== undefined);
}

/**
 * Files of at least 10 MB that a build takes without naming them, as rows. Walks the context.
 */
export function judgeLargeFiles(input: CoverageInput): CoverageRow[] {
  if (!input.context.isCertain) return [];
  const { walk } = input.context;
  const named = (input.sharedReach ?? input.reach).named;
  const isLarge = walk.files.filter((file) => {
    if (file.isIgnored || !input.reach.reaches(file.path) || named.some((source) => exampleOf(source) === file.path)) {
      return false;
    }
    return walk.sizeBytes(file) >= LARGE_FILE_BYTES;
  });
  return isLarge.flatMap(({ path }) => {
    const found: Found = { probes: [path], evidence: [{ path, kind: "found", range: undefined }], isReal: true };
    const row = conclude({ id: "large", class: "recommended", isRequired: false }, [escapePath(path)], found, input);
    return row === undefined ? [] : [row];
  });
}

interface Found {
  readonly probes: readonly string[];
  readonly evidence: readonly EvidencePath[];
  readonly isReal: boolean;
}

type RowName = Pick<ContextRow, "id" | "class" | "isRequired" | "companions"> & {
  /** The lines belong together: all are suggested when one is needed. */
  readonly isSuggestedWhole?: boolean;
};

function judgeRow(row: ContextRow, scan: EvidenceScan, input: CoverageInput): CoverageRow | undefined {
  if (row.unless.some((fact) => input.facts.holds(fact))) return undefined;
  if (row.yieldsToCopy && isNamed(row, input)) return undefined;
  const found = gather(row, scan, input);
  return found === undefined ? undefined : conclude(row, row.suggest, found, input);
}

/** Whether a COPY takes something of the kind on purpose. */
function isNamed(row: ContextRow, { reach, sharedReach }: CoverageInput): boolean {
  const { named } = sharedReach ?? reach;
  return named.some((source) => {
    const example = exampleOf(source);
    // No row that gives way to a COPY has exceptions.
    return row.suggest.some((line) => tableMatcher(line).ignores(example));
  });
}

/** Evidence and expected paths of a row; undefined when a piece of evidence is missing. */
function gather(row: ContextRow, scan: EvidenceScan, input: CoverageInput): Found | undefined {
  const evidence: EvidencePath[] = [];
  let folders = [""];
  const each: Found[] = [];
  for (const piece of row.evidence) {
    if (piece.kind === "each") {
      const found = gatherEach(row, piece.orGitIgnored, scan, input.facts);
      if (found.probes.length === 0) return undefined;
      each.push(found);
    } else if (piece.kind === "manifest") {
      const manifests = scan.filesNamed(piece.names);
      if (manifests.length === 0) return undefined;
      folders = foldersOf(manifests).slice(0, MOST_FOLDERS);
      const [first] = manifests;
      if (first !== undefined) evidence.push({ path: first.path, kind: "manifest", range: undefined });
    } else if (!holds(piece, input)) return undefined;
  }
  const expected = folders.flatMap((folder) =>
    row.probes.map((probe) => (folder === "" ? probe : `${folder}/${probe}`)),
  );
  const real = row.suggest.flatMap((line) =>
    line.startsWith("!") || row.probes.length === 0 ? [] : scan.matchedBy(line),
  );
  const isReal = each.some((found) => found.isReal) || real.some(({ path }) => isSent(path, input));
  return {
    probes: [...expected, ...each.flatMap((found) => found.probes)],
    evidence: [...evidence, ...each.flatMap((found) => found.evidence), ...evidenceOf(real.slice(0, 1))],
    isReal,
  };
}

function holds(piece: Exclude<RowEvidence, { kind: "each" | "manifest" }>, { facts, reach }: CoverageInput): boolean {
  switch (piece.kind) {
    case "always":
      return true;
    case "fact":
      return facts.holds(piece.fact);
    case "everything-reached":
      return reach.isEverything;
  }
}

function gatherEach(row: ContextRow, orGitIgnored: boolean, scan: EvidenceScan, facts: CoverageFacts): Found {
  const probes: string[] = [];
  const evidence: EvidencePath[] = [];
  let isReal = false;
  for (const line of row.suggest) {
    const needsContent = row.content !== "any" && (row.contentFor?.includes(line) ?? true);
    const entries = scan.matchedBy(line).filter((entry) => !needsContent || hasContent(entry, row, facts));
    for (const { path } of entries.slice(0, MOST_FOUND)) if (!probes.includes(path)) probes.push(path);
    evidence.push(...evidenceOf(entries));
    if (entries.length > 0) isReal = true;
    else if (orGitIgnored) {
      const path = exampleOfLine(line);
      if (!facts.isGitIgnored(path, !line.includes("*"))) continue;
      probes.push(path);
      evidence.push({ path, kind: "git-ignored", range: undefined });
    }
  }
  return { probes, evidence, isReal };
}

function hasContent({ path, kind }: ScannedEntry, row: ContextRow, facts: CoverageFacts): boolean {
  if (kind !== "file") return false;
  const content = facts.contentOf(path);
  if (content === "private-key") return true;
  return row.content === "secret" && content === "secret";
}

function evidenceOf(entries: readonly ScannedEntry[]): EvidencePath[] {
  return entries.slice(0, MOST_FOUND).map(({ path }) => ({ path, kind: "found", range: undefined }));
}

/** Environment files: by name, and by what git ignores. Those that Compose names are judged one by one. */
function judgeEnvFiles(scan: EvidenceScan, input: CoverageInput): CoverageRow | undefined {
  const { facts } = input;
  const examples = scan.filesNamed(ENV_EXAMPLE_NAMES).map(({ path }) => `!**/${baseName(path)}`);
  const lines = [...ENV_FILE_PATTERNS, ...new Set(examples)];
  const matcher = matcherOf(lines);
  const entries = scan.entries.filter(({ path, kind }) => {
    return kind !== "directory" && matcher.ignores(path) && facts.contentOf(path) !== "harmless";
  });
  const probes = new Set(entries.map(({ path }) => path));
  const evidence = evidenceOf(entries);
  const hasExample = examples.length > 0 || scan.filesNamed([".env.example"]).length > 0;
  const ignored = [".env", ".env.local"].filter((path) => facts.isGitIgnored(path, false));
  const isKnownHarmless = scan.entries.some(({ path }) => path === ".env") && !probes.has(".env");
  if (!isKnownHarmless && (hasExample || ignored.length > 0)) {
    probes.add(".env").add(".env.local");
    evidence.push(...ignored.map((path): EvidencePath => ({ path, kind: "git-ignored", range: undefined })));
  }
  const found: Found = { probes: [...probes], evidence, isReal: entries.some(({ path }) => isSent(path, input)) };
  return conclude({ id: "env", class: "secret", isRequired: false, isSuggestedWhole: true }, lines, found, input);
}

function judgeComposePath({ kind, path, range }: ComposePath, input: CoverageInput): CoverageRow | undefined {
  const isData = kind === "data";
  const named = (input.sharedReach ?? input.reach).named;
  if (isData && named.some((source) => source.reaches(path) || matcherOf([path]).ignores(exampleOf(source)))) {
    return undefined;
  }
  const exists = input.context.kindOf(path);
  if (isData && exists !== "directory") return undefined;
  if (exists === "file" && input.facts.contentOf(path) === "harmless") return undefined;
  const name: RowName = isData
    ? { id: "compose-data", class: "compose-data", isRequired: false }
    : { id: "compose-secret", class: "secret", isRequired: false };
  const probes = [isData ? `${path}/x` : path];
  const found: Found = { probes, evidence: [{ path, kind: "compose", range }], isReal: exists !== undefined };
  return conclude(name, [escapePath(path)], found, input);
}

/** Asks the ignore file about the expected paths within reach; undefined when nothing of the row is. */
function conclude(row: RowName, lines: readonly string[], found: Found, input: CoverageInput): CoverageRow | undefined {
  const { context, reach, sharedReach, facts } = input;
  const reached = [...new Set(found.probes)].filter((path) => reach.reaches(path));
  if (reached.length === 0) return undefined;
  const missing = reached.filter((path) => context.includes(path));
  const needed = missing.length === 0 ? [] : row.isSuggestedWhole === true ? lines : neededLines(lines, missing);
  const all = needed.length === 0 ? [] : [...needed, ...(row.companions ?? [])];
  return {
    id: row.id,
    class: row.class,
    isRequired: row.isRequired,
    isCovered: missing.length === 0,
    missing,
    suggestions: missing.length === 0 ? [] : filterSuggestions(all, sharedReach ?? reach),
    evidence: found.evidence,
    isReal: found.isReal,
    isDoubtful: row.id === "git" && facts.holds("stamps-go-version"),
  };
}

/** The lines that cover what is missing; with two stars in front where a line of the top misses nested paths. */
function neededLines(lines: readonly string[], missing: readonly string[]): string[] {
  const needed: string[] = [];
  let isNeeded = false;
  for (const line of lines) {
    if (line.startsWith("!")) {
      if (isNeeded) needed.push(line);
      continue;
    }
    const nested = line.includes("/") ? line : `**/${line}`;
    const atTop = tableMatcher(line);
    const everywhere = tableMatcher(nested);
    const hits = missing.filter((path) => everywhere.ignores(path));
    isNeeded = hits.length > 0;
    if (isNeeded) needed.push(hits.every((path) => atTop.ignores(path)) ? line : nested);
  }
  return needed;
}

function isSent(path: string, { context, reach }: CoverageInput): boolean {
  return reach.reaches(path) && context.includes(path);
}

/** One path that a line of the table matches. */
function exampleOfLine(line: string): string {
  return line.replace("**/", "").replaceAll("*", "x");
}

/** A path as a line that matches just it. */
export function escapePath(path: string): string {
  return path.replaceAll(/[*?[\]\\]|^[#!]/g, "\\$&");
}
