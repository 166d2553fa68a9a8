/** A tag taken apart at its dashes. */
export interface ImageTag {
  /** As written; empty for `latest` that nobody wrote. */
  readonly written: string;
  /** Numbers of the first part that is a version: `[3, 12, 4]`; empty when there is none (`latest`, `bookworm`). */
  readonly version: readonly number[];
  /** The part that holds the version, as written; absent when there is none. */
  readonly versionText?: string;
  /** All parts in lower case, in order. */
  readonly parts: readonly string[];
  /** True for `latest`, written or not. */
  readonly isLatest: boolean;
}

/** A release of a distribution. */
export interface Release {
  readonly release: string;
  readonly codename: string;
}

/** Debian releases by code name. Source: debian.org/releases, 2026-11. */
export const DEBIAN_CODENAMES: ReadonlyMap<string, string> = new Map([
  ["wheezy", "7"],
  ["jessie", "8"],
  ["stretch", "9"],
  ["buster", "10"],
  ["bullseye", "11"],
  ["bookworm", "12"],
  ["trixie", "13"],
]);

/** Ubuntu releases by code name. Source: wiki.ubuntu.com/Releases, 2026-11. */
export const UBUNTU_CODENAMES: ReadonlyMap<string, string> = new Map([
  ["trusty", "14.04"],
  ["xenial", "16.04"],
  ["bionic", "18.04"],
  ["focal", "20.04"],
  ["jammy", "22.04"],
  ["lunar", "23.04"],
  ["mantic", "23.10"],
  ["noble", "24.04"],
  ["oracular", "24.10"],
  ["plucky", "25.04"],
  ["questing", "25.10"],
  ["resolute", "26.04"],
]);

/** Takes a tag apart; absent means `latest`. */
export function parseTag(written: string | undefined): ImageTag {
  const tag = written ?? "";
  const parts = tag === "" ? [] : tag.toLowerCase().split("-");
  const isLatest = tag === "" || tag === "latest";
  const versionText = parts.find((part) => /^v?\d+(?:\.\d+){0,3}/.test(part));
  if (versionText === undefined) return { written: tag, version: [], parts, isLatest };
  const digits = /^v?(\d+(?:\.\d+){0,3})/.exec(versionText)?.[1] ?? "";
  return { written: tag, version: digits.split(".").map(Number), versionText, parts, isLatest };
}

/** Whether a tag has a part, or a part that starts with it and goes on with a number (`alpine3.20`). */
export function hasPart(tag: ImageTag, name: string): boolean {
  return tag.parts.some((part) => part === name || (part.startsWith(name) && /^[\d.]+$/.test(part.slice(name.length))));
}

/** The number that follows a name in one part: `3.20` of `alpine3.20`; absent when there is none. */
export function numberAfter(tag: ImageTag, name: string): string | undefined {
  for (const part of tag.parts) {
    if (part.startsWith(name) && /^\d[\d.]*$/.test(part.slice(name.length))) return part.slice(name.length);
  }
  return undefined;
}

/** The release that a part names by code name; absent when no part does. */
export function codenameOf(tag: ImageTag, codenames: ReadonlyMap<string, string>): Release | undefined {
  for (const part of tag.parts) {
    const release = codenames.get(part);
    if (release !== undefined) return { release, codename: part };
  }
  return undefined;
}

/** True for images that run on Windows only. */
export function isWindowsTag(tag: ImageTag): boolean {
  return tag.parts.some((part) => part.startsWith("windowsservercore") || part.startsWith("nanoserver"));
}

/** The code name of a release number; absent when it has none here. */
export function codenameFor(release: string, codenames: ReadonlyMap<string, string>): string | undefined {
  for (const [codename, number] of codenames) if (number === release) return codename;
  return undefined;
}
