import type { Hook, Service } from "../../src/compose/model.js";
import type { Value } from "../../src/compose/node-model.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import type { Build, Project, RunningImage, StageView } from "../../src/project/model.js";
import { commandsOf, kindOfService, serviceDropsPrivileges, userOfService } from "../../src/project/service-view.js";
import { startInsertion } from "../../src/project/start-insertion.js";
import type { Range } from "../../src/text/source.js";
import { ANY_UID } from "../../src/values/uid-policy.js";
import { GID_OPTION, UID_OPTION } from "../../src/values/user-options.js";
import { isRoot, parseUserSpec } from "../../src/values/user-spec.js";

const options = { uid: option.custom(UID_OPTION), gid: option.custom(GID_OPTION) };

export default defineRule({
  id: "user/no-root-user",
  summary: "The user in effect is not root",
  levels: { recommended: ["error", "off"], checklist: ["error", "off"], strict: ["error", "info"] },
  kinds: {
    image: {
      summary: "The last USER of a shipped chain is root",
      aliases: [
        "hadolint:DL3002",
        "trivy:DS-0002",
        "checkov:CKV_DOCKER_8",
        "kics:last-user-is-root",
        "kics:67fd0c4a-68cf-46d7-8c41-bc9fba7e40ae",
        "semgrep:last-user-is-root",
        "tally:stateful-root-runtime",
      ],
    },
    service: {
      summary: "`user` of a service is root",
      levels: { recommended: ["warning", "off"], checklist: ["warning", "off"], strict: ["error", "off"] },
      aliases: ["compose-lint:CL-0018"],
    },
    hook: {
      summary: "A command that runs inside the container of a service runs as root",
      levels: { recommended: ["warning", "off"], checklist: ["warning", "off"], strict: ["warning", "info"] },
    },
    "windows-admin": {
      summary: "The last USER of a Windows image is the administrator",
      levels: { recommended: "off", checklist: "off", strict: "off" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Whoever breaks into the process is root in the container: able to change its files, install tools and try every weakness " +
      "of the kernel and of mounted folders.",
    "An image with a careful USER gains nothing when the Compose file, or one line further down, takes it back.",
  ],
  references: [
    "https://docs.docker.com/build/building/best-practices/#user",
    "CIS 4.1",
    "CIS 5.24",
    "CWE-250",
    "OWASP #2",
  ],
  securitySeverity: 8,
  options,
  mentions: { dockerfile: ["user"], compose: ["user"] },
  check: { build: checkBuild, service: checkService },
  examples: {
    bad: [
      {
        name: "back to root for the build, and never left",
        kind: "image",
        message: "`USER app`",
        files: { Dockerfile: ["FROM alpine:3.20", "USER app", "USER «root»", "RUN apk add curl", 'CMD ["/app"]'] },
        fixed: {
          Dockerfile: ["FROM alpine:3.20", "USER app", "USER root", "RUN apk add curl", "USER app", 'CMD ["/app"]'],
        },
      },
      {
        name: "root by number and group",
        kind: "image",
        files: { Dockerfile: ["FROM alpine:3.20", "USER «0:0»", 'CMD ["/app"]'] },
      },
      {
        name: "root by an argument",
        kind: "image",
        files: { Dockerfile: ["FROM alpine:3.20", "ARG RUN_AS=root", "USER «$RUN_AS»", 'CMD ["/app"]'] },
      },
      {
        name: "an earlier stage of the chain says so",
        kind: "image",
        files: { Dockerfile: ["FROM alpine:3.20 AS base", "USER «root»", "FROM base", 'CMD ["/app"]'] },
      },
      {
        name: "a service undoes the image's user",
        kind: "service",
        message: "undoes `USER app`",
        files: {
          Dockerfile: ["FROM alpine:3.20", "RUN adduser -D app", "USER app"],
          "compose.yaml": ["services:", "  api:", "    build: .", "    user: «root»"],
        },
        fixed: { "compose.yaml": ["services:", "  api:", "    build: .", '    user: "1000:1000"'] },
      },
      {
        name: "a service undoes the user of a pulled image",
        kind: "service",
        message: "undoes `USER nginx`",
        files: { "compose.yaml": ["services:", "  web: {image: 'nginxinc/nginx-unprivileged:1.27', user: «root»}"] },
      },
      {
        name: "root by number, and by the default of a variable",
        kind: "service",
        policy: { user: { uid: 1001, gid: 100 } },
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: registry.example.com/shop/api:1.4",
            '    user: «"0:0"»',
            "  worker:",
            "    image: registry.example.com/shop/worker:1.4",
            '    user: «"${UID:-0}"»',
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: registry.example.com/shop/api:1.4",
            '    user: "1001:100"',
            "  worker:",
            "    image: registry.example.com/shop/worker:1.4",
            '    user: "${UID:-0}"',
          ],
        },
      },
      {
        name: "a database that would give root up by itself: a note",
        kind: "service",
        message: "leave it out",
        files: { "compose.yaml": ["services:", "  db:", "    image: postgres:16.4", "    user: «root»"] },
      },
      {
        name: "hooks as root",
        kind: "hook",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: registry.example.com/shop/api:1.4",
            "    post_start:",
            "      - command: ./register.sh",
            "        user: «root»",
            "        privileged: true",
            "    develop:",
            "      watch:",
            "        - path: ./src",
            "          action: sync+exec",
            "          exec:",
            "            command: ./reload.sh",
            "            user: «root»",
          ],
        },
      },
      {
        name: "the administrator of Windows, for whoever asks",
        kind: "windows-admin",
        files: {
          Dockerfile: [
            "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022",
            "USER «ContainerAdministrator»",
            "CMD app.exe",
          ],
        },
      },
    ],
    good: [
      {
        name: "root for a step, another user for the process",
        files: { Dockerfile: ["FROM alpine:3.20", "USER root", "RUN apk add curl", "USER app", 'CMD ["/app"]'] },
      },
      {
        name: "a stage that only builds",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS build",
            "USER root",
            "FROM alpine:3.20",
            "USER 1000",
            "COPY --from=build /x /x",
          ],
        },
      },
      {
        name: "the entrypoint gives root up",
        files: { Dockerfile: ["FROM debian:12-slim", "USER root", 'ENTRYPOINT ["gosu", "api", "/api"]'] },
      },
      {
        name: "the base's own entrypoint, written again, gives root up",
        files: {
          Dockerfile: ["FROM postgres:16.4", "USER root", 'ENTRYPOINT ["docker-entrypoint.sh"]', 'CMD ["postgres"]'],
        },
      },
      {
        name: "no USER at all is another rule's",
        files: { Dockerfile: ["FROM alpine:3.20", 'CMD ["/app"]'] },
      },
      {
        name: "an unknown value",
        files: {
          Dockerfile: ["FROM alpine:3.20", "ARG RUN_AS", "USER $RUN_AS", 'CMD ["/app"]'],
          "compose.yaml": ["services:", "  api: {image: 'shop/api:1.4', user: '${RUN_AS}'}"],
        },
      },
      { name: "Windows", files: { Dockerfile: ["FROM mcr.microsoft.com/windows/servercore:ltsc2022", "USER root"] } },
      {
        name: "a service for development may run as root",
        preset: "strict",
        files: { "compose.dev.yaml": ["services:", "  api: {image: 'shop/api:1.4', user: root}"] },
      },
      {
        name: "a namespace of its own, a daemon, an agent",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'shop/api:1.4', user: root, userns_mode: keep-id}",
            "  engine: {image: 'docker:27-dind', user: root}",
            "  metrics: {image: 'prom/node-exporter:v1.8.2', user: root}",
          ],
        },
      },
      {
        name: "a service whose image gives root up",
        files: {
          Dockerfile: ["FROM debian:12-slim", 'ENTRYPOINT ["su-exec", "api", "/api"]'],
          "compose.yaml": ["services:", "  api: {build: ., user: root}"],
        },
      },
      {
        name: "a hook that gives a volume to the user of the service",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: shop/api:1.4",
            "    user: '1000'",
            "    pre_start:",
            "      - command: [chown, -R, '1000:1000', /data]",
            "        user: root",
          ],
        },
      },
      {
        name: "a user",
        files: { "compose.yaml": ["services:", "  api: {image: 'shop/api:1.4', user: '1000:1000'}"] },
      },
    ],
  },
});

function* checkBuild(build: Build): Iterable<Finding> {
  const { target } = build;
  if (target === undefined) return;
  const { origin, range, text, name } = target.user;
  if (origin.kind !== "instruction" || range === undefined || !build.chain.includes(origin.stage)) return;
  if (target.isWindows) {
    if (name?.toLowerCase() !== "containeradministrator") return;
    yield {
      kind: "windows-admin",
      range,
      message: "the process runs as the administrator; end with `USER ContainerUser`",
    };
    return;
  }
  if (target.user.isRoot !== "yes" || target.dropsPrivileges === "yes") return;
  const previous = lastOtherUser(target);
  const remedy = previous === undefined ? "end with a user of its own" : `go back with \`USER ${previous}\``;
  yield {
    kind: "image",
    range,
    message: `\`USER ${text}\` is the last one, so the process runs as root; ${remedy}`,
    confidence: target.dropsPrivileges === "unknown" ? "medium" : "high",
    fix: previous === undefined ? undefined : goBack(target, previous),
  };
}

/** Unsafe: the process loses rights that it may need. */
function goBack(target: StageView, user: string): Fix | undefined {
  const edit = startInsertion(target, `USER ${user}`);
  return edit === undefined
    ? undefined
    : { description: `go back to \`USER ${user}\``, safety: "unsafe", edits: [edit] };
}

/** The last USER of the chain that is not root, as written. */
function lastOtherUser({ lineage }: StageView): string | undefined {
  for (const { evaluated } of lineage) {
    for (const step of evaluated.steps.toReversed()) {
      const { instruction } = step;
      if (instruction.keyword !== "USER" || instruction.argument === undefined) continue;
      const value = step.expand(instruction.argument);
      const spec = value.kind === "known" ? parseUserSpec(value.value) : undefined;
      if (spec?.kind === "user" && !isRoot(spec.user)) return instruction.argument.raw;
    }
  }
  return undefined;
}

function* checkService(service: Service, ctx: RuleContext<typeof options>): Iterable<Finding> {
  if (service.isWindows || service.hasProvider) return;
  yield* checkHooks(service);
  const { written, isRoot: root } = userOfService(service, ctx.project);
  if (written === undefined || root !== "yes" || hasOwnNamespace(service) || needsRoot(service, ctx.project)) return;
  const drops = serviceDropsPrivileges(service, ctx.project);
  const image = ctx.project.imageOf(service);
  if (drops === "yes" && image.kind === "stage") return;
  const undone = undoneUser(image);
  const what =
    undone === undefined ? `runs \`${service.name}\` as root` : `undoes \`USER ${undone.text}\` of the image`;
  const { uid, gid } = ctx.options;
  const user = `${uid.preferred}:${gid === ANY_UID ? uid.preferred : gid.preferred}`;
  const isNeedless = undone !== undefined || drops === "yes";
  yield {
    kind: "service",
    range: written.range,
    message: `\`user: ${written.text}\` ${what}; ${isNeedless ? "leave it out" : `name another user, such as \`${user}\``}`,
    related: undone?.range === undefined ? [] : [{ range: undone.range, message: "the user of the image" }],
    atMost: drops === "yes" ? "info" : undefined,
    fix: drops === "yes" || (image.kind !== "stage" && undone !== undefined) ? undefined : setUser(written, user),
  };
}

/** The user of the image, when it has one that is not root. */
function undoneUser(image: RunningImage): { readonly text: string; readonly range: Range | undefined } | undefined {
  if (image.kind === "stage") {
    const { isRoot: root, text, range } = image.stage.user;
    return root === "no" && text !== undefined ? { text, range } : undefined;
  }
  const user = image.kind === "pulled" ? image.facts?.defaultUser : undefined;
  if (user === undefined || user.uid === 0 || user.name === "root") return undefined;
  return { text: user.name ?? String(user.uid), range: undefined };
}

/** Unsafe: the process loses rights that it may need. A variable keeps its place. */
function setUser({ range, node }: Value<string>, user: string): Fix | undefined {
  if (node.uses.length > 0) return undefined;
  return { description: `set \`${user}\``, safety: "unsafe", edits: [{ range, text: `"${user}"` }] };
}

/** Root of the container is another user on the host. */
function hasOwnNamespace(service: Service): boolean {
  const mode = service.valueAt("userns_mode");
  return mode !== undefined && mode.value !== "host";
}

/** Agents look at the host, and an engine inside a container is one itself. */
function needsRoot(service: Service, project: Project): boolean {
  if (kindOfService(service, project) === "agent") return true;
  const image = project.imageOf(service);
  return image.kind === "pulled" && image.reference.tag?.includes("dind") === true;
}

const OWNERSHIP_TOOLS: ReadonlySet<string | undefined> = new Set([
  "chown",
  "chmod",
  "chgrp",
  "mkdir",
  "install",
  "sh",
  "bash",
]);

function* checkHooks(service: Service): Iterable<Finding> {
  for (const { phase, user, privileged, command } of service.hooks) {
    if (phase === "pre_start" && command !== undefined && onlyChangesOwners(command)) continue;
    yield* checkHook(user, `\`${phase}\``, privileged?.value === true);
  }
  const watch = service.at("develop", "watch");
  for (const index of watch?.kind === "sequence" ? watch.items.keys() : []) {
    const node = service.at("develop", "watch", index, "exec", "user");
    if (node?.kind !== "scalar") continue;
    const privileged = service.at("develop", "watch", index, "exec", "privileged");
    const isPrivileged = privileged?.kind === "scalar" && privileged.resolved === "true";
    yield* checkHook({ value: node.resolved, text: node.text, range: node.range }, "`exec`", isPrivileged);
  }
}

function* checkHook(
  user: Pick<Value<string>, "value" | "text" | "range"> | undefined,
  where: string,
  isPrivileged: boolean,
): Iterable<Finding> {
  const spec = user?.value === undefined ? undefined : parseUserSpec(user.value);
  if (user === undefined || spec?.kind !== "user" || !isRoot(spec.user)) return;
  const how = isPrivileged ? "privileged, as root" : "as root";
  yield {
    kind: "hook",
    range: user.range,
    message: `${where} runs its command ${how}; run it as the user of the service`,
    atMost: isPrivileged ? undefined : "info",
  };
}

function onlyChangesOwners(command: NonNullable<Hook["command"]>): boolean {
  const commands = commandsOf(command);
  return commands.length > 0 && commands.every(({ name }) => OWNERSHIP_TOOLS.has(name));
}
