import fc from "fast-check";
import { expect, test } from "vitest";
import { rules } from "../../rules/index.js";
import { UserError } from "../../src/config/user-error.js";
import type { RunResult } from "../../src/engine/run-result.js";
import { hideSecrets } from "../../src/report/hide-secrets.js";
import { json } from "../../src/report/json.js";
import { PLAIN, type ReportContext } from "../../src/report/report-context.js";
import { sarif } from "../../src/report/sarif.js";
import { text } from "../../src/report/text.js";
import { lint, type Tree, treeOf } from "../engine/lint-tree.js";

const CONTEXT: ReportContext = {
  version: "1.0.0",
  homepage: "https://example.com/plimsoll",
  palette: PLAIN,
  fromRepositoryRoot: (path) => path,
  display: (file) => file,
  entry: () => undefined,
};

/** Pieces that formats give a meaning to, so that random texts reach deep into the parsers. */
const DOCKERFILE = [
  ..."FROM |RUN |COPY |ADD |ENV |ARG |LABEL |USER |WORKDIR |SHELL |CMD |ENTRYPOINT |HEALTHCHECK |ONBUILD |EXPOSE |VOLUME |STOPSIGNAL |MAINTAINER |from |AS |NONE ".split(
    "|",
  ),
  ..."node|alpine:3.20|scratch|$A|${A:-b}|${|}|a=b|=|\\|\\\n|`|#|# escape=`\n|# syntax=x\n|# check=skip=all\n|--from=|--mount=type=cache,|--chown=|<<EOF|EOF\n|<<-'E F'|[\"a\"]|[|]|\"|'|&&|\\|\\||;|$(|)|apt-get install|curl|sh -c|{|root|0:0|/|.|*|!".split(
    "|",
  ),
  "|",
  "\n",
  "\r\n",
  "\r",
  "\t",
  " ",
  "\u0000",
  "\ufeff",
  "\u2028",
  "😀",
  "\u001b[31m",
  "constructor",
  "__proto__",
];
const COMPOSE = [
  ..."services:|  web:|    image: |    build: |    environment: |    ports: |    extends: |include: |volumes: |networks: |secrets: |x-a: &a |*a|<<: |- |? |: |{|}|[|]|,|\"|'|#|!reset|!override|!!binary |\\|\n|>-\n|---\n|...\n|%YAML 1.1\n|${A:-b}|$$|null|~|.inf|0x1f|012|80:80|1-9:1-9|./a:/b|a.yaml|env_file: .env|depends_on: |healthcheck: |test: |deploy: |dockerfile_inline: ".split(
    "|",
  ),
  "\n",
  "\n    ",
  "\n  ",
  "\n      ",
  "\t",
  "\r\n",
  "\u0000",
  "\ufeff",
  "😀",
  "constructor",
  "__proto__",
];
const IGNORE = [
  "*",
  "**",
  "/",
  "!",
  "#",
  "\\",
  "[",
  "]",
  "[^a-z]",
  "?",
  ".",
  "..",
  "node_modules",
  "\n",
  "\r\n",
  " ",
  "{a,b}",
  "\ufeff",
];
const POLICY = [
  ..."extends: |presets: |rules:|  images/pin-tag: |error|off|overrides:|  - files: |roles:|ignore: |failOn: |images: |user: |labels: |strict|[|]|{|}|*|**/|&a |*a|<<: |./plimsoll.yaml|../x|: |- |\"|'|# ".split(
    "|",
  ),
  "\n",
  "\n  ",
  "\u0000",
  "__proto__",
];

function anyText(pieces: readonly string[]) {
  const random = fc.uint8Array({ maxLength: 200 });
  const shaped = fc
    .array(
      fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...pieces) }, fc.string({ unit: "binary", maxLength: 8 })),
      {
        maxLength: 80,
      },
    )
    .map((parts) => new TextEncoder().encode(parts.join("")));
  return fc.oneof({ weight: 1, arbitrary: random }, { weight: 4, arbitrary: shaped });
}

/** The result of linting everything, or undefined when the policy is refused. */
async function result(tree: Tree): Promise<RunResult | undefined> {
  try {
    return await lint(treeOf(tree), rules, { flags: { presets: ["all"], minConfidence: "low" } });
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** What must hold of every result, whatever was read. */
function check(found: RunResult): void {
  expect(found.diagnostics.filter(({ kind }) => kind === "internal")).toEqual([]);
  const shown = hideSecrets(found);
  const report = JSON.parse(json(shown, CONTEXT));
  expect(report.files.flatMap(({ findings }: { readonly findings: readonly unknown[] }) => findings)).toHaveLength(
    found.findings.length,
  );
  const [run] = JSON.parse(sarif(shown, CONTEXT)).runs;
  expect(run.results).toHaveLength(found.findings.length);
  for (const line of text(shown, CONTEXT).split("\n")) expect(line).not.toMatch(CONTROL);
  const prints = found.findings.map(({ fingerprint }) => fingerprint);
  expect(new Set(prints).size).toBe(prints.length);
  for (const { range, fix } of found.findings) {
    expect(range.source.embedding).toBeUndefined();
    for (const edit of fix?.edits ?? []) expect(edit.range.end).toBeLessThanOrEqual(edit.range.source.text.length);
  }
}

const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

const RUNS = { numRuns: 150 };

test("property: any bytes as a Dockerfile give a result that every report can show", async () => {
  await fc.assert(
    fc.asyncProperty(anyText(DOCKERFILE), async (bytes) => {
      const found = await result({ Dockerfile: bytes, ".dockerignore": "node_modules\n", "package.json": "{}" });
      if (found !== undefined) check(found);
    }),
    RUNS,
  );
});

test("property: any bytes as a Compose file give a result that every report can show", async () => {
  await fc.assert(
    fc.asyncProperty(anyText(COMPOSE), async (bytes) => {
      const found = await result({ "compose.yaml": bytes, "web/Dockerfile": "FROM node\nCOPY . .\n", ".env": "A=1\n" });
      if (found !== undefined) check(found);
    }),
    RUNS,
  );
});

test("property: any bytes as an ignore file give a result that every report can show", async () => {
  await fc.assert(
    fc.asyncProperty(anyText(IGNORE), async (bytes) => {
      const found = await result({ ".dockerignore": bytes, Dockerfile: "FROM node\nCOPY . .\n", "a/b.js": "" });
      if (found !== undefined) check(found);
    }),
    RUNS,
  );
});

test("property: any bytes as a policy are taken or refused with one line", async () => {
  await fc.assert(
    fc.asyncProperty(anyText(POLICY), async (bytes) => {
      const found = await result({ "plimsoll.yaml": bytes, Dockerfile: "FROM node\n" });
      if (found !== undefined) check(found);
    }),
    RUNS,
  );
});

test("property: any bytes as every file at once give a result", async () => {
  const anyTree = fc.record({
    Dockerfile: anyText(DOCKERFILE),
    "compose.yaml": anyText(COMPOSE),
    "compose.override.yaml": anyText(COMPOSE),
    ".dockerignore": anyText(IGNORE),
    ".env": anyText(["A", "=", "b", '"', "'", "\n", "#", "$", "${A}", " ", "export "]),
    ".gitignore": anyText(IGNORE),
  });
  await fc.assert(
    fc.asyncProperty(anyTree, async (tree) => {
      const found = await result(tree);
      if (found !== undefined) check(found);
    }),
    RUNS,
  );
});
