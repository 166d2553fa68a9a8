import type { Word } from "../../src/dockerfile/word.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import { type WrittenStep, writtenSteps } from "../../src/project/written-steps.js";
import { quoted } from "../../src/text/quoted.js";
import { words } from "../../src/text/words.js";
import { type ExposedPort, parseExposedPort } from "../../src/values/port.js";

export default defineRule({
  id: "syntax/use-valid-ports",
  summary: "EXPOSE lists container ports",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    range: {
      summary: "no number, a number above 65535, or a range that goes down",
      aliases: [
        "hadolint:DL3011",
        "trivy:DS-0008",
        "kics:unix-ports-out-of-range",
        "kics:71bf8cf8-f0a1-42fa-b9d2-d10525e0a38e",
        "semgrep:invalid-port",
        "dockerfile-utils:INVALID_PORT",
      ],
    },
    protocol: {
      summary: "a protocol other than tcp, udp and sctp",
      aliases: ["dockerfile-utils:INVALID_PROTO"],
    },
    mapping: {
      summary: "a port or address of the host",
      levels: { recommended: "warning", strict: "warning" },
      aliases: ["buildkit:ExposeInvalidFormat"],
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A port that cannot be stops the build. A host port or address in EXPOSE builds and does nothing: publishing is decided " +
      "by whoever runs the image, and the builder has announced that it will refuse such lines.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#expose",
    "https://docs.docker.com/reference/build-checks/expose-invalid-format/",
  ],
  mentions: { dockerfile: ["expose"] },
  check: {
    *build(build) {
      for (const step of writtenSteps(build, "EXPOSE")) {
        for (const word of step.instruction.ports) {
          if (word.raw.startsWith("#")) break;
          yield* checkWord(word, step);
        }
      }
    },
  },
  examples: {
    bad: [
      { name: "too high a number", kind: "range", files: { Dockerfile: ["FROM node:22", "EXPOSE «80000»"] } },
      { name: "one of several", kind: "range", files: { Dockerfile: ["FROM node:22", "EXPOSE 80 «65536» 443"] } },
      { name: "with a protocol", kind: "range", files: { Dockerfile: ["FROM node:22", "EXPOSE «80000/udp»"] } },
      {
        name: "a range that ends too high",
        kind: "range",
        files: { Dockerfile: ["FROM node:22", "EXPOSE «40000-80000/tcp»"] },
      },
      { name: "a range that goes down", kind: "range", files: { Dockerfile: ["FROM node:22", "EXPOSE «9000-8000»"] } },
      {
        name: "no numbers",
        kind: "range",
        files: { Dockerfile: ["FROM node:22", "EXPOSE «http» «8080,» «-1» «8000-» «a»"] },
      },
      {
        name: "a default",
        kind: "range",
        files: { Dockerfile: ["FROM node:22", "ARG PORT=70000", "EXPOSE «${PORT}»"] },
      },
      { name: "quoted", kind: "range", files: { Dockerfile: ["FROM node:22", 'EXPOSE «"80000"»'] } },
      { name: "a trigger", kind: "range", files: { Dockerfile: ["FROM node:22", "ONBUILD EXPOSE «80000»"] } },
      { name: "a part of a file, without FROM", kind: "range", files: { Dockerfile: ["EXPOSE «80000»"] } },
      {
        name: "another protocol",
        kind: "protocol",
        files: { Dockerfile: ["FROM node:22", "EXPOSE «8080/http» «53/upd» «8000-8010/icmp»"] },
      },
      {
        name: "a port of the host",
        kind: "mapping",
        message: "write `80`",
        files: { Dockerfile: ["FROM node:22", "EXPOSE «8080:80» 443"] },
        fixed: { Dockerfile: ["FROM node:22", "EXPOSE 80 443"] },
      },
      {
        name: "an address of the host",
        kind: "mapping",
        files: { Dockerfile: ["FROM node:22", "EXPOSE «127.0.0.1:80:80/tcp» «5000-5010:6000-6010»"] },
        fixed: { Dockerfile: ["FROM node:22", "EXPOSE 80/tcp 6000-6010"] },
      },
      {
        name: "a port of the host that a variable brings",
        kind: "mapping",
        files: { Dockerfile: ["FROM node:22", "ARG PORT=8080", "EXPOSE «$PORT:80»"] },
      },
    ],
    good: [
      {
        name: "ports, ranges and protocols",
        files: { Dockerfile: ["FROM node:22", "EXPOSE 80 443/TCP 53/udp 9999/sctp 8000-8010 60000-65535/udp 0"] },
      },
      { name: "quoted numbers", files: { Dockerfile: ["FROM node:22", "EXPOSE \"8080\" '9090/tcp'"] } },
      {
        name: "values nobody can know",
        files: { Dockerfile: ["FROM node:22", "ARG PORT", "EXPOSE ${PORT} $PORT/udp 80$PORT"] },
      },
      {
        name: "several ports in one variable",
        files: { Dockerfile: ["FROM node:22", 'ENV PORTS="80 443"', "EXPOSE $PORTS"] },
      },
      {
        name: "a comment, which has a rule of its own",
        files: { Dockerfile: ["FROM node:22", "EXPOSE 80 # the site"] },
      },
      { name: "no port, which is a parse error", files: { Dockerfile: ["FROM node:22", "EXPOSE"] } },
    ],
  },
});

function* checkWord(word: Word, step: WrittenStep): Iterable<Finding> {
  const { kind, value, uses } = step.expand(word);
  if (kind !== "known") return;
  // The builder splits what a variable brings.
  for (const token of words(value)) {
    const port = parseExposedPort(token);
    if (port.kind === "port") continue;
    if (port.kind === "malformed") {
      yield {
        kind: port.problem === "protocol" ? "protocol" : "range",
        range: word.range,
        message: problemOf(port, token),
      };
      return;
    }
    const { container } = port;
    const fix =
      uses.length > 0
        ? undefined
        : ({
            description: `use \`${container}\``,
            safety: "safe",
            edits: [{ range: word.range, text: container }],
          } as const);
    const message = `${quoted(token)} publishes nothing: that is decided when the image runs; write \`${container}\``;
    yield { kind: "mapping", range: word.range, message, fix };
    return;
  }
}

function problemOf({ problem }: Extract<ExposedPort, { kind: "malformed" }>, token: string): string {
  switch (problem) {
    case "protocol":
      return `${quoted(token)} names an unknown protocol; use \`tcp\`, \`udp\` or \`sctp\``;
    case "out-of-range":
      return `${quoted(token)} is above 65535, the highest port; correct the number`;
    case "reversed":
      return `${quoted(token)} goes down; write the lower port first`;
    default:
      return `${quoted(token)} is no port; write a number from 0 to 65535`;
  }
}
