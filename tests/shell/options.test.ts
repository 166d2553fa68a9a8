import { describe, expect, test } from "vitest";
import { optionTable, readOptions } from "../../src/shell/options.js";
import { readScript, written } from "./read-script.js";

const table = optionTable("-t --target -o --option");

function read(text: string, style: "getopt" | "single" = "getopt") {
  const [invocation] = readScript(text).invocations;
  const reader = readOptions(invocation ?? { args: [] }, { ...table, style });
  return {
    verb: reader.verb?.value,
    operands: reader.operands.map(({ value }) => value),
    options: reader.options.map(({ name, value, range, valueRange }) => [
      name,
      value,
      written(range),
      written(valueRange),
    ]),
  };
}

describe("a command line", () => {
  test.each([
    ["x install -y a b", { verb: "install", operands: ["a", "b"], options: [["-y", undefined, "-y", undefined]] }],
    ["x -t stable install", { verb: "install", operands: [], options: [["-t", "stable", "-t", "stable"]] }],
    ["x -tstable install", { verb: "install", operands: [], options: [["-t", "stable", "-tstable", "stable"]] }],
    ["x --target=a=b c", { verb: "c", operands: [], options: [["--target", "a=b", "--target=a=b", "a=b"]] }],
    ["x --target a c", { verb: "c", operands: [], options: [["--target", "a", "--target", "a"]] }],
    ["x --other a c", { verb: "a", operands: ["c"], options: [["--other", undefined, "--other", undefined]] }],
    [
      "x -yqt a c",
      {
        verb: "c",
        operands: [],
        options: [
          ["-y", undefined, "y", undefined],
          ["-q", undefined, "q", undefined],
          ["-t", "a", "t", "a"],
        ],
      },
    ],
    ["x -q=2 c", { verb: "c", operands: [], options: [["-q", "2", "-q=2", "2"]] }],
    ["x -oA::B=c d", { verb: "d", operands: [], options: [["-o", "A::B=c", "-oA::B=c", "A::B=c"]] }],
    ["x a -- -y b", { verb: "a", operands: ["-y", "b"], options: [] }],
    ["x - a", { verb: "-", operands: ["a"], options: [] }],
    ["x -t", { verb: undefined, operands: [], options: [["-t", undefined, "-t", undefined]] }],
    ["x --target=$V c", { verb: "c", operands: [], options: [["--target", undefined, "--target=$V", "$V"]] }],
  ])("%s", (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test("with long options of one dash", () => {
    expect(read("go build -ldflags=-s -o /x -v .", "single")).toEqual({
      verb: "build",
      operands: ["."],
      options: [
        ["-ldflags", "-s", "-ldflags=-s", "-s"],
        ["-o", "/x", "-o", "/x"],
        ["-v", undefined, "-v", undefined],
      ],
    });
  });
});

test("the last use of an option counts, and words after the dashes are known", () => {
  const [invocation] = readScript("x -t a -t b verb -- c").invocations;
  const reader = readOptions(invocation ?? { args: [] }, table);

  expect([
    reader.find("-t", "--target")?.value,
    reader.has("-o"),
    reader.afterDashes.map(({ value }) => value),
  ]).toEqual(["b", false, ["c"]]);
});
