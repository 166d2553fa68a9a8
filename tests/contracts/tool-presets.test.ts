import { describe, expect, test } from "vitest";
import { rules } from "../../rules/index.js";
import type { Level, Preset } from "../../src/data/levels.js";
import { presetLevel } from "../../src/engine/levels.js";
import { Registry } from "../../src/engine/registry.js";
import { lint, treeOf } from "../engine/lint-tree.js";

// Levels as the tools document them; for BuildKit, which has one, warnings.
const HADOLINT = {
  off: "DL1001 DL3057",
  error: "DL3000 DL3004 DL3011 DL3012 DL3020 DL3021 DL3023 DL3024 DL3026 DL3043 DL3044 DL3061 DL4000 DL4004",
  info: "DL3001 DL3009 DL3010 DL3015 DL3019 DL3047 DL3048 DL3049 DL3050 DL3059 DL3060 DL3066",
  warning:
    "DL3002 DL3003 DL3005 DL3006 DL3007 DL3008 DL3013 DL3014 DL3016 DL3017 DL3018 DL3022 DL3025 DL3027 DL3028 DL3029 DL3030 DL3031 DL3032 DL3033 DL3034 DL3035 DL3036 DL3037 DL3038 DL3039 DL3040 DL3041 DL3042 DL3045 DL3046 DL3051 DL3052 DL3053 DL3054 DL3055 DL3056 DL3058 DL3062 DL3063 DL3064 DL3065 DL3067 DL4001 DL4003 DL4005 DL4006",
};
const BUILDKIT = {
  warning:
    "ConsistentInstructionCasing CopyIgnoredFile DuplicateStageName ExposeInvalidFormat ExposeProtoCasing FromAsCasing FromPlatformFlagConstDisallowed InvalidBaseImagePlatform InvalidDefaultArgInFrom InvalidDefinitionDescription JSONArgsRecommended LegacyKeyValueFormat MaintainerDeprecated MultipleInstructionsDisallowed NoEmptyContinuation RedundantTargetPlatform ReservedStageName SecretsUsedInArgOrEnv StageNameCasing UndefinedArgInFrom UndefinedVar WorkdirRelativePath",
};
const DCLINT = {
  error:
    "invalid-schema invalid-yaml no-build-and-image no-duplicate-container-names no-duplicate-exported-ports no-unbound-port-interfaces no-version-field service-container-name-regex service-image-require-explicit-tag",
  warning:
    "no-quotes-in-volumes require-project-name-field require-quotes-in-ports service-dependencies-alphabetical-order service-keys-order service-ports-alphabetical-order services-alphabetical-order top-level-properties-order",
};

const LEVELS: Readonly<Record<"hadolint" | "buildkit" | "dclint", Readonly<Record<string, string>>>> = {
  hadolint: HADOLINT,
  buildkit: BUILDKIT,
  dclint: DCLINT,
};

/** Kinds that a preset holds without an alias of its own: what hadolint passes on from ShellCheck. */
const OPEN_RULE = "shell/pass-shellcheck";

const registry = new Registry(rules);
const ROLE = { name: "production", stated: true } as const;

describe.each(["hadolint", "buildkit", "dclint"] as const)("the preset %s", (preset) => {
  for (const [level, ids] of Object.entries(LEVELS[preset])) {
    for (const id of ids.split(" ")) {
      const targets = registry.resolve(`${preset}:${id}`);
      test(`has ${id} as ${level}`, () => {
        expect(targets).not.toEqual([]);
        const levels = targets.map(({ rule, kind }) => [`${rule}#${kind}`, ...levelsOf(rule, kind, preset)]);

        expect(levels).toEqual(targets.map(({ rule, kind }) => [`${rule}#${kind}`, level]));
      });
    }
  }

  test("has nothing else on", () => {
    const known = Object.values(LEVELS[preset]).flatMap((ids) => ids.split(" ").map((id) => `${preset}:${id}`));
    const others = rules.flatMap((rule) => {
      const kinds = Object.keys(rule.kinds ?? {});
      return (kinds.length === 0 ? [undefined] : kinds)
        .filter((kind) => presetLevel({ rule, kind, registry }, [preset], ROLE) !== "off")
        .filter((kind) => !registry.aliasesOf(rule.id, kind).some((alias) => known.includes(alias)))
        .map((kind) => `${rule.id}#${kind}`);
    });

    expect(others.filter((name) => !name.startsWith(`${OPEN_RULE}#`))).toEqual([]);
  });
});

// What answers to each name of dclint.
const RULES_OF_DCLINT: Readonly<Record<string, readonly string[]>> = {
  "invalid-schema": ["compose/use-known-keys#far", "compose/use-known-keys#near", "compose/use-valid-schema"],
  "invalid-yaml": ["compose/no-duplicate-keys", "compose/use-valid-yaml"],
  "no-build-and-image": ["compose/choose-image-or-build#both", "compose/choose-image-or-build#third-party"],
  "no-duplicate-container-names": ["compose/use-unique-container-names#clash"],
  "no-duplicate-exported-ports": ["network/no-port-clash"],
  "no-quotes-in-volumes": ["style/unquote-volumes"],
  "no-unbound-port-interfaces": ["network/bind-interface"],
  "no-version-field": ["compose/no-version"],
  "require-project-name-field": ["compose/set-project-name"],
  "require-quotes-in-ports": ["style/quote-ports"],
  "service-container-name-regex": ["compose/use-valid-names#invalid"],
  "service-dependencies-alphabetical-order": ["style/sort-lists#depends-on"],
  "service-image-require-explicit-tag": ["images/pin-tag#channel", "images/pin-tag#latest", "images/pin-tag#no-tag"],
  "service-keys-order": ["style/order-service-keys"],
  "service-ports-alphabetical-order": ["style/sort-lists#ports"],
  "services-alphabetical-order": ["style/sort-services"],
  "top-level-properties-order": ["style/order-top-level"],
};

describe("every rule of dclint", () => {
  test("is in the tables", () => {
    expect(Object.keys(RULES_OF_DCLINT)).toEqual(Object.values(DCLINT).join(" ").split(" ").sort());
  });

  for (const [id, names] of Object.entries(RULES_OF_DCLINT)) {
    const found = registry
      .resolve(`dclint:${id}`)
      .map(({ rule, kind }) => (kind === undefined ? rule : `${rule}#${kind}`));
    test(`${id} is ${names.join(", ")}`, () => {
      expect(found.sort()).toEqual(names);
    });
  }
});

test("the preset hadolint takes the severity of ShellCheck's codes as it is", () => {
  expect(levelsOf(OPEN_RULE, "SC2086", "hadolint")).toEqual(["error"]);
  expect(levelsOf(OPEN_RULE, "SC2086", "buildkit")).toEqual(["off"]);
});

/** Levels of a kind, or of all kinds of a rule, each once. */
function levelsOf(id: string, kind: string | undefined, preset: Preset): readonly Level[] {
  const rule = registry.rule(id);
  if (rule === undefined) throw new Error(`no rule ${id}`);
  const declared = Object.keys(rule.kinds ?? {});
  const kinds = kind === undefined && declared.length > 0 ? declared : [kind];
  return [...new Set(kinds.map((each) => presetLevel({ rule, kind: each, registry }, [preset], ROLE)))];
}

// What each tool would speak of in the one kind of file, were it written in the other.
const BOTH = {
  Dockerfile: "FROM node\nMAINTAINER shop\nFROM redis:latest as Cache\nARG API_TOKEN\nCMD node server.js\n",
  "compose.yaml": [
    'version: "3"',
    "services:",
    "  web:",
    "    image: nginx",
    "    environment: {API_TOKEN: hunter2hunter2}",
    "    user: root",
    "    ports: [80:80, 99999]",
    "  api: {build: .}",
    "  inline:",
    "    build:",
    "      dockerfile_inline: |",
    "        FROM python",
    "        RUN sudo make",
    "        EXPOSE 80/TCP",
    "",
  ].join("\n"),
};

describe("a preset speaks of the files that its tool reads", () => {
  test.each([
    ["hadolint", ["Dockerfile:1", "Dockerfile:2", "compose.yaml:12", "compose.yaml:13"]],
    ["buildkit", ["Dockerfile:2", "Dockerfile:3", "Dockerfile:4", "compose.yaml:14"]],
  ] as const)("%s, also where a Dockerfile stands in a Compose file", async (preset, expected) => {
    const places = await placesOf([preset]);

    expect(places).toEqual(expect.arrayContaining([...expected]));
    expect(places.filter((place) => place.startsWith("compose.yaml:") && Number(place.slice(13)) < 12)).toEqual([]);
  });

  test("dclint", async () => {
    const places = await placesOf(["dclint"]);

    expect(places).toEqual(expect.arrayContaining(["compose.yaml:1", "compose.yaml:4", "compose.yaml:7"]));
    expect(places.filter((place) => place.startsWith("Dockerfile") || Number(place.slice(13)) >= 12)).toEqual([]);
  });

  test("at its levels, also in files for development", async () => {
    const text = "services:\n  web:\n    image: nginx:edge\n    ports: ['80:80']\n";
    const { findings } = await lint(treeOf({ "compose.dev.yaml": text }), rules, { flags: { presets: ["dclint"] } });

    expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([
      ["images/pin-tag", "error"],
      ["network/bind-interface", "error"],
    ]);
  });

  test("two of them, each of its own", async () => {
    const [hadolint, dclint] = [await placesOf(["hadolint"]), await placesOf(["dclint"])];

    expect(await placesOf(["hadolint", "dclint"])).toEqual([...new Set([...hadolint, ...dclint])].sort());
  });
});

/** `path:line` of everything that is found under some presets, each once. */
async function placesOf(presets: readonly Preset[]): Promise<readonly string[]> {
  const { findings } = await lint(treeOf(BOTH), rules, { flags: { presets } });
  const places = findings.map(({ range }) => `${range.source.path}:${range.source.positionAt(range.start).line}`);
  return [...new Set(places)].sort();
}
