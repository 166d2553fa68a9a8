import { contextPath } from "../context/reach.js";
import { extensionOf, joinPath } from "../files/path.js";
import { hasGlobMeta } from "../values/glob.js";
import type { Certainty, Project, StageView } from "./model.js";

/** Names of archives that ADD unpacks, and of compressed files that may be such archives. */
const ARCHIVE = /\.(?:tar(?:\.[a-z0-9]+)?|t[abglpx]z|taz|tb2|tbz2|tlz|tzst|tz|bz2|gz|lz|lzma|xz|zst)$|\.(?:tZ|Z)$/i;

/** Other binary files by name: ADD leaves them as they are. Zip archives are among them: ADD unpacks tar only. */
const OTHER_BINARY = new Set(
  ".apk .bin .class .crt .db .deb .der .dll .ear .eot .exe .gif .ico .jar .jks .jpeg .jpg .keystore .msi .node .otf .p12 .pdf .phar .png .pyc .rpm .so .sqlite .ttf .war .wasm .webp .whl .woff .woff2 .zip".split(
    " ",
  ),
);

/**
 * Whether ADD would unpack something that a local source stands for: by name, else by what stands there in the context. A
 * folder is copied as it is, archives inside of it too.
 *
 * @param path evaluated source, relative to the context
 * @see https://docs.docker.com/reference/dockerfile/#add---unpack
 */
export function holdsArchive(path: string, stage: StageView, project: Project): Certainty {
  if (ARCHIVE.test(path)) return "yes";
  const source = contextPath(path);
  if (source === ".") return "no";
  const { context } = stage.build;
  const isKnown = context.kind === "local" && context.isCertain;
  if (hasGlobMeta(source)) {
    if (/\.[A-Za-z]\w*$/.test(source)) return "no";
    if (!isKnown) return "unknown";
    const { matches, isComplete } = context.resolveSource(source);
    if (matches.some((match) => ARCHIVE.test(match))) return "yes";
    return isComplete && matches.length > 0 ? "no" : "unknown";
  }
  if (OTHER_BINARY.has(extensionOf(source))) return "no";
  const kind = context.kind === "local" ? context.kindOf(source) : undefined;
  if (kind === "directory") return "no";
  if (kind === undefined) return path.endsWith("/") || extensionOf(source) !== "" ? "no" : "unknown";
  if (context.kind !== "local") return "unknown";
  // A text is no archive; what cannot be read as text may be one.
  return project.read(joinPath(context.root, source)) === undefined ? "unknown" : "no";
}
