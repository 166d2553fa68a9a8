import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { isSudoRules, passwordChanges, sudoRules } from "../../src/project/account-secrets.js";
import { membershipsIn } from "../../src/project/memberships.js";
import type { CopyView, RunView, StageView } from "../../src/project/model.js";

const options = {
  allowGroups: option.strings({
    default: [],
    description: "Groups that accounts of an image may belong to although they lead to root.",
  }),
};

export default defineRule({
  id: "user/no-privilege-backdoor",
  summary: "Accounts get no password and no way back to root",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    password: {
      summary: "An account gets a password, or none is asked for",
      aliases: ["checkov:CKV2_DOCKER_17", "dockle:DKL-LI-0001"],
    },
    sudoers: { summary: "A rule for sudo makes an account root" },
    group: { summary: "An account belongs to a group that leads to root" },
    install: {
      summary: "sudo or doas is in the image that ships",
      levels: { recommended: "info", strict: "info" },
    },
  },
  roles: ["production", "test", "ci"],
  fixable: "never",
  why: [
    "Nobody logs in to a container: a password only helps whoever has broken in, and it is the same in every copy of the image, " +
      "where its hash can be read and guessed at leisure.",
    "USER is worth nothing when sudo, or a group like `docker`, leads straight back to root.",
  ],
  references: [
    "https://docs.docker.com/build/building/best-practices/#user",
    "https://man7.org/linux/man-pages/man8/chpasswd.8.html",
    "CWE-250",
    "CWE-259",
    "CWE-521",
  ],
  securitySeverity: 7,
  options,
  mentions: { dockerfile: ["passw", "shadow", "useradd", "usermod", "adduser", "addgroup", "sudo", "doas", "/etc"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a password for root",
        kind: "password",
        message: "`chpasswd`",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN echo 'root:root' | «chpasswd»"] },
      },
      {
        name: "with the account, from a secret, or typed",
        kind: "password",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            'RUN --mount=type=secret,id=hash «useradd» -p "$(cat /run/secrets/hash)" api',
            "RUN «usermod» --password '$6$salt$hash' root && printf 'x\\nx\\n' | «passwd» api",
          ],
        },
      },
      {
        name: "no password at all",
        kind: "password",
        message: "without a password",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN useradd api && «passwd» -d api",
            "RUN «usermod» -p '' root && echo 'admin::19000:0:99999:7:::' >> «/etc/shadow»",
          ],
        },
      },
      {
        name: "rules for sudo",
        kind: "sudoers",
        message: "`NOPASSWD`",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN echo «'api ALL=(ALL) NOPASSWD:ALL'» > /etc/sudoers.d/api",
            "RUN sed -i 's/^%sudo.*/%sudo ALL=(ALL) NOPASSWD: ALL/' «/etc/sudoers»",
          ],
        },
      },
      {
        name: "a file of rules",
        kind: "sudoers",
        files: {
          Dockerfile: ["FROM debian:12-slim", "COPY api.sudo «/etc/sudoers.d/api»", "COPY doas.conf «/etc/»"],
          "api.sudo": ["api ALL=(ALL) ALL"],
          "doas.conf": ["permit nopass api"],
        },
      },
      {
        name: "groups that lead to root",
        kind: "group",
        message: "`sudo`",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN useradd -G «sudo» api",
            "RUN usermod -aG «docker» api && adduser worker «root»",
          ],
        },
      },
      {
        name: "the program alone",
        kind: "install",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS base",
            "RUN apt-get update && apt-get install -y curl «sudo»",
            "FROM base",
          ],
        },
      },
      {
        name: "doas of Alpine",
        kind: "install",
        files: { Dockerfile: ["FROM alpine:3.20", "RUN apk add --no-cache «doas»"] },
      },
    ],
    good: [
      {
        name: "locked accounts",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN useradd -p '!' api && usermod --password '*' worker && passwd -l root && usermod -L worker",
            "RUN echo 'root:*' | chpasswd -e && passwd --status root",
          ],
        },
      },
      {
        name: "a builder",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS build",
            "RUN apt-get update && apt-get install -y sudo && useradd -G sudo build && echo 'build:b' | chpasswd",
            "FROM debian:12-slim",
            "COPY --from=build /out /srv",
          ],
        },
      },
      {
        name: "settings, and an edit that adds no rule",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN echo 'Defaults !requiretty' > /etc/sudoers.d/tty && sed -i '/^%wheel/d' /etc/sudoers",
          ],
        },
      },
      {
        name: "other groups, and one that the policy allows",
        options: { allowGroups: ["docker"] },
        files: { Dockerfile: ["FROM debian:12-slim", "RUN useradd -G video,docker api && usermod -aG audio api"] },
      },
      {
        name: "group 0 as the primary one is another rule's",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN useradd -g root api && usermod -aG sudo root"] },
      },
      {
        name: "installed and removed in one step",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN apt-get install -y sudo && ./setup && apt-get purge -y sudo"],
        },
      },
      { name: "development", files: { "Dockerfile.dev": ["FROM debian:12-slim", "RUN echo 'dev:dev' | chpasswd"] } },
      {
        name: "a base to work in",
        files: {
          Dockerfile: [
            "FROM mcr.microsoft.com/devcontainers/base:ubuntu",
            "RUN echo 'vscode ALL=(root) NOPASSWD:ALL' > /etc/sudoers.d/vscode",
          ],
        },
      },
      {
        name: "an account without password",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN adduser --disabled-password --gecos '' api"] },
      },
    ],
  },
});

function* checkStage(stage: StageView, { options: { allowGroups } }: RuleContext<typeof options>): Iterable<Finding> {
  if (!stage.isShipped || stage.isWindows || isForDevelopment(stage)) return;
  for (const layer of stage.layers) {
    if (layer.kind === "copy") {
      yield* checkCopy(layer.copy);
      continue;
    }
    yield* checkPasswords(layer.run);
    yield* checkSudoRules(layer.run);
    yield* checkGroups(layer.run, allowGroups);
    yield* checkInstalls(layer.run);
  }
}

/** Images to work in, whose users are meant to have sudo. */
function isForDevelopment({ image }: StageView): boolean {
  return image !== undefined && /^mcr\.microsoft\.com\/(?:vscode\/)?devcontainers\//.test(image.name);
}

function* checkPasswords(run: RunView): Iterable<Finding> {
  for (const { effect, range, what } of passwordChanges(run)) {
    const fact =
      effect === "set" ? "gives every copy of the image the same password" : "lets anyone in without a password";
    yield { kind: "password", range, message: `\`${what}\` ${fact}; leave the account locked` };
  }
}

function* checkSudoRules(run: RunView): Iterable<Finding> {
  for (const { isWithoutPassword, range } of sudoRules(run)) {
    const rule = isWithoutPassword ? "a `NOPASSWD` rule" : "a rule for sudo";
    yield {
      kind: "sudoers",
      range,
      message: `${rule} makes the account root in all but name; drop it, and set up as root before USER`,
    };
  }
}

/** A COPY that names the file, as its destination or by the source that goes into the folder. */
function* checkCopy({ destination, destinationRange, isFolder, sources }: CopyView): Iterable<Finding> {
  if (destination === undefined || destinationRange === undefined || !destination.startsWith("/etc")) return;
  const paths = isFolder
    ? sources.map(({ path }) => `${destination}/${path?.slice(path.lastIndexOf("/") + 1) ?? ""}`)
    : [destination, ...sources.map(({ path }) => `${destination}/${path?.slice(path.lastIndexOf("/") + 1) ?? ""}`)];
  if (!paths.some(isSudoRules)) return;
  yield {
    kind: "sudoers",
    range: destinationRange,
    message: "rules for sudo make an account root in all but name; drop them, and set up as root before USER",
  };
}

const ROOT_GROUPS: ReadonlySet<string> = new Set(["sudo", "wheel", "docker", "root"]);

function* checkGroups(run: RunView, allowGroups: readonly string[]): Iterable<Finding> {
  for (const { kind, group, range, user } of membershipsIn(run)) {
    if (kind === "primary" || user === "root" || !ROOT_GROUPS.has(group) || allowGroups.includes(group)) continue;
    yield {
      kind: "group",
      range,
      message: `members of \`${group}\` become root when they want; leave the account out of it`,
    };
  }
}

const PACKAGES: ReadonlySet<string> = new Set(["sudo", "doas", "opendoas", "sudo-rs"]);

function* checkInstalls(run: RunView): Iterable<Finding> {
  for (const { action, packages, isDryRun } of run.packages) {
    if (action !== "install" || isDryRun) continue;
    for (const { name, range } of packages) {
      if (name === undefined || !PACKAGES.has(name) || isRemoved(name, run)) continue;
      yield {
        kind: "install",
        range,
        message: `\`${name}\` in the image leads back to root; do privileged steps before USER, or change users with \`gosu\``,
      };
    }
  }
}

function isRemoved(name: string, { packages }: RunView): boolean {
  return packages.some((command) => command.action === "remove" && command.packages.some((each) => each.name === name));
}
