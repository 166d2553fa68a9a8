import type { Directive, FromInstruction, Instruction } from "../../src/dockerfile/model.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import type { DockerfileView } from "../../src/project/model.js";
import { quoted } from "../../src/text/quoted.js";
import { type Range, textOf } from "../../src/text/source.js";

const options = {
  case: option.choice({
    words: ["majority", "upper", "lower"],
    default: "majority",
    description: "How keywords are written: as most of the file, or always in one case.",
  }),
};

type LetterCase = "upper" | "lower";

export default defineRule({
  id: "style/use-consistent-casing",
  summary: "Keywords are cased consistently",
  levels: { recommended: "info", strict: "info", style: "warning" },
  kinds: {
    instruction: {
      summary: "a keyword in mixed case, or in another case than most of the file",
      aliases: ["buildkit:ConsistentInstructionCasing", "dockerfile-utils:CASING_INSTRUCTION"],
    },
    as: { summary: "`AS` in another case than its FROM", aliases: ["buildkit:FromAsCasing"] },
    directive: { summary: "a directive that is not in lower case", aliases: ["dockerfile-utils:CASING_DIRECTIVE"] },
  },
  roles: "all",
  fixable: "always",
  why: [
    "Keywords in one case stand out from their arguments, and a search for them finds them all. Which case it is does not " +
      "matter to the builder; most files have upper case.",
  ],
  references: [
    "https://docs.docker.com/reference/build-checks/consistent-instruction-casing/",
    "https://docs.docker.com/reference/build-checks/from-as-casing/",
    "https://docs.docker.com/reference/dockerfile/#format",
  ],
  options,
  check: { dockerfile: checkFile },
  examples: {
    bad: [
      {
        name: "one in lower case",
        kind: "instruction",
        preset: "buildkit",
        message: "upper case",
        files: { Dockerfile: ["FROM alpine:3.22", "«copy» a /a", "COPY b /b"] },
        fixed: { Dockerfile: ["FROM alpine:3.22", "COPY a /a", "COPY b /b"] },
      },
      {
        name: "one in upper case",
        kind: "instruction",
        files: { Dockerfile: ["from alpine:3.22", "«COPY» a /a", "copy b /b"] },
        fixed: { Dockerfile: ["from alpine:3.22", "copy a /a", "copy b /b"] },
      },
      {
        name: "mixed case, in a trigger and above FROM too",
        kind: "instruction",
        files: { Dockerfile: ["«arg» TAG=3.22", "«From» alpine:$TAG as base", "ONBUILD «Copy» . .", "RUN true"] },
        fixed: { Dockerfile: ["ARG TAG=3.22", "FROM alpine:$TAG AS base", "ONBUILD COPY . .", "RUN true"] },
      },
      {
        name: "as many of each: upper case",
        kind: "instruction",
        files: { Dockerfile: ["FROM alpine:3.22", "«run» true"] },
        fixed: { Dockerfile: ["FROM alpine:3.22", "RUN true"] },
      },
      {
        name: "the policy says lower case",
        kind: "instruction",
        options: { case: "lower" },
        files: { Dockerfile: ["«FROM» alpine:3.22", "«RUN» true"] },
        fixed: { Dockerfile: ["from alpine:3.22", "run true"] },
      },
      {
        name: "the name of a stage",
        kind: "as",
        preset: "buildkit",
        files: { Dockerfile: ["FROM alpine:3.22 «as» base", "FROM alpine:3.22 «As» web"] },
        fixed: { Dockerfile: ["FROM alpine:3.22 AS base", "FROM alpine:3.22 AS web"] },
      },
      {
        name: "the name of a stage, in lower case",
        kind: "as",
        files: { Dockerfile: ["from alpine:3.22 «AS» base"] },
        fixed: { Dockerfile: ["from alpine:3.22 as base"] },
      },
      {
        name: "directives",
        kind: "directive",
        files: { Dockerfile: ["# «Syntax»=docker/dockerfile:1", "#«ESCAPE»=`", "FROM alpine:3.22"] },
        fixed: { Dockerfile: ["# syntax=docker/dockerfile:1", "#escape=`", "FROM alpine:3.22"] },
      },
    ],
    good: [
      {
        name: "all in upper case, or all in lower case",
        files: {
          Dockerfile: ["# syntax=docker/dockerfile:1", "FROM alpine:3.22 AS base", "ONBUILD RUN true"],
          "web.Dockerfile": ["from alpine:3.22 as base", "run true", "onbuild run true"],
        },
      },
      {
        name: "a word that is no instruction, which has a rule of its own",
        files: { Dockerfile: ["FROM alpine:3.22", "Coppy . ."] },
      },
      { name: "an unknown directive", files: { Dockerfile: ["# Author=Ada", "FROM alpine:3.22"] } },
    ],
  },
});

const DIRECTIVES: ReadonlySet<string> = new Set(["syntax", "escape", "check"]);

function* checkFile({ dockerfile }: DockerfileView, ctx: RuleContext<typeof options>): Iterable<Finding> {
  for (const directive of dockerfile.directives) yield* checkDirective(directive);
  const written = [...withTriggers(dockerfile.instructions)];
  const wanted = ctx.options.case === "majority" ? majorityOf(written) : ctx.options.case;
  for (const instruction of written) {
    if (instruction.keyword === "UNKNOWN") continue;
    const { keywordRange: range } = instruction;
    if (caseOf(instruction.written) !== wanted) {
      const reason = ctx.options.case === "majority" ? `${wanted} case, as most of the file is` : `${wanted} case`;
      const message = `${quoted(instruction.written)} is a keyword; write it in ${reason}`;
      yield { kind: "instruction", range, message, fix: rewrite(range, wanted) };
    }
    if (instruction.keyword === "FROM") yield* checkAs(instruction);
  }
}

function* checkDirective({ name, nameRange }: Directive): Iterable<Finding> {
  const written = textOf(nameRange);
  if (written === name || !DIRECTIVES.has(name)) return;
  const message = `${quoted(written)} is not in lower case, in which directives are written; change it`;
  yield { kind: "directive", range: nameRange, message, fix: rewrite(nameRange, "lower") };
}

function* withTriggers(instructions: readonly Instruction[]): Iterable<Instruction> {
  for (const instruction of instructions) {
    yield instruction;
    if (instruction.keyword === "ONBUILD" && instruction.trigger !== undefined) yield instruction.trigger;
  }
}

function caseOf(keyword: string): LetterCase | "mixed" {
  if (keyword === keyword.toUpperCase()) return "upper";
  return keyword === keyword.toLowerCase() ? "lower" : "mixed";
}

function majorityOf(instructions: readonly Instruction[]): LetterCase {
  let balance = 0;
  for (const { keyword, written } of instructions) {
    if (keyword === "UNKNOWN") continue;
    const letters = caseOf(written);
    if (letters === "lower") balance -= 1;
    else if (letters === "upper") balance += 1;
  }
  return balance < 0 ? "lower" : "upper";
}

function* checkAs({ alias, words, written }: FromInstruction): Iterable<Finding> {
  const [, as] = words;
  const wanted = caseOf(written);
  if (alias === undefined || as === undefined || wanted === "mixed" || caseOf(as.raw) === wanted) return;
  const message = `${quoted(as.raw)} and ${quoted(written)} differ in case; write both in ${wanted} case`;
  yield { kind: "as", range: as.range, message, fix: rewrite(as.range, wanted) };
}

/** Safe: the builder reads keywords in any case. */
function rewrite(range: Range, wanted: LetterCase): Fix {
  const written = textOf(range);
  const text = wanted === "upper" ? written.toUpperCase() : written.toLowerCase();
  return { description: `write \`${text}\``, safety: "safe", edits: [{ range, text }] };
}
