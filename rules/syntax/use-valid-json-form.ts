import { defineRule, type Finding } from "../../src/engine/rule.js";
import { type BrokenArray, brokenArray } from "../../src/project/broken-arrays.js";
import { writtenInstructions } from "../../src/project/written-steps.js";
import { textOf } from "../../src/text/source.js";

export default defineRule({
  id: "syntax/use-valid-json-form",
  summary: "What looks like a JSON array is one",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    json: { summary: "an array that is no JSON" },
    "shell-instruction": { summary: "SHELL without a valid array", aliases: ["dockerfile-utils:SHELL_JSON_FORM"] },
  },
  roles: "all",
  fixable: "sometimes",
  aliases: [
    "tally:invalid-json-form",
    "kics:not-using-proper-exec-form-in-cmd-and-entrypoint-arguments",
    "kics:34945ae8-730d-424c-8279-b064d9f108de",
    "dockerfile-utils:JSON_IN_SINGLE_QUOTES",
  ],
  why: [
    "Brackets alone do not make the exec form: an array that is no JSON is given to a shell as it stands, brackets, commas and " +
      "all, and the container starts with an error. In COPY, ADD and VOLUME its items become paths with quotes in them.",
    "SHELL takes a JSON array only; at anything else the builder stops.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#exec-form",
    "https://docs.docker.com/reference/dockerfile/#shell",
    "https://www.rfc-editor.org/rfc/rfc8259#section-7",
  ],
  yieldsTo: ["syntax/no-inline-comment#json"],
  mentions: { dockerfile: ["[", "shell"] },
  check: {
    *dockerfile({ dockerfile }) {
      for (const instruction of writtenInstructions(dockerfile.instructions)) {
        if (instruction.form !== "shell") continue;
        const array = brokenArray(instruction);
        if (array !== undefined)
          yield arrayFinding(array, instruction.keyword === "SHELL" ? "shell-instruction" : "json");
        else if (instruction.keyword === "SHELL" && !instruction.words[0]?.raw.startsWith("[")) {
          const message = 'SHELL takes a JSON array only; write for example `SHELL ["/bin/bash", "-c"]`';
          yield { kind: "shell-instruction", range: instruction.argumentsRange, message };
        }
      }
    },
  },
  examples: {
    bad: [
      {
        name: "single quotes",
        kind: "json",
        message: "double quotes",
        files: { Dockerfile: ["FROM node:22", "CMD «['node', 'server.js']»"] },
        fixed: { Dockerfile: ["FROM node:22", 'CMD ["node", "server.js"]'] },
      },
      {
        name: "no quotes",
        kind: "json",
        files: { Dockerfile: ["FROM node:22", "ENTRYPOINT «[node, server.js]»", "CMD «[ --port ]»"] },
        fixed: { Dockerfile: ["FROM node:22", 'ENTRYPOINT ["node", "server.js"]', 'CMD ["--port"]'] },
      },
      {
        name: "typographic quotes",
        kind: "json",
        files: { Dockerfile: ["FROM node:22", "CMD «[“node”, “server.js”]»"] },
        fixed: { Dockerfile: ["FROM node:22", 'CMD ["node", "server.js"]'] },
      },
      {
        name: "a comma at the end",
        kind: "json",
        files: { Dockerfile: ["FROM node:22", 'RUN «["npm", "ci",]»'] },
        fixed: { Dockerfile: ["FROM node:22", 'RUN ["npm", "ci"]'] },
      },
      {
        name: "no comma, and a quote that does not end",
        kind: "json",
        files: { Dockerfile: ["FROM node:22", 'CMD «["node" "server.js"]»', 'CMD «["node", "server.js]»'] },
      },
      {
        name: "backslashes that are not doubled",
        kind: "json",
        files: {
          Dockerfile: [
            "# escape=`",
            "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022",
            'CMD «["C:\\shop\\web.exe"]»',
          ],
        },
      },
      {
        name: "text behind the array, and no end of it",
        kind: "json",
        files: {
          Dockerfile: ["FROM node:22", 'CMD «["node", "server.js"] --verbose»', 'ENTRYPOINT «["node", "server.js"»'],
        },
      },
      {
        name: "paths",
        kind: "json",
        files: {
          Dockerfile: ["FROM node:22", "COPY «['my file', '/srv/']»", "VOLUME «['/data']»", "VOLUME «[/data]»"],
        },
        fixed: { Dockerfile: ["FROM node:22", 'COPY ["my file", "/srv/"]', 'VOLUME ["/data"]', 'VOLUME ["/data"]'] },
      },
      {
        name: "a health check and a trigger",
        kind: "json",
        files: { Dockerfile: ["FROM node:22", "HEALTHCHECK CMD «['/probe']»", "ONBUILD CMD «['node']»"] },
        fixed: { Dockerfile: ["FROM node:22", 'HEALTHCHECK CMD ["/probe"]', 'ONBUILD CMD ["node"]'] },
      },
      {
        name: "over several lines",
        kind: "json",
        files: { Dockerfile: ["FROM node:22", "CMD «['node', \\", "  'server.js']»"] },
      },
      {
        name: "a shell with single quotes",
        kind: "shell-instruction",
        files: { Dockerfile: ["FROM node:22", "SHELL «['/bin/bash', '-c']»"] },
        fixed: { Dockerfile: ["FROM node:22", 'SHELL ["/bin/bash", "-c"]'] },
      },
      { name: "a bracket alone", kind: "shell-instruction", files: { Dockerfile: ["FROM node:22", "SHELL «[»"] } },
      {
        name: "a shell without array",
        kind: "shell-instruction",
        files: { Dockerfile: ["FROM node:22", "SHELL «/bin/bash -c»"] },
      },
      { name: "a part of a file, without FROM", kind: "json", files: { Dockerfile: ["CMD «['node' 'server.js']»"] } },
    ],
    good: [
      {
        name: "arrays",
        files: {
          Dockerfile: [
            "FROM node:22",
            'SHELL ["/bin/bash", "-c"]',
            'COPY ["my file", "/srv/"]',
            'VOLUME [ "/data" ]',
            'RUN ["npm", "ci"]',
            'HEALTHCHECK CMD ["/probe"]',
            "ENTRYPOINT []",
            'CMD ["C:\\\\shop\\\\web.exe"]',
          ],
        },
      },
      {
        name: "tests of a shell",
        files: {
          Dockerfile: [
            "FROM node:22",
            "RUN [ -f package.json ] && npm ci",
            'RUN [ "$MODE" = prod ] || npm ci',
            "RUN [[ $MODE == prod ]] && npm ci",
            "RUN [ ! -d node_modules ]; npm ci",
            "HEALTHCHECK CMD [ -e /tmp/ready ]",
            'HEALTHCHECK CMD [ "$(cat /tmp/state)" = "up" ]',
          ],
        },
      },
      {
        name: "patterns of paths",
        files: { Dockerfile: ["FROM node:22", "COPY [a-c]*.txt [x-z] /srv/", "ADD [ab].tgz /srv/"] },
      },
      { name: "brackets inside", files: { Dockerfile: ["FROM node:22", "CMD node server.js --hosts=['a','b']"] } },
      {
        name: "items that are no strings, which is a parse error",
        files: { Dockerfile: ["FROM node:22", 'CMD ["sleep", 10]'] },
      },
      { name: "no array at all, which is a parse error", files: { Dockerfile: ["FROM node:22", "SHELL"] } },
    ],
  },
});

function arrayFinding({ range, flaw, json }: BrokenArray, kind: "json" | "shell-instruction"): Finding {
  const message = `the array is no JSON: ${PROBLEMS[flaw]}`;
  // The line breaks between items would be lost.
  if (json === undefined || textOf(range).includes("\n")) return { kind, range, message };
  // Unsafe: the command that ran before, in a shell, is another one.
  const fix = { description: "write it as JSON", safety: "unsafe", edits: [{ range, text: json }] } as const;
  return { kind, range, message, fix };
}

const PROBLEMS: Readonly<Record<BrokenArray["flaw"], string>> = {
  "single-quotes": "its items are in single quotes; put them into double quotes",
  "typographic-quotes": "its quotes are typographic ones; use plain double quotes",
  "bare-words": "its items have no quotes; put each into double quotes",
  "trailing-comma": "a comma stands behind its last item; remove it",
  tail: "text stands behind it; move it into the brackets, or remove the brackets",
  "no-bracket": "it has no closing bracket; add `]`",
  other: "check its commas and quotes, and double each backslash",
};
