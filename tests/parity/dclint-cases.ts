import type { ParityCases } from "../support/parity.js";

/** Joins the lines of a Compose file. */
function yaml(...lines: readonly string[]): string {
  return lines.join("\n");
}

/** A service `web` of a published image, with more keys. */
function web(...lines: readonly string[]): string {
  return yaml("services:", "  web:", "    image: nginx:1.27.4", ...lines);
}

const DIGEST = "sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645";

/**
 * What the documentation of dclint 3.1 says about each of its rules. Marked is the line at which we speak: the entry itself
 * where dclint names the key that holds it, and the first of several keys that are out of order.
 *
 * @see https://github.com/zavoloklom/docker-compose-linter/tree/main/docs
 */
export const DCLINT_CASES: readonly ParityCases[] = [
  {
    id: "no-build-and-image",
    cases: [
      yaml("services:", "  web:", "»    build: .", "    image: nginx"),
      yaml("services:", "  web:", "    image: acme/web:1.4.0", "»    build: ."),
      yaml("services:", "  web:", "»    build:", "      context: ./web", "    image: acme/web:1.4.0"),
      yaml("services:", "  web:", "»    build: .", "    image: web", "  db:", "»    build: db", "    image: db"),
      yaml("services:", "  web:", "    build: .", "  db:", "    image: postgres:16.4"),
      // What `pull_policy` says decides between the two.
      yaml("services:", "  web:", "    build: .", "    image: acme/web:1.4.0", "    pull_policy: always"),
      yaml("services:", "  web:", "    build: .", "    image: acme/web:1.4.0", "    pull_policy: build"),
    ],
  },
  {
    id: "no-build-and-image",
    rules: { "compose/choose-image-or-build": { checkPullPolicy: false } },
    cases: [yaml("services:", "  web:", "»    build: .", "    image: acme/web:1.4.0", "    pull_policy: always")],
  },
  {
    id: "no-duplicate-container-names",
    cases: [
      yaml(
        "services:",
        "  web:",
        "    image: nginx:1.27.4",
        "    container_name: shop",
        "  db:",
        "    image: mysql:8.4.3",
        "»    container_name: shop",
      ),
      yaml(
        "services:",
        "  web:",
        "    image: nginx:1.27.4",
        "    container_name: shop",
        "  db:",
        "    image: mysql:8.4.3",
        '»    container_name: "shop"',
        "  cache:",
        "    image: redis:7.4.1",
        "»    container_name: shop",
      ),
      yaml(
        "services:",
        "  web:",
        "    image: nginx:1.27.4",
        "    container_name: shop-web",
        "  db:",
        "    image: mysql:8.4.3",
        "    container_name: shop-db",
      ),
      yaml("services:", "  web:", "    image: nginx:1.27.4", "  db:", "    image: mysql:8.4.3"),
    ],
  },
  {
    id: "no-duplicate-exported-ports",
    cases: [
      ...[
        ["8080:80", "8080:5432"],
        ["8080:80", "0.0.0.0:8080:5432"],
        ["127.0.0.1:8080:80", "127.0.0.1:8080:5432"],
        ["8080:80/tcp", "8080:5432"],
        ["8080-8085:80-85", "8083:5432"],
        ["8080:80", "8079-8081:79-81"],
        ["0.0.0.0:8080-8085:80-85/tcp", "8085:5432/tcp"],
      ].map(([one, other]) =>
        yaml(
          "services:",
          "  web:",
          "    image: nginx:1.27.4",
          "    ports:",
          `      - "${one}"`,
          "  db:",
          "    image: mysql:8.4.3",
          "    ports:",
          `»      - "${other}"`,
        ),
      ),
      yaml(
        "services:",
        "  web:",
        "    image: nginx:1.27.4",
        "    ports:",
        "      - target: 80",
        '        published: "8080"',
        "  db:",
        "    image: mysql:8.4.3",
        "    ports:",
        '»      - "8080:3306"',
      ),
      yaml(
        "services:",
        "  web:",
        "    image: nginx:1.27.4",
        "    ports:",
        "      - target: 80",
        "        published: 8080",
        "        protocol: tcp",
        "  db:",
        "    image: mysql:8.4.3",
        "    ports:",
        "»      - target: 3306",
        "        published: 8080",
      ),
      ...[
        ["8080:80", "8081:80"],
        ["8080-8085:80-85", "8086:80"],
        // Not in conflict: another protocol, and another address. dclint reads no address, and reports the second.
        ["53:53/udp", "53:53/tcp"],
        ["127.0.0.1:8080:80", "127.0.0.2:8080:80"],
        ["80", "80"],
      ].map(([one, other]) =>
        yaml(
          "services:",
          "  web:",
          "    image: nginx:1.27.4",
          "    ports:",
          `      - "${one}"`,
          "  db:",
          "    image: mysql:8.4.3",
          "    ports:",
          `      - "${other}"`,
        ),
      ),
    ],
  },
  {
    id: "no-quotes-in-volumes",
    cases: [
      web("    volumes:", '»      - "data:/var/lib/data"', "volumes:", "  data:"),
      web("    volumes:", "»      - './conf:/etc/app:ro'", "      - logs:/var/log/app", "volumes:", "  logs:"),
      web("    volumes:", '»      - "./a:/a"', "      - ./b:/b", "»      - './c:/c'"),
      web('»    volumes: ["./a:/a"]'),
      web("    volumes:", "      - data:/var/lib/data", "volumes:", "  data:"),
      web("    volumes:", "      - type: bind", '        source: "./a"', '        target: "/a"'),
      // Quotes that are needed stay; dclint takes them away, and the file is another one then.
      web("    volumes:", "      - './a #1:/a'"),
    ],
  },
  {
    id: "no-unbound-port-interfaces",
    cases: [
      web("    ports:", '»      - "8080:80"'),
      web("    ports:", "»      - 8080:80"),
      web("    ports:", '»      - "80"'),
      web("    ports:", "»      - 80"),
      web("    ports:", '»      - "0.0.0.0:8080:80"'),
      web("    ports:", '»      - "8000-8005:80-85"', '      - "127.0.0.1:9000-9005:90-95"'),
      web("    ports:", '»      - "443:443/tcp"', '»      - "80:80"'),
      web("    ports:", "      - target: 80", "»        published: 8080"),
      web("    ports:", "»      - target: 80"),
      web("    ports:", '      - "127.0.0.1:8080:80"'),
      web("    ports:", '      - "10.0.0.127:8080:80"'),
      web("    ports:", '      - "[::1]:8080:80"'),
      web("    ports:", '      - "127.0.0.1::80"'),
      web("    ports:", "      - target: 80", "        published: 8080", "        host_ip: 127.0.0.1"),
      web("    expose:", '      - "80"'),
      // The first of three parts is an address, whoever sets it.
      web("    ports:", "      - ${BIND:-127.0.0.1}:8080:80"),
      web("    ports:", "      - $BIND:$PORT:80"),
    ],
  },
  {
    id: "no-version-field",
    cases: [
      `»version: "3.8"\n${web()}`,
      `»version: 3\n${web()}`,
      `# of the shop\n\n»version: '2.4'\n${web()}`,
      `${web()}\n»version: "3"`,
      web(),
      `x-version: "3"\n${web()}`,
      web("    labels:", '      version: "3"'),
    ],
  },
  {
    id: "require-project-name-field",
    cases: [
      yaml("»services:", "  web:", "    image: nginx:1.27.4"),
      yaml("»version: '3'", "services:", "  web:", "    image: nginx:1.27.4"),
      yaml("name: shop", "services:", "  web:", "    image: nginx:1.27.4"),
      yaml("services:", "  web:", "    image: nginx:1.27.4", "name: shop"),
    ],
  },
  {
    id: "require-quotes-in-ports",
    cases: [
      web("    ports:", "»      - 80:80", "»      - 443:443"),
      web("    ports:", '»      - "80:80"'),
      web("    ports:", "      - '80:80'", "      - '443:443/tcp'"),
      web("    ports:", "»      - 3000", "      - '3001'"),
      web("    ports:", "»      - 127.0.0.1:80:80"),
      web("    expose:", "»      - 3000", "      - '3001'"),
      web("»    ports: [80:80]"),
      web("    ports:", "      - target: 80", "        published: 8080"),
      // Not a list of ports.
      web("    volumes:", "      - ./a:/a", "    environment:", "      PORT: 80"),
    ],
  },
  {
    id: "require-quotes-in-ports",
    rules: { "style/quote-ports": { quotes: "double" } },
    cases: [web("    ports:", '      - "80:80"', "»      - '443:443'", "»      - 81:81")],
  },
  {
    id: "service-container-name-regex",
    cases: [
      web('»    container_name: "my-app@123"'),
      web('»    container_name: "my app"'),
      web("»    container_name: -shop"),
      web("»    container_name: _shop"),
      web("»    container_name: .shop"),
      web("»    container_name: shop/web"),
      web("»    container_name: größe"),
      web('»    container_name: "s"'),
      web("    container_name: my-app-123"),
      web("    container_name: my_app.123"),
      web("    container_name: 1shop"),
      web("    container_name: Shop"),
      web(),
    ],
  },
  {
    id: "service-dependencies-alphabetical-order",
    cases: [
      depends("    depends_on:", "      - redis", "»      - db"),
      depends("    depends_on:", "      - cache", "      - redis", "»      - db"),
      depends(
        "    depends_on:",
        "      redis:",
        "        condition: service_started",
        "»      db:",
        "        condition: service_healthy",
      ),
      depends("»    depends_on: [redis, db]"),
      depends("    depends_on:", "      - cache", "      - db", "      - redis"),
      depends(
        "    depends_on:",
        "      db:",
        "        condition: service_healthy",
        "      redis:",
        "        condition: service_started",
      ),
      depends("    depends_on:", "      - redis"),
      depends(),
    ],
  },
  {
    id: "service-image-require-explicit-tag",
    cases: [
      ...[
        "nginx",
        "nginx:latest",
        "nginx:stable",
        "nginx:edge",
        "nginx:test",
        "nginx:nightly",
        "nginx:dev",
        "nginx:beta",
      ].map((image) => yaml("services:", "  web:", `»    image: ${image}`)),
      ...[
        "nginx:canary",
        "library/nginx",
        "ghcr.io/acme/web",
        "ghcr.io/acme/web:latest",
        "localhost:5000/acme/web",
      ].map((image) => yaml("services:", "  web:", `»    image: ${image}`)),
      yaml(
        "services:",
        "  web:",
        "»    image: nginx",
        "  db:",
        "    image: mysql:8.4.3",
        "  cache:",
        "»    image: redis:latest",
      ),
      ...[
        "nginx:1.27.4",
        "nginx:1.27-alpine",
        // Tags that dclint does not know.
        "nginx:alpine",
        "node:lts",
        "nginx:stable-alpine",
        `nginx@${DIGEST}`,
        `nginx:1.27.4@${DIGEST}`,
        `nginx:latest@${DIGEST}`,
        "ghcr.io/acme/web:1.4.0",
        "localhost:5000/acme/web:1.4.0",
        "nginx:${NGINX_VERSION:-1.27.4}",
        "nginx:${NGINX_VERSION}",
      ].map((image) => yaml("services:", "  web:", `    image: ${image}`)),
      // The name of what is built here.
      yaml("services:", "  web:", "    build: .", "    image: shop"),
    ],
  },
  {
    id: "service-image-require-explicit-tag",
    rules: { "images/pin-tag": { prohibitedTags: ["lts"] } },
    cases: [yaml("services:", "  web:", "»    image: node:lts"), yaml("services:", "  web:", "    image: node:stable")],
  },
  {
    id: "service-keys-order",
    cases: [
      yaml("services:", "  web:", "    ports: []", "»    image: nginx:1.27.4"),
      yaml("services:", "  web:", "    image: nginx:1.27.4", "    volumes: []", "»    depends_on: []"),
      yaml("services:", "  web:", "    image: nginx:1.27.4", "    environment: {}", "»    volumes: []"),
      yaml("services:", "  web:", "    image: nginx:1.27.4", "    ports: []", "»    environment: {}"),
      yaml("services:", "  web:", "    image: nginx:1.27.4", "    restart: always", "»    ports: []"),
      yaml("services:", "  web:", "    image: nginx:1.27.4", "    labels: {}", "»    restart: always"),
      yaml("services:", "  web:", "    image: nginx:1.27.4", "    user: app", "»    labels: {}"),
      yaml("services:", "  web:", "    image: nginx:1.27.4", "    healthcheck: {}", "»    command: nginx"),
      yaml("services:", "  web:", "    container_name: shop", "»    build: .", "    ports: []", "    image: shop"),
      yaml("services:", "  web:", "    cap_drop: [ALL]", "»    image: nginx:1.27.4"),
      yaml("services:", "  web:", "    image: nginx:1.27.4", "    read_only: true", "»    cpu_count: 2"),
      yaml(
        "services:",
        "  web:",
        "    ports: []",
        "»    image: nginx:1.27.4",
        "  db:",
        "    restart: always",
        "»    image: mysql:8.4.3",
      ),
      yaml(
        "services:",
        "  web:",
        "    image: nginx:1.27.4",
        "    build: .",
        "    container_name: shop",
        "    depends_on: []",
        "    volumes: []",
        "    volumes_from: []",
        "    configs: []",
        "    secrets: []",
        "    environment: {}",
        "    env_file: .env",
        "    ports: []",
        "    networks: []",
        "    network_mode: bridge",
        "    extra_hosts: []",
        "    command: nginx",
        "    entrypoint: nginx",
        "    working_dir: /",
        "    restart: always",
        "    healthcheck: {}",
        "    logging: {}",
        "    labels: {}",
        "    user: app",
        "    isolation: default",
        "    cap_add: []",
        "    cap_drop: []",
        "    tty: true",
      ),
    ],
  },
  {
    id: "service-ports-alphabetical-order",
    cases: [
      web("    ports:", '      - "8080:80"', '»      - "443:443"'),
      web("    ports:", '      - "80:80"', '      - "443:443"', '      - "8080:8080"'),
      web("    ports:", "      - 9000:80", "      - 10000:81"),
      web("    ports:", "      - '8080:80/udp'", "»      - '1000:80'"),
      web("    ports:", '      - "127.0.0.1:8081:80"', '»      - "127.0.0.1:8080:80"'),
      web("    ports:", '      - "0.0.0.0:8080:80"', '      - "127.0.0.1:8081:80"'),
      web(
        "    ports:",
        "      - target: 443",
        '        published: "443"',
        "      - target: 80",
        '»        published: "80"',
      ),
      web('    ports: ["80:80"]'),
      web(),
    ],
  },
  {
    id: "services-alphabetical-order",
    cases: [
      named("web", "»api"),
      named("db", "web", "»api"),
      named("b", "»a", "c"),
      named("api", "db", "web"),
      named("web"),
      named("app-1", "app-2", "app-3"),
    ],
  },
  {
    id: "top-level-properties-order",
    cases: [
      yaml("networks: {}", "»services:", "  web:", "    image: nginx:1.27.4"),
      yaml("services:", "  web:", "    image: nginx:1.27.4", "volumes: {}", "»networks: {}"),
      yaml("services:", "  web:", "    image: nginx:1.27.4", "»name: shop"),
      yaml("services:", "  web:", "    image: nginx:1.27.4", "»version: '3'"),
      yaml("services:", "  web:", "    image: nginx:1.27.4", "»x-logging: {}"),
      yaml("name: shop", "»x-logging: {}", "services:", "  web:", "    image: nginx:1.27.4"),
      yaml("x-b: {}", "»x-a: {}", "services:", "  web:", "    image: nginx:1.27.4"),
      yaml("services:", "  web:", "    image: nginx:1.27.4", "configs: {}", "»secrets: {}"),
      yaml(
        "x-a: {}",
        "x-b: {}",
        "version: '3'",
        "name: shop",
        "include: []",
        "services:",
        "  web:",
        "    image: nginx:1.27.4",
        "networks: {}",
        "volumes: {}",
        "secrets: {}",
        "configs: {}",
      ),
    ],
  },
  {
    id: "invalid-yaml",
    cases: [
      yaml("services:", "  web:", "    image: nginx:1.27.4", "»  \tdb:", "    image: mysql:8.4.3"),
      yaml("services:", "  web:", '»    image: "nginx:1.27.4', "    ports: []"),
      yaml("services:", "  web:", "    ports: [80, 443", "»    image: nginx:1.27.4"),
      yaml("services:", "  web:", "»    image: nginx: 1.27.4"),
      web("»    image: nginx:1.27.5"),
      web("  db:", "    image: mysql:8.4.3", "»  web:", "    image: nginx:1.27.5"),
      web(),
    ],
  },
  {
    id: "invalid-schema",
    cases: [
      web("»    ports: 80"),
      web("»    ports:", "      80: 80"),
      web("    environment:", "»      A: [1]"),
      web("»    imagee: nginx"),
      web("»    colour: blue"),
      web("    build:", "»      contxt: ."),
      `${web()}\n»service: {}`,
      web("»    restart: 5"),
      web("»    privileged: sometimes"),
      web("    healthcheck:", "»      retries: often"),
      web("»    cap_add: ALL"),
      web("»    depends_on: db"),
      web("    deploy:", "»      replicas: two"),
      web("    volumes:", "»      - 5"),
      yaml("»services: []"),
      yaml("services:", "»  web: nginx"),
      yaml("services:", "  web:", "»    image: [nginx]"),
      web("    ports:", '      - "80:80"', "    environment:", "      A: 1", "    deploy:", "      replicas: 2"),
      web("    x-note: kept", "x-more: [1]"),
    ],
  },
];

function depends(...lines: readonly string[]): string {
  return yaml(
    "services:",
    "  cache:",
    "    image: valkey/valkey:8.0.1",
    "  db:",
    "    image: mysql:8.4.3",
    "  redis:",
    "    image: redis:7.4.1",
    "  web:",
    "    image: nginx:1.27.4",
    ...lines,
  );
}

/** Services by name in their order; the mark of a name is that of its line. */
function named(...names: readonly string[]): string {
  const lines = names.flatMap((name) => {
    const mark = name.startsWith("»") ? "»" : "";
    return [`${mark}  ${name.slice(mark.length)}:`, "    image: nginx:1.27.4"];
  });
  return yaml("services:", ...lines);
}
