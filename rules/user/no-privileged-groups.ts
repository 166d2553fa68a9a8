import type { Service } from "../../src/compose/model.js";
import type { Value } from "../../src/compose/node-model.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { itemRemoval } from "../../src/project/yaml-removal.js";

const options = {
  dockerGroups: option.strings({ default: [], description: "Numbers that the group `docker` has on your hosts." }),
};

export default defineRule({
  id: "user/no-privileged-groups",
  summary: "Extra groups do not open the host",
  levels: { recommended: ["warning", "info"], strict: "warning" },
  kinds: {
    host: { summary: "A group that is root, or as good as root, where its files are reached" },
    device: {
      summary: "`kvm` opens the virtual machines of the host",
      levels: { recommended: ["info", "off"], strict: ["warning", "info"] },
    },
    "no-effect": {
      summary: "`docker` without the socket that it is for",
      levels: { recommended: ["info", "off"], strict: ["warning", "info"] },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A group of `group_add` counts for every file that is mounted from the host: with `docker` the process may use the " +
      "engine's socket and start a container as root, with `disk` it reads every file past its owner.",
  ],
  references: ["https://docs.docker.com/reference/compose-file/services/#group_add", "CWE-250"],
  securitySeverity: 6,
  options,
  mentions: { compose: ["group_add"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "the socket and its group",
        kind: "host",
        message: "`docker`",
        files: {
          "compose.yaml": [
            "services:",
            "  agent:",
            "    image: portainer/agent:2.21.4",
            "    volumes: [/var/run/docker.sock:/var/run/docker.sock]",
            "    group_add:",
            "      - video",
            "      - «docker»",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  agent:",
            "    image: portainer/agent:2.21.4",
            "    volumes: [/var/run/docker.sock:/var/run/docker.sock]",
            "    group_add:",
            "      - video",
          ],
        },
      },
      {
        name: "root's group and others, alone on their line or in a row",
        kind: "host",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: shop/api:1.4",
            "    group_add: [«0», video, «disk»]",
            "  worker:",
            "    image: shop/api:1.4",
            '    group_add: [«"root"»]',
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: shop/api:1.4",
            "    group_add: [video]",
            "  worker:",
            "    image: shop/api:1.4",
            "    group_add: []",
          ],
        },
      },
      {
        name: "a number that the policy names",
        kind: "host",
        options: { dockerGroups: ["998"] },
        files: {
          "compose.yaml": [
            "services:",
            "  agent:",
            "    image: shop/agent:1.4",
            "    volumes: [/var/run:/var/run]",
            "    group_add: [video, «998»]",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  agent:",
            "    image: shop/agent:1.4",
            "    volumes: [/var/run:/var/run]",
            "    group_add: [video]",
          ],
        },
      },
      {
        name: "the only group of a list",
        kind: "host",
        files: {
          "compose.yaml": ["services:", "  api:", "    image: shop/api:1.4", "    group_add:", "      - «disk»"],
        },
      },
      {
        name: "virtual machines",
        kind: "device",
        files: {
          "compose.yaml": ["services:", "  emulator: {image: 'shop/emulator:3', group_add: [video, «kvm»]}"],
        },
        fixed: { "compose.yaml": ["services:", "  emulator: {image: 'shop/emulator:3', group_add: [video]}"] },
      },
      {
        name: "no socket is mounted",
        kind: "no-effect",
        message: "no effect",
        files: { "compose.yaml": ["services:", "  api: {image: 'shop/api:1.4', group_add: [video, «docker»]}"] },
        fixed: { "compose.yaml": ["services:", "  api: {image: 'shop/api:1.4', group_add: [video]}"] },
      },
    ],
    good: [
      {
        name: "groups for devices, and numbers",
        files: {
          "compose.yaml": [
            "services:",
            "  player: {image: 'shop/player:2', group_add: [video, render, audio, dialout, plugdev, input, 1000, '44']}",
          ],
        },
      },
      {
        name: "a value that nobody knows",
        files: { "compose.yaml": ["services:", "  api: {image: 'shop/api:1.4', group_add: ['${DOCKER_GID}']}"] },
      },
      { name: "no groups", files: { "compose.yaml": ["services:", "  api: {image: 'shop/api:1.4'}"] } },
    ],
  },
});

const HOST_GROUPS: ReadonlySet<string> = new Set([
  "0",
  "root",
  "docker",
  "disk",
  "wheel",
  "sudo",
  "shadow",
  "adm",
  "lxd",
  "libvirt",
]);

function* checkService(
  service: Service,
  { options: { dockerGroups } }: RuleContext<typeof options>,
): Iterable<Finding> {
  for (const item of service.listAt("group_add")) {
    const { value } = item;
    if (value === undefined) continue;
    const isDocker = value === "docker" || dockerGroups.includes(value);
    if (isDocker && !mayReachEngine(service)) {
      yield finding(
        "no-effect",
        `group ${said(item)} has no effect without the engine's socket; drop it`,
        item,
        service,
      );
    } else if (isDocker) {
      yield finding(
        "host",
        `group ${said(item)} is root on the host through the engine's socket; drop it`,
        item,
        service,
      );
    } else if (HOST_GROUPS.has(value)) {
      const what = value === "0" || value === "root" ? "root's" : "for administrators of the host";
      yield finding("host", `group ${said(item)} is ${what}; name the one group that the service needs`, item, service);
    } else if (value === "kvm") {
      yield finding("device", `group ${said(item)} opens the virtual machines of the host; drop it`, item, service);
    }
  }
}

function finding(kind: string, message: string, { range }: Value<string>, service: Service): Finding {
  const edit = itemRemoval(service.at("group_add"), range);
  return {
    kind,
    range,
    message,
    // Unsafe: the service loses rights that it may need.
    fix: edit === undefined ? undefined : { description: "drop the group", safety: "unsafe", edits: [edit] },
  };
}

function said({ text }: Value<string>): string {
  return `\`${text}\``;
}

/** Whether the socket of the engine may be mounted: by its name, with a folder that holds it, or from a place nobody knows. */
function mayReachEngine({ mounts }: Service): boolean {
  return mounts.some(({ type, hostPath, source }) => {
    if (type === "npipe" || type === "unknown") return true;
    if (type !== "bind") return false;
    const path = hostPath ?? source?.value;
    return path === undefined || path.endsWith(".sock") || /^\/(?:var(?:\/run)?|run)?\/?$/.test(path);
  });
}
