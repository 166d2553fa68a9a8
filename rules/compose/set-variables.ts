import type { Variant } from "../../src/compose/model.js";
import type { ScalarNode, VariableUse } from "../../src/compose/node-model.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import { type ValueKind, valueKindAt, variableScalars } from "../../src/project/variable-scalars.js";
import { quoted } from "../../src/text/quoted.js";
import { textOf } from "../../src/text/source.js";

export default defineRule({
  id: "compose/set-variables",
  summary: "Variables have a value or a default",
  levels: { recommended: "warning", checklist: "warning", strict: "warning" },
  kinds: {
    breaks: { summary: "a value that makes no sense while the variable is empty" },
    empty: {
      summary: "any other value",
      levels: { recommended: "off", checklist: "off", strict: "info" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Compose takes a variable that is not set for an empty text, warns, and goes on: `app:${TAG}` becomes `app:`, and " +
      "`${DATA}/db` becomes the folder `/db` of the host. A default says what a fresh clone runs; `${TAG:?…}` stops instead.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/interpolation/",
    "https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/",
  ],
  yieldsTo: ["compose/escape-dollar"],
  mentions: { compose: ["$"] },
  check: { variant: checkVariant },
  examples: {
    bad: [
      {
        name: "the tag of an image",
        kind: "breaks",
        severity: "warning",
        message: "without `TAG`, the image becomes `app:`; set it, or give it a default",
        files: {
          ".env.example": ["REGISTRY=docker.io"],
          "compose.yaml": ["services:", '  app: {image: "app:«${TAG}»"}'],
        },
        fixed: {
          ".env.example": ["REGISTRY=docker.io"],
          "compose.yaml": ["services:", '  app: {image: "app:${TAG:?TAG is not set}"}'],
        },
      },
      {
        name: "ports, mounts, paths, numbers and names",
        kind: "breaks",
        message: "without `FOLDER`, the path becomes `./`; set it, or give it a default",
        files: {
          ".env.example": ["REGISTRY=docker.io"],
          "compose.yaml": [
            "services:",
            "  app:",
            "    build: ./«$FOLDER»",
            "    ports: ['«${PORT}»:80']",
            "    volumes: ['«${DATA}»/db:/var/lib/db']",
            "    mem_limit: «${MEMORY}»",
            "    container_name: shop-«${ZONE}»",
            "    healthcheck: {test: 'curl -f http://«${HEALTH_HOST}»/', interval: '«${EVERY}»'}",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  app:",
            "    build: ./${FOLDER:?FOLDER is not set}",
            "    ports: ['${PORT:?PORT is not set}:80']",
            "    volumes: ['${DATA:?DATA is not set}/db:/var/lib/db']",
            "    mem_limit: ${MEMORY:?MEMORY is not set}",
            "    container_name: shop-${ZONE:?ZONE is not set}",
            "    healthcheck: {test: 'curl -f http://${HEALTH_HOST:?HEALTH_HOST is not set}/', interval: '${EVERY:?EVERY is not set}'}",
          ],
        },
      },
      {
        name: "a repository that names no variables anywhere",
        kind: "breaks",
        severity: "info",
        message: "without `IMAGE`, the image is empty",
        files: { "compose.yaml": ["services:", "  app: {image: '«${IMAGE}»'}"] },
        fixed: { "compose.yaml": ["services:", "  app: {image: '${IMAGE:?IMAGE is not set}'}"] },
      },
      {
        name: "an env file that git ignores, so that nobody knows what is in it",
        kind: "breaks",
        severity: "info",
        files: {
          ".git/HEAD": "ref: refs/heads/main\n",
          ".gitignore": [".env"],
          ".env": ["TAG=1.4.0"],
          "compose.yaml": ["services:", '  app: {image: "app:«${TAG}»"}'],
        },
        fixed: { "compose.yaml": ["services:", '  app: {image: "app:${TAG:?TAG is not set}"}'] },
      },
      {
        name: "where any text will do",
        kind: "empty",
        message: "`DOMAIN` is not set anywhere",
        files: {
          "compose.yaml": [
            "services:",
            "  app: {image: 'acme/app:1.4.0', labels: {domain: '«${DOMAIN}»'}, hostname: '«$HOST_NAME»'}",
          ],
        },
      },
    ],
    good: [
      {
        name: "a default, a message, a value beside the file",
        files: {
          ".env": ["TAG=1.4.0"],
          ".env.example": ["PORT=8080"],
          "compose.yaml": [
            "services:",
            "  app:",
            '    image: "${REGISTRY:-docker.io}/app:${TAG}"',
            "    ports: ['${PORT}:80']",
            "    mem_limit: ${MEMORY:?set MEMORY}",
            "    hostname: ${COMPOSE_PROJECT_NAME}",
          ],
        },
      },
      {
        name: "passed on to the container and to the build",
        files: {
          "compose.yaml": [
            "services:",
            "  app:",
            "    build: {context: ., args: {VERSION: '${VERSION}'}}",
            "    environment: ['TOKEN=${TOKEN}', 'URL=https://${HOST}/']",
          ],
        },
      },
      {
        name: "what every shell and CI system sets, and what the policy names",
        policy: { compose: { env: ["TAG"] } },
        files: {
          "compose.yaml": [
            "services:",
            "  app:",
            "    image: app:${TAG}",
            "    build: $PWD/app",
            "    user: $UID:$GID",
            "    volumes: ['${HOME}/.cache:/cache', '$SSH_AUTH_SOCK:/agent']",
            "    container_name: app-${CI_JOB_ID}-${GITHUB_RUN_ID}",
          ],
        },
      },
      {
        name: "an override that replaces the value",
        files: {
          "compose.yaml": ["services: {app: {image: 'app:${TAG}'}}"],
          "compose.override.yaml": ["services: {app: {image: 'app:1.4.0'}}"],
        },
      },
      {
        name: "a block that nothing uses",
        files: { "compose.yaml": ["x-app: {image: 'app:${TAG}'}", "services: {app: {image: 'app:1.4.0'}}"] },
      },
    ],
  },
});

function* checkVariant({ tree, project }: Variant): Iterable<Finding> {
  const { knownVariables } = project;
  for (const { key, value } of tree.entries.values()) {
    if (key.startsWith("x-")) continue;
    for (const { node, path } of variableScalars(value, [key])) {
      if (isPassedOn(path)) continue;
      for (const use of node.uses) {
        if (use.operator !== "" || use.outcome !== "unset" || isSetOutside(use.name)) continue;
        if (knownVariables.has(use.name)) continue;
        const kind = valueKindAt(path) ?? (isHost(node, use) ? "host" : undefined);
        const finding = kind === undefined ? empty(use) : breaks(use, node, kind);
        // Where no file names any variable, all of them come from outside: there is nothing that one could be missing from.
        yield knownVariables.size > 0 ? finding : { ...finding, atMost: "info" };
      }
    }
  }
}

/** Values that the container or the build gets as they are: to pass on nothing is normal there. */
function isPassedOn([section, , key, inner]: readonly string[]): boolean {
  if (section !== "services") return false;
  return key === "environment" || (key === "build" && inner === "args");
}

const OUTSIDE: ReadonlySet<string> = new Set([
  "COMPOSE_PROJECT_NAME",
  "HOME",
  "USER",
  "UID",
  "GID",
  "PWD",
  "TZ",
  "HOSTNAME",
  "LANG",
  "DISPLAY",
  "XDG_RUNTIME_DIR",
  "SSH_AUTH_SOCK",
  "DOCKER_HOST",
]);

function isSetOutside(name: string): boolean {
  return OUTSIDE.has(name) || name.startsWith("CI") || name.startsWith("GITHUB_") || name.startsWith("GITLAB_");
}

function isHost({ text }: ScalarNode, { range }: VariableUse): boolean {
  return text.includes("://") && text.includes(`://${textOf(range)}`);
}

const NOUNS: Readonly<Record<ValueKind | "host", string>> = {
  boolean: "the truth value",
  number: "the number",
  duration: "the duration",
  size: "the size",
  image: "the image",
  port: "the port",
  mount: "the mount",
  path: "the path",
  name: "the name",
  host: "the text",
};

function breaks({ name, range }: VariableUse, node: ScalarNode, kind: ValueKind | "host"): Finding {
  // What env files set stands in `text` as it is written, and is never put in.
  let rest = node.text;
  for (const use of node.uses) if (use.outcome === "unset") rest = rest.replace(textOf(use.range), "");
  const result = rest.trim() === "" ? "is empty" : `becomes ${quoted(rest)}`;
  return {
    kind: "breaks",
    range,
    message: `without \`${name}\`, ${NOUNS[kind]} ${result}; set it, or give it a default`,
    fix: {
      description: `stop when \`${name}\` is not set`,
      safety: "unsafe",
      edits: [{ range, text: `\${${name}:?${name} is not set}` }],
    },
  };
}

function empty({ name, range }: VariableUse): Finding {
  return {
    kind: "empty",
    range,
    message: `\`${name}\` is not set anywhere; give it a default, or name it in \`.env.example\``,
  };
}
