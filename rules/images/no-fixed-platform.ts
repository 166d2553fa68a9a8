import type { FromInstruction } from "../../src/dockerfile/model.js";
import { AUTOMATIC_ARGS } from "../../src/dockerfile/scope.js";
import { defineRule, type Fix, option } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import { quoted } from "../../src/text/quoted.js";

const options = {
  allow: option.strings({
    default: [],
    description: "Platforms that may be fixed: `linux/arm64` for a fleet that has no other.",
  }),
  strict: option.boolean({
    default: false,
    description: "Whether Windows, and stages that are named after a platform or chosen by one, are judged, too.",
  }),
};

export default defineRule({
  id: "images/no-fixed-platform",
  summary: "The file builds for every platform",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    from: { summary: "a constant in `FROM --platform`" },
    compose: {
      summary: "a constant `platform:` of a service that is built",
      levels: { recommended: "off", strict: "info" },
    },
  },
  roles: ["production"],
  fixable: "sometimes",
  aliases: [
    "buildkit:FromPlatformFlagConstDisallowed",
    "hadolint:DL3029",
    "semgrep:avoid-platform-with-from",
    "kics:using-platform-flag-with-from-command",
    "kics:b16e8501-ef3c-44e1-a543-a093238099c9",
  ],
  why: [
    "A constant platform makes one image for all: on other processors it runs under emulation, slowly and not always " +
      "correctly, and `docker build --platform` no longer does what it says.",
  ],
  references: [
    "https://docs.docker.com/reference/build-checks/from-platform-flag-const-disallowed/",
    "https://docs.docker.com/build/building/multi-platform/",
  ],
  options,
  presetOptions: { hadolint: { strict: true } },
  yieldsTo: ["syntax/use-valid-flags#value"],
  mentions: { dockerfile: ["platform"], compose: ["platform"] },
  check: {
    *stage(stage, { options }) {
      const { platform, platformFlag } = stage.evaluated;
      const value = platformFlag?.value;
      if (platform?.kind !== "known" || value === undefined || platformFlag?.valueRange === undefined) return;
      if (platform.uses.length > 0 || options.allow.includes(platform.value)) return;
      if (!options.strict && isMadeFor(stage, platform.value)) return;
      yield {
        kind: "from",
        range: platformFlag.valueRange,
        message: `${quoted(platform.value)} fixes the platform of every build; drop the flag and pass \`--platform\` to the build`,
        fix: fixOf(stage, platformFlag.valueRange),
      };
    },
    *service({ platform, build }, { options }) {
      if (build === undefined || platform?.value === undefined || options.allow.includes(platform.value)) return;
      if (isWindows(platform.value)) return;
      if (platform.node.uses.length > 0) return;
      yield {
        kind: "compose",
        range: platform.range,
        message: `${quoted(platform.value)} fixes the platform of what is built here; leave it to who builds`,
      };
    },
  },
  examples: {
    bad: [
      {
        name: "a shipped stage",
        kind: "from",
        files: { Dockerfile: ["FROM --platform=«linux/amd64» alpine:3.22 # base", 'CMD ["sh"]'] },
        fixed: { Dockerfile: ["FROM alpine:3.22 # base", 'CMD ["sh"]'] },
      },
      {
        name: "a builder that compiles for the target",
        kind: "from",
        files: {
          Dockerfile: [
            "FROM --platform=«linux/amd64» golang:1.25 AS build",
            "ARG TARGETARCH",
            "RUN GOARCH=$TARGETARCH go build -o /api .",
            "FROM scratch",
            "COPY --from=build /api /api",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM --platform=$BUILDPLATFORM golang:1.25 AS build",
            "ARG TARGETARCH",
            "RUN GOARCH=$TARGETARCH go build -o /api .",
            "FROM scratch",
            "COPY --from=build /api /api",
          ],
        },
      },
      {
        name: "every constant, as hadolint has it",
        preset: "hadolint",
        kind: "from",
        files: {
          Dockerfile: [
            "FROM --platform=«linux/arm64» node:22.14.0 AS build-arm64",
            "FROM --platform=«windows/amd64» mcr.microsoft.com/windows/nanoserver:ltsc2022",
          ],
        },
        fixed: {
          Dockerfile: ["FROM node:22.14.0 AS build-arm64", "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022"],
        },
      },
      {
        name: "a service that is built",
        kind: "compose",
        files: { "compose.yaml": ["services:", "  api:", "    platform: «linux/amd64»", "    build: ."] },
      },
    ],
    good: [
      { name: "no platform", files: { Dockerfile: ["FROM alpine:3.22"] } },
      {
        name: "variables",
        files: {
          Dockerfile: [
            "ARG PLATFORM=linux/amd64",
            "FROM --platform=$BUILDPLATFORM node:22.14.0",
            "FROM --platform=$PLATFORM node:22.14.0",
          ],
        },
      },
      {
        name: "stages for one processor each, named so",
        files: { Dockerfile: ["FROM --platform=linux/arm64 node:22.14.0 AS build-arm64"] },
      },
      {
        name: "stages of which the platform chooses one",
        files: {
          Dockerfile: [
            "ARG TARGETVARIANT",
            "FROM --platform=linux/arm/v6 alpine:3.22 AS small",
            "FROM --platform=linux/arm/v7 alpine:3.22 AS large",
            "FROM alpine-${TARGETVARIANT}",
          ],
        },
      },
      {
        name: "Windows",
        files: { Dockerfile: ["FROM --platform=windows/amd64 mcr.microsoft.com/windows/nanoserver:ltsc2022"] },
      },
      {
        name: "a platform that the policy allows",
        options: { allow: ["linux/arm64"] },
        files: { Dockerfile: ["FROM --platform=linux/arm64 alpine:3.22"] },
      },
      {
        name: "a service that is pulled, and a variable",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    platform: linux/amd64",
            "    image: mysql:8.4.3",
            "  api:",
            "    platform: ${PLATFORM:-linux/amd64}",
            "    build: .",
          ],
        },
      },
      { name: "development", files: { "Dockerfile.dev": ["FROM --platform=linux/amd64 alpine:3.22"] } },
    ],
  },
});

/** Stages that are right to fix a platform. */
function isMadeFor(stage: StageView, platform: string): boolean {
  return isWindows(platform) || namesPlatform(stage, platform) || isChosenByPlatform(stage);
}

function isWindows(platform: string): boolean {
  return platform.toLowerCase().startsWith("windows");
}

/** BuildKit's own exception: a stage whose name holds the system or processor is made for it. */
function namesPlatform({ name }: StageView, platform: string): boolean {
  const [system = "", architecture = ""] = platform.toLowerCase().split("/");
  return name !== undefined && [system, architecture].some((word) => word !== "" && name.includes(word));
}

/** `FROM base-${TARGETARCH}` picks one of several stages that have a platform each. */
function isChosenByPlatform({ build }: StageView): boolean {
  const constants = new Set(build.stages.flatMap(({ evaluated }) => evaluated.platform?.value ?? []));
  if (constants.size < 2) return false;
  const { globalLookup } = build.evaluated;
  return build.stages.some(({ stage }) =>
    stage.baseName?.expandWith(globalLookup).uses.some(({ name }) => AUTOMATIC_ARGS.has(name)),
  );
}

/** Unsafe: the stage is then built for another platform than before. */
function fixOf(stage: StageView, value: NonNullable<FromInstruction["platform"]>["range"]): Fix | undefined {
  const { from } = stage.stage;
  if (from.platform === undefined || from.image === undefined) return undefined;
  if (!stage.isShipped && compilesForTarget(stage)) {
    return { description: "use `$BUILDPLATFORM`", safety: "unsafe", edits: [{ range: value, text: "$BUILDPLATFORM" }] };
  }
  const { source, start } = from.platform.range;
  const behind = from.platform.range.end;
  const blanks = /^[ \t]*/.exec(source.text.slice(behind, from.image.range.start))?.[0].length ?? 0;
  const range = source.range(start, behind + blanks);
  return { description: "drop `--platform`", safety: "unsafe", edits: [{ range, text: "" }] };
}

function compilesForTarget({ stage }: StageView): boolean {
  return stage.instructions.some(
    (instruction) => instruction.keyword === "ARG" && instruction.pairs.some(({ key }) => key.raw.startsWith("TARGET")),
  );
}
