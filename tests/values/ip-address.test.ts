import { describe, expect, test } from "vitest";
import {
  holdsAddress,
  ipText,
  isUnspecifiedAddress,
  overlapsNetwork,
  parseIpAddress,
  parseIpNetwork,
} from "../../src/values/ip-address.js";

describe("parseIpAddress", () => {
  test.each([
    ["0.0.0.0", { family: 4, value: 0n }],
    ["172.20.0.10", { family: 4, value: 0xac14000an }],
    ["::", { family: 6, value: 0n }],
    ["[::1]", { family: 6, value: 1n }],
    ["fd00::2:3", { family: 6, value: (0xfd00n << 112n) + 0x20003n }],
    ["::ffff:127.0.0.1", { family: 6, value: 0xffff7f000001n }],
    ["1:2:3:4:5:6:7:8", { family: 6, value: 0x00010002000300040005000600070008n }],
    ["fe80::1%eth0", { family: 6, value: (0xfe80n << 112n) + 1n }],
    ["256.0.0.1", undefined],
    ["db", undefined],
  ])("reads %s", (text, address) => {
    expect(parseIpAddress(text)).toEqual(address);
  });

  test("one address is equal in all its spellings", () => {
    expect(parseIpAddress("0:0:0:0:0:0:0:1")).toEqual(parseIpAddress("::1"));
  });
});

describe("parseIpNetwork", () => {
  test.each([
    ["10.0.0.0/24", { family: 4, prefix: 24, first: 0x0a000000n, last: 0x0a0000ffn, written: 0x0a000000n }],
    ["10.0.0.7/24", { family: 4, prefix: 24, first: 0x0a000000n, last: 0x0a0000ffn, written: 0x0a000007n }],
    ["10.0.0.7/32", { family: 4, prefix: 32, first: 0x0a000007n, last: 0x0a000007n, written: 0x0a000007n }],
    [
      "fd00::/120",
      { family: 6, prefix: 120, first: 0xfd00n << 112n, last: (0xfd00n << 112n) + 255n, written: 0xfd00n << 112n },
    ],
    ["10.0.0.0", undefined],
    ["10.0.0.0/33", undefined],
    ["10.0.0/24", undefined],
    ["10.0.0.0/", undefined],
  ])("reads %s", (text, network) => {
    expect(parseIpNetwork(text)).toEqual(network);
  });
});

test("blocks hold addresses of their family and share them with blocks that overlap", () => {
  const network = parseIpNetwork("172.20.0.0/16");
  const part = parseIpNetwork("172.20.3.0/24");
  const other = parseIpNetwork("172.21.0.0/16");
  const inside = parseIpAddress("172.20.255.255");
  const outside = parseIpAddress("::1");
  if (!network || !part || !other || !inside || !outside) throw new Error("unread");
  expect([holdsAddress(network, inside), holdsAddress(network, outside)]).toEqual([true, false]);
  expect([overlapsNetwork(network, part), overlapsNetwork(network, other)]).toEqual([true, false]);
});

test.each(["0.0.0.0", "::", "[::]", "::0", "0:0:0:0:0:0:0:0"])("%s stands for every address", (text) => {
  expect(isUnspecifiedAddress(text)).toBe(true);
});

test.each(["127.0.0.1", "::1", "10.0.0.0", "db"])("%s does not stand for every address", (text) => {
  expect(isUnspecifiedAddress(text)).toBe(false);
});

test("addresses are written as people write them", () => {
  expect(["172.20.0.1", "fd00::1"].map((text) => ipText(parseIpAddress(text) ?? { family: 4, value: 0n }))).toEqual([
    "172.20.0.1",
    "fd00:0:0:0:0:0:0:1",
  ]);
});
