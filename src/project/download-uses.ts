import { baseName } from "../files/path.js";
import type { DownloadFact } from "../shell/fact-model.js";
import { HOLE, type Invocation, type Word } from "../shell/model.js";
import type { RunView, StageView } from "./model.js";
import { isVerification } from "./remote-sources.js";

/** What a stage does with something it has downloaded. */
export interface DownloadUse {
  readonly how: "built" | "executed" | "installed" | "unpacked";
  /** The command that does it. */
  readonly by: Invocation;
}

const UNPACKERS: ReadonlySet<string> = new Set(
  "tar bsdtar unzip 7z 7za 7zr gunzip bunzip2 unxz unzstd jar cpio ar".split(" "),
);
const INSTALLERS: ReadonlySet<string> = new Set(
  "dpkg rpm apt apt-get yum dnf microdnf tdnf zypper apk pacman pip pip3 npm pnpm yarn gem installer msiexec gdebi".split(
    " ",
  ),
);
const BUILDERS: ReadonlySet<string> = new Set(
  "make gmake cmake meson ninja cargo go npm yarn pnpm pip pip3 python python3 mvn gradle bazel setup.py autoreconf".split(
    " ",
  ),
);
const RUNNERS = /^(?:sh|bash|dash|ash|zsh|python|perl|ruby|node|php|java)[\d.]*$/;

/**
 * What a stage does with a download later on, in the same RUN or in another one: runs it, makes it executable, unpacks it,
 * installs it, or builds what it cloned; undefined when nobody sees it do anything.
 */
export function downloadUse(download: DownloadFact, run: RunView): DownloadUse | undefined {
  if (download.output === "stdout") return pipedUse(download.invocation);
  const target = download.targetShape;
  // A name of nothing but holes fits everything.
  if (target === undefined || target.replaceAll(HOLE, "") === "") return undefined;
  const { stage } = run;
  const runs = stage.runs;
  const from = Math.max(0, runs.indexOf(run));
  for (const later of runs.slice(from, runs.includes(run) ? undefined : from)) {
    for (const invocation of later.commands) {
      if (later === run && invocation.index <= download.invocation.index) continue;
      const how = download.tool === "git" ? useOfFolder(invocation, target, later) : useOfFile(invocation, target);
      if (how !== undefined) return { how, by: invocation };
    }
  }
  return undefined;
}

function pipedUse({ pipeline }: Invocation): DownloadUse | undefined {
  for (const stage of pipeline?.pipeline.stages.slice(pipeline.position + 1) ?? []) {
    const by = stage.invocation;
    if (by?.name !== undefined && UNPACKERS.has(by.name)) return { how: "unpacked", by };
  }
  return undefined;
}

function useOfFile({ name, words, args }: Invocation, target: string): DownloadUse["how"] | undefined {
  const [program] = words;
  if (program === undefined || name === undefined) return undefined;
  if (program.shape.includes("/") && isSame(program.shape, target)) return "executed";
  const isNamed = args.some((word) => namesTarget(word, target));
  if (!isNamed) return undefined;
  if (UNPACKERS.has(name)) return "unpacked";
  if (INSTALLERS.has(name)) return "installed";
  if (RUNNERS.test(name) || name === "source" || name === ".") return "executed";
  if (name === "chmod")
    return args.some(({ shape }) => /^[ugoa]*\+[rwX]*x|^[0-7]?[0-7]*[1357]/.test(shape)) ? "executed" : undefined;
  return name === "install" ? "installed" : undefined;
}

/** A repository is used where something is built below it. */
function useOfFolder({ name, args, words }: Invocation, target: string, run: RunView): DownloadUse["how"] | undefined {
  if (name === undefined) return undefined;
  const isNamed = args.some((word) => namesTarget(word, target) || word.shape.startsWith(`${target}/`));
  if (isNamed && (BUILDERS.has(name) || RUNNERS.test(name))) return "built";
  if (words[0]?.shape.startsWith(`${target}/`) === true) return "executed";
  const isInside = run.commands.some(
    (other) => other.name === "cd" && other.args.some((word) => namesTarget(word, target)),
  );
  if (!isInside) return undefined;
  if (words[0]?.shape.startsWith("./") === true) return "executed";
  return BUILDERS.has(name) ? "built" : undefined;
}

function namesTarget({ shape }: Word, target: string): boolean {
  const equals = shape.startsWith("-") ? shape.indexOf("=") : -1;
  return isSame(equals === -1 ? shape : shape.slice(equals + 1), target);
}

/** Whether two paths are the same file as far as their text tells: one of them may be relative. */
function isSame(path: string, target: string): boolean {
  if (path === target) return true;
  const isEitherAbsolute = path.startsWith("/") && target.startsWith("/");
  return !isEitherAbsolute && baseName(path) === baseName(target) && baseName(path) !== "";
}

/** Whether a check is made of sound algorithms: MD5 and SHA-1 can be forged. */
export function isSoundVerification(invocation: Invocation): boolean {
  if (!isVerification(invocation)) return false;
  const { name = "", args } = invocation;
  if (name === "md5sum" || name === "md5" || name === "sha1sum" || name === "sha1" || name === "cksum") return false;
  if (name === "shasum") return args.some(({ shape }, index) => isLongSum(shape, args[index + 1]?.shape));
  if (name === "openssl") return !args.some(({ shape }) => shape === "-md5" || shape === "-sha1");
  return true;
}

function isLongSum(shape: string, next: string | undefined): boolean {
  const value = shape === "-a" || shape === "--algorithm" ? next : shape.startsWith("-a") ? shape.slice(2) : undefined;
  return value !== undefined && value !== "1";
}

const SUMS: ReadonlySet<string> = new Set(["sha256sum", "sha384sum", "sha512sum", "b2sum", "shasum", "sha224sum"]);

/**
 * Whether a RUN, or a later one of its stage, checks what it downloads: with a program that compares, or with a sum that is
 * compared with a text by `[ … = … ]` or `grep`.
 *
 * @param isCheck what counts as a check
 */
export function isChecked(run: RunView, isCheck: (invocation: Invocation) => boolean = isVerification): boolean {
  const { runs } = run.stage;
  const from = runs.indexOf(run);
  return (from === -1 ? [run] : runs.slice(from)).some(({ commands }) =>
    commands.some((command) => isCheck(command) || isCompared(command) || isAttested(command)),
  );
}

/** `[ "$(sha256sum x)" = … ]`, `sha256sum x | grep -q …`. */
function isCompared({ name, inSubstitution, pipeline }: Invocation): boolean {
  if (name === undefined || !SUMS.has(name)) return false;
  return inSubstitution !== "none" || pipeline !== undefined;
}

function isAttested({ name, args }: Invocation): boolean {
  if (name === "gh") return args[0]?.value === "attestation";
  if (name === "git") return args.some(({ shape }) => shape === "verify-tag" || shape === "verify-commit");
  return false;
}

/** Whether a clone is brought to one commit, which cannot become another: by its option, or by a checkout in its stage. */
export function isPinnedClone({ invocation }: DownloadFact, { runs }: StageView): boolean {
  if (invocation.args.some(({ shape }) => isCommit(shape.slice(shape.indexOf("=") + 1)))) return true;
  return runs.some(({ commands }) =>
    commands.some(
      ({ name, args }) =>
        name === "git" &&
        args.some(
          ({ value }) => value === "checkout" || value === "reset" || value === "switch" || value === "fetch",
        ) &&
        args.some(({ shape }) => isCommit(shape)),
    ),
  );
}

function isCommit(text: string): boolean {
  return (text.length === 40 || text.length === 64) && /^[0-9a-f]+$/.test(text);
}
