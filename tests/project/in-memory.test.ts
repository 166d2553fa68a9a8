import { expect, test } from "vitest";
import { rules } from "../../rules/index.js";
import { Policies } from "../../src/config/policies.js";
import { Registry } from "../../src/engine/registry.js";
import { Run } from "../../src/engine/run.js";
import { MemoryFileSystem } from "../../src/files/memory.js";
import { Workspace } from "../../src/files/workspace.js";
import { discover } from "../../src/project/discover.js";
import { openCompose } from "../../src/project/open-compose.js";
import { planProjects } from "../../src/project/plan.js";

const FILES = {
  "/shop/compose.yaml": [
    "services:",
    "  api:",
    "    build: ./api",
    "    user: '0'",
    "  db:",
    "    image: postgres",
    "",
  ].join("\n"),
  "/shop/api/Dockerfile": ["FROM node:24.11.0-slim", "COPY . .", "USER node", 'CMD ["node", "."]', ""].join("\n"),
  "/shop/api/.dockerignore": "node_modules\n",
  "/shop/api/package.json": "{}",
};

test("a whole project is found, linked and judged without a disk", async () => {
  const fs = new MemoryFileSystem(FILES);
  const workspace = new Workspace({ fs, root: "/shop" });
  const registry = new Registry(rules);
  const policies = new Policies({
    workspace,
    choice: { kind: "none" },
    flags: {
      presets: [],
      rules: [],
      only: ["user/no-root-user", "images/pin-tag"],
      skip: [],
      minConfidence: undefined,
      failOn: undefined,
      inlineConfig: true,
      requireReason: false,
      target: undefined,
      buildArgs: new Map(),
    },
    index: registry,
    validator: () => Promise.reject(new Error("there is no policy file to validate")),
  });
  const { files } = discover("/shop", { fs, isIgnored: () => false });
  const pathsOf = (kind: string) => files.filter((file) => file.kind === kind).map(({ path }) => path);
  const shared = {
    workspace,
    policySetFor: (file: string) => policies.for(file),
    isGitIgnored: () => false,
    topOf: () => "/shop",
  };
  const run = new Run({ registry, policySetFor: shared.policySetFor });

  const projects = planProjects({
    ...shared,
    flags: { target: undefined, context: undefined, buildArgs: new Map(), role: undefined },
    dockerfiles: pathsOf("dockerfile"),
    composeFiles: pathsOf("compose"),
    openCompose: async (paths) => openCompose(paths, { ...shared, isNamed: () => false, role: undefined }).projects,
  });
  for await (const project of projects) run.judge(project);
  const { findings } = run.finish();

  expect(findings.map(({ rule, kind, range }) => `${range.source.path} ${rule}#${kind ?? ""}`)).toEqual([
    "compose.yaml user/no-root-user#service",
    "compose.yaml images/pin-tag#no-tag",
  ]);
});
