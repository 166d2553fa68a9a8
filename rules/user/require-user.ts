import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import type { Build, StageView } from "../../src/project/model.js";
import { serviceDropsPrivileges, servicesShipping, userOfService } from "../../src/project/service-view.js";
import { startInsertion } from "../../src/project/start-insertion.js";
import { statePathOf } from "../../src/project/state-paths.js";
import { holdsWebAssembly } from "../../src/project/web-assembly.js";
import { matchesGlob } from "../../src/values/glob.js";
import { UID_OPTION } from "../../src/values/user-options.js";

const options = {
  composeUserCounts: option.boolean({
    default: true,
    description: "An image whose production services all set a non-root `user:` is only a note.",
  }),
  libraryImages: option.strings({
    default: [],
    description: "Dockerfiles of base images, as globs: whoever builds on them sets the user.",
  }),
  uid: option.custom(UID_OPTION),
};

export default defineRule({
  id: "user/require-user",
  summary: "A shipped image sets a non-root user",
  levels: { recommended: "warning", checklist: "error", strict: "error" },
  kinds: {
    "known-root": { summary: "The base is known to run as root, and nothing changes that" },
    "unknown-base": {
      summary: "Nobody knows whom the base runs as",
      levels: { recommended: "info", checklist: "info", strict: "info" },
    },
    service: {
      summary: "A service pulls an image that runs as root and sets no `user`",
      levels: { recommended: "off", checklist: "off", strict: "info" },
    },
  },
  roles: ["production"],
  fixable: "sometimes",
  aliases: [
    "trivy:DS-0002",
    "checkov:CKV_DOCKER_3",
    "kics:missing-user-instruction",
    "kics:fd54f200-402c-4333-a5a4-36ef6709af2f",
    "semgrep:missing-user",
    "semgrep:missing-user-entrypoint",
    "tally:stateful-root-runtime",
  ],
  why: [
    "Without USER the process runs as root: a flaw in it lets an intruder rewrite the image's files, install tools, and try " +
      "kernel and mount weaknesses with all that root may do.",
    "Clusters that enforce non-root containers refuse to start such an image.",
  ],
  references: [
    "https://docs.docker.com/build/building/best-practices/#user",
    "CIS 4.1",
    "CWE-250",
    "CWE-269",
    "OWASP #2",
  ],
  securitySeverity: 7,
  options,
  yieldsOnSubjectTo: ["user/use-created-user"],
  check: { build: checkBuild, service: checkService },
  examples: {
    bad: [
      {
        name: "nothing sets a user",
        kind: "known-root",
        message: "`python:3.12-slim` runs as root",
        files: { Dockerfile: ["FROM «python:3.12-slim»", 'CMD ["python", "-m", "app"]'] },
        fixed: { Dockerfile: ["FROM python:3.12-slim", "USER 1000", 'CMD ["python", "-m", "app"]'] },
      },
      {
        name: "the chain created one account",
        kind: "known-root",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS base",
            "RUN useradd --uid 1001 api",
            "FROM «base»",
            "COPY api /usr/local/bin/api",
            'ENTRYPOINT ["api"]',
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim AS base",
            "RUN useradd --uid 1001 api",
            "FROM base",
            "COPY api /usr/local/bin/api",
            "USER 1001",
            'ENTRYPOINT ["api"]',
          ],
        },
      },
      {
        name: "a Dockerfile inside of a Compose file keeps its indentation",
        kind: "known-root",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      dockerfile_inline: |",
            "        FROM «python:3.12-slim»",
            '        CMD ["python", "-m", "app"]',
            "    restart: always",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      dockerfile_inline: |",
            "        FROM python:3.12-slim",
            "        USER 1000",
            '        CMD ["python", "-m", "app"]',
            "    restart: always",
          ],
        },
      },
      {
        name: "at the end of a Dockerfile inside of a Compose file",
        kind: "known-root",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      dockerfile_inline: |",
            "        FROM «debian:12-slim»",
            "        RUN make \\",
            "          install",
            "    restart: always",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      dockerfile_inline: |",
            "        FROM debian:12-slim",
            "        RUN make \\",
            "          install",
            "        USER 1000",
            "    restart: always",
          ],
        },
      },
      {
        name: "a Dockerfile in a quoted string takes no further line",
        kind: "known-root",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            '      dockerfile_inline: "FROM «debian:12-slim»\\nRUN make install\\n"',
          ],
        },
      },
      {
        name: "a stage that another one goes on from: its steps would lose root too",
        kind: "known-root",
        files: {
          Dockerfile: [
            "FROM «python:3.12-slim» AS app",
            'CMD ["python", "-m", "app"]',
            "FROM app AS tools",
            "RUN apt-get update && apt-get install -y git",
          ],
          "compose.yaml": ["services:", "  api: {build: {context: ., target: app}}"],
        },
      },
      {
        name: "Windows line breaks stay",
        kind: "known-root",
        files: { Dockerfile: 'FROM «python:3.12-slim»\r\nCMD ["python", "-m", "app"]\r\n' },
        fixed: { Dockerfile: 'FROM python:3.12-slim\r\nUSER 1000\r\nCMD ["python", "-m", "app"]\r\n' },
      },
      {
        name: "it holds state",
        kind: "known-root",
        message: "holds state",
        options: { uid: "10000-10999" },
        files: { Dockerfile: ["FROM «alpine:3.20»", "COPY store /bin/store", "VOLUME /data", "CMD store"] },
        fixed: {
          Dockerfile: ["FROM alpine:3.20", "COPY store /bin/store", "VOLUME /data", "USER 10000", "CMD store"],
        },
      },
      {
        name: "nginx keeps a root master",
        kind: "known-root",
        message: "nginx-unprivileged",
        files: { Dockerfile: ["FROM «nginx:1.27.4»", "COPY site /usr/share/nginx/html"] },
      },
      {
        name: "a program alone in scratch",
        kind: "known-root",
        files: { Dockerfile: ["FROM «scratch»", "COPY server /server", 'ENTRYPOINT ["/server"]'] },
        fixed: { Dockerfile: ["FROM scratch", "COPY server /server", "USER 1000", 'ENTRYPOINT ["/server"]'] },
      },
      {
        name: "a base that nobody here knows",
        kind: "unknown-base",
        files: {
          Dockerfile: ["FROM «registry.example.com/platform/jre:21»", "COPY app.jar /", "CMD java -jar /app.jar"],
        },
        fixed: {
          Dockerfile: [
            "FROM registry.example.com/platform/jre:21",
            "COPY app.jar /",
            "USER 1000",
            "CMD java -jar /app.jar",
          ],
        },
      },
      {
        name: "one of two services leaves it as root",
        kind: "known-root",
        message: "`worker`",
        files: {
          "api/Dockerfile": ["FROM «python:3.12-slim»", "CMD python -m app"],
          "compose.yaml": [
            "services:",
            '  api: {build: ./api, user: "1000:1000"}',
            "  worker: {build: ./api, command: python -m worker}",
          ],
        },
        fixed: { "api/Dockerfile": ["FROM python:3.12-slim", "USER 1000", "CMD python -m app"] },
      },
      {
        name: "every service sets a user, but the image itself has none: a note",
        kind: "known-root",
        files: {
          Dockerfile: ["FROM «python:3.12-slim»", "CMD python -m app"],
          "compose.yaml": ["services:", '  api: {build: ., user: "1000:1000"}'],
        },
        fixed: { Dockerfile: ["FROM python:3.12-slim", "USER 1000", "CMD python -m app"] },
      },
      {
        name: "a pulled image that starts and stays as root",
        kind: "service",
        preset: "strict",
        files: { "compose.yaml": ["services:", "  «web»:", "    image: nginx:1.27.4"] },
      },
    ],
    good: [
      {
        name: "a WebAssembly module runs in a sandbox without users",
        files: { Dockerfile: ["FROM scratch", "COPY order.wasm /", 'ENTRYPOINT ["order.wasm"]'] },
      },
      { name: "a user", files: { Dockerfile: ["FROM python:3.12-slim", "USER 1000", "CMD python -m app"] } },
      {
        name: "inherited from an earlier stage",
        files: { Dockerfile: ["FROM node:22-slim AS base", "USER node", "FROM base", "CMD node ."] },
      },
      {
        name: "a base that is not root",
        files: { Dockerfile: ["FROM gcr.io/distroless/static-debian12:nonroot", "COPY server /", "CMD /server"] },
      },
      {
        name: "the entrypoint gives root up",
        files: {
          Dockerfile: ["FROM debian:12-slim", "COPY start.sh /start.sh", 'ENTRYPOINT ["/start.sh"]'],
          "start.sh": ["#!/bin/sh", 'chown -R api /data && exec gosu api "$@"'],
        },
      },
      {
        name: "the entrypoint is found on PATH, and gives root up",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "COPY docker-entrypoint.sh /usr/local/bin/",
            'ENTRYPOINT ["docker-entrypoint.sh"]',
          ],
          "docker-entrypoint.sh": ["#!/bin/sh", 'exec setpriv --reuid=1000 "$@"'],
        },
      },
      {
        name: "the base's own entrypoint gives root up",
        files: { Dockerfile: ["FROM postgres:16.4", "COPY init.sql /docker-entrypoint-initdb.d/"] },
      },
      { name: "files to export", files: { Dockerfile: ["FROM scratch", "COPY dist /"] } },
      {
        name: "Windows",
        files: { Dockerfile: ["FROM mcr.microsoft.com/windows/nanoserver:ltsc2022", "CMD app.exe"] },
      },
      { name: "a development image", files: { "Dockerfile.dev": ["FROM node:22", "CMD npm run dev"] } },
      {
        name: "the last stage is for development",
        files: { Dockerfile: ["FROM node:22 AS prod", "USER node", "FROM node:22 AS dev", "CMD npm run dev"] },
      },
      {
        name: "the image of another service has a user",
        files: {
          "base/Dockerfile": ["FROM python:3.12-slim", "USER 1000"],
          "api/Dockerfile": ["FROM shop/base:dev", "CMD python -m app"],
          "compose.yaml": ["services:", "  base: {build: ./base, image: 'shop/base:dev'}", "  api: {build: ./api}"],
        },
      },
      {
        name: "an image for others to build on",
        options: { libraryImages: ["images/*/Dockerfile"] },
        files: { "images/python/Dockerfile": ["FROM python:3.12-slim"] },
      },
      { name: "a base that nobody can know", files: { Dockerfile: ["ARG BASE", "FROM ${BASE}", "CMD app"] } },
      {
        name: "pulled images that change their user, have one, or are given one",
        files: {
          "compose.yaml": [
            "services:",
            "  db: {image: 'postgres:16.4'}",
            "  cache: {image: 'memcached:1.6'}",
            "  web: {image: 'nginx:1.27.4', user: '101'}",
            "  other: {image: 'registry.example.com/shop:1.4'}",
          ],
        },
      },
    ],
  },
});

function* checkBuild(build: Build, ctx: RuleContext<typeof options>): Iterable<Finding> {
  const { target } = build;
  if (target === undefined || target.isWindows || target.isExport || isLibrary(build, ctx.options.libraryImages))
    return;
  if (holdsWebAssembly(build)) return;
  const { user } = target;
  if (user.origin.kind === "instruction" || user.isRoot === "no" || target.dropsPrivileges === "yes") return;
  const root = target.lineage.at(-1)?.evaluated.base;
  if (root?.kind !== "scratch" && (root?.kind !== "image" || root.reference.kind !== "reference")) return;
  const services = servicesShipping(build, ctx.project).filter(({ role }) => role.name === "production");
  const left = services.filter((service) => userOfService(service, ctx.project).isRoot !== "no" && !isOpen(service));
  const isCovered = ctx.options.composeUserCounts && services.length > 0 && left.length === 0;
  const starts = [target.entrypoint, target.command].flatMap((view) => (view === undefined ? [] : [view.instruction]));
  yield {
    kind: user.isRoot === "yes" ? "known-root" : "unknown-base",
    range: target.anchor,
    message: messageFor(target, { left: left.length < services.length ? left : [], uid: ctx.options.uid.preferred }),
    related: starts.map(({ range }) => ({ range, message: "this is what runs as root" })),
    fix: isWebServer(target) ? undefined : addUser(target, ctx.options.uid.preferred),
    confidence: target.dropsPrivileges === "unknown" ? "medium" : "high",
    atMost: isCovered ? "info" : undefined,
  };
}

function isLibrary({ dockerfile }: Build, globs: readonly string[]): boolean {
  return globs.some((glob) => matchesGlob(glob, dockerfile.source.root.path, { hasFolders: true }));
}

/** A `user:` that nobody knows: it may be any. */
function isOpen(service: Service): boolean {
  return service.user !== undefined && service.user.value === undefined;
}

function messageFor(
  target: StageView,
  { left, uid }: { readonly left: readonly Service[]; readonly uid: number },
): string {
  const base = target.isScratch ? "scratch" : (target.image?.written ?? target.label);
  if (left.length > 0) {
    const names = left.slice(0, 3).map(({ name }) => `\`${name}\``);
    return `\`${base}\` runs as root in ${names.join(", ")}, as no USER says otherwise; end with \`USER ${uid}\``;
  }
  if (target.user.isRoot !== "yes")
    return `\`${base}\` may run as root, as no USER says otherwise; end with \`USER ${uid}\``;
  if (isNginx(target)) {
    return `\`${base}\` runs as root; build on \`nginxinc/nginx-unprivileged\``;
  }
  const state = statePathOf(target);
  const holds = state === undefined ? "" : ` and holds state in \`${state}\``;
  return `\`${base}\` runs as root${holds}, as no USER says otherwise; end with \`USER ${uid}\``;
}

function isNginx({ image }: StageView): boolean {
  return image?.familiarName === "nginx";
}

/** Its main process writes folders of root: another user needs more than a line. */
function isWebServer({ facts }: StageView): boolean {
  const kind = facts?.service?.kind;
  return kind === "web" || kind === "proxy";
}

/** Unsafe: the process loses rights that it may need. */
function addUser(target: StageView, preferred: number): Fix | undefined {
  const created = target.accounts.accounts.filter(
    ({ kind, stage, idRange }) => kind === "user" && stage !== undefined && idRange !== undefined,
  );
  const [own] = created;
  const user = created.length === 1 && own?.id !== undefined && own.id !== 0 ? own.id : preferred;
  const edit = startInsertion(target, `USER ${user}`);
  return edit === undefined ? undefined : { description: `set \`USER ${user}\``, safety: "unsafe", edits: [edit] };
}

function* checkService(service: Service, { project }: RuleContext): Iterable<Finding> {
  const image = project.imageOf(service);
  if (image.kind !== "pulled" || !service.variant.isReference || service.isWindows) return;
  const user = userOfService(service, project);
  if (user.from !== "image" || user.isRoot !== "yes" || serviceDropsPrivileges(service, project) === "yes") return;
  yield {
    kind: "service",
    range: service.keyRange,
    message: `\`${service.name}\` runs \`${image.reference.written}\` as root; set \`user\`, or take an image that has one`,
  };
}
