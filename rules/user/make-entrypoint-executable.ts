import { defineRule, type Finding, type Fix, type Related, type RuleContext } from "../../src/engine/rule.js";
import type { CopyView, StageView } from "../../src/project/model.js";
import { interpreterOf, missingStarts, type StartedFile, startedFiles } from "../../src/project/started-files.js";
import { allowsExecute, parseFileMode } from "../../src/values/file-mode.js";

export default defineRule({
  id: "user/make-entrypoint-executable",
  summary: "The start script can be executed",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    mode: { summary: "Nothing gives the file the bit to execute" },
    shebang: { summary: "The file is no program, and does not say what runs it" },
    missing: { summary: "The folder is copied, but the file is not in it" },
    crlf: { summary: "The line `#!` ends in a carriage return, which becomes part of the program's name" },
    interpreter: { summary: "The program behind `#!` is not in the image" },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Such an image builds, and its container ends at once: with `permission denied`, `exec format error`, or `no such file or " +
      "directory` about a file that is there.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#copy---chown---chmod",
    "https://docs.docker.com/reference/dockerfile/#exec-form-entrypoint-example",
    "https://man7.org/linux/man-pages/man2/execve.2.html",
  ],
  mentions: { dockerfile: ["copy", "add", "from"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a script of mode 0644",
        kind: "mode",
        message: "`--chmod=755`",
        files: {
          Dockerfile: ["FROM debian:12-slim", "COPY entrypoint.sh /", 'ENTRYPOINT [«"/entrypoint.sh"»]'],
          "entrypoint.sh": ["#!/bin/sh", 'exec "$@"'],
        },
        fixed: {
          Dockerfile: ["FROM debian:12-slim", "COPY --chmod=755 entrypoint.sh /", 'ENTRYPOINT ["/entrypoint.sh"]'],
        },
      },
      {
        name: "a heredoc, and a mode that does not help",
        kind: "mode",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "COPY <<EOF /start.sh",
            "#!/bin/sh",
            "exec api",
            "EOF",
            "COPY --chmod=644 check.sh /usr/bin/check.sh",
            "HEALTHCHECK CMD «/usr/bin/check.sh»",
            "CMD «/start.sh»",
          ],
          "check.sh": ["#!/bin/sh", "true"],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "COPY --chmod=755 <<EOF /start.sh",
            "#!/bin/sh",
            "exec api",
            "EOF",
            "COPY --chmod=755 check.sh /usr/bin/check.sh",
            "HEALTHCHECK CMD /usr/bin/check.sh",
            "CMD /start.sh",
          ],
        },
      },
      {
        name: "a folder, of which other files should stay as they are",
        kind: "mode",
        files: {
          Dockerfile: ["FROM eclipse-temurin:21", "WORKDIR /src", "COPY . .", "RUN «./mvnw» package"],
          mvnw: ["#!/bin/sh", "exec java"],
        },
      },
      {
        name: "no line that says what runs it",
        kind: "shebang",
        files: {
          Dockerfile: ["FROM debian:12-slim", "COPY --chmod=755 start.sh /", 'ENTRYPOINT [«"/start.sh"»]'],
          "start.sh": ["exec /srv/api"],
        },
      },
      {
        name: "a folder without the file",
        kind: "missing",
        message: "`docker/start.sh`",
        files: {
          Dockerfile: ["FROM debian:12-slim", "COPY docker /docker", 'ENTRYPOINT [«"/docker/start.sh"»]'],
          "docker/run.sh": ["#!/bin/sh"],
        },
      },
      {
        name: "line ends of Windows",
        kind: "crlf",
        files: {
          Dockerfile: ["FROM debian:12-slim", "COPY --chmod=755 start.sh /", 'ENTRYPOINT [«"/start.sh"»]'],
          "start.sh": "#!/bin/sh\r\nexec /srv/api\r\n",
        },
      },
      {
        name: "a shell that Alpine does not have",
        kind: "interpreter",
        message: "`bash`",
        files: {
          Dockerfile: ["FROM alpine:3.20", "COPY --chmod=755 start.sh /", 'ENTRYPOINT [«"/start.sh"»]'],
          "start.sh": ["#!/usr/bin/env bash", "exec /srv/api"],
        },
      },
    ],
    good: [
      {
        name: "a mode, with the copy or later",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "COPY --chmod=755 entrypoint.sh /",
            "COPY --chmod=a+rx check.sh /check.sh",
            "COPY scripts/ /scripts/",
            "RUN chmod +x /scripts/*.sh",
            "RUN /scripts/prepare.sh",
            "HEALTHCHECK CMD /check.sh",
            'ENTRYPOINT ["/entrypoint.sh"]',
          ],
          "entrypoint.sh": ["#!/bin/sh"],
          "check.sh": ["#!/bin/sh"],
          "scripts/prepare.sh": ["#!/bin/sh"],
        },
      },
      {
        name: "run by a shell",
        files: {
          Dockerfile: ["FROM debian:12-slim", "COPY start.sh /", "RUN sh /start.sh", 'ENTRYPOINT ["sh", "/start.sh"]'],
          "start.sh": ["exec /srv/api"],
        },
      },
      {
        name: "a shell runs what has no `#!`",
        files: {
          Dockerfile: ["FROM debian:12-slim", "COPY --chmod=755 start.sh /", "CMD /start.sh"],
          "start.sh": ["exec /srv/api"],
        },
      },
      {
        name: "mended while building",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "COPY start.sh /",
            "RUN sed -i 's/\\r$//' /start.sh && chmod 755 /start.sh",
            'ENTRYPOINT ["/start.sh"]',
          ],
          "start.sh": "#!/bin/sh\r\nexec /srv/api\r\n",
        },
      },
      {
        name: "the shell is installed",
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            "RUN apk add --no-cache bash",
            "COPY --chmod=755 start.sh /",
            'ENTRYPOINT ["/start.sh"]',
          ],
          "start.sh": ["#!/bin/bash", "exec /srv/api"],
        },
      },
      {
        name: "made by a step, ignored by git, or from elsewhere",
        files: {
          "api/Dockerfile": [
            "FROM golang:1.23",
            "WORKDIR /src",
            "COPY . .",
            "RUN go build -o server",
            'CMD ["/src/server"]',
          ],
          "api/main.go": ["package main"],
          "web/Dockerfile": ["FROM debian:12-slim", "COPY bin /srv/bin", 'CMD ["/srv/bin/web"]'],
          "web/bin/README": ["built by make"],
          ".gitignore": ["web/bin/web"],
          "jobs/Dockerfile": [
            "FROM debian:12-slim",
            "COPY --from=registry.example.com/jobs:1 / /",
            'CMD ["/srv/jobs"]',
          ],
        },
      },
      {
        name: "an unknown entrypoint gets the command",
        files: {
          Dockerfile: ["FROM registry.example.com/base:1", "COPY start.sh /", 'CMD ["/start.sh"]'],
          "start.sh": ["#!/bin/sh"],
        },
      },
      {
        name: "only if it is there",
        files: {
          Dockerfile: ["FROM debian:12-slim", "COPY . /src", "RUN test -x /src/init && /src/init || true"],
          init: ["#!/bin/sh"],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView, { project }: RuleContext): Iterable<Finding> {
  if (stage.isWindows || !stage.isReached) return;
  const seen = new Set<string>();
  for (const file of startedFiles(stage, project)) {
    if (seen.has(file.path)) continue;
    const finding = checkMode(file) ?? checkText(file, stage);
    if (finding === undefined) continue;
    seen.add(file.path);
    yield finding;
  }
  for (const { path, range, copy } of missingStarts(stage, project)) {
    const [source] = copy.sources;
    const folder = copy.destination === "/" ? "" : (copy.destination ?? "");
    const origin = `${(source?.path ?? "").replace(/^\.?\/+|\/+$/g, "").replace(/^\.$/, "")}${path.slice(folder.length)}`;
    yield {
      kind: "missing",
      range,
      message: `\`${path}\` would be \`${origin.replace(/^\//, "")}\`, which is not there; name a file that is copied`,
      related: [{ range: copy.instruction.headRange, message: "this copies the folder" }],
      confidence: "medium",
    };
  }
}

function checkMode(file: StartedFile): Finding | undefined {
  const { copy, mode, touched, isDirect, path, range } = file;
  if (!isDirect || touched.mode) return undefined;
  const flag = copy.instruction.chmod;
  if (flag === undefined ? mode === undefined || (mode & 0o111) !== 0 : !isWithoutExecute(copy)) return undefined;
  const given = flag === undefined ? octal(mode ?? 0) : (flag.value?.raw ?? "");
  return {
    kind: "mode",
    range,
    message: `\`${path}\` has mode ${given}, so it cannot be executed; copy it with \`--chmod=755\``,
    related: relatedOf(file),
    confidence: touched.isCertain ? "high" : "medium",
    fix: giveMode(file),
  };
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}

/** Whether `--chmod` is known, and leaves nobody the right to execute. */
function isWithoutExecute({ instruction: { chmod }, step }: CopyView): boolean {
  const value = chmod?.value === undefined ? undefined : step.expand(chmod.value);
  const mode = value?.kind === "known" ? parseFileMode(value.value) : undefined;
  if (mode === undefined || mode.kind !== "octal") return false;
  return (["u", "g", "o"] as const).every((who) => allowsExecute(mode, who) === false);
}

/** Safe: the file is a program, and nothing else is copied with it. */
function giveMode({ copy, path }: StartedFile): Fix | undefined {
  const { instruction, sources, destination, isFolder } = copy;
  const [source] = sources;
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (sources.length !== 1 || source?.path === undefined) return undefined;
  if (source.kind === "heredoc" ? isFolder : source.path.replace(/^.*\//, "") !== name && destination !== path) {
    return undefined;
  }
  const description = "add `--chmod=755`";
  const { chmod } = instruction;
  if (chmod !== undefined) {
    if (chmod.valueRange === undefined || chmod.value?.hasVariables === true) return undefined;
    return { description, safety: "safe", edits: [{ range: chmod.valueRange, text: "755" }] };
  }
  const { source: text, end } = instruction.keywordRange;
  return { description, safety: "safe", edits: [{ range: text.range(end, end), text: " --chmod=755" }] };
}

function checkText(file: StartedFile, stage: StageView): Finding | undefined {
  const { text, isExec, path, range, touched } = file;
  if (touched.text || text === "") return undefined;
  const related = relatedOf(file);
  const confidence = touched.isCertain ? "high" : "medium";
  if (!text.startsWith("#!")) {
    if (!isExec) return undefined;
    const message = `\`${path}\` does not start with \`#!\`, so it cannot be executed; begin it with \`#!/bin/sh\``;
    return { kind: "shebang", range, message, related, confidence };
  }
  if (/^[^\n]*\r\n/.test(text)) {
    const message = `\`${path}\` has line ends of Windows, so its interpreter is not found; save it with LF`;
    return { kind: "crlf", range, message, related, confidence };
  }
  const interpreter = interpreterOf(text);
  if (interpreter === undefined || stage.hasCommand(interpreter.name) !== "no") return undefined;
  const message = `\`${path}\` needs \`${interpreter.name}\`, which the image lacks; install it, or change \`#!${interpreter.line}\``;
  return { kind: "interpreter", range, message: clip(message), related, confidence };
}

/** A line of any length must not make a message too long. */
function clip(message: string): string {
  return message.length <= 150 ? message : `${message.slice(0, message.lastIndexOf(";"))}; install it`;
}

function relatedOf({ copy, source }: StartedFile): readonly Related[] {
  const places: Related[] = [{ range: copy.instruction.headRange, message: "this brings the file" }];
  if (source !== undefined) {
    const end = source.text.search(/[\r\n]|$/);
    places.push({ range: source.range(0, end), message: "the first line of the file" });
  }
  return places;
}
