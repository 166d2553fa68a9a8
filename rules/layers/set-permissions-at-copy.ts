import { defineRule, type Finding, type Fix, type RuleContext } from "../../src/engine/rule.js";
import { frontendBefore } from "../../src/project/frontend.js";
import { addFlags, removeInstruction } from "../../src/project/instruction-edits.js";
import type { StageView } from "../../src/project/model.js";
import { type PermissionChange, permissionChanges } from "../../src/project/permission-changes.js";

export default defineRule({
  id: "layers/set-permissions-at-copy",
  summary: "Mode and owner are set while copying",
  levels: { recommended: "info", strict: "warning" },
  kinds: {
    chmod: { summary: "a mode that a RUN sets for what was just copied", aliases: ["tally:prefer-copy-chmod"] },
    chown: { summary: "an owner that a RUN sets for a whole folder", levels: { recommended: "warning" } },
    "chmod-recursive": { summary: "a mode that a RUN sets for a whole folder", levels: { recommended: "warning" } },
    redundant: { summary: "a mode that the copy has set already", levels: { strict: "info" } },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A layer holds whole files. To change the mode or the owner of a file is to store it a second time: `chown -R` over the " +
      "folder of the program doubles it in the image.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#copy---chown---chmod",
    "https://docs.docker.com/engine/storage/drivers/#copying-makes-containers-efficient",
  ],
  mentions: { dockerfile: ["chmod", "chown"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a mode for a script",
        kind: "chmod",
        message: "`--chmod=755`",
        files: { Dockerfile: ["FROM debian:12-slim", "COPY run.sh /usr/bin/", "RUN «chmod 0755 /usr/bin/run.sh»"] },
        fixed: { Dockerfile: ["FROM debian:12-slim", "COPY --chmod=755 run.sh /usr/bin/"] },
      },
      {
        name: "an execute bit, which needs a newer frontend to be said that way",
        kind: "chmod",
        files: {
          Dockerfile: [
            "# syntax=docker/dockerfile:1",
            "FROM debian:12-slim",
            "COPY run.sh /",
            "WORKDIR /srv",
            "RUN «chmod +x /run.sh»",
            "USER 1000",
          ],
        },
        fixed: {
          Dockerfile: [
            "# syntax=docker/dockerfile:1",
            "FROM debian:12-slim",
            "COPY --chmod=+x run.sh /",
            "WORKDIR /srv",
            "USER 1000",
          ],
        },
      },
      {
        name: "an execute bit with the frontend of the builder",
        kind: "chmod",
        files: { Dockerfile: ["FROM debian:12-slim", "COPY run.sh /", "RUN «chmod +x /run.sh»"] },
        fixed: { Dockerfile: ["FROM debian:12-slim", "COPY --chmod=755 run.sh /"] },
      },
      {
        name: "two files at once",
        kind: "chmod",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "WORKDIR /app",
            "COPY run.sh stop.sh ./",
            "RUN «chmod 755 run.sh stop.sh»",
          ],
        },
        fixed: {
          Dockerfile: ["FROM debian:12-slim", "WORKDIR /app", "COPY --chmod=755 run.sh stop.sh ./"],
        },
      },
      {
        name: "a mode over another one",
        kind: "chmod",
        files: { Dockerfile: ["FROM debian:12-slim", "COPY --chmod=644 run.sh /", "RUN «chmod 755 /run.sh»"] },
      },
      {
        name: "a comment belongs to the RUN, so nothing is removed",
        kind: "chmod",
        files: {
          Dockerfile: ["FROM debian:12-slim", "COPY run.sh /", "# for the cron job", "RUN «chmod 755 /run.sh»"],
        },
      },
      {
        name: "said twice",
        kind: "redundant",
        files: { Dockerfile: ["FROM debian:12-slim", "COPY --chmod=755 run.sh /", "RUN «chmod +x /run.sh»"] },
        fixed: { Dockerfile: ["FROM debian:12-slim", "COPY --chmod=755 run.sh /"] },
      },
      {
        name: "an owner for the whole program",
        kind: "chown",
        message: "`COPY --chown=node:node`",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY . .", "RUN «chown -R node:node /app»", "USER node"],
        },
        fixed: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY --chown=node:node . .", "USER node"],
        },
      },
      {
        name: "also for what an install brought",
        kind: "chown",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY package.json .",
            "RUN npm install",
            "COPY . .",
            "RUN «chown -R node /app» && rm -rf /tmp/*",
          ],
        },
      },
      {
        name: "what an earlier RUN unpacked",
        kind: "chown",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN tar -xf /tmp/api.tar -C /opt/api",
            "RUN «chown -R 1000:1000 /opt/api»",
          ],
        },
      },
      {
        name: "a mode for the whole program",
        kind: "chmod-recursive",
        files: { Dockerfile: ["FROM php:8.3-apache", "COPY src/ /var/www/html/", "RUN «chmod -R 755 /var/www/html»"] },
      },
      {
        name: "a parent stage copied it",
        kind: "chown",
        files: {
          Dockerfile: ["FROM node:22-slim AS base", "COPY . /app", "FROM base", "RUN «chown -R node /app»"],
        },
      },
    ],
    good: [
      { name: "at the copy", files: { Dockerfile: ["FROM debian:12-slim", "COPY --chmod=755 run.sh /"] } },
      {
        name: "one of two copied files",
        files: { Dockerfile: ["FROM debian:12-slim", "COPY run.sh api.conf /etc/", "RUN chmod +x /etc/run.sh"] },
      },
      {
        name: "the RUN does more",
        files: { Dockerfile: ["FROM debian:12-slim", "COPY run.sh /", "RUN chmod +x /run.sh && mkdir /data"] },
      },
      {
        name: "a wildcard",
        files: { Dockerfile: ["FROM debian:12-slim", "COPY bin/* /usr/bin/", "RUN chmod +x /usr/bin/*"] },
      },
      {
        name: "not the next RUN",
        files: { Dockerfile: ["FROM debian:12-slim", "COPY run.sh /", "RUN mkdir /data", "RUN chmod +x /run.sh"] },
      },
      {
        name: "a tree that the same RUN makes",
        files: {
          Dockerfile: ["FROM node:22-slim", "COPY . /src", "RUN mkdir /data && touch /data/db && chown -R node /data"],
        },
      },
      {
        name: "an empty folder",
        files: { Dockerfile: ["FROM node:22-slim", "RUN mkdir /data", "RUN chown -R node /data"] },
      },
      {
        name: "a folder that the base brings, and one small file",
        files: {
          Dockerfile: ["FROM nginx:1.27", "COPY nginx.conf /etc/nginx/", "RUN chown -R nginx /etc/nginx"],
        },
      },
      {
        name: "the copies have that owner already",
        files: {
          Dockerfile: ["FROM node:22-slim", "COPY --chown=node:node . /app", "RUN chown -R node /app"],
        },
      },
      {
        name: "a build-only stage",
        files: {
          Dockerfile: [
            "FROM node:22-slim AS build",
            "COPY . /app",
            "RUN chown -R node /app",
            "FROM node:22-slim",
            "COPY --from=build /app/dist /app",
          ],
        },
      },
      {
        name: "for whatever user the cluster chooses",
        files: {
          Dockerfile: ["FROM node:22-slim", "COPY . /app", "RUN chgrp -R 0 /app && chmod -R g=u /app"],
        },
      },
      {
        name: "the folder itself, with a little in it",
        files: {
          Dockerfile: ["FROM debian:12-slim", "WORKDIR /app", "COPY config/ /app/config/", "RUN chown -R 1000 /app"],
        },
      },
      {
        name: "a path nobody can know",
        files: { Dockerfile: ["FROM node:22-slim", "ARG DIR", "COPY . /app", "RUN chown -R node $DIR"] },
      },
      {
        name: "a frontend that has no such flag",
        files: {
          Dockerfile: [
            "# syntax=docker/dockerfile:1.1",
            "FROM debian:12-slim",
            "COPY run.sh /",
            "RUN chmod 755 /run.sh",
          ],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView, _ctx: RuleContext): Iterable<Finding> {
  if (stage.isWindows) return;
  for (const change of permissionChanges(stage)) {
    if (change.what !== "tree") {
      if (!frontendBefore(stage, 1, 2)) yield ofFiles(change);
    } else if (stage.isShipped) yield ofTree(change);
  }
}

function ofFiles(change: PermissionChange): Finding {
  const { fact, spec, what, copies } = change;
  const [copy] = copies;
  const related = copies.map(({ instruction }) => ({ range: instruction.keywordRange, message: "copied here" }));
  const { range } = fact.invocation;
  if (what === "repeated") {
    const message = `\`chmod ${spec}\` repeats the \`--chmod\` of the copy and stores the file again; remove it`;
    return { kind: "redundant", range, message, related, fix: replaceRun(change, undefined, "safe") };
  }
  const mode = modeFor(change);
  const message = `\`chmod ${spec}\` stores the file a second time; use \`--chmod=${mode.text}\` in the copy`;
  const fix =
    copy?.instruction.chmod === undefined ? replaceRun(change, `--chmod=${mode.text}`, mode.safety) : undefined;
  return { kind: "chmod", range, message, related, fix };
}

/** Symbolic modes need a frontend that knows them; 755 is what `+x` makes of most files, not of all. */
function modeFor({ spec, run }: PermissionChange): { readonly text: string; readonly safety: Fix["safety"] } {
  if (/^0?[0-7]{3}$/.test(spec)) return { text: spec.slice(-3), safety: "safe" };
  if (/^0?[1-7][0-7]{3}$/.test(spec)) return { text: spec.slice(-4), safety: "safe" };
  if (frontendBefore(run.stage, 1, 14) === false) return { text: spec, safety: "safe" };
  return /^[uagog]*\+r?x$/.test(spec) ? { text: "755", safety: "unsafe" } : { text: spec, safety: "unsafe" };
}

function ofTree(change: PermissionChange): Finding {
  const { fact, spec, copies, runs } = change;
  const { tool, invocation } = fact;
  const flag = `--${tool}=${spec.length > 40 ? "…" : spec}`;
  const advice = copies.length > 0 ? `use \`COPY ${flag}\`` : `run \`${tool}\` in the step that makes the files`;
  return {
    kind: tool === "chown" ? "chown" : "chmod-recursive",
    range: invocation.range,
    message: `\`${tool} -R\` stores every file a second time; ${advice}`,
    related: [...copies, ...runs].slice(0, 5).map(({ instruction }) => ({
      range: instruction.keywordRange,
      message: "brings files that are stored again",
    })),
    fix: tool === "chown" && runs.length === 0 ? replaceRun(change, `--chown=${spec}`, "unsafe") : undefined,
  };
}

/** Where the RUN does nothing else: puts the flag on each copy and takes the RUN out. */
function replaceRun(
  { run, copies, fact }: PermissionChange,
  flag: string | undefined,
  safety: Fix["safety"],
): Fix | undefined {
  const { stage, instruction } = run;
  if (run.commands.length !== 1 || stage.build.dockerfile.source.embedding !== undefined) return undefined;
  const { source, start, end } = fact.specRange;
  // A variable of the shell is none of the builder.
  if (/[$"'\\]/.test(source.text.slice(start, end)) || instruction.flags.length > 0) return undefined;
  if (fact.paths.length !== 1 && fact.recursive) return undefined;
  const isSimple = copies.every((copy) => copy.stage === stage && copy.chown === undefined);
  const removal = isSimple || flag === undefined ? removeInstruction(instruction) : undefined;
  if (removal === undefined) return undefined;
  const flags = flag === undefined ? [] : copies.map((copy) => addFlags(copy.instruction, flag));
  const description = flag === undefined ? "remove the RUN" : `use \`${flag}\` in the copy`;
  return { description, safety, edits: [...flags, removal] };
}
