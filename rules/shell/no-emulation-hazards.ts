import { defineRule, type Finding, type RuleContext } from "../../src/engine/rule.js";
import {
  fixedArchitecture,
  followsPlatform,
  isMultiPlatform,
  parallelBootsnap,
} from "../../src/project/architectures.js";
import type { StageView } from "../../src/project/model.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "shell/no-emulation-hazards",
  summary: "Multi-platform builds do not depend on one architecture",
  levels: { recommended: "info", strict: "warning" },
  kinds: {
    arch: { summary: "a download or package for one architecture" },
    qemu: {
      summary: "a command that hangs or fails under emulation",
      aliases: ["tally:ruby/bootsnap-precompile-without-j1"],
    },
  },
  roles: ["production", "ci"],
  fixable: "sometimes",
  why: [
    "Every platform of the image gets the same file, and on all but one of them it ends with `exec format error`. Steps for a foreign " +
      "platform run under QEMU, where some programs that start several processes never return.",
  ],
  references: [
    "https://docs.docker.com/build/building/multi-platform/",
    "https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope",
  ],
  mentions: {
    dockerfile: [
      "amd64",
      "x86_64",
      "x86-64",
      "x64",
      "arm64",
      "aarch64",
      "armv",
      "armhf",
      "i386",
      "i686",
      "ppc64le",
      "s390x",
      "riscv64",
      "bootsnap",
    ],
  },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a file for every platform",
        kind: "arch",
        files: {
          Dockerfile: [
            "FROM --platform=$BUILDPLATFORM golang:1.24 AS build",
            "FROM debian:12.8",
            "RUN curl -fsSLO https://example.com/tool-linux-«amd64».tgz",
          ],
        },
        message: "`tool-linux-amd64.tgz` is fetched for every platform",
      },
      {
        name: "Compose builds for two",
        kind: "arch",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            "RUN wget -q -O /usr/bin/tini https://example.com/v0.19.0/tini-«arm64»",
            "RUN apt-get install -y «linux-headers-amd64»",
          ],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      platforms: [linux/amd64, linux/arm64]",
          ],
        },
      },
      {
        name: "bootsnap in parallel",
        kind: "qemu",
        files: {
          Dockerfile: ["FROM ruby:3.4.1", "ARG TARGETARCH", "RUN bundle exec bootsnap «precompile» --gemfile"],
        },
        fixed: {
          Dockerfile: ["FROM ruby:3.4.1", "ARG TARGETARCH", "RUN bundle exec bootsnap precompile -j 1 --gemfile"],
        },
      },
    ],
    good: [
      {
        name: "the architecture of the build",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            "ARG TARGETARCH",
            "RUN curl -fsSLO https://example.com/tool-linux-${TARGETARCH}.tgz",
          ],
        },
      },
      {
        name: "asked for",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            "ARG TARGETPLATFORM",
            'RUN case "$(uname -m)" in x86_64) curl -fsSLO https://example.com/tool-amd64.tgz ;; esac',
            'RUN if [ "$MACHINE" = x ]; then curl -fsSLO https://example.com/tool-amd64.tgz; fi',
          ],
        },
      },
      {
        name: "a stage that runs natively",
        files: {
          Dockerfile: [
            "FROM --platform=$BUILDPLATFORM debian:12.8",
            "RUN curl -fsSLO https://example.com/tool-linux-amd64.tgz",
          ],
        },
      },
      {
        name: "one platform",
        files: { Dockerfile: ["FROM debian:12.8", "RUN curl -fsSLO https://example.com/tool-linux-amd64.tgz"] },
      },
      {
        name: "one platform in Compose",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            "ARG TARGETARCH",
            "RUN curl -fsSLO https://example.com/tool-linux-amd64.tgz",
          ],
          "compose.yaml": ["services:", "  api:", "    build:", "      context: .", "      platforms: [linux/amd64]"],
        },
      },
      {
        name: "one process",
        files: {
          Dockerfile: ["FROM ruby:3.4.1", "ARG TARGETARCH", "RUN bundle exec bootsnap precompile -j 1 app/ lib/"],
        },
      },
      {
        name: "other words",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            "ARG TARGETARCH",
            "RUN curl -fsSLO https://example.com/linux64x64a.tgz && make amd64",
          ],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView, { project }: RuleContext): Iterable<Finding> {
  if (stage.runs.length === 0 || !followsPlatform(stage) || !isMultiPlatform(stage.build, project)) return;
  for (const run of stage.runs) {
    if (run.isOnbuild) continue;
    const fixed = fixedArchitecture(run);
    if (fixed !== undefined) {
      yield {
        kind: "arch",
        range: fixed.range,
        message: `${quoted(fixed.word.replaceAll("\uFFFC", "…"))} is fetched for every platform; use \`$TARGETARCH\``,
      };
    }
    const precompile = parallelBootsnap(run);
    if (precompile === undefined) continue;
    const { source, end } = precompile;
    yield {
      kind: "qemu",
      range: precompile,
      message: "`bootsnap precompile` hangs under emulation when it starts several processes; add `-j 1`",
      // Safe: the same files, made one after the other.
      fix: { description: "add `-j 1`", safety: "safe", edits: [{ range: source.range(end, end), text: " -j 1" }] },
    };
  }
}
