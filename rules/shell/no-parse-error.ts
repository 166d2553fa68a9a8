import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type RuleContext } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import { shellProblemOf } from "../../src/project/parse-errors.js";
import { scriptsOfService } from "../../src/project/service-scripts.js";
import { swallowingComment, writtenCommands } from "../../src/project/written-commands.js";
import type { Script } from "../../src/shell/model.js";

export default defineRule({
  id: "shell/no-parse-error",
  summary: "Shell code can be parsed",
  levels: { recommended: "warning", strict: "error" },
  roles: "all",
  fixable: "never",
  why: [
    "A shell that meets a syntax error runs nothing of the line, or only what stood before it. In a RUN the build stops there; in " +
      "a start command or a probe it shows when the container runs.",
  ],
  references: ["https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_10"],
  yieldsTo: ["syntax/use-valid-json-form"],
  check: { stage: checkStage, service: checkService },
  examples: {
    bad: [
      {
        name: "an open quote",
        files: { Dockerfile: ["FROM debian:12.8", 'RUN echo «"done»'] },
        message: "unterminated double quote",
      },
      {
        name: "nothing after the operator",
        files: { Dockerfile: ["FROM debian:12.8", "RUN apt-get update «&&»"] },
        message: "no command follows `&&`",
      },
      {
        name: "nothing after the operator of the last line",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            "RUN apt-get update && \\",
            "    apt-get install -y curl «&&»",
            "USER www-data",
          ],
        },
      },
      {
        name: "a branch without end",
        files: { Dockerfile: ["FROM debian:12.8", 'RUN if [ -f x ]; then echo «"yes"»'] },
        message: "`if` is never closed; end it with `fi`",
      },
      { name: "a word is missing", files: { Dockerfile: ["FROM debian:12.8", "RUN if [ -f x ]; echo yes; «fi»"] } },
      { name: "an operator too many", files: { Dockerfile: ["FROM debian:12.8", "RUN make; «; make install»"] } },
      {
        name: "in the middle of joined lines",
        files: { Dockerfile: ["FROM debian:12.8", "RUN make \\", "  && echo «)» \\", "  && make install"] },
      },
      {
        name: "a heredoc",
        files: { Dockerfile: ["FROM debian:12.8", "RUN <<EOF", "for i in a b; do", "  echo «$i»", "EOF"] },
      },
      {
        name: "exec form with a shell",
        files: { Dockerfile: ["FROM debian:12.8", `CMD ["sh", "-c", "echo «'done»"]`] },
      },
      {
        name: "a probe and a trigger",
        files: { Dockerfile: ["FROM debian:12.8", "HEALTHCHECK CMD curl localhost «||»", "ONBUILD RUN make «|»"] },
      },
      {
        name: "Compose",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:24.11.0",
            '    command: ["sh", "-c", "npm run migrate «&&»"]',
            "    healthcheck:",
            "      test: curl -f localhost «||»",
          ],
        },
      },
    ],
    good: [
      {
        name: "closed",
        files: { Dockerfile: ["FROM debian:12.8", 'RUN echo "done"', "RUN if [ -f x ]; then make; fi"] },
      },
      {
        name: "syntax of bash",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            'SHELL ["/bin/bash", "-c"]',
            "RUN [[ -f x && $y =~ ^a(b|c)$ ]] && a=(1 2) && diff <(sort a) <(sort b) && ((x++)) && echo $'\\n' <<< x",
          ],
        },
      },
      {
        name: "shells that are not read",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            'SHELL ["/bin/zsh", "-c"]',
            "RUN print -l **/*(.)",
            'SHELL ["pwsh", "-c"]',
            "RUN if ($x) { 'a' }",
          ],
        },
      },
      {
        name: "a template",
        files: { Dockerfile: ["FROM debian:12.8", "RUN echo {{ if .Debug }} debug && {{ end }}"] },
      },
      {
        name: "a comment that swallows is another rule's",
        files: { Dockerfile: ["FROM debian:12.8", "RUN if make; then # build \\", "  make install; \\", "  fi"] },
      },
      {
        name: "a script in python",
        files: { Dockerfile: ["FROM python:3.13.1", "RUN <<EOF", "#!/usr/bin/env python3", "print('a')", "EOF"] },
      },
      {
        name: "a value that nobody knows",
        files: {
          "compose.yaml": ["services:", "  api:", "    image: node:24.11.0", "    healthcheck: {test: '${PROBE} ||'}"],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  for (const command of writtenCommands(stage)) {
    const { script, text, commands } = command;
    if (script !== undefined) {
      if (swallowingComment(command) === undefined) yield* ofScript(script);
    } else if (text.kind === "json") {
      for (const { nested, via } of commands)
        if (via === "exec-form") for (const inner of nested) yield* ofScript(inner);
    }
  }
}

function* checkService(service: Service, { project }: RuleContext): Iterable<Finding> {
  for (const script of scriptsOfService(service, project)) yield* ofScript(script);
}

function* ofScript(script: Script): Iterable<Finding> {
  const problem = shellProblemOf(script);
  if (problem !== undefined) yield problem;
}
