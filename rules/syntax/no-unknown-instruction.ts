import type { Instruction, UnknownInstruction } from "../../src/dockerfile/model.js";
import { hasOwnFrontend, isTemplateMark, nearestInstruction } from "../../src/dockerfile/refusals.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { lostContinuation } from "../../src/project/lost-continuation.js";
import type { DockerfileView } from "../../src/project/model.js";
import { quoted } from "../../src/text/quoted.js";

const options = {
  extra: option.strings({
    default: [],
    description: "Instructions that the frontend in use adds: `INCLUDE`.",
  }),
};

export default defineRule({
  id: "syntax/no-unknown-instruction",
  summary: "Every instruction exists",
  levels: { recommended: "error", strict: "error" },
  roles: "all",
  fixable: "sometimes",
  aliases: ["tally:unknown-instruction", "dockerfile-utils:UNKNOWN_INSTRUCTION"],
  why: [
    "The builder refuses a file with a word that it does not know where an instruction begins. Often the word is misspelt; as " +
      "often the line above has lost the backslash at its end.",
  ],
  references: ["https://docs.docker.com/reference/dockerfile/#overview"],
  yieldsTo: ["syntax/use-valid-onbuild#unknown"],
  options,
  check: { dockerfile: checkFile },
  examples: {
    bad: [
      {
        name: "misspelt words",
        message: "did you mean `COPY`",
        files: { Dockerfile: ["FROM node:22", "«COPPY» . .", "«wrokdir» /srv", "«EXPOSES» 80"] },
        fixed: { Dockerfile: ["FROM node:22", "COPY . .", "workdir /srv", "EXPOSE 80"] },
      },
      {
        name: "a misspelt FROM",
        files: { Dockerfile: ["«FORM» node:22", "RUN true"] },
        fixed: { Dockerfile: ["FROM node:22", "RUN true"] },
      },
      { name: "a word of another language", files: { Dockerfile: ["FROM node:22", "«INSTALL» curl", "«services:»"] } },
      {
        name: "a lost backslash",
        message: "backslash",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "RUN apt-get update \\",
            "  && apt-get install -y curl",
            "  «&&» rm -rf /var/lib/apt/lists/*",
          ],
        },
      },
      {
        name: "a lost backslash before a command",
        message: "backslash",
        files: { Dockerfile: ["FROM debian:12", "RUN set -eux;", "    «apt-get» update"] },
      },
      {
        name: "a trigger",
        files: { Dockerfile: ["FROM node:22", "ONBUILD «COPPY» . ."] },
        fixed: { Dockerfile: ["FROM node:22", "ONBUILD COPY . ."] },
      },
      {
        name: "a word that a frontend of its own may know",
        files: { Dockerfile: ["# syntax=acme/frontend:2", "FROM node:22", "«INCLUDE» common"] },
      },
    ],
    good: [
      {
        name: "all there are, in any case",
        files: {
          Dockerfile: [
            "ARG TAG=22",
            "from node:${TAG}",
            "MAINTAINER web@acme.example",
            "Label title=shop",
            'SHELL ["/bin/sh", "-c"]',
            "ONBUILD COPY . /srv",
            "RUN apt-get update \\",
            "  && apt-get install -y curl",
          ],
        },
      },
      {
        name: "the body of a here-document",
        files: { Dockerfile: ["FROM node:22", "RUN <<EOF", "apt-get update", "EOF"] },
      },
      {
        name: "an instruction that the policy names",
        options: { extra: ["include"] },
        files: { Dockerfile: ["INCLUDE common", "FROM node:22"] },
      },
      {
        name: "lines of a template",
        files: { Dockerfile: ["FROM node:22", "{{ if .debug }}", "RUN true", "{{ end }}", "@@STEPS@@"] },
      },
    ],
  },
});

function* checkFile(
  { dockerfile }: DockerfileView,
  { options: { extra } }: RuleContext<typeof options>,
): Iterable<Finding> {
  const { instructions } = dockerfile;
  for (const [index, instruction] of instructions.entries()) {
    const { keyword } = instruction;
    const unknown = keyword === "UNKNOWN" ? instruction : keyword === "ONBUILD" ? instruction.trigger : undefined;
    if (unknown?.keyword !== "UNKNOWN" || isTemplateMark(unknown.written)) continue;
    if (extra.some((word) => word.toUpperCase() === unknown.written.toUpperCase())) continue;
    const finding = findingOf(unknown, instructions[index - 1]);
    yield hasOwnFrontend(dockerfile) ? { range: finding.range, message: finding.message, atMost: "info" } : finding;
  }
}

function findingOf(instruction: UnknownInstruction, before: Instruction | undefined): Finding {
  const { written, keywordRange: range } = instruction;
  if (before !== undefined && lostContinuation(before, instruction)) {
    return { range, message: `${quoted(written)} is no instruction; the line above may lack its backslash` };
  }
  const near = nearestInstruction(written);
  if (near === undefined) return { range, message: `${quoted(written)} is no instruction; correct the word` };
  return {
    range,
    message: `${quoted(written)} is no instruction; did you mean \`${near}\``,
    fix: rename(instruction, near),
  };
}

/** Unsafe: the word may have been meant otherwise. */
function rename({ written, keywordRange: range }: UnknownInstruction, near: string): Fix {
  const text = written === written.toLowerCase() ? near.toLowerCase() : near;
  return { description: `use \`${text}\``, safety: "unsafe", edits: [{ range, text }] };
}
