import { testCases } from "./tool-cases.js";

testCases("trivy", {
  "DS-0001": {
    bad: [
      ["FROM debian:latest\n", 1],
      ["FROM debian\n", 1],
      ["FROM golang:latest AS build\nRUN go build\nFROM alpine:3.20\n", 1],
      ["FROM alpine:3.20 AS build\nFROM registry.example.com:5000/shop/api:latest\n", 2],
      ["FROM registry.example.com:5000/shop/api\n", 1],
      ["ARG BASE=alpine:latest\nFROM $BASE\n", 1],
      ["ARG TAG=latest\nFROM alpine:${TAG}\n", 1],
    ],
    good: [
      "FROM debian:9\n",
      "FROM scratch\n",
      "FROM golang:1.22 AS build\nFROM build\n",
      "ARG BASE=alpine:3.20\nFROM $BASE\n",
      "ARG TAG=3.20\nFROM alpine:$TAG AS base\nFROM base\n",
      "FROM node@sha256:aadea1b1f16af043a34491eec481d0132479382096ea34f608087b4bef3634be\n",
      "FROM --platform=linux/amd64 debian:12\n",
      "ARG BASE\nFROM $BASE\n",
    ],
  },
  "DS-0002": {
    bad: [
      ["FROM debian:12\nRUN apt-get update\n", 1],
      ["FROM debian:12\nUSER root\n", 2],
      ["FROM debian:12\nUSER 0\n", 2],
      ["FROM debian:12\nUSER root:root\n", 2],
      ["FROM debian:12\nUSER app\nRUN id\nUSER root\n", 4],
      ["FROM debian:12 AS build\nUSER app\nFROM debian:12\nCOPY --from=build /a /a\n", 3],
    ],
    good: [
      "FROM debian:12\nUSER app\n",
      "FROM debian:12\nUSER root\nRUN apt-get update\nUSER app\n",
      "FROM debian:12\nUSER 1001:0\n",
      "FROM golang:1.22 AS build\nRUN go build\nFROM debian:12\nUSER nobody\n",
    ],
  },
  "DS-0005": {
    bad: [
      ['FROM alpine:3.20\nADD "/target/app.jar" "app.jar"\n', 2],
      ["FROM alpine:3.20\nADD src /srv/src\nADD conf /etc/app\n", 2, 3],
      ['FROM alpine:3.20\nADD ["a.txt", "b.txt", "/srv/"]\n', 2],
    ],
    good: [
      "FROM alpine:3.20\nADD rootfs.tar.gz /\n",
      "FROM alpine:3.20\nADD rootfs.tar /\n",
      "FROM alpine:3.20\nADD rootfs.tar.xz /\n",
      "FROM alpine:3.20\nADD https://example.com/app.bin /srv/\n",
      "FROM alpine:3.20\nADD https://github.com/example/app.git#v1.0 /srv/app\n",
      "FROM alpine:3.20\nCOPY test.txt test2.txt /srv/\n",
    ],
  },
  "DS-0006": {
    bad: [
      ["FROM golang:1.22 AS dep\nCOPY --from=dep /binary /\nRUN go build\n", 2],
      ["FROM golang:1.22 AS build\nFROM debian:12 AS run\nCOPY --from=run /binary /\n", 3],
      ["FROM golang:1.22 AS Build\nCOPY --from=build /binary /\n", 2],
      ["FROM golang:1.22\nCOPY --from=0 /binary /\n", 2],
    ],
    good: [
      "FROM golang:1.22 AS dep\nRUN go build\nFROM debian:12\nCOPY --from=dep /binary /\n",
      "FROM golang:1.22 AS dep\nCOPY --from=nginx:1.27 /etc/nginx /etc/nginx\n",
    ],
  },
  "DS-0007": {
    bad: [
      ['FROM node:20\nENTRYPOINT ["npx"]\nENTRYPOINT ["node"]\n', 2],
      ["FROM node:20 AS a\nENTRYPOINT a\nENTRYPOINT b\nENTRYPOINT c\nFROM a\nENTRYPOINT d\n", 2, 3],
    ],
    good: [
      'FROM node:20\nENTRYPOINT ["node"]\n',
      'FROM node:20 AS build\nENTRYPOINT ["npx"]\nFROM node:20\nENTRYPOINT ["node"]\n',
      'FROM node:20\nENTRYPOINT ["node"]\nCMD ["server.js"]\n',
    ],
  },
  "DS-0008": {
    bad: [
      ["FROM alpine:3.20\nEXPOSE 65536\n", 2],
      ["FROM alpine:3.20\nEXPOSE 80 65536 8080\n", 2],
      ["FROM alpine:3.20\nEXPOSE 65536/tcp\n", 2],
      ["FROM alpine:3.20\nEXPOSE 99999/udp\n", 2],
    ],
    good: [
      "FROM alpine:3.20\nEXPOSE 65535\n",
      "FROM alpine:3.20\nEXPOSE 80/tcp 443 8080/udp\n",
      "FROM alpine:3.20\nARG PORT\nEXPOSE $PORT\n",
    ],
  },
  "DS-0009": {
    bad: [
      ["FROM alpine:3.20\nWORKDIR path/to/workdir\n", 2],
      ['FROM alpine:3.20\nWORKDIR "app"\n', 2],
      ["FROM alpine:3.20\nWORKDIR ./app\n", 2],
    ],
    good: [
      "FROM alpine:3.20\nWORKDIR /path/to/workdir\n",
      'FROM alpine:3.20\nWORKDIR "/app"\n',
      "FROM alpine:3.20\nARG HOME_DIR\nWORKDIR $HOME_DIR\n",
      "FROM alpine:3.20\nENV APP=/srv/app\nWORKDIR ${APP}/web\n",
      "FROM mcr.microsoft.com/windows/servercore:ltsc2022\nWORKDIR C:\\\\app\n",
    ],
  },
  "DS-0010": {
    bad: [
      ["FROM ubuntu:24.04\nRUN sudo pip install --upgrade pip\n", 2],
      ["FROM ubuntu:24.04\nRUN apt-get update && sudo apt-get install -y curl\n", 2],
      ["FROM ubuntu:24.04\nRUN sudo -u app npm ci\n", 2],
      ["FROM ubuntu:24.04\nRUN apt-get update \\\n  && sudo apt-get install -y curl\n", 3],
    ],
    good: [
      "FROM ubuntu:24.04\nRUN pip install --upgrade pip\n",
      "FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y sudo\n",
      "FROM ubuntu:24.04\nRUN echo 'app ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/app\n",
      "FROM ubuntu:24.04\nRUN usermod -aG sudo app\n",
    ],
  },
  "DS-0011": {
    bad: [
      ["FROM alpine:3.20\nCOPY package.json yarn.lock my_app\n", 2],
      ['FROM alpine:3.20\nCOPY ["package.json", "yarn.lock", "my_app"]\n', 2],
    ],
    good: [
      "FROM alpine:3.20\nCOPY package.json yarn.lock my_app/\n",
      "FROM alpine:3.20\nCOPY package.json yarn.lock ./\n",
      "FROM alpine:3.20\nCOPY package.json yarn.lock .\n",
      "FROM alpine:3.20\nCOPY package.json app\n",
      'FROM alpine:3.20\nCOPY ["package.json", "yarn.lock", "my_app/"]\n',
    ],
  },
  "DS-0012": {
    bad: [
      ["FROM baz:1 AS build\nFROM golang:1.22 AS build\n", 2],
      ["FROM baz:1 AS build\nFROM golang:1.22 AS Build\n", 2],
      ["FROM a:1 AS x\nFROM b:1 AS x\nFROM c:1 AS x\n", 2, 3],
    ],
    good: ["FROM baz:1 AS build\nFROM golang:1.22 AS run\n", "FROM a:1\nFROM b:1\n"],
  },
  "DS-0013": {
    bad: [
      ["FROM nginx:1.27\nRUN cd /usr/share/nginx/html\n", 2],
      ["FROM nginx:1.27\nRUN cd /usr/share/nginx/html && sed -e s/a/b/ c > d\n", 2],
    ],
    good: [
      "FROM nginx:1.27\nWORKDIR /usr/share/nginx/html\nRUN sed -i s/a/b/ index.html\n",
      "FROM nginx:1.27\nRUN (cd /tmp && make)\n",
    ],
  },
  "DS-0014": {
    bad: [
      ["FROM debian:12\nRUN wget http://example.com/a\nRUN curl http://example.com/b\n", 3],
      ["FROM debian:12\nRUN wget http://example.com/a && curl -O http://example.com/b\n", 2],
    ],
    good: [
      "FROM debian:12\nRUN curl http://example.com/a\nRUN curl http://example.com/b\n",
      "FROM debian:12\nRUN wget http://example.com/a\n",
      "FROM debian:12 AS a\nRUN wget http://example.com/a\nFROM debian:12\nRUN curl http://example.com/b\n",
    ],
  },
  "DS-0015": {
    bad: [
      ["FROM centos:7\nRUN yum install -y vim\n", 2],
      ["FROM centos:7\nRUN yum clean all && yum install -y vim\n", 2],
      ["FROM centos:7\nRUN yum install -y vim\nRUN yum clean all\n", 2],
      ["FROM centos:7\nRUN yum -y install vim\n", 2],
      ["FROM centos:7\nRUN yum install -y curl && yum clean all\nRUN yum install -y vim\n", 3],
    ],
    good: [
      "FROM centos:7\nRUN yum install -y vim && yum clean all\n",
      "FROM centos:7\nRUN yum -y install vim && yum -y clean all\n",
      "FROM centos:7\nRUN yum install -y vim && rm -rf /var/cache/yum\n",
    ],
  },
  "DS-0016": {
    bad: [
      ['FROM node:20\nCMD ["a"]\nCMD ["b"]\n', 2],
      ["FROM node:20\nCMD a\nRUN b\nCMD c\nCMD d\n", 2, 4],
    ],
    good: ['FROM node:20\nCMD ["a"]\n', "FROM node:20 AS a\nCMD a\nFROM node:20\nCMD b\n"],
  },
  "DS-0017": {
    bad: [
      ["FROM ubuntu:24.04\nRUN apt-get update\nRUN apt-get install -y --no-install-recommends mysql-client\n", 2],
      ["FROM ubuntu:24.04\nRUN apt update\nRUN apt install -y mysql-client\n", 2],
      ["FROM ubuntu:24.04\nRUN apt-get -y update\n", 2],
      ["FROM alpine:3.20\nRUN apk update\nRUN apk add curl\n", 2],
    ],
    good: [
      "FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y curl\n",
      "FROM ubuntu:24.04\nRUN apt-get update \\\n  && apt-get install -y curl\n",
      "FROM ubuntu:24.04\nRUN set -ex; apt-get update; apt-get install -y curl\n",
      "FROM alpine:3.20\nRUN apk update && apk add curl\n",
    ],
  },
  "DS-0019": {
    bad: [
      ["FROM fedora:40\nRUN dnf install -y vim\n", 2],
      ["FROM fedora:40\nRUN dnf clean all && dnf install -y vim\n", 2],
      ["FROM fedora:40\nRUN dnf -y install vim\nRUN dnf clean all\n", 2],
    ],
    good: [
      "FROM fedora:40\nRUN dnf install -y vim && dnf clean all\n",
      "FROM fedora:40\nRUN set -x; dnf install -y vim; dnf -y clean all\n",
    ],
  },
  "DS-0020": {
    bad: [
      ["FROM opensuse/leap:15.6\nRUN zypper install -y httpd\n", 2],
      ["FROM opensuse/leap:15.6\nRUN zypper --non-interactive in httpd\nRUN zypper clean\n", 2],
    ],
    good: [
      "FROM opensuse/leap:15.6\nRUN zypper install -y httpd && zypper clean\n",
      "FROM opensuse/leap:15.6\nRUN zypper -n in httpd && zypper cc\n",
      "FROM opensuse/leap:15.6\nRUN zypper -n in httpd && zypper clean --all\n",
    ],
  },
  "DS-0021": {
    bad: [
      ["FROM node:20\nRUN apt-get install python3\n", 2],
      ["FROM node:20\nRUN apt-get update && apt-get install python3 && rm -rf /var/lib/apt/lists/*\n", 2],
      ["FROM node:20\nRUN apt-get --no-install-recommends install python3\n", 2],
    ],
    good: [
      "FROM node:20\nRUN apt-get install -y python3\n",
      "FROM node:20\nRUN apt-get -y install python3\n",
      "FROM node:20\nRUN apt-get -qy install python3\n",
      "FROM node:20\nRUN apt-get -yq install python3\n",
      "FROM node:20\nRUN apt-get install --yes python3\n",
      "FROM node:20\nRUN apt-get --assume-yes install python3\n",
      "FROM node:20\nRUN apt-get -qq install python3\n",
      "FROM node:20\nRUN apt-get install -q=2 python3\n",
      "FROM node:20\nRUN apt-get -o Dpkg::Use-Pty=0 -y install python3\n",
    ],
  },
  "DS-0022": {
    bad: [["FROM busybox:1.36\nMAINTAINER Ann <ann@example.com>\n", 2]],
    good: ['FROM busybox:1.36\nLABEL maintainer="Ann <ann@example.com>"\n'],
  },
  "DS-0023": {
    bad: [
      ["FROM busybox:1.36\nHEALTHCHECK CMD a\nHEALTHCHECK CMD b\n", 2],
      ["FROM busybox:1.36\nHEALTHCHECK NONE\nHEALTHCHECK CMD b\n", 2],
    ],
    good: ["FROM busybox:1.36\nHEALTHCHECK CMD a\n", "FROM a:1 AS x\nHEALTHCHECK CMD a\nFROM b:1\nHEALTHCHECK CMD b\n"],
  },
  "DS-0024": {
    bad: [
      ["FROM debian:12\nRUN apt-get update && apt-get dist-upgrade -y\n", 2],
      ["FROM debian:12\nRUN apt-get -y dist-upgrade && apt-get install -y curl\n", 2],
    ],
    good: ["FROM debian:12\nRUN apt-get update && apt-get install -y curl\n"],
  },
  "DS-0025": {
    bad: [
      ["FROM alpine:3.20\nRUN apk add curl\n", 2],
      ["FROM alpine:3.20\nRUN apk update && apk add curl\n", 2],
    ],
    good: [
      "FROM alpine:3.20\nRUN apk add --no-cache curl\n",
      "FROM alpine:3.20\nRUN apk --no-cache add curl\n",
      "FROM alpine:3.20\nRUN apk update && apk --no-cache add curl\n",
      "FROM alpine:3.20\nRUN apk add --no-cache --virtual .build gcc && apk del .build\n",
    ],
  },
  "DS-0026": {
    bad: [["FROM busybox:1.36\nCMD httpd\n", 1]],
    good: [
      "FROM busybox:1.36\nHEALTHCHECK CMD wget -q localhost\nCMD httpd\n",
      "FROM busybox:1.36\nHEALTHCHECK NONE\nCMD httpd\n",
    ],
  },
  "DS-0027": {
    bad: [
      ["FROM redhat/ubi9-minimal:9.4\nRUN microdnf install -y vim\n", 2],
      ["FROM redhat/ubi9-minimal:9.4\nRUN microdnf clean all && microdnf install -y vim\n", 2],
    ],
    good: ["FROM redhat/ubi9-minimal:9.4\nRUN microdnf install -y vim && microdnf clean all\n"],
  },
  "DS-0029": {
    bad: [
      ["FROM debian:12\nRUN apt-get update && apt-get install -y curl\n", 2],
      ["FROM debian:12\nRUN apt-get -y install curl && apt-get clean\n", 2],
    ],
    good: [
      "FROM debian:12\nRUN apt-get install -y --no-install-recommends curl\n",
      "FROM debian:12\nRUN apt-get --no-install-recommends install -y curl\n",
      "FROM debian:12\nRUN apt-get -o APT::Install-Recommends=false install -y curl\n",
    ],
  },
  "DS-0031": {
    bad: [
      ["FROM debian:12\nENV AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMIbPxRfiCYq7vK9mTz2LdHs4BcWgN\n", 2],
      ["FROM debian:12\nARG NPM_TOKEN\nRUN npm ci\n", 2],
      ["FROM debian:12\nCOPY .npmrc /root/.npmrc\n", 2],
      ["FROM debian:12\nENV GITHUB_TOKEN=ghp_16C7e42F292c6912E7710c838347Ae178B4a\n", 2],
    ],
    good: [
      "FROM debian:12\nENV APP_PORT=8080\n",
      "FROM debian:12\nRUN --mount=type=secret,id=npm,env=NPM_TOKEN npm ci\n",
      "FROM debian:12\nENV POSTGRES_PASSWORD_FILE=/run/secrets/db\n",
    ],
  },
});
