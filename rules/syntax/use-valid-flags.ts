import { remoteKind } from "../../src/dockerfile/copies.js";
import type { Instruction } from "../../src/dockerfile/model.js";
import { hasOwnFrontend } from "../../src/dockerfile/refusals.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import { flagFlaws } from "../../src/project/flag-flaws.js";
import type { Build, DockerfileView } from "../../src/project/model.js";
import { mountFlaws } from "../../src/project/mount-flaws.js";
import { writtenInstructions, writtenSteps } from "../../src/project/written-steps.js";
import { quoted } from "../../src/text/quoted.js";
import type { Edit } from "../../src/text/source.js";

export default defineRule({
  id: "syntax/use-valid-flags",
  summary: "Flags exist and have valid values",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    unknown: {
      summary: "a flag that the instruction does not have",
      aliases: [
        "dockerfile-utils:UNKNOWN_ADD_FLAG",
        "dockerfile-utils:UNKNOWN_COPY_FLAG",
        "dockerfile-utils:UNKNOWN_FROM_FLAG",
        "dockerfile-utils:UNKNOWN_HEALTHCHECK_FLAG",
      ],
    },
    duplicate: { summary: "a flag that is given twice", aliases: ["dockerfile-utils:FLAG_DUPLICATE"] },
    value: {
      summary: "no value, or one that the flag does not take",
      aliases: [
        "dockerfile-utils:FLAG_MISSING_VALUE",
        "dockerfile-utils:FLAG_INVALID_DURATION",
        "dockerfile-utils:FLAG_LESS_THAN_1MS",
        "dockerfile-utils:FLAG_MISSING_DURATION",
        "dockerfile-utils:FLAG_UNKNOWN_UNIT",
        "dockerfile-utils:FLAG_AT_LEAST_ONE",
        "dockerfile-utils:FLAG_EXPECTED_BOOLEAN_VALUE",
        "dockerfile-utils:FLAG_INVALID_LINK_VALUE",
      ],
    },
    mount: { summary: "a mount of another type, with other keys or values than there are" },
    source: { summary: "COPY of a web address, which only ADD fetches" },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "The builder stops at a flag or value that it does not know.",
    "`--retries=0` and a time of 0 are valid: they stand for what is inherited or for the default, so no build stops there. " +
      "Other tools ask for 1 at least; `health/set-timings` says what 0 retries come to.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#copy",
    "https://docs.docker.com/reference/dockerfile/#run---mount",
    "https://docs.docker.com/reference/dockerfile/#healthcheck",
  ],
  mentions: { dockerfile: ["--", "://", "git@", "github.com/"] },
  check: { dockerfile: checkFile, build: checkSources },
  examples: {
    bad: [
      {
        name: "misspelt flags",
        kind: "unknown",
        message: "did you mean `--platform`",
        files: {
          Dockerfile: [
            "FROM «--plattform»=linux/amd64 node:22 AS build",
            "COPY «--form»=build /a /b",
            "COPY «--FROM»=build /a /b",
            "HEALTHCHECK «--interva»=5s CMD /probe",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM --platform=linux/amd64 node:22 AS build",
            "COPY --from=build /a /b",
            "COPY --from=build /a /b",
            "HEALTHCHECK --interval=5s CMD /probe",
          ],
        },
      },
      {
        name: "flags of other instructions",
        kind: "unknown",
        files: {
          Dockerfile: [
            "FROM «--chown»=app node:22",
            "ADD «--from»=build /a /b",
            "COPY «--checksum»=sha256:1 /a /b",
            "RUN «--chown»=app true",
            "WORKDIR «--link» /srv",
            "CMD «--help»",
            "ONBUILD COPY «--user»=app /a /b",
          ],
        },
      },
      {
        name: "given twice",
        kind: "duplicate",
        files: {
          Dockerfile: [
            "FROM node:22",
            "COPY --chown=node «--chown=root» . .",
            "HEALTHCHECK --timeout=1s «--timeout=2s» CMD /p",
          ],
        },
      },
      {
        name: "no value",
        kind: "value",
        files: {
          Dockerfile: [
            "FROM «--platform» node:22",
            "COPY «--from» /a /b",
            "COPY --chown=«» . .",
            "HEALTHCHECK --interval=«» CMD /p",
          ],
        },
      },
      {
        name: "neither true nor false",
        kind: "value",
        files: {
          Dockerfile: [
            "FROM node:22",
            "COPY --link=«yes» . .",
            "ADD --keep-git-dir=«1» https://github.com/acme/shop.git /srv",
          ],
        },
      },
      {
        name: "a time without unit",
        kind: "value",
        message: "`30s`",
        files: { Dockerfile: ["FROM node:22", "HEALTHCHECK --timeout=«30» CMD /p"] },
        fixed: { Dockerfile: ["FROM node:22", "HEALTHCHECK --timeout=30s CMD /p"] },
      },
      {
        name: "other times that are none",
        kind: "value",
        files: {
          Dockerfile: [
            "FROM node:22",
            "HEALTHCHECK --interval=«5d» --timeout=«soon» --start-period=«500us» --start-interval=«-1s» --retries=«-1» CMD /p",
            "HEALTHCHECK --retries=«three» --timeout=«1s2» CMD /p",
          ],
        },
      },
      {
        name: "modes, networks and platforms",
        kind: "value",
        files: {
          Dockerfile: [
            "FROM --platform=«linux-amd64» node:22",
            "COPY --chmod=«rwxr-xr-x» . .",
            "ADD --chmod=«99999» a b",
            "RUN --network=«off» true",
            "RUN --security=«privileged» true",
          ],
        },
      },
      {
        name: "a word in other letters",
        kind: "value",
        files: { Dockerfile: ["FROM node:22", "RUN --network=«None» true"] },
        fixed: { Dockerfile: ["FROM node:22", "RUN --network=none true"] },
      },
      {
        name: "checksums",
        kind: "value",
        files: {
          Dockerfile: [
            "FROM node:22",
            "ADD --checksum=«sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d» ./a.tgz /srv/",
            "ADD --checksum=«md5:0123» https://acme.example/a.tgz /srv/",
            "ADD --checksum=«sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d» a.tgz b.tgz /srv/",
          ],
        },
      },
      {
        name: "a mount of an unknown type",
        kind: "mount",
        files: { Dockerfile: ["FROM node:22", "RUN --mount=type=«cahe»,target=/root/.npm npm ci"] },
        fixed: { Dockerfile: ["FROM node:22", "RUN --mount=type=cache,target=/root/.npm npm ci"] },
      },
      {
        name: "a mount with an unknown key",
        kind: "mount",
        files: { Dockerfile: ["FROM node:22", "RUN --mount=type=cache,«traget»=/root/.npm npm ci"] },
        fixed: { Dockerfile: ["FROM node:22", "RUN --mount=type=cache,target=/root/.npm npm ci"] },
      },
      {
        name: "keys that do not fit the type",
        kind: "mount",
        files: {
          Dockerfile: [
            "FROM node:22",
            "RUN --mount=type=cache,target=/c,«size=1g» true",
            "RUN --mount=type=bind,target=/b,«sharing=locked» true",
            "RUN --mount=target=/b,«required» true",
            "RUN --mount=type=tmpfs,target=/t,«uid=1000» true",
            "RUN --mount=type=secret,id=npmrc,«from=build» true",
          ],
        },
      },
      {
        name: "values that do not fit the key",
        kind: "mount",
        files: {
          Dockerfile: [
            "FROM node:22",
            "RUN --mount=type=cache,target=«/» true",
            "RUN --mount=type=cache,target=/c,sharing=«none» true",
            "RUN --mount=type=secret,id=t,mode=«rw» true",
            "RUN --mount=type=cache,target=/c,uid=«node» true",
            "RUN --mount=type=bind,target=/b,«source» true",
            "RUN --mount=type=bind,target=/b,rw=«yes» true",
          ],
        },
      },
      {
        name: "a blank behind a comma",
        kind: "mount",
        files: { Dockerfile: ["FROM node:22", "RUN --mount=type=cache,target=/root/.npm,«» true"] },
      },
      {
        name: "a secret without a name, and with two",
        kind: "mount",
        files: {
          Dockerfile: ["FROM node:22", "RUN «--mount=type=secret» true", "RUN --mount=type=secret,src=a,«id=b» true"],
        },
      },
      {
        name: "COPY from the web",
        kind: "source",
        message: "ADD",
        files: {
          Dockerfile: [
            "FROM node:22",
            "COPY «https://acme.example/a.tgz» /srv/",
            "COPY «git@github.com:acme/shop.git» /srv/",
            "ARG BASE=http://acme.example",
            "COPY «$BASE/b» /srv/",
          ],
        },
      },
      {
        name: "a part of a file, without FROM",
        kind: "unknown",
        files: { Dockerfile: ["HEALTHCHECK «--intervall»=5s CMD /p"] },
        fixed: { Dockerfile: ["HEALTHCHECK --interval=5s CMD /p"] },
      },
    ],
    good: [
      {
        name: "all flags",
        files: {
          Dockerfile: [
            "FROM --platform=$BUILDPLATFORM node:22 AS build",
            "FROM --platform=linux/arm/v7 node:22",
            "FROM --platform=linux node:22",
            "COPY --from=build --chown=node:node --chmod=0755 --link --parents --exclude=*.md --exclude=*.txt /a /b",
            "COPY --link=false --chmod=u=rwX,go=rX /a /b",
            "ADD --keep-git-dir=true --link https://github.com/acme/shop.git /srv",
            "ADD --unpack=TRUE --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://acme.example/a.tgz /",
            "ADD --checksum=8c1b0a5 https://github.com/acme/shop.git#main /srv",
            "RUN --network=none --security=sandbox --device=nvidia.com/gpu=all true",
            "HEALTHCHECK --interval=1m30s --timeout=500ms --start-period=0 --start-interval=1s --retries=0 CMD /p",
          ],
        },
      },
      {
        name: "all mounts",
        files: {
          Dockerfile: [
            "FROM node:22",
            "RUN --mount=type=cache,target=/c,id=c,sharing=locked,mode=0755,uid=1000,gid=1000,from=build,source=/c,ro=false true",
            "RUN --mount=target=/b,rw --mount=type=bind,dst=/d,src=d,readonly true",
            "RUN --mount=type=tmpfs,target=/t,size=64m true",
            "RUN --mount=type=secret,id=npmrc,env=NPMRC,required=true --mount=type=ssh,required true",
          ],
        },
      },
      {
        name: "values nobody can know",
        files: {
          Dockerfile: [
            "ARG PLATFORM",
            "FROM --platform=${PLATFORM} node:22",
            "ARG MODE",
            "COPY --chmod=$MODE --link=$LINK . .",
            "RUN --mount=type=$TYPE,target=/c --mount=type=cache,target=$DIR,uid=$ID true",
            "COPY $SOURCE /srv/",
          ],
        },
      },
      {
        name: "what only looks like a flag",
        files: {
          Dockerfile: ["FROM node:22", "COPY -- --from /b", "COPY -from /b", "RUN npm ci --omit=dev", 'CMD ["--help"]'],
        },
      },
      {
        name: "flags of a frontend of its own",
        files: { Dockerfile: ["# syntax=acme/frontend:2", "FROM node:22", "RUN --retry=3 true"] },
      },
      {
        name: "paths of another stage",
        files: { Dockerfile: ["FROM node:22", "COPY --from=0 github.com/acme /srv/", "COPY mirror/https:/x /srv/"] },
      },
    ],
  },
});

function* checkFile({ dockerfile }: DockerfileView): Iterable<Finding> {
  const isComplete = !hasOwnFrontend(dockerfile);
  for (const instruction of writtenInstructions(dockerfile.instructions)) {
    if (instruction.flags.length === 0) continue;
    for (const { kind, range, problem, mend } of flagFlaws(instruction, isComplete)) {
      yield { kind, range, message: problem, fix: mend === undefined ? undefined : fixOf(mend) };
    }
    if (instruction.keyword === "RUN") yield* checkMounts(instruction);
  }
}

function* checkMounts({ mounts }: Extract<Instruction, { keyword: "RUN" }>): Iterable<Finding> {
  for (const mount of mounts) {
    if (mount.flag.value?.raw === "") continue;
    for (const { range, problem, near } of mountFlaws(mount)) {
      yield {
        kind: "mount",
        range,
        message: problem,
        fix: near === undefined ? undefined : fixOf({ range, text: near }),
      };
    }
  }
}

/** Unsafe: what the builder refuses today did not say what was meant. */
function fixOf(edit: Edit): NonNullable<Finding["fix"]> {
  return { description: `use \`${edit.text}\``, safety: "unsafe", edits: [edit] };
}

function* checkSources(build: Build): Iterable<Finding> {
  for (const { instruction, expand } of writtenSteps(build, "COPY")) {
    if (instruction.from !== undefined) continue;
    for (const source of instruction.sources) {
      if (source.kind !== "path") continue;
      const { word } = source;
      // Cheap for the many paths that are plain and hold none of the marks of a remote source.
      if (!word.raw.includes("$") && !word.raw.includes(":") && !word.raw.startsWith("github.com/")) continue;
      const { kind, value } = expand(word);
      if (kind !== "known" || remoteKind(value) === undefined) continue;
      yield { kind: "source", range: word.range, message: `COPY fetches nothing from ${quoted(value)}; use ADD` };
    }
  }
}
