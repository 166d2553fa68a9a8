import type { Rule } from "../engine/rule.js";
import type { RunResult } from "../engine/run-result.js";
import type { RuleDocs } from "./rule-docs.js";

/** Colours of a text report: each takes a text and gives it back, with or without escape sequences around it. */
export interface Palette {
  error(text: string): string;
  warning(text: string): string;
  info(text: string): string;
  good(text: string): string;
  strong(text: string): string;
  faint(text: string): string;
}

/** A rule with its prose. */
export interface RuleEntry {
  readonly rule: Rule;
  readonly docs: RuleDocs;
}

/** What reports need to know beside the result; where it comes from is the caller's business. */
export interface ReportContext {
  /** Version of this program. */
  readonly version: string;
  /** Web address of the project, without a trailing slash; pages of rules lie below it. */
  readonly homepage: string;
  readonly palette: Palette;
  /** Path as findings have it (relative to the working directory) -> path relative to the root of the repository. */
  fromRepositoryRoot(path: string): string;
  /** Absolute path -> path relative to the working directory, with `/`. */
  display(file: string): string;
  /** A rule and its prose; undefined for an id that no rule has. Machine formats ask, text does not. */
  entry(id: string): RuleEntry | undefined;
}

/** Makes one format: data in, text out. Neither sorts nor filters. */
export type Renderer = (result: RunResult, context: ReportContext) => string;

/** The same for formats that grow with every file: the text in parts, so that it is never in memory as a whole. */
export type PartsRenderer = (result: RunResult, context: ReportContext) => Iterable<string>;

/** A palette without colours. */
export const PLAIN: Palette = {
  error: same,
  warning: same,
  info: same,
  good: same,
  strong: same,
  faint: same,
};

function same(text: string): string {
  return text;
}

/** Address of the page about a rule. */
export function ruleUrl(homepage: string, id: string): string {
  return `${homepage}/blob/main/docs/rules/${id}.md`;
}
