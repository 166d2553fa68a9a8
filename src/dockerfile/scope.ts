import type { Range } from "../text/source.js";
import type { Binding } from "./expand.js";

/** What is known of the environment that a base image brings. */
export type BaseEnvironment =
  /** A name whose value is undefined is set, and nobody knows to what. */
  { readonly kind: "known"; readonly values: ReadonlyMap<string, string | undefined> } | { readonly kind: "unknown" };

/**
 * Arguments that the builder sets itself once they are declared; their values depend on who builds.
 *
 * @see https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope
 */
export const AUTOMATIC_ARGS: ReadonlySet<string> = new Set([
  "TARGETPLATFORM",
  "TARGETOS",
  "TARGETOSVERSION",
  "TARGETARCH",
  "TARGETVARIANT",
  "BUILDPLATFORM",
  "BUILDOS",
  "BUILDOSVERSION",
  "BUILDARCH",
  "BUILDVARIANT",
  "TARGETSTAGE",
]);

/**
 * Arguments that need no declaration.
 *
 * @see https://docs.docker.com/reference/dockerfile/#predefined-args
 */
export const PROXY_ARGS: ReadonlySet<string> = new Set(
  ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"].flatMap((name) => [name, name.toLowerCase()]),
);

/** `PATH` of an image that sets none, on Linux. @see https://github.com/moby/buildkit/blob/v0.20.2/util/system/path.go */
export const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Positional and special parameters have no value outside a shell. */
const SPECIAL_NAME = /^(?:\d+|[@*#?\-$!])$/;
const UNSET: Binding = { kind: "unset" };
const UNKNOWN: Binding = { kind: "unknown", origin: undefined };

/** A binding and the index of the step that makes it; the step itself does not see it. */
interface Entry {
  readonly step: number;
  readonly binding: Binding;
}

/** ARG and ENV of one stage over those of its parent. */
export class StageScope {
  readonly #parent: StageScope | undefined;
  readonly #base: BaseEnvironment;
  readonly #args = new Map<string, Entry[]>();
  readonly #env = new Map<string, Entry[]>();

  /** @param base counts only without a parent */
  constructor(parent: StageScope | undefined, base: BaseEnvironment) {
    this.#parent = parent;
    this.#base = base;
  }

  setArg(name: string, step: number, binding: Binding): void {
    append(this.#args, name, { step, binding });
  }

  setEnv(name: string, step: number, binding: Binding): void {
    append(this.#env, name, { step, binding });
  }

  /** Whether this stage or a parent declares an ARG of the name before the step. */
  hasArg(name: string, step: number): boolean {
    return this.#chained(name, step, argsOf) !== undefined;
  }

  /** What a name stands for before the step with that index: ENV wins over ARG, both over the base image. */
  lookup(name: string, step: number): Binding {
    if (SPECIAL_NAME.test(name)) return UNSET;
    const env = this.#chained(name, step, envOf);
    if (env !== undefined) return env;
    return this.#chained(name, step, argsOf) ?? this.#baseBinding(name);
  }

  #chained(name: string, step: number, entriesOf: (scope: StageScope) => Map<string, Entry[]>): Binding | undefined {
    let position = step;
    // A loop, not recursion: a file may chain thousands of stages.
    for (let scope: StageScope | undefined = this; scope !== undefined; scope = scope.#parent) {
      const entries: readonly Entry[] | undefined = entriesOf(scope).get(name);
      const binding = entries === undefined ? undefined : lastBefore(entries, position);
      if (binding !== undefined) return binding;
      position = Number.POSITIVE_INFINITY;
    }
    return undefined;
  }

  #baseBinding(name: string): Binding {
    if (PROXY_ARGS.has(name)) return UNKNOWN;
    let root: StageScope = this;
    while (root.#parent !== undefined) root = root.#parent;
    if (root.#base.kind === "unknown") return UNKNOWN;
    const { values } = root.#base;
    const value = values.get(name) ?? (name === "PATH" && !values.has(name) ? DEFAULT_PATH : undefined);
    if (value !== undefined) return { kind: "known", value, origin: undefined };
    return values.has(name) ? UNKNOWN : UNSET;
  }

  static argsOf(scope: StageScope): Map<string, Entry[]> {
    return scope.#args;
  }

  static envOf(scope: StageScope): Map<string, Entry[]> {
    return scope.#env;
  }
}

const { argsOf, envOf } = StageScope;

function append(map: Map<string, Entry[]>, name: string, entry: Entry): void {
  const entries = map.get(name);
  if (entries === undefined) map.set(name, [entry]);
  else entries.push(entry);
}

function lastBefore(entries: readonly Entry[], step: number): Binding | undefined {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.step ?? 0) < step) low = middle + 1;
    else high = middle;
  }
  return entries[low - 1]?.binding;
}

/** A global ARG with the value that FROM sees. */
export interface GlobalArg {
  readonly name: string;
  readonly binding: Binding;
  /** The `name` or `name=value` of its declaration. */
  readonly range: Range;
}

/** ARGs above the first FROM: what FROM sees, and what a stage gets by declaring the name again. */
export class GlobalScope {
  readonly #args = new Map<string, GlobalArg>();

  set(arg: GlobalArg): void {
    this.#args.set(arg.name, arg);
  }

  get(name: string): GlobalArg | undefined {
    return this.#args.get(name);
  }

  /** What a name stands for in FROM; undeclared names are certainly unset. */
  lookup(name: string): Binding {
    const declared = this.#args.get(name);
    if (declared !== undefined) return declared.binding;
    return AUTOMATIC_ARGS.has(name) ? UNKNOWN : UNSET;
  }
}
