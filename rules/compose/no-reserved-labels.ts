import type { KeyValues, Resource, Service } from "../../src/compose/model.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";

export default defineRule({
  id: "compose/no-reserved-labels",
  summary: "Labels leave the prefixes of Compose and the engine alone",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    compose: { summary: "a key below `com.docker.compose`" },
    engine: {
      summary: "a key below `com.docker.swarm` or `desktop.docker.io`",
      levels: { recommended: "warning", strict: "warning" },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "Compose finds its own containers, networks and volumes by labels that begin with `com.docker.compose`. One that a file " +
      "sets is refused, or makes Compose take foreign things for its own.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/services/#labels",
    "https://docs.docker.com/engine/manage-resources/labels/#key-format-recommendations",
  ],
  mentions: { compose: ["com.docker.compose", "com.docker.swarm", "desktop.docker.io"] },
  check: {
    *service(service) {
      for (const labels of labelsOf(service)) yield* judge(labels);
    },
    *variant({ networks, volumes, secrets, configs }) {
      for (const resources of [networks, volumes, secrets, configs]) yield* judgeAll(resources);
    },
  },
  examples: {
    bad: [
      {
        name: "of a service, in both forms",
        kind: "compose",
        message: "labels under `com.docker.compose` belong to Compose; use a prefix of your own",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    labels: { «com.docker.compose.project»: shop, com.example.project: shop }",
            "  api:",
            "    image: node:22.14.0",
            '    labels: ["«com.docker.compose.service»=api"]',
            "    deploy:",
            "      labels:",
            "        «com.docker.compose.version»: 1.2.3",
          ],
        },
      },
      {
        name: "of networks, volumes, secrets and configs",
        kind: "compose",
        files: {
          "compose.yaml": [
            "services: { web: { image: nginx:1.27.4 } }",
            "networks: { back: { labels: { «com.docker.compose.network»: back } } }",
            "volumes: { data: { labels: [«com.docker.compose.volume»=data] } }",
            "secrets: { key: { file: ./key, labels: { «com.docker.compose.project»: shop } } }",
            "configs: { site: { file: ./site, labels: { «com.docker.compose.project»: shop } } }",
          ],
        },
      },
      {
        name: "of the engine",
        kind: "engine",
        message: "labels under `com.docker.swarm` belong to the engine",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    labels:",
            "      «com.docker.swarm.service.name»: web",
            "      «desktop.docker.io/wsl-distro»: Ubuntu",
          ],
        },
      },
    ],
    good: [
      {
        name: "prefixes of one's own",
        files: {
          "compose.yaml": [
            "# Not com.docker.compose",
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    labels: { com.example.project: shop, com.docker.composer: '1', note: com.docker.compose.project }",
          ],
        },
      },
      {
        name: "labels of an image, for which `labels/use-valid-keys` speaks",
        files: {
          "compose.yaml": [
            "services: { web: { build: { context: ., labels: { com.docker.compose.project: shop } } } }",
          ],
          Dockerfile: ["FROM nginx:1.27.4"],
        },
      },
      {
        name: "a key with a variable",
        files: { "compose.yaml": ["services: { web: { image: nginx, labels: ['${PREFIX}.com.docker.compose=1'] } }"] },
      },
    ],
  },
});

function labelsOf(service: Service): readonly KeyValues[] {
  return [service.labels, service.keyValuesAt("deploy", "labels")];
}

function* judgeAll(resources: ReadonlyMap<string, Resource>): Iterable<Finding> {
  for (const { labels } of resources.values()) yield* judge(labels);
}

const COMPOSE = "com.docker.compose";
const ENGINE = ["com.docker.swarm", "desktop.docker.io"];

function* judge({ entries }: KeyValues): Iterable<Finding> {
  for (const { key, keyRange } of entries) {
    if (isBelow(key, COMPOSE)) {
      const message = `labels under \`${COMPOSE}\` belong to Compose; use a prefix of your own`;
      yield { kind: "compose", range: keyRange, message };
      continue;
    }
    const prefix = ENGINE.find((each) => isBelow(key, each));
    if (prefix === undefined) continue;
    const message = `labels under \`${prefix}\` belong to the engine; use a prefix of your own`;
    yield { kind: "engine", range: keyRange, message };
  }
}

function isBelow(key: string, prefix: string): boolean {
  const next = key.charAt(prefix.length);
  return key.startsWith(prefix) && (next === "" || next === "." || next === "/");
}
