import fc from "fast-check";
import { expect, test } from "vitest";
import suppressionRule from "../../rules/style/no-inline-suppression.js";
import type { Rule } from "../../src/engine/rule.js";
import { type LintSetup, lint, type Tree, treeOf, wordRule } from "./lint-tree.js";

/** One rule that marks `apt-get`, known to every tool. */
const APT = wordRule("packages/no-apt", "apt-get", {
  aliases: [
    "hadolint:DL3008",
    "buildkit:NoApt",
    "dclint:no-apt",
    "trivy:DS-0002",
    "checkov:CKV_DOCKER_3",
    "kics:no-apt (fd54f200-402c-4333-a5a4-36ef6709af2f)",
    "semgrep:no-apt",
    "tally:no-apt",
    "dockerfile-utils:NO_APT",
    "shellcheck:SC1000",
  ],
});
const OTHER = wordRule("style/no-node", "nodejs");
const COMPOSE = wordRule("compose/no-apt", "apt", {
  aliases: ["dclint:no-apt", "kics:no-apt"],
  check: {
    *composeFile({ source }) {
      for (let at = source.text.indexOf("apt:"); at !== -1; at = source.text.indexOf("apt:", at + 1)) {
        yield { range: source.range(at, at + 3), message: "`apt` is here" };
      }
    },
  },
});

async function remaining(
  tree: Tree,
  rules: readonly Rule[] = [APT, OTHER],
  setup: LintSetup = {},
): Promise<readonly string[]> {
  const { findings, suppressed } = await lint(treeOf(tree), rules, setup);
  const line = (range: (typeof findings)[number]["range"]) => range.source.positionAt(range.start).line;
  return [
    ...findings.map(({ rule, range }) => `${line(range)} ${rule}`),
    ...suppressed.map(({ finding, reason }) => `${line(finding.range)} (${finding.rule}: ${reason ?? "no reason"})`),
  ];
}

const A = "packages/no-apt";

test.each([
  ["plimsoll, before an instruction", "# plimsoll-ignore packages/no-apt -- known", [`3 ${A}`, `2 (${A}: known)`]],
  ["plimsoll, by an alias", "# plimsoll-ignore DL3008", [`3 ${A}`, `2 (${A}: no reason)`]],
  ["plimsoll, by a pattern", "#plimsoll-ignore packages/*, style/no-node -- a -- b", [`3 ${A}`, `2 (${A}: a -- b)`]],
  [
    "plimsoll, for the file",
    "# plimsoll-ignore-file packages/no-apt -- all of it",
    [`2 (${A}: all of it)`, `3 (${A}: all of it)`],
  ],
  ["hadolint", "# hadolint ignore=DL3008,SC2086", [`3 ${A}`, `2 (${A}: no reason)`]],
  ["hadolint, with a reason", "# hadolint ignore = DL3008 # known", [`3 ${A}`, `2 (${A}: known)`]],
  ["hadolint, for the file", "# hadolint global ignore=DL3006,DL3008", [`2 (${A}: no reason)`, `3 (${A}: no reason)`]],
  ["hadolint, for another rule", "# hadolint ignore=DL3009", [`2 ${A}`, `3 ${A}`]],
  [
    "BuildKit, before an instruction",
    "#\n# check=skip=StageNameCasing,NoApt;error=true",
    [`4 ${A}`, `3 (${A}: no reason)`],
  ],
  ["BuildKit, as a directive", "# check=skip=NoApt", [`2 (${A}: no reason)`, `3 (${A}: no reason)`]],
  ["BuildKit, everything", "# check=skip=all;error=true", [`2 (${A}: no reason)`, `3 (${A}: no reason)`]],
  ["BuildKit, nothing", "# check=error=true", [`2 ${A}`, `3 ${A}`]],
  ["checkov", "# checkov:skip=CKV_DOCKER_3: not here", [`2 (${A}: not here)`, `3 (${A}: not here)`]],
  ["trivy, at the top", "#trivy:ignore:AVD-DS-0002", [`2 (${A}: no reason)`, `3 (${A}: no reason)`]],
  [
    "trivy, with a date",
    "# trivy:ignore:DS-0009 trivy:ignore:DS-0002:exp:2020-01-01",
    [`2 (${A}: no reason)`, `3 (${A}: no reason)`],
  ],
  ["KICS, a line", "# kics-scan ignore-line", [`3 ${A}`, `2 (${A}: no reason)`]],
  ["KICS, a block", "# kics-scan ignore-block", [`2 (${A}: no reason)`, `3 (${A}: no reason)`]],
  ["KICS, the file", "# kics-scan ignore", [`2 (${A}: no reason)`, `3 (${A}: no reason)`]],
  [
    "KICS, by query",
    "# kics-scan disable=fd54f200-402c-4333-a5a4-36ef6709af2f",
    [`2 (${A}: no reason)`, `3 (${A}: no reason)`],
  ],
  ["semgrep", "# nosemgrep", [`3 ${A}`, `2 (${A}: no reason)`]],
  ["semgrep, by id", "# nosemgrep: dockerfile.security.no-apt", [`3 ${A}`, `2 (${A}: no reason)`]],
  ["dockerfile-utils", "# dockerfile-utils: ignore", [`3 ${A}`, `2 (${A}: no reason)`]],
  ["tally", "# tally ignore=no-apt;reason=known", [`3 ${A}`, `2 (${A}: known)`]],
  ["ShellCheck", "# shellcheck disable=SC1000", [`3 ${A}`, `2 (${A}: no reason)`]],
  ["prose about us", "# plimsoll ignores nothing here", [`2 ${A}`, `3 ${A}`]],
  ["prose", "# hadolint should ignore this, and so does nosemgrep here", [`2 ${A}`, `3 ${A}`]],
])("a comment of %s silences what it names and nothing else", async (_, comment, expected) => {
  expect(await remaining({ Dockerfile: `${comment}\nFROM apt-get\nRUN apt-get\n` })).toEqual(expected);
});

test("comments of other tools silence no finding without an alias of that tool", async () => {
  const comments = [
    "# hadolint ignore=DL3000",
    "# check=skip=all",
    "# nosemgrep",
    "# dockerfile-utils: ignore",
    "# kics-scan ignore-line",
  ];
  const found = await Promise.all(
    comments.map((comment) => remaining({ Dockerfile: `FROM x\n${comment}\nRUN nodejs\n` }, [OTHER])),
  );

  expect(found).toEqual(comments.map(() => ["3 style/no-node"]));
});

test("a comment reaches every line of the next instruction, over other comments and blank lines", async () => {
  const text =
    "FROM x\n# plimsoll-ignore style/no-node\n\n# prose\n# plimsoll-ignore packages/no-apt\nRUN a && \\\n  apt-get \\\n  nodejs\nRUN apt-get\n";

  expect(await remaining({ Dockerfile: text })).toEqual([
    `9 ${A}`,
    `7 (${A}: no reason)`,
    "8 (style/no-node: no reason)",
  ]);
});

test("a comment between the lines of an instruction reaches the next line only", async () => {
  const text = "FROM x\nRUN a && \\\n  # plimsoll-ignore packages/no-apt -- x\n  # prose\n  apt-get && \\\n  apt-get\n";

  expect(await remaining({ Dockerfile: text })).toEqual([`6 ${A}`, `5 (${A}: x)`]);
});

const C = "compose/no-apt";

test.each([
  ["above a key", "# plimsoll-ignore compose/no-apt -- x\n  apt: {image: a}\n", [`3 (${C}: x)`]],
  ["at the end of a line", "apt: {image: a} # plimsoll-ignore compose/no-apt\n", [`2 (${C}: no reason)`]],
  ["above another key", "# plimsoll-ignore compose/no-apt\n  web: {image: a}\n  apt: {image: a}\n", [`4 ${C}`]],
  ["at the end of the line above", "web: {image: a} # plimsoll-ignore compose/no-apt\n  apt: {image: a}\n", [`3 ${C}`]],
  ["in a text", "web: {image: 'a # plimsoll-ignore compose/no-apt'}\n  apt: {image: a}\n", [`3 ${C}`]],
  ["of dclint, for the line", "apt: {image: a} # dclint disable-line no-apt -- x\n", [`2 (${C}: x)`]],
  ["of dclint, for the next line", "# dclint disable-next-line\n  apt: {image: a}\n", [`3 (${C}: no reason)`]],
  ["of dclint, for the line, on its own", "# dclint disable-line no-apt\n  apt: {image: a}\n", [`3 (${C}: no reason)`]],
  ["of dclint, for all of the file", "apt: {image: a}\n# dclint disable-file\n", [`2 (${C}: no reason)`]],
  ["of dclint, for the file", "apt: {image: a}\n# dclint disable other, no-apt\n", [`2 (${C}: no reason)`]],
  [
    "of KICS, for a block",
    "# kics-scan ignore-block\n  web:\n    image: a\n    labels:\n      apt: x\n  apt: {image: a}\n",
    [`7 ${C}`, `6 (${C}: no reason)`],
  ],
])("a comment %s in a Compose file silences what it stands for", async (_, lines, expected) => {
  expect(await remaining({ "compose.yaml": `services:\n  ${lines}` }, [COMPOSE])).toEqual(expected);
});

test("in an inline Dockerfile the comments of both languages count", async () => {
  const inline = (above: string, inside: string) =>
    `services:\n  web:\n    build:\n      ${above}\n      dockerfile_inline: |\n        FROM x\n        ${inside}\n        RUN apt-get\n`;
  const none = "# prose";

  expect(await remaining({ "compose.yaml": inline(none, none) })).toEqual([`8 ${A}`]);
  expect(await remaining({ "compose.yaml": inline(none, "# hadolint ignore=DL3008") })).toEqual([
    `8 (${A}: no reason)`,
  ]);
  expect(await remaining({ "compose.yaml": inline("# plimsoll-ignore-file packages/no-apt", none) })).toEqual([
    `8 (${A}: no reason)`,
  ]);
});

test("comments in ignore files silence the next pattern", async () => {
  const pattern = wordRule("context/no-secret", "", {
    check: {
      *context({ ignoreFile }) {
        for (const { range } of ignoreFile?.file.patterns ?? []) yield { range, message: "a pattern" };
      },
    },
  });
  const tree = { Dockerfile: "FROM x\n", ".dockerignore": "a\n# plimsoll-ignore context/no-secret -- x\n\nb\n" };

  expect(await remaining(tree, [pattern])).toEqual(["1 context/no-secret", "4 (context/no-secret: x)"]);
});

test("a central policy can make comments count for nothing", async () => {
  const tree = { Dockerfile: "# plimsoll-ignore-file packages/*\nFROM apt-get\n" };

  expect(await remaining(tree, [APT], { flags: { inlineConfig: false } })).toEqual([`2 ${A}`]);
  expect(await remaining({ ...tree, "plimsoll.yaml": "inlineConfig: false" }, [APT])).toEqual([`2 ${A}`]);
});

test.each([
  [
    "# plimsoll-ignore packages/no-apts -- x",
    "2:19 warning#malformed no rule `packages/no-apts`; did you mean `packages/no-apt`?",
  ],
  ["# plimsoll-ignore", "2:1 warning#malformed the comment names no rule; write `plimsoll-ignore RULE -- reason`"],
  [
    "# plimsoll-ignore-line packages/no-apt",
    "2:1 warning#malformed no comment `plimsoll-ignore-line`; write `plimsoll-ignore` or `plimsoll-ignore-file`",
  ],
  [
    "# plimsoll-ignroe packages/no-apt",
    "2:1 warning#malformed no comment `plimsoll-ignroe`; write `plimsoll-ignore` or `plimsoll-ignore-file`",
  ],
  [
    "# plimsoll: ignore packages/no-apt",
    "2:1 warning#malformed no comment `plimsoll: ignore`; write `plimsoll-ignore` or `plimsoll-ignore-file`",
  ],
  [
    "# plimsoll-ignore packages/no-apt as known",
    "2:1 warning#malformed what follows `packages/no-apt` is no rule; write commas between rules and `--` before a reason",
  ],
  [
    "# hadolint ignore=packages/no-apt",
    "2:1 warning#malformed the comment names no code of hadolint; write `# hadolint ignore=DL3008`",
  ],
  [
    "# plimsoll-ignore: packages/no-apt",
    "2:1 warning#malformed no comment `plimsoll-ignore:`; write `plimsoll-ignore` or `plimsoll-ignore-file`",
  ],
  ["# hadolint ignore DL3008", "2:1 warning#malformed hadolint does not read this; write `# hadolint ignore=DL3008`"],
  ["# hadolint: ignore=DL3008", "2:1 warning#malformed hadolint does not read this; write `# hadolint ignore=DL3008`"],
  [
    "# checkov skip=CKV_DOCKER_3",
    "2:1 warning#malformed Checkov does not read this; write `# checkov:skip=CKV_DOCKER_3`",
  ],
  ["# trivy:ignore DS-0002", "2:1 warning#malformed Trivy does not read this; write `# trivy:ignore:DS-0002`"],
  [
    "# kics-scan ignore-next",
    "2:1 warning#malformed KICS does not read `ignore-next` here; it knows ignore-line, ignore-block, ignore and disable=",
  ],
])("%s is said to be wrong, and silences nothing", async (comment, expected) => {
  const { findings } = await lint(treeOf({ Dockerfile: `FROM x\n${comment}\nRUN apt-get\n` }), [APT, suppressionRule]);

  expect(
    findings.map(({ rule, kind, severity, message, range }) => {
      const { line, column } = range.source.positionAt(range.start);
      return rule === A ? rule : `${line}:${column} ${severity}#${kind} ${message}`;
    }),
  ).toEqual([expected, A]);
});

test("comments without effect and without a reason are findings when asked for", async () => {
  const text =
    "FROM x\n# plimsoll-ignore style/no-node, packages/no-apt\nRUN apt-get\n# hadolint ignore=DL3008\nRUN x\n";
  const policy = "reportUnusedSuppressions: info\nrequireReason: error\n";
  const asked = await lint(treeOf({ Dockerfile: text, "plimsoll.yaml": policy }), [APT, OTHER, suppressionRule]);
  const silent = await lint(treeOf({ Dockerfile: text }), [APT, OTHER, suppressionRule]);

  expect(
    asked.findings.map(({ kind, severity, range }) => [range.source.positionAt(range.start).line, kind, severity]),
  ).toEqual([
    [2, "no-reason", "error"],
    [2, "unused", "info"],
    [4, "no-reason", "error"],
    [4, "unused", "info"],
  ]);
  expect(
    asked.findings[1]?.fix?.edits.map(({ range, text: written }) => [
      range.source.text.slice(range.start, range.end),
      written,
    ]),
  ).toEqual([["style/no-node, ", ""]]);
  expect(silent.findings).toEqual([]);
});

test("a comment of another tool is without effect only where a rule that makes its check is on", async () => {
  const text = "FROM x\n# hadolint ignore=DL3008,DL9999\nRUN x\n# nosemgrep\nRUN x\n";
  const placesUnder = async (policy: string): Promise<readonly number[]> => {
    const { findings } = await lint(treeOf({ Dockerfile: text, "plimsoll.yaml": policy }), [APT, suppressionRule]);
    return findings.map(({ range }) => range.start);
  };

  expect(await placesUnder("reportUnusedSuppressions: true\n")).toEqual([text.indexOf("DL3008")]);
  expect(await placesUnder("reportUnusedSuppressions: true\nrules: { packages/no-apt: off }\n")).toEqual([]);
});

test("thousands of comments and findings are matched without looking at each pair", async () => {
  const block = "# plimsoll-ignore packages/no-apt -- x\nRUN apt-get\n";

  const { findings, suppressed } = await lint(treeOf({ Dockerfile: `FROM x\n${block.repeat(2000)}` }), [APT]);

  expect([findings.length, suppressed.length]).toEqual([0, 2000]);
});

test("property: no comment makes a run fail, however odd", async () => {
  const parts = fc.constantFrom(
    "plimsoll-ignore",
    "hadolint",
    " ignore=",
    "check=skip=",
    "--",
    ",",
    " ",
    "packages/*",
    "kics-scan ",
    "disable=",
    "nosemgrep",
    ": ",
    "trivy:ignore:",
    "checkov:skip=",
    "__proto__",
    "#",
    ";reason=",
    "dclint disable-line ",
    "*",
    "é",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(parts, { maxLength: 6 }), { maxLength: 4 }), async (comments) => {
      const lines = comments.map((words) => `# ${words.join("")}`);

      const { diagnostics } = await lint(treeOf({ Dockerfile: `FROM x\n${lines.join("\n")}\nRUN apt-get\n` }), [
        APT,
        suppressionRule,
      ]);

      expect(diagnostics.filter(({ kind }) => kind === "internal")).toEqual([]);
    }),
    { numRuns: 80 },
  );
});

test("comments of very many blanks are read in one go", async () => {
  const blanks = " ".repeat(120_000);
  const comments = [
    `# kics-scan disable=${blanks}!`,
    `# hadolint ${blanks}ignore${blanks}!`,
    `# nosemgrep:${blanks}!`,
    `# tally ignore=${blanks};${blanks}`,
  ];

  const found = await remaining({ Dockerfile: `FROM x\n${comments.join("\n")}\nRUN apt-get\n` }, [APT]);

  expect(found).toEqual(["2 style/no-inline-suppression", "6 packages/no-apt"]);
});
