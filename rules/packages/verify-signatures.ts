import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import {
  type SignatureKind,
  type UncheckedSignature,
  uncheckedSignatures,
} from "../../src/project/unchecked-signatures.js";
import { removeWords } from "../../src/project/word-edits.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "packages/verify-signatures",
  summary: "Signature checks of package managers stay on",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    apt: { summary: "apt takes packages of repositories that nobody signed", aliases: ["checkov:CKV2_DOCKER_8"] },
    "apt-force": {
      summary: "`--force-yes` takes everything, unsigned packages too",
      aliases: ["checkov:CKV2_DOCKER_11"],
    },
    apk: { summary: "apk takes packages without a trusted signature", aliases: ["checkov:CKV2_DOCKER_7"] },
    yum: { summary: "yum, dnf and their kin do not look at signatures", aliases: ["checkov:CKV2_DOCKER_9"] },
    rpm: { summary: "rpm does not look at signatures or digests", aliases: ["checkov:CKV2_DOCKER_10"] },
    zypper: { summary: "zypper does not look at signatures" },
    pacman: { summary: "pacman does not look at signatures" },
    go: { summary: "Go does not ask the database of checksums" },
    gem: { summary: "gem is told that signatures do not matter" },
    other: { summary: "Another tool is told to take what nobody vouches for" },
  },
  roles: "all",
  fixable: "sometimes",
  securitySeverity: 7.5,
  why: [
    "The signature is what ties a package to the people who made it. Without the check, whoever sits between the build and the " +
      "mirror, or takes over the mirror, chooses what runs as root in the build and ends up in the image. TLS does not help: it " +
      "vouches for the server, not for the files on it.",
    "Files that come from the context or from another stage were trusted before they got here; for them this is a note.",
  ],
  references: [
    "CWE-347",
    "CIS 4.11",
    "https://manpages.debian.org/stable/apt/apt-secure.8.en.html",
    "https://man.archlinux.org/man/pacman.conf.5#PACKAGE_AND_DATABASE_SIGNATURE_CHECKING",
    "https://go.dev/ref/mod#checksum-database",
  ],
  mentions: {
    dockerfile: [
      "--allow-un",
      "--force-yes",
      "--no-gpg",
      "gpgcheck",
      "--nosign",
      "--nodig",
      "--nover",
      "--nofile",
      "authenticated",
      "insecure",
      "trusted",
      "siglevel",
      "gosumdb",
      "gonosum",
      "goprivate",
      "nosecurity",
    ],
  },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "apt-get without authentication",
        kind: "apt",
        message: "`--allow-unauthenticated`",
        files: {
          Dockerfile: ["FROM debian:12", "RUN apt-get update && apt-get install -y «--allow-unauthenticated» nginx"],
        },
        fixed: { Dockerfile: ["FROM debian:12", "RUN apt-get update && apt-get install -y nginx"] },
      },
      {
        name: "apt of a repository without signature",
        kind: "apt",
        files: { Dockerfile: ["FROM debian:12", "RUN apt update «--allow-insecure-repositories»"] },
        fixed: { Dockerfile: ["FROM debian:12", "RUN apt update"] },
      },
      {
        name: "settings on the command line",
        kind: "apt",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "RUN apt-get -o «Acquire::AllowInsecureRepositories=true» update",
            "RUN apt-get install -y -o «APT::Get::AllowUnauthenticated=true» nginx",
          ],
        },
        fixed: { Dockerfile: ["FROM debian:12", "RUN apt-get update", "RUN apt-get install -y nginx"] },
      },
      {
        name: "a repository that is called trusted",
        kind: "apt",
        message: "`trusted=yes`",
        files: {
          Dockerfile: [
            "FROM debian:12",
            'RUN echo "deb [«trusted=yes»] https://apt.acme.io/debian stable main" > /etc/apt/sources.list.d/acme.list',
            "RUN echo 'deb [arch=amd64 «trusted=yes»] https://apt.acme.io stable main' | tee /etc/apt/sources.list.d/b.list",
            "RUN sed -i 's/^deb /deb [«trusted=yes»] /' /etc/apt/sources.list",
          ],
        },
      },
      {
        name: "heredocs are read",
        kind: "apt",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "COPY <<EOF /etc/apt/sources.list.d/acme.sources",
            "Types: deb",
            "URIs: https://apt.acme.io",
            "«Trusted: yes»",
            "EOF",
            "RUN cat > /etc/apt/apt.conf.d/99insecure <<EOF",
            '«APT::Get::AllowUnauthenticated "true»";',
            "EOF",
          ],
        },
      },
      {
        name: "a note for a repository of this machine",
        kind: "apt",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "COPY debs /debs",
            'RUN echo "deb [«trusted=yes»] file:/debs ./" > /etc/apt/sources.list.d/local.list',
          ],
        },
      },
      {
        name: "everything is forced",
        kind: "apt-force",
        files: { Dockerfile: ["FROM ubuntu:22.04", "RUN apt-get install -y \\", "    «--force-yes» \\", "    curl"] },
        fixed: { Dockerfile: ["FROM ubuntu:22.04", "RUN apt-get install -y \\", "    curl"] },
      },
      {
        name: "apk",
        kind: "apk",
        files: { Dockerfile: ["FROM alpine:3.22", "RUN apk add --no-cache «--allow-untrusted» glibc"] },
        fixed: { Dockerfile: ["FROM alpine:3.22", "RUN apk add --no-cache glibc"] },
      },
      {
        name: "apk with a file that was downloaded",
        kind: "apk",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "RUN wget -q https://example.com/glibc.apk && apk add «--allow-untrusted» glibc.apk",
          ],
        },
        fixed: {
          Dockerfile: ["FROM alpine:3.22", "RUN wget -q https://example.com/glibc.apk && apk add glibc.apk"],
        },
      },
      {
        name: "a note for a file of the context",
        kind: "apk",
        files: {
          Dockerfile: ["FROM alpine:3.22", "COPY my.apk /tmp/", "RUN apk add «--allow-untrusted» /tmp/*.apk"],
        },
        fixed: { Dockerfile: ["FROM alpine:3.22", "COPY my.apk /tmp/", "RUN apk add /tmp/*.apk"] },
      },
      {
        name: "yum, dnf and microdnf",
        kind: "yum",
        files: {
          Dockerfile: [
            "FROM rockylinux:9",
            "RUN yum install -y «--nogpgcheck» nginx",
            "RUN dnf -y «--no-gpgchecks» install nginx && microdnf install «--setopt=*.gpgcheck=0» nginx",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM rockylinux:9",
            "RUN yum install -y nginx",
            "RUN dnf -y install nginx && microdnf install nginx",
          ],
        },
      },
      {
        name: "a file of repositories",
        kind: "yum",
        files: {
          Dockerfile: [
            "FROM rockylinux:9",
            "RUN printf '[acme]\\nbaseurl=https://rpm.acme.io\\n«gpgcheck=0»\\n' > /etc/yum.repos.d/acme.repo",
            "RUN sed -i 's/gpgcheck=1/«gpgcheck=0»/' /etc/yum.conf",
            "RUN yum-config-manager --save «--setopt=acme.gpgcheck=0»",
            "COPY <<EOF /etc/yum.repos.d/base.repo",
            "# gpgcheck=0",
            "gpgcheck=1",
            "«repo_gpgcheck=0»",
            "EOF",
          ],
        },
      },
      {
        name: "rpm",
        kind: "rpm",
        files: {
          Dockerfile: ["FROM rockylinux:9", "RUN rpm -ivh «--nosignature» «--nodigest» https://rpm.acme.io/agent.rpm"],
        },
        fixed: { Dockerfile: ["FROM rockylinux:9", "RUN rpm -ivh https://rpm.acme.io/agent.rpm"] },
      },
      {
        name: "rpm without digests of files",
        kind: "rpm",
        files: { Dockerfile: ["FROM rockylinux:9", "RUN rpm -i «--noverify» «--nofiledigest» agent.rpm"] },
        fixed: { Dockerfile: ["FROM rockylinux:9", "RUN rpm -i agent.rpm"] },
      },
      {
        name: "zypper",
        kind: "zypper",
        files: { Dockerfile: ["FROM opensuse/leap:15.6", "RUN zypper «--no-gpg-checks» install -y nginx"] },
        fixed: { Dockerfile: ["FROM opensuse/leap:15.6", "RUN zypper install -y nginx"] },
      },
      {
        name: "pacman",
        kind: "pacman",
        files: {
          Dockerfile: ["FROM archlinux:base", "RUN sed -i 's/^SigLevel.*/«SigLevel = Never»/' /etc/pacman.conf"],
        },
      },
      {
        name: "Go",
        kind: "go",
        message: "`GOSUMDB=off`",
        files: {
          Dockerfile: [
            "FROM golang:1.24",
            "ENV «GOSUMDB=off» «GONOSUMDB=*»",
            'ENV «GOFLAGS="-mod=mod -insecure"»',
            "RUN «GONOSUMCHECK=1» go mod download && go env -w «GOPRIVATE=*»",
          ],
        },
      },
      {
        name: "gem",
        kind: "gem",
        files: { Dockerfile: ["FROM ruby:3.4", "RUN gem install «-P» NoSecurity rails"] },
        fixed: { Dockerfile: ["FROM ruby:3.4", "RUN gem install rails"] },
      },
      {
        name: "cosign",
        kind: "other",
        files: {
          Dockerfile: ["FROM alpine:3.22", "RUN cosign verify «--insecure-ignore-tlog» --key k.pub ghcr.io/acme/api"],
        },
        fixed: { Dockerfile: ["FROM alpine:3.22", "RUN cosign verify --key k.pub ghcr.io/acme/api"] },
      },
    ],
    good: [
      {
        name: "a key of one's own",
        files: {
          Dockerfile: ["FROM alpine:3.22", "COPY keys/x.rsa.pub /etc/apk/keys/", "RUN apk add --no-cache api"],
        },
      },
      {
        name: "checks stay on",
        files: {
          Dockerfile: [
            "FROM rockylinux:9",
            "RUN yum install -y nginx && rpm -K agent.rpm && sed -i 's/gpgcheck=0/gpgcheck=1/' /etc/yum.conf",
          ],
        },
      },
      {
        name: "a signed repository",
        files: {
          Dockerfile: [
            "FROM debian:12",
            'RUN echo "deb [signed-by=/etc/apt/keyrings/acme.gpg] https://apt.acme.io stable main" \\',
            "    > /etc/apt/sources.list.d/acme.list",
          ],
        },
      },
      {
        name: "settings that switch a check on",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "RUN apt-get -o APT::Get::AllowUnauthenticated=false -o Dpkg::Use-Pty=0 update",
          ],
        },
      },
      {
        name: "private modules, and the usual database",
        files: {
          Dockerfile: [
            "FROM golang:1.24",
            "ENV GONOSUMDB=github.com/acme/* GOPRIVATE=github.com/acme GOSUMDB=sum.golang.org",
            "RUN GOFLAGS=-mod=readonly go build ./...",
          ],
        },
      },
      {
        name: "a policy of gem that checks",
        files: { Dockerfile: ["FROM ruby:3.4", "RUN gem install -P HighSecurity rails"] },
      },
      { name: "an option of another program", files: { Dockerfile: ["FROM debian:12", "RUN ./check --nosignature"] } },
      {
        name: "a value that nobody can know",
        files: { Dockerfile: ["FROM golang:1.24", "ARG DB", "ENV GOSUMDB=$DB"] },
      },
    ],
  },
});

const REMEDIES: Readonly<Record<SignatureKind, string>> = {
  apt: "import the repository's key, name it with `signed-by`",
  "apt-force": "use `-y` alone",
  apk: "put the repository's key into `/etc/apk/keys`",
  yum: "import the repository's key, leave the check on",
  rpm: "import the publisher's key with `rpm --import`",
  zypper: "import the repository's key with `rpm --import`",
  pacman: "import the key with `pacman-key`",
  go: "name private modules in `GOPRIVATE` only",
  gem: "leave it out, or use `MediumSecurity`",
  other: "keep the proof and check it",
};

function* checkStage(stage: StageView): Iterable<Finding> {
  for (const unchecked of uncheckedSignatures(stage)) {
    const { kind, what, range, isLocal } = unchecked;
    const fact = kind === "go" ? "takes modules nobody vouches for" : "takes packages nobody signed";
    yield {
      kind,
      range,
      message: `${quoted(what)} ${fact}; ${REMEDIES[kind]}`,
      atMost: isLocal ? "info" : undefined,
      fix: withoutOption(unchecked),
    };
  }
}

/** Unsafe: a package without a known signature is refused from then on. */
function withoutOption({ what, option }: UncheckedSignature): Fix | undefined {
  if (option === undefined) return undefined;
  return { description: `drop ${quoted(what)}`, safety: "unsafe", edits: [removeWords(option.first, option.last)] };
}
