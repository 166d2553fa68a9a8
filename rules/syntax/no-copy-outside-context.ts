import { defineRule } from "../../src/engine/rule.js";
import { outsideSources } from "../../src/project/outside-sources.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "syntax/no-copy-outside-context",
  summary: "Sources lie inside the build context",
  levels: { recommended: "warning", strict: "warning" },
  roles: "all",
  fixable: "never",
  why: [
    "The builder has the files of the context and no others. It drops `..` at the start of a source without a word and looks " +
      "for the rest inside: the build stops, or takes another file of the same name.",
    "Paths of the computer that builds, such as `~/.ssh` or `/home/ada/app`, are looked for inside the context too.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#copy",
    "https://docs.docker.com/build/concepts/context/",
    "https://docs.docker.com/reference/compose-file/build/#additional_contexts",
  ],
  mentions: { dockerfile: ["..", "~", "$", ":", "/home/", "/users/"] },
  check: {
    *build(build) {
      for (const { kind, written, range } of outsideSources(build)) {
        const message =
          kind === "above"
            ? `${quoted(written)} is looked for inside of the context; widen the context, or add one by name`
            : `${quoted(written)} is a path of the host, looked for inside of the context; name a file of the context`;
        yield { range, message };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "above the context",
        message: "widen the context",
        files: { Dockerfile: ["FROM node:22", "COPY «../shared» /srv/shared", "ADD package.json «..» /srv/"] },
      },
      {
        name: "out of the context on a detour",
        files: { Dockerfile: ["FROM node:22", "COPY «./src/../../lib» /srv/lib", 'COPY [«"../a b"», "/srv/"]'] },
      },
      {
        name: "a default",
        files: { Dockerfile: ["FROM node:22", "ARG LIB=../lib", "COPY «$LIB» /srv/lib", "COPY «../$X/a» /srv/a"] },
      },
      {
        name: "paths of the host",
        message: "path of the host",
        files: {
          Dockerfile: [
            "FROM node:22",
            "COPY «~/.npmrc» /root/.npmrc",
            "COPY «$HOME/.npmrc» «${HOME}/.yarnrc» /root/",
            "COPY «/home/ada/app» /srv/app",
            "COPY «/Users/ada/app» /srv/app",
            "COPY «C:\\Users\\ada» /srv/ada",
          ],
        },
      },
      {
        name: "a trigger, and a part of a file without FROM",
        files: { Dockerfile: ["COPY «../lib» /srv/lib", "FROM node:22", "ONBUILD COPY «../lib» /srv/lib"] },
      },
      {
        name: "a bind mount",
        files: {
          Dockerfile: ["FROM node:22", "RUN --mount=type=bind,source=«../lib»,target=/lib,rw make -C /lib"],
        },
      },
    ],
    good: [
      {
        name: "inside",
        files: {
          Dockerfile: [
            "FROM node:22",
            "COPY lib /srv/lib",
            "COPY ./src/../lib /srv/lib",
            "COPY . ..",
            "COPY /src /srv",
          ],
        },
      },
      {
        name: "of another stage or context",
        files: {
          Dockerfile: [
            "FROM node:22 AS build",
            "FROM node:22",
            "COPY --from=build ../srv/app /srv/app",
            "COPY --from=build /home/node/app /srv/app",
            "RUN --mount=type=bind,from=build,source=../lib,target=/lib true",
          ],
        },
      },
      {
        name: "a folder of the context of that name",
        files: { Dockerfile: ["FROM node:22", "COPY /home/site /srv/site"], "home/site/index.html": "" },
      },
      {
        name: "what is fetched",
        files: { Dockerfile: ["FROM node:22", "ADD https://example.com/a/../b.tgz /tmp/"] },
      },
      {
        name: "values nobody can know, and a variable that is set",
        files: {
          Dockerfile: ["FROM node:22", "ARG DIR", "COPY $DIR/../lib /lib", "ENV HOME=srv", "COPY $HOME/a /srv/a"],
        },
      },
      {
        name: "a here-document",
        files: { Dockerfile: ["FROM node:22", "COPY <<EOF /srv/a", "../lib", "EOF"] },
      },
    ],
  },
});
