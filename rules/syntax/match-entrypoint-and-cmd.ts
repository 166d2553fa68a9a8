import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix, type RuleContext } from "../../src/engine/rule.js";
import type { Build, CommandView, Project, StageView } from "../../src/project/model.js";
import { execForm, plainCommand } from "../../src/project/simple-command.js";
import {
  isInteractive,
  type LostCommand,
  lostCommand,
  namesArguments,
  startedStages,
  type UseOfCommand,
  useOfCommand,
} from "../../src/project/start-pairs.js";
import { quoted } from "../../src/text/quoted.js";
import { wholeLines } from "../../src/text/whole-lines.js";

export default defineRule({
  id: "syntax/match-entrypoint-and-cmd",
  summary: "ENTRYPOINT and CMD combine as intended",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    "cmd-ignored": { summary: "a CMD beside an ENTRYPOINT in shell form" },
    "cmd-as-shell-args": { summary: "a CMD in shell form beside an ENTRYPOINT in exec form" },
    "cmd-cleared": { summary: "an ENTRYPOINT that takes away the CMD of its parent" },
    none: {
      summary: "neither of them, on an image of a distribution",
      levels: { recommended: "info", strict: "info" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "CMD gives the arguments of ENTRYPOINT. A shell that stands in front, because ENTRYPOINT is no array, does not hand them " +
      "on; one that CMD brings along arrives as `/bin/sh -c …` where the program expects its own arguments.",
    "ENTRYPOINT takes away the CMD that a parent has set: the container starts without arguments, and often ends at once.",
    "An image of a distribution starts a shell, which ends as soon as nobody is there to type.",
  ],
  references: ["https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact"],
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "a shell that hands nothing on",
        kind: "cmd-ignored",
        message: "ENTRYPOINT on line 2",
        files: { Dockerfile: ["FROM node:22", "ENTRYPOINT /run.sh", '«CMD ["serve"]»'] },
      },
      {
        name: "of a parent stage",
        kind: "cmd-ignored",
        files: {
          Dockerfile: ["FROM node:22 AS base", "ENTRYPOINT node server.js", "FROM base", '«CMD ["--port=80"]»'],
        },
      },
      {
        name: "a shell as argument",
        kind: "cmd-as-shell-args",
        message: "`/bin/sh -c`",
        files: { Dockerfile: ["FROM node:22", 'ENTRYPOINT ["node"]', "«CMD server.js --port 80»"] },
        fixed: { Dockerfile: ["FROM node:22", 'ENTRYPOINT ["node"]', 'CMD ["server.js", "--port", "80"]'] },
      },
      {
        name: "a shell for a shell",
        kind: "cmd-as-shell-args",
        files: { Dockerfile: ["FROM node:22", 'ENTRYPOINT ["/bin/sh", "-c"]', "«CMD node server.js && true»"] },
      },
      {
        name: "a script that runs its arguments, which works",
        kind: "cmd-as-shell-args",
        message: "array",
        files: {
          Dockerfile: ["FROM node:22", "COPY run.sh /run.sh", 'ENTRYPOINT ["/run.sh"]', "«CMD echo $HOME»"],
          "run.sh": '#!/bin/sh\nset -e\nexec "$@"\n',
        },
      },
      {
        name: "the command of the parent stage",
        kind: "cmd-cleared",
        message: '`CMD ["serve"]`',
        files: {
          Dockerfile: ["FROM node:22 AS base", 'CMD ["serve"]', "FROM base", '«ENTRYPOINT ["/entry.sh"]»', "USER node"],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22 AS base",
            'CMD ["serve"]',
            "FROM base",
            'ENTRYPOINT ["/entry.sh"]',
            'CMD ["serve"]',
            "USER node",
          ],
        },
      },
      {
        name: "the command of the base image",
        kind: "cmd-cleared",
        files: { Dockerfile: ["FROM nginx:1.27", "RUN apt-get install -y tini", '«ENTRYPOINT ["tini", "--"]»'] },
        fixed: {
          Dockerfile: [
            "FROM nginx:1.27",
            "RUN apt-get install -y tini",
            'ENTRYPOINT ["tini", "--"]',
            'CMD ["nginx", "-g", "daemon off;"]',
          ],
        },
      },
      {
        name: "nothing to start",
        kind: "none",
        files: {
          Dockerfile: ["FROM «debian:12»", "COPY server /usr/local/bin/server"],
          "compose.yaml": ["services:", "  api:", "    build: ."],
        },
      },
    ],
    good: [
      {
        name: "arrays",
        files: { Dockerfile: ["FROM node:22", 'ENTRYPOINT ["/run.sh"]', 'CMD ["serve"]'] },
      },
      {
        name: "a shell that is given the arguments by name",
        files: { Dockerfile: ["FROM node:22", 'ENTRYPOINT exec node server.js "$0" "$@"', 'CMD ["serve"]'] },
      },
      {
        name: "an empty CMD",
        files: { Dockerfile: ["FROM node:22", "ENTRYPOINT node server.js", "CMD []"] },
      },
      {
        name: "programs that start what follows",
        files: {
          Dockerfile: ["FROM node:22", 'ENTRYPOINT ["tini", "--"]', "CMD node server.js"],
          "poetry.Dockerfile": ["FROM python:3.12", 'ENTRYPOINT ["poetry", "run"]', "CMD gunicorn shop:app"],
          "gosu.Dockerfile": ["FROM node:22", 'ENTRYPOINT ["gosu", "node"]', "CMD node server.js"],
        },
      },
      {
        name: "a parent that sets its command for others",
        files: {
          Dockerfile: ["FROM node:22 AS base", 'ENTRYPOINT ["node"]', "CMD server.js", "FROM base", 'CMD ["web.js"]'],
        },
      },
      {
        name: "another program instead of that of the parent",
        files: {
          Dockerfile: [
            "FROM node:22 AS base",
            'CMD ["node", "server.js"]',
            "FROM base",
            'ENTRYPOINT ["node", "worker.js"]',
          ],
        },
      },
      {
        name: "a script that looks at no arguments",
        files: {
          Dockerfile: [
            "FROM node:22 AS base",
            'CMD ["node", "server.js"]',
            "FROM base",
            "COPY run.sh /run.sh",
            'ENTRYPOINT ["/run.sh"]',
          ],
          "run.sh": "#!/bin/sh\nexec node worker.js\n",
        },
      },
      {
        name: "a base that only offers a shell or an interpreter",
        files: { Dockerfile: ["FROM python:3.12", 'ENTRYPOINT ["/entry.sh"]'] },
      },
      {
        name: "a base that nobody knows",
        files: { Dockerfile: ["FROM acme/base:1", 'ENTRYPOINT ["/entry.sh"]'], "web.Dockerfile": ["FROM acme/web:1"] },
      },
      {
        name: "a service that says what to start",
        files: {
          Dockerfile: ["FROM debian:12", "COPY server /usr/local/bin/server"],
          "compose.yaml": ["services:", "  api:", "    build: .", "    command: [server]"],
        },
      },
      {
        name: "a service with a terminal",
        files: {
          Dockerfile: ["FROM debian:12", "COPY server /usr/local/bin/server"],
          "compose.yaml": ["services:", "  shell:", "    build: .", "    tty: true"],
        },
      },
      {
        name: "files to be exported, and an image with a program of its own",
        files: {
          Dockerfile: ["FROM scratch", "COPY dist /"],
          "web.Dockerfile": ["FROM nginx:1.27", "COPY dist /usr/share/nginx/html"],
        },
      },
    ],
  },
});

function* checkBuild(build: Build, { project }: RuleContext): Iterable<Finding> {
  for (const stage of startedStages(build)) {
    const { entrypoint, cmd } = stage.evaluated.state;
    if (entrypoint !== undefined && cmd !== undefined) yield* checkPair(stage, project);
    else if (entrypoint !== undefined) yield* checkLost(stage, project);
    else if (cmd === undefined && stage === build.target) yield* checkAbsent(stage);
  }
}

function* checkPair(stage: StageView, project: Project): Iterable<Finding> {
  const { entrypoint, command } = stage;
  if (entrypoint === undefined || command === undefined || isEmpty(command) || isEmpty(entrypoint)) return;
  const { headRange: range } = command.instruction;
  const { headRange } = entrypoint.instruction;
  const related = [{ range: headRange, message: "the ENTRYPOINT" }];
  if (entrypoint.argv === undefined) {
    if (namesArguments(entrypoint)) return;
    const { line } = headRange.source.positionAt(headRange.start);
    const message = `the shell of ENTRYPOINT on line ${line} hands no arguments on; write ENTRYPOINT as an array`;
    yield { kind: "cmd-ignored", range, message, related };
    return;
  }
  if (command.argv !== undefined) return;
  const use = useOfCommand(stage, project);
  if (use === undefined || use === "runs") return;
  const message = `${quoted(entrypoint.argv[0] ?? "")} gets \`/bin/sh -c\` and this text as arguments; write CMD as an array`;
  yield { kind: "cmd-as-shell-args", range, message, related, fix: toArray(command), ...certaintyOf(use) };
}

function certaintyOf(use: UseOfCommand): Pick<Finding, "atMost" | "confidence"> {
  if (use === "hands-on") return { atMost: "info" };
  return use === "may-run" ? { confidence: "low" } : {};
}

function isEmpty({ instruction }: CommandView): boolean {
  if (!("command" in instruction)) return true;
  const { command } = instruction;
  return command.kind === "json" ? command.items.length === 0 : command.text === "";
}

/** Unsafe: no shell reads the words any more. */
function toArray({ instruction, script }: CommandView): Fix | undefined {
  const words = script === undefined ? undefined : plainCommand(script);
  if (words === undefined) return undefined;
  const edit = { range: instruction.argumentsRange, text: execForm(words) };
  return { description: "write CMD as an array", safety: "unsafe", edits: [edit] };
}

function* checkLost(stage: StageView, project: Project): Iterable<Finding> {
  const { entrypoint, build } = stage;
  if (entrypoint?.argv === undefined || entrypoint.argv.length === 0) return;
  if (build.target === stage && build.services.length > 0 && build.services.every(namesCommand)) return;
  const lost = lostCommand(stage);
  if (lost === undefined) return;
  const use = useOfCommand(stage, project);
  // A program that is complete by itself was meant to take the place of the other.
  if (use === undefined || use === "takes" || use === "ignores") return;
  // Of a base image, only what surely runs its arguments needs the command.
  if (lost.range === undefined && use !== "runs" && use !== "hands-on") return;
  yield lostFinding(entrypoint, lost, use);
}

function lostFinding({ instruction }: CommandView, { written, range }: LostCommand, use: UseOfCommand): Finding {
  const whose = range === undefined ? "of the base image" : "of the parent stage";
  return {
    kind: "cmd-cleared",
    range: instruction.headRange,
    message: `ENTRYPOINT takes away ${quoted(written)} ${whose}; repeat it here`,
    related: range === undefined ? [] : [{ range, message: "the command that is lost" }],
    fix: repeat(instruction, written),
    confidence: use === "runs" || use === "hands-on" ? "high" : "medium",
  };
}

/** Unsafe: the program gets arguments that it did not get. */
function repeat({ range, written: keyword }: CommandView["instruction"], written: string): Fix {
  const { source, end } = wholeLines(range);
  const isLower = keyword === keyword.toLowerCase();
  const text = isLower ? written.replace(/^CMD/, "cmd") : written;
  const endsInBreak = /[\r\n]$/.test(source.text.slice(range.start, end));
  const line = endsInBreak ? `${text}${source.lineBreak}` : `${source.lineBreak}${text}`;
  return {
    description: "repeat the command",
    safety: "unsafe",
    edits: [{ range: source.range(end, end), text: line }],
  };
}

function* checkAbsent(stage: StageView): Iterable<Finding> {
  const { facts, build, isExport, isWindows, lineage, anchor: range } = stage;
  if (facts?.service?.kind !== "base" || isExport || isWindows) return;
  if (facts.entrypoint !== undefined && facts.entrypoint.length > 0) return;
  if (facts.command === undefined || !isInteractive(facts.command)) return;
  const isSet = lineage.some(({ evaluated: { state } }) => state.cmd !== undefined || state.entrypoint !== undefined);
  if (isSet || (build.services.length > 0 && build.services.every(isStartedOtherwise))) return;
  const message = "the image starts a shell, which ends at once; say what to run with ENTRYPOINT or CMD";
  // Without a service, nobody knows whether the image is there to be run.
  yield { kind: "none", range, message, confidence: build.services.length > 0 ? "medium" : "low" };
}

function namesCommand(service: Service): boolean {
  return service.at("command") !== undefined || service.at("entrypoint") !== undefined;
}

function isStartedOtherwise(service: Service): boolean {
  return namesCommand(service) || service.at("tty") !== undefined || service.at("stdin_open") !== undefined;
}
