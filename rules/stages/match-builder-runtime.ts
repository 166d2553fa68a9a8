import { defineRule, type Finding, type RuleContext } from "../../src/engine/rule.js";
import type { Build, StageView } from "../../src/project/model.js";
import { type RuntimeMismatch, runtimeMismatches } from "../../src/project/runtime-mismatch.js";

export default defineRule({
  id: "stages/match-builder-runtime",
  summary: "Artefacts run on the base they are copied to",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    "language-version": { summary: "packages for another version of the interpreter" },
    libc: { summary: "machine code for another C library" },
    "older-glibc": { summary: "a program linked against a later glibc than the image has" },
    "dynamic-binary": { summary: "a program that needs a C library which the image lacks" },
  },
  roles: "all",
  fixable: "never",
  why: [
    "The build succeeds, and the container does not start: `not found` for a program that is there, `GLIBC_2.38 not found`, " +
      "or a module that cannot be imported.",
  ],
  references: [
    "https://docs.docker.com/build/building/multi-stage/",
    "https://pkg.go.dev/cmd/cgo",
    "https://doc.rust-lang.org/reference/linkage.html#static-and-dynamic-c-runtimes",
    "https://peps.python.org/pep-0656/",
  ],
  mentions: { dockerfile: ["from="] },
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "packages of another Python",
        kind: "language-version",
        message: "Python 3.12",
        files: {
          Dockerfile: [
            "FROM python:3.11-slim AS build",
            "RUN pip install flask==3.1.0",
            "FROM python:3.12-slim",
            "COPY --from=build «/usr/local/lib/python3.11/site-packages» /usr/local/lib/python3.11/site-packages",
          ],
        },
      },
      {
        name: "a virtual environment, for Debian's Python in a distroless image",
        kind: "language-version",
        message: "Python 3.11",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim AS build",
            "RUN python -m venv /opt/venv",
            "FROM gcr.io/distroless/python3-debian12",
            "COPY --from=build «/opt/venv» /opt/venv",
          ],
        },
      },
      {
        name: "gems of another Ruby, and a native module of another Node.js",
        kind: "language-version",
        files: {
          Dockerfile: [
            "FROM ruby:3.2 AS build",
            "RUN bundle install",
            "FROM ruby:3.3-slim",
            "COPY --from=build «/usr/local/bundle» /usr/local/bundle",
          ],
          "web/Dockerfile": [
            "FROM node:20 AS build",
            "WORKDIR /app",
            "COPY package.json .",
            "RUN npm ci",
            "FROM node:22-slim",
            "COPY --from=build «/app/node_modules» /app/node_modules",
          ],
          "web/package.json": ['{ "dependencies": { "better-sqlite3": "11.7.0" } }'],
        },
      },
      {
        name: "compiled packages between glibc and musl",
        kind: "libc",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim AS build",
            "RUN python -m venv /opt/venv && /opt/venv/bin/pip install numpy==2.2.1",
            "FROM python:3.12-alpine",
            "COPY --from=build «/opt/venv» /opt/venv",
          ],
          "web/Dockerfile": [
            "FROM node:22-alpine AS build",
            "WORKDIR /app",
            "COPY package.json .",
            "RUN npm ci",
            "FROM node:22-slim",
            "COPY --from=build «/app/node_modules/» ./node_modules",
          ],
          "web/package.json": ['{ "dependencies": { "bcrypt": "5.1.1" } }'],
        },
      },
      {
        name: "a C program on Alpine, and one of cgo from there",
        kind: "libc",
        files: {
          Dockerfile: [
            "FROM debian:12 AS build",
            "RUN gcc -O2 -o /out/probe probe.c",
            "FROM alpine:3.20",
            "COPY --from=build «/out/» /usr/bin/",
          ],
          "api/Dockerfile": [
            "FROM golang:1.22-alpine AS build",
            "RUN apk add --no-cache gcc musl-dev",
            "RUN CGO_ENABLED=1 go build -o /api .",
            "FROM debian:12-slim",
            "COPY --from=build «/api» /api",
            'CMD ["/api"]',
          ],
        },
      },
      {
        name: "a later Debian than the image has",
        kind: "older-glibc",
        message: "glibc 2.41",
        files: {
          Dockerfile: [
            "FROM rust:1.84-trixie AS build",
            "WORKDIR /src",
            "COPY . .",
            "RUN cargo build --release && cp target/release/api /usr/local/bin/",
            "FROM debian:bookworm-slim",
            "COPY --from=build «/usr/local/bin/api» /usr/local/bin/api",
          ],
        },
      },
      {
        name: "cgo is on, and Alpine or an empty image has no glibc",
        kind: "dynamic-binary",
        message: "`CGO_ENABLED=0`",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS build",
            "WORKDIR /src",
            "COPY . .",
            "RUN go build -o /out/api ./cmd/api",
            "FROM alpine:3.20",
            "COPY --from=build «/out/api» /usr/bin/api",
          ],
          "worker/Dockerfile": [
            "FROM golang:1.22-bookworm AS build",
            "WORKDIR /src",
            "COPY . .",
            "RUN GOOS=linux go build ./cmd/worker",
            "FROM scratch",
            "COPY --from=build «/src/worker» /worker",
            'ENTRYPOINT ["/worker"]',
          ],
        },
      },
      {
        name: "Rust for glibc in a static image",
        kind: "dynamic-binary",
        message: "musl",
        files: {
          Dockerfile: [
            "FROM rust:1.84 AS build",
            "WORKDIR /src",
            "COPY . .",
            "RUN cargo build --release",
            "FROM gcr.io/distroless/static-debian12",
            "COPY --from=build «/src/target/release/api» /api",
          ],
        },
      },
    ],
    good: [
      {
        name: "one version, one system",
        files: {
          Dockerfile: [
            "FROM python:3.12 AS build",
            "RUN python -m venv /opt/venv",
            "FROM python:3.12-slim",
            "COPY --from=build /opt/venv /opt/venv",
            "COPY --from=build /usr/local/lib/python3.12/site-packages /usr/local/lib/python3.12/site-packages",
          ],
        },
      },
      {
        name: "what runs anywhere",
        files: {
          Dockerfile: [
            "FROM node:20 AS assets",
            "RUN npm run build",
            "FROM maven:3.9-eclipse-temurin-21 AS build",
            "RUN mvn package",
            "FROM eclipse-temurin:21-jre-alpine",
            "COPY --from=assets /app/dist /srv",
            "COPY --from=build /target/api.jar /api.jar",
          ],
        },
      },
      {
        name: "a version that a tag does not tell",
        files: {
          Dockerfile: [
            "FROM python:3 AS build",
            "RUN python -m venv /opt/venv",
            "FROM python:3.12-slim",
            "COPY --from=build /opt/venv /opt/venv",
            "FROM acme/python:3.11 AS other",
            "FROM python:3.12-slim",
            "COPY --from=other /opt/venv /opt/venv",
          ],
        },
      },
      {
        name: "the interpreter comes along",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim AS build",
            "RUN python -m venv /opt/venv",
            "FROM python:3.12-slim",
            "COPY --from=build /usr/local /usr/local",
            "COPY --from=build /opt/venv /opt/venv",
          ],
        },
      },
      {
        name: "modules of pure JavaScript, or of a manifest that is not here",
        files: {
          Dockerfile: [
            "FROM node:20 AS build",
            "WORKDIR /app",
            "COPY package.json .",
            "RUN npm ci",
            "FROM node:22-alpine",
            "COPY --from=build /app/node_modules /app/node_modules",
            "COPY --from=build /other/node_modules /other/node_modules",
          ],
          "package.json": [
            '{ "dependencies": { "express": "4.21.2" }, "devDependencies": { "better-sqlite3": "11.7.0" } }',
          ],
        },
      },
      {
        name: "Go without cgo: set in the command, before it, for the stage, or for want of a compiler",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS first",
            "RUN CGO_ENABLED=0 go build -o /first .",
            "FROM golang:1.22 AS second",
            "RUN export CGO_ENABLED=0 && go build -o /second .",
            "FROM golang:1.22 AS third",
            "ENV CGO_ENABLED=0",
            "RUN go build -o /third .",
            "FROM golang:1.22-alpine AS fourth",
            "RUN go build -o /fourth .",
            "FROM golang:1.22 AS fifth",
            "RUN go env -w CGO_ENABLED=0 && go build -o /fifth .",
            "FROM golang:1.22 AS sixth",
            "RUN go build -ldflags '-linkmode external -extldflags -static' -o /sixth .",
            "FROM alpine:3.20",
            "COPY --from=first /first /",
            "COPY --from=second /second /",
            "COPY --from=third /third /",
            "COPY --from=fourth /fourth /",
            "COPY --from=fifth /fifth /",
            "COPY --from=sixth /sixth /",
          ],
        },
      },
      {
        name: "for another processor, cgo is off",
        files: {
          Dockerfile: [
            "FROM --platform=$BUILDPLATFORM golang:1.22 AS build",
            "ARG TARGETARCH",
            "RUN GOARCH=$TARGETARCH go build -o /api .",
            "FROM alpine:3.20",
            "COPY --from=build /api /api",
          ],
        },
      },
      {
        name: "Rust for musl: by option, variable, configuration or builder",
        files: {
          Dockerfile: [
            "FROM rust:1.84 AS option",
            "WORKDIR /src",
            "RUN cargo build --release --target x86_64-unknown-linux-musl",
            "FROM rust:1.84 AS variable",
            "WORKDIR /src",
            "ENV CARGO_BUILD_TARGET=x86_64-unknown-linux-musl",
            "RUN cargo build --release",
            "FROM rust:1.84 AS configuration",
            "WORKDIR /src",
            "COPY .cargo/config.toml .cargo/config.toml",
            "RUN cargo build --release",
            "FROM rust:1.84-alpine AS builder",
            "WORKDIR /src",
            "RUN cargo build --release",
            "FROM alpine:3.20",
            "COPY --from=option /src/target/x86_64-unknown-linux-musl/release/one /",
            "COPY --from=variable /src/target/release/two /",
            "COPY --from=configuration /src/target/release/three /",
            "COPY --from=builder /src/target/release/four /",
          ],
          ".cargo/config.toml": ["[build]", 'target = "x86_64-unknown-linux-musl"'],
        },
      },
      {
        name: "glibc is there: the same release, a later one, or one that nobody knows",
        files: {
          Dockerfile: [
            "FROM rust:1.84-bookworm AS build",
            "WORKDIR /src",
            "RUN cargo build --release",
            "FROM rust:1.84 AS unknown",
            "WORKDIR /src",
            "RUN cargo build --release",
            "FROM ubuntu:24.04",
            "COPY --from=build /src/target/release/api /api",
            "COPY --from=unknown /src/target/release/worker /worker",
          ],
          "api/Dockerfile": [
            "FROM rust:1.84-bookworm AS build",
            "WORKDIR /src",
            "RUN cargo build --release",
            "FROM gcr.io/distroless/cc-debian12",
            "COPY --from=build /src/target/release/api /api",
          ],
        },
      },
      {
        name: "the C library is brought",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS build",
            "RUN go build -o /api .",
            "FROM alpine:3.20",
            "RUN apk add --no-cache gcompat",
            "COPY --from=build /api /api",
          ],
          "c/Dockerfile": [
            "FROM debian:12 AS build",
            "RUN gcc -o /probe probe.c",
            "FROM scratch",
            "COPY --from=build /lib/x86_64-linux-gnu/libc.so.6 /lib64/ld-linux-x86-64.so.2 /lib64/",
            "COPY --from=build /probe /probe",
            'CMD ["/probe"]',
          ],
        },
      },
      {
        name: "a static C program, and files that nothing here compiled",
        files: {
          Dockerfile: [
            "FROM debian:12 AS build",
            "RUN gcc -static -o /probe probe.c && ./configure && make",
            "FROM alpine:3.20",
            "COPY --from=build /probe /src/data.json /src/tool /usr/bin/",
          ],
        },
      },
      {
        name: "files to export",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS build",
            "RUN go build -o /api .",
            "FROM scratch",
            "COPY --from=build /api /api",
          ],
        },
      },
    ],
  },
});

function* checkBuild(build: Build, { project }: RuleContext): Iterable<Finding> {
  for (const mismatch of runtimeMismatches(build, project)) {
    const { kind, range, from, to, program, isCertain } = mismatch;
    const related = [
      { range: from.anchor, message: `\`${imageOf(from)}\` is what it was made on` },
      { range: to.anchor, message: `\`${imageOf(to)}\` is what it has to run on` },
    ];
    if (program !== undefined) related.push({ range: program.range, message: `\`${program.command}\` makes it` });
    yield { kind, range, message: describe(mismatch), related, confidence: isCertain ? "high" : "medium" };
  }
}

function imageOf({ image, label, isScratch }: StageView): string {
  return image?.written ?? (isScratch ? "scratch" : label);
}

function describe({ kind, path, needs, has, to, program, module }: RuntimeMismatch): string {
  const what = module === undefined ? `\`${path}\`` : `\`${module}\` in \`${path}\``;
  const where = `\`${imageOf(to)}\``;
  switch (kind) {
    case "language-version":
      return `${what} is for ${needs}, but ${where} has ${has}; use one version in both FROM lines`;
    case "older-glibc":
      return `${what} needs ${needs}, but ${where} has ${has}; build on the release that it runs on`;
    case "libc":
      return `${what} is built for ${needs}, but ${where} has ${has}; use one kind of image in both FROM lines`;
    case "dynamic-binary": {
      const remedy = program?.language === "go" ? "build with `CGO_ENABLED=0`" : "build for a musl target";
      return `${what} needs ${needs}, but ${where} has ${has}; ${remedy}, or run it on such an image`;
    }
  }
}
