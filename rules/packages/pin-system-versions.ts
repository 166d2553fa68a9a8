import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { isFrozen } from "../../src/project/frozen-repositories.js";
import type { StageView } from "../../src/project/model.js";
import { isForDevelopment } from "../../src/project/stage-purpose.js";
import { runsAndTriggers } from "../../src/project/trigger-runs.js";
import type { PackageCommand, PackageOperand } from "../../src/shell/package-model.js";

const KINDS = ["apt", "apk", "yum", "dnf", "zypper"] as const;
type Kind = (typeof KINDS)[number];

const options = {
  managers: option.strings({
    default: KINDS,
    description: "Package managers that are judged, by the names of the kinds.",
  }),
  stages: option.choice({
    words: ["all", "shipped"],
    default: "all",
    description: "`shipped` leaves out stages that only build.",
  }),
  floating: option.strings({
    default: ["ca-certificates", "tzdata", "tzdata-legacy"],
    description: "Packages of data whose newest version is the point.",
  }),
  only: option.strings({ default: [], description: "The packages that need a version; empty for all." }),
  frozenRepositories: option.boolean({
    default: true,
    description: "Whether a repository of a fixed date, which keeps the whole list as it was, counts as the version.",
  }),
};

export default defineRule({
  id: "packages/pin-system-versions",
  summary: "System packages are installed at a stated version",
  levels: { recommended: "info", checklist: "info", strict: "warning" },
  kinds: {
    apt: {
      summary: "packages of Debian and Ubuntu",
      aliases: [
        "hadolint:DL3008",
        "kics:apt-get-install-pin-version-not-defined",
        "kics:965a08d7-ef86-4f14-8792-4a3b2098937e",
      ],
    },
    apk: {
      summary: "packages of Alpine",
      aliases: [
        "hadolint:DL3018",
        "kics:unpinned-package-version-in-apk-add",
        "kics:d3499f6d-1651-41bb-a9a7-de925fea487b",
      ],
    },
    yum: {
      summary: "packages that yum installs",
      aliases: ["hadolint:DL3033", "kics:yum-install-without-version", "kics:6452c424-1d92-4deb-bb18-a03e95d579c4"],
    },
    dnf: {
      summary: "packages that dnf, microdnf or tdnf installs",
      aliases: [
        "hadolint:DL3041",
        "kics:missing-version-specification-in-dnf-install",
        "kics:93d88cf7-f078-46a8-8ddc-178e03aeacf1",
      ],
    },
    zypper: {
      summary: "packages of openSUSE",
      aliases: ["hadolint:DL3037", "kics:zypper-install-without-version", "kics:562952e4-0348-4dea-9826-44f3a2c6117b"],
    },
  },
  roles: ["production", "test", "ci"],
  fixable: "never",
  why: [
    "Without a version the repository decides: the same Dockerfile installs something else next month, and what was tested is " +
      "not what ships.",
    "Repositories drop old versions, so a pinned build stops one day. That is the price; a repository of a fixed date keeps " +
      "both promises, and counts as a version of everything in it. A suite (`curl/bookworm-backports`) counts, too.",
    "A dash in a name is not taken for a version, as in `httpd-devel`: only a number behind it is.",
  ],
  references: [
    "https://docs.docker.com/build/building/best-practices/#version-pinning",
    "https://snapshot.debian.org/",
    "CWE-1357",
  ],
  options,
  presetOptions: { hadolint: { floating: [], frozenRepositories: false }, all: { floating: [] } },
  yieldsTo: ["packages/quote-specifiers"],
  mentions: { dockerfile: ["apt", "apk", "yum", "dnf", "zypper"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "one of several",
        kind: "apk",
        message: "`curl` is installed",
        files: { Dockerfile: ["FROM alpine:3.22", "RUN apk add --no-cache «curl» git=2.49.1-r0"] },
      },
      {
        name: "one finding for a command",
        kind: "apt",
        message: "`curl`, `git`, `jq` and 1 more are installed",
        preset: "recommended",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install -y --no-install-recommends \\",
            "      «curl» \\",
            "      git jq ca-certificates \\",
            "      nginx",
          ],
        },
      },
      {
        name: "programs of apt, exec form, and a loop",
        kind: "apt",
        files: {
          Dockerfile: [
            "FROM ubuntu:24.04",
            "RUN apt install -y «curl» && aptitude install -y «jq»",
            'RUN ["apt-get", "install", "-y", «"git"»]',
            "RUN for package in «nginx» redis; do apt-get install -y $package; done",
            "ONBUILD RUN apt-get install -y «python3»",
          ],
        },
      },
      {
        name: "an architecture is no version, and a repository of apk is none",
        kind: "apk",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "RUN apk add -X https://dl-cdn.alpinelinux.org/alpine/edge/testing --virtual .build «gcc@testing»",
            "RUN apk --no-cache add «curl» -t .fetch",
          ],
        },
      },
      {
        name: "yum, with a name that holds a dash",
        kind: "yum",
        files: { Dockerfile: ["FROM centos:7", "RUN yum install -y «httpd-devel» && yum clean all"] },
      },
      {
        name: "a module without a stream",
        kind: "yum",
        files: { Dockerfile: ["FROM centos:8", "RUN yum module install -y «tomcat» && yum clean all"] },
      },
      {
        name: "the younger programs of that family",
        kind: "dnf",
        files: {
          Dockerfile: [
            "FROM registry.access.redhat.com/ubi9/ubi-minimal:9.6",
            "RUN microdnf install -y «httpd» && microdnf clean all",
            "RUN dnf install -y «tomcat» && dnf clean all && tdnf install -y «jq»",
          ],
        },
      },
      {
        name: "zypper",
        kind: "zypper",
        files: { Dockerfile: ["FROM opensuse/leap:15.6", "RUN zypper -n install «httpd» && zypper in -y «vim»"] },
      },
      {
        name: "only what the policy names",
        kind: "apt",
        options: { only: ["openssl"] },
        files: { Dockerfile: ["FROM debian:12-slim", "RUN apt-get install -y curl «openssl»"] },
      },
      {
        name: "certificates, as hadolint has it",
        kind: "apt",
        preset: "hadolint",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN apt-get update && apt-get install -y «ca-certificates»"],
        },
      },
    ],
    good: [
      {
        name: "versions of apt",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "ARG CURL_VERSION",
            "RUN apt-get install -y curl=8.14.1-2 git=1:2.* jq=${JQ_VERSION} nginx:amd64=1.22.1-9",
            "RUN apt-get install -y redis/bookworm-backports curl=$CURL_VERSION",
            "RUN apt-get install -y -t bookworm-backports golang && apt-get -t=sid install -y rustc",
            "RUN apt-get update && apt-get install --no-install-recommends -y --target-release sid nodejs=22",
          ],
        },
      },
      {
        name: "versions of apk",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "RUN apk add --no-cache curl=8.14.1-r2 'git>2.49' \"jq<2\" nginx~1.28 openssl=~3.5 gcc=14.2.0-r6@edge",
            "RUN apk add --virtual .build --repository https://dl-cdn.alpinelinux.org/alpine/edge/main make=4.4.1-r3",
            "RUN apk add --no-cache -X=https://dl-cdn.alpinelinux.org/alpine/edge/main flex=2.6.4-r6 -t .tools",
          ],
        },
      },
      {
        name: "versions of rpm",
        files: {
          Dockerfile: [
            "FROM fedora:42",
            "ARG TOMCAT",
            "RUN yum install -y httpd-2.4.63 nginx-1.28.0-3.fc42.x86_64 kernel-6.* tomcat-$TOMCAT",
            "RUN dnf install -y httpd-2.4.63-1.fc42 && dnf module install -y nodejs:22 && microdnf install -y jq-1.7.1",
            "RUN zypper -n install httpd=2.4.46 'vim>=9' nginx\\>1.28 jq=1.7",
          ],
        },
      },
      {
        name: "no names of a repository",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "COPY api.deb /tmp/",
            "RUN apt-get install -y ./api.deb /tmp/api.deb && yum install -y https://example.com/api.rpm /tmp/api.rpm",
            "RUN apk add --allow-untrusted /tmp/api.apk && zypper -n in ./api.rpm && dnf install -y @development-tools",
            "RUN apk add .build-deps && apt-get install -y vim- && yum groupinstall -y 'Development Tools'",
            "RUN dnf group install -y web && yum -y localinstall api.rpm && dnf -y install 'dnf-command(config-manager)'",
          ],
        },
      },
      {
        name: "packages of data",
        preset: "recommended",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates tzdata",
          ],
        },
      },
      {
        name: "names that nobody can know",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get install -y $PACKAGES $(cat packages.txt) linux-headers-$(uname -r)",
            "ARG PACKAGES",
            "RUN apt-get install -y ${PACKAGES}",
          ],
        },
      },
      {
        name: "a repository of a fixed date",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN echo 'deb https://snapshot.debian.org/archive/debian/20250801T000000Z bookworm main' > /etc/apt/sources.list",
            "RUN apt-get update && apt-get install -y curl",
          ],
        },
      },
      {
        name: "the other ways to say so",
        files: {
          Dockerfile: [
            "FROM ubuntu:24.04",
            "RUN apt-get install -y --snapshot 20250801T000000Z curl && apt-get install -S 20250801T000000Z -y git",
            "COPY ubuntu.sources /etc/apt/sources.list.d/ubuntu.sources",
            "RUN apt-get update && apt-get install -y jq",
          ],
          "ubuntu.sources": [
            "Types: deb",
            "URIs: https://snapshot.ubuntu.com/ubuntu/20250801T000000Z",
            "Suites: noble",
          ],
        },
      },
      {
        name: "nothing is installed",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get build-dep -y nginx && apt-get install -y --download-only curl",
            "RUN apt-get remove -y vim && apk del gcc && dnf upgrade -y openssl",
          ],
        },
      },
      {
        name: "shipped stages only, and one manager only",
        options: { stages: "shipped", managers: ["apk"] },
        files: {
          Dockerfile: [
            "FROM alpine:3.22 AS build",
            "RUN apk add --no-cache gcc",
            "FROM debian:12-slim",
            "COPY --from=build /api /api",
            "RUN apt-get install -y curl",
          ],
        },
      },
      {
        name: "a stage for development that no build makes",
        files: {
          "compose.yaml": ["services:", "  api:", "    build:", "      context: .", "      target: builder"],
          Dockerfile: ["FROM python:3.13-slim AS builder", "FROM builder AS dev-envs", "RUN apt-get install -y git"],
        },
      },
    ],
  },
});

function* checkStage(
  stage: StageView,
  { options: { managers, stages, floating, only, frozenRepositories } }: RuleContext<typeof options>,
): Iterable<Finding> {
  if (stage.isWindows || isForDevelopment(stage) || (stages === "shipped" && !stage.isShipped)) return;
  for (const run of runsAndTriggers(stage)) {
    for (const command of run.packages) {
      const kind = installKind(command);
      if (kind === undefined || !managers.includes(kind)) continue;
      const open = command.packages.filter(
        (operand) =>
          isOpen(operand, command) &&
          !floating.includes(operand.name ?? "") &&
          (only.length === 0 || only.includes(operand.name ?? "")),
      );
      if (open.length > 0 && !(frozenRepositories && isFrozen(command, run))) yield finding(kind, open);
    }
  }
}

/** The kind of a command that installs packages by name. */
function installKind({ family, manager, action, verb, isDryRun, options: given }: PackageCommand): Kind | undefined {
  if (action !== "install" || isDryRun || verb === "build-dep" || verb === "builddep" || verb === "satisfy")
    return undefined;
  if (verb === "swap" || verb === "downgrade" || verb === "reinstall") return undefined;
  switch (family) {
    case "apt":
      // A target release decides for every operand.
      return given.has("-t", "--target-release", "--default-release") ? undefined : "apt";
    case "apk":
    case "zypper":
      return family;
    case "yum":
      return manager === "yum" ? "yum" : "dnf";
    default:
      return undefined;
  }
}

function isOpen({ kind, name, version }: PackageOperand, { verb }: PackageCommand): boolean {
  // `dnf-command(config-manager)` is a capability: whatever package has it is installed.
  if (version !== undefined || name === undefined || name.includes("(")) return false;
  return kind === "name" || (kind === "group" && verb === "module install");
}

function finding(kind: Kind, open: readonly PackageOperand[]): Finding {
  const [first, ...others] = open;
  if (first === undefined) throw new Error("an open operand was found");
  const named = open.slice(0, 3).map(({ name }) => `\`${name}\``);
  const rest = open.length - named.length;
  const list = rest > 0 ? `${named.join(", ")} and ${rest} more` : joined(named);
  const verb = open.length === 1 ? "is" : "are";
  return {
    kind,
    range: first.range,
    message: `${list} ${verb} installed without a version; write \`${first.name}${OPERATORS[kind]}<version>\``,
    related: others.map(({ range }) => ({ range, message: "also without a version" })),
  };
}

function joined(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

const OPERATORS: Readonly<Record<Kind, string>> = { apt: "=", apk: "=", yum: "-", dnf: "-", zypper: "=" };
