import { type MissingConstruct, missingConstruct } from "../../src/data/shell-constructs.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import { writtenScripts } from "../../src/project/written-commands.js";
import type { Construct, Script, ShellKind } from "../../src/shell/model.js";
import { quoted } from "../../src/text/quoted.js";
import type { Edit, Range } from "../../src/text/source.js";

export default defineRule({
  id: "shell/no-bashisms",
  summary: "`sh` gets no bash syntax",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    construct: { summary: "syntax that the `sh` of the image does not have" },
    aborts: { summary: "an option that ends the script at once", levels: { recommended: "error", strict: "error" } },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "`/bin/sh` is dash on Debian and Ubuntu and BusyBox ash on Alpine. Neither is bash: some of its syntax ends the script there, and " +
      "the rest is taken for something else in silence. `[[ a ]]` is a program that is not found, so that an `if` takes the other branch; " +
      "`{a,b}` is one odd name; `cmd &> log` runs in the background.",
  ],
  references: [
    "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html",
    "https://wiki.debian.org/DashAsBinSh",
  ],
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a test of bash on Debian",
        kind: "construct",
        files: { Dockerfile: ["FROM debian:12.8", "RUN if «[[» -f x ]]; then make; fi"] },
        message: "`[[` is not known to `/bin/sh` of Debian (dash)",
      },
      {
        name: "spellings that have another one",
        kind: "construct",
        files: {
          Dockerfile: [
            "FROM python:3.13.1-slim",
            'RUN «source» venv/bin/activate && [ "$A" «==» "$B" ] && source env.sh',
          ],
        },
        fixed: {
          Dockerfile: ["FROM python:3.13.1-slim", 'RUN . venv/bin/activate && [ "$A" = "$B" ] && . ./env.sh'],
        },
      },
      {
        name: "taken for something else",
        kind: "construct",
        files: {
          Dockerfile: [
            "FROM ubuntu:24.04",
            "RUN mkdir -p /app/«{bin,etc}» && make «&> log»",
            "RUN echo «-e» 'a\\nb' > x && echo «$RANDOM»",
          ],
        },
      },
      {
        name: "expansions",
        kind: "construct",
        files: { Dockerfile: ["FROM debian:12.8", 'RUN echo "«${VERSION//./_}»" «${VERSION:0:2}» «<<< x»'] },
      },
      {
        name: "an option that dash does not have",
        kind: "aborts",
        files: {
          Dockerfile: ["FROM debian:12.8", "RUN set -o «pipefail» && curl -fsSL https://example.com/a.tgz | tar -xz"],
        },
        message: "dash stops at `set -o pipefail`",
      },
      {
        name: "what BusyBox lacks",
        kind: "construct",
        files: {
          Dockerfile: ["FROM alpine:3.22", "RUN files=«(a b)»; «declare» x=1; echo «${x^^}»", "CMD mkdir «{a,b}»"],
        },
      },
      {
        name: "a heredoc",
        kind: "construct",
        files: { Dockerfile: ["FROM debian:12.8", "RUN <<EOF", "«function» go { make; }", "go", "EOF"] },
      },
      {
        name: "after sh -c",
        kind: "construct",
        files: { Dockerfile: ["FROM debian:12.8", `CMD ["sh", "-c", "«[[» -f x ]] && exec node"]`] },
      },
      {
        name: "a base that nobody knows: what neither shell has",
        kind: "construct",
        files: { Dockerfile: ["FROM registry.example.com/base:1.2", "RUN files=«(a b)» && [[ -f x ]]"] },
      },
    ],
    good: [
      {
        name: "what every shell has",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            'RUN if [ -f x ] && [ "$A" = b ]; then . ./env && echo -n "${A#v}" > log 2>&1; fi',
          ],
        },
      },
      {
        name: "SHELL",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
            "RUN [[ -f x ]] && set -o pipefail",
          ],
        },
      },
      {
        name: "a shebang",
        files: { Dockerfile: ["FROM debian:12.8", "RUN <<EOF", "#!/usr/bin/env bash", "[[ -f x ]]", "EOF"] },
      },
      {
        name: "bash by name",
        files: { Dockerfile: ["FROM debian:12.8", "RUN bash -c 'source env.sh && [[ -f x ]] && set -o pipefail'"] },
      },
      {
        name: "strings",
        files: { Dockerfile: ["FROM debian:12.8", "RUN echo '[[ a ]] {a,b}' \"source\" && find . -exec ls {} +"] },
      },
      {
        name: "sh is bash here",
        files: { Dockerfile: ["FROM fedora:43", "RUN [[ -f x ]] && source env.sh && set -o pipefail"] },
      },
      {
        name: "BusyBox has a good deal of it",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            'RUN [[ -f x ]] && source env.sh && set -o pipefail && echo -e "${A//a/b}" ${A:0:1} $RANDOM &> log',
          ],
        },
      },
      {
        name: "asked for first",
        files: { Dockerfile: ["FROM debian:12.8", "RUN (set -o pipefail) 2>/dev/null && set -o pipefail; make"] },
      },
      {
        name: "a base that nobody knows",
        files: { Dockerfile: ["FROM registry.example.com/base:1.2", "RUN [[ -f x ]] && source env.sh"] },
      },
    ],
  },
});

/** What ShellCheck, where it runs, says of the same range; what ends the script (SC3040) stays an error here. */
const SAME_REMARKS = [
  3001, 3003, 3004, 3006, 3009, 3010, 3011, 3014, 3020, 3028, 3030, 3037, 3039, 3044, 3045, 3046, 3053, 3057, 3059,
  3060,
].map((code) => `shell/pass-shellcheck#SC${code}`);

function* checkStage(stage: StageView): Iterable<Finding> {
  for (const script of writtenScripts(stage)) {
    if (mayHoldConstructs(script)) yield* ofScript(script, stage);
  }
}

function mayHoldConstructs({ shell, skipped, nested }: Script): boolean {
  return skipped === undefined && (isPlain(shell) || nested.some((inner) => isPlain(inner.shell)));
}

function isPlain(shell: ShellKind): boolean {
  return shell === "sh-dash" || shell === "sh-busybox" || shell === "sh-unknown";
}

/** The first construct of each kind: one SHELL, or one other habit, ends all of them. */
function* ofScript(script: Script, stage: StageView): Iterable<Finding> {
  const seen = new Set<string>();
  for (const construct of script.constructs) {
    const { kind, range } = construct;
    const { shell } = construct.script;
    const missing = missingConstruct(kind);
    if (missing === undefined || seen.has(kind) || !lacks(shell, missing)) continue;
    if (kind === "set-pipefail" && isAskedFirst(script)) continue;
    if (kind === "associative-array" && seen.has("declare")) continue;
    seen.add(kind);
    const isAbort = kind === "set-pipefail";
    yield {
      kind: isAbort ? "aborts" : "construct",
      range,
      message: messageOf(missing, shownAs(construct, missing), shellName(shell, stage), isAbort),
      fix: fixOf(construct),
      yieldsTo: isAbort ? undefined : SAME_REMARKS,
      // Nobody knows whether it is bash after all; later releases of dash may have the option.
      confidence: shell === "sh-unknown" || (isAbort && !isOldDash(stage)) ? "low" : undefined,
    };
  }
}

function lacks(shell: ShellKind, { dash, busybox }: MissingConstruct): boolean {
  switch (shell) {
    case "sh-dash":
      return dash;
    case "sh-busybox":
      return busybox;
    default:
      return shell === "sh-unknown" && dash && busybox;
  }
}

/** `(set -o pipefail) && set -o pipefail`: tried in a process of its own. */
function isAskedFirst({ invocations }: Script): boolean {
  return invocations.some(
    ({ name, inSubshell, args, via }) =>
      name === "set" && inSubshell && via !== "nested" && args.some(({ value }) => value === "pipefail"),
  );
}

/** Releases whose dash is 0.5.12 or older. */
function isOldDash({ facts }: StageView): boolean {
  const { family, release } = facts?.os ?? {};
  const number = Number.parseFloat(release ?? "");
  return (family === "debian" && number <= 13) || (family === "ubuntu" && number < 26);
}

/** The construct as it is written, where that is all of it and short. */
function shownAs({ kind, range }: Construct, { name }: MissingConstruct): string {
  const isPart =
    kind === "set-pipefail" || kind === "echo-option" || kind === "read-array" || kind === "associative-array";
  return isPart ? `\`${name}\`` : quoted(range.source.slice(range));
}

function messageOf({ instead }: MissingConstruct, shown: string, shell: string, isAbort: boolean): string {
  const remedy = instead === undefined ? 'set `SHELL ["/bin/bash", "-c"]`' : `${instead}, or set SHELL to bash`;
  return isAbort ? `dash stops at ${shown}; ${remedy}` : `${shown} is not known to ${shell}; ${remedy}`;
}

function shellName(shell: ShellKind, { facts }: StageView): string {
  if (shell === "sh-busybox") return "BusyBox `sh`";
  if (shell === "sh-unknown") return "a plain `sh`";
  return facts?.os?.family === "ubuntu" ? "`/bin/sh` of Ubuntu (dash)" : "`/bin/sh` of Debian (dash)";
}

/** Safe: the same in every shell. */
function fixOf({ kind, range, script }: Construct): Fix | undefined {
  if (kind === "double-equals") return replace(range, "=", []);
  if (kind !== "source") return undefined;
  const file = script.invocations.find(({ nameRange }) => nameRange.start === range.start)?.args[0];
  if (file === undefined) return undefined;
  // `.` looks a name without a slash up on PATH only.
  if (file.text.includes("/")) return replace(range, ".", []);
  if (!/^[\w.-]+$/.test(file.text)) return undefined;
  const { source, start } = file.range;
  return replace(range, ".", [{ range: source.range(start, start), text: "./" }]);
}

function replace(range: Range, text: string, more: readonly Edit[]): Fix {
  return { description: `use \`${text}\``, safety: "safe", edits: [{ range, text }, ...more] };
}
