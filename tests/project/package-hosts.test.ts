import { describe, expect, test } from "vitest";
import { hostOf, isPrivateHost } from "../../src/project/package-hosts.js";

describe("hostOf", () => {
  const cases = [
    ["https://pypi.org/simple", "pypi.org"],
    ["http://User:x@NPM.Example.com:8080/", "npm.example.com"],
    ["http://[::1]:80/x", "::1"],
    ["https://ci:\uFFFC@pypi.example.com/simple", "pypi.example.com"],
    ["https://\uFFFC/simple", undefined],
    ["https://${HOST}/simple", undefined],
    ["file:///srv", undefined],
    ["pypi.org", undefined],
  ] as const;

  test.each(cases)("%s has the host %s", (address, host) => {
    expect(hostOf(address)).toBe(host);
  });
});

describe("isPrivateHost", () => {
  const addresses = [
    "http://localhost:3141",
    "http://127.0.0.1/",
    "http://10.1.2.3/",
    "http://172.16.0.1/",
    "http://192.168.1.1:4873",
    "http://169.254.1.1",
    "http://[::1]/",
    "http://verdaccio:4873",
    "http://npm.corp.internal",
    "http://npm.lan",
  ];
  test.each(addresses)("%s stays at home", (address) => {
    expect(isPrivateHost(address)).toBe(true);
  });

  const others = ["http://172.32.0.1/", "http://11.0.0.1", "http://internal.example.com", "http://\uFFFC", "pypi"];
  test.each(others)("%s does not, or nobody knows", (address) => {
    expect(isPrivateHost(address)).toBe(false);
  });
});
