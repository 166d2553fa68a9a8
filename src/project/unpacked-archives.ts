import { resolvePath } from "../dockerfile/container-path.js";
import { baseName, isWithin, joinPath } from "../files/path.js";
import type { DownloadFact, WriteFact } from "../shell/fact-model.js";
import type { Invocation } from "../shell/model.js";
import { optionTable, readOptions } from "../shell/options.js";
import { hasGlobMeta } from "../values/glob.js";
import { folderAt } from "./dependency-installs.js";
import type { CopyView, RunView, StageView } from "./model.js";
import { isVerification } from "./remote-sources.js";

/** What a step does by hand that ADD does by itself. */
export type HandFetch =
  /** A COPY of a tar archive that a later RUN unpacks. */
  | {
      readonly kind: "local";
      readonly copy: CopyView;
      readonly run: RunView;
      readonly source: CopyView["sources"][number];
      readonly unpack: Invocation;
      readonly folder: string | undefined;
      /** The RUN does nothing but unpack, make the folder and remove the archive. */
      readonly isAll: boolean;
    }
  /** A download that is unpacked, or just kept. */
  | {
      readonly kind: "remote" | "url" | "git";
      readonly run: RunView;
      readonly download: DownloadFact;
      readonly folder: string | undefined;
      readonly isAll: boolean;
    };

/** Archives that ADD unpacks. */
const TAR = /\.(?:tar|tar\.(?:gz|bz2|xz|zst)|tgz|tbz2?|txz|tzst)$/i;

/** What a stage fetches or unpacks by hand, in order. */
export function* handFetches(stage: StageView): Iterable<HandFetch> {
  const archives: { readonly copy: CopyView; readonly source: CopyView["sources"][number]; readonly path: string }[] =
    [];
  for (const layer of stage.layers) {
    if (layer.kind === "copy") {
      const { copy } = layer;
      if (copy.instruction.keyword !== "COPY" || copy.from.kind !== "context" || copy.isOnbuild) continue;
      for (const source of copy.sources) {
        const path = archivePath(copy, source);
        if (path !== undefined && archives.length < MOST_ARCHIVES) archives.push({ copy, source, path });
      }
      continue;
    }
    const { run } = layer;
    if (run.isOnbuild) continue;
    for (const { write, archive } of plainUnpacks(run)) {
      const at = archives.findIndex(({ path }) => path === archive);
      const found = archives[at];
      if (found === undefined) continue;
      archives.splice(at, 1);
      const folder = targetOf(run, write);
      const { copy, source, path } = found;
      yield { kind: "local", copy, run, source, unpack: write.invocation, folder, isAll: doesNothingElse(run, path) };
    }
    yield* ofDownloads(run);
  }
}

const MOST_ARCHIVES = 50;

function isTar(path: string): boolean {
  // Spares most files the expression.
  return (path.includes(".t") || path.includes(".T")) && TAR.test(path);
}

function archivePath(
  { destination, isFolder }: CopyView,
  { kind, path }: CopyView["sources"][number],
): string | undefined {
  if (kind !== "path" || path === undefined || destination === undefined || hasGlobMeta(path) || !isTar(path)) {
    return undefined;
  }
  // Without a slash the destination may be a folder that exists.
  return isFolder || !isTar(destination) ? joinPath(destination, baseName(path)) : destination;
}

interface Unpack {
  readonly write: WriteFact;
  /** Absolute path of the archive; undefined when it comes through a pipe. */
  readonly archive: string | undefined;
}

const TAR_OPTIONS = optionTable("-f --file -C --directory --cd");
/** Options that change nothing about what is unpacked. */
const PLAIN = new Set(
  (
    "-x --extract -f --file -C --directory --cd -z --gzip --gunzip -j --bzip2 -J --xz --zstd -v --verbose -p --preserve-permissions " +
    "--same-permissions --auto-compress -a --no-same-owner -o --same-owner"
  ).split(" "),
);

/** Commands of a RUN by which tar unpacks a whole archive as it is. */
function plainUnpacks(run: RunView): readonly Unpack[] {
  const found: Unpack[] = [];
  for (const write of run.facts.writes) {
    const { invocation, by, sources } = write;
    if (by !== "extract" || (invocation.name !== "tar" && invocation.name !== "bsdtar")) continue;
    if (invocation.onlyIf !== "none" || !isPlain(invocation)) continue;
    const value = sources[0]?.value;
    const isPiped = sources.length === 0 || value === "-";
    const archive = value === undefined || isPiped ? undefined : resolvePath(folderAt(run, invocation), value);
    if (isPiped || archive !== undefined) found.push({ write, archive });
  }
  return found;
}

function isPlain(invocation: Invocation): boolean {
  const { args } = invocation;
  const [first] = args;
  // `tar xzf FILE`: letters without a dash, of which `f` takes the next word.
  const isOld = first !== undefined && /^[a-zA-Z]+$/.test(first.shape);
  if (isOld && !/^[xzjJvpf]+$/.test(first.shape)) return false;
  const rest = isOld ? args.slice(first.shape.includes("f") ? 2 : 1) : args;
  const reader = readOptions({ args: rest }, TAR_OPTIONS);
  // Operands choose members of the archive.
  if (reader.verb !== undefined) return false;
  return reader.options.every(({ name }) => PLAIN.has(name)) && rest.every(({ hasGlob }) => !hasGlob);
}

function targetOf(run: RunView, { path, invocation }: WriteFact): string | undefined {
  return path === undefined ? undefined : resolvePath(folderAt(run, invocation), path);
}

function doesNothingElse(run: RunView, archive: string): boolean {
  if (run.instruction.flags.length > 0) return false;
  return run.commands.every((command) => {
    const { name } = command;
    if (name === "tar" || name === "bsdtar" || name === "mkdir" || name === "cd") return true;
    if (name !== "rm") return false;
    const removed = run.facts.removedPaths.filter(({ invocation }) => invocation === command);
    return removed.every(({ path }) => path !== undefined && resolvePath(folderAt(run, command), path) === archive);
  });
}

/** The one download of a RUN, when ADD could make it. */
function* ofDownloads(run: RunView): Iterable<HandFetch> {
  const { downloads } = run.facts;
  const [download] = downloads;
  if (download === undefined || downloads.length > 1) return;
  const { invocation, url, tool } = download;
  if (url === undefined || invocation.onlyIf !== "none" || invocation.isTolerated || usesSecrets(run)) return;
  if (run.commands.some(isVerification)) return;
  if (tool === "git") {
    const folder = cloneFolder(run, download);
    if (folder !== undefined && /^https?:\/\//.test(url)) yield { kind: "git", run, download, folder, isAll: false };
    return;
  }
  if ((tool !== "curl" && tool !== "wget") || !/^https?:\/\/[^@]*$/.test(url) || hasOwnRequest(invocation)) return;
  const isTar = TAR.test(url.replace(/[?#].*$/, ""));
  const unpacks = plainUnpacks(run);
  const extracts = run.facts.writes.filter(({ by }) => by === "extract");
  if (extracts.length === 0) {
    const isAll = run.commands.every(({ name }) => name !== undefined && ONLY_FETCHING.has(name));
    if (isAll && download.output === "file") yield { kind: "url", run, download, folder: undefined, isAll };
    return;
  }
  const [unpack] = unpacks;
  if (unpack === undefined || unpacks.length > 1 || extracts.length > 1) return;
  const stored = download.target === undefined ? undefined : resolvePath(folderAt(run, invocation), download.target);
  const isPiped = unpack.archive === undefined && isPipe(invocation, unpack.write.invocation);
  if (!isPiped && (stored === undefined || stored !== unpack.archive)) return;
  const folder = targetOf(run, unpack.write);
  if (folder === undefined || isTemporary(folder, run)) return;
  // Of an address without a name like that nobody knows whether it is an archive that ADD unpacks.
  if (!isTar && !isPiped) return;
  const isAll = doesNothingElseThan(run, invocation, stored);
  yield { kind: "remote", run, download, folder, isAll };
}

const ONLY_FETCHING: ReadonlySet<string> = new Set(["curl", "wget", "chmod", "mkdir", "cd"]);

function doesNothingElseThan(run: RunView, download: Invocation, archive: string | undefined): boolean {
  if (run.commands.some((command) => command !== download && command.name === download.name)) return false;
  return run.commands.every(
    (command) =>
      command === download ||
      command.name === "tar" ||
      command.name === "mkdir" ||
      (command.name === "rm" &&
        run.facts.removedPaths.every(({ path }) => path !== undefined && resolvePath("/", path) === archive)),
  );
}

function isPipe({ pipeline }: Invocation, unpack: Invocation): boolean {
  if (pipeline === undefined || pipeline.length !== 2 || unpack.pipeline === undefined) return false;
  return pipeline.pipeline === unpack.pipeline.pipeline && pipeline.position === 0;
}

function usesSecrets({ instruction: { mounts } }: RunView): boolean {
  return mounts.some(({ type }) => type === "secret" || type === "ssh");
}

/** Headers, credentials, other methods: what ADD cannot send. */
const REQUEST = new Set(
  (
    "-H --header -u --user -d --data --data-raw --data-binary -F --form -X --request -b --cookie -n --netrc --netrc-file --cert " +
    "--post-data --method --http-user --http-password --password -k --insecure --no-check-certificate --proxy -x"
  ).split(" "),
);

function hasOwnRequest({ args }: Invocation): boolean {
  return args.some(({ shape }) => REQUEST.has(shape.replace(/=.*$/s, "")) || /^-[a-zA-Z]*[kHud]$/.test(shape));
}

/** Whether what was fetched is gone, or moved on, at the end of the RUN: then ADD would leave it in a layer. */
function isTemporary(folder: string, run: RunView): boolean {
  if (/^\/(?:tmp|var\/tmp|dev)(?:\/|$)/.test(folder)) return true;
  const { removedPaths, writes, opaque } = run.facts;
  if (opaque !== undefined) return true;
  return (
    removedPaths.some(({ path, invocation }) => {
      const removed =
        path === undefined ? undefined : resolvePath(folderAt(run, invocation), path.replace(/\/\*$/, ""));
      return removed === undefined || (isWithin(folder, removed) && !TAR.test(removed)) || isWithin(removed, folder);
    }) || writes.some(({ by, sources }) => by === "move" && sources.some(({ shape }) => shape.startsWith(folder)))
  );
}

/** Folder of a plain clone; undefined when the RUN does with Git what ADD cannot, or removes the clone again. */
function cloneFolder(run: RunView, { invocation, target }: DownloadFact): string | undefined {
  if (target === undefined) return undefined;
  const folder = resolvePath(folderAt(run, invocation), target);
  if (folder === undefined || isTemporary(folder, run)) return undefined;
  for (const { name, args } of run.commands) {
    if (name !== "git") continue;
    const words = args.map(({ shape }) => shape);
    if (words.some((word) => /^--(?:recurse-submodules|recursive|sparse|filter|config|mirror|bare)/.test(word)))
      return undefined;
    if (!words.some((word) => word === "clone" || word === "checkout" || word === "switch")) return undefined;
    if (words.includes("-c")) return undefined;
  }
  return folder;
}
