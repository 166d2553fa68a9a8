import fc from "fast-check";
import { expect, test } from "vitest";
import { isIpAddress, isLoopbackAddress, parseExposedPort, parsePortRange } from "../../src/values/port.js";

test.each([
  ["80", { kind: "ports", first: 80, last: 80 }],
  ["0", { kind: "ports", first: 0, last: 0 }],
  ["8000-8010", { kind: "ports", first: 8000, last: 8010 }],
  ["65536", { kind: "malformed", problem: "out-of-range", span: { start: 0, end: 5 } }],
  ["90-80", { kind: "malformed", problem: "reversed", span: { start: 0, end: 5 } }],
  ["80-", { kind: "malformed", problem: "empty", span: { start: 3, end: 3 } }],
  ["", { kind: "malformed", problem: "empty", span: { start: 0, end: 0 } }],
  ["80-http", { kind: "malformed", problem: "not-a-number", span: { start: 3, end: 7 } }],
])("the range %j is read", (text, expected) => {
  expect(parsePortRange(text)).toEqual(expected);
});

const tcp80 = { ports: { first: 80, last: 80 }, protocol: "tcp" };

test.each([
  ["80", { kind: "port", ...tcp80, portSpan: { start: 0, end: 2 }, protocolSpan: undefined }],
  ["80/", { kind: "port", ...tcp80, portSpan: { start: 0, end: 2 }, protocolSpan: undefined }],
  ["80/TCP", { kind: "port", ...tcp80, portSpan: { start: 0, end: 2 }, protocolSpan: { start: 3, end: 6 } }],
  [
    "7000-7005/udp",
    {
      kind: "port",
      ports: { first: 7000, last: 7005 },
      protocol: "udp",
      portSpan: { start: 0, end: 9 },
      protocolSpan: { start: 10, end: 13 },
    },
  ],
  ["8080:80", { kind: "mapping", container: "80", ...tcp80, hostSpan: { start: 0, end: 5 } }],
  ["127.0.0.1:8080:80/tcp", { kind: "mapping", container: "80/tcp", ...tcp80, hostSpan: { start: 0, end: 15 } }],
  ["[::1]:8080:80", { kind: "mapping", container: "80", ...tcp80, hostSpan: { start: 0, end: 11 } }],
  ["80/http", { kind: "malformed", problem: "protocol", span: { start: 3, end: 7 } }],
  ["80000", { kind: "malformed", problem: "out-of-range", span: { start: 0, end: 5 } }],
  ["8080:$PORT", { kind: "malformed", problem: "not-a-number", span: { start: 5, end: 10 } }],
])("the EXPOSE token %j is read", (token, expected) => {
  expect(parseExposedPort(token)).toEqual(expected);
});

test.each([
  ["127.0.0.1", true],
  ["256.0.0.1", false],
  ["1.2.3", false],
  ["::", true],
  ["::1", true],
  ["[::1]", true],
  ["fe80::1%eth0", true],
  ["2001:db8:0:0:0:0:0:1", true],
  ["2001:db8::1::2", false],
  ["1:2:3:4:5:6:7", false],
  ["::ffff:10.0.0.1", true],
  ["localhost", false],
  [":", false],
])("whether %s is an address: %s", (text, expected) => {
  expect(isIpAddress(text)).toBe(expected);
});

test.each([
  ["127.0.0.1", true],
  ["127.5.0.1", true],
  ["::1", true],
  ["[::1]", true],
  ["0:0:0:0:0:0:0:1", true],
  ["::ffff:127.0.0.1", true],
  ["0.0.0.0", false],
  ["::", false],
  ["localhost", false],
])("whether %s is a loopback address: %s", (text, expected) => {
  expect(isLoopbackAddress(text)).toBe(expected);
});

test("property: no token throws", () => {
  const tokens = fc
    .array(fc.constantFrom("8", "80", ":", "-", "/", "tcp", "[", "]", ".", "x"))
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(tokens, (token) => {
      expect(["port", "mapping", "malformed"]).toContain(parseExposedPort(token).kind);
      expect(typeof isIpAddress(token)).toBe("boolean");
    }),
  );
});
