import type { KeyValue, Service } from "../../src/compose/model.js";
import { OCI_PREFIX } from "../../src/data/oci-labels.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { keysAfter } from "../../src/project/yaml-insertion.js";
import { quoted } from "../../src/text/quoted.js";
import { type Edit, join, textOf } from "../../src/text/source.js";
import { wholeLines } from "../../src/text/whole-lines.js";

export default defineRule({
  id: "labels/label-image",
  summary: "Labels that describe the image are put on the image",
  levels: { recommended: ["info", "off"], strict: ["warning", "info"] },
  roles: "all",
  fixable: "sometimes",
  why: [
    "`labels` of a service marks its containers. The image that is pushed has none of them, so a registry or scanner that " +
      "looks for its source finds nothing.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/build/#labels",
    "https://docs.docker.com/reference/compose-file/services/#labels",
  ],
  mentions: { compose: ["labels"] },
  check: {
    *service(service, { project }) {
      if (service.build === undefined) return;
      const entries = service.labels.entries.filter(({ key }) => key.startsWith(OCI_PREFIX));
      if (entries.length === 0) return;
      const role = project.buildOf(service)?.role;
      const fix = moveToBuild(service, entries);
      for (const { key, keyRange } of entries) yield { ...describe(key, keyRange), role, fix };
    },
  },
  examples: {
    bad: [
      {
        name: "all labels of a service",
        message: "`org.opencontainers.image.source` labels the container, not the image; move it to `build.labels`",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "    labels:",
            "      «org.opencontainers.image.source»: https://github.com/acme/api",
            "      «org.opencontainers.image.title»: API # the public one",
            "    restart: unless-stopped",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      labels:",
            "        org.opencontainers.image.source: https://github.com/acme/api",
            "        org.opencontainers.image.title: API",
            "    restart: unless-stopped",
          ],
        },
      },
      {
        name: "one among others, in a list, and an image that has labels already",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      labels:",
            "        org.opencontainers.image.title: API",
            "    labels:",
            "      - traefik.enable=true",
            "      - «org.opencontainers.image.source»=https://github.com/acme/api",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      labels:",
            "        org.opencontainers.image.title: API",
            '        org.opencontainers.image.source: "https://github.com/acme/api"',
            "    labels:",
            "      - traefik.enable=true",
          ],
        },
      },
      {
        name: "on one line, where people move it themselves",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    labels: {«org.opencontainers.image.title»: API}",
          ],
        },
      },
    ],
    good: [
      {
        name: "labels of the image",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      labels: {org.opencontainers.image.title: API}",
          ],
        },
      },
      {
        name: "an image that is pulled",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            "    labels: {org.opencontainers.image.title: Database}",
          ],
        },
      },
      {
        name: "labels that other tools read of the container",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim"],
          "compose.yaml": ["services:", "  api:", "    build: .", '    labels: {traefik.enable: "true"}'],
        },
      },
    ],
  },
});

function describe(key: string, range: Finding["range"]): Finding {
  return { range, message: `${quoted(key)} labels the container, not the image; move it to \`build.labels\`` };
}

/** Unsafe: another image, which a container inherits its labels from. One fix for all labels of a service. */
function moveToBuild(service: Service, entries: readonly KeyValue[]): Fix | undefined {
  const [first] = entries;
  const last = entries.at(-1);
  const labels = service.entryAt("labels");
  if (first === undefined || last === undefined || labels === undefined) return undefined;
  const { source } = first.range;
  const lines: string[] = [];
  for (const entry of entries) {
    const line = asLine(entry);
    if (line === undefined || entry.range.source !== source || labels.keyRange.source !== source) return undefined;
    lines.push(line);
  }
  const insertion = insertInto(service, lines);
  if (insertion?.range.source !== source) return undefined;
  const isAll = entries.length === service.labels.entries.length;
  const places = isAll ? [join(labels.keyRange, last.range)] : entries.map(({ range }) => range);
  const removals = places.map((range): Edit => ({ range: wholeLines(range), text: "" }));
  return { description: "label the image", safety: "unsafe", edits: [insertion, ...removals] };
}

/** A label as a line of a block mapping; undefined when it does not stand on a line of its own. */
function asLine({ key, value, range, form }: KeyValue): string | undefined {
  if (value === undefined) return undefined;
  const { source, start, end } = range;
  const line = source.positionAt(start).line;
  if (source.positionAt(end).line !== line) return undefined;
  const span = source.lineSpan(line);
  if (span === undefined || !/^[ \t]*(?:-[ \t]+)?$/.test(source.text.slice(span.start, start))) return undefined;
  if (!/^[ \t]*(?:#.*)?$/.test(source.text.slice(end, span.end))) return undefined;
  const written = textOf(value.range);
  if (form === "mapping") return `${key}: ${written}`;
  // What stands in quotes as a whole has no quotes around its value.
  return /["'\\]/.test(source.text.slice(start, end)) ? undefined : `${key}: "${written}"`;
}

/** Behind the labels that the image has already, else behind the context; undefined when lines cannot be inserted there. */
function insertInto({ build }: Service, lines: readonly string[]): Edit | undefined {
  if (build === undefined) return undefined;
  const last = build.labels.entries.at(-1);
  if (last !== undefined) {
    if (last.form !== "mapping" || last.value === undefined) return undefined;
    const { node } = build.labels;
    return node && keysAfter(node, last.keyRange, last.value.range, lines);
  }
  const { context } = build;
  if (context?.keyRange === undefined || build.at("labels") !== undefined) return undefined;
  return keysAfter(build.node, context.keyRange, context.range, ["labels:", ...lines.map((line) => `  ${line}`)]);
}
