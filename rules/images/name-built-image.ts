import type { Service, Variant } from "../../src/compose/model.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import { type BuiltName, buildDifference, builtNames } from "../../src/project/built-names.js";
import type { Project } from "../../src/project/model.js";
import { quoted } from "../../src/text/quoted.js";
import { parseImageReference } from "../../src/values/image-reference.js";

export default defineRule({
  id: "images/name-built-image",
  summary: "What is built has one name, and its own",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    clash: { summary: "one name for two builds, of which the last one wins" },
    "other-tag": {
      summary: "a service pulls what another one builds under another tag",
      levels: { recommended: ["warning", "info"], strict: "warning" },
    },
    twice: {
      summary: "the same build under two names",
      levels: { recommended: ["info", "off"], strict: ["warning", "info"] },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "An image name holds one image. When two services build under the same name, whichever is built last decides what both " +
      "run, and which one that is changes from build to build.",
    "A service that names another tag than the one built here does not run what was just built: it pulls an older image, or " +
      "fails because there is none.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/build/#using-build-and-image",
    "https://docs.docker.com/reference/compose-file/services/#image",
  ],
  mentions: { compose: ["build"] },
  check: { variant: checkVariant },
  examples: {
    bad: [
      {
        name: "two stages under one name",
        kind: "clash",
        message: "`api` and `worker` both build `shop:dev`, from different stages",
        files: {
          Dockerfile: ["FROM node:22-slim AS api", "FROM node:22-slim AS worker"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: {context: ., target: api}",
            "    image: shop:dev",
            "  worker:",
            "    build: {context: ., target: worker}",
            "    image: «shop:dev»",
          ],
        },
      },
      {
        name: "two folders, one written with the registry",
        kind: "clash",
        message: "from different contexts",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: ./api",
            "    image: acme/shop",
            "  web:",
            "    build: ./web",
            "    image: «docker.io/acme/shop:latest»",
          ],
        },
      },
      {
        name: "two Dockerfiles, and a name among the tags",
        kind: "clash",
        message: "from different Dockerfiles",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: {context: ., dockerfile: api.Dockerfile}",
            "    image: acme/shop:1.4",
            "  web:",
            "    build:",
            "      context: .",
            "      dockerfile: web.Dockerfile",
            "      tags:",
            "        - «acme/shop:1.4»",
          ],
        },
      },
      {
        name: "other arguments",
        kind: "clash",
        message: "with different arguments",
        files: {
          "compose.yaml": [
            "services:",
            "  eu:",
            "    build: {context: ., args: {REGION: eu}}",
            "    image: acme/shop:1.4",
            "  us:",
            "    build: {context: ., args: {REGION: us}}",
            "    image: «acme/shop:1.4»",
          ],
        },
      },
      {
        name: "another tag than the one that is built",
        kind: "other-tag",
        message: "`api` builds `acme/shop:dev`",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    image: acme/shop:dev",
            "  worker:",
            "    image: «acme/shop:latest»",
          ],
        },
      },
      {
        name: "one build with two names",
        kind: "twice",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    image: acme/shop-api:dev",
            "  worker:",
            "    build: .",
            "    image: «acme/shop-worker:dev»",
          ],
        },
      },
    ],
    good: [
      {
        name: "one builds, the others name it",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    image: shop:dev",
            "  worker:",
            "    image: shop:dev",
            "    command: [worker]",
          ],
        },
      },
      {
        name: "a name for each stage",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: {context: ., target: api}",
            "    image: shop-api:dev",
            "  worker:",
            "    build: {context: ., target: worker}",
            "    image: shop-worker:dev",
          ],
        },
      },
      {
        name: "the same build with the same name, or without one",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {build: ., image: 'shop:dev'}",
            "  worker: {build: ., image: 'shop:dev'}",
            "  cron: {build: .}",
          ],
        },
      },
      {
        name: "profiles that never run together",
        files: {
          "compose.yaml": [
            "services:",
            "  cpu: {build: ./cpu, image: 'shop:dev', profiles: [cpu]}",
            "  gpu: {build: ./gpu, image: 'shop:dev', profiles: [gpu]}",
            "  old: {image: 'shop:1.4', profiles: [old]}",
          ],
        },
      },
      {
        name: "values that nobody can know",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {build: {context: ., target: '${TARGET}'}, image: 'shop:dev'}",
            "  web: {build: {context: ., target: web}, image: 'shop:dev'}",
            "  job: {image: 'shop:${TAG}'}",
            "  eu: {build: {context: ., args: {REGION: '${REGION}'}}, image: 'geo:dev'}",
            "  us: {build: {context: ., args: {REGION: us}}, image: 'geo:dev'}",
            "  one: {build: {context: '${ONE}'}, image: 'two:dev'}",
            "  two: {build: {context: ./two}, image: 'two:dev'}",
            "  a: {build: {context: ., dockerfile: '${A}'}, image: 'b:dev'}",
            "  b: {build: {context: .}, image: 'b:dev'}",
          ],
        },
      },
      {
        name: "a digest is meant",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {build: ., image: 'acme/shop:dev'}",
            "  before:",
            "    image: acme/shop@sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645",
          ],
        },
      },
      {
        name: "production pulls what development builds",
        files: {
          "compose.prod.yaml": ["services:", "  api:", "    image: acme/shop:1.4"],
          "compose.dev.yaml": ["services:", "  api:", "    build: .", "    image: acme/shop:dev"],
        },
      },
    ],
  },
});

function* checkVariant(variant: Variant, { project }: { readonly project: Project }): Iterable<Finding> {
  const names = builtNames(variant);
  if (names.length === 0) return;
  const byKey = new Map<string, BuiltName[]>();
  const byContext = new Map<string, BuiltName[]>();
  const byName = new Map<string, BuiltName[]>();
  for (const name of names) {
    const context = contextOf(name);
    const finding =
      clash(name, byKey.get(name.key) ?? [], project) ??
      // More names for one image are what `tags` are for.
      (name.isTag || byKey.get(name.key)?.some(({ service }) => service !== name.service) === true
        ? undefined
        : twice(name, byContext.get(context) ?? [], project));
    if (finding !== undefined) yield finding;
    remember(byKey, name.key, name);
    remember(byContext, context, name);
    remember(byName, name.reference.name, name);
  }
  for (const service of variant.services.values()) {
    const finding = otherTag(service, byName);
    if (finding !== undefined) yield finding;
  }
}

/** More names of one build or one image are no slips. */
const MOST_ALIKE = 50;

function remember(names: Map<string, BuiltName[]>, key: string, name: BuiltName): void {
  const same = names.get(key);
  if (same === undefined) names.set(key, [name]);
  else if (same.length < MOST_ALIKE) same.push(name);
}

/** Builds of different contexts are different builds. */
function contextOf({ service: { build } }: BuiltName): string {
  return build === undefined ? "" : `${build.contextKind} ${build.contextPath ?? build.context?.value ?? ""}`;
}

function clash(name: BuiltName, earlier: readonly BuiltName[], project: Project): Finding | undefined {
  for (const other of earlier) {
    if (other.service === name.service || !runTogether(name.service, other.service)) continue;
    const difference = buildDifference(other.service, name.service, project);
    if (difference === "same" || difference === "unknown") continue;
    const both = `\`${other.service.name}\` and \`${name.service.name}\` both build`;
    return {
      kind: "clash",
      range: name.value.range,
      message: `${both} ${quoted(name.value.text)}, ${difference}; give each a name of its own`,
      related: [{ range: other.value.range, message: "the same name" }],
    };
  }
  return undefined;
}

function twice(name: BuiltName, earlier: readonly BuiltName[], project: Project): Finding | undefined {
  for (const other of earlier) {
    if (other.service === name.service || other.isTag || !runTogether(name.service, other.service)) continue;
    if (buildDifference(other.service, name.service, project) !== "same") continue;
    return {
      kind: "twice",
      range: name.value.range,
      message: `${quoted(other.value.text)} is the same build; build it once and name it in \`${name.service.name}\` too`,
      related: [{ range: other.value.range, message: "the other name" }],
    };
  }
  return undefined;
}

function otherTag(service: Service, byName: ReadonlyMap<string, readonly BuiltName[]>): Finding | undefined {
  const { build, image } = service;
  if (build !== undefined || service.hasProvider || image?.value === undefined) return undefined;
  const reference = parseImageReference(image.value);
  if (reference.kind !== "reference" || reference.digest !== undefined) return undefined;
  const same = (byName.get(reference.name) ?? []).filter((name) => runTogether(service, name.service));
  const tag = reference.tag ?? "latest";
  const [built] = same;
  if (built === undefined || same.some((name) => (name.reference.tag ?? "latest") === tag)) return undefined;
  return {
    kind: "other-tag",
    range: image.range,
    message: `${quoted(image.text)} is pulled, but \`${built.service.name}\` builds ${quoted(built.value.text)}; name the tag built here`,
    related: [{ range: built.value.range, message: "built here under another tag" }],
  };
}

function runTogether(a: Service, b: Service): boolean {
  return a.variant.canRunTogether(a, b);
}
