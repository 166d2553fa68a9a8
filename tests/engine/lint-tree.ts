import { Ajv } from "ajv";
import { Policies } from "../../src/config/policies.js";
import type { FlagSettings, PolicyData } from "../../src/config/policy.js";
import { POLICY_AJV_OPTIONS, policySchema } from "../../src/config/schema.js";
import type { PolicyValidator } from "../../src/config/validate.js";
import type { Threshold } from "../../src/data/levels.js";
import { Registry } from "../../src/engine/registry.js";
import { defineRule, type Finding, type Fix, type Rule, type RuleDefinition } from "../../src/engine/rule.js";
import { Run } from "../../src/engine/run.js";
import type { RunResult } from "../../src/engine/run-result.js";
import type { FileSystem } from "../../src/files/file-system.js";
import { type MemoryEntry, MemoryFileSystem } from "../../src/files/memory.js";
import { Workspace } from "../../src/files/workspace.js";
import { discover } from "../../src/project/discover.js";
import { openCompose } from "../../src/project/open-compose.js";
import { planProjects } from "../../src/project/plan.js";
import type { Source } from "../../src/text/source.js";
import { compiledJudge } from "../support/compose-judge.js";

/** Flags that say nothing. */
export const NO_FLAGS: FlagSettings = {
  presets: [],
  rules: [],
  only: [],
  skip: [],
  minConfidence: undefined,
  failOn: undefined,
  inlineConfig: true,
  requireReason: false,
  target: undefined,
  buildArgs: new Map(),
};

/** What a test says besides the files. */
export interface LintSetup {
  readonly flags?: Partial<FlagSettings>;
  readonly threshold?: Threshold;
  /** Judges the projects last to first. */
  readonly isReversed?: boolean;
}

export type Tree = Readonly<Record<string, MemoryEntry>>;

/** Files below `/repo`, by relative path. */
export function treeOf(tree: Tree): MemoryFileSystem {
  const fs = new MemoryFileSystem({ "/repo/.git/HEAD": "" });
  for (const [path, entry] of Object.entries(tree)) fs.add(`/repo/${path}`, entry);
  return fs;
}

/** Lints everything below `/repo` as the command line does. */
export async function lint(fs: FileSystem, rules: readonly Rule[], setup: LintSetup = {}): Promise<RunResult> {
  const workspace = new Workspace({ fs, root: "/repo" });
  const registry = new Registry(rules);
  const flags = { ...NO_FLAGS, ...setup.flags };
  const validator = async () => validatorFor(rules);
  const policies = new Policies({ workspace, choice: { kind: "nearest" }, flags, index: registry, validator });
  const { files } = discover("/repo", { fs, isIgnored: () => false });
  await policies.prepare(files.map(({ path }) => path));
  const filesOf = (kind: string) => files.filter((file) => file.kind === kind).map(({ path }) => path);
  const shared = {
    workspace,
    policySetFor: (file: string) => policies.for(file),
    isGitIgnored: () => false,
    topOf: () => "/repo",
  };
  const run = new Run({ registry, policySetFor: shared.policySetFor });
  const projects = [];
  for await (const project of planProjects({
    ...shared,
    flags: { target: undefined, context: undefined, buildArgs: new Map(), role: undefined },
    dockerfiles: filesOf("dockerfile"),
    composeFiles: filesOf("compose"),
    openCompose: async (paths) =>
      openCompose(paths, { ...shared, isNamed: () => false, role: undefined, judge: compiledJudge }).projects,
  })) {
    projects.push(project);
  }
  if (setup.isReversed === true) projects.reverse();
  for (const project of projects) run.judge(project);
  return run.finish(setup.threshold);
}

const validators = new WeakMap<readonly Rule[], PolicyValidator>();

/** Compiling the schema of all rules takes longer than many a run. */
function validatorFor(rules: readonly Rule[]): PolicyValidator {
  let validator = validators.get(rules);
  if (validator === undefined) {
    validator = new Ajv(POLICY_AJV_OPTIONS).compile<PolicyData>(policySchema(rules));
    validators.set(rules, validator);
  }
  return validator;
}

/** A rule that marks each place of a word in Dockerfiles; everything else as given. */
export function wordRule(
  id: string,
  word: string,
  definition: Partial<RuleDefinition> = {},
  detail: (source: Source, start: number) => Partial<Finding> = () => ({}),
): Rule {
  return defineRule({
    id,
    summary: "A word is absent",
    levels: { recommended: "warning", strict: "error" },
    roles: "all",
    fixable: "sometimes",
    why: [],
    examples: { bad: [], good: [] },
    ...definition,
    check: definition.check ?? {
      *dockerfile({ source }) {
        for (let found = source.text.indexOf(word); found !== -1; found = source.text.indexOf(word, found + 1)) {
          const range = source.range(found, found + word.length);
          yield { range, message: `\`${word}\` is here`, ...detail(source, found) };
        }
      },
    },
  });
}

/** A safe fix that puts a text in place of a stretch of a source. */
export function replacing(source: Source, start: number, end: number, text: string): Fix {
  return { description: "replace it", safety: "safe", edits: [{ range: source.range(start, end), text }] };
}

/** `path:line:column severity rule#kind builds`, one for each finding. */
export function shown({ findings }: RunResult): readonly string[] {
  return findings.map(({ range, severity, rule, kind, builds }) => {
    const { line, column } = range.source.positionAt(range.start);
    const name = kind === undefined ? rule : `${rule}#${kind}`;
    return `${range.source.path}:${line}:${column} ${severity} ${name} [${builds.join(", ")}]`;
  });
}
