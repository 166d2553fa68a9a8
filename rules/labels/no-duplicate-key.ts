import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { removalOf } from "../../src/project/label-edits.js";
import { type LabelView, labelsOfStage } from "../../src/project/label-view.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "labels/no-duplicate-key",
  summary: "A label key is set once per stage",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    overridden: { summary: "another value further down takes its place" },
    "same-value": { summary: "the same key and value again", levels: { recommended: "info", strict: "info" } },
  },
  roles: "all",
  fixable: "sometimes",
  aliases: ["tally:labels/no-duplicate-keys"],
  why: [
    "The last value of a key wins, without a word. Whoever edits the first one sees no effect, and two versions of one " +
      "fact in a file are one too many.",
  ],
  references: ["https://docs.docker.com/reference/dockerfile/#label"],
  mentions: { dockerfile: ["label"] },
  check: {
    *stage(stage) {
      const later = new Map<string, LabelView>();
      const found: Finding[] = [];
      for (const label of [...labelsOfStage(stage)].reverse()) {
        const { key } = label;
        if (key === undefined || label.isDynamic) continue;
        const winner = later.get(key);
        if (winner === undefined) later.set(key, label);
        else found.push(duplicate(key, label, winner));
      }
      yield* found.reverse();
    },
  },
  examples: {
    bad: [
      {
        name: "two lines",
        kind: "overridden",
        files: {
          Dockerfile: ["FROM node:22.14.0", 'LABEL «io.acme.team="web"»', "WORKDIR /app", 'LABEL io.acme.team="shop"'],
        },
        fixed: { Dockerfile: ["FROM node:22.14.0", "WORKDIR /app", 'LABEL io.acme.team="shop"'] },
        message: "set again in line 4",
      },
      {
        name: "within one instruction",
        kind: "overridden",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            'LABEL «io.acme.team="web"» \\',
            '      io.acme.tier="2" \\',
            '      io.acme.team="shop"',
          ],
        },
        fixed: { Dockerfile: ["FROM node:22.14.0", 'LABEL io.acme.tier="2" \\', '      io.acme.team="shop"'] },
      },
      {
        name: "a comment belongs to one of them, and people have to say to which",
        kind: "overridden",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "LABEL io.acme.tier=2 \\",
            "      # who answers the telephone",
            "      «io.acme.team=web»",
            "LABEL io.acme.team=shop",
          ],
        },
      },
      {
        name: "three times",
        kind: "overridden",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "LABEL «io.acme.team=web» «io.acme.team=shop» io.acme.team=api io.acme.tier=2",
          ],
        },
        fixed: { Dockerfile: ["FROM node:22.14.0", "LABEL io.acme.team=api io.acme.tier=2"] },
      },
      {
        name: "the same again",
        kind: "same-value",
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL «io.acme.team="web"»', "LABEL io.acme.team=web"] },
        fixed: { Dockerfile: ["FROM node:22.14.0", "LABEL io.acme.team=web"] },
      },
    ],
    good: [
      { name: "once each", files: { Dockerfile: ["FROM node:22.14.0", 'LABEL io.acme.team="web" io.acme.tier="2"'] } },
      {
        name: "a stage overrides its parent",
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS base",
            'LABEL io.acme.team="web"',
            "FROM base",
            'LABEL io.acme.team="shop"',
          ],
        },
      },
      {
        name: "keys that are made with variables",
        files: {
          Dockerfile: ["FROM node:22.14.0", "ARG KEY=team", 'LABEL io.acme.${KEY}="web"', 'LABEL io.acme.team="shop"'],
        },
      },
    ],
  },
});

function duplicate(key: string, label: LabelView, winner: LabelView): Finding {
  const isSame = label.value.kind === "text" && winner.value.kind === "text" && label.value.text === winner.value.text;
  const { source, start } = winner.range;
  const { line } = source.positionAt(start);
  return {
    kind: isSame ? "same-value" : "overridden",
    range: label.range,
    message: isSame
      ? `${quoted(key)} is set to the same value again in line ${line}; keep one`
      : `${quoted(key)} is set again in line ${line}, which drops this value; keep one`,
    related: [{ range: winner.range, message: "this one counts" }],
    fix: fixOf(label, isSame),
    subject: key,
  };
}

/** Safe alone and for equal values; beside other pairs of one LABEL somebody may have meant another order. */
function fixOf(label: LabelView, isSame: boolean): Fix | undefined {
  const isAlone = label.written?.instruction.pairs.length === 1;
  const edit = removalOf(label);
  if (edit === undefined) return undefined;
  return {
    description: "remove the label without effect",
    safety: isAlone || isSame ? "safe" : "unsafe",
    edits: [edit],
  };
}
