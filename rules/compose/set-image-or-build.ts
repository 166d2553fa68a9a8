import type { Service, Variant } from "../../src/compose/model.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import { hasNoImage, isLoosePatch, patchesFolderAbove } from "../../src/project/loose-files.js";
import type { Range } from "../../src/text/source.js";

export default defineRule({
  id: "compose/set-image-or-build",
  summary: "Every service can get an image",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  kinds: {
    missing: { summary: "nothing says what the container is made from" },
    template: {
      summary: "a service that only others build on would be started itself",
      levels: { recommended: "warning", checklist: "warning", strict: "warning" },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "A service without `image` and `build` is no service: Compose refuses the whole project because of it. Mostly the key " +
      "is misspelt, or stands one level too deep, or the file was meant to be merged over another one.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/services/#image",
    "https://docs.docker.com/reference/compose-file/build/",
  ],
  // That the patch fits no service says more.
  yieldsTo: ["compose/patch-existing-services#unknown-service"],
  check: {
    *variant(variant, { project }) {
      if (patchesFolderAbove(variant, project)) return;
      for (const service of variant.services.values()) if (hasNoImage(service)) yield* judge(service, variant);
    },
  },
  examples: {
    bad: [
      {
        name: "neither of them",
        kind: "missing",
        message: "`worker` has neither `image` nor `build`; name one",
        files: { "compose.yaml": ["services:", "  api: {build: .}", "  «worker»: {command: run, profiles: [jobs]}"] },
      },
      {
        name: "an image without a name, and a service without anything",
        kind: "missing",
        files: { "compose.yaml": ["services:", "  «api»:", "    image:", "    restart: always", "  «worker»:"] },
      },
      {
        name: "an override for a service that the base does not have",
        kind: "missing",
        files: {
          "compose.yaml": ["services:", "  api: {image: 'acme/api:1.4.0'}"],
          "compose.override.yaml": ["services:", "  «apii»: {environment: {DEBUG: '1'}}"],
        },
      },
      {
        name: "a patch whose base is not here",
        kind: "missing",
        severity: "warning",
        message: "`web` has neither `image` nor `build`, and no base file defines it",
        files: { "compose.prod.yaml": ["services:", "  «web»: {restart: always}"] },
      },
      {
        name: "taken away",
        kind: "missing",
        message: "`!reset` takes the image of `web` away",
        files: {
          "compose.yaml": ["services:", "  web: {image: 'nginx:1.27.4'}"],
          "compose.override.yaml": ["services:", "  web: {image: «!reset» null}"],
        },
      },
      {
        name: "a template beside the services that are made from it",
        kind: "template",
        message: "`base` has no image and would be started; give it a profile",
        files: {
          "compose.yaml": [
            "services:",
            "  «base»: {restart: always}",
            "  api: {extends: {service: base}, image: 'acme/api:1.4.0'}",
            "  worker: {extends: base, image: 'acme/worker:1.4.0'}",
          ],
        },
      },
    ],
    good: [
      {
        name: "a patch in a folder below its base",
        files: {
          "compose.yaml": ["services:", "  api: { image: 'acme/api:1.4.0' }", "  db: { image: 'postgres:17.4' }"],
          "dev/compose.dev.yaml": [
            "services:",
            "  api: { ports: ['127.0.0.1:3000:3000'] }",
            "  mail: { image: 'axllent/mailpit:v1.22' }",
          ],
        },
      },
      {
        name: "an image, a build, a provider, a value that nobody can know",
        files: {
          "compose.yaml": [
            "services:",
            "  db: {image: 'postgres:17.4'}",
            "  api: {build: .}",
            "  ai: {provider: {type: model}}",
            "  worker: {image: '${WORKER_IMAGE}'}",
          ],
        },
      },
      {
        name: "given by the base",
        files: {
          "compose.yaml": ["services:", "  web: {image: 'nginx:1.27.4'}"],
          "compose.override.yaml": ["services:", "  web: {ports: ['127.0.0.1:8080:80']}"],
          "compose.prod.yaml": ["services:", "  web: {restart: always}"],
        },
      },
      {
        name: "given by what is extended, or merged",
        files: {
          "compose.yaml": [
            "x-base: &base {image: 'acme/api:1.4.0'}",
            "services:",
            "  api: {<<: *base, command: serve}",
            "  worker: {extends: {file: common.yaml, service: worker}}",
          ],
          "common.yaml": ["services:", "  worker: {image: 'acme/worker:1.4.0'}"],
        },
      },
      {
        name: "a template with a profile, and one in a file of its own",
        files: {
          "compose.yaml": [
            "services:",
            "  base: {restart: always, profiles: [template]}",
            "  api: {extends: base, image: 'acme/api:1.4.0', profiles: []}",
            "  worker: {extends: {file: common.yaml, service: base}, image: 'acme/worker:1.4.0'}",
          ],
          "common.yaml": ["services:", "  base: {restart: always}"],
        },
      },
      {
        name: "something could not be followed",
        files: {
          "compose.yaml": ["include: ['https://github.com/acme/shop.git']", "services:", "  web: {restart: always}"],
          "other/compose.yaml": ["services:", "  web: {extends: {file: ../../common.yaml, service: web}}"],
        },
      },
    ],
  },
});

function* judge(service: Service, variant: Variant): Iterable<Finding> {
  const { name, keyRange: range } = service;
  const user = extenderOf(service, variant);
  if (user !== undefined) {
    if (service.profiles.length > 0) return;
    const message = `\`${name}\` has no image and would be started; give it a profile, or move it to another file`;
    yield { kind: "template", range, message, related: [{ range: user, message: "what is made from it" }] };
    return;
  }
  const removal = service.removalOf("image") ?? service.removalOf("build");
  if (removal !== undefined) {
    const message = `\`!reset\` takes the image of \`${name}\` away; name another \`image\` or \`build\``;
    yield { kind: "missing", range: removal.range, message, related: [{ range, message: "the service" }] };
    return;
  }
  const fact = `\`${name}\` has neither \`image\` nor \`build\``;
  if (isLoosePatch(variant)) {
    const message = `${fact}, and no base file defines it; merge this file over its base`;
    yield { kind: "missing", range, message, confidence: "medium" };
  } else yield { kind: "missing", range, message: `${fact}; name one` };
}

/** Where another service of the same file extends this one. */
function extenderOf({ name, keyRange }: Service, { services }: Variant): Range | undefined {
  for (const other of services.values()) {
    const node = other.at("extends");
    if (node === undefined || node.range.source !== keyRange.source) continue;
    const target = node.kind === "mapping" ? node.entries.get("service")?.value : node;
    if (target?.kind !== "scalar" || target.resolved !== name || other.at("extends", "file") !== undefined) continue;
    return target.range;
  }
  return undefined;
}
