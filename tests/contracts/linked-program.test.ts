import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import { afterEach, describe, expect, test } from "vitest";
import { modulesOf, textOf } from "../../scripts/link-program.mjs";

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Links modules, the first being the entry; gives its exports by name, and the files that were loaded, in their order. */
async function linked(files: Readonly<Record<string, string>>, isReadable = false) {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-link-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const entry = join(folder, Object.keys(files)[0] ?? "");
  const modules = await modulesOf(entry, () => undefined, { ANSWER: "42" });
  const keys = [...modules.keys()];
  const numbers = new Map(keys.map((key, number) => [key, number]));
  const text = await textOf(modules, keys, numbers, isReadable);
  const loaded: string[] = [];
  const kept = new Map<number, unknown>();
  const load = (number: number): unknown => {
    if (!kept.has(number)) {
      loaded.push((keys[number] ?? "").slice(folder.length + 1));
      kept.set(number, bodies[number]?.());
    }
    return kept.get(number);
  };
  const bodies: readonly (() => unknown)[] = runInThisContext(text)(load, createRequire(entry), entry);
  const names = modules.get(entry)?.names ?? [];
  const values = load(0);
  const exported = (name: string): unknown => (Array.isArray(values) ? values[names.indexOf(name)] : undefined);
  const call = (name: string, ...given: unknown[]): unknown => {
    const value = exported(name);
    return typeof value === "function" ? value(...given) : undefined;
  };
  return { exported, call, loaded };
}

describe("the linked program", () => {
  test.each([false, true])("loads a module when something of it is first used (readable: %s)", async (isReadable) => {
    const { call, loaded } = await linked(
      {
        "main.ts": `import { twice } from "./twice.js";\nimport { never } from "./never.js";
export const run = (n: number): number => (n < 0 ? never(n) : twice(n));`,
        "twice.ts": "export function twice(n: number): number { return 2 * n; }",
        "never.ts": "export const never = (n: number): number => n;",
      },
      isReadable,
    );
    expect(loaded).toEqual(["main.ts"]);
    expect(call("run", 21)).toBe(42);
    expect(loaded).toEqual(["main.ts", "twice.ts"]);
  });

  test("keeps a name of a module apart from the same name further in", async () => {
    const { call } = await linked({
      "main.ts": `import { size } from "./size.js";
export const run = () => [size(1), ((size: number) => size)(2), { size: 3 }.size, { size }.size(4)];`,
      "size.ts": "export const size = (n: number) => n * 10;",
    });
    expect(call("run")).toEqual([10, 2, 3, 40]);
  });

  test("lets two modules use each other once both are made", async () => {
    const { call } = await linked({
      "main.ts": `import { isOdd } from "./odd.js";
export const isEven = (n: number): boolean => (n === 0 ? true : isOdd(n - 1));`,
      "odd.ts": `import { isEven } from "./main.js";
export const isOdd = (n: number): boolean => (n === 0 ? false : isEven(n - 1));`,
    });
    expect(call("isEven", 10)).toBe(true);
  });

  test("gives re-exports, default exports, dynamic imports, modules of Node, packages and defined names", async () => {
    const { exported, call } = await linked({
      "main.ts": `import { basename } from "node:path";
import { distance } from "fastest-levenshtein";
import level from "./level.js";
export { shown } from "./shown.js";
declare const ANSWER: number;
export const run = async () => [level, basename("/a/b"), distance("ab", "ac"), (await import("./late.js")).late(1), ANSWER];`,
      "level.ts": 'export default "info";',
      "shown.ts": "export const shown = 7;",
      "late.ts": "export const other = 0;\nexport const late = (n: number) => n + 1;",
    });
    expect(exported("shown")).toBe(7);
    expect(await call("run")).toEqual(["info", "b", 1, 2, 42]);
  });

  test("refuses a module that is imported as a whole, whose names it could not tell from others", async () => {
    const files = {
      "main.ts": 'import * as all from "./a.js";\nexport const b = all.a;',
      "a.ts": "export const a = 1;",
    };
    await expect(linked(files)).rejects.toThrow("import names, not `* as all`");
  });

  test("refuses a name that the other module does not export", async () => {
    const files = {
      "main.ts": 'import { b } from "./a.js";\nexport const c = () => b;',
      "a.ts": "export const a = 1;",
    };
    await expect(linked(files)).rejects.toThrow("exports no b");
  });
});
