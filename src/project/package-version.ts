import { joinPath } from "../files/path.js";
import type { Range } from "../text/source.js";
import type { Project } from "./model.js";

/** The version that a package manifest states. */
export interface PackageVersion {
  readonly version: string;
  /** The version without quotes. */
  readonly range: Range;
  /** Name of the manifest: `package.json`. */
  readonly manifest: string;
}

/** Manifests, and the line of each that states the version; in TOML within one of the sections that describe the package. */
const MANIFESTS = [
  { manifest: "package.json", line: /^ {0,8}\t?"version"\s*:\s*"([^"\s]+)"/, sections: undefined },
  { manifest: "pyproject.toml", line: /^version\s*=\s*["']([^"'\s]+)["']/, sections: ["project", "tool.poetry"] },
  { manifest: "Cargo.toml", line: /^version\s*=\s*"([^"\s]+)"/, sections: ["package"] },
] as const;

/** Written where a version has to stand and nobody keeps one. */
const PLACEHOLDERS: ReadonlySet<string> = new Set(["0.0.0", "0.0.1", "1.0.0-dev", "0.0.0-development"]);

/** Lines of a manifest that are looked at: the version stands near its beginning. */
const MOST_LINES = 400;

/**
 * Versions that the manifests in a folder state, placeholders left out. Manifests of which git or the workspace keeps us
 * away are not read.
 *
 * @param folder absolute path
 */
export function packageVersions(folder: string, project: Project): readonly PackageVersion[] {
  return MANIFESTS.flatMap(({ manifest, line, sections }) => {
    const source = project.read(joinPath(folder, manifest));
    if (source === undefined) return [];
    let section = "";
    for (let number = 1; number <= Math.min(source.lineCount, MOST_LINES); number += 1) {
      const span = source.lineSpan(number);
      const text = span === undefined ? "" : source.slice(span);
      const header = /^\[([^\]]+)\]/.exec(text)?.[1];
      if (header !== undefined) section = header;
      const match = line.exec(text);
      const version = match?.[1];
      const isOwn = sections === undefined || sections.some((name) => name === section);
      if (span === undefined || match === null || version === undefined || !isOwn) continue;
      if (PLACEHOLDERS.has(version)) return [];
      const end = span.start + match[0].length - 1;
      return [{ version, range: source.range(end - version.length, end), manifest }];
    }
    return [];
  });
}
