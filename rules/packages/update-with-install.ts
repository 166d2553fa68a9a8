import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import { type ListUse, listUses, loneRefresh } from "../../src/project/package-lists.js";
import { runsAndTriggers } from "../../src/project/trigger-runs.js";
import type { PackageCommand } from "../../src/shell/package-model.js";

export default defineRule({
  id: "packages/update-with-install",
  summary: "Package lists are refreshed in the RUN that installs",
  levels: { recommended: "warning", checklist: "warning", strict: "error" },
  kinds: {
    alone: {
      summary: "a refresh in a RUN that installs nothing",
      aliases: [
        "checkov:CKV_DOCKER_5",
        "trivy:DS-0017",
        "kics:update-instruction-alone",
        "kics:9bae49be-0aa3-4de5-bab2-4c3a069e40cd",
      ],
    },
    stale: { summary: "an install from the lists of an earlier RUN" },
    never: {
      summary: "an install without lists, so that the build fails",
      levels: { recommended: "error", checklist: "error" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  aliases: ["dockle:CIS-DI-0007"],
  why: [
    "The builder keeps the layer of `apt-get update` as long as its text does not change. Months later the install below it " +
      "still reads the lists of that day: it gets versions without their fixes, or asks for files that are gone, and fails.",
    "`yum update` and `dnf update` are no refresh: they upgrade what is installed, which packages/no-upgrade judges, and " +
      "both look for fresh lists by themselves. `zypper update` and `pacman -Syu` are upgrades, too.",
  ],
  references: ["https://docs.docker.com/build/building/best-practices/#apt-get", "CIS 4.7"],
  mentions: { dockerfile: ["apt", "apk", "zypper", "pacman", "dnf", "yum"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a refresh in a RUN of its own",
        kind: "alone",
        message: "`apt-get update` alone is cached",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN apt-get «update»", "RUN apt-get install -y curl"] },
      },
      {
        name: "something else follows",
        kind: "alone",
        files: {
          Dockerfile: [
            "FROM ubuntu:24.04",
            "RUN apt-get «update» && adduser mike",
            "RUN apt-get install -y --no-install-recommends mysql-client && rm -rf /var/lib/apt/lists/*",
            "ONBUILD RUN apt «update»",
          ],
        },
      },
      {
        name: "exec form, and an install before it",
        kind: "alone",
        files: {
          Dockerfile: [
            "FROM registry.acme.io/base:4",
            'RUN ["apt-get", «"update"»]',
            "RUN apt-get update && apt-get install -y gnupg && apt-get «update»",
          ],
        },
      },
      {
        name: "other managers",
        kind: "alone",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "RUN apk «update»",
            "RUN zypper -n «refresh»",
            "RUN pacman «-Sy»",
            "RUN dnf «makecache»",
          ],
        },
      },
      {
        name: "lists of an earlier RUN",
        kind: "stale",
        message: "lists of line 2",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install -y curl",
            "RUN apt-get «install» -y git && apt-get install -y jq",
          ],
        },
      },
      {
        name: "lists that are gone by then, of a parent stage",
        kind: "stale",
        message: "removed",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS base",
            "RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*",
            "FROM base",
            "RUN apt-get «install» -y git",
          ],
        },
      },
      {
        name: "apk and pacman",
        kind: "stale",
        files: {
          Dockerfile: [
            "FROM registry.acme.io/base:4",
            "RUN apk update && apk add git",
            "RUN apk «add» curl",
            "RUN pacman -Sy --noconfirm git",
            "RUN pacman «-S» --noconfirm curl",
          ],
        },
      },
      {
        name: "no lists at all",
        kind: "never",
        message: "no package lists",
        files: {
          Dockerfile: [
            "FROM ubuntu:24.04",
            "RUN DEBIAN_FRONTEND=noninteractive apt-get «install» -y curl",
            "RUN apt-get install -y git",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM ubuntu:24.04",
            "RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y curl",
            "RUN apt-get install -y git",
          ],
        },
      },
      {
        name: "the same on an image that is made from Debian",
        kind: "never",
        files: { Dockerfile: ["FROM python:3.13-slim", "RUN pip install flask==3.1.1 && apt «install» -y gcc"] },
        fixed: {
          Dockerfile: ["FROM python:3.13-slim", "RUN pip install flask==3.1.1 && apt update && apt install -y gcc"],
        },
      },
    ],
    good: [
      {
        name: "joined",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install -y curl",
            "RUN apt-get update; apt-get -y upgrade",
            "RUN apk update && apk add curl && apk add --update git",
            "RUN zypper -n refresh && zypper -n in vim",
            "RUN pacman -Sy && pacman -S --noconfirm git && dnf makecache && dnf install -y httpd",
          ],
        },
      },
      {
        name: "apk fetches its index for the command",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "RUN apk update && apk add git",
            "RUN apk add --no-cache curl && apk add -U jq && apk add --update-cache vim",
          ],
        },
      },
      {
        name: "a mount holds the lists",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN --mount=type=cache,target=/var/lib/apt apt-get update",
            "RUN --mount=type=cache,target=/var/lib/apt apt-get install -y curl",
          ],
        },
      },
      {
        name: "what follows may install",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "COPY install.sh /",
            "RUN apt-get update && ./install.sh",
            "RUN apt-get update && make deps",
            "RUN apt-get update && npx -y playwright@1.54.2 install --with-deps",
            "RUN apt-get update && curl -fsSL https://get.acme.io | sh",
            "RUN apt-get update && apt-cache policy nginx",
            "RUN apt-get update && apt-get source nginx && apt-get update && apt-get download curl",
            "RUN setup() { apt-get install -y git; }; apt-get update && setup",
          ],
        },
      },
      {
        name: "what comes before may refresh",
        files: {
          Dockerfile: [
            "FROM ubuntu:24.04",
            "RUN apt-get update && apt-get install -y curl software-properties-common",
            "RUN curl -fsSL https://deb.nodesource.com/setup_22.x | bash - && apt-get install -y nodejs",
            "RUN add-apt-repository -y ppa:deadsnakes/ppa && apt-get install -y python3.13",
          ],
        },
      },
      {
        name: "a base nobody knows, and a script before",
        files: {
          Dockerfile: [
            "FROM registry.acme.io/base:4 AS base",
            "RUN apt-get install -y curl",
            "FROM debian:12-slim",
            "COPY prepare.sh /",
            "RUN /prepare.sh",
            "RUN apt-get install -y curl",
          ],
        },
      },
      {
        name: "upgrades, local files, and what may fail",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "COPY api.deb /tmp/",
            "RUN apt-get install -y /tmp/api.deb && apt-get install -y --no-download curl",
            "RUN apt-get install -y curl || true",
            "RUN yum update -y",
            "RUN yum install -y httpd",
            "RUN dnf -y update",
          ],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  if (stage.isWindows) return;
  for (const run of runsAndTriggers(stage)) {
    if (run.packages.length === 0) continue;
    const lone = loneRefresh(run);
    if (lone !== undefined) yield alone(lone);
  }
  for (const use of listUses(stage)) yield use.kind === "stale" ? stale(use) : never(use);
}

function alone({ manager, verb, verbRange }: PackageCommand): Finding {
  return {
    kind: "alone",
    range: verbRange,
    message: `\`${manager} ${verb}\` alone is cached, and later installs use old lists; join it with the install by \`&&\``,
  };
}

function stale({ command, refresh, isGone }: Extract<ListUse, { kind: "stale" }>): Finding {
  const { manager, verb, verbRange } = command;
  const at = refresh.command.verbRange;
  const { line } = at.source.positionAt(at.start);
  const place = at.source === verbRange.source ? `of line ${line}` : "of an earlier layer";
  const fact = isGone ? `has no lists, for those ${place} are removed` : `reads the lists ${place}, which may be old`;
  return {
    kind: "stale",
    range: verbRange,
    message: `\`${manager} ${verb}\` ${fact}; refresh them in this RUN, too`,
    related: [{ range: at, message: "the lists are refreshed here" }],
  };
}

function never({ command, isCertain }: Extract<ListUse, { kind: "never" }>): Finding {
  const { manager, verb, verbRange } = command;
  return {
    kind: "never",
    range: verbRange,
    message: `\`${manager} ${verb}\` finds no package lists, for the base has none; run \`${manager} update\` before it`,
    confidence: isCertain ? "high" : "medium",
    fix: refreshing(command),
  };
}

/** Unsafe: the build did not work before. */
function refreshing({ invocation, manager }: PackageCommand): Fix | undefined {
  const { via, wrappers, precededBy, pipeline, range, onlyIf } = invocation;
  if (via !== "direct" || wrappers.length > 0 || pipeline !== undefined || onlyIf !== "none") return undefined;
  if (precededBy !== undefined && !["&&", ";", "newline"].includes(precededBy.operator)) return undefined;
  const text = `${manager} update && `;
  return {
    description: `run \`${manager} update\` before it`,
    safety: "unsafe",
    edits: [{ range: range.source.range(range.start, range.start), text }],
  };
}
