import { isIpv4Address, isIpv6Address } from "./port.js";

/** An address as a number, so that spellings of one address are equal and addresses can be compared. */
export interface IpAddress {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** A block of addresses in CIDR notation. */
export interface IpNetwork {
  readonly family: 4 | 6;
  /** Length of the prefix in bits. */
  readonly prefix: number;
  /** The first address: that of the network itself. */
  readonly first: bigint;
  readonly last: bigint;
  /** The address as written; not `first` when bits behind the prefix are set. */
  readonly written: bigint;
}

const BITS = { 4: 32, 6: 128 } as const;

/** Reads an IPv4 or IPv6 address, the latter with or without brackets, without its zone; undefined for anything else. */
export function parseIpAddress(text: string): IpAddress | undefined {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  if (isIpv4Address(bare)) return { family: 4, value: ipv4Value(bare) };
  return isIpv6Address(bare) ? { family: 6, value: ipv6Value(bare.split("%", 1)[0] ?? "") } : undefined;
}

/** Reads `172.20.0.0/16` or `fd00::/64`; undefined when it is no address with the length of a prefix. */
export function parseIpNetwork(text: string): IpNetwork | undefined {
  const slash = text.indexOf("/");
  const address = slash === -1 ? undefined : parseIpAddress(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  if (address === undefined || !/^\d{1,3}$/.test(digits)) return undefined;
  const bits = BITS[address.family];
  const prefix = Number(digits);
  if (prefix > bits) return undefined;
  const size = 1n << BigInt(bits - prefix);
  const first = address.value - (address.value % size);
  return { family: address.family, prefix, first, last: first + size - 1n, written: address.value };
}

/** Whether an address lies in a block. */
export function holdsAddress(network: IpNetwork, address: IpAddress): boolean {
  return network.family === address.family && network.first <= address.value && address.value <= network.last;
}

/** Whether two blocks share an address. */
export function overlapsNetwork(a: IpNetwork, b: IpNetwork): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** Text of an address: dotted, or all eight groups of an IPv6 address without leading zeros. */
export function ipText({ family, value }: IpAddress): string {
  const [count, bits] = family === 4 ? [4, 8n] : [8, 16n];
  const parts = Array.from({ length: count }, (_, index) => {
    const part = (value >> (BigInt(count - 1 - index) * bits)) & ((1n << bits) - 1n);
    return part.toString(family === 4 ? 10 : 16);
  });
  return parts.join(family === 4 ? "." : ":");
}

/** Whether an address stands for every address of its host: `0.0.0.0` or `::`, however it is spelled. */
export function isUnspecifiedAddress(text: string): boolean {
  return parseIpAddress(text)?.value === 0n;
}

function ipv4Value(text: string): bigint {
  return text.split(".").reduce((value, part) => value * 256n + BigInt(part), 0n);
}

function ipv6Value(text: string): bigint {
  const [head = "", tail] = text.split("::", 2);
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const between = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => 0n);
  return [...before, ...between, ...after].reduce((value, group) => value * 65_536n + group, 0n);
}

function groupsOf(half: string): readonly bigint[] {
  if (half === "") return [];
  return half.split(":").flatMap((group) => {
    if (!group.includes(".")) return [BigInt(`0x${group}`)];
    const value = ipv4Value(group);
    return [value / 65_536n, value % 65_536n];
  });
}
