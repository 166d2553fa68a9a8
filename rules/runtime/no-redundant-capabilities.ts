import type { Service } from "../../src/compose/model.js";
import type { Value } from "../../src/compose/node-model.js";
import { capabilityName, DEFAULT_CAPABILITIES } from "../../src/data/capabilities.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { listeningPorts } from "../../src/project/listening-ports.js";
import type { Project } from "../../src/project/model.js";
import { keyRemoval } from "../../src/project/service-settings.js";
import { itemRemoval } from "../../src/project/yaml-removal.js";
import type { Range } from "../../src/text/source.js";

/** First port that needs no right; below, only where the engine is older than 20.10. */
const FIRST_FREE = 1024;

export default defineRule({
  id: "runtime/no-redundant-capabilities",
  summary: "Added capabilities are not already there, and not dropped again",
  levels: { recommended: ["info", "off"], checklist: ["info", "off"], strict: ["warning", "info"] },
  roles: "all",
  fixable: "sometimes",
  aliases: ["kics:container-capabilities-unrestricted", "kics:ce76b7d0-9e77-464d-b86f-c5c48e03e22d"],
  why: [
    "Who reads `cap_add: [CHOWN]` takes it for the whole of what the service may do. While nothing is dropped it is one of 14, " +
      "and the line changes nothing.",
    "Beside `privileged: true` no list of capabilities has an effect: the container has all of them.",
  ],
  references: [
    "https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities",
    "https://docs.docker.com/reference/compose-file/services/#cap_add",
    "CIS 5.4",
  ],
  securitySeverity: 2,
  mentions: { compose: ["cap_add", "cap_drop"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "one that is there already",
        message: "`CHOWN` is a default capability; adding it changes nothing",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4",
            "    cap_add:",
            "      - NET_ADMIN",
            "      - «CHOWN»",
          ],
        },
        fixed: {
          "compose.yaml": ["services:", "  api:", "    image: acme/api:1.4", "    cap_add:", "      - NET_ADMIN"],
        },
      },
      {
        name: "the only one, with its key",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4",
            "    cap_add:",
            "      - «cap_net_bind_service»",
            "    init: true",
          ],
        },
        fixed: { "compose.yaml": ["services:", "  api:", "    image: acme/api:1.4", "    init: true"] },
      },
      {
        name: "while another one is dropped",
        files: {
          "compose.yaml": ["services:", "  api: {image: 'acme/api:1.4', cap_drop: [NET_RAW], cap_add: [«KILL»]}"],
        },
        fixed: {
          "compose.yaml": ["services:", "  api: {image: 'acme/api:1.4', cap_drop: [NET_RAW], cap_add: []}"],
        },
      },
      {
        name: "added and dropped",
        message: "`NET_ADMIN` is dropped as well",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1.4', cap_drop: [KILL, NET_ADMIN], cap_add: [SYS_TIME, «NET_ADMIN»]}",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1.4', cap_drop: [KILL], cap_add: [SYS_TIME, NET_ADMIN]}",
          ],
        },
      },
      {
        name: "all are added, but one, which is added again",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1.4', cap_drop: [NET_ADMIN], cap_add: [ALL, «NET_ADMIN»]}",
          ],
        },
      },
      {
        name: "beside `privileged`",
        message: "`privileged`",
        files: {
          "compose.yaml": [
            "services:",
            "  worker: {image: 'acme/worker:1.4', privileged: true, cap_add: [«SYS_ADMIN»], cap_drop: [«NET_RAW»]}",
          ],
        },
      },
      {
        name: "low ports that nobody opens",
        message: "`NET_BIND_SERVICE` is not needed",
        severity: "info",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4",
            "    ports: ['443:8443']",
            "    cap_drop: [ALL]",
            "    cap_add: [CHOWN, «NET_BIND_SERVICE»]",
          ],
        },
      },
    ],
    good: [
      {
        name: "all are dropped first",
        files: { "compose.yaml": ["services:", "  api: {image: 'acme/api:1.4', cap_drop: [ALL], cap_add: [CHOWN]}"] },
      },
      {
        name: "one that is not there by default",
        files: { "compose.yaml": ["services:", "  api: {image: 'acme/api:1.4', cap_add: [SYS_TIME]}"] },
      },
      {
        name: "everything and nothing",
        files: { "compose.yaml": ["services:", "  api: {image: 'acme/api:1.4', cap_drop: [all], cap_add: [ALL]}"] },
      },
      {
        name: "low ports",
        files: {
          "compose.yaml": [
            "services:",
            "  web: {image: 'acme/web:1.4', ports: ['80:80'], cap_drop: [ALL], cap_add: [NET_BIND_SERVICE]}",
            "  dns: {image: 'acme/dns:1.4', expose: ['53'], cap_drop: [ALL], cap_add: [NET_BIND_SERVICE]}",
            "  edge: {image: 'nginx:1.27.4', ports: ['8080:8080'], cap_drop: [ALL], cap_add: [NET_BIND_SERVICE]}",
          ],
        },
      },
      {
        name: "ports that nobody knows, or of the host",
        files: {
          "compose.yaml": [
            "services:",
            "  web: {image: 'acme/web:1.4', ports: ['80:${PORT}'], cap_drop: [ALL], cap_add: [NET_BIND_SERVICE]}",
            "  edge: {image: 'acme/edge:1.4', network_mode: host, cap_drop: [ALL], cap_add: [NET_BIND_SERVICE]}",
            "  mail: {image: 'acme/mail:1.4', cap_drop: [ALL], cap_add: [NET_BIND_SERVICE]}",
          ],
        },
      },
      {
        name: "entries that nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1.4', cap_drop: ['${DROP}'], cap_add: [CHOWN, '${X}']}",
          ],
        },
      },
      {
        name: "an override drops all",
        files: {
          "compose.yaml": ["services:", "  api: {image: 'acme/api:1.4', cap_add: [CHOWN]}"],
          "compose.override.yaml": ["services:", "  api: {cap_drop: [ALL]}"],
        },
      },
    ],
  },
});

function* checkService(service: Service, { project }: { readonly project: Project }): Iterable<Finding> {
  const { capAdd: added, capDrop: dropped } = service;
  if ((added.length === 0 && dropped.length === 0) || service.hasProvider || service.isWindows) return;
  if (service.booleanAt("privileged")?.value === true) {
    for (const { range, text } of [...added, ...dropped]) {
      yield { range, message: `\`${text}\` has no effect beside \`privileged\`, which gives all; drop one of the two` };
    }
    return;
  }
  // An entry that nobody knows may be `ALL`.
  const drops = new Map<string, Value<string>>();
  for (const each of dropped) {
    if (each.value === undefined) return;
    drops.set(capabilityName(each.value), each);
  }
  for (const item of added) yield* checkItem(item, drops, service, project);
}

function* checkItem(
  { value, text, range }: Value<string>,
  drops: ReadonlyMap<string, Value<string>>,
  service: Service,
  project: Project,
): Iterable<Finding> {
  if (value === undefined) return;
  const name = capabilityName(value);
  const drop = drops.get(name);
  if (name !== "ALL" && drop !== undefined) {
    const related = [{ range: drop.range, message: "dropped here" }];
    // The engine adds after it has dropped; only from `ALL` it takes away.
    const fix = service.capAdd.some(isAll) ? undefined : removal("cap_drop", drop.range, service);
    yield { range, message: `\`${text}\` is dropped as well as added; keep the line that is meant`, related, fix };
  } else if (!drops.has("ALL") && DEFAULT_CAPABILITIES.has(name)) {
    const message = `\`${text}\` is a default capability; adding it changes nothing unless \`ALL\` is dropped`;
    yield { range, message, fix: removal("cap_add", range, service) };
  } else if (name === "NET_BIND_SERVICE" && drops.has("ALL") && opensNoLowPort(service, project)) {
    yield { range, message: `\`${text}\` is not needed, as no port is below 1024; drop it`, atMost: "info" };
  }
}

function isAll({ value }: Value<string>): boolean {
  return value === undefined || capabilityName(value) === "ALL";
}

function removal(key: "cap_add" | "cap_drop", range: Range, service: Service): Fix | undefined {
  const list = service.at(key);
  const isOnly = list?.kind === "sequence" && list.items.length === 1;
  const edit = (isOnly ? keyRemoval(service, key) : undefined) ?? itemRemoval(list, range);
  const description = `remove it from \`${key}\``;
  return edit === undefined ? undefined : { description, safety: "safe", edits: [edit] };
}

/** Whether the service says which ports it has, and none of them, nor any that is known of its image, is a low one. */
function opensNoLowPort(service: Service, project: Project): boolean {
  if (service.networkMode !== undefined) return false;
  const ports = [...service.ports.map(({ target }) => target?.value), ...service.expose.map(({ port }) => port.value)];
  if (ports.length === 0 || !ports.every((port) => port !== undefined && port.first >= FIRST_FREE)) return false;
  const { mayListen } = listeningPorts(project.imageOf(service), service, project);
  for (let port = 1; port < FIRST_FREE; port += 1) if (mayListen(port)) return false;
  return true;
}
