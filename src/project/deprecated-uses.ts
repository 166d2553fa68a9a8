import {
  DEPRECATED_OPTIONS,
  type DeprecatedOption,
  type DeprecationGroup,
  type Since,
} from "../data/deprecated-usage.js";
import { joinPath } from "../files/path.js";
import type { Invocation } from "../shell/model.js";
import type { OptionUse } from "../shell/options.js";
import type { PackageCommand } from "../shell/package-model.js";
import type { Edit, Range } from "../text/source.js";
import { folderAt, projectFolder } from "./dependency-installs.js";
import { fileBehind } from "./image-files.js";
import type { Project, RunView, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";
import { placementBefore } from "./placed-files.js";
import { runsAndTriggers } from "./trigger-runs.js";
import { removeWords } from "./word-edits.js";

/** A spelling that a package manager does not know any more, or soon will not. */
export interface DeprecatedUse {
  readonly group: DeprecationGroup;
  /** As written: `apt-key add`, `--production`. */
  readonly what: string;
  readonly fact: string;
  readonly remedy: string;
  readonly range: Range;
  /** Edits that say the same in today's words; undefined when a person has to decide. */
  readonly edits: readonly Edit[] | undefined;
}

/** Spellings of a stage that are out of date, in order. */
export function deprecatedUses(stage: StageView, project: Project): readonly DeprecatedUse[] {
  const found: DeprecatedUse[] = [];
  for (const run of runsAndTriggers(stage)) {
    for (const command of run.packages) addPackageCommand(command, run, project, found);
    for (const invocation of run.commands) addInvocation(invocation, stage, found);
  }
  return found;
}

function addPackageCommand(command: PackageCommand, run: RunView, project: Project, found: DeprecatedUse[]): void {
  for (const use of command.options.options) {
    for (const row of DEPRECATED_OPTIONS) {
      if (row.option === use.name && fits(row, use, command, run.stage)) found.push(ofOption(row, use, command));
    }
  }
  switch (command.family) {
    case "yarn":
      addYarn(command, run, project, found);
      return;
    case "poetry":
      addPoetry(command, run, found);
      return;
    case "go":
      addGoGet(command, run, found);
      return;
    case "yum":
      addFedora(command, run.stage, found);
      return;
    case "conda":
      addConda(command, run.stage, found);
      return;
    default:
  }
}

function fits(row: DeprecatedOption, use: OptionUse, command: PackageCommand, stage: StageView): boolean {
  if (row.family !== command.family || (row.verbs !== undefined && !row.verbs.includes(command.verb))) return false;
  if (row.value !== undefined && use.value !== row.value) return false;
  if (use.value === "false" || (row.beside !== undefined && !command.options.has(row.beside))) return false;
  return row.since === undefined || !isOlder(stage, row.since);
}

/** Whether the base is the official image of a release before `since`. */
function isOlder({ image }: StageView, { image: name, release }: Since): boolean {
  if (image?.name !== `docker.io/library/${name}` || image.tag === undefined) return false;
  const match = /^(\d+)(?:\.(\d+))?/.exec(image.tag);
  if (match === null) return false;
  const major = Number(match[1]);
  const minor = match[2] === undefined ? Number.POSITIVE_INFINITY : Number(match[2]);
  return major < release[0] || (major === release[0] && minor < release[1]);
}

function ofOption(row: DeprecatedOption, use: OptionUse, { invocation }: PackageCommand): DeprecatedUse {
  const { group, fact, remedy, replacement } = row;
  const what = row.value === undefined ? use.name : `${use.name}=${row.value}`;
  const isCluster = !use.name.startsWith("--") && use.word.shape.length > 2;
  const isPlain = replacement !== undefined && invocation.via !== "exec-form" && !isCluster && !use.word.isQuoted;
  const last = use.valueWord?.range ?? use.word.range;
  const range = use.range;
  if (!isPlain) return { group, what, fact, remedy, range, edits: undefined };
  const whole = use.word.range.source.range(use.word.range.start, Math.max(last.end, use.word.range.end));
  const edit = replacement === "" ? removeWords(use.word.range, last) : { range: whole, text: replacement };
  return { group, what, fact, remedy, range, edits: [edit] };
}

/** Yarn of today has no `--production` for `install`. */
function addYarn(command: PackageCommand, run: RunView, project: Project, found: DeprecatedUse[]): void {
  const use = command.options.find("--production", "--prod");
  const folder = use === undefined ? undefined : projectFolder(run, command);
  if (use === undefined || folder === undefined || (command.verb !== "" && command.verb !== "install")) return;
  if (fileBehind(run.stage, joinPath(folder, ".yarnrc.yml"), project).kind === "none") return;
  const remedy = "use `yarn workspaces focus --production`";
  found.push({
    group: "removed",
    what: use.name,
    fact: "is unknown to Yarn 2 and later",
    remedy,
    range: use.range,
    edits: undefined,
  });
}

function addPoetry({ options, verb }: PackageCommand, run: RunView, found: DeprecatedUse[]): void {
  const use = verb === "install" ? options.find("--no-dev") : undefined;
  if (use === undefined) return;
  const isOne = isPoetryOne(run);
  const group = isOne ? "deprecated" : "removed";
  const fact = isOne ? "is old since Poetry 1.2" : "is gone from Poetry 2";
  const edits = use.word.isQuoted ? undefined : [{ range: use.word.range, text: "--without dev" }];
  found.push({ group, what: "--no-dev", fact, remedy: "use `--without dev`", range: use.range, edits });
}

/** Whether Poetry 1, or a version that nobody can know, is installed. */
function isPoetryOne(run: RunView): boolean {
  const binding = run.step.lookup("POETRY_VERSION");
  if (binding.kind === "known") return binding.value.startsWith("1");
  if (binding.kind === "unknown" && binding.origin !== undefined) return true;
  let answer = poetryOne.get(run.stage);
  if (answer === undefined) {
    answer = installsPoetryOne(run.stage);
    poetryOne.set(run.stage, answer);
  }
  return answer;
}

const poetryOne = new ModelMemo<StageView, boolean>();

function installsPoetryOne({ lineage }: StageView): boolean {
  return lineage.some(({ runs }) =>
    runs.some(({ packages }) =>
      packages.some((command) =>
        command.packages.some(
          ({ name, version }) => name === "poetry" && version !== undefined && version.value?.startsWith("2") !== true,
        ),
      ),
    ),
  );
}

const GO_1_18: Since = { name: "Go 1.18", image: "golang", release: [1, 18] };

/** `go get` of a program, outside of any module. */
function addGoGet(command: PackageCommand, run: RunView, found: DeprecatedUse[]): void {
  const { stage } = run;
  if (command.verb !== "get" || stage.image?.name !== "docker.io/library/golang" || isOlder(stage, GO_1_18)) return;
  if (command.packages.length === 0 || command.options.has("-d") || command.invocation.onlyIf !== "none") return;
  const folder = folderAt(run, command.invocation);
  if (folder === undefined || placementBefore(run, command.invocation, joinPath(folder, "go.mod")).kind !== "absent")
    return;
  found.push({
    group: "removed",
    what: "go get",
    fact: "builds no program since Go 1.18",
    remedy: "use `go install NAME@VERSION`",
    range: command.verbRange,
    edits: undefined,
  });
}

/** Fedora has dnf 5 since 41; `yum` is a name that is kept, `microdnf` is no more. */
function addFedora({ manager, invocation }: PackageCommand, { facts }: StageView, found: DeprecatedUse[]): void {
  if (facts?.os?.family !== "fedora" || Number(facts.os.release ?? 0) < 41) return;
  if (manager !== "yum" && manager !== "microdnf") return;
  found.push({
    group: "deprecated",
    what: manager,
    fact: "is an old name of dnf 5 on Fedora",
    remedy: "use `dnf`",
    range: invocation.nameRange,
    edits: undefined,
  });
}

function addConda(
  { action, packages, invocation }: PackageCommand,
  { image }: StageView,
  found: DeprecatedUse[],
): void {
  if (action !== "install" || packages.length === 0 || image?.name.endsWith("/nvidia/cuda") !== true) return;
  found.push({
    group: "preference",
    what: invocation.name ?? "conda",
    fact: "brings a second CUDA beside that of the base",
    remedy: "use `uv pip install`",
    range: invocation.nameRange,
    edits: undefined,
  });
}

function addInvocation(invocation: Invocation, stage: StageView, found: DeprecatedUse[]): void {
  const { name, args, nameRange, words } = invocation;
  switch (name) {
    case "apt-key":
      addAptKey(invocation, stage, found);
      return;
    case "add-apt-repository": {
      const line = args.find(({ shape }) => /^deb(?:-src)?\s/.test(shape));
      if (line === undefined) return;
      const fact = "puts a `deb` line without its key into the list";
      const remedy = "write a file in `/etc/apt/sources.list.d` with `signed-by`";
      found.push({ group: "deprecated", what: name, fact, remedy, range: nameRange, edits: undefined });
      return;
    }
    case "easy_install":
    case "easy_install3":
      found.push({
        group: "removed",
        what: name,
        fact: "is gone from setuptools 80",
        remedy: "use `pip install`",
        range: nameRange,
        edits: undefined,
      });
      return;
    default:
      if (name?.startsWith("python") !== true || args[0]?.value?.endsWith("setup.py") !== true) return;
      if (words[2]?.value !== "install") return;
      found.push({
        group: "deprecated",
        what: "setup.py install",
        fact: "leaves no record of what it installs",
        remedy: "use `pip install .`",
        range: words[2].range,
        edits: undefined,
      });
  }
}

/** apt 2.2 warns of apt-key (Debian 11, Ubuntu 20.10), apt 3 has it no more (Debian 13, Ubuntu 25.04). */
function addAptKey({ args, nameRange }: Invocation, { facts }: StageView, found: DeprecatedUse[]): void {
  const verb = args.find(({ shape }) => !shape.startsWith("-"))?.value;
  const isAdding = verb === "add" || args.some(({ value }) => value === "adv");
  if (!isAdding) return;
  const os = facts?.os;
  const release = os?.release === undefined ? undefined : Number(os.release);
  const [old, gone] = os?.family === "ubuntu" ? [20.1, 25.04] : os?.family === "debian" ? [11, 13] : [0, 0];
  // 20.04 is before 20.10, which as a number reads 20.1.
  if (release !== undefined && release < old) return;
  const isGone = release === undefined || release >= gone;
  const remedy = "store the key in `/etc/apt/keyrings`, name it with `signed-by`";
  const fact = isGone ? "is gone from apt 3" : "is on its way out, and trusts a key for everything";
  const group = isGone ? "removed" : "deprecated";
  found.push({
    group,
    what: `apt-key ${verb === "add" ? "add" : "adv"}`,
    fact,
    remedy,
    range: nameRange,
    edits: undefined,
  });
}
