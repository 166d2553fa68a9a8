import type { Service } from "../../src/compose/model.js";
import { capabilityName, type StrongCapability, strongCapability } from "../../src/data/capabilities.js";
import { DHCP_PROGRAMS, programSet, VPN_PROGRAMS } from "../../src/data/host-programs.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import type { Project } from "../../src/project/model.js";
import { isNamedBy, runsOneOf } from "../../src/project/service-program.js";

type Strength = StrongCapability["strength"] | "harmless";

const STRENGTHS: readonly Strength[] = ["root-equivalent", "strong", "harmless"];

const options = {
  levels: option.custom<ReadonlyMap<string, Strength>>({
    default: new Map(),
    description: "Capabilities that are to count otherwise: `root-equivalent`, `strong` or `harmless`.",
    schema: { type: "object", additionalProperties: { type: "string", enum: STRENGTHS }, default: {} },
    read: readStrengths,
  }),
  allow: option.custom<ReadonlyMap<string, readonly string[]>>({
    default: new Map(),
    description: "Capabilities that a service or image may add, by its name.",
    schema: { type: "object", additionalProperties: { type: "array", items: { type: "string" } }, default: {} },
    read: readAllowed,
  }),
};

export default defineRule({
  id: "runtime/no-strong-capabilities",
  summary: "No capability that reaches the host is added",
  levels: { recommended: ["error", "warning"], checklist: ["error", "warning"], strict: "error" },
  kinds: {
    "root-equivalent": { summary: "`ALL`, or one that leads to root on the host" },
    strong: {
      summary: "one that reaches beyond the container",
      levels: { recommended: ["warning", "info"], checklist: ["warning", "info"], strict: "warning" },
    },
  },
  roles: "all",
  fixable: "never",
  aliases: [
    "kics:container-capabilities-unrestricted",
    "kics:ce76b7d0-9e77-464d-b86f-c5c48e03e22d",
    "compose-lint:CL-0024",
    "compose-lint:CL-0011",
    "compose-lint:CL-0027",
    "compose-lint:CL-0028",
    "compose-lint:CL-0029",
    "compose-lint:CL-0030",
  ],
  why: [
    "Some capabilities are not kept inside of a container: `SYS_ADMIN` mounts file systems of the host, `SYS_MODULE` loads " +
      "code into its kernel. With one of them an intruder in the process is an intruder on the machine.",
    "Programs that are made for it get theirs without a word: VPNs `NET_ADMIN`, Vault and Elasticsearch `IPC_LOCK`.",
  ],
  references: ["https://man7.org/linux/man-pages/man7/capabilities.7.html", "CIS 5.4", "CWE-250", "OWASP #3"],
  securitySeverity: 8.5,
  options,
  mentions: { compose: ["cap_add"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "as good as root",
        kind: "root-equivalent",
        message: "`SYS_ADMIN` lets `worker` mount file systems and reconfigure the host",
        files: {
          "compose.yaml": [
            "services:",
            "  worker:",
            "    image: acme/worker:1.4",
            "    cap_add:",
            "      - «SYS_ADMIN»",
            '      - «"cap_sys_module"»',
            "      - CHOWN",
            "  disk: {image: 'acme/disk:1', cap_add: [«SYS_RAWIO», «all»]}",
          ],
        },
      },
      {
        name: "in development",
        kind: "root-equivalent",
        preset: "recommended",
        severity: "warning",
        files: { "compose.dev.yaml": ["services:", "  worker: {image: 'acme/worker:1.4', cap_add: [«ALL»]}"] },
      },
      {
        name: "beyond the container",
        kind: "strong",
        message: "`NET_ADMIN`",
        files: {
          "compose.yaml": [
            "services:",
            "  worker:",
            "    image: acme/worker:1.4",
            "    cap_add: [«NET_ADMIN», «CAP_SYS_PTRACE», «SYS_TIME», «ipc_lock», «SYS_NICE», «BPF»]",
          ],
        },
      },
      {
        name: "an override adds to what the base has",
        kind: "strong",
        files: {
          "compose.yaml": ["services:", "  worker: {image: 'acme/worker:1.4', cap_add: [«SYS_TIME», CHOWN]}"],
          "compose.override.yaml": ["services:", "  worker: {cap_add: [«SYS_BOOT»]}"],
        },
      },
      {
        name: "written once, for two services, and extended",
        kind: "strong",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1.4', cap_add: &caps [«SYS_TIME»]}",
            "  worker: {image: 'acme/worker:1.4', cap_add: *caps}",
            "  mail: {extends: {service: api}}",
          ],
        },
      },
      {
        name: "a VPN needs no more than its network",
        kind: "root-equivalent",
        files: {
          "compose.yaml": ["services:", "  vpn: {image: 'qmcgaw/gluetun:v3.40', cap_add: [NET_ADMIN, «SYS_ADMIN»]}"],
        },
      },
      {
        name: "what the policy takes more seriously",
        kind: "root-equivalent",
        options: { levels: { NET_RAW: "root-equivalent", SYS_NICE: "harmless" } },
        files: { "compose.yaml": ["services:", "  api: {image: 'acme/api:1.4', cap_add: [«NET_RAW», SYS_NICE]}"] },
      },
    ],
    good: [
      {
        name: "those that stay inside",
        files: {
          "compose.yaml": ["services:", "  api: {image: 'acme/api:1.4', cap_add: [CHOWN, NET_BIND_SERVICE, SETUID]}"],
        },
      },
      {
        name: "dropped, not added",
        files: { "compose.yaml": ["services:", "  api: {image: 'acme/api:1.4', cap_drop: [ALL, SYS_ADMIN]}"] },
      },
      {
        name: "programs that need them",
        files: {
          "compose.yaml": [
            "services:",
            "  vpn: {image: 'lscr.io/linuxserver/wireguard:1.0', cap_add: [NET_ADMIN, SYS_MODULE]}",
            "  mesh: {image: 'tailscale/tailscale:v1.76', cap_add: [net_admin, sys_module]}",
            "  dns: {image: 'pihole/pihole:2024.07.0', cap_add: [NET_ADMIN]}",
            "  vault: {image: 'hashicorp/vault:1.18', cap_add: [IPC_LOCK]}",
            "  search: {image: 'docker.elastic.co/elasticsearch/elasticsearch:8.15.3', cap_add: [IPC_LOCK]}",
            "  db: {image: 'mysql:8.4', cap_add: [SYS_NICE]}",
          ],
        },
      },
      {
        name: "a debugger beside one service",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1.4'}",
            "  debug: {image: 'acme/debug:1', pid: 'service:api', cap_add: [SYS_PTRACE]}",
          ],
        },
      },
      {
        name: "what the policy allows",
        options: { allow: { worker: ["SYS_NICE"], "acme/*": ["cap_sys_time"] } },
        files: { "compose.yaml": ["services:", "  worker: {image: 'acme/api:1.4', cap_add: [SYS_NICE, SYS_TIME]}"] },
      },
      {
        name: "a value that nobody knows, and names of none",
        files: { "compose.yaml": ["services:", "  api: {image: 'acme/api:1.4', cap_add: ['${CAP}', toString]}"] },
      },
    ],
  },
});

type Context = RuleContext<typeof options>;

function* checkService(service: Service, { options: { levels, allow }, project }: Context): Iterable<Finding> {
  const added = service.capAdd;
  if (added.length === 0 || service.hasProvider || service.isWindows) return;
  for (const { value, range, text } of added) {
    if (value === undefined) continue;
    const name = capabilityName(value);
    const known = strongCapability(name);
    const strength = levels.get(name) ?? known?.strength;
    if (strength === undefined || strength === "harmless") continue;
    if (isMadeFor(name, service, project) || isAllowed(name, allow, service, project)) continue;
    const power = known?.power ?? "do more than this project wants";
    yield { kind: strength, range, message: `\`${text}\` lets \`${service.name}\` ${power}; drop it` };
  }
}

/** Programs that do not work without, by capability. */
function isMadeFor(name: string, service: Service, project: Project): boolean {
  switch (name) {
    case "NET_ADMIN":
      return (
        runsOneOf(programSet(VPN_PROGRAMS), service, project) || runsOneOf(programSet(DHCP_PROGRAMS), service, project)
      );
    case "SYS_MODULE":
      return runsOneOf(programSet(VPN_PROGRAMS), service, project);
    case "IPC_LOCK":
      return runsOneOf(programSet("vault openbao elasticsearch opensearch"), service, project);
    case "SYS_NICE":
      return runsOneOf(programSet("mysql mysql-server mariadb percona percona-server"), service, project);
    case "SYS_TIME":
      return runsOneOf(programSet("chrony ntp"), service, project);
    case "SYS_PTRACE":
      return (
        service.valueAt("pid")?.value?.startsWith("service:") === true ||
        runsOneOf(programSet("netdata netdata/netdata"), service, project)
      );
    default:
      return false;
  }
}

function isAllowed(
  name: string,
  allow: ReadonlyMap<string, readonly string[]>,
  service: Service,
  project: Project,
): boolean {
  for (const [who, names] of allow) {
    if (names.some((each) => capabilityName(each) === name) && isNamedBy([who], service, project)) return true;
  }
  return false;
}

function readStrengths(written: unknown): ReadonlyMap<string, Strength> | undefined {
  if (typeof written !== "object" || written === null) return undefined;
  const strengths = new Map<string, Strength>();
  for (const [name, value] of Object.entries(written)) {
    const strength = STRENGTHS.find((each) => each === value);
    if (strength === undefined) return undefined;
    strengths.set(capabilityName(name), strength);
  }
  return strengths;
}

function readAllowed(written: unknown): ReadonlyMap<string, readonly string[]> | undefined {
  if (typeof written !== "object" || written === null) return undefined;
  const allowed = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(written)) {
    if (!Array.isArray(value)) return undefined;
    allowed.set(
      name,
      value.filter((each) => typeof each === "string"),
    );
  }
  return allowed;
}
