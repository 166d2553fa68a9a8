import fc from "fast-check";
import { expect, test } from "vitest";
import { diffFixes } from "../../src/engine/fixes/diff-fixes.js";
import { type FixOutcome, fixFiles } from "../../src/engine/fixes/fix-files.js";
import { writeFixes } from "../../src/engine/fixes/write-fixes.js";
import type { Fix, Rule } from "../../src/engine/rule.js";
import { decode } from "../../src/files/decode.js";
import type { MemoryFileSystem } from "../../src/files/memory.js";
import type { Source } from "../../src/text/source.js";
import { lint, replacing, shown, type Tree, treeOf, wordRule } from "./lint-tree.js";

/** Replaces a word wherever it stands. */
function replaceRule(id: string, word: string, text: string, detail: Partial<Fix> = {}): Rule {
  return wordRule(id, word, {}, (source, start) => ({
    fix: { ...replacing(source, start, start + word.length, text), ...detail },
  }));
}

async function fixed(fs: MemoryFileSystem, rules: readonly Rule[], unsafe = false): Promise<FixOutcome> {
  return fixFiles({ fs, unsafe, lint: (files) => lint(files, rules), display: (file) => file.slice(6) });
}

async function fixedText(text: string, rules: readonly Rule[], unsafe = false): Promise<string> {
  const { files } = await fixed(treeOf({ Dockerfile: text }), rules, unsafe);
  return files.find(({ path }) => path === "Dockerfile")?.after ?? text;
}

function bytesOf(fs: MemoryFileSystem, path: string): string {
  const read = fs.readFile(`/repo/${path}`, 10_000);
  return read.kind === "bytes" ? Buffer.from(read.bytes).toString("latin1") : read.problem;
}

const ADD_TO_COPY = replaceRule("layers/prefer-copy", "ADD", "COPY");

test("safe fixes are applied everywhere, and fixing again changes nothing", async () => {
  const once = await fixed(treeOf({ Dockerfile: "FROM x\nADD a b\nADD c d\n" }), [ADD_TO_COPY]);
  const after = once.files[0]?.after ?? "";

  expect(once).toMatchObject({ applied: 2, files: [{ path: "Dockerfile", after: "FROM x\nCOPY a b\nCOPY c d\n" }] });
  expect(once.result.findings).toEqual([]);
  expect((await fixed(treeOf({ Dockerfile: after }), [ADD_TO_COPY])).files).toEqual([]);
});

test("unsafe fixes wait until they are asked for", async () => {
  const unsafe = replaceRule("images/pin", "node\n", "node:22\n", { safety: "unsafe" });

  expect(await fixedText("FROM node\n", [unsafe])).toBe("FROM node\n");
  expect(await fixedText("FROM node\n", [unsafe], true)).toBe("FROM node:22\n");
});

test("of fixes that overlap the first is taken, and what is left comes in the next pass", async () => {
  const first = replaceRule("layers/first", "ADD a", "COPY b a");
  const second = replaceRule("layers/second", "a b", "x");

  expect(await fixedText("FROM x\nADD a b\n", [first, second])).toBe("FROM x\nCOPY b x\n");
});

test("a fix that several findings share is applied once", async () => {
  const twice = ["layers/one", "layers/two"].map((id) => replaceRule(id, "ADD", "COPY"));

  expect(await fixedText("FROM x\nADD a b\n", twice)).toBe("FROM x\nCOPY a b\n");
});

test("a fix of several edits is taken as a whole or not at all", async () => {
  const both = wordRule("style/both", "RUN a", {}, (source, start) => ({
    fix: {
      description: "both",
      safety: "safe",
      edits: [
        { range: source.range(0, 4), text: "from" },
        { range: source.range(start, start + 3), text: "run" },
      ],
    },
  }));
  const first = replaceRule("layers/first", "FROM x", "FROM y");

  const passes = await fixed(treeOf({ Dockerfile: "FROM x\nRUN a\n" }), [first, both]);

  expect(passes.files[0]?.after).toBe("from y\nrun a\n");
  expect(passes.applied).toBe(2);
});

test("a fix that breaks the file is taken back, and the others still happen", async () => {
  const breaking = replaceRule("labels/broken", "LABEL a=b", "LABEL a");

  const outcome = await fixed(treeOf({ Dockerfile: "FROM x\nLABEL a=b\nADD a b\n" }), [breaking, ADD_TO_COPY]);

  expect(outcome.files.map(({ after }) => after)).toEqual(["FROM x\nLABEL a=b\nCOPY a b\n"]);
  expect(outcome.applied).toBe(1);
  expect(shown(outcome.result)).toEqual(["Dockerfile:2:1 warning labels/broken [Dockerfile]"]);
});

test("a fix that brings something worse than it removes is taken back", async () => {
  const worse = wordRule("user/no-root", "root", { levels: { recommended: "error" } });
  const harmful = replaceRule("user/set", "app", "root");

  expect(await fixedText("FROM x\nUSER app\n", [worse, harmful])).toBe("FROM x\nUSER app\n");
});

test("fixes that never come to an end are stopped", async () => {
  const forth = replaceRule("style/forth", "aa", "bb");
  const back = replaceRule("style/back", "bb", "aa");

  expect(await fixedText("FROM aa\n", [forth, back])).toMatch(/^FROM (aa|bb)\n$/);
});

test("a new file is made once, and a fix that would replace an existing file is dropped", async () => {
  const creating = (file: string) =>
    wordRule(`context/create-${file.slice(7)}`, "FROM", {}, () => ({
      fix: { description: "make it", safety: "safe", edits: [], creates: [{ file, text: "made\n" }] },
    }));
  const fs = treeOf({ Dockerfile: "FROM x\nFROM y\n", taken: "mine\n" });

  const outcome = await fixed(fs, [creating("/repo/ignore"), creating("/repo/taken")]);
  const { problems } = writeFixes(outcome.files, fs);

  expect(outcome.files.map(({ path, before, after }) => ({ path, before, after }))).toEqual([
    { path: "ignore", before: undefined, after: "made\n" },
  ]);
  expect(problems).toEqual([]);
  expect([bytesOf(fs, "ignore"), bytesOf(fs, "taken")]).toEqual(["made\n", "mine\n"]);
});

test("line breaks, byte order mark and mode stay as they are", async () => {
  const content = Buffer.from("\ufeffFROM x\r\nADD a b\r\n");
  const fs = treeOf({ Dockerfile: { kind: "file", content, mode: 0o640 } });
  const lines = replaceRule("layers/prefer-copy", "ADD a b", "COPY a b\nUSER 1000");

  const { files } = await fixed(fs, [lines]);
  writeFixes(files, fs);

  expect(bytesOf(fs, "Dockerfile")).toBe("\xef\xbb\xbfFROM x\r\nCOPY a b\r\nUSER 1000\r\n");
  expect(fs.stat("/repo/Dockerfile")?.mode).toBe(0o640);
});

test("a file that is not UTF-8 throughout is not changed", async () => {
  const content = new Uint8Array([...Buffer.from("FROM x\nADD a b\n# "), 0xff, 10]);

  expect((await fixed(treeOf({ Dockerfile: content }), [ADD_TO_COPY])).files).toEqual([]);
});

test("a file that changed since it was read is not overwritten", async () => {
  const fs = treeOf({ Dockerfile: "FROM x\nADD a b\n" });
  const { files } = await fixed(fs, [ADD_TO_COPY]);
  fs.add("/repo/Dockerfile", "FROM y\n");

  const { written, problems } = writeFixes(files, fs);

  expect(written).toEqual([]);
  expect(problems.map(({ message }) => message)).toEqual(["Dockerfile: changed while it was being fixed; run again"]);
  expect(bytesOf(fs, "Dockerfile")).toBe("FROM y\n");
});

const INLINE = (style: string) =>
  `services:\n  web:\n    build:\n      dockerfile_inline: ${style}\n        FROM x\n        ADD a b\n        CMD c\n    tty: true\n`;

/** Edits by the text of an inline Dockerfile. */
function inlineRule(
  edit: (source: Source) => { readonly start: number; readonly end: number; readonly text: string },
): Rule {
  let isDone = false;
  return wordRule("style/inline", "", {
    check: {
      *dockerfile({ source }) {
        if (isDone) return;
        isDone = true;
        const { start, end, text } = edit(source);
        yield { range: source.range(0, 4), message: "inline", fix: replacing(source, start, end, text) };
      },
    },
  });
}

test.each([
  ["a word", 7, 10, "COPY", "        FROM x\n        COPY a b\n        CMD c\n"],
  ["a line before", 7, 7, "USER 1\n", "        FROM x\n        USER 1\n        ADD a b\n        CMD c\n"],
  [
    "lines after",
    14,
    14,
    "\nUSER 1\nRUN b",
    "        FROM x\n        ADD a b\n        USER 1\n        RUN b\n        CMD c\n",
  ],
  ["a line less", 7, 15, "", "        FROM x\n        CMD c\n"],
  ["another line", 7, 15, "COPY c d\n", "        FROM x\n        COPY c d\n        CMD c\n"],
  ["a line at the end", 21, 21, "USER 1\n", "        FROM x\n        ADD a b\n        CMD c\n        USER 1\n"],
  ["joined lines", 14, 15, " ", "        FROM x\n        ADD a b CMD c\n"],
])("in an inline Dockerfile, %s is written with the indentation of its block", async (_, start, end, text, body) => {
  const rule = inlineRule(() => ({ start, end, text }));

  const { files } = await fixed(treeOf({ "compose.yaml": INLINE("|") }), [rule]);

  expect(files.map(({ after }) => after)).toEqual([
    `services:\n  web:\n    build:\n      dockerfile_inline: |\n${body}    tty: true\n`,
  ]);
});

test("an inline Dockerfile that is folded is left alone", async () => {
  expect(
    (await fixed(treeOf({ "compose.yaml": INLINE(">") }), [inlineRule(() => ({ start: 0, end: 4, text: "from" }))]))
      .files,
  ).toEqual([]);
});

test("the diff names the files, shows three lines around, and masks secrets", async () => {
  const secret = wordRule("secrets/no-key", "KEY=", {}, (source, start) => ({
    masked: [source.range(start + 4, start + 11)],
  }));
  const { files } = await fixed(treeOf({ Dockerfile: "FROM x\nENV KEY=hunter2\nADD a b\n" }), [ADD_TO_COPY, secret]);

  expect(await diffFixes(files)).toBe(
    "--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,3 +1,3 @@\n FROM x\n ENV KEY=********\n-ADD a b\n+COPY a b\n",
  );
  expect(await diffFixes([])).toBe("");
});

test("property: fixes keep every byte that they do not name", async () => {
  const word = fc.constantFrom("ADD", "x", " ", "\n", "\r\n", "é", "😀", "\t", "# ", "\\\n", "FROM", "RUN ");
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 25 }), async (words) => {
      const text = `FROM x\n${words.join("")}`;
      const fs = treeOf({ Dockerfile: text });
      const mark = replaceRule("style/mark", "ADD", "COPY");

      const { files, result } = await fixed(fs, [mark]);
      writeFixes(files, fs);

      const read = fs.readFile("/repo/Dockerfile", 10_000);
      const after = read.kind === "bytes" ? decode(read.bytes) : undefined;
      const expected = result.findings.length === 0 ? text.replaceAll("ADD", "COPY") : undefined;
      expect(after?.kind === "text" && (after.text === expected || expected === undefined)).toBe(true);
      // Whatever was taken back: without the words that the fix is about, nothing differs.
      const rest = (value: string) => value.replaceAll("COPY", "ADD");
      expect(after?.kind === "text" ? rest(after.text) : "").toBe(text);
    }),
    { numRuns: 60 },
  );
});

test("edits of a finding can be written as they stand: with the indentation of the block and the line breaks of the file", async () => {
  const addUser = wordRule("user/require-user", "CMD", {}, (source, start) => ({
    fix: replacing(source, start, start, "USER 1000\n"),
  }));
  const block = "services:\n  api:\n    build:\n      dockerfile_inline: |\n        FROM node\n        CMD run\n";
  const quoted = 'services:\n  api:\n    build:\n      dockerfile_inline: "FROM node\\nCMD run\\n"\n';

  const textsIn = async (files: Tree) =>
    (await lint(treeOf(files), [addUser])).findings.map(({ fix }) => fix?.edits.map(({ text }) => text));

  expect(await textsIn({ "compose.yaml": block })).toEqual([["USER 1000\n        "]]);
  expect(await textsIn({ "compose.yaml": quoted })).toEqual([undefined]);
  expect(await textsIn({ Dockerfile: "FROM node\r\nCMD run\r\n" })).toEqual([["USER 1000\r\n"]]);
});
