import { isCacheBuster } from "../data/changing-names.js";
import type { ArgInstruction, ArgPair, Instruction, Stage } from "../dockerfile/model.js";
import { AUTOMATIC_ARGS, PROXY_ARGS } from "../dockerfile/scope.js";
import type { Range } from "../text/source.js";
import { words } from "../text/words.js";
import type { DockerfileView, StageView } from "./model.js";
import { readsOnlyNamedVariables } from "./silent-programs.js";
import { mentionsOf } from "./variable-mentions.js";

/** An ARG that does not do what it seems to. */
export interface IdleArg {
  readonly kind: "unused" | "global-unused" | "shadowed" | "default-conflict";
  readonly name: string;
  readonly pair: ArgPair;
  readonly instruction: ArgInstruction;
  /** The ENV that replaces the value, or the global ARG with another default. */
  readonly other: Range | undefined;
}

/** Variables that programs read by themselves, so that declaring them is enough. */
const READ_BY_TOOLS =
  "DEBIAN_FRONTEND TZ LANG LANGUAGE HOME PATH TERM SHELL USER EDITOR CI NODE_ENV NODE_OPTIONS GOPROXY GOFLAGS GOPRIVATE GOSUMDB CGO_ENABLED GOOS GOARCH GOPATH GOCACHE CC CXX CFLAGS CXXFLAGS CPPFLAGS LDFLAGS MAKEFLAGS RUSTFLAGS CARGO_HOME RUSTUP_HOME MAVEN_OPTS JAVA_OPTS JAVA_HOME GRADLE_OPTS PYTHONUNBUFFERED PYTHONDONTWRITEBYTECODE PYTHONPATH SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE NODE_EXTRA_CA_CERTS SSH_AUTH_SOCK TMPDIR RAILS_ENV RACK_ENV BUNDLE_PATH COMPOSER_ALLOW_SUPERUSER DOCKER_BUILDKIT";
const TOOL_PREFIXES = [
  "BUILDKIT_",
  "LC_",
  "NPM_CONFIG_",
  "npm_config_",
  "PIP_",
  "UV_",
  "POETRY_",
  "YARN_",
  "PNPM_",
  "APT_",
  "DEB_",
  "CARGO_",
  "GIT_",
];

let readByTools: ReadonlySet<string> | undefined;

/** Whether declaring a name is enough for it to have an effect. */
function actsAlone(name: string): boolean {
  if (AUTOMATIC_ARGS.has(name) || PROXY_ARGS.has(name) || name === "SOURCE_DATE_EPOCH") return true;
  if (TOOL_PREFIXES.some((prefix) => name.startsWith(prefix)) || isCacheBuster(name)) return true;
  readByTools ??= new Set(words(READ_BY_TOOLS));
  return readByTools.has(name);
}

/** ARGs above the first FROM that no FROM and no stage uses. */
export function* idleGlobalArgs({ dockerfile }: DockerfileView): Iterable<IdleArg> {
  const { globalArgs, stages } = dockerfile;
  if (globalArgs.length === 0 || stages.length === 0) return;
  const redeclared = new Set<string>();
  for (const { instructions } of stages) {
    for (const instruction of instructions) {
      const arg = instruction.keyword === "ONBUILD" ? instruction.trigger : instruction;
      if (arg?.keyword === "ARG") for (const { key } of arg.pairs) redeclared.add(key.raw);
    }
  }
  for (const instruction of globalArgs) {
    for (const pair of instruction.pairs) {
      const name = pair.key.literal;
      if (name === undefined || actsAlone(name) || redeclared.has(name)) continue;
      // In a stage a mention of it is a mistake of its own: there it stands for nothing.
      const isUsed = mentionsOf(dockerfile, name).length > 0;
      if (!isUsed) yield { kind: "global-unused", name, pair, instruction, other: undefined };
    }
  }
}

/** ARGs of a stage that do nothing, or not what they seem to. */
export function* idleStageArgs(stage: StageView): Iterable<IdleArg> {
  // A part of a file may declare what another part uses.
  if (stage.build.fragment === stage) return;
  const { instructions } = stage.stage;
  for (const [index, instruction] of instructions.entries()) {
    if (instruction.keyword !== "ARG") continue;
    for (const pair of instruction.pairs) {
      const name = pair.key.literal;
      if (name === undefined) continue;
      const shadow = shadowOf(name, instructions, index);
      if (shadow !== undefined) yield { kind: "shadowed", name, pair, instruction, other: shadow };
      else if (!actsAlone(name) && isUnused(name, instruction, index, stage)) {
        yield { kind: "unused", name, pair, instruction, other: undefined };
      }
      const conflict = conflictOf(pair, name, stage);
      if (conflict !== undefined) yield { kind: "default-conflict", name, pair, instruction, other: conflict };
    }
  }
}

/** The ENV that sets a name to a constant before anything can have used the ARG. */
function shadowOf(name: string, instructions: readonly Instruction[], index: number): Range | undefined {
  // Not a slice: a file may declare thousands, and almost always the very next instruction decides.
  for (let at = index + 1; at < instructions.length; at += 1) {
    const next = instructions[at];
    if (next === undefined) return undefined;
    if (next.keyword === "ENV") {
      const pair = next.pairs.findLast(({ key }) => key.literal === name);
      if (next.pairs.some(({ value }) => value.raw.includes(name))) return undefined;
      if (pair !== undefined) return pair.value.hasVariables ? undefined : pair.range;
      continue;
    }
    // A RUN has the value in its environment, and others may name it.
    if (next.keyword !== "ARG" && next.keyword !== "EXPOSE" && next.keyword !== "LABEL") return undefined;
    if (next.text.includes(`$${name}`) || next.text.includes(`\${${name}`)) return undefined;
    if (next.keyword === "ARG" && next.pairs.some(({ key }) => key.literal === name)) return undefined;
  }
  return undefined;
}

function isUnused(name: string, instruction: ArgInstruction, index: number, stage: StageView): boolean {
  const { build } = stage;
  const { dockerfile } = build.dockerfile;
  // Another pair of the same ARG may use it.
  if (mentionsOf(dockerfile, name).some((each) => each === instruction)) return false;
  const members = build.stages.filter((member) => member === stage || member.lineage.includes(stage));
  const indexes = new Set(members.map((member) => member.index));
  for (const { range, stage: at } of mentionsOf(dockerfile, name)) {
    if (at !== undefined && indexes.has(at) && range.start > instruction.range.start) return false;
  }
  for (const member of members) {
    const from: number = member === stage ? index : -1;
    if (!isPlain(member.stage, from)) return false;
    for (const run of member.runs) {
      const isBefore = member === stage && run.instruction.range.start < instruction.range.start;
      if (!isBefore && !readsOnlyNamedVariables(run)) return false;
    }
  }
  return true;
}

/** Whether a stage has no triggers, which run in builds that nobody can see, behind an index. */
function isPlain({ instructions }: Stage, from: number): boolean {
  return instructions.slice(from + 1).every(({ keyword }) => keyword !== "ONBUILD" && keyword !== "UNKNOWN");
}

/** The global ARG of the same name whose default is another one. */
function conflictOf({ value }: ArgPair, name: string, { build }: StageView): Range | undefined {
  const own = value?.literal;
  if (own === undefined) return undefined;
  for (const { pairs } of build.dockerfile.dockerfile.globalArgs) {
    for (const { key, value: other, range } of pairs) {
      if (key.literal !== name) continue;
      const literal = other?.literal;
      if (literal !== undefined && literal !== own) return range;
    }
  }
  return undefined;
}
