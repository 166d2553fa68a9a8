import { expect, test } from "vitest";
import { addLines, type LineGroup, textOfGroups } from "../../src/context/added-lines.js";
import { IgnoreFile } from "../../src/context/ignore-file.js";
import { Source } from "../../src/text/source.js";

const GROUPS: readonly LineGroup[] = [{ title: "Caches", lines: ["**/*.pyc"] }];

const added = (text: string, paths: readonly string[]): string | undefined => {
  const place = addLines(new IgnoreFile(new Source(".dockerignore", text)), GROUPS, paths);
  return place === undefined ? undefined : text.slice(0, place.offset) + place.text + text.slice(place.offset);
};

test.each([
  ["an empty file", "", "# Caches\n**/*.pyc\n"],
  ["a file that ends in a line break", "a\n", "a\n\n# Caches\n**/*.pyc\n"],
  ["a file that ends without one", "a", "a\n\n# Caches\n**/*.pyc\n"],
  ["a file that ends in a blank line", "a\n\n", "a\n\n# Caches\n**/*.pyc\n"],
  ["a file of Windows", "a\r\n", "a\r\n\r\n# Caches\r\n**/*.pyc\r\n"],
  ["exceptions that the lines leave alone", "*\n!src\n", "*\n!src\n\n# Caches\n**/*.pyc\n"],
])("lines go to the end of %s", (_, text, expected) => {
  expect(added(text, ["src/a.pyc"])).toBe(expected);
});

test("lines go in front of exceptions at the end that they would undo", () => {
  expect(added("a\n!keep/b.pyc\n", ["src/a.pyc"])).toBe("a\n\n# Caches\n**/*.pyc\n\n!keep/b.pyc\n");
});

test("lines that can only work against an exception are not added", () => {
  expect(added("*\n!src\n!src/b.pyc\n", ["src/a.pyc"])).toBeUndefined();
});

test("groups of a new file are parted by a blank line", () => {
  expect(textOfGroups([...GROUPS, { title: "Secrets", lines: [".env", "!.env.example"] }])).toBe(
    "# Caches\n**/*.pyc\n\n# Secrets\n.env\n!.env.example\n",
  );
});
