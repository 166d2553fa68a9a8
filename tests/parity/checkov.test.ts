import { testCases } from "./tool-cases.js";

testCases("checkov", {
  CKV_DOCKER_2: {
    bad: [
      ["FROM alpine:3.20\nCMD httpd\n", 1],
      ["FROM alpine:3.20 AS build\nHEALTHCHECK CMD a\nFROM python:3.12\nEXPOSE 8000\nCMD python app.py\n", 3],
    ],
    good: ["FROM alpine:3.20\nHEALTHCHECK CMD curl -f http://localhost/\n"],
  },
  CKV_DOCKER_3: {
    bad: [["FROM debian:12\nRUN id\n", 1]],
    good: ["FROM debian:12\nUSER app\n", "FROM debian:12\nUSER root\n"],
  },
  CKV_DOCKER_4: {
    bad: [
      ["FROM debian:12\nADD app.py /srv/\n", 2],
      ["FROM debian:12\nADD a /a\nADD b /b\n", 2, 3],
    ],
    good: ["FROM debian:12\nCOPY app.py /srv/\n", "FROM debian:12\nADD https://example.com/a.bin /srv/\n"],
  },
  CKV_DOCKER_5: {
    bad: [
      ["FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\n", 2],
      ["FROM alpine:3.20\nRUN apk update\n", 2],
      ["FROM debian:12\nRUN apt-get -y update\n", 2],
    ],
    good: [
      "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n",
      "FROM debian:12\nRUN apt-get update \\\n && apt-get upgrade -y\n",
      "FROM debian:12\nRUN apt-get update \\\n  && apt-get -y install \\\n     curl \\\n  && rm -rf /var/lib/apt/lists/*\n",
    ],
  },
  CKV_DOCKER_6: {
    bad: [["FROM debian:12\nMAINTAINER ann\n", 2]],
    good: ["FROM debian:12\nLABEL maintainer=ann\n"],
  },
  CKV_DOCKER_7: {
    bad: [
      ["FROM alpine\n", 1],
      ["FROM alpine:latest\n", 1],
      ["FROM alpine:latest AS build\nFROM nginx\n", 1, 2],
      ["FROM --platform=linux/amd64 alpine\n", 1],
    ],
    good: [
      "FROM alpine:3.20\n",
      "FROM scratch\n",
      "FROM alpine:3.20 AS base\nFROM base\n",
      "FROM alpine@sha256:a8560b36e8b8210634f77d9f7f9efd7ffa463e380b75e2e74aff4511df3ef88c\n",
      "ARG VERSION=3.20\nFROM alpine:${VERSION}\n",
      "FROM alpine:3.20 AS one\nFROM one AS two\nFROM two\n",
    ],
  },
  CKV_DOCKER_8: {
    bad: [
      ["FROM debian:12\nUSER root\n", 2],
      ["FROM debian:12\nUSER app\nUSER root\n", 3],
    ],
    good: ["FROM debian:12\nUSER root\nRUN id\nUSER app\n", "FROM debian:12\nUSER app\n"],
  },
  CKV_DOCKER_9: {
    bad: [
      ["FROM debian:12\nRUN apt install -y curl\n", 2],
      ["FROM debian:12\nRUN apt-get update && apt install -y curl\n", 2],
      ["FROM debian:12\nRUN apt update\n", 2],
    ],
    good: [
      "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n",
      "FROM debian:12\nRUN rm -rf /var/lib/apt/lists/*\n",
      "FROM debian:12\nRUN apt-get install -y apt-transport-https\n",
      "FROM debian:12\nRUN apt-cache policy curl\n",
      "FROM debian:12\nRUN echo apt install curl\n",
    ],
  },
  CKV_DOCKER_10: {
    bad: [["FROM alpine:3.20\nWORKDIR app\n", 2]],
    good: [
      "FROM alpine:3.20\nWORKDIR /app\n",
      "FROM alpine:3.20\nENV APP=/srv\nWORKDIR $APP\n",
      'FROM alpine:3.20\nWORKDIR "/app dir"\n',
      "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nWORKDIR C:/app\n",
    ],
  },
  CKV_DOCKER_11: {
    bad: [["FROM debian:12 AS build\nRUN a\nFROM debian:12 AS build\n", 3]],
    good: ["FROM debian:12 AS build\nFROM debian:12 AS run\n"],
  },
  CKV2_DOCKER_1: {
    bad: [
      ["FROM debian:12\nRUN sudo apt-get install -y curl\n", 2],
      ["FROM debian:12\nRUN id && sudo id\n", 2],
    ],
    good: ["FROM debian:12\nRUN apt-get install -y sudo\n", "FROM debian:12\nRUN id\n"],
  },
  CKV2_DOCKER_2: {
    bad: [
      ["FROM debian:12\nRUN curl -k https://example.com/a\n", 2],
      ["FROM debian:12\nRUN curl --insecure https://example.com/a\n", 2],
      ["FROM debian:12\nRUN curl -fsSLk https://example.com/a\n", 2],
      ["FROM debian:12\nRUN cd /tmp && curl -sko a https://example.com/a\n", 2],
      ["FROM debian:12\nRUN curl https://example.com/a --insecure | sh\n", 2],
    ],
    good: [
      "FROM debian:12\nRUN curl -fsSL https://example.com/a\n",
      "FROM debian:12\nRUN curl -o k https://example.com/k\n",
      "FROM debian:12\nRUN curl -ok https://example.com/k\n",
      "FROM debian:12\nRUN curl --keepalive-time 2 https://example.com/\n",
    ],
  },
  CKV2_DOCKER_3: {
    bad: [
      ["FROM debian:12\nRUN wget --no-check-certificate https://example.com/a\n", 2],
      ["FROM debian:12\nRUN wget https://example.com/a --no-check-certificate -O /a\n", 2],
    ],
    good: ["FROM debian:12\nRUN wget https://example.com/a\n"],
  },
  CKV2_DOCKER_4: {
    bad: [
      ["FROM python:3.12\nRUN pip install --trusted-host pypi.example.com requests\n", 2],
      ["FROM python:3.12\nRUN pip3 install --trusted-host=pypi.example.com requests\n", 2],
      ["FROM python:3.12\nRUN python -m pip install --trusted-host pypi.example.com requests\n", 2],
      ["FROM python:3.12\nRUN pip config set global.trusted-host pypi.example.com\n", 2],
    ],
    good: ["FROM python:3.12\nRUN pip install requests\n"],
  },
  CKV2_DOCKER_5: {
    bad: [
      ["FROM python:3.12\nENV PYTHONHTTPSVERIFY=0\n", 2],
      ["FROM python:3.12\nRUN export PYTHONHTTPSVERIFY=0 && python a.py\n", 2],
      ["FROM python:3.12\nRUN PYTHONHTTPSVERIFY=0 python a.py\n", 2],
      ["FROM python:3.12\nARG PYTHONHTTPSVERIFY=0\n", 2],
    ],
    good: ["FROM python:3.12\nENV PYTHONHTTPSVERIFY=1\n"],
  },
  CKV2_DOCKER_6: {
    bad: [
      ["FROM node:20\nENV NODE_TLS_REJECT_UNAUTHORIZED=0\n", 2],
      ['FROM node:20\nENV NODE_TLS_REJECT_UNAUTHORIZED "0"\n', 2],
      ["FROM node:20\nRUN NODE_TLS_REJECT_UNAUTHORIZED=0 npm ci\n", 2],
      ["FROM node:20\nARG NODE_TLS_REJECT_UNAUTHORIZED=0\n", 2],
    ],
    good: ["FROM node:20\nENV NODE_TLS_REJECT_UNAUTHORIZED=1\n"],
  },
  CKV2_DOCKER_7: {
    bad: [
      ["FROM alpine:3.20\nRUN apk add --allow-untrusted /a.apk\n", 2],
      ["FROM alpine:3.20\nRUN apk --allow-untrusted add curl\n", 2],
    ],
    good: ["FROM alpine:3.20\nRUN apk add curl\n"],
  },
  CKV2_DOCKER_8: {
    bad: [
      ["FROM debian:12\nRUN apt-get install -y --allow-unauthenticated curl\n", 2],
      ["FROM debian:12\nRUN apt-get --allow-unauthenticated install -y curl\n", 2],
      ["FROM debian:12\nRUN apt-get -o APT::Get::AllowUnauthenticated=true install curl\n", 2],
    ],
    good: ["FROM debian:12\nRUN apt-get install -y curl\n"],
  },
  CKV2_DOCKER_9: {
    bad: [
      ["FROM fedora:40\nRUN dnf install -y --nogpgcheck curl\n", 2],
      ["FROM centos:7\nRUN yum --nogpgcheck install -y curl\n", 2],
      ["FROM fedora:40\nRUN microdnf install -y --nogpgcheck curl\n", 2],
      ["FROM fedora:40\nRUN tdnf install -y --nogpgcheck curl\n", 2],
    ],
    good: ["FROM fedora:40\nRUN dnf install -y curl\n"],
  },
  CKV2_DOCKER_10: {
    bad: [
      ["FROM fedora:40\nRUN rpm --nosignature -i a.rpm\n", 2],
      ["FROM fedora:40\nRUN rpm -ivh --nodigest --nosignature a.rpm\n", 2, 2],
    ],
    good: ["FROM fedora:40\nRUN rpm -ivh a.rpm\n"],
  },
  CKV2_DOCKER_11: {
    bad: [
      ["FROM debian:12\nRUN apt-get install -y --force-yes curl\n", 2],
      ["FROM debian:12\nRUN apt-get --force-yes install curl\n", 2],
    ],
    good: ["FROM debian:12\nRUN apt-get install -y curl\n"],
  },
  CKV2_DOCKER_12: {
    bad: [
      ["FROM node:20\nENV NPM_CONFIG_STRICT_SSL=false\n", 2],
      ["FROM node:20\nENV npm_config_strict_ssl false\n", 2],
    ],
    good: ["FROM node:20\nENV NPM_CONFIG_STRICT_SSL=true\n"],
  },
  CKV2_DOCKER_13: {
    bad: [
      ["FROM node:20\nRUN npm config set strict-ssl false\n", 2],
      ["FROM node:20\nRUN npm install --strict-ssl=false\n", 2],
      ["FROM node:20\nRUN echo 'strict-ssl=false' >> ~/.npmrc\n", 2],
      ["FROM node:20\nRUN yarn config set strict-ssl false\n", 2],
      ["FROM node:20\nRUN npm config set -g strict-ssl=false\n", 2],
      ["FROM node:20\nRUN npm set strict-ssl false\n", 2],
      ['FROM node:20\nRUN yarn config set "strict-ssl" false -g\n', 2],
    ],
    good: ["FROM node:20\nRUN yarn config set registry https://npm.example.com\n"],
  },
  CKV2_DOCKER_14: {
    bad: [
      ["FROM debian:12\nENV GIT_SSL_NO_VERIFY=true\n", 2],
      ["FROM debian:12\nRUN GIT_SSL_NO_VERIFY=1 git clone https://example.com/a.git\n", 2],
      ["FROM debian:12\nRUN export GIT_SSL_NO_VERIFY=true; git clone https://example.com/a.git\n", 2],
      ["FROM debian:12\nENV GIT_SSL_NO_VERIFY 1\n", 2],
    ],
    good: ["FROM debian:12\nRUN git clone https://example.com/a.git\n"],
  },
  CKV2_DOCKER_15: {
    bad: [
      ["FROM fedora:40\nRUN echo 'sslverify=false' >> /etc/yum.conf\n", 2],
      ["FROM fedora:40\nRUN yum-config-manager --save --setopt=sslverify=false\n", 2],
      ["FROM fedora:40\nRUN dnf --setopt=sslverify=0 install -y curl\n", 2],
    ],
    good: ["FROM fedora:40\nRUN echo 'sslverify=1' >> /etc/yum.conf\n"],
  },
  CKV2_DOCKER_16: {
    bad: [
      ["FROM python:3.12\nENV PIP_TRUSTED_HOST=pypi.example.com\n", 2],
      ["FROM python:3.12\nENV PIP_TRUSTED_HOST pypi.example.com\n", 2],
    ],
    good: ["FROM python:3.12\nRUN pip config set global.index-url https://pypi.example.com/simple\n"],
  },
  CKV2_DOCKER_17: {
    bad: [
      ["FROM debian:12\nRUN echo 'root:hunter42x' | chpasswd\n", 2],
      ["FROM debian:12\nRUN usermod -p '$6$abc$defghij' app && chpasswd < /tmp/list\n", 2, 2],
    ],
    good: ["FROM debian:12\nRUN useradd -m app\n"],
  },
  CKV_SECRET_4: {
    bad: [["FROM debian:12\nENV DB=postgres://api:s3cretW0rd@db.acme.io/shop\n", 2]],
    good: ["FROM debian:12\nENV DB=postgres://db.example.com/shop\n"],
  },
});
