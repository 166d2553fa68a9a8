import { describe, expect, test } from "vitest";
import { rules } from "../../rules/index.js";
import { lint, treeOf } from "../engine/lint-tree.js";

/** A Dockerfile on which a check speaks, and the lines of its findings (1-based, ascending, each as often as it is named). */
export type BadCase = readonly [dockerfile: string, ...lines: readonly number[]];

/** Dockerfiles by what the documentation of another tool says about them. */
export interface CheckCases {
  readonly bad: readonly BadCase[];
  readonly good: readonly string[];
}

/** Runs the rule behind each id of a tool alone, as `--only` does, over the Dockerfiles of that check. */
export function testCases(tool: string, checks: Readonly<Record<string, CheckCases>>): void {
  describe.each(Object.entries(checks))(`${tool}:%s`, (id, { bad, good }) => {
    test.each(bad.map(([dockerfile, ...lines]) => ({ dockerfile, lines })))(
      "speaks on line $lines of $dockerfile",
      async ({ dockerfile, lines }) => {
        expect(await linesOf(`${tool}:${id}`, dockerfile)).toEqual(lines);
      },
    );

    test.each(good)("is silent on %j", async (dockerfile) => {
      expect(await linesOf(`${tool}:${id}`, dockerfile)).toEqual([]);
    });
  });
}

async function linesOf(alias: string, dockerfile: string): Promise<readonly number[]> {
  const { findings } = await lint(treeOf({ Dockerfile: dockerfile }), rules, { flags: { only: [alias] } });
  return findings.map(({ range }) => range.source.positionAt(range.start).line);
}
