import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { wgetOf } from "../../src/project/download-tools.js";
import type { RunView, StageView } from "../../src/project/model.js";
import { hasWgetrc, powershellBar, wgetProgress } from "../../src/project/progress-bars.js";
import { writtenRuns } from "../../src/project/written-runs.js";
import type { Invocation } from "../../src/shell/model.js";

const options = {
  strict: option.boolean({
    default: false,
    description: "Whether a `wget` counts too whose page goes to a pipe, or that fetches nothing.",
  }),
};

export default defineRule({
  id: "shell/no-progress-bars",
  summary: "Downloads do not flood or slow the build log",
  levels: { recommended: "info", strict: "warning" },
  kinds: {
    wget: { summary: "wget draws a bar of thousands of lines", aliases: ["hadolint:DL3047"] },
    powershell: {
      summary: "a PowerShell request draws a bar, and waits for it",
      aliases: ["tally:powershell/progress-preference"],
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A build log is no terminal: where a bar would grow on a screen, the log gets a line for every step of it, and what " +
      "went wrong is lost among them. In Windows PowerShell drawing the bar takes longer than the download.",
  ],
  references: [
    "https://www.gnu.org/software/wget/manual/wget.html#Download-Options",
    "https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_preference_variables",
  ],
  options,
  presetOptions: { hadolint: { strict: true } },
  mentions: { dockerfile: ["wget", "webrequest", "iwr"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "GNU wget",
        kind: "wget",
        message: "`wget` writes a progress bar into the log; add `-nv`",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && «wget» https://acme.dev/big.tar && «/usr/bin/wget» -O x.tar https://acme.dev/x.tar",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && wget --progress=dot:giga https://acme.dev/big.tar && /usr/bin/wget --progress=dot:giga -O x.tar https://acme.dev/x.tar",
          ],
        },
      },
      {
        name: "the wget of busybox, which has no `--progress`",
        kind: "wget",
        message: "add `-q`",
        files: { Dockerfile: ["FROM alpine:3.21", "RUN «wget» https://acme.dev/big.tar -P /opt"] },
        fixed: { Dockerfile: ["FROM alpine:3.21", "RUN wget -q https://acme.dev/big.tar -P /opt"] },
      },
      {
        name: "a wget that nobody knows, and other options",
        kind: "wget",
        files: {
          Dockerfile: [
            "FROM registry.acme.dev/base:4",
            "RUN «wget» -nc -c https://acme.dev/big.tar",
            "ONBUILD RUN «wget» -i urls.txt",
          ],
        },
      },
      {
        name: "PowerShell",
        kind: "powershell",
        message: "draws a bar",
        files: {
          Dockerfile: [
            "FROM mcr.microsoft.com/windows/servercore:ltsc2022",
            'SHELL ["powershell", "-Command"]',
            "RUN «Invoke-WebRequest» https://acme.dev/a.zip -OutFile a.zip",
          ],
        },
      },
      {
        name: "PowerShell out of cmd, and elsewhere",
        kind: "powershell",
        files: {
          Dockerfile: [
            "FROM mcr.microsoft.com/windows/servercore:ltsc2022",
            'RUN powershell -Command "«iwr» https://acme.dev/a.zip -OutFile a.zip"',
            "FROM mcr.microsoft.com/powershell:7.4-ubuntu-22.04",
            "RUN pwsh -c '«Invoke-WebRequest» https://acme.dev/a.zip -OutFile a.zip'",
          ],
        },
      },
      {
        name: "a pipe, for those who want it",
        kind: "wget",
        preset: "hadolint",
        files: {
          Dockerfile: [
            "FROM registry.acme.dev/base:4",
            "RUN «wget» -O - https://acme.dev/a | tar -x && «wget» --version",
          ],
        },
      },
    ],
    good: [
      {
        name: "told how much to write",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN wget -nv https://acme.dev/a && wget --no-verbose https://acme.dev/a && wget -cnv https://acme.dev/a",
            "RUN wget -q https://acme.dev/a && wget --quiet https://acme.dev/a && wget -qO a https://acme.dev/a",
            "RUN wget --progress=dot:giga https://acme.dev/a && wget --progress dot https://acme.dev/a",
            "RUN wget -o log https://acme.dev/a && wget --output-file=log https://acme.dev/a",
            "RUN wget -a log https://acme.dev/a && wget --append-output=log https://acme.dev/a",
            "RUN wget https://acme.dev/a 2>/dev/null",
          ],
        },
      },
      {
        name: "no file, no download",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN wget -O - https://acme.dev/a | tar -x && wget --spider https://acme.dev/a && wget --version",
            "RUN apt-get install -y wget && echo wget https://acme.dev/a",
            "HEALTHCHECK CMD wget http://localhost/ || exit 1",
          ],
        },
      },
      {
        name: "a file that tells it",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS a",
            "RUN echo 'verbose = off' >> /etc/wgetrc && wget https://acme.dev/a",
            "FROM debian:12-slim AS b",
            "COPY .wgetrc /root/",
            "RUN wget https://acme.dev/a",
            "FROM debian:12-slim",
            "ENV WGETRC=/opt/quiet.conf",
            "RUN wget https://acme.dev/a",
          ],
          ".wgetrc": ["quiet = on"],
        },
      },
      {
        name: "PowerShell with the bar off",
        files: {
          Dockerfile: [
            "FROM mcr.microsoft.com/windows/servercore:ltsc2022",
            "RUN powershell -Command $ProgressPreference = 'SilentlyContinue'; Invoke-WebRequest https://acme.dev/a -OutFile a",
            'SHELL ["powershell", "-Command", "$ErrorActionPreference = \'Stop\'; $ProgressPreference = \'SilentlyContinue\';"]',
            "RUN Invoke-WebRequest https://acme.dev/a.zip -OutFile a.zip",
          ],
        },
      },
      {
        name: "the words as text",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN echo 'use Invoke-WebRequest there' > /help"] },
      },
    ],
  },
});

function* checkStage(stage: StageView, { options: { strict } }: RuleContext<typeof options>): Iterable<Finding> {
  for (const run of writtenRuns(stage)) {
    for (const invocation of run.commands) {
      if (invocation.name !== "wget") continue;
      const { isChosen, isPiped, isDownload } = wgetProgress(invocation);
      if (isChosen || (!strict && (isPiped || !isDownload || isProbe(invocation) || hasWgetrc(stage)))) continue;
      yield describe(invocation, stage);
    }
    yield* checkPowershell(run);
  }
}

function isProbe({ args }: Invocation): boolean {
  return args.some(({ shape }) => shape === "--spider");
}

function describe(invocation: Invocation, stage: StageView): Finding {
  const { nameRange, via } = invocation;
  const tool = wgetOf(stage);
  const remedy = tool === "busybox" ? "-q" : "-nv";
  const text = tool === "busybox" ? " -q" : " --progress=dot:giga";
  const { source, end } = nameRange;
  const fix: Fix | undefined =
    tool === "unknown" || via === "exec-form"
      ? undefined
      : { description: `add \`${text.trim()}\``, safety: "safe", edits: [{ range: source.range(end, end), text }] };
  return {
    kind: "wget",
    range: nameRange,
    message: `\`wget\` writes a progress bar into the log; add \`${remedy}\``,
    fix,
  };
}

function* checkPowershell(run: RunView): Iterable<Finding> {
  const range = powershellBar(run);
  if (range === undefined) return;
  yield {
    kind: "powershell",
    range,
    message: "this request draws a bar and waits for it; set `$ProgressPreference = 'SilentlyContinue'` first",
  };
}
