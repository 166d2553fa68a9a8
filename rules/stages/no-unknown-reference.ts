import { OFFICIAL_NAMES } from "../../src/data/official-images.js";
import type { Fix } from "../../src/engine/rule.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import { type StageUse, stageUses } from "../../src/project/stage-uses.js";
import { closest } from "../../src/values/closest.js";

const options = {
  namedContexts: option.strings({
    default: [],
    description: "Names that `docker build --build-context` gives: they are neither stages nor images.",
  }),
};

export default defineRule({
  id: "stages/no-unknown-reference",
  summary: "Every stage reference resolves the way the author meant",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    forward: { summary: "a stage that is defined further down" },
    index: { summary: "a number that no stage has, or a number in a mount" },
    variable: { summary: "a variable where the builder expands none" },
    case: { summary: "a stage name in another case after FROM" },
    "bare-name": {
      summary: "a name that is no stage and no well-known image",
      levels: { recommended: "warning", strict: "warning" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  aliases: [
    "hadolint:DL3022",
    "kics:copy-from-without-from-alias-defined-previously",
    "kics:68a51e22-ae5a-4d48-8e87-b01a323605c9",
    "dockerfile-utils:FLAG_INVALID_FROM_VALUE",
  ],
  why: [
    "A name that is no stage is taken for an image: the builder goes to Docker Hub for it, fails there, or worse, finds " +
      "somebody's image of that name.",
  ],
  references: ["https://docs.docker.com/reference/dockerfile/#copy---from"],
  options,
  yieldsTo: ["stages/no-circular-dependency"],
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a misspelt stage",
        kind: "bare-name",
        message: "did you mean `builder`",
        files: { Dockerfile: ["FROM golang:1.22 AS builder", "FROM alpine:3.20", "COPY --from=«bulider» /app /app"] },
        fixed: { Dockerfile: ["FROM golang:1.22 AS builder", "FROM alpine:3.20", "COPY --from=builder /app /app"] },
      },
      {
        name: "copied from a stage below: a warning, as BuildKit finds it",
        kind: "forward",
        severity: "warning",
        message: "other builders refuse",
        files: { Dockerfile: ["FROM alpine:3.20", "COPY --from=«tools» /t /t", "FROM alpine:3.20 AS tools"] },
      },
      {
        name: "mounted from a stage below",
        kind: "forward",
        severity: "warning",
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            "RUN --mount=from=«tools»,source=/t,target=/t /t/run",
            "FROM alpine:3.20 AS tools",
          ],
        },
      },
      {
        name: "copied from the number of a stage below",
        kind: "forward",
        severity: "warning",
        files: { Dockerfile: ["FROM alpine:3.20", "COPY --from=«1» /t /t", "FROM alpine:3.20 AS tools"] },
      },
      {
        name: "based on a stage below: an image of that name is pulled",
        kind: "forward",
        severity: "error",
        message: "FROM pulls an image",
        files: { Dockerfile: ["FROM «shared» AS app", "FROM alpine:3.20 AS shared"] },
      },
      {
        name: "a number too high",
        kind: "index",
        message: "1 stage",
        files: { Dockerfile: ["FROM alpine:3.20", "COPY --from=«4» /app /app"] },
      },
      {
        name: "a number in a mount",
        kind: "index",
        files: { Dockerfile: ["FROM alpine:3.20", "FROM alpine:3.20", "RUN --mount=from=«0»,target=/t /t/run"] },
      },
      {
        name: "a variable",
        kind: "variable",
        files: {
          Dockerfile: [
            "ARG STAGE=build",
            "FROM alpine:3.20 AS build",
            "FROM alpine:3.20",
            "COPY --from=«${STAGE}» /a /a",
          ],
        },
      },
      {
        name: "upper case after FROM",
        kind: "case",
        files: { Dockerfile: ["FROM alpine:3.20 AS builder", "FROM «Builder»"] },
        fixed: { Dockerfile: ["FROM alpine:3.20 AS builder", "FROM builder"] },
      },
    ],
    good: [
      {
        name: "a stage above",
        files: { Dockerfile: ["FROM golang:1.22 AS builder", "FROM alpine:3.20", "COPY --from=builder /app /app"] },
      },
      {
        name: "names in COPY compare without case",
        files: { Dockerfile: ["FROM golang:1.22 AS Builder", "FROM alpine:3.20", "COPY --from=BUILDER /app /app"] },
      },
      {
        name: "an image with a tag",
        files: { Dockerfile: ["FROM alpine:3.20", "COPY --from=composer:2.8 /usr/bin/composer /usr/bin/"] },
      },
      {
        name: "an image with a path",
        files: { Dockerfile: ["FROM alpine:3.20", "COPY --from=ghcr.io/astral-sh/uv /uv /bin/"] },
      },
      {
        name: "a well-known image",
        files: { Dockerfile: ["FROM alpine:3.20", "COPY --from=nginx /etc/nginx/nginx.conf /etc/"] },
      },
      {
        name: "an index that exists",
        files: { Dockerfile: ["FROM golang:1.22", "FROM alpine:3.20", "COPY --from=0 /app /app"] },
      },
      {
        name: "a named context of the policy",
        options: { namedContexts: ["assets"] },
        files: { Dockerfile: ["FROM alpine:3.20", "COPY --from=assets / /srv"] },
      },
      {
        name: "a named context of Compose",
        files: {
          Dockerfile: ["FROM alpine:3.20", "COPY --from=assets / /srv"],
          "compose.yaml": [
            "services:",
            "  web:",
            "    build:",
            "      context: .",
            "      additional_contexts:",
            "        assets: ./assets",
          ],
        },
      },
      { name: "a trigger", files: { Dockerfile: ["FROM alpine:3.20", "ONBUILD COPY --from=later /a /a"] } },
    ],
  },
});

function* checkStage(stage: StageView, { options: { namedContexts } }: RuleContext<typeof options>): Iterable<Finding> {
  for (const use of stageUses(stage)) {
    const problem = problemOf(use, stage, namedContexts);
    if (problem !== undefined) yield problem;
  }
}

function problemOf(use: StageUse, stage: StageView, namedContexts: readonly string[]): Finding | undefined {
  const { written, range, place } = use;
  const where = place === "from" ? "FROM" : place === "copy" ? "COPY --from" : "a mount";
  if (written.includes("$")) {
    if (place === "from") return undefined;
    return {
      kind: "variable",
      range,
      message: `\`${written}\` stays as it is: the builder expands no variable in ${where}; write the name`,
    };
  }
  const { stages } = stage.build;
  if (/^\d+$/.test(written) && place !== "from") return ofIndex(Number(written), use, stage);
  if (!/^[A-Za-z][\w.-]*$/.test(written) || written.includes(".") || written.toLowerCase() === "scratch")
    return undefined;
  if (namedContexts.includes(written) || use.isNamedContext || use.isProjectImage) return undefined;

  const named = stages.filter(({ name }) => name === written.toLowerCase());
  const above = named.findLast(({ index }) => index < stage.index);
  if (above !== undefined) return place === "from" && written !== above.name ? ofCase(use, above) : undefined;
  const [below] = named;
  if (below !== undefined) return below.index === stage.index ? undefined : ofForward(use, below);
  // A base by one word is an image: whether it has a tag is for another rule to ask.
  return place === "from" ? misspelt(use, stages.slice(0, stage.index)) : ofBareName(use, stages.slice(0, stage.index));
}

/**
 * A stage that is defined below its use. BuildKit knows all stages before it looks up what commands copy and mount, so only
 * builders that read from top to bottom refuse those; FROM is looked up among the stages above, by every builder.
 *
 * @see https://github.com/moby/buildkit/blob/v0.18.0/frontend/dockerfile/dockerfile2llb/convert.go (addState, toCommand)
 */
function ofForward({ range, place, written }: StageUse, below: StageView): Finding {
  const related = [{ range: below.anchor, message: `\`${below.label}\` begins here` }];
  const what = `\`${written}\` is a stage further down`;
  if (place === "from") {
    return { kind: "forward", range, message: `${what}, so FROM pulls an image of that name; move it above`, related };
  }
  const message = `${what}: BuildKit finds it, other builders refuse it; move it above`;
  return { kind: "forward", range, message, related, atMost: "warning" };
}

function ofIndex(index: number, use: StageUse, stage: StageView): Finding | undefined {
  const { range, place, written } = use;
  const count = stage.build.stages.length;
  if (place === "mount") {
    return {
      kind: "index",
      range,
      message: `a mount takes stages by name: \`${written}\` is read as an image; name the stage`,
    };
  }
  const below = stage.build.stages[index];
  if (below !== undefined) return index > stage.index ? ofForward(use, below) : undefined;
  const stages = count === 1 ? "1 stage" : `${count} stages`;
  return {
    kind: "index",
    range,
    message: `there is no stage \`${written}\`: the file has ${stages}, counted from 0; name the stage`,
  };
}

function ofCase(use: StageUse, stage: StageView): Finding {
  const name = stage.name ?? "";
  return {
    kind: "case",
    range: use.range,
    message: `\`FROM ${use.written}\` is read as an image: stage names are lower case; write \`${name}\``,
    related: [{ range: stage.anchor, message: `\`${stage.label}\` begins here` }],
    fix: rename(use, name),
  };
}

function ofBareName(use: StageUse, stages: readonly StageView[]): Finding | undefined {
  if (OFFICIAL_NAMES.has(use.written)) return undefined;
  return (
    misspelt(use, stages) ?? {
      kind: "bare-name",
      range: use.range,
      message: `no stage is called \`${use.written}\`, so the builder pulls an image of that name; name a stage or write a tag`,
    }
  );
}

/** A name that is nearly that of a stage; undefined when it is nothing like one, or a well-known image. */
function misspelt(use: StageUse, stages: readonly StageView[]): Finding | undefined {
  if (OFFICIAL_NAMES.has(use.written)) return undefined;
  const near = closest(
    use.written,
    stages.flatMap(({ name }) => name ?? []),
  );
  if (near === undefined) return undefined;
  return {
    kind: "bare-name",
    range: use.range,
    message: `no stage is called \`${use.written}\`, so the builder pulls an image; did you mean \`${near}\`?`,
    fix: rename(use, near),
  };
}

/** Unsafe: another stage has other files. */
function rename({ range }: StageUse, name: string): Fix {
  return { description: `use stage \`${name}\``, safety: "unsafe", edits: [{ range, text: name }] };
}
