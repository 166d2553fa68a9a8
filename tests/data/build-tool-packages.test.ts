import { describe, expect, test } from "vitest";
import { buildToolKind, runtimeCounterpart } from "../../src/data/build-tool-packages.js";

describe("packages that belong in a builder", () => {
  test.each([
    ["gcc", "compiler"],
    ["gcc-12", "compiler"],
    ["g++-13", "compiler"],
    ["build-essential", "compiler"],
    ["build-base", "compiler"],
    ["golang-1.22", "compiler"],
    ["golang-1.22-go", "compiler"],
    ["openjdk-17-jdk-headless", "compiler"],
    ["openjdk17", "compiler"],
    ["java-17-openjdk-devel", "compiler"],
    ["libpq-dev", "headers"],
    ["openssl-devel", "headers"],
    ["linux-headers", "headers"],
    ["linux-headers-generic", "headers"],
    ["git", "vcs"],
    ["subversion", "vcs"],
    ["gdb", "debug"],
    ["vim", "debug"],
    ["libpq5", undefined],
    ["openjdk-17-jre-headless", undefined],
    ["openjdk17-jre", undefined],
    ["libc6-dev", undefined],
    ["ocl-icd-opencl-dev", undefined],
    ["udev", undefined],
    ["/opt/x-dev", undefined],
    ["--no-dev", undefined],
    ["gcc-libs", undefined],
    ["constructor", undefined],
  ])("%s is %s", (name, kind) => {
    expect(buildToolKind(name)).toBe(kind);
  });
});

describe("what is enough at run time", () => {
  test.each([
    ["libpq-dev", "apt", "libpq5"],
    ["libpq-dev", "apk", "libpq"],
    ["libpq-devel", "dnf", "libpq"],
    ["libssl-dev", "apt", "libssl3"],
    ["openjdk-21-jdk", "apt", "openjdk-21-jre-headless"],
    ["libacme-dev", "apt", undefined],
    ["constructor", "apk", undefined],
  ] as const)("for %s (%s): %s", (name, family, expected) => {
    expect(runtimeCounterpart(name, family)).toBe(expected);
  });
});
