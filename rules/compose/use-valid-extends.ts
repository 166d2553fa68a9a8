import type { ModelProblem, Service, Variant } from "../../src/compose/model.js";
import type { Node } from "../../src/compose/node-model.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import { undefinedReferences } from "../../src/project/compose-references.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "compose/use-valid-extends",
  summary: "`extends` leads to a service",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  kinds: {
    invalid: { summary: "a file or service that is not there, a circle, or what cannot be extended" },
    "not-followed": {
      summary: "a file outside of the workspace, which is not read here",
      levels: { recommended: "info", checklist: "info", strict: "warning" },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "Compose refuses a project when it cannot find what a service extends. Names of networks, volumes and services come " +
      "along with the extended service, what they stand for does not: each project has to define it again.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/services/#extends",
    "https://docs.docker.com/compose/how-tos/multiple-compose-files/extends/",
  ],
  mentions: { compose: ["extends"] },
  check: { variant: checkVariant },
  examples: {
    bad: [
      {
        name: "a service that is not there",
        kind: "invalid",
        message: "`common.yml` has no service `wbe`; did you mean `web`?",
        files: {
          "compose.yaml": ["services:", "  web: {image: 'nginx:1.27.4', extends: {file: common.yml, service: «wbe»}}"],
          "common.yml": ["services: {web: {restart: always}}"],
        },
      },
      {
        name: "in the same file, and none at all",
        kind: "invalid",
        message: "this file has no service `base`; define it",
        files: {
          "compose.yaml": [
            "services:",
            "  web: {image: 'nginx:1.27.4', extends: «base»}",
            "  api: {image: 'acme/api:1.4.0', extends: {file: «common.yml»}}",
            "  job: {image: 'acme/job:1.4.0', extends: «{}»}",
          ],
        },
      },
      {
        name: "a name that is near to none but its own service",
        kind: "invalid",
        message: "this file has no service `workr`; define it",
        files: { "compose.yaml": ["services:", "  worker: {extends: «workr»}"] },
      },
      {
        name: "files that are missing, or define no service",
        kind: "invalid",
        message: "`common.yml` does not exist; correct the path",
        files: {
          "compose.yaml": [
            "services:",
            "  web: {image: 'nginx:1.27.4', extends: {file: «common.yml», service: web}}",
            "  api: {image: 'acme/api:1.4.0', extends: {file: networks.yml, service: «api»}}",
          ],
          "networks.yml": ["networks: {back: }"],
        },
      },
      {
        name: "a circle",
        kind: "invalid",
        message: "extends itself in a circle; remove one of the steps",
        files: {
          "compose.yaml": [
            "services:",
            "  web: {image: 'nginx:1.27.4', extends: api}",
            "  api: {image: 'acme/api:1.4.0', extends: {service: «web»}}",
          ],
        },
      },
      {
        name: "outside of what is read",
        kind: "not-followed",
        message: "lies outside the workspace and is not read; what it says is not judged",
        files: {
          "compose.yaml": [
            "services:",
            "  web: {image: 'nginx:1.27.4', extends: {file: «../../common.yml», service: web}}",
            "  api: {image: 'acme/api:1.4.0', extends: {file: «https://example.com/common.yml», service: api}}",
          ],
        },
      },
      {
        name: "names that come along without what they stand for",
        kind: "invalid",
        message: "`common.yml` uses network `back`, which is not defined here; define it in this project",
        files: {
          "compose.yaml": ["services:", "  api: {extends: {file: common.yml, service: «api»}}"],
          "common.yml": [
            "services:",
            "  api: {image: 'acme/api:1.4.0', networks: [back], depends_on: [db]}",
            "  db: {image: 'postgres:17.4'}",
            "networks: {back: }",
          ],
        },
      },
      {
        name: "a check that is switched off over one that is not",
        kind: "invalid",
        severity: "warning",
        message: "the specification forbids `disable: true` over the healthcheck of `api`",
        files: {
          "compose.yaml": [
            "services:",
            "  job: {extends: {file: common.yml, service: api}, healthcheck: {disable: «true»}}",
          ],
          "common.yml": ["services:", "  api: {image: 'acme/api:1.4.0', healthcheck: {test: [CMD, /api, ping]}}"],
        },
      },
    ],
    good: [
      {
        name: "services that are there, in this file and in another",
        files: {
          "compose.yaml": [
            "services:",
            "  base: {image: 'acme/api:1.4.0'}",
            "  api: {extends: base}",
            "  job: {extends: {service: base}, healthcheck: {disable: true}}",
            "  web: {extends: {file: common.yml, service: web}}",
            "networks: {front: }",
          ],
          "common.yml": ["services:", "  web: {image: 'nginx:1.27.4', networks: [front]}", "networks: {front: }"],
        },
      },
      {
        name: "a base that switches its check off too",
        files: {
          "compose.yaml": [
            "services:",
            "  job: {extends: {file: common.yml, service: api}, healthcheck: {disable: true}}",
          ],
          "common.yml": ["services:", "  api: {image: 'acme/api:1.4.0', healthcheck: {disable: true}}"],
        },
      },
      {
        name: "names that nobody can know",
        files: {
          "compose.yaml": ["services:", "  web: {image: 'nginx:1.27.4', extends: {file: '${FILE}', service: web}}"],
        },
      },
    ],
  },
});

function* checkVariant(variant: Variant): Iterable<Finding> {
  for (const problem of variant.problems) if (problem.kind === "extends") yield ofProblem(problem);
  const seen = new Set<string>();
  for (const { extended, kind, name, range } of undefinedReferences(variant)) {
    // One finding for each step and file: the list of what is missing is in the file that is extended.
    const id = extended === undefined ? undefined : `${extended.range.source.path} ${extended.range.start}`;
    if (extended === undefined || id === undefined || seen.has(id)) continue;
    seen.add(id);
    const message = `\`${range.source.path}\` uses ${kind} ${quoted(name)}, which is not defined here; define it in this project`;
    yield { kind: "invalid", range: extended.range, message, related: [{ range, message: "used here" }] };
  }
  for (const service of variant.services.values()) yield* forbiddenDisable(service);
}

const REMEDIES: Readonly<Record<string, string>> = {
  "no-service": "name one with `service`",
  "missing-service": "define it, or name another one",
  "missing-file": "correct the path",
  unreadable: "name a Compose file",
  cycle: "remove one of the steps",
};

function ofProblem({ detail, range, message, related }: ModelProblem): Finding {
  const links = related.map((other) => ({ range: other, message: "on the way here" }));
  if (detail === "not-followed") {
    return { kind: "not-followed", range, message: `${message}; what it says is not judged`, related: links };
  }
  const remedy = message.includes("; did you mean") ? undefined : REMEDIES[detail];
  return { kind: "invalid", range, message: remedy === undefined ? message : `${message}; ${remedy}`, related: links };
}

/** `disable: true` of a service over a check that comes from the service it extends. */
function* forbiddenDisable({ healthcheck, node }: Service): Iterable<Finding> {
  if (!node.entries.has("extends") || healthcheck?.disable?.value !== true) return;
  const { disable } = healthcheck;
  if (hopOf(disable.node) !== undefined || hopOf(disable.overridden) !== undefined) return;
  for (const { value } of healthcheck.node.entries.values()) {
    const hop = hopOf(value);
    if (hop === undefined) continue;
    const message = `the specification forbids \`disable: true\` over the healthcheck of \`${hop.name}\`; use \`test: ["NONE"]\``;
    yield {
      kind: "invalid",
      range: disable.range,
      message,
      confidence: "medium",
      related: [{ range: value.range, message: "comes from here" }],
    };
    return;
  }
}

function hopOf(node: Node | undefined) {
  return node?.via.find(({ kind }) => kind === "extends");
}
