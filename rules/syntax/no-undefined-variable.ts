import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import type { Build, StageView } from "../../src/project/model.js";
import {
  definedNames,
  type SameInstructionUse,
  sameInstructionUses,
  type UndefinedVariable,
  undefinedVariables,
} from "../../src/project/undefined-variables.js";
import { quoted } from "../../src/text/quoted.js";
import { closest } from "../../src/values/closest.js";

const options = {
  known: option.strings({
    default: [],
    description: "Variables that base images set, beside those that are known of them: `APP_HOME`.",
  }),
};

export default defineRule({
  id: "syntax/no-undefined-variable",
  summary: "Variables that the builder expands are defined",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    "global-only": {
      summary: "an ARG that is declared above FROM only, or that the builder sets for stages that declare it",
      aliases: ["buildkit:UndefinedVar"],
    },
    typo: { summary: "a name that is nearly one that is defined", aliases: ["buildkit:UndefinedVar"] },
    undefined: { summary: "a name that nothing defines", aliases: ["buildkit:UndefinedVar"] },
    "same-instruction": {
      summary: "a variable that the same ENV sets, whose value comes too late",
      aliases: ["hadolint:DL3044"],
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "The builder puts nothing in the place of a variable that is not defined, and says so in a warning at most: labels stay " +
      "empty, paths lose a part, and a COPY goes to the root of the image.",
    "An ARG above the first FROM is for FROM only; a stage has to declare it again. All pairs of one ENV are expanded before " +
      "the first of them is set.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact",
    "https://docs.docker.com/reference/build-checks/undefined-var/",
    "https://docs.docker.com/reference/dockerfile/#environment-replacement",
  ],
  options,
  // The label is empty: that says more.
  yieldsTo: ["labels/use-valid-values#empty"],
  mentions: { dockerfile: ["$"] },
  check: { stage: checkStage, build: checkPairs },
  examples: {
    bad: [
      {
        name: "an argument for FROM only",
        kind: "global-only",
        preset: "buildkit",
        message: "add `ARG VERSION`",
        files: {
          Dockerfile: [
            "ARG VERSION=1.4",
            "FROM alpine:3.20",
            'LABEL org.opencontainers.image.version="«${VERSION}»"',
            "ENV RELEASE=«$VERSION»",
          ],
        },
        fixed: {
          Dockerfile: [
            "ARG VERSION=1.4",
            "FROM alpine:3.20",
            "ARG VERSION",
            'LABEL org.opencontainers.image.version="${VERSION}"',
            "ENV RELEASE=$VERSION",
          ],
        },
      },
      {
        name: "on a base that nobody knows",
        kind: "global-only",
        files: { Dockerfile: ["ARG VERSION=1.4", "FROM acme/base:2", "COPY ./api-«$VERSION».jar /srv/"] },
        fixed: { Dockerfile: ["ARG VERSION=1.4", "FROM acme/base:2", "ARG VERSION", "COPY ./api-$VERSION.jar /srv/"] },
      },
      {
        name: "an argument that was to be passed on",
        kind: "global-only",
        files: { Dockerfile: ["ARG VERSION=1.4", "FROM alpine:3.20", "ENV VERSION=«$VERSION»"] },
        fixed: { Dockerfile: ["ARG VERSION=1.4", "FROM alpine:3.20", "ARG VERSION", "ENV VERSION=$VERSION"] },
      },
      {
        name: "an argument of the builder",
        kind: "global-only",
        files: { Dockerfile: ["FROM alpine:3.20", "COPY ./bin/«$TARGETARCH»/api /usr/bin/"] },
        fixed: { Dockerfile: ["FROM alpine:3.20", "ARG TARGETARCH", "COPY ./bin/$TARGETARCH/api /usr/bin/"] },
      },
      {
        name: "misspelt names",
        kind: "typo",
        preset: "buildkit",
        message: "did you mean `PATH`",
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            "ENV PATH=«$PAHT»:/srv/bin",
            "ARG DIR_ASSETS=assets/",
            "COPY «$DIR_ASETS» /srv/",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM alpine:3.20",
            "ENV PATH=$PATH:/srv/bin",
            "ARG DIR_ASSETS=assets/",
            "COPY $DIR_ASSETS /srv/",
          ],
        },
      },
      {
        name: "a misspelt name on a base that nobody knows",
        kind: "typo",
        files: { Dockerfile: ["FROM acme/base:2", "ENV APP_HOME=/srv/app", "WORKDIR «$APP_HOEM»"] },
        fixed: { Dockerfile: ["FROM acme/base:2", "ENV APP_HOME=/srv/app", "WORKDIR $APP_HOME"] },
      },
      {
        name: "names that nothing defines",
        kind: "undefined",
        preset: "buildkit",
        files: {
          Dockerfile: [
            "FROM alpine:3.20 AS base",
            "COPY «$foo» .",
            "USER «$APP_UID»",
            "WORKDIR «${HOME}»/app",
            "EXPOSE «$PORT»",
            "RUN --mount=type=cache,target=«$CACHE_DIR» apk add curl",
            "FROM base",
            "VOLUME «$DATA»",
            "ARG TAG=«$RELEASE_TAG»",
          ],
        },
      },
      {
        name: "a dollar sign that was meant as one",
        kind: "undefined",
        files: { Dockerfile: ["FROM scratch", 'LABEL price="«$5» a month"'] },
      },
      {
        name: "the body of a here-document",
        kind: "undefined",
        files: { Dockerfile: ["FROM alpine:3.20", "COPY <<EOF /usr/bin/start", "exec api «$OPTIONS»", "EOF"] },
      },
      {
        name: "a variable before it is set",
        kind: "undefined",
        files: { Dockerfile: ["FROM alpine:3.20", "WORKDIR «$APP»", "ENV APP=/srv/app"] },
      },
      {
        name: "a variable that the same ENV sets",
        kind: "same-instruction",
        preset: "hadolint",
        message: "`APP`",
        files: { Dockerfile: ["FROM alpine:3.20", 'ENV APP=/srv BIN="«${APP}»/bin"'] },
        fixed: { Dockerfile: ["FROM alpine:3.20", "ENV APP=/srv", 'ENV BIN="${APP}/bin"'] },
      },
      {
        name: "over several lines, and the other way round",
        kind: "same-instruction",
        files: { Dockerfile: ["FROM acme/base:2", "ENV BIN=«$APP»/bin \\", "    APP=/srv \\", "    LIB=«$APP»/lib"] },
        fixed: { Dockerfile: ["FROM acme/base:2", "ENV BIN=$APP/bin \\", "    APP=/srv", "ENV LIB=$APP/lib"] },
      },
      {
        name: "a part of a file, without FROM",
        kind: "same-instruction",
        files: { Dockerfile: ['ENV APP=/srv BIN="«$APP»/bin"'] },
        fixed: { Dockerfile: ["ENV APP=/srv", 'ENV BIN="$APP/bin"'] },
      },
    ],
    good: [
      {
        name: "declared in the stage",
        files: {
          Dockerfile: [
            "ARG V=1",
            "FROM alpine:3.20",
            "ARG V",
            "ARG HOST=acme.example",
            "ENV VER=$V",
            "LABEL host=${HOST}",
          ],
        },
      },
      {
        name: "declared in a parent stage",
        files: {
          Dockerfile: [
            "FROM alpine:3.20 AS base",
            "ARG V=1",
            "ENV APP=/srv",
            "FROM base",
            "WORKDIR $APP",
            "LABEL v=$V",
          ],
        },
      },
      {
        name: "set by a base that nobody knows",
        files: { Dockerfile: ["FROM acme/base:2", "WORKDIR $APP_HOME", "COPY . ${APP_HOME}/src"] },
      },
      {
        name: "set by a base that is known",
        files: {
          Dockerfile: [
            "ARG NODE_VERSION=22",
            "FROM node:${NODE_VERSION}",
            "LABEL node=$NODE_VERSION",
            "FROM wordpress:6",
            "COPY site.conf $APACHE_CONFDIR/",
          ],
        },
      },
      {
        name: "named by the policy",
        options: { known: ["PORT"] },
        files: { Dockerfile: ["FROM alpine:3.20", "EXPOSE $PORT"] },
      },
      {
        name: "forms with a default",
        files: { Dockerfile: ["FROM alpine:3.20", "EXPOSE ${PORT:-8080}", "ENV MODE=${MODE-prod} TLS=${CERT:+on}"] },
      },
      {
        name: "what a shell expands",
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            "RUN echo $USER_NAME",
            "CMD api $OPTIONS",
            'ENTRYPOINT ["sh", "-c", "api $OPTIONS"]',
            "HEALTHCHECK CMD probe $PORT",
          ],
        },
      },
      {
        name: "escaped, or in a here-document that is not expanded",
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            "ENV PRICE=\\$x LABEL='$y'",
            "COPY <<'EOF' /usr/bin/start",
            "exec api $OPTIONS",
            "EOF",
          ],
        },
      },
      {
        name: "an extension of itself",
        files: { Dockerfile: ["FROM acme/base:2", "ENV PATH=$PATH:/srv/bin LIBS=${LIBS}:/srv/lib"] },
      },
      {
        name: "set before by another instruction",
        files: {
          Dockerfile: ["FROM alpine:3.20", "ARG APP=/srv", "ENV BIN=$APP/bin APP=/opt", "ENV BIN=/x LIB=$BIN/lib"],
        },
      },
      {
        name: "only a part of the name",
        files: { Dockerfile: ["FROM acme/base:2", 'ENV APP=/srv BIN="${MYAPP}/$APP_BIN"'] },
      },
      {
        name: "proxies, which need no declaration",
        files: { Dockerfile: ["FROM alpine:3.20", "ENV PROXY=$HTTP_PROXY"] },
      },
      {
        name: "names that differ in a number, on a base that nobody knows",
        files: { Dockerfile: ["FROM acme/base:2", "ENV DIR_1=/a", "WORKDIR $DIR_2"] },
      },
      {
        name: "pairs of one ARG, which see each other",
        files: { Dockerfile: ["FROM alpine:3.20", "ARG APP=/srv BIN=$APP/bin"] },
      },
      {
        name: "a trigger, whose variables another file may set",
        files: { Dockerfile: ["FROM alpine:3.20", "ONBUILD COPY $SOURCE /srv/"] },
      },
      {
        name: "Windows, where case does not count",
        files: { Dockerfile: ["FROM mcr.microsoft.com/windows/nanoserver:ltsc2022", "ENV App=C:/srv", "WORKDIR $APP"] },
      },
    ],
  },
});

function* checkStage(stage: StageView, { options: { known } }: RuleContext<typeof options>): Iterable<Finding> {
  let names: readonly string[] | undefined;
  const mended = new Set<string>();
  for (const variable of undefinedVariables(stage)) {
    const { name, state } = variable;
    if (known.includes(name) || isSetBeside(variable)) continue;
    if (state === "global" || state === "automatic") {
      yield globalOnly(variable, stage, mended.has(name));
      mended.add(name);
      continue;
    }
    names ??= definedNames(stage);
    const near = name.length < SHORTEST_TYPO ? undefined : closest(name, names);
    if (near !== undefined && (state === "unset" || isSurelyMeant(name, near))) yield typo(variable, near);
    else if (state === "unset") {
      const isName = /^[A-Za-z_]/.test(name);
      const mend = isName
        ? `declare it with ARG or ENV, or write \`\\$${name.slice(0, 40)}\``
        : "write `\\$` for a dollar sign";
      yield {
        kind: "undefined",
        range: variable.range,
        message: `nothing defines ${quoted(name)}, so it is empty here; ${mend}`,
      };
    }
  }
}

/**
 * Whether the same ENV sets it: another pair, which is a kind of its own, or this pair, which extends what a base may set. An
 * argument that was to be passed on is no extension.
 */
function isSetBeside({ instruction, name, range, state }: UndefinedVariable): boolean {
  if (instruction.keyword !== "ENV") return false;
  const isExtended = state === "unset" || state === "unknown";
  return instruction.pairs.some(({ key, range: pair }) => {
    if (key.raw !== name) return false;
    return isExtended || range.start < pair.start || range.start >= pair.end;
  });
}

/** Whether a name is so near another one that it was meant, though a base that nobody knows may set it. */
function isSurelyMeant(name: string, near: string): boolean {
  if (Math.min(name.length, near.length) < SHORTEST_SURE || letters(name) === letters(near)) return false;
  return !name.includes(near) && !near.includes(name);
}

const SHORTEST_SURE = 5;

/** Names of one or two letters are all near each other. */
const SHORTEST_TYPO = 3;

function letters(name: string): string {
  return name.replaceAll(/[0-9]/g, "");
}

function globalOnly(
  { name, range, state, isBaseKnown }: UndefinedVariable,
  stage: StageView,
  isMended: boolean,
): Finding {
  const problem =
    state === "global"
      ? `${quoted(name)} is declared above FROM only and is empty here`
      : `${quoted(name)} is set only for stages that declare it and is empty here`;
  return {
    kind: "global-only",
    range,
    message: `${problem}; add \`ARG ${name}\` to the stage`,
    confidence: isBaseKnown ? "high" : "medium",
    fix: isMended ? undefined : declareIn(stage, name),
  };
}

/** Unsafe: what was empty gets a value. No fix where lines of a Compose file would have to be indented. */
function declareIn({ stage, build }: StageView, name: string): Fix | undefined {
  const { headRange } = stage.from;
  const { source, end } = headRange;
  if (build.dockerfile.source.root !== build.dockerfile.source) return undefined;
  const edits = [{ range: source.range(end, end), text: `${lineBreakAt(source.text, end)}ARG ${name}` }];
  return { description: `add \`ARG ${name}\``, safety: "unsafe", edits };
}

function lineBreakAt(text: string, end: number): string {
  return text[end] === "\r" ? "\r\n" : "\n";
}

function typo({ name, range, nameRange, isBaseKnown }: UndefinedVariable, near: string): Finding {
  return {
    kind: "typo",
    range,
    message: `nothing defines ${quoted(name)}; did you mean ${quoted(near)}`,
    confidence: isBaseKnown ? "high" : "medium",
    // Unsafe: another value.
    fix:
      nameRange === undefined
        ? undefined
        : { description: `use ${quoted(near)}`, safety: "unsafe", edits: [{ range: nameRange, text: near }] },
  };
}

function* checkPairs(build: Build, { options: { known } }: RuleContext<typeof options>): Iterable<Finding> {
  for (const use of sameInstructionUses(build)) {
    if (known.includes(use.name)) continue;
    const message = `this ENV sets ${quoted(use.name)} too late for here; set it in an ENV of its own above`;
    yield { kind: "same-instruction", range: use.range, message, fix: splitEnv(use, build) };
  }
}

/** Unsafe: the variable gets the value that was set beside it. */
function splitEnv({ instruction, user, setter }: SameInstructionUse, build: Build): Fix | undefined {
  const before = instruction.pairs[user - 1];
  const pair = instruction.pairs[user];
  if (before === undefined || pair === undefined || setter > user || instruction.isTrigger) return undefined;
  const { source, end } = before.range;
  const gap = source.range(end, pair.range.start);
  if (build.dockerfile.source.root !== build.dockerfile.source || source.slice(gap).includes("#")) return undefined;
  const lineBreak = source.text.includes("\r\n") ? "\r\n" : "\n";
  return {
    description: "begin an ENV of its own",
    safety: "unsafe",
    edits: [{ range: gap, text: `${lineBreak}${instruction.written} ` }],
  };
}
