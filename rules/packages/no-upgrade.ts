import { defineRule, type Finding } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import { runsAndTriggers } from "../../src/project/trigger-runs.js";
import { type Upgrade, upgradesOf } from "../../src/project/upgrades.js";

export default defineRule({
  id: "packages/no-upgrade",
  summary: "A build does not upgrade the distribution that its base chose",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    release: {
      summary: "an upgrade to another release",
      // Later releases of hadolint mean `dist-upgrade` by DL3005, earlier ones `upgrade`.
      aliases: [
        "hadolint:DL3035",
        "hadolint:DL3005",
        "trivy:DS-0024",
        "kics:run-using-upgrade-commands",
        "kics:682fe378-c180-4bd5-8a14-95fc285fb269",
        "semgrep:avoid-apt-get-upgrade",
      ],
    },
    routine: {
      summary: "an upgrade of everything that is installed",
      levels: { recommended: "off", strict: "off" },
      aliases: [
        "hadolint:DL3005",
        "hadolint:DL3017",
        "hadolint:DL3031",
        "hadolint:DL3039",
        "kics:run-using-upgrade-commands",
        "kics:682fe378-c180-4bd5-8a14-95fc285fb269",
        "kics:use-of-apk-upgrade",
        "kics:989ab888-7d1e-410f-9dde-c64a1d367bf2",
        "kics:yum-update-enabled",
        "kics:8f6456be-0018-46db-9ce6-b3b6dc8d34d2",
        "kics:run-using-dnf-update",
        "kics:09fda05e-da85-4ee7-ab8d-2800a5e6e756",
        "kics:run-using-zypper-update",
        "kics:d4895357-dd49-4ba5-b726-1bb81cb50989",
        "semgrep:avoid-apt-get-upgrade",
        "semgrep:avoid-apk-upgrade",
        "semgrep:avoid-yum-update",
        "semgrep:avoid-dnf-update",
        "semgrep:avoid-zypper-update",
        "dockle:DKL-DI-0003",
      ],
    },
  },
  roles: ["production", "test", "ci"],
  fixable: "never",
  why: [
    "FROM names the release that was tested. An upgrade to another one leaves an image that is neither: its name says one " +
      "thing, its files another, and packages of both are mixed.",
    "An upgrade within the release is another matter, and off by default: it brings security fixes before the base has them, " +
      "and costs a layer and the same result twice. Packages that are named, and security fixes alone, are a choice.",
  ],
  references: [
    "https://docs.docker.com/build/building/best-practices/#rebuild-your-images-often",
    "https://manpages.debian.org/bookworm/apt/apt-get.8.en.html",
  ],
  mentions: { dockerfile: ["upgrade", "yum", "dnf", "zypper", "pacman"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "another release",
        kind: "release",
        message: "replaces the release that `FROM debian:12` chose",
        files: { Dockerfile: ["FROM debian:12", "RUN apt-get update && apt-get -y «dist-upgrade»"] },
      },
      {
        name: "other spellings, in a parent stage and a trigger",
        kind: "release",
        files: {
          Dockerfile: [
            "FROM ubuntu:24.04 AS base",
            "RUN apt «full-upgrade» -y && aptitude -y «full-upgrade» && «do-release-upgrade» -d",
            "ONBUILD RUN apt-get -y «dist-upgrade»",
            "FROM base",
            'RUN ["apt-get", «"dist-upgrade"»]',
          ],
        },
      },
      {
        name: "zypper and dnf",
        kind: "release",
        files: {
          Dockerfile: [
            "FROM opensuse/leap:15.6",
            "RUN zypper -n «dup» && zypper -n «dist-upgrade»",
            "RUN dnf -y «distro-sync» && dnf «system-upgrade» download --releasever=43",
          ],
        },
      },
      {
        name: "another suite in the sources",
        kind: "release",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "RUN sed -i 's/bookworm/trixie/g' /etc/apt/sources.list.d/debian.sources && apt-get update && apt-get -y «upgrade»",
            "FROM alpine:3.20",
            "RUN sed -i 's/v3.20/edge/' /etc/apk/repositories",
            "RUN apk «upgrade» --no-cache",
          ],
        },
      },
      {
        name: "everything that is installed",
        kind: "routine",
        message: "`apt-get upgrade` upgrades everything",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "RUN apt-get update && apt-get -y «upgrade» && aptitude -y «safe-upgrade»",
            "RUN apk «upgrade» --no-cache && apk -U «upgrade»",
            "RUN yum «update» -y && yum -y «upgrade» && dnf «update» -y && microdnf «upgrade»",
            "RUN zypper -n «update» && zypper -n «up» && zypper -n «patch»",
            "RUN pacman «-Syu» --noconfirm",
          ],
        },
      },
      {
        name: "as hadolint has it",
        kind: "routine",
        preset: "hadolint",
        files: { Dockerfile: ["FROM alpine:3.22", "RUN apk update && apk «upgrade»"] },
      },
    ],
    good: [
      {
        name: "a newer base",
        files: { Dockerfile: ["FROM debian:12.11-slim", "RUN apt-get update && apt-get install -y curl"] },
      },
      {
        name: "packages that are named",
        files: {
          Dockerfile: [
            "FROM fedora:42",
            "RUN apt-get install -y --only-upgrade openssl && apt-get upgrade -y openssl && apk upgrade --no-cache openssl",
            "RUN dnf upgrade -y openssl && yum update -y openssl && zypper -n up openssl && pacman -Syu --noconfirm git",
          ],
        },
      },
      {
        name: "security fixes",
        files: {
          Dockerfile: [
            "FROM fedora:42",
            "RUN dnf upgrade -y --security && yum update -y --sec-severity=Critical && dnf upgrade --advisory=FEDORA-2025-1",
            "RUN zypper -n patch --category security && zypper -n patch -g security",
          ],
        },
      },
      {
        name: "a base that is pinned by digest",
        files: {
          Dockerfile: [
            "FROM debian:12@sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645",
            "RUN apt-get update && apt-get -y upgrade",
          ],
        },
      },
      {
        name: "a rolling distribution",
        files: { Dockerfile: ["FROM opensuse/tumbleweed:20250801", "RUN zypper -n dup && zypper -n update"] },
      },
      {
        name: "other verbs, a mirror in the sources, and nothing but a simulation",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "RUN sed -i 's/deb.debian.org/mirror.acme.io/' /etc/apt/sources.list && apt-get update",
            "RUN apt-get -s upgrade && pip install --upgrade pip && npm update && apk fix && apk update && zypper refresh",
            "ARG PACKAGES",
            "RUN apk upgrade $PACKAGES",
          ],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  if (stage.isWindows) return;
  for (const run of runsAndTriggers(stage)) {
    for (const upgrade of upgradesOf(run)) yield finding(upgrade, stage);
  }
}

function finding({ kind, said, range, change }: Upgrade, stage: StageView): Finding {
  const from = stage.lineage.at(-1)?.anchor;
  const written = from === undefined ? "" : from.source.slice(from);
  const base = written === "" || written.length > 40 ? "the base" : `\`FROM ${written}\``;
  if (kind === "routine") {
    return {
      kind,
      range,
      message: `\`${said}\` upgrades everything that ${base} chose; take a newer base, or name the packages`,
    };
  }
  return {
    kind,
    range,
    message: `\`${said}\` replaces the release that ${base} chose; take a newer base instead`,
    related: change === undefined ? undefined : [{ range: change, message: "the sources are changed here" }],
  };
}
