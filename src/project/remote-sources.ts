import type { Invocation } from "../shell/model.js";
import type { Range } from "../text/source.js";
import type { CopyView, RunView, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";

/** A file or repository that ADD fetches from a known address. */
export interface RemoteSource {
  readonly copy: CopyView;
  readonly kind: "url" | "git";
  /** Lower case, without user and port. */
  readonly host: string;
  /** What a Git address names after `#`, or in its query; undefined without. */
  readonly ref: string | undefined;
  /** Whether nobody on the way can change it: `http://` and `git://` have no encryption. */
  readonly isEncrypted: boolean;
  /** A checksum, a full commit, or the tag of a version is named. */
  readonly isPinned: boolean;
  readonly range: Range;
}

const ADDRESS = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:[^\s/?#@]*@)?(\[[^\]]*\]|[^\s/:?#@]+)/i;
const FULL_COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** What names a release, or a commit in short: a tag can be moved, and is seldom. */
const RELEASE = /^refs\/tags\/|\d+\.\d+|^v?\d+$|^[0-9a-f]{7,39}$/;

/** Sources of ADD of a stage that come from the network; those whose address nobody can know are left out. */
export function* remoteSources(stage: StageView): Iterable<RemoteSource> {
  for (const copy of stage.copies) {
    const { instruction, isOnbuild } = copy;
    if (instruction.keyword !== "ADD" || isOnbuild) continue;
    for (const { kind, path, range } of copy.sources) {
      if (path === undefined || (kind !== "url" && kind !== "git")) continue;
      const [, scheme = "", host] = ADDRESS.exec(path) ?? [];
      if (host === undefined) continue;
      const git = kind === "git" ? gitRef(path) : undefined;
      const isPlain = /^(?:http|git)$/i.test(scheme);
      yield {
        copy,
        kind,
        host: host.toLowerCase(),
        ref: git?.ref,
        isEncrypted: !isPlain,
        isPinned: instruction.checksum !== undefined || (git !== undefined && isPinned(git, isPlain)),
        range,
      };
    }
  }
}

interface GitRef {
  readonly ref: string | undefined;
  readonly isTag: boolean;
  readonly commit: string | undefined;
}

/** @see https://docs.docker.com/build/concepts/context/#url-queries */
function gitRef(address: string): GitRef {
  const hash = address.indexOf("#");
  const fragment = hash === -1 ? "" : address.slice(hash + 1);
  const start = fragment === "" ? address.indexOf("?") : -1;
  const query = new Map<string, string>();
  if (start !== -1) {
    for (const pair of address.slice(start + 1).split("&")) {
      const [key = "", value = ""] = pair.split("=", 2);
      query.set(key, value);
    }
  }
  const [written = ""] = fragment.split(":", 1);
  const ref = written || query.get("ref") || query.get("tag") || query.get("branch");
  return { ref: ref || undefined, isTag: query.has("tag"), commit: query.get("checksum") ?? query.get("commit") };
}

/** Without encryption a tag says nothing: only a commit can be checked. */
function isPinned({ ref, isTag, commit }: GitRef, isPlain: boolean): boolean {
  if (commit !== undefined && /^[0-9a-f]{7,64}$/.test(commit)) return true;
  if (ref === undefined) return false;
  return FULL_COMMIT.test(ref) || (!isPlain && (isTag || RELEASE.test(ref)));
}

/** Whether a RUN after the ADD, in its stage or in one that is made from it, checks a sum or a signature. */
export function isVerifiedLater({ copy }: RemoteSource): boolean {
  const { places, last, isDoneInChild } = verificationOf(copy.stage);
  return isDoneInChild || (places.get(copy) ?? 0) < last;
}

interface StageVerification {
  /** Of each copy among the layers. */
  readonly places: ReadonlyMap<CopyView, number>;
  /** Place of the last RUN that checks something; -1 when none does. */
  readonly last: number;
  /** A stage that is made from this one checks something. */
  readonly isDoneInChild: boolean;
}

const known = new ModelMemo<StageView, StageVerification>();

function verificationOf(stage: StageView): StageVerification {
  let verification = known.get(stage);
  if (verification === undefined) {
    const places = new Map<CopyView, number>();
    for (const [index, layer] of stage.layers.entries()) if (layer.kind === "copy") places.set(layer.copy, index);
    const last = stage.layers.findLastIndex((layer) => layer.kind === "run" && verifies(layer.run));
    const isDoneInChild = stage.build.stages.some(
      (other) => other !== stage && other.lineage.includes(stage) && other.runs.some(verifies),
    );
    verification = { places, last, isDoneInChild };
    known.set(stage, verification);
  }
  return verification;
}

/** Whether a RUN checks a sum or a signature. */
export function verifies(run: RunView): boolean {
  return run.commands.some(isVerification);
}

const SUM_TOOL = /^(?:sha\d*|md5|b2|blake2|cksum|shasum)(?:sum)?$/;

/** Whether a command compares a file with a checksum or a signature. */
export function isVerification({ name, args }: Invocation): boolean {
  if (name === undefined) return false;
  if (SUM_TOOL.test(name)) {
    return args.some(({ shape }) => shape === "--check" || (/^-[a-zA-Z]*c/.test(shape) && !shape.startsWith("--")));
  }
  switch (name) {
    case "gpg":
    case "gpg2":
      return args.some(({ shape }) => shape === "--verify" || shape === "--decrypt");
    case "gpgv":
    case "gpgv2":
    case "minisign":
    case "signify":
    case "slsa-verifier":
      return true;
    case "cosign":
      return args.some(({ shape }) => shape.startsWith("verify"));
    case "openssl":
      return args.some(({ shape }) => shape === "dgst" || shape === "verify");
    case "rpm":
    case "rpmkeys":
      return args.some(({ shape }) => shape === "-K" || shape === "--checksig");
    default:
      return false;
  }
}
