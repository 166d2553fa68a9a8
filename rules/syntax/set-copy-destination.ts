import { isAbsolutePath } from "../../src/dockerfile/container-path.js";
import type { Evaluation } from "../../src/dockerfile/expand.js";
import type { AddInstruction, CopyInstruction } from "../../src/dockerfile/model.js";
import type { Word } from "../../src/dockerfile/word.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { inlineComment } from "../../src/project/inline-comments.js";
import type { Build, StageView } from "../../src/project/model.js";
import { type WrittenStep, writtenSteps } from "../../src/project/written-steps.js";
import { quoted } from "../../src/text/quoted.js";
import { type Range, textOf } from "../../src/text/source.js";
import { wholeLines } from "../../src/text/whole-lines.js";
import { hasGlobMeta } from "../../src/values/glob.js";

const options = {
  trustBaseWorkdir: option.boolean({
    default: false,
    description: "Whether a relative destination is fine where the base image is known to set a working directory.",
  }),
  trustScratch: option.boolean({
    default: true,
    description: "Whether a relative destination is fine in stages from `scratch`, whose working directory is `/`.",
  }),
};

type CopyStep = WrittenStep & { readonly instruction: CopyInstruction | AddInstruction };

export default defineRule({
  id: "syntax/set-copy-destination",
  summary: "Destinations say directory or file, and from where",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    "needs-slash": {
      summary: "several sources, and a destination without `/` at its end",
      levels: { recommended: "error", strict: "error" },
      aliases: [
        "hadolint:DL3021",
        "trivy:DS-0011",
        "kics:copy-with-more-than-two-arguments-not-ending-with-slash",
        "kics:6db6e0c2-32a3-4a2e-93b5-72c35f4119db",
        "dockerfile-utils:INVALID_DESTINATION",
      ],
    },
    wildcard: {
      summary: "a wildcard that finds several files, and a destination without `/` at its end",
      levels: { recommended: "off", strict: "info" },
    },
    relative: { summary: "relative to whatever the base image has", aliases: ["hadolint:DL3045"] },
  },
  roles: "all",
  fixable: "always",
  why: [
    "Several sources need a directory, and only a slash at its end says that the destination is one: builders refuse the " +
      "line, or guess. `.` and `..` are directories anyway and need none, other than some tools say.",
    "A relative destination starts from the directory of the base image. A new base can have another one, and the files are " +
      "elsewhere. In a stage from `scratch` that directory is `/` for sure, which hadolint does not regard: its preset does not either.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#destination",
    "https://docs.docker.com/reference/dockerfile/#workdir",
  ],
  options,
  yieldsTo: ["syntax/no-inline-comment", "syntax/use-valid-json-form"],
  presetOptions: { hadolint: { trustScratch: false } },
  mentions: { dockerfile: ["copy", "add"] },
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "two files",
        kind: "needs-slash",
        preset: "hadolint",
        message: "2 sources",
        files: { Dockerfile: ["FROM node:22", "COPY package.json package-lock.json «/srv»"] },
        fixed: { Dockerfile: ["FROM node:22", "COPY package.json package-lock.json /srv/"] },
      },
      {
        name: "in quotes, as JSON, with ADD and in a trigger",
        kind: "needs-slash",
        files: {
          Dockerfile: [
            "FROM node:22",
            'COPY a.json b.json «"/srv"»',
            'COPY ["a.json", "b.json", «"/srv"»]',
            "ADD a.json b.json «/srv»",
            "ONBUILD COPY a.json b.json «/srv»",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22",
            'COPY a.json b.json "/srv/"',
            'COPY ["a.json", "b.json", "/srv/"]',
            "ADD a.json b.json /srv/",
            "ONBUILD COPY a.json b.json /srv/",
          ],
        },
      },
      {
        name: "two here-documents",
        kind: "needs-slash",
        files: { Dockerfile: ["FROM node:22", "COPY <<a.txt <<b.txt «/srv»", "1", "a.txt", "2", "b.txt"] },
        fixed: { Dockerfile: ["FROM node:22", "COPY <<a.txt <<b.txt /srv/", "1", "a.txt", "2", "b.txt"] },
      },
      {
        name: "a default",
        kind: "needs-slash",
        files: { Dockerfile: ["FROM node:22", "ARG DIR=/srv", "COPY a.json b.json «$DIR»"] },
        fixed: { Dockerfile: ["FROM node:22", "ARG DIR=/srv", "COPY a.json b.json $DIR/"] },
      },
      {
        name: "a part of a file, without FROM",
        kind: "needs-slash",
        files: { Dockerfile: ["COPY a.json b.json «srv»"] },
        fixed: { Dockerfile: ["COPY a.json b.json srv/"] },
      },
      {
        name: "a wildcard",
        kind: "wildcard",
        files: {
          Dockerfile: ["FROM node:22", "COPY package*.json «/srv»"],
          "package.json": "{}",
          "package-lock.json": "{}",
        },
        fixed: { Dockerfile: ["FROM node:22", "COPY package*.json /srv/"] },
      },
      {
        name: "without WORKDIR",
        kind: "relative",
        preset: "hadolint",
        files: { Dockerfile: ["FROM node:22", "# sources", "COPY server.js «app/server.js»", "ADD . «.»"] },
        fixed: {
          Dockerfile: ["FROM node:22", "WORKDIR /app", "# sources", "COPY server.js app/server.js", "ADD . ."],
        },
      },
      {
        name: "WORKDIR of another stage, or too late",
        kind: "relative",
        files: {
          Dockerfile: [
            "FROM node:22 AS build",
            "WORKDIR /srv",
            "FROM node:22",
            "COPY --from=build /srv/dist «dist»",
            "WORKDIR /srv",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22 AS build",
            "WORKDIR /srv",
            "FROM node:22",
            "WORKDIR /app",
            "COPY --from=build /srv/dist dist",
            "WORKDIR /srv",
          ],
        },
      },
      {
        name: "a trigger, which starts where this image ends",
        kind: "relative",
        files: { Dockerfile: ["FROM node:22", "ONBUILD COPY . «.»"] },
        fixed: { Dockerfile: ["FROM node:22", "WORKDIR /app", "ONBUILD COPY . ."] },
      },
      {
        name: "from scratch, for hadolint",
        kind: "relative",
        preset: "hadolint",
        files: { Dockerfile: ["FROM scratch", "COPY health.sh «health.sh»"] },
        fixed: { Dockerfile: ["FROM scratch", "WORKDIR /app", "COPY health.sh health.sh"] },
      },
      {
        name: "a directory of the base that may change",
        kind: "relative",
        files: { Dockerfile: ["FROM golang:1.22", "COPY . «.»"] },
        fixed: { Dockerfile: ["FROM golang:1.22", "WORKDIR /app", "COPY . ."] },
      },
    ],
    good: [
      {
        name: "a slash",
        preset: "hadolint",
        files: {
          Dockerfile: ["FROM node:22", "COPY a b /srv/", 'COPY a b "/srv/"', 'COPY ["a", "b", "/srv/"]', "COPY a /b"],
        },
      },
      {
        name: "directories that need no slash",
        files: { Dockerfile: ["FROM node:22", "WORKDIR /srv", "COPY a b .", "COPY a b ./", "COPY a b .."] },
      },
      {
        name: "values nobody can know",
        files: { Dockerfile: ["FROM node:22", "ARG DIR", "COPY a b ${DIR}", 'COPY a "$DIR"', "COPY a $DIR/b"] },
      },
      {
        name: "one source in a variable",
        files: { Dockerfile: ["FROM node:22", "ARG FILES", "COPY $FILES /srv"] },
      },
      {
        name: "WORKDIR in the stage, or in its parent",
        files: {
          Dockerfile: [
            "FROM node:22 AS base",
            "WORKDIR /srv",
            "COPY a b",
            "FROM base",
            "COPY c d",
            "COPY --from=base a b",
          ],
        },
      },
      {
        name: "WORKDIR of an image of the project",
        files: {
          "base/Dockerfile": ["FROM node:22", "WORKDIR /srv"],
          Dockerfile: ["FROM shop/base:1", "COPY a b"],
          "compose.yaml": [
            "services:",
            "  base:",
            "    build: base",
            "    image: shop/base:1",
            "  api:",
            "    build: .",
          ],
        },
      },
      { name: "from scratch", files: { Dockerfile: ["FROM scratch", "COPY server server"] } },
      {
        name: "a directory of the base, which is trusted",
        options: { trustBaseWorkdir: true },
        files: { Dockerfile: ["FROM golang:1.22", "COPY . ."] },
      },
      {
        name: "triggers that run where this image, or a trigger, leads",
        files: {
          Dockerfile: [
            "FROM node:22 AS placed",
            "ONBUILD COPY . .",
            "WORKDIR /app",
            "FROM node:22",
            "ONBUILD WORKDIR /app",
            "ONBUILD COPY . .",
          ],
        },
      },
      {
        name: "Windows",
        files: {
          Dockerfile: [
            "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022",
            "COPY health.ps1 c:\\tools\\health.ps1",
            'COPY health.ps1 "c:\\tools\\health.ps1"',
            "COPY health.ps1 c:/tools/health.ps1",
            'COPY ["a.ps1", "b.ps1", "C:\\\\tools\\\\"]',
          ],
        },
      },
      {
        name: "a wildcard that finds one file, and one with a slash",
        files: {
          Dockerfile: ["FROM node:22", "COPY pack*.json /srv", "COPY *.js /srv/"],
          "package.json": "{}",
          "a.js": "",
          "b.js": "",
        },
      },
      {
        name: "the last word of what was meant as a comment",
        files: { Dockerfile: ["FROM python:3.13-slim", "COPY . /app/  # everything in one layer, no cache"] },
      },
      { name: "no destination, which is a parse error", files: { Dockerfile: ["FROM node:22", "COPY a"] } },
      {
        name: "a quoted name with a blank, which the builder splits and refuses",
        preset: "hadolint",
        files: { Dockerfile: ["FROM node:22", 'COPY a b "/my app/"'] },
      },
    ],
  },
});

function* checkBuild(build: Build, ctx: RuleContext<typeof options>): Iterable<Finding> {
  const settled = new Set<StageView>();
  for (const keyword of ["COPY", "ADD"] as const) {
    for (const step of writtenSteps(build, keyword)) {
      const { destination } = step.instruction;
      if (destination === undefined) continue;
      const value = step.expand(destination);
      if (value.problem !== undefined) continue;
      const findings = [...checkDirectory(destination, value, step, build)];
      const isFromHere = isRelative(destination, value, step, ctx);
      // The last word of what was meant as a comment is not where files go: syntax/no-inline-comment says so.
      if ((findings.length === 0 && !isFromHere) || inlineComment(step.instruction) !== undefined) continue;
      yield* findings;
      if (!isFromHere) continue;
      const { stage } = step;
      const isFirst = stage !== undefined && !settled.has(stage);
      if (isFirst) settled.add(stage);
      const message = `${quoted(destination.raw)} starts from the directory of the base image; set WORKDIR before, or write \`/…\``;
      const fix = isFirst ? insertWorkdir(step.instruction) : undefined;
      yield { kind: "relative", range: destination.range, message, fix };
    }
  }
}

function* checkDirectory(word: Word, value: Evaluation, step: CopyStep, build: Build): Iterable<Finding> {
  const { sources } = step.instruction;
  const last = value.pieces.at(-1);
  if (last?.kind !== "text" || isFolder(last.text) || word.raw.endsWith("\\")) return;
  const { range } = word;
  const fix = appendSlash(range);
  if (sources.length > 1) {
    const message = `${quoted(word.raw)} takes ${sources.length} sources, so it is a directory; end it with \`/\``;
    yield { kind: "needs-slash", range, message, fix };
    return;
  }
  const matches = matchesOf(step, build);
  if (matches < 2) return;
  const message = `${quoted(sources[0]?.word.raw ?? "")} finds ${matches} files, so ${quoted(word.raw)} is a directory; end it with \`/\``;
  yield { kind: "wildcard", range, message, fix };
}

function isFolder(tail: string): boolean {
  return tail.endsWith("/") || tail.endsWith("\\") || tail === "." || tail === ".." || tail.endsWith("/.");
}

/** How many files of the context the only source finds; 0 where it is no wildcard, or nobody can know. */
function matchesOf({ instruction, expand }: CopyStep, { context }: Build): number {
  const [source] = instruction.sources;
  if (source?.kind !== "path" || !hasGlobMeta(source.word.raw)) return 0;
  if (context.kind !== "local" || (instruction.keyword === "COPY" && instruction.from !== undefined)) return 0;
  const { kind, value } = expand(source.word);
  return kind === "known" ? context.resolveSource(value).matches.length : 0;
}

function isRelative(
  { raw }: Word,
  { pieces }: Evaluation,
  { instruction, stage, state }: CopyStep,
  { options: { trustBaseWorkdir, trustScratch } }: RuleContext<typeof options>,
): boolean {
  const [first] = pieces;
  if (first?.kind !== "text" || isAbsolutePath(first.text)) return false;
  // A backslash that the builder takes for an escape is one that the author took for Windows.
  if (isAbsolutePath(raw.startsWith('"') || raw.startsWith("'") ? raw.slice(1) : raw)) return false;
  if (stage === undefined || state?.workdir.setting !== undefined) return false;
  // A trigger runs right behind the FROM of another build: where this stage ends, or where another trigger leads.
  if (instruction.isTrigger && (stage.evaluated.state.workdir.setting !== undefined || triggersWorkdir(stage)))
    return false;
  if (stage.isScratch && trustScratch) return false;
  const isSetBelow = stage.lineage.some((member) => member !== stage && member.evaluated.state.workdir.setting);
  return !isSetBelow && !(trustBaseWorkdir && stage.facts?.workdir !== undefined);
}

function triggersWorkdir({ stage }: StageView): boolean {
  return stage.instructions.some((written) => written.keyword === "ONBUILD" && written.trigger?.keyword === "WORKDIR");
}

/** Safe: builders that take the line at all make a directory of it. */
function appendSlash(range: Range): Fix {
  const { source, end } = range;
  const last = textOf(range).at(-1);
  const at = last === '"' || last === "'" ? end - 1 : end;
  return { description: "end it with `/`", safety: "safe", edits: [{ range: source.range(at, at), text: "/" }] };
}

/** Unsafe: files land in another directory. One for the stage, above the first that needs it. */
function insertWorkdir({ commentsAbove, range }: CopyInstruction | AddInstruction): Fix {
  const { source, start } = wholeLines(commentsAbove[0]?.range ?? range);
  const edit = { range: source.range(start, start), text: `WORKDIR /app${source.lineBreak}` };
  return { description: "set `WORKDIR /app` before", safety: "unsafe", edits: [edit] };
}
