import { describe, expect, test } from "vitest";
import { runCli } from "../support/run-cli.js";

const PROJECT = {
  ".git/HEAD": ["ref: refs/heads/main"],
  "compose.yaml": [
    "services:",
    "  web:",
    "    build:",
    "      context: ./web",
    "      args: {TAG: latest}",
    "  db:",
    "    image: postgres",
  ],
  "web/Dockerfile": ["ARG TAG=22.14.0", "FROM node:${TAG}"],
  "web/.dockerignore": ["node_modules"],
};
const ARGS = ["--only", "images/pin-tag", "--no-config", "-f", "compact"];

function idsOf(stdout: string): readonly string[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.replace(/:.*\[/, " ").replace("]", ""));
}

describe("files named one by one are judged as their project builds them", () => {
  test("a Dockerfile gets the arguments that Compose passes, and nothing is said of the Compose file", async () => {
    const run = await runCli([...ARGS, "web/Dockerfile"], PROJECT);

    expect(idsOf(run.stdout)).toEqual([]);
    expect(run.stderr).toBe("");
  });

  test("what a Compose file alone is blamed for does not concern its Dockerfiles", async () => {
    const run = await runCli([...ARGS, "compose.yaml"], PROJECT);

    expect(idsOf(run.stdout)).toEqual(["compose.yaml images/pin-tag#latest", "compose.yaml images/pin-tag#no-tag"]);
  });

  test("a flag that describes the build takes the Dockerfile by itself", async () => {
    const run = await runCli([...ARGS, "--build-arg", "TAG=stable", "web/Dockerfile"], PROJECT);

    expect(idsOf(run.stdout)).toEqual(["web/Dockerfile images/pin-tag#channel"]);
  });

  test("an ignore file leads to the Dockerfiles of its folder", async () => {
    const run = await runCli([...ARGS, "api/.dockerignore"], {
      "api/.dockerignore": ["node_modules"],
      "api/Dockerfile": ["FROM node"],
    });

    expect(idsOf(run.stdout)).toEqual(["api/Dockerfile images/pin-tag#no-tag"]);
  });
});
