import { isBuilderName, isSdkProgram } from "../../src/data/sdk-images.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { matchesImage } from "../../src/project/image-patterns.js";
import { type ImageUse, imageOfFrom } from "../../src/project/image-use.js";
import type { Build, Project, StageView } from "../../src/project/model.js";
import { commandsOf } from "../../src/project/service-view.js";
import { opensShell } from "../../src/project/serving.js";
import { runTimeCommands } from "../../src/project/start-scripts.js";
import type { Invocation } from "../../src/shell/model.js";
import { quoted } from "../../src/text/quoted.js";

const options = {
  allow: option.strings({ default: [], description: "SDK images that may be shipped: `maven`, `ghcr.io/acme/ci-*`." }),
  extra: option.strings({ default: [], description: "More images that are there to build: `ghcr.io/acme/build-*`." }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "images/no-sdk-in-final",
  summary: "The shipped base is a runtime, not an SDK",
  levels: { recommended: "warning", strict: "error" },
  roles: ["production"],
  fixable: "never",
  aliases: ["tally:gpu/prefer-runtime-final-stage"],
  why: [
    "An SDK brings compilers, headers and package tools to production. They make the image several times as large, each " +
      "has vulnerabilities to patch, and whoever gets in can build what they need in place.",
  ],
  references: [
    "https://docs.docker.com/build/building/best-practices/#use-multi-stage-builds",
    "https://learn.microsoft.com/dotnet/architecture/microservices/net-core-net-framework-containers/official-net-docker-images",
    "CIS 4.3",
  ],
  options,
  yieldsOnSubjectTo: ["stages/require-multi-stage"],
  check: {
    *build(build, ctx) {
      const finding = judge(build, ctx);
      if (finding !== undefined) yield finding;
    },
  },
  examples: {
    bad: [
      {
        name: "a compiler as the last base",
        message: "`gcr.io/distroless/cc-debian12:nonroot`",
        files: { Dockerfile: ["FROM «rust:1.84»", "COPY app /app", 'CMD ["/app"]'] },
      },
      {
        name: "what another stage has built, on the same SDK",
        message: "`mcr.microsoft.com/dotnet/aspnet:8.0`",
        files: {
          Dockerfile: [
            "FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build",
            "RUN dotnet publish -o /out",
            "FROM «mcr.microsoft.com/dotnet/sdk:8.0»",
            "COPY --from=build /out /app",
            'ENTRYPOINT ["dotnet", "/app/shop.dll"]',
          ],
        },
      },
      {
        name: "a JDK where a JRE exists",
        message: "`eclipse-temurin:21-jre`",
        files: {
          Dockerfile: ["FROM «eclipse-temurin:21-jdk»", "COPY shop.jar /", 'CMD ["java", "-jar", "/shop.jar"]'],
        },
      },
      {
        name: "the development variant for GPUs",
        message: "`nvidia/cuda:12.4.1-runtime-ubuntu22.04`",
        files: {
          Dockerfile: [
            "FROM «nvidia/cuda:12.4.1-devel-ubuntu22.04» AS base",
            "FROM base",
            'CMD ["python3", "serve.py"]',
          ],
        },
      },
      {
        name: "the stage that Compose targets, not the last one",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS data",
            "FROM «golang:1.25» AS build",
            "COPY --from=data /srv /srv",
            'CMD ["/srv/api"]',
            "FROM gcr.io/distroless/static-debian12:nonroot",
            "COPY --from=build /srv /srv",
          ],
          "compose.yaml": ["services:", "  api:", "    build: {context: ., target: build}"],
        },
      },
      {
        name: "an image that its name calls a builder",
        files: { Dockerfile: ["FROM «quay.io/quarkus/ubi-quarkus-mandrel-builder-image:jdk-21»", 'CMD ["/srv/shop"]'] },
      },
      {
        name: "an image that the policy calls an SDK",
        options: { extra: ["ghcr.io/acme/build-*"] },
        files: { Dockerfile: ["FROM «ghcr.io/acme/build-go:1.4»", 'CMD ["/srv/shop"]'] },
      },
    ],
    good: [
      { name: "a runtime", files: { Dockerfile: ["FROM debian:bookworm-slim", "COPY app /app", 'CMD ["/app"]'] } },
      {
        name: "the SDK builds, and does not ship",
        files: {
          Dockerfile: [
            "FROM golang:1.25 AS build",
            "RUN go build -o /app .",
            "FROM gcr.io/distroless/static-debian12:nonroot",
            "COPY --from=build /app /app",
            'CMD ["/app"]',
          ],
        },
      },
      {
        name: "an image whose program is the SDK's",
        files: {
          Dockerfile: ["FROM maven:3.9-eclipse-temurin-21", "COPY settings.xml /root/.m2/", 'ENTRYPOINT ["mvn"]'],
          "run.Dockerfile": ["FROM mcr.microsoft.com/dotnet/sdk:8.0", 'CMD ["dotnet", "watch", "run"]'],
        },
      },
      {
        name: "a Compose command that is the SDK's",
        files: {
          Dockerfile: ["FROM golang:1.25", "WORKDIR /src", 'CMD ["/bin/true"]'],
          "compose.yaml": ["services:", "  api:", "    build: .", "    command: go run ."],
        },
      },
      {
        name: "an image for people and pipelines to work in",
        files: {
          Dockerfile: ["FROM golang:1.25", "RUN go install golang.org/x/tools/cmd/goimports@v0.30.0"],
          "shell.Dockerfile": ["FROM golang:1.25", 'CMD ["bash"]'],
        },
      },
      { name: "development", files: { "Dockerfile.dev": ["FROM rust:1.84", 'CMD ["/app"]'] } },
      {
        name: "an SDK that the policy allows",
        options: { allow: ["rust"] },
        files: { Dockerfile: ["FROM rust:1.84", 'CMD ["/app"]'] },
      },
      { name: "an image that nobody knows", files: { Dockerfile: ["FROM ghcr.io/acme/base:1.0", 'CMD ["/app"]'] } },
      {
        name: "a JDK whose publisher may have no JRE",
        files: { Dockerfile: ["FROM amazoncorretto:21", 'CMD ["java", "-jar", "/shop.jar"]'] },
      },
      { name: "a base that nobody can know", files: { Dockerfile: ["ARG BASE", "FROM ${BASE}", 'CMD ["/app"]'] } },
    ],
  },
});

function judge({ target, chain }: Build, { options, project }: Context): Finding | undefined {
  const base = chain.at(-1);
  if (target === undefined || base === undefined || target.isWindows) return undefined;
  const use = imageOfFrom(base, project);
  if (use?.name === undefined || use.isBuiltHere || !isSdk(base, use, options.extra)) return undefined;
  if (matchesImage(options.allow, use.name, tagOf(use)) || needsSdk(target, project)) return undefined;
  const runtime = base.facts?.isSdk === true ? base.facts.runtimeImage : undefined;
  const remedy = runtime === undefined ? "copy what it builds into a runtime image" : `a runtime is ${quoted(runtime)}`;
  return { range: base.anchor, message: `the shipped stage is on the SDK ${quoted(use.written.shown)}; ${remedy}` };
}

function isSdk({ facts }: StageView, use: ImageUse, extra: readonly string[]): boolean {
  // A JDK runs what it compiled: only where a JRE is known is it too much.
  if (facts?.isSdk === true) return facts.runtimeImage !== undefined || facts.environment?.has("JAVA_HOME") !== true;
  return use.name !== undefined && (isBuilderName(use.name.path) || matchesImage(extra, use.name, tagOf(use)));
}

function tagOf({ tag }: ImageUse): string | undefined {
  return tag.kind === "known" ? tag.text : undefined;
}

/** Whether what runs is a part of the SDK, or a person with a shell: nothing is set, so the SDK's own command stays. */
function needsSdk(target: StageView, project: Project): boolean {
  const { entrypoint, command, build } = target;
  const started = build.services.flatMap((service) =>
    [service.entrypoint, service.command].flatMap((given) => (given === undefined ? [] : commandsOf(given))),
  );
  if (entrypoint === undefined && (command === undefined || opensShell(command)) && started.length === 0) return true;
  return started.some(isOfSdk) || [...runTimeCommands(target, project)].some(isOfSdk);
}

function isOfSdk({ name, args }: Invocation): boolean {
  return name !== undefined && isSdkProgram(name, args[0]?.value);
}
