import type { Service, Variant } from "../../src/compose/model.js";
import { defineRule, type Finding, option } from "../../src/engine/rule.js";
import { quoted } from "../../src/text/quoted.js";

const options = {
  forbid: option.boolean({ default: false, description: "Report any `container_name`." }),
};

export default defineRule({
  id: "compose/use-unique-container-names",
  summary: "Fixed container names are unique and single",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    clash: { summary: "two containers of one name", aliases: ["dclint:no-duplicate-container-names"] },
    scaled: { summary: "one name for several containers of a service" },
    forbidden: { summary: "any fixed name", levels: { recommended: "off", strict: "info" } },
  },
  roles: "all",
  fixable: "never",
  why: [
    "The engine has one container of a name. The second service that asks for it does not start, and neither does a second " +
      "container of the same service, or the same project a second time on the machine.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/services/#container_name",
    "https://docs.docker.com/reference/compose-file/deploy/#replicas",
  ],
  options,
  presetOptions: { strict: { forbid: true } },
  mentions: { compose: ["container_name"] },
  check: { variant: checkVariant },
  examples: {
    bad: [
      {
        name: "two services",
        options: { forbid: false },
        kind: "clash",
        message: "`web` and `web-old` are both named `shop-web`; give each a name of its own, or none",
        files: {
          "compose.yaml": [
            "services:",
            "  web: {image: 'nginx:1.27.4', container_name: shop-web}",
            "  web-old: {image: 'nginx:1.26.3', container_name: «shop-web»}",
          ],
        },
      },
      {
        name: "one that another service gets by itself",
        options: { forbid: false },
        kind: "clash",
        message: "`api` is named `shop-web-1`, as Compose names `web`",
        files: {
          "compose.yaml": [
            "name: shop",
            "services:",
            "  web: {image: 'nginx:1.27.4'}",
            "  api: {image: 'acme/api:1.4.0', container_name: «shop-web-1»}",
          ],
        },
      },
      {
        name: "merged from one block",
        options: { forbid: false },
        kind: "clash",
        files: {
          "compose.yaml": [
            "x-base: &base {image: 'acme/api:1.4.0', container_name: «api»}",
            "services:",
            "  api: {<<: *base}",
            "  worker: {<<: *base, command: work}",
          ],
        },
      },
      {
        name: "more than one container",
        options: { forbid: false },
        kind: "scaled",
        message: "`web` has 3 containers and one name; remove `container_name`",
        files: {
          "compose.yaml": [
            "services:",
            "  web: {image: 'nginx:1.27.4', container_name: «web», deploy: {replicas: 3}}",
            "  api: {image: 'acme/api:1.4.0', container_name: «api», scale: 2}",
            "  agent: {image: 'acme/agent:1.4.0', container_name: «agent», deploy: {mode: global}}",
          ],
        },
      },
      {
        name: "any name",
        kind: "forbidden",
        preset: "strict",
        severity: "info",
        message: "`web` can run once per machine as `shop-web`; remove `container_name`",
        files: { "compose.yaml": ["services:", "  web: {image: 'nginx:1.27.4', container_name: «shop-web»}"] },
      },
    ],
    good: [
      {
        name: "names of their own, or none",
        options: { forbid: false },
        files: {
          "compose.yaml": [
            "name: shop",
            "services:",
            "  web: {image: 'nginx:1.27.4', container_name: shop-web, deploy: {replicas: 1}}",
            "  api: {image: 'acme/api:1.4.0', container_name: shop-api-1}",
            "  worker: {image: 'acme/api:1.4.0', scale: 3}",
          ],
        },
      },
      {
        name: "profiles that never run together",
        options: { forbid: false },
        files: {
          "compose.yaml": [
            "services:",
            "  cpu: {image: 'acme/llm:cpu', container_name: llm, profiles: [cpu]}",
            "  gpu: {image: 'acme/llm:gpu', container_name: llm, profiles: [gpu]}",
          ],
        },
      },
      {
        name: "values that nobody can know",
        options: { forbid: false },
        files: {
          "compose.yaml": [
            "services:",
            "  web: {image: 'nginx:1.27.4', container_name: '${NAME}', scale: '${SCALE}'}",
            "  api: {image: 'acme/api:1.4.0', container_name: '${NAME}'}",
          ],
        },
      },
      {
        name: "other variants of the folder",
        options: { forbid: false },
        files: {
          "compose.dev.yaml": ["services: {web: {image: 'nginx:1.27.4', container_name: web}}"],
          "compose.prod.yaml": ["services: {web: {image: 'nginx:1.27.4', container_name: web}}"],
        },
      },
    ],
  },
});

function* checkVariant(
  variant: Variant,
  { options: { forbid } }: { readonly options: { readonly forbid: boolean } },
): Iterable<Finding> {
  const named = [...variant.services.values()].filter(({ node }) => node.entries.has("container_name"));
  const byName = new Map<string, Service[]>();
  for (const service of named) {
    const written = service.valueAt("container_name");
    if (written === undefined || service.hasProvider) continue;
    const { range } = written;
    const scaled = scaleOf(service);
    if (scaled !== undefined) {
      const message = `\`${service.name}\` has ${scaled.words} and one name; remove \`container_name\``;
      yield { kind: "scaled", range, message, related: [{ range: scaled.range, message: "more than one" }] };
    }
    const clash = clashOf(service, written.value, byName, variant);
    remember(service, written.value, byName);
    if (clash !== undefined) {
      const { other, message } = clash;
      yield { kind: "clash", range, message, related: [{ range: other, message: "the other service" }] };
    } else if (forbid && scaled === undefined) {
      const message = `\`${service.name}\` can run once per machine as ${quoted(written.text)}; remove \`container_name\``;
      yield { kind: "forbidden", range, message };
    }
  }
}

function scaleOf(service: Service) {
  const [replicas] = service.replicas;
  if (replicas?.value !== undefined && replicas.value > 1) {
    return { words: `${replicas.value} containers`, range: replicas.range };
  }
  const mode = service.valueAt("deploy", "mode");
  return mode?.value === "global" ? { words: "a container on every node", range: mode.range } : undefined;
}

/** More services of one name are held apart by nobody's profiles. */
const MOST_OF_A_NAME = 50;

function remember(service: Service, name: string | undefined, byName: Map<string, Service[]>): void {
  if (name === undefined) return;
  const same = byName.get(name);
  if (same === undefined) byName.set(name, [service]);
  else if (same.length < MOST_OF_A_NAME) same.push(service);
}

function clashOf(
  service: Service,
  name: string | undefined,
  byName: ReadonlyMap<string, readonly Service[]>,
  variant: Variant,
) {
  if (name === undefined) return undefined;
  const end = "give each a name of its own, or none";
  for (const other of byName.get(name) ?? []) {
    if (!variant.canRunTogether(service, other)) continue;
    const theirs = other.valueAt("container_name")?.text ?? name;
    const message = `\`${other.name}\` and \`${service.name}\` are both named ${quoted(theirs)}; ${end}`;
    // One block may give the name to both: then the service itself is the other place.
    return { other: other.keyRange, message };
  }
  const project = variant.name?.value;
  if (project === undefined || !name.startsWith(`${project}-`) || !name.endsWith("-1")) return undefined;
  const other = variant.services.get(name.slice(project.length + 1, -2));
  if (other === undefined || other === service || other.node.entries.has("container_name")) return undefined;
  if (!variant.canRunTogether(service, other)) return undefined;
  const message = `\`${service.name}\` is named ${quoted(name)}, as Compose names \`${other.name}\`; remove \`container_name\``;
  return { other: other.keyRange, message };
}
