import type { Variant } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { resolvePath } from "../../src/files/path.js";
import {
  type ComposeReference,
  definedNames,
  type UndefinedReference,
  undefinedReferences,
} from "../../src/project/compose-references.js";
import { isLoosePatch } from "../../src/project/loose-files.js";
import type { Project } from "../../src/project/model.js";
import { declaration } from "../../src/project/resource-declaration.js";
import { quoted } from "../../src/text/quoted.js";
import { closest } from "../../src/values/closest.js";

export default defineRule({
  id: "compose/define-references",
  summary: "Every name that is used is defined",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Compose refuses a project in which a service names a network, volume, secret, config, model or service that is not " +
      "defined. A source without `./` is such a name too: `data/db` is a volume, not a folder.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/volumes/",
    "https://docs.docker.com/reference/compose-file/networks/",
    "https://docs.docker.com/reference/compose-file/services/#depends_on",
  ],
  // Each reference is written with one of these keys, or behind `service:`.
  mentions: {
    compose: [
      "networks",
      "volumes",
      "secrets",
      "configs",
      "models",
      "depends_on",
      "links",
      "service:",
      "credential_spec",
    ],
  },
  check: {
    *variant(variant, { project }) {
      const missing = undefinedReferences(variant).filter(({ extended }) => extended === undefined);
      if (missing.length > 0 && !isLoosePatch(variant)) yield* judge(missing, variant, project);
    },
  },
  examples: {
    bad: [
      {
        name: "a misspelt volume",
        message: "volume `pgdta` is not defined; did you mean `pgdata`?",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            '    volumes: ["«pgdta»:/var/lib/postgresql/data"]',
            "volumes: {pgdata: }",
          ],
        },
      },
      {
        name: "volumes in a file without any",
        message: "volume `files` is not defined; declare it under the top-level `volumes`",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4.0",
            "    volumes:",
            "      - «files»:/files",
            "      - {type: volume, source: «thumbs», target: /thumbs}",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4.0",
            "    volumes:",
            "      - files:/files",
            "      - {type: volume, source: thumbs, target: /thumbs}",
            "",
            "volumes:",
            "  files:",
            "  thumbs:",
          ],
        },
      },
      {
        name: "a network beside others",
        message: "network `metrics` is not defined",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1.4.0', networks: [back, «metrics»]}",
            "  db: {image: 'postgres:17.4', networks: {«metrics»: {aliases: [stats]}}}",
            "networks:",
            "  back:",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1.4.0', networks: [back, metrics]}",
            "  db: {image: 'postgres:17.4', networks: {metrics: {aliases: [stats]}}}",
            "networks:",
            "  metrics:",
            "  back:",
          ],
        },
      },
      {
        name: "a folder that lacks its `./`",
        message: "`data/db` is read as a volume; write `./data/db` for the folder",
        files: {
          "compose.yaml": [
            "services:",
            "  db: {image: 'postgres:17.4', volumes: ['«data/db»:/backups', '«data»:/all']}",
          ],
          "data/db/.gitkeep": "",
        },
        fixed: {
          "compose.yaml": ["services:", "  db: {image: 'postgres:17.4', volumes: ['./data/db:/backups', 'data:/all']}"],
        },
      },
      {
        name: "services, in all ways to name one",
        message: "service `dbb` is not defined; did you mean `db`?",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4.0",
            "    depends_on: [«dbb»]",
            "    links: ['«mail»:smtp']",
            "    volumes_from: ['«files»:ro']",
            "    network_mode: 'service:«vpn»'",
            "    pid: service:«metrics»",
            "  worker:",
            "    image: acme/worker:1.4.0",
            "    depends_on: {«queue»: {condition: service_started}}",
            "  db: {image: 'postgres:17.4'}",
          ],
        },
      },
      {
        name: "a context of a service that nothing builds",
        message: "`db` has no `build` to take files from",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      additional_contexts: {schema: 'service:«db»', base: 'service:«base»'}",
            "  db: {image: 'postgres:17.4'}",
          ],
        },
      },
      {
        name: "secrets, configs and models",
        message: "secret `npm_token` is not defined; declare it under the top-level `secrets`",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4.0",
            "    build: {context: ., secrets: [«npm_token»]}",
            "    secrets: [«db_password»]",
            "    configs: [{source: «settings», target: /etc/api.toml}]",
            "    models: {«llm»: {endpoint_var: LLM_URL}}",
            "    credential_spec: {config: «account»}",
            "  chat: {image: 'acme/chat:1.4.0', models: [«llm»]}",
          ],
        },
      },
      {
        name: "in an override, at its own place",
        files: {
          "compose.yaml": ["services:", "  api: {image: 'acme/api:1.4.0'}"],
          "compose.override.yaml": ["services:", "  api: {depends_on: [«database»]}"],
        },
      },
    ],
    good: [
      {
        name: "defined, external, implicit",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4.0",
            "    depends_on: [db]",
            "    networks: [default, proxy]",
            "    volumes: ['files:/files', './conf:/conf:ro', '/srv/logs:/logs', /cache]",
            "    secrets: [token]",
            "  db: {image: 'postgres:17.4'}",
            "networks: {proxy: {external: true}}",
            "volumes: {files: }",
            "secrets: {token: {environment: API_TOKEN}}",
          ],
        },
      },
      {
        name: "not required",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4.0",
            "    depends_on: {mail: {condition: service_started, required: false}}",
          ],
        },
      },
      {
        name: "names that nobody can know, and a container that is not of this project",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4.0",
            "    networks: ['${NETWORK}']",
            "    volumes: ['${DATA}:/data']",
            "    depends_on: ['${DB}']",
            "    volumes_from: ['container:files']",
            "    external_links: [mail]",
          ],
        },
      },
      {
        name: "defined by the base, an included file, an override",
        files: {
          "compose.yaml": [
            "include: [db/compose.yaml]",
            "services:",
            "  api: {image: 'acme/api:1.4.0', depends_on: [db], networks: [back]}",
          ],
          "compose.override.yaml": ["services: {api: {volumes: ['pgdata:/pgdata:ro']}}", "networks: {back: }"],
          "db/compose.yaml": [
            "services: {db: {image: 'postgres:17.4', volumes: ['pgdata:/var/lib/postgresql/data']}}",
            "volumes: {pgdata: }",
          ],
        },
      },
      {
        name: "an included project that is not read",
        files: {
          "compose.yaml": [
            "include: ['oci://docker.io/acme/db:1.4.0']",
            "services:",
            "  api: {image: 'acme/api:1.4.0', depends_on: [db], networks: [back]}",
          ],
        },
      },
      {
        name: "a patch whose base is not here",
        files: {
          "compose.prod.yaml": ["services:", "  web: {restart: always, depends_on: [api], networks: [back]}"],
        },
      },
    ],
  },
});

function* judge(missing: readonly UndefinedReference[], variant: Variant, project: Project): Iterable<Finding> {
  const declared = new Set<string>();
  for (const reference of missing) {
    const { kind, name, range } = reference;
    const { remedy, fact, fix } = folder(reference, project) ?? judgeName(reference, variant);
    const plain = remedy.startsWith("declare") ? declare(reference, missing, variant, project, declared) : undefined;
    yield { range, message: `${fact}; ${remedy}`, fix: fix ?? plain, subject: `${kind} ${name}` };
  }
}

interface Verdict {
  readonly fact: string;
  readonly remedy: string;
  readonly fix?: Fix | undefined;
}

/** A volume by a name that a folder has, or that only a folder can have. */
function folder({ kind, name, range, service }: ComposeReference, project: Project): Verdict | undefined {
  if (kind !== "volume") return undefined;
  const exists = project.exists(resolvePath(service.node.folder, name));
  if (!exists && !name.includes("/")) return undefined;
  const isSure = exists && name.includes("/") && range.source.slice(range) === name;
  const edits = [{ range: range.source.range(range.start, range.start), text: "./" }];
  return {
    fact: `${quoted(name)} is read as a volume`,
    remedy: `write ${quoted(`./${name}`)} for the folder`,
    fix: isSure ? { description: "name the folder", safety: "safe", edits } : undefined,
  };
}

function judgeName({ kind, name, needs }: ComposeReference, variant: Variant): Verdict {
  if (needs === "build" && variant.services.has(name)) {
    return { fact: `${quoted(name)} has no \`build\` to take files from`, remedy: "name a service that is built" };
  }
  const fact = `${kind} ${quoted(name)} is not defined`;
  const nearest = closest(name, definedNames(variant, kind).keys());
  if (nearest !== undefined) return { fact, remedy: `did you mean ${quoted(nearest)}?` };
  if (kind === "service") return { fact, remedy: "define it, or remove the reference" };
  return { fact, remedy: `declare it under the top-level \`${kind}s\`` };
}

/** One fix for all names of a kind and file, with the first of them. */
function declare(
  { kind, range: { source } }: ComposeReference,
  missing: readonly ComposeReference[],
  variant: Variant,
  project: Project,
  declared: Set<string>,
): Fix | undefined {
  const id = `${kind} ${source.path}`;
  if ((kind !== "volume" && kind !== "network") || declared.has(id)) return undefined;
  declared.add(id);
  const names = new Set<string>();
  for (const other of missing) {
    if (other.kind !== kind || other.range.source !== source || folder(other, project) !== undefined) continue;
    if (judgeName(other, variant).remedy.startsWith("declare")) names.add(other.name);
  }
  const file = project.composeFiles.find((each) => each.source === source);
  const edit = file === undefined ? undefined : declaration(file, `${kind}s`, [...names]);
  if (edit === undefined) return undefined;
  return { description: `declare the ${kind}${names.size === 1 ? "" : "s"}`, safety: "unsafe", edits: [edit] };
}
