import { expect, test } from "vitest";
import { Policies, type PolicyChoice } from "../../src/config/policies.js";
import type { FlagSettings, Origin } from "../../src/config/policy.js";
import { ASSUMED_ROLE, type Role } from "../../src/data/roles.js";
import { type MemoryEntry, MemoryFileSystem } from "../../src/files/memory.js";
import { Workspace } from "../../src/files/workspace.js";
import { sampleIndex, sampleRules, validatorFor } from "./sample-rules.js";

const NO_FLAGS: FlagSettings = {
  presets: [],
  rules: [],
  only: [],
  skip: [],
  minConfidence: undefined,
  failOn: undefined,
  inlineConfig: true,
  requireReason: false,
  target: undefined,
  buildArgs: new Map(),
};
const DEVELOPMENT: Role = { name: "development", stated: true };

interface Setup {
  readonly flags?: Partial<FlagSettings>;
  readonly choice?: PolicyChoice;
}

function policiesOver(tree: Readonly<Record<string, MemoryEntry>>, { flags, choice }: Setup = {}): Policies {
  const fs = new MemoryFileSystem({ "/repo/.git/HEAD": "", ...tree });
  return new Policies({
    workspace: new Workspace({ fs, root: "/repo" }),
    choice: choice ?? { kind: "nearest" },
    flags: { ...NO_FLAGS, ...flags },
    index: sampleIndex,
    validator: async () => validatorFor(sampleRules),
  });
}

async function described(
  tree: Readonly<Record<string, MemoryEntry>>,
  file = "/repo/Dockerfile",
  role: Role = ASSUMED_ROLE,
  setup: Setup = {},
): Promise<readonly string[]> {
  const policies = policiesOver(tree, setup);
  await policies.prepare([file]);
  const values = policies.for(file).describe(file, role);
  return values.map(({ key, value, origin }) => `${key} = ${JSON.stringify(value)} (${shown(origin)})`);
}

function shown(origin: Origin): string {
  if (origin.kind === "file") return `${origin.path}:${origin.line}:${origin.column}`;
  return origin.kind === "flag" ? origin.flag : origin.kind;
}

const DEFAULTS = [
  'failOn = "warning" (default)',
  "inlineConfig = true (default)",
  'minConfidence = "medium" (default)',
  'presets = ["recommended"] (default)',
];

async function failure(tree: Readonly<Record<string, MemoryEntry>>, setup: Setup = {}): Promise<string> {
  try {
    const policies = policiesOver(tree, setup);
    await policies.prepare(["/repo/Dockerfile"]);
    return policies.problems.map(String).join("\n");
  } catch (error) {
    return `thrown ${String(error)}`;
  }
}

test("a policy that is not valid leaves out the files below it, and no others", async () => {
  const policies = policiesOver({ "/repo/api/plimsoll.yaml": "failOn: always\n" });
  const files = ["/repo/api/Dockerfile", "/repo/web/Dockerfile"];
  await policies.prepare(files);
  await policies.prepare(files);

  expect(policies.problems.map(({ place }) => place)).toEqual(["api/plimsoll.yaml:1:9"]);
  expect(files.map((file) => policies.isBroken(file))).toEqual([true, false]);
  expect(files.map((file) => policies.for(file).ignores(file))).toEqual([true, false]);
});

test("without a policy file the defaults hold", async () => {
  expect(await described({})).toEqual(DEFAULTS);
});

test.each([
  ["/repo/a/b/Dockerfile", ["a/b/plimsoll.json"]],
  ["/repo/a/Dockerfile", ["a/.plimsoll.yaml"]],
  ["/repo/c/Dockerfile", ["plimsoll.yaml"]],
  ["/repo/sub/x/Dockerfile", []],
])("the policy of %s is the nearest one of its repository", async (file, paths) => {
  const policies = policiesOver({
    "/plimsoll.yaml": "failOn: never",
    "/repo/plimsoll.yaml": "failOn: info",
    "/repo/a/.plimsoll.yaml": "failOn: error",
    "/repo/a/b/plimsoll.json": "{}",
    "/repo/a/b/.plimsoll.yaml": "failOn: never",
    "/repo/sub/.git/HEAD": "",
  });
  await policies.prepare([file]);

  expect(policies.for(file).paths).toEqual(paths);
});

test("later files, overrides and flags win key by key, and say where they are written", async () => {
  const tree = {
    "/repo/plimsoll.yaml": [
      "extends: [./base.yaml, '@acme/policy']",
      "rules:",
      "  images/pin-tag: {level: error, floating: [edge]}",
      "images: {allow: [b]}",
      "overrides:",
      "  - files: Dockerfile",
      "    roles: [development]",
      "    rules: {images/pin-tag: off}",
      "  - files: other",
      "    failOn: never",
    ].join("\n"),
    "/repo/base.yaml": "failOn: error\nimages:\n  allow: [a]\n  deny: [c]\nrules:\n  images/pin-tag: info\n",
    "/repo/node_modules/@acme/policy/plimsoll.yaml": "failOn: info\nbuildArgs: {A: 1}\n",
  };

  const values = await described(tree, "/repo/Dockerfile", DEVELOPMENT, {
    flags: { presets: ["strict"], skip: ["DL3006"] },
  });

  expect(values).toEqual([
    "buildArgs.A = 1 (node_modules/@acme/policy/plimsoll.yaml:2:13)",
    'failOn = "info" (node_modules/@acme/policy/plimsoll.yaml:1:1)',
    'images.allow = ["b"] (plimsoll.yaml:4:10)',
    'images.deny = ["c"] (base.yaml:4:3)',
    "inlineConfig = true (default)",
    'minConfidence = "low" (default)',
    'presets = ["strict"] (--preset)',
    'rules.images/pin-tag = "off" (plimsoll.yaml:8:13)',
    'rules.images/pin-tag.floating = ["edge"] (plimsoll.yaml:3:34)',
    'skip = ["DL3006"] (--skip)',
  ]);
});

test("an override applies only where its files and roles fit", async () => {
  const policies = policiesOver({
    "/repo/plimsoll.yaml": "overrides:\n  - {files: 'docker/**', roles: development, failOn: never}\n",
  });
  const files = ["/repo/docker/Dockerfile", "/repo/Dockerfile"];
  await policies.prepare(files);
  const set = policies.for("/repo/Dockerfile");

  const thresholds = files.flatMap((file) =>
    [ASSUMED_ROLE, DEVELOPMENT].map((role) => set.policyFor(file, role).failOn),
  );

  expect(thresholds).toEqual(["warning", "never", "warning", "warning"]);
  expect(set.policyFor("/repo/a", ASSUMED_ROLE)).toBe(set.policyFor("/repo/b", ASSUMED_ROLE));
});

test("roles and ignored files are told by glob, the last one deciding", async () => {
  const policies = policiesOver({
    "/repo/plimsoll.yaml":
      "roles: {'docker/*': development, 'docker/prod*': production}\nignore: [vendor/, '*.j2', '!keep.j2']\n",
  });
  await policies.prepare(["/repo/Dockerfile"]);
  const set = policies.for("/repo/Dockerfile");

  const roles = ["/repo/docker/agent", "/repo/docker/prod.Dockerfile", "/repo/x"].map((file) => set.roleOf(file));
  const ignored = ["/repo/vendor/a/Dockerfile", "/repo/a.j2", "/repo/keep.j2", "/repo/b"].map((file) =>
    set.ignores(file),
  );

  expect(roles).toEqual(["development", "production", undefined]);
  expect(ignored).toEqual([true, true, false, false]);
});

test.each([
  [
    "a missing file",
    { "/repo/plimsoll.yaml": "extends: ./no.yaml" },
    "plimsoll.yaml:1:10: `./no.yaml` does not exist; correct the path",
  ],
  [
    "a missing package",
    { "/repo/plimsoll.yaml": "extends: [acme]" },
    "plimsoll.yaml:1:11: no package `acme` in `node_modules`; install it, or write `./` in front of a path",
  ],
  [
    "a package without policy",
    { "/repo/plimsoll.yaml": "extends: acme", "/repo/node_modules/acme/index.js": "" },
    "plimsoll.yaml:1:10: package `acme` has no policy file; name the file: `package/file.yaml`",
  ],
  [
    "a circle",
    { "/repo/plimsoll.yaml": "extends: ./a.yaml", "/repo/a.yaml": "extends: ./plimsoll.yaml" },
    "a.yaml:1:10: `extends` leads back to `plimsoll.yaml`; remove one of the entries",
  ],
  [
    "a file outside",
    { "/repo/plimsoll.yaml": "extends: ../up.yaml", "/up.yaml": "" },
    "plimsoll.yaml:1:10: `../up.yaml` lies outside of the workspace; copy it, or publish it as a package",
  ],
  [
    "a link to the outside",
    {
      "/repo/plimsoll.yaml": "extends: ./in.yaml",
      "/up.yaml": "",
      "/repo/in.yaml": { kind: "symlink", target: "/up.yaml" },
    },
    "plimsoll.yaml:1:10: `in.yaml` lies outside of the workspace; copy it, or publish it as a package",
  ],
  [
    "a mistake in the base",
    { "/repo/plimsoll.yaml": "extends: ./a.yaml", "/repo/a.yaml": "rule: {}" },
    "a.yaml:1:1: no key `rule`; did you mean `rules`?",
  ],
  [
    "something that is no name",
    { "/repo/plimsoll.yaml": "extends: 'a b'" },
    "plimsoll.yaml:1:10: `a b` is neither a path nor the name of a package; write `./` in front of a path",
  ],
] as const)("extending %s is a mistake of the user", async (_, tree, message) => {
  expect(await failure(tree)).toBe(`UserError: ${message}`);
});

test("a named policy file may lie anywhere, and has to exist", async () => {
  const tree = { "/etc/policy.yaml": "failOn: never", "/repo/plimsoll.yaml": "failOn: error" };
  const named = await described(tree, "/repo/Dockerfile", ASSUMED_ROLE, {
    choice: { kind: "file", path: "/etc/policy.yaml" },
  });

  expect(named[0]).toBe('failOn = "never" (../etc/policy.yaml:1:1)');
  const message = await failure(tree, { choice: { kind: "file", path: "no.yaml" } });

  expect(message).toBe("thrown UserError: no.yaml: does not exist");
});

test("without policy files none is looked for", async () => {
  const values = await described({ "/repo/plimsoll.yaml": "rubbish" }, "/repo/Dockerfile", ASSUMED_ROLE, {
    choice: { kind: "none" },
  });

  expect(values).toEqual(DEFAULTS);
});

test("flags name rules that exist", async () => {
  const message = await failure({}, { flags: { only: ["images/pin-tags"] } });

  expect(message).toBe("thrown UserError: --only: no rule `images/pin-tags`; did you mean `images/pin-tag`?");
});

test("keys of Compose and base images belong to the project as a whole", async () => {
  const policies = policiesOver({
    "/repo/plimsoll.yaml":
      "extends: ./b.yaml\ncompose: {files: [x/stack.yaml], loose: true}\nbaseImages: {py: {user: 1}}\n",
    "/repo/b.yaml": "compose: {envValues: never, loose: false}\nbaseImages: {__proto__: {user: 2}}\n",
  });
  await policies.prepare(["/repo/Dockerfile"]);

  expect(policies.for("/repo/Dockerfile").project).toEqual({
    folder: "/repo",
    baseImages: new Map([
      ["__proto__", { user: 2 }],
      ["py", { user: 1 }],
    ]),
    composeFiles: ["/repo/x/stack.yaml"],
    variants: [],
    env: [],
    envValues: "never",
    loose: true,
    profiles: [],
  });
});
