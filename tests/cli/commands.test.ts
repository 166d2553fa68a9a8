import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { runCli } from "../support/run-cli.js";

test("--version prints the version of the package", async () => {
  const { version } = JSON.parse(await readFile("package.json", "utf8"));

  expect(await runCli(["--version"], {})).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
});

test("--help lists commands and flags and exits 0", async () => {
  const run = await runCli(["--help"], {});

  expect(run).toMatchObject({ exitCode: 0, stderr: "" });
  expect(run.stdout).toContain("--fail-on <severity>");
});

test("rules --format json lists every rule with what a program needs", async () => {
  const run = await runCli(["rules", "--format", "json"], {});

  const { version, rules } = JSON.parse(run.stdout);
  expect(version).toBe(1);
  expect(rules.find(({ id }: { readonly id: string }) => id === "images/pin-tag")).toMatchObject({
    family: "images",
    summary: expect.stringMatching(/\S/),
    levels: { recommended: expect.anything() },
    fixable: expect.stringMatching(/^(?:never|sometimes|always)$/),
    aliases: expect.any(Array),
    options: expect.any(Object),
    references: expect.any(Array),
  });
});

test("explain knows a rule by its id and by the id of another tool", async () => {
  const byId = await runCli(["explain", "images/pin-tag"], {});

  expect(byId).toMatchObject({ exitCode: 0, stderr: "" });
  expect(byId.stdout).toMatch(/^# images\/pin-tag\n/);
  expect(await runCli(["explain", "hadolint:DL3006"], {})).toEqual(byId);
});

test("init writes a policy that is valid, and refuses to write over one", async () => {
  let policy = "";
  const first = await runCli(
    ["init"],
    {},
    {
      inspect: async (folder) => {
        policy = await readFile(`${folder}/plimsoll.yaml`, "utf8");
      },
    },
  );

  expect(first).toEqual({ exitCode: 0, stdout: "", stderr: "wrote plimsoll.yaml\n" });
  expect(await runCli(["init"], { "plimsoll.yaml": policy })).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: "plimsoll.yaml: there is a policy already; edit it, or remove it first\n",
  });
  const lint = await runCli(["-f", "compact"], { "plimsoll.yaml": policy, Dockerfile: ["FROM scratch"] });
  expect({ ...lint, stdout: "" }).toEqual({ exitCode: lint.exitCode, stdout: "", stderr: "" });
  expect(lint.exitCode).not.toBe(2);
});

test("config says what applies to a file and where each value comes from", async () => {
  const files = { "plimsoll.yaml": ["failOn: error"] };
  const run = await runCli(["config", "api/Dockerfile", "--format", "json"], files);

  const { path, role, values } = JSON.parse(run.stdout);
  expect({ path, role }).toEqual({ path: "api/Dockerfile", role: "production" });
  expect(values).toContainEqual({
    key: "failOn",
    value: "error",
    origin: { kind: "file", path: "plimsoll.yaml", line: 1, column: 1 },
  });
});

test("inspect shows instructions and stages as documented, in the order asked", async () => {
  const files = {
    "b.Dockerfile": ["# syntax=docker/dockerfile:1", "FROM node:22 AS Build", "RUN <<EOF", "echo", "EOF"],
    "a.Dockerfile": [
      "FROM alpine:3.20 AS base",
      "ENV A=1 \\",
      "    B=2",
      'HEALTHCHECK CMD ["true"]',
      "FROM base",
      "USER app",
      "WORKDIR /srv",
      "COPY --chown=app . .",
    ],
  };
  const run = await runCli(["inspect", "--format", "json", "b.Dockerfile", "a.Dockerfile"], files);

  expect(run).toMatchObject({ exitCode: 0, stderr: "" });
  const [b, a] = JSON.parse(run.stdout).files;
  expect(b).toMatchObject({
    path: "b.Dockerfile",
    kind: "dockerfile",
    instructions: [
      { keyword: "from", startLine: 2, endLine: 2, flags: [], arguments: ["node:22", "AS", "Build"], stage: 0 },
      {
        keyword: "run",
        startLine: 3,
        endLine: 5,
        flags: [],
        form: "shell",
        heredocs: [{ name: "EOF", expand: true, chomp: false, startLine: 4, endLine: 5 }],
        stage: 0,
      },
    ],
    errors: [],
  });
  expect(a.instructions[1]).toEqual({
    keyword: "env",
    startLine: 2,
    endLine: 3,
    flags: [],
    arguments: ["A=1", "B=2"],
    form: "none",
    heredocs: [],
    stage: 0,
  });
  expect(a.stages).toMatchObject([
    { name: "base", base: { kind: "image", written: "alpine:3.20", resolved: "alpine:3.20" }, shipped: true },
    {
      base: { kind: "stage", written: "base", resolved: "base" },
      shipped: true,
      user: "app",
      workdir: "/srv",
      healthcheck: "true",
    },
  ]);
});

test("inspect shows the merged model of a Compose file with the place of each value", async () => {
  const files = {
    "compose.yaml": ["services:", "  web:", "    image: nginx:1.27"],
    "compose.override.yaml": ["services:", "  web:", "    restart: always"],
  };
  const run = await runCli(["inspect", "--format", "json", "compose.yaml"], files);

  const [file] = JSON.parse(run.stdout).files;
  expect(file).toMatchObject({ path: "compose.yaml", kind: "compose", errors: [] });
  expect(file.variants[0].model.entries.services.entries.web.entries.image).toMatchObject({
    value: "nginx:1.27",
    file: "compose.yaml",
    line: 3,
    column: 12,
  });
});

test.each([
  [["schema"], "schema/plimsoll.schema.json"],
  [["schema", "--compose"], "schema/compose.schema.json"],
])("%j prints the schema that the package ships", async (words, file) => {
  const run = await runCli(words, {});

  expect(run).toEqual({ exitCode: 0, stdout: await readFile(file, "utf8"), stderr: "" });
});
