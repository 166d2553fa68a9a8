import { BuildContext } from "../context/context.js";
import type { IgnorePattern } from "../context/ignore-file.js";
import { contextPath } from "../context/reach.js";
import type { Range } from "../text/source.js";
import { hasGlobMeta } from "../values/glob.js";
import { sourcesOf } from "./build-reach.js";
import type { Build, CopyView, RunView, StageView } from "./model.js";

/** A source of COPY, ADD or a bind mount that its ignore file leaves out altogether. */
export interface IgnoredSource {
  readonly stage: StageView;
  readonly via: "COPY" | "ADD" | "mount";
  /** As the builder sees it, cleaned and relative to the context; `.` for all of it. */
  readonly path: string;
  readonly range: Range;
  readonly isGlob: boolean;
  /** The folder that it is taken from: the context of the build, or one that the Compose file adds. */
  readonly context: BuildContext;
  /** The line that decides. */
  readonly pattern: IgnorePattern;
}

interface TakenSource extends Pick<IgnoredSource, "stage" | "via" | "range"> {
  readonly written: string;
  readonly context: BuildContext;
}

/** Sources of all stages of a build of which the ignore file lets nothing through, in order. Unknown sources are left out. */
export function* ignoredSources(build: Build): Iterable<IgnoredSource> {
  const { context, services } = build;
  const hasOthers = services.some((service) => (service.build?.additionalContexts.length ?? 0) > 0);
  if (context.kind === "local" && context.ignoreFile === undefined && !hasOthers) return;
  const contexts = new NamedContexts(build);
  for (const stage of build.stages) {
    for (const layer of stage.layers) {
      const taken = layer.kind === "copy" ? ofCopy(layer.copy, contexts) : ofRun(layer.run, contexts);
      for (const source of taken) {
        const path = contextPath(source.written);
        const pattern = decidingPattern(source.context, path);
        if (pattern === undefined) continue;
        const { via, range, context } = source;
        yield { stage, via, path, range, isGlob: hasGlobMeta(path), context, pattern };
      }
    }
  }
}

function* ofCopy(copy: CopyView, contexts: NamedContexts): Iterable<TakenSource> {
  const { from, stage } = copy;
  const name = from.kind === "named-context" ? from.name : undefined;
  if (from.kind !== "context" && name === undefined) return;
  const context = contexts.get(name);
  if (context === undefined) return;
  for (const { kind, path, range } of copy.sources) {
    if (kind === "path" && path !== undefined) {
      yield { stage, via: copy.instruction.keyword, range, written: path, context };
    }
  }
}

function* ofRun(run: RunView, contexts: NamedContexts): Iterable<TakenSource> {
  for (const mount of run.instruction.mounts) {
    if (mount.type !== "bind" || mount.source === undefined) continue;
    const from = mount.from === undefined ? undefined : run.step.expand(mount.from);
    if (from?.kind === "unknown") continue;
    const isStage = from !== undefined && run.stage.build.evaluated.findStage(from.value) !== undefined;
    const context = isStage ? undefined : contexts.get(from?.value);
    const value = run.step.expand(mount.source);
    if (context === undefined || value.kind === "unknown") continue;
    yield { stage: run.stage, via: "mount", range: mount.source.range, written: value.value, context };
  }
}

/** The line that leaves a source out; undefined when something of it gets through, or may. */
function decidingPattern(context: BuildContext, path: string): IgnorePattern | undefined {
  const matcher = context.ignoreFile?.file.matcher;
  if (matcher === undefined) return undefined;
  if (path === "." || path === "*") {
    // Whatever the name: a line that leaves out a name like this one leaves out every name.
    const { isIgnored, pattern } = context.verdict(ANY_NAME);
    return isIgnored && !matcher.hasExceptions ? pattern : undefined;
  }
  const isLost = (asked: string) => context.verdict(asked).isIgnored && !matcher.mayReincludeBelow(asked);
  if (!hasGlobMeta(path)) return isLost(path) ? context.verdict(path).pattern : undefined;
  const folder = literalFolder(path);
  if (folder !== "" && isLost(folder)) return context.verdict(folder).pattern;
  const { matches, isComplete } = context.resolveSource(path);
  const [first] = matches;
  if (first === undefined || !isComplete || !matches.every(isLost)) return undefined;
  return context.verdict(first).pattern;
}

const ANY_NAME = "~any name~";

/** The elements of a wildcard path before the first one with a wildcard. */
function literalFolder(path: string): string {
  const elements = path.split("/");
  const first = elements.findIndex((element) => hasGlobMeta(element));
  return elements.slice(0, first).join("/");
}

/** The folders that a build takes files from, by the names that `--from` uses. */
class NamedContexts {
  readonly #build: Build;
  readonly #contexts = new Map<string, BuildContext | undefined>();

  constructor(build: Build) {
    this.#build = build;
  }

  /** @param name undefined for the context of the build itself */
  get(name: string | undefined): BuildContext | undefined {
    const { context } = this.#build;
    if (context.kind !== "local") return undefined;
    if (name === undefined) return context.isCertain || this.#isLikely(context) ? context : undefined;
    if (!this.#contexts.has(name)) this.#contexts.set(name, this.#find(name, context));
    return this.#contexts.get(name);
  }

  /**
   * A folder that lacks what the Dockerfile takes is its context all the same when its ignore file names all that is
   * missing: what a build makes, and a clean checkout lacks.
   */
  #isLikely(context: BuildContext): boolean {
    if (context.ignoreFile === undefined) return false;
    for (const { written } of sourcesOf(this.#build.stages)) {
      const path = contextPath(written);
      if (!hasGlobMeta(path) && path !== "." && !context.exists(path) && context.verdict(path).pattern === undefined) {
        return false;
      }
    }
    return true;
  }

  #find(name: string, { workspace }: BuildContext): BuildContext | undefined {
    for (const { build } of this.#build.services) {
      const added = build?.additionalContexts.find((each) => each.name.toLowerCase() === name.toLowerCase());
      if (added?.kind !== "local" || added.reference === undefined) continue;
      const context = new BuildContext({ workspace, root: added.reference });
      return context.isCertain ? context : undefined;
    }
    return undefined;
  }
}
