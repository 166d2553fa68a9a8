import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { blockIndent } from "../../src/project/inline-indent.js";
import type { StageView } from "../../src/project/model.js";
import { maskedFailures, unnoticedFailure } from "../../src/project/unnoticed-failures.js";
import { writtenCommands } from "../../src/project/written-commands.js";
import type { Invocation, Script } from "../../src/shell/model.js";
import { quoted } from "../../src/text/quoted.js";
import type { Edit } from "../../src/text/source.js";

export default defineRule({
  id: "shell/fail-on-error",
  summary: "A failing step in the middle fails the RUN",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    heredoc: { summary: "a heredoc of several commands without `set -e`" },
    semicolon: { summary: "commands joined by `;`", levels: { recommended: "info", strict: "warning" } },
    "or-true": {
      summary: "an install, build, test or download that may fail",
      levels: { recommended: "info", strict: "warning" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A RUN fails when its last command does. What failed before it, behind a `;` or on a line of a heredoc, leaves a layer that is " +
      "cached, shipped and missing what it was made for.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#here-documents",
    "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#set",
  ],
  mentions: { dockerfile: ["<<", ";", "||"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a heredoc",
        kind: "heredoc",
        files: { Dockerfile: ["FROM node:24.11.0", "RUN <<EOF", "«npm» ci", "npm run build", "EOF"] },
        message: "a failing `npm ci` does not stop this heredoc",
        fixed: { Dockerfile: ["FROM node:24.11.0", "RUN <<EOF", "set -e", "npm ci", "npm run build", "EOF"] },
      },
      {
        name: "indented, with a shebang",
        kind: "heredoc",
        files: {
          Dockerfile: [
            "FROM node:24.11.0",
            "RUN <<-EOF",
            "\t#!/bin/bash",
            "\techo start",
            "\t«npm» ci && npm prune",
            "\tnpm run build",
            "EOF",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM node:24.11.0",
            "RUN <<-EOF",
            "\t#!/bin/bash",
            "\tset -e",
            "\techo start",
            "\tnpm ci && npm prune",
            "\tnpm run build",
            "EOF",
          ],
        },
      },
      {
        name: "for another shell",
        kind: "heredoc",
        files: { Dockerfile: ["FROM debian:12.8", "RUN bash <<EOF", "«make»", "make install", "EOF"] },
        fixed: { Dockerfile: ["FROM debian:12.8", "RUN bash <<EOF", "set -e", "make", "make install", "EOF"] },
      },
      {
        name: "in a Compose file",
        kind: "heredoc",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      dockerfile_inline: |",
            "        FROM node:24.11.0",
            "        RUN <<EOF",
            "        «npm» ci",
            "        npm run build",
            "        EOF",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      dockerfile_inline: |",
            "        FROM node:24.11.0",
            "        RUN <<EOF",
            "        set -e",
            "        npm ci",
            "        npm run build",
            "        EOF",
          ],
        },
      },
      {
        name: "a semicolon",
        kind: "semicolon",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            "RUN «apt-get» update; apt-get install -y --no-install-recommends curl ; \\",
            "  rm -rf x",
          ],
        },
        message: "`;`",
        fixed: {
          Dockerfile: [
            "FROM debian:12.8",
            "RUN apt-get update && apt-get install -y --no-install-recommends curl && \\",
            "  rm -rf x",
          ],
        },
      },
      {
        name: "a semicolon after a list",
        kind: "semicolon",
        files: { Dockerfile: ["FROM debian:12.8", "RUN echo start; mkdir -p /src && «cd» /src && make; echo done"] },
        fixed: { Dockerfile: ["FROM debian:12.8", "RUN echo start && mkdir -p /src && cd /src && make && echo done"] },
      },
      {
        name: "the fix would change what `||` catches",
        kind: "semicolon",
        files: { Dockerfile: ["FROM debian:12.8", "RUN «make»; make install || exit 1"] },
      },
      {
        name: "errors thrown away",
        kind: "or-true",
        files: {
          Dockerfile: [
            "FROM node:24.11.0",
            "RUN npm ci «||» true",
            "RUN npm run build «||» :",
            "RUN npm test «||» exit 0",
            "RUN curl -fsSLO https://example.com/tool «||» true",
            "RUN pytest«;» exit 0",
          ],
        },
        message: "`|| true` hides a failing `npm ci`",
      },
    ],
    good: [
      {
        name: "set -e first",
        files: { Dockerfile: ["FROM node:24.11.0", "RUN <<EOF", "set -eux", "npm ci", "npm run build", "EOF"] },
      },
      {
        name: "switched on by SHELL or a shebang",
        files: {
          Dockerfile: [
            "FROM node:24.11.0",
            "RUN <<EOF",
            "#!/bin/bash -e",
            "npm ci",
            "npm run build",
            "EOF",
            'SHELL ["/bin/bash", "-euo", "pipefail", "-c"]',
            "RUN <<EOF",
            "npm ci",
            "npm run build",
            "EOF",
            "RUN npm ci; npm run build",
          ],
        },
      },
      {
        name: "one command",
        files: { Dockerfile: ["FROM node:24.11.0", "RUN <<EOF", "npm ci \\", "  --omit=dev", "EOF"] },
      },
      {
        name: "set -e in a line",
        files: { Dockerfile: ["FROM debian:12.8", "RUN set -eux; apt-get update; apt-get install -y curl; rm -rf x"] },
      },
      {
        name: "what does not fail comes first",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            "RUN echo start; export A=1; B=2; rm -f x; mkdir -p y; umask 022; : ; make",
            "RUN make;",
          ],
        },
      },
      {
        name: "inside of compound commands",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            "RUN if [ -f x ]; then make; make install; fi",
            "RUN for i in a b; do make $i; done",
          ],
        },
      },
      {
        name: "the status is asked for",
        files: { Dockerfile: ["FROM debian:12.8", "RUN make; if [ $? -ne 0 ]; then cat config.log; exit 1; fi"] },
      },
      {
        name: "caught by hand",
        files: { Dockerfile: ["FROM debian:12.8", "RUN <<EOF", "make || exit 1", "make install", "EOF"] },
      },
      {
        name: "what may fail",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            "RUN grep -q x file || true",
            "RUN rm x || true",
            "RUN userdel games || :",
            "RUN make || exit 1",
          ],
        },
      },
      {
        name: "other languages",
        files: {
          Dockerfile: [
            "FROM python:3.13.1",
            "RUN python3 <<EOF",
            "import os",
            "os.mkdir('a')",
            "EOF",
            'SHELL ["pwsh", "-Command"]',
            "RUN Get-Item a; Get-Item b",
          ],
        },
      },
      {
        name: "in the background",
        files: { Dockerfile: ["FROM debian:12.8", "RUN mysqld & sleep 5 && mysql -e 'select 1'"] },
      },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  for (const { instruction, script } of writtenCommands(stage)) {
    if (instruction.keyword !== "RUN" || script === undefined || script.skipped !== undefined) continue;
    const isHeredoc = script.kind === "heredoc";
    const column = blockIndent(stage, instruction);
    const finding = isHeredoc ? ofHeredoc(script, column) : ofLine(script);
    if (finding !== undefined) yield finding;
    if (!isHeredoc) {
      for (const inner of script.nested) {
        if (inner.kind !== "nested-heredoc") continue;
        const found = ofHeredoc(inner, column);
        if (found !== undefined) yield found;
      }
    }
    yield* ofMasks(script);
  }
}

function ofHeredoc(script: Script, column: number): Finding | undefined {
  const failure = unnoticedFailure(script);
  if (failure === undefined) return undefined;
  const { command } = failure;
  return {
    kind: "heredoc",
    range: command.nameRange,
    message: `a failing ${called(command)} does not stop this heredoc; begin it with \`set -e\``,
    fix: startWithErrexit(script, column),
  };
}

/** Unsafe: a build that went on after an error stops there. */
function startWithErrexit({ steps }: Script, column: number): Fix | undefined {
  const [first] = steps;
  if (first === undefined) return undefined;
  const { source, start } = first.range;
  const lineStart = source.text.lastIndexOf("\n", start - 1) + 1;
  const indent = source.text.slice(lineStart, start);
  if (indent.trim() !== "") return undefined;
  const text = `set -e${source.lineBreak}${indent.slice(column)}`;
  return { description: "begin with `set -e`", safety: "unsafe", edits: [{ range: source.range(start, start), text }] };
}

function ofLine(script: Script): Finding | undefined {
  const failure = unnoticedFailure(script);
  // Line breaks are no ends of commands in a joined line; `; exit 0` is judged as a mask.
  if (failure === undefined || failure.end.operator !== ";" || endsWithMask(script)) return undefined;
  const { command } = failure;
  return {
    kind: "semicolon",
    range: command.nameRange,
    message: `the commands after \`;\` run even when ${called(command)} fails; join them with \`&&\``,
    fix: joinWithAnd(script),
  };
}

function endsWithMask({ steps }: Script): boolean {
  const last = steps.at(-1)?.invocation;
  return last?.name === "exit" && last.args[0]?.value === "0";
}

/** Unsafe: a build that went on after an error stops there. */
function joinWithAnd({ steps }: Script): Fix | undefined {
  const edits: Edit[] = [];
  for (const { after, kind } of steps.slice(0, -1)) {
    if (after === undefined || after.operator === "||" || after.operator === "&" || kind === "function")
      return undefined;
    if (after.operator !== ";") continue;
    const { source, start } = after.range;
    const isSpaced = /\s/.test(source.text[start - 1] ?? "");
    edits.push({ range: after.range, text: isSpaced ? "&&" : " &&" });
  }
  return { description: "join the commands with `&&`", safety: "unsafe", edits };
}

function* ofMasks(script: Script): Iterable<Finding> {
  for (const { what, mask, written } of maskedFailures(script)) {
    yield {
      kind: "or-true",
      range: mask.range,
      message: `\`${written}\` hides a failing \`${what}\`; let the build stop there`,
    };
  }
}

/** The command in backticks: its first two words. */
function called({ words }: Invocation): string {
  return quoted(
    words
      .slice(0, 2)
      .map(({ text }) => text)
      .join(" "),
  );
}
