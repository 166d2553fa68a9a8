import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import { triggerRuns } from "../../src/project/trigger-runs.js";

const options = {
  threshold: option.number({ default: 100_000, description: "Smallest UID for which the log files become large." }),
};

export default defineRule({
  id: "user/use-no-log-init",
  summary: "High UIDs do not blow up the image",
  levels: { recommended: "warning", strict: "warning" },
  roles: "all",
  fixable: "always",
  aliases: ["hadolint:DL3046"],
  why: [
    "`useradd` writes the new user into `/var/log/lastlog` and `faillog`, files with a place for every UID up to that one: " +
      "sparse on a disk, but whole in the layer of an image, which grows by gigabytes or cannot be packed at all.",
  ],
  references: [
    "https://docs.docker.com/build/building/best-practices/#user",
    "https://github.com/moby/moby/issues/5419",
    "https://man7.org/linux/man-pages/man8/useradd.8.html",
  ],
  options,
  mentions: { dockerfile: ["useradd"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a UID of a cluster",
        message: "`1000730000`",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN «useradd» -u 1000730000 api", "USER 1000730000"] },
        fixed: {
          Dockerfile: ["FROM debian:12-slim", "RUN useradd --no-log-init -u 1000730000 api", "USER 1000730000"],
        },
      },
      {
        name: "a number from ARG, by its path",
        files: {
          Dockerfile: ["FROM debian:12-slim", "ARG UID=200000", "RUN «/usr/sbin/useradd» --uid $UID --create-home api"],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "ARG UID=200000",
            "RUN /usr/sbin/useradd --no-log-init --uid $UID --create-home api",
          ],
        },
      },
      {
        name: "for images that build on this one",
        files: { Dockerfile: ["FROM debian:12-slim", "ONBUILD RUN «useradd» -u 123456 api"] },
        fixed: { Dockerfile: ["FROM debian:12-slim", "ONBUILD RUN useradd --no-log-init -u 123456 api"] },
      },
      {
        name: "a smaller threshold",
        options: { threshold: 60000 },
        files: { Dockerfile: ["FROM debian:12-slim", "RUN «useradd» -u 65532 api"] },
        fixed: { Dockerfile: ["FROM debian:12-slim", "RUN useradd --no-log-init -u 65532 api"] },
      },
    ],
    good: [
      {
        name: "the option, long and short",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN useradd --no-log-init -u 1000730000 api && useradd -l -u 1000740000 worker",
          ],
        },
      },
      { name: "five digits", files: { Dockerfile: ["FROM debian:12-slim", "RUN useradd -u 99999 api"] } },
      {
        name: "a UID that nobody knows, or none",
        files: { Dockerfile: ["FROM debian:12-slim", "ARG UID", "RUN useradd -u $UID api && useradd worker"] },
      },
      {
        name: "`adduser` has no such option",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN adduser --uid 1000730000 --disabled-password api"] },
      },
      {
        name: "an image without that program",
        files: { Dockerfile: ["FROM alpine:3.20", "RUN useradd -u 1000730000 api || adduser -D api"] },
      },
    ],
  },
});

function* checkStage(stage: StageView, { options: { threshold } }: RuleContext<typeof options>): Iterable<Finding> {
  if (stage.isWindows) return;
  for (const { facts } of [...stage.runs, ...triggerRuns(stage)]) {
    for (const { tool, id, noLogInit, invocation } of facts.accounts) {
      if (tool !== "useradd" || noLogInit || id === undefined || !NUMBER.test(id) || Number(id) < threshold) continue;
      if (stage.hasCommand("useradd") === "no") return;
      const { source, end } = invocation.nameRange;
      yield {
        range: invocation.nameRange,
        message: `the UID \`${id}\` makes \`useradd\` write a huge log file into the layer; add \`--no-log-init\``,
        // Safe: the log of logins, which nobody reads in a container, is all that the option leaves out.
        fix: {
          description: "add `--no-log-init`",
          safety: "safe",
          edits: [{ range: source.range(end, end), text: " --no-log-init" }],
        },
      };
    }
  }
}

const NUMBER = /^\d{1,10}$/;
