/**
 * How much of a Compose file and of what it brings in is read: `compose/stay-within-limits`. A file beyond them is
 * reported and left alone, so that no input can make a run slow or large.
 */
export const LIMITS = {
  /** UTF-16 code units of one file. */
  fileLength: 1 << 20,
  /** Collections inside collections. */
  nesting: 64,
  /** Nodes of one file, aliases counted as what they stand for, and each 64 UTF-16 code units of a scalar as one more. */
  nodes: 100_000,
  /** Lexical tokens of one file: bounds the parser's work on texts of line breaks and indicators. */
  lexemes: 500_000,
  /** Files that `include` and `extends` bring into one variant. */
  files: 200,
  /** Files or services that lead to each other through `include` and `extends`. */
  depth: 20,
  /**
   * UTF-16 code units of all files that `include` and `extends` bring into one variant: a file counts once for each
   * folder and environment that it is read with.
   */
  filesLength: 2 << 20,
  /** Entries and items that merging may create in one variant, and nodes that services inherit. */
  mergedNodes: 200_000,
  /** Services of one variant. */
  services: 2000,
  /** UTF-16 code units of one scalar after its variables are put in. */
  interpolatedLength: 64 * 1024,
  /** UTF-16 code units that variables may add to one file; beyond them no variable of it is known. */
  interpolatedGrowth: 4 << 20,
  /** `${…}` inside the default of a `${…}`. */
  interpolationNesting: 32,
} as const;
