import type { Dockerfile, Instruction } from "../dockerfile/model.js";
import type { Range } from "../text/source.js";
import { parseImageReference } from "../values/image-reference.js";
import { writtenInstructions } from "./written-steps.js";

/** Minor version of `docker/dockerfile` 1, where `labs` is a feature of its experimental channel only. */
export type FrontendNeed = number | "labs";

/** What a file uses that not every version of `docker/dockerfile` knows. */
export interface FrontendFeature {
  /** For messages: `COPY --link`. */
  readonly name: string;
  /** The flag, heredoc or directive. */
  readonly range: Range;
  readonly needs: FrontendNeed;
}

/** Flags by keyword, with the version that has them; docs.docker.com/reference/dockerfile and the release notes, 2026-11. */
const FLAGS: ReadonlyMap<string, FrontendNeed> = new Map<string, FrontendNeed>([
  ["RUN mount", 2],
  ["RUN network", 3],
  ["RUN security", 20],
  ["RUN device", "labs"],
  ["COPY chmod", 2],
  ["ADD chmod", 2],
  ["COPY link", 4],
  ["ADD link", 4],
  ["COPY exclude", 19],
  ["ADD exclude", 19],
  ["COPY parents", 20],
  ["ADD checksum", 6],
  ["ADD unpack", 17],
  ["ADD keep-git-dir", 1],
]);

const HEREDOC = 4;
const CHECK = 8;
const SECRET_ENV = 10;
const TRIGGER_FROM = 11;
const SYMBOLIC_MODE = 14;

/** The features of a file that need a version of their own, each place, in order. */
export function* frontendFeatures(dockerfile: Dockerfile): Iterable<FrontendFeature> {
  for (const { name, range } of dockerfile.directives) {
    if (name === "check") yield { name: "`# check=`", range, needs: CHECK };
  }
  for (const instruction of writtenInstructions(dockerfile.instructions)) yield* featuresOf(instruction);
}

function* featuresOf(instruction: Instruction): Iterable<FrontendFeature> {
  const { keyword, flags, isTrigger } = instruction;
  if (keyword !== "RUN" && keyword !== "COPY" && keyword !== "ADD") return;
  for (const { name, range, value } of flags) {
    const needs = FLAGS.get(`${keyword} ${name}`);
    if (needs !== undefined) yield { name: `\`${keyword} --${name}\``, range, needs };
    if (name === "chmod" && value?.literal !== undefined && /[a-z]/.test(value.literal)) {
      yield { name: "a `--chmod` in letters", range, needs: SYMBOLIC_MODE };
    }
    if (isTrigger && keyword === "COPY" && name === "from") {
      yield { name: "`COPY --from` in a trigger", range, needs: TRIGGER_FROM };
    }
  }
  if (instruction.keyword === "RUN") {
    for (const { type, entries, from, range } of instruction.mounts) {
      const env = type === "secret" ? entries.find(({ key }) => key === "env") : undefined;
      if (env !== undefined) yield { name: "`env=` of a secret", range: env.range, needs: SECRET_ENV };
      if (isTrigger && from !== undefined) yield { name: "`from=` in a trigger", range, needs: TRIGGER_FROM };
    }
  }
  for (const { operatorRange: range } of instruction.heredocs) yield { name: "a here-document", range, needs: HEREDOC };
}

/** The frontend that a `syntax` directive asks for. */
export interface AskedFrontend {
  /** The value of the directive. */
  readonly range: Range;
  /** `floating`: whatever is newest. `stable`: a version. `labs`: of a channel with experimental features. */
  readonly kind: "floating" | "stable" | "labs";
  /** Undefined when only the major version is asked for, so that it is the newest, or when it floats. */
  readonly minor: number | undefined;
}

/** What a file asks for; undefined without a directive, and for frontends other than Docker's own or of another major version. */
export function askedFrontend({ directives }: Dockerfile): AskedFrontend | undefined {
  const directive = directives.find(({ name }) => name === "syntax");
  if (directive === undefined) return undefined;
  const { value, valueRange: range } = directive;
  const blank = value.search(/\s/);
  const reference = parseImageReference(blank < 0 ? value : value.slice(0, blank));
  if (reference.kind !== "reference") return undefined;
  const { path, tag, digest } = reference;
  if (path !== "docker/dockerfile" && path !== "docker/dockerfile-upstream") return undefined;
  if (digest !== undefined && tag === undefined) return undefined;
  const version = /^v?1(?:\.(\d+))?(?:\.\d+)?(?:-(.*))?$/.exec(tag ?? "");
  if (version === null) {
    const isFloating = tag === undefined || /^(?:latest|labs|master|upstream|experimental|nightly)/.test(tag);
    return isFloating && digest === undefined ? { range, kind: "floating", minor: undefined } : undefined;
  }
  const [, minor, channel] = version;
  const kind = channel === undefined ? "stable" : "labs";
  return { range, kind, minor: minor === undefined ? undefined : Number(minor) };
}
