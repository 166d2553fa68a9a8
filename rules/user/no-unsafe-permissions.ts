import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { isWithin } from "../../src/files/path.js";
import { type GivenMode, givenModes } from "../../src/project/given-modes.js";
import type { Build, StageView } from "../../src/project/model.js";
import { compileGlob } from "../../src/values/glob.js";

const options = {
  allow: option.strings({
    default: [],
    description: "Paths of the image whose mode is meant, as globs: `/usr/bin/ping`.",
  }),
};

export default defineRule({
  id: "user/no-unsafe-permissions",
  summary: "No world-writable files and no new set-uid bits",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    "world-writable": {
      summary: "Every process may write, whoever it runs as",
      aliases: ["tally:world-writable-state-path-workaround"],
    },
    setuid: { summary: "A program gets a set-uid or set-gid bit" },
    "setuid-kept": {
      summary: "The base brings set-uid programs, and no step takes the bits away",
      levels: { recommended: "off", strict: "off" },
    },
  },
  roles: ["production", "test", "ci"],
  fixable: "sometimes",
  why: [
    "What everyone may write, an intruder of any account may replace: a program, its configuration, or what it will read as root.",
    "A set-uid program runs as its owner, mostly root, whoever starts it; each is one more way around USER.",
  ],
  references: [
    "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/chmod.html",
    "https://docs.docker.com/reference/dockerfile/#copy---chown---chmod",
    "CWE-732",
    "CIS 4.8",
    "CWE-250",
  ],
  securitySeverity: 5,
  options,
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "open folders",
        preset: "strict",
        kind: "world-writable",
        message: "`chmod -R 777`",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN mkdir /data && chmod -R «777» /data && chmod «0666» /srv/f"],
        },
        fixed: { Dockerfile: ["FROM debian:12-slim", "RUN mkdir /data && chmod -R 775 /data && chmod 0664 /srv/f"] },
      },
      {
        name: "in letters",
        preset: "strict",
        kind: "world-writable",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN chmod «a+rwx» /srv && chmod «u=rwx,o+w» /data && chmod «a=rwx» /opt/api && chmod «ugo+w» /var/api",
          ],
        },
      },
      {
        name: "with the folder, the file, or the copy",
        preset: "strict",
        kind: "world-writable",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN mkdir -m «777» /data && install -d --mode=«0777» /cache",
            "COPY --chmod=«777» start.sh /",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN mkdir -m 775 /data && install -d --mode=0775 /cache",
            "COPY --chmod=775 start.sh /",
          ],
        },
      },
      {
        name: "a folder for temporary files without its sticky bit",
        preset: "strict",
        kind: "world-writable",
        message: "1777",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN chmod «777» /tmp"] },
        fixed: { Dockerfile: ["FROM debian:12-slim", "RUN chmod 1777 /tmp"] },
      },
      {
        name: "a mode from ARG",
        preset: "strict",
        kind: "world-writable",
        files: { Dockerfile: ["FROM debian:12-slim", "ARG MODE=777", "RUN chmod «$MODE» /data"] },
      },
      {
        name: "set-uid bits",
        preset: "strict",
        kind: "setuid",
        message: "as its owner",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN chmod «u+s» /usr/bin/dumpcap && chmod «4755» /opt/helper && install -m «4711» helper /usr/bin/",
          ],
        },
      },
      {
        name: "set-gid bits of programs",
        preset: "strict",
        kind: "setuid",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN chmod «g+s» /usr/bin/crontab && chmod «2755» /usr/bin/wall"],
        },
      },
      {
        name: "those of the base",
        kind: "setuid-kept",
        files: { Dockerfile: ["FROM «debian:12-slim»", "USER 1000"] },
      },
    ],
    good: [
      {
        name: "sticky folders",
        preset: "strict",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN chmod 1777 /tmp && mkdir -m 1777 /scratch && chmod a+rwxt /spool && chmod 3777 /shared",
          ],
        },
      },
      {
        name: "nothing for others",
        preset: "strict",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN chmod -R g=u /data && chmod g+w /srv && chmod +x /start.sh && chmod 775 /opt && chmod a-w /etc/api && chmod +w /f",
            "RUN chmod o=rx /srv && chmod a+w,o-w /run/api",
          ],
        },
      },
      {
        name: "set-gid folders, or what may be one",
        preset: "strict",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN mkdir /shared && chmod g+s /shared && chmod 2775 /srv/git/ && install -d -m 2770 /data",
          ],
        },
      },
      {
        name: "what the policy allows",
        preset: "strict",
        options: { allow: ["/usr/bin/ping"] },
        files: { Dockerfile: ["FROM debian:12-slim", "RUN chmod u+s /usr/bin/ping"] },
      },
      {
        name: "a builder, and what is gone at the end of the step",
        preset: "strict",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS build",
            "RUN chmod -R 777 /src",
            "FROM debian:12-slim",
            "COPY --from=build /src/api /srv/",
            "RUN mkdir /tmp/work && chmod 777 /tmp/work && rm -rf /tmp/work",
          ],
        },
      },
      {
        name: "unknown modes",
        preset: "strict",
        files: {
          Dockerfile: ["FROM debian:12-slim", "ARG MODE", "RUN chmod $MODE /data && chmod --reference=/srv /opt"],
        },
      },
      {
        name: "bits taken away, a base without system, and one that nobody knows",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS api",
            "RUN find / -xdev -perm /6000 -type f -exec chmod a-s {} +",
            "FROM scratch AS static",
            "FROM registry.example.com/base:1 AS other",
          ],
          "compose.yaml": [
            "services:",
            "  api: {build: {context: ., target: api}}",
            "  static: {build: {context: ., target: static}}",
            "  other: {build: {context: ., target: other}}",
          ],
        },
      },
      {
        name: "development",
        files: { "Dockerfile.dev": ["FROM debian:12-slim", "RUN chmod -R 777 /srv"] },
      },
    ],
  },
});

function* checkBuild(build: Build, { options: { allow } }: RuleContext<typeof options>): Iterable<Finding> {
  const { target, chain } = build;
  if (target === undefined || target.isWindows) return;
  const patterns = allow.map((text) => compileGlob(text, { hasFolders: true }));
  const isAllowed = (path: string | undefined) =>
    path !== undefined && patterns.some((glob) => glob.kind === "glob" && glob.pattern.matches(path));
  for (const stage of chain) {
    for (const given of givenModes(stage)) {
      if (given.paths.length > 0 && given.paths.every((path) => isAllowed(path) || isGone(path, given))) continue;
      yield* checkMode(given);
    }
  }
  yield* checkKept(target);
}

/** Whether the RUN that holds a mode also removes the path. */
function isGone(path: string | undefined, { run }: GivenMode): boolean {
  if (path === undefined) return false;
  return run?.facts.removedPaths.some((removal) => removal.path !== undefined && isWithin(removal.path, path)) === true;
}

function* checkMode(given: GivenMode): Iterable<Finding> {
  const { mode, range, text, what, paths } = given;
  const [path] = paths;
  const place = path === undefined || path.length > 40 ? "these files" : `\`${path}\``;
  if (mode.othersWrite && !mode.sticky) {
    const isTemporary = path !== undefined && TEMPORARY.test(path);
    const remedy = isTemporary ? "use 1777" : "give it to the one user that writes";
    yield {
      kind: "world-writable",
      range,
      message: `\`${what} ${text}\` lets every process rewrite ${place}; ${remedy}`,
      fix: closeMode(given, isTemporary),
    };
    return;
  }
  // A folder with this bit only hands its group on.
  const isGroupBit = mode.setGid && isProgram(given);
  if ((!mode.setUid && !isGroupBit) || given.target === "folder") return;
  const who = mode.setUid ? "as its owner" : "with its group";
  yield {
    kind: "setuid",
    range,
    message: `\`${what} ${text}\` runs ${place} ${who}, whoever starts it; drop the bit, or give it a capability`,
  };
}

const TEMPORARY = /^\/(?:var\/)?tmp$/;

/** Unsafe: whoever wrote there as another user no longer can. */
function closeMode({ mode: { bits }, text, range, isPlain }: GivenMode, isTemporary: boolean): Fix | undefined {
  if (bits === undefined || !isPlain) return undefined;
  const digits = (isTemporary ? bits | 0o1000 : bits & ~0o2).toString(8);
  const mode = digits.padStart(text.startsWith("0") ? Math.max(text.length, digits.length) : digits.length, "0");
  return { description: `use \`${mode}\``, safety: "unsafe", edits: [{ range, text: mode }] };
}

const PROGRAM = /^\/(?:usr\/(?:local\/)?)?s?bin\/[^/]+$|\/bin\/[^/]+$/;

/** Whether a mode is surely given to programs: the group bit of a folder is harmless, and common. */
function isProgram({ target, paths }: GivenMode): boolean {
  return target === "file" || (paths.length > 0 && paths.every((path) => path !== undefined && PROGRAM.test(path)));
}

/** Systems whose images hold `su`, `mount`, `passwd` and the like with the bit set. */
const WITH_SETUID: ReadonlySet<string | undefined> = new Set([
  "debian",
  "ubuntu",
  "fedora",
  "rhel",
  "amazon",
  "suse",
  "arch",
]);

function* checkKept(target: StageView): Iterable<Finding> {
  const { facts, lineage } = target;
  if (!WITH_SETUID.has(facts?.os?.family) || facts?.shell === "none" || facts?.shell === undefined) return;
  const takesAway = lineage.some(({ runs }) =>
    runs.some(
      ({ facts: { ownership, opaque } }) =>
        opaque !== undefined || ownership.some(({ tool, spec }) => tool === "chmod" && /-[rwx]*s/.test(spec ?? "")),
    ),
  );
  if (takesAway) return;
  yield {
    kind: "setuid-kept",
    range: target.anchor,
    message:
      "the base brings set-uid programs such as `su`; take the bits away with `chmod a-s`, or use a smaller base",
  };
}
