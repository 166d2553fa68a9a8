import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { blockIndent } from "../../src/project/inline-indent.js";
import type { StageView } from "../../src/project/model.js";
import { swallowingComment, type WrittenCommand, writtenCommands } from "../../src/project/written-commands.js";
import { quoted } from "../../src/text/quoted.js";
import type { Range } from "../../src/text/source.js";

export default defineRule({
  id: "shell/no-swallowed-commands",
  summary: "No comment swallows the rest of a RUN",
  levels: { recommended: "error", strict: "error" },
  roles: "all",
  fixable: "sometimes",
  why: [
    "The builder joins continued lines before a shell sees them, so that a comment at the end of one of them comments out every " +
      "line after it. The build succeeds without the commands below: nothing is installed, or nothing cleaned up.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#format",
    "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_03",
  ],
  mentions: { dockerfile: ["#"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a remark in the middle",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            "RUN apt-get update \\",
            " && apt-get install -y curl «# health check» \\",
            " && rm -rf /var/lib/apt/lists/*",
          ],
        },
        message: "`&& rm -rf /var/lib/apt/lists/*`",
        fixed: {
          Dockerfile: [
            "FROM debian:12.8",
            "RUN apt-get update \\",
            "# health check",
            " && apt-get install -y curl \\",
            " && rm -rf /var/lib/apt/lists/*",
          ],
        },
      },
      {
        name: "on the first line",
        files: { Dockerfile: ["FROM debian:12.8", "RUN make «# all of it» \\", " && make install"] },
        fixed: { Dockerfile: ["FROM debian:12.8", "# all of it", "RUN make \\", " && make install"] },
      },
      {
        name: "in a start command",
        files: { Dockerfile: ["FROM node:24.11.0", "CMD npm run migrate; «# first» \\", "    npm start"] },
        fixed: { Dockerfile: ["FROM node:24.11.0", "# first", "CMD npm run migrate; \\", "    npm start"] },
      },
      {
        name: "in a Compose file",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      dockerfile_inline: |",
            "        FROM node:24.11.0",
            "        RUN make «# all of it» \\",
            "          && make install",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      dockerfile_inline: |",
            "        FROM node:24.11.0",
            "        # all of it",
            "        RUN make \\",
            "          && make install",
          ],
        },
      },
      {
        name: "in a trigger",
        files: { Dockerfile: ["FROM debian:12.8", "ONBUILD RUN make «# all of it» \\", " && make install"] },
      },
    ],
    good: [
      {
        name: "a line of its own, which the builder takes away",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            "RUN apt-get update \\",
            "    # health check",
            " && apt-get install -y curl \\",
            "# clean up",
            " && rm -rf /var/lib/apt/lists/*",
          ],
        },
      },
      { name: "nothing below", files: { Dockerfile: ["FROM debian:12.8", "RUN make install # all of it"] } },
      {
        name: "only blanks below",
        files: { Dockerfile: ["FROM debian:12.8", "RUN make install # all of it \\", "   "] },
      },
      {
        name: "no comments",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            "RUN echo \"# title\" > a.md && echo '# more' >> a.md \\",
            " && x=${VERSION#v} && echo $# \\#1 \\",
            " && curl -fsSL https://example.com/page#part -o page",
          ],
        },
      },
      {
        name: "cmd has no such comments",
        files: {
          Dockerfile: ["FROM mcr.microsoft.com/windows/nanoserver:ltsc2022", "RUN echo # title \\", " && echo more"],
        },
      },
      {
        name: "a heredoc keeps its lines",
        files: { Dockerfile: ["FROM debian:12.8", "RUN <<EOF", "set -e", "make # all", "make install", "EOF"] },
      },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  for (const command of writtenCommands(stage)) {
    const swallowing = swallowingComment(command);
    if (swallowing === undefined || command.script?.skipped !== undefined) continue;
    const { range, lost } = swallowing;
    yield {
      range,
      message: `this comment also comments out ${quoted(lost)} below; put it on a line of its own`,
      fix: moveUp(command, range),
    };
  }
}

/** Unsafe: what was commented out runs again. */
function moveUp({ instruction, isTrigger, stage }: WrittenCommand, range: Range): Fix | undefined {
  if (isTrigger) return undefined;
  const { source, start, end } = range;
  const lineStart = source.text.lastIndexOf("\n", start - 1) + 1 + blockIndent(stage, instruction);
  const before = source.text.slice(lineStart, start);
  return {
    description: "put the comment on a line of its own",
    safety: "unsafe",
    edits: [
      { range: source.range(lineStart, lineStart), text: `${source.slice(range)}${source.lineBreak}` },
      { range: source.range(lineStart + before.trimEnd().length, end), text: "" },
    ],
  };
}
