import { expect, test } from "vitest";
import { runCli } from "../support/run-cli.js";

async function inspected(lines: readonly string[]) {
  const { stdout } = await runCli(["inspect", "--format", "json", "Dockerfile"], { Dockerfile: lines });
  return JSON.parse(stdout).files[0];
}

test("instructions have flags, forms, heredocs, pairs and lines as documented", async () => {
  const { instructions } = await inspected([
    "ARG V=22",
    "FROM --platform=$BUILDPLATFORM node:$V as Build",
    'ENV A=1 B="two words" \\',
    "    # a comment",
    "    C=$A",
    "ENV OLD style value",
    "RUN --mount=type=cache,target=/c --network=none <<-'EOF' cat",
    "\tnpm ci",
    "\tEOF",
    'RUN ["echo", "hi there"]',
    "COPY <<A <<B /x/",
    "one",
    "A",
    "B",
    "EXPOSE 80/tcp 443",
  ]);
  const none = { flags: [], form: "none", heredocs: [], stage: 0 };

  expect(instructions).toEqual([
    { keyword: "arg", startLine: 1, endLine: 1, flags: [], arguments: ["V=22"], form: "none", heredocs: [] },
    {
      ...none,
      keyword: "from",
      startLine: 2,
      endLine: 2,
      flags: ["--platform=$BUILDPLATFORM"],
      arguments: ["node:$V", "as", "Build"],
    },
    { ...none, keyword: "env", startLine: 3, endLine: 5, arguments: ["A=1", 'B="two words"', "C=$A"] },
    { ...none, keyword: "env", startLine: 6, endLine: 6, arguments: ["OLD=style value"] },
    {
      keyword: "run",
      startLine: 7,
      endLine: 9,
      flags: ["--mount=type=cache,target=/c", "--network=none"],
      arguments: ["<<-'EOF' cat"],
      form: "shell",
      heredocs: [{ name: "EOF", expand: false, chomp: true, startLine: 8, endLine: 9 }],
      stage: 0,
    },
    { ...none, keyword: "run", startLine: 10, endLine: 10, arguments: ["echo", "hi there"], form: "json" },
    {
      ...none,
      keyword: "copy",
      startLine: 11,
      endLine: 14,
      arguments: ["<<A", "<<B", "/x/"],
      form: "shell",
      heredocs: [
        { name: "A", expand: true, chomp: false, startLine: 12, endLine: 13 },
        { name: "B", expand: true, chomp: false, startLine: 14, endLine: 14 },
      ],
    },
    { ...none, keyword: "expose", startLine: 15, endLine: 15, arguments: ["80/tcp", "443"] },
  ]);
});

test("stages have their base, and what is in effect at their end", async () => {
  const { stages } = await inspected([
    "ARG V=22",
    "FROM node:$V AS Build",
    'SHELL ["/bin/bash", "-c"]',
    "WORKDIR srv",
    "FROM build",
    "USER app",
    "WORKDIR web",
    'HEALTHCHECK CMD ["curl", "-f", "http://localhost"]',
    "FROM scratch AS empty",
    "FROM $BASE",
  ]);
  const shell = ["/bin/bash", "-c"];

  expect(stages).toEqual([
    {
      name: "build",
      base: { kind: "image", written: "node:$V", resolved: "node:22" },
      shipped: false,
      user: "root",
      workdir: "/srv",
      shell,
    },
    {
      base: { kind: "stage", written: "build", resolved: "build" },
      shipped: false,
      user: "app",
      workdir: "/srv/web",
      shell,
      healthcheck: "curl -f http://localhost",
    },
    {
      name: "empty",
      base: { kind: "scratch", written: "scratch", resolved: "scratch" },
      shipped: false,
      user: "root",
      workdir: "/",
    },
    { base: { kind: "unresolved", written: "$BASE" }, shipped: true },
  ]);
});

test.each([
  [
    ["FROM node", "RUNN x", "COPY a"],
    [2, 3],
  ],
  [["# nothing"], [1]],
  [["ARG A"], [1]],
  [["# syntax=acme/frontend", "BUILD x"], []],
  [["FROM node", "RUN <<A"], [2]],
])("%j has errors in lines %j", async (lines, expected) => {
  const { errors } = await inspected(lines);

  expect(errors.map(({ line }: { readonly line: number }) => line)).toEqual(expected);
  for (const { message } of errors) expect(message).toMatch(/\S/);
});

test("files are in the order asked, and a named one that cannot be read exits 2", async () => {
  const files = { "b.Dockerfile": ["FROM b"], "a.Dockerfile": ["FROM a"], "compose.yaml": ["services: {}"] };
  const run = await runCli(
    ["inspect", "--format", "json", "compose.yaml", "gone", "b.Dockerfile", "a.Dockerfile"],
    files,
  );

  expect(JSON.parse(run.stdout).files.map(({ path }: { readonly path: string }) => path)).toEqual([
    "compose.yaml",
    "b.Dockerfile",
    "a.Dockerfile",
  ]);
  expect(run).toMatchObject({ exitCode: 2, stderr: "gone: no such file or folder\n" });
});

test("every value of a Compose file has the place where it was written", async () => {
  const files = {
    "compose.yaml": ["x-a: &a", "  restart: always", "services:", "  web:", "    <<: *a", "    image: nginx:${TAG:-1}"],
    "compose.override.yaml": ["services:", "  web:", "    init: true"],
  };
  const { stdout } = await runCli(["inspect", "--format", "json", "compose.yaml", "compose.override.yaml"], files);
  const [file] = JSON.parse(stdout).files;

  expect(file).toMatchObject({ path: "compose.yaml", kind: "compose", errors: [] });
  const merged = file.variants.find(({ files: list }: { readonly files: readonly string[] }) => list.length === 2);
  expect(merged.files).toEqual(["compose.yaml", "compose.override.yaml"]);
  expect(merged.model.entries.services.entries.web.entries).toEqual({
    image: { file: "compose.yaml", line: 6, column: 12, value: "nginx:1", certainty: "defaulted" },
    restart: {
      file: "compose.yaml",
      line: 2,
      column: 12,
      value: "always",
      via: [{ kind: "merge", name: "a", file: "compose.yaml", line: 5, column: 9 }],
    },
    init: { file: "compose.override.yaml", line: 3, column: 11, value: true },
  });
});
