import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import { shellWrapperOf } from "../../src/project/shell-wrappers.js";
import { type WrittenCommand, writtenCommands } from "../../src/project/written-commands.js";
import type { Invocation, Word } from "../../src/shell/model.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "shell/set-shell",
  summary: "SHELL changes the shell, not a link over /bin/sh",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    link: {
      summary: "another program in the place of /bin/sh",
      aliases: [
        "hadolint:DL4005",
        "kics:changing-default-shell-using-run-command",
        "kics:8a301064-c291-4b20-adcb-403fe7fd95fd",
        "semgrep:use-shell-instruction",
      ],
    },
    wrappers: {
      summary: "RUN after RUN starts the same other shell",
      levels: { recommended: "off", strict: "info" },
      aliases: ["tally:powershell/prefer-shell-instruction"],
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Scripts of the distribution are written for its own `/bin/sh`, and run with another one from here on, in every container " +
      "too. An update of the package puts the old link back. SHELL changes what RUN, CMD and ENTRYPOINT use, and nothing else.",
    "`chsh` and `usermod --shell` change the login shell of an account, which no build and no start command asks for.",
  ],
  references: ["https://docs.docker.com/reference/dockerfile/#shell"],
  mentions: { dockerfile: ["/bin/sh", "dash", "bash", "ksh", "zsh", "pwsh", "powershell"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a link",
        kind: "link",
        files: { Dockerfile: ["FROM debian:12.8", "RUN «ln» -sf /bin/bash /bin/sh"] },
        message: "`ln -sf /bin/bash /bin/sh` replaces the system shell",
        fixed: { Dockerfile: ["FROM debian:12.8", 'SHELL ["/bin/bash", "-c"]'] },
      },
      {
        name: "removed first",
        kind: "link",
        files: { Dockerfile: ["FROM debian:12.8", "RUN rm /bin/sh && «ln» -s /bin/bash /bin/sh"] },
        fixed: { Dockerfile: ["FROM debian:12.8", 'SHELL ["/bin/bash", "-c"]'] },
      },
      {
        name: "beside other commands: no fix",
        kind: "link",
        files: { Dockerfile: ["FROM ubuntu:24.04", "RUN apt-get install -y nano && sudo «ln» -sfv /bin/bash /bin/sh"] },
      },
      {
        name: "a copy",
        kind: "link",
        files: { Dockerfile: ["FROM debian:12.8", "RUN «cp» /bin/bash /bin/sh", "RUN «mv» -f /bin/bash /usr/bin/sh"] },
      },
      {
        name: "Debian's own switch",
        kind: "link",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            "RUN echo 'dash dash/sh boolean false' | debconf-set-selections && «dpkg-reconfigure» dash",
          ],
        },
      },
      {
        name: "an alternative",
        kind: "link",
        files: { Dockerfile: ["FROM debian:12.8", "RUN «update-alternatives» --install /bin/sh sh /bin/bash 10"] },
      },
      {
        name: "a trigger",
        kind: "link",
        files: { Dockerfile: ["FROM debian:12.8", "ONBUILD RUN «ln» -s /bin/bash /bin/sh"] },
      },
      {
        name: "every RUN starts bash",
        kind: "wrappers",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            'RUN bash -c "source env.sh && make"',
            "RUN «bash» -ec 'source env.sh && make install'",
          ],
        },
      },
      {
        name: "PowerShell under cmd",
        kind: "wrappers",
        files: {
          Dockerfile: [
            "FROM mcr.microsoft.com/windows/servercore:ltsc2022",
            "RUN powershell -Command Install-WindowsFeature Web-Server",
            "RUN «powershell» -NoProfile -Command Remove-Item C:/temp",
          ],
        },
      },
      {
        name: "exec form",
        kind: "wrappers",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            'RUN ["/bin/bash", "-c", "make"]',
            'RUN [«"/bin/bash"», "-c", "make install"]',
          ],
        },
      },
    ],
    good: [
      {
        name: "SHELL",
        files: { Dockerfile: ["FROM debian:12.8", 'SHELL ["/bin/bash", "-c"]', "RUN source env.sh && make"] },
      },
      {
        name: "links elsewhere",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            "RUN ln -s /bin/sh /usr/local/bin/run && ln -s /bin/bash /usr/bin/sh.distrib && cp /bin/sh /rootfs/bin/sh",
          ],
        },
      },
      {
        name: "the path is mentioned",
        files: { Dockerfile: ["FROM debian:12.8", "RUN ln -s a b && chmod +x /bin/sh && something /bin/sh"] },
      },
      {
        name: "a new base image",
        files: {
          Dockerfile: [
            "FROM scratch",
            "ADD rootfs.tar.xz /",
            'RUN ["/bin/busybox", "ln", "-s", "/bin/busybox", "/bin/sh"]',
          ],
        },
      },
      {
        name: "one wrapper",
        files: { Dockerfile: ["FROM debian:12.8", 'RUN bash -c "source env.sh && make"', "RUN make install"] },
      },
      {
        name: "scripts are no wrappers",
        files: { Dockerfile: ["FROM debian:12.8", "RUN bash a.sh", "RUN bash b.sh", "RUN bash -c x && y"] },
      },
      {
        name: "login shells",
        files: { Dockerfile: ["FROM debian:12.8", "RUN chsh -s /bin/bash && usermod -s /bin/sh app"] },
      },
      { name: "other packages", files: { Dockerfile: ["FROM debian:12.8", "RUN dpkg-reconfigure tzdata"] } },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  const seen = new Set<string>();
  for (const command of writtenCommands(stage)) {
    if (command.instruction.keyword !== "RUN") continue;
    if (stage.hasShell !== "no" && !stage.isScratch) {
      for (const invocation of command.commands) {
        if (replacesShell(invocation)) yield ofLink(invocation, command);
      }
    }
    const wrapper = shellWrapperOf(command);
    if (wrapper === undefined) continue;
    if (seen.has(wrapper.name)) {
      yield {
        kind: "wrappers",
        range: wrapper.range,
        message: `another RUN starts \`${wrapper.name}\`, too; set it once with \`SHELL ["${wrapper.name}", "${wrapper.option}"]\``,
      };
      // One SHELL ends all of them.
      return;
    }
    seen.add(wrapper.name);
  }
}

const SYSTEM_SHELL: ReadonlySet<string | undefined> = new Set(["/bin/sh", "/usr/bin/sh"]);

function replacesShell({ name, args, wrappers }: Invocation): boolean {
  switch (name) {
    case "ln":
    case "mv":
    case "cp":
      return SYSTEM_SHELL.has(operandsOf(args).at(-1)?.value) && !wrappers.some((wrapper) => wrapper.name === "chroot");
    case "dpkg-reconfigure":
      return args.some(({ value }) => value === "dash");
    case "update-alternatives":
      return args.some(({ value }) => SYSTEM_SHELL.has(value));
    default:
      return false;
  }
}

function operandsOf(args: readonly Word[]): readonly Word[] {
  return args.filter(({ shape }) => !shape.startsWith("-"));
}

function ofLink(invocation: Invocation, command: WrittenCommand): Finding {
  const written = invocation.words.map(({ text }) => text).join(" ");
  return {
    kind: "link",
    range: invocation.nameRange,
    message: `${quoted(written.length > 50 ? (invocation.name ?? "") : written)} replaces the system shell; use \`SHELL ["/bin/bash", "-c"]\``,
    fix: useShell(invocation, command),
  };
}

/** Unsafe: `/bin/sh` stays what it was for everything but the instructions of this file. */
function useShell({ name, args }: Invocation, { instruction, script, isTrigger }: WrittenCommand): Fix | undefined {
  const [program, second, third] = operandsOf(args);
  if (name !== "ln" || third !== undefined || second === undefined || isTrigger) return undefined;
  if (program?.value === undefined || !/(?:^|\/)bash$/.test(program.value) || script === undefined) return undefined;
  const isAlone = script.steps.every(({ invocation }) => {
    return invocation?.name === "ln" || (invocation?.name === "rm" && SYSTEM_SHELL.has(invocation.args.at(-1)?.value));
  });
  if (!isAlone || script.steps.filter(({ invocation }) => invocation?.name === "ln").length > 1) return undefined;
  return {
    description: "use `SHELL`",
    safety: "unsafe",
    edits: [{ range: instruction.range, text: 'SHELL ["/bin/bash", "-c"]' }],
  };
}
