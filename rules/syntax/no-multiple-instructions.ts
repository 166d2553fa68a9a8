import type { Instruction } from "../../src/dockerfile/model.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import type { DockerfileView } from "../../src/project/model.js";
import { join } from "../../src/text/source.js";
import { wholeLines } from "../../src/text/whole-lines.js";

/** Names of kinds by keyword. */
const KINDS: ReadonlyMap<Instruction["keyword"], string> = new Map([
  ["CMD", "cmd"],
  ["ENTRYPOINT", "entrypoint"],
  ["HEALTHCHECK", "healthcheck"],
  ["STOPSIGNAL", "stopsignal"],
]);

const EVERY_TOOL = ["buildkit:MultipleInstructionsDisallowed", "dockerfile-utils:MULTIPLE_INSTRUCTIONS"] as const;

const options = {
  mark: option.choice({
    words: ["replaced", "replacing"],
    default: "replaced",
    description: "Which is marked: those without effect, or those that take the place of an earlier one.",
  }),
};

export default defineRule({
  id: "syntax/no-multiple-instructions",
  summary: "One CMD, ENTRYPOINT, HEALTHCHECK and STOPSIGNAL per stage",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    cmd: {
      summary: "a CMD that another one replaces",
      aliases: [
        ...EVERY_TOOL,
        "hadolint:DL4003",
        "trivy:DS-0016",
        "kics:multiple-cmd-instructions-listed",
        "kics:41c195f4-fc31-4a5c-8a1b-90605538d49f",
        "semgrep:multiple-cmd-instructions",
      ],
    },
    entrypoint: {
      summary: "an ENTRYPOINT that another one replaces",
      aliases: [
        ...EVERY_TOOL,
        "hadolint:DL4004",
        "trivy:DS-0007",
        "kics:multiple-entrypoint-instructions-listed",
        "kics:6938958b-3f1a-451c-909b-baeee14bdc97",
        "semgrep:multiple-entrypoint-instructions",
      ],
    },
    healthcheck: {
      summary: "a HEALTHCHECK that another one replaces",
      aliases: [...EVERY_TOOL, "hadolint:DL3012", "trivy:DS-0023"],
    },
    stopsignal: {
      summary: "a STOPSIGNAL that another one replaces",
      levels: { recommended: "info", strict: "info" },
    },
  },
  roles: "all",
  fixable: "always",
  why: [
    "An image has one of each, and the last one written wins without a word. Whoever reads the first, or changes it, is " +
      "reading something that has no effect.",
    "It is the earlier ones that are marked, as BuildKit does: they are what can go. hadolint marks the later ones, and so does " +
      "its preset.",
  ],
  references: [
    "https://docs.docker.com/reference/build-checks/multiple-instructions-disallowed/",
    "https://docs.docker.com/reference/dockerfile/#cmd",
  ],
  options,
  presetOptions: { hadolint: { mark: "replacing" } },
  mentions: { dockerfile: ["cmd", "entrypoint", "healthcheck", "stopsignal"] },
  check: { dockerfile: checkFile },
  examples: {
    bad: [
      {
        name: "the later ones are marked",
        preset: "hadolint",
        kind: "cmd",
        message: "replaces the one on line 2",
        files: { Dockerfile: ["FROM node:22", 'CMD ["a"]', '«CMD ["b"]»', '«CMD ["c"]»'] },
        fixed: { Dockerfile: ["FROM node:22", 'CMD ["c"]'] },
      },
      {
        name: "two commands",
        kind: "cmd",
        preset: "buildkit",
        message: "line 4",
        files: { Dockerfile: ["FROM node:22", '«CMD ["node", "api.js"]»', "RUN npm ci", 'CMD ["node", "web.js"]'] },
        fixed: { Dockerfile: ["FROM node:22", "RUN npm ci", 'CMD ["node", "web.js"]'] },
      },
      {
        name: "two entrypoints, the first with a comment",
        kind: "entrypoint",
        files: {
          Dockerfile: [
            "FROM node:22",
            "# as it was",
            '«ENTRYPOINT ["node", \\',
            '  "api.js"]»',
            'ENTRYPOINT ["node", "web.js"]',
          ],
        },
        fixed: { Dockerfile: ["FROM node:22", 'ENTRYPOINT ["node", "web.js"]'] },
      },
      {
        name: "two health checks, one of them none",
        kind: "healthcheck",
        files: { Dockerfile: ["FROM node:22", "«HEALTHCHECK CMD /check»", "HEALTHCHECK NONE"] },
        fixed: { Dockerfile: ["FROM node:22", "HEALTHCHECK NONE"] },
      },
      {
        name: "two signals",
        kind: "stopsignal",
        files: { Dockerfile: ["FROM node:22", "«STOPSIGNAL SIGINT»", "STOPSIGNAL SIGTERM"] },
        fixed: { Dockerfile: ["FROM node:22", "STOPSIGNAL SIGTERM"] },
      },
      {
        name: "three commands, in any case of letters",
        kind: "cmd",
        files: { Dockerfile: ["FROM node:22", "«cmd node a.js»", "«CMD node b.js»", "Cmd node c.js"] },
        fixed: { Dockerfile: ["FROM node:22", "Cmd node c.js"] },
      },
      {
        name: "a part of a file, without FROM",
        kind: "cmd",
        files: { Dockerfile: ["«CMD node a.js»", "CMD node b.js"] },
        fixed: { Dockerfile: ["CMD node b.js"] },
      },
    ],
    good: [
      {
        name: "one of each",
        preset: "hadolint",
        files: {
          Dockerfile: [
            "FROM node:22",
            "HEALTHCHECK CMD node check.js",
            "STOPSIGNAL SIGINT",
            'ENTRYPOINT ["node"]',
            'CMD ["api.js"]',
          ],
        },
      },
      {
        name: "one in each stage, of a parent and its child too",
        files: {
          Dockerfile: [
            "FROM node:22 AS base",
            'CMD ["node", "api.js"]',
            "FROM base AS worker",
            'CMD ["node", "worker.js"]',
            "FROM node:22",
            'CMD ["node", "web.js"]',
          ],
        },
      },
      {
        name: "a trigger, which runs in another build",
        files: { Dockerfile: ["FROM node:22", 'ONBUILD CMD ["npm", "start"]', 'CMD ["node", "api.js"]'] },
      },
    ],
  },
});

function* checkFile(
  { dockerfile }: DockerfileView,
  { options: { mark } }: RuleContext<typeof options>,
): Iterable<Finding> {
  const last = new Map<Instruction["keyword"], Instruction>();
  const { instructions } = dockerfile;
  let stage: number | undefined;
  const found: Finding[] = [];
  for (let index = instructions.length - 1; index >= 0; index -= 1) {
    const instruction = instructions[index];
    if (instruction === undefined || !KINDS.has(instruction.keyword)) continue;
    if (instruction.stage !== stage) {
      last.clear();
      stage = instruction.stage;
    }
    const { keyword } = instruction;
    const winner = last.get(keyword);
    if (winner !== undefined) {
      found.push(mark === "replaced" ? deadFinding(instruction, winner) : replacingFinding(instruction, winner));
    }
    if (winner === undefined || mark === "replacing") last.set(keyword, instruction);
  }
  yield* found.reverse();
}

function replacingFinding(instruction: Instruction, next: Instruction): Finding {
  const { keyword } = next;
  const { line } = instruction.keywordRange.source.positionAt(instruction.keywordRange.start);
  return {
    kind: KINDS.get(keyword) ?? "cmd",
    range: next.headRange,
    message: `${keyword} replaces the one on line ${line} of the same stage; remove one of them`,
    related: [{ range: instruction.headRange, message: "the one without effect" }],
    fix: removal(instruction),
  };
}

function deadFinding(instruction: Instruction, winner: Instruction): Finding {
  const { keyword, headRange } = instruction;
  const { line } = winner.keywordRange.source.positionAt(winner.keywordRange.start);
  return {
    kind: KINDS.get(keyword) ?? "cmd",
    range: headRange,
    message: `${keyword} on line ${line} of the same stage replaces this one; remove one of them`,
    related: [{ range: winner.headRange, message: "the one in effect" }],
    fix: removal(instruction),
  };
}

/** Unsafe: the one that was meant may be this. Comments directly above go with it. */
function removal({ keyword, range, commentsAbove }: Instruction): Fix {
  const [first] = commentsAbove;
  const whole = wholeLines(first === undefined ? range : join(first.range, range));
  return {
    description: `remove the ${keyword} without effect`,
    safety: "unsafe",
    edits: [{ range: whole, text: "" }],
  };
}
