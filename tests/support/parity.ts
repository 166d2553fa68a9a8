import { rules } from "../../rules/index.js";
import type { Preset } from "../../src/data/levels.js";
import { Registry } from "../../src/engine/registry.js";
import { lint, treeOf } from "../engine/lint-tree.js";

/** Stands before every line of a case at which the tool reports; no line of a Dockerfile begins with it. */
const MARK = "»";

/** What one tool says under one of its ids. */
export interface ParityCases {
  /** Id of the tool, without the name of the tool. */
  readonly id: string;
  /** `rules` of a policy, for what the tool does only when it is configured. */
  readonly rules?: Readonly<Record<string, unknown>>;
  /** Other files of each project, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Dockerfiles; `»` stands before each line at which the tool reports this id, so that one without is silent. */
  readonly cases: readonly string[];
}

/** A case that we judge otherwise than its table says. */
export interface Disagreement {
  readonly id: string;
  readonly dockerfile: string;
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

/** Runs all cases under the preset of a tool in one go. Only findings that bear the id of the case are looked at. */
export async function disagreements(tool: Preset, groups: readonly ParityCases[]): Promise<readonly Disagreement[]> {
  const tree: Record<string, string> = {};
  const planned: Planned[] = [];
  for (const { id, cases, rules: settings, files } of groups) {
    for (const marked of cases) {
      const folder = `case-${planned.length}`;
      const lines = marked.split("\n");
      const expected = lines.flatMap((line, index) => (line.startsWith(MARK) ? [index + 1] : []));
      const text = `${lines.map((line) => (line.startsWith(MARK) ? line.slice(MARK.length) : line)).join("\n")}\n`;
      planned.push({ id, text, expected, folder });
      tree[`${folder}/Dockerfile`] = text;
      for (const [path, content] of Object.entries(files ?? {})) tree[`${folder}/${path}`] = content;
      if (settings !== undefined) tree[`${folder}/plimsoll.yaml`] = JSON.stringify({ rules: settings });
    }
  }
  const { findings, diagnostics } = await lint(treeOf(tree), rules, { flags: { presets: [tool] } });
  const broken = diagnostics.filter(({ kind }) => kind === "internal" || kind === "config");
  if (broken.length > 0) throw new Error(broken.map(({ path, message }) => `${path}: ${message}`).join("\n"));
  const found = new Map<string, Set<number>>();
  for (const { range, aliases } of findings) {
    const folder = range.source.path.replace(/\/.*/, "");
    for (const alias of aliases) {
      const key = `${folder} ${alias.replace(/ \(.*\)$/, "")}`;
      const lines = found.get(key) ?? new Set();
      found.set(key, lines.add(range.source.positionAt(range.start).line));
    }
  }
  return planned.flatMap(({ id, text, expected, folder }) => {
    const actual = [...(found.get(`${folder} ${tool}:${id}`) ?? [])].sort((a, b) => a - b);
    return actual.join() === expected.join() ? [] : [{ id, dockerfile: text, expected, actual }];
  });
}
