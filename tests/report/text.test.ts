import { expect, test } from "vitest";
import { text } from "../../src/report/text.js";
import { CLEAN, CONTEXT, HOSTILE, MIXED } from "./sample.js";

const HELD = [
  "Checklist",
  "  stages   what builds is not what ships     held",
  "  user     non-root, the agreed UID          held",
  "  images   pinned bases                      held",
  "  health   a health check                    held",
  "  secrets  no secrets in the environment     held",
  "  layers   layers in order of change         held",
  "  labels   OCI labels                        held",
  "  context  .dockerignore covers the context  held",
  "",
];

test("without findings the checklist and one line remain", () => {
  expect(text(CLEAN, CONTEXT).split("\n")).toEqual([...HELD, "No findings in 1 file", ""]);
});

test("findings are grouped by file, with carets, related places and fixes; an absence names all services at once", () => {
  expect(text(MIXED, CONTEXT).split("\n")).toEqual([
    "api/Dockerfile",
    "  1:6 warning `node` means `node:latest`; name the version you tested images/pin-tag#no-tag",
    "    1 | FROM node",
    "      |      ^^^^",
    "      = compose.yaml:3:12: built by `api`",
    "  3:5 error `TOKEN` is baked into the image; use `RUN --mount=type=secret` secrets/no-env-secrets",
    '    3 | ENV TOKEN="********"',
    "      |     ^^^^^",
    "  4:1 info `MAINTAINER` is deprecated; use a label syntax/no-maintainer",
    "    4 | MAINTAINER me",
    "      | ^^^^^^^^^^^^^",
    "      = fix: use `LABEL` (--fix)",
    "",
    "compose.yaml",
    "  2:3 info no memory limit runtime/limit-memory",
    "    2 |   api:",
    "      |   ^^^",
    "      = the same for `db` (4:3)",
    "",
    ...HELD.map((line) =>
      /^ {2}(?:images|secrets) /.test(line) ? line.replace(/held$/, "broken in api (compose.yaml)") : line,
    ),
    "5 findings (1 error, 1 warning, 3 info) in 2 files; 1 fixable with --fix",
    "",
  ]);
});

test("hostile text is made visible, and the carets stand below the right characters", () => {
  expect(text(HOSTILE, CONTEXT).split("\n").slice(0, 5)).toEqual([
    "a b%/Dockerfile",
    "  2:32 warning `100% ]]> \\x1b[31m\\n::error::😀 [x](y)` is odd shell/no-true",
    "    2 | RUN echo '\\x1b[31m]]> 😀 漢字 é' && true",
    "      |                                     ^^^^",
    "",
  ]);
});
