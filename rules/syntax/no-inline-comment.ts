import type { Dockerfile, Instruction } from "../../src/dockerfile/model.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { inlineComment } from "../../src/project/inline-comments.js";
import type { DockerfileView } from "../../src/project/model.js";
import { writtenInstructions } from "../../src/project/written-steps.js";
import { type Range, textOf } from "../../src/text/source.js";
import { wholeLines } from "../../src/text/whole-lines.js";

export default defineRule({
  id: "syntax/no-inline-comment",
  summary: "Comments stand on their own line",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    word: { summary: "a comment whose words are arguments" },
    json: { summary: "a comment that makes an array no JSON" },
  },
  roles: "all",
  fixable: "always",
  why: [
    "A comment of a Dockerfile begins its line. Behind an instruction, `#` and the words that follow are arguments: more " +
      "ports, sources or variables, and the builder stops at them, or a directory with a blank and a `#` in its name.",
    "Behind a JSON array they make it no array: a shell gets the brackets, and the container does not start.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#format",
    "https://docs.docker.com/reference/dockerfile/#exec-form",
  ],
  mentions: { dockerfile: [" #", "\t#"] },
  check: { dockerfile: checkFile },
  examples: {
    bad: [
      {
        name: "behind FROM",
        kind: "word",
        message: "FROM",
        files: { Dockerfile: ["FROM python:3.12-slim  «# runtime»"] },
        fixed: { Dockerfile: ["# runtime", "FROM python:3.12-slim"] },
      },
      {
        name: "behind lists",
        kind: "word",
        files: {
          Dockerfile: [
            "FROM nginx:1.27 AS site «# the site»",
            "EXPOSE 8080 8443 «# HTTP API»",
            "COPY site /usr/share/nginx/html/ «#pages»",
            "VOLUME /data «# uploads»",
            "ENV PORT=8080 «# HTTP»",
            "ARG RELEASE=1 «#»",
            "LABEL tier=web «# for the proxy»",
          ],
        },
        fixed: {
          Dockerfile: [
            "# the site",
            "FROM nginx:1.27 AS site",
            "# HTTP API",
            "EXPOSE 8080 8443",
            "#pages",
            "COPY site /usr/share/nginx/html/",
            "# uploads",
            "VOLUME /data",
            "# HTTP",
            "ENV PORT=8080",
            "#",
            "ARG RELEASE=1",
            "# for the proxy",
            "LABEL tier=web",
          ],
        },
      },
      {
        name: "behind a single value",
        kind: "word",
        files: {
          Dockerfile: [
            "FROM nginx:1.27",
            "WORKDIR /srv «# sources»",
            "USER 1000 «# nobody»",
            "STOPSIGNAL SIGQUIT «# graceful»",
            "MAINTAINER ops@example.com «# team»",
            "ENV PORT 8080 «# HTTP»",
            "HEALTHCHECK NONE «# later»",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM nginx:1.27",
            "# sources",
            "WORKDIR /srv",
            "# nobody",
            "USER 1000",
            "# graceful",
            "STOPSIGNAL SIGQUIT",
            "# team",
            "MAINTAINER ops@example.com",
            "# HTTP",
            "ENV PORT 8080",
            "# later",
            "HEALTHCHECK NONE",
          ],
        },
      },
      {
        name: "behind an array",
        kind: "json",
        message: "JSON",
        files: {
          Dockerfile: [
            "FROM nginx:1.27",
            'SHELL ["/bin/bash", "-c"] «# for arrays»',
            'VOLUME ["/data", "/logs"] «# uploads»',
            'HEALTHCHECK CMD ["/check"] «# fast»',
            'ENTRYPOINT ["/entry.sh"]  «# setup»',
            'CMD ["nginx", "-g", "daemon off;"] «# in front»',
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM nginx:1.27",
            "# for arrays",
            'SHELL ["/bin/bash", "-c"]',
            "# uploads",
            'VOLUME ["/data", "/logs"]',
            "# fast",
            'HEALTHCHECK CMD ["/check"]',
            "# setup",
            'ENTRYPOINT ["/entry.sh"]',
            "# in front",
            'CMD ["nginx", "-g", "daemon off;"]',
          ],
        },
      },
      {
        name: "on a line that goes on",
        kind: "word",
        files: {
          Dockerfile: ["FROM nginx:1.27", "ENV PORT=8080 «# HTTP» \\", "    HOST=web", "EXPOSE \\", "  8080 «# HTTP»"],
        },
        fixed: {
          Dockerfile: [
            "FROM nginx:1.27",
            "# HTTP",
            "ENV PORT=8080 \\",
            "    HOST=web",
            "# HTTP",
            "EXPOSE \\",
            "  8080",
          ],
        },
      },
      {
        name: "behind the backslash, which then continues nothing",
        kind: "word",
        files: { Dockerfile: ["FROM nginx:1.27", "ENV PORT=8080 \\ «# HTTP»", "    HOST=web"] },
        fixed: { Dockerfile: ["FROM nginx:1.27", "# HTTP", "ENV PORT=8080 \\", "    HOST=web"] },
      },
      {
        name: "a trigger, and a Dockerfile inside of a Compose file",
        kind: "word",
        files: {
          "compose.yaml": [
            "services:",
            "  site:",
            "    build:",
            "      dockerfile_inline: |",
            "        FROM nginx:1.27",
            "        ONBUILD EXPOSE 80 «# HTTP»",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  site:",
            "    build:",
            "      dockerfile_inline: |",
            "        FROM nginx:1.27",
            "        # HTTP",
            "        ONBUILD EXPOSE 80",
          ],
        },
      },
    ],
    good: [
      {
        name: "on lines of their own",
        files: { Dockerfile: ["# runtime", "FROM nginx:1.27", "ENV PORT=8080 \\", "  # the name", "  HOST=web"] },
      },
      {
        name: "where a shell reads them",
        files: {
          Dockerfile: [
            "FROM nginx:1.27",
            "RUN apt-get update # lists",
            "HEALTHCHECK CMD curl -f localhost # site",
            "ENTRYPOINT /entry.sh # setup",
            "CMD nginx # in front",
            "RUN [ -f /etc/motd ] # a test",
          ],
        },
      },
      {
        name: "here-documents",
        files: { Dockerfile: ["FROM nginx:1.27", "COPY <<EOF /etc/site.conf", "port 80 # HTTP", "EOF"] },
      },
      {
        name: "inside of words and quotes",
        files: {
          Dockerfile: [
            "FROM nginx:1.27",
            "ADD https://github.com/moby/buildkit.git#v0.14.1 /src",
            'ENV COLOR=#fff TITLE="a # b" NOTE=a#b',
            'ENV TEXT "a # b"',
            'LABEL color="# fff"',
            'WORKDIR "/srv/a #1"',
            "WORKDIR /srv/c#",
            "COPY #notes# /srv/notes",
            'COPY ["# a", "/srv/"]',
            "MAINTAINER Team #1 <ops@example.com>",
          ],
        },
      },
    ],
  },
});

function* checkFile({ dockerfile }: DockerfileView): Iterable<Finding> {
  for (const instruction of writtenInstructions(dockerfile.instructions)) {
    const comment = inlineComment(instruction);
    if (comment === undefined) continue;
    const { kind, range } = comment;
    const { keyword } = instruction;
    const problem =
      kind === "json"
        ? `the text behind the array of ${keyword} makes it no JSON`
        : `\`#\` begins no comment here: ${keyword} takes the words as arguments`;
    yield {
      kind,
      range,
      message: `${problem}; give the comment a line of its own`,
      fix: ownLine(range, instruction, dockerfile),
    };
  }
}

/** Safe: the builder stops here, or reads words that nobody meant. */
function ownLine(range: Range, { headRange }: Instruction, dockerfile: Dockerfile): Fix {
  const { source } = range;
  const { text } = source;
  const lineStart = wholeLines(headRange).start;
  let code = lineStart;
  while (text[code] === " " || text[code] === "\t") code += 1;
  // Inside of a Compose file, lines are indented where the edit is made.
  const indent = source === dockerfile.source ? text.slice(lineStart, code) : "";
  let from = range.start;
  while (text[from - 1] === " " || text[from - 1] === "\t") from -= 1;
  return {
    description: "move the comment above the instruction",
    safety: "safe",
    edits: [
      { range: source.range(code, code), text: `${textOf(range)}${source.lineBreak}${indent}` },
      { range: source.range(from, range.end), text: "" },
    ],
  };
}
