import type { VersionSyntax } from "../data/package-managers.js";
import { HOLE, type Word } from "./model.js";
import type { PackageOperand, PackageOperandKind, PackageVersion } from "./package-model.js";

/** What an operand says, as offsets into its shape. */
interface Split {
  readonly kind: PackageOperandKind;
  /** End of the name; it begins at `nameStart`. */
  readonly nameEnd: number;
  readonly nameStart?: number;
  readonly operator?: string;
  /** Where the version begins and ends; absent without one. */
  readonly versionStart?: number;
  readonly versionEnd?: number;
}

const URL_START = /^(?:[a-z][a-z0-9+.-]*:\/\/|git@|git\+)/i;
const ARCHIVE = /\.(?:deb|rpm|apk|whl|tgz|tar\.gz|tar\.xz|tar\.bz2|tar|zip|gem|pkg\.tar\.zst)$/;

/** Reads an operand of an install command by the syntax of its manager. */
export function packageOperand(word: Word, syntax: VersionSyntax): PackageOperand {
  const { shape, range } = word;
  const split = splitOperand(word, syntax);
  const name = shape.slice(split.nameStart ?? 0, split.nameEnd);
  const hasName = split.kind !== "unknown" && split.kind !== "file-list" && name !== "" && !name.includes(HOLE);
  return { name: hasName ? name : undefined, version: versionOf(word, split), kind: split.kind, range, shape };
}

function versionOf(word: Word, split: Split): PackageVersion | undefined {
  const { versionStart: start, operator } = split;
  if (start === undefined || operator === undefined) return undefined;
  const end = split.versionEnd ?? word.shape.length;
  const text = word.shape.slice(start, end);
  return { text, value: text.includes(HOLE) ? undefined : text, operator, range: word.rangeAt(start, end) };
}

function splitOperand(word: Word, syntax: VersionSyntax): Split {
  const { shape } = word;
  const whole = (kind: PackageOperandKind): Split => ({ kind, nameEnd: shape.length });
  if (word.value === undefined && word.parts.some((part) => part.kind === "command")) {
    if (shape.startsWith(HOLE)) return whole("file-list");
  }
  if (shape.startsWith("@") && (syntax === "apt" || syntax === "gem")) return whole("file-list");
  // `$PKG` and `$PKG-dev` say nothing; `${PKG}=1.2` still states a version.
  if (shape.startsWith(HOLE) && !/[=<>@~:]/.test(shape)) return whole("unknown");
  const split = BY_SYNTAX[syntax](shape);
  if (split.kind !== "name" || syntax === "pip") return split;
  if (URL_START.test(shape)) return whole("url");
  if (isPath(shape, syntax)) return whole("local");
  return split;
}

/** Whether an operand names a file or folder instead of a package. */
function isPath(shape: string, syntax: VersionSyntax): boolean {
  if (shape === "." || shape === ".." || shape.startsWith("/") || shape.startsWith("./") || shape.startsWith("../"))
    return true;
  if (shape.startsWith("~/") || shape.startsWith("file:")) return true;
  return syntax !== "go" && ARCHIVE.test(shape);
}

const BY_SYNTAX: Record<VersionSyntax, (shape: string) => Split> = {
  apt: splitApt,
  apk: splitApk,
  rpm: splitRpm,
  zypper: (shape) => (shape.startsWith("@") ? group(shape) : splitByOperator(shape, ZYPPER_OPERATOR)),
  pip: splitPip,
  conda: splitConda,
  npm: splitNpm,
  gem: (shape) => splitAt(shape, shape.lastIndexOf(":"), ":"),
  composer: splitComposer,
  go: (shape) => splitAt(shape, shape.lastIndexOf("@"), "@"),
  cargo: (shape) => splitAt(shape, shape.indexOf("@"), "@"),
  poetry: splitPoetry,
  none: plain,
};

const ZYPPER_OPERATOR = /(?:[<>]=?|=)/;
const APK_OPERATOR = /(?:=?~=?|[<>]=?|=)/;
const PIP_OPERATOR = /(?:===?|~=|!=|[<>]=?)/;
const CONDA_OPERATOR = /(?:==?|[<>]=?|!=|~=)/;

function plain(shape: string): Split {
  return { kind: "name", nameEnd: shape.length };
}

function group(shape: string): Split {
  return { kind: "group", nameStart: 1, nameEnd: shape.length };
}

function splitAt(shape: string, at: number, operator: string): Split {
  if (at <= 0) return plain(shape);
  return { kind: "name", nameEnd: at, operator, versionStart: at + operator.length };
}

function splitByOperator(shape: string, pattern: RegExp): Split {
  const match = pattern.exec(shape);
  if (match === null || match.index === 0) return plain(shape);
  return { kind: "name", nameEnd: match.index, operator: match[0], versionStart: match.index + match[0].length };
}

/** `name=version`, `name/suite`, `name:arch`, and the markers `name+` and `name-`. */
function splitApt(shape: string): Split {
  const at = shape.search(/[=/]/);
  const isFile = shape.endsWith(".deb") || shape.startsWith("/") || shape.startsWith(".");
  if (isFile) return { kind: "local", nameEnd: shape.length };
  const name = at === -1 ? shape : shape.slice(0, at);
  const colon = name.indexOf(":");
  const nameEnd = colon > 0 ? colon : name.length;
  if (at > 0) return { kind: "name", nameEnd, operator: shape[at] ?? "=", versionStart: at + 1 };
  // `g++` and `libstdc++` are names: apt takes a marker only when no package of that name exists.
  if (/[^+][+-]$/.test(shape) && !shape.endsWith("++")) return { kind: "marker", nameEnd: shape.length - 1 };
  return { kind: "name", nameEnd };
}

function splitApk(shape: string): Split {
  if (shape.endsWith(".apk")) return { kind: "local", nameEnd: shape.length };
  const split = splitByOperator(shape, APK_OPERATOR);
  if (split.operator === undefined && shape.startsWith(".")) return { kind: "group", nameEnd: shape.length };
  const tag = shape.indexOf("@");
  if (split.operator !== undefined) return tag > split.nameEnd ? { ...split, versionEnd: tag } : split;
  return tag > 0 ? { kind: "name", nameEnd: tag } : split;
}

const RPM_ARCH = /\.(?:x86_64|aarch64|i[3-6]86|noarch|ppc64le|s390x|src)$/;

/** `name-1.2`, `name-1.2-3.el9`, with an architecture; `@group` and `module:stream`. */
function splitRpm(shape: string): Split {
  if (shape.startsWith("@")) return group(shape);
  const end = shape.length - (RPM_ARCH.exec(shape)?.[0].length ?? 0);
  const parts = shape.slice(0, end);
  const at = parts.search(/-(?:\d+:)?(?:\d|\uFFFC)/);
  if (at > 0 && isRpmVersion(parts.slice(at + 1))) {
    return { kind: "name", nameEnd: at, operator: "-", versionStart: at + 1, versionEnd: end };
  }
  const colon = parts.indexOf(":");
  if (colon > 0 && !parts.includes("/")) {
    return { kind: "group", nameEnd: colon, operator: ":", versionStart: colon + 1, versionEnd: end };
  }
  return { kind: "name", nameEnd: end };
}

/**
 * Whether what follows the first `-` and a digit is a version: `1.2-3.el9`, `1.*`; not `11-openjdk` of `java-11-openjdk`,
 * nor the bare number of `compat-openssl-11`, which often belongs to the name; a lone number counts only with a dot or a glob.
 */
function isRpmVersion(text: string): boolean {
  if (text.startsWith(HOLE)) return true;
  return (
    /^(?:\d+:)?\d+(?:[.*][\w.+~^*\uFFFC]*)(?:-[\w.+~^*\uFFFC]+)?$/.test(text) ||
    /^\d+(?::\d+)?-\d[\w.+~^*]*$/.test(text)
  );
}

/** `name[extra]==1.2`, `name @ url`, VCS addresses with `@ref`, wheels and paths; environment markers after `;` are left out. */
function splitPip(shape: string): Split {
  const whole = (kind: PackageOperandKind): Split => ({ kind, nameEnd: shape.length });
  const address = /^([\w.\-\uFFFC]+(?:\[[^\]]*\])?)\s*@\s*(?=\S)/.exec(shape);
  if (address !== null) {
    const nameEnd = address[1]?.split("[")[0]?.length ?? 0;
    const start = address[0].length;
    // `uv tool install ruff@0.12`: a version, for an address has a slash.
    if (!shape.includes("/", start)) return { kind: "name", nameEnd, operator: "@", versionStart: start };
    return pipUrl(shape, start, nameEnd);
  }
  if (URL_START.test(shape)) return pipUrl(shape, 0, 0);
  const extras = shape.indexOf("[");
  const withoutExtras = extras === -1 ? shape : shape.slice(0, extras);
  if (isPath(withoutExtras, "pip") || isPath(shape, "pip") || withoutExtras.includes("/")) return whole("local");
  const end = shape.indexOf(";") === -1 ? shape.length : shape.indexOf(";");
  const body = shape.slice(0, end);
  const match = PIP_OPERATOR.exec(body);
  const nameEnd = Math.min(match?.index ?? end, extras === -1 ? end : extras);
  const trimmed = body.slice(0, nameEnd).trimEnd().length;
  if (match === null || match.index === 0) return { kind: "name", nameEnd: trimmed };
  const versionStart = match.index + match[0].length;
  return { kind: "name", nameEnd: trimmed, operator: match[0], versionStart, versionEnd: end };
}

/** A direct address: `@ref` at its end is the version; `#egg=name` and other fragments are left out. */
function pipUrl(shape: string, start: number, nameEnd: number): Split {
  const fragment = shape.indexOf("#", start);
  const end = fragment === -1 ? shape.length : fragment;
  const egg = /#egg=([\w.-]+)/.exec(shape)?.[1];
  const eggAt = egg === undefined ? 0 : shape.indexOf(`#egg=${egg}`) + 5;
  const name = egg === undefined ? { nameStart: 0, nameEnd } : { nameStart: eggAt, nameEnd: eggAt + egg.length };
  const path = shape.indexOf("/", shape.indexOf("://", start) + 3);
  const at = shape.lastIndexOf("@", end);
  if (path === -1 || at < path) return { kind: "url", ...name };
  return { kind: "url", ...name, operator: "@", versionStart: at + 1, versionEnd: end };
}

/** `name=1.2=build`, `channel::name`. */
function splitConda(shape: string): Split {
  const channel = shape.indexOf("::");
  const nameStart = channel === -1 ? 0 : channel + 2;
  const bracket = shape.indexOf("[", nameStart);
  const end = bracket === -1 ? shape.length : bracket;
  const match = CONDA_OPERATOR.exec(shape.slice(nameStart, end));
  if (match === null || match.index === 0) return { kind: "name", nameStart, nameEnd: end };
  const nameEnd = nameStart + match.index;
  return {
    kind: "name",
    nameStart,
    nameEnd,
    operator: match[0],
    versionStart: nameEnd + match[0].length,
    versionEnd: end,
  };
}

/** `name@1.2`, `@scope/name@1.2`, `alias@npm:name@1.2`, `github:owner/repository#ref`, `owner/repository`. */
function splitNpm(shape: string): Split {
  const at = shape.indexOf("@", 1);
  if (at > 0 && !URL_START.test(shape)) {
    const rest = shape.slice(at + 1);
    const inner = rest.startsWith("npm:") ? rest.indexOf("@", 5) : -1;
    if (rest.startsWith("npm:")) {
      if (inner === -1) return { kind: "name", nameEnd: at };
      return { kind: "name", nameEnd: at, operator: "@", versionStart: at + 1 + inner + 1 };
    }
    if (/^(?:workspace|file|link|portal|patch):/.test(rest)) return { kind: "local", nameEnd: at };
    return { kind: "name", nameEnd: at, operator: "@", versionStart: at + 1 };
  }
  if (!URL_START.test(shape) && isPath(shape, "npm")) return { kind: "local", nameEnd: shape.length };
  const isHosted = /^(?:github|gitlab|bitbucket|gist):/.test(shape) || /^[\w.-]+\/[\w.-]+(?:#.*)?$/.test(shape);
  if (isHosted || /^git[+@:]/.test(shape) || URL_START.test(shape)) {
    const hash = shape.indexOf("#");
    if (hash === -1) return { kind: "url", nameEnd: shape.length };
    return { kind: "url", nameEnd: hash, operator: "#", versionStart: hash + 1 };
  }
  return plain(shape);
}

function splitComposer(shape: string): Split {
  const at = shape.search(/[:=]/);
  return at === -1 ? plain(shape) : splitAt(shape, at, shape[at] ?? ":");
}

function splitPoetry(shape: string): Split {
  if (URL_START.test(shape)) {
    const hash = shape.indexOf("#");
    if (hash === -1) return { kind: "url", nameEnd: shape.length };
    return { kind: "url", nameEnd: hash, operator: "#", versionStart: hash + 1 };
  }
  const split = splitPip(shape);
  if (split.kind !== "url") return split;
  // `name@1.2` is a version for poetry, an address for pip.
  const at = shape.indexOf("@");
  return at > 0 ? splitAt(shape, at, "@") : split;
}
