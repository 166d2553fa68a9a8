import { describe, expect, test } from "vitest";
import { type ArgvItem, argvInvocation } from "../../src/shell/argv.js";
import { argvFacts } from "../../src/shell/facts.js";
import { splitWords } from "../../src/shell/split-words.js";
import { Source } from "../../src/text/source.js";
import { commandLine, written } from "./read-script.js";

/** Items of a JSON array without escapes, with their places. */
function items(text: string): ArgvItem[] {
  const source = new Source("Dockerfile", text);
  return [...text.matchAll(/"([^"]*)"/g)].map((match) => ({
    value: match[1] ?? "",
    range: source.range(match.index, match.index + match[0].length),
    rangeAt: (start, end) => source.range(match.index + 1 + start, match.index + 1 + end),
  }));
}

describe("exec arrays", () => {
  test.each([
    ['["node", "server.js"]', ["node server.js"]],
    ['["sh", "-c", "a && exec b $X"]', ["sh -c a && exec b $X", "a", "b ?"]],
    ['["/sbin/tini", "--", "/bin/bash", "-ec", "a"]', ["/bin/bash -ec a", "a"]],
    ['["dumb-init", "env", "A=1", "python", "-m", "app"]', ["python -m app"]],
    ['["su", "app", "-c", "a b"]', ["su app -c a b", "a b"]],
    ['["echo", "$HOME", "a && b"]', ["echo $HOME a && b"]],
    ["[]", []],
  ])("%s", (text, expected) => {
    const command = argvInvocation(items(text), { sh: "sh-dash" });

    expect(command.invocations.map(commandLine)).toEqual(expected);
  });

  test("ranges point into the array, also from nested scripts", () => {
    const command = argvInvocation(items('["tini", "--", "sh", "-c", "cd /x && npm ci"]'), { sh: "sh-dash" });
    const npm = command.invocations.at(-1);

    expect(
      [command.invocation?.nameRange, command.invocation?.range, npm?.range, npm?.words[1]?.range].map(written),
    ).toEqual(['"sh"', '"tini", "--", "sh", "-c", "cd /x && npm ci"', "npm ci", "ci"]);
    expect(command.invocation?.wrappers.map(({ name }) => name)).toEqual(["tini"]);
  });

  test("facts of an exec array include those of its scripts", () => {
    const facts = argvFacts(argvInvocation(items('["sh", "-c", "pip install x"]'), { sh: "sh-dash" }));

    expect(facts.installs.map(({ packages }) => packages.map(({ name }) => name))).toEqual([["x"]]);
  });

  test("the switches of a nested shell come from its options", () => {
    const { scripts } = argvInvocation(items('["bash", "-o", "pipefail", "-c", "a | b"]'), { sh: "sh-dash" });

    expect(scripts.map(({ shell, initialFlags }) => [shell, initialFlags.pipefail])).toEqual([["bash", true]]);
  });
});

describe("splitting a string into words", () => {
  test.each([
    ["npm run  start", ["npm", "run", "start"]],
    [`sh -c "a 'b' \\"c\\"" 'd e'`, ["sh", "-c", `a 'b' "c"`, "d e"]],
    ["a\\ b ''", ["a b", ""]],
    ["'open", ["open"]],
    ["  ", []],
    ['"a\\nb"', ["a\\nb"]],
  ])("%s", (text, expected) => {
    const source = new Source("compose.yaml", text);

    expect(splitWords({ text, rangeAt: (start, end) => source.range(start, end) }).map(({ value }) => value)).toEqual(
      expected,
    );
  });

  test("a stretch of a word points at its characters", () => {
    const source = new Source("compose.yaml", `x "a \\"b"`);
    const [, word] = splitWords({ text: source.text, rangeAt: (start, end) => source.range(start, end) });

    expect([word?.range, word?.rangeAt(2, 3), word?.rangeAt(3, 4)].map(written)).toEqual([`"a \\"b"`, '\\"', "b"]);
  });
});
