import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import type { CommandView, Project, StageView } from "../../src/project/model.js";
import { servicesShipping } from "../../src/project/service-view.js";
import { execForm, plainCommand } from "../../src/project/simple-command.js";
import { type WrittenCommand, writtenCommands } from "../../src/project/written-commands.js";
import type { Script } from "../../src/shell/model.js";
import { quoted } from "../../src/text/quoted.js";
import type { Range } from "../../src/text/source.js";

const options = {
  judge: option.choice({
    words: ["main-process", "start", "all"],
    default: "main-process",
    description:
      "`main-process`: what containers of a target start as PID 1; `start`: every CMD and ENTRYPOINT without a SHELL of its " +
      "own; `all`: every CMD, ENTRYPOINT and HEALTHCHECK",
  }),
};

export default defineRule({
  id: "shell/use-exec-form",
  summary: "The main process runs without a shell in front of it",
  levels: { recommended: "warning", checklist: "warning", strict: "error" },
  roles: ["production", "test", "ci"],
  fixable: "sometimes",
  aliases: [
    "hadolint:DL3025",
    "buildkit:JSONArgsRecommended",
    "kics:not-using-json-in-cmd-and-entrypoint-arguments",
    "kics:b86987e1-6397-4619-81d5-8807f2387c79",
    "semgrep:prefer-json-notation",
  ],
  why: [
    "In shell form the program is a child of `/bin/sh -c`. The shell is PID 1, gets the SIGTERM of `docker stop` and passes it " +
      "to nobody: the program is killed after the grace period, in the middle of what it does. ENTRYPOINT in shell form also " +
      "ignores CMD and the arguments of `docker run`.",
    "A SHELL instruction, or a command line that ends in `exec …`, says that the shell is wanted and takes no harm from it.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#shell-and-exec-form",
    "https://docs.docker.com/reference/build-checks/json-args-recommended/",
  ],
  options,
  presetOptions: { hadolint: { judge: "all" }, buildkit: { judge: "start" } },
  yieldsTo: ["shell/use-available-shell#start", "syntax/use-valid-json-form"],
  mentions: { dockerfile: ["cmd", "entrypoint"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a command line",
        files: { Dockerfile: ["FROM node:24.11.0", "«CMD node server.js»"] },
        message: "`CMD node server.js` runs under `/bin/sh`",
        fixed: { Dockerfile: ["FROM node:24.11.0", 'CMD ["node", "server.js"]'] },
      },
      {
        name: "an entrypoint, quotes taken apart",
        files: { Dockerfile: ["FROM python:3.13.1", `«ENTRYPOINT gunicorn 'app:make("prod")' --bind "0.0.0.0:8000"»`] },
        fixed: {
          Dockerfile: [
            "FROM python:3.13.1",
            `ENTRYPOINT ["gunicorn", "app:make(\\"prod\\")", "--bind", "0.0.0.0:8000"]`,
          ],
        },
      },
      {
        name: "a variable needs the shell: no fix",
        files: { Dockerfile: ["FROM python:3.13.1", "«CMD gunicorn app:app --bind 0.0.0.0:$PORT»"] },
      },
      {
        name: "several commands",
        files: { Dockerfile: ["FROM node:24.11.0", "«CMD npm run migrate && npm start»"] },
      },
      {
        name: "an array that is no JSON is a command line",
        files: { Dockerfile: ["FROM alpine:3.22", "«CMD [python, /usr/src/app/app.py]»"] },
      },
      {
        name: "lines joined",
        files: { Dockerfile: ["FROM node:24.11.0", "«CMD node \\", "  server.js»"] },
        fixed: { Dockerfile: ["FROM node:24.11.0", 'CMD ["node", "server.js"]'] },
      },
      {
        name: "inherited from an earlier stage",
        files: { Dockerfile: ["FROM node:24.11.0 AS base", "«CMD npm start»", "FROM base", "USER node"] },
        fixed: { Dockerfile: ["FROM node:24.11.0 AS base", 'CMD ["npm", "start"]', "FROM base", "USER node"] },
      },
      {
        name: "only the command is overridden, not the entrypoint",
        files: {
          Dockerfile: ["FROM node:24.11.0", "«ENTRYPOINT node server.js»"],
          "compose.yaml": ["services:", "  api:", "    build: .", "    command: [--verbose]"],
        },
        fixed: { Dockerfile: ["FROM node:24.11.0", 'ENTRYPOINT ["node", "server.js"]'] },
      },
      {
        name: "as hadolint: every stage, probes and triggers too",
        preset: "hadolint",
        files: {
          Dockerfile: [
            "FROM node:24.11.0 AS build",
            "«CMD npm test»",
            "FROM node:24.11.0",
            'SHELL ["/bin/bash", "-c"]',
            "«HEALTHCHECK CMD curl -f http://localhost/»",
            "«ENTRYPOINT exec node server.js»",
            "ONBUILD «CMD node»",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM node:24.11.0 AS build",
            'CMD ["npm", "test"]',
            "FROM node:24.11.0",
            'SHELL ["/bin/bash", "-c"]',
            'HEALTHCHECK CMD ["curl", "-f", "http://localhost/"]',
            "ENTRYPOINT exec node server.js",
            'ONBUILD CMD ["node"]',
          ],
        },
      },
      {
        name: "as BuildKit: everything that starts without a SHELL",
        preset: "buildkit",
        files: { Dockerfile: ["FROM alpine:3.22", "«CMD exec top -b»", "«ENTRYPOINT my-program start»"] },
        fixed: { Dockerfile: ["FROM alpine:3.22", "CMD exec top -b", 'ENTRYPOINT ["my-program", "start"]'] },
      },
    ],
    good: [
      { name: "exec form", files: { Dockerfile: ["FROM node:24.11.0", 'CMD ["node", "server.js"]'] } },
      {
        name: "exec form over several lines",
        preset: "hadolint",
        files: {
          Dockerfile: [
            "FROM node:24.11.0",
            'CMD [ "/bin/sh", "-c", \\',
            '      "echo foo && \\',
            '       echo bar" \\',
            "    ]",
            'ENTRYPOINT [ "something" ]',
          ],
        },
      },
      {
        name: "a shell of the author's choice",
        files: { Dockerfile: ["FROM debian:12.8", 'SHELL ["/bin/bash", "-c"]', 'ENTRYPOINT echo "hello world"'] },
      },
      {
        name: "a SHELL of the base stage, as BuildKit",
        preset: "buildkit",
        files: {
          Dockerfile: [
            "FROM alpine:3.22 AS base",
            'SHELL ["/bin/sh", "-ec"]',
            "FROM base",
            'ENTRYPOINT echo "hello world"',
          ],
        },
      },
      {
        name: "exec replaces the shell",
        files: { Dockerfile: ["FROM node:24.11.0", "CMD exec node server.js --port=$PORT"] },
      },
      {
        name: "exec at the end",
        files: { Dockerfile: ["FROM node:24.11.0", "CMD npm run migrate && exec npm start"] },
      },
      {
        name: "a stage that does not ship",
        files: {
          Dockerfile: ["FROM node:24.11.0 AS test", "CMD npm test", "FROM nginx:1.27.4", "COPY --from=test /app /app"],
        },
      },
      {
        name: "a probe wants a shell",
        files: { Dockerfile: ["FROM nginx:1.27.4", "HEALTHCHECK CMD curl -f localhost || exit 1"] },
      },
      {
        name: "overridden later",
        files: { Dockerfile: ["FROM node:24.11.0", "CMD npm start", 'CMD ["node", "server.js"]'] },
      },
      {
        name: "Compose overrides it",
        files: {
          Dockerfile: ["FROM node:24.11.0", "CMD npm start"],
          "compose.yaml": ["services:", "  api:", "    build: .", "    command: [node, server.js]"],
        },
      },
      {
        name: "Windows has no SIGTERM",
        files: { Dockerfile: ["FROM mcr.microsoft.com/windows/nanoserver:ltsc2022", "CMD app.exe"] },
      },
      {
        name: "an ENTRYPOINT in shell form never looks at CMD",
        files: { Dockerfile: ["FROM node:24.11.0", "ENTRYPOINT exec node server.js", "CMD npm start"] },
      },
      { name: "emptied", files: { Dockerfile: ["FROM node:24.11.0", "CMD []", "ENTRYPOINT []"] } },
      { name: "a development image", files: { "Dockerfile.dev": ["FROM node:24.11.0", "CMD npm run dev"] } },
    ],
  },
});

function* checkStage(
  stage: StageView,
  { options: { judge }, project }: RuleContext<typeof options>,
): Iterable<Finding> {
  if (judge === "main-process") {
    if (stage.build.target !== stage || stage.isWindows) return;
    // ENTRYPOINT in shell form drops CMD.
    const views = stage.entrypoint?.script === undefined ? [stage.entrypoint, stage.command] : [stage.entrypoint];
    for (const view of views) {
      const finding = view === undefined ? undefined : ofMainProcess(view, stage, project);
      if (finding !== undefined) yield finding;
    }
    return;
  }
  if (judge === "start" && !stage.isReached) return;
  for (const command of writtenCommands(stage)) {
    const { instruction, script, text } = command;
    if (instruction.keyword === "RUN" || text.kind !== "shell" || text.text === "" || script === undefined) continue;
    if (judge === "start" && !isStart(command)) continue;
    yield toFinding(instruction.keyword, instruction.headRange, text.range, script);
  }
}

/** What BuildKit judges: triggers run in another build, and a SHELL says that one is wanted. */
function isStart({ instruction, isTrigger, step }: WrittenCommand): boolean {
  return instruction.keyword !== "HEALTHCHECK" && !isTrigger && step.state.shell === undefined;
}

function ofMainProcess(view: CommandView, stage: StageView, project: Project): Finding | undefined {
  const { instruction, script, step } = view;
  if (script === undefined || instruction.keyword === "HEALTHCHECK" || instruction.command.kind !== "shell")
    return undefined;
  // What another Dockerfile writes is reported there.
  if (step.state.shell !== undefined || view.stage.build !== stage.build) return undefined;
  if (isExec(script) || isOverridden(instruction.keyword, stage, project)) return undefined;
  return toFinding(instruction.keyword, instruction.headRange, instruction.command.range, script);
}

/** `exec node server.js`, also after other commands: the program takes the place of the shell. */
function isExec({ steps }: Script): boolean {
  return steps.at(-1)?.invocation?.wrappers[0]?.name === "exec";
}

/** Whether every service that runs the image starts something else. */
function isOverridden(keyword: "CMD" | "ENTRYPOINT", { build }: StageView, project: Project): boolean {
  const services = servicesShipping(build, project);
  if (services.length === 0) return false;
  return services.every(({ entrypoint, command }) => {
    if (entrypoint !== undefined && entrypoint.form !== "image") return true;
    return keyword === "CMD" && command !== undefined && command.form !== "image";
  });
}

function toFinding(
  keyword: "CMD" | "ENTRYPOINT" | "HEALTHCHECK",
  range: Range,
  commandRange: Range,
  script: Script,
): Finding {
  const written = keyword === "HEALTHCHECK" ? "HEALTHCHECK CMD" : keyword;
  const line = commandRange.source.slice(commandRange).replace(/[ \t]*[\\`][ \t]*\r?\n[ \t]*/g, " ");
  const isBrokenArray = line.startsWith("[");
  const argv = isBrokenArray ? undefined : plainCommand(script);
  const remedy = isBrokenArray
    ? "a JSON array needs double quotes"
    : argv === undefined
      ? "put `exec` in front, or start a script"
      : "use the JSON form";
  // Only some presets judge these: they keep no signal from anybody.
  const isHarmless = keyword === "HEALTHCHECK" || isExec(script);
  return {
    range,
    message: isHarmless
      ? `${quoted(`${written} ${line}`)} is in shell form; use the JSON form`
      : `${quoted(`${written} ${line}`)} runs under \`/bin/sh\`, which keeps SIGTERM to itself; ${remedy}`,
    fix: argv === undefined ? undefined : useArray(commandRange, argv),
  };
}

/** Safe: the same program gets the same words; a shell did nothing else for it. */
function useArray(range: Range, argv: readonly string[]): Fix | undefined {
  const text = range.source.slice(range);
  // A comment between the lines would be lost.
  if (text.includes("\n") && text.includes("#")) return undefined;
  return { description: "use the JSON form", safety: "safe", edits: [{ range, text: execForm(argv) }] };
}
