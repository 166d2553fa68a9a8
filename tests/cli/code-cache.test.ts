import { spawnSync } from "node:child_process";
import { chmod, cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
let installed: string;

beforeAll(async () => {
  installed = await mkdtemp(join(tmpdir(), "plimsoll-installed-"));
  for (const name of ["bin", "dist", "package.json"]) {
    await cp(join(ROOT, name), join(installed, name), { recursive: true });
  }
  await writeFile(join(installed, "Dockerfile"), "FROM node\n");
});

afterAll(async () => {
  await chmod(join(installed, "dist"), 0o755);
  await rm(installed, { recursive: true, force: true });
});

function lint() {
  const args = [join(installed, "bin", "plimsoll.js"), "--only", "images/pin-tag", "-f", "compact", "Dockerfile"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: installed, encoding: "utf8" });
  return { status, stdout: stdout.replace(/warning: .*/, "warning"), stderr };
}

const EXPECTED = { status: 1, stdout: "Dockerfile:1:6: warning\n", stderr: "" };
const CACHE = () => join(installed, "dist", "cache");

test("without compiled code the first run does its work and keeps the code for the next one", async () => {
  await rm(CACHE(), { recursive: true, force: true });

  expect(lint()).toEqual(EXPECTED);
  const [kept = ""] = await readdir(CACHE());
  expect(kept).toMatch(/^[0-9a-f]{16}-v\d+\.\d+\.\d+-\w+-dockerfile-short-0\.bin$/);
  expect(lint()).toEqual(EXPECTED);
});

test("compiled code that is damaged or of another Node is replaced", async () => {
  const [kept = ""] = await readdir(CACHE());
  const path = join(CACHE(), kept);
  for (const damaged of [Buffer.alloc(0), Buffer.alloc(100_000, 7), (await readFile(path)).subarray(0, 5000)]) {
    await writeFile(path, damaged);

    expect(lint()).toEqual(EXPECTED);
    expect((await readFile(path)).length).toBeGreaterThan(100_000);
  }
});

test("a package that may not be written to works as well", async () => {
  await rm(CACHE(), { recursive: true, force: true });
  await chmod(join(installed, "dist"), 0o555);

  expect(lint()).toEqual(EXPECTED);
  expect(lint()).toEqual(EXPECTED);
});
