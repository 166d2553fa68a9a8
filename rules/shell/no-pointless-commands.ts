import { POSIX_POINTLESS, pointlessReason } from "../../src/data/pointless-commands.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import { hasPurpose } from "../../src/project/pointless-commands.js";
import { writtenRuns } from "../../src/project/written-runs.js";

const options = {
  addCommands: option.strings({ default: [], description: "More commands that no build runs: `pm2`." }),
  allowCommands: option.strings({ default: [], description: "Commands that these builds run on purpose: `ssh`." }),
  strict: option.boolean({
    default: false,
    description: "Whether only the nine commands of hadolint count, and those whatever they are run for.",
  }),
};

export default defineRule({
  id: "shell/no-pointless-commands",
  summary: "No command that makes no sense in a build",
  levels: { recommended: "info", strict: "warning" },
  roles: "all",
  fixable: "never",
  aliases: [
    "hadolint:DL3001",
    "kics:run-utilities-and-posix-commands",
    "kics:9b6b0f38-92a2-41f9-b881-3a1083d99f1b",
    "semgrep:nonsensical-command",
  ],
  why: [
    "A build step has no person at a keyboard, no init system and no processes but its own, and nothing of it but its files " +
      "is kept. Tools that look at a machine, or start something on it, do nothing for the image; at best they waste time, " +
      "at worst the author believes that they did something.",
  ],
  references: ["https://docs.docker.com/reference/dockerfile/#run"],
  options,
  presetOptions: { hadolint: { strict: true } },
  yieldsTo: ["shell/no-lost-state", "shell/no-interactive-commands"],
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "tools that look at a machine",
        message: "`free` shows the builder, not your container",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN «free» -m && «top» -b -n 1",
            "RUN «ps» aux && «ps» -ef | grep nginx",
            "RUN «ifconfig» eth0",
            'RUN [«"nano"», "/etc/hosts"]',
          ],
        },
      },
      {
        name: "editors and pagers",
        message: "`vim` waits for a person",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN «vim» /etc/hosts && «less» /etc/passwd && «emacs» /etc/fstab"],
        },
      },
      {
        name: "what stops a machine, or starts something on it",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN «service» nginx start && echo started",
            "RUN «systemctl» restart nginx && nginx -t",
            "RUN «systemctl» daemon-reload; «shutdown» -h now",
            "RUN «kill» -9 1; «reboot» || true",
            "RUN «mount» -t tmpfs none /mnt && ls /mnt",
            "RUN «ssh» deploy@files.acme.dev cat /srv/rules > /rules",
          ],
        },
      },
      {
        name: "the list of hadolint, whatever the command is run for",
        preset: "hadolint",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN «top»",
            "RUN «service» mysql start && mysql < /seed.sql && «service» mysql stop",
            "ONBUILD RUN --mount=type=ssh «ssh» -T git@github.com || true",
          ],
        },
      },
      {
        name: "one more command",
        options: { addCommands: ["pm2"] },
        files: { Dockerfile: ["FROM node:22.14.0-slim", "RUN «pm2» start app.js && ls"] },
      },
    ],
    good: [
      {
        name: "ssh with the keys of the build, and questions about it",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN --mount=type=ssh ssh -T git@github.com || true",
            "RUN ssh -G github.com > /cfg && ssh -V",
            'RUN --mount=type=ssh GIT_SSH_COMMAND="ssh -o IdentitiesOnly=yes" git clone git@github.com:acme/api.git',
          ],
        },
      },
      {
        name: "a service that runs for one step, and processes that the step has started",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN service mysql start && mysql < /seed.sql && service mysql stop",
            "RUN service mysql start && mysql < /seed.sql && mysqladmin shutdown",
            "RUN redis-server & sleep 1 && redis-cli set a b && kill $!",
            "RUN mongod --fork --logpath /log --pidfilepath /pid && mongosh seed.js && kill $(cat /pid)",
          ],
        },
      },
      {
        name: "editors that read a script, units that are linked, pagers in a pipe, questions",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN vim -E -s -u ~/.vimrc +PlugInstall +qall && vi -es -c 'wq' /x && emacs --batch -l /init.el",
            "RUN systemctl enable nginx && systemctl --root=/target mask getty && systemctl set-default multi-user.target",
            "RUN less /etc/passwd > /copy",
            "RUN if ps aux | grep -q cron; then echo yes; fi; pid=$(ps -C api)",
            "RUN free --version && top -h",
          ],
        },
      },
      {
        name: "a step that may mount",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN --security=insecure mount -t proc proc /t/proc && umount /t/proc"],
        },
      },
      {
        name: "installing them, and running them in the container",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install -y vim ssh less && echo top > /help.txt && command -v ps",
            'CMD ["top", "-b"]',
          ],
        },
      },
      {
        name: "commands that the policy allows",
        options: { allowCommands: ["free"] },
        files: { Dockerfile: ["FROM debian:12-slim", "RUN free -m"] },
      },
      {
        name: "what hadolint does not name",
        preset: "hadolint",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN nano /etc/hosts && systemctl start nginx"] },
      },
    ],
  },
});

function* checkStage(stage: StageView, { options: chosen }: RuleContext<typeof options>): Iterable<Finding> {
  for (const run of writtenRuns(stage)) {
    for (const invocation of run.commands) {
      const { name, nameRange } = invocation;
      if (name === undefined || chosen.allowCommands.includes(name)) continue;
      if (chosen.addCommands.includes(name)) {
        yield { range: nameRange, message: `\`${name}\` has no place in a build; remove it` };
        continue;
      }
      const reason = pointlessReason(name);
      if (reason === undefined) continue;
      if (chosen.strict ? !POSIX_POINTLESS.has(name) : hasPurpose(invocation, run)) continue;
      yield { range: nameRange, message: `\`${name}\` ${reason}; remove it` };
    }
  }
}
