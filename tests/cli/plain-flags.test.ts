import { expect, test } from "vitest";
import { lintFlags } from "../../src/cli/flag-values.js";
import { readPlainWords } from "../../src/cli/plain-flags.js";
import { helpText, parseWords } from "../../src/cli/program.js";
import { COMMANDS } from "../../src/cli/request.js";

const PLAIN: readonly (readonly string[])[] = [
  ["--no-config", "Dockerfile"],
  ["api", "--quiet", "web"],
  ["-f", "json", "-f", "sarif:out.sarif", "--output", "out.json", "."],
  ["--rule", "DL3006=error", "--rule", "health/*=off", "--only", "images/*,user/*", "--skip", "DL3007"],
  ["--preset", "strict", "--preset", "style", "--role", "test", "--target", "build", "--context", "api"],
  ["--build-arg", "A=1", "--build-arg", "B=2", "--fail-on", "never", "--min-confidence", "low"],
  ["--config", "policy.yaml", "--no-inline-config", "--require-reason", "--force-exclude", "--timing"],
  ["--fix", "--unsafe-fixes", "--diff", "--verbose", "--no-color", "-", "--stdin-filename", "api/Dockerfile"],
];

test.each(PLAIN)("a plain command line means what commander says it means: %j", (...words) => {
  const plain = readPlainWords(words, COMMANDS);

  expect(plain).toBeDefined();
  expect({ kind: "lint", paths: plain?.paths, flags: lintFlags(plain?.values ?? {}) }).toEqual(parseWords(words));
});

const OTHERS: readonly (readonly string[])[] = [
  ["--help"],
  ["rules"],
  ["--quiet", "rules"],
  ["--format=json", "."],
  ["-fjson"],
  ["--", "--fix"],
  ["--target"],
  ["--target", "--fix"],
  ["--fixx"],
];

test.each(OTHERS)("commander reads everything else: %j", (...words) => {
  expect(readPlainWords(words, COMMANDS)).toBeUndefined();
});

test("every flag of lint is known as a plain flag", () => {
  const flags = [...helpText().matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)( <)?/gm)].map(([, flag, value]) => [flag, value]);
  const known = flags.filter(([flag]) => flag !== "--help" && flag !== "--version");

  expect(known.length).toBeGreaterThan(20);
  for (const [flag = "", value] of known) {
    const words = value === undefined ? [flag] : [flag, "x"];
    expect([flag, readPlainWords(words, COMMANDS) === undefined]).toEqual([flag, false]);
  }
});
