import { api, markedApi, yaml } from "../support/compose-lines.js";
import type { ParityCases } from "../support/parity.js";

/**
 * What the queries of KICS for Docker Compose are documented to say. Marked is the line at which we speak.
 *
 * @see https://docs.kics.io/latest/queries/dockercompose-queries/
 */
export const KICS_COMPOSE_CASES: readonly ParityCases[] = [
  {
    id: "cgroup-not-default",
    cases: [api("»    cgroup_parent: m-executor-abcd"), api("»    cgroup_parent: /custom"), api()],
  },
  {
    id: "container-capabilities-unrestricted",
    cases: [
      markedApi(),
      markedApi("    cap_drop: [MKNOD]").replace("»", "").replace("    cap_drop", "»    cap_drop"),
      yaml("services:", "»  api:", "    image: acme/api:1.4.0", "    cap_add:", "»      - CHOWN"),
      api("    cap_drop: [ALL]", "    cap_add:", "»      - SYS_ADMIN"),
      api("    cap_drop: [ALL]", "    cap_add:", "»      - NET_ADMIN"),
      // Dropping everything first makes the list the whole of what a service may do; KICS wants no list at all.
      api("    cap_drop: [ALL]", "    cap_add: [CHOWN]"),
      api("    cap_drop:", "      - ALL"),
      api("    cap_drop:", "      - all"),
    ],
  },
  {
    id: "container-traffic-not-bound-to-host-interface",
    cases: [
      api("    ports:", '»      - "8080:80"', '»      - "3000"', '      - "127.0.0.1:8001:8001"'),
      api("    ports:", '»      - "9090-9091:8080-8081"', '»      - "49100:22/udp"'),
      api("    ports:", "      - target: 80", "»        published: 8080", "        protocol: tcp"),
      api("    ports:", '»      - "0.0.0.0:8080:80"'),
      api("    ports:", '      - "127.0.0.1:8001:8001"', '      - "127.0.0.1:5002-5010:5000-5008"'),
      api("    ports:", "      - target: 80", "        host_ip: 127.0.0.1", "        published: 8080"),
      // What a web server is there for.
      api("    ports:", '      - "80:80"', '      - "443:443"'),
      api(),
    ],
  },
  {
    id: "cpus-not-limited",
    cases: [
      markedApi(),
      api("    deploy:", "      resources:", "»        limits:", "          memory: 50M"),
      api("    deploy:", "      resources:", "        limits:", '          cpus: "0.50"'),
      api("    cpus: 0.5"),
      api("    cpu_quota: 50000"),
      markedApi("    cpu_shares: 512"),
      api("»    cpus: 0"),
    ],
  },
  {
    id: "default-seccomp-profile-disabled",
    cases: [
      api("    security_opt:", "»      - seccomp:unconfined"),
      api("    security_opt:", '»      - "seccomp=unconfined"'),
      api("    security_opt:", "      - no-new-privileges:true", "»      - seccomp:unconfined"),
      api("    security_opt:", "      - label:user:USER", "      - label:role:ROLE"),
      api("    security_opt:", "      - seccomp:./profile.json"),
      api(),
    ],
  },
  {
    id: "docker-socket-mounted-in-container",
    cases: [
      api("    volumes:", '»      - "/var/run/docker.sock:/var/run/docker.sock"'),
      api("    volumes:", "»      - /var/run/docker.sock:/var/run/docker.sock:ro"),
      api(
        "    volumes:",
        "      - type: bind",
        "»        source: /var/run/docker.sock",
        "        target: /var/run/docker.sock",
      ),
      api("    volumes:", "      - data:/data", "volumes:", "  data:"),
      api(),
    ],
  },
  {
    id: "healthcheck-not-set",
    cases: [
      yaml("services:", "»  cache:", "    image: redis:7.4.1", '    ports: ["6379:6379"]'),
      yaml(
        "services:",
        "  api:",
        "    image: acme/api:1.4.0",
        "    depends_on: [cache]",
        "»  cache:",
        "    image: redis:7.4.1",
      ),
      // By default only services that others talk to are asked for a check.
      yaml("services:", "  cache:", "    image: redis:7.4.1"),
      // Nobody can know what an unknown image brings along.
      api(),
      api("    healthcheck:", '      test: ["CMD", "curl", "-f", "http://localhost"]', "      interval: 1m30s"),
      api("    healthcheck:", "      test: curl -f http://localhost || exit 1"),
      // Switched off on purpose: another rule says so.
      api("    healthcheck:", "      disable: true"),
    ],
  },
  {
    id: "healthcheck-not-set",
    rules: { "health/require-healthcheck": { require: "all" } },
    cases: [yaml("services:", "»  cache:", "    image: redis:7.4.1")],
  },
  {
    id: "host-namespace-is-shared",
    cases: [
      api("»    pid: host"),
      api('»    pid: "host"'),
      api("    pid: service:db", "  db:", "    image: postgres:16.4"),
      // The default is a namespace of its own; KICS asks for the key all the same.
      api(),
    ],
  },
  {
    id: "memory-not-limited",
    cases: [
      markedApi(),
      markedApi("    mem_reservation: 128m"),
      api("    deploy:", "      resources:", "»        limits:", '          cpus: "0.50"'),
      api("    deploy:", "»      resources:", "        reservations:", "          memory: 20M"),
      api("    deploy:", "      resources:", "        limits:", "          memory: 50M"),
      api("    mem_limit: 512m"),
      api("»    mem_limit: 0"),
    ],
  },
  {
    id: "networks-not-set",
    cases: [
      yaml("services:", "»  api:", "    image: acme/api:1.4.0", "  worker:", "    image: acme/worker:1.4.0"),
      yaml(
        "services:",
        "  api:",
        "    image: acme/api:1.4.0",
        "    networks: [backend]",
        "  worker:",
        "    image: acme/worker:1.4.0",
        "    networks: [backend]",
        "networks:",
        "  backend:",
      ),
      api("    network_mode: none", "  worker:", "    image: acme/worker:1.4.0", "    network_mode: none"),
      // Nobody to be kept from: a project of one service has a network for itself.
      api(),
    ],
  },
  {
    id: "no-new-privileges-not-set",
    cases: [
      markedApi(),
      api("»    security_opt:", "      - label:user:USER"),
      api("    security_opt:", "»      - no-new-privileges:false"),
      api("    security_opt:", "      - no-new-privileges:true"),
      api("    security_opt:", '      - "no-new-privileges=true"'),
      api("    security_opt: [no-new-privileges]"),
    ],
  },
  {
    id: "security-opt-not-set",
    cases: [markedApi(), api("    security_opt:", "      - no-new-privileges:true")],
  },
  {
    id: "pids-limit-not-set",
    cases: [
      markedApi(),
      api("»    pids_limit: -1"),
      api("»    pids_limit: 0"),
      api("    pids_limit: 10"),
      api("    deploy:", "      resources:", "        limits:", "          pids: 100"),
    ],
  },
  {
    id: "privileged-containers-enabled",
    cases: [api("»    privileged: true"), api('»    privileged: "true"'), api("    privileged: false"), api()],
  },
  {
    id: "privileged-ports-mapped-in-container",
    cases: [
      api("    ports:", '»      - "81:8080"'),
      api("    ports:", '»      - "127.0.0.1:22:2222"', '      - "8080:8080"'),
      api("    ports:", '»      - "1000-1003:8000-8003"'),
      api("    ports:", "      - target: 8080", "»        published: 1023"),
      api("    ports:", '      - "1024:8080"', '      - "3000"'),
      // Only the port of the host is privileged, and those of a web server are a decision that everybody takes.
      api("    ports:", '      - "8081:81"'),
      api("    ports:", '      - "80:8080"'),
    ],
  },
  {
    id: "restart-policy-on-failure-not-set-to-5",
    rules: { "runtime/set-restart": { maxRetries: 5 } },
    cases: [
      api("»    restart: on-failure"),
      api("»    restart: on-failure:10"),
      api("    restart: on-failure:5"),
      api("    deploy:", "      restart_policy:", "»        condition: on-failure"),
      api("    deploy:", "      restart_policy:", "        condition: on-failure", "»        max_attempts: 8"),
      api("    deploy:", "      restart_policy:", "        condition: on-failure", "        max_attempts: 5"),
      // `always` retries without end, which is what a service that has to be there needs.
      api("    restart: always"),
    ],
  },
  {
    id: "shared-host-ipc-namespace",
    cases: [api("»    ipc: host"), api("    ipc: shareable"), api("    ipc: private"), api()],
  },
  {
    id: "shared-host-network-namespace",
    cases: [api("»    network_mode: host"), api('»    network_mode: "host"'), api("    network_mode: none"), api()],
  },
  {
    id: "shared-host-user-namespace",
    cases: [api("»    userns_mode: host"), api()],
  },
  {
    id: "shared-volumes-between-containers",
    cases: [
      yaml(
        "services:",
        "  api:",
        "    image: acme/api:1.4.0",
        "    volumes: [uploads:/uploads]",
        "  worker:",
        "    image: acme/worker:1.4.0",
        "    volumes:",
        "»      - uploads:/uploads",
        "volumes:",
        "  uploads:",
      ),
      yaml(
        "services:",
        "  api:",
        "    image: acme/api:1.4.0",
        "    volumes: [uploads:/uploads]",
        "  worker:",
        "    image: acme/worker:1.4.0",
        "    volumes: [thumbnails:/thumbnails]",
        "volumes:",
        "  uploads:",
        "  thumbnails:",
      ),
      yaml(
        "services:",
        "  db:",
        "    image: postgres:16.4",
        "    volumes: [data:/var/lib/postgresql/data]",
        "  replica:",
        "    image: postgres:16.4",
        "»    volumes: [data:/var/lib/postgresql/data]",
        "volumes:",
        "  data:",
      ),
      // Who only reads shares nothing that could break.
      yaml(
        "services:",
        "  api:",
        "    image: acme/api:1.4.0",
        "    volumes: [uploads:/uploads]",
        "  worker:",
        "    image: acme/worker:1.4.0",
        "    volumes: [uploads:/uploads:ro]",
        "volumes:",
        "  uploads:",
      ),
    ],
  },
  {
    id: "volume-has-sensitive-host-directory",
    cases: [
      ...[
        "/",
        "/etc",
        "/boot",
        "/dev",
        "/lib",
        "/proc",
        "/sys",
        "/usr",
        "/root",
        "/bin",
        "/sbin",
        "/var/lib/docker",
      ].map((path) => api("    volumes:", `»      - ${path}:/host`)),
      api("    volumes:", "»      - /etc/passwd:/etc/passwd:ro"),
      api("    volumes:", "»      - /home:/home"),
      api("    volumes:", "»      - /var:/host-var"),
      api("    volumes:", "      - type: bind", "»        source: /etc", "        target: /host-etc"),
      yaml(
        "services:",
        "  api:",
        "    image: acme/api:1.4.0",
        "    volumes: [config:/config]",
        "volumes:",
        "  config:",
        "    driver: local",
        "    driver_opts:",
        "      type: none",
        "      o: bind",
        "»      device: /etc",
      ),
      api("    volumes:", "      - ./etc:/etc/app", "      - data:/usr", "volumes:", "  data:"),
      api("    volumes:", "      - /etc/localtime:/etc/localtime:ro"),
      // Data of applications lives below these.
      api("    volumes:", "      - /srv/shop:/data", "      - /home/shop/uploads:/uploads", "      - /var/shop:/shop"),
    ],
  },
  {
    id: "volume-mounted-in-multiple-containers",
    cases: [
      api("    volumes:", "»      - /data:/data:shared"),
      api("    volumes:", "»      - /data:/data:rw,rshared"),
      api(
        "    volumes:",
        "      - type: bind",
        "        source: /data",
        "        target: /data",
        "        bind:",
        "»          propagation: shared",
      ),
      api(
        "    volumes:",
        "      - type: bind",
        "        source: /data",
        "        target: /data",
        "        bind:",
        "          propagation: rprivate",
      ),
      api("    volumes:", "»      - /data:/data:slave"),
      api("    volumes:", "»      - /data:/data:rslave"),
      api("    volumes:", "      - /data:/data:ro"),
    ],
  },
  {
    id: "passwords-and-secrets",
    cases: [
      api("    environment:", `»      GITLAB_TOKEN: ${["glpat", "q7Rk2vXzL9mPw4TdYb8N"].join("-")}`),
      api("    environment:", "      GITLAB_TOKEN: ${GITLAB_TOKEN:?}"),
      api("    environment:", "      GITLAB_TOKEN_FILE: /run/secrets/gitlab"),
    ],
  },
];
