/** Families of operating systems that images are made of. `scratch-like` has no distribution at all (static images). */
export const OS_FAMILIES = [
  "alpine",
  "amazon",
  "arch",
  "busybox",
  "debian",
  "distroless",
  "fedora",
  "photon",
  "rhel",
  "scratch-like",
  "suse",
  "ubuntu",
  "windows",
  "wolfi",
] as const;

/** One of {@link OS_FAMILIES}. */
export type OsFamily = (typeof OS_FAMILIES)[number];

/** Operating system of an image. */
export interface OsFacts {
  readonly family: OsFamily;
  /** Version as its vendor writes it (`12`, `24.04`, `3.20`, `9`); absent when the tag does not tell. */
  readonly release?: string;
  /** Lower-case code name (`bookworm`, `noble`); absent when the tag does not tell, or there is none. */
  readonly codename?: string;
}

/** The C library that programs are linked against; `none` for images without one (static binaries only). */
export type Libc = "glibc" | "musl" | "none";

/** One line of `/etc/passwd`. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  /** Primary group; absent when not known. */
  readonly gid?: number;
}

/** One line of `/etc/group`. */
export interface Group {
  readonly name: string;
  readonly gid: number;
}

/** The user that a container starts as, or drops to. */
export interface ImageUser {
  /** Absent when the image names its user by number, or the name is not known. */
  readonly name?: string;
  /** Absent when only the name is known. */
  readonly uid?: number;
}

/**
 * Which commands are known to be found on `PATH`, and which are known to be missing.
 * A command in neither set is unknown: judge nothing by it.
 */
export interface CommandFacts {
  readonly present: ReadonlySet<string>;
  readonly absent: ReadonlySet<string>;
  /** True when every command outside `present` is missing (images without shell and package manager). */
  readonly isComplete: boolean;
}

/** What `/bin/sh` is; `none` when the image has no shell at all. */
export type ShellKind = "bash" | "busybox" | "cmd" | "dash" | "none";

/** Package managers that images bring; `none` when it is known that there is none. */
export type ImagePackageManager = "apk" | "apt" | "dnf" | "microdnf" | "none" | "pacman" | "tdnf" | "yum" | "zypper";

/** What a container of an image does in a project; `base` does nothing by itself. */
export type ServiceKind =
  | "agent"
  | "base"
  | "broker"
  | "cache"
  | "control-plane"
  | "datastore"
  | "dev-tool"
  | "observability"
  | "proxy"
  | "web";

/** What is known of an image as a service. */
export interface ServiceFacts {
  readonly kind: ServiceKind;
  /** TCP ports that the program listens on with its stock configuration; the main one first. */
  readonly ports: readonly number[];
  /** Absolute directory that holds what must survive the container; absent when there is none or it is not known. */
  readonly dataPath?: string;
  /** Absolute directories that are written at run time, `dataPath` included; absent when not known. */
  readonly writablePaths?: readonly string[];
  /** Programs in the image that can answer "does it work", best first; empty when none is there, absent when not known. */
  readonly probeCommands?: readonly string[];
  /** A `healthcheck.test` that works with the stock configuration; absent when none is sure to. */
  readonly probe?: readonly string[];
  /**
   * How the image takes the content of a file instead of a variable: `_FILE` or `__FILE` is appended to the name.
   * `none` when it does not, absent when not known.
   */
  readonly fileSuffix?: "_FILE" | "__FILE" | "none";
}

/** A smaller image of the same publisher that runs the same program. */
export interface SmallerVariant {
  readonly kind: "alpine" | "distroless" | "runtime" | "slim";
  /** As a person writes it: `python:3.12-slim`. */
  readonly reference: string;
}

/** A repository and, where written, a tag. A digest says nothing about what is inside. */
export interface ImageName {
  /** Familiar (`python`, `bitnami/redis`) or normalised (`docker.io/library/python`) repository, without tag. */
  readonly repository: string;
  /** Absent means `latest`. */
  readonly tag?: string | undefined;
}

/**
 * What a published image is known to bring. Every field may be absent, and absent means *not known*, never *no*:
 * a row that is missing costs a finding, a row that is wrong costs a false one.
 */
export interface BaseImageFacts {
  /** Normalised repository that the facts are of: `docker.io/library/python`. */
  readonly repository: string;
  readonly os?: OsFacts;
  readonly libc?: Libc;
  /** User of the image's configuration, before any entrypoint drops privileges; UID 0 is root. */
  readonly defaultUser?: ImageUser;
  /** User that the entrypoint changes to when it starts as root; absent when it does not, or that is not known. */
  readonly dropsTo?: ImageUser;
  /** True when the stock entrypoint starts as root and gives that up for the main process. */
  readonly dropsPrivileges: boolean;
  /** Accounts that exist; see `hasAllAccounts` for whether others may. */
  readonly accounts: readonly Account[];
  readonly groups: readonly Group[];
  /** True when `accounts` and `groups` are all there are, so that another name is sure not to exist. */
  readonly hasAllAccounts: boolean;
  readonly commands: CommandFacts;
  readonly shell?: ShellKind;
  /** Variables that the image sets, with their value where it is the same for all tags of the row. */
  readonly environment?: ReadonlyMap<string, string | undefined>;
  /** Whether the image's configuration holds a HEALTHCHECK. */
  readonly hasHealthcheck?: boolean;
  readonly stopSignal?: string;
  readonly workdir?: string;
  /** ENTRYPOINT in exec form; empty when there is none. */
  readonly entrypoint?: readonly string[];
  /** CMD in exec form; empty when there is none. */
  readonly command?: readonly string[];
  /** Ports of EXPOSE. */
  readonly exposes?: readonly number[];
  /** Paths of VOLUME. */
  readonly volumes?: readonly string[];
  /** True for images whose purpose is to build: compilers, SDKs, build systems. */
  readonly isSdk: boolean;
  /** For an SDK: the image that runs what it built, as a person writes it. */
  readonly runtimeImage?: string;
  /** Smaller variants that exist for this very tag, best first. */
  readonly smaller: readonly SmallerVariant[];
  /** True for variants that are already cut down: slim, alpine, distroless, chiselled, static. */
  readonly isMinimal: boolean;
  readonly service?: ServiceFacts;
  readonly packageManager?: ImagePackageManager;
  /** ONBUILD triggers exist in this variant. */
  readonly hasOnbuild: boolean;
  /** `YYYY-MM-DD` after which the image gets no fixes; only where a policy says so, tables of releases are elsewhere. */
  readonly endOfLife?: string;
}
