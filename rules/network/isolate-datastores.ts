import type { Service, Variant } from "../../src/compose/model.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import type { Project } from "../../src/project/model.js";
import { losesPorts } from "../../src/project/published-ports.js";
import { isStore, kindOfService, runsOnce } from "../../src/project/service-view.js";

export default defineRule({
  id: "network/isolate-datastores",
  summary: "Public services and databases do not share every network",
  levels: { strict: "info" },
  kinds: {
    shared: { summary: "a database on the networks of a public service that does not need it" },
    "not-internal": { summary: "a network of databases that leads outside although nobody there needs it" },
  },
  roles: ["production"],
  fixable: "never",
  why: [
    "Who takes over the proxy reaches whatever shares a network with it. With two networks, one for the proxy and the " +
      "applications, one for the applications and the database, the database is out of its reach.",
    "On a network that is `internal: true` a database cannot call out: nothing is fetched, and nothing leaves.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/networks/#internal",
    "https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html#rule-5-be-mindful-of-inter-container-connectivity",
    "CWE-653",
  ],
  securitySeverity: 3.5,
  check: {
    *variant(variant, { project }) {
      if (variant.services.size < 3 || variant.isIncomplete) return;
      const stores = [...variant.services.values()].filter((service) => isListeningStore(service, project));
      if (stores.length === 0) return;
      const outer = outerServices(variant, project);
      for (const store of stores) yield* sharedNetwork(store, outer.get(networksKey(store)) ?? [], variant);
      yield* outwardNetworks(new Set(stores), variant, project);
    },
  },
  examples: {
    bad: [
      {
        name: "everything on the network that Compose makes",
        kind: "shared",
        severity: "info",
        message: "`db` is reachable from `proxy`, which only needs `api`",
        files: {
          "compose.yaml": [
            "services:",
            "  proxy:",
            "    image: traefik:3.3",
            '    ports: ["443:443"]',
            "    depends_on: [api]",
            "  api:",
            "    image: ghcr.io/acme/api:1.4",
            "    depends_on: [db]",
            "  «db»:",
            "    image: postgres:16.4",
          ],
        },
      },
      {
        name: "one network for all",
        kind: "shared",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            '    ports: ["443:443"]',
            "    networks: [app]",
            "    depends_on: [api]",
            "  api:",
            "    image: ghcr.io/acme/api:1.4",
            "    networks: [app]",
            "    depends_on: [db]",
            "  db:",
            "    image: postgres:16.4",
            "    networks:",
            "      - «app»",
            "networks:",
            "  app: {}",
          ],
        },
      },
      {
        name: "a network of the database that leads outside",
        kind: "not-internal",
        message: "`back` leads outside",
        files: {
          "compose.yaml": [
            "services:",
            "  proxy:",
            "    image: traefik:3.3",
            '    ports: ["443:443"]',
            "    networks: [front]",
            "  api:",
            "    image: ghcr.io/acme/api:1.4",
            "    networks: [front, back]",
            "  db:",
            "    image: postgres:16.4",
            "    networks: [back]",
            "networks:",
            "  front: {}",
            "  «back»: {}",
          ],
        },
      },
    ],
    good: [
      {
        name: "two networks, the second one for the project only",
        files: {
          "compose.yaml": [
            "services:",
            "  proxy:",
            "    image: traefik:3.3",
            '    ports: ["443:443"]',
            "    networks: [front]",
            "    depends_on: [api]",
            "  api:",
            "    image: ghcr.io/acme/api:1.4",
            "    networks: [front, back]",
            "    depends_on: [db]",
            "  db:",
            "    image: postgres:16.4",
            "    networks: [back]",
            "networks:",
            "  front: {}",
            "  back: { internal: true }",
          ],
        },
      },
      {
        name: "the application itself is public, and nothing stands between",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4",
            '    ports: ["443:3000"]',
            "    depends_on: [db, cache]",
            "  cache:",
            "    image: redis:7.4",
            "  db:",
            "    image: postgres:16.4",
          ],
        },
      },
      {
        name: "two services",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            '    ports: ["443:443"]',
            "  db:",
            "    image: postgres:16.4",
          ],
        },
      },
      {
        name: "development",
        files: {
          "compose.dev.yaml": [
            "services:",
            "  proxy:",
            "    image: traefik:3.3",
            '    ports: ["443:443"]',
            "    depends_on: [api]",
            "  api:",
            "    image: ghcr.io/acme/api:1.4",
            "    depends_on: [db]",
            "  db:",
            "    image: postgres:16.4",
          ],
        },
      },
      {
        name: "the only network by which applications call out, or that a port for the host needs",
        files: {
          "compose.yaml": [
            "services:",
            "  db: { image: 'postgres:16.4', networks: [inner] }",
            "  search:",
            "    image: elasticsearch:8.17.3",
            "    networks: [outer, inner]",
            '    ports: ["127.0.0.1:9200:9200"]',
            "  web:",
            "    image: ghcr.io/acme/web:1.4",
            "    networks: [outer, inner]",
            '    ports: ["127.0.0.1:3000:3000"]',
            "  worker: { image: 'ghcr.io/acme/web:1.4', networks: [outer, inner] }",
            "networks:",
            "  outer:",
            "  inner: { internal: true }",
          ],
        },
      },
      {
        name: "a job that prepares a database with the database's image",
        files: {
          "compose.yaml": [
            "services:",
            "  setup: { image: 'elasticsearch:8.17.3', command: [bash, -c, 'bin/make-certs'] }",
            "  search: { image: 'elasticsearch:8.17.3', depends_on: [setup], networks: [inner] }",
            "  kibana:",
            "    image: kibana:8.17.3",
            "    depends_on: [search]",
            "    networks: [default, inner]",
            '    ports: ["5601:5601"]',
            "networks:",
            "  inner: { internal: true }",
          ],
        },
      },
      {
        name: "a network by which an application calls out, and one of another project",
        files: {
          "compose.yaml": [
            "services:",
            "  proxy:",
            "    image: traefik:3.3",
            '    ports: ["443:443"]',
            "    networks: [front]",
            "  worker:",
            "    image: ghcr.io/acme/worker:1.4",
            "    networks: [back]",
            "  api:",
            "    image: ghcr.io/acme/api:1.4",
            "    networks: [front, back, outer]",
            "  db:",
            "    image: postgres:16.4",
            "    networks: [back]",
            "  cache:",
            "    image: redis:7.4",
            "    networks: [outer]",
            "networks:",
            "  front: {}",
            "  back: {}",
            "  outer: { external: true }",
          ],
        },
      },
    ],
  },
});

function isListeningStore(service: Service, project: Project): boolean {
  if (service.networkMode !== undefined || service.hasProvider) return false;
  // A job with the image of a database prepares it; nothing listens there.
  return isStore(service, project) && !runsOnce(service, project);
}

/** More services of one set of networks are looked at for no database. */
const MOST_OUTER = 20;

/** Public services that are no databases, by the networks that they share. */
function outerServices(variant: Variant, project: Project): ReadonlyMap<string, readonly Service[]> {
  const outer = new Map<string, Service[]>();
  for (const service of variant.services.values()) {
    if (!service.isPublic || losesPorts(service) || isListeningStore(service, project)) continue;
    const key = networksKey(service);
    const same = outer.get(key);
    if (same === undefined) outer.set(key, [service]);
    else if (same.length < MOST_OUTER) same.push(service);
  }
  return outer;
}

function networksKey({ networks }: Service): string {
  return [...new Set(networks.map(({ name }) => name))].sort().join("\n");
}

function* sharedNetwork(store: Service, outerOnes: readonly Service[], variant: Variant): Iterable<Finding> {
  for (const outer of outerOnes) {
    if (!variant.canRunTogether(outer, store) || needs(outer, store.name)) continue;
    const middle = between(outer, store, variant);
    const range = store.networks[0]?.range;
    if (middle === undefined || range === undefined) continue;
    const message = `\`${store.name}\` is reachable from \`${outer.name}\`, which only needs \`${middle}\`; give them separate networks`;
    yield { kind: "shared", range, message, subject: store.name };
    return;
  }
}

function needs(service: Service, name: string): boolean {
  return service.needs.some((need) => need.service === name);
}

/** The service that a public one needs, and that leads on to the database. */
function between(outer: Service, store: Service, variant: Variant): string | undefined {
  for (const { service: first } of outer.needs) {
    const seen = new Set<string>();
    const open = [first];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      const service = seen.has(name) ? undefined : variant.services.get(name);
      seen.add(name);
      if (service === undefined) continue;
      if (needs(service, store.name)) return first;
      for (const need of service.needs) open.push(need.service);
    }
  }
  return undefined;
}

function* outwardNetworks(stores: ReadonlySet<Service>, variant: Variant, project: Project): Iterable<Finding> {
  for (const network of variant.networks.values()) {
    if (network.isExternal || network.at("internal") !== undefined) continue;
    const users = variant.servicesUsing(network);
    if (!users.some((service) => stores.has(service))) continue;
    const isOutward = users.some(
      (service) =>
        service.isPublic ||
        kindOfService(service, project) === "proxy" ||
        // Without this network it could not call out any more, or what it publishes for the host would be out of reach.
        ((service.ports.length > 0 || !stores.has(service)) && !hasOtherWayOut(service, network.name, variant)),
    );
    if (isOutward || users.length < 2) continue;
    const message = `\`${network.name}\` leads outside, which its databases do not need; set \`internal: true\``;
    yield { kind: "not-internal", range: network.keyRange, message };
  }
}

/** Whether a service joins another network that leads outside. */
function hasOtherWayOut({ networks }: Service, name: string, variant: Variant): boolean {
  return networks.some((other) => {
    if (other.name === name) return false;
    const internal = variant.networks.get(other.name)?.at("internal");
    return internal === undefined || (internal.kind === "scalar" && internal.resolved === "false");
  });
}
