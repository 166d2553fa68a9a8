import { contextPath } from "../context/reach.js";
import { baseName, foldersAbove } from "../files/path.js";
import { buildEvidence } from "../shell/build-evidence.js";
import type { Range } from "../text/source.js";
import { hasGlobMeta } from "../values/glob.js";
import { sourcesOf } from "./build-reach.js";
import { dependencyInstalls } from "./dependency-installs.js";
import type { Build, CopyView, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";

/** A copy that brings the sources of a program into an image that already takes the program from a builder stage. */
export interface ShippedSource {
  readonly copy: CopyView;
  /** The source that brings them, as written. */
  readonly written: string;
  readonly range: Range;
  /** Cleaned, relative to the context; `.` for all of it. */
  readonly path: string;
  /** The copy of what was built, and the stage that built it. */
  readonly artefact: CopyView;
  readonly builder: StageView;
  /** What built it: `go build`. */
  readonly command: string;
}

/** Looks at the chain of the target of a build. */
export function shippedSources(build: Build): readonly ShippedSource[] {
  const { target, chain } = build;
  if (target === undefined || target.isWindows || build.closure.size === chain.length) return [];
  const taken = artefactsOf(chain);
  if (taken.length === 0) return [];
  const isServer = isStaticServer(target);
  const runs = isServer ? "all" : programKind(target, chain, taken);
  if (runs === "sources") return [];
  const found: ShippedSource[] = [];
  for (const stage of chain) {
    for (const copy of stage.copies) {
      if (copy.isOnbuild || copy.from.kind !== "context" || copy.instruction.exclude.length > 0) continue;
      for (const source of sourcesInCopy(copy)) {
        const match = taken.find(
          ({ builder, isFrontEnd }) => (isServer || !isFrontEnd) && hasCompiled(builder, source.path),
        );
        if (match !== undefined)
          found.push({ copy, ...source, artefact: match.copy, builder: match.builder, command: match.command });
      }
    }
  }
  return found;
}

interface Artefact {
  readonly copy: CopyView;
  readonly builder: StageView;
  readonly command: string;
  /** Made by a bundler, so that the program it belongs to may be another one. */
  readonly isFrontEnd: boolean;
}

/** The first copy from each builder. */
function artefactsOf(chain: readonly StageView[]): readonly Artefact[] {
  const found = new Map<StageView, Artefact>();
  for (const stage of chain) {
    for (const copy of stage.copies) {
      if (copy.isOnbuild || copy.from.kind !== "stage") continue;
      const builder = copy.from.stage;
      if (found.has(builder) || builder.isShipped) continue;
      const step = compiles(builder);
      if (step !== undefined) found.set(builder, { copy, builder, ...step });
    }
  }
  return [...found.values()];
}

interface CompileStep {
  readonly command: string;
  readonly isFrontEnd: boolean;
}

const known = new ModelMemo<StageView, { readonly step: CompileStep | undefined }>();

/** What a stage compiles or bundles; compiling wins. Undefined when nothing is known to. */
function compiles(stage: StageView): CompileStep | undefined {
  let answer = known.get(stage);
  if (answer === undefined) {
    answer = { step: findCompileStep(stage) };
    known.set(stage, answer);
  }
  return answer.step;
}

const COMPILERS: ReadonlySet<string> = new Set(
  "go cargo dotnet mvn mvnw gradle gradlew cmake meson swift zig mix sbt".split(" "),
);
const BUNDLERS: ReadonlySet<string> = new Set(
  "npm yarn pnpm bun npx pnpx bunx vite next nuxt ng astro vue-cli-service react-scripts".split(" "),
);
const COMPILED: ReadonlySet<string> = new Set(["go", "rust", "dotnet", "java"]);

function findCompileStep(stage: StageView): CompileStep | undefined {
  let bundle: CompileStep | undefined;
  for (const { runs } of stage.lineage) {
    for (const run of runs) {
      for (const invocation of run.commands) {
        const command = buildEvidence(invocation)?.command;
        if (command === undefined) continue;
        const end = command.indexOf(" ");
        const program = end === -1 ? undefined : command.slice(0, end);
        if (program !== undefined && COMPILERS.has(program)) return { command, isFrontEnd: false };
        if (program === undefined ? command === "tsc" || command === "webpack" : BUNDLERS.has(program)) {
          bundle ??= { command, isFrontEnd: true };
        }
      }
      const install = dependencyInstalls(run).find(
        ({ reads, ecosystem }) => reads === "tree" && COMPILED.has(ecosystem),
      );
      if (install !== undefined) return { command: install.what, isFrontEnd: false };
    }
  }
  return bundle;
}

const STATIC_SERVERS: ReadonlySet<string> = new Set(
  "nginx httpd caddy nginxinc/nginx-unprivileged joseluisq/static-web-server".split(" "),
);

function isStaticServer({ image }: StageView): boolean {
  return image !== undefined && STATIC_SERVERS.has(image.familiarName);
}

const INTERPRETERS =
  /^(?:python|pypy|node|nodejs|ruby|jruby|php|perl|bun|deno|lua|elixir|erlang|r-base|julia)(?:[\d.-].*)?$/;
/** Programs that run what lies in a source tree. */
const RUNNERS =
  /^(?:python|pypy|node|npm|npx|yarn|pnpm|bun|deno|ruby|bundle|rails|rake|puma|unicorn|php|perl|lua|mix|iex|gunicorn|uvicorn|celery|flask|django-admin|pm2|nodemon|tsx|ts-node|jupyter|streamlit|supervisord)(?:[\d.]*|-fpm)$/;

/**
 * Whether an image runs what was built, or a source tree; `sources` also when nobody can tell, because the base is unknown and
 * the command is none that was copied.
 */
function programKind(target: StageView, chain: readonly StageView[], taken: readonly Artefact[]): "built" | "sources" {
  const names = [target.entrypoint, target.command].flatMap(
    (view) => view?.commands.flatMap(({ name }) => name ?? []) ?? [],
  );
  if (names.some((name) => name === "node" || name === "python" || RUNNERS.test(name))) return "sources";
  const { image } = target;
  if (image !== undefined && INTERPRETERS.test(image.familiarName)) return "sources";
  const installs = chain.flatMap(({ runs }) =>
    runs.flatMap(({ packages }) => packages.flatMap((each) => each.packages)),
  );
  if (installs.some(({ name }) => name !== undefined && INTERPRETERS.test(name))) return "sources";
  const isTaken = names.some((name) =>
    taken.some(
      ({ copy }) =>
        baseName(copy.destination ?? "") === name ||
        copy.sources.some(({ path }) => path !== undefined && baseName(path) === name),
    ),
  );
  return isTaken || target.isScratch || target.facts !== undefined ? "built" : "sources";
}

/** Folders that hold code by their name. */
const CODE: ReadonlySet<string> = new Set(["src", "source", "sources", "cmd", "internal", "pkg"]);

interface CopiedSource {
  readonly written: string;
  readonly range: Range;
  readonly path: string;
}

function sourcesInCopy({ sources }: CopyView): readonly CopiedSource[] {
  return sources.flatMap(({ kind, path: written, range }): CopiedSource[] => {
    if (kind !== "path" || written === undefined) return [];
    const path = contextPath(written);
    if (path === "." || path === "*") return [{ written, range, path: "." }];
    return !hasGlobMeta(path) && CODE.has(baseName(path)) ? [{ written, range, path }] : [];
  });
}

/** Folders of the context that a builder takes. */
interface Taken {
  readonly paths: ReadonlySet<string>;
  /** All of the context, or a folder of code. */
  readonly hasCode: boolean;
}

const knownTaken = new ModelMemo<StageView, Taken>();

/** Whether a builder takes a folder of the context; for the whole context any folder of code in it will do. */
function hasCompiled(builder: StageView, path: string): boolean {
  let taken = knownTaken.get(builder);
  if (taken === undefined) {
    taken = takenBy(builder);
    knownTaken.set(builder, taken);
  }
  if (path === ".") return taken.hasCode;
  const { paths } = taken;
  return paths.has(".") || paths.has(path) || foldersAbove(path).some((folder) => paths.has(folder));
}

function takenBy(builder: StageView): Taken {
  const paths = new Set<string>();
  for (const { written } of sourcesOf(builder.lineage.filter(({ build }) => build === builder.build))) {
    const path = contextPath(written);
    paths.add(path === "*" ? "." : path);
  }
  return { paths, hasCode: [...paths].some((path) => path === "." || CODE.has(baseName(path))) };
}
