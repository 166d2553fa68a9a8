import { OCI_PREFIX } from "../../src/data/oci-labels.js";
import { defineRule, type Finding, type Fix, type Related } from "../../src/engine/rule.js";
import { type ImageUse, imageOfFrom } from "../../src/project/image-use.js";
import { inQuotesOf, removalOf } from "../../src/project/label-edits.js";
import { type LabelView, labelsOfStage } from "../../src/project/label-view.js";
import type { Build, Project, StageView } from "../../src/project/model.js";
import { quoted } from "../../src/text/quoted.js";
import { type ImageReference, parseImageReference } from "../../src/values/image-reference.js";

export default defineRule({
  id: "labels/match-base",
  summary: "`base.name` and `base.digest` describe the real base",
  levels: { recommended: "warning", strict: "warning" },
  roles: "all",
  fixable: "sometimes",
  aliases: ["tally:labels/no-stale-base-digest"],
  why: [
    "Scanners and update bots read these two labels to tell which base an image was made from and whether a newer one " +
      "exists. When they name another base, the bot is silent about the right one.",
  ],
  references: [
    "https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys",
    "https://docs.docker.com/reference/dockerfile/#from",
  ],
  // A variable can be a part of the key.
  mentions: { dockerfile: ["base.name", "base.digest", "$"] },
  check: {
    *build(build, { project }) {
      const name = effectiveLabel(build, `${OCI_PREFIX}base.name`);
      const digest = effectiveLabel(build, `${OCI_PREFIX}base.digest`);
      if (name === undefined && digest === undefined) return;
      const base = baseOf(build, project);
      if (base === undefined) return;
      if (name?.value.kind === "text") yield* judgeName(name, name.value.text, base);
      if (digest?.value.kind === "text") yield* judgeDigest(digest, digest.value.text, base);
    },
  },
  examples: {
    bad: [
      {
        name: "a digest, and a base without one",
        message: "`base.digest` outlives this build: FROM pins no digest; add it to FROM, or drop the label",
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            `LABEL org.opencontainers.image.base.digest=«"sha256:${"1".repeat(64)}"»`,
            'CMD ["sh"]',
          ],
        },
        fixed: { Dockerfile: ["FROM alpine:3.20", 'CMD ["sh"]'] },
      },
      {
        name: "another digest than that of FROM",
        message: "`base.digest` says `sha256:111111111111`, but FROM pins `sha256:222222222222`; write that one",
        files: {
          Dockerfile: [
            `FROM alpine:3.20@sha256:${"2".repeat(64)} AS base`,
            "FROM base",
            `LABEL org.opencontainers.image.base.digest=«sha256:${"1".repeat(64)}»`,
          ],
        },
        fixed: {
          Dockerfile: [
            `FROM alpine:3.20@sha256:${"2".repeat(64)} AS base`,
            "FROM base",
            `LABEL org.opencontainers.image.base.digest=sha256:${"2".repeat(64)}`,
          ],
        },
      },
      {
        name: "another tag",
        message: "`base.name` says `docker.io/library/alpine:3.19`, but FROM names `alpine:3.20`; write that one",
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            'LABEL org.opencontainers.image.base.name=«"docker.io/library/alpine:3.19"» \\',
            '      org.opencontainers.image.title="API"',
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM alpine:3.20",
            'LABEL org.opencontainers.image.base.name="docker.io/library/alpine:3.20" \\',
            '      org.opencontainers.image.title="API"',
          ],
        },
      },
      {
        name: "another repository",
        files: { Dockerfile: ["FROM node:22.14.0-slim", "LABEL org.opencontainers.image.base.name=«python:3.13»"] },
        fixed: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            "LABEL org.opencontainers.image.base.name=docker.io/library/node:22.14.0-slim",
          ],
        },
      },
      {
        name: "no base at all",
        message: "`base.name` says `alpine:3.20`, but the image is made from `scratch`; drop the label",
        files: {
          Dockerfile: [
            "FROM golang:1.25 AS build",
            "RUN go build -o /api .",
            "FROM scratch",
            "COPY --from=build /api /api",
            'LABEL org.opencontainers.image.base.name=«"alpine:3.20"»',
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM golang:1.25 AS build",
            "RUN go build -o /api .",
            "FROM scratch",
            "COPY --from=build /api /api",
          ],
        },
      },
      {
        name: "beside a comment, where people drop it themselves",
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            'LABEL org.opencontainers.image.title="API" \\',
            "# read by the scanner",
            `      org.opencontainers.image.base.digest=«sha256:${"1".repeat(64)}»`,
          ],
        },
      },
    ],
    good: [
      {
        name: "both are right",
        files: {
          Dockerfile: [
            `FROM alpine:3.20@sha256:${"2".repeat(64)}`,
            "LABEL org.opencontainers.image.base.name=alpine:3.20 \\",
            `      org.opencontainers.image.base.digest=sha256:${"2".repeat(64)}`,
          ],
        },
      },
      {
        name: "no such label",
        files: { Dockerfile: ["FROM alpine:3.20", 'LABEL org.opencontainers.image.title="API"'] },
      },
      {
        name: "only the default registry is written out, or no tag",
        files: {
          Dockerfile: ["FROM alpine:3.20", "LABEL org.opencontainers.image.base.name=docker.io/library/alpine"],
        },
      },
      {
        name: "a mirror of the same image",
        files: {
          Dockerfile: [
            "FROM mirror.acme.io/dockerhub/library/alpine:3.20",
            "LABEL org.opencontainers.image.base.name=docker.io/library/alpine:3.20",
          ],
        },
      },
      {
        name: "values that come with the build",
        files: {
          Dockerfile: [
            "ARG BASE=alpine:3.20",
            "FROM $BASE",
            "ARG BASE_DIGEST",
            "LABEL org.opencontainers.image.base.digest=$BASE_DIGEST",
          ],
        },
      },
      {
        name: "a base that nobody can know",
        files: {
          Dockerfile: ["ARG BASE", "FROM $BASE", "LABEL org.opencontainers.image.base.name=alpine:3.20"],
        },
      },
      {
        name: "labels of a stage whose files alone are taken, and a later value that counts",
        files: {
          Dockerfile: [
            "FROM golang:1.25 AS build",
            "LABEL org.opencontainers.image.base.name=alpine:3.20",
            "FROM alpine:3.20",
            "COPY --from=build /api /api",
            "LABEL org.opencontainers.image.base.name=alpine:3.19",
            "LABEL org.opencontainers.image.base.name=alpine:3.20",
          ],
        },
      },
      {
        name: "the content of another image on top of nothing",
        files: {
          Dockerfile: [
            "FROM alpine:3.20 AS rootfs",
            "RUN apk add --no-cache tini",
            "FROM scratch",
            "COPY --from=rootfs / /",
            "LABEL org.opencontainers.image.base.name=alpine:3.20",
          ],
        },
      },
      {
        name: "a value that is no reference, which has a rule of its own",
        files: { Dockerfile: ["FROM alpine:3.20", 'LABEL org.opencontainers.image.base.name="Alpine Linux"'] },
      },
    ],
  },
});

/** What the image is made from: `scratch`, or a reference of FROM of which something may be unknown. */
type KnownBase =
  | { readonly kind: "scratch"; readonly from: Related }
  | { readonly kind: "image"; readonly from: Related; readonly use: ImageUse };

function baseOf({ target, chain }: Build, project: Project): KnownBase | undefined {
  const root = chain.at(-1);
  if (target === undefined || root === undefined) return undefined;
  const from: Related = { range: root.anchor, message: "the base" };
  const use = imageOfFrom(root, project);
  if (use !== undefined) return { kind: "image", from, use };
  const isScratch = root.evaluated.base.kind === "scratch" && !chain.some(takesWholeSystem);
  return isScratch ? { kind: "scratch", from } : undefined;
}

/** `COPY --from=stage / /` or an archive of a file system: the base is that of what was copied. */
function takesWholeSystem({ copies }: StageView): boolean {
  return copies.some(({ destination, sources, instruction }) => {
    return destination === "/" && (instruction.keyword === "ADD" || sources.some(({ path }) => path === "/"));
  });
}

/** The label that the image ends up with: the last one of the nearest stage. */
function effectiveLabel({ chain }: Build, key: string): LabelView | undefined {
  for (const stage of chain) {
    let found: LabelView | undefined;
    if (!stage.evaluated.labels.has(key)) continue;
    for (const label of labelsOfStage(stage)) if (label.key === key) found = label;
    if (found !== undefined) return found;
  }
  return undefined;
}

function* judgeName(label: LabelView, text: string, base: KnownBase): Iterable<Finding> {
  const range = label.valueRange;
  const related = [base.from];
  const stated = parseImageReference(text);
  if (stated.kind !== "reference") return;
  if (base.kind === "scratch") {
    const message = `\`base.name\` says ${quoted(text)}, but the image is made from \`scratch\`; drop the label`;
    yield { range, message, related, fix: drop(label) };
    return;
  }
  const { name, tag } = base.use;
  if (name === undefined || tag.kind === "unknown") return;
  const realTag = tag.kind === "known" ? tag.text : base.use.digest.kind === "absent" ? "latest" : undefined;
  const isSameTag = stated.tag === undefined || realTag === undefined || stated.tag === realTag;
  if (isSameTag && isSameImage(stated, name)) return;
  const suffix = tag.kind === "known" ? `:${tag.text}` : "";
  const message = `\`base.name\` says ${quoted(text)}, but FROM names ${quoted(name.repository + suffix)}; write that one`;
  yield { range, message, related, fix: replace(label, name.name + suffix) };
}

/** Also when FROM names a mirror, which keeps the path of the image behind its own. */
function isSameImage(stated: ImageReference, real: ImageReference): boolean {
  if (stated.name === real.name || stated.path === real.path) return true;
  return real.domain !== stated.domain && real.path.endsWith(`/${stated.familiarName.replace(/^.*\//, "")}`);
}

function* judgeDigest(label: LabelView, text: string, base: KnownBase): Iterable<Finding> {
  const range = label.valueRange;
  const related = [base.from];
  const what = "`base.digest`";
  if (base.kind === "scratch") {
    const message = `${what} names a base, but the image is made from \`scratch\`; drop the label`;
    yield { range, message, related, fix: drop(label) };
    return;
  }
  const { digest } = base.use;
  if (digest.kind === "absent") {
    const message = `${what} outlives this build: FROM pins no digest; add it to FROM, or drop the label`;
    yield { range, message, related, fix: drop(label) };
  } else if (digest.kind === "known" && digest.text !== text && /^sha\d+:/.test(text)) {
    const message = `${what} says \`${short(text)}\`, but FROM pins \`${short(digest.text)}\`; write that one`;
    yield { range, message, related, fix: replace(label, digest.text) };
  }
}

/** As much of a digest as people compare. */
function short(digest: string): string {
  return digest.slice(0, digest.indexOf(":") + 13);
}

/** Unsafe: who reads the label sees another value. */
function replace({ valueRange: range, written }: LabelView, value: string): Fix | undefined {
  if (written === undefined) return undefined;
  return { description: "write what FROM names", safety: "unsafe", edits: [{ range, text: inQuotesOf(range, value) }] };
}

/** Unsafe: who reads the label finds none. */
function drop(label: LabelView): Fix | undefined {
  const edit = removalOf(label);
  return edit && { description: "drop the label", safety: "unsafe", edits: [edit] };
}
