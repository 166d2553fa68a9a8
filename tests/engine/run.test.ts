import fc from "fast-check";
import { expect, test } from "vitest";
import { defineRule } from "../../src/engine/rule.js";
import { lint, shown, treeOf, wordRule } from "./lint-tree.js";

const NODE = wordRule("images/no-node", "node");

test("findings come in the order of path, offset, rule and kind, with the builds they concern", async () => {
  const fs = treeOf({
    "b/Dockerfile": "FROM node AS node\n",
    "a/Dockerfile": "FROM node\n",
  });

  const result = await lint(fs, [wordRule("style/no-node", "node"), NODE]);

  expect(shown(result)).toEqual([
    "a/Dockerfile:1:6 warning images/no-node [a/Dockerfile]",
    "a/Dockerfile:1:6 warning style/no-node [a/Dockerfile]",
    "b/Dockerfile:1:6 warning images/no-node [b/Dockerfile]",
    "b/Dockerfile:1:6 warning style/no-node [b/Dockerfile]",
    "b/Dockerfile:1:14 warning images/no-node [b/Dockerfile]",
    "b/Dockerfile:1:14 warning style/no-node [b/Dockerfile]",
  ]);
});

test("equal findings of several builds are one finding that names them all", async () => {
  const perStage = wordRule("stages/no-stage", "", {
    check: {
      *stage({ anchor }) {
        yield { range: anchor, message: "a stage" };
      },
    },
  });
  const fs = treeOf({
    "compose.yaml": "services:\n  web:\n    build: {context: ., args: {A: 1}}\n  api:\n    build: .\n",
    Dockerfile: "FROM node\n",
  });

  expect(shown(await lint(fs, [perStage]))).toEqual([
    "Dockerfile:1:6 warning stages/no-stage [api (compose.yaml), web (compose.yaml)]",
  ]);
});

test("a rule that crashes keeps what it found, and stops neither others nor other files", async () => {
  const crashing = wordRule("user/crash", "", {
    check: {
      *dockerfile({ source }) {
        yield { range: source.range(0, 4), message: "before the crash" };
        throw new Error("boom");
      },
    },
  });
  const fs = treeOf({ "a/Dockerfile": "FROM node\n", "b/Dockerfile": "FROM x\n" });

  const result = await lint(fs, [crashing, NODE]);

  expect(shown(result)).toEqual([
    "a/Dockerfile:1:1 warning user/crash [a/Dockerfile]",
    "a/Dockerfile:1:6 warning images/no-node [a/Dockerfile]",
    "b/Dockerfile:1:1 warning user/crash [b/Dockerfile]",
  ]);
  expect(result.diagnostics).toEqual(
    ["a/Dockerfile", "b/Dockerfile"].map((path) => ({
      kind: "internal",
      path,
      message: "user/crash crashed here; its other findings may be missing",
      cause: new Error("boom"),
    })),
  );
});

test.each([
  ["high", "error", undefined, "error"],
  ["medium", "error", undefined, "warning"],
  ["low", "error", undefined, undefined],
  ["high", "error", "info", "info"],
  ["high", "info", "error", "info"],
] as const)("confidence %s at level %s with at most %s is shown as %s", async (confidence, level, atMost, severity) => {
  const rule = wordRule("images/no-node", "node", {}, () => ({ confidence, atMost }));
  const flags = { rules: [{ pattern: "images/no-node", level }] };

  const { findings } = await lint(treeOf({ Dockerfile: "FROM node\n" }), [rule], { flags });

  expect(findings[0]?.severity).toBe(severity);
});

test("possible findings are shown when asked for, as notes", async () => {
  const rule = wordRule("images/no-node", "node", {}, () => ({ confidence: "low" }));

  const result = await lint(treeOf({ Dockerfile: "FROM node\n" }), [rule], { flags: { minConfidence: "low" } });

  expect(shown(result)).toEqual(["Dockerfile:1:6 info images/no-node [Dockerfile]"]);
});

test("a rule yields to a narrower one on overlapping text only, and also when that is silenced", async () => {
  const wide = wordRule("images/wide", "node:1", { yieldsTo: ["images/narrow#tag"] });
  const narrow = wordRule("images/narrow", ":1", { kinds: { tag: { summary: "" } } }, () => ({ kind: "tag" }));
  const text = "FROM node:1\n# plimsoll-ignore images/narrow -- known\nFROM node:1\nFROM node:1x\n";

  const both = await lint(treeOf({ Dockerfile: text }), [wide, narrow]);
  const alone = await lint(treeOf({ Dockerfile: "FROM node:1\n" }), [wide, narrow], {
    flags: { skip: ["images/narrow"] },
  });

  expect(shown(both).map((line) => line.split(" ")[2])).toEqual(["images/narrow#tag", "images/narrow#tag"]);
  expect(shown(alone)).toEqual(["Dockerfile:1:6 warning images/wide [Dockerfile]"]);
});

test("a finding gives way where a narrower rule marks its cause", async () => {
  const far = wordRule("layers/far", "", {
    yieldsTo: ["context/near"],
    check: {
      *dockerfile({ source }) {
        const text = source.text;
        const cause = (word: string) => source.range(text.indexOf(word), text.indexOf(word) + word.length);
        yield { range: source.range(0, 4), message: "told by the copy", cause: cause("package.json") };
        yield { range: source.range(5, 9), message: "told by itself", cause: cause("yarn.lock") };
      },
    },
  });
  const near = wordRule("context/near", "package.json");
  const text = "FROM node\nCOPY package.json yarn.lock ./\n";

  expect(shown(await lint(treeOf({ Dockerfile: text }), [far, near]))).toEqual([
    "Dockerfile:1:6 warning layers/far [Dockerfile]",
    "Dockerfile:2:6 warning context/near [Dockerfile]",
  ]);
});

test("a rule yields to another one for the same build, wherever that one marks it", async () => {
  const first = wordRule("stages/first", "FROM", { yieldsOnSubjectTo: ["stages/second"] });
  const second = wordRule("stages/second", "sdk");
  const fs = treeOf({ "a/Dockerfile": "FROM sdk\n", "b/Dockerfile": "FROM node\n" });

  expect(shown(await lint(fs, [first, second]))).toEqual([
    "a/Dockerfile:1:6 warning stages/second [a/Dockerfile]",
    "b/Dockerfile:1:1 warning stages/first [b/Dockerfile]",
  ]);
});

test("fingerprints stay when lines are added above, and differ for equal lines", async () => {
  const before = await lint(treeOf({ Dockerfile: "FROM node\nFROM node\n" }), [NODE]);
  const after = await lint(treeOf({ Dockerfile: "# new\n\nFROM   node\nFROM node\n" }), [NODE]);

  const prints = before.findings.map(({ fingerprint }) => fingerprint);

  expect(after.findings.map(({ fingerprint }) => fingerprint)).toEqual(prints);
  expect(new Set(prints).size).toBe(2);
  expect(prints.every((print) => /^[0-9a-f]{16}$/.test(print))).toBe(true);
});

test("a masked value is not part of any fingerprint of its line", async () => {
  const masking = wordRule("secrets/no-key", "KEY=", {}, (source, start) => ({
    masked: [source.range(start + 4, source.text.length - 1)],
  }));
  const print = async (value: string) =>
    (await lint(treeOf({ Dockerfile: `ENV KEY=${value}\n` }), [masking, wordRule("style/no-env", "ENV")])).findings.map(
      ({ fingerprint }) => fingerprint,
    );

  expect(await print("hunter2")).toEqual(await print("correct horse"));
});

test("the checklist says of each family whether it is held, for each build and in sum", async () => {
  const user = wordRule("user/no-root-user", "root");
  const note = wordRule("labels/require-labels", "LABEL", { levels: { recommended: "info" } });
  const off = wordRule("images/pin-tag", "x", { levels: {} });
  const other = wordRule("layers/no-late-removal", "x");
  const fs = treeOf({ "a/Dockerfile": "FROM root\nLABEL a=b\n", "b/Dockerfile": "FROM node\n" });

  const { checklist } = await lint(fs, [user, note, off, other]);

  const absent = {
    stages: "not-applicable",
    images: "not-applicable",
    health: "not-applicable",
    secrets: "not-applicable",
    layers: "not-applicable",
    context: "not-applicable",
  };
  expect(checklist).toEqual({
    summary: { ...absent, user: "broken", labels: "held" },
    builds: [
      { label: "a/Dockerfile", lines: { ...absent, user: "broken", labels: "not-applicable" } },
      { label: "b/Dockerfile", lines: { ...absent, user: "held", labels: "held" } },
    ],
  });
});

test.each([
  [undefined, 1],
  ["info", 2],
  ["error", 0],
  ["never", 0],
] as const)("with the threshold %s, %i of a warning and a note fail the run", async (threshold, failing) => {
  const note = wordRule("labels/no-node", "node", { levels: { recommended: "info" } });
  const setup = threshold === undefined ? {} : { threshold };

  expect((await lint(treeOf({ Dockerfile: "FROM node\n" }), [NODE, note], setup)).failing).toBe(failing);
});

test("files that the policy ignores have no findings and are not listed", async () => {
  const fs = treeOf({ "plimsoll.yaml": "ignore: [old/]", "old/Dockerfile": "FROM node\n", Dockerfile: "FROM node\n" });

  const result = await lint(fs, [NODE]);

  expect(result.files.map(({ path }) => path)).toEqual(["Dockerfile"]);
  expect(shown(result)).toEqual(["Dockerfile:1:6 warning images/no-node [Dockerfile]"]);
});

test("what does not parse is not said again where a narrower rule speaks instead of the rule for it", async () => {
  const fs = treeOf({ Dockerfile: "FROM node\nENV A\n" });
  const broad = wordRule("syntax/no-parse-error", "ENV A", {
    levels: { recommended: "error" },
    yieldsTo: ["syntax/no-env"],
  });
  const narrow = wordRule("syntax/no-env", "ENV A");

  const result = await lint(fs, [broad, narrow]);

  expect(shown(result)).toEqual(["Dockerfile:2:1 warning syntax/no-env [Dockerfile]"]);
  expect(result.unparsed).toEqual(["Dockerfile"]);
  expect(result.diagnostics).toEqual([]);
});

test("what does not parse fails the run, and is said when no rule says it", async () => {
  const fs = treeOf({ Dockerfile: "FROM node\nENV A\n" });
  const parses = wordRule("syntax/no-parse-error", "ENV A", { levels: { recommended: "error" } });

  const silent = await lint(fs, [NODE]);
  const loud = await lint(fs, [NODE, parses]);

  expect(silent.unparsed).toEqual(["Dockerfile"]);
  expect(silent.diagnostics.map(({ kind, path, line }) => ({ kind, path, line }))).toEqual([
    { kind: "parse", path: "Dockerfile", line: 2 },
  ]);
  expect(loud.unparsed).toEqual(["Dockerfile"]);
  expect(loud.diagnostics).toEqual([]);
});

test("a finding with a role of its own is rated for that role", async () => {
  const rule = defineRule({
    ...wordRule("user/no-root", "root", { levels: { recommended: ["error", "info"] } }, () => ({
      role: { name: "development", stated: true },
    })),
  });

  expect(shown(await lint(treeOf({ Dockerfile: "FROM root\n" }), [rule]))).toEqual([
    "Dockerfile:1:6 info user/no-root [Dockerfile]",
  ]);
});

test("property: the order in which projects and rules come does not change the result", async () => {
  const words = ["node", "root", "sdk", "FROM"];
  const rules = words.map((word) => wordRule(`stages/no-${word.toLowerCase()}`, word, { yieldsTo: ["stages/no-sdk"] }));
  const line = fc.constantFrom(
    "FROM node",
    "FROM sdk:node AS root",
    "RUN node root",
    "# plimsoll-ignore stages/no-node -- x",
  );
  const files = fc.dictionary(fc.constantFrom("a", "b", "c/d"), fc.array(line, { maxLength: 6 }), { maxKeys: 3 });
  await fc.assert(
    fc.asyncProperty(files, async (texts) => {
      const fs = treeOf(
        Object.fromEntries(Object.entries(texts).map(([folder, lines]) => [`${folder}/Dockerfile`, lines.join("\n")])),
      );
      const forward = await lint(fs, rules);
      const backward = await lint(fs, [...rules].reverse(), { isReversed: true });

      const facts = ({ findings, suppressed, checklist }: typeof forward) => ({
        findings: findings.map(({ fingerprint, rule, range }) => [fingerprint, rule, range.start]),
        suppressed: suppressed.length,
        checklist,
      });
      expect(facts(backward)).toEqual(facts(forward));
      expect(shown(backward)).toEqual(shown(forward));
    }),
    { numRuns: 40 },
  );
});
