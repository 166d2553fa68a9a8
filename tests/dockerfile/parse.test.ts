import { describe, expect, test } from "vitest";
import type { Dockerfile, Instruction } from "../../src/dockerfile/model.js";
import { parseDockerfile } from "../../src/dockerfile/parse.js";
import { Source, textOf } from "../../src/text/source.js";

function parse(...lines: readonly string[]): Dockerfile {
  return parseDockerfile(new Source("Dockerfile", lines.join("\n")));
}

/** `line-line KEYWORD words | words` of each instruction. */
function outline({ instructions }: Dockerfile): readonly string[] {
  return instructions.map(({ startLine, endLine, keyword, words }) =>
    `${startLine}-${endLine} ${keyword} ${words.map((word) => word.raw).join(" | ")}`.trim(),
  );
}

describe("lines", () => {
  test("a line that ends in the escape character goes on, and the builder's text has no trace of it", () => {
    const file = parse("FROM node", "RUN npm ci \\", "  && npm test", "USER node");

    expect(outline(file)).toEqual(["1-1 FROM node", "2-3 RUN npm ci   && npm test", "4-4 USER node"]);
  });

  test("blanks behind the escape character are allowed, a second escape character ends the line", () => {
    const file = parse("FROM node", "RUN a \\ \t", "b", "RUN c \\\\", "USER d");

    expect(outline(file)).toEqual(["1-1 FROM node", "2-3 RUN a b", "4-4 RUN c \\\\", "5-5 USER d"]);
  });

  test("comment lines and blank lines inside an instruction vanish, and both are recorded", () => {
    const file = parse("FROM node", "RUN a \\", "  # why", "", "  && b", "# end");

    expect(outline(file)).toEqual(["1-1 FROM node", "2-5 RUN a   && b"]);
    expect(file.comments.map(({ text, line, place }) => [text, line, place])).toEqual([
      ["why", 3, "inside"],
      ["end", 6, "own"],
    ]);
    expect(file.instructions[1]?.emptyContinuations.map((range) => range.start)).toEqual([26]);
  });

  test("an instruction ends with the file even after an escape character", () => {
    const file = parse("FROM node", "RUN a \\");

    expect(outline(file)).toEqual(["1-1 FROM node", "2-2 RUN a"]);
    expect(file.instructions[1]?.range).toMatchObject({ start: 10, end: 17 });
  });

  test("a carriage return ends no line by itself", () => {
    const file = parse("FROM node\rRUN a", "USER b\r");

    expect(outline(file)).toEqual(["1-1 FROM node | RUN | a", "2-2 USER b"]);
  });

  test("a line of only the escape character begins the instruction below", () => {
    expect(outline(parse("FROM node", "\\", "USER a"))).toEqual(["1-1 FROM node", "2-3 USER a"]);
  });

  test("white space before a keyword, and keywords in any case, mean nothing", () => {
    const file = parse("  from node", "\tRun a");

    expect(file.instructions.map(({ keyword, written }) => [keyword, written])).toEqual([
      ["FROM", "from"],
      ["RUN", "Run"],
    ]);
  });

  test("comments directly above belong to an instruction, those behind a blank line do not", () => {
    const file = parse("# file", "", "# one", "# two", "FROM node");

    expect(file.instructions[0]?.commentsAbove.map(({ text }) => text)).toEqual(["one", "two"]);
  });

  test("ten thousand lines are read in order", () => {
    const file = parse("FROM node", ...Array.from({ length: 10_000 }, (_, index) => `RUN echo ${index}`));

    expect(file.instructions.length).toBe(10_001);
    expect(file.instructions.at(-1)?.startLine).toBe(10_001);
  });
});

describe("directives", () => {
  test("the backtick can take the place of the backslash", () => {
    const file = parse("# escape=`", "FROM a", "RUN dir C:\\", "RUN b `", "  c", "COPY a C:\\\\b\\");

    expect(file.escape).toBe("`");
    expect(outline(file)).toEqual(["2-2 FROM a", "3-3 RUN dir C:\\", "4-5 RUN b   c", "6-6 COPY a | C:\\\\b\\"]);
  });

  test("names are read in any case, unknown names end nothing, other lines end the list", () => {
    const file = parse(
      "#  Syntax = docker/dockerfile:1 ",
      "# note=x",
      "# escape=`",
      "# text",
      "# check=skip=all",
      "FROM a",
    );

    expect(file.directives.map(({ name, value, range }) => [name, value, textOf(range)])).toEqual([
      ["syntax", "docker/dockerfile:1", "#  Syntax = docker/dockerfile:1"],
      ["note", "x", "# note=x"],
      ["escape", "`", "# escape=`"],
    ]);
    expect(file.comments.map(({ text }) => text)).toEqual(["text", "check=skip=all"]);
  });

  test("below a `#!` line only the frontend is chosen", () => {
    const file = parse("#!/usr/bin/env docker", "# syntax=docker/dockerfile:1", "# escape=`", "FROM a");

    expect([file.escape, file.directives.map(({ name }) => name)]).toEqual(["\\", ["syntax"]]);
  });

  test("a second one and an unknown escape character are problems", () => {
    const file = parse("# escape=x", "# escape=`", "FROM a");

    expect(file.problems.map(({ kind, range }) => [kind, textOf(range)])).toEqual([
      ["directive", "x"],
      ["directive", "# escape=`"],
    ]);
  });
});

describe("heredocs", () => {
  function heredocs(instruction: Instruction | undefined): readonly unknown[] {
    return (instruction?.heredocs ?? []).map(({ name, expand, chomp, content, startLine, endLine }) => [
      name,
      expand,
      chomp,
      content,
      startLine,
      endLine,
    ]);
  }

  test.each<readonly [string, readonly string[], readonly unknown[]]>([
    ["a body is no instruction", ["RUN <<EOF", "USER no", "EOF"], [["EOF", true, false, "USER no\n", 3, 4]]],
    ["a quoted name turns expansion off", ["RUN cat <<'EOF'", "$x", "EOF"], [["EOF", false, false, "$x\n", 3, 4]]],
    [
      "a blank before the name is allowed when an end is there",
      ["RUN cat << 'E'", "USER no", "E"],
      [["E", false, false, "USER no\n", 3, 4]],
    ],
    ["a file descriptor is allowed", ["RUN cat 3<<EOF", "x", "EOF"], [["EOF", true, false, "x\n", 3, 4]]],
    ["tabs may stand before the end of <<-", ["RUN <<-EOF", "\tx", "\tEOF"], [["EOF", true, true, "\tx\n", 3, 4]]],
    ["an empty body is allowed", ["COPY <<EOF /x", "EOF"], [["EOF", true, false, "", 3, 3]]],
    [
      "two after a continuation follow each other",
      ["RUN cat <<A \\", " && cat <<B", "a", "A", "b", "B"],
      [
        ["A", true, false, "a\n", 4, 5],
        ["B", true, false, "b\n", 6, 7],
      ],
    ],
    [
      "those of a trigger belong to it",
      ["ONBUILD RUN <<EOF", "USER no", "EOF"],
      [["EOF", true, false, "USER no\n", 3, 4]],
    ],
  ])("%s", (_name, lines, expected) => {
    const file = parse("FROM a", ...lines, "USER yes");

    expect(heredocs(file.instructions[1])).toEqual(expected);
    expect(outline(file).at(-1)).toBe(`${lines.length + 2}-${lines.length + 2} USER yes`);
    expect(file.instructions.length).toBe(3);
  });

  test.each([
    ["quoted text", ['RUN echo "a <<EOF b"']],
    ["an operator in a JSON array", ['RUN ["cat", "<<EOF"]']],
    ["an instruction that takes none", ["ENV A=b <<EOF"]],
    ["a detached name without an end", ["RUN cat << EOF"]],
  ])("%s opens none", (_name, lines) => {
    const file = parse("FROM a", ...lines, "USER yes");

    expect(file.instructions.map(({ keyword }) => keyword).at(-1)).toBe("USER");
    expect(heredocs(file.instructions[1])).toEqual([]);
  });

  test("one without an end takes the rest of the file, and is a problem", () => {
    const file = parse("FROM a", "RUN cat <<EOF", "USER no");

    expect(heredocs(file.instructions[1])).toEqual([["EOF", true, false, "USER no", 3, 3]]);
    expect(file.problems.map(({ kind, message, range }) => [kind, message, textOf(range)])).toEqual([
      ["heredoc", "heredoc `EOF` has no end; add a line that holds only `EOF`", "<<EOF"],
    ]);
  });

  test("ranges of the head, the whole, the operator and the body are told apart", () => {
    const file = parse("FROM a", "RUN cat <<EOF", "x", "EOF");
    const run = file.instructions[1];
    const heredoc = run?.heredocs[0];

    expect(run === undefined ? [] : [textOf(run.headRange), textOf(run.range)]).toEqual([
      "RUN cat <<EOF",
      "RUN cat <<EOF\nx\nEOF",
    ]);
    expect(heredoc === undefined ? [] : [textOf(heredoc.operatorRange), textOf(heredoc.range)]).toEqual([
      "<<EOF",
      "x\n",
    ]);
  });
});

describe("stages", () => {
  test("ARGs above the first FROM are global, and each FROM begins a stage that includes it", () => {
    const file = parse("ARG V=1", "FROM a AS Base", "RUN x", "FROM base", "USER y");

    expect(file.globalArgs.length).toBe(1);
    expect(
      file.stages.map(({ index, name, baseName, instructions }) => [index, name, baseName?.raw, instructions.length]),
    ).toEqual([
      [0, "base", "a", 1],
      [1, undefined, "base", 1],
    ]);
    expect(file.instructions.map(({ stage }) => stage)).toEqual([undefined, 0, 0, 1, 1]);
  });
});

describe("what stands above the first FROM", () => {
  const fragmentOf = (text: string) => parseDockerfile(new Source("Dockerfile", text)).fragment;

  test.each([
    ["a file without FROM, ARGs with it", "ARG A=1\nRUN echo $A\n", ["ARG", "RUN"]],
    ["steps before a FROM", "ARG A=1\nRUN true\nFROM alpine:3.20\nCMD sh\n", ["ARG", "RUN"]],
  ])("is a stage of its own: %s", (_, text, keywords) => {
    expect(fragmentOf(text)?.instructions.map(({ keyword }) => keyword)).toEqual(keywords);
  });

  test.each([
    ["a file of ARGs alone", "ARG A=1\n"],
    ["ARGs before a FROM", "ARG A=1\nFROM alpine:${A}\n"],
    ["nothing before a FROM", "FROM alpine:3.20\nRUN true\n"],
    ["an empty file", "# to be written\n"],
  ])("is none: %s", (_, text) => {
    expect(fragmentOf(text)).toBeUndefined();
  });

  test("lacks a base, and begins at its first step", () => {
    const fragment = fragmentOf("ARG A=1\nRUN true\nFROM alpine:3.20\n");

    expect(fragment).toMatchObject({ index: -1, name: undefined, baseName: undefined });
    expect(fragment?.from.keywordRange).toMatchObject({ start: 8, end: 11 });
  });
});
