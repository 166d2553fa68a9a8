import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BaseImageFacts } from "../../src/data/base-image-model.js";
import { baseImageFacts, hasCommand, normalisedRepository, serviceFacts } from "../../src/data/base-images.js";

function facts(image: string): BaseImageFacts {
  const [repository = "", tag] = image.split(":");
  const found = baseImageFacts({ repository, tag });
  if (found === undefined) throw new Error(`no facts of ${image}`);
  return found;
}

describe("commands", () => {
  test.each([
    ["python:3.12-slim", "curl wget git gcc ps nc", "bash python3 pip apt-get perl useradd sh"],
    ["python:3.12", "nc jq sudo", "curl wget git gcc make python3 ps"],
    ["debian:bookworm", "curl wget ps ping python3", "bash apt-get adduser"],
    ["ubuntu:24.04", "curl wget nc", "bash ps pgrep"],
    ["alpine:3.20", "curl bash useradd git", "wget nc ps pgrep adduser sh apk"],
    ["busybox", "curl bash apk", "wget nc ps sh"],
    ["node:20", "sudo jq", "curl git gcc python3 node npm yarn"],
    ["node:20-slim", "curl wget python3 git gcc", "node npm bash"],
    ["node:22-alpine", "curl bash python3", "node wget"],
    ["ruby:3.3-slim", "curl wget gcc", "ruby bundle ps"],
    ["php:8.3-fpm", "wget git", "curl gcc make php php-fpm"],
    ["php:8.3-cli-alpine", "bash gcc git", "curl wget php"],
    ["golang:1.22", "jq", "go git gcc curl make"],
    ["golang:1.22-alpine", "git gcc curl bash", "go wget"],
    ["nginx:1.27", "wget git", "nginx curl"],
    ["nginx:alpine", "bash", "nginx curl wget"],
    ["nginx:1.27-alpine-slim", "curl bash", "nginx wget"],
    ["httpd:2.4", "curl wget", "httpd"],
    ["postgres:16", "curl wget", "psql pg_isready"],
    ["mongo:7", "mongo", "mongosh"],
    ["mariadb:11", "mysqladmin", "healthcheck.sh mariadb-admin"],
    ["gcr.io/distroless/static-debian12:nonroot", "sh bash curl cat anything", ""],
    ["gcr.io/distroless/python3-debian12", "sh bash curl", "python3"],
    ["mcr.microsoft.com/dotnet/aspnet:8.0", "curl wget", "dotnet bash"],
    ["scratch", "sh curl anything", ""],
  ])("of %s", (image, absent, present) => {
    const { commands } = facts(image);
    const list = (text: string) => text.split(" ").filter((word) => word !== "");

    expect({
      absent: list(absent).filter((name) => hasCommand(commands, name) === false),
      present: list(present).filter((name) => hasCommand(commands, name) === true),
    }).toEqual({ absent: list(absent), present: list(present) });
  });

  test.each([
    ["eclipse-temurin:21", "curl"],
    ["bitnami/redis:7", "curl"],
    ["python:3.12-slim", "acme"],
    ["mongo:7", "curl"],
    ["debian:trixie", "adduser"],
    ["gcr.io/distroless/base:debug", "git"],
  ])("of %s are not known to hold %s or not", (image, command) => {
    expect(hasCommand(facts(image).commands, command)).toBeUndefined();
  });
});

describe("users", () => {
  test.each([
    ["python:3.12", { name: "root", uid: 0 }, undefined],
    ["scratch", { uid: 0 }, undefined],
    ["gcr.io/distroless/static-debian12", { name: "root", uid: 0 }, undefined],
    ["gcr.io/distroless/static-debian12:nonroot", { name: "nonroot", uid: 65532 }, undefined],
    ["gcr.io/distroless/base:debug-nonroot-arm64", { name: "nonroot", uid: 65532 }, undefined],
    ["cgr.dev/chainguard/python:latest", { name: "nonroot", uid: 65532 }, undefined],
    ["nginxinc/nginx-unprivileged:1.27", { name: "nginx", uid: 101 }, undefined],
    ["bitnami/postgresql:16", { uid: 1001 }, undefined],
    ["mcr.microsoft.com/dotnet/aspnet:8.0", { name: "root", uid: 0 }, undefined],
    ["mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled", { name: "app", uid: 1654 }, undefined],
    ["jenkins/jenkins:lts", { name: "jenkins", uid: 1000 }, undefined],
    ["memcached:1.6", { name: "memcache", uid: 11211 }, undefined],
    ["postgres:16", { name: "root", uid: 0 }, { name: "postgres", uid: 999 }],
    ["postgres:16-alpine", { name: "root", uid: 0 }, { name: "postgres", uid: 70 }],
    ["redis:7", { name: "root", uid: 0 }, { name: "redis", uid: 999 }],
    ["nginx:1.27", { name: "root", uid: 0 }, undefined],
  ])("%s starts as %o and drops to %o", (image, defaultUser, dropsTo) => {
    const found = facts(image);

    expect([found.defaultUser, found.dropsTo, found.dropsPrivileges]).toEqual([
      defaultUser,
      dropsTo,
      dropsTo !== undefined,
    ]);
  });

  test.each([
    ["ubuntu:24.04", [["ubuntu", 1000]]],
    ["ubuntu:noble", [["ubuntu", 1000]]],
    ["ubuntu", [["ubuntu", 1000]]],
    ["ubuntu:22.04", []],
    ["debian:bookworm", []],
    ["node:20", [["node", 1000]]],
    ["node:20-alpine", [["node", 1000]]],
    ["oven/bun:1", [["bun", 1000]]],
    ["mcr.microsoft.com/dotnet/aspnet:8.0", [["app", 1654]]],
    ["mcr.microsoft.com/dotnet/aspnet:6.0", []],
  ])("accounts of people in %s", (image, expected) => {
    const people = facts(image).accounts.filter(({ uid }) => uid >= 1000 && uid < 60000);

    expect(people.map(({ name, uid }) => [name, uid])).toEqual(expected);
  });

  test("www-data is an account of Debian, and of Alpine only in the images of PHP", () => {
    const idOf = (image: string) => facts(image).accounts.find(({ name }) => name === "www-data")?.uid;

    expect(["debian:12", "alpine:3.20", "php:8.3-fpm-alpine", "php:8.3-fpm"].map(idOf)).toEqual([
      33,
      undefined,
      82,
      33,
    ]);
  });
});

describe("operating systems", () => {
  test.each([
    ["python:3.12-slim-bookworm", { family: "debian", release: "12", codename: "bookworm" }, "dash", "apt"],
    ["python:3.12", { family: "debian" }, "dash", "apt"],
    ["python:3.12-alpine3.20", { family: "alpine", release: "3.20" }, "busybox", "apk"],
    ["debian:12.5-slim", { family: "debian", release: "12", codename: "bookworm" }, "dash", "apt"],
    ["ubuntu:22.04", { family: "ubuntu", release: "22.04", codename: "jammy" }, "dash", "apt"],
    ["alpine:3.20.1", { family: "alpine", release: "3.20" }, "busybox", "apk"],
    ["alpine:edge", { family: "alpine" }, "busybox", "apk"],
    ["python:3.12-windowsservercore-ltsc2022", { family: "windows" }, "cmd", undefined],
    ["registry.access.redhat.com/ubi9/ubi-minimal:9.4", { family: "rhel", release: "9" }, "bash", "microdnf"],
    ["amazonlinux:2", { family: "amazon", release: "2" }, "bash", "yum"],
    ["rockylinux:9", { family: "rhel", release: "9" }, "bash", "dnf"],
    ["gcr.io/distroless/cc-debian12", { family: "distroless", release: "12" }, "none", "none"],
    ["gcr.io/distroless/cc-debian12:debug", { family: "distroless", release: "12" }, undefined, "none"],
    ["mcr.microsoft.com/dotnet/aspnet:10.0", { family: "ubuntu", release: "24.04", codename: "noble" }, "dash", "apt"],
    [
      "mcr.microsoft.com/dotnet/aspnet:9.0-noble-chiseled",
      { family: "ubuntu", release: "24.04", codename: "noble" },
      "none",
      "none",
    ],
    ["cgr.dev/chainguard/static", { family: "wolfi" }, "none", "none"],
    ["scratch", { family: "scratch-like" }, "none", "none"],
  ])("of %s", (image, os, shell, packageManager) => {
    const found = facts(image);

    expect([found.os, found.shell, found.packageManager]).toEqual([os, shell, packageManager]);
  });
});

describe("smaller variants", () => {
  test.each([
    ["python:3.12", ["python:3.12-slim", "python:3.12-alpine"]],
    ["python", ["python:slim", "python:alpine"]],
    ["python:3.12-bookworm", ["python:3.12-slim-bookworm", "python:3.12-alpine"]],
    ["python:3.12-slim", []],
    ["python:3.12-alpine", []],
    ["node:20-bookworm", ["node:20-bookworm-slim", "node:20-alpine"]],
    ["debian:bookworm", ["debian:bookworm-slim"]],
    ["debian", ["debian:stable-slim"]],
    ["eclipse-temurin:21", ["eclipse-temurin:21-jre"]],
    ["eclipse-temurin:21-jdk-noble", ["eclipse-temurin:21-jre-noble"]],
    ["eclipse-temurin:21-jre", []],
    ["alpine:3.20", []],
    ["nvidia/cuda:12.4.1-devel-ubuntu22.04", ["nvidia/cuda:12.4.1-runtime-ubuntu22.04"]],
  ])("of %s", (image, expected) => {
    expect(facts(image).smaller.map(({ reference }) => reference)).toEqual(expected);
  });
});

describe("SDKs and what runs their results", () => {
  test.each([
    ["golang:1.22", "gcr.io/distroless/static-debian12:nonroot"],
    ["rust:1.79-slim", "gcr.io/distroless/cc-debian12:nonroot"],
    ["maven:3.9-eclipse-temurin-21", "eclipse-temurin:21-jre"],
    ["gradle:8-jdk17", "eclipse-temurin:17-jre"],
    ["mcr.microsoft.com/dotnet/sdk:8.0", "mcr.microsoft.com/dotnet/aspnet:8.0"],
    ["openjdk:11-jdk-slim", "eclipse-temurin:11-jre"],
    ["swift:6.0", "swift:6.0-slim"],
    ["caddy:2-builder", "caddy:2-alpine"],
  ])("%s: %s", (image, runtimeImage) => {
    const found = facts(image);

    expect([found.isSdk, found.runtimeImage]).toEqual([true, runtimeImage]);
  });

  test.each([
    "node:20",
    "python:3.12",
    "eclipse-temurin:21-jre",
    "swift:6.0-slim",
    "openjdk:11-jre",
    "nvidia/cuda:12.4.1-base-ubuntu22.04",
  ])("%s is none", (image) => {
    expect(facts(image).isSdk).toBe(false);
  });
});

describe("services", () => {
  test("PostgreSQL keeps its data one level higher from version 18 on", () => {
    const paths = ["postgres:17", "postgres:18", "postgres", "timescale/timescaledb:latest-pg16"].map(
      (image) => facts(image).service?.dataPath,
    );

    expect(paths).toEqual([
      "/var/lib/postgresql/data",
      "/var/lib/postgresql",
      "/var/lib/postgresql",
      "/var/lib/postgresql/data",
    ]);
  });

  test.each([
    ["postgres", "16", "datastore", [5432]],
    ["registry.acme.io/mirror/postgres", "16", "datastore", [5432]],
    ["bitnami/postgresql", "16", "datastore", [5432]],
    ["nginxinc/nginx-unprivileged", "1.27", "web", [8080]],
    ["confluentinc/cp-kafka", "7.6.0", "broker", [9092]],
    ["mcr.microsoft.com/mssql/server", "2022-latest", "datastore", [1433]],
    ["myoung34/github-runner", "latest", "agent", []],
    ["adminer", "4", "dev-tool", [8080]],
    ["python", "3.12", "base", []],
  ])("%s:%s is %s on %j", (repository, tag, kind, ports) => {
    const service = serviceFacts({ repository, tag });

    expect([service?.kind, service?.ports]).toEqual([kind, ports]);
  });

  test.each(["acme/server", "acme/agent", "acme/app", "vaultwarden/other"])("%s is unknown", (repository) => {
    expect(serviceFacts({ repository, tag: undefined })).toBeUndefined();
  });

  test("health checks of images are known where they are sure", () => {
    const checks = ["netdata/netdata:v2", "postgres:16", "scratch", "bitnami/redis:7"].map(
      (image) => facts(image).hasHealthcheck,
    );

    expect(checks).toEqual([true, false, false, false]);
  });
});

describe("an image that is not in the table", () => {
  test.each([
    ["acme/app", "1"],
    ["registry.acme.io/python", "3.12"],
    ["cgr.dev/chainguard/unheard-of", "latest"],
    ["constructor", undefined],
    ["", undefined],
    ["*", undefined],
  ])("%s:%s has no facts", (repository, tag) => {
    expect(baseImageFacts({ repository, tag })).toBeUndefined();
  });
});

describe("normal form of a repository", () => {
  test.each([
    ["python", "docker.io/library/python"],
    ["library/python", "docker.io/library/python"],
    ["docker.io/python", "docker.io/library/python"],
    ["index.docker.io/library/python", "docker.io/library/python"],
    ["bitnami/redis", "docker.io/bitnami/redis"],
    ["localhost/app", "localhost/app"],
    ["registry.acme.io:5000/app", "registry.acme.io:5000/app"],
  ])("%s is %s", (repository, expected) => {
    expect(normalisedRepository(repository)).toBe(expected);
  });
});

test("familiar and normalised names give the same facts", () => {
  expect(baseImageFacts({ repository: "node", tag: "20" })).toEqual(
    baseImageFacts({ repository: "docker.io/library/node", tag: "20" }),
  );
});

test("variables that an image sets are known by name, and by value where all tags share it", () => {
  const { environment } = facts("golang:1.22");

  expect([environment?.get("GOPATH"), environment?.has("GOLANG_VERSION"), environment?.get("GOLANG_VERSION")]).toEqual([
    "/go",
    true,
    undefined,
  ]);
});

test("property: no tag makes it throw, and no command is both present and absent", () => {
  const repository = fc.constantFrom(
    "python",
    "node",
    "php",
    "eclipse-temurin",
    "ubuntu",
    "nginx",
    "postgres",
    "swift",
    "gcr.io/distroless/base",
    "mcr.microsoft.com/dotnet/aspnet",
    "nvidia/cuda",
  );
  const word = fc.oneof(
    fc.constantFrom(
      "slim",
      "alpine",
      "alpine3.20",
      "bookworm",
      "noble",
      "jre",
      "jdk",
      "fpm",
      "debug",
      "3.12",
      "20",
      "latest",
    ),
    fc.stringMatching(/^[\w.]{0,6}$/),
  );
  fc.assert(
    fc.property(repository, fc.array(word, { maxLength: 4 }), (name, parts) => {
      const found = baseImageFacts({ repository: name, tag: parts.join("-") });
      const both =
        found === undefined ? [] : [...found.commands.present].filter((one) => found.commands.absent.has(one));

      expect(both).toEqual([]);
    }),
  );
});
