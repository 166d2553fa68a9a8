import type { BuildContext } from "../context/context.js";
import type { ContextFact } from "../data/context-rows.js";
import { GIT_VERBS_ELSEWHERE, VERSION_TOOLS } from "../data/version-tools.js";
import { joinPath } from "../files/path.js";
import type { Invocation } from "../shell/model.js";
import { compileGlob, hasGlobMeta } from "../values/glob.js";
import type { Build, Project, StageView } from "./model.js";

/** Facts that the instructions of some builds and the manifests of their context tell; each is found out once. */
export class ContextFacts {
  readonly #context: BuildContext;
  readonly #builds: readonly Build[];
  readonly #project: Project;
  readonly #known = new Map<ContextFact, boolean>();
  #commands: readonly { readonly stage: StageView; readonly invocation: Invocation }[] | undefined;

  /** @param builds all that share the ignore file */
  constructor(context: BuildContext, builds: readonly Build[], project: Project) {
    this.#context = context;
    this.#builds = builds;
    this.#project = project;
  }

  holds(fact: ContextFact): boolean {
    let known = this.#known.get(fact);
    if (known === undefined) {
      known = this.#find(fact);
      this.#known.set(fact, known);
    }
    return known;
  }

  #find(fact: ContextFact): boolean {
    switch (fact) {
      case "needs-git":
        return this.#takesGit() || this.#some(readsRepository) || this.#hasVersionTool();
      case "stamps-go-version":
        return this.#all.some(
          ({ stage, invocation }) => stampsGoVersion(invocation) && stage.hasCommand("git") !== "no",
        );
      case "has-zero-install":
        return this.#context.exists(".pnp.cjs");
      case "builds-node":
        return this.#some(buildsNode);
      case "builds-python":
        return this.#some(buildsPython);
      case "configures-python-tools":
        return ["tox.ini", ".coveragerc", "setup.cfg"].some((name) => this.#context.exists(name));
      case "installs-composer":
        return this.#some(({ name, args }) => name === "composer" && args.some(({ value }) => value === "install"));
      case "is-production-only":
        return this.#builds.every(({ role }) => role.name === "production");
      case "runs-tests":
        return this.#some(runsTests);
    }
  }

  /** Commands of every RUN that some build reaches. */
  get #all(): readonly { readonly stage: StageView; readonly invocation: Invocation }[] {
    this.#commands ??= this.#builds.flatMap((build) =>
      [...build.closure].flatMap((stage) =>
        stage.runs.flatMap(({ commands }) => commands.map((invocation) => ({ stage, invocation }))),
      ),
    );
    return this.#commands;
  }

  #some(test: (invocation: Invocation) => boolean): boolean {
    return this.#all.some(({ invocation }) => test(invocation));
  }

  #takesGit(): boolean {
    return this.#builds.some(({ reach }) =>
      reach.named.some(({ path }) => path === ".git" || path.startsWith(".git/")),
    );
  }

  /** A manifest at the top that is sent and names a tool which reads the repository. */
  #hasVersionTool(): boolean {
    const { root, workspace } = this.#context;
    const listing = workspace.fs.readDirectory(root);
    if (listing.kind === "problem") return false;
    return VERSION_TOOLS.some(({ manifest, words }) => {
      const glob = hasGlobMeta(manifest) ? compileGlob(manifest) : undefined;
      return listing.entries.some(({ name, kind }) => {
        const isMeant = glob === undefined ? name === manifest : glob.kind === "glob" && glob.pattern.matches(name);
        if (kind !== "file" || !isMeant) return false;
        const text = this.#project.read(joinPath(root, name))?.text ?? "";
        return words.some((word) => text.includes(word));
      });
    });
  }
}

function operandsOf({ args }: Invocation): readonly string[] {
  return args.flatMap(({ value }) => (value === undefined || value.startsWith("-") ? [] : [value]));
}

function readsRepository(invocation: Invocation): boolean {
  if (invocation.name !== "git") return false;
  // `git -C folder`, `git --version`: the first operand of the rest decides.
  if (invocation.args.some(({ value }) => value === "-C" || value?.startsWith("--git-dir") === true)) return false;
  const [verb] = operandsOf(invocation);
  return verb !== undefined && !GIT_VERBS_ELSEWHERE.has(verb);
}

function stampsGoVersion({ name, args }: Invocation): boolean {
  if (name !== "go") return false;
  const words = args.map(({ value }) => value ?? "");
  return (words[0] === "build" || words[0] === "install") && !words.includes("-buildvcs=false");
}

const NODE_MANAGERS: ReadonlySet<string> = new Set(["npm", "pnpm", "yarn", "bun"]);
const NODE_BUNDLERS: ReadonlySet<string> = new Set([
  "vite",
  "next",
  "nuxt",
  "ng",
  "astro",
  "react-scripts",
  "tsc",
  "webpack",
]);

function buildsNode(invocation: Invocation): boolean {
  const { name = "" } = invocation;
  const operands = operandsOf(invocation);
  if (NODE_MANAGERS.has(name)) return operands.some((word) => /^build(?:$|[:-])|^(?:generate|export)$/.test(word));
  return NODE_BUNDLERS.has(name) || (name === "npx" && NODE_BUNDLERS.has(operands[0] ?? ""));
}

function buildsPython(invocation: Invocation): boolean {
  const { name = "" } = invocation;
  const operands = operandsOf(invocation);
  if (name === "pip" || name === "pip3") return operands.includes(".");
  if (/^python\d?(?:\.\d+)?$/.test(name)) return operands.includes("build") || operands.includes("setup.py");
  return (name === "poetry" || name === "hatch" || name === "uv" || name === "flit") && operands[0] === "build";
}

const TEST_PROGRAMS: ReadonlySet<string> = new Set(
  "pytest tox nox phpunit rspec jest vitest mocha ctest ginkgo behave playwright cypress".split(" "),
);

/** Words for `make test`, `npm run test:unit`, `python tests/run.py`; each holds one of the marks. */
const TEST_WORD = /^(?:test|check|verify)(?:$|[:-])|(?:^|\/)(?:tests?|spec)(?:\/|$)/;
const TEST_MARKS = ["test", "check", "verify", "spec"] as const;

function runsTests(invocation: Invocation): boolean {
  const { name = "" } = invocation;
  if (TEST_PROGRAMS.has(name)) return true;
  const operands = operandsOf(invocation);
  if (/^(?:mvnw?|gradlew?)$/.test(name)) {
    const skips = invocation.args.some(({ value }) => /^-DskipTests|^-Dmaven\.test\.skip|^test$/.test(value ?? ""));
    return !skips || operands.includes("test");
  }
  return operands.some((word) => TEST_MARKS.some((mark) => word.includes(mark)) && TEST_WORD.test(word));
}
