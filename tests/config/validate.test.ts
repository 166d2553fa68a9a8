import fc from "fast-check";
import { expect, test } from "vitest";
import { validatePolicy } from "../../src/config/validate.js";
import { Source } from "../../src/text/source.js";
import { sampleIndex, sampleRules, validatorFor } from "./sample-rules.js";

const rules = { index: sampleIndex, validator: validatorFor(sampleRules) };

function problemsOf(text: string): readonly string[] {
  const source = new Source("plimsoll.yaml", text);
  const policy = validatePolicy(source, rules);
  if (policy.kind === "policy") return [];
  return policy.problems.map(({ range, problem, remedy }) => {
    const { line, column } = source.positionAt(range.start);
    return `${line}:${column}: ${problem}${remedy === undefined ? "" : `; ${remedy}`}`;
  });
}

test.each([
  ["an empty file", ""],
  ["only comments", "# nothing\n"],
  ["empty keys", "rules:\nignore:\n"],
  ["JSON", '{"rules": {"images/pin-tag": "error"}}'],
  ["a level", "rules:\n  images/pin-tag: error\n"],
  ["options", "rules:\n  images/pin-tag:\n    level: error\n    floating: [edge]\n    kinds: {coarse: off}\n"],
  [
    "aliases, kinds and patterns",
    "rules:\n  DL3006: off\n  'hadolint:DL3007': info\n  images/pin-tag#coarse: warning\n  secrets/*: error\n",
  ],
  [
    "every other key",
    `
extends: []
presets: [recommended, style]
roles: {docker/*: development}
overrides:
  - files: '*.dev'
    roles: development
    rules: {secrets/*: off}
    failOn: never
ignore: [vendor/]
failOn: error
minConfidence: high
images: {allow: ['docker.io/library/*'], pins: {node: 22.14.0}}
user: {uid: 1000, gid: any}
labels: {required: [source], types: {com.acme.team: text}}
targets: [prod]
buildArgs: {VERSION: 1.2, DEBUG: false}
baseImages: {registry.acme.io/py-*: {user: 1000, commands: [curl], healthcheck: true}}
compose: {files: [stack.yaml], variants: [{files: [a.yaml, b.yaml], role: test}], env: [TAG], envValues: never, loose: true}
reportUnusedSuppressions: true
requireReason: error
inlineConfig: false
`,
  ],
])("a policy may hold %s", (_, text) => {
  expect(problemsOf(text)).toEqual([]);
});

test.each([
  ["rules:\n  images/pin-tags: error\n", "2:3: no rule `images/pin-tags`; did you mean `images/pin-tag`?"],
  ["rules:\n  hadolint:DL306: error\n", "2:3: no rule `hadolint:DL306`; did you mean `hadolint:DL3006`?"],
  [
    "rules:\n  images/pin-tag#lastest: off\n",
    "2:3: no rule `images/pin-tag#lastest`; did you mean `images/pin-tag#latest`?",
  ],
  ["rules:\n  zzzzzzzz/*: off\n", "2:3: no rule `zzzzzzzz/*`; `plimsoll rules` lists all of them"],
  ["rules:\n  images/pin-tag: eror\n", "2:19: no level `eror`; did you mean `error`?"],
  ["rules:\n  images/pin-tag: 3\n", "2:19: no level `3`; it may be `error`, `warning`, `info`, `off`"],
  [
    "rules:\n  images/pin-tag: {floting: []}\n",
    "2:20: rule `images/pin-tag` has no option `floting`; did you mean `floating`?",
  ],
  [
    "rules:\n  images/pin-tag: {kinds: {lates: off}}\n",
    "2:28: rule `images/pin-tag` has no kind `lates`; did you mean `latest`?",
  ],
  [
    "rules:\n  images/pin-tag: {precision: mino}\n",
    "2:31: `images/pin-tag.precision` cannot be `mino`; did you mean `minor`?",
  ],
  ["rules:\n  user/set-uid: {uid: some}\n", "2:23: option `uid` of `user/set-uid` cannot be `some`; it is: the UID"],
  ["rulez: {}\n", "1:1: no key `rulez`; did you mean `rules`?"],
  ["presets: [recomended]\n", "1:11: no preset `recomended`; did you mean `recommended`?"],
  ["presets: hadolnt\n", "1:10: no preset `hadolnt`; did you mean `hadolint`?"],
  ["roles: {a: prod}\n", "1:12: no role `prod`; it may be `production`, `development`, `test`, `ci`"],
  ["images: {alow: []}\n", "1:10: no key `alow` below `images`; did you mean `allow`?"],
  ["images: {allow: ghcr.io/*}\n", "1:17: `images.allow` must be a list"],
  ["ignore: vendor\n", "1:9: `ignore` must be a list"],
  ["targets: [1]\n", "1:11: an item of `targets` must be text"],
  ["overrides:\n  - fils: a\n", "2:5: no key `fils`; did you mean `files`?"],
  [
    "overrides:\n  - rules: {secrets/no-env-secret: off}\n",
    "2:13: no rule `secrets/no-env-secret`; did you mean `secrets/no-env-secrets`?",
  ],
  ["compose: {variants: [{role: test}]}\n", "1:22: an item of `compose.variants` lacks `files`"],
  ["user: {uid: -1}\n", "1:13: `user.uid` must be at least 0"],
  [
    "constructor: 1\n",
    "1:1: no key `constructor`; it may be `$schema`, `extends`, `roles`, `overrides`, `ignore`, `baseImages`, `compose`, `presets`, `rules`, `failOn`, `minConfidence`, `images`, `user`, `labels`, `targets`, `buildArgs`, `reportUnusedSuppressions`, `requireReason`, `inlineConfig`",
  ],
  ["rules:\n  constructor: error\n", "2:3: no rule `constructor`; `plimsoll rules` lists all of them"],
  ["rules:\n  __proto__: error\n", "2:3: no rule `__proto__`; `plimsoll rules` lists all of them"],
  [
    "rules:\n  images/pin-tag: {__proto__: 1}\n",
    "2:20: rule `images/pin-tag` has no option `__proto__`; it may be `level`, `kinds`, `floating`, `precision`, `pins`",
  ],
  ["- a\n", "1:1: the policy must be a mapping"],
])("what is wrong in %j is said with its place and the nearest right word", (text, problem) => {
  expect(problemsOf(text)).toEqual([problem]);
});

test("a text that is not YAML is said to be none, where it stops being so", () => {
  expect(problemsOf("rules:\n  a: [\n")[0]).toMatch(/^\d+:\d+: not valid YAML: /);
});

test("several mistakes are given in the order of the text", () => {
  const found = problemsOf("failOn: sometimes\nrules:\n  a/b: error\nzzz: 1\n").map((problem) => problem.slice(0, 4));

  expect(found).toEqual(["1:9:", "3:3:", "4:1:"]);
});

test("aliases that would expand without end are refused", () => {
  const lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
  for (const [name, base] of ["ba", "cb", "dc", "ed", "fe"]) {
    lines.push(`${name}: &${name} [${Array(10).fill(`*${base}`).join(", ")}]`);
  }

  expect(problemsOf(lines.join("\n"))[0]).toContain("the policy is too large or too deep");
});

test("property: no text makes validation throw", () => {
  const words = fc.constantFrom(
    "rules:",
    "\n  ",
    "images/pin-tag",
    ": ",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "!!map",
    "\t",
    "- ",
    "'",
    "#",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(words, fc.string({ maxLength: 4 })), { maxLength: 30 }), (parts) => {
      expect(() => problemsOf(parts.join(""))).not.toThrow();
    }),
  );
});
