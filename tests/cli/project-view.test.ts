import { expect, test } from "vitest";
import { type Files, runCli } from "../support/run-cli.js";

const SHOP: Files = {
  "compose.yaml": [
    "name: shop",
    "services:",
    "  api:",
    "    build:",
    "      context: api",
    "      target: prod",
    "      args: { NODE_VERSION: '22' }",
    '    ports: ["127.0.0.1:8080:80", "53:53/udp", "9000"]',
    "    networks: [back, front]",
    "    depends_on: { db: { condition: service_healthy }, cache: { condition: service_started, required: false } }",
    "  db:",
    "    image: postgres:17.4",
    "    networks: [back]",
    "  cache:",
    "    image: redis:8.2",
    "    network_mode: host",
    "    profiles: [debug]",
    "  report:",
    "    build: https://git.acme.io/report.git",
    "networks:",
    "  back: { internal: true }",
    "  front: { external: true }",
  ],
  "compose.override.yaml": ["services:", "  api:", "    build: { target: dev }"],
  "api/Dockerfile": [
    "FROM node:22.21.0 AS build",
    "COPY package.json .",
    "COPY . .",
    "FROM build AS dev",
    "FROM scratch AS prod",
    "COPY --from=build /app /app",
    "COPY certs /certs",
  ],
  "api/.dockerignore": ["# written by hand", "node_modules", "*.log", "!keep.log", "*.tmp"],
  "api/package.json": "{}\n",
  "api/node_modules/left-pad/index.js": "x".repeat(2000),
  "api/debug.log": "y".repeat(100),
  "api/keep.log": "z".repeat(10),
  "api/src/main.js": "1\n",
  "tools/Dockerfile": ["FROM alpine:3.22"],
};

test("graph shows services with what they build, publish, join and need, and Dockerfiles that nobody builds", async () => {
  const files = { ...SHOP, "compose.override.yaml": "services: {}\n" };

  expect(await runCli(["graph"], files)).toEqual({
    exitCode: 0,
    stderr: "",
    stdout: [
      "Compose project in .",
      "",
      "  compose.yaml + compose.override.yaml: production (assumed), named shop",
      "    api",
      "      Dockerfile   api/Dockerfile",
      "      target       prod",
      "      stages       build (from node:22.21.0), dev (from build, not needed), prod (from scratch, ships)",
      "      context      api",
      "      ignore file  api/.dockerignore",
      "      args         NODE_VERSION",
      "      publishes    127.0.0.1:8080 -> 80/tcp (this machine only), 53 -> 53/udp, (any port) -> 9000/tcp",
      "      networks     back, front",
      "      needs        db (service_healthy), cache (service_started, optional)",
      "    db",
      "      image        postgres:17.4",
      "      networks     back",
      "    cache",
      "      image        redis:8.2",
      "      network      host",
      "      profiles     debug",
      "    report",
      "      context      https://git.acme.io/report.git",
      "      networks     default",
      "    network back (internal): api, db",
      "    network front (external): api",
      "    network default: report",
      "",
      "Dockerfiles that no service builds",
      "",
      "  tools/Dockerfile: production (assumed)",
      "    stages       0 (from alpine:3.22, ships)",
      "    context      tools",
      "    ignore file  none",
      "",
    ].join("\n"),
  });
});

test("graph --format json shows every variant, and builds by the id that services name", async () => {
  const run = await runCli(["graph", ".", "--format", "json"], SHOP);

  expect(run).toMatchObject({ exitCode: 0, stderr: "" });
  const { version, composeProjects, builds } = JSON.parse(run.stdout);
  expect(version).toBe(1);
  expect(composeProjects).toHaveLength(1);
  const [{ folder, variants }] = composeProjects;
  expect(folder).toBe(".");
  const built = variants.map(({ files, services }: { files: unknown; services: readonly { build: string }[] }) => {
    const build = builds.find(({ id }: { readonly id: string }) => id === services[0]?.build);
    return [files, build.dockerfile, build.context, build.ships];
  });
  const context = { kind: "local", path: "api", isCertain: true, ignoreFile: "api/.dockerignore" };
  expect(built).toContainEqual([["compose.yaml", "compose.override.yaml"], "api/Dockerfile", context, "dev"]);
});

test("graph --service shows a service, what it needs, and what belongs to them", async () => {
  const run = await runCli(["graph", "--service", "api", "--format", "json"], {
    ...SHOP,
    "compose.override.yaml": "services: {}\n",
  });

  const { composeProjects, builds } = JSON.parse(run.stdout);
  const [{ services, networks }] = composeProjects[0].variants;
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);
  expect([names(services), names(networks)]).toEqual([
    ["api", "db", "cache"],
    ["back", "front"],
  ]);
  expect(builds.map(({ dockerfile }: { readonly dockerfile: string }) => dockerfile)).toEqual(["api/Dockerfile"]);
});

test("graph --format mermaid draws a flowchart in which no name of a file can break a label", async () => {
  const run = await runCli(["graph", "--format", "mermaid"], {
    "compose.yaml": [
      "services:",
      "  web:",
      "    image: nginx:1.29",
      '    ports: ["${HTTP:-80}:80"]',
      "    depends_on: [_db]",
      "  _db:",
      "    build: 'a\"]-->x'",
    ],
    'a"]-->x/Dockerfile': ["FROM scratch"],
  });

  expect(run).toEqual({
    exitCode: 0,
    stderr: "",
    stdout: [
      "flowchart LR",
      '  subgraph v1["compose.yaml"]',
      '    v1s1["web"]',
      '    v1s2["#95;db"]',
      "  end",
      '  v1s1 -->|"service_started"| v1s2',
      '  v1s1p1(["80"]) -->|"80/tcp"| v1s1',
      "  v1s2 ==>|builds| b1",
      '  v1n1(("default"))',
      "  v1s1 -.- v1n1",
      "  v1s2 -.- v1n1",
      '  b1[["a#34;#93;--#62;x/Dockerfile"]]',
      '  c1[/"context a#34;#93;--#62;x"/]',
      "  b1 --> c1",
      "",
    ].join("\n"),
  });
});

test("context shows what is sent, what each ignore line does, and what each source takes", async () => {
  const files = { ...SHOP, "compose.override.yaml": "services: {}\n" };

  expect(await runCli(["context", "--service", "api"], files)).toEqual({
    exitCode: 0,
    stderr: "",
    stdout: [
      "Context api, ignore file api/.dockerignore",
      "  in the folder  2.31KB in 7 files",
      "  not ignored    209B in 5 files (-91%)",
      "  largest folders",
      "    src/  2B in 1 file",
      "  largest files",
      "    Dockerfile     141B",
      "    .dockerignore  53B",
      "    keep.log       10B",
      "    package.json   3B",
      "    src/main.js    2B",
      "  lines of the ignore file",
      "    2  node_modules  2KB in 1 file",
      "    3  *.log         100B in 1 file; matches 110B in 2 files",
      "    4  !keep.log     brings back 10B in 1 file",
      "    5  *.tmp         matches nothing",
      "  build api (compose.yaml): api/Dockerfile, target prod",
      "    takes 209B in 5 files of 2.31KB in 7 files",
      "    line 2: COPY package.json  3B in 1 file",
      "    line 3: COPY .             209B in 5 files; 2 files ignored",
      "    line 7: COPY certs         nothing there",
      "",
    ].join("\n"),
  });
});

test("context --format json gives the same numbers, and names contexts that are elsewhere", async () => {
  const run = await runCli(["context", "compose.yaml", "--format", "json"], {
    ...SHOP,
    "compose.override.yaml": "services: {}\n",
  });

  const { version, contexts, elsewhere } = JSON.parse(run.stdout);
  expect({ ...run, stdout: "" }).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  expect([version, contexts.length]).toEqual([1, 1]);
  expect(contexts[0]).toMatchObject({
    path: "api",
    isLowerBound: false,
    before: { files: 7 },
    after: { sizeBytes: 209, files: 5 },
  });
  expect(contexts[0].lines.map(({ effect }: { readonly effect: string }) => effect)).toEqual([
    "ignores",
    "ignores",
    "brings-back",
    "nothing",
  ]);
  expect(elsewhere).toEqual([
    { kind: "remote", written: "https://git.acme.io/report.git", labels: ["report (compose.yaml)"] },
  ]);
});

test("context of a Dockerfile takes --target and --context", async () => {
  const args = ["context", "api/Dockerfile", "--context", ".", "--target", "prod", "--format", "json"];
  const { stdout } = await runCli(args, SHOP);

  const [{ path, ignoreFile, builds }] = JSON.parse(stdout).contexts;
  expect([path, ignoreFile, builds[0].target]).toEqual([".", undefined, "prod"]);
});

const LEAK = ["ghp", "16C7e42F292c6912E7710c838347Ae178B4a"].join("_");

test.each([["graph"], ["graph", "-f", "json"], ["graph", "-f", "mermaid"], ["context"], ["context", "-f", "json"]])(
  "%s %s %s shows no secret",
  async (...words) => {
    const run = await runCli(words, {
      "compose.yaml": [
        "services:",
        "  api:",
        `    build: { context: ., args: { TOKEN: ${LEAK} } }`,
        `    image: registry.acme.io/${LEAK}:1`,
        `    networks: [${LEAK}]`,
        "  web:",
        `    build: https://ada:${LEAK}@git.acme.io/web.git`,
      ],
      Dockerfile: [`FROM node:${LEAK} AS build`, `COPY ${LEAK} /`],
      ".dockerignore": [LEAK],
      [LEAK]: "x",
    });

    expect([run.exitCode, run.stdout.length > 0, (run.stdout + run.stderr).includes(LEAK)]).toEqual([0, true, false]);
  },
);

test.each([
  ["graph", "nothing to show: no Dockerfile and no Compose file here\n"],
  ["context", "nothing to show: nothing here is built\n"],
])("%s says so where there is nothing", async (command, stderr) => {
  expect(await runCli([command, "-f", "text"], { "main.go": "package main" })).toEqual({
    exitCode: 0,
    stdout: "",
    stderr,
  });
});

test.each([
  [["graph", "ap"], 2, "ap: no such file or folder\n"],
  [["context", "ap"], 2, "ap: no such file or folder\n"],
  [["graph", "--service", "ap"], 2, "--service: no service `ap`; did you mean `api`?\n"],
  [["context", "--service", "ap"], 2, "--service: no service `ap`; did you mean `api`?\n"],
  [["graph", "-f", "dot"], 2, "--format: no `dot`; it takes text, json, mermaid\n"],
  [["context", "-f", "mermaid"], 2, "--format: no `mermaid`; it takes text, json\n"],
  [["graph", "--fix"], 2, "no flag `--fix`; `plimsoll --help` lists the flags\n"],
])("%j ends with %d and one line that says why", async (words, exitCode, stderr) => {
  const run = await runCli(words, SHOP);

  expect([run.exitCode, run.stderr]).toEqual([exitCode, stderr]);
});

test.each(["graph", "context"])("%s ends with 1 where a file does not parse, and shows the rest", async (command) => {
  const run = await runCli([command, "."], { Dockerfile: ["FROM scratch", "COPPY a b"] });

  expect([run.exitCode, run.stdout.length > 0, run.stderr.startsWith("Dockerfile:2: ")]).toEqual([1, true, true]);
});
