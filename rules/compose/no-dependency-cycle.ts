import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";

export default defineRule({
  id: "compose/no-dependency-cycle",
  summary: "Start order has no circle",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  roles: "all",
  fixable: "never",
  why: [
    "Services that wait for each other have no first one. Compose refuses the whole project with such a circle, also where " +
      "a part of it comes from links or shared namespaces instead of `depends_on`.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/services/#depends_on",
    "https://docs.docker.com/compose/how-tos/startup-order/",
  ],
  mentions: { compose: ["depends_on", "links", "volumes_from", "service:"] },
  check: {
    *variant(variant) {
      for (const cycle of variant.cycles()) {
        const finding = findingOf(cycle);
        if (finding !== undefined) yield finding;
      }
    },
  },
  examples: {
    bad: [
      {
        name: "two services",
        message: "`api` → `queue` → `api` wait for each other; remove one of the edges",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1.4.0', depends_on: [queue]}",
            "  queue: {image: 'rabbitmq:4.0.7', depends_on: [«api»]}",
          ],
        },
      },
      {
        name: "through a link, a namespace and a condition",
        message: "`api` → `db` → `metrics` → `api`",
        files: {
          "compose.yaml": [
            "services:",
            "  metrics: {image: 'prom/node-exporter:v1.9.0', network_mode: 'service:«api»'}",
            "  api: {image: 'acme/api:1.4.0', depends_on: {db: {condition: service_healthy}}}",
            "  db: {image: 'postgres:17.4', links: ['metrics:stats']}",
          ],
        },
      },
      {
        name: "itself",
        message: "`api` waits for itself; remove the edge",
        files: { "compose.yaml": ["services:", "  api: {image: 'acme/api:1.4.0', depends_on: [«api»]}"] },
      },
      {
        name: "closed by an override",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1.4.0', depends_on: [db]}",
            "  db: {image: 'postgres:17.4'}",
          ],
          "compose.override.yaml": ["services:", "  db: {depends_on: {«api»: {condition: service_started}}}"],
        },
      },
    ],
    good: [
      {
        name: "a chain",
        files: {
          "compose.yaml": [
            "services:",
            "  web: {image: 'nginx:1.27.4', depends_on: [api, db]}",
            "  api: {image: 'acme/api:1.4.0', depends_on: [db]}",
            "  db: {image: 'postgres:17.4'}",
          ],
        },
      },
      {
        name: "a service that does not exist is another fault",
        files: { "compose.yaml": ["services:", "  api: {image: 'acme/api:1.4.0', depends_on: [queue]}"] },
      },
    ],
  },
});

function findingOf(cycle: readonly Service[]): Finding | undefined {
  const edges = cycle.flatMap((service, index) => {
    const next = cycle[(index + 1) % cycle.length]?.name;
    const need = service.needs.find((edge) => edge.service === next);
    return need === undefined ? [] : [{ from: service.name, need }];
  });
  const last = edges.at(-1);
  const [first] = cycle;
  if (last === undefined || first === undefined) return undefined;
  const path = [...cycle, first].map(({ name }) => `\`${name}\``);
  const shown = path.length > 6 ? [...path.slice(0, 3), "…", ...path.slice(-2)] : path;
  return {
    range: last.need.range,
    message:
      cycle.length === 1
        ? `\`${first.name}\` waits for itself; remove the edge`
        : `${shown.join(" → ")} wait for each other; remove one of the edges`,
    related: edges
      .slice(0, -1)
      .map(({ from, need }) => ({ range: need.range, message: `\`${from}\` needs \`${need.service}\`` })),
  };
}
