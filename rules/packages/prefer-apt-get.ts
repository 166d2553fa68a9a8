import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import type { CopyView, RunView, StageView } from "../../src/project/model.js";
import { runsAndTriggers } from "../../src/project/trigger-runs.js";
import type { PackageCommand } from "../../src/shell/package-model.js";
import { type Range, textOf } from "../../src/text/source.js";

export default defineRule({
  id: "packages/prefer-apt-get",
  summary: "Scripts call apt-get and apt-cache, not apt",
  levels: { recommended: "warning", strict: "error" },
  roles: "all",
  fixable: "sometimes",
  aliases: [
    "hadolint:DL3027",
    "checkov:CKV_DOCKER_9",
    "kics:run-using-apt",
    "kics:b84a0b47-2e99-4c9f-8933-98bcabe2b94d",
    "semgrep:prefer-apt-get",
  ],
  why: [
    "`apt` is made for a person at a terminal. It says so itself whenever it is piped: its options and its output may change " +
      "from one release to the next, and a build that reads or relies on them breaks with the next base. `apt-get` and " +
      "`apt-cache` promise to stay as they are.",
  ],
  references: [
    "https://manpages.debian.org/stable/apt/apt.8.en.html#SCRIPT_USAGE_AND_DIFFERENCES_FROM_OTHER_APT_TOOLS",
  ],
  mentions: { dockerfile: ["apt"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "an install",
        message: "`apt-get`",
        files: { Dockerfile: ["FROM debian:12", "RUN «apt» install -y curl"] },
        fixed: { Dockerfile: ["FROM debian:12", "RUN apt-get install -y curl"] },
      },
      {
        name: "each command of a list",
        files: {
          Dockerfile: [
            "FROM ubuntu:24.04",
            "RUN «apt» update && \\",
            "    «apt» -y full-upgrade && \\",
            "    sudo «apt» remove -y nano; «apt» autoremove -y",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM ubuntu:24.04",
            "RUN apt-get update && \\",
            "    apt-get -y dist-upgrade && \\",
            "    sudo apt-get remove -y nano; apt-get autoremove -y",
          ],
        },
      },
      {
        name: "questions go to apt-cache",
        message: "`apt-cache`",
        files: { Dockerfile: ["FROM debian:12", "RUN «apt» policy curl && «apt» show curl"] },
        fixed: { Dockerfile: ["FROM debian:12", "RUN apt-cache policy curl && apt-cache show curl"] },
      },
      {
        name: "a verb that only apt has",
        files: { Dockerfile: ["FROM debian:12", "RUN «apt» list --installed"] },
      },
      { name: "a verb that nobody knows", files: { Dockerfile: ["FROM debian:12", "ARG VERB", "RUN «apt» $VERB"] } },
      {
        name: "by its path",
        files: { Dockerfile: ["FROM debian:12", "RUN «/usr/bin/apt» update"] },
        fixed: { Dockerfile: ["FROM debian:12", "RUN /usr/bin/apt-get update"] },
      },
      {
        name: "exec form",
        files: { Dockerfile: ["FROM debian:12", 'RUN [«"apt"», "install", "-y", "curl"]'] },
      },
      {
        name: "in a nested script and in a trigger",
        files: {
          Dockerfile: ["FROM debian:12", "RUN bash -c '«apt» update'", "ONBUILD RUN «apt» install -y git"],
        },
        fixed: {
          Dockerfile: ["FROM debian:12", "RUN bash -c 'apt-get update'", "ONBUILD RUN apt-get install -y git"],
        },
      },
      {
        name: "a heredoc",
        files: { Dockerfile: ["FROM debian:12", "RUN <<EOF", "«apt» update", "«apt» install -y curl", "EOF"] },
        fixed: { Dockerfile: ["FROM debian:12", "RUN <<EOF", "apt-get update", "apt-get install -y curl", "EOF"] },
      },
      {
        name: "where it is there",
        files: {
          Dockerfile: ["FROM registry.acme.io/base:2", "RUN if command -v apt; then «apt» install -y curl; fi"],
        },
        fixed: {
          Dockerfile: ["FROM registry.acme.io/base:2", "RUN if command -v apt; then apt-get install -y curl; fi"],
        },
      },
    ],
    good: [
      {
        name: "apt-get and its relatives",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "RUN apt-get install -y curl && apt-mark hold curl && apt-cache policy curl && apt-key list",
          ],
        },
      },
      {
        name: "an operand",
        files: { Dockerfile: ["FROM debian:12", "RUN dpkg -S apt && which apt && rm -rf /etc/apt"] },
      },
      {
        name: "data and comments",
        files: { Dockerfile: ["FROM debian:12", "# apt install curl", 'RUN echo "apt install curl" > /motd'] },
      },
      {
        name: "a program of this name that the file brings",
        files: {
          Dockerfile: ["FROM debian:12", "COPY apt /usr/local/bin/apt", "RUN apt install -y curl"],
        },
      },
      {
        name: "a program of this name that the file writes",
        files: {
          Dockerfile: ["FROM debian:12", "RUN printf 'apt-get \"$@\"' > /usr/local/bin/apt", "RUN apt install -y curl"],
        },
      },
      {
        name: "the wrapper of Linux Mint",
        files: { Dockerfile: ["FROM linuxmintd/mint22-amd64", "RUN apt install -y curl"] },
      },
    ],
  },
});

/** Verbs that `apt-cache` answers. */
const QUESTIONS = ["search", "show", "policy", "depends", "rdepends"];
/** Verbs that `apt-get` has too. */
const ORDERS = [
  "install",
  "reinstall",
  "remove",
  "purge",
  "update",
  "upgrade",
  "full-upgrade",
  "dist-upgrade",
  "autoremove",
  "autopurge",
  "clean",
  "autoclean",
  "build-dep",
  "source",
  "download",
  "satisfy",
];

function* checkStage(stage: StageView): Iterable<Finding> {
  for (const run of runsAndTriggers(stage)) {
    for (const command of run.packages) {
      if (command.manager !== "apt" || isOwnProgram(stage)) continue;
      yield ofCommand(command);
    }
  }
}

function ofCommand({ invocation: { nameRange, via }, verb, verbRange }: PackageCommand): Finding {
  const tool = QUESTIONS.includes(verb) ? "apt-cache" : "apt-get";
  return {
    range: nameRange,
    message: `\`apt\` is for people: its output and options may change; call \`${tool}\``,
    fix:
      via === "exec-form" || (tool === "apt-get") === !ORDERS.includes(verb)
        ? undefined
        : rename(nameRange, tool, verbRange),
  };
}

/** Safe: both are the same library with other defaults for what is printed. */
function rename(name: Range, tool: string, verb: Range): Fix | undefined {
  const { source, end } = name;
  if (!textOf(name).endsWith("apt")) return undefined;
  const edits = [{ range: source.range(end, end), text: tool.slice("apt".length) }];
  if (textOf(verb) === "full-upgrade") edits.push({ range: verb, text: "dist-upgrade" });
  return { description: `use \`${tool}\``, safety: "safe", edits };
}

/** Whether `apt` is another program here: Linux Mint has its own, and files bring or write theirs. */
function isOwnProgram({ image, lineage }: StageView): boolean {
  if (image?.name.includes("mint") === true) return true;
  return lineage.some(({ copies, runs }) => copies.some(bringsApt) || runs.some(writesApt));
}

function bringsApt({ destination, sources }: CopyView): boolean {
  if (destination === "/usr/local/bin/apt") return true;
  return (
    destination === "/usr/local/bin" && sources.some(({ path }) => path === "apt" || path?.endsWith("/apt") === true)
  );
}

function writesApt({ facts }: RunView): boolean {
  return facts.writes.some(({ path }) => path === "/usr/local/bin/apt");
}
