import { describe, expect, test } from "vitest";
import { api, markedApi, yaml } from "../support/compose-lines.js";
import { disagreementsAlone, type ParityCases } from "../support/parity.js";

/** What the rules of Semgrep's registry for Compose files are documented to say; marked is the line at which we speak. */
const CASES: readonly ParityCases[] = [
  {
    id: "exposing-docker-socket-volume",
    cases: [
      `version: "3.9"\n${api("    volumes:", "»      - /var/run/docker.sock:/var/run/docker.sock")}`,
      api("    volumes:", "»      - /var/run/docker.sock:/var/run/docker.sock:ro"),
      api("    volumes:", "»      - /run/docker.sock:/run/docker.sock"),
      api("    volumes:", "      - type: bind", "»        source: /var/run/docker.sock", "        target: /sock"),
      api("    volumes:", "»      - /var/run:/var/run"),
      api("    volumes:", "      - /tmp/app:/tmp/app", "      - ./docker.sock.md:/docs/docker.sock.md"),
      api("    environment:", "      DOCKER_HOST: tcp://docker:2375"),
      // What is there to hold it, which we say as a note.
      yaml(
        "services:",
        "  sockets:",
        "    image: tecnativa/docker-socket-proxy:0.3.0",
        "»    volumes: [/var/run/docker.sock:/var/run/docker.sock]",
      ),
    ],
  },
  {
    id: "no-new-privileges",
    cases: [
      markedApi(),
      api("»    security_opt:", "      - seccomp:./profile.json"),
      api("»    security_opt: []"),
      api("    security_opt:", "»      - no-new-privileges:false"),
      api("    security_opt:", "      - no-new-privileges:true"),
      api("    security_opt:", "      - apparmor:docker-default", '      - "no-new-privileges:true"'),
      api("    security_opt: [no-new-privileges=true]"),
      // Nothing can be gained beyond it.
      api("    privileged: true"),
    ],
  },
  {
    id: "privileged-service",
    cases: [
      api("»    privileged: true"),
      api("»    privileged: True"),
      yaml("services:", "  api:", "    build: .", "»    privileged: true"),
      api("    privileged: false"),
      api(),
    ],
  },
  {
    id: "seccomp-confinement-disabled",
    cases: [
      api("    security_opt:", "»      - seccomp:unconfined"),
      api("    security_opt:", "      - no-new-privileges:true", "»      - seccomp=unconfined"),
      api("    security_opt:", "      - seccomp:./profile.json"),
      api("    security_opt:", "      - apparmor:unconfined"),
      api(),
    ],
  },
  {
    id: "selinux-separation-disabled",
    cases: [
      api("    security_opt:", "»      - label:disable"),
      api("    security_opt:", "»      - label=disable"),
      api("    security_opt:", "      - label:type:svirt_apache_t"),
      api("    security_opt:", "      - seccomp:unconfined"),
      api(),
    ],
  },
  {
    id: "writable-filesystem-service",
    cases: [
      yaml("services:", "»  web:", "    image: nginx:1.27.4"),
      yaml("services:", "»  api:", "    build: ."),
      api("»    read_only: false"),
      api("    read_only: true"),
      // Data of a database is written; what an unknown image writes nobody knows.
      yaml("services:", "  db:", "    image: postgres:16.4"),
      api(),
    ],
  },
];

describe("every case of Semgrep is judged as its documentation says, line by line", () => {
  test.each(CASES.map((group) => [group.id, group] as const))("%s", async (id, group) => {
    expect(await disagreementsAlone([`semgrep:${id}`], group, "compose.yaml")).toEqual([]);
  });
});
