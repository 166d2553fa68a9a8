import { EnvFile } from "../compose/env-file.js";
import type { ComposeProject, Resource } from "../compose/model.js";
import type { BuildContext } from "../context/context.js";
import { baseName, joinPath, parentPath } from "../files/path.js";
import type { Range, Source } from "../text/source.js";
import { findUrlCredentials } from "../values/secret-url.js";
import { judgeSecret } from "../values/secret-verdict.js";
import { isExampleName, isFixture } from "./file-content.js";
import type { Project } from "./model.js";
import { ModelMemo } from "./model-memo.js";
import { tokensOf } from "./secret-tokens.js";

/** A file with secrets that git does not ignore, or that others may read. */
export interface TrackedSecretFile {
  /** Absolute. */
  readonly file: string;
  /** Where a Compose file names it, else its first line. */
  readonly range: Range;
  /** Lines with secrets that are seen in it; 0 for a file that only its use makes one. */
  readonly count: number;
  /** The file of a Compose secret, of which nothing shows what is in it, and that others on the host may read. */
  readonly isOpen: boolean;
  /** It lies among tests. */
  readonly isFixture: boolean;
  /** Whose file it is. */
  readonly owners: ReadonlySet<ComposeProject | BuildContext>;
}

interface Named {
  readonly range: Range | undefined;
  readonly secret: Resource | undefined;
  readonly owners: Set<ComposeProject | BuildContext>;
}

const known = new ModelMemo<Project, readonly TrackedSecretFile[]>();

/**
 * Env files, files of Compose secrets and key files of a project that lie in a repository, hold secrets, and that no
 * `.gitignore` names; and files of Compose secrets that are open to others. Files that git ignores are not opened.
 */
export function trackedSecretFiles(project: Project): readonly TrackedSecretFile[] {
  let files = known.get(project);
  if (files === undefined) {
    files = [...readFiles(project)];
    known.set(project, files);
  }
  return files;
}

function* readFiles(project: Project): Iterable<TrackedSecretFile> {
  for (const [file, { range, secret, owners }] of namedFiles(project)) {
    const place = { file, isFixture: isFixture(project.display(file)), owners };
    const source = project.isGitIgnored(file) || !isInRepository(file, project) ? undefined : project.read(file);
    const count = source === undefined ? 0 : secretsIn(source);
    if (source !== undefined && count > 0) yield { ...place, range: range ?? firstLine(source), count, isOpen: false };
    else if (secret !== undefined && range !== undefined && project.isReadableByOthers(file)) {
      yield { ...place, range, count, isOpen: true };
    }
  }
}

/** Files that may hold secrets, each once: named by a Compose file, or called `.env`. */
function namedFiles(project: Project): ReadonlyMap<string, Named> {
  const files = new Map<string, Named>();
  const add = (file: string | undefined, owner: ComposeProject | BuildContext, range?: Range, secret?: Resource) => {
    if (file === undefined) return;
    const before = files.get(file);
    if (before === undefined) files.set(file, { range, secret, owners: new Set([owner]) });
    else before.owners.add(owner);
  };
  for (const variant of project.variants) {
    for (const service of variant.services.values()) {
      for (const { file, path } of service.envFiles) add(file, variant.project, path.range);
      for (const { type, hostPath, source } of service.mounts) {
        if (type === "bind" && KEY_FILE.test(hostPath ?? "")) add(hostPath, variant.project, source?.range);
      }
    }
    for (const secret of variant.secrets.values()) add(secret.filePath, variant.project, secret.file?.range, secret);
  }
  for (const composeProject of project.composeProjects) add(joinPath(composeProject.folder, ".env"), composeProject);
  for (const context of project.contexts) {
    for (const name of envFilesIn(context)) add(joinPath(context.root, name), context);
  }
  return files;
}

const KEY_FILE = /\.(?:key|pem)$|(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)$/;

function envFilesIn({ root, workspace }: BuildContext): readonly string[] {
  const listing = workspace.fs.readDirectory(root);
  if (listing.kind === "problem") return [];
  return listing.entries.flatMap(({ name, kind }) => (kind === "file" && /^\.env(?:\.|$)/.test(name) ? [name] : []));
}

/** Secrets that can be seen in a file. What shows people how to fill it in is taken for one only where its format is known. */
function secretsIn(source: Source): number {
  const tokens = tokensOf(source).filter(({ certainty }) => certainty !== "possible");
  const name = baseName(source.path);
  if (isExampleName(name)) return tokens.filter(({ certainty }) => certainty === "certain").length;
  const starts = new Set(tokens.map(({ range }) => lineOf(source, range.start)));
  for (const { start } of findUrlCredentials(source.text)) starts.add(lineOf(source, start));
  if (/^\.env(?:\.|$)|\.env$/.test(name)) {
    const file = EnvFile.parse(source);
    for (const { name: variable, range } of file.names) {
      const value = file.valueForInterpolation(variable)?.replaceAll("$", "$$$$");
      const secret = value === undefined ? undefined : judgeSecret(variable, value);
      if (secret !== undefined && !secret.name.isSentToBrowsers) starts.add(lineOf(source, range.start));
    }
  }
  return starts.size;
}

function lineOf(source: Source, offset: number): number {
  return source.positionAt(offset).line;
}

function firstLine(source: Source): Range {
  const end = source.text.search(/\r|\n/);
  return source.range(0, end === -1 ? source.text.length : end);
}

/** Some folder above the file holds `.git`. */
function isInRepository(file: string, project: Project): boolean {
  for (let folder = parentPath(file); ; folder = parentPath(folder)) {
    if (project.exists(joinPath(folder, ".git"))) return true;
    if (folder === parentPath(folder)) return false;
  }
}
