import { defineRule, option } from "../../src/engine/rule.js";
import { heredocCandidate } from "../../src/project/heredoc-candidates.js";

const options = {
  minCommands: option.number({ default: 6, description: "From how many chained commands a RUN is a script." }),
};

export default defineRule({
  id: "style/prefer-heredoc",
  summary: "Long scripts and inline files are heredocs",
  levels: { style: "info" },
  kinds: {
    run: { summary: "a long chain of commands", aliases: ["tally:prefer-run-heredoc"] },
    copy: { summary: "a command that writes a text into a file", aliases: ["tally:prefer-copy-heredoc"] },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A chain of many commands needs an operator and a backslash on every line; where one is lost, a command is skipped or its " +
      "failure is. In a heredoc with `set -e` each line is a command, and a file looks as it will look.",
  ],
  references: ["https://docs.docker.com/reference/dockerfile/#here-documents"],
  options,
  mentions: { dockerfile: ["&&", ">"] },
  check: {
    *stage(stage, { options: { minCommands } }) {
      for (const run of stage.runs) {
        const found = heredocCandidate(run, minCommands);
        if (found === undefined) continue;
        const { kind, count, destination, edits } = found;
        const message =
          kind === "run"
            ? `\`${count}\` commands are chained; write \`RUN <<EOF\` with \`set -e\``
            : `\`RUN\` writes a known text into \`${destination}\`; write \`COPY <<EOF\``;
        const range = run.instruction.keywordRange;
        const description = kind === "run" ? "use `RUN <<EOF`" : "use `COPY <<EOF`";
        // A shell that reads several lines is another process than one that reads a chain, and a layer of COPY another one.
        yield { kind, range, message, fix: edits && { description, safety: "unsafe", edits } };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "a long chain",
        kind: "run",
        message: "`6` commands are chained",
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            "«RUN» --mount=type=cache,target=/c apk update && \\",
            "    apk add curl && \\",
            "    cd /tmp && \\",
            "    curl -O https://example.com/a.tar && tar xf a.tar | cat && \\",
            "    rm a.tar",
            "USER app",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM alpine:3.20",
            "RUN --mount=type=cache,target=/c <<EOF",
            "set -e",
            "apk update",
            "apk add curl",
            "cd /tmp",
            "curl -O https://example.com/a.tar",
            "tar xf a.tar | cat",
            "rm a.tar",
            "EOF",
            "USER app",
          ],
        },
      },
      {
        name: "a chain that stops by itself",
        kind: "run",
        options: { minCommands: 3 },
        files: { Dockerfile: ["FROM alpine:3.20", "«RUN» set -eux && apk update && apk add curl"] },
        fixed: { Dockerfile: ["FROM alpine:3.20", "RUN <<EOF", "set -eux", "apk update", "apk add curl", "EOF"] },
      },
      {
        name: "comments between commands are left to their author",
        kind: "run",
        options: { minCommands: 3 },
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            "«RUN» apk update && \\",
            "# tools",
            "    apk add curl && \\",
            "    apk add git",
          ],
        },
      },
      {
        name: "a file",
        kind: "copy",
        message: "into `/etc/motd`",
        files: { Dockerfile: ["FROM alpine:3.20", "USER root", "«RUN» echo 'welcome to $SHOP' > /etc/motd"] },
        fixed: { Dockerfile: ["FROM alpine:3.20", "USER root", "COPY <<'EOF' /etc/motd", "welcome to $SHOP", "EOF"] },
      },
      {
        name: "a script",
        kind: "copy",
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            "USER root",
            "«RUN» printf '#!/bin/sh\\nnode a.js\\n' > /start.sh && chmod +x /start.sh",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM alpine:3.20",
            "USER root",
            "COPY --chmod=755 <<EOF /start.sh",
            "#!/bin/sh",
            "node a.js",
            "EOF",
          ],
        },
      },
      {
        name: "a file of another user",
        kind: "copy",
        files: { Dockerfile: ["FROM alpine:3.20", "USER app", "«RUN» echo welcome > /srv/motd"] },
      },
    ],
    good: [
      {
        name: "a short chain",
        files: { Dockerfile: ["FROM alpine:3.20", "RUN apk update && apk add curl && apk add git"] },
      },
      { name: "a heredoc", files: { Dockerfile: ["FROM alpine:3.20", "RUN <<EOF", "set -e", "echo a > /a", "EOF"] } },
      {
        name: "chains that mean something else in a script",
        options: { minCommands: 3 },
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            "RUN a && b || c && d",
            "RUN a && (b) && c && d",
            "RUN a; b; c; d",
            "RUN a && b && c &",
          ],
        },
      },
      {
        name: "a frontend without heredocs",
        files: { Dockerfile: ["# syntax=docker/dockerfile:1.3", "FROM alpine:3.20", "RUN echo a > /a"] },
      },
      {
        name: "contents that the build decides, additions, and relative paths",
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            "RUN echo $SHOP > /a",
            'RUN echo "$(date)" > /a',
            "RUN echo a >> /etc/hosts",
            "RUN echo a > b",
            "RUN echo 'a\\tb' > /a",
            "RUN printf '%s' a > /a",
            "RUN echo a > /dev/null",
            "RUN ls > /a",
            "RUN echo a > /a && chmod u+s /a",
          ],
        },
      },
      {
        name: "exec form, and Windows",
        files: {
          Dockerfile: [
            "FROM alpine:3.20 AS tools",
            'RUN ["sh", "-c", "echo a > /a"]',
            "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022",
            "RUN echo a > /a",
          ],
        },
      },
    ],
  },
});
