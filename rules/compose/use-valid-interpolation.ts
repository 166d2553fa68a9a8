import type { InterpolationProblem, ScalarNode, VariableUse } from "../../src/compose/node-model.js";
import { booleanOf, numberOf } from "../../src/compose/scalar-type.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { type VariableScalar, valueKindAt, variableScalars } from "../../src/project/variable-scalars.js";
import { quoted } from "../../src/text/quoted.js";
import { textOf } from "../../src/text/source.js";

export default defineRule({
  id: "compose/use-valid-interpolation",
  summary: "Every `$` can be read",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  kinds: {
    invalid: { summary: "a `${…}` that Compose cannot read" },
    cast: { summary: "a default that is not what its place asks for" },
    "no-message": {
      summary: "a required variable that does not say what it is for",
      levels: { recommended: "info", checklist: "info", strict: "warning" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Compose puts variables into every value before anything else happens, and knows six operators only. It refuses a file " +
      "with anything else after `${`, such as what shells can do with a variable.",
    "`${X:?}` stops the start when `X` is not set. The text behind it is all that whoever starts the project gets to read.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/interpolation/",
    "https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/",
  ],
  mentions: { compose: ["$"] },
  check: {
    *composeFile({ documents, source }) {
      if (!source.text.includes("$")) return;
      const seen = new Set<number>();
      for (const document of documents) {
        for (const scalar of variableScalars(document)) {
          // Aliases bring a scalar to several places.
          if (seen.has(scalar.node.range.start)) continue;
          seen.add(scalar.node.range.start);
          yield* judge(scalar);
        }
      }
    },
  },
  examples: {
    bad: [
      {
        name: "operators of a shell",
        kind: "invalid",
        message: "`${VERSION/v/}` is shell, not Compose; Compose knows `:-`, `:?` and `:+`",
        files: {
          "compose.yaml": [
            "x-labels: &labels {version: '«${VERSION/v/}»'}",
            "services:",
            "  app:",
            '    image: "app:«${TAG%%-*}»"',
            '    hostname: "«${NAME:0:7}»-${ZONE:-eu}"',
            "    labels: *labels",
          ],
        },
      },
      {
        name: "names that are none",
        kind: "invalid",
        message: "has no variable name",
        files: {
          "compose.yaml": [
            "services:",
            "  app:",
            "    image: 'app:«${1}»'",
            "    hostname: '«${}»'",
            "    domainname: '«${ DOMAIN }»'",
            "    user: '«${UID»'",
          ],
        },
      },
      {
        name: "in code for the shell of the container",
        kind: "invalid",
        message: "double the dollar for the shell of the container",
        files: {
          "compose.yaml": [
            "services:",
            "  app:",
            "    image: acme/app:1.4.0",
            "    command: sh -c 'echo «${FILE##*/}» $$HOME'",
            "    healthcheck: {test: ['CMD-SHELL', 'test -n \"«${HOSTNAME%%.*}»\"']}",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  app:",
            "    image: acme/app:1.4.0",
            "    command: sh -c 'echo $${FILE##*/} $$HOME'",
            "    healthcheck: {test: ['CMD-SHELL', 'test -n \"$${HOSTNAME%%.*}\"']}",
          ],
        },
      },
      {
        name: "a pattern in a label",
        kind: "invalid",
        message: "the `${` is never closed; double the dollar to keep it as it is",
        files: {
          "compose.yaml": ["services:", "  app: {image: 'acme/app:1.4.0', labels: ['rule=^/api«${»']}"],
        },
        fixed: {
          "compose.yaml": ["services:", "  app: {image: 'acme/app:1.4.0', labels: ['rule=^/api$${']}"],
        },
      },
      {
        name: "defaults of the wrong kind",
        kind: "cast",
        message: "`${DEBUG_TTY:-maybe}` gives `maybe`, which is neither true nor false",
        files: {
          "compose.yaml": [
            "services:",
            "  app:",
            "    image: acme/app:1.4.0",
            "    tty: «${DEBUG_TTY:-maybe}»",
            "    deploy: {replicas: «'${REPLICAS:-two}'»}",
            "    healthcheck: {retries: «'${RETRIES:-}'»}",
          ],
        },
      },
      {
        name: "required without a word",
        kind: "no-message",
        message: "`${TAG:?}` stops without saying why; add a text, as in `${TAG:?set TAG}`",
        files: {
          "compose.yaml": ["services:", "  app: {image: 'acme/app:«${TAG:?}»', user: '«${APP_UID?}»'}"],
        },
      },
    ],
    good: [
      {
        name: "all that Compose can read",
        files: {
          "compose.yaml": [
            "services:",
            "  app:",
            '    image: "${REGISTRY:-docker.io}/app:${TAG:?set TAG}"',
            "    hostname: ${NAME-app}",
            "    user: ${APP_USER:-${APP_UID:-1000}}",
            "    domainname: $DOMAIN",
            "    labels: {debug: '${DEBUG:+yes}'}",
            "    tty: ${TTY:-off}",
            "    deploy: {replicas: '${REPLICAS:-2}'}",
          ],
        },
      },
      {
        name: "dollars that stand for themselves",
        files: {
          "compose.yaml": [
            "services:",
            "  app:",
            "    image: acme/app:1.4.0",
            "    labels: {price: '5$', rule: '^/api/.*$', sum: '$((1 + 2))', one: '$1'}",
            "    command: sh -c 'echo $${FILE##*/} $$(date)'",
            "    # ${NOT%%read}",
          ],
        },
      },
      {
        name: "values that nobody can know",
        files: { "compose.yaml": ["services: {app: {image: 'app:1.4.0', tty: '${TTY}', cpus: '${CPUS:?set CPUS}'}}"] },
      },
    ],
  },
});

function* judge({ node, path }: VariableScalar): Iterable<Finding> {
  for (const problem of node.problems) yield invalid(problem, path);
  for (const use of node.uses) if (isSilentStop(use)) yield noMessage(use);
  const fault = castFault(node, path);
  if (fault !== undefined) yield { kind: "cast", range: node.range, message: fault };
}

function invalid({ range, message }: InterpolationProblem, path: readonly string[]): Finding {
  const reader = readerOf(path);
  const fix: Fix | undefined =
    reader === undefined
      ? undefined
      : {
          description: "double the dollar",
          safety: reader === "shell" ? "safe" : "unsafe",
          edits: [{ range: range.source.range(range.start, range.start), text: "$" }],
        };
  const remedy =
    reader !== undefined
      ? `double the dollar ${reader === "shell" ? "for the shell of the container" : "to keep it as it is"}`
      : message.endsWith("is shell, not Compose")
        ? "Compose knows `:-`, `:?` and `:+`"
        : "write `${NAME}`, or `$$` for a dollar";
  return { kind: "invalid", range, message: `${message}; ${remedy}`, fix };
}

/** Who else reads a `$` of this place: the shell of the container, or a program that reads labels. */
function readerOf([section, , key, inner]: readonly string[]): "shell" | "labels" | undefined {
  if (section !== "services") return undefined;
  if (key === "command" || key === "entrypoint" || (key === "healthcheck" && inner === "test")) return "shell";
  return key === "labels" ? "labels" : undefined;
}

function isSilentStop({ operator, argument }: VariableUse): boolean {
  return (operator === ":?" || operator === "?") && argument === "";
}

function noMessage({ name, operator, range }: VariableUse): Finding {
  const message = `${quoted(textOf(range))} stops without saying why; add a text, as in \`\${${name}${operator}set ${name}}\``;
  return { kind: "no-message", range, message };
}

function castFault(node: ScalarNode, path: readonly string[]): string | undefined {
  const kind = valueKindAt(path);
  if (kind !== "boolean" && kind !== "number") return undefined;
  if (node.uses.length === 0 || (node.certainty !== "known" && node.certainty !== "defaulted")) return undefined;
  const isRead = kind === "boolean" ? booleanOf(node.resolved) !== undefined : numberOf(node.resolved) !== undefined;
  if (isRead) return undefined;
  const written = node.written === undefined ? node.text : node.written.text;
  const what = kind === "boolean" ? "neither true nor false" : "not a number";
  if (node.isSecret) return `what ${quoted(written)} gives is ${what}; correct it where it is set`;
  const given = node.resolved === "" ? "gives nothing" : `gives ${quoted(node.resolved)}`;
  return `${quoted(written)} ${given}, which is ${what}; correct the default`;
}
