import type { Word } from "../../src/dockerfile/word.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import type { Build } from "../../src/project/model.js";
import { writtenSteps } from "../../src/project/written-steps.js";
import { quoted } from "../../src/text/quoted.js";
import type { Range } from "../../src/text/source.js";
import { parsePortProtocol } from "../../src/values/port.js";
import { canonicalSignal } from "../../src/values/signal.js";

export default defineRule({
  id: "style/use-canonical-values",
  summary: "Values use their canonical spelling",
  levels: { recommended: "info", strict: "info", style: "info" },
  kinds: {
    protocol: { summary: "a protocol of EXPOSE in upper case", aliases: ["buildkit:ExposeProtoCasing"] },
    signal: {
      summary: "a signal by number, without `SIG`, in lower case or in quotes",
      aliases: ["tally:prefer-canonical-stopsignal"],
    },
  },
  roles: "all",
  fixable: "always",
  why: [
    "`9` and `SIGKILL` are one signal, and only one of them can be read. Spellings that tools accept today, they need not " +
      "accept tomorrow: protocols in upper case are warned about, and numbers of signals differ between platforms.",
  ],
  references: [
    "https://docs.docker.com/reference/build-checks/expose-proto-casing/",
    "https://docs.docker.com/reference/dockerfile/#stopsignal",
    "https://man7.org/linux/man-pages/man7/signal.7.html",
  ],
  mentions: { dockerfile: ["/tcp", "/udp", "/sctp", "stopsignal"] },
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "protocols",
        kind: "protocol",
        preset: "buildkit",
        message: "`udp`",
        files: { Dockerfile: ["FROM alpine:3.22", "EXPOSE «53/UDP» 80 «8000-8010/Tcp»"] },
        fixed: { Dockerfile: ["FROM alpine:3.22", "EXPOSE 53/udp 80 8000-8010/tcp"] },
      },
      {
        name: "a protocol behind a variable, and in a trigger",
        kind: "protocol",
        files: { Dockerfile: ["FROM alpine:3.22", "ARG PORT", "EXPOSE «$PORT/SCTP»", "ONBUILD EXPOSE «80/TCP»"] },
        fixed: { Dockerfile: ["FROM alpine:3.22", "ARG PORT", "EXPOSE $PORT/sctp", "ONBUILD EXPOSE 80/tcp"] },
      },
      {
        name: "signals",
        kind: "signal",
        message: "`SIGKILL`",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "STOPSIGNAL «9»",
            "STOPSIGNAL «TERM»",
            "STOPSIGNAL «sigquit»",
            "STOPSIGNAL «RTMIN+3»",
            "STOPSIGNAL «37»",
            'STOPSIGNAL «"SIGINT"»',
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM alpine:3.22",
            "STOPSIGNAL SIGKILL",
            "STOPSIGNAL SIGTERM",
            "STOPSIGNAL SIGQUIT",
            "STOPSIGNAL SIGRTMIN+3",
            "STOPSIGNAL SIGRTMIN+3",
            "STOPSIGNAL SIGINT",
          ],
        },
      },
    ],
    good: [
      {
        name: "canonical",
        preset: "buildkit",
        files: { Dockerfile: ["FROM alpine:3.22", "EXPOSE 80 443/tcp 53/udp", "STOPSIGNAL SIGRTMIN+3"] },
      },
      {
        name: "values nobody can know",
        files: {
          Dockerfile: ["FROM alpine:3.22", "ARG PROTO", "EXPOSE 80/$PROTO", "STOPSIGNAL $STOP", "EXPOSE $PORT"],
        },
      },
      {
        name: "what is no protocol and no signal, which have rules of their own",
        files: { Dockerfile: ["FROM alpine:3.22", "EXPOSE 80/HTTP", "STOPSIGNAL gracefully", "STOPSIGNAL"] },
      },
      {
        name: "Windows, where signals do nothing",
        files: { Dockerfile: ["FROM mcr.microsoft.com/windows/nanoserver:ltsc2022", "STOPSIGNAL 15"] },
      },
    ],
  },
});

function* checkBuild(build: Build): Iterable<Finding> {
  for (const { instruction } of writtenSteps(build, "EXPOSE")) {
    for (const word of instruction.ports) yield* checkProtocol(word);
  }
  for (const { instruction, stage } of writtenSteps(build, "STOPSIGNAL")) {
    const { argument } = instruction;
    if (argument?.literal === undefined || stage?.isWindows === true) continue;
    const { raw, literal, range } = argument;
    const name = canonicalSignal(literal);
    if (name !== undefined && name !== raw) yield finding("signal", range, raw, name);
  }
}

function* checkProtocol({ raw, range }: Word): Iterable<Finding> {
  const slash = raw.lastIndexOf("/");
  if (slash < 0) return;
  const protocol = raw.slice(slash + 1);
  const canonical = parsePortProtocol(protocol);
  if (protocol === "" || canonical === undefined || canonical === protocol) return;
  yield finding("protocol", range, raw, raw.slice(0, slash + 1) + canonical);
}

/** Safe: both mean the same. */
function finding(kind: "protocol" | "signal", range: Range, written: string, text: string): Finding {
  return {
    kind,
    range,
    message:
      kind === "protocol"
        ? `${quoted(written)} has its protocol in upper case; write \`${text.slice(text.lastIndexOf("/") + 1)}\``
        : `${quoted(written)} is \`${text}\`; write the whole name`,
    fix: { description: `use ${quoted(text)}`, safety: "safe", edits: [{ range, text }] },
  };
}
