import { describe, expect, test } from "vitest";
import { rules } from "../../rules/index.js";
import { api, markedApi, yaml } from "../support/compose-lines.js";
import { disagreementsAlone, type ParityCases } from "../support/parity.js";

/** What section 5 of the CIS Docker Benchmark 1.6 asks of containers, by item; marked is the line at which we speak. */
const CASES: readonly ParityCases[] = [
  {
    id: "5.2",
    cases: [
      api("    security_opt:", "»      - apparmor:unconfined"),
      api("    security_opt:", "»      - apparmor=unconfined"),
      api("    security_opt: [apparmor:docker-default]"),
      api(),
    ],
  },
  {
    id: "5.3",
    cases: [api("    security_opt:", "»      - label:disable"), api("    security_opt: [label:level:TopSecret]")],
  },
  {
    id: "5.4",
    cases: [
      markedApi(),
      yaml("services:", "»  api:", "    image: acme/api:1.4.0", "    cap_add:", "»      - NET_ADMIN"),
      api("    cap_drop: [ALL]", "    cap_add:", "»      - SYS_TIME"),
      api("    cap_drop: [ALL]", "    cap_add: [CHOWN, SETUID]"),
    ],
  },
  { id: "5.5", cases: [api("»    privileged: true"), api("    privileged: false")] },
  {
    id: "5.6",
    cases: [
      ...["/", "/boot", "/dev", "/etc", "/lib", "/proc", "/sys", "/usr"].map((path) =>
        api("    volumes:", `»      - ${path}:/host`),
      ),
      api("    volumes:", "      - /srv/shop/data:/data"),
    ],
  },
  {
    id: "5.7",
    cases: [
      api("»    command: /usr/sbin/sshd -D"),
      api("    ports:", '»      - "2222:22"'),
      api("    command: /srv/api", '    ports: ["8080:8080"]'),
    ],
  },
  {
    id: "5.8",
    cases: [api("    ports:", '»      - "81:8080"'), api("    ports:", '      - "8081:8080"')],
  },
  {
    id: "5.9",
    files: { Dockerfile: 'FROM node:22.14.0\nEXPOSE 3000\nCMD ["node", "server.js"]\n' },
    cases: [
      yaml("services:", "  db:", "    image: postgres:16.4", "    ports:", '»      - "5432:5432"'),
      api("    ports:", '»      - "9229:9229"'),
      yaml("services:", "  api:", "    build: .", "    ports:", '»      - "8080:8081"'),
      yaml("services:", "  api:", "    build: .", "    ports:", '      - "8080:3000"'),
    ],
  },
  { id: "5.10", cases: [api("»    network_mode: host"), api("    network_mode: none")] },
  { id: "5.11", cases: [markedApi(), api("    mem_limit: 512m")] },
  { id: "5.12", cases: [markedApi(), markedApi("    cpuset: 0-1"), api("    cpus: 0.5")] },
  {
    id: "5.13",
    cases: [
      yaml("services:", "»  web:", "    image: nginx:1.27.4"),
      yaml("services:", "  web:", "    image: nginx:1.27.4", "    read_only: true"),
    ],
  },
  {
    id: "5.14",
    cases: [api("    ports:", '»      - "8080:8080"'), api("    ports:", '      - "10.0.0.5:8080:8080"')],
  },
  {
    id: "5.15",
    rules: { "runtime/set-restart": { maxRetries: 5 } },
    cases: [
      markedApi(),
      api("»    restart: on-failure"),
      api("»    restart: on-failure:6"),
      api("    restart: on-failure:5"),
    ],
  },
  { id: "5.16", cases: [api("»    pid: host"), api()] },
  { id: "5.17", cases: [api("»    ipc: host"), api("    ipc: private")] },
  {
    id: "5.18",
    cases: [api("    devices:", "»      - /dev/sda:/dev/sda"), api("    devices:", "      - /dev/ttyUSB0")],
  },
  {
    id: "5.19",
    cases: [
      api("    ulimits:", "»      nofile: -1"),
      api("    ulimits:", "      nofile:", "»        soft: 4096", "        hard: 1024"),
      api("    ulimits: {nofile: {soft: 1024, hard: 4096}}"),
    ],
  },
  {
    id: "5.20",
    cases: [api("    volumes:", "»      - /data:/data:shared"), api("    volumes:", "      - /data:/data:rprivate")],
  },
  { id: "5.21", cases: [api("»    uts: host"), api()] },
  {
    id: "5.22",
    cases: [api("    security_opt:", "»      - seccomp:unconfined"), api("    security_opt: [seccomp:./api.json]")],
  },
  {
    id: "5.23",
    cases: [
      api("    post_start:", "      - command: /srv/migrate", "»        privileged: true"),
      api("    post_start:", "      - command: /srv/migrate"),
    ],
  },
  {
    id: "5.24",
    cases: [
      api("    post_start:", "      - command: /srv/migrate", "»        user: root"),
      api("    post_start:", "      - command: /srv/migrate", "        user: shop"),
    ],
  },
  { id: "5.25", cases: [api("»    cgroup_parent: shop"), api()] },
  { id: "5.26", cases: [markedApi(), api("    security_opt: [no-new-privileges:true]")] },
  {
    id: "5.27",
    cases: [
      yaml("services:", "»  web:", "    image: nginx:1.27.4"),
      api("    healthcheck:", "»      test: [curl, -f, http://localhost]"),
      api("    healthcheck: {test: [CMD, curl, -f, http://localhost]}"),
    ],
  },
  {
    id: "5.28",
    cases: [
      yaml("services:", "  web:", "»    image: nginx"),
      yaml("services:", "  web:", "»    image: nginx:latest"),
      yaml("services:", "  web:", "»    image: nginx:1.27.4"),
      yaml(
        "services:",
        "  web:",
        "    image: nginx:1.27.4@sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645",
      ),
    ],
  },
  { id: "5.29", cases: [markedApi(), api("»    pids_limit: -1"), api("    pids_limit: 100")] },
  {
    id: "5.30",
    cases: [
      api("»    network_mode: bridge"),
      api("    networks: [backend]", "networks:", "  backend:"),
      // The network that Compose makes for a project is none of the engine's.
      api(),
    ],
  },
  { id: "5.31", cases: [api("»    userns_mode: host"), api()] },
  {
    id: "5.32",
    cases: [
      api("    volumes:", "»      - /var/run/docker.sock:/var/run/docker.sock"),
      api("    volumes:", "      - /srv/shop:/data"),
    ],
  },
];

describe("every item of the benchmark that a file can show is judged, line by line", () => {
  test.each(CASES.map((group) => [`CIS ${group.id}`, group] as const))("%s", async (reference, group) => {
    const only = rules.filter(({ references = [] }) => references.includes(reference)).map(({ id }) => id);

    expect(await disagreementsAlone(only, group, "compose.yaml", ["strict"])).toEqual([]);
  });

  test("none but the first, which is about the engine, is missing", () => {
    expect(CASES.map(({ id }) => id)).toEqual(Array.from({ length: 31 }, (_, index) => `5.${index + 2}`));
  });
});
