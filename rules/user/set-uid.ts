import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import type { Build, Project, StageView, UserState } from "../../src/project/model.js";
import { userOfService } from "../../src/project/service-view.js";
import type { Range } from "../../src/text/source.js";
import { GID_OPTION, UID_OPTION } from "../../src/values/user-options.js";

const options = {
  uid: option.custom(UID_OPTION),
  gid: option.custom(GID_OPTION),
  numeric: option.boolean({ default: true, description: "USER has to be a number." }),
  acceptBaseUser: option.boolean({
    default: true,
    description: "A user that the base image brings (`node`, `nonroot`) is fine, whatever its name and number.",
  }),
};

export default defineRule({
  id: "user/set-uid",
  summary: "The runtime user is numeric and has the agreed UID",
  levels: { recommended: "info", checklist: "warning", strict: "warning" },
  kinds: {
    name: { summary: "USER is a name", aliases: ["hadolint:DL3066"] },
    value: { summary: "The number of USER, or of the account that it names, is not the agreed one" },
    service: { summary: "`user` of a service is not the agreed number", levels: { checklist: "info", strict: "info" } },
    "uid-taken": {
      summary: "An account is created with a UID that another one has, so that the build fails",
      levels: { recommended: "error", checklist: "error", strict: "error" },
    },
  },
  roles: ["production"],
  fixable: "sometimes",
  why: [
    "A cluster that enforces non-root containers compares numbers: it cannot look a name up, and refuses to start the image.",
    "Files on shared volumes belong to numbers too. One agreed UID over all images keeps them readable and writable.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#user",
    "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
    "CIS 4.1",
  ],
  securitySeverity: 3,
  options,
  // That the image was made for another number says more than that the number is not the agreed one.
  yieldsTo: ["user/match-image-user#mismatch"],
  mentions: { dockerfile: ["user"], compose: ["user"] },
  check: { build: checkBuild, service: checkService },
  examples: {
    bad: [
      {
        name: "a name whose number is known",
        kind: "name",
        message: "`USER 1000`",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN useradd -m -u 1000 api", "USER «api»", "CMD /api"] },
        fixed: { Dockerfile: ["FROM debian:12-slim", "RUN useradd -m -u 1000 api", "USER 1000", "CMD /api"] },
      },
      {
        name: "a name with a group, which stays",
        kind: "name",
        files: { Dockerfile: ["FROM alpine:3.20", "RUN adduser -D -u 1000 api", "USER «api:api»"] },
        fixed: { Dockerfile: ["FROM alpine:3.20", "RUN adduser -D -u 1000 api", "USER 1000:api"] },
      },
      {
        name: "a name whose number the system chooses",
        kind: "name",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN useradd --system api", "USER «api»"] },
      },
      {
        name: "another number",
        kind: "value",
        message: "not the agreed UID 1000",
        files: { Dockerfile: ["FROM debian:12-slim", "USER «1001»", "CMD /api"] },
      },
      {
        name: "a name whose number is not the agreed one",
        kind: "value",
        message: "has the UID 1001",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN useradd -u 1001 api", "USER «api»"] },
      },
      {
        name: "an account with another number",
        kind: "value",
        options: { numeric: false },
        files: { Dockerfile: ["FROM debian:12-slim", "RUN useradd -u 1001 api", "USER «api»"] },
      },
      {
        name: "another group than the agreed one",
        kind: "value",
        policy: { user: { gid: 1000 } },
        files: { Dockerfile: ["FROM debian:12-slim", "USER «1000:1001»"] },
      },
      {
        name: "a user of the base, where the policy does not accept it",
        kind: "value",
        options: { acceptBaseUser: false, numeric: false },
        files: { Dockerfile: ["FROM gcr.io/distroless/static-debian12", "USER «nonroot»"] },
      },
      {
        name: "outside of a range",
        kind: "value",
        policy: { user: { uid: "10000-19999" } },
        files: { Dockerfile: ["FROM debian:12-slim", "USER «1000»"] },
      },
      {
        name: "a service with another number",
        kind: "service",
        files: {
          Dockerfile: ["FROM debian:12-slim", "USER 1000"],
          "compose.yaml": ["services:", "  api:", "    build: .", '    user: «"1001:1001"»'],
        },
      },
      {
        name: "a number that a user of the base has",
        kind: "uid-taken",
        message: "`ubuntu`",
        files: { Dockerfile: ["FROM ubuntu:24.04", "RUN useradd -m -u «1000» api", "USER 1000"] },
      },
      {
        name: "the same on Alpine",
        kind: "uid-taken",
        files: { Dockerfile: ["FROM node:22-alpine", "RUN adduser -D --uid «1000» api", "USER 1000"] },
      },
    ],
    good: [
      {
        name: "the agreed number",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN useradd -m -u 1000 api", "USER 1000"] },
      },
      {
        name: "a user that the base brings",
        files: { Dockerfile: ["FROM node:22-slim", "USER node"], "b.Dockerfile": ["FROM node:22-slim", "USER 1000"] },
      },
      {
        name: "the number that the base itself runs as",
        files: { Dockerfile: ["FROM nginxinc/nginx-unprivileged:1.27", "USER 101"] },
      },
      {
        name: "a name of a base that nobody here knows",
        files: { Dockerfile: ["FROM registry.example.com/platform/jre:21", "USER app"] },
      },
      { name: "an unknown value", files: { Dockerfile: ["FROM debian:12-slim", "ARG UID", "USER $UID"] } },
      { name: "root is another rule's", files: { Dockerfile: ["FROM debian:12-slim", "USER root"] } },
      { name: "no USER", files: { Dockerfile: ["FROM debian:12-slim"] } },
      { name: "Windows", files: { Dockerfile: ["FROM mcr.microsoft.com/windows/nanoserver:ltsc2022", "USER app"] } },
      {
        name: "a list of numbers",
        policy: { user: { uid: [1000, 1001] } },
        files: { Dockerfile: ["FROM debian:12-slim", "USER 1001"] },
      },
      {
        name: "any number",
        policy: { user: { uid: "any" } },
        files: { Dockerfile: ["FROM debian:12-slim", "USER 4711"] },
      },
      {
        name: "a name, where the policy does not mind",
        options: { numeric: false },
        files: { Dockerfile: ["FROM debian:12-slim", "RUN useradd -u 1000 api", "USER api"] },
      },
      {
        name: "the account of the base is removed or changed first",
        files: {
          Dockerfile: ["FROM ubuntu:24.04", "RUN userdel -r ubuntu && useradd -m -u 1000 api", "USER 1000"],
          "b.Dockerfile": ["FROM node:22", "RUN usermod -u 1500 node && useradd -u 1000 api", "USER 1000"],
        },
      },
      {
        name: "a number that may be shared, or a failure that is expected",
        files: {
          Dockerfile: ["FROM ubuntu:24.04", "RUN useradd -o -u 1000 api", "USER 1000"],
          "b.Dockerfile": ["FROM ubuntu:24.04", "RUN id 1000 || useradd -u 1000 api", "USER 1000"],
          "c.Dockerfile": ["FROM ubuntu:22.04", "RUN useradd -u 1000 api", "USER 1000"],
        },
      },
      {
        name: "values of services that hold the number, or nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'debian:12', user: '${UID:-1000}:${GID:-1000}'}",
            "  worker: {image: 'debian:12', user: '${UID}'}",
            "  db: {image: 'postgres:16.4', user: '999'}",
            "  other: {image: 'registry.example.com/metrics:2.1', user: '472'}",
            "  admin: {image: 'debian:12', user: '0'}",
          ],
        },
      },
    ],
  },
});

function* checkBuild(build: Build, ctx: RuleContext<typeof options>): Iterable<Finding> {
  const { target, chain } = build;
  if (target === undefined || target.isWindows) return;
  yield* checkClashes(target, chain);
  const { user } = target;
  const { origin, range, name, uid, text } = user;
  if (origin.kind !== "instruction" || range === undefined || text === undefined || user.isRoot === "yes") return;
  if (!chain.includes(origin.stage)) return;
  const { numeric, acceptBaseUser } = ctx.options;
  if (acceptBaseUser && isOfBase(target, user)) return;
  if (numeric && name !== undefined) yield nameFinding(user, { name, range });
  const wrong = wrongNumber(uid, user.group, ctx);
  if (wrong === undefined) return;
  const account = name === undefined ? undefined : target.accounts.user(name)?.idRange;
  yield {
    kind: "value",
    range,
    message: `\`USER ${text}\` ${name === undefined || wrong.what === "GID" ? "is" : `has the UID ${uid},`} not the agreed ${wrong.what} ${wrong.agreed}; use that, or set \`user\` in the policy`,
    related: account === undefined ? [] : [{ range: account, message: "the number is set here" }],
  };
}

/** Whether the base image brings the user; where accounts may come from elsewhere, a name that nobody created is its. */
function isOfBase({ accounts, facts }: StageView, { name, uid }: UserState): boolean {
  if (name !== undefined) {
    const account = accounts.user(name);
    return account === undefined ? !accounts.isComplete : account.stage === undefined;
  }
  if (uid === undefined) return true;
  if (facts?.defaultUser?.uid === uid || facts?.dropsTo?.uid === uid) return true;
  return accounts.accounts.some(({ kind, id, stage }) => kind === "user" && id === uid && stage === undefined);
}

function nameFinding(
  { uid, group, origin }: UserState,
  { name, range }: { readonly name: string; readonly range: Range },
): Finding {
  const isPlain = origin.kind === "instruction" && isLiteral(origin.step.instruction);
  const number = uid === undefined ? "its number" : `\`USER ${uid}\``;
  return {
    kind: "name",
    range,
    message: `\`${name}\` is a name, which a cluster cannot tell from root; write ${number}`,
    // Nobody should write a number that the policy refuses.
    yieldsTo: ["user/set-uid#value"],
    // Safe: the account of this chain has that number.
    fix:
      uid === undefined || !isPlain
        ? undefined
        : {
            description: `write \`${uid}\``,
            safety: "safe",
            edits: [{ range, text: group === undefined ? String(uid) : `${uid}:${group}` }],
          },
  };
}

function isLiteral(instruction: StageView["stage"]["instructions"][number]): boolean {
  return instruction.keyword === "USER" && instruction.argument?.hasVariables === false;
}

function wrongNumber(
  uid: number | undefined,
  group: string | undefined,
  { options: { uid: uids, gid: gids } }: RuleContext<typeof options>,
) {
  if (uid !== undefined && !uids.allows(uid)) return { what: "UID", agreed: uids.text };
  if (group !== undefined && NUMBER.test(group) && group !== "0" && !gids.allows(Number(group))) {
    return { what: "GID", agreed: gids.text };
  }
  return undefined;
}

const NUMBER = /^\d{1,10}$/;

function* checkClashes({ accounts }: StageView, chain: readonly StageView[]): Iterable<Finding> {
  for (const { account, taken } of accounts.clashes) {
    const { idRange, stage } = account;
    if (idRange === undefined || stage === undefined || !chain.includes(stage)) continue;
    const owner = taken.stage === undefined ? `\`${taken.name}\` of the base` : `\`${taken.name}\``;
    yield {
      kind: "uid-taken",
      range: idRange,
      message: `UID ${account.id} belongs to ${owner}, so this fails; use that account, or remove it first`,
      related: taken.range === undefined ? [] : [{ range: taken.range, message: `\`${taken.name}\` is created here` }],
    };
  }
}

function* checkService(service: Service, ctx: RuleContext<typeof options>): Iterable<Finding> {
  if (service.isWindows || service.hasProvider) return;
  const { written, uid, group, isRoot } = userOfService(service, ctx.project);
  if (written === undefined || isRoot !== "no") return;
  if (ctx.options.acceptBaseUser && isOfImage(service, uid, ctx.project)) return;
  const wrong = wrongNumber(uid, group, ctx);
  if (wrong === undefined) return;
  yield {
    kind: "service",
    range: written.range,
    message: `\`user: ${written.text}\` is not the agreed ${wrong.what} ${wrong.agreed}; use that, or set \`user\` in the policy`,
  };
}

/** Whether the image of a service brings the user; one that nobody knows may. */
function isOfImage(service: Service, uid: number | undefined, project: Project): boolean {
  const image = project.imageOf(service);
  if (uid === undefined || image.kind === "unknown") return true;
  if (image.kind === "stage") {
    const { accounts, facts } = image.stage;
    if (facts?.defaultUser?.uid === uid || facts?.dropsTo?.uid === uid) return true;
    return accounts.accounts.some(({ kind, id, stage }) => kind === "user" && id === uid && stage === undefined);
  }
  const { facts } = image;
  if (facts === undefined || facts.defaultUser?.uid === uid || facts.dropsTo?.uid === uid) return true;
  return facts.accounts.some((account) => account.uid === uid);
}
