import { testCases } from "./tool-cases.js";

testCases("semgrep", {
  "alias-must-be-unique": {
    bad: [["FROM debian:12 AS build\nFROM debian:11 AS build\n", 2]],
    good: ["FROM debian:12 AS build\nFROM debian:11 AS test\n", "FROM build:1\nFROM test:1\n"],
  },
  "avoid-apk-upgrade": {
    bad: [
      ["FROM alpine:3.20\nRUN apk upgrade\n", 2],
      ["FROM alpine:3.20\nRUN apk update && apk upgrade && apk add --no-cache curl\n", 2],
    ],
    good: ["FROM alpine:3.20\nRUN apk add --no-cache curl\n"],
  },
  "avoid-apt-get-upgrade": {
    bad: [
      ["FROM debian:12\nRUN apt-get update && apt-get upgrade -y\n", 2],
      ["FROM debian:12\nRUN apt-get -y dist-upgrade\n", 2],
    ],
    good: ["FROM debian:12\nRUN apt-get update && apt-get install -y curl\n"],
  },
  "avoid-dnf-update": {
    bad: [
      ["FROM fedora:40\nRUN dnf -y update\n", 2],
      ["FROM fedora:40\nRUN dnf update -y && dnf clean all\n", 2],
    ],
    good: ["FROM fedora:40\nRUN dnf install -y curl\n"],
  },
  "avoid-yum-update": {
    bad: [
      ["FROM centos:7\nRUN yum update -y\n", 2],
      ["FROM centos:7\nRUN yum -y update && yum -y install curl\n", 2],
    ],
    good: ["FROM centos:7\nRUN yum install -y curl\n"],
  },
  "avoid-zypper-update": {
    bad: [
      ["FROM opensuse/leap:15.6\nRUN zypper update\n", 2],
      ["FROM opensuse/leap:15.6\nRUN zypper -n up && zypper clean\n", 2],
    ],
    good: ["FROM opensuse/leap:15.6\nRUN zypper -n install curl\n"],
  },
  "avoid-latest-version": {
    bad: [
      ["FROM debian:latest\n", 1],
      ["FROM debian:latest AS build\n", 1],
      ["FROM example/debian:latest\n", 1],
    ],
    good: ["FROM debian:12\n", "FROM example/latest:1.0\n"],
  },
  "avoid-platform-with-from": {
    bad: [["FROM --platform=linux/amd64 debian:12\n", 1]],
    good: ["FROM debian:12\n", "FROM --platform=$BUILDPLATFORM debian:12\n"],
  },
  "copy-from-own-alias": {
    bad: [["FROM debian:12 AS build\nCOPY --from=build /a /b\n", 2]],
    good: ["FROM debian:12 AS build\nRUN a\nFROM debian:12\nCOPY --from=build /a /b\n"],
  },
  "dockerfile-source-not-pinned": {
    bad: [
      ["FROM python:3.12-slim\n", 1],
      ["FROM python\n", 1],
      ["FROM python:latest AS build\nFROM alpine:3.20\n", 1, 2],
    ],
    good: [
      "FROM python:3.12@sha256:aadea1b1f16af043a34491eec481d0132479382096ea34f608087b4bef3634be\n",
      "FROM python@sha256:aadea1b1f16af043a34491eec481d0132479382096ea34f608087b4bef3634be AS build\nFROM build\n",
      "FROM scratch\n",
    ],
  },
  "invalid-port": {
    bad: [
      ["FROM alpine:3.20\nEXPOSE 65536\n", 2],
      ["FROM alpine:3.20\nEXPOSE 80 70000 443\n", 2],
    ],
    good: ["FROM alpine:3.20\nEXPOSE 65535\n", "FROM alpine:3.20\nEXPOSE 80 443/tcp 514/udp\n"],
  },
  "last-user-is-root": {
    bad: [
      ["FROM debian:12\nUSER root\n", 2],
      ["FROM debian:12\nUSER app\nRUN id\nUSER root\nCMD id\n", 4],
    ],
    good: ["FROM debian:12\nUSER root\nRUN id\nUSER app\n"],
  },
  "maintainer-is-deprecated": {
    bad: [["FROM debian:12\nMAINTAINER ann@example.com\n", 2]],
    good: ["FROM debian:12\nLABEL maintainer=ann@example.com\n"],
  },
  "missing-apk-no-cache": {
    bad: [
      ["FROM alpine:3.20\nRUN apk add curl\n", 2],
      ["FROM alpine:3.20\nRUN apk update && apk add curl\n", 2],
    ],
    good: ["FROM alpine:3.20\nRUN apk add --no-cache curl\n", "FROM alpine:3.20\nRUN apk --no-cache add curl\n"],
  },
  "missing-assume-yes-switch": {
    bad: [
      ["FROM debian:12\nRUN apt-get update && apt-get install curl\n", 2],
      ["FROM debian:12\nRUN apt-get install curl && apt-get install -y wget\n", 2],
    ],
    good: [
      "FROM debian:12\nRUN apt-get install -y curl\n",
      "FROM debian:12\nRUN apt-get install --yes curl\n",
      "FROM debian:12\nRUN apt-get install --assume-yes curl\n",
      "FROM debian:12\nRUN apt-get -y install curl\n",
    ],
  },
  "missing-dnf-assume-yes-switch": {
    bad: [["FROM fedora:40\nRUN dnf install curl && dnf clean all\n", 2]],
    good: ["FROM fedora:40\nRUN dnf install -y curl\n", "FROM fedora:40\nRUN dnf --assumeyes install curl\n"],
  },
  "missing-yum-assume-yes-switch": {
    bad: [["FROM centos:7\nRUN yum install curl && yum clean all\n", 2]],
    good: ["FROM centos:7\nRUN yum -y install curl\n", "FROM centos:7\nRUN yum install --assumeyes curl\n"],
  },
  "missing-zypper-no-confirm-switch": {
    bad: [["FROM opensuse/leap:15.6\nRUN zypper install curl\n", 2]],
    good: [
      "FROM opensuse/leap:15.6\nRUN zypper install -y curl\n",
      "FROM opensuse/leap:15.6\nRUN zypper install --no-confirm curl\n",
      "FROM opensuse/leap:15.6\nRUN zypper --non-interactive install curl\n",
    ],
  },
  "missing-dnf-clean-all": {
    bad: [["FROM fedora:40\nRUN dnf install -y curl\n", 2]],
    good: ["FROM fedora:40\nRUN dnf install -y curl && dnf clean all\n"],
  },
  "missing-yum-clean-all": {
    bad: [["FROM centos:7\nRUN yum install -y curl\n", 2]],
    good: ["FROM centos:7\nRUN yum install -y curl && yum clean all\n"],
  },
  "missing-zypper-clean": {
    bad: [["FROM opensuse/leap:15.6\nRUN zypper -n install curl\n", 2]],
    good: ["FROM opensuse/leap:15.6\nRUN zypper -n install curl && zypper clean\n"],
  },
  "missing-image-version": {
    bad: [
      ["FROM debian\n", 1],
      ["FROM --platform=linux/amd64 debian AS build\n", 1],
      ["FROM registry.example.com:5000/debian\n", 1],
    ],
    good: ["FROM debian:12\n", "FROM debian:12 AS build\nFROM build\n", "FROM scratch\n"],
  },
  "missing-no-install-recommends": {
    bad: [["FROM debian:12\nRUN apt-get update && apt-get install -y curl\n", 2]],
    good: ["FROM debian:12\nRUN apt-get install -y --no-install-recommends curl\n"],
  },
  "missing-pip-no-cache-dir": {
    bad: [
      ["FROM debian:12\nRUN pip3 install requests\n", 2],
      ["FROM debian:12\nRUN pip install -r requirements.txt\n", 2],
    ],
    good: [
      "FROM debian:12\nRUN pip3 install --no-cache-dir requests\n",
      "FROM debian:12\nENV PIP_NO_CACHE_DIR=1\nRUN pip install requests\n",
    ],
  },
  "missing-user": {
    bad: [["FROM debian:12\nCMD httpd\n", 1]],
    good: ["FROM debian:12\nUSER app\nCMD httpd\n"],
  },
  "missing-user-entrypoint": {
    bad: [['FROM debian:12\nENTRYPOINT ["httpd"]\n', 1]],
    good: ['FROM debian:12\nUSER app\nENTRYPOINT ["httpd"]\n'],
  },
  "multiple-cmd-instructions": {
    bad: [["FROM debian:12\nCMD a\nCMD b\n", 2]],
    good: ["FROM debian:12\nCMD a\n", "FROM debian:12 AS a\nCMD a\nFROM debian:12\nCMD b\n"],
  },
  "multiple-entrypoint-instructions": {
    bad: [["FROM debian:12\nENTRYPOINT a\nENTRYPOINT b\n", 2]],
    good: ["FROM debian:12\nENTRYPOINT a\n", "FROM debian:12 AS a\nENTRYPOINT a\nFROM debian:12\nENTRYPOINT b\n"],
  },
  "no-sudo-in-dockerfile": {
    bad: [
      ["FROM debian:12\nRUN sudo apt-get update\n", 2],
      ["FROM debian:12\nRUN sudo -E make\n", 2],
    ],
    good: ["FROM debian:12\nRUN apt-get install -y sudo\n"],
  },
  "nonsensical-command": {
    bad: [
      ["FROM debian:12\nRUN top\n", 2],
      ["FROM debian:12\nRUN kill 1\n", 2],
      ["FROM debian:12\nRUN mount /dev/sda1 /mnt\n", 2],
      ["FROM debian:12\nRUN ps aux\n", 2],
      ["FROM debian:12\nRUN shutdown now\n", 2],
      ["FROM debian:12\nRUN service nginx start\n", 2],
      ["FROM debian:12\nRUN free -m\n", 2],
      ["FROM debian:12\nRUN ifconfig\n", 2],
      ["FROM debian:12\nRUN nano a.txt\n", 2],
      ["FROM debian:12\nRUN vim a.txt\n", 2],
    ],
    good: ["FROM debian:12\nRUN make\n", "FROM debian:12\nRUN apt-get install -y vim\n"],
  },
  "prefer-apt-get": {
    bad: [["FROM debian:12\nRUN apt update && apt install -y curl\n", 2, 2]],
    good: ["FROM debian:12\nRUN apt-get update\n"],
  },
  "prefer-copy-over-add": {
    bad: [
      ["FROM debian:12\nADD app /srv\n", 2],
      ["FROM debian:12\nADD /home/app/* ./\n", 2],
    ],
    good: [
      "FROM debian:12\nCOPY app /srv\n",
      "FROM debian:12\nADD app.tar.gz /srv\n",
      "FROM debian:12\nADD https://example.com/a /srv/\n",
    ],
  },
  "prefer-json-notation": {
    bad: [
      ["FROM debian:12\nCMD httpd -D\n", 2],
      ["FROM debian:12\nENTRYPOINT httpd\n", 2],
    ],
    good: ['FROM debian:12\nCMD ["httpd", "-D"]\n', 'FROM debian:12\nENTRYPOINT ["httpd"]\n'],
  },
  "remove-package-cache": {
    bad: [],
    good: [
      // Debian's image does so itself.
      "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n",
      "FROM debian:12\nRUN apt-get update && apt-get install -y curl && apt-get clean\n",
    ],
  },
  "remove-package-lists": {
    bad: [["FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n", 2]],
    good: ["FROM debian:12\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n"],
  },
  "secret-in-build-arg": {
    bad: [
      ["FROM debian:12\nARG API_TOKEN\nRUN ./deploy\n", 2],
      ["FROM debian:12\nARG DB_PASSWORD=x7Gh2kLq9\nRUN ./deploy\n", 2],
    ],
    good: ["FROM debian:12\nARG VERSION=1.0\nRUN ./deploy\n"],
  },
  "set-pipefail": {
    bad: [
      ["FROM debian:12\nRUN curl https://example.com/a | tar x\n", 2],
      ["FROM debian:12\nRUN wget -O - https://example.com | wc -l > /number\n", 2],
    ],
    good: [
      'FROM debian:12\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl https://example.com/a | tar x\n',
      "FROM fedora:40\nRUN set -o pipefail && curl https://example.com/a | tar x\n",
      "FROM debian:12\nRUN make || true\n",
    ],
  },
  "use-absolute-workdir": {
    bad: [["FROM debian:12\nWORKDIR usr/src/app\n", 2]],
    good: ["FROM debian:12\nWORKDIR /usr/src/app\n", "FROM debian:12\nENV D=/srv\nWORKDIR $D\n"],
  },
  "use-either-wget-or-curl": {
    bad: [["FROM debian:12\nRUN wget http://example.com/a\nRUN curl http://example.com/b\n", 3]],
    good: ["FROM debian:12\nRUN curl http://example.com/a\nRUN curl http://example.com/b\n"],
  },
  "use-shell-instruction": {
    bad: [
      ["FROM debian:12\nRUN ln -sfv /bin/bash /bin/sh\n", 2],
      ["FROM debian:12\nRUN ln -snf /bin/bash /bin/sh\n", 2],
    ],
    good: ['FROM debian:12\nSHELL ["/bin/bash", "-c"]\nRUN id\n', "FROM debian:12\nRUN ln -s /bin/busybox /bin/sed\n"],
  },
  "use-workdir": {
    bad: [["FROM debian:12\nRUN cd /srv && make\n", 2]],
    good: ["FROM debian:12\nWORKDIR /srv\nRUN make\n"],
  },
});
