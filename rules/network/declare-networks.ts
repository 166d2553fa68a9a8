import type { Service, Variant } from "../../src/compose/model.js";
import { defineRule, type Finding, type RuleContext } from "../../src/engine/rule.js";
import { runsOnce } from "../../src/project/service-view.js";
import type { Source } from "../../src/text/source.js";

export default defineRule({
  id: "network/declare-networks",
  summary: "Services name the networks that they join",
  levels: { checklist: ["info", "off"], strict: "info" },
  kinds: {
    implicit: {
      summary: "a service of several that names no network",
      aliases: ["kics:networks-not-set", "kics:ce14a68b-1668-41a0-ab7d-facd9f784742"],
    },
    bridge: {
      summary: "the engine's own network `bridge`",
      levels: { recommended: ["info", "off"], strict: ["warning", "info"] },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "The network that Compose adds, `default`, is a private bridge of the project: safe, but everything on it reaches everything. " +
      "Networks with names say who talks to whom, and keep a broken proxy away from the database.",
    "`network_mode: bridge` is something else: the network that all containers of the host share, where names are not resolved.",
  ],
  references: [
    "https://docs.docker.com/compose/how-tos/networking/",
    "https://docs.docker.com/engine/network/drivers/bridge/#differences-between-user-defined-bridges-and-the-default-bridge",
    "CIS 5.30",
  ],
  check: {
    *service({ networkMode, hasProvider, name }) {
      if (networkMode?.value !== "bridge" || hasProvider) return;
      const message = `\`${name}\` joins \`bridge\`, which every container of the host shares; name a network`;
      yield { kind: "bridge", range: networkMode.range, message, subject: name };
    },
    *variant(variant, ctx) {
      yield* externalBridges(variant);
      yield* implicitNetworks(variant, ctx);
    },
  },
  examples: {
    bad: [
      {
        name: "services without networks, once for the file",
        kind: "implicit",
        severity: "info",
        message: "`api` and 1 other service join the implicit default network",
        files: {
          "compose.yaml": ["services:", "  «api»:", "    image: node", "  db:", "    image: postgres"],
        },
      },
      {
        name: "one that was left out",
        kind: "implicit",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx",
            "    networks: [front]",
            "  «api»:",
            "    image: node",
            "networks:",
            "  front: {}",
          ],
        },
      },
      {
        name: "the engine's own network",
        kind: "bridge",
        severity: "warning",
        message: "`api` joins `bridge`, which every container of the host shares",
        files: { "compose.yaml": ["services:", "  api:", "    image: node", "    network_mode: «bridge»"] },
      },
      {
        name: "the same by its name",
        kind: "bridge",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    networks: [outer]",
            "networks:",
            "  outer:",
            "    external: true",
            "    name: «bridge»",
            "  bridge:",
            "    external: «true»",
          ],
        },
      },
    ],
    good: [
      {
        name: "networks with names",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    networks: [backend]",
            "  db:",
            "    image: postgres",
            "    networks: { backend: {} }",
            "networks:",
            "  backend:",
            "    driver: bridge",
          ],
        },
      },
      {
        name: "a service alone",
        files: { "compose.yaml": ["services:", "  api:", "    image: node"] },
      },
      {
        name: "a default network that is described",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "  db:",
            "    image: postgres",
            "networks:",
            "  default: { internal: true }",
          ],
        },
      },
      {
        name: "other modes, jobs, and a network of which a base says nothing",
        files: {
          "compose.yaml": [
            "services:",
            "  vpn:",
            "    image: gluetun",
            "    network_mode: host",
            "  api:",
            "    image: node",
            "    network_mode: service:vpn",
            "  migrate:",
            "    image: flyway",
            '    restart: "no"',
            "  db:",
            "    extends: { file: https://example.org/base.yaml, service: db }",
          ],
        },
      },
    ],
  },
});

function* externalBridges({ networks }: Variant): Iterable<Finding> {
  for (const { name, isExternal, realName, external, keyRange } of networks.values()) {
    if (!isExternal || (realName === undefined ? name : realName.value) !== "bridge") continue;
    const range = realName?.range ?? external?.range ?? keyRange;
    yield {
      kind: "bridge",
      range,
      message: `\`${name}\` is \`bridge\`, which every container of the host shares; make a network`,
    };
  }
}

function* implicitNetworks(variant: Variant, { project }: RuleContext): Iterable<Finding> {
  const { services, networks, isReference, isIncomplete } = variant;
  if (!isReference || isIncomplete || services.size < 2 || networks.has("default")) return;
  const lacking = new Map<Source, Service[]>();
  let containers = 0;
  for (const service of services.values()) {
    if (service.hasProvider) continue;
    containers += 1;
    if (service.networks[0]?.isImplicit !== true || service.isIncomplete || runsOnce(service, project)) continue;
    const { source } = service.keyRange;
    const known = lacking.get(source);
    if (known === undefined) lacking.set(source, [service]);
    else known.push(service);
  }
  if (containers < 2) return;
  for (const [first, ...others] of lacking.values()) {
    if (first === undefined) continue;
    const rest = others.length === 1 ? "1 other service" : `${others.length} other services`;
    const who = others.length === 0 ? `\`${first.name}\` joins` : `\`${first.name}\` and ${rest} join`;
    const message = `${who} the implicit default network with everything else; name the networks that are needed`;
    yield { kind: "implicit", range: first.keyRange, message };
  }
}
