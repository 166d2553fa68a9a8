import { describe, expect, test } from "vitest";
import { parseScript } from "../../src/shell/script.js";
import { Source, textOf } from "../../src/text/source.js";
import { readScript } from "./read-script.js";

describe("constructs that some shells lack", () => {
  test.each([
    ["[[ -f x ]]", ["double-bracket [["]],
    ["(( a ))", ["double-paren (("]],
    ["for ((i=0; i<3; i++)); do a; done", ["double-paren for"]],
    ["a=(1 2)", ["array (1 2)"]],
    ["source x", ["source source"]],
    ["function f { a; }", ["function-keyword function"]],
    ["a <<< x", ["here-string <<< x"]],
    ["a <(b)", ["process-substitution <(b)"]],
    ["a &> x", ["redirect-both &> x"]],
    ["a |& b", ["pipe-both |&"]],
    ["a {x,y}", ["brace-expansion {x,y}"]],
    ["a $'x'", ["ansi-c-quote $'x'"]],
    [
      "a ${x//a/b} ${x:1:2} ${x^^} ${!x}",
      ["replace-expansion ${x//a/b}", "slice-expansion ${x:1:2}", "case-expansion ${x^^}", "indirect-expansion ${!x}"],
    ],
    ["[ a == b ]", ["double-equals =="]],
    ["echo -e x -e", ["echo-option -e"]],
    ["pushd x; shopt -s y; declare z; let w", ["pushd pushd", "shopt shopt", "declare declare", "let let"]],
    ["a $RANDOM", ["random $RANDOM"]],
    ["set -o pipefail", ["set-pipefail pipefail"]],
    ['echo "$( [[ a ]] )"', ["double-bracket [["]],
    ["[ a = b ]; . x; a > x 2>&1; ${x:-y} ${x%.*}; $(( 1 ))", []],
  ])("%s", (text, expected) => {
    expect(readScript(text).constructs.map(({ kind, range }) => `${kind} ${textOf(range)}`)).toEqual(expected);
  });

  test("know the script that they stand in", () => {
    const script = readScript("a && bash -c '[[ x ]]'");

    expect(script.constructs.map(({ kind, script: inner }) => [kind, inner.shell])).toEqual([
      ["double-bracket", "bash"],
    ]);
  });
});

/** A RUN body as the Dockerfile model hands it over: joined lines, of the same length. */
function swallowed(body: string) {
  const source = new Source("Dockerfile", body);
  const text = body.replaceAll(/\\\n/g, "  ");
  const found = parseScript({
    text,
    toRange: (start, end) => source.range(start, end),
    shell: "sh-dash",
    kind: "shell-form",
  }).swallowed;
  return found && [textOf(found.range), found.hasCode];
}

describe("comments that swallow the rest", () => {
  test.each([
    ["apt-get install -y curl # health check \\\n && rm -rf /x", ["# health check", true]],
    ["a # b", ["# b", false]],
    ["a && # b \\\n  \\\n", ["# b", false]],
    ["x=$(a # b) \\\n c", ["# b)", true]],
  ])("%j", (body, expected) => {
    expect(swallowed(body)).toEqual(expected);
  });

  test.each(["a '# b'", 'a "# b"', "a ${x#y} ${x##*/}", "a $# b", "a http://h/#b", "a \\# b", "cat <<E\n# b\nE"])(
    "%j has none",
    (body) => {
      expect(swallowed(body)).toBeUndefined();
    },
  );
});
