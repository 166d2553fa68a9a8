import type { ComposeFile, Resource, Variant } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { isUsed } from "../../src/project/compose-references.js";
import type { Project } from "../../src/project/model.js";
import { entryOf, writtenRoots } from "../../src/project/written-compose.js";
import { entryRemoval } from "../../src/project/yaml-entry-removal.js";

export default defineRule({
  id: "compose/no-unused-resources",
  summary: "Every declared resource is used",
  levels: { recommended: "warning", checklist: "warning", strict: "warning" },
  roles: "all",
  roleCaps: { development: "info" },
  fixable: "sometimes",
  why: [
    "Compose creates what the services use; what none of them names has no effect. Mostly a service lost its entry, or was " +
      "never given one: declaring a secret grants it to nobody, and data that was meant for a volume goes elsewhere.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/volumes/",
    "https://docs.docker.com/reference/compose-file/secrets/",
  ],
  mentions: { compose: ["networks", "volumes", "secrets", "configs", "models"] },
  check: { variant: checkVariant },
  examples: {
    bad: [
      {
        name: "a volume that lost its service",
        message: "no service uses volume `cache`; mount it or remove it",
        files: {
          "compose.yaml": [
            "services:",
            "  db: {image: 'postgres:17.4', volumes: ['pgdata:/var/lib/postgresql/data']}",
            "volumes:",
            "  pgdata:",
            "  «cache»:",
            "    driver: local",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  db: {image: 'postgres:17.4', volumes: ['pgdata:/var/lib/postgresql/data']}",
            "volumes:",
            "  pgdata:",
          ],
        },
      },
      {
        name: "the only one of its section",
        message: "no service uses network `back`; join it or remove it",
        files: {
          "compose.yaml": [
            "services:",
            "  web: {image: 'nginx:1.27.4'}",
            "networks:",
            "  «back»:",
            "    internal: true",
          ],
        },
        fixed: { "compose.yaml": ["services:", "  web: {image: 'nginx:1.27.4'}"] },
      },
      {
        name: "a secret that nobody is granted",
        message: "no service is granted secret `token`; list it under `secrets` of one, or remove it",
        files: {
          "compose.yaml": [
            "services: {api: {image: 'acme/api:1.4.0'}}",
            "secrets: {«token»: {environment: API_TOKEN}}",
            "configs: {«settings»: {file: ./api.toml}}",
            "models: {«llm»: {model: ai/smollm2}}",
          ],
        },
        fixed: { "compose.yaml": ["services: {api: {image: 'acme/api:1.4.0'}}"] },
      },
      {
        name: "beside another one in flow style",
        files: {
          "compose.yaml": [
            "services: {db: {image: 'postgres:17.4', volumes: ['pgdata:/var/lib/postgresql/data']}}",
            "volumes: {pgdata: , «cache»: }",
          ],
        },
      },
      {
        name: "external, for another project perhaps",
        severity: "info",
        files: {
          "compose.yaml": ["services: {api: {image: 'acme/api:1.4.0'}}", "networks: {«proxy»: {external: true}}"],
        },
        fixed: { "compose.yaml": ["services: {api: {image: 'acme/api:1.4.0'}}"] },
      },
      {
        name: "in development",
        severity: "info",
        files: {
          "compose.dev.yaml": ["services: {api: {image: 'acme/api:1.4.0'}}", "volumes: {«modules»: }"],
        },
        fixed: { "compose.dev.yaml": ["services: {api: {image: 'acme/api:1.4.0'}}"] },
      },
    ],
    good: [
      {
        name: "used, by a service with a profile too",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4.0",
            "    build: {context: ., secrets: [npm]}",
            "    networks: [back]",
            "    configs: [settings]",
            "    models: [llm]",
            "  ui: {image: 'acme/ui:1.4.0', profiles: [debug], volumes: [{type: volume, source: files, target: /files}]}",
            "networks: {back: , default: {internal: true}}",
            "volumes: {files: }",
            "configs: {settings: {file: ./api.toml}}",
            "secrets: {npm: {file: ./npm}}",
            "models: {llm: {model: ai/smollm2}}",
          ],
        },
      },
      {
        name: "used by another variant of the folder",
        files: {
          "compose.yaml": ["services: {api: {image: 'acme/api:1.4.0'}}", "volumes: {files: }"],
          "compose.override.yaml": ["services: {api: {volumes: ['files:/files']}}"],
          "compose.prod.yaml": ["services: {api: {volumes: ['files:/srv/files']}}"],
        },
      },
      {
        name: "for those who include the file",
        files: {
          "compose.yaml": ["include: [parts/networks.yaml]", "services: {api: {image: 'acme/api:1.4.0'}}"],
          "parts/networks.yaml": ["networks: {back: }"],
        },
      },
      {
        name: "a file of resources only",
        files: { "compose.networks.yaml": ["networks: {back: }"] },
      },
      {
        name: "something that nobody can know, or that is not read",
        files: {
          "compose.yaml": [
            "services: {api: {image: 'acme/api:1.4.0', volumes: ['${VOLUME}:/data']}}",
            "volumes: {files: , thumbs: }",
          ],
          "remote/compose.yaml": [
            "include: ['oci://docker.io/acme/api:1.4.0']",
            "services: {web: {image: 'nginx:1.27.4'}}",
            "networks: {back: }",
          ],
        },
      },
    ],
  },
});

function* checkVariant(variant: Variant, { project }: { readonly project: Project }): Iterable<Finding> {
  const { networks, volumes, secrets, configs, models } = variant;
  for (const section of [networks, volumes, secrets, configs, models]) {
    for (const resource of section.values()) {
      if (resource.kind === "network" && resource.name === "default") continue;
      if (isUsed(resource, variant.project) || mayBeUsedElsewhere(resource, variant, project)) continue;
      yield findingOf(resource, project);
    }
  }
}

/** Whether somebody may use it whom this variant does not show. */
function mayBeUsedElsewhere({ keyRange: { source } }: Resource, variant: Variant, project: Project): boolean {
  if (variant.services.size === 0 || variant.incomplete.length > 0) return true;
  const isOwn = variant.files.some((file) => file.source === source);
  return !isOwn || project.variants.some(({ broughtIn }) => broughtIn.some((file) => file.source === source));
}

function findingOf({ kind, name, keyRange: range, isExternal }: Resource, project: Project): Finding {
  const file = project.composeFiles.find(({ source }) => source === range.source);
  const message =
    kind === "secret"
      ? `no service is granted secret \`${name}\`; list it under \`secrets\` of one, or remove it`
      : `no service uses ${kind} \`${name}\`; ${USES[kind]} it or remove it`;
  return { range, message, fix: file && removal(file, `${kind}s`, name), ...(isExternal ? { atMost: "info" } : {}) };
}

const USES = { network: "join", volume: "mount", config: "grant", model: "use" } as const;

/** The entry, or the section when it is the only one. */
function removal(file: ComposeFile, section: string, name: string): Fix | undefined {
  for (const root of writtenRoots(file)) {
    const whole = entryOf(root, section);
    if (whole?.value.kind !== "mapping") continue;
    const entry = entryOf(whole.value, name);
    if (entry === undefined) continue;
    const edit = whole.value.entries.length === 1 ? entryRemoval(root, whole) : entryRemoval(whole.value, entry);
    return edit && { description: `remove \`${name}\``, safety: "unsafe", edits: [edit] };
  }
  return undefined;
}
