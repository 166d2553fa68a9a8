import type { ImageRow, Layer } from "./image-layer.js";
import { DEBIAN_CODENAMES, hasPart, type ImageTag, UBUNTU_CODENAMES } from "./image-tag.js";
import { alpine, busybox, debian, otherLinux, redHat, releaseOf, ubuntu, WINDOWS } from "./operating-systems.js";

// Images of distributions, and of vendors that publish minimal ones.
// Sources: the page named in each row; 2026-11.

const HUB = "docker.io/library/";
const BASE = { kind: "base", ports: [] } as const;
const IS_BASE: Layer = { service: BASE };

/** `3.20` and `3.20.3` as `3.20`; absent for `latest` and `edge`. */
function minorRelease(tag: ImageTag): string | undefined {
  const [major, minor] = tag.version;
  return major === undefined || minor === undefined ? undefined : `${major}.${minor}`;
}

function majorRelease(tag: ImageTag): string | undefined {
  const [major] = tag.version;
  return major === undefined ? undefined : String(major);
}

function debianImage(tag: ImageTag): readonly Layer[] {
  const isSlim = hasPart(tag, "slim");
  const slim = tag.isLatest ? "debian:stable-slim" : `debian:${tag.written}-slim`;
  return [
    debian(releaseOf(tag, DEBIAN_CODENAMES), isSlim),
    { service: BASE, smaller: isSlim ? [] : [{ kind: "slim", reference: slim }] },
  ];
}

function ubuntuImage(tag: ImageTag): readonly Layer[] {
  // `latest` is the newest release with long-term support, and every one since 24.04 has the account.
  const release = releaseOf(tag, UBUNTU_CODENAMES);
  return [tag.isLatest || tag.written === "rolling" ? ubuntu(undefined, true) : ubuntu(release), IS_BASE];
}

/** Chiselled Ubuntu and distroless alike: no shell, no package manager, nothing but the program. */
const SHELL_LESS: Layer = {
  shell: "none",
  packageManager: "none",
  isMinimal: true,
  hasHealthcheck: false,
  absent: "sh bash dash ash curl wget nc ps pgrep apt apt-get apk dnf git cat ls chmod chown mkdir useradd adduser",
};

const DISTROLESS_ACCOUNTS = "root:0:0 nobody:65534:65534 nonroot:65532:65532";

/**
 * The user is part of the tag (`nonroot`, `debug-nonroot-arm64`). The `debug` variants have BusyBox below `/busybox`,
 * yet no `/bin/sh`, so nothing is said of their shell.
 */
function distroless(tag: ImageTag, repository: string): readonly Layer[] {
  const isDebug = hasPart(tag, "debug");
  const name = repository.slice(repository.lastIndexOf("/") + 1);
  const release = /-debian(\d+)$/.exec(name)?.[1];
  const isStatic = name.startsWith("static");
  const program = /^(?:java|nodejs|python)/.test(name);
  return [
    {
      os: { family: "distroless", ...(release !== undefined && { release }) },
      libc: isStatic ? "none" : "glibc",
      defaultUser: hasPart(tag, "nonroot") ? { name: "nonroot", uid: 65532 } : { name: "root", uid: 0 },
      accounts: DISTROLESS_ACCOUNTS,
      groups: "root:0 nobody:65534 tty:5 staff:50 nonroot:65532",
      hasAllAccounts: true,
      environment: "PATH SSL_CERT_FILE",
      workdir: hasPart(tag, "nonroot") ? "/home/nonroot" : "/",
      hasHealthcheck: false,
      packageManager: "none",
      isMinimal: true,
      service: BASE,
    },
    isDebug ? { present: "sh wget nc cat ls ps", absent: "bash curl apt-get apk" } : SHELL_LESS,
    isDebug || program ? {} : { isComplete: true },
    /^java(?!-base)/.test(name) ? { present: "java" } : {},
    name.startsWith("python3") ? { present: "python3" } : {},
  ];
}

/** Chainguard's images of which it is known that the plain tag has neither shell nor root. */
const CHAINGUARD_SHELL_LESS: ReadonlySet<string> = new Set([
  "aspnet-runtime",
  "cc-dynamic",
  "dotnet-runtime",
  "glibc-dynamic",
  "jre",
  "nginx",
  "python",
  "static",
]);

function chainguard(tag: ImageTag, repository: string): readonly Layer[] | undefined {
  const name = repository.slice(repository.lastIndexOf("/") + 1);
  const os: Layer = { os: { family: "wolfi" }, hasHealthcheck: false };
  if (name === "wolfi-base") {
    return [otherLinux("wolfi", "apk"), { absent: "curl bash git gcc python3 node", isMinimal: true, service: BASE }];
  }
  if (!CHAINGUARD_SHELL_LESS.has(name)) return undefined;
  const user: Layer = {
    defaultUser: { name: "nonroot", uid: 65532 },
    accounts: "nonroot:65532:65532",
    isMinimal: true,
  };
  if (hasPart(tag, "dev"))
    return [os, user, { shell: "busybox", present: "sh apk", packageManager: "apk", isMinimal: false }];
  return [
    os,
    user,
    SHELL_LESS,
    name === "python" ? { present: "python python3" } : {},
    name === "jre" ? { present: "java" } : {},
  ];
}

/** Rows of distributions. */
export const DISTRIBUTION_IMAGES: readonly ImageRow[] = [
  {
    repositories: `${HUB}debian docker.io/bitnami/minideb`,
    source: "https://hub.docker.com/_/debian",
    layers: debianImage,
  },
  {
    repositories: `${HUB}ubuntu public.ecr.aws/ubuntu/ubuntu`,
    source: "https://hub.docker.com/_/ubuntu",
    layers: ubuntuImage,
  },
  {
    repositories: `${HUB}alpine`,
    source: "https://hub.docker.com/_/alpine",
    layers: (tag) => [alpine(minorRelease(tag)), IS_BASE],
  },
  {
    repositories: `${HUB}busybox`,
    source: "https://hub.docker.com/_/busybox",
    layers: (tag) => [busybox(hasPart(tag, "musl") ? "musl" : hasPart(tag, "glibc") ? "glibc" : undefined), IS_BASE],
  },
  {
    repositories: `${HUB}fedora registry.fedoraproject.org/fedora quay.io/fedora/fedora`,
    source: "https://hub.docker.com/_/fedora",
    layers: (tag) => [redHat("fedora", majorRelease(tag), "dnf"), { present: "useradd groupadd", service: BASE }],
  },
  {
    repositories: `${HUB}centos quay.io/centos/centos`,
    source: "https://hub.docker.com/_/centos",
    layers: (tag) => {
      const release = majorRelease(tag) ?? /stream(\d+)/.exec(tag.written)?.[1];
      const manager = release === "6" || release === "7" ? "yum" : "dnf";
      return [redHat("rhel", release, manager), { present: "yum useradd groupadd", service: BASE }];
    },
  },
  {
    repositories: `${HUB}rockylinux docker.io/rockylinux/rockylinux ${HUB}almalinux quay.io/almalinuxorg/almalinux`,
    source: "https://hub.docker.com/r/rockylinux/rockylinux",
    layers: (tag) => [
      redHat("rhel", majorRelease(tag), hasPart(tag, "minimal") ? "microdnf" : "dnf"),
      {
        isMinimal: hasPart(tag, "minimal"),
        service: BASE,
        ...(!hasPart(tag, "minimal") && { present: "yum useradd groupadd" }),
      },
    ],
  },
  {
    repositories: `${HUB}amazonlinux public.ecr.aws/amazonlinux/amazonlinux`,
    source: "https://hub.docker.com/_/amazonlinux",
    layers: (tag) => {
      const release = majorRelease(tag);
      return [
        redHat("amazon", release, release === "2" || release === "1" ? "yum" : "dnf"),
        { present: "yum", absent: "useradd groupadd", unsure: "wget nc", service: BASE },
      ];
    },
  },
  {
    repositories: `${HUB}oraclelinux container-registry.oracle.com/os/oraclelinux`,
    source: "https://hub.docker.com/_/oraclelinux",
    layers: (tag) => {
      const release = majorRelease(tag);
      const manager = release === "7" || release === "6" ? "yum" : hasPart(tag, "slim") ? "microdnf" : "dnf";
      return [redHat("rhel", release, manager), { unsure: "wget nc", isMinimal: hasPart(tag, "slim"), service: BASE }];
    },
  },
  {
    repositories: "docker.io/opensuse/leap docker.io/opensuse/tumbleweed registry.opensuse.org/opensuse/leap",
    source: "https://hub.docker.com/r/opensuse/leap",
    layers: () => [otherLinux("suse", "zypper"), { absent: "apt-get apk dnf", service: BASE }],
  },
  {
    repositories: `${HUB}archlinux docker.io/archlinux/archlinux`,
    source: "https://hub.docker.com/_/archlinux",
    layers: () => [otherLinux("arch", "pacman"), { present: "curl", absent: "apt-get apk dnf", service: BASE }],
  },
  {
    repositories: `${HUB}photon`,
    source: "https://hub.docker.com/_/photon",
    layers: () => [otherLinux("photon", "tdnf"), { absent: "apt-get apk", service: BASE }],
  },
  ...["8", "9", "10"].flatMap((release): readonly ImageRow[] => redHatUniversal(release)),
  {
    repositories: "gcr.io/distroless/*",
    source: "https://github.com/GoogleContainerTools/distroless",
    layers: distroless,
  },
  {
    repositories: "cgr.dev/chainguard/* docker.io/chainguard/*",
    source: "https://images.chainguard.dev",
    layers: chainguard,
  },
  {
    repositories:
      "mcr.microsoft.com/windows mcr.microsoft.com/windows/* mcr.microsoft.com/windows/server mcr.microsoft.com/dotnet/framework/*",
    source: "https://mcr.microsoft.com/en-us/catalog?search=windows",
    layers: (_, repository) => [WINDOWS, { service: BASE, isSdk: repository.endsWith("/framework/sdk") }],
  },
];

/** Universal base images of Red Hat: full, minimal, micro, init. */
function redHatUniversal(release: string): readonly ImageRow[] {
  const source = "https://catalog.redhat.com/software/base-images";
  const names = (suffix: string) =>
    `registry.access.redhat.com/ubi${release}${suffix} registry.redhat.io/ubi${release}${suffix} docker.io/redhat/ubi${release}${suffix}`;
  const paths = (suffix: string) => `registry.access.redhat.com/ubi${release}/ubi${suffix} ${names(`/ubi${suffix}`)}`;
  return [
    {
      repositories: `${names("")} ${paths("")} ${names("-init")} ${paths("-init")}`,
      source,
      layers: () => [
        redHat("rhel", release, "dnf"),
        { present: "yum useradd groupadd", unsure: "wget nc", service: BASE },
      ],
    },
    {
      repositories: `${names("-minimal")} ${paths("-minimal")}`,
      source,
      layers: () => [
        redHat("rhel", release, "microdnf"),
        { absent: "useradd groupadd dnf yum python3", isMinimal: true, service: BASE },
      ],
    },
    {
      repositories: `${names("-micro")} ${paths("-micro")}`,
      source,
      layers: () => [
        redHat("rhel", release, "none"),
        { absent: "curl useradd groupadd dnf yum microdnf rpm python3", isMinimal: true, service: BASE },
      ],
    },
  ];
}
