import { describe, expect, test } from "vitest";
import { deprecation, endOfLife, hasEnded } from "../../src/data/end-of-life.js";
import { END_OF_LIFE_DATE } from "../../src/data/end-of-life-dates.js";

describe("the end of a release", () => {
  test.each([
    ["node", "16-alpine", { release: "Node.js 16", date: "2023-09-11", replacement: "node:24-alpine" }],
    ["node", "16-alpine3.14", { release: "Node.js 16", date: "2023-09-11", replacement: "node:24-alpine" }],
    ["node", "22-alpine3.18", { release: "Alpine 3.18", date: "2025-05-09", replacement: "node:22-alpine3.22" }],
    ["node", "22-alpine3.22", { release: "Node.js 22", date: "2027-04-30", replacement: "node:24-alpine" }],
    ["node", "gallium-slim", { release: "Node.js 16", date: "2023-09-11", replacement: "node:24-slim" }],
    ["docker.io/library/node", "18.20.4", { release: "Node.js 18", date: "2025-04-30", replacement: "node:24" }],
    ["python", "2.7", { release: "Python 2", date: "2020-01-01", replacement: "python:3.13" }],
    [
      "python",
      "3.9.18-slim-bookworm",
      { release: "Python 3.9", date: "2025-10-31", replacement: "python:3.13-slim-bookworm" },
    ],
    [
      "python",
      "3.12-slim-buster",
      { release: "Debian 10 (buster)", date: "2024-06-30", replacement: "python:3.12-slim-trixie" },
    ],
    // An exact version, and most images of services, exist on the systems of their day only.
    ["ruby", "3.3.1-bullseye", { release: "Debian 11 (bullseye)", date: "2026-08-31" }],
    ["mariadb", "10-focal", { release: "Ubuntu 20.04", date: "2025-05-31" }],
    ["debian", "buster", { release: "Debian 10 (buster)", date: "2024-06-30", replacement: "debian:trixie" }],
    ["debian", "10.13-slim", { release: "Debian 10 (buster)", date: "2024-06-30", replacement: "debian:trixie-slim" }],
    ["ubuntu", "18.04", { release: "Ubuntu 18.04", date: "2023-05-31", replacement: "ubuntu:24.04" }],
    ["ubuntu", "focal-20240530", { release: "Ubuntu 20.04", date: "2025-05-31", replacement: "ubuntu:24.04" }],
    ["alpine", "3.15.4", { release: "Alpine 3.15", date: "2023-11-01", replacement: "alpine:3.22" }],
    ["centos", "7.9.2009", { release: "CentOS Linux 7", date: "2024-06-30", replacement: "almalinux:9" }],
    ["centos", "centos7", { release: "CentOS Linux 7", date: "2024-06-30", replacement: "almalinux:9" }],
    ["php", "7.4-fpm-buster", { release: "PHP 7.4", date: "2022-11-28", replacement: "php:8.4-fpm" }],
    ["postgres", "12.5-alpine", { release: "PostgreSQL 12", date: "2024-11-21", replacement: "postgres:17-alpine" }],
    ["mysql", "5.7", { release: "MySQL 5.7", date: "2023-10", replacement: "mysql:8.4" }],
    [
      "mcr.microsoft.com/dotnet/core/sdk",
      "3.1-buster",
      { release: ".NET 3.1", date: "2022-12-13", replacement: "mcr.microsoft.com/dotnet/sdk:10.0" },
    ],
    [
      "registry.access.redhat.com/ubi7/ubi",
      undefined,
      { release: "Red Hat UBI 7", date: "2024-06-30", replacement: "registry.access.redhat.com/ubi9" },
    ],
  ])("of %s:%s", (repository, tag, expected) => {
    expect(endOfLife({ repository, tag })).toEqual(expected);
  });
});

describe("nothing is known of", () => {
  test.each([
    ["node", undefined],
    ["node", "lts-slim"],
    ["node", "99"],
    ["python", "3"],
    ["python", "3-slim"],
    ["mysql", "8"],
    ["acme/node", "16"],
    ["registry.acme.io/node", "16"],
    ["acme/app", "buster"],
    ["redis", "6"],
    ["ubuntu", "latest"],
    ["constructor", "1"],
  ])("%s:%s", (repository, tag) => {
    expect(endOfLife({ repository, tag })).toBeUndefined();
  });
});

describe("an end lies before a day", () => {
  test.each([
    ["2023-09-11", "2023-09-11", false],
    ["2023-09-11", "2023-09-12", true],
    ["2026-04", "2026-04-30", false],
    ["2026-04", "2026-05-01", true],
    ["2028-04-30", END_OF_LIFE_DATE, false],
  ])("%s before %s: %s", (date, asOf, expected) => {
    expect(hasEnded({ release: "x", date }, asOf)).toBe(expected);
  });
});

describe("given up or moved", () => {
  test.each([
    ["openjdk", "17", { kind: "moved", replacement: "eclipse-temurin" }],
    ["docker.io/library/centos", "7", { kind: "moved", replacement: "almalinux or quay.io/centos/centos" }],
    ["circleci/node", "16", { kind: "moved", replacement: "cimg/*" }],
    ["bitnamilegacy/redis", "7", { kind: "abandoned" }],
    ["k8s.gcr.io/ingress-nginx/controller", "v1", { kind: "moved", replacement: "registry.k8s.io/*" }],
    ["python", "2-onbuild", { kind: "onbuild" }],
    ["acme/python", "2-onbuild", undefined],
    ["python", "3.12", undefined],
    ["acme/openjdk", "17", undefined],
  ])("%s:%s", (repository, tag, expected) => {
    expect(deprecation({ repository, tag })).toEqual(expected);
  });
});
