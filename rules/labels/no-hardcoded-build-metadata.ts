import { OCI_PREFIX } from "../../src/data/oci-labels.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { imageOfFrom } from "../../src/project/image-use.js";
import { type LabelView, labelsOfStage } from "../../src/project/label-view.js";
import type { Project, StageView } from "../../src/project/model.js";
import { packageVersions } from "../../src/project/package-version.js";
import { quoted } from "../../src/text/quoted.js";

const options = {
  keys: option.strings({
    default: ["revision", "created"],
    description: "Keys whose values only the build knows; bare names mean `org.opencontainers.image.*`.",
  }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "labels/no-hardcoded-build-metadata",
  summary: "Revision, date and digest come from the build, not from the file",
  levels: { recommended: "info", strict: "warning" },
  roles: ["production"],
  fixable: "sometimes",
  why: [
    "A revision or date that is written into the file is right for one build and wrong for all later ones, and wrong " +
      "metadata is worse than none: an incident is traced to the wrong commit.",
  ],
  references: [
    "https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys",
    "https://docs.docker.com/build/building/variables/",
  ],
  options,
  // What cannot be read at all is wrong in any image.
  yieldsTo: [
    "labels/use-valid-values#revision",
    "labels/use-valid-values#timestamp",
    "labels/use-valid-values#digest",
    "labels/match-base",
  ],
  mentions: { dockerfile: ["label"] },
  check: {
    *stage(stage, ctx) {
      if (!stage.isShipped) return;
      const counting = new Map<string, LabelView>();
      // An earlier value of the same key has no effect, which is for `labels/no-duplicate-key` to say.
      for (const label of labelsOfStage(stage)) if (label.key !== undefined) counting.set(label.key, label);
      for (const label of counting.values()) yield* judge(label, stage, ctx);
    },
  },
  examples: {
    bad: [
      {
        name: "a commit",
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL org.opencontainers.image.revision=«"3f9ab12"»'] },
        fixed: {
          Dockerfile: ["FROM node:22.14.0", "ARG GIT_SHA", 'LABEL org.opencontainers.image.revision="$GIT_SHA"'],
        },
      },
      {
        name: "a date, beside an argument that is there already",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "ARG BUILD_DATE",
            'LABEL org.opencontainers.image.title="The API" \\',
            "      org.opencontainers.image.created=«2023-04-01T00:00:00Z»",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22.14.0",
            "ARG BUILD_DATE",
            'LABEL org.opencontainers.image.title="The API" \\',
            '      org.opencontainers.image.created="$BUILD_DATE"',
          ],
        },
      },
      {
        name: "a variable with one value",
        files: {
          Dockerfile: ["FROM node:22.14.0", "ENV SHA=3f9ab12", 'LABEL org.opencontainers.image.revision=«"$SHA"»'],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22.14.0",
            "ENV SHA=3f9ab12",
            "ARG GIT_SHA",
            'LABEL org.opencontainers.image.revision="$GIT_SHA"',
          ],
        },
      },
      {
        name: "the digest of a base that is named by tag",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            'LABEL org.opencontainers.image.base.digest=«"sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645"»',
          ],
        },
      },
      {
        name: "another version than the package has",
        files: {
          Dockerfile: ["FROM node:22.14.0", 'LABEL org.opencontainers.image.version=«"1.3.0"»'],
          "package.json": ["{", '  "name": "api",', '  "version": "1.4.0"', "}"],
        },
        fixed: {
          Dockerfile: ["FROM node:22.14.0", "ARG VERSION", 'LABEL org.opencontainers.image.version="$VERSION"'],
        },
        message: "`package.json`",
      },
      {
        name: "a key of the policy",
        options: { keys: ["io.acme.build"] },
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL io.acme.build=«"4711"»'] },
      },
    ],
    good: [
      {
        name: "arguments of the build",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "ARG GIT_SHA=unknown",
            "ARG BUILD_DATE",
            'LABEL org.opencontainers.image.revision="$GIT_SHA" org.opencontainers.image.created="$BUILD_DATE"',
          ],
        },
      },
      {
        name: "the version of the package",
        files: {
          Dockerfile: ["FROM python:3.12.4", 'LABEL org.opencontainers.image.version="v1.4.0"'],
          "pyproject.toml": ["[project]", 'name = "api"', 'version = "1.4.0"'],
        },
      },
      {
        name: "the version of the base, in an image that wraps it",
        files: {
          Dockerfile: ["FROM node:22.14.0", 'LABEL org.opencontainers.image.version="22.14.0"'],
          "package.json": ["{", '  "version": "1.4.0"', "}"],
        },
      },
      {
        name: "a version, and no package that has another",
        files: {
          Dockerfile: ["FROM rust:1.91", 'LABEL org.opencontainers.image.version="1.4.0"'],
          "Cargo.toml": ["[dependencies.serde]", 'version = "1.0.219"', "[package]", 'version = "0.0.0"'],
        },
      },
      {
        name: "the digest of FROM",
        files: {
          Dockerfile: [
            "FROM node:22.14.0@sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645",
            'LABEL org.opencontainers.image.base.digest="sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645"',
          ],
        },
      },
      {
        name: "a digest that FROM may have",
        files: {
          Dockerfile: [
            "ARG BASE",
            "FROM ${BASE}",
            'LABEL org.opencontainers.image.base.digest="sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645"',
          ],
        },
      },
      {
        name: "a builder",
        files: {
          Dockerfile: [
            "FROM golang:1.25 AS build",
            'LABEL org.opencontainers.image.revision="3f9ab12"',
            "FROM scratch",
            "COPY --from=build /api /api",
          ],
        },
      },
      {
        name: "a value that has no effect",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "ARG GIT_SHA",
            'LABEL org.opencontainers.image.revision="3f9ab12"',
            'LABEL org.opencontainers.image.revision="$GIT_SHA"',
          ],
        },
      },
      {
        name: "development",
        files: { "Dockerfile.dev": ["FROM node:22.14.0", 'LABEL org.opencontainers.image.revision="3f9ab12"'] },
      },
    ],
  },
});

function* judge(label: LabelView, stage: StageView, { options, project }: Context): Iterable<Finding> {
  const { key, value, valueRange: range } = label;
  if (key === undefined || value.kind !== "text" || label.isDynamic) return;
  const name = key.startsWith(OCI_PREFIX) ? key.slice(OCI_PREFIX.length) : key;
  if (options.keys.includes(name) || options.keys.includes(key)) {
    const message = `${quoted(value.text)} stays the same in every later image; pass \`${name}\` as a build argument`;
    yield { range, message, fix: fixOf(label, stage, name) };
  } else if (name === "version") yield* judgeVersion(label, value.text, stage, project);
  else if (name === "base.digest" && !isDigestOfBase(value.text, stage, project)) {
    yield {
      range,
      message: "this digest outlives the base it was read from; put it into FROM, or pass it to the build",
    };
  }
}

function* judgeVersion(label: LabelView, text: string, stage: StageView, project: Project): Iterable<Finding> {
  const { context } = stage.build;
  if (context.kind !== "local") return;
  const version = text.replace(/^v/, "");
  if (stage.image?.tag?.replace(/^v/, "").startsWith(version)) return;
  const stated = packageVersions(context.root, project);
  const [first] = stated;
  if (first === undefined || stated.some((each) => each.version === version)) return;
  yield {
    range: label.valueRange,
    message: `${quoted(text)} is not the version in \`${first.manifest}\`, ${quoted(first.version)}; pass it as a build argument`,
    related: [{ range: first.range, message: "the version of the package" }],
    fix: fixOf(label, stage, "version"),
    confidence: "medium",
  };
}

/** True also when nobody can know. */
function isDigestOfBase(digest: string, stage: StageView, project: Project): boolean {
  const root = stage.lineage.findLast(({ build }) => build === stage.build) ?? stage;
  const base = imageOfFrom(root, project);
  if (base === undefined || base.digest.kind === "unknown") return true;
  return base.digest.kind === "known" && base.digest.text === digest;
}

const BUILD_ARGS: ReadonlyMap<string, string> = new Map([
  ["revision", "GIT_SHA"],
  ["created", "BUILD_DATE"],
  ["version", "VERSION"],
]);

/** Unsafe: the label is empty until the build passes the argument. */
function fixOf({ written, valueRange }: LabelView, { stage }: StageView, name: string): Fix | undefined {
  const argument = BUILD_ARGS.get(name);
  if (argument === undefined || written === undefined || written.pair.legacy) return undefined;
  const { instruction } = written;
  const { source, start } = instruction.range;
  const isDeclared = stage.instructions.some(
    (other) =>
      other.keyword === "ARG" && other.range.start < start && other.pairs.some(({ key }) => key.raw === argument),
  );
  const line = source.lineStarts[source.positionAt(start).line - 1] ?? start;
  const indent = source.text.slice(line, start);
  const use = { range: valueRange, text: `"$${argument}"` };
  if (isDeclared) return { description: `use \`$${argument}\``, safety: "unsafe", edits: [use] };
  if (indent.trim() !== "") return undefined;
  const declare = { range: source.range(start, start), text: `ARG ${argument}${source.lineBreak}${indent}` };
  return { description: `pass the value as \`ARG ${argument}\``, safety: "unsafe", edits: [declare, use] };
}
