import type { Comment, Directive, Dockerfile } from "../../src/dockerfile/model.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { type CheckFlaw, checkFlaws, makesErrors } from "../../src/project/check-options.js";
import { askedFrontend } from "../../src/project/frontend-features.js";
import type { DockerfileView } from "../../src/project/model.js";
import { quoted } from "../../src/text/quoted.js";
import { type Range, textOf } from "../../src/text/source.js";
import { wholeLines } from "../../src/text/whole-lines.js";
import { closest } from "../../src/values/closest.js";

const FRONTENDS = ["docker/dockerfile", "docker/dockerfile-upstream"];

export default defineRule({
  id: "syntax/use-valid-directives",
  summary: "Directives are where and what the parser expects",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    duplicate: { summary: "the same directive twice", aliases: ["dockerfile-utils:DUPLICATED_ESCAPE_DIRECTIVE"] },
    escape: {
      summary: "an escape character that cannot be",
      aliases: ["dockerfile-utils:INVALID_ESCAPE_DIRECTIVE"],
    },
    "syntax-typo": {
      summary: "a frontend that is misspelt",
      levels: { recommended: "warning", strict: "warning" },
      aliases: ["tally:syntax-directive-typo"],
    },
    misplaced: {
      summary: "a directive below something else, where it is only a comment",
      levels: { recommended: "warning", strict: "warning" },
    },
    check: {
      summary: "options and names of checks that the builder does not know",
      levels: { recommended: "warning", strict: "warning" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Directives count only above everything else, even above comments and empty lines. Below, they are comments: the " +
      "frontend is another one, the escape character stays the backslash, and nothing says so.",
    "A directive that is set twice, or an escape character other than a backslash and a backtick, stops the build. Names of " +
      "checks that do not exist are passed over, and the warnings stay.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#parser-directives",
    "https://docs.docker.com/build/checks/",
  ],
  mentions: { dockerfile: ["syntax", "escape", "check", "docker/"] },
  check: { dockerfile: checkFile },
  examples: {
    bad: [
      {
        name: "twice",
        kind: "duplicate",
        files: { Dockerfile: ["# escape=`", "«# escape=\\»", "FROM alpine:3.22"] },
      },
      {
        name: "other characters",
        kind: "escape",
        files: {
          Dockerfile: ["«# escape=|»", "FROM alpine:3.22"],
          "web.Dockerfile": ["«# escape=ab»", "FROM alpine:3.22"],
        },
      },
      {
        name: "misspelt frontends",
        kind: "syntax-typo",
        message: "`docker/dockerfile`",
        files: {
          Dockerfile: ["«# syntax=docker/dokcerfile:1»", "FROM alpine:3.22"],
          "web.Dockerfile": ["«# syntax=docker/dockerfiles:1»", "FROM alpine:3.22"],
        },
        fixed: {
          Dockerfile: ["# syntax=docker/dockerfile:1", "FROM alpine:3.22"],
          "web.Dockerfile": ["# syntax=docker/dockerfile:1", "FROM alpine:3.22"],
        },
      },
      {
        name: "a blank in the frontend, and a misspelt directive",
        kind: "syntax-typo",
        files: {
          Dockerfile: ["«# syntax=docker/dockerfile: 1»", "FROM alpine:3.22"],
          "web.Dockerfile": ["«# sytnax=docker/dockerfile:1»", "FROM alpine:3.22"],
        },
      },
      {
        name: "below a comment",
        kind: "misplaced",
        message: "first line",
        files: { Dockerfile: ["# the shop", "«# syntax=docker/dockerfile:1»", "FROM alpine:3.22"] },
        fixed: { Dockerfile: ["# syntax=docker/dockerfile:1", "# the shop", "FROM alpine:3.22"] },
      },
      {
        name: "below an empty line, an instruction and another directive",
        kind: "misplaced",
        files: {
          Dockerfile: ["# check=skip=all", "", "«# escape=`»", "FROM alpine:3.22", "", "«#check=error=true»", ""],
        },
        fixed: {
          Dockerfile: ["# escape=`", "# check=skip=all", "", "FROM alpine:3.22", "", "#check=error=true", ""],
        },
      },
      {
        name: "misspelt options and names",
        kind: "check",
        files: {
          Dockerfile: [
            "# check=«skp»=all;skip=StageNameCasing,«stagenamecasing»,«StageNameCase»,«Whatever»",
            "FROM alpine:3.22",
            "# check=skip=«maintainerdeprecated»",
            "MAINTAINER ops@example.com",
          ],
        },
        fixed: {
          Dockerfile: [
            "# check=skp=all;skip=StageNameCasing,StageNameCasing,StageNameCase,Whatever",
            "FROM alpine:3.22",
            "# check=skip=MaintainerDeprecated",
            "MAINTAINER ops@example.com",
          ],
        },
      },
      {
        name: "errors under a frontend that moves",
        kind: "check",
        files: { Dockerfile: ["# syntax=docker/dockerfile", "# check=«error=true»", "FROM alpine:3.22"] },
      },
    ],
    good: [
      {
        name: "at the top, in any order",
        files: {
          Dockerfile: [
            "# syntax=docker/dockerfile:1",
            "# check=skip=StageNameCasing,all;error=true;experimental=CopyIgnoredFile",
            "# escape=`",
            "FROM alpine:3.22",
          ],
        },
      },
      {
        name: "a check directly above an instruction",
        files: { Dockerfile: ["FROM alpine:3.22", "# check=skip=MaintainerDeprecated", "MAINTAINER a@example.com"] },
      },
      {
        name: "a program at the top",
        files: { Dockerfile: ["#!/usr/bin/env docker build", "# syntax=docker/dockerfile:1", "FROM alpine:3.22"] },
      },
      { name: "a byte order mark", files: { Dockerfile: "\ufeff# syntax=docker/dockerfile:1\nFROM alpine:3.22\n" } },
      {
        name: "prose",
        files: {
          Dockerfile: ["# the shop", "# syntax=the one of bash", "# check = done", "# escape=yes", "FROM alpine:3.22"],
        },
      },
      {
        name: "frontends of others, and arguments for the frontend",
        files: {
          Dockerfile: ["# syntax=acme/dockerfile:1", "FROM alpine:3.22"],
          "web.Dockerfile": ["# syntax=docker/dockerfile:1 --verbose", "FROM alpine:3.22"],
        },
      },
      { name: "unknown directives", files: { Dockerfile: ["# author=Ada", "FROM alpine:3.22"] } },
    ],
  },
});

function* checkFile({ dockerfile }: DockerfileView): Iterable<Finding> {
  const { directives, comments } = dockerfile;
  const seen = new Set<string>();
  for (const directive of directives) {
    const { name, range } = directive;
    if (KNOWN.has(name) && seen.has(name)) {
      const message = `\`${name}\` is set twice, at which the builder stops; keep one of the lines`;
      yield { kind: "duplicate", range, message };
      continue;
    }
    seen.add(name);
    yield* checkDirective(directive, dockerfile);
  }
  for (const comment of comments) yield* checkComment(comment, dockerfile);
}

const KNOWN: ReadonlySet<string> = new Set(["syntax", "escape", "check"]);

function* checkDirective(directive: Directive, dockerfile: Dockerfile): Iterable<Finding> {
  const { name, value, range, valueRange } = directive;
  switch (name) {
    case "escape":
      if (value === "\\" || value === "`") return;
      yield {
        kind: "escape",
        range,
        message: `${quoted(value)} cannot be the escape character; use \`\\\` or a backtick`,
      };
      return;
    case "syntax":
      yield* checkSyntax(directive);
      return;
    case "check":
      yield* checkOptions(value, valueRange);
      if (makesErrors(value) && askedFrontend(dockerfile)?.kind === "floating") {
        const at = value.toLowerCase().indexOf("error");
        const end = value.indexOf(";", at);
        const part = partOf(valueRange, at, end < 0 ? value.length : end);
        const message =
          "`error=true` stops builds when a new frontend brings new checks; name a version in `# syntax=`";
        yield { kind: "check", range: part, message };
      }
      return;
    default: {
      const near = closest(name, KNOWN);
      if (near !== "syntax" || !value.startsWith("docker/")) return;
      yield { kind: "syntax-typo", range, message: `${quoted(name)} is no directive; did you mean \`syntax\`` };
    }
  }
}

function partOf({ source, start }: Range, from: number, to: number): Range {
  return source.range(start + from, start + to);
}

function* checkSyntax({ value, range, valueRange }: Directive): Iterable<Finding> {
  const [first = "", second = ""] = value.split(/\s+/, 2);
  if (second !== "" && (/[:/]$/.test(first) || /^[:/]/.test(second))) {
    yield { kind: "syntax-typo", range, message: `${quoted(value)} has a blank inside of the frontend; take it away` };
    return;
  }
  const name = first.replace(/[:@].*$/, "");
  if (!name.includes("/") || FRONTENDS.includes(name)) return;
  const meant = closest(name, FRONTENDS);
  // A name that is right but for its owner is the frontend of somebody else.
  if (meant === undefined || name.endsWith("/dockerfile")) return;
  const edit = { range: partOf(valueRange, 0, name.length), text: meant };
  const message = `${quoted(name)} is no known frontend; did you mean \`${meant}\``;
  const fix: Fix = { description: `use \`${meant}\``, safety: "unsafe", edits: [edit] };
  yield { kind: "syntax-typo", range, message, fix };
}

function* checkOptions(value: string, range: Range): Iterable<Finding> {
  for (const flaw of checkFlaws(value)) {
    const place = partOf(range, flaw.start, flaw.end);
    yield { kind: "check", range: place, message: problemOf(flaw), fix: correctCase(flaw, place) };
  }
}

function problemOf({ kind, written, meant }: CheckFlaw): string {
  if (kind === "case") return `${quoted(written)} is compared with its case; write \`${meant}\``;
  const what = kind === "option" ? "no option of `check`" : "no check of the builder";
  const mend =
    meant === undefined ? (kind === "option" ? "use `skip` or `error`" : "remove it") : `did you mean \`${meant}\``;
  return `${quoted(written)} is ${what}; ${mend}`;
}

/** Safe: nothing of the image depends on checks. */
function correctCase({ kind, meant }: CheckFlaw, range: Range): Fix | undefined {
  if (kind !== "case" || meant === undefined) return undefined;
  return { description: `write \`${meant}\``, safety: "safe", edits: [{ range, text: meant }] };
}

function* checkComment({ text, range, place }: Comment, dockerfile: Dockerfile): Iterable<Finding> {
  const equals = text.indexOf("=");
  if (equals < 5 || equals > 8) return;
  const name = text.slice(0, equals).trim().toLowerCase();
  const value = text.slice(equals + 1).trim();
  if (!KNOWN.has(name) || !isValueOf(name, value)) return;
  // Below a `#!` line the frontend is chosen by what the file's reader takes for a comment.
  if (dockerfile.directives.some((directive) => directive.range.start === range.start)) return;
  if (name === "check" && place === "own" && isAboveInstruction(range, dockerfile)) {
    const start = range.end - value.length;
    yield* checkOptions(value, range.source.range(start, range.end));
    return;
  }
  const isSet = dockerfile.directives.some((directive) => directive.name === name);
  const mend = isSet ? `\`${name}\` is set above; remove it` : "make it the first line";
  const message = `\`# ${name}=\` is only a comment here; ${mend}`;
  yield { kind: "misplaced", range, message, fix: isSet ? undefined : moveUp(range, name, dockerfile) };
}

function isValueOf(name: string, value: string): boolean {
  switch (name) {
    case "escape":
      return value === "\\" || value === "`";
    case "check":
      return /^(?:skip|error|experimental)=\S/.test(value);
    default:
      return /^\S+\/\S+$/.test(value);
  }
}

function isAboveInstruction({ start }: Range, { instructions }: Dockerfile): boolean {
  return instructions.some(({ commentsAbove }) => commentsAbove.some(({ range }) => range.start === start));
}

/** Unsafe for `escape`, which changes how every line is read. */
function moveUp(range: Range, name: string, { source }: Dockerfile): Fix | undefined {
  if (source !== range.source || source.text.startsWith("#!")) return undefined;
  return {
    description: "move it to the top",
    safety: name === "escape" ? "unsafe" : "safe",
    edits: [
      { range: source.range(0, 0), text: `${textOf(range)}${source.lineBreak}` },
      { range: wholeLines(range), text: "" },
    ],
  };
}
