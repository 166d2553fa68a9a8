/** How a program that runs another command reads its own words before that command. */
export interface WrapperSpec {
  /** Options that take the next word, with their dashes. */
  readonly withValue: ReadonlySet<string>;
  /** Operands of its own before the command. */
  readonly operands: number;
  /** Whether `NAME=value` words before the command are its own. */
  readonly takesAssignments: boolean;
  /** Options with which it runs no command: `command -v`. */
  readonly queries: ReadonlySet<string>;
}

function spec(withValue: string, operands = 0, takesAssignments = false, queries = ""): WrapperSpec {
  const words = (text: string) => new Set(text.split(" ").filter((word) => word !== ""));
  return { withValue: words(withValue), operands, takesAssignments, queries: words(queries) };
}

const NONE = spec("");

/**
 * Programs that are looked through: name to their options with value and their own first operands.
 *
 * Sources: sudo 1.9, OpenDoas 6, GNU coreutils 9 (env, nice, nohup, stdbuf, timeout, chroot), util-linux 2.40 (chrt, ionice,
 * setpriv, setsid, taskset, runuser), findutils 4.10 (xargs), GNU parallel, gosu 1.17, su-exec 0.2, tini 0.19, dumb-init 1.2,
 * catatonit 0.2, the bash 5.3 manual (builtins); read 2025-07.
 */
export const WRAPPERS: ReadonlyMap<string, WrapperSpec> = new Map<string, WrapperSpec>([
  [
    "sudo",
    spec(
      "-u -g -h -p -C -c -r -t -T -U -D -R --user --group --host --prompt --close-from --role --type --command-timeout --other-user --chdir --chroot",
      0,
      true,
      "-l -v -V --list --validate --version",
    ),
  ],
  ["doas", spec("-u -C")],
  ["env", spec("-u -C -a --unset --chdir --argv0", 0, true)],
  ["exec", spec("-a")],
  ["command", spec("", 0, false, "-v -V")],
  ["builtin", NONE],
  ["time", spec("-f -o --format --output")],
  ["nohup", NONE],
  ["setsid", NONE],
  ["eatmydata", NONE],
  ["fakeroot", spec("-l -f -i -s -b --lib --faked")],
  ["catatonit", NONE],
  ["nice", spec("-n --adjustment")],
  ["ionice", spec("-c -n -p -P -u --class --classdata --pid")],
  ["chrt", spec("-T -P -D -p --sched-runtime --sched-period --sched-deadline", 1)],
  ["taskset", spec("", 1)],
  ["stdbuf", spec("-i -o -e --input --output --error")],
  ["timeout", spec("-s -k --signal --kill-after", 1)],
  [
    "xargs",
    spec(
      "-I -n -P -L -d -a -E -s --arg-file --delimiter --replace --max-lines --max-args --max-procs --max-chars --process-slot-var",
    ),
  ],
  [
    "parallel",
    spec("-I -n -P -L -l -d -a -E -s -j --jobs --max-procs --arg-file --colsep --joblog --delay --retries --timeout"),
  ],
  ["gosu", spec("", 1)],
  ["su-exec", spec("", 1)],
  ["chroot", spec("--userspec --groups", 1)],
  ["runuser", spec("-u -g -G --user --group --supp-group")],
  [
    "setpriv",
    spec(
      "--reuid --regid --groups --inh-caps --ambient-caps --bounding-set --securebits --pdeathsig --selinux-label --apparmor-profile",
    ),
  ],
  ["tini", spec("-p -r -e")],
  ["dumb-init", spec("-r --rewrite")],
  ["corepack", NONE],
  ["busybox", NONE],
]);

/** Names under which corepack runs a package manager; other operands are its own verbs. */
export const COREPACK_MANAGERS: ReadonlySet<string> = new Set(["npm", "npx", "pnpm", "pnpx", "yarn", "yarnpkg"]);

/** Programs that read a script after `-c`, from standard input, or from a file named first. */
export const SHELLS: ReadonlySet<string> = new Set(["sh", "bash", "dash", "ash", "ksh", "mksh", "zsh", "rbash"]);
