import { expect, test } from "vitest";
import { lint, shown, treeOf, wordRule } from "./lint-tree.js";

const PROJECT = {
  "compose.yaml": "services:\n  web:\n    build: .\n    privileged: true\n",
  Dockerfile: "FROM node\nrun PIP3 install flask\n",
  "job/Dockerfile": "FROM node\nRUN true\n",
};

test("a rule is not asked about a Dockerfile that mentions none of its words", async () => {
  const rule = wordRule("packages/no-node", "node", { mentions: { dockerfile: ["pip", "conda"] } });

  expect(shown(await lint(treeOf(PROJECT), [rule]))).toEqual([
    "Dockerfile:1:6 warning packages/no-node [web (compose.yaml)]",
  ]);
});

test("words of Compose files do not count for the hooks of a Dockerfile, and the other way round", async () => {
  const serviceRule = (word: string) =>
    wordRule("runtime/no-service", "", {
      mentions: { compose: [word], dockerfile: ["nowhere"] },
      check: {
        *service(service) {
          yield { range: service.keyRange, message: "a service" };
        },
      },
    });

  expect(shown(await lint(treeOf(PROJECT), [serviceRule("privileged")]))).toHaveLength(1);
  expect(shown(await lint(treeOf(PROJECT), [serviceRule("flask")]))).toEqual([]);
});

test("a file that another one includes counts, too", async () => {
  const tree = {
    "compose.yaml": "include:\n  - db/compose.part.yaml\nservices:\n  api:\n    image: node\n",
    "db/compose.part.yaml": "services:\n  db:\n    image: postgres\n    privileged: true\n",
  };
  const rule = wordRule("runtime/no-service", "", {
    mentions: { compose: ["privileged"] },
    check: {
      *service({ name, keyRange }) {
        if (name === "db") yield { range: keyRange, message: "a service" };
      },
    },
  });

  expect(shown(await lint(treeOf(tree), [rule]))).toHaveLength(1);
});

test("a rule that needs an ignore file is asked about contexts that have one", async () => {
  const rule = wordRule("context/no-line", "", {
    needsIgnoreFile: true,
    check: {
      *context({ ignoreFile }) {
        const range = ignoreFile?.file.source.range(0, 1);
        if (range === undefined) throw new Error("asked about a context without an ignore file");
        yield { range, message: "a line" };
      },
    },
  });
  const tree = {
    "api/Dockerfile": "FROM node\n",
    "api/.dockerignore": "dist\n",
    "web/Dockerfile": "FROM node\n",
  };

  expect(shown(await lint(treeOf(tree), [rule]))).toEqual([
    "api/.dockerignore:1:1 warning context/no-line [api/Dockerfile]",
  ]);
});
