import { describe, expect, test } from "vitest";
import { api, markedApi, yaml } from "../support/compose-lines.js";
import { disagreementsAlone, type ParityCases } from "../support/parity.js";

const DIGEST = "sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645";

/** A service of some image, at the third line. */
function image(name: string): string {
  const [mark, rest] = name.startsWith("»") ? ["»", name.slice(1)] : ["", name];
  return yaml("services:", "  api:", `${mark}    image: ${rest}`);
}

/** Adds one capability. */
function capability(name: string, isStrong = true): string {
  return api("    cap_drop: [ALL]", "    cap_add:", `${isStrong ? "»" : ""}      - ${name}`);
}

const STRONG: readonly ParityCases[] = ["CL-0011", "CL-0024", "CL-0027", "CL-0028", "CL-0029", "CL-0030"].map((id) => ({
  id,
  cases: [
    capability("SYS_ADMIN"),
    capability("CAP_SYS_ADMIN"),
    capability("ALL"),
    capability("NET_ADMIN"),
    capability("SYS_PTRACE"),
    capability("SYS_MODULE"),
    capability("dac_read_search"),
    capability("BPF"),
    capability("SYS_RAWIO"),
    capability("NET_BIND_SERVICE", false),
    capability("CHOWN", false),
    api("    cap_drop: [SYS_ADMIN]"),
  ],
}));

const MOUNTS: readonly ParityCases[] = ["CL-0013", "CL-0025"].map((id) => ({
  id,
  cases: [
    api("    volumes:", "»      - /etc:/host-etc"),
    api("    volumes:", "»      - /:/host:ro"),
    api("    volumes:", "»      - /root/.ssh:/keys:ro"),
    api("    volumes:", "»      - ~/.aws:/root/.aws"),
    api("    volumes:", "»      - /proc:/host/proc"),
    api("    volumes:", "»      - /var/lib/docker:/docker"),
    api("    volumes:", "      - type: bind", "»        source: /boot", "        target: /boot"),
    api("    volumes:", "      - /etc/localtime:/etc/localtime:ro"),
    api("    volumes:", "      - ./etc:/etc/app:ro", "      - /srv/shop/data:/data"),
  ],
}));

/** What compose-lint documents about its ids; marked is the line at which we speak. */
const CASES: readonly ParityCases[] = [
  {
    id: "CL-0001",
    cases: [
      api("    volumes:", "»      - /var/run/docker.sock:/var/run/docker.sock"),
      api("    volumes:", "»      - /var/run/docker.sock:/var/run/docker.sock:ro"),
      api(
        "    volumes:",
        "      - type: bind",
        "»        source: /run/docker.sock",
        "        target: /run/docker.sock",
      ),
      api("    volumes:", "»      - /run/podman/podman.sock:/var/run/docker.sock"),
      api("    volumes:", "      - /srv/shop:/data"),
    ],
  },
  { id: "CL-0002", cases: [api("»    privileged: true"), api("    privileged: false"), api()] },
  {
    id: "CL-0003",
    cases: [
      markedApi(),
      api("»    security_opt: [label:user:shop]"),
      api("    security_opt: [no-new-privileges:true]"),
      api("    security_opt: [no-new-privileges]"),
    ],
  },
  {
    id: "CL-0004",
    cases: [
      image("»nginx"),
      image("»nginx:latest"),
      image("»ghcr.io/acme/api"),
      image("»localhost:5000/acme/api"),
      image("nginx:1.27.4"),
      image(`nginx@${DIGEST}`),
      yaml("services:", "  api:", "    build: .", "    image: acme/api"),
    ],
  },
  {
    id: "CL-0005",
    cases: [
      api("    ports:", '»      - "8080:8080"'),
      api("    ports:", '»      - "0.0.0.0:8080:8080"'),
      api("    ports:", '»      - "[::]:8080:8080"'),
      api("    ports:", "      - target: 8080", "»        published: 8080"),
      api("    ports:", '      - "127.0.0.1:8080:8080"'),
      api("    ports:", '      - "[::1]:8080:8080"'),
      api("    ports:", "      - {target: 8080, published: 8080, host_ip: 127.0.0.1}"),
    ],
  },
  {
    id: "CL-0006",
    cases: [
      markedApi(),
      api("»    cap_drop: [NET_RAW]"),
      api("    cap_drop: [ALL]"),
      api("    cap_drop: [all]", "    cap_add: [CHOWN]"),
    ],
  },
  {
    id: "CL-0007",
    cases: [
      yaml("services:", "»  web:", "    image: nginx:1.27.4"),
      api("»    read_only: false"),
      api("    read_only: true"),
    ],
  },
  { id: "CL-0008", cases: [api("»    network_mode: host"), api("    network_mode: none"), api()] },
  {
    id: "CL-0009",
    cases: [
      api("    security_opt:", "»      - seccomp:unconfined"),
      api("    security_opt:", "»      - seccomp=unconfined"),
      api("    security_opt:", "      - seccomp:./profile.json"),
    ],
  },
  {
    id: "CL-0010",
    cases: [
      api("»    pid: host"),
      api("»    ipc: host"),
      api("»    uts: host"),
      api("»    userns_mode: host"),
      api("»    cgroup: host"),
      api("»    pid: host", "»    ipc: host"),
      api("    ipc: shareable"),
      api(),
    ],
  },
  {
    id: "CL-0014",
    cases: [
      api("    logging:", "»      driver: none"),
      api('    logging: {driver: json-file, options: {max-size: "10m", max-file: "3"}}'),
      api("    logging: {driver: local}"),
      api(),
    ],
  },
  {
    id: "CL-0016",
    cases: [
      api("    devices:", "»      - /dev/sda:/dev/sda"),
      api("    devices:", "»      - /dev/mem:/dev/mem"),
      api("    devices:", "»      - /dev/nvme0n1:/dev/nvme0n1:r"),
      api("    devices:", "      - /dev/ttyUSB0:/dev/ttyUSB0", "      - /dev/dri:/dev/dri"),
    ],
  },
  {
    id: "CL-0017",
    cases: [
      api("    volumes:", "»      - /data:/data:shared"),
      api("    volumes:", "»      - /data:/data:rshared"),
      api(
        "    volumes:",
        "      - type: bind",
        "        source: /data",
        "        target: /data",
        "        bind:",
        "»          propagation: rshared",
      ),
      api("    volumes:", "      - /data:/data:rprivate"),
    ],
  },
  {
    id: "CL-0018",
    cases: [
      api("»    user: root"),
      api('»    user: "0"'),
      api('»    user: "0:0"'),
      api('    user: "1000:1000"'),
      api("    user: app"),
      // What an image says of its user is judged at the image.
      api(),
    ],
  },
  {
    id: "CL-0019",
    cases: [image("»nginx:1.27.4"), image("»nginx"), image(`nginx:1.27.4@${DIGEST}`), image(`nginx@${DIGEST}`)],
  },
  ...["CL-0020", "CL-0021"].map((id) => ({
    id,
    cases: [
      api("    environment:", "»      DB_PASSWORD: hunter2-of-the-shop"),
      api("    environment:", "»      - API_TOKEN=q7Rk2vXzL9mPw4TdYb8N"),
      // A rule of its own speaks of passwords in URLs.
      api("    environment:", "      DATABASE_URL: postgres://shop:hunter2-of-the-shop@db/shop"),
      api("    environment:", "      DB_PASSWORD: ${DB_PASSWORD:?}"),
      api("    environment:", "      DB_PASSWORD_FILE: /run/secrets/db"),
      api("    environment:", "      LOG_LEVEL: info"),
    ],
  })),
  {
    id: "CL-0022",
    cases: [
      api("    tmpfs:", "»      - /tmp:exec"),
      api("    tmpfs:", "»      - /tmp:rw,suid,size=64m"),
      api("    tmpfs:", "      - /tmp:noexec,nosuid,nodev,size=64m"),
      api("    tmpfs: /tmp"),
    ],
  },
  {
    id: "CL-0026",
    cases: [
      markedApi(),
      markedApi("    cpus: 0.5"),
      markedApi("    mem_limit: 512m"),
      api("    deploy:", "»      resources:", "        reservations:", "          memory: 64M"),
      api("    mem_limit: 512m", "    cpus: 0.5"),
      api('    deploy: {resources: {limits: {memory: 512M, cpus: "0.5"}}}'),
    ],
  },
  ...STRONG,
  ...MOUNTS,
];

describe("every case of compose-lint is judged as its documentation says, line by line", () => {
  test.each(CASES.map((group) => [group.id, group] as const))("%s", async (id, group) => {
    expect(await disagreementsAlone([`compose-lint:${id}`], group, "compose.yaml")).toEqual([]);
  });
});
