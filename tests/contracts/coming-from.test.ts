import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rules } from "../../rules/index.js";
import type { Target } from "../../src/config/rule-index.js";
import { isTool, type Tool } from "../../src/data/tools.js";
import { Registry } from "../../src/engine/registry.js";

// Every row of the tables in the guide is held against the aliases that rules declare, and the other way round.
const registry = new Registry(rules);

interface Row {
  readonly tool: Tool;
  readonly ids: readonly string[];
  readonly targets: readonly string[];
}

const HEADINGS: ReadonlyMap<string, Tool> = new Map(
  Object.entries({
    hadolint: "hadolint",
    BuildKit: "buildkit",
    "dockerfile-utils": "dockerfile-utils",
    Trivy: "trivy",
    Checkov: "checkov",
    KICS: "kics",
    Semgrep: "semgrep",
    dclint: "dclint",
    "compose-lint": "compose-lint",
    tally: "tally",
    dockle: "dockle",
  } as const),
);

const GUIDE = readFileSync("docs/coming-from.md", "utf8");
const SECTIONS = new Map(
  GUIDE.split(/^## /m).map((text) => {
    const [heading = "", ...lines] = text.split("\n");
    return [heading, lines] as const;
  }),
);
const ROWS = [...HEADINGS].flatMap(([heading, tool]) => rowsOf(SECTIONS.get(heading) ?? [], tool));
const LEFT_OUT = (SECTIONS.get("Left out") ?? []).flatMap((line) => codesIn(line.split("|")[1] ?? ""));

function rowsOf(lines: readonly string[], tool: Tool): readonly Row[] {
  return lines.flatMap((line) => {
    const [, ids = "", targets = ""] = line.split("|");
    const row = { tool, ids: codesIn(ids), targets: codesIn(targets) };
    return line.startsWith("| `") ? [row] : [];
  });
}

function codesIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

function ruleOf(target: string): string {
  return target.replace(/#.*/, "");
}

/** A rule without kind in the guide is any of its kinds. */
function isAmong(target: string, found: readonly string[]): boolean {
  return found.some((name) => name === target || name === ruleOf(target) || ruleOf(name) === target);
}

function nameOf({ rule, kind }: Target): string {
  return kind === undefined ? rule : `${rule}#${kind}`;
}

/** Items of the benchmark, which are references of rules and no aliases. */
const BENCHMARK = (SECTIONS.get("CIS Docker Benchmark") ?? [])
  .filter((line) => line.startsWith("| `"))
  .map((line) => {
    const [, item = "", , targets = ""] = line.split("|");
    return [codesIn(item).join(), codesIn(targets)] as const;
  });

describe("the table of the benchmark", () => {
  test("holds every item of section 5, or says why not", () => {
    const items = [...LEFT_OUT.filter((id) => id.startsWith("CIS ")), ...BENCHMARK.map(([item]) => item)];

    expect(items).toEqual(Array.from({ length: 32 }, (_, index) => `CIS 5.${index + 1}`));
  });

  test.each(BENCHMARK)("%s is a reference of %s", (item, targets) => {
    const naming = rules.filter(({ references = [] }) => references.includes(item)).map(({ id }) => id);

    expect(naming).toEqual(targets);
  });
});

describe("the tables of the guide", () => {
  test("are there for every tool", () => {
    for (const tool of HEADINGS.values()) expect(ROWS.some((row) => row.tool === tool)).toBe(true);
    expect(ROWS.length).toBeGreaterThan(480);
    expect(LEFT_OUT.length).toBeGreaterThan(5);
  });

  for (const { tool, ids, targets } of ROWS) {
    for (const id of ids) {
      const name = `${tool}:${id}`;
      test(`${name} is ${targets.join(", ")}`, () => {
        const found = registry.resolve(name).map(nameOf);
        // A rule may spread an id over more of its kinds than the guide names; never over another rule.
        expect(new Set(found.map(ruleOf))).toEqual(new Set(targets.map(ruleOf)));
        expect(targets.filter((target) => !isAmong(target, found))).toEqual([]);
        expect(registry.resolve(id).map(nameOf)).toEqual(expect.arrayContaining(found));
      });
    }
  }

  test("hold every alias that a rule declares", () => {
    const listed = new Set(ROWS.flatMap(({ tool, ids }) => ids.map((id) => `${tool}:${id}`)));
    const declared = rules.flatMap(({ aliases = [], kinds = {} }) => [
      ...aliases,
      ...Object.values(kinds).flatMap((kind) => kind.aliases ?? []),
    ]);
    const unlisted = declared
      .map((alias) => alias.replace(/\s*\(.*\)$/, ""))
      .filter((alias) => !alias.endsWith("*") && !listed.has(alias) && isTool(alias.slice(0, alias.indexOf(":"))));
    expect([...new Set(unlisted)]).toEqual([]);
  });

  test.each(LEFT_OUT)("%s is left out, and no rule answers to it", (id) => {
    expect(registry.resolve(id)).toEqual([]);
  });

  test.each(["SC2086", "shellcheck:SC2086", "hadolint:SC2164"])("%s is a kind of the rule for ShellCheck", (id) => {
    expect(registry.resolve(id).map(nameOf)).toEqual([`shell/pass-shellcheck#${id.replace(/.*:/, "")}`]);
  });
});
