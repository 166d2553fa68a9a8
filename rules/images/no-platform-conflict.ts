import type { Service } from "../../src/compose/model.js";
import { onlyPlatform } from "../../src/data/image-platforms.js";
import { AUTOMATIC_ARGS } from "../../src/dockerfile/scope.js";
import { defineRule, type Finding, type Fix, type RuleContext } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import { nativeBuilds } from "../../src/project/native-builds.js";
import { quoted } from "../../src/text/quoted.js";
import type { Range } from "../../src/text/source.js";
import { parseImageReference } from "../../src/values/image-reference.js";
import { isSamePlatform, parsePlatform } from "../../src/values/platform.js";

export default defineRule({
  id: "images/no-platform-conflict",
  summary: "Platform choices agree with each other",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    "arg-default": { summary: "a default that takes the place of the platform that is built for" },
    "cross-build": { summary: "a program compiled for the machine that builds, shipped for another one" },
    compose: { summary: "Compose asks for a platform that the Dockerfile, or another service, excludes" },
    unpublished: {
      summary: "an image of one platform, used with another",
      levels: { recommended: "off", strict: "warning" },
      aliases: ["buildkit:InvalidBaseImagePlatform", "tally:platform-mismatch"],
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "An image whose parts are of different processors builds without a word and dies at the first command with `exec format " +
      "error`, on the machines where nobody tried it.",
  ],
  references: [
    "https://docs.docker.com/build/building/multi-platform/#cross-compilation",
    "https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope",
    "https://docs.docker.com/reference/compose-file/build/#platforms",
  ],
  mentions: {
    dockerfile: ["platform", "targetarch", "targetos", "targetvariant", "buildarch", "buildos", "buildvariant"],
    compose: ["platform"],
  },
  check: {
    *stage(stage) {
      yield* argDefaults(stage);
      const finding = unpublishedBase(stage);
      if (finding !== undefined) yield finding;
    },
    *build(build) {
      for (const { what, range, stage, copy } of nativeBuilds(build)) {
        yield {
          kind: "cross-build",
          range,
          message: `\`${what}\` compiles for the machine that builds; pass \`$TARGETARCH\` to the compiler`,
          related: [
            {
              range: stage.evaluated.platformFlag?.range ?? stage.anchor,
              message: "the stage runs on the building machine",
            },
            { range: copy.instruction.headRange, message: "the result ships for the target platform" },
          ],
        };
      }
    },
    *service(service, ctx) {
      if (service.hasProvider || service.isWindows) return;
      yield* excluded(service, ctx);
      yield* shared(service, ctx);
      yield* unpublishedImage(service);
    },
  },
  examples: {
    bad: [
      {
        name: "a default for the processor",
        kind: "arg-default",
        message: "`TARGETARCH=amd64`",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "ARG TARGETARCH=«amd64»",
            "ADD https://example.com/tool-${TARGETARCH} /tool",
          ],
        },
        fixed: {
          Dockerfile: ["FROM alpine:3.22", "ARG TARGETARCH", "ADD https://example.com/tool-${TARGETARCH} /tool"],
        },
      },
      {
        name: "among other arguments",
        kind: "arg-default",
        files: { Dockerfile: ["FROM alpine:3.22", 'ARG TARGETOS=«"linux"» VERSION=1.4', "RUN echo $TARGETOS"] },
        fixed: { Dockerfile: ["FROM alpine:3.22", "ARG TARGETOS VERSION=1.4", "RUN echo $TARGETOS"] },
      },
      {
        name: "compiled where it is built",
        kind: "cross-build",
        files: {
          Dockerfile: [
            "FROM --platform=$BUILDPLATFORM golang:1.25 AS build",
            "WORKDIR /src",
            "RUN CGO_ENABLED=0 «go» build -o /out/api .",
            "FROM gcr.io/distroless/static-debian12",
            "COPY --from=build /out/api /api",
          ],
        },
      },
      {
        name: "moved, and taken through another stage",
        kind: "cross-build",
        files: {
          Dockerfile: [
            "FROM --platform=${BUILDPLATFORM} rust:1.84 AS base",
            "FROM base AS build",
            "WORKDIR /src",
            "RUN «cargo» build --release && cp target/release/api /usr/local/bin/api",
            "FROM --platform=$BUILDPLATFORM alpine:3.22 AS pack",
            "COPY --from=build /usr/local/bin/api /pack/",
            "FROM debian:12-slim",
            "COPY --from=pack /pack /usr/local/bin/",
          ],
        },
      },
      {
        name: "C, and .NET for one processor",
        kind: "cross-build",
        files: {
          Dockerfile: [
            "FROM --platform=$BUILDPLATFORM gcc:14 AS c",
            "RUN «gcc» -O2 main.c -o /tool",
            "FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:8.0 AS net",
            "RUN «dotnet» publish -r linux-x64 -o /app",
            "FROM debian:12-slim",
            "COPY --from=c /tool /tool",
            "COPY --from=net /app /app",
          ],
        },
      },
      {
        name: "a service for a platform that FROM excludes",
        kind: "compose",
        message: "`linux/arm64`",
        files: {
          Dockerfile: ["FROM --platform=linux/amd64 node:22-slim"],
          "compose.yaml": ["services:", "  api:", "    platform: «linux/arm64»", "    build: ."],
        },
      },
      {
        name: "one of the platforms to build for",
        kind: "compose",
        files: {
          Dockerfile: ["FROM --platform=amd64 node:22-slim AS base", "FROM base"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      platforms:",
            "        - linux/amd64",
            "        - «linux/arm64»",
          ],
        },
      },
      {
        name: "a builder of one platform may be meant",
        kind: "compose",
        message: "may be of the wrong",
        files: {
          Dockerfile: [
            "FROM --platform=linux/amd64 golang:1.25 AS build",
            "FROM debian:12-slim",
            "COPY --from=build /api /api",
          ],
          "compose.yaml": ["services:", "  api:", "    platform: «linux/arm64»", "    build: ."],
        },
      },
      {
        name: "one image, two platforms",
        kind: "compose",
        message: "`api` runs `shop:dev` on `linux/amd64`",
        files: {
          Dockerfile: ["FROM node:22-slim"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    image: shop:dev",
            "    platform: linux/amd64",
            "  worker:",
            "    image: shop:dev",
            "    platform: «linux/arm64»",
          ],
        },
      },
      {
        name: "an image that is published for another platform",
        kind: "unpublished",
        files: {
          Dockerfile: ["FROM --platform=«linux/arm64» amd64/alpine:3.22"],
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: mcr.microsoft.com/mssql/server:2022-CU16-ubuntu-22.04",
            "    platform: «linux/arm64»",
          ],
        },
      },
    ],
    good: [
      {
        name: "the builder's own values",
        files: {
          Dockerfile: ["FROM alpine:3.22", "ARG TARGETOS TARGETARCH", "ARG TARGETSTAGE=app", "RUN echo $TARGETARCH"],
        },
      },
      {
        name: "a service that gives the value",
        files: {
          Dockerfile: ["FROM alpine:3.22", "ARG TARGETARCH=amd64", "RUN echo $TARGETARCH"],
          "compose.yaml": ["services:", "  api:", "    build: {context: ., args: {TARGETARCH: arm64}}"],
        },
      },
      {
        name: "compiled for the target",
        files: {
          Dockerfile: [
            "FROM --platform=$BUILDPLATFORM golang:1.25 AS build",
            "ARG TARGETOS TARGETARCH",
            "RUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /out/api .",
            "FROM debian:12-slim",
            "COPY --from=build /out/api /api",
          ],
        },
      },
      {
        name: "other ways to choose the processor",
        files: {
          Dockerfile: [
            "FROM --platform=$BUILDPLATFORM golang:1.25 AS build",
            "ENV GOARCH=arm64",
            "RUN go build -o /api .",
            "FROM --platform=$BUILDPLATFORM rust:1.84 AS rust",
            "RUN cargo build --release --target aarch64-unknown-linux-gnu",
            "RUN xx-cargo build --release --target-dir /out",
            "FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:8.0 AS net",
            "RUN dotnet publish -o /net",
            "FROM debian:12-slim",
            "COPY --from=build /api /api",
            "COPY --from=rust /out /target /usr/local/bin/",
            "COPY --from=net /net /net",
          ],
        },
      },
      {
        name: "what is compiled does not ship, or on the same machine only",
        files: {
          Dockerfile: [
            "FROM --platform=$BUILDPLATFORM golang:1.25 AS assets",
            "RUN go build -o /bin/generate . && /bin/generate > /out/index.html",
            "FROM nginx:1.27.4",
            "COPY --from=assets /out /usr/share/nginx/html",
          ],
          "tool.Dockerfile": [
            "FROM --platform=$BUILDPLATFORM golang:1.25 AS build",
            "RUN go build -o /tool .",
            "FROM --platform=$BUILDPLATFORM alpine:3.22",
            "COPY --from=build /tool /tool",
          ],
        },
      },
      {
        name: "folders and scripts that nobody can follow",
        files: {
          Dockerfile: [
            "FROM --platform=$BUILDPLATFORM golang:1.25 AS build",
            "RUN cd cmd && go build -o api .",
            "RUN ./build.sh",
            "FROM debian:12-slim",
            "COPY --from=build /go/api /api",
          ],
        },
      },
      {
        name: "no platform of its own, so it follows the target",
        files: {
          Dockerfile: [
            "FROM golang:1.25 AS build",
            "RUN go build -o /api .",
            "FROM debian:12-slim",
            "COPY --from=build /api /api",
          ],
          "compose.yaml": ["services:", "  api:", "    platform: linux/arm64", "    build: ."],
        },
      },
      {
        name: "the same platform in other words",
        files: {
          Dockerfile: ["FROM --platform=aarch64 node:22-slim"],
          "compose.yaml": [
            "services:",
            "  api: {platform: linux/arm64/v8, build: ., image: 'shop:dev'}",
            "  worker: {platform: arm64, image: 'shop:dev'}",
            "  cron: {platform: '${PLATFORM}', image: 'shop:dev'}",
          ],
        },
      },
      {
        name: "published for it, or for more than is known",
        files: {
          Dockerfile: ["FROM --platform=linux/arm64 arm64v8/alpine:3.22"],
          "compose.yaml": [
            "services:",
            "  db: {platform: linux/arm64, image: 'postgres:17.6'}",
            "  old: {platform: linux/amd64, image: 'mysql:5.7.44'}",
          ],
        },
      },
    ],
  },
});

/** An ARG of a stage that gives an automatic argument a default: the default wins. */
function* argDefaults({ stage, build }: StageView): Iterable<Finding> {
  for (const instruction of stage.instructions) {
    if (instruction.keyword !== "ARG") continue;
    for (const { key, value, range } of instruction.pairs) {
      const name = key.literal;
      if (value === undefined || name === undefined || name === "TARGETSTAGE" || !AUTOMATIC_ARGS.has(name)) continue;
      if (build.services.some((service) => service.build?.args.get(name) !== undefined)) continue;
      yield {
        kind: "arg-default",
        range: value.range.start < value.range.end ? value.range : range,
        message: `${quoted(`${name}=${value.raw}`)} replaces the platform that is built for; drop the default`,
        fix: withoutDefault(key.range, range),
      };
    }
  }
}

/** Unsafe: on other processors the image changes, and old builders leave the value empty. */
function withoutDefault(key: Range, pair: Range): Fix | undefined {
  if (key.end > pair.end) return undefined;
  const range = pair.source.range(key.end, pair.end);
  return { description: "drop the default", safety: "unsafe", edits: [{ range, text: "" }] };
}

function unpublishedBase({ evaluated }: StageView): Finding | undefined {
  const { base, platform, platformFlag } = evaluated;
  if (platform?.kind !== "known" || platform.uses.length > 0 || platformFlag?.valueRange === undefined)
    return undefined;
  if (base.kind !== "image" || base.reference.kind !== "reference") return undefined;
  const only = onlyPlatform({ repository: base.reference.name, tag: base.reference.tag });
  return unpublished(base.reference.written, only, { text: platform.value, range: platformFlag.valueRange });
}

function* unpublishedImage({ image, platform, build }: Service): Iterable<Finding> {
  if (build !== undefined || platform?.value === undefined || image?.value === undefined) return;
  const reference = parseImageReference(image.value);
  if (reference.kind !== "reference") return;
  const only = onlyPlatform({ repository: reference.name, tag: reference.tag });
  const finding = unpublished(image.text, only, { text: platform.value, range: platform.range });
  if (finding !== undefined) yield finding;
}

function unpublished(
  image: string,
  only: string | undefined,
  wanted: { readonly text: string; readonly range: Range },
): Finding | undefined {
  if (only === undefined || areSame(only, wanted.text) !== false) return undefined;
  const message = `${quoted(image)} is published for ${quoted(only)} only; use that platform or another image`;
  return { kind: "unpublished", range: wanted.range, message };
}

/** Undefined when one of the two is no platform that can be compared. */
function areSame(a: string, b: string): boolean | undefined {
  const first = parsePlatform(a);
  const second = parsePlatform(b);
  return first === undefined || second === undefined ? undefined : isSamePlatform(first, second);
}

/** Platforms that a service asks for and that a FROM with a constant of its own excludes. */
function* excluded(service: Service, { project }: RuleContext): Iterable<Finding> {
  const { platform, build: written } = service;
  const build = project.buildOf(service);
  if (written === undefined || build === undefined) return;
  const fixed = [...build.closure].filter(({ evaluated }) => {
    const value = evaluated.platform;
    return value?.kind === "known" && value.uses.length === 0;
  });
  if (fixed.length === 0) return;
  for (const wanted of [...(platform === undefined ? [] : [platform]), ...written.platforms]) {
    const value = wanted.value;
    if (value === undefined) continue;
    const against = fixed.filter(({ evaluated }) => areSame(evaluated.platform?.value ?? "", value) === false);
    const stage = against.find(({ isShipped }) => isShipped) ?? against[0];
    if (stage === undefined) continue;
    const fixedTo = quoted(stage.evaluated.platform?.value ?? "");
    const { isShipped } = stage;
    yield {
      kind: "compose",
      range: wanted.range,
      message: isShipped
        ? `${quoted(wanted.text)} is asked for, but FROM fixes ${fixedTo}; drop \`--platform\` there or change it here`
        : `stage \`${stage.label}\` fixes ${fixedTo}, so what ${quoted(wanted.text)} gets of it may be of the wrong processor`,
      related: [{ range: stage.evaluated.platformFlag?.range ?? stage.anchor, message: "fixed here" }],
      // What a builder makes can be the same for all processors.
      confidence: isShipped ? "high" : "low",
    };
  }
}

/** Services that run one built image on different platforms: it is of one of them only. */
function* shared(service: Service, { project }: RuleContext): Iterable<Finding> {
  const { platform, image, variant } = service;
  if (platform?.value === undefined || image?.value === undefined) return;
  const running = project.imageOf(service);
  if (running.kind !== "stage") return;
  for (const other of variant.services.values()) {
    if (other === service) return;
    const theirs = other.platform?.value;
    if (theirs === undefined || other.image?.value !== image.value || areSame(theirs, platform.value) !== false)
      continue;
    yield {
      kind: "compose",
      range: platform.range,
      message: `\`${other.name}\` runs ${quoted(image.text)} on ${quoted(theirs)}; one built image is of one platform`,
      related: [{ range: other.platform?.range ?? other.keyRange, message: "the other platform" }],
    };
    return;
  }
}
