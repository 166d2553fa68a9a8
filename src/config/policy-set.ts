import type { Confidence, Level, Preset, Severity } from "../data/levels.js";
import type { Role, RoleName } from "../data/roles.js";
import { compileGitignorePattern, type GitignoreRule } from "../files/gitignore-pattern.js";
import { foldersAbove, isWithin, relativePath, resolvePath } from "../files/path.js";
import { newWorkMeter } from "../files/path-pattern.js";
import { flagLayer, type Layer, layersOf } from "./layers.js";
import type { PolicyFile } from "./load.js";
import { PathGlob } from "./path-glob.js";
import type {
  BaseImageEntry,
  DescribedValue,
  FlagSettings,
  Policy,
  PolicyData,
  PolicySet,
  ProjectPolicy,
} from "./policy.js";

/** What a policy set is made of. */
export interface PolicyParts {
  /** Weakest first; empty without a policy file. */
  readonly files: readonly PolicyFile[];
  /** Absolute folder that globs and paths of the policy are relative to. */
  readonly folder: string;
  readonly flags: FlagSettings;
}

const DEFAULT_PRESETS: readonly Preset[] = ["recommended"];

/** Puts policy files and flags together. */
export function policySetOf(parts: PolicyParts): PolicySet {
  return new LayeredPolicy(parts);
}

class LayeredPolicy implements PolicySet {
  readonly paths: readonly string[];
  readonly project: ProjectPolicy;
  readonly #folder: string;
  readonly #layers: readonly Layer[];
  readonly #roles: readonly { readonly glob: PathGlob; readonly role: RoleName }[];
  readonly #ignore: readonly GitignoreRule[];
  readonly #policies = new Map<string, Policy>();

  constructor({ files, folder, flags }: PolicyParts) {
    this.#folder = folder;
    this.paths = files.map((file) => file.source.path).reverse();
    this.#layers = [...files.flatMap(layersOf), flagLayer(flags)];
    this.project = projectPolicy(
      files.map((file) => file.data),
      folder,
    );
    this.#roles = files.flatMap((file) =>
      Object.entries(file.data.roles ?? {}).map(([glob, role]) => ({ glob: new PathGlob(glob), role })),
    );
    this.#ignore = files.flatMap((file) =>
      (file.data.ignore ?? []).flatMap((line) => compileGitignorePattern(line, newWorkMeter()) ?? []),
    );
  }

  roleOf(file: string): RoleName | undefined {
    const path = this.#relative(file);
    return path === undefined ? undefined : this.#roles.findLast(({ glob }) => glob.matches(path))?.role;
  }

  ignores(file: string): boolean {
    if (this.#ignore.length === 0) return false;
    const path = this.#relative(file);
    if (path === undefined) return false;
    // As in git: what lies below an ignored folder cannot come back.
    return foldersAbove(path).some((folder) => this.#isIgnored(folder, true)) || this.#isIgnored(path, false);
  }

  policyFor(file: string, role: Role): Policy {
    let key = "";
    const path = this.#relative(file);
    for (const layer of this.#layers) key += applies(layer, path, role) ? "1" : "0";
    const known = this.#policies.get(key);
    if (known !== undefined) return known;
    const policy = mergeLayers(
      key,
      this.#layers.filter((_, index) => key[index] === "1"),
    );
    this.#policies.set(key, policy);
    return policy;
  }

  describe(file: string, role: Role): readonly DescribedValue[] {
    const path = this.#relative(file);
    const values = new Map(describedDefaults(this.policyFor(file, role)).map((value) => [value.key, value]));
    for (const layer of this.#layers) {
      if (applies(layer, path, role)) for (const value of layer.values) values.set(value.key, value);
    }
    return [...values.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  #isIgnored(path: string, isFolder: boolean): boolean {
    const rule = this.#ignore.findLast((line) => (isFolder || !line.isFolderOnly) && line.pattern.matches(path));
    return rule !== undefined && !rule.isException;
  }

  /** Undefined for files outside of the folder of the policy: no glob of it means them. */
  #relative(file: string): string | undefined {
    return isWithin(this.#folder, file) ? relativePath(this.#folder, file) : undefined;
  }
}

function applies({ files, roles }: Layer, path: string | undefined, role: Role): boolean {
  if (roles !== undefined && !roles.has(role.name)) return false;
  return files === undefined || (path !== undefined && files.some((glob) => glob.matches(path)));
}

function mergeLayers(key: string, layers: readonly Layer[]): Policy {
  const last = <Name extends keyof Layer["keys"]>(name: Name): Layer["keys"][Name] | undefined =>
    layers.findLast(({ keys }) => keys[name] !== undefined)?.keys[name];
  const presets = last("presets") ?? DEFAULT_PRESETS;
  const presetList = typeof presets === "string" ? [presets] : presets;
  const buildArgs = layers.flatMap(({ keys }) => Object.entries(keys.buildArgs ?? {}));
  return {
    key,
    presets: presetList,
    layers: layers.map(({ rules }) => rules).filter(({ rules, options }) => rules.length + options.length > 0),
    only: textsOf(layers, "only"),
    skip: textsOf(layers, "skip"),
    failOn: last("failOn") ?? "warning",
    minConfidence: last("minConfidence") ?? defaultConfidence(presetList),
    inlineConfig: last("inlineConfig") ?? true,
    unusedSuppressions: levelOf(last("reportUnusedSuppressions")),
    reasonlessSuppressions: levelOf(last("requireReason")),
    targets: last("targets"),
    buildArgs: new Map(buildArgs.map(([name, value]) => [name, String(value)])),
  };
}

/** Possible findings are shown by the presets that hold back nothing. */
function defaultConfidence(presets: readonly Preset[]): Confidence {
  return presets.includes("strict") || presets.includes("all") ? "low" : "medium";
}

function levelOf(value: boolean | Severity | undefined): Level {
  if (value === undefined || value === false) return "off";
  return value === true ? "warning" : value;
}

/** The words of a flag that has no key in policy files. */
function textsOf(layers: readonly Layer[], key: "only" | "skip"): readonly string[] {
  const value = layers.at(-1)?.values.find((described) => described.key === key)?.value;
  return Array.isArray(value) ? value.map(String) : [];
}

/** Values that hold without being written; what is written replaces them. */
function describedDefaults({ minConfidence }: Policy): readonly DescribedValue[] {
  const origin = { kind: "default" } as const;
  return [
    { key: "failOn", value: "warning", origin },
    { key: "inlineConfig", value: true, origin },
    { key: "minConfidence", value: minConfidence, origin },
    { key: "presets", value: DEFAULT_PRESETS, origin },
  ];
}

function projectPolicy(files: readonly PolicyData[], folder: string): ProjectPolicy {
  const baseImages = new Map<string, BaseImageEntry>();
  let compose: NonNullable<PolicyData["compose"]> = {};
  for (const data of files) {
    for (const [name, entry] of Object.entries(data.baseImages ?? {})) baseImages.set(name, entry);
    compose = { ...compose, ...data.compose };
  }
  return {
    folder,
    baseImages,
    composeFiles: (compose.files ?? []).map((path) => resolvePath(folder, path)),
    variants: compose.variants ?? [],
    env: compose.env ?? [],
    envValues: compose.envValues ?? "tracked",
    loose: compose.loose ?? false,
    profiles: compose.profiles ?? [],
  };
}
