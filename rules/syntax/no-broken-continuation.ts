import type { Comment, Instruction } from "../../src/dockerfile/model.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { danglingEnd, swallowedInstructions } from "../../src/project/continuations.js";
import type { DockerfileView } from "../../src/project/model.js";
import { join, type Range } from "../../src/text/source.js";
import { wholeLines } from "../../src/text/whole-lines.js";

export default defineRule({
  id: "syntax/no-broken-continuation",
  summary: "Continuation lines continue what they should",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    "empty-line": {
      summary: "an empty line between the lines of an instruction",
      aliases: ["buildkit:NoEmptyContinuation", "dockerfile-utils:EMPTY_CONTINUATION_LINE"],
    },
    swallowed: {
      summary: "an instruction that is part of the one above",
      levels: { recommended: "error", strict: "error" },
    },
    "at-end": { summary: "a continued line that nothing follows" },
    "comment-only": {
      summary: "a comment that is meant to go on",
      levels: { recommended: "off", strict: "off" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "An empty line inside of an instruction is skipped with a warning, and the builder has announced that it will be an " +
      "error. Whoever reads it takes the lines below for something else.",
    "A line that ends in `&& \\` makes the next instruction a part of its command: `COPY . .` is then a program that is not " +
      "there, or a word that some command gets.",
  ],
  references: [
    "https://docs.docker.com/reference/build-checks/no-empty-continuation/",
    "https://docs.docker.com/reference/dockerfile/#escape",
  ],
  mentions: { dockerfile: ["\\", "`"] },
  check: { dockerfile: checkFile },
  examples: {
    bad: [
      {
        name: "an empty line",
        kind: "empty-line",
        preset: "buildkit",
        files: { Dockerfile: ["FROM alpine:3.22", "RUN apk add \\", "  curl \\", "«»", "  git"] },
        fixed: { Dockerfile: ["FROM alpine:3.22", "RUN apk add \\", "  curl \\", "  git"] },
      },
      {
        name: "several in a row, and some apart",
        kind: "empty-line",
        files: {
          Dockerfile:
            "FROM alpine:3.22\nRUN apk add \\\n«\n \n»\n  curl \\\n  # for the client\n«»\n  git\nEXPOSE \\\n«»  \n 80\n",
        },
        fixed: {
          Dockerfile: "FROM alpine:3.22\nRUN apk add \\\n  curl \\\n  # for the client\n  git\nEXPOSE \\\n 80\n",
        },
      },
      {
        name: "an instruction behind an operator",
        kind: "swallowed",
        message: "`COPY`",
        files: { Dockerfile: ["FROM alpine:3.22", "RUN apk add git && \\", "«COPY . .»", 'CMD ["git"]'] },
        fixed: { Dockerfile: ["FROM alpine:3.22", "RUN apk add git", "COPY . .", 'CMD ["git"]'] },
      },
      {
        name: "an instruction behind a stray backslash, with a comment between",
        kind: "swallowed",
        files: { Dockerfile: ["FROM alpine:3.22", "ENV PORT=80 \\", "# the site", "«EXPOSE 80»"] },
        fixed: { Dockerfile: ["FROM alpine:3.22", "ENV PORT=80", "# the site", "EXPOSE 80"] },
      },
      {
        name: "each keyword",
        kind: "swallowed",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "RUN true \\",
            "«ENV A=1» \\",
            "«LABEL a.b=1» \\",
            "«ARG A» \\",
            "«WORKDIR /srv» \\",
            "«USER app» \\",
            '«VOLUME ["/data"]» \\',
            "«ADD a /b» \\",
            "«STOPSIGNAL SIGINT» \\",
            "«HEALTHCHECK NONE» \\",
            '«SHELL ["/bin/sh", "-c"]» \\',
            "«ONBUILD RUN true» \\",
            "«MAINTAINER ops@example.com» \\",
            '«ENTRYPOINT ["/app"]» \\',
            "«CMD serve» \\",
            "«RUN true» \\",
            "«FROM alpine:3.22 AS web»",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM alpine:3.22",
            "RUN true",
            "ENV A=1",
            "LABEL a.b=1",
            "ARG A",
            "WORKDIR /srv",
            "USER app",
            'VOLUME ["/data"]',
            "ADD a /b",
            "STOPSIGNAL SIGINT",
            "HEALTHCHECK NONE",
            'SHELL ["/bin/sh", "-c"]',
            "ONBUILD RUN true",
            "MAINTAINER ops@example.com",
            'ENTRYPOINT ["/app"]',
            "CMD serve",
            "RUN true",
            "FROM alpine:3.22 AS web",
          ],
        },
      },
      {
        name: "the end of the file",
        kind: "at-end",
        files: { Dockerfile: ["FROM alpine:3.22", "RUN apk add \\", "  curl «\\»", "", "# done"] },
      },
      {
        name: "a comment that does not go on",
        kind: "comment-only",
        files: { Dockerfile: ["FROM alpine:3.22", "«# RUN apk add \\»", "RUN apk add curl"] },
      },
    ],
    good: [
      {
        name: "comments inside, and blanks behind the backslash",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "RUN apk add \\",
            "  # for the client",
            "  curl \\  ",
            "#",
            "  git",
            "",
            "EXPOSE 80",
          ],
        },
      },
      {
        name: "a here-document",
        files: { Dockerfile: ["FROM alpine:3.22", "RUN cat <<EOF && \\", "  true", "a \\", "", "COPY . .", "EOF"] },
      },
      {
        name: "words of the shell",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "RUN env \\",
            "USER=app \\",
            "  ENV=test \\",
            "  make \\",
            "  RUN tests && \\",
            '  echo "\\',
            "RUN true \\",
            'COPY . ." > Dockerfile && \\',
            "run me && \\",
            "USER is known",
          ],
        },
      },
      {
        name: "instructions that take another one",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "HEALTHCHECK --interval=30s \\",
            "CMD curl -f http://localhost/",
            "ONBUILD \\",
            "RUN true",
          ],
        },
      },
      {
        name: "another character",
        files: { Dockerfile: ["# escape=`", "FROM alpine:3.22", "RUN echo C:\\", "", "RUN echo `", "  b"] },
      },
      {
        name: "a comment with a backslash above another one",
        files: { Dockerfile: ["# RUN apk add \\", "#   curl", "FROM alpine:3.22", "# c:\\", ""] },
      },
    ],
  },
});

function* checkFile({ dockerfile }: DockerfileView): Iterable<Finding> {
  const { source, escape: escapeCharacter, instructions, comments } = dockerfile;
  const last = instructions.at(-1);
  for (const instruction of instructions) {
    if (instruction !== last && instruction.startLine === instruction.endLine) continue;
    const end = instruction === last ? danglingEnd(source, instruction, escapeCharacter) : undefined;
    yield* emptyLines(instruction, end);
    for (const { keyword, range, by, dangling } of swallowedInstructions(source, instruction, escapeCharacter)) {
      const message = `\`${keyword}\` is part of the ${by} above, whose line goes on; take away what ends that line`;
      const related = [{ range: dangling, message: "what makes the line go on" }];
      yield { kind: "swallowed", range, message, related, fix: cut(dangling) };
    }
    if (end !== undefined) {
      yield {
        kind: "at-end",
        range: end,
        message: "the file ends in a line that goes on; take the last character away",
      };
    }
  }
  for (const comment of comments) {
    if (!comment.text.endsWith(escapeCharacter) || !isMeantToGoOn(comment, dockerfile)) continue;
    const message = "a comment ends with its line; begin the next one with `#`, or take the last character away";
    yield { kind: "comment-only", range: comment.range, message };
  }
}

/** One finding for neighbouring lines; none for those that follow the end of the last instruction. */
function* emptyLines({ emptyContinuations }: Instruction, end: Range | undefined): Iterable<Finding> {
  let group: Range | undefined;
  for (const range of emptyContinuations) {
    if (end !== undefined && range.start >= end.end) break;
    if (group !== undefined && wholeLines(group).end === range.start) {
      group = join(group, range);
      continue;
    }
    if (group !== undefined) yield emptyFinding(group);
    group = range;
  }
  if (group !== undefined) yield emptyFinding(group);
}

function emptyFinding(range: Range): Finding {
  return {
    kind: "empty-line",
    range,
    message: "an empty line stands inside of an instruction; remove it",
    fix: { description: "remove the empty line", safety: "safe", edits: [{ range: wholeLines(range), text: "" }] },
  };
}

/** Unsafe: what was an argument becomes an instruction. */
function cut(range: Range): Fix {
  return { description: "end the line above", safety: "unsafe", edits: [{ range, text: "" }] };
}

/** Whether code follows on the next line: below a comment that was code once, comments go on by themselves. */
function isMeantToGoOn({ line, place }: Comment, { source }: DockerfileView["dockerfile"]): boolean {
  if (place === "inside") return false;
  const next = source.lineSpan(line + 1);
  const text = next === undefined ? "" : source.slice(next).trimStart();
  return text !== "" && !text.startsWith("#");
}
