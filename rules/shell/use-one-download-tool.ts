import { defineRule, type Finding, option } from "../../src/engine/rule.js";
import {
  type DownloadTool,
  type ToolPair,
  type ToolUse,
  toolCommands,
  toolPair,
} from "../../src/project/download-tools.js";
import type { StageView } from "../../src/project/model.js";

const options = {
  strict: option.boolean({
    default: false,
    description:
      "Whether every RUN counts that uses one of both once its stage has used the other, busybox's wget too.",
  }),
};

export default defineRule({
  id: "shell/use-one-download-tool",
  summary: "A stage uses curl or wget, not both",
  levels: { recommended: "info", strict: "warning" },
  roles: "all",
  fixable: "never",
  aliases: [
    "hadolint:DL4001",
    "trivy:DS-0014",
    "kics:run-using-wget-and-curl",
    "kics:fc775e75-fcfb-4c98-b2f2-910c5858b359",
    "semgrep:use-either-wget-or-curl",
  ],
  why: [
    "Both do the same. Two of them are two packages to install and to keep free of holes, and two sets of options, " +
      "certificates and proxies to get right.",
  ],
  references: ["https://docs.docker.com/build/building/best-practices/#dont-install-unnecessary-packages"],
  options,
  presetOptions: { hadolint: { strict: true } },
  // It takes both tools, and fewer files name this one.
  mentions: { dockerfile: ["wget"] },
  check: {
    *stage(stage, { options: { strict }, project }) {
      if (strict) yield* everyRun(stage);
      else {
        const pair = toolPair(stage, project);
        if (pair !== undefined) yield describe(pair);
      }
    },
  },
  examples: {
    bad: [
      {
        name: "both run",
        message: "this stage uses both `wget` and `curl`; keep one",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN wget -q https://acme.dev/a.tgz",
            "RUN «curl» -fsSLO https://acme.dev/b.tgz",
            "RUN wget -q https://acme.dev/c.tgz",
          ],
        },
      },
      {
        name: "in one RUN",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN wget -q https://acme.dev/a && «curl» -fsSLO https://acme.dev/b"],
        },
      },
      {
        name: "one runs, and the other is installed for nothing",
        message: "uses `curl` and installs `wget`",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install -y curl «wget» && curl -fsSLO https://acme.dev/b",
          ],
        },
      },
      {
        name: "a parent uses the other one",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS base",
            "RUN wget -q https://acme.dev/a.tgz",
            "FROM base",
            "RUN «curl» -fsSLO https://acme.dev/b.tgz",
          ],
        },
      },
      {
        name: "GNU wget on Alpine",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "RUN apk add --no-cache curl wget && curl -fsSLO https://acme.dev/a && «wget» -q https://acme.dev/b",
          ],
        },
      },
      {
        name: "every RUN from the second tool on, for those who want it",
        preset: "hadolint",
        files: {
          Dockerfile: [
            "FROM alpine:3.21 AS a",
            "RUN wget my.xyz",
            "RUN «curl» my.xyz",
            "RUN echo hello",
            "RUN «wget» foo.com && curl foo.com",
            "FROM alpine:3.21",
            "RUN curl localhost",
          ],
        },
      },
    ],
    good: [
      {
        name: "one of both",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl -fsSLO https://acme.dev/a",
            "RUN curl -fsSLO https://acme.dev/b",
          ],
        },
      },
      {
        name: "in different stages",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS a",
            "RUN wget -q https://acme.dev/a",
            "FROM debian:12-slim",
            "RUN curl -fsSLO https://acme.dev/b",
          ],
        },
      },
      {
        name: "the same, strictly",
        preset: "hadolint",
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS a",
            "RUN wget my.xyz",
            "FROM scratch",
            "RUN curl localhost",
            "FROM node:22.14.0",
            "RUN apt-get install -y wget curl",
          ],
        },
      },
      {
        name: "the wget of busybox beside an installed curl",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "RUN apk add --no-cache curl && curl -fsSLO https://acme.dev/a && wget -q https://acme.dev/b",
          ],
        },
      },
      {
        name: "the other one is for the container, or gone again",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install -y curl && apt-get install -y wget && wget -q https://acme.dev/a",
            "HEALTHCHECK CMD curl -f http://localhost/",
          ],
        },
      },
      {
        name: "the other one is removed by the step that uses it",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install -y wget && wget -q https://acme.dev/a && apt-get purge -y wget",
            "RUN curl -fsSLO https://acme.dev/b",
          ],
        },
      },
      {
        name: "whichever is there, names of packages and files",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl -fsSLO https://acme.dev/a || wget -q https://acme.dev/a",
            "RUN apt-get install -y libcurl4 && curl -fsSL https://acme.dev/wget -o /wget.txt && cat /wget.txt",
          ],
        },
      },
    ],
  },
});

function describe({ first, second, idle }: ToolPair): Finding {
  const used = idle === first.tool ? second.tool : first.tool;
  const fact =
    idle === undefined ? `both \`${first.tool}\` and \`${second.tool}\`` : `\`${used}\` and installs \`${idle}\``;
  return {
    range: second.range,
    message: `this stage uses ${fact}; keep one`,
    related: [{ range: first.range, message: `\`${first.tool}\` is here` }],
    // What is only installed may be meant for something that nobody sees here.
    confidence: idle === undefined ? "high" : "medium",
  };
}

/** As hadolint counts: the RUN that completes the pair, and each later one that uses either. */
function* everyRun(stage: StageView): Iterable<Finding> {
  const first = new Map<DownloadTool, ToolUse>();
  let reported: ToolUse["run"] | undefined;
  for (const use of toolCommands(stage)) {
    if (!first.has(use.tool)) first.set(use.tool, use);
    const other = first.get(use.tool === "curl" ? "wget" : "curl");
    if (other === undefined || use.run === reported) continue;
    reported = use.run;
    yield describe({ first: other, second: use, idle: undefined });
  }
}
