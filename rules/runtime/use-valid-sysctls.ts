import type { KeyValue, Service } from "../../src/compose/model.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import type { Project } from "../../src/project/model.js";
import { runsOneOf } from "../../src/project/service-program.js";
import { kindOfService } from "../../src/project/service-view.js";
import { words } from "../../src/text/words.js";

/** Settings of the kernel that each IPC namespace has for itself. */
const IPC_NAMES =
  "kernel.msgmax kernel.msgmnb kernel.msgmni kernel.sem kernel.shmall kernel.shmmax kernel.shmmni kernel.shm_rmid_forced";
/** Programs that route for others. */
const ROUTERS =
  "wireguard wg-easy wg-access-server openvpn openvpn-as gluetun tailscale headscale zerotier netbird netmaker netclient ipsec-vpn-server " +
  "hwdsl2/ipsec-vpn-server outline-server shadowsocks algo nebula firezone pritunl softethervpn frr bird keepalived kube-proxy vpn router";

export default defineRule({
  id: "runtime/use-valid-sysctls",
  summary: "Kernel settings are namespaced and allowed here",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    refused: { summary: "a setting of the host, or of a namespace that the service shares with it" },
    routing: {
      summary: "a service that routes for others",
      levels: { recommended: ["warning", "info"], strict: "warning" },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "Only what the kernel keeps per namespace can be set for a container. The engine refuses everything else when the container " +
      "starts, because it would change the host.",
  ],
  references: [
    "https://docs.docker.com/reference/cli/docker/container/run/#sysctl",
    "https://docs.docker.com/reference/compose-file/services/#sysctls",
  ],
  mentions: { compose: ["sysctls"] },
  check: {
    *service(service, { project }) {
      if (service.hasProvider || service.isWindows) return;
      for (const entry of service.keyValuesAt("sysctls").entries) yield* checkSetting(entry, service, project);
    },
  },
  examples: {
    bad: [
      {
        name: "a setting of the host",
        kind: "refused",
        message: "`vm.max_map_count` belongs to the host, and Docker refuses it here",
        files: {
          "compose.yaml": [
            "services:",
            "  search:",
            "    image: api:1.2.0",
            "    sysctls: { «vm.max_map_count»: 262144 }",
          ],
        },
      },
      {
        name: "in a list",
        kind: "refused",
        files: {
          "compose.yaml": [
            "services:",
            "  redis:",
            "    image: redis:7.4",
            "    sysctls:",
            "      - net.core.somaxconn=1024",
            "      - «vm.overcommit_memory»=1",
            '      - "«kernel.panic»=10"',
            "      - «fs.file-max»=100000",
          ],
        },
      },
      {
        name: "the network of the host",
        kind: "refused",
        message: "`network_mode: host`",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    network_mode: host",
            "    sysctls: { «net.core.somaxconn»: 1024 }",
          ],
        },
      },
      {
        name: "shared memory of the host",
        kind: "refused",
        message: "`ipc: host`",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17",
            "    ipc: host",
            "    sysctls: { «kernel.shmmax»: 1073741824, «fs.mqueue.msg_max»: 100 }",
          ],
        },
      },
      {
        name: "routing",
        kind: "routing",
        message: "`net.ipv4.ip_forward` makes `api` a router",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    sysctls: { «net.ipv4.ip_forward»: 1, «net.ipv4.conf.all.route_localnet»: 1 }",
          ],
        },
      },
    ],
    good: [
      {
        name: "settings of namespaces",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', sysctls: { net.core.somaxconn: 1024, net.ipv4.ip_forward: 0 } }",
            "  db: { image: 'postgres:17', sysctls: [kernel.shmmax=1073741824, fs.mqueue.msg_max=100] }",
          ],
        },
      },
      {
        name: "a VPN and a proxy",
        files: {
          "compose.yaml": [
            "services:",
            "  vpn: { image: 'lscr.io/linuxserver/wireguard:1.0.20210914', sysctls: [net.ipv4.ip_forward=1] }",
            "  tunnel: { image: 'shop/tunnel:1.4', cap_add: [NET_ADMIN], sysctls: [net.ipv4.ip_forward=1] }",
            "  proxy: { image: 'haproxy:3.1', sysctls: [net.ipv4.ip_forward=1] }",
          ],
        },
      },
      {
        name: "a name or value that nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', sysctls: ['${SETTING}=1', 'net.ipv4.ip_forward=${FORWARD}'] }",
          ],
        },
      },
      {
        name: "the network of another container",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', sysctls: [net.core.somaxconn=1024] }",
            "  worker: { image: 'api:1.2.0', network_mode: 'service:api' }",
          ],
        },
      },
    ],
  },
});

function* checkSetting({ key, keyRange, value }: KeyValue, service: Service, project: Project): Iterable<Finding> {
  // A part that nobody knows may be the part that matters.
  if (key.includes("$")) return;
  const isNet = key.startsWith("net.");
  const isIpc = key.startsWith("fs.mqueue.") || words(IPC_NAMES).includes(key);
  if (!isNet && !isIpc) {
    const message = `\`${key}\` belongs to the host, and Docker refuses it here; set it on the host`;
    yield { kind: "refused", range: keyRange, message };
    return;
  }
  const shared = isNet ? service.networkMode : service.valueAt("ipc");
  if (shared?.value === "host") {
    const setting = isNet ? "network_mode: host" : "ipc: host";
    yield {
      kind: "refused",
      range: keyRange,
      message: `Docker refuses \`${key}\` with \`${setting}\`, where it is the host's; set it on the host`,
      related: [{ range: shared.range, message: "the namespace of the host is used here" }],
    };
    return;
  }
  if (value?.value !== "1" || !makesRouter(key) || routes(service, project)) return;
  const message = `\`${key}\` makes \`${service.name}\` a router between its networks; remove it`;
  yield { kind: "routing", range: keyRange, message };
}

function makesRouter(key: string): boolean {
  return key === "net.ipv4.ip_forward" || (key.startsWith("net.ipv4.conf.") && key.endsWith(".route_localnet"));
}

/** Whether routing is what a service is for: who manages the network with its capability does not do so by accident. */
function routes(service: Service, project: Project): boolean {
  if (kindOfService(service, project) === "proxy") return true;
  if (service.capAdd.some(({ value }) => value?.toUpperCase().replace("CAP_", "") === "NET_ADMIN")) return true;
  return runsOneOf(new Set(words(ROUTERS)), service, project);
}
