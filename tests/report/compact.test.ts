import { expect, test } from "vitest";
import { compact } from "../../src/report/compact.js";
import { CLEAN, CONTEXT, HOSTILE, MIXED } from "./sample.js";

test("without findings there is no output", () => {
  expect(compact(CLEAN, CONTEXT)).toBe("");
});

test("each finding is one line with place, severity, message and rule", () => {
  expect(compact(MIXED, CONTEXT).split("\n")).toEqual([
    "api/Dockerfile:1:6: warning: `node` means `node:latest`; name the version you tested [images/pin-tag#no-tag]",
    "api/Dockerfile:3:5: error: `TOKEN` is baked into the image; use `RUN --mount=type=secret` [secrets/no-env-secrets]",
    "api/Dockerfile:4:1: info: `MAINTAINER` is deprecated; use a label [syntax/no-maintainer]",
    "compose.yaml:2:3: info: no memory limit [runtime/limit-memory]",
    "compose.yaml:4:3: info: no memory limit [runtime/limit-memory]",
    "",
  ]);
});

test("control characters of scanned text are made visible", () => {
  expect(compact(HOSTILE, CONTEXT)).toBe(
    "a b%/Dockerfile:2:32: warning: `100% ]]> \\x1b[31m\\n::error::😀 [x](y)` is odd [shell/no-true]\n",
  );
});
