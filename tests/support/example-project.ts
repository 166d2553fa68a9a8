import { Ajv } from "ajv";
import { rules } from "../../rules/index.js";
import { findShellCheck } from "../../src/cli/shellcheck/find.js";
import { ShellCheck } from "../../src/cli/shellcheck/shellcheck.js";
import { Policies } from "../../src/config/policies.js";
import type { FlagSettings } from "../../src/config/policy.js";
import { POLICY_AJV_OPTIONS, policySchema } from "../../src/config/schema.js";
import type { PolicyValidator } from "../../src/config/validate.js";
import { Registry } from "../../src/engine/registry.js";
import type { BadExample, Example } from "../../src/engine/rule.js";
import { Run } from "../../src/engine/run.js";
import type { RunResult } from "../../src/engine/run-result.js";
import { SCRIPT_RULE, type ScriptChecker } from "../../src/engine/script-checker.js";
import type { FileSystem } from "../../src/files/file-system.js";
import { GitIgnore } from "../../src/files/gitignore.js";
import { MemoryFileSystem } from "../../src/files/memory.js";
import { Workspace } from "../../src/files/workspace.js";
import { discover } from "../../src/project/discover.js";
import { openCompose } from "../../src/project/open-compose.js";
import { planProjects } from "../../src/project/plan.js";
import { compiledJudge } from "./compose-judge.js";

/** Folder of the example's files in the memory tree. */
export const ROOT = "/project";
const POLICY = "/policy/plimsoll.json";

const registry = new Registry(rules);
let validator: PolicyValidator | undefined;

/** Why the examples of a rule cannot be run here; undefined when they can. */
export function whyNotRun(rule: string): string | undefined {
  return rule === SCRIPT_RULE && SHELLCHECK === undefined ? "shellcheck is not on PATH" : undefined;
}

const SHELLCHECK = findShellCheck({ path: process.env["PATH"], distrusted: [] });

function exampleShellCheck(): ScriptChecker | undefined {
  return SHELLCHECK === undefined ? undefined : new ShellCheck(SHELLCHECK);
}

/** A tree that holds the files of an example, without marks, and its policy outside of the project. */
export function treeOf(
  rule: string,
  example: Example | BadExample,
  texts: ReadonlyMap<string, string>,
): MemoryFileSystem {
  const fs = new MemoryFileSystem({ [`${ROOT}/.git`]: { kind: "directory" } });
  for (const [path, text] of texts) fs.add(`${ROOT}/${path}`, text);
  const { rules: written, ...policy } = { rules: {}, ...example.policy };
  const own = example.options === undefined ? {} : { [rule]: example.options };
  fs.add(POLICY, JSON.stringify({ ...policy, rules: { ...Object(written), ...own } }));
  return fs;
}

/** Runs one rule over a tree as the command line would, under the example's preset or at its strictest. */
export async function runExample(rule: string, example: Example | BadExample, fs: FileSystem): Promise<RunResult> {
  const workspace = new Workspace({ fs, root: ROOT, cwd: ROOT, given: [POLICY] });
  const flags: FlagSettings = {
    presets: example.preset !== undefined ? [example.preset] : example.policy?.["presets"] === undefined ? ["all"] : [],
    rules: [],
    only: [rule],
    skip: [],
    minConfidence: "low",
    failOn: undefined,
    inlineConfig: true,
    requireReason: false,
    target: undefined,
    buildArgs: new Map(),
  };
  const choice = { kind: "file", path: POLICY } as const;
  const policies = new Policies({ workspace, choice, flags, index: registry, validator: async () => compiled() });
  const git = new GitIgnore(fs, ROOT);
  const isGitIgnored = (file: string, isFolder = false) => git.isIgnored(file, isFolder);
  const { files } = discover(ROOT, { fs, isIgnored: isGitIgnored });
  await policies.prepare(files.map(({ path }) => path));
  const filesOf = (kind: string) => files.filter((file) => file.kind === kind).map(({ path }) => path);
  const shared = {
    workspace,
    policySetFor: (file: string) => policies.for(file),
    isGitIgnored: (file: string) => isGitIgnored(file),
    topOf: () => ROOT,
  };
  const scripts = rule === SCRIPT_RULE ? exampleShellCheck() : undefined;
  const run = new Run({ registry, policySetFor: shared.policySetFor, scripts });
  const projects = planProjects({
    ...shared,
    flags: { target: undefined, context: undefined, buildArgs: new Map(), role: undefined },
    dockerfiles: filesOf("dockerfile"),
    composeFiles: filesOf("compose"),
    openCompose: async (paths) =>
      openCompose(paths, { ...shared, isNamed: () => false, role: undefined, judge: compiledJudge }).projects,
  });
  for await (const project of projects) run.judge(project);
  await run.settle();
  return run.finish();
}

/** The validator of policies, compiled once. */
function compiled(): PolicyValidator {
  if (validator !== undefined) return validator;
  const compiledNow: unknown = new Ajv(POLICY_AJV_OPTIONS).compile(policySchema(rules));
  if (!isValidator(compiledNow)) throw new Error("ajv compiled no function");
  validator = compiledNow;
  return validator;
}

function isValidator(value: unknown): value is PolicyValidator {
  return typeof value === "function";
}
