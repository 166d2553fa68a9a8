import { expect, test } from "vitest";
import { evaluateDockerfile } from "../../src/dockerfile/evaluate.js";
import { parseDockerfile } from "../../src/dockerfile/parse.js";
import { baseEnvironmentOf } from "../../src/project/base-facts.js";
import { Source } from "../../src/text/source.js";

test.each([
  { from: "node:22-slim", name: "NODE_VERSION", kind: "unknown" },
  { from: "node:22-slim", name: "GIT_SHA", kind: "unset" },
  { from: "golang:1.24", name: "GOPATH", kind: "known" },
  { from: "registry.acme.io/web:1", name: "GIT_SHA", kind: "unknown" },
])("on $from the name $name is $kind", ({ from, name, kind }) => {
  const file = parseDockerfile(new Source("Dockerfile", `FROM ${from}\n`));
  const { stages } = evaluateDockerfile(file, {
    buildArgs: new Map(),
    baseEnv: (base) => baseEnvironmentOf(base, new Map()),
    namedContexts: new Set(),
  });

  expect(stages[0]?.lookup(name).kind).toBe(kind);
});
