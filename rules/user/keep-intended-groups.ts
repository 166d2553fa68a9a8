import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { membershipsOf } from "../../src/project/memberships.js";
import type { StageView } from "../../src/project/model.js";
import { isRoot, parseUserSpec } from "../../src/values/user-spec.js";

const options = {
  allowRootGroup: option.boolean({
    default: true,
    description: "Group 0 is fine where the image gives it the rights of the owner, as OpenShift wants.",
  }),
};

export default defineRule({
  id: "user/keep-intended-groups",
  summary: "Groups are what the account setup intended",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    "drops-supplementary": {
      summary: "`USER name:group` takes away the groups that the account was given",
      aliases: ["tally:user-explicit-group-drops-supplementary-groups"],
    },
    "root-group": {
      summary: "The primary group is root's",
      levels: { recommended: "off", strict: "info" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A group in USER replaces all groups that `/etc/group` gives to the account: the process may no longer open the device, " +
      "socket or folder that the group was meant for.",
    "Many files of a system belong to group 0 and may be written by it; a process needs that group only where the image was " +
      "laid out for arbitrary UIDs.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#user",
    "https://docs.openshift.com/container-platform/latest/openshift_images/create-images.html",
  ],
  options,
  mentions: { dockerfile: ["user"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a group for a device",
        kind: "drops-supplementary",
        message: "`video`",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN useradd -u 1000 -G video,audio api", "USER api«:api»"],
        },
        fixed: { Dockerfile: ["FROM debian:12-slim", "RUN useradd -u 1000 -G video,audio api", "USER api"] },
      },
      {
        name: "groups given later, in a parent stage",
        kind: "drops-supplementary",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS base",
            "RUN useradd api && usermod -aG dialout api",
            "FROM base",
            "USER api«:users»",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim AS base",
            "RUN useradd api && usermod -aG dialout api",
            "FROM base",
            "USER api",
          ],
        },
      },
      {
        name: "the tools of Alpine",
        kind: "drops-supplementary",
        files: { Dockerfile: ["FROM alpine:3.20", "RUN adduser -D api && addgroup api video", "USER api«:api»"] },
        fixed: { Dockerfile: ["FROM alpine:3.20", "RUN adduser -D api && addgroup api video", "USER api"] },
      },
      {
        name: "gpasswd, and a name from ARG",
        kind: "drops-supplementary",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "ARG NAME=api",
            "RUN useradd $NAME && gpasswd -a $NAME video",
            "USER «${NAME}:${NAME}»",
          ],
        },
      },
      {
        name: "root's group for a number",
        kind: "root-group",
        files: { Dockerfile: ["FROM debian:12-slim", "USER 1001«:0»"] },
        fixed: { Dockerfile: ["FROM debian:12-slim", "USER 1001:1001"] },
      },
      {
        name: "root's group for a new account",
        kind: "root-group",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN useradd -u 1001 --gid «root» api && useradd -g «0» worker",
            "USER 1001",
          ],
        },
      },
      {
        name: "root's group in an image for arbitrary UIDs, where the policy says no",
        kind: "root-group",
        options: { allowRootGroup: false },
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN mkdir /data && chmod -R g=u /data", "USER 1001«:root»"],
        },
        fixed: { Dockerfile: ["FROM debian:12-slim", "RUN mkdir /data && chmod -R g=u /data", "USER 1001:1001"] },
      },
    ],
    good: [
      {
        name: "no group, and the very group that was given",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS api",
            "RUN useradd -G video api",
            "USER api",
            "FROM debian:12-slim",
            "RUN useradd worker && usermod -aG spool worker",
            "USER worker:spool",
          ],
        },
      },
      {
        name: "a number has no groups of its own",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN useradd -u 1000 -G video api", "USER 1000:1000"] },
      },
      {
        name: "groups of another account, and root",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN useradd -G video api && usermod -aG audio root",
            "USER root:root",
            "RUN useradd worker",
            "USER worker:worker",
          ],
        },
      },
      {
        name: "a group that is given behind USER",
        files: {
          Dockerfile: ["FROM debian:12-slim", "USER www-data:www-data", "USER root", "RUN usermod -aG video www-data"],
        },
      },
      {
        name: "an image for arbitrary UIDs",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS api",
            "RUN useradd -u 1001 -g 0 api && mkdir /data && chgrp -R 0 /data && chmod -R g=u /data",
            "USER 1001:0",
            "FROM debian:12-slim",
            "RUN chown -R 1001:0 /srv && chmod -R g+rwX /srv",
            "USER 1001:root",
          ],
        },
      },
      {
        name: "unknown values, and no image",
        files: {
          Dockerfile: ["FROM debian:12-slim", "ARG NAME", "RUN useradd -G video api", "USER $NAME:api"],
        },
      },
    ],
  },
});

function* checkStage(
  stage: StageView,
  { options: { allowRootGroup } }: RuleContext<typeof options>,
): Iterable<Finding> {
  if (stage.isWindows) return;
  let isOpenToGroup: boolean | undefined;
  const permitsRootGroup = () => {
    isOpenToGroup ??= allowRootGroup && givesGroupRights(stage);
    return isOpenToGroup;
  };
  for (const step of stage.evaluated.steps) {
    const { instruction } = step;
    if (instruction.keyword !== "USER" || instruction.argument === undefined) continue;
    const value = step.expand(instruction.argument);
    const spec = value.kind === "known" ? parseUserSpec(value.value) : undefined;
    if (spec?.kind !== "user" || spec.group === undefined || isRoot(spec.user)) continue;
    const { user, group } = spec;
    const { hasVariables, range: whole } = instruction.argument;
    const range = hasVariables ? whole : instruction.argument.rangeOf(group.span.start - 1, group.span.end);
    const lost = user.id === undefined ? lostGroups(stage, step.index, user.text, group.text) : [];
    const [first] = lost;
    if (first !== undefined) {
      yield {
        kind: "drops-supplementary",
        range,
        message: `\`:${group.text}\` takes the group \`${first.group}\` away from \`${user.text}\`; write \`USER ${user.text}\``,
        related: [{ range: first.range, message: "the group is given here" }],
        // Unsafe: the process gets its primary group and all others.
        fix: hasVariables
          ? undefined
          : { description: "drop the group", safety: "unsafe", edits: [{ range, text: "" }] },
      };
      continue;
    }
    if (!isRoot(group) || permitsRootGroup()) continue;
    yield {
      kind: "root-group",
      range,
      message: `\`:${group.text}\` gives the process root's group; use a group of its own`,
      // Unsafe: files of group 0 can no longer be written.
      fix:
        hasVariables || user.id === undefined
          ? undefined
          : { description: `write \`:${user.id}\``, safety: "unsafe", edits: [{ range, text: `:${user.id}` }] },
    };
  }
  for (const { kind, group, range, user } of membershipsOf(stage)) {
    if (kind !== "primary" || (group !== "0" && group !== "root") || user === "root" || permitsRootGroup()) continue;
    yield { kind: "root-group", range, message: `\`${group}\` as primary group is root's; use a group of its own` };
  }
}

/** Groups that commands before a USER gave to its account, and that its own group replaces. */
function lostGroups(stage: StageView, index: number, user: string, group: string) {
  const own = stage.runs.filter(({ step }) => step.index < index);
  const given = [...stage.lineage.slice(1).flatMap(membershipsOf), ...membershipsOf({ runs: own })];
  const ofUser = given.filter((membership) => membership.user === user);
  const primary = ofUser.findLast(({ kind }) => kind === "primary")?.group;
  return ofUser.filter((each) => each.kind === "extra" && each.group !== group && each.group !== primary);
}

/** Whether some command of the chain gives group 0 files, or the group what the owner may do. */
function givesGroupRights({ lineage }: StageView): boolean {
  return lineage.some(({ runs, copies }) =>
    [
      ...runs.flatMap(({ facts }) => facts.ownership.map(({ tool, spec }) => isForRootGroup(tool, spec))),
      ...copies.map(({ chown }) => isForRootGroup("chown", chown?.text)),
    ].includes(true),
  );
}

function isForRootGroup(tool: "chown" | "chgrp" | "chmod" | "install", spec: string | undefined): boolean {
  if (spec === undefined) return false;
  if (tool === "chmod") return /(?:^|,)[ua]*g[ua]*[+=](?:u|[rX]*w)/.test(spec) || /^0?[0-7]?7[67]\d$/.test(spec);
  if (tool === "chgrp") return spec === "0" || spec === "root";
  const { 1: group } = spec.split(/[:.]/);
  return tool !== "install" && (group === "0" || group === "root") && !/^(?:0|root)[:.]/.test(spec);
}
