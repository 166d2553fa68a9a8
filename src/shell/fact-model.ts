import type { Range } from "../text/source.js";
import type { Invocation, Word } from "./model.js";
import type { PackageCommand } from "./package-model.js";

/** A path that a command names. */
export interface PathFact {
  /** As the shell passes it (globs and `~` stay); undefined when unknown. */
  readonly path: string | undefined;
  /** As `path`, with `HOLE` for unknown stretches. */
  readonly shape: string;
  readonly range: Range;
  readonly invocation: Invocation;
}

/** A path that is written, and by what. */
export interface WriteFact extends PathFact {
  readonly by:
    | "redirect"
    | "tee"
    | "copy"
    | "move"
    | "touch"
    | "mkdir"
    | "link"
    | "download"
    | "extract"
    | "clone"
    | "edit"
    /** an output option: `gpg -o`, `openssl -out`, `ssh-keygen -f`, `dd of=` */
    | "output";
  /**
   * Text written when the command says it (`echo`, `printf`, a heredoc), with `HOLE` for unknown stretches; words are
   * joined by a blank, escapes are not interpreted. Undefined when unknown.
   */
  readonly content: string | undefined;
  readonly contentRange: Range | undefined;
  /** `>>`, `tee -a` */
  readonly appends: boolean;
  /** What is copied, moved or linked: all operands before the last. Empty for others. */
  readonly sources: readonly Word[];
}

/** Paths that a `rm`, `rmdir`, `unlink` or `find … -delete` removes; one fact per path. */
export interface RemovalFact extends PathFact {
  readonly recursive: boolean;
  /** Whether tests of `find` choose what goes; then the path is where it searches. */
  readonly isFiltered: boolean;
}

/** Something fetched over the network by a download tool or `git clone`. */
export interface DownloadFact {
  readonly tool: "curl" | "wget" | "aria2c" | "fetch" | "git" | "http";
  /** Undefined when unknown. */
  readonly url: string | undefined;
  /** With `HOLE` for unknown stretches. */
  readonly urlShape: string;
  readonly urlRange: Range;
  /** Where it is stored; undefined when it goes to standard output, or cannot be known. */
  readonly target: string | undefined;
  /** As `target`, with `HOLE` for unknown stretches. */
  readonly targetShape: string | undefined;
  readonly targetRange: Range | undefined;
  /** `stdout` may feed a pipe; `unknown`: an option says so, but the path is unknown. */
  readonly output: "file" | "stdout" | "discarded" | "unknown";
  readonly invocation: Invocation;
}

/** A user or group created or changed. */
export interface AccountFact {
  readonly kind: "user" | "group";
  readonly change: "create" | "modify";
  readonly tool: "useradd" | "adduser" | "usermod" | "groupadd" | "addgroup" | "groupmod" | "passwd-file";
  /**
   * Debian's and busybox's `adduser` and `addgroup` differ: `busybox` when an option of busybox only is used (`-D`, `-S`, `-u`),
   * `debian` for long options, else `unknown`.
   */
  readonly dialect: "shadow" | "debian" | "busybox" | "unknown";
  /** Undefined when unknown. */
  readonly name: string | undefined;
  readonly nameRange: Range;
  /** The number as written (`1000`); undefined when none is given. Unknown numbers keep `HOLE`. */
  readonly id: string | undefined;
  readonly idRange: Range | undefined;
  /** Primary group of a user, as written. */
  readonly group: string | undefined;
  /** Supplementary groups, as written; also for `adduser USER GROUP` and `addgroup USER GROUP`, whose `name` is the user. */
  readonly groups: readonly string[];
  readonly isSystem: boolean;
  readonly home: string | undefined;
  readonly createsHome: boolean | undefined;
  readonly shell: string | undefined;
  /** `-l`, `--no-log-init` */
  readonly noLogInit: boolean;
  /** Whether a group of the user's own name comes with it. */
  readonly createsGroup: boolean;
  readonly invocation: Invocation;
}

/** `chown`, `chgrp`, `chmod`, `install -o/-g/-m`, one fact per command. */
export interface OwnershipFact {
  readonly tool: "chown" | "chgrp" | "chmod" | "install";
  /** `user:group`, group or mode as written; undefined with `--reference` or when unknown. */
  readonly spec: string | undefined;
  readonly specRange: Range;
  readonly recursive: boolean;
  readonly paths: readonly Word[];
  readonly invocation: Invocation;
}

/** A variable set for later commands of the script. */
export interface ExportFact {
  readonly name: string;
  readonly value: string | undefined;
  readonly range: Range;
  readonly invocation: Invocation;
}

/** A command whose doings nobody can see here. */
export interface OpaqueFact {
  /**
   * `partial`, `skipped`: the script was not fully read; `pipe`: an interpreter runs what a pipe or a substitution delivers;
   * `script`: a file is run; `unknown`: the program's name is unknown; `installer`: a program that installs software by itself.
   */
  readonly kind: "partial" | "skipped" | "pipe" | "script" | "unknown" | "installer";
  /** For people: `` runs `install.sh` ``. */
  readonly reason: string;
  readonly range: Range;
  /** Undefined for `partial` and `skipped`. */
  readonly invocation: Invocation | undefined;
}

/** Everything that a script alone can tell about what it leaves behind. Lists are in source order. */
export interface ScriptFacts {
  readonly packageCommands: readonly PackageCommand[];
  readonly installs: readonly PackageCommand[];
  readonly removals: readonly PackageCommand[];
  readonly refreshes: readonly PackageCommand[];
  readonly upgrades: readonly PackageCommand[];
  /** Clean-up verbs of package managers; paths removed by `rm` stand in `removedPaths`. */
  readonly cleanups: readonly PackageCommand[];
  readonly writes: readonly WriteFact[];
  readonly removedPaths: readonly RemovalFact[];
  readonly downloads: readonly DownloadFact[];
  readonly accounts: readonly AccountFact[];
  readonly ownership: readonly OwnershipFact[];
  readonly exports: readonly ExportFact[];
  /** Commands called by a path that holds a `/`. */
  readonly runByPath: readonly PathFact[];
  /**
   * Why the script may do things that nobody can see here: it pipes a download to a shell, runs a script, calls an unknown
   * program, or was not fully understood. Undefined when it is transparent; else rules about absence stay silent.
   */
  readonly opaque: OpaqueFact | undefined;
  /** All reasons, in source order. */
  readonly opaqueCommands: readonly OpaqueFact[];
}
