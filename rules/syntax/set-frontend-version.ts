import { hasOwnFrontend } from "../../src/dockerfile/refusals.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import {
  type AskedFrontend,
  askedFrontend,
  type FrontendFeature,
  frontendFeatures,
} from "../../src/project/frontend-features.js";
import type { DockerfileView } from "../../src/project/model.js";
import { textOf } from "../../src/text/source.js";

const options = {
  requireFrom: option.string({
    default: "1.4",
    description: "Version of the frontend from which on its features need a `# syntax=` line: `1.4`.",
  }),
};

export default defineRule({
  id: "syntax/set-frontend-version",
  summary: "The declared frontend knows the features in use",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    "too-old": { summary: "a feature that the version in the `syntax` line does not have" },
    labs: { summary: "a feature that only the labs channel has" },
    floating: {
      summary: "a `syntax` line without a version",
      levels: { recommended: "info", strict: "info" },
    },
    missing: {
      summary: "a newer feature without a `syntax` line",
      levels: { recommended: "off", strict: "info" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "The frontend that reads the file is itself an image, which `# syntax=` names. An old version does not know newer flags " +
      "and stops at them, whatever the builder is; no version at all is another frontend whenever one is released.",
    "Without the line the builder takes the frontend that it came with, and whether that knows a feature depends on who builds.",
  ],
  references: [
    "https://docs.docker.com/build/buildkit/frontend/",
    "https://docs.docker.com/build/buildkit/dockerfile-release-notes/",
  ],
  options,
  mentions: { dockerfile: ["syntax", "--", "<<", "check="] },
  check: { dockerfile: checkFile },
  examples: {
    bad: [
      {
        name: "a here-document, once for the whole file",
        kind: "too-old",
        message: "1.4",
        files: {
          Dockerfile: [
            "# syntax=docker/dockerfile:1.2",
            "FROM alpine:3.22",
            "RUN «<<EOF»",
            "true",
            "EOF",
            "RUN <<EOF",
            "true",
            "EOF",
          ],
        },
        fixed: {
          Dockerfile: [
            "# syntax=docker/dockerfile:1.4",
            "FROM alpine:3.22",
            "RUN <<EOF",
            "true",
            "EOF",
            "RUN <<EOF",
            "true",
            "EOF",
          ],
        },
      },
      {
        name: "flags",
        kind: "too-old",
        files: {
          Dockerfile: [
            "# syntax=docker.io/docker/dockerfile:1.0.3",
            "FROM alpine:3.22",
            "RUN «--mount=type=cache,target=/c» «--network=none» true",
            "COPY «--link» «--chmod=755» «--exclude=*.md» «--parents» a /a",
            "ADD «--checksum=sha256:3f8c0d7a» https://example.com/a /a",
            "ADD «--unpack=true» a.tgz /a",
            "ADD «--keep-git-dir=true» https://github.com/a/b.git /a",
            "RUN «--security=insecure» true",
          ],
        },
        fixed: {
          Dockerfile: [
            "# syntax=docker.io/docker/dockerfile:1.20",
            "FROM alpine:3.22",
            "RUN --mount=type=cache,target=/c --network=none true",
            "COPY --link --chmod=755 --exclude=*.md --parents a /a",
            "ADD --checksum=sha256:3f8c0d7a https://example.com/a /a",
            "ADD --unpack=true a.tgz /a",
            "ADD --keep-git-dir=true https://github.com/a/b.git /a",
            "RUN --security=insecure true",
          ],
        },
      },
      {
        name: "forms of flags, and a directive",
        kind: "too-old",
        files: {
          Dockerfile: [
            "# syntax=docker/dockerfile:1.7@sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645",
            "«# check=skip=all»",
            "FROM alpine:3.22",
            "RUN --mount=type=secret,id=token,«env=TOKEN» true",
            "COPY «--chmod=u+x» a /a",
            "ONBUILD COPY «--from=assets» a /a",
          ],
        },
      },
      {
        name: "a device",
        kind: "labs",
        files: {
          Dockerfile: ["# syntax=docker/dockerfile:1", "FROM alpine:3.22", "RUN «--device=nvidia.com/gpu=all» true"],
        },
      },
      {
        name: "no version",
        kind: "floating",
        files: { Dockerfile: ["# syntax=«docker/dockerfile»", "FROM alpine:3.22"] },
      },
      {
        name: "tags that move with every release",
        kind: "floating",
        files: {
          Dockerfile: ["# syntax=«docker/dockerfile:latest»", "FROM alpine:3.22"],
          "web.Dockerfile": ["# syntax=«docker/dockerfile-upstream:master»", "FROM alpine:3.22"],
        },
      },
      {
        name: "no line at all",
        kind: "missing",
        files: { Dockerfile: ["FROM alpine:3.22", "COPY --chmod=755 a /a", "COPY «--link» a /a", "COPY --link b /b"] },
        fixed: {
          Dockerfile: [
            "# syntax=docker/dockerfile:1",
            "FROM alpine:3.22",
            "COPY --chmod=755 a /a",
            "COPY --link a /a",
            "COPY --link b /b",
          ],
        },
      },
    ],
    good: [
      {
        name: "the newest of a major version",
        files: {
          Dockerfile: ["# syntax=docker/dockerfile:1", "FROM alpine:3.22", "COPY --link --parents a /a"],
          "gpu.Dockerfile": ["# syntax=docker/dockerfile:1-labs", "FROM alpine:3.22", "RUN --device=gpu true"],
        },
      },
      {
        name: "a version that is new enough, and one of the labs channel",
        files: {
          Dockerfile: ["# syntax=docker/dockerfile:1.4", "FROM alpine:3.22", "COPY --link a /a"],
          "labs.Dockerfile": ["# syntax=docker/dockerfile:1.7-labs", "FROM alpine:3.22", "COPY --parents a /a"],
        },
      },
      {
        name: "a frontend of its own, and one by digest",
        files: {
          Dockerfile: ["# syntax=acme/frontend", "FROM alpine:3.22", "COPY --link a /a"],
          "pinned.Dockerfile": [
            "# syntax=docker/dockerfile@sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645",
            "FROM alpine:3.22",
            "COPY --link a /a",
          ],
        },
      },
      { name: "no line, and nothing new", files: { Dockerfile: ["FROM alpine:3.22", "COPY --chmod=755 a /a"] } },
      {
        name: "no line, where the policy asks for none yet",
        options: { requireFrom: "1.20" },
        files: { Dockerfile: ["FROM alpine:3.22", "COPY --link a /a"] },
      },
    ],
  },
});

function* checkFile(file: DockerfileView, ctx: RuleContext<typeof options>): Iterable<Finding> {
  const { dockerfile } = file;
  const asked = askedFrontend(dockerfile);
  if (asked === undefined) {
    if (!dockerfile.directives.some(({ name }) => name === "syntax")) yield* checkMissing(file, ctx);
    return;
  }
  if (asked.kind === "floating") {
    const message = `\`${textOf(asked.range)}\` is whatever is newest; name a version, such as \`docker/dockerfile:1\``;
    yield { kind: "floating", range: asked.range, message };
    return;
  }
  if (asked.kind === "stable") yield* checkFeatures([...frontendFeatures(dockerfile)], asked);
}

function* checkFeatures(features: readonly FrontendFeature[], asked: AskedFrontend): Iterable<Finding> {
  const told = new Set<string>();
  const { minor } = asked;
  const numbers = features.flatMap(({ needs }) => (needs === "labs" ? [] : [needs]));
  const fix = minor === undefined ? undefined : raise(asked, Math.max(minor, ...numbers));
  for (const { name, range, needs } of features) {
    if (told.has(name)) continue;
    if (needs === "labs") {
      told.add(name);
      const message = `${name} needs the labs channel; name \`docker/dockerfile:1-labs\``;
      yield { kind: "labs", range, message, related: [{ range: asked.range, message: "the frontend" }] };
    } else if (minor !== undefined && minor < needs) {
      told.add(name);
      const message = `${name} needs version 1.${needs} of the frontend, and this is 1.${minor}; name \`docker/dockerfile:1\``;
      yield { kind: "too-old", range, message, related: [{ range: asked.range, message: "the frontend" }], fix };
    }
  }
}

/** Unsafe: another frontend can read the file otherwise. Undefined where a digest says what the tag means. */
function raise({ range }: AskedFrontend, minor: number): Fix | undefined {
  const written = textOf(range);
  const colon = written.lastIndexOf(":");
  if (written.includes("@") || written.includes(" ") || colon < 0) return undefined;
  const edit = { range: range.source.range(range.start + colon + 1, range.end), text: `1.${minor}` };
  return { description: `ask for version 1.${minor}`, safety: "unsafe", edits: [edit] };
}

function* checkMissing({ dockerfile }: DockerfileView, ctx: RuleContext<typeof options>): Iterable<Finding> {
  const [, minor] = ctx.options.requireFrom.split(".");
  const from = Number(minor ?? Number.NaN);
  if (Number.isNaN(from) || hasOwnFrontend(dockerfile)) return;
  for (const { name, range, needs } of frontendFeatures(dockerfile)) {
    if (needs !== "labs" && needs < from) continue;
    const message = `${name} needs a newer frontend; begin the file with \`# syntax=docker/dockerfile:1\``;
    yield {
      kind: "missing",
      range,
      message,
      fix: dockerfile.source.text.startsWith("#!") ? undefined : addLine(dockerfile),
    };
    return;
  }
}

/** Safe: the builder comes with a frontend of the same kind. */
function addLine({ source }: DockerfileView["dockerfile"]): Fix {
  const edit = { range: source.range(0, 0), text: `# syntax=docker/dockerfile:1${source.lineBreak}` };
  return { description: "name the frontend", safety: "safe", edits: [edit] };
}
