import {
  defineRule,
  type Finding,
  type Fix,
  option,
  type RuleContext,
  type ScriptRemark,
} from "../../src/engine/rule.js";
import { editableRange, type ShellText, shellTextsOf, shellTextsOfService } from "../../src/project/shell-texts.js";
import { overlaps, type Range, type Source, textOf } from "../../src/text/source.js";

const options = {
  exclude: option.strings({ default: [], description: "Codes that are not reported: `[SC2086, SC2046]`." }),
  include: option.strings({ default: [], description: "The only codes that are reported; all when empty." }),
};

// Codes about files and interpreters that a command in a Dockerfile does not have.
const NEVER: ReadonlySet<string> = new Set(["SC1090", "SC1091", "SC1128", "SC2148", "SC2187"]);

// What the shell of busybox has and dash, by whose rules it is checked, has not.
const IN_BUSYBOX: ReadonlySet<string> = new Set(
  "SC3001 SC3003 SC3010 SC3014 SC3018 SC3020 SC3028 SC3036 SC3037 SC3040 SC3045 SC3046 SC3051 SC3057 SC3060".split(" "),
);

export default defineRule({
  id: "shell/pass-shellcheck",
  summary: "ShellCheck finds nothing in the shell code",
  levels: { recommended: "info", strict: "warning" },
  roles: "all",
  fixable: "sometimes",
  aliases: ["shellcheck:SC*", "hadolint:SC*"],
  why: [
    "A word that splits, a variable that is empty, a command that fails unseen: most mistakes of shell scripts work on the " +
      "day they are written, and then remove the wrong folder in a build that nobody watches.",
    "ShellCheck knows hundreds of them. Where it is installed (version 0.7 or later on `PATH`), it checks every RUN, every " +
      "heredoc, and the shell commands of Compose files; each of its codes is a kind of this rule, at the severity that " +
      "ShellCheck gives it, within the level of the rule. Names set by ARG and ENV count as set. Without it this rule is silent.",
  ],
  references: ["https://www.shellcheck.net/wiki/"],
  options,
  check: {
    stage: (stage, ctx) => handIn(shellTextsOf(stage), ctx, stage.build.dockerfile.source),
    service: (service, ctx) => handIn(shellTextsOfService(service, ctx.project), ctx, undefined),
  },
  examples: {
    bad: [
      {
        name: "a folder below a variable that may be empty",
        message: "SC2115: ",
        files: { Dockerfile: ["FROM debian:12.10", 'RUN DIR=$(cat /dir) && rm -rf «"$DIR"/bin»'] },
      },
      {
        name: "a value that splits into words",
        message: "SC2086: ",
        files: { Dockerfile: ["FROM debian:12.10", "RUN VERSION=$(cat /version) && echo «$VERSION»"] },
        fixed: { Dockerfile: ["FROM debian:12.10", 'RUN VERSION=$(cat /version) && echo "$VERSION"'] },
      },
      {
        name: "behind continuations and comments",
        files: {
          Dockerfile: [
            "FROM debian:12.10",
            "RUN set -e; \\",
            "    # the version that was tested",
            "    VERSION=$(cat /version); \\",
            "    echo «$VERSION»",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12.10",
            "RUN set -e; \\",
            "    # the version that was tested",
            "    VERSION=$(cat /version); \\",
            '    echo "$VERSION"',
          ],
        },
      },
      {
        name: "a heredoc",
        files: {
          Dockerfile: ["FROM debian:12.10", "RUN <<EOF", "version=$(cat /version)", "echo «$version»", "EOF"],
        },
        fixed: {
          Dockerfile: ["FROM debian:12.10", "RUN <<EOF", "version=$(cat /version)", 'echo "$version"', "EOF"],
        },
      },
      {
        name: "inside of other quotes",
        files: {
          Dockerfile: [
            "FROM debian:12.10",
            "RUN su app -c 'V=$(cat /version); echo «$V»'",
            'CMD ["bash", "-c", "V=$(cat /version); echo «$V»"]',
          ],
        },
      },
      {
        name: "what others will build from this image",
        files: { Dockerfile: ["FROM debian:12.10", "ONBUILD RUN V=$(cat /version); echo «$V»"] },
        fixed: { Dockerfile: ["FROM debian:12.10", 'ONBUILD RUN V=$(cat /version); echo "$V"'] },
      },
      {
        name: "the command of a service",
        message: "SC2154: ",
        files: {
          "compose.yaml": [
            "services:",
            "  worker:",
            "    image: debian:12.10",
            "    command: [sh, -c, 'exec worker --queue \"«$$queue»\"']",
          ],
        },
      },
    ],
    good: [
      {
        name: "a folder that cannot be empty",
        files: { Dockerfile: ["FROM debian:12.10", 'RUN DIR=$(cat /dir) && rm -rf "${DIR:?}/bin"'] },
      },
      {
        name: "ARG and ENV set the names",
        files: {
          Dockerfile: ["FROM debian:12.10", "ARG version", "ENV target=/srv", "RUN echo $version >> $target/version"],
        },
      },
      {
        name: "a secret mount sets the name",
        files: {
          Dockerfile: [
            "FROM debian:12.10",
            'RUN --mount=type=secret,id=token,env=token curl -H "Authorization: $token" https://example.com',
          ],
        },
      },
      { name: "exec form", files: { Dockerfile: ["FROM debian:12.10", 'RUN ["echo", "$VERSION"]'] } },
      {
        name: "another shell",
        files: {
          Dockerfile: [
            "FROM mcr.microsoft.com/powershell:7.4-debian-12",
            'SHELL ["pwsh", "-Command"]',
            "RUN $x = 1; echo $x",
          ],
        },
      },
      {
        name: "an interpreter of its own",
        files: { Dockerfile: ["FROM python:3.13-slim", "RUN <<EOF", "#!/usr/bin/env python3", "print($x)", "EOF"] },
      },
      {
        name: "what the shell of Alpine has",
        files: { Dockerfile: ["FROM alpine:3.21", "RUN set -o pipefail && getent passwd | grep root"] },
      },
      {
        name: "a code that the policy leaves out",
        options: { exclude: ["SC2086"] },
        files: { Dockerfile: ["FROM debian:12.10", "RUN VERSION=$(cat /version) && echo $VERSION"] },
      },
    ],
  },
});

/** Hands in scripts; what is said of them comes later. */
function handIn(
  texts: readonly ShellText[],
  ctx: RuleContext<typeof options>,
  editable: Source | undefined,
): readonly Finding[] {
  for (const text of texts) ctx.scripts?.check(text, (remarks) => findingsOf(text, remarks, ctx.options, editable));
  return [];
}

function* findingsOf(
  text: ShellText,
  remarks: readonly ScriptRemark[],
  { exclude, include }: RuleContext<typeof options>["options"],
  editable: Source | undefined,
): Iterable<Finding> {
  for (const remark of remarks) {
    const { code, severity, message, start, end } = remark;
    const range = text.rangeAt(start, end);
    if (isOutOfPlace(code, text, range) || exclude.includes(code)) continue;
    if (include.length > 0 && !include.includes(code)) continue;
    yield {
      kind: code,
      range,
      message: `${code}: ${shortened(message)}`,
      atMost: severity,
      fix: editable === undefined ? undefined : fixOf(text, remark, editable),
      yieldsTo: code.startsWith("SC1")
        ? ["shell/no-parse-error", "syntax/use-valid-json-form"]
        : code === "SC2164"
          ? ["shell/use-workdir"]
          : undefined,
    };
  }
}

function isOutOfPlace(code: string, { kind, shell, nested }: ShellText, range: Range): boolean {
  // The blanks of a continuation are ours: they keep every offset where it was.
  if (code === "SC2291" && kind === "shell-form") return /[\r\n]/.test(textOf(range));
  // Another shell expands what stands in these quotes.
  if (code === "SC2016") return nested.some((inner) => overlaps(inner, range));
  return NEVER.has(code) || (shell === "sh-busybox" && IN_BUSYBOX.has(code));
}

/** ShellCheck's words in one line that is not too long, without the final period. */
function shortened(message: string): string {
  const line = message.replaceAll(/\s+/g, " ").trim();
  const cut = line.length <= LONGEST ? line : `${line.slice(0, line.lastIndexOf(" ", LONGEST - 1))} …`;
  return cut.endsWith(".") && !cut.endsWith("..") ? cut.slice(0, -1) : cut;
}

const LONGEST = 140;

/** ShellCheck's own replacements, where the text stands in the file as the shell reads it. Always unsafe: the command changes. */
function fixOf(text: ShellText, { code, edits }: ScriptRemark, source: Source): Fix | undefined {
  // Inside of other quotes, those of JSON too, a replacement would have to be written otherwise.
  const { kind } = text;
  if (edits.length === 0 || source.embedding !== undefined || (kind !== "shell-form" && kind !== "heredoc")) {
    return undefined;
  }
  const mapped: Fix["edits"][number][] = [];
  for (const edit of edits) {
    // A backslash or a line break means something else to the builder.
    const range = /[\\\r\n]/.test(edit.text) ? undefined : editableRange(text, edit.start, edit.end, source);
    if (range === undefined) return undefined;
    mapped.push({ range, text: edit.text });
  }
  return { description: `change what ${code} names`, safety: "unsafe", edits: mapped };
}
