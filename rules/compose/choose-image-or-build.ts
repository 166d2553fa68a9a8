import type { Service } from "../../src/compose/model.js";
import { serviceFacts } from "../../src/data/base-images.js";
import { OFFICIAL_NAMES } from "../../src/data/official-images.js";
import { defineRule, type Finding, option } from "../../src/engine/rule.js";
import type { Project } from "../../src/project/model.js";
import { quoted } from "../../src/text/quoted.js";
import { type ImageReference, parseImageReference } from "../../src/values/image-reference.js";

const options = {
  checkPullPolicy: option.boolean({
    default: true,
    description: "Say nothing about services whose `pull_policy` decides between the two.",
  }),
};

export default defineRule({
  id: "compose/choose-image-or-build",
  summary: "`image` beside `build` is the name of what is built",
  levels: { strict: "info" },
  kinds: {
    both: { summary: "both keys, and nothing says which one is to be used", aliases: ["dclint:no-build-and-image"] },
    "third-party": {
      summary: "what is built here takes the name of an image that others publish",
      levels: { recommended: "info", strict: "warning" },
      aliases: ["dclint:no-build-and-image"],
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "Beside `build`, the key `image` does not say what to run, but how to call what was built. With the name of a published " +
      "image there, every container on the machine that asks for that image gets the local build.",
    "Without `pull_policy`, `docker compose up` looks for the image in its registry first, and builds when it finds none.",
  ],
  references: ["https://docs.docker.com/reference/compose-file/build/#using-build-and-image"],
  options,
  mentions: { compose: ["build"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "the name of an official image",
        kind: "third-party",
        preset: "recommended",
        message: "building `db` tags the result as `postgres:16.4`; use a name of your own",
        files: {
          "compose.yaml": ["services:", "  db:", "    «build»: ./db", '    image: "postgres:16.4"'],
        },
      },
      {
        name: "the name that the Dockerfile itself starts from",
        kind: "third-party",
        files: {
          "compose.yaml": ["services:", "  proxy: {«build»: ., image: 'ghcr.io/envoyproxy/gateway:v1.3.0'}"],
          Dockerfile: ["FROM ghcr.io/envoyproxy/gateway:v1.3.0", "COPY gateway.yaml /etc/"],
        },
      },
      {
        name: "a name of one's own, and no policy",
        kind: "both",
        message: "`up` pulls `acme/api:1.4.0` before it builds it; set `pull_policy: build`",
        files: { "compose.yaml": ["services:", "  api: {image: 'acme/api:1.4.0', «build»: .}"] },
      },
      {
        name: "a name with a variable",
        kind: "both",
        files: { "compose.yaml": ["services:", "  api: {image: 'acme/api:${TAG}', «build»: {context: .}}"] },
      },
      {
        name: "a policy that does not matter to the option",
        kind: "both",
        options: { checkPullPolicy: false },
        files: { "compose.yaml": ["services:", "  api: {image: 'acme/api', «build»: ., pull_policy: build}"] },
      },
    ],
    good: [
      {
        name: "a name of one's own",
        preset: "recommended",
        files: {
          "compose.yaml": ["services:", '  db: {build: ./db, image: "registry.example.com/shop/db:1.4.0"}'],
        },
      },
      {
        name: "one of them",
        files: { "compose.yaml": ["services:", "  db: {image: 'postgres:17.4'}", "  api: {build: .}"] },
      },
      {
        name: "a policy",
        files: {
          "compose.yaml": ["services:", "  api: {image: 'acme/api:1.4.0', build: ., pull_policy: build}"],
        },
      },
      {
        name: "an override that builds what the base pulls, and says so",
        files: {
          "compose.yaml": ["services:", "  api: {image: 'acme/api:1.4.0'}"],
          "compose.override.yaml": ["services:", "  api: {build: ., pull_policy: build}"],
        },
      },
    ],
  },
});

function* checkService(
  service: Service,
  {
    options: { checkPullPolicy },
    project,
  }: { readonly options: { readonly checkPullPolicy: boolean }; readonly project: Project },
): Iterable<Finding> {
  const { build, image, name } = service;
  if (build === undefined || image === undefined) return;
  if (checkPullPolicy && service.node.entries.has("pull_policy")) return;
  const related = [{ range: image.range, message: "the name of the result" }];
  const reference = image.value === undefined ? undefined : parseImageReference(image.value);
  const shown = quoted(image.text);
  if (reference?.kind === "reference" && isPublished(reference, service, project)) {
    const message = `building \`${name}\` tags the result as ${shown}; use a name of your own`;
    yield { kind: "third-party", range: build.keyRange, message, related };
    return;
  }
  const message = `\`up\` pulls ${shown} before it builds it; set \`pull_policy: build\`, or remove one of the two`;
  yield { kind: "both", range: build.keyRange, message, related };
}

/** Whether a name is one that somebody else publishes: a known image, or what the Dockerfile starts from. */
function isPublished(reference: ImageReference, service: Service, project: Project): boolean {
  const { name, familiarName } = reference;
  if (!familiarName.includes("/") && OFFICIAL_NAMES.has(familiarName)) return true;
  if (isNamedByOwner(reference) && serviceFacts(reference) !== undefined) return true;
  return project.buildOf(service)?.stages.some(({ image }) => image?.name === name) === true;
}

/** `acme/postgres` is called after a program, but published by who writes this. */
function isNamedByOwner({ familiarName }: ImageReference): boolean {
  return !familiarName.includes("/");
}
