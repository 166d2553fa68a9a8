import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import { grantedIds, type MountedSecret, mountsOfBuild } from "../../src/project/build-grants.js";
import type { Build } from "../../src/project/model.js";

export default defineRule({
  id: "secrets/match-build-secrets",
  summary: "Secret mounts and grants agree",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    required: { summary: "a RUN that stops without the secret does not get it" },
    "missing-grant": {
      summary: "a RUN goes on without a secret that it mounts",
      levels: { recommended: ["warning", "info"], strict: "warning" },
    },
    "unused-grant": {
      summary: "a secret is granted to a build that does not mount it",
      levels: { recommended: ["warning", "info"], strict: "warning" },
    },
    "runtime-only": {
      summary: "a secret is granted to the container, and the build mounts it",
      levels: { recommended: ["warning", "info"], strict: "warning" },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "A secret that a RUN mounts and the Compose file does not grant is simply not there: the step fails, or goes on " +
      "without it and fails later. A grant that no RUN uses hands a secret out for nothing.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/build/#secrets",
    "https://docs.docker.com/reference/dockerfile/#run---mounttypesecret",
  ],
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "a RUN that stops without it",
        kind: "required",
        message: "the build mounts secret `npmrc`, and `web` does not grant it; add it to `build.secrets`",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "RUN --mount=type=secret,id=npmrc,required=true,target=/root/.npmrc npm ci",
          ],
          "compose.yaml": ["services:", "  web:", "    «build»: {context: .}"],
        },
      },
      {
        name: "RUNs that go on, of the stages that the target needs",
        kind: "missing-grant",
        message: "the build mounts secrets `npm` and `pip`",
        files: {
          Dockerfile: [
            "FROM python:3.13 AS build",
            "RUN --mount=type=secret,id=npm,env=NPM_TOKEN npm ci",
            "RUN --mount=type=secret,id=pip,target=/etc/pip.conf pip wheel -w /w requests",
            "FROM python:3.13-slim",
            "COPY --from=build /w /w",
          ],
          "compose.yaml": ["services:", "  web:", "    «build»: ."],
        },
      },
      {
        name: "the agent of SSH",
        kind: "missing-grant",
        message: "the build mounts the SSH agent `default`, and `web` does not grant it; add it to `build.ssh`",
        files: {
          Dockerfile: ["FROM alpine/git:2.47.2", "RUN --mount=type=ssh git clone git@github.com:acme/api.git"],
          "compose.yaml": ["services:", "  web:", "    «build»: ."],
        },
      },
      {
        name: "a grant that no RUN uses",
        kind: "unused-grant",
        message: "no RUN of the build mounts secret `npm_token`",
        files: {
          Dockerfile: ["FROM node:22.14.0", "RUN npm ci"],
          "compose.yaml": [
            "services:",
            "  web:",
            "    build:",
            "      context: .",
            "      secrets: [«npm_token»]",
            "      ssh: [«default»]",
            "secrets: {npm_token: {environment: NPM_TOKEN}}",
          ],
        },
      },
      {
        name: "the container gets what the build needs",
        kind: "runtime-only",
        message: "`secrets` of `web` reach the container, not the build, which mounts `npmrc`",
        files: {
          Dockerfile: ["FROM node:22.14.0", "RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci"],
          "compose.yaml": [
            "services:",
            "  web:",
            "    «build»: .",
            "    secrets: [npmrc]",
            "secrets: {npmrc: {file: ./npmrc}}",
          ],
        },
      },
    ],
    good: [
      {
        name: "grants and mounts agree, also under another name",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci",
            "RUN --mount=type=secret,id=gh,env=GH_TOKEN gh release download",
            "RUN --mount=type=ssh git fetch",
          ],
          "compose.yaml": [
            "services:",
            "  web:",
            "    build:",
            "      context: .",
            "      secrets: [npmrc, {source: github, target: gh}]",
            "      ssh: [default]",
            "secrets: {npmrc: {file: ./npmrc}, github: {environment: GH_TOKEN}}",
          ],
        },
      },
      {
        name: "a RUN that looks whether it is there, and a trigger",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "RUN --mount=type=secret,id=npmrc if [ -f /run/secrets/npmrc ]; then cp /run/secrets/npmrc /tmp; fi",
            "ONBUILD RUN --mount=type=secret,id=child npm ci",
          ],
          "compose.yaml": ["services: {web: {build: .}}"],
        },
      },
      {
        name: "a stage that the target does not need",
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS publish",
            "RUN --mount=type=secret,id=npmrc npm publish",
            "FROM node:22.14.0",
          ],
          "compose.yaml": ["services: {web: {build: .}}"],
        },
      },
      {
        name: "a build that no Compose file describes",
        files: { Dockerfile: ["FROM node:22.14.0", "RUN --mount=type=secret,id=npmrc,required=true npm ci"] },
      },
      {
        name: "ids that nobody can know, and what git fetches by itself",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "ARG ID",
            "RUN --mount=type=secret,id=$ID npm ci",
            "ADD git@github.com:acme/api.git /api",
          ],
          "compose.yaml": [
            "services: {web: {build: {context: ., ssh: [default], secrets: [npm, GIT_AUTH_TOKEN]}}}",
            "secrets: {npm: {environment: NPM}, GIT_AUTH_TOKEN: {environment: GIT}}",
          ],
        },
      },
      {
        name: "a grant by a variable, and a service that nobody here can see whole",
        files: {
          Dockerfile: ["FROM node:22.14.0", "RUN --mount=type=secret,id=npmrc npm ci"],
          "compose.yaml": [
            "services:",
            "  web: {build: {context: ., secrets: ['${SECRET}']}}",
            "  api: {extends: {service: api, file: ../elsewhere.yaml}, build: .}",
          ],
        },
      },
    ],
  },
});

function* checkBuild(build: Build): Iterable<Finding> {
  for (const service of build.services) {
    if (service.build === undefined || service.isIncomplete) continue;
    yield* checkMissing(build, service);
    yield* checkUnused(build, service);
  }
}

function* checkMissing(build: Build, service: Service): Iterable<Finding> {
  const { mounts } = mountsOfBuild(build);
  const granted = mounts.length === 0 ? undefined : grantedIds(service);
  if (granted === undefined || service.build === undefined) return;
  const { ssh, keyRange } = service.build;
  const missing = mounts.filter(
    ({ kind, id, isOptional }) =>
      !isOptional && (kind === "secret" ? !granted.has(id) && !id.startsWith("GIT_AUTH_") : ssh.get(id) === undefined),
  );
  const atRunTime = new Set(service.secrets.map(({ source }) => source?.value));
  // All of one kind in one finding: their place is the same.
  for (const [kind, those] of byKind(missing, atRunTime)) {
    const [first] = those;
    if (first === undefined) continue;
    yield {
      kind: kind === "ssh" ? "missing-grant" : kind,
      range: keyRange,
      subject: those.map(({ id }) => id).join(" "),
      message: messageOf(kind, those, service.name),
      related: those.map(({ range, id }) => ({ range, message: `\`${id}\` is mounted here` })),
    };
  }
}

type Missing = "required" | "missing-grant" | "runtime-only" | "ssh";

function byKind(missing: readonly MountedSecret[], atRunTime: ReadonlySet<string | undefined>) {
  const kinds = new Map<Missing, MountedSecret[]>();
  for (const mount of missing) {
    const kind = kindOf(mount, atRunTime);
    const same = kinds.get(kind);
    if (same === undefined) kinds.set(kind, [mount]);
    else same.push(mount);
  }
  return kinds;
}

function kindOf({ kind, id, isRequired }: MountedSecret, atRunTime: ReadonlySet<string | undefined>): Missing {
  if (kind === "ssh") return isRequired ? "required" : "ssh";
  if (isRequired) return "required";
  return atRunTime.has(id) ? "runtime-only" : "missing-grant";
}

function messageOf(kind: Missing, mounts: readonly MountedSecret[], service: string): string {
  const ids = listed(mounts.slice(0, 3).map(({ id }) => `\`${id}\``));
  if (kind === "runtime-only") {
    return `\`secrets\` of \`${service}\` reach the container, not the build, which mounts ${ids}; add it to \`build.secrets\``;
  }
  const isAgent = mounts.every((mount) => mount.kind === "ssh");
  const what = isAgent ? "the SSH agent" : mounts.length === 1 ? "secret" : "secrets";
  const them = mounts.length === 1 ? "it" : "them";
  const where = isAgent ? "build.ssh" : "build.secrets";
  return `the build mounts ${what} ${ids}, and \`${service}\` does not grant ${them}; add ${them} to \`${where}\``;
}

/** `a`, `a and b`, `a, b and c`. */
function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

function* checkUnused(build: Build, service: Service): Iterable<Finding> {
  const { secrets = [], ssh } = service.build ?? {};
  if (secrets.length === 0 && (ssh?.entries.length ?? 0) === 0) return;
  const { mounts, isComplete } = mountsOfBuild(build);
  if (!isComplete) return;
  const isUsed = (kind: string, id: string) => mounts.some((mount) => mount.kind === kind && mount.id === id);
  for (const { effectiveTarget: id, range } of secrets) {
    // Git reads these by themselves.
    if (id === undefined || id.startsWith("GIT_AUTH_") || isUsed("secret", id)) continue;
    yield {
      kind: "unused-grant",
      range,
      message: `no RUN of the build mounts secret \`${id}\`; drop the grant, or mount it`,
    };
  }
  for (const { key, range } of ssh?.entries ?? []) {
    if (isUsed("ssh", key)) continue;
    yield {
      kind: "unused-grant",
      range,
      message: `no RUN of the build mounts the SSH agent \`${key}\`; drop the grant`,
    };
  }
}
