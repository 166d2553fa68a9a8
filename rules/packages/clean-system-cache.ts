import type { PackageFamily } from "../../src/data/package-managers.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { isConfigured } from "../../src/project/manager-settings.js";
import type { RunView, StageView } from "../../src/project/model.js";
import { addOptions, appendCommand } from "../../src/project/package-edits.js";
import { isJudged, layerFetches, SYSTEM_FAMILIES, uncleanFetches } from "../../src/project/system-caches.js";
import { runsAndTriggers } from "../../src/project/trigger-runs.js";
import type { PackageCommand } from "../../src/shell/package-model.js";

const options = {
  stages: option.choice({
    words: ["shipped", "inherited", "all"],
    default: "shipped",
    description: "Stages that are judged: those that ship, also those that others start from, or all.",
  }),
  archives: option.boolean({
    default: false,
    description: "Whether apt's archives have to go, too; images of Debian and Ubuntu remove them by a hook.",
  }),
  refreshAlone: option.boolean({
    default: false,
    description: "Whether a RUN that refreshes the lists of apt and installs nothing has to clean up.",
  }),
  apkFlag: option.boolean({
    default: false,
    description: "Whether apk needs `--no-cache`, even where the RUN removes its cache.",
  }),
};

export default defineRule({
  id: "packages/clean-system-cache",
  summary: "System package lists and caches do not stay in the layer",
  levels: { recommended: "warning", checklist: "warning", strict: "error" },
  kinds: {
    apt: {
      summary: "package lists of apt",
      aliases: [
        "hadolint:DL3009",
        "kics:apt-get-install-lists-were-not-deleted",
        "kics:df746b39-6564-4fed-bf85-e9c44382303c",
        "semgrep:remove-package-lists",
        "dockle:DKL-DI-0005",
      ],
    },
    "apt-archives": { summary: "archives that apt fetched", aliases: ["semgrep:remove-package-cache"] },
    apk: {
      summary: "the index and cache of apk",
      aliases: [
        "hadolint:DL3019",
        "trivy:DS-0025",
        "kics:apk-add-using-local-cache-path",
        "kics:ae9c56a6-3ed1-4ac0-9b54-31267f51151d",
        "semgrep:missing-apk-no-cache",
        "dockle:DKL-DI-0004",
      ],
    },
    yum: {
      summary: "the cache of yum",
      aliases: [
        "hadolint:DL3032",
        "trivy:DS-0015",
        "kics:yum-clean-all-missing",
        "kics:00481784-25aa-4a55-8633-3136dfcf4f37",
        "semgrep:missing-yum-clean-all",
      ],
    },
    dnf: {
      summary: "the cache of dnf or tdnf",
      aliases: [
        "hadolint:DL3040",
        "trivy:DS-0019",
        "kics:missing-dnf-clean-all",
        "kics:295acb63-9246-4b21-b441-7c1f1fb62dc0",
        "semgrep:missing-dnf-clean-all",
      ],
    },
    microdnf: { summary: "the cache of microdnf", aliases: ["hadolint:DL3040", "trivy:DS-0027"] },
    zypper: {
      summary: "the cache of zypper",
      aliases: [
        "hadolint:DL3036",
        "trivy:DS-0020",
        "kics:missing-zypper-clean",
        "kics:38300d1a-feb2-4a48-936a-d1ef1cd24313",
        "semgrep:missing-zypper-clean",
      ],
    },
    pacman: { summary: "archives that pacman fetched" },
  },
  roles: ["production", "test", "ci"],
  fixable: "sometimes",
  why: [
    "Lists and caches are of no use in an image: they are old when somebody wants to install something, and every pull pays " +
      "for them. Only the RUN that fetched them can take them away; a later layer hides them and keeps their weight.",
    "What a stage leaves that only builds does not ship, so it is not judged. Any way to empty the folder counts as a clean-up.",
    "The images of Debian and Ubuntu empty the folder of archives themselves after each command, so `apt-get clean` adds " +
      "nothing to them, though other tools ask for it; `archives` is for bases that keep them.",
  ],
  references: [
    "https://docs.docker.com/build/building/best-practices/#apt-get",
    "https://dnf.readthedocs.io/en/latest/command_ref.html#clean-command",
    "CWE-459",
  ],
  options,
  presetOptions: {
    hadolint: { stages: "inherited", refreshAlone: true, apkFlag: true },
    all: { archives: true },
  },
  mentions: { dockerfile: ["apt", "apk", "yum", "dnf", "zypper", "pacman"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "lists that nobody removes",
        kind: "apt",
        options: { archives: false },
        message: "`apt-get update` leaves",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN apt-get «update» && apt-get install -y --no-install-recommends git"],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*",
          ],
        },
      },
      {
        name: "`apt-get clean` removes archives, not lists; a clean-up before the last fetch",
        kind: "apt",
        options: { archives: false },
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get «update» && apt-get install -y git && apt-get clean",
            "RUN rm -rf /var/lib/apt/lists/* && apt-get «update»; apt-get install -y curl",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install -y git && apt-get clean && rm -rf /var/lib/apt/lists/*",
            "RUN rm -rf /var/lib/apt/lists/* && apt-get update; apt-get install -y curl",
          ],
        },
      },
      {
        name: "a heredoc, and the parent of what ships",
        kind: "apt",
        options: { archives: false },
        files: {
          Dockerfile: [
            "FROM ubuntu:24.04 AS base",
            "RUN <<EOF",
            "apt-get «update»",
            "apt-get install -y git",
            "EOF",
            "FROM base",
            "COPY . /app",
          ],
        },
      },
      {
        name: "a stage that others start from, as hadolint has it",
        kind: "apt",
        preset: "hadolint",
        files: {
          Dockerfile: [
            "FROM debian:12 AS base",
            "RUN apt-get «update» || true",
            "FROM base AS build",
            "RUN apt-get update && apt-get install -y gcc",
            "FROM scratch",
            "COPY --from=build /api /api",
          ],
        },
      },
      {
        name: "archives, where the policy asks for it",
        kind: "apt-archives",
        options: { archives: true },
        files: {
          Dockerfile: [
            "FROM registry.acme.io/debian:12",
            "RUN apt-get update && apt-get «install» -y git && rm -rf /var/lib/apt/lists/*",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM registry.acme.io/debian:12",
            "RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/* && apt-get clean",
          ],
        },
      },
      {
        name: "apk without `--no-cache`",
        kind: "apk",
        message: "`apk add` leaves",
        files: { Dockerfile: ["FROM alpine:3.22", "RUN apk «add» --update curl=8.14.1-r2 && apk -U «add» git"] },
        fixed: {
          Dockerfile: ["FROM alpine:3.22", "RUN apk add --no-cache curl=8.14.1-r2 && apk --no-cache add git"],
        },
      },
      {
        name: "apk whose cache is removed, as hadolint has it",
        kind: "apk",
        preset: "hadolint",
        files: { Dockerfile: ["FROM alpine:3.22", "RUN apk update && apk «add» curl && rm -rf /var/cache/apk/*"] },
        fixed: {
          Dockerfile: ["FROM alpine:3.22", "RUN apk update && apk add --no-cache curl && rm -rf /var/cache/apk/*"],
        },
      },
      {
        name: "yum",
        kind: "yum",
        files: { Dockerfile: ["FROM centos:7", "RUN yum «install» -y httpd-2.4.6"] },
        fixed: { Dockerfile: ["FROM centos:7", "RUN yum install -y httpd-2.4.6 && yum clean all"] },
      },
      {
        name: "dnf, cleaned too early",
        kind: "dnf",
        files: { Dockerfile: ["FROM fedora:42", "RUN dnf clean all && dnf «install» -y httpd"] },
        fixed: { Dockerfile: ["FROM fedora:42", "RUN dnf clean all && dnf install -y httpd && dnf clean all"] },
      },
      {
        name: "microdnf",
        kind: "microdnf",
        files: {
          Dockerfile: ["FROM registry.access.redhat.com/ubi9/ubi-minimal:9.6", "RUN microdnf «install» -y httpd"],
        },
        fixed: {
          Dockerfile: [
            "FROM registry.access.redhat.com/ubi9/ubi-minimal:9.6",
            "RUN microdnf install -y httpd && microdnf clean all",
          ],
        },
      },
      {
        name: "zypper",
        kind: "zypper",
        files: {
          Dockerfile: [
            "FROM opensuse/leap:15.6",
            "RUN zypper -n «refresh» && zypper -n in vim",
            "RUN zypper -n «in» git",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM opensuse/leap:15.6",
            "RUN zypper -n refresh && zypper -n in vim && zypper clean -a",
            "RUN zypper -n in git && zypper clean -a",
          ],
        },
      },
      {
        name: "pacman",
        kind: "pacman",
        files: { Dockerfile: ["FROM archlinux:base", "RUN pacman «-Syu» --noconfirm git"] },
        fixed: { Dockerfile: ["FROM archlinux:base", "RUN pacman -Syu --noconfirm git && pacman -Scc --noconfirm"] },
      },
    ],
    good: [
      {
        name: "ways to remove lists",
        options: { archives: false },
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*",
            "RUN apt-get update && apt-get install -y git && rm -fr /var/lib/apt/lists/ /tmp/*",
            "RUN apt-get update && apt-get install -y git && rm -r -f /var/lib/apt/lists",
            "RUN apt-get update && apt-get install -y git && cd /var/lib/apt/lists && rm -rf *",
            "RUN apt-get update && apt-get install -y git && find /var/lib/apt/lists -type f -delete",
            "RUN apt-get update && apt-get install -y git && apt-get distclean",
            "RUN set -e; apt-get update; apt-get install -y git; \\",
            "    # nothing stays",
            "    rm -rf /var/lib/apt/lists/*",
            "RUN apt-get update && apt-get install -y git && /usr/local/bin/docker-clean",
            'SHELL ["/bin/bash", "-c"]',
            "RUN apt-get update && apt-get install -y git && rm -rf /var/lib/{apt,dpkg,cache,log}/",
          ],
        },
      },
      {
        name: "clean-ups that run at the end",
        options: { archives: false },
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN trap 'rm -rf /var/lib/apt/lists/*' EXIT; apt-get update && apt-get install -y git",
            "RUN finish() { rm -rf /var/lib/apt/lists/*; }; apt-get update && apt-get install -y git && finish",
          ],
        },
      },
      {
        name: "mounts hold them",
        options: { archives: false },
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get update && apt-get install -y git",
            "RUN --mount=type=tmpfs,target=/var/lib/apt/lists apt-get update && apt-get install -y git",
            "RUN --mount=type=cache,target=/var/cache/apk apk add -U curl=8.14.1-r2",
            "RUN --mount=type=cache,target=/var/cache/yum yum install -y httpd-2.4.6",
            "RUN --mount=type=cache,target=/var/cache/libdnf5 dnf install -y httpd-2.4.6",
            "RUN --mount=type=cache,target=/var/cache/zypp zypper -n in vim=9.1",
          ],
        },
      },
      {
        name: "a stage that only builds",
        files: {
          Dockerfile: [
            "FROM debian:12 AS build",
            "RUN apt-get update && apt-get install -y gcc",
            "FROM scratch",
            "COPY --from=build /api /api",
          ],
        },
      },
      {
        name: "a stage that nothing starts from, as hadolint has it",
        preset: "hadolint",
        files: {
          Dockerfile: [
            "FROM ubuntu:24.04 AS build",
            "RUN apt-get update && apt-get install -y python3",
            "FROM scratch",
            "RUN echo hey!",
          ],
        },
      },
      {
        name: "a RUN that only refreshes, or installs what is there",
        options: { archives: false },
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN echo 'deb https://deb.debian.org/debian sid main' >> /etc/apt/sources.list && apt-get update",
            "RUN apt-get install -y git",
          ],
        },
      },
      {
        name: "a hook of an earlier step",
        options: { archives: false },
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN echo 'DPkg::Post-Invoke { \"rm -rf /var/lib/apt/lists/*\"; };' > /etc/apt/apt.conf.d/clean",
            "RUN apt-get update && apt-get install -y git",
          ],
        },
      },
      {
        name: "a RUN that cannot be read to its end",
        options: { archives: false },
        files: { Dockerfile: ["FROM debian:12-slim", "RUN apt-get update && apt-get install -y git && if ["] },
      },
      {
        name: "clean-ups of the others",
        files: {
          Dockerfile: [
            "FROM fedora:42",
            "RUN yum install -y httpd-2.4.6 && yum -y clean all && yum install -y jq && rm -rf /var/cache/yum/*",
            "RUN dnf install -y httpd && dnf clean all -y && dnf -y install jq && rm -rf /var/cache/libdnf5*",
            "RUN microdnf install -y httpd && microdnf clean all && tdnf install -y jq && tdnf clean all",
            "RUN zypper -n in vim && zypper clean --all && zypper -n in git && zypper cc && zypper -n in jq && rm -rf /var/cache/zypp",
            "RUN pacman -Syu --noconfirm git && pacman -Scc --noconfirm && yes | pacman -S jq && rm -rf /var/cache/pacman/pkg/*",
            "RUN apk add --no-cache git && apk --no-cache add jq && apk add curl && rm -rf /var/cache/apk/*",
            "RUN dnf --installroot=/mnt install -y glibc && yum remove -y vim && dnf makecache",
          ],
        },
      },
    ],
  },
});

type Options = RuleContext<typeof options>["options"];

function* checkStage(stage: StageView, { options: settings }: RuleContext<typeof options>): Iterable<Finding> {
  if (!isJudged(stage, settings.stages)) return;
  for (const run of settings.stages === "shipped" ? stage.runs : runsAndTriggers(stage)) {
    if (run.packages.length === 0 || run.script?.partial === true) continue;
    const seen = new Set<PackageFamily>();
    for (const { family } of run.packages) {
      if (seen.has(family) || !SYSTEM_FAMILIES.has(family)) continue;
      seen.add(family);
      if (family === "apt") yield* aptFindings(run, settings);
      else if (family === "apk") yield* apkFindings(run, settings);
      else yield* otherFindings(run, family);
    }
  }
}

function* aptFindings(run: RunView, { refreshAlone, archives }: Options): Iterable<Finding> {
  const update = uncleanFetches(run, "apt", "lists").at(-1);
  if (update !== undefined && (refreshAlone || installs(run, "apt")) && !isConfigured(update, run, "no-cache")) {
    yield finding("apt", update, "its package lists", cleaning(run, "rm -rf /var/lib/apt/lists/*"));
  }
  if (!archives) return;
  const install = uncleanFetches(run, "apt", "archives").at(-1);
  if (install === undefined || isConfigured(install, run, "no-cache")) return;
  yield finding("apt-archives", install, "the archives that it fetched", cleaning(run, "apt-get clean"));
}

function installs(run: RunView, family: PackageFamily): boolean {
  return run.packages.some(
    (command) => command.family === family && (command.action === "install" || command.action === "upgrade"),
  );
}

/** A command of apk leaves its index and cache where it is told nothing else. */
function* apkFindings(run: RunView, { apkFlag }: Options): Iterable<Finding> {
  for (const command of apkFlag ? layerFetches(run, "apk", "lists") : uncleanFetches(run, "apk", "lists")) {
    if (command.action !== "install" || command.options.has("--no-cache")) continue;
    yield {
      kind: "apk",
      range: command.verbRange,
      message: "`apk add` leaves its index in this layer; add `--no-cache`",
      fix: withoutCache(command),
    };
  }
}

/** Unsafe: a later RUN may install from what was left. */
function withoutCache(command: PackageCommand): Fix | undefined {
  // Lists that are fetched for one command are what the flag is for, so it takes the place of the one that refreshes them.
  const use = command.options.find("-U", "--update", "--update-cache");
  const isWord = use !== undefined && use.range === use.word.range && use.word.origin === "written";
  const edit =
    isWord && command.invocation.via !== "exec-form"
      ? { range: use.range, text: "--no-cache" }
      : addOptions(command, "--no-cache");
  return edit === undefined ? undefined : { description: "add `--no-cache`", safety: "unsafe", edits: [edit] };
}

function* otherFindings(run: RunView, family: PackageFamily): Iterable<Finding> {
  const unclean = uncleanFetches(run, family, "lists").filter(({ isDryRun }) => !isDryRun);
  if (unclean.every(({ action }) => action === "refresh")) return;
  const refresh = family === "zypper" ? unclean.find(({ action }) => action === "refresh") : undefined;
  const command = refresh ?? unclean.findLast(({ action }) => action !== "refresh") ?? unclean.at(-1);
  if (command === undefined) return;
  const { manager } = command;
  const kind = family === "yum" ? (manager === "yum" || manager === "microdnf" ? manager : "dnf") : family;
  const remedy =
    family === "zypper" ? "zypper clean -a" : family === "pacman" ? "pacman -Scc --noconfirm" : `${manager} clean all`;
  yield finding(kind, command, "its cache", cleaning(run, remedy));
}

/** The command that cleans up, and the edit that appends it. */
interface Remedy {
  readonly command: string;
  readonly fix: Fix | undefined;
}

/** Unsafe: a later RUN may install from what was left. */
function cleaning(run: RunView, command: string): Remedy {
  const edit = appendCommand(run, command);
  const description = `end the RUN with \`${command}\``;
  return { command, fix: edit === undefined ? undefined : { description, safety: "unsafe", edits: [edit] } };
}

function finding(kind: string, { manager, verb, verbRange }: PackageCommand, what: string, remedy: Remedy): Finding {
  return {
    kind,
    range: verbRange,
    message: `\`${manager} ${verb}\` leaves ${what} in this layer; end the RUN with \`${remedy.command}\``,
    fix: remedy.fix,
  };
}
