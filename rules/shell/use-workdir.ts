import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { anyCd, isWorkdirFreeAfter, type LeadingCd, leadingCd } from "../../src/project/directory-changes.js";
import type { RunView, StageView } from "../../src/project/model.js";
import { writtenRuns } from "../../src/project/written-runs.js";

const options = {
  strict: option.boolean({ default: false, description: "Whether every `cd` of a RUN counts, whatever it is for." }),
};

export default defineRule({
  id: "shell/use-workdir",
  summary: "WORKDIR chooses the directory, not cd",
  levels: { recommended: "info", strict: "warning" },
  roles: "all",
  fixable: "sometimes",
  aliases: [
    "hadolint:DL3003",
    "trivy:DS-0013",
    "kics:run-instruction-using-cd-instead-of-workdir",
    "kics:f4a6bcd3-e231-4acf-993c-aa027be50d2e",
    "semgrep:use-workdir",
  ],
  why: [
    "`cd` holds for the rest of one RUN and has to be repeated in the next; WORKDIR holds for all that follows, makes the " +
      "folder where it is missing, and shows in the image where a command runs.",
    "A `cd` into what the same RUN downloads, unpacks or makes is no such case, and neither is one among several.",
  ],
  references: [
    "https://docs.docker.com/build/building/best-practices/#workdir",
    "https://docs.docker.com/reference/dockerfile/#workdir",
  ],
  options,
  presetOptions: { hadolint: { strict: true } },
  mentions: { dockerfile: ["cd"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a folder that is there",
        message: "`cd /app` could be `WORKDIR /app`",
        files: { Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app", "RUN «cd» /app && npm ci && npm run build"] },
        fixed: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app", "WORKDIR /app", "RUN npm ci && npm run build"],
        },
      },
      {
        name: "the directory of the step itself",
        message: "this RUN begins in `/app` already",
        files: { Dockerfile: ["FROM node:22.14.0-slim", "WORKDIR /app", "RUN «cd» /app && npm ci", "RUN npm test"] },
        fixed: { Dockerfile: ["FROM node:22.14.0-slim", "WORKDIR /app", "RUN npm ci", "RUN npm test"] },
      },
      {
        name: "later steps name paths of the working directory",
        files: {
          Dockerfile: [
            "FROM nginx:1.27.4",
            "RUN «cd» /usr/share/nginx/html; sed -i 's/a/b/' index.html",
            "COPY conf conf",
            'CMD ["sh", "-c", "cd /srv && exec nginx"]',
          ],
        },
      },
      {
        name: "a path below, for more than one command",
        files: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            "WORKDIR /src",
            "COPY . .",
            "RUN «cd» web && npm ci && npm run build",
            "RUN mkdir -p /src/docs",
            "RUN «cd» docs && npm ci && npm run build",
            "WORKDIR /srv",
          ],
          "web/package.json": ["{}"],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            "WORKDIR /src",
            "COPY . .",
            "RUN cd web && npm ci && npm run build",
            "RUN mkdir -p /src/docs",
            "WORKDIR docs",
            "RUN npm ci && npm run build",
            "WORKDIR /srv",
          ],
          "web/package.json": ["{}"],
        },
      },
      {
        name: "nothing but `cd`, and triggers",
        files: {
          Dockerfile: [
            "FROM nginx:1.27.4",
            "RUN «cd» /usr/share/nginx/html",
            "ONBUILD RUN «cd» /app && npm ci",
            "CMD cd /usr/share/nginx/html && nginx -g 'daemon off;'",
          ],
        },
      },
      {
        name: "every `cd`, for those who want it",
        preset: "hadolint",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN «cd» /opt",
            "RUN git clone https://github.com/acme/api.git && «cd» api && make",
            "RUN («cd» /tmp && ls)",
            "RUN ls && «cd» -",
          ],
        },
      },
    ],
    good: [
      { name: "WORKDIR", files: { Dockerfile: ["FROM node:22.14.0-slim", "WORKDIR /app", "RUN npm ci"] } },
      {
        name: "into what the same RUN brings",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl -fsSL https://acme.dev/x-1.0.tgz | tar xz && cd x-1.0 && ./configure && make install && cd .. && rm -rf x-1.0",
            "RUN git clone https://github.com/acme/api.git /src/api && cd /src/api && make",
            "RUN mkdir -p /build && cd /build && cmake /src",
          ],
        },
      },
      {
        name: "in a subshell, a group, a function, a loop, a substitution",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN (cd /app && make) && ls && { cd /srv && make; }",
            "RUN for d in a b; do cd /$d && make; done",
            "RUN build() { cd /app; make; }; build",
            "RUN root=$(cd /app && pwd) && echo $root",
          ],
        },
      },
      {
        name: "several of them, back again, home, a scratch folder, a folder that nobody knows",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "ARG DIR",
            "RUN cd /app && make && cd /srv && make",
            "RUN cd - && ls",
            "RUN cd && ls; ls",
            "RUN cd ~ && ls",
            "RUN cd /tmp && curl -fsSLO https://acme.dev/x.deb && dpkg -i x.deb && rm x.deb",
            "RUN cd $DIR && make",
            "RUN cd /opt/* && make",
            "RUN cd /app || exit 1; make",
            "RUN cd /app | tee /x",
          ],
        },
      },
      {
        name: "one command below the working directory, or a folder that may not be there",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "WORKDIR /src",
            "COPY package.json .",
            "RUN cd web && npm ci",
            "RUN cd gone && npm ci && npm test",
          ],
        },
      },
      {
        name: "at the end of a RUN, where it does nothing",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN make && cd /app"] },
      },
      {
        name: "a name that holds it, and `cd` in exec form of a shell",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN cdrecord --version", "WORKDIR cd"] },
      },
    ],
  },
});

function* checkStage(stage: StageView, { options: { strict } }: RuleContext<typeof options>): Iterable<Finding> {
  for (const run of writtenRuns(stage)) {
    const found = leadingCd(run);
    if (found !== undefined) yield describe(found, run);
    else if (strict) {
      const invocation = anyCd(run);
      if (invocation !== undefined) {
        yield {
          range: invocation.nameRange,
          message: "`cd` in a RUN is forgotten by the next one; set WORKDIR before it",
        };
      }
    }
  }
}

function describe(found: LeadingCd, run: RunView): Finding {
  const { invocation, written, next, isThere } = found;
  const message = isThere
    ? `this RUN begins in \`${written}\` already; drop the \`cd\``
    : next === undefined
      ? `\`cd ${written}\` has no effect after this RUN; write \`WORKDIR ${written}\``
      : `\`cd ${written}\` could be \`WORKDIR ${written}\`; set it before this RUN`;
  return { range: invocation.nameRange, message, fix: fixOf(found, run) };
}

/** Unsafe: the directory stays for what follows, and WORKDIR makes a folder that is missing. */
function fixOf({ invocation, written, next, isThere }: LeadingCd, run: RunView): Fix | undefined {
  const { instruction, isOnbuild, stage } = run;
  if (next === undefined || isOnbuild || stage.build.dockerfile.source.embedding !== undefined) return undefined;
  const { source, start } = instruction.keywordRange;
  const first = invocation.range;
  if (first.source !== source || next.range.source !== source || next.range.start <= first.start) return undefined;
  const removal = { range: source.range(first.start, next.range.start), text: "" };
  if (source.slice(removal.range).includes("\n")) return undefined;
  if (isThere) return { description: "drop the `cd`", safety: "safe", edits: [removal] };
  if (!isWorkdirFreeAfter(run) || /[\s"'\\$]/.test(written)) return undefined;
  const line = { range: source.range(start, start), text: `WORKDIR ${written}${source.lineBreak}` };
  return { description: `set \`WORKDIR ${written}\``, safety: "unsafe", edits: [line, removal] };
}
