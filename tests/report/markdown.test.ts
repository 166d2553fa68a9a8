import fc from "fast-check";
import { expect, test } from "vitest";
import { markdown } from "../../src/report/markdown.js";
import { code, codeHtml, messageMarkdown, prose } from "../../src/report/markdown-text.js";
import { Source } from "../../src/text/source.js";
import { CLEAN, CONTEXT, checklistOf, findingAt, HOSTILE, MIXED, resultOf } from "./sample.js";

const RULES = "https://example.org/plimsoll/blob/main/docs/rules";
const HEAD = ["| severity | line | rule | finding | fix |", "| --- | --- | --- | --- | --- |"];

const HELD = [
  "### Checklist",
  "",
  "| line | promise | in sum | broken in |",
  "| --- | --- | --- | --- |",
  "| stages | what builds is not what ships | ✅ held |  |",
  "| user | non-root, the agreed UID | ✅ held |  |",
  "| images | pinned bases | ✅ held |  |",
  "| health | a health check | ✅ held |  |",
  "| secrets | no secrets in the environment | ✅ held |  |",
  "| layers | layers in order of change | ✅ held |  |",
  "| labels | OCI labels | ✅ held |  |",
  "| context | .dockerignore covers the context | ✅ held |  |",
];

test("without findings the title and the checklist remain", () => {
  expect(markdown(CLEAN, CONTEXT).split("\n")).toEqual([
    "## Plimsoll: no findings",
    "",
    "Nothing found in 1 file.",
    "",
    ...HELD,
    "",
  ]);
});

test("the checklist comes first, then findings by file with places, related places, fixes and what several lack", () => {
  expect(markdown(MIXED, CONTEXT).split("\n")).toEqual([
    "## Plimsoll: 5 findings",
    "",
    "1 error, 1 warning, 3 info in 2 files; 1 fixable with `--fix`.",
    "",
    ...HELD.map((line) =>
      /^\| (?:images|secrets) /.test(line) ? line.replace("✅ held |  |", "❌ broken | `api (compose.yaml)` |") : line,
    ),
    "",
    "### Findings",
    "",
    "#### `api/Dockerfile`: 3 findings",
    "",
    ...HEAD,
    `| warning | 1:6 | [images/pin-tag#no-tag](${RULES}/images/pin-tag.md) | \`node\` means \`node:latest\`; name the version you tested<br>\`compose.yaml:3:12\`: built by \`api\` |  |`,
    `| error | 3:5 | [secrets/no-env-secrets](${RULES}/secrets/no-env-secrets.md) | \`TOKEN\` is baked into the image; use \`RUN --mount=type=secret\` |  |`,
    `| info | 4:1 | [syntax/no-maintainer](${RULES}/syntax/no-maintainer.md) | \`MAINTAINER\` is deprecated; use a label | use \`LABEL\` (safe) |`,
    "",
    "#### `compose.yaml`: 2 findings",
    "",
    ...HEAD,
    `| info | 2:3 | [runtime/limit-memory](${RULES}/runtime/limit-memory.md) | no memory limit<br>the same for \`db\` (4:3) |  |`,
    "",
  ]);
});

test("hostile text is neither markup nor a mention, and stays in its cell", () => {
  expect(markdown(HOSTILE, CONTEXT).split("\n").slice(-5)).toEqual(
    [
      "#### `a b%/Dockerfile`: 1 finding",
      "",
      ...HEAD,
      `| warning | 2:32 | [shell/no-true](${RULES}/shell/no-true.md) | \`100% ]]> \\x1b[31m\\n::error::😀 [x](y)\` is odd |  |`,
      "",
    ].slice(-5),
  );
});

test("builds have a row each, and what was not judged is named with the reason", () => {
  const lines = markdown(
    {
      ...CLEAN,
      checklist: {
        summary: checklistOf({ user: "broken", labels: "not-applicable" }),
        builds: [
          { label: "api (compose.yaml)", lines: checklistOf({ user: "broken" }) },
          { label: "a|b `c` (compose.yaml)", lines: checklistOf({ labels: "not-applicable" }) },
        ],
      },
      diagnostics: [
        { kind: "parse", path: "web/Dockerfile", line: 3, column: 1, message: "`FORM` is no instruction" },
        { kind: "skipped", path: "chart.yaml", message: "a template of another tool; skipped" },
      ],
    },
    CONTEXT,
  ).split("\n");

  expect(lines.filter((line) => line.startsWith("| user") || line.startsWith("| labels"))).toEqual([
    "| user | non-root, the agreed UID | ❌ broken | `api (compose.yaml)` |",
    "| labels | OCI labels | ➖ not applicable |  |",
  ]);
  expect(
    lines.slice(lines.indexOf("| build | stages | user | images | health | secrets | layers | labels | context |")),
  ).toEqual([
    "| build | stages | user | images | health | secrets | layers | labels | context |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    "| `api (compose.yaml)` | ✅ held | ❌ broken | ✅ held | ✅ held | ✅ held | ✅ held | ✅ held | ✅ held |",
    "| <code>a&#124;b &#96;c&#96; &#40;compose&#46;yaml&#41;</code> | ✅ held | ✅ held | ✅ held | ✅ held | ✅ held | ✅ held | – | ✅ held |",
    "",
    "### Not judged",
    "",
    "- `web/Dockerfile:3:1`: `FORM` is no instruction",
    "- `chart.yaml`: a template of another tool; skipped",
    "",
  ]);
});

/** A result of `count` warnings in each of two files, with one error as the very last. */
function many(count: number) {
  const text = `${Array.from({ length: count }, (_, index) => `RUN step-${index}`).join("\n")}\nLAST\n`;
  const sources = [new Source("a/Dockerfile", text), new Source("b/Dockerfile", text)];
  const findings = sources.flatMap((source) =>
    Array.from({ length: count }, (_, index) =>
      findingAt(source, `step-${index}\n`, {
        rule: "shell/no-true",
        severity: "warning",
        message: "`true` hides failures",
      }),
    ),
  );
  const [, b = new Source("", "")] = sources;
  const last = findingAt(b, "LAST", { rule: "syntax/no-parse-error", severity: "error", message: "no instruction" });
  return resultOf(sources, [...findings, last]);
}

test("a long table is folded", () => {
  const report = markdown(many(20), CONTEXT);

  expect(report.match(/<details>\n<summary>.*/g)).toEqual([
    "<details>\n<summary><code>a&#47;Dockerfile</code>: 20 findings</summary>",
    "<details>\n<summary><code>b&#47;Dockerfile</code>: 21 findings</summary>",
  ]);
});

test("of too many findings the worst are shown and the rest is counted, and a comment can hold the report", () => {
  const report = markdown(many(2_000), CONTEXT);
  const shown = report.match(/^\| (?:error|warning) /gm)?.length ?? 0;

  expect(new TextEncoder().encode(report).length).toBeLessThan(65_536);
  expect(report).toContain("| error | 2001:1 |");
  expect(report.trimEnd().split("\n").at(-1)).toBe(
    `**${4_001 - shown} more**: the worst are shown, up to 65000 bytes; every other format lists them all.`,
  );
});

test.each([
  ["@octocat closes #12", "@&#8288;octocat closes #&#8288;12"],
  [
    "<img src=x> & **bold** _it_ ~no~",
    "&#60;img src=x&#62; &#38; &#42;&#42;bold&#42;&#42; &#95;it&#95; &#126;no&#126;",
  ],
  ["[a](https://example.org) | $x$", "&#91;a&#93;(https&#58;//example.org) &#124; &#36;x&#36;"],
  ["- item\n# title", "&#45; item&#92;n# title"],
])("prose `%s` is plain characters", (text, expected) => {
  expect(prose(text)).toBe(expected);
});

test.each([
  ["node:22", "`node:22`"],
  ["a|b", "<code>a&#124;b</code>"],
  ["`", "<code>&#96;</code>"],
  [" x", "<code> x</code>"],
  ["", "<code></code>"],
  ["x".repeat(500), `\`${"x".repeat(400)}…\``],
])("code `%s` ends where it should", (text, expected) => {
  expect(code(text)).toBe(expected);
});

test("a backtick without a partner is a character", () => {
  expect(messageMarkdown("`a` and `b")).toBe("`a` and &#96;b");
});

const TEXT = fc.string({
  unit: fc.constantFrom("a", " ", "`", "|", "<", ">", "\\", "@", "#", "*", "_", "\n", "😀", "&", "[", "]", "(", ")"),
});

test("property: prose holds no character that Markdown reads, but in references of its own", () => {
  fc.assert(
    fc.property(TEXT, (text) => {
      expect(prose(text).replace(/&#\d+;/g, " ")).not.toMatch(/[\\`*_~[\]<>&|$\n]|[@#]\w/);
    }),
  );
});

test("property: code is one span or one element, on one line, without a pipe", () => {
  fc.assert(
    fc.property(TEXT, (text) => {
      expect(code(text)).toMatch(/^(?:`[^`|\n]+`|<code>[^<>`|\n]*<\/code>)$/);
      expect(codeHtml(text)).toMatch(/^<code>[^<>`|\n]*<\/code>$/);
    }),
  );
});
