import { loadedText } from "../../src/compose/loaded-text.js";
import type { ScalarNode } from "../../src/compose/node-model.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import { type PlacedScalar, plainScalars } from "../../src/project/text-scalars.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "compose/quote-ambiguous-scalars",
  summary: "Text that looks like a number, a date or a truth value is quoted",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    changed: { summary: "a value that is read as another one than is written" },
    "look-alike": {
      summary: "a value that readers of YAML 1.1, or of 53 bits, take for another one",
      levels: { recommended: "off", strict: "info" },
    },
  },
  roles: "all",
  fixable: "always",
  why: [
    "Without quotes YAML reads `3.10` as the number 3.1, `0755` as 493 and `1.0` as 1, and that is what the container or the " +
      "build gets. A date is refused.",
    "Compose reads YAML 1.2, other tools 1.1, where `no` is false and `22:22` is the number 1342.",
  ],
  references: [
    "https://yaml.org/spec/1.2.2/#1032-tag-resolution",
    "https://docs.docker.com/reference/compose-file/services/#environment",
    "https://yaml.org/type/int.html",
  ],
  yieldsTo: ["compose/use-valid-schema"],
  mentions: {
    compose: [
      "environment",
      "args",
      "labels",
      "annotations",
      "sysctls",
      "options",
      "driver_opts",
      "tags",
      "command",
      "entrypoint",
      "mode",
      "restart",
    ],
  },
  check: {
    *composeFile(file) {
      for (const scalar of plainScalars(file)) yield* judge(scalar);
    },
  },
  examples: {
    bad: [
      {
        name: "a version that ends in zero",
        kind: "changed",
        preset: "recommended",
        message: "`3.10` is read as the number 3.1; quote it",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      args: { PYTHON_VERSION: «3.10» }",
          ],
          Dockerfile: ["FROM python:3.10-slim"],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            '      args: { PYTHON_VERSION: "3.10" }',
          ],
        },
      },
      {
        name: "octal, hexadecimal, signs, exponents, underscores, capitals",
        kind: "changed",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:22.14.0",
            "    environment:",
            "      UMASK: «0022»",
            "      COLOR: «0x1f»",
            "      OFFSET: «+1»",
            "      RATIO: «.5»",
            "      LIMIT: «1_000»",
            "      FACTOR: «1e3»",
            "      TINY: «0.00001»",
            "      ID: «123456789012345678901234»",
            "      DEBUG: «True»",
            "    command: [sleep, «1.0»]",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:22.14.0",
            "    environment:",
            '      UMASK: "0022"',
            '      COLOR: "0x1f"',
            '      OFFSET: "+1"',
            '      RATIO: ".5"',
            '      LIMIT: "1_000"',
            '      FACTOR: "1e3"',
            '      TINY: "0.00001"',
            '      ID: "123456789012345678901234"',
            '      DEBUG: "True"',
            '    command: [sleep, "1.0"]',
          ],
        },
      },
      {
        name: "a date",
        kind: "changed",
        message: "`2024-01-02` is read as a date, which Compose refuses; quote it",
        files: {
          "compose.yaml": ["services: { api: { image: node, labels: { com.example.since: «2024-01-02» } } }"],
        },
        fixed: {
          "compose.yaml": ['services: { api: { image: node, labels: { com.example.since: "2024-01-02" } } }'],
        },
      },
      {
        name: "a shared block, volumes, hooks and logging",
        kind: "changed",
        files: {
          "compose.yaml": [
            "x-env: &env { VERSION: «1.0» }",
            "services:",
            "  api: { image: node, environment: *env }",
            "  web:",
            "    image: nginx",
            "    environment: { <<: *env, PORT: 80 }",
            "    logging: { options: { max-size: «010» } }",
            "    post_start: [{ command: ./warm.sh, environment: { SCALE: «2.50» } }]",
            "volumes: { data: { driver_opts: { vers: «3.0» } } }",
          ],
        },
        fixed: {
          "compose.yaml": [
            'x-env: &env { VERSION: "1.0" }',
            "services:",
            "  api: { image: node, environment: *env }",
            "  web:",
            "    image: nginx",
            "    environment: { <<: *env, PORT: 80 }",
            '    logging: { options: { max-size: "010" } }',
            '    post_start: [{ command: ./warm.sh, environment: { SCALE: "2.50" } }]',
            'volumes: { data: { driver_opts: { vers: "3.0" } } }',
          ],
        },
      },
      {
        name: "a mode in decimal",
        kind: "changed",
        message: "`444` is decimal and means mode 0674; write `0444`",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    secrets: [{ source: key, mode: «444» }]",
            "    volumes: [{ type: tmpfs, target: /run, tmpfs: { mode: «755» } }]",
            "secrets: { key: { file: ./key } }",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    secrets: [{ source: key, mode: 0444 }]",
            "    volumes: [{ type: tmpfs, target: /run, tmpfs: { mode: 0755 } }]",
            "secrets: { key: { file: ./key } }",
          ],
        },
      },
      {
        name: "other readers take it for another value",
        kind: "look-alike",
        message: "`no` is a truth value for readers of YAML 1.1; quote it",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    restart: «no»",
            "    environment:",
            "      CACHE: «yes»",
            "      AXIS: «y»",
            "      TIME: «22:30»",
            "      ID: «9007199254740993»",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            '    restart: "no"',
            "    environment:",
            '      CACHE: "yes"',
            '      AXIS: "y"',
            '      TIME: "22:30"',
            '      ID: "9007199254740993"',
          ],
        },
      },
    ],
    good: [
      {
        name: "quoted, or the same text either way",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    restart: always",
            "    environment:",
            '      VERSION: "3.10"',
            "      PORT: 8080",
            "      RATIO: 0.5",
            "      OFFSET: -1",
            "      ZERO: 0",
            "      DEBUG: true",
            "      NAME: shop",
            "      URL: http://api:80",
            "      HOST:",
            "      EMPTY: ~",
            "      TAG: 1.2.3",
            "      FROM_SHELL: ${VERSION:-3.10}",
            "    sysctls: { net.core.somaxconn: 1024 }",
          ],
        },
      },
      {
        name: "list form is text",
        files: {
          "compose.yaml": [
            "services: { api: { image: node, environment: [VERSION=3.10, UMASK=0022], build: { args: [V=1.0], context: . } } }",
          ],
          Dockerfile: ["FROM node:22.14.0-slim"],
        },
      },
      {
        name: "numbers where numbers are meant",
        files: {
          "compose.yaml": [
            "services: { api: { image: node, cpus: 1.0, mem_swappiness: 010, healthcheck: { test: ./check, retries: 03 } } }",
          ],
        },
      },
      {
        name: "modes in octal, in quotes, and the decimal of a usual one",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    secrets:",
            "      - { source: key, mode: 0444 }",
            '      - { source: key, target: b, mode: "0400" }',
            "      - { source: key, target: c, mode: 0o440 }",
            "      - { source: key, target: d, mode: 420 }",
            "      - { source: key, target: e, mode: 292 }",
            "secrets: { key: { file: ./key } }",
          ],
        },
      },
    ],
  },
});

const TRUTH_WORDS: ReadonlySet<string> = new Set(["yes", "no", "on", "off", "y", "n"]);

function* judge({ node, place }: PlacedScalar): Iterable<Finding> {
  const text = node.written?.text ?? "";
  if (place === "mode") yield* judgeMode(node, text);
  else if (node.type === "text") yield* judgeText(node, text, place);
  else if (place === "text" && node.type !== "null") yield* judgeNumber(node, text);
}

function* judgeText(node: ScalarNode, text: string, place: PlacedScalar["place"]): Iterable<Finding> {
  if (text.length <= 3 && TRUTH_WORDS.has(text.toLowerCase())) {
    yield lookAlike(node, `${quoted(text)} is a truth value for readers of YAML 1.1; quote it`);
  } else if (place === "text" && isSexagesimal(text)) {
    yield lookAlike(node, `${quoted(text)} is a number of base 60 for readers of YAML 1.1; quote it`);
  }
}

function isSexagesimal(text: string): boolean {
  const first = text.charCodeAt(0);
  if (!text.includes(":") || first < 49 || first > 57) return false;
  return /^[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(text);
}

function* judgeNumber(node: ScalarNode, text: string): Iterable<Finding> {
  const loaded = loadedText(text);
  if (loaded === text) {
    const isLong = node.type === "integer" && !Number.isSafeInteger(Number(text));
    if (isLong) yield lookAlike(node, `${quoted(text)} has more digits than readers of JSON keep; quote it`);
    return;
  }
  const kinds = { boolean: "truth value", integer: "number", float: "number" } as const;
  const { type } = node;
  const kind = type === "boolean" || type === "integer" || type === "float" ? kinds[type] : "date";
  const message =
    loaded === undefined
      ? `${quoted(text)} is read as a date, which Compose refuses; quote it`
      : `${quoted(text)} is read as the ${kind} ${loaded}; quote it`;
  // Unsafe: what the container gets changes to what is written.
  yield {
    kind: "changed",
    range: node.range,
    message,
    fix: { description: "quote the value", safety: "unsafe", edits: [{ range: node.range, text: `"${text}"` }] },
  };
}

/** Safe: Compose reads the same text either way. */
function lookAlike(node: ScalarNode, message: string): Finding {
  const text = node.written?.text ?? "";
  return {
    kind: "look-alike",
    range: node.range,
    message,
    fix: { description: "quote the value", safety: "safe", edits: [{ range: node.range, text: `"${text}"` }] },
  };
}

/** Decimals of usual modes whose digits could be octal ones: 0400, 0500, 0550, 0555, 0640, 0644, 0660, 0664, 0770, 0777. */
const USUAL_MODES: ReadonlySet<string> = new Set("256 320 360 365 416 420 432 436 504 511".split(" "));

function* judgeMode(node: ScalarNode, text: string): Iterable<Finding> {
  if (node.type !== "integer" || text.length !== 3 || text.startsWith("0") || USUAL_MODES.has(text)) return;
  if ([...text].some((digit) => digit < "0" || digit > "7")) return;
  const meant = `0${text}`;
  const actual = `0${Number(text).toString(8)}`;
  yield {
    kind: "changed",
    range: node.range,
    message: `${quoted(text)} is decimal and means mode ${actual}; write \`${meant}\``,
    fix: { description: `use \`${meant}\``, safety: "unsafe", edits: [{ range: node.range, text: meant }] },
  };
}
