import { resolvePath } from "../dockerfile/container-path.js";
import { isWithin } from "../files/path.js";
import type { Invocation } from "../shell/model.js";
import { optionTable, readOptions } from "../shell/options.js";
import type { Range } from "../text/source.js";
import type { Build, CopyView, RunView, StageView } from "./model.js";

/** A command that compiles for the processor it runs on, in a stage of the platform that builds, and what takes its result. */
export interface NativeBuild {
  /** In the user's words: `go build`. */
  readonly what: string;
  readonly range: Range;
  readonly stage: StageView;
  /** The COPY that takes the result into a stage of the target platform. */
  readonly copy: CopyView;
}

/** A compiler's call: what it is called, and the absolute path of what it writes; undefined when that is unknown. */
interface Compilation {
  readonly what: string;
  readonly range: Range;
  readonly output: string | undefined;
}

const GO = optionTable("-o -C -tags -ldflags -gcflags -asmflags -mod -modfile -p -buildmode -overlay -pgo", "single");
const CARGO = optionTable(
  "--target-dir --root --bin -p --package --features --manifest-path --profile -j --jobs --path --git --config -Z",
);
const CC = optionTable("-o -I -L -l -D -include -std -x -isystem", "single");
const DOTNET = optionTable(
  "-o --output -c --configuration -r --runtime -f --framework -v --verbosity -a --arch --os -p",
);

/** Variables that choose another processor than the compiler's own. */
const CROSS_VARIABLES = ["GOARCH", "GOOS", "CARGO_BUILD_TARGET", "CC", "CXX"] as const;

/** Compilations of a build whose result ships for the wrong processor, in order. */
export function* nativeBuilds(build: Build): Iterable<NativeBuild> {
  for (const stage of build.closure) {
    if (!isOnBuildPlatform(stage) || choosesTarget(stage)) continue;
    for (const run of stage.runs) {
      if (run.isOnbuild || crosses(run)) continue;
      for (const invocation of run.commands) {
        const compiled = compilationOf(invocation, run);
        if (compiled?.output === undefined) continue;
        const copy = takerOf(compiled.output, stage, build);
        if (copy !== undefined) yield { what: compiled.what, range: compiled.range, stage, copy };
      }
    }
  }
}

function platformOf({ lineage, build }: StageView): StageView["evaluated"] | undefined {
  return lineage.findLast((member) => member.build === build)?.evaluated;
}

/** `FROM --platform=$BUILDPLATFORM`, of the stage or of the one that it begins with. */
function isOnBuildPlatform(stage: StageView): boolean {
  const { platform } = platformOf(stage) ?? {};
  return platform?.uses.length === 1 && platform.uses[0]?.name === "BUILDPLATFORM" && platform.pieces.length <= 1;
}

/** No platform, or the target's own: what ships is of the platform that was asked for. */
function isOnTargetPlatform(stage: StageView): boolean {
  const evaluated = platformOf(stage);
  if (evaluated === undefined) return false;
  const { platform, platformFlag } = evaluated;
  return platformFlag === undefined || (platform?.uses.length === 1 && platform.uses[0]?.name === "TARGETPLATFORM");
}

/** Whether a stage or one that it begins with asks for the target, or sets what compilers read. */
function choosesTarget(stage: StageView): boolean {
  if (CROSS_VARIABLES.some((name) => stage.evaluated.env.has(name))) return true;
  return stage.lineage.some(({ stage: { instructions } }) =>
    instructions.some(
      (instruction) =>
        instruction.keyword === "ARG" &&
        instruction.pairs.some(({ key }) => /^(?:TARGET|GOARCH|GOOS|CARGO_BUILD_TARGET|RID|RUNTIME)/.test(key.raw)),
    ),
  );
}

/** Whether a RUN says anything of another processor. */
function crosses({ commands, script }: RunView): boolean {
  if (script?.partial === true || script?.skipped !== undefined) return true;
  return commands.some(
    ({ name, words, assignments, wrappers }) =>
      name?.startsWith("xx-") === true ||
      wrappers.some((wrapper) => wrapper.name.startsWith("xx-")) ||
      assignments.some((assignment) => CROSS_VARIABLES.some((variable) => variable === assignment.name)) ||
      words.some(({ shape }) => /^(?:--target(?:=|$)|--arch|-a$|GOARCH=|-target)|TARGET/.test(shape)),
  );
}

function compilationOf(invocation: Invocation, run: RunView): Compilation | undefined {
  const { name, nameRange } = invocation;
  const folder = run.commands.some((other) => other.name === "cd" || other.name === "pushd") ? undefined : run.workdir;
  const resolve = (path: string | undefined): string | undefined =>
    path === undefined ? undefined : resolvePath(folder, path);
  switch (name) {
    case "go": {
      const { verb, find, has } = methodsOf(invocation, GO);
      if (verb !== "build" || has("-C")) return undefined;
      return { what: "go build", range: nameRange, output: resolve(has("-o") ? find("-o") : ".") };
    }
    case "cargo": {
      const { verb, find, has } = methodsOf(invocation, CARGO);
      if (verb === "install") {
        return { what: "cargo install", range: nameRange, output: resolve(has("--root") ? find("--root") : CARGO_BIN) };
      }
      if (verb !== "build" && verb !== "b") return undefined;
      return {
        what: "cargo build",
        range: nameRange,
        output: resolve(has("--target-dir") ? find("--target-dir") : "target"),
      };
    }
    case "gcc":
    case "g++":
    case "cc":
    case "c++":
    case "clang": {
      const { find, has } = methodsOf(invocation, CC);
      return has("-c") || !has("-o") ? undefined : { what: name, range: nameRange, output: resolve(find("-o")) };
    }
    case "dotnet": {
      const { verb, find, has } = methodsOf(invocation, DOTNET);
      const isFixed = find("-r", "--runtime") !== undefined;
      if (verb !== "publish" || !isFixed || !has("-o", "--output")) return undefined;
      return { what: "dotnet publish -r", range: nameRange, output: resolve(find("-o", "--output")) };
    }
    default:
      return undefined;
  }
}

const CARGO_BIN = "/usr/local/cargo/bin";

function methodsOf(invocation: Invocation, table: ReturnType<typeof optionTable>) {
  const read = readOptions(invocation, table);
  return {
    verb: read.verb?.value,
    find: (...names: readonly string[]) => read.find(...names)?.value,
    has: (...names: readonly string[]) => read.has(...names),
  };
}

/** The COPY that brings a path of a stage into one of the target platform, through other stages too. */
function takerOf(output: string, stage: StageView, build: Build): CopyView | undefined {
  const outputs = [{ stage, path: output }];
  // What is moved inside of the stage is looked for at both places.
  for (const path of movedTo(output, stage)) outputs.push({ stage, path });
  for (const found of outputs) {
    for (const taker of build.closure) {
      for (const copy of taker.copies) {
        if (copy.from.kind !== "stage" || !holds(copy.from.stage, found.stage)) continue;
        if (!copy.sources.some(({ path }) => path !== undefined && covers(path, found.path))) continue;
        if (isOnTargetPlatform(taker)) return copy;
        if (copy.destination !== undefined && outputs.length < MOST_HOPS) {
          outputs.push({ stage: taker, path: copy.destination });
        }
      }
    }
  }
  return undefined;
}

const MOST_HOPS = 16;

function holds(copied: StageView, stage: StageView): boolean {
  return copied === stage || copied.lineage.includes(stage);
}

/** Whether a source of COPY takes a path, or something below it. */
function covers(source: string, output: string): boolean {
  const path = resolvePath("/", source.replace(/[*?[].*$/, ""));
  return path !== undefined && path !== "/" && (isWithin(path, output) || isWithin(output, path));
}

function* movedTo(output: string, stage: StageView): Iterable<string> {
  for (const run of stage.runs) {
    if (run.commands.some(({ name }) => name === "cd" || name === "pushd")) continue;
    for (const invocation of run.commands) {
      if (invocation.name !== "cp" && invocation.name !== "mv" && invocation.name !== "install") continue;
      const paths = invocation.args.flatMap(({ value }) =>
        value === undefined || value.startsWith("-") ? [] : (resolvePath(run.workdir, value) ?? []),
      );
      const last = paths.pop();
      if (last !== undefined && paths.some((path) => isWithin(output, path))) yield last;
    }
  }
}
