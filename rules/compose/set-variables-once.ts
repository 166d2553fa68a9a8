import type { KeyValue, Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { type VariableBlock, variableBlocks } from "../../src/project/variable-blocks.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "compose/set-variables-once",
  summary: "A variable is set once per place, and its value is what stands there",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    duplicate: { summary: "one key twice in a list" },
    quotes: { summary: "quotes or blanks in a list item that become part of key or value" },
    hidden: {
      summary: "a key without value that hides the one of an env file",
      levels: { recommended: "info", strict: "info" },
    },
    case: { summary: "keys that differ in case only", levels: { recommended: "info", strict: "info" } },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "YAML refuses a mapping that names a key twice; a list it takes, and the last entry wins silently. Quotes inside of a " +
      "list item are text like any other: the program gets them with the value.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/services/#environment",
    "https://docs.docker.com/compose/how-tos/environment-variables/envvars-precedence/",
  ],
  mentions: { compose: ["environment", "labels", "args"] },
  check: {
    *composeFile(file) {
      for (const block of variableBlocks(file)) yield* judgeBlock(block);
    },
    *service(service) {
      if (service.envFiles.length > 0) yield* hiddenValues(service);
    },
  },
  examples: {
    bad: [
      {
        name: "one key twice",
        kind: "duplicate",
        message: "`NODE_VERSION` is set twice in this list; the last one wins, remove the other",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      args: [NODE_VERSION=20, «NODE_VERSION»=22]",
            "    environment:",
            "      - PORT=80",
            "      - HOST=api",
            "      - «PORT»=8080",
            "      - HOSTNAME",
            '      - "«HOSTNAME»=api"',
          ],
          Dockerfile: ["FROM node:22.14.0-slim"],
        },
      },
      {
        name: "a shared list",
        kind: "duplicate",
        files: {
          "compose.yaml": [
            "x-env: &env [TZ=UTC, «TZ»=Europe/Berlin]",
            "services:",
            "  api: { image: node:22.14.0, environment: *env }",
            "  web: { image: nginx:1.27.4, environment: *env }",
          ],
        },
      },
      {
        name: "quotes of a value",
        kind: "quotes",
        message: "the quotes become part of `TOKEN`; drop them",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:22.14.0",
            "    environment:",
            "      - «'TOKEN=\"abc\"'»",
            "      - «NAME='the shop'»",
            "      - «\"TITLE='it is #1'\"»",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:22.14.0",
            "    environment:",
            '      - "TOKEN=abc"',
            '      - "NAME=the shop"',
            '      - "TITLE=it is #1"',
          ],
        },
      },
      {
        name: "blanks around the equals sign",
        kind: "quotes",
        message: "the blank becomes part of `PORT`; write `PORT=…` without blanks",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:22.14.0",
            "    environment:",
            "      - «PORT = 8080»",
            "      - «HOST= api»",
          ],
        },
      },
      {
        name: "an env file's value is hidden",
        kind: "hidden",
        message: "`LOG_LEVEL` is empty here, which hides its value in `api.env`",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:22.14.0",
            "    env_file: api.env",
            "    environment:",
            '      «LOG_LEVEL»: ""',
            "      PORT: 80",
            "  worker:",
            "    image: node:22.14.0",
            "    env_file: [api.env]",
            "    environment: [«PORT», LOG_LEVEL=debug]",
          ],
          "api.env": ["LOG_LEVEL=info", "PORT=8080"],
        },
      },
      {
        name: "keys that differ in case",
        kind: "case",
        message: "`Port` and `PORT` are two variables; keep one",
        files: {
          "compose.yaml": ["services: { api: { image: node:22.14.0, environment: { PORT: 80, «Port»: 81 } } }"],
        },
      },
    ],
    good: [
      {
        name: "each key once",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:22.14.0",
            "    environment:",
            "      - TOKEN=abc",
            "      - \"TITLE=the 'shop'\"",
            "      - RULE='a' or 'b'",
            '      - EMPTY=""',
            "      - HOST",
            "      - GREETING=hello world",
            "    labels:",
            '      - "traefik.http.routers.api.rule=Host(`shop.example`)"',
          ],
        },
      },
      {
        name: "quotes in a mapping are wanted",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    environment: { JSON: '\"text\"', B: \"'x'\" }",
          ],
        },
      },
      {
        name: "proxies, which programs read in either case",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:22.14.0",
            "    environment: { http_proxy: 'http://proxy:3128', HTTP_PROXY: 'http://proxy:3128', no_proxy: db, NO_PROXY: db }",
          ],
        },
      },
      {
        name: "an override sets it anew, and keys that nobody knows",
        files: {
          "compose.yaml": ["services: { api: { image: node, environment: [PORT=80, '${A}=1', '${B}=2', '${A}=3'] } }"],
          "compose.override.yaml": ["services: { api: { environment: [PORT=81] } }"],
        },
      },
      {
        name: "an env file that is not read, and a key that it does not set",
        files: {
          ".gitignore": ["secret.env"],
          "compose.yaml": [
            "services: { api: { image: node, env_file: [secret.env, api.env], environment: { TOKEN: , HOST: '' } } }",
          ],
          "secret.env": ["TOKEN=abc"],
          "api.env": ["PORT=80"],
        },
      },
    ],
  },
});

function* judgeBlock({ entries, key: block }: VariableBlock): Iterable<Finding> {
  const seen = new Map<string, KeyValue>();
  const folded = block === "environment" ? new Map<string, KeyValue>() : undefined;
  for (const entry of entries) {
    const { key, keyRange, form } = entry;
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      const message = `${quoted(key)} is set twice in this list; the last one wins, remove the other`;
      yield {
        kind: "duplicate",
        range: keyRange,
        message,
        related: [{ range: earlier.keyRange, message: "the first" }],
      };
    }
    seen.set(key, entry);
    if (form === "list") yield* judgeItem(entry);
    const upper = key.toUpperCase();
    const other = folded?.get(upper);
    folded?.set(upper, entry);
    if (other === undefined || other.key === key || upper.endsWith("_PROXY")) continue;
    const message = `${quoted(key)} and ${quoted(other.key)} are two variables; keep one`;
    yield { kind: "case", range: keyRange, message, related: [{ range: other.keyRange, message: "the other one" }] };
  }
}

function* judgeItem({ key, value, range }: KeyValue): Iterable<Finding> {
  const name = key.trim();
  const text = value?.text ?? "";
  if (name === "" || name.startsWith("{")) return;
  if (value !== undefined && (key.endsWith(" ") || text.startsWith(" ")) && text.trim() !== "") {
    const message = `the blank becomes part of ${quoted(name)}; write \`${name}=…\` without blanks`;
    yield { kind: "quotes", range, message };
    return;
  }
  const inner = withoutQuotes(text);
  if (inner === undefined) return;
  const message = `the quotes become part of ${quoted(name)}; drop them`;
  yield { kind: "quotes", range, message, fix: quoteWhole(`${name}=${inner}`, range, value?.certainty === "known") };
}

/** What stands between a pair of quotes that encloses a text; undefined when none does, or nothing is in it. */
function withoutQuotes(text: string): string | undefined {
  const quote = text.charAt(0);
  if ((quote !== '"' && quote !== "'") || text.length < 3 || !text.endsWith(quote)) return undefined;
  const inner = text.slice(1, -1);
  return inner.includes(quote) ? undefined : inner;
}

/** Unsafe: the program gets another value, the one that was meant. */
function quoteWhole(text: string, range: KeyValue["range"], isKnown: boolean): Fix | undefined {
  if (!isKnown || /["\\$\n]/.test(text)) return undefined;
  return { description: "quote the whole item", safety: "unsafe", edits: [{ range, text: `"${text}"` }] };
}

function* hiddenValues({ envFiles, environment, variant }: Service): Iterable<Finding> {
  for (const { key, keyRange, value } of environment.entries) {
    const isEmpty = value?.value === "" && value.certainty === "known";
    if (value !== undefined && !isEmpty) continue;
    const holder = envFiles.find(({ file }) => file !== undefined && variant.envFileNames(file)?.has(key) === true);
    if (holder === undefined) continue;
    const fact = isEmpty ? "is empty here" : "comes from your shell";
    const where = quoted(holder.path.text);
    const message = `${quoted(key)} ${fact}, which hides its value in ${where}; remove it, or give it a value`;
    yield { kind: "hidden", range: keyRange, message };
  }
}
