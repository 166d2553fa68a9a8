import type { Grant, Mount, Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix, type RuleContext } from "../../src/engine/rule.js";
import { extensionOf, isWithin, parentPath, resolvePath } from "../../src/files/path.js";
import { blockedWrites } from "../../src/project/blocked-writes.js";
import { folderAt } from "../../src/project/dependency-installs.js";
import type { Build, Project, StageView, UserState } from "../../src/project/model.js";
import { mayWrite, ownerOf } from "../../src/project/path-owners.js";
import { type ServiceUser, userOfService } from "../../src/project/service-view.js";
import { runTimeCommands } from "../../src/project/start-scripts.js";
import { userStateOf } from "../../src/project/users.js";
import { volumePath, volumesOf } from "../../src/project/volumes.js";
import { scriptFacts } from "../../src/shell/facts.js";
import { encloses, type Range } from "../../src/text/source.js";
import { parseFileMode } from "../../src/values/file-mode.js";

export default defineRule({
  id: "user/own-writable-paths",
  summary: "The runtime user can write where it must",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    volume: {
      summary: "A volume over a folder that the image leaves to root",
      aliases: ["tally:ruby/state-paths-not-writable-as-non-root"],
    },
    workdir: {
      summary: "The working directory is root's, and another user writes there",
      levels: { recommended: "info", strict: "info" },
    },
    tmpfs: { summary: "A tmpfs takes the mode of a folder that only root may write" },
    "created-bind": { summary: "The engine makes the missing folder of a bind mount, for root" },
    "grant-mode": { summary: "The mode of a secret or config keeps the user from reading it" },
    "chown-dropped": { summary: "The start script changes owners, but the capability for that is dropped" },
  },
  roles: ["production"],
  fixable: "sometimes",
  why: [
    "A new volume gets content and owner of the folder that the image has at its place, and belongs to root where there is none: " +
      "a process of another user starts well, and fails at its first write.",
  ],
  references: [
    "https://docs.docker.com/engine/storage/volumes/#populate-a-volume-using-a-container",
    "https://docs.docker.com/reference/dockerfile/#volume",
    "https://docs.docker.com/reference/compose-file/services/#volumes",
  ],
  mentions: { dockerfile: ["volume", "workdir"], compose: ["volumes", "tmpfs", "secrets", "configs", "cap_drop"] },
  check: { build: checkBuild, service: checkService },
  examples: {
    bad: [
      {
        name: "VOLUME that nobody owns",
        kind: "volume",
        message: "`/data`",
        files: { Dockerfile: ["FROM debian:12-slim", "USER 1000", "VOLUME «/data»"] },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN mkdir -p /data && chown 1000:1000 /data",
            "USER 1000",
            "VOLUME /data",
          ],
        },
      },
      {
        name: "made by root, and given to another user",
        kind: "volume",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS base",
            "RUN mkdir /data && mkdir /cache && chown 1001:1001 /cache",
            "FROM base",
            'VOLUME [«"/data"», «"/cache"»]',
            "RUN useradd -u 1000 api",
            "USER api:1000",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim AS base",
            "RUN mkdir /data && mkdir /cache && chown 1001:1001 /cache",
            "FROM base",
            'VOLUME ["/data", "/cache"]',
            "RUN useradd -u 1000 api",
            "RUN mkdir -p /data && chown 1000:1000 /data",
            "RUN mkdir -p /cache && chown 1000:1000 /cache",
            "USER api:1000",
          ],
        },
      },
      {
        name: "a volume of Compose",
        kind: "volume",
        message: "`/app/data`",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY . .", "USER 1000", "CMD node ."],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    volumes: [«rounds-data:/app/data», ./config:/app/config:ro]",
            "volumes: {rounds-data: }",
          ],
          "config/api.json": ["{}"],
        },
      },
      {
        name: "a log in the working directory",
        kind: "workdir",
        files: {
          Dockerfile: ["FROM debian:12-slim", "WORKDIR «/srv/api»", "USER 1000", "CMD api > api.log"],
        },
      },
      {
        name: "a folder made in the working directory",
        kind: "workdir",
        files: {
          Dockerfile: ["FROM debian:12-slim", "WORKDIR «/srv/api»", "USER 1000", "RUN mkdir cache"],
        },
      },
      {
        name: "a tmpfs over a folder of root",
        kind: "tmpfs",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN mkdir -p /srv/cache", "USER 1000"],
          "compose.yaml": ["services:", "  api: {build: ., tmpfs: [/tmp, «/srv/cache», «'/run'»]}"],
        },
      },
      {
        name: "a folder that is not there",
        kind: "created-bind",
        files: {
          "compose.yaml": [
            "services:",
            "  grafana:",
            "    image: grafana/grafana:11.4.0",
            "    volumes: [«./grafana:/var/lib/grafana»]",
          ],
        },
      },
      {
        name: "a secret for root alone",
        kind: "grant-mode",
        files: {
          Dockerfile: ["FROM debian:12-slim", "USER 1000"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    secrets: [{source: key, mode: «0400»}, {source: key, target: own, uid: '1000', mode: 0400}]",
            "secrets: {key: {external: true}}",
          ],
        },
      },
      {
        name: "a start script that changes owners",
        kind: "chown-dropped",
        files: {
          Dockerfile: ["FROM debian:12-slim", "COPY start.sh /", 'ENTRYPOINT ["/start.sh"]'],
          "start.sh": ["#!/bin/sh", "chown -R api /data", 'exec gosu api "$@"'],
          "compose.yaml": ["services:", "  api: {build: ., cap_drop: [«ALL»], cap_add: [SETUID, SETGID]}"],
        },
      },
    ],
    good: [
      {
        name: "given to the user, or to nobody else",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN mkdir /data && chown 1000:1000 /data && install -d -o 1000 -m 750 /cache",
            "COPY --chown=1000 seed /seed",
            "RUN mkdir /shared && chgrp -R 0 /shared && chmod g+w /shared",
            "USER 1000",
            "WORKDIR /srv/api",
            'VOLUME ["/data/db", "/cache", "/seed", "/srv/api", "/shared"]',
            "CMD api > api.log",
          ],
        },
      },
      {
        name: "root, an unknown user, and an unknown base",
        files: {
          "api/Dockerfile": ["FROM debian:12-slim", "VOLUME /data"],
          "web/Dockerfile": ["FROM debian:12-slim", "ARG NAME", "USER $NAME", "VOLUME /data"],
          "jobs/Dockerfile": ["FROM registry.example.com/base:1", "USER 1000", "VOLUME /data"],
        },
      },
      {
        name: "a script may have done it, and a folder for everyone",
        files: {
          "api/Dockerfile": ["FROM debian:12-slim", "COPY . /src", "RUN /src/setup.sh", "USER 1000", "VOLUME /data"],
          "web/Dockerfile": ["FROM debian:12-slim", "USER 1000", "VOLUME /tmp"],
        },
      },
      {
        name: "mounts that are only read, prepared by another service, or from elsewhere",
        files: {
          Dockerfile: ["FROM debian:12-slim", "USER 1000"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    volumes: [data:/data:ro, shared:/shared, remote:/remote, nfs:/nfs, './site:/srv/site', './api.log:/api.log']",
            "  setup: {image: 'busybox:1.37', user: root, command: chown -R 1000 /shared, volumes: [shared:/shared]}",
            "volumes: {data: , shared: , remote: {external: true}, nfs: {driver_opts: {type: nfs}}}",
          ],
          "site/index.html": ["<p>"],
        },
      },
      {
        name: "a tmpfs with an owner, a mode, or a place of its own",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN mkdir -p /srv/cache", "USER 1000"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    tmpfs: ['/srv/cache:uid=1000', '/run:mode=1777', /scratch]",
            "    volumes: [{type: tmpfs, target: /srv/cache/x, tmpfs: {mode: 0777}}]",
          ],
        },
      },
      {
        name: "the capability is given back",
        files: {
          Dockerfile: ["FROM debian:12-slim", "COPY start.sh /", 'ENTRYPOINT ["/start.sh"]'],
          "start.sh": ["#!/bin/sh", "chown -R api /data", 'exec gosu api "$@"'],
          "compose.yaml": ["services:", "  api: {build: ., cap_drop: [ALL], cap_add: [CHOWN, SETUID, SETGID]}"],
        },
      },
      {
        name: "a datastore starts as root, and sees to its folder",
        files: {
          "compose.yaml": ["services:", "  db: {image: 'postgres:16.4', volumes: ['./db:/var/lib/postgresql/data']}"],
        },
      },
    ],
  },
});

function* checkBuild(build: Build): Iterable<Finding> {
  const { target } = build;
  if (target === undefined || target.isWindows || target.user.isRoot !== "no") return;
  yield* checkVolumes(target);
  yield* checkWorkdir(target, build.chain);
}

function* checkVolumes(target: StageView): Iterable<Finding> {
  const { user } = target;
  for (const { value, word, step } of volumesOf(target)) {
    if (
      value.kind !== "known" ||
      step.instruction.keyword !== "VOLUME" ||
      volumePath(value.value).kind !== "absolute"
    ) {
      continue;
    }
    const path = resolvePath("/", value.value);
    const owner = ownerOf(target, path);
    if (mayWrite(owner, user) !== "no") continue;
    yield {
      kind: "volume",
      range: word.range,
      message: `\`${path}\` is not \`${user.text ?? ""}\`'s, who runs this image; make it and \`chown\` it before USER`,
      related: user.range === undefined ? [] : [{ range: user.range, message: "the user that the image runs as" }],
      fix: giveFolder(user, path),
    };
  }
}

/** Unsafe: the image gets a layer, and the folder another owner. */
function giveFolder({ origin, uid, name, group, range }: UserState, path: string): Fix | undefined {
  if (origin.kind !== "instruction" || range === undefined) return undefined;
  const { stage, step } = origin;
  const who = uid ?? name;
  if (userStateOf(stage, step.state).isRoot !== "yes" || stage.hasShell === "no" || who === undefined) return undefined;
  if (!/^[\w./-]+$/.test(path)) return undefined;
  const { source, start } = step.instruction.keywordRange;
  const text = `RUN mkdir -p ${path} && chown ${who}:${group ?? who} ${path}\n`;
  return {
    description: `give \`${path}\` to the user`,
    safety: "unsafe",
    edits: [{ range: source.range(start, start), text }],
  };
}

function* checkWorkdir(target: StageView, chain: readonly StageView[]): Iterable<Finding> {
  const places = new Map<string, Range>();
  for (const stage of chain) {
    const isTold = new Set(blockedWrites(stage).map(({ run }) => run));
    for (const run of stage.runs) {
      if (run.user.isRoot !== "no" || isTold.has(run)) continue;
      for (const { path, by, range, invocation } of run.facts.writes) {
        const folder = folderAt(run, invocation);
        if (path === undefined || folder === undefined || folder !== run.workdir || by === "edit") continue;
        if (invocation.onlyIf !== "none" || invocation.isTolerated || invocation.wrappers.length > 0) continue;
        if (isPlainName(path)) places.set(folder, places.get(folder) ?? range);
      }
    }
  }
  const { workdir, command, entrypoint } = target;
  for (const view of [entrypoint, command]) {
    if (view?.script === undefined || workdir === undefined) continue;
    const write = scriptFacts(view.script).writes.find(({ path }) => path !== undefined && isPlainName(path));
    if (write !== undefined) places.set(workdir, places.get(workdir) ?? write.range);
  }
  for (const [folder, range] of places) {
    const owner = ownerOf(target, folder);
    if (owner.kind !== "root" || owner.madeBy === undefined || mayWrite(owner, target.user) !== "no") continue;
    const isOwn = chain.some(({ stage }) =>
      stage.instructions.some(({ keyword, range: whole }) => {
        return keyword === "WORKDIR" && owner.madeBy !== undefined && encloses(whole, owner.madeBy);
      }),
    );
    if (!isOwn) continue;
    yield {
      kind: "workdir",
      range: owner.madeBy,
      message: `\`${folder}\` is root's, but \`${target.user.text ?? ""}\` writes there; give it away with \`chown\` before USER`,
      related: [{ range, message: "this writes there" }],
    };
  }
}

function isPlainName(path: string): boolean {
  return /^(?:\.\/)?[\w.-]+\/?$/.test(path) && path !== "." && path !== "..";
}

function* checkService(service: Service, { project }: RuleContext): Iterable<Finding> {
  if (service.isWindows || service.hasProvider || service.isIncomplete) return;
  yield* checkCapabilities(service, project);
  if (service.mounts.length === 0) return;
  const user = userOfService(service, project);
  if (user.isRoot !== "no") return;
  const image = project.imageOf(service);
  for (const mount of service.mounts) {
    if (mount.isReadOnly || mount.targetPath === undefined) continue;
    if (mount.type === "bind") yield* checkBind(mount, service, project);
    else if (image.kind !== "stage") continue;
    else if (mount.type === "volume" || mount.type === "anonymous")
      yield* checkVolume(mount, service, user, image.stage, project);
    else if (mount.type === "tmpfs") yield* checkTmpfs(mount, user, image.stage);
  }
  for (const grant of service.secrets) yield* checkGrant(grant, service.variant.secrets, user);
  for (const grant of service.configs) yield* checkGrant(grant, service.variant.configs, user);
}

function* checkVolume(
  mount: Mount,
  service: Service,
  user: ServiceUser,
  stage: StageView,
  project: Project,
): Iterable<Finding> {
  const path = mount.targetPath;
  const name = mount.source?.value;
  if (path === undefined || mount.nocopy !== undefined || mount.subpath !== undefined) return;
  if (mount.type === "volume") {
    const volume = name === undefined ? undefined : service.variant.volumes.get(name);
    if (
      volume === undefined ||
      volume.isExternal ||
      volume.driver !== undefined ||
      volume.at("driver_opts") !== undefined
    )
      return;
    // Another service may own the folder, or give it away.
    const others = service.variant.servicesUsing(volume).filter((other) => other.name !== service.name);
    if (others.some((other) => userOfService(other, project).isRoot !== "no")) return;
  }
  // The image says so itself.
  const isOfImage = volumesOf(stage).some(
    ({ value }) => value.kind === "known" && resolvePath("/", value.value) === path,
  );
  if (isOfImage && user.from === "image") return;
  if (mayWrite(ownerOf(stage, path), user) !== "no") return;
  const who = user.uid ?? user.name ?? "another user";
  yield {
    kind: "volume",
    range: mount.range,
    message: `\`${path}\` of the image is not \`${who}\`'s, who runs this; make it and \`chown\` it in the Dockerfile`,
    related: stage.user.range === undefined ? [] : [{ range: stage.user.range, message: "the user of the image" }],
  };
}

/** Folders that every system has, and that only root may write. */
const SYSTEM_FOLDERS: ReadonlySet<string> = new Set(
  "/run /var/run /var/log /var/cache /var/lib /opt /srv /mnt /etc".split(" "),
);
const SYSTEMS: ReadonlySet<string | undefined> = new Set(["alpine", "debian", "ubuntu", "fedora", "rhel", "amazon"]);

function* checkTmpfs(mount: Mount, user: ServiceUser, stage: StageView): Iterable<Finding> {
  const { targetPath: path, options, mode } = mount;
  if (path === undefined || mode !== undefined || options.some(({ text }) => /^(?:uid|gid|mode)=/.test(text))) return;
  const owner = ownerOf(stage, path);
  if (owner.kind !== "root" || mayWrite(owner, user) !== "no") return;
  const isThere = owner.madeBy !== undefined || (SYSTEM_FOLDERS.has(path) && SYSTEMS.has(stage.facts?.os?.family));
  if (!isThere) return;
  yield {
    kind: "tmpfs",
    range: mount.range,
    message: `\`${path}\` keeps the mode that only lets root write; add \`:uid=${user.uid ?? 1000}\` or \`:mode=1777\``,
    confidence: "medium",
  };
}

function* checkBind(mount: Mount, service: Service, project: Project): Iterable<Finding> {
  const { hostPath, form, createHostPath, range, source, targetPath } = mount;
  if (hostPath === undefined || form !== "short" || createHostPath?.value === false || source?.value === undefined)
    return;
  if (!isWithin(service.variant.project.root, hostPath) || project.exists(hostPath)) return;
  // What is named like a file is made by somebody, or is another mistake.
  if (extensionOf(hostPath) !== "" || extensionOf(targetPath ?? "") !== "" || hostPath.endsWith(".sock")) return;
  // A folder that is wholly absent may come from a checkout of its own.
  if (!project.exists(parentPath(hostPath))) return;
  const image = project.imageOf(service);
  const isState =
    image.kind === "pulled" ||
    (image.kind === "stage" &&
      volumesOf(image.stage).some(
        ({ value }) => value.kind === "known" && resolvePath("/", value.value) === targetPath,
      ));
  yield {
    kind: "created-bind",
    range,
    message: `\`${source.text}\` is missing, so the engine makes it root's; create it for the user of the service`,
    // Whether a program of one's own writes there, and who makes the folder, is known to its author only.
    confidence: isState ? "medium" : "low",
  };
}

function* checkGrant(
  { source, mode, uid, gid }: Grant,
  resources: Service["variant"]["secrets"],
  user: ServiceUser,
): Iterable<Finding> {
  const resource = source?.value === undefined ? undefined : resources.get(source.value);
  if (resource?.isExternal !== true || mode?.value === undefined || user.uid === undefined) return;
  const parsed = parseFileMode(mode.value);
  if (parsed.kind !== "octal" || (uid !== undefined && uid.value === undefined)) return;
  const isOwner = String(user.uid) === (uid?.value ?? "0");
  const isGroup = user.group === undefined || gid?.certainty === "unknown" || user.group === (gid?.value ?? "0");
  const bits = parsed.bits & ((isOwner ? 0o400 : 0) | (isGroup ? 0o040 : 0) | 0o004);
  if (bits !== 0) return;
  yield {
    kind: "grant-mode",
    range: mode.range,
    message: `mode \`${mode.text}\` lets \`${user.uid}\`, who runs this, not read it; set \`uid: "${user.uid}"\``,
  };
}

function* checkCapabilities(service: Service, project: Project): Iterable<Finding> {
  const all = service.capDrop.find(({ value }) => value?.toUpperCase() === "ALL");
  if (
    all === undefined ||
    service.capAdd.some(({ value }) => value === undefined || /^(?:CAP_)?(?:CHOWN|ALL)$/i.test(value))
  ) {
    return;
  }
  const image = project.imageOf(service);
  const isOwnStart = service.entrypoint === undefined && service.command === undefined;
  if (image.kind !== "stage" || !isOwnStart || userOfService(service, project).isRoot !== "yes") return;
  for (const { name, range, isTolerated } of runTimeCommands(image.stage, project)) {
    if (name !== "chown" || isTolerated) continue;
    yield {
      kind: "chown-dropped",
      range: all.range,
      message: "the start script runs `chown`, which needs a capability; add `CHOWN` to `cap_add`",
      related: [{ range, message: "this changes owners" }],
    };
    return;
  }
}
