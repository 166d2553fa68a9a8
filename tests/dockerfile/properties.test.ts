import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluateDockerfile } from "../../src/dockerfile/evaluate.js";
import type { Dockerfile, Instruction } from "../../src/dockerfile/model.js";
import { parseDockerfile } from "../../src/dockerfile/parse.js";
import { type Range, Source, textOf } from "../../src/text/source.js";
import { readWithAst } from "./second-reading.js";

const KEYWORDS = [
  "FROM",
  "RUN",
  "COPY",
  "ADD",
  "ENV",
  "ARG",
  "LABEL",
  "CMD",
  "HEALTHCHECK",
  "ONBUILD",
  "USER",
  "SHELL",
  "FRMO",
];
const PIECES = [
  ...KEYWORDS.map((keyword) => `\n${keyword} `),
  ...[
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "\\\n",
    "\\ \n",
    "`\n",
    "\\",
    "`",
    "\n#",
    "\n# escape=`\n",
    "#!",
    "\n\n",
    "\0",
    "\u00a0",
  ],
  ...[
    "<<EOF",
    "<<-'E'",
    "3<<A",
    "<< B",
    "\nEOF\n",
    "\n\tE\n",
    "\nA\n",
    "\nB\n",
    "--from=x ",
    "--mount=type=cache,target=/x ",
    "--",
  ],
  ...[
    "$x",
    "${x:-y}",
    "${x",
    "${}",
    "${x#*/}",
    "${x/a/b}",
    '"',
    "'",
    "=",
    "a",
    "b=c",
    "0",
    "AS x",
    "[",
    "]",
    '["a", "b"]',
    "NONE",
    "é",
    "😀",
  ],
];
const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(""));

function parse(content: string): Dockerfile {
  return parseDockerfile(new Source("Dockerfile", content));
}

/** Every instruction, triggers included. */
function all({ instructions }: Dockerfile): readonly Instruction[] {
  return instructions.flatMap((instruction) =>
    instruction.keyword === "ONBUILD" && instruction.trigger !== undefined
      ? [instruction, instruction.trigger]
      : [instruction],
  );
}

test("property: no text makes reading or evaluating throw, and every range can be asked for", () => {
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: "binary", maxLength: 200 })), (content) => {
      const file = parse(content);
      const ranges: Range[] = file.problems.map(({ range }) => range);
      for (const instruction of all(file)) {
        const { keywordRange, range, headRange, argumentsRange, words, flags, heredocs } = instruction;
        ranges.push(keywordRange, range, headRange, argumentsRange, ...words.map((word) => word.range));
        ranges.push(...flags.map((flag) => flag.range), ...heredocs.map((heredoc) => heredoc.range));
        if (instruction.keyword === "RUN" && instruction.command.kind === "shell") {
          const { script } = instruction.command;
          for (let index = 0; index < script.text.length; index += 1) ranges.push(script.toRange(index, index + 1));
        }
        for (const word of words)
          for (let index = 0; index < word.raw.length; index += 1) ranges.push(word.rangeOf(index, index + 1));
      }
      const evaluated = evaluateDockerfile(file);
      for (const stage of evaluated.stages) {
        ranges.push(stage.base.range, ...[...stage.env.values()].map(({ pair }) => pair.range));
        for (const copy of stage.copies) if (copy.destination !== undefined) ranges.push(copy.destination.word.range);
        expect(evaluated.closure(stage)).toContain(stage);
      }

      expect(ranges.every(({ start, end }) => start <= end && end <= content.length)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test("property: instructions follow each other without overlap, and hold all text that is no comment", () => {
  fc.assert(
    fc.property(text, (content) => {
      const file = parse(content);
      const parts = [
        ...file.instructions.map(({ range }) => range),
        ...file.comments.filter(({ place }) => place === "own").map(({ range }) => range),
        ...file.directives.map(({ range }) => range),
      ].sort((a, b) => a.start - b.start);
      let position = 0;
      let between = "";
      for (const { start, end } of parts) {
        expect(start).toBeGreaterThanOrEqual(position);
        between += content.slice(position, start);
        position = end;
      }
      between += content.slice(position);

      // A `#!` line is a comment too when it is the first one; nothing else may be left over but the last escape characters.
      expect(between.replace(/[\s\u0085\\`]|#[^\n]*/g, "")).toBe("");
    }),
    { numRuns: 500 },
  );
});

test("property: the case of keywords changes nothing but what is written", () => {
  const lines = fc.array(
    fc.tuple(fc.constantFrom(...KEYWORDS), fc.constantFrom("a b", "a=b", '["a"]', "--from=x a b", "")),
  );
  fc.assert(
    fc.property(lines, (parts) => {
      const outline = (file: Dockerfile): readonly unknown[] =>
        all(file).map(({ keyword, form, words, startLine }) => [keyword, form, words.map(({ raw }) => raw), startLine]);
      const upper = parse(parts.map(([keyword, rest]) => `${keyword} ${rest}`).join("\n"));
      const lower = parse(parts.map(([keyword, rest]) => `${keyword.toLowerCase()} ${rest}`).join("\n"));

      expect(outline(lower)).toEqual(outline(upper));
    }),
  );
});

test("property: CR LF and LF give the same instructions", () => {
  fc.assert(
    fc.property(text, (content) => {
      const unix = content.replaceAll("\r", "");
      const outline = (file: Dockerfile): readonly unknown[] =>
        file.instructions.map(({ keyword, words, startLine, endLine, heredocs }) => [
          keyword,
          words.map(({ raw }) => raw),
          startLine,
          endLine,
          heredocs.map(({ name }) => name),
        ]);

      expect(outline(parse(unix.replaceAll("\n", "\r\n")))).toEqual(outline(parse(unix)));
    }),
    { numRuns: 500 },
  );
});

test("property: the body of a heredoc never becomes an instruction", () => {
  const operator = fc.constantFrom("<<EOF", "<<-EOF", "<<'EOF'", '3<<"EOF"', "<< EOF", "<<- 'EOF'");
  const body = fc
    .array(fc.constantFrom("FROM x", "USER y \\", "# z", "", "\tRUN <<A", "EOF ", "${"))
    .map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(
      fc.constantFrom("RUN cat", "COPY", "ADD", "ONBUILD RUN", "run"),
      operator,
      body,
      (start, word, content) => {
        const file = parse(`FROM a\n${start} ${word} /x\n${content}\nEOF\nUSER last`);

        expect(
          file.instructions.map(({ keyword }) => keyword).filter((keyword) => keyword === "FROM" || keyword === "USER"),
        ).toEqual(["FROM", "USER"]);
        expect(file.instructions[1]?.heredocs.map((heredoc) => heredoc.content)).toEqual([`${content}\n`]);
      },
    ),
  );
});

test("property: a second reader finds the same instructions in files without odd escapes", () => {
  const line = fc.tuple(
    fc.constantFrom(...KEYWORDS),
    fc.constantFrom("a b", "a \\\n  b", "a \\\n# c\n  b", "<<EOF x\nFROM y\nEOF", '"a" # b'),
  );
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), (parts) => {
      const content = parts.map(([keyword, rest]) => `${keyword} ${rest}`).join("\n");
      const file = parse(content);

      expect(readWithAst(file).map(({ keyword, start }) => [keyword.toUpperCase(), start])).toEqual(
        file.instructions.map(({ written, keywordRange }) => [written.toUpperCase(), keywordRange.start]),
      );
      expect(file.instructions.every(({ keywordRange, written }) => textOf(keywordRange) === written)).toBe(true);
    }),
  );
});
