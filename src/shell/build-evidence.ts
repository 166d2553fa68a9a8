import type { Range } from "../text/source.js";
import type { Invocation } from "./model.js";
import { NO_VALUES, optionTable, readOptions } from "./options.js";
import { packageCommand } from "./packages.js";

/** A command that compiles or bundles what is shipped. */
export interface BuildEvidence {
  /** As people would say it: `go build`, `npm run build`, `make`. */
  readonly command: string;
  /** From the program to the verb. */
  readonly range: Range;
}

/** Script names that mean a build, run by `npm run` and the like. */
const SCRIPT_VERBS = new Set(["run", "run-script", "exec"]);
const BUILD_SCRIPT = /^build(?:$|[:-])/;
const BARE_TOOLS = new Set(["tsc", "webpack", "pyinstaller", "make", "gmake", "ninja"]);
const MAKE_OPTIONS = optionTable("-C --directory -f --file --makefile -j --jobs -I -o -W -l");
const RUNNER_OPTIONS = optionTable("-p --package");
/** Targets of make that build nothing. */
const IDLE_TARGETS = new Set(["clean", "distclean", "help", "lint", "test", "check", "fmt", "format"]);
/** Programs whose first operand decides. */
const VERBS = new Map<string, ReadonlySet<string>>([
  ["go", new Set(["build"])],
  ["cargo", new Set(["build", "b", "rustc"])],
  ["dotnet", new Set(["publish", "build"])],
  ["vite", new Set(["build"])],
  ["next", new Set(["build"])],
  ["nuxt", new Set(["build"])],
  ["ng", new Set(["build"])],
  ["astro", new Set(["build"])],
  ["vue-cli-service", new Set(["build"])],
  ["react-scripts", new Set(["build"])],
  ["mix", new Set(["release"])],
  ["meson", new Set(["compile"])],
  ["sbt", new Set(["assembly", "stage", "package", "dist"])],
  ["swift", new Set(["build"])],
  ["zig", new Set(["build"])],
]);
const JAVA_GOALS = /^(?:[\w:-]*:)?(?:package|install|verify|build|assemble|bootJar|shadowJar|installDist)$/;

/** What an invocation builds; undefined when it is no build command. Installing packages is none. */
export function buildEvidence(invocation: Invocation): BuildEvidence | undefined {
  const { name } = invocation;
  if (name === undefined) return undefined;
  if (name === "npx" || name === "pnpx" || name === "bunx") return runnerEvidence(invocation);
  const verbs = VERBS.get(name);
  if (verbs !== undefined) return verbEvidence(invocation, name, verbs);
  if (BARE_TOOLS.has(name)) return toolEvidence(invocation, name);
  switch (name) {
    case "cmake": {
      const option = invocation.args.find((word) => word.value === "--build");
      return option === undefined ? undefined : evidence(invocation, "cmake --build", option.range);
    }
    case "mvn":
    case "mvnw":
    case "gradle":
    case "gradlew": {
      const goal = invocation.args.find((word) => JAVA_GOALS.test(word.value ?? ""));
      return goal === undefined ? undefined : evidence(invocation, `${name} ${goal.value ?? ""}`, goal.range);
    }
    case "npm":
    case "yarn":
    case "pnpm":
    case "bun":
      return scriptEvidence(invocation, name);
    default:
      return pythonEvidence(invocation, name);
  }
}

function evidence(invocation: Invocation, command: string, last: Range): BuildEvidence {
  const first = invocation.nameRange;
  const isForward = first.source === last.source && last.end >= first.start;
  return { command, range: isForward ? first.source.range(first.start, last.end) : first };
}

function verbEvidence(invocation: Invocation, name: string, verbs: ReadonlySet<string>): BuildEvidence | undefined {
  const command = packageCommand(invocation);
  const verb = command === undefined ? readOptions(invocation, NO_VALUES).verb : command.options.verb;
  if (verb?.value === undefined || !verbs.has(verb.value)) return undefined;
  return evidence(invocation, `${name} ${verb.value}`, verb.range);
}

function toolEvidence(invocation: Invocation, name: string): BuildEvidence | undefined {
  if (invocation.args.some((word) => word.value === "--version" || word.value === "--noEmit")) return undefined;
  if (name === "make" || name === "gmake") {
    const target = readOptions(invocation, MAKE_OPTIONS).verb?.value;
    if (target !== undefined && IDLE_TARGETS.has(target)) return undefined;
  }
  return { command: name, range: invocation.nameRange };
}

/** `npm run build`, `yarn build`, `pnpm -r build`; `yarn tsc` and `pnpm exec vite build` too. */
function scriptEvidence(invocation: Invocation, name: string): BuildEvidence | undefined {
  const options = packageCommand(invocation)?.options;
  const words = options?.verb === undefined ? [] : [options.verb, ...options.operands];
  const isRun = SCRIPT_VERBS.has(words[0]?.value ?? "");
  // npm has no short form for scripts of the user's own.
  if (!isRun && name === "npm") return undefined;
  const script = words[isRun ? 1 : 0];
  if (script?.value === undefined) return undefined;
  const next = words[isRun ? 2 : 1]?.value;
  const isTool = BARE_TOOLS.has(script.value) || VERBS.get(script.value)?.has(next ?? "") === true;
  if (!BUILD_SCRIPT.test(script.value) && !isTool) return undefined;
  const said = isRun ? `${name} ${words[0]?.value ?? ""} ${script.value}` : `${name} ${script.value}`;
  return evidence(invocation, said, script.range);
}

function runnerEvidence(invocation: Invocation): BuildEvidence | undefined {
  const { verb, operands } = readOptions(invocation, RUNNER_OPTIONS);
  const tool = verb?.value?.split("@")[0];
  if (verb === undefined || tool === undefined) return undefined;
  if (BARE_TOOLS.has(tool)) return evidence(invocation, `${invocation.name ?? ""} ${tool}`, verb.range);
  const next = operands[0];
  if (next?.value === undefined || VERBS.get(tool)?.has(next.value) !== true) return undefined;
  return evidence(invocation, `${invocation.name ?? ""} ${tool} ${next.value}`, next.range);
}

/** `pip wheel`, `python -m build`, `python setup.py build`, `uv build`, `poetry build`. */
function pythonEvidence(invocation: Invocation, name: string): BuildEvidence | undefined {
  if (name.startsWith("python")) {
    const at = invocation.args.findIndex((word) => word.value === "-m");
    const module = at === -1 ? undefined : invocation.args[at + 1];
    if (module?.value === "build" || module?.value === "PyInstaller") {
      return evidence(invocation, `${name} -m ${module.value}`, module.range);
    }
    const [script, verb] = invocation.args;
    if (script?.value === "setup.py" && verb?.value !== undefined && /^(?:build|bdist|sdist)/.test(verb.value)) {
      return evidence(invocation, `${name} setup.py ${verb.value}`, verb.range);
    }
  }
  const command = packageCommand(invocation);
  if (command?.action !== "build") return undefined;
  return evidence(invocation, `${command.manager} ${command.verb}`, command.verbRange);
}
