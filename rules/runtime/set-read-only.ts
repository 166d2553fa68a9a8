import type { Service } from "../../src/compose/model.js";
import type { Value } from "../../src/compose/node-model.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import type { Project } from "../../src/project/model.js";
import { isNamedBy } from "../../src/project/service-program.js";
import { addSettings, isJudgedForAbsence, isWritten, placeOfAbsence } from "../../src/project/service-settings.js";
import { kindOfService, runsOnce } from "../../src/project/service-view.js";
import { isWritable, writePathsOf } from "../../src/project/write-paths.js";
import { isBrought } from "../../src/project/yaml-removal.js";
import type { Edit } from "../../src/text/source.js";

const options = {
  include: option.strings({
    default: ["built", "web", "proxy"],
    description:
      "What is judged: `built` for one's own images, `unknown` for pulled ones that nobody knows, and kinds of known ones " +
      "(`web`, `proxy`, `observability`, `datastore`).",
  }),
  allow: option.strings({ default: [], description: "Services or images that may write to their root filesystem." }),
};

const ALL_KINDS = ["built", "unknown", "web", "proxy", "observability", "control-plane", "base"];

/** They keep data, or watch and change things: what they write is their purpose. */
const WRITERS: ReadonlySet<string> = new Set(["datastore", "cache", "broker", "agent", "dev-tool"]);

export default defineRule({
  id: "runtime/set-read-only",
  summary: "The root filesystem is read-only",
  levels: { recommended: ["info", "off"], checklist: ["warning", "off"], strict: ["warning", "info"] },
  roles: "all",
  fixable: "sometimes",
  aliases: ["semgrep:writable-filesystem-service", "compose-lint:CL-0007"],
  why: [
    "Who breaks into a process wants to leave something behind: a changed script, a tool, a key. With `read_only: true` there " +
      "is no place for it but the mounts that the file names.",
    "It also shows which paths hold state: a program that writes elsewhere fails at once, not when its container is replaced.",
  ],
  references: ["https://docs.docker.com/reference/compose-file/services/#read_only", "CIS 5.13", "CWE-732", "OWASP #8"],
  securitySeverity: 4,
  options,
  presetOptions: {
    checklist: { include: ALL_KINDS },
    strict: { include: [...ALL_KINDS, ...WRITERS] },
    all: { include: [...ALL_KINDS, ...WRITERS] },
  },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "a service of one's own",
        message: "the root filesystem of `api` is writable",
        files: {
          Dockerfile: ["FROM alpine:3.20", "CMD /api"],
          "compose.yaml": ["services:", "  «api»:", "    build: .", "    init: true"],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    read_only: true",
            "    tmpfs: [/tmp]",
            "    init: true",
          ],
        },
      },
      {
        name: "written out",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4",
            "    read_only: «false»",
            "    volumes: [data:/tmp]",
            "volumes: {data: {}}",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4",
            "    read_only: true",
            "    volumes: [data:/tmp]",
            "volumes: {data: {}}",
          ],
        },
      },
      {
        name: "a web server, with what it writes",
        files: { "compose.yaml": ["services:", "  «web»:", "    image: nginx:1.27.4"] },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    read_only: true",
            "    tmpfs: [/tmp, /var/cache/nginx, /run]",
          ],
        },
      },
      {
        name: "images that nobody knows, in the checklist",
        preset: "checklist",
        severity: "warning",
        files: { "compose.yaml": ["services:", "  «api»: {image: 'acme/api:1.4'}"] },
      },
      {
        name: "a database, where everything counts",
        severity: "info",
        files: { "compose.yaml": ["services:", "  «db»: {image: 'postgres:16.4'}"] },
      },
      {
        name: "a database that says so",
        files: { "compose.yaml": ["services:", "  db: {image: 'postgres:16.4', read_only: «false»}"] },
        fixed: { "compose.yaml": ["services:", "  db: {image: 'postgres:16.4', read_only: true}"] },
      },
    ],
    good: [
      {
        name: "read-only",
        files: {
          "compose.yaml": ["services:", "  api: {image: 'acme/api:1.4', read_only: true, tmpfs: [/tmp]}"],
        },
      },
      {
        name: "an override sets it",
        files: {
          "compose.yaml": ["services:", "  api: {image: 'acme/api:1.4'}"],
          "compose.override.yaml": ["services:", "  api: {read_only: true}"],
        },
      },
      {
        name: "what writes, and images that nobody knows",
        preset: "recommended",
        files: {
          "compose.yaml": [
            "services:",
            "  db: {image: 'postgres:16.4'}",
            "  queue: {image: 'rabbitmq:3.13'}",
            "  agent: {image: 'portainer/portainer-ce:2.21.4'}",
            "  admin: {image: 'adminer:4.8.1'}",
            "  wiki: {image: 'acme/wiki:1.4'}",
          ],
        },
      },
      {
        name: "jobs, and what people develop with",
        files: {
          Dockerfile: ["FROM alpine:3.20", "CMD /api"],
          "compose.yaml": [
            "services:",
            "  migrate: {build: ., restart: 'no'}",
            "  seed: {build: ., command: alembic upgrade head}",
            "  api: {build: ., develop: {watch: [{path: ., action: sync, target: /app}]}}",
            "  debug: {build: ., profiles: [dev]}",
          ],
        },
      },
      {
        name: "what the policy allows",
        options: { allow: ["api", "acme/*"] },
        files: {
          Dockerfile: ["FROM alpine:3.20", "CMD /api"],
          "compose.yaml": ["services:", "  api: {build: .}", "  wiki: {image: 'acme/wiki:1.4'}"],
        },
      },
      {
        name: "a value that nobody knows",
        files: { "compose.yaml": ["services:", "  api: {image: 'acme/api:1.4', read_only: '${READ_ONLY}'}"] },
      },
      {
        name: "what cannot be read may set it; Windows cannot; a provider runs no container",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1.2.0', extends: {file: missing.yaml, service: api}}",
            "  iis: {image: 'mcr.microsoft.com/windows/servercore/iis', platform: windows/amd64}",
            "  cloud: {provider: {type: awesomecloud}}",
          ],
        },
      },
    ],
  },
});

type Context = RuleContext<typeof options>;

function* checkService(service: Service, { options: { include, allow }, project }: Context): Iterable<Finding> {
  const written = isWritten(service, "read_only") ? service.booleanAt("read_only") : undefined;
  if (written !== undefined) {
    if (written.value !== false || service.hasProvider || isNamedBy(allow, service, project)) return;
    const message = `the root filesystem of \`${service.name}\` is writable; set \`read_only: true\``;
    yield { range: written.range, message, fix: setReadOnly(service, project, written) };
    return;
  }
  if (!isJudgedForAbsence(service) || service.isWindows || service.isDevTool || isWritten(service, "develop")) return;
  const image = project.imageOf(service);
  if (image.kind === "stage" && image.stage.isWindows) return;
  const kind = kindOfService(service, project);
  const isWriter = kind !== undefined && WRITERS.has(kind);
  const isBuilt = service.build !== undefined || image.kind === "stage";
  const word = isWriter ? kind : isBuilt ? "built" : (kind ?? "unknown");
  if (!include.includes(word) || runsOnce(service, project) || isNamedBy(allow, service, project)) return;
  yield {
    ...placeOfAbsence(service, "read_only"),
    message: `the root filesystem of \`${service.name}\` is writable; set \`read_only: true\` and mount what it writes`,
    fix: isWriter ? undefined : setReadOnly(service, project, undefined),
    atMost: isWriter ? "info" : undefined,
  };
}

/** Unsafe: nobody knows all paths that a program writes. */
function setReadOnly(service: Service, project: Project, written: Value<boolean> | undefined): Fix | undefined {
  const lines = written === undefined ? ["read_only: true"] : [];
  if (!isWritten(service, "tmpfs")) {
    const known = writePathsOf(service, project).filter(({ isData }) => !isData);
    const paths = ["/tmp", ...known.map(({ path }) => path)];
    const open = [...new Set(paths)].filter((path) => !isWritable(path, service, project));
    if (open.length > 0) lines.push(`tmpfs: [${open.join(", ")}]`);
  }
  if (written !== undefined && isBrought(written.node)) return undefined;
  const edits: Edit[] = written === undefined ? [] : [{ range: written.range, text: "true" }];
  const added = lines.length === 0 ? undefined : addSettings(service, lines);
  if (added !== undefined) edits.push(added);
  return edits.length === 0 ? undefined : { description: "set `read_only: true`", safety: "unsafe", edits };
}
