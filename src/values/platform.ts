import { words } from "../text/words.js";

/** A platform with its aliases resolved; a variant that is the default of its processor is left out. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string | undefined;
}

/** Other names of processors, with the variant that some of them mean. */
const ARCHITECTURES: ReadonlyMap<string, readonly [string, string | undefined]> = new Map([
  ["x86_64", ["amd64", undefined]],
  ["x86-64", ["amd64", undefined]],
  ["aarch64", ["arm64", undefined]],
  ["i386", ["386", undefined]],
  ["armhf", ["arm", "v7"]],
  ["armel", ["arm", "v6"]],
]);

const DEFAULT_VARIANTS: ReadonlyMap<string, string> = new Map([
  ["amd64", "v1"],
  ["arm64", "v8"],
  ["arm", "v7"],
]);

const SYSTEMS: ReadonlySet<string> = new Set(["linux", "windows", "darwin", "freebsd"]);
const PART = /^[a-z0-9_.-]+$/;

/**
 * Reads `linux/arm64/v8`, `arm64` or `Linux/x86_64` as the builder does.
 *
 * @returns undefined for a system alone, which means the processor of whoever builds, and for what is no platform
 * @see https://github.com/containerd/platforms/blob/v1.0.0/platforms.go
 */
export function parsePlatform(text: string): Platform | undefined {
  const parts = text.toLowerCase().split("/");
  if (parts.length > 3 || !parts.every((part) => PART.test(part))) return undefined;
  const [first = ""] = parts;
  if (parts.length === 1 && SYSTEMS.has(first)) return undefined;
  const [os = "", written = "", given] = parts.length === 1 ? ["linux", first] : parts;
  const [architecture, meant] = ARCHITECTURES.get(written) ?? [written, undefined];
  const variant = given ?? meant;
  return { os, architecture, variant: variant === DEFAULT_VARIANTS.get(architecture) ? undefined : variant };
}

/**
 * Whether the builder takes a text for a platform: a system or a processor that it knows, or two or three parts, whatever
 * they are.
 *
 * @see https://github.com/containerd/platforms/blob/v1.0.0/platforms.go (Parse)
 */
export function isPlatform(text: string): boolean {
  const parts = text.toLowerCase().split("/");
  if (parts.length > 3) return false;
  const [first = ""] = parts;
  if (parts.length === 1) {
    known ??= new Set(words(KNOWN));
    return known.has(first) || ARCHITECTURES.has(first);
  }
  return parts.every((part) => PART.test(part));
}

/** Systems and processors of Go 1.22, which stand alone for a platform. */
const KNOWN =
  "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos 386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm";

let known: ReadonlySet<string> | undefined;

/** Whether two platforms are the same. */
export function isSamePlatform(a: Platform, b: Platform): boolean {
  return a.os === b.os && a.architecture === b.architecture && a.variant === b.variant;
}
