import fc from "fast-check";
import { expect, test } from "vitest";
import type { YamlNode } from "../../src/compose/yaml-model.js";
import { parseYaml } from "../../src/compose/yaml-tree.js";
import { Source, textOf } from "../../src/text/source.js";

function parse(...lines: string[]) {
  return parseYaml(new Source("compose.yaml", lines.join("\n")));
}

/** The node as plain data: mappings as lists of pairs, scalars as text, aliases as `*name`. */
function plain(node: YamlNode | undefined): unknown {
  switch (node?.kind) {
    case "scalar":
      return node.text;
    case "alias":
      return `*${node.name}`;
    case "sequence":
      return node.items.map(plain);
    case "mapping":
      return node.entries.map(({ key, value }) => [key.text, plain(value)]);
    default:
      return undefined;
  }
}

function problems(...lines: string[]) {
  const file = parse(...lines);
  return file.problems.map(({ kind, range, message }) => [kind, textOf(range), message]);
}

test("a document is read with keys in order, in block and flow style", () => {
  const file = parse("services:", "  web: {image: node, ports: [80, '81:81']}", "volumes:", "- data");

  expect(plain(file.documents[0])).toEqual([
    [
      "services",
      [
        [
          "web",
          [
            ["image", "node"],
            ["ports", ["80", "81:81"]],
          ],
        ],
      ],
    ],
    ["volumes", ["data"]],
  ]);
  expect(file.problems).toEqual([]);
});

test("ranges cover nodes without the line breaks and comments that follow", () => {
  const file = parse("a:", "  b: c  # why", "  d: |", "    text", "", "e: 'f'");
  const [root] = file.documents;
  const entries = root?.kind === "mapping" ? root.entries : [];
  const inner = entries[0]?.value.kind === "mapping" ? entries[0].value.entries : [];

  expect(entries.map(({ value }) => textOf(value.range))).toEqual(["b: c  # why\n  d: |\n    text", "'f'"]);
  expect(inner.map(({ range }) => textOf(range))).toEqual(["b: c", "d: |\n    text"]);
  expect(file.comments.map(textOf)).toEqual(["# why"]);
});

test("anchors know their aliases, and tags their place", () => {
  const file = parse("a: &base {k: v}", "b: *base", "c: *base", "d: !reset null");
  const [root] = file.documents;
  const last = root?.kind === "mapping" ? root.entries[3]?.value : undefined;

  expect(file.anchors.map(({ name, range, uses }) => [name, textOf(range), uses.map(textOf)])).toEqual([
    ["base", "&base", ["*base", "*base"]],
  ]);
  expect(last?.kind === "scalar" ? [last.tag?.name, last.tag && textOf(last.tag.range)] : []).toEqual([
    "!reset",
    "!reset",
  ]);
});

test("an anchor may be redefined; the latest one above an alias counts", () => {
  const file = parse("a: &x one", "b: *x", "c: &x two", "d: *x");
  const [root] = file.documents;
  const targets =
    root?.kind === "mapping" ? root.entries.map(({ value }) => value.kind === "alias" && plain(value.target)) : [];

  expect(targets).toEqual([false, "one", false, "two"]);
});

test.each([
  ["a tab that indents", ["a:", "\tb: c"], "tab", "\t"],
  ["an alias without anchor", ["a: *base"], "alias", "*base"],
  ["a number as a key", ["80: a"], "key", "80"],
  ["a truth value as a key", ["true: a"], "key", "true"],
  ["a null key", ["null: a"], "key", "null"],
  ["a merge of text", ["<<: a"], "merge-key", "a"],
  ["an unknown tag", ["a: !vault b"], "tag", "!vault"],
  ["a list as top level", ["- a"], "root", "- a"],
  ["a repeated key", ["a: 1", "a: 2"], "duplicate-key", "a"],
  ["a repeated merge key", ["x: &x {a: 1}", "y:", "  <<: *x", "  <<: *x"], "duplicate-key", "<<"],
  ["an unclosed bracket", ["a: [b"], "syntax", ""],
  ["a value with a second colon", ["a: b: c"], "syntax", "b"],
])("%s is a problem at the token", (_, lines, kind, text) => {
  expect(problems(...lines).map(([k, t]) => [k, t])).toEqual([[kind, text]]);
});

test("a key that is no text comes with its quoted spelling", () => {
  expect(parse("80: a").problems.map(({ replacement }) => replacement)).toEqual(['"80"']);
});

test("a repeated key points at the first one, and both are kept in order", () => {
  const file = parse("a: 1", "b: 2", "a: 3");
  const [problem] = file.problems;

  expect(problem?.message).toBe("`a` is already set in line 1");
  expect(problem?.related?.start).toBe(0);
  expect(plain(file.documents[0])).toEqual([
    ["a", "1"],
    ["b", "2"],
    ["a", "3"],
  ]);
});

test("an empty text and a text of comments have no root", () => {
  expect(problems("")).toEqual([["root", "", "this file is empty"]]);
  expect(problems("# nothing", "---")).toEqual([["root", "", "this file is empty"]]);
});

test.each([
  ["!reset and !override", ["a: !reset null", "b: !override [c]"]],
  ["CRLF", ["a: b\r", "c:\r", "  - d\r"]],
  ["a trailing end mark", ["a: b", "..."]],
  ["core tags", ["a: !!str 80"]],
  ["a merge of mappings", ["x: &x {a: 1}", "y: {<<: [*x, {b: 2}]}"]],
  ["several documents", ["a: b", "---", "c: d"]],
])("%s is no problem", (_, lines) => {
  expect(problems(...lines)).toEqual([]);
});

test("a document that repeats the one before is a problem", () => {
  expect(problems("a: b", "---", "a: b").map(([kind]) => kind)).toEqual(["documents"]);
});

test("a lone CR ends a line", () => {
  expect(plain(parse("a: b\rc: d").documents[0])).toEqual([
    ["a", "b"],
    ["c", "d"],
  ]);
});

const bomb = Array.from({ length: 40 }, (_, n) => `a${n}: &a${n} [${Array(9).fill(n === 0 ? "x" : `*a${n - 1}`)}]`);

test.each([
  ["10,000 brackets", ["[".repeat(10_000)]],
  ["10,000 dashes", ["- ".repeat(10_000)]],
  ["10,000 braces", ["{a: ".repeat(10_000)]],
  ["aliases of aliases of aliases", bomb],
  ["an alias inside its own anchor", ["a: &a [*a]"]],
  ["a file of more than 1 MiB", ["a: ", "x".repeat(1 << 20)]],
  ["a million line breaks", ["\n".repeat(1_000_000)]],
])("%s are beyond the limits and give no documents", (_, lines) => {
  const file = parse(...lines);

  expect([file.isBeyondLimits, file.documents, file.problems.map(({ kind }) => kind)]).toEqual([true, [], ["limit"]]);
});

test("nesting of 60 levels is read", () => {
  expect(parse("[".repeat(60) + "]".repeat(60)).isBeyondLimits).toBe(false);
});

test.each([
  ["plain", "a: some text", "text", "text"],
  ["single quotes", "a: 'it''s here'", "'", "''"],
  ["single quotes, after", "a: 'it''s here'", "here", "here"],
  ["double quotes", 'a: "x\\ty"', "\t", "\\t"],
  ["double quotes, after", 'a: "\\u00e9 here"', "here", "here"],
  ["an astral escape", 'a: "\\U0001F600 b"', "b", "b"],
  ["a folded quote", 'a: "x\n  y"', "y", "y"],
  ["a plain fold", "a: x\n  y", "y", "y"],
  ["literal", "a: |\n  x\n  here\n", "here", "here"],
  ["literal with more indent", "a: |\n  x\n    here\n", "  here", "  here"],
  ["literal with an indentation indicator", "a: |2\n    x\n  here\n", "here", "here"],
  ["folded", "a: >\n  x\n  y\n\n  here\n", "here", "here"],
  ["folded, the fold", "a: >\n  x\n  y\n", " ", "\n"],
  ["literal with CRLF", "a: |\r\n  x\r\n  here\r\n", "here", "here"],
])("a stretch of a scalar leads back to its source: %s", (_, text, inner, outer) => {
  const source = new Source("compose.yaml", text);
  const [root] = parseYaml(source).documents;
  const scalar = root?.kind === "mapping" ? root.entries[0]?.value : undefined;
  if (scalar?.kind !== "scalar") throw new Error("no scalar");
  const at = scalar.text.indexOf(inner);

  expect(textOf(scalar.rangeOf(at, at + inner.length))).toBe(outer);
});

const fragments = fc.constantFrom(
  ..."a|b: |- |: |\n|\n  |\t|&x |*x|<<: |[|]|{|}|,|'|\"|\\|>|#|!reset |$|é|😀|\r\n|---|? |%|@|`|~|0444".split("|"),
  "|",
);

test("property: any text parses without throwing, with ranges in bounds", () => {
  fc.assert(
    fc.property(fc.array(fragments, { maxLength: 40 }), (parts) => {
      const text = parts.join("");
      const file = parseYaml(new Source("compose.yaml", text));
      const visit = (node: YamlNode): void => {
        expect(node.range.start).toBeLessThanOrEqual(node.range.end);
        expect(node.range.end).toBeLessThanOrEqual(text.length);
        if (node.kind === "scalar") {
          for (let index = 0; index < node.text.length; index += 1) node.rangeOf(index, index + 1);
        }
        if (node.kind === "sequence") node.items.forEach(visit);
        if (node.kind === "mapping") for (const entry of node.entries) [entry.key, entry.value].forEach(visit);
      };
      file.documents.forEach(visit);
    }),
    { numRuns: 500 },
  );
});

test("property: every unit of a literal block leads back to itself", () => {
  const line = fc.stringMatching(/^[a-z ]{0,6}[a-z]$/);
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
      const text = `a: |\n${lines.map((each) => `  ${each}`).join("\n")}\n`;
      // A first line with more blanks than the next would set another indentation.
      fc.pre(!(lines[0] ?? "").startsWith(" "));
      const [root] = parseYaml(new Source("compose.yaml", text)).documents;
      const scalar = root?.kind === "mapping" ? root.entries[0]?.value : undefined;
      if (scalar?.kind !== "scalar") throw new Error("no scalar");

      for (let index = 0; index < scalar.text.length; index += 1) {
        expect(textOf(scalar.rangeOf(index, index + 1))).toBe(scalar.text[index]);
      }
    }),
  );
});

test("what the parser blames on later lines is marked where a person looks", () => {
  expect(problems("services:", "  web:", '    image: "nginx', "    restart: always")).toEqual([
    ["syntax", '"nginx', "the quote is never closed"],
  ]);
  expect(problems("web:", "  command: 'it''s here", "  restart: always")).toEqual([
    ["syntax", "'it''s here", "the quote is never closed"],
  ]);
  expect(problems("web:", "  image:nginx", "  restart: always")).toEqual([
    ["syntax", "image:nginx", "a blank is missing after the `:`"],
  ]);
});
