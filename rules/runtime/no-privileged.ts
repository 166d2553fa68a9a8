import type { Service } from "../../src/compose/model.js";
import type { Value } from "../../src/compose/node-model.js";
import { booleanValue, itemsAt, leafAt } from "../../src/compose/values-of-nodes.js";
import { NESTED_ENGINES, programSet } from "../../src/data/host-programs.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import type { Project } from "../../src/project/model.js";
import { imageNameOf, isNamedBy, runsOneOf } from "../../src/project/service-program.js";
import { keyRemoval } from "../../src/project/service-settings.js";

const options = {
  allow: option.map({
    default: {},
    description: "Services or images that may run privileged, each with the reason.",
  }),
};

export default defineRule({
  id: "runtime/no-privileged",
  summary: "Nothing runs privileged",
  levels: { recommended: ["error", "warning"], checklist: ["error", "warning"], strict: "error" },
  kinds: {
    service: {
      summary: "a service runs privileged",
      aliases: [
        "kics:privileged-containers-enabled",
        "kics:ae5b6871-7f45-42e0-bb4c-ab300c4d2026",
        "semgrep:privileged-service",
        "compose-lint:CL-0002",
      ],
    },
    hook: { summary: "a command around the life of a container runs privileged" },
    agent: {
      summary: "an engine inside of a container, in development, test or CI",
      levels: { recommended: "info", checklist: "info" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A privileged container has every capability, every device and no confinement: who breaks into the process mounts the " +
      "disk of the host and owns the machine a moment later.",
    "What it is set for is most often one capability, or one device.",
  ],
  references: [
    "https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities",
    "https://docs.docker.com/reference/compose-file/services/#privileged",
    "CIS 5.5",
    "CIS 5.23",
    "CWE-250",
    "OWASP #3",
  ],
  securitySeverity: 9.1,
  options,
  mentions: { compose: ["privileged"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "a service",
        kind: "service",
        message: "`worker` runs privileged, which is root on the host",
        files: {
          "compose.yaml": [
            "services:",
            "  worker:",
            "    image: app:1.4.2",
            "    privileged: «true»",
            "    init: true",
          ],
        },
        fixed: { "compose.yaml": ["services:", "  worker:", "    image: app:1.4.2", "    init: true"] },
      },
      {
        name: "for a tunnel, and for a device",
        kind: "service",
        message: "`NET_ADMIN`",
        files: {
          "compose.yaml": [
            "services:",
            "  vpn: {image: 'acme/vpn:1', privileged: «true», devices: [/dev/net/tun]}",
            "  home: {image: 'homeassistant/home-assistant:2025.1', privileged: «yes», devices: [/dev/ttyUSB0]}",
          ],
        },
      },
      {
        name: "in development",
        kind: "service",
        severity: "warning",
        preset: "recommended",
        files: { "compose.dev.yaml": ["services:", "  worker: {image: 'app:1.4.2', privileged: «true»}"] },
      },
      {
        name: "written once, for two services",
        kind: "service",
        files: {
          "compose.yaml": [
            "x-base: &base",
            "  image: app:1.4.2",
            "  privileged: «true»",
            "services:",
            "  api:",
            "    <<: *base",
            "  worker:",
            "    <<: *base",
          ],
        },
      },
      {
        name: "an override grants it",
        kind: "service",
        files: {
          "compose.yaml": ["services:", "  worker:", "    image: app:1.4.2"],
          "compose.override.yaml": ["services:", "  worker:", "    privileged: «true»"],
        },
      },
      {
        name: "by a variable with a default",
        kind: "service",
        files: { "compose.yaml": ["services:", "  worker: {image: 'app:1.4.2', privileged: «'${PRIVILEGED:-true}'»}"] },
      },
      {
        name: "hooks, and a command of watch",
        kind: "hook",
        message: "`post_start`",
        files: {
          "compose.yaml": [
            "services:",
            "  worker:",
            "    image: app:1.4.2",
            "    post_start:",
            "      - { command: ./mount.sh, privileged: «true» }",
            "    pre_stop:",
            "      - { command: ./unmount.sh, privileged: «true» }",
            "    develop:",
            "      watch:",
            "        - { path: ./src, action: sync+exec, target: /src, exec: { command: ./reload, privileged: «true» } }",
          ],
        },
      },
      {
        name: "an engine inside of a container, for tests",
        kind: "agent",
        preset: "recommended",
        severity: "info",
        files: {
          "compose.test.yaml": [
            "services:",
            "  docker: {image: 'docker:27.3-dind', privileged: «true»}",
            "  cluster: {image: 'rancher/k3s:v1.31.2-k3s1', privileged: «true»}",
          ],
        },
      },
      {
        name: "an engine inside of a container, in production",
        kind: "service",
        files: { "compose.prod.yaml": ["services:", "  docker: {image: 'docker:27.3-dind', privileged: «true»}"] },
      },
    ],
    good: [
      {
        name: "one capability",
        files: { "compose.yaml": ["services:", "  worker: {image: 'app:1.4.2', cap_add: [NET_ADMIN]}"] },
      },
      {
        name: "switched off",
        files: { "compose.yaml": ["services:", "  worker: {image: 'app:1.4.2', privileged: false}"] },
      },
      {
        name: "a value that nobody knows",
        files: { "compose.yaml": ["services:", "  worker: {image: 'app:1.4.2', privileged: '${PRIVILEGED}'}"] },
      },
      {
        name: "an override takes it away",
        files: {
          "compose.yaml": ["services:", "  worker: {image: 'app:1.4.2', privileged: true}"],
          "compose.override.yaml": ["services:", "  worker: {privileged: false}"],
        },
      },
      {
        name: "what the policy allows, by service and by image",
        options: { allow: { docker: "builds images", "docker.io/acme/*": "writes firmware" } },
        files: {
          "compose.yaml": [
            "services:",
            "  docker: {image: 'docker:27.3-dind', privileged: true}",
            "  flash: {image: 'acme/flash:1', privileged: true}",
          ],
        },
      },
      {
        name: "the build is another rule's",
        files: {
          Dockerfile: ["FROM debian:12-slim"],
          "compose.yaml": ["services:", "  worker: {build: {context: ., privileged: true}}"],
        },
      },
    ],
  },
});

type Context = RuleContext<typeof options>;

function* checkService(service: Service, { options: { allow }, project, role }: Context): Iterable<Finding> {
  const own = service.booleanAt("privileged");
  const hooks = [...privilegedHooks(service)];
  if (own?.value !== true && hooks.length === 0) return;
  if (service.hasProvider || isNamedBy([...allow.keys()], service, project)) return;
  if (own?.value === true) {
    const isAgent = role.name !== "production" && runsEngine(service, project);
    const edit = keyRemoval(service, "privileged");
    yield {
      kind: isAgent ? "agent" : "service",
      range: own.range,
      message: `\`${service.name}\` runs privileged, which is root on the host; ${remedyFor(service)}`,
      // Unsafe: what the service needed it for has to be granted by name.
      fix: edit === undefined ? undefined : { description: "drop `privileged`", safety: "unsafe", edits: [edit] },
    };
  }
  for (const { phase, privileged } of hooks) {
    const message = `\`${phase}\` of \`${service.name}\` runs privileged, which is root on the host; drop it`;
    yield { kind: "hook", range: privileged.range, message };
  }
}

interface PrivilegedHook {
  readonly phase: string;
  readonly privileged: Value<boolean>;
}

function* privilegedHooks(service: Service): Iterable<PrivilegedHook> {
  for (const { phase, privileged } of service.hooks) if (privileged?.value === true) yield { phase, privileged };
  for (const item of itemsAt(service.node, "develop", "watch")) {
    const privileged = leafAt(item, ["exec", "privileged"], booleanValue);
    if (privileged?.value === true) yield { phase: "watch", privileged };
  }
}

function runsEngine(service: Service, project: Project): boolean {
  if (runsOneOf(programSet(NESTED_ENGINES), service, project)) return true;
  const image = imageNameOf(service, project);
  return image?.familiarName === "docker" && image.tag?.includes("dind") === true;
}

function remedyFor({ devices }: Service): string {
  if (devices.some(({ source }) => source?.value === "/dev/net/tun")) return "add the capability `NET_ADMIN` instead";
  if (devices.length > 0) return "its `devices` may be enough";
  return "grant the one thing that it needs";
}
