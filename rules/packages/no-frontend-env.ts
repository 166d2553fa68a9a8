import { asksAtInstall } from "../../src/data/asking-packages.js";
import type { PairSetting } from "../../src/dockerfile/evaluate.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { runsUpTo } from "../../src/project/manager-settings.js";
import type { Build, RunView, StageView } from "../../src/project/model.js";
import { variableAt } from "../../src/project/package-caches.js";
import { hasAnswer } from "../../src/project/prompts.js";
import type { PackageCommand } from "../../src/shell/package-model.js";

export default defineRule({
  id: "packages/no-frontend-env",
  summary: "`DEBIAN_FRONTEND` is set for one command, not for the image",
  levels: { recommended: "info", strict: "warning" },
  kinds: {
    env: { summary: "`ENV DEBIAN_FRONTEND`, which every container inherits" },
    prompt: {
      summary: "a package that asks, without `DEBIAN_FRONTEND=noninteractive`",
      levels: { recommended: "warning", strict: "error" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "With `ENV` the setting outlives the build: who later installs a package in a container, or builds on the image, is never " +
      "asked anything, and wonders why. `ARG` is gone when the image is done.",
    "Without the setting, a package such as `tzdata` asks for a choice in the middle of a build, and the build hangs.",
  ],
  references: [
    "https://manpages.debian.org/bookworm/debconf-doc/debconf.7.en.html",
    "https://docs.docker.com/reference/dockerfile/#env",
  ],
  mentions: { dockerfile: ["debian_frontend", "apt"] },
  check: { build: checkBuild, stage: checkStage },
  examples: {
    bad: [
      {
        name: "for all containers",
        kind: "env",
        message: "stays set in every container",
        files: {
          Dockerfile: ["FROM debian:12-slim", "ENV «DEBIAN_FRONTEND»=noninteractive # for apt", "RUN apt-get update"],
        },
        fixed: {
          Dockerfile: ["FROM debian:12-slim", "ARG DEBIAN_FRONTEND=noninteractive # for apt", "RUN apt-get update"],
        },
      },
      {
        name: "the old form, in the parent of what ships",
        kind: "env",
        files: {
          Dockerfile: [
            "FROM ubuntu:24.04 AS base",
            "env «DEBIAN_FRONTEND»  noninteractive",
            "FROM base",
            "RUN apt-get update",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM ubuntu:24.04 AS base",
            "arg DEBIAN_FRONTEND=noninteractive",
            "FROM base",
            "RUN apt-get update",
          ],
        },
      },
      {
        name: "with other variables",
        kind: "env",
        files: { Dockerfile: ["FROM debian:12-slim", "ENV LANG=C.UTF-8 \\", "    «DEBIAN_FRONTEND»=noninteractive"] },
      },
      {
        name: "a package that asks",
        kind: "prompt",
        message: "`tzdata` asks",
        files: { Dockerfile: ["FROM ubuntu:24.04", "RUN apt-get update && apt-get install -y curl «tzdata»"] },
        fixed: {
          Dockerfile: [
            "FROM ubuntu:24.04",
            "RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y curl tzdata",
          ],
        },
      },
      {
        name: "the setting is in front of another command",
        kind: "prompt",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "RUN DEBIAN_FRONTEND=noninteractive apt-get update && apt-get install -y «postfix»",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12",
            "RUN DEBIAN_FRONTEND=noninteractive apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y postfix",
          ],
        },
      },
      {
        name: "in exec form",
        kind: "prompt",
        files: { Dockerfile: ["FROM debian:12", 'RUN ["apt-get", "install", "-y", «"slapd"»]'] },
      },
    ],
    good: [
      {
        name: "for the build",
        files: {
          Dockerfile: [
            "FROM ubuntu:24.04",
            "ARG DEBIAN_FRONTEND=noninteractive",
            "RUN apt-get update && apt-get install -y tzdata",
          ],
        },
      },
      {
        name: "for one command or one RUN",
        files: {
          Dockerfile: [
            "FROM ubuntu:24.04",
            "RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y tzdata",
            "RUN export DEBIAN_FRONTEND=noninteractive && apt-get install -y postfix",
            "RUN sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y slapd",
          ],
        },
      },
      {
        name: "set back in the end",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "ENV DEBIAN_FRONTEND=noninteractive",
            "RUN apt-get update && apt-get install -y postfix",
            "ENV DEBIAN_FRONTEND=dialog",
          ],
        },
      },
      {
        name: "a stage that only builds",
        files: {
          Dockerfile: [
            "FROM debian:12 AS build",
            "ENV DEBIAN_FRONTEND=noninteractive",
            "RUN apt-get update && apt-get install -y postfix",
            "FROM scratch",
            "COPY --from=build /api /api",
          ],
        },
      },
      {
        name: "the answers are there",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "RUN echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections",
            "RUN apt-get update && apt-get install -y postfix && yes | apt-get install -y slapd",
          ],
        },
      },
      {
        name: "packages that ask nothing, tzdata of Debian, and a base nobody knows",
        files: {
          Dockerfile: [
            "FROM registry.acme.io/base:4 AS other",
            "RUN apt-get install -y tzdata",
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install -y curl tzdata && apt-get install -y --download-only postfix",
          ],
        },
      },
    ],
  },
});

/** Frontends that ask. */
const ASKING_FRONTENDS: ReadonlySet<string> = new Set([
  "",
  "dialog",
  "newt",
  "readline",
  "teletype",
  "gnome",
  "kde",
  "editor",
  "text",
  "web",
]);

function* checkBuild({ target, dockerfile }: Build): Iterable<Finding> {
  const setting = target?.evaluated.env.get("DEBIAN_FRONTEND");
  if (target === undefined || setting === undefined || target.isWindows) return;
  const { value, pair } = setting;
  if (value.kind === "known" && ASKING_FRONTENDS.has(value.value.toLowerCase())) return;
  // A parent in another file is judged with that file.
  if (!dockerfile.dockerfile.stages.includes(setting.stage.stage)) return;
  yield {
    kind: "env",
    range: pair.key.range,
    message: "`DEBIAN_FRONTEND` stays set in every container of this image; use `ARG`, or set it in front of `apt-get`",
    fix: asArg(setting, target),
  };
}

/** Safe: ARG gives the same value to every RUN of this stage and of those that start from it. */
function asArg({ step, pair, stage }: PairSetting, target: StageView): Fix | undefined {
  const { instruction } = step;
  if (instruction.keyword !== "ENV" || instruction.pairs.length !== 1) return undefined;
  const before = step.lookup("DEBIAN_FRONTEND");
  // An ENV that is set already would win over the ARG.
  if (before.kind === "known" || (before.kind === "unknown" && before.origin !== undefined)) return undefined;
  if (!target.build.chain.some((member) => member.evaluated === stage)) return undefined;
  const { keywordRange } = instruction;
  const { source } = keywordRange;
  const isLower = source.slice(keywordRange) === "env";
  const edits = [{ range: keywordRange, text: isLower ? "arg" : "ARG" }];
  if (pair.legacy) edits.push({ range: source.range(pair.key.range.end, pair.value.range.start), text: "=" });
  return { description: "use `ARG`", safety: "safe", edits };
}

function* checkStage(stage: StageView): Iterable<Finding> {
  const family = stage.facts?.os?.family;
  if (family !== "debian" && family !== "ubuntu") return;
  for (const run of stage.runs) {
    for (const command of run.packages) {
      if (command.family !== "apt" || command.action !== "install" || command.isDryRun) continue;
      for (const { name, range, kind } of command.packages) {
        if (kind !== "name" || name === undefined || !asksAtInstall(name, family)) continue;
        if (isAnswered(command, run)) break;
        yield {
          kind: "prompt",
          range,
          message: `\`${name}\` asks a question when it is installed; set \`DEBIAN_FRONTEND=noninteractive\``,
          fix: inFront(command),
        };
        // One setting answers for all packages of the command.
        break;
      }
    }
  }
}

function isAnswered({ invocation }: PackageCommand, run: RunView): boolean {
  if (hasAnswer(invocation)) return true;
  const frontend = variableAt(run, invocation.index, "DEBIAN_FRONTEND");
  if (frontend !== undefined && (frontend.text === undefined || !ASKING_FRONTENDS.has(frontend.text.toLowerCase())))
    return true;
  return runsUpTo(run).some(({ commands }) => commands.some(({ name }) => name === "debconf-set-selections"));
}

/** Unsafe: the package is set up with its defaults. */
function inFront({ invocation }: PackageCommand): Fix | undefined {
  if (invocation.via !== "direct") return undefined;
  const { source, start } = invocation.nameRange;
  return {
    description: "set `DEBIAN_FRONTEND=noninteractive` for this command",
    safety: "unsafe",
    edits: [{ range: source.range(start, start), text: "DEBIAN_FRONTEND=noninteractive " }],
  };
}
