import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix, type RuleContext } from "../../src/engine/rule.js";
import { type ExecCommand, execCommandsOf, execCommandsOfService } from "../../src/project/exec-commands.js";
import { type ExecFlaw, execFlaw } from "../../src/project/exec-flaws.js";
import type { StageView } from "../../src/project/model.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "shell/no-shell-syntax-in-exec",
  summary: "Shell syntax stands only where a shell reads it",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    operator: { summary: "`&&`, a pipe, a redirect or a substitution as an argument" },
    variable: { summary: "a variable that nobody expands" },
    glob: { summary: "a pattern that nobody expands" },
    tilde: { summary: "`~` for a home that nobody expands" },
    "one-string": { summary: "a whole command line as the name of a program" },
    "sh-c-split": { summary: "a script for `sh -c` in several words" },
    "first-word": { summary: "a builtin or an assignment as the program" },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "An array is given to the program word by word, and so is a `command` of Compose, which is split like a shell would and then run " +
      "without one. `&&` becomes an argument, `$PORT` stays `$PORT`, and the second command never runs. Most programs do not complain.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#exec-form",
    "https://docs.docker.com/reference/compose-file/services/#command",
  ],
  mentions: { dockerfile: ["["], compose: ["command", "entrypoint"] },
  check: { stage: checkStage, service: checkService },
  examples: {
    bad: [
      {
        name: "an operator in an array",
        kind: "operator",
        files: { Dockerfile: ["FROM node:24.11.0", 'CMD ["npm", "run", "migrate", «"&&"», "npm", "start"]'] },
        message: "`&&` reaches `npm` as an argument: no shell runs here",
      },
      {
        name: "an operator in a string of Compose",
        kind: "operator",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:24.11.0",
            "    command: npm run migrate «&&» npm start",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:24.11.0",
            '    command: ["sh", "-c", "npm run migrate && npm start"]',
          ],
        },
      },
      {
        name: "other operators",
        kind: "operator",
        files: {
          Dockerfile: [
            "FROM node:24.11.0",
            'RUN ["npm", "ci", «">/dev/null"»]',
            'RUN ["echo", «"`hostname`"»]',
            'ENTRYPOINT ["node", "a.js", «"|"», "tee", "log"]',
          ],
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:24.11.0",
            "    entrypoint: [node, a.js, «2>&1»]",
            "    post_start:",
            "      - command: npm run warm«;» npm run check",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:24.11.0",
            "    entrypoint: [node, a.js, 2>&1]",
            "    post_start:",
            '      - command: ["sh", "-c", "npm run warm; npm run check"]',
          ],
        },
      },
      {
        name: "a variable",
        kind: "variable",
        files: {
          Dockerfile: [
            "FROM python:3.13.1",
            'RUN [ "echo", «"$HOME"» ]',
            'CMD ["gunicorn", "-b", «"0.0.0.0:${PORT}"», "app:app"]',
          ],
        },
        message: "`$HOME` reaches `echo` as it is",
      },
      {
        name: "a variable of the container in Compose",
        kind: "variable",
        files: {
          "compose.yaml": [
            "services:",
            "  cache:",
            "    image: redis:8.2.2",
            "    command: redis-server --requirepass «$$PASSWORD»",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  cache:",
            "    image: redis:8.2.2",
            '    command: ["sh", "-c", "redis-server --requirepass $$PASSWORD"]',
          ],
        },
      },
      {
        name: "a pattern",
        kind: "glob",
        files: {
          Dockerfile: [
            "FROM eclipse-temurin:21",
            'RUN ["rm", "-rf", «"/tmp/*"»]',
            'CMD ["java", "-jar", «"target/*.jar"»]',
          ],
        },
      },
      {
        name: "a home",
        kind: "tilde",
        files: { Dockerfile: ["FROM debian:12.8", 'RUN ["mkdir", «"~/cache"»]', 'CMD [«"~/start"»]'] },
      },
      {
        name: "a command line as one word",
        kind: "one-string",
        files: { Dockerfile: ["FROM node:24.11.0", 'ENTRYPOINT [«"node server.js"»]'] },
        message: "`node server.js` is taken for the name of one program",
        fixed: { Dockerfile: ["FROM node:24.11.0", 'ENTRYPOINT ["node", "server.js"]'] },
      },
      {
        name: "a command line as one item",
        kind: "one-string",
        files: {
          "compose.yaml": ["services:", "  api:", "    image: node:24.11.0", '    command: [«"npm start"»]'],
        },
        fixed: { "compose.yaml": ["services:", "  api:", "    image: node:24.11.0", '    command: ["npm", "start"]'] },
      },
      {
        name: "a script in several words",
        kind: "sh-c-split",
        files: { Dockerfile: ["FROM node:24.11.0", 'CMD ["sh", "-c", "npm", «"start"»]'] },
        message: "only `npm` is the script",
        fixed: { Dockerfile: ["FROM node:24.11.0", 'CMD ["sh", "-c", "npm start"]'] },
      },
      {
        name: "an entrypoint that takes one word",
        kind: "sh-c-split",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:24.11.0",
            '    entrypoint: ["sh", "-c"]',
            "    command: npm «start»",
          ],
        },
      },
      {
        name: "builtins and assignments in front",
        kind: "first-word",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:24.11.0",
            "    command: «NODE_ENV=production» node server.js",
            "  web:",
            "    image: node:24.11.0",
            "    command: [«cd», /app]",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:24.11.0",
            '    command: ["sh", "-c", "NODE_ENV=production node server.js"]',
            "  web:",
            "    image: node:24.11.0",
            "    command: [cd, /app]",
          ],
        },
      },
    ],
    good: [
      {
        name: "a shell reads it",
        files: {
          Dockerfile: [
            "FROM node:24.11.0",
            'RUN ["bash", "-ec", "npm ci && rm -rf ~/.npm/*"]',
            'CMD ["sh", "-c", "npm run migrate && exec npm start -- $PORT"]',
          ],
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:24.11.0",
            '    command: sh -c "npm run migrate && exec npm start -- $$PORT"',
            "  web:",
            "    image: node:24.11.0",
            '    entrypoint: ["/bin/bash", "-c"]',
            '    command: ["npm run migrate && npm start"]',
          ],
        },
      },
      {
        name: "shell form",
        files: { Dockerfile: ["FROM node:24.11.0", "CMD npm run migrate && exec npm start -- $PORT"] },
      },
      {
        name: "arguments that hold such signs",
        files: {
          Dockerfile: [
            "FROM nginx:1.27.4",
            'RUN ["find", "/tmp", "-name", "*.log", "-exec", "rm", "{}", ";"]',
            'RUN ["cut", "-d", ";", "-f", "1", "a.csv"]',
            'RUN ["awk", "{ print $NF | $HOME }", "a"]',
            'CMD ["nginx", "-g", "daemon off;"]',
          ],
        },
      },
      {
        name: "programs that expand by themselves",
        files: {
          Dockerfile: [
            "FROM eclipse-temurin:21",
            'RUN ["envsubst", "$PORT"]',
            'RUN ["watch", "ls", "&&", "date"]',
            'CMD ["java", "-jar", "app.jar", "--server.port=${PORT}"]',
          ],
        },
      },
      {
        name: "a password and a regular expression",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:24.11.0",
            "    command: node a.js --password pa$$word --match ^a$$",
          ],
        },
      },
      {
        name: "Compose puts the value in",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:24.11.0",
            "    command: node a.js --port ${PORT} $HOST",
          ],
          ".env": ["PORT=8080"],
        },
      },
      {
        name: "quoted in a string",
        files: {
          "compose.yaml": ["services:", "  api:", "    image: node:24.11.0", `    command: node a.js '&&' ";"`],
        },
      },
      {
        name: "the image hands the words to a shell",
        files: {
          Dockerfile: ["FROM debian:12.8", 'ENTRYPOINT ["/bin/sh", "-c"]', 'CMD ["node server.js && date"]'],
          "compose.yaml": ["services:", "  api:", "    build: .", '    command: ["npm run migrate && npm start"]'],
        },
      },
      {
        name: "an entrypoint script that evaluates its words",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            "COPY entrypoint.sh /",
            'ENTRYPOINT ["/entrypoint.sh"]',
            'CMD ["node", "$FILE"]',
          ],
          "entrypoint.sh": ["#!/bin/sh", 'eval exec "$@"'],
        },
      },
      {
        name: "an argument for an entrypoint",
        files: { Dockerfile: ["FROM debian:12.8", 'ENTRYPOINT ["echo"]', 'CMD ["hello world"]'] },
      },
      {
        name: "names for a script",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            `CMD ["sh", "-c", "echo $0 $1", "a", "b"]`,
            'RUN ["sh", "-c", "./run.sh", "run"]',
          ],
        },
      },
      {
        name: "a probe is another rule's",
        files: { Dockerfile: ["FROM nginx:1.27.4", 'HEALTHCHECK CMD ["curl", "localhost", "||", "exit"]'] },
      },
      {
        name: "an entrypoint in shell form ignores CMD",
        files: { Dockerfile: ["FROM debian:12.8", "ENTRYPOINT node", 'CMD ["a", "&&", "b"]'] },
      },
    ],
  },
});

function* checkStage(stage: StageView, { project }: RuleContext): Iterable<Finding> {
  if (stage.isWindows) return;
  for (const command of execCommandsOf(stage, project)) yield* ofCommand(command);
}

function* checkService(service: Service, { project }: RuleContext): Iterable<Finding> {
  if (service.isWindows) return;
  for (const command of execCommandsOfService(service, project)) yield* ofCommand(command);
}

function* ofCommand(command: ExecCommand): Iterable<Finding> {
  const flaw = execFlaw(command);
  if (flaw === undefined) return;
  const { kind, range } = flaw;
  const { confidence } = command;
  yield { kind, range, message: messageOf(flaw), confidence, fix: fixOf(flaw, command) };
}

function messageOf({ kind, written, program }: ExecFlaw): string {
  const reader = program === "" ? "the program" : quoted(program);
  const what = quoted(written);
  switch (kind) {
    case "operator":
      return `${what} reaches ${reader} as an argument: no shell runs here; write \`sh -c "…"\``;
    case "variable":
    case "glob":
    case "tilde":
      return `${what} reaches ${reader} as it is: no shell expands it here; write \`sh -c "…"\``;
    case "one-string":
      return `${what} is taken for the name of one program; make each word a string of its own`;
    case "sh-c-split":
      return `only ${what} is the script of ${reader}; join the words into one string`;
    case "first-word":
      return `${what} is for a shell, and none runs here; write \`sh -c "…"\``;
  }
}

/** Words without a character that JSON, YAML or a shell gives a meaning. */
const PLAIN = /^[\w./:=@,+%-]+$/;

/** Unsafe: other commands run than before. */
function fixOf({ kind, written, index }: ExecFlaw, command: ExecCommand): Fix | undefined {
  const { words, form, entrypoint, range } = command;
  const { source } = range;
  const word = words[index];
  if (form === "text") return entrypoint.length === 0 || kind !== "sh-c-split" ? useShell(command) : undefined;
  if (word === undefined || source.text[range.start] !== "[") return undefined;
  if (kind === "one-string") {
    const parts = written.split(/\s+/);
    if (!parts.every((part) => PLAIN.test(part))) return undefined;
    const text = parts.map((part) => JSON.stringify(part)).join(", ");
    return {
      description: "make each word a string of its own",
      safety: "unsafe",
      edits: [{ range: word.range, text }],
    };
  }
  const first = words[index - 1];
  const last = words.at(-1);
  if (kind !== "sh-c-split" || first === undefined || last === undefined) return undefined;
  const script = words.slice(index - 1).map(({ value }) => value);
  if (!script.every((part) => PLAIN.test(part))) return undefined;
  const text = JSON.stringify(script.join(" "));
  return {
    description: "join the words into one string",
    safety: "unsafe",
    edits: [{ range: source.range(first.range.start, last.range.end), text }],
  };
}

/** Unsafe: a shell also expands and splits the other words. */
function useShell({ range }: ExecCommand): Fix | undefined {
  const written = range.source.slice(range);
  if (/^["'|>&*!]/.test(written) || /[\r\n\\]/.test(written)) return undefined;
  const text = `["sh", "-c", ${JSON.stringify(written)}]`;
  return { description: "start a shell", safety: "unsafe", edits: [{ range, text }] };
}
