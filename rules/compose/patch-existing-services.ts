import type { ComposeFile, Service, Variant } from "../../src/compose/model.js";
import type { YamlNode } from "../../src/compose/yaml-model.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import { baseName } from "../../src/files/path.js";
import { actsOnSomething, type OverrideTag, overrideTags } from "../../src/project/override-tags.js";
import { entryOf, writtenServices } from "../../src/project/written-compose.js";
import { quoted } from "../../src/text/quoted.js";
import { closest } from "../../src/values/closest.js";

export default defineRule({
  id: "compose/patch-existing-services",
  summary: "An override changes something that is there",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    "unknown-service": { summary: "a patch of a service that no earlier file has" },
    "unknown-path": { summary: "`!reset` or `!override` of something that no earlier file has" },
    "bad-tag": { summary: "a tag where it has no effect, or not the one it says" },
    "ignored-value": {
      summary: "a value behind `!reset`, which nobody reads",
      levels: { recommended: "info", strict: "info" },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "A patch with a misspelt name adds a service of its own instead of changing one, and Compose then asks for its image. A " +
      "tag at the wrong place is passed over, and the setting that was to go stays.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/merge/",
    "https://docs.docker.com/compose/how-tos/multiple-compose-files/merge/",
  ],
  check: {
    *variant(variant) {
      if (variant.files.length < 2) return;
      for (const file of variant.files.slice(1)) {
        if (!variant.isIncomplete) yield* unknownServices(variant, file);
        for (const tag of overrideTags(file)) yield* unknownPath(variant, tag);
      }
    },
    *composeFile(file) {
      for (const tag of overrideTags(file)) yield* badTag(tag);
    },
  },
  examples: {
    bad: [
      {
        name: "a misspelt service",
        kind: "unknown-service",
        preset: "recommended",
        message: "no earlier file has a service `wbe`; did you mean `web`?",
        files: {
          "compose.yaml": ["services: { web: { image: nginx:1.27.4 } }"],
          "compose.override.yaml": ['services: { «wbe»: { ports: ["81:80"] } }'],
        },
      },
      {
        name: "a service that is gone",
        kind: "unknown-service",
        message: "no earlier file has a service `cache`; remove the patch, or give it an image",
        files: {
          "compose.yaml": ["services: { web: { image: nginx:1.27.4 } }"],
          "compose.override.yaml": ["services: { web: { restart: always } }"],
          "compose.prod.yaml": ["services: { web: { restart: always }, «cache»: { restart: always } }"],
        },
      },
      {
        name: "nothing to reset or to override",
        kind: "unknown-path",
        message: "no earlier file has `ports` here; `!reset` has no effect",
        files: {
          "compose.yaml": ["services: { web: { image: nginx:1.27.4, environment: { A: b } } }"],
          "compose.override.yaml": [
            "services:",
            "  web:",
            "    ports: «!reset» []",
            "    volumes: «!override» ['./html:/usr/share/nginx/html']",
            "    environment: { B: «!reset» null }",
          ],
        },
      },
      {
        name: "a tag in a list, and one with null",
        kind: "bad-tag",
        message: "`!reset` has no effect on a list item; tag the whole list with `!override`",
        files: {
          "compose.yaml": ['services: { web: { image: nginx:1.27.4, ports: ["80:80"], command: [nginx] } }'],
          "compose.override.yaml": [
            "services:",
            "  web:",
            '    ports: [«!reset» "80:80"]',
            "    command: «!override» null",
          ],
        },
      },
      {
        name: "a value that is not read",
        kind: "ignored-value",
        message: "`!reset` removes the key, and this value is not read; write `!override` to replace it",
        files: {
          "compose.yaml": ['services: { web: { image: nginx:1.27.4, ports: ["80:80"] } }'],
          "compose.override.yaml": ['services: { web: { ports: «!reset» ["81:80"] } }'],
        },
      },
    ],
    good: [
      {
        name: "patches and tags of what is there",
        files: {
          "compose.yaml": [
            "services:",
            "  web: { image: nginx:1.27.4, ports: ['80:80'], environment: { A: b }, command: [nginx], restart: always }",
          ],
          "compose.override.yaml": [
            "services:",
            "  web:",
            "    ports: !override ['81:80']",
            "    environment: { A: !reset null }",
            "    command: !reset []",
            '    restart: !reset ""',
          ],
        },
      },
      {
        name: "services that an override brings whole",
        files: {
          "compose.yaml": ["services: { web: { image: nginx:1.27.4 } }"],
          "compose.override.yaml": [
            "services:",
            "  mail: { image: axllent/mailpit:v1.22.3 }",
            "  api: { build: . }",
            "  worker: { extends: { service: web } }",
            "  database: { provider: { type: cloud } }",
          ],
          Dockerfile: ["FROM node:22.14.0-slim"],
        },
      },
      {
        name: "a file that fits another base of the folder",
        files: {
          "compose.yaml": ["services: { web: { image: nginx:1.27.4 } }"],
          "compose.tools.yaml": ["services: { web: { restart: always }, cache: { restart: always } }"],
          "compose.cache.yaml": ["services: { cache: { image: redis:7.4.2 } }"],
        },
      },
      {
        name: "an include that cannot be read may have it",
        files: {
          "compose.yaml": ["include: ['https://example.com/shared.git']", "services: { web: { image: nginx } }"],
          "compose.override.yaml": ["services: { db: { restart: always } }"],
        },
      },
      {
        name: "an extended service has what the tag removes",
        files: {
          "compose.yaml": ["services: { web: { image: nginx:1.27.4, ports: ['80:80'] } }"],
          "compose.override.yaml": ["services: { api: { extends: { service: web }, ports: !reset [] } }"],
        },
      },
    ],
  },
});

const OWN = ["image", "build", "extends", "provider"];

function* unknownServices(variant: Variant, file: ComposeFile): Iterable<Finding> {
  for (const { entry, mapping } of writtenServices(file)) {
    const { range, text: name } = entry.key;
    const service = variant.services.get(name);
    // The first definition of the merged service stands in the file that introduces it.
    const isFirst = service?.keyRange.source === file.source && service.keyRange.start === range.start;
    if (!isFirst || isWhole(service) || OWN.some((key) => entryOf(mapping, key) !== undefined)) continue;
    if (hasElsewhere(variant, name, file)) continue;
    const others = [...variant.services.values()].filter((other) => other.keyRange.source !== file.source);
    const similar = closest(
      name,
      others.map((other) => other.name),
    );
    const mend = similar === undefined ? "remove the patch, or give it an image" : `did you mean ${quoted(similar)}?`;
    const base = variant.files[0]?.source;
    yield {
      kind: "unknown-service",
      range,
      message: `no earlier file has a service ${quoted(name)}; ${mend}`,
      related: base && [{ range: base.range(0, 0), message: `${baseName(base.path)} is the base` }],
      confidence: variant.origin === "stem" && similar === undefined ? "medium" : "high",
    };
  }
}

function isWhole({ node, isIncomplete }: Service): boolean {
  return isIncomplete || OWN.some((key) => node.entries.has(key));
}

/** Another file of the folder has the service: the patch may be meant for that one. */
function hasElsewhere({ project }: Variant, name: string, file: ComposeFile): boolean {
  for (const other of project.files) {
    if (other === file) continue;
    for (const { entry } of writtenServices(other)) if (entry.key.text === name) return true;
  }
  return false;
}

function* unknownPath(variant: Variant, tag: OverrideTag): Iterable<Finding> {
  const key = tag.path.at(-1);
  if (tag.isInList || key === undefined || variant.isIncomplete || actsOnSomething(variant, tag)) return;
  const service = tag.path[0] === "services" ? variant.services.get(tag.path[1] ?? "") : undefined;
  // What a service extends is merged before.
  if (service === undefined ? tag.path[0] === "services" : service.isIncomplete || isExtended(variant, tag)) return;
  const message = `no earlier file has ${quoted(key)} here; \`${tag.tag.name}\` has no effect`;
  yield { kind: "unknown-path", range: tag.tag.range, message };
}

function isExtended({ files }: Variant, { path, tag }: OverrideTag): boolean {
  const file = files.find(({ source }) => source === tag.range.source);
  if (file === undefined) return false;
  for (const { entry, mapping } of writtenServices(file)) {
    if (entry.key.text === path[1]) return entryOf(mapping, "extends") !== undefined;
  }
  return false;
}

function* badTag({ tag, value, isInList, path }: OverrideTag): Iterable<Finding> {
  const { range, name } = tag;
  if (isInList) {
    const message = `\`${name}\` has no effect on a list item; tag the whole list with \`!override\``;
    yield { kind: "bad-tag", range, message };
  } else if (name === "!override" && isNothing(value)) {
    const message = `\`!override\` with nothing removes ${quoted(path.at(-1) ?? "")}; write \`!reset null\`, which says so`;
    yield { kind: "bad-tag", range, message };
  } else if (name === "!reset" && !isNothing(value) && !isEmpty(value)) {
    const message = "`!reset` removes the key, and this value is not read; write `!override` to replace it";
    yield { kind: "ignored-value", range, message };
  }
}

function isNothing(value: YamlNode): boolean {
  return value.kind === "scalar" && (value.type === "null" || (value.style === "plain" && NOTHING.has(value.text)));
}

const NOTHING: ReadonlySet<string> = new Set(["", "~", "null"]);

function isEmpty(value: YamlNode): boolean {
  if (value.kind === "scalar") return value.text === "";
  return value.kind === "mapping" ? value.entries.length === 0 : value.kind === "sequence" && value.items.length === 0;
}
