import type { ArgInstruction, Pair } from "../../src/dockerfile/model.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import type { DockerfileView } from "../../src/project/model.js";
import { mentionsVariable } from "../../src/project/variable-mentions.js";
import { writtenInstructions } from "../../src/project/written-steps.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "syntax/no-legacy-key-value",
  summary: "ENV and LABEL use `key=value`",
  levels: { recommended: "warning", strict: "warning", style: "warning" },
  kinds: {
    pair: { summary: "`ENV key value` or `LABEL key value`" },
    arg: { summary: "`ARG key value`, which declares two arguments" },
  },
  roles: "all",
  fixable: "sometimes",
  aliases: ["buildkit:LegacyKeyValueFormat"],
  why: [
    "The old form takes the rest of the line as one value, with every `=` and blank in it. It sets one key only, and whoever " +
      "adds a second one lengthens the first value instead. For ARG there is no old form: a blank separates two names.",
  ],
  references: [
    "https://docs.docker.com/reference/build-checks/legacy-key-value-format/",
    "https://docs.docker.com/reference/dockerfile/#env",
  ],
  mentions: { dockerfile: ["env", "label", "arg"] },
  check: {
    *dockerfile(view) {
      for (const instruction of writtenInstructions(view.dockerfile.instructions)) {
        const { keyword } = instruction;
        if (keyword === "ENV" || keyword === "LABEL") {
          const [pair] = instruction.pairs;
          if (pair?.legacy === true) yield legacyPair(keyword, pair);
        } else if (keyword === "ARG" && instruction.pairs.length === 2) yield* checkArg(instruction, view);
      }
    },
  },
  examples: {
    bad: [
      {
        name: "a variable and a label",
        kind: "pair",
        preset: "buildkit",
        message: "write `MODE=…`",
        files: { Dockerfile: ["FROM node:22", "ENV «MODE prod»", "label «maintainer   web@acme.example»"] },
        fixed: { Dockerfile: ["FROM node:22", "ENV MODE=prod", "label maintainer=web@acme.example"] },
      },
      {
        name: "blanks in the value",
        kind: "pair",
        files: { Dockerfile: ["FROM node:22", "ENV «GREETING hello $NAME and all»", 'LABEL «title "The shop"»'] },
        fixed: { Dockerfile: ["FROM node:22", 'ENV GREETING="hello $NAME and all"', 'LABEL title="The shop"'] },
      },
      {
        name: "two pairs that are one value",
        kind: "pair",
        files: { Dockerfile: ["FROM node:22", "ENV «MODE PORT=80 HOST=::»"] },
        fixed: { Dockerfile: ["FROM node:22", 'ENV MODE="PORT=80 HOST=::"'] },
      },
      {
        name: "over several lines",
        kind: "pair",
        files: { Dockerfile: ["FROM node:22", "ENV «NODE_OPTIONS --no-warnings \\", "    --enable-source-maps»"] },
        fixed: { Dockerfile: ["FROM node:22", 'ENV NODE_OPTIONS="--no-warnings \\', '    --enable-source-maps"'] },
      },
      {
        name: "quotes in the middle, which only a person can rewrite",
        kind: "pair",
        files: { Dockerfile: ["FROM node:22", 'ENV «GREETING say "hello" twice»', "ENV «ROOT C:\\\\srv and more»"] },
      },
      {
        name: "a trigger",
        kind: "pair",
        files: { Dockerfile: ["FROM node:22", "ONBUILD ENV «MODE prod»"] },
        fixed: { Dockerfile: ["FROM node:22", "ONBUILD ENV MODE=prod"] },
      },
      {
        name: "an argument with a value behind a blank",
        kind: "arg",
        files: { Dockerfile: ["ARG «NODE 22»", "FROM node:$NODE"] },
        fixed: { Dockerfile: ["ARG NODE=22", "FROM node:$NODE"] },
      },
    ],
    good: [
      {
        name: "the form of today",
        files: { Dockerfile: ["FROM node:22", 'ENV MODE=prod NAME="The shop"', "LABEL title=shop"] },
      },
      { name: "a quoted key", files: { Dockerfile: ["FROM node:22", 'LABEL "com.acme.title"="The shop"'] } },
      {
        name: "arguments without a value, each of which is used",
        files: {
          Dockerfile: ["FROM alpine:3.20", "ARG USER GROUP", "RUN addgroup $GROUP && adduser -G ${GROUP} $USER"],
        },
      },
      { name: "a list of arguments", files: { Dockerfile: ["FROM alpine:3.20", "ARG USER=app GROUP", "ARG A B C"] } },
      { name: "a key without value, which is a parse error", files: { Dockerfile: ["FROM alpine:3.20", "ENV MODE"] } },
    ],
  },
});

function legacyPair(keyword: string, pair: Pair): Finding {
  const { key, range } = pair;
  const old = quoted(`${keyword} ${key.raw}`);
  const message = `${old} takes the rest of the line as its value; write ${quoted(`${key.raw}=…`)}`;
  return { kind: "pair", range, message, fix: rewritePair(pair) };
}

/** Safe: one word keeps its meaning behind `=`, and so does text with blanks between double quotes. */
function rewritePair({ key, value }: Pair): Fix | undefined {
  const { source } = key.range;
  const gap = source.range(key.range.end, value.range.start);
  if (source.slice(gap).includes("#")) return undefined;
  const quotes = isOneWord(value.raw) ? "" : isBare(value.raw, value.escape) ? '"' : undefined;
  if (quotes === undefined) return undefined;
  const end = source.range(value.range.end, value.range.end);
  const edits = [{ range: gap, text: `=${quotes}` }];
  if (quotes !== "") edits.push({ range: end, text: quotes });
  return { description: "write `key=value`", safety: "safe", edits };
}

function isOneWord(raw: string): boolean {
  if (!/\s/.test(raw)) return true;
  const [quote = ""] = raw;
  // Anything escaped inside would need a closer look.
  return (quote === '"' || quote === "'") && raw.indexOf(quote, 1) === raw.length - 1 && !/[\\`]/.test(raw);
}

function isBare(raw: string, escapeCharacter: string): boolean {
  return !/["']/.test(raw) && !raw.includes(escapeCharacter);
}

function* checkArg({ pairs, argumentsRange, range }: ArgInstruction, view: DockerfileView): Iterable<Finding> {
  const [name, value] = pairs;
  if (name === undefined || value === undefined || name.value !== undefined || value.value !== undefined) return;
  if (mentionsVariable(view.dockerfile, value.key.raw, range.end)) return;
  const { source } = argumentsRange;
  const gap = source.range(name.range.end, value.range.start);
  yield {
    kind: "arg",
    range: argumentsRange,
    message: `${quoted(`ARG ${name.key.raw} ${value.key.raw}`)} declares two arguments without a value; write \`=\` between them`,
    fix: { description: "write `=`", safety: "unsafe", edits: [{ range: gap, text: "=" }] },
  };
}
