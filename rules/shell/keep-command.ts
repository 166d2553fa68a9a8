import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type RuleContext } from "../../src/engine/rule.js";
import { imageCommandOf } from "../../src/project/image-commands.js";
import { shellKindOfName } from "../../src/shell/shell-kind.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "shell/keep-command",
  summary: "Replacing the entrypoint keeps a command",
  levels: { recommended: ["info", "off"], strict: ["warning", "info"] },
  kinds: {
    dropped: { summary: "the command of the image goes with its entrypoint" },
    "nothing-to-run": {
      summary: "neither entrypoint nor command is left",
      levels: { recommended: "error", strict: "error" },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    '`entrypoint` in a Compose file also takes the CMD of the image away, without a word. A script that ends in `exec "$@"` then has ' +
      "nothing to hand over to, and the container ends at once or runs something else than the image.",
  ],
  references: ["https://docs.docker.com/reference/compose-file/services/#entrypoint"],
  mentions: { compose: ["entrypoint"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "the command of the Dockerfile is lost",
        kind: "dropped",
        files: {
          Dockerfile: ["FROM node:24.11.0", 'CMD ["node", "server.js"]'],
          "compose.yaml": ["services:", "  api:", "    build: .", '    «entrypoint»: ["/init.sh"]'],
        },
        message: '`entrypoint` drops `CMD ["node", "server.js"]` of the image',
      },
      {
        name: "the command of a known image is lost",
        kind: "dropped",
        files: {
          "compose.yaml": ["services:", "  db:", "    image: postgres:17.6", "    «entrypoint»: /wait-for-disk.sh"],
        },
      },
      {
        name: "nothing is left",
        kind: "nothing-to-run",
        files: {
          Dockerfile: ["FROM scratch", "COPY server /server", 'ENTRYPOINT ["/server"]'],
          "compose.yaml": ["services:", "  api:", "    build: .", '    «entrypoint»: ""'],
        },
      },
    ],
    good: [
      {
        name: "a command beside it",
        files: {
          Dockerfile: ["FROM node:24.11.0", 'CMD ["node", "server.js"]'],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            '    entrypoint: ["/init.sh"]',
            '    command: ["node", "server.js"]',
          ],
        },
      },
      {
        name: "the entrypoint says it all",
        files: {
          Dockerfile: ["FROM node:24.11.0", 'CMD ["node", "server.js"]'],
          "compose.yaml": [
            "services:",
            "  idle:",
            "    build: .",
            '    entrypoint: ["sleep", "infinity"]',
            "  api:",
            "    build: .",
            "    entrypoint: node server.js --verbose",
            "  person:",
            "    build: .",
            "    entrypoint: /bin/bash",
            "  shell:",
            "    build: .",
            '    entrypoint: ["sh", "-c", "exec node server.js"]',
          ],
        },
      },
      {
        name: "the image has no command",
        files: {
          Dockerfile: ["FROM scratch", "COPY server /server", 'ENTRYPOINT ["/server"]'],
          "compose.yaml": ["services:", "  api:", "    build: .", '    entrypoint: ["/server"]'],
        },
      },
      {
        name: "an image that nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: registry.example.com/api:1.2",
            "    entrypoint: /init.sh",
          ],
        },
      },
      {
        name: "the image's own entrypoint",
        files: {
          Dockerfile: ["FROM node:24.11.0", 'CMD ["node", "server.js"]'],
          "compose.yaml": ["services:", "  api:", "    build: .", "    entrypoint:"],
        },
      },
      {
        name: "emptied, and the image has a command",
        files: {
          Dockerfile: ["FROM node:24.11.0", 'ENTRYPOINT ["/init.sh"]', 'CMD ["node", "server.js"]'],
          "compose.yaml": ["services:", "  api:", "    build: .", "    entrypoint: []"],
        },
      },
      {
        name: "emptied, with the command that is left",
        files: {
          Dockerfile: ["FROM node:24.11.0", 'ENTRYPOINT ["/server"]'],
          "compose.yaml": ["services:", "  api:", "    build: .", "    entrypoint: []", "    command: node server.js"],
        },
      },
    ],
  },
});

function* checkService(service: Service, { project }: RuleContext): Iterable<Finding> {
  const { entrypoint, command } = service;
  if (entrypoint?.keyRange === undefined || entrypoint.form === "image" || service.isIncomplete) return;
  if (command !== undefined && command.form !== "image") return;
  const own = imageCommandOf(project.imageOf(service));
  if (own.kind === "unknown") return;
  const range = entrypoint.keyRange;
  if (entrypoint.form === "empty") {
    // The engine still takes the CMD of the image.
    if (own.kind === "none")
      yield { kind: "nothing-to-run", range, message: "no entrypoint and no command is left to run; add `command`" };
    return;
  }
  // One word is a script or program that waits for arguments; more of them are a command line of their own.
  if (own.kind === "none" || entrypoint.words.length !== 1) return;
  const [word] = entrypoint.words;
  // A shell without a script is for a person.
  if (word?.value === undefined || shellKindOfName(word.value) !== "other") return;
  yield {
    kind: "dropped",
    range,
    message: `\`entrypoint\` drops ${quoted(own.written)} of the image; repeat it as \`command\``,
    related: own.range === undefined ? [] : [{ range: own.range, message: "the command that is dropped" }],
  };
}
