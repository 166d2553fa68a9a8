import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { type GapFlaw, gapFlaws } from "../../src/project/instruction-gaps.js";
import { type StrayWhitespace, strayInCompose, strayInDockerfile } from "../../src/project/stray-whitespace.js";

const options = {
  maxBlankLines: option.number({ default: 1, description: "Most blank lines in a row." }),
  eol: option.choice({
    words: ["lf", "crlf", "consistent"],
    default: "consistent",
    description: "Line endings; `consistent`: all as the first one.",
  }),
  between: option.choice({
    words: ["off", "grouped", "always", "never"],
    default: "off",
    description: "Blank lines between instructions; `grouped`: only where the keyword changes.",
  }),
  allowAlignment: option.boolean({
    default: true,
    description: "Allow runs of blanks that put `\\` or words of several lines into one column.",
  }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "style/no-stray-whitespace",
  summary: "No stray blanks and blank lines",
  levels: { style: "info" },
  kinds: {
    trailing: { summary: "blanks at the end of a line", aliases: ["tally:no-trailing-spaces"] },
    multiple: { summary: "several blanks between words", aliases: ["tally:no-multi-spaces"] },
    "blank-lines": { summary: "too many blank lines in a row", aliases: ["tally:no-multiple-empty-lines"] },
    "final-newline": { summary: "the last line has no line break", aliases: ["tally:eol-last"] },
    "line-endings": { summary: "line endings differ" },
    "heredoc-line-endings": {
      summary: "CRLF inside a script that Linux runs",
      levels: { recommended: "warning", checklist: "warning", strict: "warning" },
    },
    between: { summary: "instructions are not set apart as agreed", aliases: ["tally:newline-between-instructions"] },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "White space that nobody sees makes diffs that nobody understands, and a missing last line break turns the next " +
      "added line into two changed ones.",
    "CRLF inside a heredoc reaches the shell: commands get a carriage return as part of their last word, and `#!/bin/sh` " +
      "names an interpreter that does not exist.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#here-documents",
    "https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap03.html#tag_03_185",
  ],
  options,
  check: {
    *dockerfile(file, ctx) {
      for (const stray of strayInDockerfile(file, ctx.options)) yield findingOf(stray, ctx);
      const { between } = ctx.options;
      if (between !== "off") for (const flaw of gapFlaws(file, between)) yield gapFinding(flaw);
    },
    *composeFile(file, ctx) {
      for (const stray of strayInCompose(file, ctx.options)) yield findingOf(stray, ctx);
    },
  },
  examples: {
    bad: [
      {
        name: "blanks at the end of lines",
        kind: "trailing",
        files: {
          Dockerfile: ["FROM alpine:3.20«  »", "RUN apk add \\« »", "    curl", "«  »", "# tools«\t»", "USER app"],
        },
        fixed: { Dockerfile: ["FROM alpine:3.20", "RUN apk add \\", "    curl", "", "# tools", "USER app"] },
      },
      {
        name: "several blanks between words",
        kind: "multiple",
        files: {
          Dockerfile: [
            "FROM«  »alpine:3.20",
            "RUN apk add«   »curl && echo 'two  blanks'",
            "ENV«  »MODE=on«\t »LEVEL=1",
          ],
        },
        fixed: { Dockerfile: ["FROM alpine:3.20", "RUN apk add curl && echo 'two  blanks'", "ENV MODE=on LEVEL=1"] },
      },
      {
        name: "columns, where alignment is not wanted",
        kind: "multiple",
        options: { allowAlignment: false },
        files: { Dockerfile: ["FROM alpine:3.20", "RUN apk add«   »\\", "    curl"] },
        fixed: { Dockerfile: ["FROM alpine:3.20", "RUN apk add \\", "    curl"] },
      },
      {
        name: "a folder name with blanks keeps them",
        kind: "multiple",
        files: { Dockerfile: ["FROM alpine:3.20", "WORKDIR«  »/srv/my  shop"] },
        fixed: { Dockerfile: ["FROM alpine:3.20", "WORKDIR /srv/my  shop"] },
      },
      {
        name: "blank lines in a row",
        kind: "blank-lines",
        files: { Dockerfile: "FROM alpine:3.20\n\n«\n  \n»RUN apk add curl\n" },
        fixed: { Dockerfile: "FROM alpine:3.20\n\nRUN apk add curl\n" },
      },
      {
        name: "no line break at the end",
        kind: "final-newline",
        files: { Dockerfile: "FROM alpine:3.20«»" },
        fixed: { Dockerfile: "FROM alpine:3.20\n" },
      },
      {
        name: "mixed line endings",
        kind: "line-endings",
        files: { Dockerfile: "FROM alpine:3.20\nRUN apk add curl«\r\n»USER app\r\n" },
        fixed: { Dockerfile: "FROM alpine:3.20\nRUN apk add curl\nUSER app\n" },
      },
      {
        name: "line endings that the policy names",
        kind: "line-endings",
        options: { eol: "lf" },
        files: { Dockerfile: "FROM alpine:3.20«\r\n»USER app\r\n" },
        fixed: { Dockerfile: "FROM alpine:3.20\nUSER app\n" },
      },
      {
        name: "CRLF, where the policy asks for it",
        kind: "line-endings",
        options: { eol: "crlf" },
        files: { Dockerfile: "FROM alpine:3.20«\n»USER app\n" },
      },
      {
        name: "CRLF in a script",
        kind: "heredoc-line-endings",
        preset: "recommended",
        severity: "warning",
        files: { Dockerfile: "FROM alpine:3.20\r\nRUN <<EOF\r\napk add curl«\r\n»EOF\r\nUSER app\r\n" },
        fixed: { Dockerfile: "FROM alpine:3.20\r\nRUN <<EOF\r\napk add curl\nEOF\r\nUSER app\r\n" },
      },
      {
        name: "CRLF in a file with an interpreter line",
        kind: "heredoc-line-endings",
        preset: "recommended",
        files: { Dockerfile: "FROM alpine:3.20\r\nCOPY <<EOF /start.sh\r\n#!/bin/sh«\r\n»exec node\r\nEOF\r\n" },
        fixed: { Dockerfile: "FROM alpine:3.20\r\nCOPY <<EOF /start.sh\r\n#!/bin/sh\nexec node\nEOF\r\n" },
      },
      {
        name: "groups are set apart",
        kind: "between",
        options: { between: "grouped" },
        files: { Dockerfile: ["FROM alpine:3.20", "# the mode", "«ENV» MODE=on", "«", "»ENV LEVEL=1", "", "USER app"] },
        fixed: { Dockerfile: ["FROM alpine:3.20", "", "# the mode", "ENV MODE=on", "ENV LEVEL=1", "", "USER app"] },
      },
      {
        name: "every instruction is set apart",
        kind: "between",
        options: { between: "always" },
        files: { Dockerfile: ["FROM alpine:3.20", "«ENV» MODE=on"] },
        fixed: { Dockerfile: ["FROM alpine:3.20", "", "ENV MODE=on"] },
      },
      {
        name: "no blank lines at all",
        kind: "between",
        options: { between: "never" },
        files: { Dockerfile: ["FROM alpine:3.20", "«", "»ENV MODE=on"] },
        fixed: { Dockerfile: ["FROM alpine:3.20", "ENV MODE=on"] },
      },
      {
        name: "a Compose file",
        kind: "trailing",
        files: { "compose.yaml": ["services:« »", "  web:", "    image: nginx:1.27.4«  »"] },
        fixed: { "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4"] },
      },
      {
        name: "blank lines in a Compose file",
        kind: "blank-lines",
        files: { "compose.yaml": "services:\n\n«\n»  web:\n    image: nginx:1.27.4\n" },
        fixed: { "compose.yaml": "services:\n\n  web:\n    image: nginx:1.27.4\n" },
      },
    ],
    good: [
      { name: "one blank", files: { Dockerfile: ["FROM alpine:3.20", "", "RUN apk add curl"] } },
      {
        name: "columns of a list",
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            "RUN apk add   \\",
            "    curl    \\",
            "    git",
            "ENV A=1    B=2 \\",
            "    AB=1   C=2",
          ],
        },
      },
      {
        name: "quoted, escaped and unbroken values",
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            'ENV A="x  y" B=x\\ \\ y',
            "ENV TITLE my  shop",
            "RUN echo ${A:-x  y}  # twice",
            "# a   comment",
          ],
        },
      },
      {
        name: "bodies of heredocs are data",
        files: { Dockerfile: ["FROM alpine:3.20", "COPY <<EOF /etc/motd", "a  b  ", "", "", "", "EOF"] },
      },
      {
        name: "CRLF in all lines is consistent, and in a text file harmless",
        files: { Dockerfile: "FROM alpine:3.20\r\nCOPY <<EOF /etc/motd\r\nwelcome\r\nEOF\r\n" },
      },
      {
        name: "a script for Windows",
        files: {
          Dockerfile: "FROM mcr.microsoft.com/windows/servercore:ltsc2022\r\nRUN <<EOF\r\necho one\r\nEOF\r\n",
        },
      },
      {
        name: "block scalars are data",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    command: |",
            "      echo a  ",
            "",
            "",
            "",
            "      echo b",
          ],
        },
      },
    ],
  },
});

function findingOf(stray: StrayWhitespace, { options: { eol, maxBlankLines } }: Context): Finding {
  const { kind, range, edits } = stray;
  const fix = edits.length === 0 ? undefined : { ...fixOf(kind), edits };
  return { kind, range, message: messageOf(kind, eol, maxBlankLines), fix };
}

function fixOf(kind: StrayWhitespace["kind"]) {
  // A script that could not run before does something after.
  if (kind === "heredoc-line-endings")
    return { description: "end the lines of the script with LF", safety: "unsafe" } as const;
  if (kind === "final-newline") return { description: "end the last line", safety: "safe" } as const;
  if (kind === "line-endings") return { description: "end all lines alike", safety: "safe" } as const;
  return { description: "remove the white space", safety: "safe" } as const;
}

function messageOf(kind: StrayWhitespace["kind"], eol: string, maxBlankLines: number): string {
  switch (kind) {
    case "trailing":
      return "blanks end the line; remove them";
    case "multiple":
      return "several blanks separate two words; one is enough";
    case "blank-lines":
      return `more than ${maxBlankLines} blank line${maxBlankLines === 1 ? "" : "s"} in a row; remove the others`;
    case "final-newline":
      return "the last line has no line break; end it with one";
    case "line-endings":
      return eol === "consistent"
        ? "the line ends unlike the first one; end all lines alike"
        : `the line does not end with ${eol.toUpperCase()}; save the file so`;
    case "heredoc-line-endings":
      return "CRLF inside the heredoc makes the carriage return a part of each command; end its lines with LF";
  }
}

function gapFinding({ problem, range, edits }: GapFlaw): Finding {
  const isMissing = problem === "missing";
  const message = isMissing
    ? "no blank line stands above the instruction; insert one"
    : "a blank line parts the instructions; remove it";
  const description = isMissing ? "insert a blank line" : "remove the blank lines";
  return { kind: "between", range, message, fix: { description, safety: "safe", edits } };
}
