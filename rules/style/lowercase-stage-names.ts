import type { Stage } from "../../src/dockerfile/model.js";
import { defineRule, type Fix } from "../../src/engine/rule.js";
import type { DockerfileView } from "../../src/project/model.js";
import { stageEdges } from "../../src/project/stage-edges.js";
import { quoted } from "../../src/text/quoted.js";
import { type Edit, textOf } from "../../src/text/source.js";

export default defineRule({
  id: "style/lowercase-stage-names",
  summary: "Stage names are lower case",
  levels: { recommended: "info", strict: "info", style: "warning" },
  roles: "all",
  fixable: "always",
  aliases: ["buildkit:StageNameCasing"],
  why: [
    "Stages are compared without case in `COPY --from` and `--target`, but names of images are lower case: " +
      "`FROM Builder` is read as an image, which cannot be. A name in lower case works everywhere.",
  ],
  references: [
    "https://docs.docker.com/reference/build-checks/stage-name-casing/",
    "https://docs.docker.com/build/building/multi-stage/#name-your-build-stages",
  ],
  mentions: { dockerfile: ["as"] },
  check: {
    *dockerfile(file) {
      for (const stage of file.dockerfile.stages) {
        const { name, nameRange } = stage;
        if (name === undefined || nameRange === undefined) continue;
        const written = textOf(nameRange);
        if (written === written.toLowerCase()) continue;
        const message = `stage name ${quoted(written)} is not lower case; write ${quoted(written.toLowerCase())}`;
        yield { range: nameRange, message, fix: rename(stage, file) };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "a capital letter",
        preset: "buildkit",
        files: { Dockerfile: ["FROM golang:1.22 AS «Builder»"] },
        fixed: { Dockerfile: ["FROM golang:1.22 AS builder"] },
      },
      {
        name: "with references",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS «BuilderBase»",
            "FROM golang:1.22 AS tools",
            "FROM alpine:3.22",
            "COPY --from=BuilderBase /app /app",
            "COPY --from=builderbase /bin/a /bin/a",
            "COPY --from=0 /bin/b /bin/b",
            "COPY --from=tools /bin/c /bin/c",
            "RUN --mount=type=bind,from=BuilderBase,target=/b true",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM golang:1.22 AS builderbase",
            "FROM golang:1.22 AS tools",
            "FROM alpine:3.22",
            "COPY --from=builderbase /app /app",
            "COPY --from=builderbase /bin/a /bin/a",
            "COPY --from=0 /bin/b /bin/b",
            "COPY --from=tools /bin/c /bin/c",
            "RUN --mount=type=bind,from=builderbase,target=/b true",
          ],
        },
      },
    ],
    good: [
      { name: "lower case", files: { Dockerfile: ["FROM golang:1.22 AS build-1", "FROM alpine:3.22"] } },
      {
        name: "a capital letter elsewhere",
        files: { Dockerfile: ["FROM golang:1.22-Bookworm", "RUN echo AS Builder"] },
      },
    ],
  },
});

/** Safe: names are compared without case. */
function rename({ index, name = "", nameRange }: Stage, { builds }: DockerfileView): Fix | undefined {
  if (nameRange === undefined) return undefined;
  const edits: Edit[] = [{ range: nameRange, text: name }];
  for (const stage of builds[0]?.stages ?? []) {
    for (const { to, written, range } of stageEdges(stage)) {
      if (to.index === index && written !== name && written.toLowerCase() === name && textOf(range) === written) {
        edits.push({ range, text: name });
      }
    }
  }
  return { description: `use ${quoted(name)}, and wherever the file names it`, safety: "safe", edits };
}
