import type { UnknownContext } from "../context/context.js";
import type { LineEffect } from "../context/line-effects.js";
import type { Amount, Contributor } from "../context/measure.js";
import type { BuildListing, ContextListing, SourceListing } from "../project/context-listing.js";
import type { Project } from "../project/model.js";
import type { Range } from "../text/source.js";
import { maskSecrets } from "../values/secret-spans.js";

/** What builds send, as plain data: `plimsoll context --format json`. Sizes are bytes, lines and columns 1-based. */
export interface ContextReport {
  readonly version: 1;
  /** By path and ignore file. */
  readonly contexts: readonly ReportedContext[];
  /** Builds whose context is no folder here. */
  readonly elsewhere: readonly ElsewhereContext[];
}

/** One context folder under one ignore file. */
export interface ReportedContext {
  readonly path: string;
  /** False for a guess that does not hold what the Dockerfile copies. */
  readonly isCertain: boolean;
  /** All amounts are at least what they say: a limit was hit, or something could not be read. */
  readonly isLowerBound: boolean;
  readonly ignoreFile: string | undefined;
  readonly unreadableIgnoreFile: string | undefined;
  /** Everything in the folder. */
  readonly before: Amount;
  /** What the ignore file lets through. */
  readonly after: Amount;
  /** Top folders of what it lets through. */
  readonly largestFolders: readonly Contributor[];
  readonly largestFiles: readonly Contributor[];
  readonly lines: readonly ReportedLine[];
  readonly builds: readonly ReportedBuild[];
}

/** A line of an ignore file that is no comment. */
export interface ReportedLine {
  readonly line: number;
  readonly text: string;
  /**
   * `fails`: no build succeeds with it; `nothing`: it matches nothing here; `overruled`: other lines decide about all that
   * it matches; `ignores` and `brings-back`: what `decided` counts.
   */
  readonly effect: "fails" | "nothing" | "overruled" | "ignores" | "brings-back";
  readonly matched: Amount;
  readonly decided: Amount;
}

/** What one build takes. */
export interface ReportedBuild {
  readonly labels: readonly string[];
  /** No service runs it. */
  readonly isAlone: boolean;
  readonly dockerfile: string;
  readonly target: string | undefined;
  readonly before: Amount;
  readonly after: Amount;
  readonly sources: readonly ReportedSource[];
}

/** What one COPY, ADD or bind mount takes. */
export interface ReportedSource {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly via: SourceListing["via"];
  readonly written: string;
  /** Absent when the source needs a value that nobody knows. */
  readonly taken: Amount | undefined;
  readonly ignoredFiles: number;
}

/** A context that cannot be looked at. */
export interface ElsewhereContext {
  readonly kind: "remote" | "unknown";
  readonly written: string;
  readonly labels: readonly string[];
}

type Shown = (text: string) => string;

/** Collects listings of contexts; the same folder under the same ignore file stands once. */
export class ContextReportBuilder {
  readonly #contexts = new Map<string, ReportedContext>();
  readonly #elsewhere = new Map<string, ElsewhereContext>();

  /** Adds a listing. @param secrets texts that must not be shown */
  add(listing: ContextListing, project: Project, secrets: ReadonlySet<string>): void {
    const reported = contextOf(listing, project, (text) => maskSecrets(text, secrets));
    const key = `${reported.path}\0${reported.ignoreFile ?? ""}`;
    const known = this.#contexts.get(key);
    const builds = [...(known?.builds ?? []), ...reported.builds];
    this.#contexts.set(key, { ...reported, isCertain: known?.isCertain === true || reported.isCertain, builds });
  }

  /** Adds a context that is no folder here. @param labels who builds from it */
  addElsewhere({ kind, written }: UnknownContext, labels: readonly string[], secrets: ReadonlySet<string>): void {
    const shown: Shown = (text) => maskSecrets(text, secrets);
    const key = JSON.stringify([written, labels]);
    this.#elsewhere.set(key, { kind, written: shown(written), labels: labels.map(shown) });
  }

  /** All that was added so far. */
  get report(): ContextReport {
    const keys = [...this.#contexts.keys()].sort();
    const contexts = keys.flatMap((key) => this.#contexts.get(key) ?? []);
    return { version: 1, contexts, elsewhere: [...this.#elsewhere.values()] };
  }
}

function contextOf(listing: ContextListing, project: Project, shown: Shown): ReportedContext {
  const { context, before, after, isLowerBound, largestFolders, largestFiles, builds } = listing;
  const place = (path: string | undefined) => (path === undefined ? undefined : shown(project.display(path)));
  return {
    path: shown(project.display(context.root)),
    isCertain: context.isCertain,
    isLowerBound,
    ignoreFile: place(context.ignoreFile?.path),
    unreadableIgnoreFile: place(context.unreadableIgnoreFile),
    before,
    after,
    largestFolders: largestFolders.map((each) => ({ ...each, path: shown(each.path) })),
    largestFiles: largestFiles.map((each) => ({ ...each, path: shown(each.path) })),
    lines: linesOf(listing, shown),
    builds: builds.map((build) => buildOf(build, shown)),
  };
}

const NONE: Amount = { sizeBytes: 0, files: 0 };

function linesOf({ lines, problems }: ContextListing, shown: Shown): readonly ReportedLine[] {
  const broken = problems.map(({ range }): ReportedLine => {
    const { line } = range.source.positionAt(range.start);
    const text = range.source.slice(range.source.lineSpan(line) ?? range);
    return { line, text: shown(text.trim()), effect: "fails", matched: NONE, decided: NONE };
  });
  return [...lines.map((line) => lineOf(line, shown)), ...broken].sort((a, b) => a.line - b.line);
}

function lineOf(effect: LineEffect, shown: Shown): ReportedLine {
  const { pattern, matched, decided } = effect;
  const { line } = pattern.range.source.positionAt(pattern.range.start);
  return { line, text: shown(pattern.written), effect: effectOf(effect), matched, decided };
}

function effectOf({ pattern, matched, decided, isEmptyFolder }: LineEffect): ReportedLine["effect"] {
  if (matched.files === 0 && !isEmptyFolder) return "nothing";
  if (matched.files > 0 && decided.files === 0) return "overruled";
  return pattern.isException ? "brings-back" : "ignores";
}

function buildOf({ build, before, after, sources }: BuildListing, shown: Shown): ReportedBuild {
  return {
    labels: build.labels.map(shown),
    isAlone: build.services.length === 0,
    dockerfile: shown(build.dockerfile.source.range(0, 0).source.path),
    target: build.targetName === undefined ? undefined : shown(build.targetName),
    before,
    after,
    sources: sources.map((source) => sourceOf(source, shown)),
  };
}

function sourceOf({ range, written, via, taken, ignoredFiles }: SourceListing, shown: Shown): ReportedSource {
  return { ...placeOf(range), via, written: shown(written), taken, ignoredFiles };
}

function placeOf({ source, start }: Range) {
  return { path: source.path, ...source.positionAt(start) };
}
