import type { Service, Variant } from "../../src/compose/model.js";
import type { Value } from "../../src/compose/node-model.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { quoted } from "../../src/text/quoted.js";
import type { Range } from "../../src/text/source.js";
import {
  containerNameFault,
  hostNameFault,
  keyFault,
  type NameFault,
  projectNameFault,
} from "../../src/values/compose-name.js";

export default defineRule({
  id: "compose/use-valid-names",
  summary: "Names fit their rules",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    invalid: {
      summary: "a name that Compose or the engine refuses",
      aliases: ["dclint:service-container-name-regex"],
    },
    underscore: {
      summary: "the name of a host with `_`",
      levels: { recommended: "info", strict: "warning" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Compose makes names of containers, volumes and hosts from what is written here, and the engine refuses those that do " +
      "not fit: some at the start of the project, some only when the one service is started.",
    "A `_` in the name of a host is not allowed by RFC 1123. Containers reach each other by it, but web frameworks and TLS " +
      "libraries refuse such an address.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/services/#container_name",
    "https://docs.docker.com/reference/compose-file/version-and-name/#name-top-level-element",
    "https://datatracker.ietf.org/doc/html/rfc1123#section-2.1",
  ],
  check: { variant: checkVariant },
  examples: {
    bad: [
      {
        name: "a container",
        kind: "invalid",
        message: "`my app` is not a container name: a blank is not allowed",
        files: {
          "compose.yaml": [
            "services:",
            "  app: {image: 'acme/app:1.4.0', container_name: «\"my app\"»}",
            "  api: {image: 'acme/api:1.4.0', container_name: «_api»}",
            "  db: {image: 'postgres:17.4', container_name: «d»}",
          ],
        },
      },
      {
        name: "services and resources",
        kind: "invalid",
        message: "`my app` is not a service name: a blank is not allowed",
        files: {
          "compose.yaml": [
            "services:",
            "  «my app»: {image: 'acme/app:1.4.0', profiles: [«'@dev'»]}",
            "networks: {«back/end»: }",
            "volumes: {«'pg:data'»: }",
            "secrets: {«to ken»: {file: ./token}}",
            "configs: {«größe»: {file: ./size}}",
            "models: {«llm+»: {model: ai/smollm2}}",
          ],
        },
      },
      {
        name: "the project",
        kind: "invalid",
        message: "`My-Shop` is not a project name: upper case is not allowed",
        files: { "compose.yaml": ["name: «My-Shop»", "services: {app: {image: 'acme/app:1.4.0'}}"] },
        fixed: { "compose.yaml": ["name: my-shop", "services: {app: {image: 'acme/app:1.4.0'}}"] },
      },
      {
        name: "a project that lower case does not mend",
        kind: "invalid",
        message: "`Shop.Dev` is not a project name",
        files: { "compose.yaml": ["name: «Shop.Dev»", "services: {app: {image: 'acme/app:1.4.0'}}"] },
      },
      {
        name: "hosts and labels",
        kind: "invalid",
        message: "`-app` is not a host name: no part begins or ends with `-`",
        files: {
          "compose.yaml": [
            "services:",
            "  app:",
            "    image: acme/app:1.4.0",
            "    hostname: «-app»",
            "    domainname: «example..com»",
            "    networks: {back: {aliases: [«app:8080», app.back]}}",
            "    labels: {«'my label'»: x, my.label: y}",
            "networks: {back: }",
          ],
        },
      },
      {
        name: "underscores in the name of a host",
        kind: "underscore",
        message: "`my_app` is a host name with `_`, which RFC 1123 forbids; use `-`",
        files: {
          "compose.yaml": [
            "services:",
            "  my_app:",
            "    image: acme/app:1.4.0",
            "    hostname: «my_app»",
            "    networks: {back: {aliases: [«the_app»]}}",
            "networks: {back: }",
          ],
        },
      },
    ],
    good: [
      {
        name: "names that fit",
        files: {
          "compose.yaml": [
            "name: my-shop_2",
            "services:",
            "  my_app.v2:",
            "    image: acme/app:1.4.0",
            "    container_name: my-app",
            "    hostname: app.example.com",
            "    profiles: [debug]",
            "    labels: {traefik.http.routers.app.rule: 'Host(`app.example.com`)'}",
            "volumes: {pg_data: }",
          ],
        },
      },
      {
        name: "values that nobody can know",
        files: {
          "compose.yaml": [
            "name: ${PROJECT}",
            "services: {app: {image: 'acme/app:1.4.0', container_name: '${PREFIX} app', hostname: '${HOST}_1'}}",
          ],
        },
      },
      {
        name: "blocks of other tools",
        files: { "compose.yaml": ["x-my app: {a: b}", "services: {app: {image: 'acme/app:1.4.0'}}"] },
      },
    ],
  },
});

function* checkVariant(variant: Variant): Iterable<Finding> {
  const { name, networks, volumes, secrets, configs, models } = variant;
  if (name !== undefined) yield* judgeProject(name);
  for (const section of [networks, volumes, secrets, configs, models]) {
    for (const { kind, name: key, keyRange } of section.values()) {
      if (!key.startsWith("x-")) yield* invalid(key, keyRange, `${kind} name`, keyFault(key));
    }
  }
  for (const service of variant.services.values()) yield* judgeService(service);
}

function* judgeService(service: Service): Iterable<Finding> {
  const { name, keyRange, node, hasProvider } = service;
  const { entries } = node;
  if (!name.startsWith("x-")) yield* invalid(name, keyRange, "service name", keyFault(name));
  if (hasProvider) return;
  if (entries.has("container_name"))
    yield* judge(service.valueAt("container_name"), "container name", containerNameFault);
  if (entries.has("hostname")) yield* judgeHost(service.valueAt("hostname"));
  if (entries.has("domainname")) yield* judgeHost(service.valueAt("domainname"));
  if (entries.has("profiles")) {
    for (const profile of service.profiles) yield* judge(profile, "profile", profileFault);
  }
  if (entries.has("networks")) {
    for (const { aliases } of service.networks) for (const alias of aliases) yield* judgeHost(alias);
  }
  if (entries.has("labels")) {
    for (const { key, keyRange: range } of service.labels.entries) {
      const isBlank = key.includes(" ") && !key.includes("$");
      if (isBlank) yield* invalid(key, range, "label key", "a blank is not allowed");
    }
  }
}

/** `*` stands for all profiles where they are switched on; one character is enough. */
function profileFault(name: string): NameFault {
  return name.length === 1 ? containerNameFault(`${name}0`) : containerNameFault(name);
}

function* judgeProject(name: Value<string>): Iterable<Finding> {
  const fault = name.value === undefined || name.isSecret ? undefined : projectNameFault(name.value);
  if (name.value === undefined || fault === undefined) return;
  const lower = name.value.toLowerCase();
  const isPlain = name.range.source.slice(name.range) === name.value;
  const fix: Fix | undefined =
    isPlain && projectNameFault(lower) === undefined
      ? { description: "use lower case", safety: "safe", edits: [{ range: name.range, text: lower }] }
      : undefined;
  for (const finding of invalid(name.text, name.range, "project name", fault)) yield { ...finding, fix };
}

function* judgeHost(value: Value<string> | undefined): Iterable<Finding> {
  if (value?.value === undefined || value.isSecret) return;
  yield* judge(value, "host name", hostNameFault);
  if (!value.value.includes("_") || hostNameFault(value.value) !== undefined) return;
  const message = `${quoted(value.text)} is a host name with \`_\`, which RFC 1123 forbids; use \`-\``;
  yield { kind: "underscore", range: value.range, message };
}

function* judge(
  value: Value<string> | undefined,
  what: string,
  faultOf: (name: string) => NameFault,
): Iterable<Finding> {
  // What an env file says is not shown, not even the character that is wrong with it.
  if (value?.value === undefined || value.isSecret) return;
  yield* invalid(value.text, value.range, what, faultOf(value.value));
}

function* invalid(name: string, range: Range, what: string, fault: NameFault): Iterable<Finding> {
  if (fault !== undefined) yield { kind: "invalid", range, message: `${quoted(name)} is not a ${what}: ${fault}` };
}
