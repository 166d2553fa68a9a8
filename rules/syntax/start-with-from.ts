import type { Dockerfile, Instruction } from "../../src/dockerfile/model.js";
import { hasOwnFrontend, isTemplateMark, missingStage } from "../../src/dockerfile/refusals.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import type { DockerfileView } from "../../src/project/model.js";
import { quoted } from "../../src/text/quoted.js";
import { matchesGlob } from "../../src/values/glob.js";

const options = {
  fragments: option.strings({
    default: [],
    description: "Files that are parts of others, as globs of paths: `docker/parts/**`. Nothing is said about them.",
  }),
};

export default defineRule({
  id: "syntax/start-with-from",
  summary: "The file has a stage, and only ARG precedes it",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    "no-stage": {
      summary: "no FROM in the whole file",
      aliases: ["tally:require-stages", "dockerfile-utils:NO_SOURCE_IMAGE", "hadolint:DL3061"],
    },
    order: {
      summary: "an instruction other than ARG above the first FROM",
      aliases: ["hadolint:DL3061", "dockerfile-utils:NO_SOURCE_IMAGE"],
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "FROM says what the other instructions work on. Without one, or before the first, there is nothing: the builder refuses " +
      "the file. Only ARG may come first, for the names that FROM uses.",
    "What stands there is read all the same, as a stage on an image that nobody knows, so that a part of a file gets its " +
      "findings, too.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#format",
    "https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact",
  ],
  options,
  check: { dockerfile: checkFile },
  examples: {
    bad: [
      {
        name: "steps above FROM",
        kind: "order",
        preset: "hadolint",
        files: { Dockerfile: ["«RUN» true", "ARG TAG=3.20", "«LABEL» title=shop", "FROM alpine:${TAG}"] },
      },
      { name: "a trigger above FROM", kind: "order", files: { Dockerfile: ["«ONBUILD» ARG TAG", "FROM alpine:3.20"] } },
      { name: "only arguments", kind: "no-stage", files: { Dockerfile: ["«ARG» TAG=3.20"] } },
      { name: "only steps", kind: "no-stage", files: { Dockerfile: ["«RUN» apk add curl", 'CMD ["curl"]'] } },
      { name: "an empty file", kind: "no-stage", files: { Dockerfile: "«»" } },
      { name: "only comments", kind: "no-stage", files: { Dockerfile: ["«»# to be written"] } },
    ],
    good: [
      { name: "FROM first", files: { Dockerfile: ["FROM alpine:3.20", "RUN true"] } },
      {
        name: "directives, comments and arguments first",
        files: { Dockerfile: ["# syntax=docker/dockerfile:1", "# the shop", "", "ARG TAG=3.20", "FROM alpine:${TAG}"] },
      },
      {
        name: "a part of another file",
        options: { fragments: ["parts/**"] },
        files: { "parts/Dockerfile": ["RUN apk add curl", "FROM alpine:3.20"] },
      },
      { name: "a template", files: { Dockerfile: ["{{ if .debug }}", "RUN true", "{{ end }}", "FROM alpine:3.20"] } },
      { name: "a template whose FROM is not in it", files: { Dockerfile: ["<%= from %>", "RUN true"] } },
      { name: "a frontend of its own", files: { Dockerfile: ["# syntax=acme/frontend:2", "BASE alpine", "RUN true"] } },
      { name: "a misspelt FROM, which has a rule of its own", files: { Dockerfile: ["FORM alpine:3.20", "RUN true"] } },
    ],
  },
});

function* checkFile({ dockerfile }: DockerfileView, ctx: RuleContext<typeof options>): Iterable<Finding> {
  const [first] = dockerfile.instructions;
  if (first?.keyword === "FROM") return;
  const missing = missingStage(dockerfile);
  const stray = missing === undefined ? [...strayInstructions(dockerfile)] : [];
  if ((missing === undefined && stray.length === 0) || isFragment(dockerfile, ctx)) return;
  if (missing !== undefined) {
    yield { kind: "no-stage", range: missing.range, message: missing.message };
    return;
  }
  for (const { keywordRange, written } of stray) {
    const message = `${quoted(written)} stands above the first FROM, where only ARG may; move it below`;
    yield { kind: "order", range: keywordRange, message };
  }
}

/** What stands above the first FROM and is not ARG; nothing in templates, and behind a word that may be that FROM. */
function* strayInstructions(dockerfile: Dockerfile): Iterable<Instruction> {
  if (hasOwnFrontend(dockerfile)) return;
  const stray: Instruction[] = [];
  for (const instruction of dockerfile.instructions) {
    if (instruction.stage !== undefined) break;
    if (instruction.keyword === "ARG") continue;
    if (instruction.keyword === "UNKNOWN") return isTemplateMark(instruction.written) ? undefined : yield* stray;
    stray.push(instruction);
  }
  yield* stray;
}

function isFragment({ source }: Dockerfile, { options: { fragments }, project }: RuleContext<typeof options>): boolean {
  if (fragments.length === 0) return false;
  const path = project.display(source.root.file);
  return fragments.some((pattern) => matchesGlob(pattern, path, { hasFolders: true }));
}
