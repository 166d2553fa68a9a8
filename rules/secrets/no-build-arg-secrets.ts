import type { Service } from "../../src/compose/model.js";
import { SECRET_CONFIDENCES } from "../../src/data/secret-tokens.js";
import { defineRule, type Finding, type Fix, option, type Related, type RuleContext } from "../../src/engine/rule.js";
import { type ArgUse, usesOfArg } from "../../src/project/arg-uses.js";
import type { Build, StageView } from "../../src/project/model.js";
import { argsOfStage, type DeclaredArg, globalArgsOf, writtenText } from "../../src/project/secret-places.js";
import type { Range } from "../../src/text/source.js";
import { secretName } from "../../src/values/secret-name.js";
import { isAllowedSecret, SECRET_OPTIONS, secretPolicy } from "../../src/values/secret-options.js";
import { describeSecretValue, secretValue } from "../../src/values/secret-value.js";
import { judgeSecret } from "../../src/values/secret-verdict.js";

const options = {
  extraNames: option.strings(SECRET_OPTIONS.extraNames),
  allowNames: option.strings(SECRET_OPTIONS.allowNames),
  allowValues: option.strings(SECRET_OPTIONS.allowValues),
  allow: option.strings(SECRET_OPTIONS.allow),
  nameSet: option.choice({
    words: ["plimsoll", "buildkit", "hadolint", "trivy"],
    default: "plimsoll",
    description: "Whose idea of a secret name counts; that of another tool ignores default and use, as the tool does.",
  }),
  flat: option.boolean({
    default: false,
    description: "Gives every finding the level of its kind, however sure it is.",
  }),
};

type Context = RuleContext<typeof options>;

const REMEDY = "use `RUN --mount=type=secret`";

export default defineRule({
  id: "secrets/no-build-arg-secrets",
  summary: "Build arguments carry no secrets",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  kinds: {
    default: { summary: "the file itself holds the value" },
    used: {
      summary: "a value that is given reaches the history of the image",
      levels: { recommended: "warning", checklist: "warning", strict: "error" },
    },
    unused: {
      summary: "the argument has the name of a secret, and nothing uses it",
      levels: { recommended: "info", checklist: "info", strict: "warning" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  aliases: [
    "buildkit:SecretsUsedInArgOrEnv",
    "hadolint:DL3064",
    "trivy:DS-0031",
    "semgrep:secret-in-build-arg",
    "tally:ruby/secrets-in-arg-or-env",
    "tally:ruby/prefer-secret-mounts-for-build-credentials",
  ],
  why: [
    "The builder writes the values of build arguments into the history of the image, beside every RUN that could see " +
      "them, and into provenance attestations: `docker history` shows them to whoever can pull.",
    "A secret mount is there while one command runs, and leaves nothing.",
  ],
  references: ["https://docs.docker.com/build/building/secrets/", "CIS 4.10", "CWE-538"],
  securitySeverity: 7.5,
  options,
  presetOptions: {
    buildkit: { nameSet: "buildkit", flat: true },
    hadolint: { nameSet: "hadolint", flat: true },
  },
  yieldsTo: ["secrets/no-known-tokens"],
  check: { build: checkGlobalArgs, stage: checkStage, service: checkService },
  examples: {
    bad: [
      {
        name: "a default",
        kind: "default",
        message: "`DB_PASSWORD` has a default: a literal of 8 characters",
        files: { Dockerfile: ["FROM alpine:3.21", "ARG «DB_PASSWORD»=hunter22"] },
      },
      {
        name: "a default above FROM",
        kind: "default",
        files: { Dockerfile: ["ARG «REGISTRY_TOKEN»=kX93jf02lmQp", "FROM alpine:3.21"] },
      },
      {
        name: "the package manager reads it",
        kind: "used",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "ARG «NPM_TOKEN»", "COPY package*.json ./", "RUN npm ci"],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            "COPY package*.json ./",
            "RUN --mount=type=secret,id=npm_token,env=NPM_TOKEN npm ci",
          ],
        },
      },
      {
        name: "two commands name it",
        kind: "used",
        message: "the value of build argument `GITHUB_TOKEN` stays in the image history",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "ARG «GITHUB_TOKEN»=changeme",
            "RUN ./fetch.sh $GITHUB_TOKEN",
            "RUN ./fetch-again.sh $GITHUB_TOKEN",
          ],
        },
      },
      {
        name: "a child stage inherits it",
        kind: "used",
        files: {
          Dockerfile: ["FROM node:22.14.0 AS base", "ARG «NPM_TOKEN»", "FROM base", "RUN npm ci", "RUN npm run build"],
        },
      },
      {
        name: "a label takes it",
        kind: "used",
        files: { Dockerfile: ["FROM alpine:3.21", "ARG «API_TOKEN»", "LABEL com.acme.token=$API_TOKEN"] },
      },
      {
        name: "only build-only stages see it",
        kind: "used",
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS build",
            "ARG «NPM_TOKEN»",
            "RUN npm ci",
            "RUN npm run build",
            "FROM nginx:1.27.4",
            "COPY --from=build /app/dist /usr/share/nginx/html",
          ],
        },
      },
      {
        name: "nothing uses it",
        kind: "unused",
        files: { Dockerfile: ["FROM alpine:3.21", "RUN apk add curl", "ARG «API_TOKEN»"] },
      },
      {
        name: "Compose passes it on",
        kind: "used",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    build:",
            "      context: .",
            "      args:",
            "        «NPM_TOKEN»: ${NPM_TOKEN}",
            "        «API_TOKEN»:",
          ],
        },
      },
      {
        name: "Compose writes it",
        kind: "default",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    build:",
            "      context: .",
            "      args: ['«NPM_TOKEN»=kX93jf02lmQp']",
          ],
        },
      },
      {
        name: "every name on BuildKit's list",
        preset: "buildkit",
        files: { Dockerfile: ["FROM alpine:3.21", "ARG «AUTH_MODE_KEY»=/etc/key"] },
      },
      {
        name: "in a stage that nobody ships: a note",
        kind: "used",
        severity: "info",
        files: {
          Dockerfile: [
            "FROM node:22-slim AS docs",
            "ARG «DEPLOY_TOKEN»",
            'RUN curl -H "Authorization: Bearer ${DEPLOY_TOKEN}" https://docs.example.com',
            "FROM node:22-slim",
            "COPY server.js /",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22-slim AS docs",
            'RUN --mount=type=secret,id=deploy_token,env=DEPLOY_TOKEN curl -H "Authorization: Bearer ${DEPLOY_TOKEN}" https://docs.example.com',
            "FROM node:22-slim",
            "COPY server.js /",
          ],
        },
      },
    ],
    good: [
      {
        name: "a secret mount",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "RUN --mount=type=secret,id=npm_token,env=NPM_TOKEN npm ci"],
          "compose.yaml": ["services:", "  web:", "    build: {context: ., secrets: [npm_token]}"],
        },
      },
      {
        name: "names about secrets",
        files: {
          Dockerfile: [
            "ARG KEY_ID=7",
            "FROM alpine:3.21",
            "ARG GITHUB_TOKEN_FILE=/run/secrets/gh",
            "ARG TOKEN_URL=https://id.acme.example/token",
            "ARG NODE_VERSION=22",
            "ARG VITE_API_KEY",
            "RUN ./fetch.sh",
          ],
        },
      },
      {
        name: "a path and a switch",
        files: {
          Dockerfile: ["FROM alpine:3.21", "ARG API_TOKEN=/run/secrets/token", "ARG USE_SECRET=true", "RUN ./fetch.sh"],
        },
      },
      {
        name: "a Compose argument that is no secret",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    build: {context: ., args: {NODE_ENV: production, TOKEN_FILE: a}}",
          ],
        },
      },
      {
        name: "a path in Compose",
        files: {
          "compose.yaml": ["services:", "  web:", "    build: {context: ., args: {API_TOKEN: /run/secrets/token}}"],
        },
      },
      {
        name: "a name that the policy allows",
        options: { allowNames: ["NPM_TOKEN"] },
        files: { Dockerfile: ["FROM node:22.14.0-slim", "ARG NPM_TOKEN", "RUN npm ci"] },
      },
      {
        name: "a stage declares a global argument again, and is where it counts",
        options: { allow: ["Dockerfile"] },
        files: { Dockerfile: ["ARG NPM_TOKEN", "FROM node:22.14.0-slim", "ARG NPM_TOKEN", "RUN npm ci"] },
      },
    ],
  },
});

/** ARGs above FROM: what their stages do with them is said of the ARG that declares them there again. */
function* checkGlobalArgs(build: Build, ctx: Context): Iterable<Finding> {
  // BuildKit looks at the arguments of stages only.
  if (ctx.options.nameSet === "buildkit") return;
  for (const arg of globalArgsOf(build)) {
    if (isOtherToolsName(arg.name, ctx)) yield { kind: "used", ...placeOf(arg), message: namedLike(arg.name) };
    else yield* checkDefault(arg, ctx, {});
  }
}

function* checkStage(stage: StageView, ctx: Context): Iterable<Finding> {
  for (const arg of argsOfStage(stage)) {
    if (ctx.options.nameSet !== "plimsoll") {
      if (isOtherToolsName(arg.name, ctx)) yield { kind: "used", ...placeOf(arg), message: namedLike(arg.name) };
      continue;
    }
    let hasDefault = false;
    for (const finding of checkDefault(arg, ctx, stage.isShipped ? {} : { atMost: "warning" })) {
      hasDefault = true;
      yield finding;
    }
    if (!hasDefault && carriesSecret(arg.name, arg.value, ctx) && !isAllowed(arg.nameRange, "", ctx)) {
      yield checkUse(arg, stage);
    }
  }
}

/** A value that the file itself holds. */
function* checkDefault(arg: DeclaredArg, ctx: Context, cap: Pick<Finding, "atMost">): Iterable<Finding> {
  const { name, value, form, valueRange } = arg;
  if (value === undefined || form === "reference" || isAllowed(arg.nameRange, value, ctx)) return;
  const secret = judgeSecret(name, value, secretPolicy(ctx.options));
  if (secret === undefined) return;
  const { certainty, witness } = secret.verdict;
  const range = witness === "token" && valueRange !== undefined ? valueRange : arg.nameRange;
  yield {
    kind: "default",
    ...placeOf(arg),
    range,
    confidence: ctx.options.flat ? "high" : SECRET_CONFIDENCES[certainty],
    ...cap,
    message: `build argument \`${name}\` has a default: ${describeSecretValue(secret.value)}; ${REMEDY}`,
  };
}

/** A value that whoever builds is to give. */
function checkUse(arg: DeclaredArg, stage: StageView): Finding {
  const uses = [...usesOfArg(arg, stage)];
  const shown = uses.find(({ kind }) => kind !== "record") ?? uses[0];
  if (shown === undefined) {
    const message = `build argument \`${arg.name}\` is never used; remove it, a value given would stay in the provenance`;
    return { kind: "unused", ...placeOf(arg), message };
  }
  const ships = stage.isShipped || uses.some((use) => use.stage.isShipped);
  return {
    kind: "used",
    ...placeOf(arg),
    message: `the value of build argument \`${arg.name}\` stays in the image history; ${REMEDY}`,
    related: [{ range: shown.range, message: describeUse(shown) }],
    fix: mountInstead(arg, uses),
    ...(ships ? {} : { atMost: "info" }),
  };
}

function describeUse({ kind }: ArgUse): string {
  return kind === "record" ? "this RUN records the values of all arguments" : "its value is used here";
}

/** Unsafe: builds have to pass the secret, and the syntax needs a recent Dockerfile frontend. */
function mountInstead(arg: DeclaredArg, uses: readonly ArgUse[]): Fix | undefined {
  const [use, ...more] = uses;
  if (use?.run === undefined || more.length > 0 || arg.isOnbuild || arg.instruction.pairs.length > 1) return undefined;
  const { source, start, end } = arg.instruction.range;
  if (use.run.instruction.range.source !== source || arg.instruction.commentsAbove.length > 0) return undefined;
  const { keywordRange, mounts } = use.run.instruction;
  if (mounts.some(({ type }) => type === "secret")) return undefined;
  const next = source.lineStarts.find((lineStart) => lineStart >= end) ?? end;
  const id = arg.name.toLowerCase();
  const flag = ` --mount=type=secret,id=${id},env=${arg.name}`;
  return {
    description: `mount the secret \`${id}\` in the RUN instead`,
    safety: "unsafe",
    edits: [
      { range: source.range(start, next), text: "" },
      { range: source.range(keywordRange.end, keywordRange.end), text: flag },
    ],
  };
}

function* checkService(service: Service, ctx: Context): Iterable<Finding> {
  const { build } = service;
  if (build === undefined) return;
  for (const { key, keyRange, value } of build.args.entries) {
    if (ctx.options.nameSet !== "plimsoll") return;
    const { value: text, form } = writtenText(value?.node);
    if (isAllowed(keyRange, text, ctx)) continue;
    const masked = value === undefined ? [] : [value.node.range];
    const place = { range: keyRange, masked, subject: key };
    const secret = text === undefined ? undefined : judgeSecret(key, text, secretPolicy(ctx.options));
    if (secret !== undefined && value !== undefined) {
      const { certainty, witness } = secret.verdict;
      const isDefault = form === "default";
      yield {
        kind: "default",
        ...place,
        ...(witness === "token" ? { range: value.node.range } : {}),
        related: declarationsOf(service, key, ctx),
        confidence: ctx.options.flat
          ? "high"
          : certainty === "certain" && isDefault
            ? "medium"
            : SECRET_CONFIDENCES[certainty],
        message: `build argument \`${key}\` of \`${service.name}\` is ${describeSecretValue(secret.value)}; use \`build.secrets\``,
      };
    } else if (carriesSecret(key, text, ctx)) {
      yield {
        kind: "used",
        ...place,
        related: declarationsOf(service, key, ctx),
        message: `the value of build argument \`${key}\` stays in the image history; use \`build.secrets\``,
        ...(reachesShippedStage(service, key, ctx) ? {} : { atMost: "info" }),
      };
    }
  }
}

/** ARGs of that name in the Dockerfile of a service. */
function declarationsOf(service: Service, name: string, { project }: Context): readonly Related[] {
  const stages = project.buildOf(service)?.stages ?? [];
  return stages.flatMap((stage) =>
    [...argsOfStage(stage)]
      .filter((arg) => arg.name === name)
      .map(({ nameRange }) => ({ range: nameRange, message: "the Dockerfile declares it here" })),
  );
}

function reachesShippedStage(service: Service, name: string, { project }: Context): boolean {
  const build = project.buildOf(service);
  if (build === undefined) return true;
  return build.chain.some((stage) => [...argsOfStage(stage)].some((arg) => arg.name === name));
}

/** Whether the name is that of a secret, and what the file says of its value does not speak against it. */
function carriesSecret(name: string, value: string | undefined, { options: values }: Context): boolean {
  const { kind, isSentToBrowsers } = secretName(name, secretPolicy(values));
  // What a front-end build hands to every browser is no secret, whatever it is called.
  if ((kind !== "strong" && kind !== "exact") || isSentToBrowsers) return false;
  if (value === undefined) return true;
  const written = secretValue(value).kind;
  return written === "none" || written === "reference" || written === "placeholder";
}

function isOtherToolsName(name: string, { options: values }: Context): boolean {
  const { nameSet } = values;
  if (nameSet === "plimsoll") return false;
  return secretName(name, { ...secretPolicy(values), nameSet }).kind !== "none";
}

function namedLike(name: string): string {
  return `build argument \`${name}\` is named like a secret, and its value stays in the history; ${REMEDY}`;
}

function isAllowed({ source }: Range, value: string | undefined, { options: values }: Context): boolean {
  return isAllowedSecret(values, source.path, value);
}

function placeOf({ name, nameRange, valueRange }: DeclaredArg): Pick<Finding, "range" | "masked" | "subject"> {
  return { range: nameRange, masked: valueRange === undefined ? [] : [valueRange], subject: name };
}
