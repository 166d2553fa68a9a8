import { expect, test } from "vitest";
import { runCli } from "../support/run-cli.js";

test("--verbose says what each context sends, before and after its ignore file", async () => {
  const run = await runCli(["--no-config", "--verbose", "--only", "context/limit-size", "-f", "compact", "."], {
    "api/Dockerfile": ["FROM alpine:3.22", "COPY . /srv"],
    "api/.dockerignore": ["media"],
    "api/media/clip.bin": "x".repeat(900),
    "api/main.txt": "y".repeat(60),
    "web/Dockerfile": ["FROM alpine:3.22", "COPY page.html /srv/"],
    "web/page.html": "z".repeat(500),
  });

  expect(run.stderr.split("\n").filter((line) => line.startsWith("context "))).toEqual([
    "context api: 995B -> 95B (-90%) by api/.dockerignore, 3 files; whole context 95B",
    "context web: 500B, no ignore file, 1 file; whole context 538B",
  ]);
});
