import { rules } from "../../rules/index.js";
import type { FlagSettings } from "../../src/config/policy.js";
import type { Preset } from "../../src/data/levels.js";
import { Registry } from "../../src/engine/registry.js";
import { lint, treeOf } from "../engine/lint-tree.js";

/** Stands before every line of a case at which the tool reports; no line of a Dockerfile or of YAML begins with it. */
const MARK = "»";

/** What one tool says under one of its ids. */
export interface ParityCases {
  /** Id of the tool, without the name of the tool. */
  readonly id: string;
  /** `rules` of a policy, for what the tool does only when it is configured. */
  readonly rules?: Readonly<Record<string, unknown>>;
  /** Other files of each project, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Files of the kind; `»` stands before each line at which the tool reports this id, so that one without is silent. */
  readonly cases: readonly string[];
}

/** A case that we judge otherwise than its table says. */
export interface Disagreement {
  readonly id: string;
  /** The file that was judged, without marks. */
  readonly text: string;
  /** Lines, 1-based, at which the tool reports. */
  readonly expected: readonly number[];
  /** Lines at which we do, each once, with the rule that speaks. */
  readonly actual: readonly number[];
}

const registry = new Registry(rules);

/** Whether a rule answers to an id of a tool. */
export function isAnswered(tool: Preset, id: string): boolean {
  return registry.resolve(`${tool}:${id}`).length > 0;
}

interface Planned {
  readonly id: string;
  readonly text: string;
  readonly expected: readonly number[];
  readonly folder: string;
}

/** Projects of some cases, each in a folder of its own, and the tree that holds them. */
function plan(groups: readonly ParityCases[], file: string) {
  const tree: Record<string, string> = {};
  const planned: Planned[] = [];
  for (const { id, cases, rules: settings, files } of groups) {
    for (const marked of cases) {
      const folder = `case-${planned.length}`;
      const lines = marked.split("\n");
      const expected = lines.flatMap((line, index) => (line.startsWith(MARK) ? [index + 1] : []));
      const text = `${lines.map((line) => (line.startsWith(MARK) ? line.slice(MARK.length) : line)).join("\n")}\n`;
      planned.push({ id, text, expected, folder });
      tree[`${folder}/${file}`] = text;
      for (const [path, content] of Object.entries(files ?? {})) tree[`${folder}/${path}`] = content;
      if (settings !== undefined) tree[`${folder}/plimsoll.yaml`] = JSON.stringify({ rules: settings });
    }
  }
  return { tree, planned };
}

async function findingsOf(tree: Readonly<Record<string, string>>, flags: Partial<FlagSettings>) {
  const { findings, diagnostics } = await lint(treeOf(tree), rules, { flags });
  const broken = diagnostics.filter(({ kind }) => kind === "internal" || kind === "config");
  if (broken.length > 0) throw new Error(broken.map(({ path, message }) => `${path}: ${message}`).join("\n"));
  return findings.map(({ range, aliases }) => ({
    folder: range.source.path.replace(/\/.*/, ""),
    file: range.source.path.replace(/^[^/]*\//, ""),
    line: range.source.positionAt(range.start).line,
    aliases: aliases.map((alias) => alias.replace(/ \(.*\)$/, "")),
  }));
}

function compared({ id, text, expected }: Planned, lines: readonly number[]): readonly Disagreement[] {
  const actual = [...new Set(lines)].sort((a, b) => a - b);
  return actual.join() === expected.join() ? [] : [{ id, text, expected, actual }];
}

/** Runs all cases under the preset of a tool in one go. Only findings that bear the id of the case are looked at. */
export async function disagreements(
  tool: Preset,
  groups: readonly ParityCases[],
  file = "Dockerfile",
): Promise<readonly Disagreement[]> {
  const { tree, planned } = plan(groups, file);
  const found = new Map<string, number[]>();
  for (const { folder, aliases, line } of await findingsOf(tree, { presets: [tool] })) {
    for (const alias of aliases) {
      const key = `${folder} ${alias}`;
      const lines = found.get(key);
      if (lines === undefined) found.set(key, [line]);
      else lines.push(line);
    }
  }
  return planned.flatMap((each) => compared(each, found.get(`${each.folder} ${tool}:${each.id}`) ?? []));
}

/**
 * Runs the cases of one id with nothing but some names on, as `--only` does; findings of other files do not count.
 *
 * @param presets levels of the rules that are named; those of the policy when absent
 */
export async function disagreementsAlone(
  only: readonly string[],
  group: ParityCases,
  file: string,
  presets: readonly Preset[] = [],
): Promise<readonly Disagreement[]> {
  const { tree, planned } = plan([group], file);
  const found = await findingsOf(tree, { only, presets });
  return planned.flatMap((each) => {
    const own = found.filter((finding) => finding.folder === each.folder && finding.file === file);
    return compared(
      each,
      own.map(({ line }) => line),
    );
  });
}
