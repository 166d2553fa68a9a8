import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { baseName, isWithin } from "../../src/files/path.js";
import { blockedWrites } from "../../src/project/blocked-writes.js";
import type { CopyView, StageView, UserState } from "../../src/project/model.js";
import { type Account, isRoot, parseUserSpec } from "../../src/values/user-spec.js";

export default defineRule({
  id: "user/set-copy-owner",
  summary: "Copied files belong to whoever must write them, nobody else",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    "needs-write": { summary: "A later step of another user has to write what is root's" },
    mismatch: { summary: "`--chown` names neither root nor the user that the image runs as" },
    "after-user": {
      summary: "A copy after USER, which does not change the owner",
      levels: { recommended: "off", strict: "off" },
      aliases: ["tally:copy-after-user-without-chown"],
    },
    "code-writable": {
      summary: "The user that runs the program may rewrite it",
      levels: { recommended: "off", strict: "info" },
      aliases: ["kics:chown-flag-exists", "kics:aa93e17f-b6db-4162-9334-c70334e7ac28"],
    },
  },
  roles: ["production", "development"],
  fixable: "sometimes",
  why: [
    "COPY and ADD make root's files, whatever USER says: a step that runs as another user cannot install next to them, change " +
      "their mode or append to them.",
    "The reverse is a risk: a program that owns its own code can be made to rewrite it.",
  ],
  references: ["https://docs.docker.com/reference/dockerfile/#copy---chown---chmod", "CWE-732"],
  securitySeverity: 4,
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "an install where everything is root's",
        kind: "needs-write",
        preset: "strict",
        message: "`npm ci` runs as `node`",
        files: { Dockerfile: ["FROM node:22-slim", "USER node", "COPY package.json «./»", "RUN npm ci"] },
      },
      {
        name: "a folder that WORKDIR made for root",
        kind: "needs-write",
        preset: "strict",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "USER node",
            "COPY package.json «./»",
            "RUN npm install --omit=dev",
          ],
        },
      },
      {
        name: "the mode of a file of root",
        kind: "needs-write",
        preset: "strict",
        files: {
          Dockerfile: ["FROM node:22-slim", "USER node", "COPY start.sh «/srv/start.sh»", "RUN chmod +x /srv/start.sh"],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22-slim",
            "USER node",
            "COPY --chown=node:node start.sh /srv/start.sh",
            "RUN chmod +x /srv/start.sh",
          ],
        },
      },
      {
        name: "a line for a file of root",
        kind: "needs-write",
        preset: "strict",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "USER 1000",
            "COPY app.ini config.ini «/etc/api/»",
            "RUN echo 'debug=0' >> /etc/api/app.ini",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "USER 1000",
            "COPY --chown=1000 app.ini config.ini /etc/api/",
            "RUN echo 'debug=0' >> /etc/api/app.ini",
          ],
        },
      },
      {
        name: "the owner is not who runs it",
        kind: "mismatch",
        message: "`USER 1000`",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN useradd -u 1001 api",
            "COPY --chown=«api:api» . /srv/",
            "USER 1000",
            "CMD /srv/api",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN useradd -u 1001 api",
            "COPY --chown=1000:1000 . /srv/",
            "USER 1000",
            "CMD /srv/api",
          ],
        },
      },
      {
        name: "a copy after USER, for whoever asks",
        kind: "after-user",
        files: { Dockerfile: ["FROM node:22-slim", "USER node", "COPY server.js «/srv/»", "CMD node /srv/server.js"] },
        fixed: {
          Dockerfile: [
            "FROM node:22-slim",
            "USER node",
            "COPY --chown=node:node server.js /srv/",
            "CMD node /srv/server.js",
          ],
        },
      },
      {
        name: "a program that may rewrite itself",
        kind: "code-writable",
        preset: "strict",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY --chown=«node:node» . .", "USER node", "CMD node ."],
        },
      },
    ],
    good: [
      {
        name: "the copy belongs to who writes",
        preset: "strict",
        files: {
          Dockerfile: ["FROM node:22-slim", "USER node", "COPY --chown=node:node package.json ./", "RUN npm ci"],
        },
      },
      {
        name: "a folder that WORKDIR made for the user",
        preset: "strict",
        files: {
          Dockerfile: ["FROM node:22-slim", "USER node", "WORKDIR /app", "COPY package.json ./", "RUN npm ci"],
        },
      },
      {
        name: "a later chown of a parent",
        preset: "strict",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY package.json ./",
            "RUN chown -R node:node /app",
            "USER node",
            "RUN npm ci",
          ],
        },
      },
      {
        name: "a script that nobody can read may change owners",
        preset: "strict",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY . .",
            "RUN ./prepare.sh",
            "USER node",
            "RUN chmod +x start.sh && npm ci",
          ],
        },
      },
      {
        name: "root writes, and the user reads",
        preset: "strict",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY . .", "RUN npm ci && chmod +x start.sh", "USER node"],
        },
      },
      {
        name: "names and numbers of one account",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "USER node",
            "COPY --chown=1000:1000 data /srv/data/",
            "COPY --chown=root:root server.js /srv/",
          ],
        },
        preset: "strict",
      },
      {
        name: "group 0, which OpenShift gives to every process",
        preset: "strict",
        files: { Dockerfile: ["FROM debian:12-slim", "COPY --chown=1001:0 . /srv/", "USER 1000"] },
      },
      {
        name: "root starts, and gives its work to another user",
        preset: "strict",
        files: { Dockerfile: ["FROM php:8.3-apache", "COPY --chown=www-data:www-data . /var/www/html/"] },
      },
      {
        name: "a stage that only builds, and an unknown owner",
        preset: "strict",
        files: {
          Dockerfile: [
            "FROM node:22 AS build",
            "COPY --chown=www-data . /srv/",
            "FROM debian:12-slim",
            "ARG OWNER",
            "COPY --chown=$OWNER . /srv/",
            "USER 1000",
          ],
        },
      },
      {
        name: "data, and a folder that a step of the user writes",
        preset: "strict",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY --chown=node:node uploads ./uploads", "USER node"],
          "b.Dockerfile": [
            "FROM node:22-slim",
            "USER node",
            "WORKDIR /app",
            "COPY --chown=node:node . .",
            "RUN npm ci",
          ],
        },
      },
      {
        name: "Windows",
        files: {
          Dockerfile: ["FROM mcr.microsoft.com/windows/nanoserver:ltsc2022", "USER app", "COPY app.exe C:/app/"],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  if (stage.isWindows || !stage.isReached) return;
  yield* checkWrites(stage);
  for (const copy of stage.copies) {
    if (copy.isOnbuild) continue;
    if (copy.chown === undefined) yield* checkAfterUser(copy);
    else if (stage.isShipped) yield* checkOwner(copy, stage);
  }
}

function* checkWrites(stage: StageView): Iterable<Finding> {
  const seen = new Set<CopyView>();
  for (const { copy, run, range, what, needs, path } of blockedWrites(stage)) {
    const { destinationRange } = copy;
    const user = run.user.text;
    if (destinationRange === undefined || user === undefined || seen.has(copy)) continue;
    seen.add(copy);
    const owner = ownerText(run.user, stage);
    const remedy =
      needs === "file"
        ? `copy with \`--chown=${owner}\``
        : `give a folder to \`${user}\`, and copy with \`--chown=${owner}\``;
    yield {
      kind: "needs-write",
      range: destinationRange,
      message: `\`${what}\` runs as \`${user}\`, but \`${path}\` is root's; ${remedy}`,
      related: [{ range, message: "this step fails" }],
      // A folder of root stays root's, whoever owns what is copied into it.
      fix: needs === "file" ? addOwner(copy, owner) : undefined,
    };
  }
}

function* checkAfterUser(copy: CopyView): Iterable<Finding> {
  const { user, destinationRange } = copy;
  if (user.isRoot !== "no" || user.text === undefined || destinationRange === undefined) return;
  const owner = ownerText(user, copy.stage);
  yield {
    kind: "after-user",
    range: destinationRange,
    message: `this copy is root's, although \`USER ${user.text}\` stands above; copy with \`--chown=${owner}\``,
    fix: addOwner(copy, owner),
  };
}

/** `user:group` where a group of the user's name exists. */
function ownerText({ text = "", name }: UserState, { accounts }: StageView): string {
  if (text.includes(":") || name === undefined) return text;
  return accounts.group(name) === undefined ? text : `${text}:${name}`;
}

/** Unsafe: the files of the image get another owner. */
function addOwner({ instruction }: CopyView, owner: string): Fix {
  const { source, end } = instruction.keywordRange;
  const edits = [{ range: source.range(end, end), text: ` --chown=${owner}` }];
  return { description: `add \`--chown=${owner}\``, safety: "unsafe", edits };
}

function* checkOwner(copy: CopyView, stage: StageView): Iterable<Finding> {
  const { chown } = copy;
  const final = stage.build.target?.user;
  const spec = chown?.text === undefined ? undefined : parseUserSpec(chown.text);
  if (chown === undefined || final?.isRoot !== "no" || spec?.kind !== "user" || isRoot(spec.user)) return;
  if (spec.group !== undefined && isRoot(spec.group)) return;
  const isSame = isSameUser(spec.user, final, stage);
  if (isSame === undefined) return;
  if (isSame) {
    yield* checkCode(copy, stage);
    return;
  }
  const owner = final.text ?? "";
  const text = spec.group === undefined || owner.includes(":") ? owner : `${owner}:${owner}`;
  yield {
    kind: "mismatch",
    range: chown.range,
    message: `these files are \`${spec.user.text}\`'s, but the image runs as \`USER ${owner}\`; name that user here`,
    related: final.range === undefined ? [] : [{ range: final.range, message: "the user that the image runs as" }],
    // Unsafe: the files of the image get another owner.
    fix: { description: `write \`--chown=${text}\``, safety: "unsafe", edits: [{ range: chown.range, text }] },
  };
}

/** Whether `--chown` names the user of the image; undefined when a number that decides it is not known. */
function isSameUser(user: Account, final: UserState, { accounts }: StageView): boolean | undefined {
  if (user.id === undefined && user.text === final.name) return true;
  const uid = user.id ?? accounts.user(user.text)?.id;
  if (uid !== undefined && final.uid !== undefined) return uid === final.uid;
  // Two names of which one has no known number may still be two accounts.
  if (user.id === undefined && final.name !== undefined && accounts.isComplete) return false;
  return undefined;
}

const DATA = /^(?:data|db|reports?|logs?|tmp|cache|storage|uploads?|media|var|run)$/;

function* checkCode(copy: CopyView, stage: StageView): Iterable<Finding> {
  const { chown, destination, sources } = copy;
  if (chown === undefined || destination === undefined) return;
  const names = [destination, ...sources.map(({ path }) => path ?? "")].map((path) => baseName(path));
  if (names.some((name) => DATA.test(name))) return;
  const isWritten = stage.build.chain.some(({ runs }) =>
    runs.some(
      ({ user, workdir }) =>
        user.isRoot === "no" &&
        (workdir === undefined || isWithin(destination, workdir) || isWithin(workdir, destination)),
    ),
  );
  if (isWritten) return;
  yield {
    kind: "code-writable",
    range: chown.range,
    message: `the process may rewrite \`${destination}\`, which it only runs; leave it to root`,
  };
}
