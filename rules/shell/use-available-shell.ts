import { defineRule, type Finding, type Fix, type Related } from "../../src/engine/rule.js";
import type { CommandView, StageView } from "../../src/project/model.js";
import { missingShells } from "../../src/project/needed-shells.js";
import { execForm, plainCommand } from "../../src/project/simple-command.js";
import { writtenCommands } from "../../src/project/written-commands.js";
import { quoted } from "../../src/text/quoted.js";
import type { Range } from "../../src/text/source.js";

export default defineRule({
  id: "shell/use-available-shell",
  summary: "The shell that is needed exists in the image",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    run: { summary: "RUN in shell form where there is no shell", aliases: ["tally:shell-run-in-scratch"] },
    start: { summary: "CMD or ENTRYPOINT for a shell that is not there" },
    missing: { summary: "another shell than the one that the image has" },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Shell form means `/bin/sh -c`. Images made of one program (`scratch`, distroless) have no such file: the build stops at the " +
      'RUN, and a container ends before it began with `exec: "/bin/sh": no such file or directory`. The same happens with bash where ' +
      "the image brings only a small `sh`.",
  ],
  references: ["https://docs.docker.com/reference/dockerfile/#shell-and-exec-form"],
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a step of the build",
        kind: "run",
        files: { Dockerfile: ["FROM scratch", "«RUN echo» hi", "RUN echo again"] },
        message: "`scratch` has no `/bin/sh`",
      },
      {
        name: "the start command",
        kind: "start",
        files: {
          Dockerfile: [
            "FROM gcr.io/distroless/base-debian12:nonroot",
            "COPY --from=build /myapp /app/myapp",
            "«CMD /app/myapp» --serve",
          ],
        },
        message:
          "`CMD /app/myapp --serve` is shell form, but `gcr.io/distroless/base-debian12:nonroot` has no `/bin/sh`",
        fixed: {
          Dockerfile: [
            "FROM gcr.io/distroless/base-debian12:nonroot",
            "COPY --from=build /myapp /app/myapp",
            'CMD ["/app/myapp", "--serve"]',
          ],
        },
      },
      {
        name: "only the program is copied to a folder of programs",
        kind: "start",
        files: {
          Dockerfile: ["FROM scratch", "COPY --from=build /src/api /usr/local/bin/api", "«ENTRYPOINT api» --serve"],
        },
        fixed: {
          Dockerfile: [
            "FROM scratch",
            "COPY --from=build /src/api /usr/local/bin/api",
            'ENTRYPOINT ["api", "--serve"]',
          ],
        },
      },
      {
        name: "a shell by its name",
        kind: "start",
        files: { Dockerfile: ["FROM scratch", "COPY app /app", '«ENTRYPOINT ["sh"», "-c", "/app $PORT"]'] },
      },
      {
        name: "bash on Alpine",
        kind: "missing",
        files: { Dockerfile: ["FROM alpine:3.22", 'SHELL [«"/bin/bash"», "-c"]', "RUN make"] },
        message: "`alpine:3.22` has no `bash`",
      },
      {
        name: "bash for a script, before it is installed",
        kind: "missing",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "WORKDIR /app",
            "COPY . .",
            "RUN «bash» ./build.sh",
            "RUN apk add --no-cache bash",
          ],
        },
      },
      {
        name: "a shebang",
        kind: "missing",
        files: { Dockerfile: ["FROM alpine:3.22", "RUN <<EOF", "#!/usr/bin/env «bash»", "make", "EOF"] },
      },
      {
        name: "the start command in bash",
        kind: "missing",
        files: { Dockerfile: ["FROM alpine:3.22", 'CMD [«"bash"», "-c", "make run"]'] },
      },
      {
        name: "Node on Alpine",
        kind: "missing",
        files: { Dockerfile: ["FROM node:24.11.0-alpine", "RUN «bash» -c make"] },
      },
    ],
    good: [
      {
        name: "exec form",
        files: { Dockerfile: ["FROM scratch", "COPY app /app", 'RUN ["/app", "--init"]', 'CMD ["/app"]'] },
      },
      {
        name: "a SHELL of its own",
        files: {
          Dockerfile: [
            "FROM scratch",
            "COPY busybox /tools/sh",
            'SHELL ["/tools/sh", "-c"]',
            "RUN echo hi",
            "CMD echo hi",
          ],
        },
      },
      {
        name: "a shell is copied in",
        files: { Dockerfile: ["FROM scratch", "COPY --from=busybox:1.37 /bin /bin", "RUN echo hi"] },
      },
      {
        name: "a system is unpacked",
        files: { Dockerfile: ["FROM scratch", "ADD rootfs.tar.xz /", "RUN echo hi", "CMD bash"] },
      },
      {
        name: "the debug variant",
        files: { Dockerfile: ["FROM gcr.io/distroless/base-debian12:debug", "CMD echo hi"] },
      },
      {
        name: "arguments for an entrypoint",
        files: { Dockerfile: ["FROM scratch", "COPY app /app", 'ENTRYPOINT ["/app"]', 'CMD ["sh"]'] },
      },
      {
        name: "a probe is another rule's",
        files: { Dockerfile: ["FROM scratch", "COPY app /app", "HEALTHCHECK CMD /app --check", 'CMD ["/app"]'] },
      },
      {
        name: "installed first",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "RUN apk add --no-cache bash make && bash -c make",
            'SHELL ["/bin/bash", "-c"]',
          ],
        },
      },
      {
        name: "copied first",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "COPY --from=bash:5.3 /usr/local/bin/bash /usr/local/bin/bash",
            "RUN bash build.sh",
          ],
        },
      },
      {
        name: "asked for",
        files: {
          Dockerfile: ["FROM alpine:3.22", "RUN command -v bash && bash build.sh", "RUN bash build.sh || sh build.sh"],
        },
      },
      {
        name: "Debian has bash",
        files: { Dockerfile: ["FROM debian:12.8", 'SHELL ["/bin/bash", "-c"]', "RUN bash build.sh"] },
      },
      {
        name: "an unknown base",
        files: { Dockerfile: ["FROM registry.example.com/base:1.2", "RUN bash build.sh", "CMD /app"] },
      },
      {
        name: "Windows",
        files: { Dockerfile: ["FROM mcr.microsoft.com/windows/nanoserver:ltsc2022", "RUN echo hi", "CMD app.exe"] },
      },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  if (stage.isWindows) return;
  if (stage.hasShell === "no") {
    yield* ofRuns(stage);
    if (stage.build.target === stage) yield* ofStart(stage);
  } else if (stage.facts !== undefined) yield* ofOthers(stage);
}

/** The first RUN: the build stops there. */
function* ofRuns(stage: StageView): Iterable<Finding> {
  for (const { instruction, step, text, isTrigger } of writtenCommands(stage)) {
    if (instruction.keyword !== "RUN" || isTrigger || text.kind !== "shell" || step.state.shell !== undefined) continue;
    if (text.text === "" || text.script.shebang !== undefined) continue;
    const line = quoted(`RUN ${text.text}`);
    yield {
      kind: "run",
      range: beginning(instruction.keywordRange, text.range),
      message: `${line} is shell form, but ${baseOf(stage)} has no \`/bin/sh\`; do it in an earlier stage`,
      related: fromOf(stage),
    };
    return;
  }
}

function* ofStart(stage: StageView): Iterable<Finding> {
  const { entrypoint, command } = stage;
  for (const view of [entrypoint, command]) {
    if (view === undefined || view.stage.build !== stage.build || view.step.state.shell !== undefined) continue;
    const { instruction, argv, script } = view;
    if (instruction.keyword === "HEALTHCHECK") continue;
    if (argv !== undefined && !(startsShell(view) && (view === entrypoint || takesNothing(stage)))) continue;
    if (script !== undefined && instruction.command.kind === "shell" && instruction.command.text === "") continue;
    const { keyword, keywordRange, command: text } = instruction;
    const written = text.kind === "shell" ? text.text : execForm(argv ?? []);
    const form = argv === undefined ? "is shell form" : "needs a shell";
    yield {
      kind: "start",
      range: beginning(keywordRange, text.kind === "json" ? (text.items[0]?.range ?? text.range) : text.range),
      message: `${quoted(`${keyword} ${written}`)} ${form}, but ${baseOf(stage)} has no \`/bin/sh\`; start the program itself`,
      related: fromOf(stage),
      fix: script === undefined ? undefined : useArray(text.range, plainCommand(script)),
    };
  }
}

function startsShell({ argv }: CommandView): boolean {
  const program = argv?.[0] ?? "";
  return program === "sh" || program === "bash" || program === "/bin/sh" || program === "/bin/bash";
}

/** No ENTRYPOINT takes CMD for its arguments. */
function takesNothing({ entrypoint, facts, isScratch }: StageView): boolean {
  return entrypoint === undefined && (isScratch || facts?.entrypoint?.length === 0);
}

/** Unsafe: it did not start before. */
function useArray(range: Range, argv: readonly string[] | undefined): Fix | undefined {
  if (argv === undefined || range.source.slice(range).includes("#")) return undefined;
  return { description: "use the JSON form", safety: "unsafe", edits: [{ range, text: execForm(argv) }] };
}

function* ofOthers(stage: StageView): Iterable<Finding> {
  for (const { name, range } of missingShells(stage)) {
    const message = `${baseOf(stage)} has no \`${name}\`; use \`sh\`, or install ${name} first`;
    yield { kind: "missing", range, message, related: fromOf(stage) };
  }
}

/** From the keyword to the end of the first word behind it. */
function beginning({ source, start }: Range, words: Range): Range {
  const text = source.slice(words);
  const length = text.search(/\s/);
  const first = length === -1 || text.startsWith('"') ? text.length : length;
  return source.range(start, words.start + first);
}

function baseOf(stage: StageView): string {
  return quoted(stage.isScratch ? "scratch" : (stage.image?.written ?? stage.label));
}

function fromOf(stage: StageView): readonly Related[] {
  return [{ range: stage.anchor, message: "the base" }];
}
