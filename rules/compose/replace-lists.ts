import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { type ListMerge, listMerges } from "../../src/project/list-merges.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "compose/replace-lists",
  summary: "Lists that are appended were meant to be",
  levels: { recommended: "warning", checklist: "warning", strict: "warning" },
  kinds: {
    appended: { summary: "a container port that two files publish" },
    downgraded: { summary: "a list that takes away the condition of a dependency" },
    kept: {
      summary: "what a later file leaves out, and Compose keeps",
      levels: { recommended: "info", checklist: "info", strict: "warning" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Compose appends lists of a later file to those of an earlier one. Who writes another port into an override publishes " +
      "both, and who leaves a capability out does not lose it.",
    "`depends_on` as a list stands for `condition: service_started`, and that wins over `service_healthy` of the base.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/merge/#sequence",
    "https://docs.docker.com/reference/compose-file/merge/#replace-value",
    "https://docs.docker.com/reference/compose-file/services/#depends_on",
  ],
  mentions: { compose: ["ports", "depends_on", "cap_add", "security_opt", "devices", "entrypoint", "env_file"] },
  check: {
    *variant(variant) {
      for (const merge of listMerges(variant)) yield findingOf(merge);
    },
  },
  examples: {
    bad: [
      {
        name: "one port on two host ports",
        kind: "appended",
        preset: "recommended",
        message: "`8080:80` and `8081:80` are now both published; tag this list with `!override`",
        files: {
          "compose.yaml": ['services: { web: { image: nginx:1.27.4, ports: ["8080:80"] } }'],
          "compose.override.yaml": ['services: { web: { ports: [«"8081:80"»] } }'],
        },
        fixed: { "compose.override.yaml": ['services: { web: { ports: !override ["8081:80"] } }'] },
      },
      {
        name: "a block, and the loopback address that was to close the port",
        kind: "appended",
        files: {
          "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4", "    ports:", '      - "8080:80"'],
          "compose.prod.yaml": ["services:", "  web:", "    ports: # closed", '      - «"127.0.0.1:8080:80"»'],
        },
        fixed: {
          "compose.prod.yaml": ["services:", "  web:", "    ports: !override # closed", '      - "127.0.0.1:8080:80"'],
        },
      },
      {
        name: "a list over conditions",
        kind: "downgraded",
        message: "this list drops `condition: service_healthy` of `db`; write the condition here too",
        files: {
          "compose.yaml": [
            "services:",
            "  db: { image: postgres:17.4 }",
            "  api:",
            "    image: node:22.14.0",
            "    depends_on: { db: { condition: service_healthy } }",
          ],
          "compose.override.yaml": [
            "services:",
            "  cache: { image: redis:7.4.2 }",
            "  api: { depends_on: [«db», cache] }",
          ],
        },
      },
      {
        name: "a capability that was to go",
        kind: "kept",
        message: "`cap_add` keeps `SYS_ADMIN` of the earlier file; tag this list with `!override` to drop it",
        files: {
          "compose.yaml": ["services: { web: { image: nginx:1.27.4, cap_add: [NET_ADMIN, SYS_ADMIN] } }"],
          "compose.prod.yaml": ["services: { web: { «cap_add»: [NET_ADMIN] } }"],
        },
        fixed: { "compose.prod.yaml": ["services: { web: { cap_add: !override [NET_ADMIN] } }"] },
      },
      {
        name: "an old command for a new entrypoint",
        kind: "kept",
        message: "the `command` of the earlier file is still given to this `entrypoint`; set both",
        files: {
          "compose.yaml": ["services: { api: { image: node:22.14.0, command: [npm, start] } }"],
          "compose.override.yaml": ["services: { api: { «entrypoint»: [/debug.sh] } }"],
        },
      },
      {
        name: "one env file twice",
        kind: "kept",
        message: "`./api.env` is in the earlier file already; remove it here",
        files: {
          "compose.yaml": ["services: { api: { image: node:22.14.0, env_file: api.env } }"],
          "compose.override.yaml": ["services: { api: { env_file: [«./api.env»] } }"],
          "api.env": ["A=b"],
        },
      },
    ],
    good: [
      {
        name: "tagged, or other ports",
        files: {
          "compose.yaml": [
            "services: { web: { image: nginx:1.27.4, ports: ['8080:80'] }, api: { image: node, ports: ['3000:3000'] } }",
          ],
          "compose.override.yaml": [
            "services: { web: { ports: !override ['8081:80'] }, api: { ports: ['9229:9229', '3000:3000/udp'] } }",
          ],
        },
      },
      {
        name: "the same entry again, and two in one file",
        files: {
          "compose.yaml": ["services: { web: { image: nginx:1.27.4, ports: ['8080:80', '8081:80'] } }"],
          "compose.override.yaml": ["services: { web: { ports: ['8080:80'] } }"],
        },
      },
      {
        name: "conditions that stay, and dependencies that come",
        files: {
          "compose.yaml": [
            "services:",
            "  db: { image: postgres:17.4 }",
            "  api: { image: node, depends_on: { db: { condition: service_healthy } } }",
            "  web: { image: nginx, depends_on: [api] }",
          ],
          "compose.override.yaml": [
            "services:",
            "  cache: { image: redis:7.4.2 }",
            "  api: { depends_on: [cache] }",
            "  web: { depends_on: [api, cache] }",
          ],
        },
      },
      {
        name: "variables that are there to be overridden, and both of entrypoint and command",
        files: {
          "compose.yaml": [
            "services: { api: { image: node, environment: { A: b }, command: [npm, start], cap_add: [NET_ADMIN] } }",
          ],
          "compose.override.yaml": [
            "services: { api: { environment: { A: c }, entrypoint: [/debug.sh], command: [], cap_add: [SYS_PTRACE] } }",
          ],
        },
      },
      {
        name: "ports that nobody knows",
        files: {
          "compose.yaml": ["services: { api: { image: node, ports: ['${PORT}:80', '443'] } }"],
          "compose.override.yaml": ["services: { api: { ports: ['8080:80', '8443:443'] } }"],
        },
      },
    ],
  },
});

function findingOf(merge: ListMerge): Finding {
  const { kind, range, earlier, key, texts } = merge;
  const [first, second] = texts.map(quoted);
  const related = [{ range: earlier, message: "in the earlier file" }];
  switch (kind) {
    case "port": {
      const message = `${first} and ${second} are now both published; tag this list with \`!override\``;
      return { kind: "appended", range, message, related, fix: overrideFix(merge) };
    }
    case "condition": {
      const condition = quoted(`condition: ${texts[0]}`);
      const message = `this list drops ${condition} of ${second}; write the condition here too`;
      return { kind: "downgraded", range, message, related };
    }
    case "items": {
      const message = `\`${key}\` keeps ${first} of the earlier file; tag this list with \`!override\` to drop it`;
      return { kind: "kept", range, message, related, fix: overrideFix(merge) };
    }
    case "command": {
      const message = "the `command` of the earlier file is still given to this `entrypoint`; set both";
      return { kind: "kept", range, message, related };
    }
    case "env-file":
      return { kind: "kept", range, message: `${second} is in the earlier file already; remove it here`, related };
  }
}

/** Unsafe: every entry of the earlier list goes. */
function overrideFix({ list }: ListMerge): Fix | undefined {
  if (list === undefined || list.value.tag !== undefined || list.value.via.length > 0) return undefined;
  const { source, end } = list.keyRange;
  const colon = source.text.indexOf(":", end);
  if (colon === -1 || colon > list.value.range.start) return undefined;
  const edits = [{ range: source.range(colon + 1, colon + 1), text: " !override" }];
  return { description: "replace the earlier list with this one", safety: "unsafe", edits };
}
