import { defineRule, type Fix, option } from "../../src/engine/rule.js";
import { type CrowdedLine, crowdedLines, type LineBreakPlace } from "../../src/project/crowded-lines.js";
import type { Edit } from "../../src/text/source.js";

const options = {
  minCommands: option.number({ default: 3, description: "From how many chained commands on a line is broken." }),
  maxWidth: option.number({
    default: 100,
    description: "Widest line, in columns, of several mounts, labels or variables.",
  }),
  operator: option.choice({
    words: ["leading", "trailing"],
    default: "trailing",
    description: "Where the fix puts an operator: at the start of a line, or at its end.",
  }),
};

const INDENT = "    ";

export default defineRule({
  id: "style/break-chained-commands",
  summary: "Each chained command, mount, label and variable has a line of its own",
  levels: { style: "info" },
  roles: "all",
  fixable: "always",
  aliases: ["tally:newline-per-chained-call"],
  why: [
    "A diff shows lines: when five commands share one, a change of any of them looks like a change of all, and two people " +
      "who edit different commands get a conflict.",
  ],
  references: ["https://docs.docker.com/build/building/best-practices/#run"],
  options,
  mentions: { dockerfile: ["&&", "||", "mount", "env", "label"] },
  check: {
    *stage(stage, { options: { minCommands, maxWidth, operator } }) {
      const { dockerfile, source } = stage.build.dockerfile;
      for (const line of crowdedLines(stage, { minCommands, maxWidth })) {
        const fix = source.embedding === undefined ? fixOf(line.breaks, dockerfile.escape, operator) : undefined;
        yield { range: line.range, message: messageOf(line, operator), fix };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "four commands on a line",
        message: "`4` commands",
        files: { Dockerfile: ["FROM alpine:3.20", "RUN apk update «&&» apk add curl&&apk add git || true"] },
        fixed: {
          Dockerfile: [
            "FROM alpine:3.20",
            "RUN apk update && \\",
            "    apk add curl && \\",
            "    apk add git || \\",
            "    true",
          ],
        },
      },
      {
        name: "operators at the start of lines",
        options: { operator: "leading" },
        files: { Dockerfile: ["FROM alpine:3.20", "RUN apk update «&&» apk add curl && apk add git"] },
        fixed: {
          Dockerfile: ["FROM alpine:3.20", "RUN apk update \\", "    && apk add curl \\", "    && apk add git"],
        },
      },
      {
        name: "one of several lines",
        files: {
          Dockerfile: ["FROM alpine:3.20", "RUN apk update && \\", "    apk add curl «&&» apk add git && apk add bash"],
        },
        fixed: {
          Dockerfile: [
            "FROM alpine:3.20",
            "RUN apk update && \\",
            "    apk add curl && \\",
            "    apk add git && \\",
            "    apk add bash",
          ],
        },
      },
      {
        name: "a health check, with another escape character",
        options: { minCommands: 2 },
        files: {
          Dockerfile: ["# escape=`", "FROM alpine:3.20", "HEALTHCHECK CMD wget -q localhost «||» exit 1"],
        },
        fixed: {
          Dockerfile: ["# escape=`", "FROM alpine:3.20", "HEALTHCHECK CMD wget -q localhost || `", "    exit 1"],
        },
      },
      {
        name: "mounts on a wide line",
        options: { maxWidth: 60 },
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            "RUN --mount=type=cache,target=/root/.npm «--mount=type=secret,id=npm» npm ci",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM alpine:3.20",
            "RUN --mount=type=cache,target=/root/.npm \\",
            "    --mount=type=secret,id=npm \\",
            "    npm ci",
          ],
        },
      },
      {
        name: "labels on a wide line",
        options: { maxWidth: 40 },
        files: { Dockerfile: ["FROM alpine:3.20", 'LABEL org.opencontainers.image.title=shop «vendor="The Shop"»'] },
        fixed: {
          Dockerfile: ["FROM alpine:3.20", "LABEL org.opencontainers.image.title=shop \\", '    vendor="The Shop"'],
        },
      },
    ],
    good: [
      { name: "two commands", files: { Dockerfile: ["FROM alpine:3.20", "RUN apk update && apk add curl"] } },
      {
        name: "a line for each",
        files: {
          Dockerfile: ["FROM alpine:3.20", "RUN apk update && \\", "    apk add curl && \\", "    apk add git"],
        },
      },
      {
        name: "commands that end where the next one begins, lines below",
        files: {
          Dockerfile: ["FROM alpine:3.20", "RUN apk update && apk add \\", "    curl \\", "    git && rm -rf /tmp/*"],
        },
      },
      {
        name: "operators in quotes, and other operators",
        files: { Dockerfile: ["FROM alpine:3.20", "RUN sh -c 'a && b && c && d'", "RUN cd /tmp; ls; ls | sort"] },
      },
      {
        name: "exec form, heredocs, and shells of Windows",
        files: {
          Dockerfile: [
            "FROM alpine:3.20 AS tools",
            'RUN ["sh", "-c", "a && b && c && d"]',
            "RUN <<EOF",
            "apk update && apk add curl && apk add git",
            "EOF",
            "FROM mcr.microsoft.com/windows/servercore:ltsc2022",
            "RUN cd a && cd b && cd c && cd d",
          ],
        },
      },
      {
        name: "labels and variables on a line that is not wide",
        files: { Dockerfile: ["FROM alpine:3.20", "LABEL title=shop vendor=shop", "ENV MODE=on LEVEL=1"] },
      },
    ],
  },
});

function messageOf({ kind, count }: CrowdedLine, operator: "leading" | "trailing"): string {
  if (kind === "mounts") return `\`${count}\` mounts share a wide line; give each a line of its own`;
  if (kind === "pairs") return `\`${count}\` pairs share a wide line; give each a line of its own`;
  return `\`${count}\` commands share a line; break it ${operator === "leading" ? "before" : "after"} each operator`;
}

/** Only where nothing but blanks and the operator stands between: the breaks then change nothing. */
function fixOf(breaks: readonly LineBreakPlace[], escapeCharacter: string, operator: string): Fix | undefined {
  const edits: Edit[] = [];
  for (const { between, operator: written } of breaks) {
    const text = between.source.slice(between).trim();
    if (text !== (written ?? "")) return undefined;
    const start = written === undefined || operator === "leading" ? "" : ` ${written}`;
    const next = written !== undefined && operator === "leading" ? `${written} ` : "";
    edits.push({ range: between, text: `${start} ${escapeCharacter}\n${INDENT}${next}` });
  }
  return { description: "break the line", safety: "safe", edits };
}
