import { defineRule, type Finding, option } from "../../src/engine/rule.js";
import { type IndentFlaw, indentFlaws } from "../../src/project/continuation-indent.js";
import { unevenJson } from "../../src/project/json-layout.js";
import { yamlIndentFlaws } from "../../src/project/yaml-indent.js";

const options = {
  size: option.number({ default: 4, description: "Columns by which lines of one instruction are indented." }),
  char: option.choice({ words: ["space", "tab"], default: "space", description: "What indents." }),
  stages: option.choice({
    words: ["flat", "indented"],
    default: "flat",
    description: "`indented`: instructions stand one unit inside of their stage.",
  }),
  yamlSize: option.number({ default: 2, description: "Columns by which mappings of a Compose file are indented." }),
  formatHeredocs: option.boolean({ default: false, description: "Judge the layout of JSON files in heredocs, too." }),
};

export default defineRule({
  id: "style/indent-evenly",
  summary: "Continuation lines and heredoc bodies are indented evenly",
  levels: { style: "info" },
  kinds: {
    leading: { summary: "an instruction, or a mapping of a Compose file, does not stand where it belongs" },
    continuation: {
      summary: "a continued line is indented unlike the others",
      aliases: ["tally:consistent-indentation"],
    },
    heredoc: {
      summary: "a heredoc body is not laid out as its format is",
      aliases: ["tally:prefer-formatted-heredocs"],
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Indentation is how readers see where an instruction ends; where it varies from line to line, a lost backslash and a " +
      "line that belongs to nobody look like everything else.",
  ],
  references: ["https://docs.docker.com/build/building/best-practices/#sort-multi-line-arguments"],
  options,
  check: {
    *dockerfile(file, { options: style }) {
      const isEmbedded = file.source.embedding !== undefined;
      for (const flaw of indentFlaws(file, style)) yield lineFinding(flaw, isEmbedded);
      if (!style.formatHeredocs) return;
      for (const { range, destination, text } of unevenJson(file)) {
        const message = `\`${destination}\` is not laid out as JSON usually is; indent it by two blanks a level`;
        // The file has the same data, and other bytes.
        const fix = { description: "lay the JSON out", safety: "unsafe", edits: [{ range, text }] } as const;
        yield { kind: "heredoc", range, message, fix };
      }
    },
    *composeFile(file, { options: { yamlSize } }) {
      for (const { range, found } of yamlIndentFlaws(file, yamlSize)) {
        yield { kind: "leading", range, message: `the mapping is indented by ${found}; indent it by ${yamlSize}` };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "an indented instruction",
        kind: "leading",
        files: { Dockerfile: ["FROM alpine:3.20", "«  »RUN apk add curl"] },
        fixed: { Dockerfile: ["FROM alpine:3.20", "RUN apk add curl"] },
      },
      {
        name: "stages that hold their instructions",
        kind: "leading",
        options: { stages: "indented" },
        files: {
          Dockerfile: [
            "«  »FROM alpine:3.20 AS build",
            "«RUN» apk add curl",
            "FROM scratch",
            "    COPY --from=build /app /",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM alpine:3.20 AS build",
            "    RUN apk add curl",
            "FROM scratch",
            "    COPY --from=build /app /",
          ],
        },
      },
      {
        name: "mixed indents",
        kind: "continuation",
        message: "indented by 2",
        files: {
          Dockerfile: ["FROM alpine:3.20", "RUN apk add \\", "«  »curl \\", "«   »git \\", "# the shell", "«bash»"],
        },
        fixed: {
          Dockerfile: ["FROM alpine:3.20", "RUN apk add \\", "    curl \\", "    git \\", "# the shell", "    bash"],
        },
      },
      {
        name: "a tab",
        kind: "continuation",
        files: { Dockerfile: ["FROM alpine:3.20", "RUN apk add \\", "«\t»curl"] },
        fixed: { Dockerfile: ["FROM alpine:3.20", "RUN apk add \\", "    curl"] },
      },
      {
        name: "tabs, where they are agreed on; deeper lines stay deeper",
        kind: "continuation",
        options: { char: "tab" },
        files: { Dockerfile: ["FROM alpine:3.20", "RUN apk update && \\", "«  »apk add \\", "«    »curl"] },
        fixed: { Dockerfile: ["FROM alpine:3.20", "RUN apk update && \\", "\tapk add \\", "\t\tcurl"] },
      },
      {
        name: "JSON in a heredoc",
        kind: "heredoc",
        options: { formatHeredocs: true },
        files: { Dockerfile: ["FROM alpine:3.20", "COPY <<EOF /app/config.json", '«{"port": 80}', "»EOF"] },
        fixed: { Dockerfile: ["FROM alpine:3.20", "COPY <<EOF /app/config.json", "{", '  "port": 80', "}", "EOF"] },
      },
      {
        name: "a Compose file",
        kind: "leading",
        files: { "compose.yaml": ["services:", "  web:", "«      »image: nginx:1.27.4"] },
      },
    ],
    good: [
      {
        name: "four blanks",
        files: { Dockerfile: ["FROM alpine:3.20", "RUN apk add \\", "    curl \\", "", "    git"] },
      },
      {
        name: "deeper lines of the same unit",
        files: { Dockerfile: ["FROM alpine:3.20", "RUN apk update && \\", "    apk add \\", "        curl"] },
      },
      {
        name: "blanks that are data, and a word that goes on",
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            "RUN echo 'a \\",
            "  b' && cur\\",
            "l --version",
            "ENV TITLE my \\",
            "  shop",
          ],
        },
      },
      {
        name: "heredocs and comments",
        files: { Dockerfile: ["FROM alpine:3.20", "  # tools", "RUN <<EOF", "  apk add curl", "EOF"] },
      },
      {
        name: "heredocs of known formats in their layout, of others, and such as hold variables",
        options: { formatHeredocs: true },
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            "COPY <<EOF /app/config.json",
            "{",
            '  "port": 80',
            "}",
            "EOF",
            "COPY <<EOF /app/port.json",
            '{"port": $PORT}',
            "EOF",
            "COPY <<EOF /app/broken.json",
            "{",
            "EOF",
            "COPY <<EOF /app/number.json",
            '{"port": 1.0}',
            "EOF",
            "COPY <<EOF /etc/motd",
            '{"port": 80}',
            "EOF",
          ],
        },
      },
      {
        name: "a Compose file with two blanks a level; lists may stand below their key",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    ports:",
            "    - target: 80",
            "    labels: { a: b }",
          ],
        },
      },
    ],
  },
});

function lineFinding({ kind, range, lead, found, wanted, text }: IndentFlaw, isEmbedded: boolean): Finding {
  const what = kind === "leading" ? "the instruction" : "the continued line";
  const message = `${what} is indented by ${found}; indent it by ${wanted}`;
  const fix = { description: `indent by ${wanted}`, safety: "safe", edits: [{ range: lead, text }] } as const;
  // In a text that YAML indents, columns are those of another file.
  return { kind, range, message, fix: isEmbedded ? undefined : fix };
}
