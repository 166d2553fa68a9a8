import { defineRule, type Finding, type Fix, type Related, type RuleContext } from "../../src/engine/rule.js";
import { keptChild, readsArguments, unsafePipe } from "../../src/project/entrypoint-flaws.js";
import { blockIndent } from "../../src/project/inline-indent.js";
import type { CommandView, StageView } from "../../src/project/model.js";
import { startScriptOf } from "../../src/project/start-scripts.js";
import { unnoticedFailure } from "../../src/project/unnoticed-failures.js";
import type { Script } from "../../src/shell/model.js";
import { quoted } from "../../src/text/quoted.js";
import type { Range } from "../../src/text/source.js";

export default defineRule({
  id: "shell/exec-in-entrypoint",
  summary: "Entrypoint scripts hand over to the program and stop on errors",
  levels: { recommended: "info", checklist: "info", strict: "warning" },
  kinds: {
    exec: { summary: "the program stays a child of the script" },
    errexit: { summary: "the script goes on after an error" },
    pipefail: { summary: "an error on the left of a pipe is lost" },
    args: {
      summary: "the script never looks at CMD",
      levels: { recommended: "warning", checklist: "warning", strict: "error" },
    },
  },
  roles: ["production", "test", "ci"],
  fixable: "sometimes",
  why: [
    "The script is PID 1. A program that it starts without `exec` gets no SIGTERM and is killed after the grace period. A script " +
      'that goes on after a failed migration starts the program on a broken database, and one that does not end in `exec "$@"` makes ' +
      "CMD and the arguments of `docker run` a decoration.",
  ],
  references: [
    "https://docs.docker.com/build/building/best-practices/#entrypoint",
    "https://docs.docker.com/reference/dockerfile/#exec-form-entrypoint-example",
  ],
  yieldsTo: ["shell/use-exec-form"],
  mentions: { dockerfile: ["entrypoint", "cmd"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a program below the script",
        kind: "exec",
        files: {
          Dockerfile: ["FROM python:3.13.1", "COPY entrypoint.sh /entrypoint.sh", 'ENTRYPOINT ["/entrypoint.sh"]'],
          "entrypoint.sh": ["#!/bin/sh", "set -e", "alembic upgrade head", "«python» -m app"],
        },
        message: "`python -m app` stays a child of this script and gets no SIGTERM",
        fixed: { "entrypoint.sh": ["#!/bin/sh", "set -e", "alembic upgrade head", "exec python -m app"] },
      },
      {
        name: "the arguments, without exec",
        kind: "exec",
        files: {
          Dockerfile: [
            "FROM python:3.13.1",
            "COPY <<-'EOF' /entrypoint.sh",
            "\t#!/bin/sh",
            '\talembic upgrade head && «"$@"»',
            "EOF",
            'ENTRYPOINT ["/entrypoint.sh"]',
            'CMD ["python", "-m", "app"]',
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM python:3.13.1",
            "COPY <<-'EOF' /entrypoint.sh",
            "\t#!/bin/sh",
            '\talembic upgrade head && exec "$@"',
            "EOF",
            'ENTRYPOINT ["/entrypoint.sh"]',
            'CMD ["python", "-m", "app"]',
          ],
        },
      },
      {
        name: "another user, without exec",
        kind: "exec",
        files: {
          Dockerfile: ["FROM redis:8.2.2", "COPY start.sh /start.sh", 'CMD ["sh", "/start.sh"]'],
          "start.sh": ["chown -R redis /data", "«gosu» redis redis-server"],
        },
        fixed: { "start.sh": ["chown -R redis /data", "exec gosu redis redis-server"] },
      },
      {
        name: "several commands under a SHELL",
        kind: "exec",
        files: {
          Dockerfile: ["FROM node:24.11.0", 'SHELL ["/bin/bash", "-c"]', "CMD npm run migrate && «npm» start"],
        },
        fixed: {
          Dockerfile: ["FROM node:24.11.0", 'SHELL ["/bin/bash", "-c"]', "CMD npm run migrate && exec npm start"],
        },
      },
      {
        name: "errors are passed over",
        kind: "errexit",
        files: {
          Dockerfile: ["FROM python:3.13.1", "COPY entrypoint.sh /entrypoint.sh", 'ENTRYPOINT ["/entrypoint.sh"]'],
          "entrypoint.sh": ["«#!/bin/sh»", "alembic upgrade head", "python seed.py", 'exec "$@"'],
        },
        message: "a failing `alembic upgrade` does not stop this script",
        fixed: { "entrypoint.sh": ["#!/bin/sh", "set -e", "alembic upgrade head", "python seed.py", 'exec "$@"'] },
      },
      {
        name: "a pipe in bash",
        kind: "pipefail",
        files: {
          Dockerfile: ["FROM postgres:17.6", "COPY restore.sh /restore.sh", 'ENTRYPOINT ["/restore.sh"]'],
          "restore.sh": [
            "#!/bin/bash",
            "set -e",
            "curl -fsSL https://example.com/dump.gz «|» gunzip > /dump.sql",
            'exec "$@"',
          ],
        },
      },
      {
        name: "CMD has no effect",
        kind: "args",
        files: {
          Dockerfile: [
            "FROM node:24.11.0",
            "COPY entrypoint.sh /entrypoint.sh",
            'ENTRYPOINT ["/entrypoint.sh"]',
            'CMD ["npm", "start"]',
          ],
          "entrypoint.sh": ["#!/bin/sh", "set -e", "npm run migrate", "«exec» npm start"],
        },
        message: 'this script never runs `CMD ["npm", "start"]`',
      },
    ],
    good: [
      {
        name: "as it is meant to be",
        files: {
          Dockerfile: [
            "FROM python:3.13.1",
            "COPY entrypoint.sh /entrypoint.sh",
            'ENTRYPOINT ["/entrypoint.sh"]',
            'CMD ["python", "-m", "app"]',
          ],
          "entrypoint.sh": [
            "#!/bin/bash",
            "set -euo pipefail",
            "alembic upgrade head",
            "cat a | sort > b",
            'exec "$@"',
          ],
        },
      },
      {
        name: "signals are passed on by hand",
        files: {
          Dockerfile: ["FROM node:24.11.0", "COPY start.sh /start.sh", 'CMD ["/start.sh"]'],
          "start.sh": ["#!/bin/sh", "trap 'kill $pid' TERM", "node server.js &", "pid=$!", "wait $pid"],
        },
      },
      {
        name: "nothing to hand over to",
        files: {
          Dockerfile: ["FROM node:24.11.0", "COPY start.sh /start.sh", 'CMD ["/start.sh"]'],
          "start.sh": ["#!/bin/sh", "node migrate.js || exit 1", "echo done"],
        },
      },
      {
        name: "loops and supervisors",
        files: {
          Dockerfile: ["FROM debian:12.8", "COPY a.sh b.sh /", 'ENTRYPOINT ["/a.sh"]'],
          "a.sh": ["#!/bin/sh", "while true; do date; sleep 60; done"],
        },
      },
      {
        name: "a function at the end",
        files: {
          Dockerfile: ["FROM debian:12.8", "COPY a.sh /a.sh", 'ENTRYPOINT ["/a.sh"]'],
          "a.sh": ["#!/bin/sh", 'main() { exec "$@"; }', 'main "$@"'],
        },
      },
      {
        name: "another language, and scripts that nobody can read",
        files: {
          Dockerfile: [
            "FROM python:3.13.1",
            "COPY start.py /start.py",
            'ENTRYPOINT ["/start.py"]',
            'CMD ["/opt/start.sh"]',
          ],
          "start.py": ["#!/usr/bin/env python3", "print('a')"],
        },
      },
      {
        name: "one command under a SHELL",
        files: { Dockerfile: ["FROM node:24.11.0", 'SHELL ["/bin/bash", "-c"]', "CMD npm start"] },
      },
      {
        name: "a development image",
        files: {
          "Dockerfile.dev": ["FROM node:24.11.0", "COPY start.sh /start.sh", 'CMD ["/start.sh"]'],
          "start.sh": ["#!/bin/sh", "npm ci", "npm run dev"],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView, { project }: RuleContext): Iterable<Finding> {
  if (stage.build.target !== stage || stage.isWindows) return;
  for (const view of [stage.entrypoint, stage.command]) {
    if (view === undefined || view.stage.build !== stage.build) continue;
    const related = [{ range: view.instruction.headRange, message: "this starts the script" }];
    if (view.script !== undefined && view.script.steps.length > 1) yield* ofChild(view.script, [], undefined);
    const start = startScriptOf(view, stage, project);
    if (start.kind === "script") yield* ofScript(start.script, view, stage, related);
  }
}

function* ofScript(
  script: Script,
  view: CommandView,
  stage: StageView,
  related: readonly Related[],
): Iterable<Finding> {
  if (script.skipped !== undefined || script.partial) return;
  const unread = unreadCommand(script, view, stage);
  if (unread === undefined) yield* ofChild(script, related, hasInit(view) ? "info" : undefined);
  else yield unread;
  const failure = script.steps.length < 3 ? undefined : unnoticedFailure(script);
  if (failure !== undefined) {
    const called = quoted(
      failure.command.words
        .slice(0, 2)
        .map(({ text }) => text)
        .join(" "),
    );
    const message = `a failing ${called} does not stop this script; begin it with \`set -e\``;
    yield { kind: "errexit", range: firstLine(script), message, related, fix: startWithErrexit(script, stage, view) };
  }
  const pipe = unsafePipe(script);
  if (pipe !== undefined) {
    const message = "a failure on the left of this pipe is lost; begin the script with `set -o pipefail`";
    yield { kind: "pipefail", range: pipe, message, related };
  }
}

function* ofChild(script: Script, related: readonly Related[], atMost: "info" | undefined): Iterable<Finding> {
  const child = keptChild(script);
  if (child === undefined) return;
  const { range, written } = child;
  const { source, start } = range;
  yield {
    kind: "exec",
    range,
    message: `${quoted(written)} stays a child of this script and gets no SIGTERM; put \`exec\` in front`,
    related,
    atMost,
    // Unsafe: what the shell did after the program (its own traps) is gone.
    fix: {
      description: "put `exec` in front",
      safety: "unsafe",
      edits: [{ range: source.range(start, start), text: "exec " }],
    },
  };
}

/** An init in front passes signals to the script at least. */
function hasInit({ commands }: CommandView): boolean {
  return commands[0]?.wrappers.some(({ name }) => name === "tini" || name === "dumb-init") === true;
}

/** The end of a script that is the ENTRYPOINT and leaves CMD unread. */
function unreadCommand(
  script: Script,
  { instruction, argv }: CommandView,
  { command }: StageView,
): Finding | undefined {
  if (instruction.keyword !== "ENTRYPOINT" || argv === undefined || command === undefined) return undefined;
  const { instruction: cmd, argv: words } = command;
  if (cmd.keyword !== "CMD" || words?.length === 0 || readsArguments(script)) return undefined;
  const last = script.steps.at(-1)?.invocation;
  if (last === undefined) return undefined;
  return {
    kind: "args",
    range: last.wrappers[0]?.range ?? last.nameRange,
    message: `this script never runs ${quoted(cmd.range.source.slice(cmd.range))}; end it with \`exec "$@"\``,
    related: [{ range: cmd.range, message: "the command without effect" }],
  };
}

/** The `#!` line, else the first command. */
function firstLine(script: Script): Range {
  const { text, steps, range } = script;
  if (!text.startsWith("#!")) return steps[0]?.range ?? range;
  const end = text.search(/[\r\n]/);
  return script.rangeAt(0, end === -1 ? text.length : end);
}

/** Unsafe: a start that went on after an error stops there. */
function startWithErrexit({ steps }: Script, stage: StageView, { instruction }: CommandView): Fix | undefined {
  const [first] = steps;
  if (first === undefined) return undefined;
  const { source, start } = first.range;
  const indent = source.text.slice(source.text.lastIndexOf("\n", start - 1) + 1, start);
  if (indent.trim() !== "") return undefined;
  const isInline = source === instruction.range.source;
  const column = isInline ? blockIndent(stage, instruction) : 0;
  const text = `set -e${source.lineBreak}${indent.slice(column)}`;
  return { description: "begin with `set -e`", safety: "unsafe", edits: [{ range: source.range(start, start), text }] };
}
