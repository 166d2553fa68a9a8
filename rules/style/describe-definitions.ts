import type { Comment, Instruction } from "../../src/dockerfile/model.js";
import { defineRule, type Fix } from "../../src/engine/rule.js";
import { quoted } from "../../src/text/quoted.js";
import { wholeLines } from "../../src/text/whole-lines.js";

export default defineRule({
  id: "style/describe-definitions",
  summary: "Comments above ARG and AS describe them",
  levels: { style: "info" },
  roles: "all",
  fixable: "always",
  aliases: ["buildkit:InvalidDefinitionDescription"],
  why: [
    "`docker build --call=outline` and `--call=targets` show the comment above an argument or a stage as its description, if it " +
      "begins with the name. Another comment in that place is not shown, or was meant for something else.",
  ],
  references: [
    "https://docs.docker.com/reference/build-checks/invalid-definition-description/",
    "https://docs.docker.com/reference/cli/docker/buildx/build/#call-outline",
  ],
  mentions: { dockerfile: ["arg", "as"] },
  check: {
    *dockerfile({ dockerfile }) {
      for (const instruction of dockerfile.instructions) {
        const comment = instruction.commentsAbove.at(-1);
        if (comment === undefined) continue;
        const names = namesOf(instruction);
        const [first] = names;
        if (first === undefined || isNoDescription(comment) || names.includes(firstWord(comment.text))) continue;
        yield {
          range: comment.range,
          message: `this comment describes ${quoted(first)}; begin it with the name, or leave an empty line below`,
          fix: separate(instruction),
        };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "a comment about something else",
        preset: "buildkit",
        message: "`base`",
        files: { Dockerfile: ["«# cache for npm»", "FROM node:22 AS base", "«# 22 or 24»", "ARG NODE_ENV=production"] },
        fixed: {
          Dockerfile: ["# cache for npm", "", "FROM node:22 AS base", "# 22 or 24", "", "ARG NODE_ENV=production"],
        },
      },
      {
        name: "another name, and the name in another case",
        files: {
          Dockerfile: [
            "«# TAGS which release»",
            "ARG TAG=22",
            "# of the web",
            "«# BasE is for all»",
            "FROM node:22 AS base",
          ],
        },
        fixed: {
          Dockerfile: [
            "# TAGS which release",
            "",
            "ARG TAG=22",
            "# of the web",
            "# BasE is for all",
            "",
            "FROM node:22 AS base",
          ],
        },
      },
    ],
    good: [
      {
        name: "descriptions",
        files: {
          Dockerfile: [
            "# TAG of the image",
            "ARG TAG=22",
            "# shared by all",
            "# base has the tools",
            "FROM node:22 AS base",
          ],
        },
      },
      {
        name: "one of several names",
        files: { Dockerfile: ["FROM node:22", "# PORT that the proxy asks", "ARG HOST=0.0.0.0 PORT=80"] },
      },
      {
        name: "set apart by an empty line or an empty comment",
        files: { Dockerfile: ["# the shop", "", "FROM node:22 AS base", "# arguments", "#", "ARG TAG"] },
      },
      {
        name: "comments for tools, and lines",
        files: {
          Dockerfile: [
            "# syntax=docker/dockerfile:1",
            "# renovate: datasource=docker depName=node",
            "ARG TAG=22",
            "# hadolint ignore=DL3006",
            "FROM node:$TAG AS base",
            "# ----------",
            "FROM base AS web",
          ],
        },
      },
      {
        name: "above other instructions",
        files: { Dockerfile: ["# the shop", "FROM node:22", "# packages", "RUN npm ci"] },
      },
    ],
  },
});

function namesOf(instruction: Instruction): readonly string[] {
  if (instruction.keyword === "ARG") return instruction.pairs.map(({ key }) => key.raw);
  if (instruction.keyword !== "FROM" || instruction.alias === undefined) return [];
  const { raw } = instruction.alias;
  return [raw, raw.toLowerCase()];
}

function firstWord(text: string): string {
  const blank = text.search(/\s/);
  return blank < 0 ? text : text.slice(0, blank);
}

/** Names with which comments for tools begin. */
const TOOLS = [
  "check=",
  "checkov:",
  "dclint",
  "dockerfile-utils:",
  "hadolint",
  "kics-scan",
  "nosemgrep",
  "plimsoll",
  "renovate:",
  "shellcheck",
  "tally",
  "trivy:",
];

/** Whether a comment is for a tool, or has no words. */
function isNoDescription({ text }: Comment): boolean {
  return !/\p{L}|\d/u.test(text) || TOOLS.some((tool) => text.startsWith(tool));
}

/** Safe: nothing but an empty line is new. */
function separate({ headRange }: Instruction): Fix {
  const { source, start } = wholeLines(headRange);
  const edit = { range: source.range(start, start), text: source.lineBreak };
  return { description: "leave an empty line below the comment", safety: "safe", edits: [edit] };
}
