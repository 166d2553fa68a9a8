import type { ModelProblem } from "../../src/compose/model.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";

export default defineRule({
  id: "compose/use-valid-include",
  summary: "`include` leads to a project",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  kinds: {
    invalid: { summary: "an entry that Compose cannot load" },
    "not-followed": {
      summary: "an entry outside of the workspace, which is not read here",
      levels: { recommended: "info", checklist: "info", strict: "warning" },
    },
    conflict: {
      summary: "the same name here and in the included project",
      levels: { recommended: "warning", checklist: "warning", strict: "warning" },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "Compose stops at the first included file that it cannot load. What is defined on both sides it merges, ours over " +
      "theirs, so that neither file alone says what runs.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/include/",
    "https://docs.docker.com/compose/how-tos/multiple-compose-files/include/",
  ],
  mentions: { compose: ["include"] },
  check: {
    *variant({ problems }) {
      for (const problem of problems) {
        if (problem.kind === "include") yield invalid(problem);
        else if (problem.kind === "include-conflict") yield conflict(problem);
      }
    },
  },
  examples: {
    bad: [
      {
        name: "a file that does not exist",
        kind: "invalid",
        message: "`../db/compose.yml` does not exist; correct the path",
        files: {
          "shop/compose.yaml": ["include: [«../db/compose.yml»]", "services: {web: {image: 'nginx:1.27.4'}}"],
          "db/compose.yaml": ["services: {db: {image: 'postgres:17.4'}}"],
        },
      },
      {
        name: "no list, and an entry without a path",
        kind: "invalid",
        message: "`include` is a list",
        files: {
          "compose.yaml": ["include: «db.yaml»", "services: {web: {image: 'nginx:1.27.4'}}"],
          "other/compose.yaml": ["include: [«{env_file: a.env}»]", "services: {web: {image: 'nginx:1.27.4'}}"],
          "other/a.env": "",
        },
      },
      {
        name: "a circle",
        kind: "invalid",
        message: "`compose.yaml` includes this file in a circle",
        files: {
          "compose.yaml": ["include: [parts.yaml]", "services: {web: {image: 'nginx:1.27.4'}}"],
          "parts.yaml": ["include: [«compose.yaml»]", "services: {db: {image: 'postgres:17.4'}}"],
        },
      },
      {
        name: "an env file that is missing",
        kind: "invalid",
        message: "`db.env` does not exist",
        files: {
          "compose.yaml": [
            "include: [{path: db.yaml, env_file: «db.env»}]",
            "services: {web: {image: 'nginx:1.27.4'}}",
          ],
          "db.yaml": ["services: {db: {image: 'postgres:17.4'}}"],
        },
      },
      {
        name: "outside of what is read",
        kind: "not-followed",
        message: "is remote and not read; what it defines is not judged",
        files: {
          "compose.yaml": [
            "include:",
            "  - «https://github.com/acme/shop.git»",
            "  - path: «../../shared/compose.yaml»",
            "services: {web: {image: 'nginx:1.27.4'}}",
          ],
        },
      },
      {
        name: "a name on both sides",
        kind: "conflict",
        message: "`db` is defined here and in `db/compose.yaml`; ours is merged over it",
        files: {
          "compose.yaml": ["include: [db/compose.yaml]", "services: {«db»: {environment: {POSTGRES_DB: shop}}}"],
          "db/compose.yaml": ["services: {db: {image: 'postgres:17.4'}}"],
        },
      },
      {
        name: "a name in two included projects",
        kind: "conflict",
        files: {
          "compose.yaml": ["include: [a.yaml, b.yaml]", "services: {web: {image: 'nginx:1.27.4'}}"],
          "a.yaml": ["services: {db: {image: 'postgres:17.4', networks: [back]}}", "networks: {back: }"],
          "b.yaml": [
            "services: {cache: {image: 'redis:7.4.2', networks: [back]}}",
            "networks: {«back»: {internal: true}}",
          ],
        },
      },
    ],
    good: [
      {
        name: "files that are there",
        files: {
          "compose.yaml": [
            "include: [db/compose.yaml, {path: [cache.yaml, cache.prod.yaml], env_file: cache.env}]",
            "services: {web: {image: 'nginx:1.27.4', depends_on: [db]}}",
          ],
          "db/compose.yaml": ["services: {db: {image: 'postgres:17.4'}}"],
          "cache.yaml": ["services: {cache: {image: 'redis:7.4.2'}}"],
          "cache.prod.yaml": ["services: {cache: {restart: always}}"],
          "cache.env": "",
        },
      },
      {
        name: "one file on two ways",
        files: {
          "compose.yaml": ["include: [a.yaml, b.yaml]", "services: {web: {image: 'nginx:1.27.4'}}"],
          "a.yaml": ["include: [net.yaml]", "services: {db: {image: 'postgres:17.4', networks: [back]}}"],
          "b.yaml": ["include: [net.yaml]", "services: {cache: {image: 'redis:7.4.2', networks: [back]}}"],
          "net.yaml": ["networks: {back: }"],
        },
      },
      {
        name: "a path that nobody can know",
        files: { "compose.yaml": ["include: ['${DB_FILE}']", "services: {web: {image: 'nginx:1.27.4'}}"] },
      },
    ],
  },
});

const REMEDIES: Readonly<Record<string, string>> = {
  "no-path": "give it a `path`",
  "missing-file": "correct the path",
  unreadable: "name a Compose file",
  "missing-env-file": "correct the path",
  cycle: "remove one of the entries",
};

function invalid({ detail, range, message, related }: ModelProblem): Finding {
  const links = related.map((other) => ({ range: other, message: "on the way here" }));
  if (detail === "not-followed") {
    return { kind: "not-followed", range, message: `${message}; what it defines is not judged`, related: links };
  }
  const remedy = REMEDIES[detail];
  return { kind: "invalid", range, message: remedy === undefined ? message : `${message}; ${remedy}`, related: links };
}

function conflict({ range, message, related }: ModelProblem): Finding {
  const links = related.map((other) => ({ range: other, message: "the other definition" }));
  return { kind: "conflict", range, message: `${message}; ours is merged over it`, related: links };
}
