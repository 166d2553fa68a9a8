import { describe, expect, test } from "vitest";
import { mayBringCommand, packageAccounts, packageCommands } from "../../src/data/package-contents.js";

describe("commands of a package", () => {
  test.each([
    ["curl", ["curl"]],
    ["netcat-openbsd", ["nc", "netcat"]],
    ["tzdata", []],
    ["acme-tools", undefined],
    ["constructor", undefined],
  ])("%s", (name, expected) => {
    expect(packageCommands(name)).toEqual(expected);
  });
});

describe("a package outside the table may bring a command", () => {
  test.each([
    ["grpcurl", "grpcurl", true],
    ["grpcurl-bin", "grpcurl", true],
    ["node-20", "node", true],
    ["libcurl4", "curl", false],
  ])("%s and %s: %s", (name, command, expected) => {
    expect(mayBringCommand(name, command)).toBe(expected);
  });
});

test("accounts that an installation creates", () => {
  expect(packageAccounts("nginx")).toEqual(["nginx"]);
  expect(packageAccounts("openssh-server")).toEqual(["sshd"]);
  expect(packageAccounts("curl")).toEqual([]);
});
