import type { FromInstruction } from "../../src/dockerfile/model.js";
import { defineRule, type Fix } from "../../src/engine/rule.js";

export default defineRule({
  id: "images/no-redundant-platform",
  summary: "`--platform=$TARGETPLATFORM` is not written out",
  levels: { recommended: "info", strict: "info", style: "info" },
  roles: "all",
  fixable: "always",
  aliases: ["buildkit:RedundantTargetPlatform", "hadolint:DL3065"],
  why: [
    "FROM takes the image of the target platform by itself. Written out, the flag looks as if it chose something, and " +
      "hides the stages whose platform is really another one.",
  ],
  references: [
    "https://docs.docker.com/reference/build-checks/redundant-target-platform/",
    "https://docs.docker.com/reference/dockerfile/#from",
  ],
  mentions: { dockerfile: ["targetplatform"] },
  check: {
    *stage({ evaluated: { platform, platformFlag } }) {
      const written = platformFlag?.value?.raw;
      if (platformFlag === undefined || (written !== "$TARGETPLATFORM" && written !== "${TARGETPLATFORM}")) return;
      // An ARG of the file's own, above all stages, takes the place of the builder's.
      if (platform?.kind === "known") return;
      yield {
        range: platformFlag.range,
        message: `\`--platform=${written}\` is what FROM does anyway; drop the flag`,
        fix: withoutFlag(platformFlag),
      };
    },
  },
  examples: {
    bad: [
      {
        name: "the target platform",
        files: { Dockerfile: ["FROM «--platform=$TARGETPLATFORM» alpine:3.22 # base"] },
        fixed: { Dockerfile: ["FROM alpine:3.22 # base"] },
      },
      {
        name: "with braces and quotes, on a line of its own",
        files: { Dockerfile: ['FROM «--platform="${TARGETPLATFORM}"» \\', "  node:22.14.0 AS build"] },
        fixed: { Dockerfile: ["FROM \\", "  node:22.14.0 AS build"] },
      },
    ],
    good: [
      { name: "no platform", files: { Dockerfile: ["FROM alpine:3.22"] } },
      { name: "the platform that builds", files: { Dockerfile: ["FROM --platform=$BUILDPLATFORM golang:1.25"] } },
      {
        name: "a part of it, or a default for it",
        files: {
          Dockerfile: [
            "FROM --platform=${TARGETOS}/amd64 alpine:3.22",
            "FROM --platform=${TARGETPLATFORM:-linux/amd64} alpine:3.22",
          ],
        },
      },
      {
        name: "an ARG of the file's own in its place",
        files: { Dockerfile: ["ARG TARGETPLATFORM=linux/arm64", "FROM --platform=$TARGETPLATFORM alpine:3.22"] },
      },
    ],
  },
});

/** Safe: the builder takes this platform without the flag too. One blank goes with it. */
function withoutFlag({ range }: NonNullable<FromInstruction["platform"]>): Fix {
  const { source, start, end } = range;
  const next = source.text.charAt(end);
  const after = next === " " || next === "\t" ? end + 1 : end;
  return { description: "drop `--platform`", safety: "safe", edits: [{ range: source.range(start, after), text: "" }] };
}
