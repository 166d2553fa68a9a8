import type { ParityCases } from "../support/parity.js";

/** What BuildKit documents for each of its build checks. */
export const BUILDKIT_CASES: readonly ParityCases[] = [
  {
    id: "ConsistentInstructionCasing",
    cases: [
      "»From alpine:3.20",
      "FROM alpine:3.20\n»run echo hello",
      "FROM alpine:3.20\n»Run echo hello",
      "»from alpine:3.20\nRUN echo hello\nENV A=1",
      "FROM alpine:3.20\nRUN echo hello",
      "from alpine:3.20\nrun echo hello",
    ],
  },
  {
    id: "CopyIgnoredFile",
    files: { ".dockerignore": "*/tmp/*\nsecret.txt\nnode_modules\n", "secret.txt": "", "app.js": "" },
    cases: [
      "FROM alpine:3.20\n»COPY secret.txt /srv/",
      "FROM alpine:3.20\n»ADD secret.txt /srv/",
      // The example of BuildKit's own page, of which its pattern matcher thinks otherwise: one folder is missing above `tmp`.
      "FROM alpine:3.20\nCOPY ./tmp/helloworld.txt /",
      "FROM alpine:3.20\n»COPY ./src/tmp/helloworld.txt /",
      "FROM alpine:3.20\n»COPY node_modules /srv/node_modules",
      "FROM alpine:3.20\nCOPY app.js /srv/",
      "FROM alpine:3.20\nCOPY . /srv/",
      "FROM alpine:3.20 AS b\nRUN true\nFROM alpine:3.20\nCOPY --from=b secret.txt /srv/",
    ],
  },
  {
    id: "DuplicateStageName",
    cases: [
      "FROM debian:12 AS builder\n»FROM golang:1.22 AS builder",
      "FROM debian:12 AS a\nFROM debian:12 AS b\n»FROM golang:1.22 AS A",
      "FROM debian:12 AS a\nFROM golang:1.22 AS b",
    ],
  },
  {
    id: "ExposeInvalidFormat",
    cases: [
      "FROM alpine:3.20\n»EXPOSE 127.0.0.1:80:80",
      "FROM alpine:3.20\n»EXPOSE 80:80",
      "FROM alpine:3.20\n»EXPOSE 5000:5000 8080",
      "FROM alpine:3.20\nEXPOSE 80",
      "FROM alpine:3.20\nEXPOSE 8000-8010/tcp",
      "FROM alpine:3.20\nARG PORT\nEXPOSE $PORT",
    ],
  },
  {
    id: "ExposeProtoCasing",
    cases: [
      "FROM alpine:3.20\n»EXPOSE 80/TcP",
      "FROM alpine:3.20\n»EXPOSE 80/TCP",
      "FROM alpine:3.20\n»EXPOSE 80/tcp 53/UDP",
      "FROM alpine:3.20\nEXPOSE 80/tcp",
      "FROM alpine:3.20\nEXPOSE 53/udp",
    ],
  },
  {
    id: "FromAsCasing",
    cases: [
      "»FROM debian:12 as builder",
      "»from debian:12 AS builder",
      "»FROM debian:12 As builder",
      "FROM debian:12 AS builder",
      "from debian:12 as builder",
    ],
  },
  {
    id: "FromPlatformFlagConstDisallowed",
    cases: [
      "»FROM --platform=linux/amd64 alpine:3.20 AS base",
      "FROM alpine:3.20 AS a\n»FROM --platform=linux/arm64 alpine:3.20",
      "FROM --platform=$BUILDPLATFORM alpine:3.20 AS base",
      "FROM alpine:3.20",
      "FROM --platform=linux/amd64 alpine:3.20 AS build_amd64\nFROM --platform=linux/arm64 alpine:3.20 AS build_arm64\nARG TARGETARCH\nFROM build_${TARGETARCH} AS build",
    ],
  },
  {
    id: "InvalidDefaultArgInFrom",
    cases: [
      "ARG TAG\n»FROM busybox:${TAG}",
      "ARG IMAGE\n»FROM $IMAGE",
      "ARG TAG=latest\nFROM busybox:${TAG}",
      "ARG VARIANT\nFROM busybox:stable${VARIANT}",
      "ARG TAG\nFROM alpine:${TAG:-3.14}",
    ],
  },
  {
    id: "InvalidDefinitionDescription",
    cases: [
      "# check=experimental=InvalidDefinitionDescription\n\n»# a non-descriptive comment\nFROM scratch AS base\n»# another comment\nARG VERSION=123",
      "# check=experimental=InvalidDefinitionDescription\n\n# base is the base stage\nFROM scratch AS base\n# VERSION is the version number\nARG VERSION=123",
      "# check=experimental=InvalidDefinitionDescription\n\n# a comment by itself\n\nFROM scratch AS base",
      "FROM scratch AS base",
    ],
  },
  {
    id: "JSONArgsRecommended",
    cases: [
      "FROM alpine:3.20\n»ENTRYPOINT my-program start",
      "FROM alpine:3.20\n»CMD echo hello",
      'FROM alpine:3.20\nENTRYPOINT ["my-program", "start"]',
      'FROM alpine:3.20\nSHELL ["bash", "-c"]\nENTRYPOINT echo hello',
      "FROM alpine:3.20\nRUN echo hello",
      "FROM alpine:3.20\nHEALTHCHECK CMD echo ok",
      'FROM alpine:3.20 AS a\nCMD echo a\nFROM alpine:3.20\nCMD ["b"]',
    ],
  },
  {
    id: "LegacyKeyValueFormat",
    cases: [
      "FROM debian:12\n»ENV DEPS curl make",
      "FROM debian:12\n»LABEL version 1",
      "FROM debian:12\nENV A=1\n»ENV B 2",
      'FROM debian:12\nENV DEPS="curl make"',
      "FROM debian:12\nARG A=1",
    ],
  },
  {
    id: "MaintainerDeprecated",
    cases: [
      "FROM debian:12\n»MAINTAINER moby@example.com",
      "FROM debian:12\nLABEL org.opencontainers.image.authors=moby@example.com",
    ],
  },
  {
    id: "MultipleInstructionsDisallowed",
    cases: [
      'FROM alpine:3.20\n»ENTRYPOINT ["echo", "a"]\nENTRYPOINT ["echo", "b"]',
      'FROM alpine:3.20\n»CMD ["a"]\n»CMD ["b"]\nCMD ["c"]',
      "FROM alpine:3.20\n»HEALTHCHECK CMD a\nHEALTHCHECK NONE",
      'FROM alpine:3.20\nENTRYPOINT ["echo"]\nCMD ["a"]',
      'FROM alpine:3.20 AS a\nCMD ["a"]\nFROM alpine:3.20\nCMD ["b"]',
    ],
  },
  {
    id: "NoEmptyContinuation",
    cases: [
      "FROM alpine:3.20\nEXPOSE \\\n»\n80",
      "FROM alpine:3.20\nRUN echo a && \\\n»\n  echo b",
      "FROM alpine:3.20\nEXPOSE \\\n80",
      "FROM alpine:3.20\nRUN echo a && \\\n# a comment\n  echo b",
    ],
  },
  {
    id: "RedundantTargetPlatform",
    cases: [
      "»FROM --platform=$TARGETPLATFORM alpine:3.20 AS builder",
      "»FROM --platform=${TARGETPLATFORM} alpine:3.20",
      "FROM alpine:3.20",
      "FROM --platform=$BUILDPLATFORM alpine:3.20",
    ],
  },
  {
    id: "ReservedStageName",
    cases: [
      "»FROM alpine:3.20 AS scratch",
      "»FROM alpine:3.20 AS context",
      "FROM alpine:3.20 AS builder",
      "FROM scratch AS base",
    ],
  },
  {
    id: "SecretsUsedInArgOrEnv",
    cases: [
      "FROM scratch\n»ARG AWS_SECRET_ACCESS_KEY",
      "FROM scratch\n»ENV API_TOKEN=abc",
      "FROM scratch\n»ARG PASSWORD",
      "FROM scratch\n»ENV DB_PASSWORD=x",
      "FROM scratch\n»ARG GIT_AUTH",
      "FROM scratch\n»ENV APIKEY=x",
      "FROM scratch\n»ENV SSH_CREDENTIALS=x",
      "FROM scratch\nENV PUBLIC_KEY=x",
      "FROM scratch\nARG VERSION",
      "FROM scratch\nENV PORT=80",
    ],
  },
  {
    id: "StageNameCasing",
    cases: [
      "»FROM alpine:3.20 AS BuilderBase",
      "»FROM alpine:3.20 AS Build",
      "FROM alpine:3.20 AS builder-base",
      "FROM alpine:3.20 AS build2",
    ],
  },
  {
    id: "UndefinedArgInFrom",
    cases: [
      "»FROM alpine:${VERSION}",
      "ARG VERSION=3.20\n»FROM alpine:$VERISON",
      "»FROM --platform=$MYPLATFORM alpine:3.20",
      "ARG VERSION=3.20\nFROM alpine:${VERSION}",
      "FROM --platform=$BUILDPLATFORM alpine:3.20",
      "FROM alpine:${VERSION:-3.20}",
    ],
  },
  {
    id: "UndefinedVar",
    cases: [
      "FROM alpine:3.20 AS base\n»COPY $foo .",
      "FROM alpine:3.20\nENV PATH=/app/bin:$PATH\n»ENV NAME=$NAEM",
      "FROM alpine:3.20\n»WORKDIR $DIR",
      "FROM alpine:3.20\n»ENV PATH=$PAHT:/tmp/bin",
      "ARG VERSION=1\nFROM alpine:3.20\n»LABEL v=$VERSION",
      "FROM alpine:3.20 AS base\nARG foo\nCOPY $foo .",
      "FROM alpine:3.20\nENV PATH=$PATH:/tmp/bin",
      "FROM alpine:3.20\nARG VERSION\nENV V=$VERSION",
      "FROM alpine:3.20\nRUN echo $foo",
      "FROM alpine:3.20\nENV A=1\nENV B=$A",
    ],
  },
  {
    id: "WorkdirRelativePath",
    cases: [
      "FROM nginx:1.27 AS web\n»WORKDIR usr/share/nginx/html\nCOPY public .",
      "FROM alpine:3.20\n»WORKDIR app/",
      "FROM nginx:1.27 AS web\nWORKDIR /usr/share/nginx/html",
      "FROM alpine:3.20\nWORKDIR /app\nWORKDIR src",
      "FROM alpine:3.20 AS a\nWORKDIR /app\nFROM a\nWORKDIR src",
    ],
  },
];
