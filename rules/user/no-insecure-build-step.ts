import type { Service } from "../../src/compose/model.js";
import type { Value } from "../../src/compose/node-model.js";
import type { Flag, RunInstruction } from "../../src/dockerfile/model.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import type { RunView, StageView } from "../../src/project/model.js";
import { triggerRuns } from "../../src/project/trigger-runs.js";

type Permission = "security" | "network" | "device";

const PERMISSIONS: readonly Permission[] = ["security", "network", "device"];

const options = {
  allow: option.custom<readonly Permission[]>({
    default: [],
    description: "What build steps may ask for: `security`, `network` or `device`.",
    schema: { type: "array", items: { type: "string", enum: PERMISSIONS }, default: [] },
    read: (written) =>
      Array.isArray(written) ? PERMISSIONS.filter((permission) => written.includes(permission)) : undefined,
  }),
};

export default defineRule({
  id: "user/no-insecure-build-step",
  summary: "Build steps run in the sandbox",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    security: { summary: "A step runs with the rights of a privileged container" },
    network: { summary: "A step runs in the network of the build host" },
    device: {
      summary: "A step gets a device of the build host",
      levels: { recommended: "info", strict: "info" },
    },
    compose: { summary: "A Compose file opens the sandbox for all steps of a build" },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A step of a build runs code that was downloaded a moment ago. Outside of the sandbox that code can load kernel modules, " +
      "reach services which listen on the build host alone, or read its devices, and so take over every other build there.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#run---security",
    "https://docs.docker.com/reference/dockerfile/#run---network",
    "https://docs.docker.com/reference/compose-file/build/#entitlements",
    "CWE-250",
  ],
  securitySeverity: 7,
  options,
  mentions: {
    dockerfile: ["--security", "--network", "--device"],
    compose: ["privileged", "network", "entitlements"],
  },
  check: { stage: checkStage, service: checkService },
  examples: {
    bad: [
      {
        name: "a privileged step",
        kind: "security",
        message: "`--security=insecure`",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN «--security=insecure» ./setup"] },
        fixed: { Dockerfile: ["FROM debian:12-slim", "RUN ./setup"] },
      },
      {
        name: "the network of the host, in a value from ARG",
        kind: "network",
        files: {
          Dockerfile: ["FROM debian:12-slim", "ARG NET=host", "RUN --mount=type=cache,target=/c «--network=$NET» make"],
        },
        fixed: {
          Dockerfile: ["FROM debian:12-slim", "ARG NET=host", "RUN --mount=type=cache,target=/c make"],
        },
      },
      {
        name: "a device, and a line break behind the flag",
        kind: "device",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN «--device=nvidia.com/gpu» \\", "    ./train"] },
        fixed: { Dockerfile: ["FROM debian:12-slim", "RUN \\", "    ./train"] },
      },
      {
        name: "for images that build on this one",
        kind: "network",
        files: { Dockerfile: ["FROM debian:12-slim", "ONBUILD RUN «--network=host» make"] },
        fixed: { Dockerfile: ["FROM debian:12-slim", "ONBUILD RUN make"] },
      },
      {
        name: "keys of a Compose build",
        kind: "compose",
        files: {
          Dockerfile: ["FROM debian:12-slim"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      privileged: «true»",
            "      network: «host»",
            "      entitlements: [«security.insecure», «network.host», «device»]",
          ],
        },
      },
      {
        name: "only the network is allowed",
        kind: "compose",
        options: { allow: ["network"] },
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN --network=host make"],
          "compose.yaml": [
            "services:",
            "  api: {build: {context: ., network: host, entitlements: [network.host, «security.insecure»]}}",
          ],
        },
      },
    ],
    good: [
      {
        name: "inside of the sandbox",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN --security=sandbox --network=none make",
            "RUN --network=default make",
          ],
        },
      },
      {
        name: "what the policy allows",
        options: { allow: ["security", "device"] },
        files: { Dockerfile: ["FROM debian:12-slim", "RUN --security=insecure --device=nvidia.com/gpu ./train"] },
      },
      {
        name: "a value that nobody knows",
        files: { Dockerfile: ["FROM debian:12-slim", "ARG NET", "RUN --network=$NET make"] },
      },
      {
        name: "a build without more rights",
        files: {
          Dockerfile: ["FROM debian:12-slim"],
          "compose.yaml": [
            "services:",
            "  api: {build: {context: ., privileged: false, network: none}}",
            "  web: {image: 'nginx:1.27.4', network_mode: host, privileged: true}",
          ],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView, { options: { allow } }: RuleContext<typeof options>): Iterable<Finding> {
  for (const run of [...stage.runs, ...triggerRuns(stage)]) {
    for (const flag of run.instruction.flags) {
      const asked = permissionOf(flag, run);
      if (asked === undefined || allow.includes(asked.permission)) continue;
      yield {
        kind: asked.permission,
        range: flag.range,
        message: `\`--${flag.name}=${asked.value}\` ${EFFECTS[asked.permission]}; drop it, or keep it to a builder of its own`,
        // Unsafe: the step may need what the flag gives.
        fix: dropFlag(flag, run.instruction),
      };
    }
  }
}

const EFFECTS = {
  security: "runs this step like a privileged container",
  network: "puts this step into the network of the build host",
  device: "gives this step a device of the build host",
} as const satisfies Record<Permission, string>;

function permissionOf(
  { name, value }: Flag,
  { step }: RunView,
): { readonly permission: Permission; readonly value: string } | undefined {
  if (value === undefined || (name !== "security" && name !== "network" && name !== "device")) return undefined;
  const known = step.expand(value);
  if (known.kind !== "known") return undefined;
  if (name === "security" && known.value !== "insecure") return undefined;
  if (name === "network" && known.value !== "host") return undefined;
  return { permission: name, value: known.value };
}

function dropFlag(flag: Flag, { argumentsRange }: RunInstruction): Fix {
  const { source, start, end } = flag.range;
  const blanks = /^[ \t]*/.exec(source.text.slice(end, argumentsRange.end))?.[0].length ?? 0;
  return {
    description: `drop \`--${flag.name}\``,
    safety: "unsafe",
    edits: [{ range: source.range(start, end + blanks), text: "" }],
  };
}

const ENTITLEMENTS: ReadonlyMap<string, Permission> = new Map([
  ["security.insecure", "security"],
  ["network.host", "network"],
  ["device", "device"],
]);

function* checkService({ build }: Service, { options: { allow } }: RuleContext<typeof options>): Iterable<Finding> {
  if (build === undefined) return;
  const { privileged, network, entitlements } = build;
  if (privileged?.value === true && !allow.includes("security")) {
    yield composeFinding(privileged, "`build.privileged` runs every step of the build with the rights of the host");
  }
  if (network?.value === "host" && !allow.includes("network")) {
    yield composeFinding(network, "`build.network: host` puts every step into the network of the build host");
  }
  for (const entitlement of entitlements) {
    const name = entitlement.value?.split("=")[0] ?? "";
    const permission = ENTITLEMENTS.get(name);
    if (permission === undefined || allow.includes(permission)) continue;
    yield composeFinding(entitlement, `\`${name}\` lets steps of the build leave the sandbox`);
  }
}

function composeFinding({ range }: Value<unknown>, fact: string): Finding {
  return { kind: "compose", range, message: `${fact}; drop it` };
}
