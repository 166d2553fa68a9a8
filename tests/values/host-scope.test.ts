import { expect, test } from "vitest";
import { hostOf, hostScope } from "../../src/values/host-scope.js";

test.each([
  ["https://acme.dev/a?b#c", "acme.dev"],
  ["http://ci:word@ACME.dev:8080/a", "acme.dev"],
  ["acme.dev/a", "acme.dev"],
  ["http://[::1]:80/", "::1"],
  ["https://", undefined],
  ["/var/lib", undefined],
])("%s names its host", (address, host) => {
  expect(hostOf(address)).toBe(host);
});

test.each([
  ["localhost", "loopback"],
  ["api.localhost", "loopback"],
  ["127.0.0.53", "loopback"],
  ["::1", "loopback"],
  ["10.1.2.3", "private"],
  ["172.31.0.1", "private"],
  ["169.254.169.254", "private"],
  ["fd00::1", "private"],
  ["db", "private"],
  ["git.acme.internal", "private"],
  ["www.example.com", "documentation"],
  ["acme.example", "documentation"],
  ["172.32.0.1", "public"],
  ["2606:4700::1", "public"],
  ["notexample.com", "public"],
])("%s is %s", (host, scope) => {
  expect(hostScope(host)).toBe(scope);
});
