import { expect, test } from "vitest";
import { runCli } from "../support/run-cli.js";

const ONLY = ["--only", "images/pin-tag", "--format", "compact"];

test("Compose files that the policy lists are found under any name", async () => {
  const files = {
    Dockerfile: ["FROM scratch"],
    "plimsoll.yaml": ["compose:", "  files: [deploy/stack.yml]"],
    "deploy/stack.yml": ["services:", "  web:", "    image: nginx"],
    "deploy/other.yml": ["services:", "  web:", "    image: nginx"],
  };

  expect((await runCli(ONLY, files)).stdout).toMatch(/^deploy\/stack\.yml:3:12: [^\n]*\n$/);
});

test("a template that is named like a Compose file is left out with a note", async () => {
  const files = { "compose.yaml": ["services:", "  web:", "    image: {{ image }}"] };

  expect(await runCli(ONLY, files)).toEqual({
    exitCode: 0,
    stdout: "",
    stderr: "compose.yaml: a template of another tool; skipped\n",
  });
});

test("--verbose lists what is linted, and under which policy", async () => {
  const files = {
    "api/Dockerfile": ["FROM scratch"],
    "api/plimsoll.yaml": ["failOn: error"],
    Dockerfile: ["FROM scratch"],
  };

  expect((await runCli([...ONLY, "--verbose"], files)).stderr).toBe(
    "Dockerfile: dockerfile, no policy\n" +
      "api/Dockerfile: dockerfile, api/plimsoll.yaml\n" +
      "context .: 0B, no ignore file, 0 files; whole context 40B\n" +
      "context api: 0B, no ignore file, 0 files; whole context 27B\n",
  );
});
