import type { Resource } from "../../src/compose/model.js";
import type { Entry } from "../../src/compose/node-model.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "compose/set-resource-source",
  summary: "Secrets and configs say once where they come from",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  roles: "all",
  fixable: "never",
  why: [
    "Compose refuses a secret or config of which it does not know whether a file, a variable or the platform holds it, and " +
      "one that names two of them.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/secrets/",
    "https://docs.docker.com/reference/compose-file/configs/",
  ],
  mentions: { compose: ["secrets", "configs"] },
  check: {
    *variant({ secrets, configs, isIncomplete }) {
      for (const secret of secrets.values()) yield* judge(secret, SECRET_SOURCES, isIncomplete);
      for (const config of configs.values()) yield* judge(config, CONFIG_SOURCES, isIncomplete);
    },
  },
  examples: {
    bad: [
      {
        name: "no source",
        preset: "checklist",
        message: "secret `api_key` has no source; add `file`, `environment` or `external`",
        files: {
          "compose.yaml": [
            "services: { api: { image: node:22.14.0, secrets: [api_key] } }",
            "secrets:",
            "  «api_key»: {}",
            "  «db_password»:",
            "    name: shop_db_password",
            "  «session_key»:",
          ],
        },
      },
      {
        name: "a config without source",
        message: "config `site` has no source; add `file`, `environment`, `content` or `external`",
        files: {
          "compose.yaml": [
            "services: { web: { image: nginx:1.27.4, configs: [site] } }",
            "configs:",
            "  «site»: { labels: { com.example.team: web } }",
            "  «theme»: { external: false }",
          ],
        },
      },
      {
        name: "two sources",
        message: "secret `api_key` has two sources, `file` and `environment`; keep one",
        files: {
          "compose.yaml": [
            "services: { api: { image: node:22.14.0, secrets: [api_key] } }",
            "secrets:",
            "  api_key: { file: ./secrets/api_key, «environment»: API_KEY }",
            "  db_password: { external: true, «file»: ./secrets/db }",
            "configs:",
            "  site: { content: '{}', «file»: ./site.json }",
          ],
        },
      },
      {
        name: "an override adds the second source",
        files: {
          "compose.yaml": [
            "services: { api: { image: node:22.14.0, secrets: [api_key] } }",
            "secrets: { api_key: { file: ./secrets/api_key } }",
          ],
          "compose.override.yaml": ["secrets: { api_key: { «environment»: API_KEY } }"],
        },
      },
    ],
    good: [
      {
        name: "one source each",
        files: {
          "compose.yaml": [
            "services: { api: { image: node:22.14.0, secrets: [api_key] } }",
            "secrets:",
            "  api_key: { file: ./secrets/api_key }",
            "  token: { environment: TOKEN }",
            "  certificate: { external: true, name: shop_certificate }",
            "  old: { external: { name: shop_old } }",
            "  vault: { driver: vault }",
            "configs:",
            "  site: { file: ./site.conf }",
            "  motd: { content: Welcome }",
            "  port: { environment: PORT }",
            "  shared: { external: true }",
          ],
        },
      },
      {
        name: "an override takes the other source's place",
        files: {
          "compose.yaml": [
            "services: { api: { image: node:22.14.0, secrets: [api_key] } }",
            "secrets: { api_key: { file: ./secrets/api_key } }",
          ],
          "compose.override.yaml": ["secrets: { api_key: { file: !reset null, environment: API_KEY } }"],
        },
      },
      {
        name: "a patch gives the source",
        files: {
          "compose.yaml": ["services: { api: { image: node:22.14.0 } }", "secrets: { api_key: }"],
          "compose.override.yaml": ["secrets: { api_key: { file: ./secrets/api_key } }"],
        },
      },
      {
        name: "what cannot be known",
        files: {
          "compose.yaml": [
            "include: ['https://example.com/shared.git']",
            "services: { api: { image: node:22.14.0, secrets: [api_key, token] } }",
            "secrets:",
            "  api_key: {}",
            "  token: { external: '${EXTERNAL}', file: ./token }",
          ],
        },
      },
    ],
  },
});

const SECRET_SOURCES = ["file", "environment"];
const CONFIG_SOURCES = ["file", "environment", "content"];

function* judge(resource: Resource, sources: readonly string[], isIncomplete: boolean): Iterable<Finding> {
  const { kind, name, keyRange, node, external, isExternal } = resource;
  const given: Entry[] = [];
  for (const entry of node?.entries.values() ?? []) {
    const isSource = sources.includes(entry.key) || (entry.key === "external" && isExternal);
    if (isSource) given.push(entry);
  }
  if (given.length > 1) {
    given.sort((a, b) => comesBefore(a, b));
    const [first, second] = given;
    if (first === undefined || second === undefined) return;
    const message = `${kind} ${quoted(name)} has two sources, \`${first.key}\` and \`${second.key}\`; keep one`;
    yield { range: second.keyRange, message, related: [{ range: first.keyRange, message: "the first source" }] };
  }
  if (given.length > 0 || isIncomplete) return;
  // Drivers bring secrets in ways of their own, and a variable may turn `external` on.
  const isOpen = external !== undefined && external.value === undefined;
  if (isOpen || node?.entries.has("driver") === true || node?.entries.has("content") === true) return;
  const choice = sources.map((source) => `\`${source}\``).join(", ");
  yield { range: keyRange, message: `${kind} ${quoted(name)} has no source; add ${choice} or \`external\`` };
}

/** In one file by place; entries of a later file were merged in behind. */
function comesBefore(a: Entry, b: Entry): number {
  return a.keyRange.source === b.keyRange.source ? a.keyRange.start - b.keyRange.start : 0;
}
