import { OCI_LABELS, OCI_PREFIX } from "../../src/data/oci-labels.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { type LabelView, labelsOfBuild, labelsOfStage } from "../../src/project/label-view.js";
import { quoted } from "../../src/text/quoted.js";
import { matchesGlob } from "../../src/values/glob.js";

const options = {
  allowed: option.strings({
    default: [],
    description: "Keys that may be used, and no others; `*` stands for any text without a slash: `com.acme.*`.",
  }),
  required: option.strings({
    default: [],
    description: "Keys that have to be there, and so may be; bare names mean `org.opencontainers.image.*`.",
  }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "labels/use-allowed-keys",
  summary: "Only agreed label keys are used",
  levels: {},
  roles: "all",
  fixable: "never",
  aliases: ["hadolint:DL3050"],
  why: [
    "Inventories, dashboards and clean-up jobs read labels by key. A key that nobody agreed on is one that no tool reads, " +
      "and often a misspelt or renamed one of those that were agreed on.",
  ],
  references: [
    "https://docs.docker.com/engine/manage-resources/labels/#key-format-recommendations",
    "https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#rules",
  ],
  options,
  levelByOptions: ({ allowed }) => (allowed.length > 0 ? "info" : undefined),
  mentions: { dockerfile: ["label"], compose: ["labels"] },
  check: {
    *stage(stage, ctx) {
      if (ctx.options.allowed.length > 0) yield* judge(labelsOfStage(stage), ctx);
    },
    *service(service, ctx) {
      if (ctx.options.allowed.length > 0) yield* judge(labelsOfBuild(service), ctx);
    },
  },
  examples: {
    bad: [
      {
        name: "a key of nobody's",
        options: { allowed: ["org.opencontainers.image.*", "com.acme.*"] },
        message: "`team` is none of the agreed keys; use `com.acme.team`",
        files: { Dockerfile: ["FROM node:22.14.0-slim", 'LABEL «team»="web" com.acme.tier="2"'] },
      },
      {
        name: "a preset that has the rule off, and one key that is agreed on",
        preset: "recommended",
        options: { allowed: ["com.acme.team"] },
        message: "`com.acme.owner` is none of the agreed keys; use `com.acme.team`, or agree on it",
        files: { Dockerfile: ["FROM node:22.14.0-slim", 'LABEL «com.acme.owner»="web"'] },
      },
      {
        name: "labels that Compose gives an image",
        options: { allowed: ["com.acme.*", "org.opencontainers.image.*"] },
        files: {
          Dockerfile: ["FROM node:22.14.0-slim"],
          "compose.yaml": ["services:", "  api:", "    build:", "      context: .", "      labels: [«io.example.x»=1]"],
        },
      },
      {
        name: "no pattern at all that could be right",
        options: { allowed: ["["] },
        message: "none of the agreed keys; agree on it, or drop it",
        files: { Dockerfile: ["FROM node:22.14.0-slim", 'LABEL «team»="web"'] },
      },
    ],
    good: [
      {
        name: "agreed keys, and those that have to be there",
        options: { allowed: ["com.acme.*"], required: ["source", "io.example.owner"] },
        files: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            'LABEL com.acme.team="web" \\',
            '      io.example.owner="web" \\',
            '      org.opencontainers.image.source="https://github.com/acme/api"',
          ],
        },
      },
      { name: "nothing is agreed on", files: { Dockerfile: ["FROM node:22.14.0-slim", 'LABEL team="web"'] } },
      {
        name: "a key that nobody can know",
        options: { allowed: ["com.acme.*"] },
        files: { Dockerfile: ["FROM node:22.14.0-slim", "ARG KEY", 'LABEL ${KEY}="web"'] },
      },
      {
        name: "labels of a container",
        options: { allowed: ["com.acme.*"] },
        files: {
          Dockerfile: ["FROM node:22.14.0-slim"],
          "compose.yaml": ["services:", "  api:", "    build: .", "    labels: [traefik.enable=true]"],
        },
      },
    ],
  },
});

function* judge(labels: Iterable<LabelView>, { options: { allowed, required } }: Context): Iterable<Finding> {
  const needed = new Set(required.map((name) => (OCI_LABELS.has(name) ? OCI_PREFIX + name : name)));
  for (const { key, keyRange } of labels) {
    if (
      key === undefined ||
      needed.has(key) ||
      allowed.some((pattern) => matchesGlob(pattern, key, { hasFolders: true }))
    )
      continue;
    yield { range: keyRange, message: `${quoted(key)} is none of the agreed keys; ${advice(key, allowed)}` };
  }
}

/** A bare word belongs into the namespace that is agreed on; the one of the specification has a closed list. */
function advice(key: string, allowed: readonly string[]): string {
  const spaces = allowed.filter((pattern) => pattern.endsWith(".*") && pattern !== `${OCI_PREFIX}*`);
  const [space] = spaces;
  if (space !== undefined && !key.includes(".")) return `use ${quoted(space.slice(0, -1) + key)}`;
  const [first] = allowed.filter((pattern) => !/[*?[\]\\]/.test(pattern));
  if (allowed.length === 1 && first !== undefined) return `use ${quoted(first)}, or agree on it`;
  return space === undefined ? "agree on it, or drop it" : `use one of ${quoted(space)}, or agree on it`;
}
