import { expect, test } from "vitest";
import { rules } from "../../rules/index.js";
import { FORMATS, loadFormat } from "../../src/report/formats.js";
import { hideSecrets } from "../../src/report/hide-secrets.js";
import { PLAIN, type ReportContext } from "../../src/report/report-context.js";
import { lint, type Tree, treeOf, wordRule } from "../engine/lint-tree.js";

const CONTEXT: ReportContext = {
  version: "1.0.0",
  homepage: "https://example.com/plimsoll",
  palette: PLAIN,
  fromRepositoryRoot: (path) => path,
  display: (file) => file,
  entry: () => undefined,
};

/** Rules that say why a file, or a part of it, is not what its author may think. */
const TELLING: ReadonlySet<string> = new Set([
  "compose/stay-within-limits",
  "compose/use-valid-yaml",
  "compose/use-valid-include",
  "compose/use-valid-extends",
  "compose/use-valid-interpolation",
]);

/** Of each telling rule the first finding, `path:line:column message`; every format is written on the way. */
async function told(tree: Tree): Promise<readonly string[]> {
  const result = hideSecrets(await lint(treeOf(tree), rules, { flags: { presets: ["all"], minConfidence: "low" } }));
  expect(result.diagnostics.filter(({ kind }) => kind === "internal")).toEqual([]);
  for (const format of FORMATS) {
    const render = await loadFormat(format);
    for (const part of render(result, CONTEXT)) expect(typeof part).toBe("string");
  }
  const seen = new Set<string>();
  return result.findings.flatMap(({ rule, range, message }) => {
    if (!TELLING.has(rule) || seen.has(rule)) return [];
    seen.add(rule);
    const { line, column } = range.source.positionAt(range.start);
    return [`${range.source.path}:${line}:${column} ${message}`];
  });
}

/** So many that whatever compares each with each other runs into the time limit of a test. */
const MANY = 20_000;

const WEB = "services:\n  web:\n    image: nginx:1.27.1\n";

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("\n");
}

function compose(text: string): Tree {
  return { "compose.yaml": text };
}

const LAUGHS = lines(9, (i) => `x-${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(", ")}]`);
const MERGES = lines(60, (i) => `x-${i + 1}: &a${i + 1} { <<: [*a${i}, *a${i}], k${i}: v }`);
const EXPANDS = "aliases expand this file beyond 100,000 nodes";
const NESTS = "values nest deeper than 64 levels here";

const CASES: readonly (readonly [name: string, tree: Tree, expected: readonly string[]])[] = [
  ["aliases that grow tenfold", compose(`x-0: &a0 [x, x]\n${LAUGHS}\n${WEB}`), [`compose.yaml:6:16 ${EXPANDS}`]],
  ["merge keys that double", compose(`x-0: &a0 { k: v }\n${MERGES}\n${WEB}`), [`compose.yaml:14:19 ${EXPANDS}`]],
  [
    "aliases to one long text",
    compose(`x-a: &a ${"x".repeat(100_000)}\n${WEB}    labels:\n${lines(MANY, (i) => `      l${i}: *a`)}\n`),
    [`compose.yaml:68:12 ${EXPANDS}`],
  ],
  [
    "an alias inside its own anchor",
    compose(`x-a: &a [*a]\n${WEB}`),
    ["compose.yaml:1:10 `*a` stands inside its own anchor"],
  ],
  [
    "a merge key inside its own anchor",
    compose(`x-a: &a { <<: *a }\n${WEB}`),
    ["compose.yaml:1:15 `*a` stands inside its own anchor"],
  ],
  [
    "merge keys in a circle",
    compose(`x-a: &a { <<: *b }\nx-b: &b { <<: *a }\n${WEB}`),
    ["compose.yaml:1:15 no anchor is named `b`; did you mean `a`?"],
  ],
  ["lists in lists", compose(`x-a: ${"[".repeat(10_000)}${"]".repeat(10_000)}\n`), [`compose.yaml:1:70 ${NESTS}`]],
  ["mappings in mappings", compose(`x-a: ${"{a: ".repeat(10_000)}\n`), [`compose.yaml:1:262 ${NESTS}`]],
  ["blocks in blocks", compose(lines(1_000, (i) => `${" ".repeat(i)}a:`)), [`compose.yaml:66:66 ${NESTS}`]],
  ["dashes after dashes", compose(`x-a:\n  ${"- ".repeat(10_000)}x\n`), [`compose.yaml:2:131 ${NESTS}`]],
  [
    "more values than are read",
    compose(`${WEB}x-a:\n${lines(60_000, (i) => ` k${i}: v`)}\n`),
    ["compose.yaml:50000:10 this file holds more than 100,000 values"],
  ],
  [
    "aliases that lead nowhere",
    compose(`x-a: &anchor v\n${WEB}    labels:\n${lines(MANY, (i) => `      l${i}: *ancho${i}`)}\n`),
    ["compose.yaml:6:11 no anchor is named `ancho0`; did you mean `anchor`?"],
  ],
  [
    "files that include each other in a circle",
    { "compose.yaml": `include: [a.yaml]\n${WEB}`, "a.yaml": "include: [compose.yaml]\n" },
    ["a.yaml:1:11 `compose.yaml` includes this file in a circle; remove one of the entries"],
  ],
  [
    "one large file included for a thousand folders",
    {
      "compose.yaml": `include:\n${lines(1_000, (i) => `  - { path: big.yaml, project_directory: d${i} }`)}\n${WEB}`,
      "big.yaml": `services: { api: { image: node } }\nx-a:\n  - [${"a, ".repeat(50_000)}]\n`,
    },
    ["compose.yaml:15:13 what is included and extended is longer than 2 MiB in all"],
  ],
  [
    "paths that leave the workspace",
    compose(`include: [../other.yaml, /etc/passwd]\n${WEB}    env_file: [/dev/zero, ../../.env]\n`),
    ["compose.yaml:1:11 `../other.yaml` lies outside the workspace and is not read; what it defines is not judged"],
  ],
  [
    "links in a circle and files without an end",
    {
      "compose.yaml": `include: [loop.yaml]\n${WEB}    env_file: [endless.env, loop.yaml]\n`,
      "loop.yaml": { kind: "symlink", target: "loop.yaml" },
      "endless.env": { kind: "other" },
      ".env": { kind: "other" },
    },
    ["compose.yaml:1:11 `loop.yaml` does not exist; correct the path"],
  ],
  [
    "a service that extends itself",
    compose("services:\n  web:\n    image: nginx\n    extends: { service: web }\n"),
    ["compose.yaml:4:25 `web` extends itself in a circle; remove one of the steps"],
  ],
  [
    "thousands of services that inherit thousands of values",
    compose(
      `services:\n  base:\n    image: nginx\n    environment:\n${lines(10_000, (i) => `      K${i}: v`)}\n` +
        `${lines(1_500, (i) => `  s${i}: { extends: { service: base } }`)}\n`,
    ),
    ["compose.yaml:1:1 the merged model has more than 200,000 values"],
  ],
  [
    "thousands of services",
    compose(`services:\n${lines(10_000, (i) => `  s${i}: { image: nginx }`)}\n`),
    ["compose.yaml:1:1 more than 2,000 services are defined"],
  ],
  [
    "thousands of services without content",
    compose(`services:\n${lines(MANY, (i) => `  s${i}:`)}\n`),
    ["compose.yaml:1:1 more than 2,000 services are defined"],
  ],
  [
    "defaults in defaults",
    compose(`${WEB}    command: "${"${X:-".repeat(20_000)}y${"}".repeat(20_000)}"\n`),
    ["compose.yaml:4:175 variables nest too deep here; double the dollar for the shell of the container"],
  ],
  [
    "braces that nobody closes",
    compose(`${WEB}    command: "${"${X:-".repeat(20_000)}"\n`),
    ["compose.yaml:4:15 the `${` is never closed; double the dollar for the shell of the container"],
  ],
  [
    "a long value for each of thousands of variables",
    {
      "compose.yaml": `${WEB}    labels:\n${lines(MANY, (i) => `      l${i}: x\${A}`)}\n`,
      ".env": `A=${"y".repeat(60_000)}\n`,
    },
    [],
  ],
  ["thousands of variables in one text", compose(`${WEB}    command: "${"${X}".repeat(MANY)}"\n`), []],
  [
    "thousands of broken variables in one command",
    compose(`${WEB}    command: "${"${} ".repeat(MANY)}"\n`),
    ["compose.yaml:4:15 `${}` has no variable name; double the dollar for the shell of the container"],
  ],
  ["thousands of equal options", compose(`${WEB}    security_opt:\n${"      - label=disable\n".repeat(MANY)}`), []],
  ["thousands of equal keys", compose(`${WEB}    environment:\n${"      A: b\n".repeat(MANY)}`), []],
  ["thousands of anchors", compose(`${lines(MANY, (i) => `x-${i}: &a${i} v`)}\n${WEB}`), []],
  [
    "thousands of mounts inside each other",
    compose(`${WEB}    volumes:\n${lines(MANY, (i) => `      - ./d${i}:/data${"/x".repeat(i % 20)}/${i}`)}\n`),
    [],
  ],
  [
    "thousands of port ranges",
    compose(
      `${WEB}    ports:\n${"      - 1-65535:1-65535\n".repeat(MANY)}    expose:\n${"      - 1-65535\n".repeat(MANY)}`,
    ),
    [],
  ],
  [
    "thousands of unknown names",
    compose(
      `${WEB}    secrets:\n${lines(MANY / 4, (i) => `      - s${i}`)}\nsecrets:\n${lines(MANY / 4, (i) => `  t${i}x: { file: ./t }`)}\n`,
    ),
    [],
  ],
  [
    "thousands of comments that name no rule",
    compose(`${lines(MANY, (i) => `# plimsoll-ignore no/rule-${i} -- why`)}\n${WEB}`),
    [],
  ],
  [
    "numbers of ten thousand digits",
    compose(
      `${WEB}    mem_limit: ${"9".repeat(10_000)}\n    scale: 0x${"f".repeat(10_000)}\n    ports: [${"1".repeat(10_000)}]\n    cpus: 1e${"9".repeat(10_000)}\n`,
    ),
    [],
  ],
  [
    "names that every object has",
    compose(
      "services:\n  __proto__: { image: nginx }\n  constructor: { image: nginx, depends_on: [toString], environment: { __proto__: x } }\n",
    ),
    [],
  ],
  ["an empty file", compose(""), ["compose.yaml:1:1 this file is empty"]],
  ["a list", compose("- services\n"), ["compose.yaml:1:1 the top level is a list; a Compose file is a mapping"]],
  ["a text", compose("services\n"), ["compose.yaml:1:1 the top level is text; a Compose file is a mapping"]],
  ["tabs", compose("services:\n\tweb:\n\t\timage: nginx\n"), ["compose.yaml:2:1 a tab cannot indent YAML; use blanks"]],
  [
    "tags of other languages",
    compose(`${WEB}    command: !!python/object:os.system ls\n`),
    ["compose.yaml:4:14 tag `!!python/object:os.system` is unknown; Compose reads `!reset` and `!override`"],
  ],
];

test.each(CASES)("%s end in findings that say what is wrong, in every format", async (_name, tree, expected) => {
  expect(await told(tree)).toEqual(expected);
});

test("of thousands of findings of one rule in one file the rest is left out, and this is said", async () => {
  const rule = wordRule("style/no-noise", "noise");
  const tree = { Dockerfile: `FROM node\n${"# noise\n".repeat(3_000)}` };
  const { findings, diagnostics } = await lint(treeOf(tree), [rule]);
  expect(findings).toHaveLength(2_000);
  const message = "more than 2,000 findings of style/no-noise; the others are left out";
  expect(diagnostics).toEqual([{ kind: "skipped", path: "Dockerfile", message }]);
});
