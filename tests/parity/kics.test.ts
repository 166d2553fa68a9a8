import { testCases } from "./tool-cases.js";

/** In parts, so that nobody takes it for one. */
const TOKEN = ["glpat", "q7Rk2vXzL9mPw4TdYb8N"].join("-");

testCases("kics", {
  "add-instead-of-copy": {
    bad: [
      ["FROM openjdk:10-jdk\nADD app.jar /srv/\n", 2],
      ["FROM openjdk:10-jdk\nADD http-server.jar /srv/\n", 2],
    ],
    good: ["FROM openjdk:10-jdk\nCOPY app.jar /srv/\n", "FROM openjdk:10-jdk\nADD app.tar.gz /srv/\n"],
  },
  "apk-add-using-local-cache-path": {
    bad: [
      ["FROM gliderlabs/alpine:3.3\nRUN apk add --update-cache python\n", 2],
      ["FROM gliderlabs/alpine:3.3\nRUN apk add python\n", 2],
      ["FROM gliderlabs/alpine:3.3\nRUN apk add --virtual .deps gcc && pip install a && apk del .deps\n", 2],
    ],
    good: [
      "FROM gliderlabs/alpine:3.3\nRUN apk add --no-cache python\n",
      "FROM gliderlabs/alpine:3.3\nRUN apk add --update python && rm -rf /var/cache/apk/*\n",
    ],
  },
  "apt-get-install-lists-were-not-deleted": {
    bad: [
      ["FROM busybox:1.0\nRUN apt-get update && apt-get install --no-install-recommends -y python\n", 2],
      ["FROM busybox:1.0\nRUN apt-get update && apt-get install -y python && apt-get clean\n", 2],
      ["FROM busybox:1.0\nRUN apt-get update && apt-get install -y python\nRUN rm -rf /var/lib/apt/lists/*\n", 2],
    ],
    good: [
      "FROM busybox:1.0\nRUN apt-get update && apt-get install -y python && rm -rf /var/lib/apt/lists/*\n",
      "FROM busybox:1.0\nRUN apt-get update && apt-get install -y python && apt-get clean && rm -rf /var/lib/apt/lists/*\n",
      "FROM busybox:1.0\nRUN set -eux; apt-get update; apt-get install -y python; rm -rf /var/lib/apt/lists/*\n",
      "FROM busybox:1.0\nRUN --mount=type=cache,target=/var/cache/apt --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y python\n",
    ],
  },
  "apt-get-install-pin-version-not-defined": {
    bad: [
      ["FROM busybox:1.0\nRUN apt-get install -y python\n", 2],
      ['FROM busybox:1.0\nRUN ["apt-get", "install", "-y", "python"]\n', 2],
      ["FROM busybox:1.0\nRUN apt-get install -y \\\n  python=2.7.9-1 \\\n  curl\n", 4],
    ],
    good: [
      "FROM busybox:1.0\nRUN apt-get install -y python=2.7.9-1\n",
      'FROM busybox:1.0\nRUN ["apt-get", "install", "-y", "python=2.7.9-1"]\n',
      "FROM busybox:1.0\nRUN apt-get update && apt-get autoremove -y\n",
      "FROM busybox:1.0\nRUN apt-get install -y ./local.deb\n",
    ],
  },
  "apt-get-missing-y": {
    bad: [
      ["FROM node:12\nRUN apt-get install python=2.7\n", 2],
      ["FROM node:12\nRUN sudo apt-get install python=2.7 && sudo apt-get install apache2\n", 2, 2],
      ['FROM node:12\nRUN ["apt-get", "install", "python=2.7"]\n', 2],
    ],
    good: [
      "FROM node:12\nRUN apt-get -y install python=2.7\n",
      'FROM node:12\nRUN ["apt-get", "-y", "install", "python=2.7"]\n',
      "FROM node:12\nRUN DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes python\n",
    ],
  },
  "apt-get-not-avoiding-additional-packages": {
    bad: [
      ["FROM node:12\nRUN apt-get install -y apt-utils\n", 2],
      ['FROM node:12\nRUN ["apt-get", "install", "-y", "apt-utils"]\n', 2],
    ],
    good: [
      "FROM node:12\nRUN apt-get install --no-install-recommends -y apt-utils\n",
      'FROM node:12\nRUN ["apt-get", "install", "--no-install-recommends", "-y", "apt-utils"]\n',
      "FROM node:12\nRUN apt-get -o APT::Install-Recommends=false install -y apt-utils\n",
    ],
  },
  "changing-default-shell-using-run-command": {
    bad: [
      ["FROM alpine:3.5\nRUN ln -sf /bin/bash /bin/sh\n", 2],
      ["FROM alpine:3.5\nRUN ln -sfv /bin/bash /bin/sh && make\n", 2],
    ],
    good: ['FROM alpine:3.5\nSHELL ["/bin/bash", "-c"]\nRUN make\n'],
  },
  "chown-flag-exists": {
    bad: [],
    good: ["FROM python:2.7\nRUN pip install flask\nCOPY app.py /srv/app.py\nCMD python /srv/app.py\n"],
  },
  "copy-from-references-current-from-alias": {
    bad: [["FROM myimage:tag AS dep\nCOPY --from=dep /binary /\n", 2]],
    good: ["FROM golang:1.7.3 AS builder\nRUN go get a\nFROM alpine:3.1\nCOPY --from=builder /a /b\n"],
  },
  "copy-from-without-from-alias-defined-previously": {
    bad: [["FROM golang:1.7.3 AS builder\nRUN go build\nFROM alpine:3.1\nCOPY --from=2 /a /b\n", 4]],
    good: ["FROM golang:1.7.3 AS builder\nRUN go build\nFROM alpine:3.1\nCOPY --from=builder /a /b\n"],
  },
  "copy-with-more-than-two-arguments-not-ending-with-slash": {
    bad: [["FROM node:carbon2\nCOPY package.json yarn.lock my_app\n", 2]],
    good: [
      "FROM node:carbon1\nCOPY package.json yarn.lock my_app/\n",
      "FROM node:carbon1\nCOPY package.json yarn.lock /\n",
    ],
  },
  "curl-or-wget-instead-of-add": {
    bad: [["FROM openjdk:10-jdk\nADD https://example.com/big.tar.xz /usr/src/things/\n", 2]],
    good: [
      "FROM openjdk:10-jdk\nRUN mkdir -p /usr/src/things && curl -SL https://example.com/big.tar.xz | tar -xJC /usr/src/things\n",
    ],
  },
  "gem-install-without-version": {
    bad: [
      ["FROM alpine:3.5\nRUN gem install rake\n", 2],
      ['FROM alpine:3.5\nRUN ["gem", "install", "rake"]\n', 2],
      ["FROM ruby:3.3\nRUN gem install grpc -v 1.58.0 && gem install blunder\n", 2],
    ],
    good: [
      // `floating`: what installs the packages, not what the image runs.
      "FROM alpine:3.5\nRUN gem install bundler\n",
      "FROM alpine:3.5\nRUN gem install bundler:2.0.2\n",
      "FROM alpine:3.5\nRUN gem install bundler -v 2.0.2\n",
      "FROM alpine:3.5\nRUN gem install bundler --version=2.0.2\n",
      "FROM alpine:3.5\nRUN gem install bundler:2.0.2 && bundle install\n",
    ],
  },
  "healthcheck-instruction-missing": {
    bad: [["FROM node:alpine\nEXPOSE 3000\nCMD node a.js\n", 1]],
    good: ["FROM node:alpine\nHEALTHCHECK CMD curl -f http://localhost\nCMD node a.js\n"],
  },
  "image-version-not-explicit": {
    bad: [
      ["FROM alpine\n", 1],
      ["FROM alpine:3.5\nFROM alpine\n", 2],
      ["FROM alpine:3.5 AS build\nFROM build\nFROM test\n", 3],
    ],
    good: [
      "FROM alpine:3.5\n",
      "FROM ubuntu:22.04 AS test\nFROM test AS release\n",
      "ARG IMAGE=alpine:3.12\nFROM $IMAGE\n",
      "ARG BASE=1.0\nFROM ghcr.io/example/app:$BASE AS x\nFROM x\n",
    ],
  },
  "image-version-using-latest": {
    bad: [
      ["FROM alpine:latest\n", 1],
      ["FROM --platform=linux/amd64 alpine:latest AS a\n", 1],
    ],
    good: ["FROM alpine:3.5\n"],
  },
  "last-user-is-root": {
    bad: [["FROM alpine:2.6\nUSER root\nRUN id\nUSER guest\nUSER root\n", 5]],
    good: ["FROM alpine:2.6\nUSER root\nRUN npm install\nUSER guest\n"],
  },
  "maintainer-instruction-being-used": {
    bad: [['FROM alpine:3.5\nMAINTAINER "someone"\n', 2]],
    good: ["FROM alpine:3.5\nLABEL org.opencontainers.image.authors=someone\n"],
  },
  "missing-dnf-clean-all": {
    bad: [
      ["FROM fedora:27\nRUN dnf install -y curl\n", 2],
      ["FROM fedora:27\nRUN set -uex && dnf config-manager --set-enabled a && dnf install -y docker-ce\n", 2],
    ],
    good: ["FROM fedora:27\nRUN dnf install -y curl && dnf clean all\n"],
  },
  "missing-flag-from-dnf-install": {
    bad: [
      ["FROM fedora:27\nRUN dnf install curl && dnf clean all\n", 2],
      ['FROM fedora:27\nRUN ["dnf", "install", "curl"]\n', 2],
      ["FROM fedora:27\nRUN microdnf install curl\n", 2],
    ],
    good: [
      "FROM fedora:27\nRUN dnf install -y curl\n",
      "FROM fedora:27\nRUN dnf --assumeyes install curl\n",
      "FROM fedora:27\nRUN microdnf install -y curl\n",
    ],
  },
  "missing-user-instruction": {
    bad: [
      ["FROM python:2.7\nRUN pip install flask\n", 1],
      ["FROM busybox:1.36 AS a\nUSER app\nFROM python:2.7\nRUN id\n", 3],
    ],
    good: ["FROM python:2.7\nRUN pip install flask\nUSER app\n", "FROM scratch\nCOPY app /app\n"],
  },
  "missing-version-specification-in-dnf-install": {
    bad: [
      ["FROM fedora:40\nRUN dnf -y update && dnf -y install httpd && dnf clean all\n", 2],
      ['FROM fedora:40\nRUN ["dnf", "install", "httpd"]\n', 2],
    ],
    good: ["FROM fedora:40\nRUN dnf -y install httpd-2.24.2 && dnf clean all\n"],
  },
  "missing-zypper-clean": {
    bad: [
      ["FROM busybox:1.0\nRUN zypper install -y httpd\n", 2],
      ["FROM busybox:1.0\nRUN zypper install -y httpd && zypper --non-interactive ref\n", 2],
    ],
    good: [
      "FROM busybox:1.0\nRUN zypper install -y httpd && zypper clean\n",
      "FROM busybox:1.0\nRUN zypper install -y httpd && zypper cc\n",
    ],
  },
  "missing-zypper-non-interactive-switch": {
    bad: [
      ["FROM busybox:1.0\nRUN zypper install httpd && zypper clean\n", 2],
      ["FROM busybox:1.0\nRUN zypper in httpd\n", 2],
      ["FROM busybox:1.0\nRUN zypper remove httpd\n", 2],
    ],
    good: [
      "FROM busybox:1.0\nRUN zypper install -y httpd && zypper clean\n",
      "FROM busybox:1.0\nRUN zypper -n remove httpd\n",
      "FROM busybox:1.0\nRUN zypper --non-interactive install httpd\n",
    ],
  },
  "multiple-cmd-instructions-listed": {
    bad: [['FROM golang:1.7.3\nCMD ["./app"]\nCMD ["./apps"]\n', 2]],
    good: ['FROM golang:1.7.3\nCMD ["./app"]\nFROM alpine:3.1\nCMD ["./app"]\n'],
  },
  "multiple-entrypoint-instructions-listed": {
    bad: [['FROM golang:1.7.3\nENTRYPOINT ["./app"]\nENTRYPOINT ["./apps"]\n', 2]],
    good: ['FROM golang:1.7.3\nENTRYPOINT ["./app"]\nFROM alpine:3.1\nENTRYPOINT ["./app"]\n'],
  },
  "multiple-run-add-copy-instructions-listed": {
    bad: [],
    good: [
      "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y wget\n",
      "FROM ubuntu:22.04\nCOPY README.md package.json gulpfile.js ./\n",
    ],
  },
  "not-using-json-in-cmd-and-entrypoint-arguments": {
    bad: [
      ["FROM alpine:3.5\nENTRYPOINT top\n", 2],
      ["FROM alpine:3.5\nCMD python /usr/src/app/app.py\n", 2],
    ],
    good: ['FROM alpine:3.5\nENTRYPOINT ["top", "-b"]\nCMD ["-c"]\n'],
  },
  "not-using-proper-exec-form-in-cmd-and-entrypoint-arguments": {
    bad: [
      ["FROM alpine:3.5\nENTRYPOINT ['top', '-b']\n", 2],
      ["FROM alpine:3.5\nCMD [python, /usr/src/app/app.py]\n", 2],
    ],
    good: ['FROM alpine:3.5\nENTRYPOINT ["top", "-b"]\n'],
  },
  "npm-install-command-without-pinned-version": {
    bad: [
      ["FROM node:12\nRUN npm install sax\n", 2],
      ["FROM node:12\nRUN npm install sax --no-cache\n", 2],
      ["FROM node:12\nRUN npm install sax | grep fail && npm install sax@latest\n", 2, 2],
      ["FROM node:12\nRUN npm install git://github.com/npm/cli.git\n", 2],
      ["FROM node:12\nRUN npm install -g @angular/cli\n", 2],
    ],
    good: [
      "FROM node:12\nRUN npm install\n",
      "FROM node:12\nRUN npm install sax@0.1.1\n",
      "FROM node:12\nRUN npm install @vue/cli@5.0.8\n",
      "FROM node:12\nRUN npm install git+ssh://git@github.com:npm/cli.git#v1.0.27\n",
      "FROM node:12\nRUN npm install git+https://isaacs@github.com/npm/cli.git#semver:^5.0\n",
      "FROM node:12\nRUN npm install --global @angular/cli@17.0.0\n",
    ],
  },
  "pip-install-keeping-cached-packages": {
    bad: [
      ["FROM python:3\nRUN pip install --upgrade pip && pip install nibabel\n", 2, 2],
      ["FROM python:3\nRUN python -m pip install requests\n", 2],
      ['FROM python:3\nRUN ["pip3", "install", "requests"]\n', 2],
    ],
    good: [
      "FROM python:3\nRUN pip install --no-cache-dir requests\n",
      "FROM python:3\nRUN pip3 --no-cache-dir install requests\n",
      'FROM python:3\nRUN ["pip3", "install", "requests", "--no-cache-dir"]\n',
      "FROM python:3\nENV PIP_NO_CACHE_DIR=1\nRUN pip install requests\n",
    ],
  },
  "run-instruction-using-cd-instead-of-workdir": {
    bad: [["FROM nginx:1.27\nRUN cd /usr/share/nginx/html && sed -e s/Docker/x/ a > b\n", 2]],
    good: ["FROM nginx:1.27\nWORKDIR /usr/share/nginx/html\nRUN sed -e s/Docker/x/ a > b\n"],
  },
  "run-using-apt": {
    bad: [
      ["FROM busybox:1.0\nRUN apt install curl\n", 2],
      ['FROM busybox:1.0\nRUN ["apt", "install", "curl"]\n', 2],
    ],
    good: ["FROM busybox:1.0\nRUN apt-get install curl\n", 'FROM busybox:1.0\nRUN ["apt-get", "install", "curl"]\n'],
  },
  "run-using-sudo": {
    bad: [
      ["FROM alpine:3.5\nRUN sudo pip install --upgrade pip\n", 2],
      ['FROM alpine:3.5\nRUN ["sudo", "pip", "install"]\n', 2],
    ],
    good: ["FROM alpine:3.5\nRUN pip install --upgrade pip\n", "FROM alpine:3.5\nRUN apk add sudo\n"],
  },
  "run-using-upgrade-commands": {
    bad: [
      ["FROM debian:12\nRUN apt-get update && apt-get upgrade -y\n", 2],
      ["FROM debian:12\nRUN apt-get -y dist-upgrade\n", 2],
    ],
    good: ["FROM debian:12\nRUN apt-get update && apt-get install -y curl\n"],
  },
  "run-using-dnf-update": {
    bad: [
      ["FROM fedora:40\nRUN dnf update -y\n", 2],
      ["FROM fedora:40\nRUN dnf -y upgrade\n", 2],
    ],
    good: ["FROM fedora:40\nRUN dnf install -y curl\n"],
  },
  "run-using-zypper-update": {
    bad: [["FROM opensuse/leap:15.2\nRUN zypper update -y\n", 2]],
    good: ["FROM opensuse/leap:15.2\nRUN zypper install -y curl\n"],
  },
  "use-of-apk-upgrade": {
    bad: [["FROM alpine:3.7\nRUN apk update && apk upgrade && apk add kubectl=1.20.0-r0\n", 2]],
    good: ["FROM alpine:3.7\nRUN apk update && apk add kubectl=1.20.0-r0\n"],
  },
  "yum-update-enabled": {
    bad: [
      ["FROM alpine:3.5\nRUN yum update -y\n", 2],
      ["FROM alpine:3.5\nRUN yum -y upgrade\n", 2],
    ],
    good: ["FROM alpine:3.5\nRUN yum install -y curl\n"],
  },
  "run-using-wget-and-curl": {
    bad: [
      ["FROM debian:12\nRUN wget http://example.com\nRUN curl http://example.net\n", 3],
      ['FROM debian:12\nRUN wget http://example.com\nRUN ["curl", "http://example.net"]\n', 3],
    ],
    good: ["FROM debian:12\nRUN curl http://example.com\nRUN curl http://example.net\n"],
  },
  "run-utilities-and-posix-commands": {
    bad: [
      ["FROM golang:1.12.0-stretch\nRUN top\n", 2],
      ["FROM golang:1.12.0-stretch\nRUN ps -ef\n", 2],
      ["FROM golang:1.12.0-stretch\nRUN shutdown\n", 2],
      ["FROM golang:1.12.0-stretch\nRUN service cron start\n", 2],
    ],
    good: [
      "FROM golang:1.12.0-stretch\nRUN apt-get install -y nano vim\n",
      "FROM golang:1.12.0-stretch\nRUN go build\n",
    ],
  },
  "same-alias-in-different-froms": {
    bad: [["FROM baz:1 AS build\nFROM golang:1.20 AS build\n", 2]],
    good: ["FROM baz:1 AS build\nFROM golang:1.20 AS run\n"],
  },
  "shell-running-a-pipe-without-pipefail-flag": {
    bad: [
      ["FROM node:12\nRUN wget -O - https://example.com | wc -l > /number\n", 2],
      ['FROM node:12\nRUN ["/bin/bash", "-c", "wget -O - https://example.com | wc -l > /number"]\n', 2],
      ['FROM node:12\nSHELL ["/bin/bash", "-c"]\nRUN wget -O - https://example.com | wc -l > /number\n', 3],
    ],
    good: [
      'FROM node:12\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN wget -O - https://example.com | wc -l > /number\n',
      'FROM node:12\nRUN ["/bin/bash", "-o", "pipefail", "-c", "wget -O - https://example.com | wc -l > /number"]\n',
      'FROM node:12\nSHELL ["pwsh", "-c"]\nRUN Get-Variable PSVersionTable | Select-Object -ExpandProperty Value\n',
    ],
  },
  "unix-ports-out-of-range": {
    bad: [["FROM gliderlabs/alpine:3.3\nEXPOSE 65536/tcp 80 443 22\n", 2]],
    good: ["FROM gliderlabs/alpine:3.3\nEXPOSE 65530/tcp 80 443 22\n"],
  },
  "unpinned-package-version-in-apk-add": {
    bad: [
      ["FROM alpine:3.9\nRUN apk add --update py-pip && pip install a\n", 2],
      ['FROM alpine:3.9\nRUN ["apk", "add", "py-pip"]\n', 2],
      ["FROM alpine:3.4\nRUN apk add --update py-pip=7.1.2-r0 git\n", 2],
    ],
    good: [
      "FROM alpine:3.9\nRUN apk add --update py-pip=7.1.2-r0\n",
      "FROM alpine:3.9\nRUN apk add --no-cache --virtual .deps python=2.7.1-r0\n",
      "FROM alpine:3.9\nRUN apk add 'py-pip>7.1'\n",
    ],
  },
  "unpinned-package-version-in-pip-install": {
    bad: [
      ["FROM alpine:3.9\nRUN pip install --no-cache-dir connexion\n", 2],
      ["FROM alpine:3.9\nRUN pip3 install requests\n", 2],
      ['FROM alpine:3.9\nRUN ["pip", "install", "connexion"]\n', 2],
      ["FROM alpine:3.9\nRUN pip install --user six && pip install connexion==1.2\n", 2],
    ],
    good: [
      "FROM alpine:3.9\nRUN pip install --no-cache-dir -r /usr/src/app/requirements.txt\n",
      "FROM alpine:3.9\nRUN pip install connexion==7.1.2\n",
      "FROM alpine:3.9\nRUN pip install 'connexion>=7,<8'\n",
      "FROM alpine:3.9\nRUN pip install .\n",
      "FROM alpine:3.9\nRUN pip install --requirement requirements.txt --index-url https://pypi.example.com/simple\n",
      "FROM alpine:3.9\nRUN pip install git+https://github.com/example/app.git@v1.0\n",
    ],
  },
  "update-instruction-alone": {
    bad: [
      ["FROM ubuntu:18.04\nRUN apt-get update\nRUN apt-get install -y --no-install-recommends mysql-client\n", 2],
      ["FROM alpine:3.20\nRUN apk update\nRUN apk add nginx\n", 2],
      ['FROM ubuntu:18.04\nRUN ["apt-get", "update"]\nRUN ["apt-get", "install", "-y", "netcat"]\n', 2],
    ],
    good: [
      "FROM ubuntu:18.04\nRUN apt-get update && apt-get install -y --no-install-recommends mysql-client\n",
      "FROM ubuntu:18.04\nRUN apt-get update && apt-get install -y netcat\nRUN apt-get install -y curl\n",
    ],
  },
  "using-platform-flag-with-from-command": {
    bad: [["FROM --platform=arm64 baz:1 AS baz\nRUN id\n", 1]],
    good: ["FROM baz:1 AS baz\n"],
  },
  "workdir-path-not-absolute": {
    bad: [
      ["FROM alpine:3.5\nWORKDIR workdir\n", 2],
      ["FROM alpine:3.5\nWORKDIR /srv\nWORKDIR ./sub\n", 3],
    ],
    good: [
      "FROM alpine:3.5\nWORKDIR /path/to/workdir\n",
      'FROM alpine:3.5\nWORKDIR "/path/to/workdir"\n',
      "FROM alpine:3.5\nENV DIRPATH=/path\nWORKDIR $DIRPATH/$DIRNAME\n",
      'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nWORKDIR "c:\\\\windows"\n',
    ],
  },
  "yum-clean-all-missing": {
    bad: [
      ["FROM alpine:3.5\nRUN yum install vim -y\n", 2],
      ["FROM alpine:3.5\nRUN yum clean all && yum install -y vim\n", 2],
    ],
    good: ["FROM alpine:3.5\nRUN yum install -y vim && yum clean all\n"],
  },
  "yum-install-allows-manual-input": {
    bad: [
      ["FROM alpine:3.5\nRUN yum install httpd-2.24.2\n", 2],
      ['FROM alpine:3.5\nRUN ["yum", "install", "httpd"]\n', 2],
    ],
    good: [
      "FROM alpine:3.5\nRUN yum install -y httpd-2.24.2\n",
      "FROM alpine:3.5\nRUN yum install httpd-2.24.2 -y\n",
      "FROM alpine:3.5\nRUN yum -yq install httpd\n",
    ],
  },
  "yum-install-without-version": {
    bad: [["FROM opensuse/leap:15.2\nRUN yum install -y httpd && yum clean all\n", 2]],
    good: ["FROM opensuse/leap:15.2\nRUN yum install -y httpd-2.46 && yum clean all\n"],
  },
  "zypper-install-without-version": {
    bad: [["FROM opensuse/leap:15.2\nRUN zypper install -y httpd && zypper clean\n", 2]],
    good: ["FROM opensuse/leap:15.2\nRUN zypper install -y httpd=2.4.46 && zypper clean\n"],
  },
  "passwords-and-secrets": {
    bad: [
      [`FROM alpine:3.20\nENV PUSH=${TOKEN}\n`, 2],
      [`FROM alpine:3.20\nRUN curl -H 'PRIVATE-TOKEN: ${TOKEN}' https://gitlab.com/api/v4/user\n`, 2],
    ],
    good: ["FROM alpine:3.20\nENV LANG=C.UTF-8\n"],
  },
});
