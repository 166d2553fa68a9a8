import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import type { RunView, StageView } from "../../src/project/model.js";
import { writtenRuns } from "../../src/project/written-runs.js";
import type { Invocation, Wrapper } from "../../src/shell/model.js";
import type { Range } from "../../src/text/source.js";

export default defineRule({
  id: "shell/no-sudo",
  summary: "RUN does not use sudo",
  levels: { recommended: "error", strict: "error" },
  roles: "all",
  fixable: "sometimes",
  aliases: [
    "hadolint:DL3004",
    "trivy:DS-0010",
    "checkov:CKV2_DOCKER_1",
    "kics:run-using-sudo",
    "kics:8ada6e80-0ade-439e-b176-0b28f6bce35a",
    "semgrep:no-sudo-in-dockerfile",
    "dockle:DKL-DI-0001",
  ],
  why: [
    "The user of a build step is chosen by USER, and is root until then. `sudo` adds nothing there but a program in the " +
      "image through which any process may become root again, and it drops the environment that ENV has set.",
  ],
  references: ["https://docs.docker.com/build/building/best-practices/#user", "CWE-250"],
  securitySeverity: 5.5,
  mentions: { dockerfile: ["sudo", "doas"] },
  check: {
    *stage(stage) {
      for (const run of writtenRuns(stage)) {
        for (const invocation of run.commands) yield* checkCommand(invocation, run, stage);
      }
    },
  },
  examples: {
    bad: [
      {
        name: "root already",
        message: "this RUN is root already",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN «sudo» apt-get update && «sudo» -E apt-get install -y curl=7.88.1"],
        },
        fixed: { Dockerfile: ["FROM debian:12-slim", "RUN apt-get update && apt-get install -y curl=7.88.1"] },
      },
      {
        name: "behind other wrappers, by path, in a condition and in exec form",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN time «/usr/bin/sudo» -n make install",
            "RUN if true; then «doas» rm -rf /tmp/build; fi",
            'RUN [«"sudo"», "ldconfig"]',
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN time make install",
            "RUN if true; then rm -rf /tmp/build; fi",
            'RUN ["sudo", "ldconfig"]',
          ],
        },
      },
      {
        name: "after USER",
        message: "makes `app` root again",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN useradd -u 1000 app", "USER app", "RUN «sudo» chown app /srv"],
        },
      },
      {
        name: "a base that nobody knows",
        message: "hides which user runs this",
        files: { Dockerfile: ["FROM registry.acme.dev/base:4", "RUN «sudo» yum install -y jq"] },
      },
      {
        name: "another user, and no command at all",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN «sudo» -u postgres initdb /data && «sudo» -v"] },
      },
      {
        name: "the command is on the next line",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN «sudo» \\", "    ldconfig"] },
      },
      {
        name: "for images that build on this one",
        files: { Dockerfile: ["FROM debian:12-slim", "ONBUILD RUN «sudo» ldconfig"] },
      },
    ],
    good: [
      { name: "as the user in effect", files: { Dockerfile: ["FROM debian:12-slim", "RUN apt-get update"] } },
      {
        name: "installing it, its group and its rules, which other rules judge",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get install -y sudo && usermod -aG sudo app && echo 'app ALL=(ALL) ALL' > /etc/sudoers.d/app",
            "RUN echo run sudo make install to install",
          ],
        },
      },
      {
        name: "when the container starts",
        files: { Dockerfile: ["FROM debian:12-slim", 'CMD ["sh", "-c", "sudo service cron start"]'] },
      },
    ],
  },
});

function* checkCommand(invocation: Invocation, run: RunView, stage: StageView): Iterable<Finding> {
  const { name, nameRange, wrappers } = invocation;
  for (const [index, wrapper] of wrappers.entries()) {
    if (!isSudo(wrapper.name)) continue;
    const next = wrappers[index + 1]?.range ?? invocation.nameRange;
    yield { ...describe(wrapper.range, wrapper.name, run), fix: fixOf(wrapper, next, { run, stage, invocation }) };
  }
  if (isSudo(name) && wrappers.every((wrapper) => !isSudo(wrapper.name))) {
    yield describe(nameRange, name, run);
  }
}

function isSudo(name: string | undefined): name is "sudo" | "doas" {
  return name === "sudo" || name === "doas";
}

function describe(range: Range, name: string, run: RunView): Finding {
  const { isRoot, text } = run.user;
  if (isRoot === "yes" && !run.isOnbuild) {
    return { range, message: `\`${name}\` is not needed, this RUN is root already; remove it` };
  }
  if (isRoot === "no") {
    const who = text === undefined ? "the user" : `\`${text}\``;
    return { range, message: `\`${name}\` makes ${who} root again; move this RUN above USER`, atMost: "warning" };
  }
  return { range, message: `\`${name}\` hides which user runs this; choose the user with USER` };
}

/** Options that change nothing for root. */
const HARMLESS: ReadonlySet<string> = new Set([
  "-E",
  "-n",
  "-H",
  "--",
  "--preserve-env",
  "--non-interactive",
  "--set-home",
]);

interface Place {
  readonly run: RunView;
  readonly stage: StageView;
  readonly invocation: Invocation;
}

/** Safe: root becomes root. */
function fixOf(wrapper: Wrapper, next: Range, { run, invocation }: Place): Fix | undefined {
  if (run.user.isRoot !== "yes" || run.isOnbuild || invocation.via === "exec-form") return undefined;
  if (!wrapper.words.every(({ shape }) => HARMLESS.has(shape))) return undefined;
  const { source, start } = wrapper.range;
  if (next.source !== source || next.start <= start) return undefined;
  const range = source.range(start, next.start);
  // Over a line break more than the word would go.
  if (source.slice(range).includes("\n")) return undefined;
  return { description: `remove \`${wrapper.name}\``, safety: "safe", edits: [{ range, text: "" }] };
}
