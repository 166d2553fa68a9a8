import { isRubyServer, pythonBuffer, telemetrySwitch } from "../data/runtime-variables.js";
import type { Invocation } from "../shell/model.js";
import type { Edit, Range } from "../text/source.js";
import type { Build, Project, StageView } from "./model.js";
import { servingEvidence } from "./serving.js";
import { runTimeCommands, startScriptOf } from "./start-scripts.js";

/** A variable that a program of an image reads, and that nothing sets. */
export interface MissingVariable {
  readonly kind: "basics" | "telemetry" | "tuning";
  /** What happens without it, for messages. */
  readonly fact: string;
  /** How to mend it, for messages. */
  readonly remedy: string;
  readonly range: Range;
  /** `NAME=value` words for an ENV; undefined when a variable is not all that it takes. */
  readonly words: string | undefined;
  readonly stage: StageView;
  /** The last step that the variable would change; undefined when it may stand before all. */
  readonly after?: Range | undefined;
  /** Where another stage sets it, which this one does not start from. */
  readonly elsewhere?: Range | undefined;
  /** Whether it may well do no harm. */
  readonly isPossible?: boolean;
}

/** Variables that the runtimes of a build want and do not get, by kind. */
export function* missingVariables(
  build: Build,
  project: Project,
  groups: readonly string[],
): Iterable<MissingVariable> {
  const { target } = build;
  if (target === undefined || target.isWindows) return;
  if (groups.includes("basics")) yield* basics(target, project);
  if (groups.includes("telemetry")) yield* telemetry(build);
  if (groups.includes("tuning")) yield* tuning(target, project);
}

/** Whether nothing sets a variable: no instruction, no service, and the base is known not to. */
function isUnset(stage: StageView, name: string): boolean {
  if (stage.evaluated.lookup(name).kind !== "unset") return false;
  return stage.build.services.every(
    ({ environment, envFiles }) => envFiles.length === 0 && environment.get(name) === undefined,
  );
}

function setElsewhere({ build, lineage }: StageView, name: string): Range | undefined {
  for (const stage of build.stages) {
    const setting = lineage.includes(stage) ? undefined : stage.evaluated.env.get(name);
    if (setting !== undefined) return setting.pair.range;
  }
  return undefined;
}

function* basics(target: StageView, project: Project): Iterable<MissingVariable> {
  const program = startedProgram(target);
  if (program === undefined) return;
  const range = target.stage.from.keywordRange;
  const base = { kind: "basics", range, stage: target } as const;
  const { name = "", args } = program;
  const buffer = pythonBuffer(name);
  if (buffer !== undefined) {
    const isUnbuffered =
      args.some(({ shape }) => shape === "-u" || /^-[a-zA-Z]*u[a-zA-Z]*$/.test(shape)) && name.startsWith("python");
    if (isUnbuffered || !isUnset(target, "PYTHONUNBUFFERED")) return;
    // Who may not write beside the source tries to for each start.
    const isReader = target.user.isRoot === "no" && isUnset(target, "PYTHONDONTWRITEBYTECODE");
    const words = isReader ? "PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1" : "PYTHONUNBUFFERED=1";
    const fact = "Python buffers its output in this image";
    const elsewhere = setElsewhere(target, "PYTHONUNBUFFERED");
    yield { ...base, fact, remedy: `set \`${words}\``, words, elsewhere, isPossible: buffer === "prints" };
  } else if (isNodeServer(program)) {
    if (!isUnset(target, "NODE_ENV") || servingEvidence(target, project) === undefined) return;
    const words = "NODE_ENV=production";
    const fact = "Node.js runs as in development in this image";
    const elsewhere = setElsewhere(target, "NODE_ENV");
    const after = lastNodeRun(target);
    yield { ...base, fact, remedy: `set \`${words}\``, words, elsewhere, after };
  } else if (name === "dotnet" && target.image?.name.startsWith("mcr.microsoft.com/") === false) {
    if (!isUnset(target, "DOTNET_RUNNING_IN_CONTAINER")) return;
    const words = "DOTNET_RUNNING_IN_CONTAINER=true";
    yield { ...base, fact: ".NET does not know that it runs in a container", remedy: `set \`${words}\``, words };
  }
}

/** The program that a container starts; that of CMD where ENTRYPOINT is a wrapper of which nothing is known. */
function startedProgram({ entrypoint, command }: StageView): Invocation | undefined {
  const [entry] = entrypoint?.commands ?? [];
  if (
    entry !== undefined &&
    entry.name !== "tini" &&
    entry.name !== "dumb-init" &&
    entry.name?.endsWith(".sh") !== true
  ) {
    return entry;
  }
  return command?.commands[0] ?? entry;
}

const NODE_MANAGERS: ReadonlySet<string> = new Set(["npm", "yarn", "pnpm"]);

/** `node server.js`, `npm start`, `yarn run start:prod`; scripts for development are none. */
function isNodeServer({ name = "", args }: Invocation): boolean {
  if (name === "node" || name === "nodejs")
    return !args.some(({ shape }) => shape.startsWith("--watch") || shape === "--version");
  if (!NODE_MANAGERS.has(name)) return false;
  const [first, second] = args.filter(({ shape }) => !shape.startsWith("-")).map(({ value }) => value ?? "");
  const script = first === "run" ? second : first;
  return script !== undefined && (script === "start" || script === "serve" || script.startsWith("start:prod"));
}

/** The last RUN of a stage that calls a package manager of Node.js: production leaves out what a build needs. */
function lastNodeRun({ runs }: StageView): Range | undefined {
  const run = runs.findLast(
    ({ isOnbuild, commands }) => !isOnbuild && commands.some(({ name }) => isNodeManager(name)),
  );
  return run?.instruction.range;
}

function isNodeManager(name: string | undefined): boolean {
  return name !== undefined && (NODE_MANAGERS.has(name) || name === "bun" || name === "npx");
}

function* telemetry(build: Build): Iterable<MissingVariable> {
  const seen = new Set<string>();
  for (const stage of build.closure) {
    for (const run of stage.runs) {
      for (const invocation of run.commands) {
        const program = programOf(invocation);
        const choice = program === undefined ? undefined : telemetrySwitch(program);
        if (choice === undefined || seen.has(choice.variable)) continue;
        const { variable, value, tool } = choice;
        if (run.step.lookup(variable).kind !== "unset" || isAssigned(run.commands, variable)) continue;
        seen.add(variable);
        const words = `${variable}=${value}`;
        const fact = `${tool} sends usage data from this build`;
        yield { kind: "telemetry", fact, remedy: `set \`${words}\``, range: invocation.nameRange, words, stage };
      }
    }
  }
}

/** `next` also in `npx next build`. */
function programOf({ name, args }: Invocation): string | undefined {
  if (name !== "npx" && name !== "bunx") return name;
  return args.find(({ shape }) => !shape.startsWith("-"))?.value;
}

function isAssigned(commands: readonly Invocation[], variable: string): boolean {
  return commands.some(({ assignments }) => assignments.some(({ name }) => name === variable));
}

function* tuning(target: StageView, project: Project): Iterable<MissingVariable> {
  yield* jemalloc(target, project);
  yield* yjit(target);
  yield* opcache(target);
}

const JEMALLOC: ReadonlySet<string> = new Set(["libjemalloc2", "libjemalloc1", "libjemalloc-dev", "jemalloc"]);

function* jemalloc(target: StageView, project: Project): Iterable<MissingVariable> {
  const installed = installOf(target, (name) => JEMALLOC.has(name));
  if (installed === undefined || !isUnset(target, "LD_PRELOAD") || !isUnset(target, "MALLOC_CONF")) return;
  const views = [target.entrypoint, target.command];
  if (views.some((view) => view !== undefined && startScriptOf(view, target, project).kind === "unread")) return;
  for (const { words, assignments } of runTimeCommands(target, project)) {
    if (words.some(({ shape }) => shape.includes("jemalloc"))) return;
    if (assignments.some(({ name }) => name === "LD_PRELOAD")) return;
  }
  const fact = "jemalloc is installed, and nothing loads it";
  yield { kind: "tuning", fact, remedy: "name it in `LD_PRELOAD`", range: installed, words: undefined, stage: target };
}

function installOf(target: StageView, isMeant: (name: string) => boolean): Range | undefined {
  for (const { runs } of target.lineage) {
    for (const run of runs) {
      for (const { action, packages } of run.packages) {
        if (action !== "install") continue;
        const found = packages.find(({ name }) => name !== undefined && isMeant(name));
        if (found !== undefined) return found.range;
      }
    }
  }
  return undefined;
}

function* yjit(target: StageView): Iterable<MissingVariable> {
  const { image } = target;
  if (image?.name !== "docker.io/library/ruby" || image.tag === undefined) return;
  const match = /^(\d+)\.(\d+)/.exec(image.tag);
  if (match === null || Number(match[1]) < 3 || (match[1] === "3" && Number(match[2]) < 3)) return;
  const commands = [...(target.entrypoint?.commands ?? []), ...(target.command?.commands ?? [])];
  const isServer = commands.some(({ words }) =>
    words.some(({ value }) => value !== undefined && isRubyServer(value.slice(value.lastIndexOf("/") + 1))),
  );
  if (!isServer || commands.some(({ words }) => words.some(({ shape }) => shape.includes("yjit")))) return;
  if (!isUnset(target, "RUBY_YJIT_ENABLE") || !isUnset(target, "RUBYOPT") || !isUnset(target, "RUBY_OPT")) return;
  const words = "RUBY_YJIT_ENABLE=1";
  const range = target.stage.from.keywordRange;
  yield {
    kind: "tuning",
    fact: "Ruby compiles nothing in this image",
    remedy: `set \`${words}\``,
    range,
    words,
    stage: target,
  };
}

/** opcache is built, and switched on by a script of the image only; from PHP 8.5 on it is always there. */
function* opcache(target: StageView): Iterable<MissingVariable> {
  const { image } = target;
  if (image?.name !== "docker.io/library/php" || image.tag === undefined) return;
  if (!image.tag.includes("fpm") && !image.tag.includes("apache")) return;
  const match = /^(\d+)\.(\d+)/.exec(image.tag);
  if (match !== null && (Number(match[1]) > 8 || (match[1] === "8" && Number(match[2]) >= 5))) return;
  for (const { runs, copies } of target.lineage) {
    if (runs.some(({ instruction, facts }) => instruction.text.includes("opcache") || facts.opaque !== undefined))
      return;
    if (copies.some(({ destination }) => destination === undefined || destination.includes("/php"))) return;
  }
  yield {
    kind: "tuning",
    fact: "PHP compiles each file anew for each request",
    remedy: "run `docker-php-ext-install opcache`",
    range: target.stage.from.keywordRange,
    words: undefined,
    stage: target,
  };
}

/** Inserts an ENV behind FROM and the ARGs that follow it, or behind the step named; undefined inside of another file. */
export function envFor({ stage, words, after }: MissingVariable): Edit | undefined {
  if (words === undefined || stage.build.dockerfile.source.embedding !== undefined) return undefined;
  const { from, instructions } = stage.stage;
  let last: Range = after ?? from.range;
  for (const { keyword, range } of after === undefined ? instructions : []) {
    if (keyword !== "ARG") break;
    last = range;
  }
  const { source, end } = last;
  return { range: source.range(end, end), text: `${source.lineBreak}ENV ${words}` };
}
