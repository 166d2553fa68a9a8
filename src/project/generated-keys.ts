import { KEY_GENERATORS, KEY_PACKAGES, type KeyGenerator } from "../data/key-generators.js";
import { cleanPath, isWithin, joinPath } from "../files/path.js";
import type { Invocation, Word } from "../shell/model.js";
import { join, type Range } from "../text/source.js";
import { matchesGlob } from "../values/glob.js";
import { absolutePath, isMounted } from "./late-removals.js";
import type { RunView, StageView } from "./model.js";

/** A private key that a RUN makes and that becomes part of an image. */
export interface GeneratedKey {
  /** The command from its program to its last word, or the package whose installation makes the key. */
  readonly range: Range;
  /** For messages: `openssl req`, `openssh-server`. */
  readonly what: string;
  readonly isPackage: boolean;
  /** Undefined when the command does not say where the key goes. */
  readonly path: string | undefined;
}

let programs: ReadonlySet<string> | undefined;

/**
 * Private keys that RUNs of a stage leave in the image, in order: those aside that the same RUN removes, or that lie in
 * a temporary folder or on a mount. Of a stage that does not ship only those that a shipped stage takes.
 */
export function* generatedKeys(stage: StageView): Iterable<GeneratedKey> {
  programs ??= new Set(KEY_GENERATORS.map(({ program }) => program));
  for (const run of stage.runs) {
    if (run.isOnbuild) continue;
    for (const invocation of run.commands) {
      const { name } = invocation;
      const key = name !== undefined && programs.has(name) ? madeBy(invocation, run) : undefined;
      if (key !== undefined && stays(run, invocation, key.path) && ships(stage, key.path)) yield key;
    }
    yield* ofPackages(run);
  }
}

function madeBy(invocation: Invocation, run: RunView): GeneratedKey | undefined {
  const { name, args, nameRange, words } = invocation;
  const generator = KEY_GENERATORS.find((each) => each.program === name && isAsked(each, args));
  if (generator === undefined) return undefined;
  const { program, when, output, folder } = generator;
  const target = output.map((option) => valueAfter(args, option)).find((word) => word !== undefined);
  const written = target === undefined ? redirected(invocation) : target;
  // Without a file the key goes to another command, which may do anything with it.
  if (written === undefined && (program === "openssl" || program === "wg")) return undefined;
  const path = written === undefined ? folder : absolutePath(run, written.value, invocation);
  const verb = args.find(({ value }) => value !== undefined && /^\w/.test(value) && when.includes(value))?.value;
  const last = words.at(-1)?.range ?? nameRange;
  const range = last.source === nameRange.source && last.start >= nameRange.start ? join(nameRange, last) : nameRange;
  return { range, what: verb === undefined ? program : `${program} ${verb}`, isPackage: false, path };
}

function isAsked({ when, and = [], unless = [] }: KeyGenerator, args: readonly Word[]): boolean {
  const has = (option: string) => args.some(({ value }) => value === option);
  if (when.length > 0 && !when.some(has)) return false;
  return (and.length === 0 || and.some(has)) && !unless.some(has) && !has("--help") && !has("-h");
}

/** The word after an option. */
function valueAfter(args: readonly Word[], option: string): Word | undefined {
  const index = args.findIndex(({ value }) => value === option);
  return index === -1 ? undefined : args[index + 1];
}

function redirected({ redirects }: Invocation): Word | undefined {
  for (const redirect of redirects) {
    if (redirect.kind === "file" && /^(?:>|>>|>\||&>)$/.test(redirect.operator) && redirect.descriptor !== 2) {
      return redirect.target;
    }
  }
  return undefined;
}

/** Folders whose content nobody expects to find in a container. */
const TEMPORARY = ["/tmp", "/var/tmp", "/dev", "/run"];

function stays(run: RunView, { index }: Pick<Invocation, "index">, path: string | undefined): boolean {
  const later = run.facts.removedPaths.filter(({ invocation }) => invocation.index > index);
  if (path === undefined) return later.length === 0;
  if (TEMPORARY.some((folder) => isWithin(folder, path)) || isMounted(run, path)) return false;
  return !later.some((removal) => {
    const removed = absolutePath(run, removal.path, removal.invocation);
    if (removed === undefined) return true;
    return isWithin(removed, path) || isWithin(path, removed) || matchesGlob(removed, path);
  });
}

/** Whether the stage ships, or a shipped one takes the path from it. */
function ships(stage: StageView, path: string | undefined): boolean {
  if (stage.isShipped) return true;
  if (path === undefined) return false;
  return stage.build.chain.some(({ copies }) =>
    copies.some(({ from, sources }) => {
      if (from.kind !== "stage" || from.stage !== stage) return false;
      return sources.some(
        (source) => source.path !== undefined && isWithin(cleanPath(joinPath("/", source.path)), path),
      );
    }),
  );
}

/** Packages of Debian whose installation makes a key. */
function* ofPackages(run: RunView): Iterable<GeneratedKey> {
  for (const { family, action, packages, invocation, isDryRun } of run.packages) {
    if (family !== "apt" || action !== "install" || isDryRun) continue;
    for (const { name, range } of packages) {
      const path = name === undefined ? undefined : KEY_PACKAGES.get(name);
      if (name === undefined || path === undefined) continue;
      if (stays(run, invocation, path) && ships(run.stage, path)) yield { range, what: name, isPackage: true, path };
    }
  }
}
