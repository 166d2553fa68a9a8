import { words } from "../text/words.js";

/** Why a package is out of place in an image: only the machine below containers can use it, or it lets people log in. */
export type HostPackageKind = "host" | "remote";

// Package names of Debian, Ubuntu, Alpine and Fedora, and of NVIDIA's and Docker's repositories (2026-11). A `*` at the
// end stands for the rest of a name.
const HOST = `nvidia-container-toolkit nvidia-container-toolkit-base nvidia-container-runtime nvidia-docker2 nvidia-docker
libnvidia-container* docker-ce docker-engine containerd.io moby-engine linux-image-* linux-headers-* linux-modules-* grub-pc
grub-efi* grub2-* grub-common dkms cloud-init kernel kernel-core kernel-modules`;
const REMOTE = `openssh-server dropbear dropbear-bin telnetd inetutils-telnetd telnet-server rsh-server rsh-redone-server vsftpd
proftpd proftpd-basic tigervnc* tightvncserver x11vnc xrdp`;

/** Programs that show what a package is for, when a container starts them. */
const DAEMONS: Readonly<Record<HostPackageKind, ReadonlySet<string>>> = {
  host: new Set(["dockerd", "containerd", "dockerd-entrypoint.sh", "wrapdocker", "start-docker.sh", "systemd", "init"]),
  remote: new Set(
    words(`sshd dropbear telnetd in.telnetd vsftpd proftpd xrdp xrdp-sesman vncserver tigervncserver Xvnc Xtigervnc x11vnc
    supervisord s6-svscan init systemd runsvdir`),
  ),
};

let patterns:
  | readonly { readonly kind: HostPackageKind; readonly start: string; readonly isWhole: boolean }[]
  | undefined;

/** Why a package is out of place in an image; undefined for all others. Takes names whose end is not known. */
export function hostPackageKind(name: string): HostPackageKind | undefined {
  patterns ??= [...rows("host", HOST), ...rows("remote", REMOTE)];
  return patterns.find(({ start, isWhole }) => (isWhole ? name === start : name.startsWith(start)))?.kind;
}

/** Whether a program, started in a container, needs packages of this kind there, or may start what does. */
export function needsHostPackage(kind: HostPackageKind, program: string): boolean {
  return DAEMONS[kind].has(program);
}

function rows(kind: HostPackageKind, list: string) {
  return words(list).map((word) => {
    const isWhole = !word.endsWith("*");
    return { kind, start: isWhole ? word : word.slice(0, -1), isWhole };
  });
}
