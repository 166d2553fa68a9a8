import { defineRule, type Finding, type Fix, option } from "../../src/engine/rule.js";
import type { RunView, StageView } from "../../src/project/model.js";
import { firstPipe, type UnguardedPipe, unguardedPipe } from "../../src/project/unguarded-pipes.js";
import { writtenRuns } from "../../src/project/written-runs.js";

const options = {
  strict: option.boolean({
    default: false,
    description: "Whether every pipe needs a SHELL with pipefail, also where nothing can fail or `set` turns it on.",
  }),
};

export default defineRule({
  id: "shell/set-pipefail",
  summary: "A failing command in a pipe fails the build",
  levels: { recommended: "warning", checklist: "warning", strict: "error" },
  roles: "all",
  fixable: "sometimes",
  aliases: [
    "hadolint:DL4006",
    "kics:shell-running-a-pipe-without-pipefail-flag",
    "kics:efbf148a-67e9-42d2-ac47-02fa1c0d0b22",
    "semgrep:set-pipefail",
  ],
  why: [
    "The status of a pipeline is that of its last command: `curl … | tar …` with a download that breaks off in the middle, " +
      "or does not begin at all, builds an image in which half of the files are missing.",
    "Nothing is said where the left side cannot fail (`echo`, `yes`), where the status is asked for anyway (`if`, `||`), or " +
      "where the reader stops early (`head`, `grep -q`): there pipefail would break builds that are right.",
    "Where hadolint wants SHELL with pipefail for every pipe, as its preset does here, `set -o pipefail` in the RUN is as good.",
  ],
  references: ["https://docs.docker.com/build/building/best-practices/#using-pipes", "CWE-252"],
  options,
  presetOptions: { hadolint: { strict: true } },
  mentions: { dockerfile: ["|"] },
  check: {
    *stage(stage, { options: { strict } }) {
      let isFirst = true;
      for (const run of writtenRuns(stage)) {
        const found = strict ? pipeWithoutShell(run) : unguardedPipe(run);
        if (found === undefined) continue;
        yield describe(found, isFirst ? fixOf(found, run, stage) : undefined);
        isFirst = false;
      }
    },
  },
  examples: {
    bad: [
      {
        name: "a download that is unpacked",
        message: "only `tar`'s exit code counts, a failing `curl` goes unnoticed",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl -fsSL https://nodejs.org/dist/v22.14.0/node.tar.gz «|» tar -xz -C /opt",
            "RUN pg_dump shop «|» gzip -9 | tee /backup.gz",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
            "RUN curl -fsSL https://nodejs.org/dist/v22.14.0/node.tar.gz | tar -xz -C /opt",
            "RUN pg_dump shop | gzip -9 | tee /backup.gz",
          ],
        },
      },
      {
        name: "Alpine, whose shell is ash",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "RUN apk add curl=8.12.1-r0 && wget -O - https://acme.dev/a.txt «|» wc -l > /n",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM alpine:3.21",
            'SHELL ["/bin/ash", "-eo", "pipefail", "-c"]',
            "RUN apk add curl=8.12.1-r0 && wget -O - https://acme.dev/a.txt | wc -l > /n",
          ],
        },
      },
      {
        name: "the result of an assignment, a compound command, a nested script, a base that nobody knows",
        files: {
          Dockerfile: [
            "FROM registry.acme.dev/base:4",
            "RUN version=$(curl -fsSL https://acme.dev/latest «|» jq -r .version) && echo $version",
            "RUN (cd /src && make dist) «|» tar -x -C /opt",
            "RUN bash -ec 'git archive HEAD «|» tar -x -C /opt'",
            'RUN ["bash", "-c", "gunzip -c dump.gz «|» psql shop"]',
            "RUN cat words.txt «|» sort -u > sorted.txt",
            "RUN echo $LIST | grep -v api «|» xargs rm",
          ],
        },
      },
      {
        name: "pipefail ends with its stage, and a new SHELL is without it",
        files: {
          Dockerfile: [
            "FROM registry.acme.dev/base:4 AS build",
            'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
            "RUN wget -O - https://acme.dev/a.txt | wc -l > /number",
            "FROM registry.acme.dev/base:4",
            "RUN wget -O - https://acme.dev/a.txt «|» wc -l > /number",
            'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
            "RUN wget -O - https://acme.dev/a.txt | wc -l > /number",
            'SHELL ["/bin/sh", "-c"]',
            "RUN wget -O - https://acme.dev/a.txt «|» wc -l > /number",
          ],
        },
      },
      {
        name: "every pipe, for those who want it",
        preset: "hadolint",
        files: {
          Dockerfile: [
            "FROM scratch",
            "RUN echo api «|» tee /name",
            "RUN set -o pipefail && curl -fsSL https://acme.dev/a «|» sh",
            "RUN if ps ax «|» grep -q nginx; then true; fi",
            "ONBUILD RUN wget -O - https://acme.dev/a «|» wc -l > /number",
          ],
        },
      },
    ],
    good: [
      {
        name: "SHELL with pipefail, in all its spellings",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS a",
            'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
            "RUN wget -O - https://acme.dev/a.txt | wc -l > /number",
            "FROM debian:12-slim AS b",
            'SHELL ["/bin/bash", "-eo", "pipefail", "-c"]',
            "RUN wget -O - https://acme.dev/a.txt | wc -l > /number",
            "FROM debian:12-slim AS c",
            'SHELL ["/bin/bash", "-e", "-o", "pipefail", "-c"]',
            "RUN wget -O - https://acme.dev/a.txt | wc -l > /number",
            "FROM debian:12-slim AS d",
            'SHELL ["/bin/bash", "-o", "errexit", "-o", "pipefail", "-c"]',
            "RUN wget -O - https://acme.dev/a.txt | wc -l > /number",
            "FROM debian:12-slim AS e",
            'SHELL ["/bin/zsh", "-o", "pipefail", "-c"]',
            "RUN wget -O - https://acme.dev/a.txt | wc -l > /number",
            "FROM a",
            "RUN wget -O - https://acme.dev/a.txt | wc -l > /number",
          ],
        },
      },
      {
        name: "the same for those who want it everywhere",
        preset: "hadolint",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            'SHELL ["/bin/ash", "-o", "pipefail", "-c"]',
            "RUN wget -O - https://acme.dev/a.txt | wc -l > /number",
            "FROM debian:12-slim",
            'SHELL ["/bin/bash", "-euxo", "pipefail", "-c"]',
            "RUN wget -O - https://acme.dev/a.txt | wc -l > /number",
            "FROM debian:12-slim",
            "RUN wget -O - https://acme.dev/a.txt && wc -l file || true",
          ],
        },
      },
      {
        name: "`set -o pipefail`, and a shell that is told",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            'SHELL ["/bin/bash", "-c"]',
            "RUN set -o pipefail && curl -fsSL https://acme.dev/a.tgz | tar -xz -C /opt",
            "RUN set -euxo pipefail; curl -fsSL https://acme.dev/a.tgz | tar -xz -C /opt",
            "RUN bash -o pipefail -c 'curl -fsSL https://acme.dev/a.tgz | tar -xz -C /opt'",
          ],
        },
      },
      {
        name: "a left side that cannot fail",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN echo api | tee /name && yes | sdkmanager --licenses && printf '%s' a | sha256sum",
            "RUN cat <<EOF | tee /etc/motd",
            "hello",
            "EOF",
            "RUN echo a b | tr ' ' '\\n' | sort -u | tee /list",
          ],
        },
      },
      {
        name: "a status that is asked for, or that is not that of the step",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN if dpkg -l | grep -c nginx; then echo found; fi",
            "RUN ! find / -name '*.key' | grep key",
            "RUN gpg --list-keys | grep api || echo none",
            "RUN echo $(curl -fsSL https://acme.dev/latest | tr -d v)",
          ],
        },
      },
      {
        name: "readers that stop early, or that fail when nothing comes",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl -fsSL https://acme.dev/list | head -1 > /first",
            "RUN locale -a | grep en_US.utf8 && grep api SHA256SUMS | sha256sum -c - && dpkg --print-architecture | tr a b",
            "RUN ls / | grep -q srv && ls / | grep -m1 s && ls / | sed 1q && ls / | awk '{print; exit}'",
          ],
        },
      },
      {
        name: "other shells, and no shell at all",
        files: {
          Dockerfile: [
            "FROM mcr.microsoft.com/powershell:7.4-ubuntu-22.04",
            'SHELL ["pwsh", "-c"]',
            "RUN Get-Variable PSVersionTable | Select-Object -ExpandProperty Value",
            'RUN ["curl", "-d", "a | b", "https://acme.dev"]',
            "FROM registry.acme.dev/windows:4",
            "# hadolint shell=powershell",
            "RUN Get-Variable PSVersionTable | Select-Object -ExpandProperty Value",
          ],
        },
      },
      {
        name: "when the container starts",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "HEALTHCHECK CMD curl -f http://localhost/ | jq .ok",
            "CMD app | tee /log",
          ],
        },
      },
    ],
  },
});

const PIPEFAIL_SHELLS: ReadonlySet<string> = new Set(["bash", "zsh", "ash"]);

/** The first pipe of a RUN that no SHELL guards. */
function pipeWithoutShell(run: RunView): UnguardedPipe | undefined {
  const [program = "", ...words] = run.shell ?? [];
  const isGuarded =
    PIPEFAIL_SHELLS.has(program.slice(program.lastIndexOf("/") + 1)) &&
    words.some((word, index) => word === "pipefail" && words[index - 1]?.endsWith("o") === true);
  return isGuarded ? undefined : firstPipe(run);
}

function describe({ pipe, writer, reader }: UnguardedPipe, fix: Fix | undefined): Finding {
  const last = reader === undefined ? "the last command" : `\`${reader}\``;
  const first = writer === undefined || writer === reader ? "what fails before it" : `a failing \`${writer}\``;
  return {
    range: pipe.range,
    message: `only ${last}'s exit code counts, ${first} goes unnoticed; use a SHELL with \`-o pipefail\``,
    fix,
  };
}

/** Unsafe: other pipelines of the stage may have failed all the time, and bash reads them where another shell did. */
function fixOf({ pipeline }: UnguardedPipe, run: RunView, { facts, build }: StageView): Fix | undefined {
  const { script, instruction, isOnbuild } = run;
  // Another shell reads what is nested, or begins with `#!`.
  if (isOnbuild || script === undefined || pipeline.script !== script || script.text.startsWith("#!")) return undefined;
  if (build.dockerfile.source.embedding !== undefined) return undefined;
  const shell = shellLine(facts);
  if (shell === undefined) return undefined;
  const { source, start } = instruction.keywordRange;
  const edits = [{ range: source.range(start, start), text: `${shell}${source.lineBreak}` }];
  return { description: `add \`${shell}\``, safety: "unsafe", edits };
}

function shellLine(facts: StageView["facts"]): string | undefined {
  if (facts?.os?.family === "alpine") return 'SHELL ["/bin/ash", "-eo", "pipefail", "-c"]';
  return facts?.commands.present.has("bash") === true ? 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]' : undefined;
}
