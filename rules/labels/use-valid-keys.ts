import {
  DOCUMENTED_DOCKER_LABELS,
  LEGACY_LABELS,
  OCI_LABELS,
  OCI_PREFIX,
  RESERVED_LABEL_PREFIXES,
} from "../../src/data/oci-labels.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { type LabelView, labelsOfBuild, writtenLabelsOfStage } from "../../src/project/label-view.js";
import { quoted } from "../../src/text/quoted.js";
import { closest } from "../../src/values/closest.js";
import { matchesGlob } from "../../src/values/glob.js";

const options = {
  allow: option.strings({
    default: ["io.openshift.*", "io.k8s.*"],
    description: "Keys that are not judged; `*` stands for any text without a slash.",
  }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "labels/use-valid-keys",
  summary: "Label keys follow the naming rules and the known vocabularies",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    charset: {
      summary: "characters or an order of them that the guidelines do not allow",
      aliases: ["hadolint:DL3048", "tally:labels/valid-key"],
    },
    reserved: {
      summary: "a prefix that Docker keeps for itself",
      aliases: ["hadolint:DL3048", "tally:labels/valid-key"],
    },
    "oci-unknown": { summary: "an OCI key that the specification does not have" },
    unqualified: { summary: "no domain in front", levels: { recommended: "off", strict: "info" } },
    dynamic: { summary: "a key made with a variable", levels: { recommended: "off", strict: "off" } },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Labels work because tools look for exactly the agreed key: `org.opencontainers.image.license` is as good as none. " +
      "Keys without domain, or in somebody else's, clash with those of other tools.",
  ],
  references: [
    "https://docs.docker.com/engine/manage-resources/labels/#key-format-recommendations",
    "https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys",
  ],
  options,
  yieldsTo: ["labels/prefer-oci-keys"],
  mentions: { dockerfile: ["label"], compose: ["labels"] },
  check: {
    *stage(stage, ctx) {
      const labels = [...writtenLabelsOfStage(stage)];
      for (const label of labels) if (label.written?.pair.legacy !== true) yield* judge(label, labels, ctx);
    },
    *service(service, ctx) {
      const labels = [...labelsOfBuild(service)];
      for (const label of labels) yield* judge(label, labels, ctx);
    },
  },
  examples: {
    bad: [
      {
        name: "a misspelt OCI key",
        kind: "oci-unknown",
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL «org.opencontainers.image.author»="Acme Web Team"'] },
        fixed: { Dockerfile: ["FROM node:22.14.0", 'LABEL org.opencontainers.image.authors="Acme Web Team"'] },
        message: "`org.opencontainers.image.authors`",
      },
      {
        name: "a key in quotes",
        kind: "oci-unknown",
        files: { Dockerfile: ["FROM node:22.14.0", `LABEL «"org.opencontainers.image.license"»='MIT'`] },
        fixed: { Dockerfile: ["FROM node:22.14.0", `LABEL "org.opencontainers.image.licenses"='MIT'`] },
      },
      {
        name: "an OCI key that was never there",
        kind: "oci-unknown",
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL «org.opencontainers.image.maintainer»="Acme Web Team"'] },
      },
      {
        name: "a key of Compose",
        kind: "oci-unknown",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      labels:",
            '        - "«org.opencontainers.image.Source»=https://github.com/acme/api"',
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      labels:",
            '        - "org.opencontainers.image.source=https://github.com/acme/api"',
          ],
        },
      },
      {
        name: "capital letters, doubled separators, a digit in front, a separator at the end",
        kind: "charset",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            'LABEL «io.acme.Team»="web" «io.acme..team»="web" «1.acme»="web" «io.acme.»="web" «"io.acme team"»="web"',
          ],
        },
      },
      {
        name: "a prefix of Docker",
        kind: "reserved",
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL «com.docker.compose.project»="shop"'] },
      },
      {
        name: "no domain",
        kind: "unqualified",
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL «version»="1.4.0"'] },
        message: "`org.opencontainers.image.version`",
      },
      {
        name: "a key made with a variable",
        kind: "dynamic",
        files: { Dockerfile: ["FROM node:22.14.0", "ARG TEAM=web", 'LABEL «io.acme.${TEAM}»="yes"'] },
      },
    ],
    good: [
      {
        name: "OCI keys and keys of the company",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            'LABEL org.opencontainers.image.authors="Acme Web Team" org.opencontainers.image.base.name="docker.io/library/node:22.14.0"',
            'LABEL io.acme.team="web" io.acme/tier="2"',
          ],
        },
      },
      {
        name: "keys of Docker that are meant for users",
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL com.docker.extension.publisher-url="https://acme.io"'] },
      },
      {
        name: "keys that the policy allows",
        options: { allow: ["io.acme.*"] },
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL io.acme.Team="web"'] },
      },
      {
        name: "platforms with a vocabulary of their own",
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL io.k8s.display-Name="API"'] },
      },
      {
        name: "the old form, which has a rule of its own",
        files: { Dockerfile: ["FROM node:22.14.0", "LABEL Maintainer Acme"] },
      },
    ],
  },
});

function* judge(label: LabelView, labels: readonly LabelView[], { options }: Context): Iterable<Finding> {
  const { key, keyRange, isDynamic } = label;
  const what = (kind: string, message: string, fix?: Fix): Finding => ({ kind, range: keyRange, message, fix });
  if (isDynamic) {
    yield what("dynamic", "this key is made with a variable, so nobody finds it by its name; write it out");
    return;
  }
  if (key === undefined || options.allow.some((pattern) => matchesGlob(pattern, key, { hasFolders: true }))) return;
  if (key.startsWith(OCI_PREFIX)) {
    if (!OCI_LABELS.has(key.slice(OCI_PREFIX.length))) yield unknownKey(label, key, labels);
    return;
  }
  if (isReserved(key))
    yield what("reserved", `${quoted(key)} is in a namespace that Docker keeps; use a domain of your own`);
  else if (!WELL_FORMED.test(key)) yield what("charset", `${quoted(key)} is no well-formed key; ${charsetAdvice(key)}`);
  else if (!key.includes("."))
    yield what("unqualified", `${quoted(key)} has no domain in front; ${qualifiedAdvice(key)}`);
}

/** Letters first, letter or digit last, separators one at a time. */
const WELL_FORMED = /^[a-z][a-z0-9]*(?:[._/-][a-z0-9]+)*$/;

function charsetAdvice(key: string): string {
  if (/[A-Z]/.test(key)) return "write it in lower case";
  if (/\s/.test(key)) return "put `.` or `-` in the place of the blank";
  return "use lower-case words with single `.`, `-`, `_` or `/` between";
}

function qualifiedAdvice(key: string): string {
  const modern = LEGACY_LABELS.get(key);
  return modern === undefined ? "put your domain before it: `io.acme.…`" : `use \`${OCI_PREFIX}${modern}\``;
}

function isReserved(key: string): boolean {
  if (!RESERVED_LABEL_PREFIXES.some((prefix) => key.startsWith(prefix))) return false;
  return !DOCUMENTED_DOCKER_LABELS.some((open) => (open.endsWith(".") ? key.startsWith(open) : key === open));
}

function unknownKey(label: LabelView, key: string, labels: readonly LabelView[]): Finding {
  const nearest = closest(key.slice(OCI_PREFIX.length), OCI_LABELS.keys());
  const right = nearest === undefined ? undefined : OCI_PREFIX + nearest;
  // With the right key beside it the misspelt one is one too many, and which value counts is for people to say.
  const canRename = right !== undefined && !labels.some((other) => other.key === right);
  const fix: Fix | undefined =
    canRename && label.plainKeyRange !== undefined
      ? { description: `use \`${right}\``, safety: "safe", edits: [{ range: label.plainKeyRange, text: right }] }
      : undefined;
  const advice =
    right === undefined ? "use one of the specification, or your own domain" : `tools look for \`${right}\``;
  return { kind: "oci-unknown", range: label.keyRange, message: `${quoted(key)} is no OCI key; ${advice}`, fix };
}
