import { defineRule } from "../../src/engine/rule.js";
import { writtenSteps } from "../../src/project/written-steps.js";
import { quoted } from "../../src/text/quoted.js";
import { closest } from "../../src/values/closest.js";
import { isSignal, signalNames } from "../../src/values/signal.js";

export default defineRule({
  id: "syntax/use-valid-stop-signal",
  summary: "STOPSIGNAL names a signal",
  levels: { recommended: "error", strict: "error" },
  roles: "all",
  fixable: "never",
  aliases: ["dockerfile-utils:INVALID_SIGNAL"],
  why: ["The builder looks the name up and stops at one that it does not know: there is no image."],
  references: [
    "https://docs.docker.com/reference/dockerfile/#stopsignal",
    "https://man7.org/linux/man-pages/man7/signal.7.html",
  ],
  mentions: { dockerfile: ["stopsignal"] },
  check: {
    *build(build) {
      for (const { instruction, stage, expand } of writtenSteps(build, "STOPSIGNAL")) {
        const { argument } = instruction;
        if (argument === undefined || stage?.isWindows === true) continue;
        const { kind, value } = expand(argument);
        if (kind !== "known" || isSignal(value)) continue;
        const near = closest(value.toUpperCase(), signalNames());
        const mend =
          near === undefined ? "write a name such as `SIGTERM` or a number from 1 to 64" : `did you mean \`${near}\``;
        yield { range: argument.range, message: `${quoted(value)} is no signal; ${mend}` };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "a misspelt name",
        message: "did you mean `SIGTERM`",
        files: { Dockerfile: ["FROM nginx:1.27", "STOPSIGNAL «SIGTREM»"] },
      },
      { name: "no name at all", files: { Dockerfile: ["FROM nginx:1.27", "STOPSIGNAL «gracefully»"] } },
      {
        name: "a number that no signal has",
        files: { Dockerfile: ["FROM nginx:1.27", "STOPSIGNAL «0»", "STOPSIGNAL «65»"] },
      },
      { name: "letters among digits", files: { Dockerfile: ["FROM nginx:1.27", "STOPSIGNAL «a1b2c3»"] } },
      { name: "a default", files: { Dockerfile: ["FROM nginx:1.27", "ARG STOP=SIGQUTI", "STOPSIGNAL «$STOP»"] } },
      { name: "a trigger", files: { Dockerfile: ["FROM nginx:1.27", "ONBUILD STOPSIGNAL «SIGTREM»"] } },
      { name: "a part of a file, without FROM", files: { Dockerfile: ["STOPSIGNAL «abcd»"] } },
    ],
    good: [
      {
        name: "names and numbers",
        files: {
          Dockerfile: [
            "FROM nginx:1.27",
            "STOPSIGNAL SIGTERM",
            "STOPSIGNAL quit",
            "STOPSIGNAL SIGRTMIN+3",
            "STOPSIGNAL RTMAX-2",
            "STOPSIGNAL 9",
          ],
        },
      },
      { name: "a value nobody can know", files: { Dockerfile: ["FROM nginx:1.27", "ARG STOP", "STOPSIGNAL ${STOP}"] } },
      { name: "no value, which is a parse error", files: { Dockerfile: ["FROM nginx:1.27", "STOPSIGNAL"] } },
      {
        name: "Windows, where it does nothing",
        files: { Dockerfile: ["FROM mcr.microsoft.com/windows/servercore:ltsc2022", "STOPSIGNAL SIGNONE"] },
      },
    ],
  },
});
