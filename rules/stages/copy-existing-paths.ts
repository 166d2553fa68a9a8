import { defineRule, type Finding } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import { type Missing, missingFrom } from "../../src/project/stage-paths.js";

export default defineRule({
  id: "stages/copy-existing-paths",
  summary: "A path copied from a stage can exist there",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    empty: {
      summary: "the stage is empty",
      levels: { recommended: "error", strict: "error" },
      aliases: ["tally:copy-from-empty-scratch-stage"],
    },
    "not-produced": { summary: "nothing is copied to that path of the stage" },
    "never-mentioned": {
      summary: "no instruction of the stage names the folder",
      levels: { recommended: "off", strict: "info" },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "The builder stops at the copy, after all that comes before it was built: often minutes in, and only where the cache is " +
      "cold.",
  ],
  references: ["https://docs.docker.com/reference/dockerfile/#copy---from"],
  mentions: { dockerfile: ["from="] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a stage that was never filled",
        kind: "empty",
        message: "`artifacts` is empty",
        files: {
          Dockerfile: [
            "FROM scratch AS artifacts",
            "FROM alpine:3.20",
            "COPY --from=artifacts «/out/app» /usr/bin/app",
          ],
        },
      },
      {
        name: "filled with nothing but variables",
        kind: "empty",
        files: {
          Dockerfile: [
            "FROM scratch AS files",
            "ENV A=1",
            "LABEL b=2",
            "FROM alpine:3.20",
            "COPY --from=files «app» /app",
          ],
        },
      },
      {
        name: "an empty parent",
        kind: "empty",
        files: {
          Dockerfile: [
            "FROM scratch AS none",
            "FROM none AS files",
            "FROM alpine:3.20",
            "COPY --from=files «/a/*» /a/",
          ],
        },
      },
      {
        name: "another path than the one that was filled",
        kind: "not-produced",
        message: "`/sevrer`",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS build",
            "RUN go build -o /out/server .",
            "FROM scratch AS files",
            "COPY --from=build /out/server /server",
            "FROM alpine:3.20",
            "COPY --from=files «/sevrer» /server «/etc/app/*.conf» /srv/",
          ],
        },
      },
      {
        name: "a folder that nobody makes",
        kind: "never-mentioned",
        files: {
          Dockerfile: [
            "FROM debian:12.9 AS build",
            "WORKDIR /src",
            "COPY main.c .",
            "RUN gcc -o server main.c",
            "FROM debian:12.9-slim",
            "COPY --from=build «/app/server» /usr/bin/server",
          ],
        },
      },
    ],
    good: [
      {
        name: "a stage that was filled",
        files: {
          Dockerfile: [
            "FROM alpine:3.20 AS build",
            "RUN install -D /etc/os-release /app/os-release",
            "FROM scratch AS files",
            "COPY --from=build /app /app",
            "FROM alpine:3.20",
            "COPY --from=files /app /app",
          ],
        },
      },
      {
        name: "a folder of a path, a path of a folder, and everything",
        files: {
          Dockerfile: [
            "FROM scratch AS files",
            "COPY conf /etc/app/conf",
            "FROM alpine:3.20",
            "COPY --from=files /etc /etc",
            "COPY --from=files /etc/app/conf/app.ini /app.ini",
            "COPY --from=files /etc/app/*/app.ini /ini/",
            "COPY --from=files / /",
          ],
        },
      },
      {
        name: "WORKDIR makes its folder",
        files: {
          Dockerfile: [
            "FROM scratch AS files",
            "WORKDIR /data/db",
            "FROM alpine:3.20",
            "COPY --from=files /data /data",
          ],
        },
      },
      {
        name: "a RUN may write anything",
        files: {
          Dockerfile: [
            "FROM scratch AS files",
            "COPY rootfs.tar /tmp/",
            'RUN ["/tmp/init"]',
            "FROM alpine:3.20",
            "COPY --from=files /srv /srv",
          ],
        },
      },
      {
        name: "destinations and sources that nobody knows",
        files: {
          Dockerfile: [
            "FROM scratch AS files",
            "ARG PREFIX",
            "COPY app ${PREFIX}/app",
            "FROM alpine:3.20",
            "ARG NAME",
            "COPY --from=files /usr/bin/app /app",
            "COPY --from=files /${NAME} /app",
          ],
        },
      },
      { name: "an image", files: { Dockerfile: ["FROM alpine:3.20", "COPY --from=composer:2.8 /nowhere /nowhere"] } },
      {
        name: "--parents keeps the folders of the source",
        files: {
          Dockerfile: [
            "FROM scratch AS files",
            "COPY --parents a/b /x/",
            "FROM alpine:3.20",
            "COPY --from=files /x/a/b /b",
          ],
        },
      },
      {
        name: "folders that the system has, a step names, or a base may have",
        files: {
          Dockerfile: [
            "FROM debian:12.9 AS build",
            "WORKDIR /src",
            "RUN mkdir /out && gcc -o /out/server main.c",
            "FROM acme/toolchain:4 AS tools",
            "FROM debian:12.9-slim",
            "COPY --from=build /out/server /usr/bin/server",
            "COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo",
            "COPY --from=tools /tools /tools",
          ],
        },
      },
      {
        name: "programs at work in the root folder, and scripts",
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS assets",
            "COPY . .",
            "RUN npm run build",
            "FROM debian:12.9 AS build",
            "WORKDIR /src",
            "RUN ./build.sh",
            "FROM debian:12.9-slim",
            "COPY --from=assets /dist /srv",
            "COPY --from=build /app/server /usr/bin/server",
          ],
        },
      },
      {
        name: "homes of tools",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS build",
            "WORKDIR /src",
            "RUN go install golang.org/x/tools/cmd/stringer@v0.30.0",
            "FROM debian:12.9-slim",
            "COPY --from=build /go/bin/stringer /usr/local/bin/",
          ],
        },
      },
      {
        name: "copied into the root folder",
        files: {
          Dockerfile: ["FROM debian:12.9 AS build", "COPY . /", "FROM debian:12.9-slim", "COPY --from=build /app /app"],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  for (const { from, sources, isOnbuild } of stage.copies) {
    if (isOnbuild || from.kind !== "stage" || from.stage === stage) continue;
    for (const { kind, path, range } of sources) {
      if (kind !== "path" || path === undefined) continue;
      const missing = missingFrom(from.stage, path);
      if (missing === undefined) continue;
      const related = [{ range: from.stage.anchor, message: `\`${from.stage.label}\` begins here` }];
      const confidence = missing === "unmentioned" ? "medium" : "high";
      yield { kind: KINDS[missing], range, message: describe(missing, path, from.stage.label), related, confidence };
    }
  }
}

const KINDS = { empty: "empty", "not-produced": "not-produced", unmentioned: "never-mentioned" } as const;

function describe(missing: Missing, path: string, label: string): string {
  switch (missing) {
    case "empty":
      return `stage \`${label}\` is empty: it has no \`${path}\`; fill it, or copy from the stage that builds`;
    case "not-produced":
      return `nothing in stage \`${label}\` makes \`${path}\`; copy it there first, or correct the path`;
    case "unmentioned":
      return `no step of stage \`${label}\` names the folder of \`${path}\`; check the path`;
  }
}
