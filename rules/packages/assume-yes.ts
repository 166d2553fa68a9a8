import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { isConfigured } from "../../src/project/manager-settings.js";
import type { RunView, StageView } from "../../src/project/model.js";
import { addOptions } from "../../src/project/package-edits.js";
import { type AskingProgram, askingProgram, hasAnswer } from "../../src/project/prompts.js";
import { runsAndTriggers } from "../../src/project/trigger-runs.js";
import type { PackageCommand } from "../../src/shell/package-model.js";

export default defineRule({
  id: "packages/assume-yes",
  summary: "No package manager waits for an answer",
  levels: { recommended: "warning", checklist: "warning", strict: "error" },
  kinds: {
    apt: {
      summary: "`apt-get`, `apt` or `aptitude` without `-y`",
      aliases: [
        "hadolint:DL3014",
        "trivy:DS-0021",
        "kics:apt-get-missing-y",
        "kics:77783205-c4ca-4f80-bb80-c777f267c547",
        "semgrep:missing-assume-yes-switch",
      ],
    },
    yum: {
      summary: "`yum` without `-y`",
      aliases: [
        "hadolint:DL3030",
        "kics:yum-install-allows-manual-input",
        "kics:6e19193a-8753-436d-8a09-76dcff91bb03",
        "semgrep:missing-yum-assume-yes-switch",
      ],
    },
    dnf: {
      summary: "`dnf`, `microdnf` or `tdnf` without `-y`",
      aliases: [
        "hadolint:DL3038",
        "kics:missing-flag-from-dnf-install",
        "kics:7ebd323c-31b7-4e5b-b26f-de5e9e477af8",
        "semgrep:missing-dnf-assume-yes-switch",
      ],
    },
    zypper: {
      summary: "`zypper` without `-n` or `-y`",
      aliases: [
        "hadolint:DL3034",
        "kics:missing-zypper-non-interactive-switch",
        "kics:45e1fca5-f90e-465d-825f-c2cb63fa3944",
        "semgrep:missing-zypper-no-confirm-switch",
      ],
    },
    pacman: { summary: "`pacman` without `--noconfirm`" },
    conda: { summary: "`conda`, `mamba` or `micromamba` without `-y`" },
    pip: { summary: "`pip uninstall` without `-y`" },
    other: { summary: "`npx`, `add-apt-repository`, `sdkmanager`, `cargo binstall`" },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A build has nobody who types, so a question ends it: the command reads an empty answer and stops, or it waits until the " +
      "build is killed.",
    "Some checks take `-n` behind the verb of `zypper` for a yes. There it means `--name`; only in front of the verb does it " +
      "mean `--non-interactive`. Such a finding has low confidence.",
  ],
  references: [
    "https://manpages.debian.org/bookworm/apt/apt-get.8.en.html",
    "https://dnf.readthedocs.io/en/latest/command_ref.html",
    "https://docs.docker.com/build/building/best-practices/#apt-get",
  ],
  mentions: {
    dockerfile: "apt yum dnf zypper pacman conda mamba pip npx sdkmanager binstall".split(" "),
  },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "an install",
        kind: "apt",
        message: "`apt-get install` asks",
        files: { Dockerfile: ["FROM debian:12", "RUN apt-get update && apt-get «install» curl"] },
        fixed: { Dockerfile: ["FROM debian:12", "RUN apt-get update && apt-get install -y curl"] },
      },
      {
        name: "one `-q` is no yes",
        kind: "apt",
        files: { Dockerfile: ["FROM debian:12", "RUN apt-get -q «install» curl"] },
        fixed: { Dockerfile: ["FROM debian:12", "RUN apt-get -q install -y curl"] },
      },
      {
        name: "other verbs and programs of apt",
        kind: "apt",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "RUN apt «upgrade» && aptitude «install» curl && apt-get «purge» gcc && apt-get «autoremove»",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12",
            "RUN apt upgrade -y && aptitude install -y curl && apt-get purge -y gcc && apt-get autoremove -y",
          ],
        },
      },
      {
        name: "a trigger, and exec form",
        kind: "apt",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "ONBUILD RUN apt-get «install» python3",
            'RUN ["apt-get", «"install"», "python3"]',
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12",
            "ONBUILD RUN apt-get install -y python3",
            'RUN ["apt-get", "install", "-y", "python3"]',
          ],
        },
      },
      {
        name: "a frontend that asks nothing is not a yes",
        kind: "apt",
        files: { Dockerfile: ["FROM debian:12", "ARG DEBIAN_FRONTEND=noninteractive", "RUN apt-get «install» curl"] },
        fixed: { Dockerfile: ["FROM debian:12", "ARG DEBIAN_FRONTEND=noninteractive", "RUN apt-get install -y curl"] },
      },
      {
        name: "yum",
        kind: "yum",
        files: { Dockerfile: ["FROM centos:7", "RUN yum «install» httpd-2.4.6 && yum clean all"] },
        fixed: { Dockerfile: ["FROM centos:7", "RUN yum install -y httpd-2.4.6 && yum clean all"] },
      },
      {
        name: "a group of yum",
        kind: "yum",
        files: { Dockerfile: ["FROM centos:7", 'RUN yum «groupinstall» "Development Tools"'] },
        fixed: { Dockerfile: ["FROM centos:7", 'RUN yum groupinstall -y "Development Tools"'] },
      },
      {
        name: "dnf and microdnf",
        kind: "dnf",
        files: { Dockerfile: ["FROM fedora:42", "RUN dnf «install» httpd", "RUN microdnf «install» httpd"] },
        fixed: { Dockerfile: ["FROM fedora:42", "RUN dnf install -y httpd", "RUN microdnf install -y httpd"] },
      },
      {
        name: "zypper",
        kind: "zypper",
        files: {
          Dockerfile: [
            "FROM opensuse/leap:15.6",
            "RUN zypper «install» httpd=2.4.46 && zypper «rm» vim && zypper clean",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM opensuse/leap:15.6",
            "RUN zypper -n install httpd=2.4.46 && zypper -n rm vim && zypper clean",
          ],
        },
      },
      {
        name: "`-n` behind the verb of zypper is `--name`",
        kind: "zypper",
        files: { Dockerfile: ["FROM opensuse/leap:15.6", "RUN zypper «install» -n httpd=2.4.46"] },
        fixed: { Dockerfile: ["FROM opensuse/leap:15.6", "RUN zypper -n install -n httpd=2.4.46"] },
      },
      {
        name: "pacman",
        kind: "pacman",
        files: { Dockerfile: ["FROM archlinux:base", "RUN pacman «-Syu» git"] },
        fixed: { Dockerfile: ["FROM archlinux:base", "RUN pacman -Syu --noconfirm git"] },
      },
      {
        name: "conda",
        kind: "conda",
        files: { Dockerfile: ["FROM continuumio/miniconda3:25.1.1-2", "RUN conda «install» numpy=2.3"] },
        fixed: { Dockerfile: ["FROM continuumio/miniconda3:25.1.1-2", "RUN conda install -y numpy=2.3"] },
      },
      {
        name: "pip removes a package",
        kind: "pip",
        files: { Dockerfile: ["FROM python:3.13", "RUN pip «uninstall» setuptools"] },
        fixed: { Dockerfile: ["FROM python:3.13", "RUN pip uninstall -y setuptools"] },
      },
      {
        name: "programs that fetch",
        kind: "other",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "RUN «npx» cowsay hello",
            "RUN «add-apt-repository» ppa:deadsnakes/ppa",
            "RUN cargo «binstall» just",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22-slim",
            "RUN npx --yes cowsay hello",
            "RUN add-apt-repository -y ppa:deadsnakes/ppa",
            "RUN cargo binstall -y just",
          ],
        },
      },
      {
        name: "licences of an SDK",
        kind: "other",
        files: { Dockerfile: ["FROM eclipse-temurin:21", 'RUN «sdkmanager» "platform-tools"'] },
      },
      {
        name: "a verb that a variable holds",
        kind: "apt",
        files: { Dockerfile: ["FROM debian:12", "ARG VERB=install", "RUN apt-get «$VERB» curl"] },
        fixed: { Dockerfile: ["FROM debian:12", "ARG VERB=install", "RUN apt-get $VERB -y curl"] },
      },
    ],
    good: [
      {
        name: "ways to say yes to apt",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "RUN apt-get install -y curl && apt-get -y install git && apt-get install --yes jq",
            "RUN apt-get install -yq curl && apt-get --assume-yes install git && apt-get install curl -y",
            "RUN apt-get -qq update && apt-get -qqy install curl && apt-get -qq install git",
            "RUN apt-get install -q -q curl && apt-get -q=2 install git && apt-get install --quiet --quiet jq",
            "RUN apt-get install -o APT::Get::Assume-Yes=true curl && apt-get install --force-yes jq",
            "RUN (apt-get update) && (apt-get install -y curl)",
          ],
        },
      },
      {
        name: "ways to say yes to others",
        files: {
          Dockerfile: [
            "FROM fedora:42",
            "RUN yum install -y httpd-2.4.6 && yum install --assumeyes jq && yum -y groupinstall web",
            "RUN dnf -y install httpd && dnf --setopt=assumeyes=1 install jq && microdnf install -y httpd",
            "RUN zypper --non-interactive install vim && zypper -n in vim && zypper in --no-confirm vim && zypper rm -y vim",
            "RUN pacman -Syu --noconfirm git",
            "RUN conda install -qy numpy && mamba create --yes -n web && pip uninstall -y wheel",
            "RUN conda env create -f environment.yml",
            "RUN npx --yes cowsay && npx -y cowsay && add-apt-repository --yes ppa:deadsnakes/ppa && cargo binstall -y just",
          ],
        },
      },
      {
        name: "nothing is installed",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "RUN apt-get install --download-only curl && apt-get -s install curl && apt-get install --print-uris curl",
            "RUN apt-get update && apt-get clean && apt-get download curl && dnf makecache && npx --no-install eslint .",
          ],
        },
      },
      {
        name: "somebody answers",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "RUN yes | apt-get install curl && echo y | apt-get install git",
            'SHELL ["/bin/bash", "-c"]',
            "RUN apt-get install curl <<< y",
            'RUN yes | sdkmanager --licenses && sdkmanager --list && sdkmanager "platform-tools" < answers.txt',
          ],
        },
      },
      {
        name: "a file of an earlier step answers",
        files: {
          Dockerfile: [
            "FROM debian:12 AS base",
            "RUN echo 'APT::Get::Assume-Yes \"true\";' > /etc/apt/apt.conf.d/90yes",
            "FROM base",
            "RUN apt-get install curl",
          ],
        },
      },
      {
        name: "files that COPY brings",
        files: {
          Dockerfile: [
            "FROM fedora:42",
            "COPY dnf.conf /etc/dnf/dnf.conf",
            "RUN dnf install httpd",
            "COPY <<EOF /etc/apt/apt.conf",
            "APT::Get::Assume-Yes true;",
            "EOF",
            "RUN apt-get install curl",
          ],
          "dnf.conf": ["[main]", "assumeyes=True"],
        },
      },
      {
        name: "variables and settings answer",
        files: {
          Dockerfile: [
            "FROM continuumio/miniconda3:25.1.1-2",
            "RUN conda config --set always_yes yes && conda install numpy=2.3",
            "ENV CONDA_ALWAYS_YES=true",
            "RUN conda install scipy=1.16",
          ],
        },
      },
      {
        name: "a program of the project, and one whose options nobody can know",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY package.json package-lock.json ./",
            "RUN npm ci",
            "RUN npx eslint . && npx prisma generate",
            "ARG APT_OPTIONS",
            "RUN apt-get install $APT_OPTIONS curl",
          ],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  if (stage.isWindows) return;
  for (const run of runsAndTriggers(stage)) {
    for (const command of run.packages) yield* checkCommand(command, run);
    for (const invocation of run.commands) {
      const program = askingProgram(invocation, run);
      if (program !== undefined) yield { kind: "other", ...ofProgram(program) };
    }
  }
}

function* checkCommand(command: PackageCommand, run: RunView): Iterable<Finding> {
  const { asks, assumesYes, isDryRun, family, manager, invocation } = command;
  const kind = asks && !assumesYes && !isDryRun && manager !== "npx" ? kindOf(command) : undefined;
  if (kind === undefined || hasAnswer(invocation) || isConfigured(command, run, "yes")) return;
  const said = `${manager} ${command.verb}`.trim();
  const [option, place] = YES[family] ?? ["-y", "after"];
  yield {
    kind,
    range: command.verbRange,
    message: `\`${said}\` asks for confirmation, and a build cannot answer; add \`${option}\``,
    confidence: family === "zypper" && command.options.has("-n") ? "low" : "high",
    fix: answering(command, option, place),
  };
}

const YES: Partial<Record<PackageCommand["family"], readonly [string, "before" | "after"]>> = {
  pacman: ["--noconfirm", "after"],
  zypper: ["-n", "before"],
};

/** Safe: a build in which the question was asked has stopped there. */
function answering(command: PackageCommand, option: string, place: "before" | "after"): Fix | undefined {
  const edit = addOptions(command, option, place);
  return edit === undefined ? undefined : { description: `add \`${option}\``, safety: "safe", edits: [edit] };
}

function ofProgram({ said, range, option, edit }: AskingProgram): Omit<Finding, "kind"> {
  const remedy = option === undefined ? "pipe `yes` into it" : `add \`${option}\``;
  return {
    range,
    message: `\`${said}\` asks for confirmation, and a build cannot answer; ${remedy}`,
    fix: edit === undefined ? undefined : { description: remedy, safety: "safe", edits: [edit] },
  };
}

function kindOf({ family, manager }: PackageCommand): string | undefined {
  switch (family) {
    case "yum":
      return manager === "yum" ? "yum" : "dnf";
    case "apt":
    case "zypper":
    case "pacman":
    case "conda":
    case "pip":
      return family;
    default:
      return "other";
  }
}
