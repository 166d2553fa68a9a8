import type { Layer } from "./image-layer.js";
import {
  codenameFor,
  codenameOf,
  DEBIAN_CODENAMES,
  hasPart,
  type ImageTag,
  isWindowsTag,
  numberAfter,
  type Release,
  UBUNTU_CODENAMES,
} from "./image-tag.js";

// Layers for the operating systems that images stand on.
// Sources: /etc/passwd, /etc/group and package lists of the official images (hub.docker.com/_/debian, /_/ubuntu,
// /_/alpine, /_/busybox, /_/fedora), base-passwd of Debian, alpine-baselayout-data of Alpine, setup of Fedora; 2026-11.

const PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const COREUTILS = `
basename cat chgrp chmod chown chroot cksum comm cp cut date dd df dirname du echo env expand expr false fold head
hostid id install link ln ls md5sum mkdir mkfifo mknod mktemp mv nice nl nohup nproc od paste printenv printf pwd
readlink realpath rm rmdir seq sha1sum sha256sum sha512sum shred shuf sleep sort split stat stty sum sync tac tail tee
test timeout touch tr true truncate tsort tty uname unexpand uniq unlink wc who whoami yes
`;

const DEBIAN_PRESENT = `
${COREUTILS} awk mawk bash sh dash sed grep egrep fgrep gzip gunzip zcat tar find xargs diff cmp dpkg apt apt-get
apt-cache apt-mark apt-key perl useradd userdel usermod groupadd groupdel groupmod passwd chpasswd su login mount umount
flock setsid setpriv runuser getopt hostname getent ldd ldconfig which run-parts update-alternatives dpkg-query
base32 base64 b2sum basenc csplit dircolors factor fmt groups join logname numfmt nologin pinky pr ptx stdbuf vdir [
`;

/** What probes and scripts like to call and a plain Debian lacks. */
const DEBIAN_ABSENT = `
curl wget nc ncat netcat telnet ping ps pgrep pkill top free uptime watch netstat ifconfig ss dig nslookup jq git
gcc g++ cc make cmake python python3 pip pip3 node npm npx yarn ruby gem php java javac go cargo rustc psql pg_isready
redis-cli mysqladmin mysql mongosh sudo vim nano lsof strace gdb zip unzip rsync ssh svn hg gosu su-exec tini dumb-init
grpc_health_probe http nginx apk yum dnf
`;

const DEBIAN_ACCOUNTS = `
root:0:0 daemon:1:1 bin:2:2 sys:3:3 sync:4:65534 games:5:60 man:6:12 lp:7:7 mail:8:8 news:9:9 uucp:10:10 proxy:13:13
www-data:33:33 backup:34:34 list:38:38 irc:39:39 _apt:42:65534 nobody:65534:65534
`;

const DEBIAN_GROUPS = `
root:0 daemon:1 bin:2 sys:3 adm:4 tty:5 disk:6 lp:7 mail:8 news:9 uucp:10 man:12 proxy:13 kmem:15 dialout:20 fax:21
voice:22 cdrom:24 floppy:25 tape:26 sudo:27 audio:29 dip:30 www-data:33 backup:34 operator:37 list:38 irc:39 src:40
shadow:42 utmp:43 video:44 sasl:45 plugdev:46 staff:50 games:60 users:100 nogroup:65534
`;

/** Applets of BusyBox that Alpine and the busybox image both have. */
const BUSYBOX = `
${COREUTILS} [ ash sh awk bunzip2 bzcat bzip2 cal chpasswd clear crond crontab cpio dmesg dos2unix ed egrep fgrep find
flock free fsync getopt grep groups gunzip gzip hexdump hostname ifconfig ip ipcrm ipcs kill killall less logger
md5sum more mount mountpoint nc netstat nslookup passwd pgrep pidof ping ping6 pkill ps renice reset resize rev route
sed setsid sha3sum strings su sysctl tar time top traceroute umount unix2dos unzip uptime usleep vi watch wget which
xargs xxd adduser addgroup deluser delgroup base64 cmp diff zcat
`;

const ALPINE_ABSENT = `
bash curl git gcc g++ cc make cmake python python3 pip pip3 perl node npm npx yarn ruby gem php java javac go cargo
rustc psql pg_isready redis-cli mysqladmin mysql mongosh sudo jq useradd groupadd usermod gosu su-exec tini dumb-init
grpc_health_probe http nginx ssh rsync zip vim nano lsof strace gdb svn hg apt apt-get yum dnf ncat
`;

const ALPINE_ACCOUNTS = `
root:0:0 bin:1:1 daemon:2:2 adm:3:4 lp:4:7 sync:5:0 shutdown:6:0 halt:7:0 mail:8:12 news:9:13 uucp:10:14 cron:16:16
ftp:21:21 sshd:22:22 games:35:100 ntp:123:123 guest:405:100 nobody:65534:65534
`;

const ALPINE_GROUPS = `
root:0 bin:1 daemon:2 sys:3 adm:4 tty:5 disk:6 lp:7 kmem:9 wheel:10 floppy:11 mail:12 news:13 uucp:14 cron:16 audio:17
cdrom:18 dialout:20 ftp:21 sshd:22 input:23 tape:26 video:27 netdev:28 kvm:34 games:35 shadow:42 www-data:82 users:100
ntp:123 abuild:300 utmp:406 ping:999 nogroup:65533 nobody:65534
`;

const RHEL_ACCOUNTS = `
root:0:0 bin:1:1 daemon:2:2 adm:3:4 lp:4:7 sync:5:0 shutdown:6:0 halt:7:0 mail:8:12 operator:11:0 games:12:100
ftp:14:50 nobody:65534:65534
`;

const ROOT = { name: "root", uid: 0 } as const;

/** A Linux image whose configuration names no user and starts a shell. */
const PLAIN_LINUX: Layer = {
  defaultUser: ROOT,
  environment: PATH,
  hasHealthcheck: false,
  workdir: "/",
  entrypoint: [],
};

/** Debian; a release that the tag does not tell is left open. */
export function debian(release?: Release, isSlim = false): Layer {
  const isOld = release !== undefined && Number(release.release) < 12;
  const hasAdduser = release !== undefined && Number(release.release) < 13;
  return {
    ...PLAIN_LINUX,
    os: { family: "debian", ...release },
    libc: "glibc",
    accounts: `${DEBIAN_ACCOUNTS} ${isOld ? "_apt:100:65534 gnats:41:41" : ""}`,
    groups: `${DEBIAN_GROUPS} ${isOld ? "gnats:41" : ""}`,
    hasAllAccounts: true,
    present: `${DEBIAN_PRESENT} ${hasAdduser ? "adduser addgroup deluser delgroup" : ""}`,
    absent: DEBIAN_ABSENT,
    shell: "dash",
    command: ["bash"],
    packageManager: "apt",
    isMinimal: isSlim,
  };
}

/** Ubuntu. From 23.04 on its images hold an account `ubuntu` with UID 1000. */
export function ubuntu(release?: Release, hasUbuntuUser = isFromLunar(release)): Layer {
  const isOld = release !== undefined && Number(release.release) < 23;
  return {
    ...PLAIN_LINUX,
    os: { family: "ubuntu", ...release },
    libc: "glibc",
    accounts: `${DEBIAN_ACCOUNTS} ${isOld ? "_apt:100:65534 gnats:41:41" : ""} ${hasUbuntuUser ? "ubuntu:1000:1000" : ""}`,
    groups: `${DEBIAN_GROUPS} ${isOld ? "gnats:41" : ""} ${hasUbuntuUser ? "ubuntu:1000" : ""}`,
    hasAllAccounts: release !== undefined,
    present: `${DEBIAN_PRESENT} ps pgrep pkill top free uptime watch ${isOld ? "adduser addgroup deluser delgroup" : ""}`,
    absent: DEBIAN_ABSENT.replace(/\b(?:ps|pgrep|pkill|top|free|uptime|watch)\b/g, ""),
    shell: "dash",
    command: ["/bin/bash"],
    packageManager: "apt",
  };
}

/** Alpine. */
export function alpine(release?: string): Layer {
  return {
    ...PLAIN_LINUX,
    os: { family: "alpine", ...(release !== undefined && { release }) },
    libc: "musl",
    accounts: ALPINE_ACCOUNTS,
    groups: ALPINE_GROUPS,
    hasAllAccounts: true,
    present: `${BUSYBOX} busybox apk getent ldd`,
    absent: ALPINE_ABSENT,
    shell: "busybox",
    command: ["/bin/sh"],
    packageManager: "apk",
    isMinimal: true,
  };
}

/** The busybox image: applets, no package manager. */
export function busybox(libc: "glibc" | "musl" | undefined): Layer {
  return {
    ...PLAIN_LINUX,
    os: { family: "busybox" },
    ...(libc && { libc }),
    accounts:
      "root:0:0 daemon:1:1 bin:2:2 sys:3:3 sync:4:100 mail:8:8 www-data:33:33 operator:37:37 nobody:65534:65534",
    present: `${BUSYBOX} busybox httpd telnet`,
    absent: `${ALPINE_ABSENT} apk`,
    shell: "busybox",
    command: ["sh"],
    packageManager: "none",
    isMinimal: true,
  };
}

/** Fedora and the systems built from it, whose images share accounts and shell. */
export function redHat(
  family: "amazon" | "fedora" | "rhel",
  release: string | undefined,
  packageManager: "dnf" | "microdnf" | "none" | "yum",
): Layer {
  return {
    ...PLAIN_LINUX,
    os: { family, ...(release !== undefined && { release }) },
    libc: "glibc",
    accounts: RHEL_ACCOUNTS,
    present: `${COREUTILS} bash sh sed grep rpm ${packageManager === "none" ? "" : `${packageManager} curl`}`,
    absent:
      "wget git gcc g++ make apk apt apt-get psql pg_isready redis-cli mysqladmin jq node npm ruby php java go nc",
    shell: "bash",
    command: ["/bin/bash"],
    packageManager,
  };
}

/** A Linux of which only the family and the package manager are known. */
export function otherLinux(
  family: "arch" | "photon" | "suse" | "wolfi",
  packageManager: "apk" | "pacman" | "tdnf" | "zypper",
): Layer {
  return {
    ...PLAIN_LINUX,
    os: { family },
    ...(family !== "wolfi" && { shell: "bash" as const, present: `bash sh ${packageManager}` }),
    ...(family === "wolfi" && { shell: "busybox" as const, present: `sh ${packageManager}` }),
    libc: "glibc",
    accounts: "root:0:0",
    packageManager,
  };
}

/** Windows; none of the POSIX facts apply. */
export const WINDOWS: Layer = {
  os: { family: "windows" },
  shell: "cmd",
  defaultUser: { name: "ContainerAdministrator" },
};

/** What the images of buildpack-deps add to Debian or Ubuntu, one upon the other. */
export const BUILDPACK_CURL: Layer = { present: "curl wget openssl gpg", isMinimal: false };
export const BUILDPACK_SCM: Layer = {
  present: "curl wget openssl gpg git hg svn ssh ps pgrep pkill top free uptime watch python3",
  isMinimal: false,
};
export const BUILDPACK_FULL: Layer = {
  present: `
    curl wget openssl gpg git hg svn ssh ps pgrep pkill top free uptime watch python3 gcc g++ cc c++ make autoconf
    automake patch file bzip2 xz unzip pkg-config
  `,
  isMinimal: false,
};

/** The operating system that a tag of a language image names; Debian of an unknown release when it names none. */
export function osOfTag(tag: ImageTag): Layer {
  if (isWindowsTag(tag)) return WINDOWS;
  if (hasPart(tag, "alpine")) return alpine(numberAfter(tag, "alpine"));
  const ubuntuRelease = codenameOf(tag, UBUNTU_CODENAMES);
  if (ubuntuRelease !== undefined) return ubuntu(ubuntuRelease);
  return debian(codenameOf(tag, DEBIAN_CODENAMES), hasPart(tag, "slim"));
}

/** The operating system when a part names it; else only its family, if the publisher has one for all tags. */
export function openOs(tag: ImageTag, family?: "debian" | "ubuntu"): Layer {
  const isNamed =
    hasPart(tag, "alpine") ||
    isWindowsTag(tag) ||
    codenameOf(tag, DEBIAN_CODENAMES) !== undefined ||
    codenameOf(tag, UBUNTU_CODENAMES) !== undefined;
  if (isNamed) return osOfTag(tag);
  const isOther = tag.parts.some((part) =>
    /^(?:ubi|rhel|fedora|amazonlinux|al2|al20|oraclelinux|ol\d|centos|rocky|azurelinux|mariner)/.test(part),
  );
  const user: Layer = { defaultUser: { name: "root", uid: 0 }, hasHealthcheck: false };
  if (isOther || family === undefined) return user;
  return { ...user, os: { family }, libc: "glibc", packageManager: "apt", shell: "dash", present: "bash sh apt-get" };
}

/** The release of Debian or Ubuntu that a tag of that very image names, by number or by code name. */
export function releaseOf(tag: ImageTag, codenames: ReadonlyMap<string, string>): Release | undefined {
  const named = codenameOf(tag, codenames);
  if (named !== undefined) return named;
  const [major, minor] = tag.version;
  if (major === undefined) return undefined;
  const release = codenames === UBUNTU_CODENAMES ? `${major}.${String(minor ?? 0).padStart(2, "0")}` : String(major);
  const codename = codenameFor(release, codenames);
  return codename === undefined ? undefined : { release, codename };
}

function isFromLunar(release: Release | undefined): boolean {
  return release !== undefined && Number(release.release) >= 23;
}
