import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type Files, runCli } from "./support/run-cli.js";

const FIXTURES = join(dirname(dirname(fileURLToPath(import.meta.url))), "fixtures");

/** Arguments by the name of the file that holds what they print. */
const EXPECTED: ReadonlyMap<string, readonly string[]> = new Map([
  ["expected.txt", ["--format", "text"]],
  ["expected.checklist.txt", ["--preset", "checklist", "--format", "compact"]],
  ["expected.json", ["--format", "json"]],
  ["expected.sarif", ["--format", "sarif"]],
]);

/** `UPDATE_EXPECTED=1 npx vitest run tests/fixtures.test.ts` rewrites the files; a person reads the difference. */
const isUpdating = process.env["UPDATE_EXPECTED"] === "1";

/** The folders that say what is printed; the projects in `policies` have a test of their own. */
const CASES = readdirSync(FIXTURES).filter((name) =>
  [...EXPECTED.keys()].some((file) => existsSync(join(FIXTURES, name, file))),
);

describe.each(CASES)("fixture %s", (name) => {
  const folder = join(FIXTURES, name);

  test.each([...EXPECTED].filter(([file]) => existsSync(join(folder, file))))("prints %s", async (file, args) => {
    const run = await runCli(args, projectOf(folder));

    expect(run.stderr).toBe("");
    if (isUpdating) writeFileSync(join(folder, file), run.stdout);
    expect(run.stdout).toBe(readFileSync(join(folder, file), "utf8"));
  });
});

/** The files of a fixture, without what is expected of it. */
function projectOf(folder: string): Files {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || entry.name.startsWith("expected.")) continue;
    const path = join(entry.parentPath, entry.name);
    files[path.slice(folder.length + 1).replaceAll("\\", "/")] = readFileSync(path, "utf8");
  }
  return files;
}
