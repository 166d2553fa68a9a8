import type { SingleInstruction } from "../../src/dockerfile/model.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { removeInstruction } from "../../src/project/instruction-edits.js";
import type { Build } from "../../src/project/model.js";
import { type WrittenStep, writtenSteps } from "../../src/project/written-steps.js";

const AUTHORS = "org.opencontainers.image.authors";

export default defineRule({
  id: "syntax/no-maintainer",
  summary: "A label names who maintains the image",
  levels: { recommended: "warning", strict: "warning" },
  roles: "all",
  fixable: "sometimes",
  aliases: [
    "buildkit:MaintainerDeprecated",
    "hadolint:DL4000",
    "trivy:DS-0022",
    "checkov:CKV_DOCKER_6",
    "kics:maintainer-instruction-being-used",
    "kics:99614418-f82b-4852-a9ae-5051402b741c",
    "semgrep:maintainer-is-deprecated",
    "dockerfile-utils:DEPRECATED_MAINTAINER",
  ],
  why: [
    "MAINTAINER is deprecated: it holds one text in a field that few tools read. A label says the same, is shown by " +
      "registries and `docker inspect`, and can be asked for by name.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#maintainer-deprecated",
    "https://docs.docker.com/reference/build-checks/maintainer-deprecated/",
    "https://github.com/opencontainers/image-spec/blob/main/annotations.md",
  ],
  mentions: { dockerfile: ["maintainer"] },
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "an address",
        preset: "hadolint",
        files: { Dockerfile: ["FROM nginx:1.27", "«MAINTAINER ops@example.com»"] },
        fixed: { Dockerfile: ["FROM nginx:1.27", 'LABEL org.opencontainers.image.authors="ops@example.com"'] },
      },
      {
        name: "a name, with comments and other instructions around",
        preset: "buildkit",
        files: {
          Dockerfile: [
            "FROM nginx:1.27",
            "# who to ask",
            "«maintainer Ada Lovelace <ada@example.com>»",
            "COPY site /usr/share/nginx/html",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM nginx:1.27",
            "# who to ask",
            'label org.opencontainers.image.authors="Ada Lovelace <ada@example.com>"',
            "COPY site /usr/share/nginx/html",
          ],
        },
      },
      {
        name: "quotes, and characters that mean something in a label",
        files: { Dockerfile: ["FROM nginx:1.27", '«MAINTAINER "Team $hop" <a\\b@example.com>»'] },
        fixed: {
          Dockerfile: [
            "FROM nginx:1.27",
            'LABEL org.opencontainers.image.authors="\\"Team \\$hop\\" <a\\\\b@example.com>"',
          ],
        },
      },
      {
        name: "a text that is quoted as a whole",
        files: { Dockerfile: ["FROM nginx:1.27", '«MAINTAINER "Ada Lovelace"»'] },
        fixed: { Dockerfile: ["FROM nginx:1.27", 'LABEL org.opencontainers.image.authors="Ada Lovelace"'] },
      },
      {
        name: "beside the label",
        files: {
          Dockerfile: [
            "FROM nginx:1.27",
            "«MAINTAINER ops@example.com»",
            "LABEL org.opencontainers.image.authors=ops@example.com",
          ],
        },
        fixed: { Dockerfile: ["FROM nginx:1.27", "LABEL org.opencontainers.image.authors=ops@example.com"] },
      },
      {
        name: "in every stage",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS build",
            "«MAINTAINER dev@example.com»",
            "FROM scratch",
            "«MAINTAINER ops@example.com»",
            "COPY --from=build /app /app",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM golang:1.22 AS build",
            'LABEL org.opencontainers.image.authors="dev@example.com"',
            "FROM scratch",
            'LABEL org.opencontainers.image.authors="ops@example.com"',
            "COPY --from=build /app /app",
          ],
        },
      },
      {
        name: "above FROM",
        files: { Dockerfile: ["«MAINTAINER ops@example.com»", "FROM nginx:1.27"] },
        fixed: {
          Dockerfile: ['LABEL org.opencontainers.image.authors="ops@example.com"', "FROM nginx:1.27"],
        },
      },
      { name: "without a text", files: { Dockerfile: ["FROM nginx:1.27", "«MAINTAINER»"] } },
      {
        name: "beside the label, with a comment that belongs to it",
        files: {
          Dockerfile: [
            "FROM nginx:1.27",
            "LABEL org.opencontainers.image.authors=ops@example.com",
            "# who to ask",
            "«MAINTAINER ops@example.com»",
          ],
        },
      },
    ],
    good: [
      {
        name: "a label",
        files: { Dockerfile: ["FROM nginx:1.27", 'LABEL org.opencontainers.image.authors="ops@example.com"'] },
      },
      {
        name: "a label of that name, and a comment",
        files: {
          Dockerfile: ["FROM nginx:1.27", "# MAINTAINER ops@example.com", 'LABEL maintainer="ops@example.com"'],
        },
      },
      {
        name: "a trigger, which has a rule of its own",
        files: { Dockerfile: ["FROM nginx:1.27", "ONBUILD MAINTAINER ops@example.com"] },
      },
    ],
  },
});

function* checkBuild(build: Build): Iterable<Finding> {
  for (const step of writtenSteps(build, "MAINTAINER")) {
    const { instruction } = step;
    if (instruction.keyword !== "MAINTAINER" || instruction.isTrigger) continue;
    const message = `MAINTAINER is deprecated; write \`LABEL ${AUTHORS}=…\``;
    yield { range: instruction.headRange, message, fix: fixOf(instruction, step) };
  }
}

/** Safe: the label takes the place of a field that says who made the image and does nothing. */
function fixOf(instruction: SingleInstruction, { stage }: WrittenStep): Fix | undefined {
  const { argument, keywordRange, argumentsRange, written } = instruction;
  if (argument === undefined) return undefined;
  if (stage?.evaluated.labels.has(AUTHORS) === true) {
    const removal = removeInstruction(instruction);
    if (removal === undefined) return undefined;
    return { description: "remove it: the label is there", safety: "safe", edits: [removal] };
  }
  const label = written === written.toLowerCase() ? "label" : "LABEL";
  const text = `${AUTHORS}="${quotable(argument.raw, argument.escape)}"`;
  return {
    description: `use \`LABEL ${AUTHORS}\``,
    safety: "safe",
    edits: [
      { range: keywordRange, text: label },
      { range: argumentsRange, text },
    ],
  };
}

/** The text between double quotes, where the builder expands variables; quotes around the whole of it go. */
function quotable(raw: string, escapeCharacter: string): string {
  const quote = raw[0];
  const isWhole = raw.length > 1 && (quote === '"' || quote === "'") && raw.indexOf(quote, 1) === raw.length - 1;
  const text = isWhole ? raw.slice(1, -1) : raw;
  let quotedText = "";
  for (const character of text) {
    quotedText +=
      character === '"' || character === "$" || character === escapeCharacter ? escapeCharacter + character : character;
  }
  return quotedText;
}
