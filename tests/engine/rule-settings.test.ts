import { expect, test } from "vitest";
import type { Role } from "../../src/data/roles.js";
import { option } from "../../src/engine/option.js";
import type { Rule } from "../../src/engine/rule.js";
import { type LintSetup, lint, treeOf, wordRule } from "./lint-tree.js";

const KINDS = ["a", "b"] as const;

/** Marks `node` once per kind. */
function kindRule(id: string, definition: Partial<Rule> = {}): Rule {
  return wordRule(id, "", {
    kinds: { a: { summary: "" }, b: { summary: "", levels: { recommended: "off", strict: "info" } } },
    check: {
      *dockerfile({ source }) {
        for (const kind of KINDS) yield { kind, range: source.range(0, 4), message: kind };
      },
    },
    ...definition,
  });
}

async function levels(
  rules: readonly Rule[],
  policy: string,
  setup: LintSetup = {},
  name = "Dockerfile",
): Promise<string> {
  const { findings } = await lint(treeOf({ "plimsoll.yaml": policy, [name]: "FROM x\n" }), rules, setup);
  return findings.map(({ rule, kind, severity }) => `${rule}#${kind ?? ""}=${severity}`).join(" ");
}

const PIN = kindRule("images/pin", { aliases: ["hadolint:DL3006"] });
const USER = wordRule("user/set", "FROM", {
  roles: ["production"],
  levels: { recommended: ["error", "warning", "info"] },
});

test.each([
  ["", "images/pin#a=warning"],
  ["presets: strict", "images/pin#a=error images/pin#b=info"],
  ["presets: [recommended, strict]", "images/pin#a=error images/pin#b=info"],
  ["presets: style", ""],
  ["presets: all", "images/pin#a=error images/pin#b=info"],
  ["presets: hadolint", "images/pin#a=warning images/pin#b=warning"],
  ["rules: {images/pin: error}", "images/pin#a=error"],
  ["rules: {images/pin: off}", ""],
  ["rules: {'images/pin#b': info}", "images/pin#a=warning images/pin#b=info"],
  ["rules: {images/pin: {level: error, kinds: {b: warning}}}", "images/pin#a=error images/pin#b=warning"],
  ["rules: {'images/pin#a': info, images/pin: error, 'images/*': off}", "images/pin#a=info"],
  ["rules: {DL3006: info}", "images/pin#a=info"],
  ["rules: {images/pin#a: info}\noverrides: [{files: x, rules: {images/pin: error}}]", "images/pin#a=info"],
  ["rules: {images/pin#a: info}\noverrides: [{files: Dockerfile, rules: {images/pin: error}}]", "images/pin#a=error"],
  ["presets: style\nrules: {images/pin: info}", "images/pin#a=info images/pin#b=info"],
])("the policy `%s` gives these levels", async (policy, expected) => {
  expect(await levels([PIN], policy)).toBe(expected);
});

test.each([
  [{ only: ["images/pin#b"] }, "images/pin#b=info"],
  [{ only: ["images/*"] }, "images/pin#a=warning"],
  [{ only: ["user/*"] }, ""],
  [{ skip: ["images/pin#a"] }, ""],
  [{ presets: ["style"], only: ["DL3006"] }, "images/pin#a=error images/pin#b=info"],
  [{ rules: [{ pattern: "images/pin", level: "info" }] }, "images/pin#a=info"],
] as const)("the flags %j win over the policy", async (flags, expected) => {
  expect(await levels([PIN, wordRule("user/x", "nothing")], "", { flags })).toBe(expected);
});

test.each([
  ["Dockerfile", "", "user/set#=warning"],
  ["Dockerfile.prod", "", "user/set#=error"],
  ["Dockerfile.dev", "", ""],
  ["Dockerfile.dev", "rules: {user/set: error}", ""],
  ["Dockerfile.dev", "overrides: [{roles: development, rules: {user/set: error}}]", "user/set#=error"],
  ["Dockerfile.dev", "roles: {'*.dev': production}", "user/set#=error"],
])("in %s with `%s` the role decides", async (name, policy, expected) => {
  expect(await levels([USER], policy, {}, name)).toBe(expected);
});

test("a role can cap what presets and policies say, but not an override for that role", async () => {
  const capped = wordRule("user/capped", "FROM", { roleCaps: { development: "info" } });
  const told = "rules: {user/capped: error}";
  const meant = "overrides: [{roles: development, rules: {user/capped: error}}]";

  const shown = await Promise.all([told, meant].map((policy) => levels([capped], policy, {}, "Dockerfile.dev")));

  expect(shown).toEqual(["user/capped#=info", "user/capped#=error"]);
});

test("an option can switch a rule on, where the policy does not say otherwise", async () => {
  const trusted = wordRule("images/use-trusted-registry", "FROM", {
    levels: {},
    options: { allow: option.strings({ default: [], description: "Images." }) },
    levelByOptions: ({ allow }) => (Array.isArray(allow) && allow.length > 0 ? "error" : undefined),
  });

  const shown = await Promise.all(
    [
      "",
      "images: {allow: [a]}",
      "images: {allow: [a]}\nrules: {images/use-trusted-registry: {allow: []}}",
      "images: {allow: [a]}\nrules: {images/use-trusted-registry: info}",
    ].map((policy) => levels([trusted], policy)),
  );

  const id = "images/use-trusted-registry#";
  expect(shown).toEqual(["", `${id}=error`, "", `${id}=info`]);
});

test("options come from defaults, then presets, then the policy, layer by layer", async () => {
  const seen: unknown[] = [];
  const rule = wordRule("labels/require-labels", "", {
    options: {
      required: option.strings({ default: ["source"], description: "Keys." }),
      other: option.boolean({ default: false, description: "More." }),
    },
    presetOptions: { checklist: { required: ["source", "version"], other: true } },
    levels: { recommended: "info", checklist: "warning" },
    check: {
      dockerfile(_, { options, role }) {
        seen.push({ ...options }, role);
        return [];
      },
    },
  });
  const assumed: Role = { name: "production", stated: false };
  for (const policy of [
    "",
    "presets: checklist",
    "presets: checklist\nlabels: {required: [a]}",
    "presets: checklist\nlabels: {required: [a]}\noverrides: [{files: Dockerfile, rules: {labels/require-labels: {required: [b]}}}]",
  ]) {
    await levels([rule], policy);
  }

  expect(seen).toEqual([
    { required: ["source"], other: false },
    assumed,
    { required: ["source", "version"], other: true },
    assumed,
    { required: ["a"], other: true },
    assumed,
    { required: ["b"], other: true },
    assumed,
  ]);
});

test("a rule that a preset has off until an option is set is on with it, and in other presets", async () => {
  const labels = wordRule("labels/require-labels", "FROM", {
    levels: { recommended: "info" },
    aliases: ["hadolint:DL3006"],
    options: { required: option.strings({ default: [], description: "Keys" }) },
    presetNeeds: { hadolint: ["required"] },
  });

  const shown = await Promise.all(
    [
      "presets: hadolint",
      "presets: [hadolint, recommended]",
      "presets: hadolint\nlabels: { required: [source] }",
      "presets: hadolint\nrules: { labels/require-labels: { required: [source] } }",
    ].map((policy) => levels([labels], policy)),
  );

  const id = "labels/require-labels#";
  expect(shown).toEqual(["", `${id}=info`, `${id}=warning`, `${id}=warning`]);
});

test("kinds that stand for codes of another tool can be set one by one", async () => {
  const shellcheck = wordRule("shell/pass-checks", "FROM", { aliases: ["shellcheck:SC*", "hadolint:SC*"] }, () => ({
    kind: "SC2086",
  }));

  const shown = await Promise.all(
    [
      "",
      "rules: {SC2086: info}",
      "rules: {SC2046: info}",
      "presets: hadolint",
      "rules: {shell/pass-checks: off, SC2086: error}",
    ].map((policy) => levels([shellcheck], policy)),
  );

  const id = "shell/pass-checks#SC2086";
  expect(shown).toEqual([`${id}=warning`, `${id}=info`, `${id}=warning`, `${id}=error`, `${id}=error`]);
});
