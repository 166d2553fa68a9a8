import { describe, expect, test } from "vitest";
import { exampleMarks } from "../../src/report/example-marks.js";

describe("the places of an example", () => {
  test("are what stands between the marks, with its line", () => {
    expect(exampleMarks(["FROM node", "USER «root»", "CMD «[1,", "2]»"])).toEqual([
      { line: 2, text: "root" },
      { line: 3, text: "[1,\n2]" },
    ]);
  });

  test("may lie inside each other, and have no width", () => {
    expect(exampleMarks("a «b «c» d»\n«»e")).toEqual([
      { line: 1, text: "b c d" },
      { line: 1, text: "c" },
      { line: 2, text: "" },
    ]);
  });

  test("are none in a text without marks", () => {
    expect(exampleMarks("FROM node")).toEqual([]);
  });
});
