import { joinPath } from "../files/path.js";
import { Source } from "../text/source.js";
import type { ComposeAccess } from "./access.js";
import { EnvFile } from "./env-file.js";

/** Files that show which names an `.env` is to set, beside it. */
const TEMPLATES = [
  ".env.example",
  ".env.sample",
  ".env.template",
  ".env.dist",
  ".env.defaults",
  "example.env",
] as const;

/** What variables may be known in one project: `.env` or the env files named instead of it, never the process. */
export class Environment {
  /** Tells environments apart in caches. */
  readonly id: string;
  readonly files: readonly EnvFile[];
  readonly #outer: Environment | undefined;

  constructor(id: string, files: readonly EnvFile[], outer?: Environment) {
    this.id = id;
    this.files = files;
    this.#outer = outer;
  }

  /** The value of a variable; undefined when nothing sets it. Outer projects win over included ones, later files over earlier. */
  readonly lookup = (name: string): string | undefined => {
    const outer = this.#outer?.lookup(name);
    if (outer !== undefined) return outer;
    for (let index = this.files.length - 1; index >= 0; index -= 1) {
      const value = this.files[index]?.valueForInterpolation(name);
      if (value !== undefined) return value;
    }
    return undefined;
  };
}

/** An environment in which nothing is set. */
export const NO_ENVIRONMENT = new Environment("", []);

/**
 * Reads the environment of a project folder.
 *
 * @param paths absolute env files that stand in for `.env`; undefined for `.env` itself
 * @param outer the environment of the project that includes this one
 */
export function readEnvironment(
  access: ComposeAccess,
  folder: string,
  paths?: readonly string[],
  outer?: Environment,
): Environment {
  const wanted = paths ?? [joinPath(folder, ".env")];
  const files: EnvFile[] = [];
  for (const path of wanted) {
    const file = readEnvFile(access, path, (name) => outer?.lookup(name));
    if (file !== undefined) files.push(file);
  }
  if (files.length === 0) return outer ?? NO_ENVIRONMENT;
  const id = `${outer?.id ?? ""}\n${files.map(({ source }) => source.file).join("\n")}`;
  return new Environment(id, files, outer);
}

/** An env file that may be read; undefined when it may not, or is not there. */
export function readEnvFile(
  access: ComposeAccess,
  path: string,
  outer?: (name: string) => string | undefined,
): EnvFile | undefined {
  if (!access.exists(path) || !access.mayReadEnv(path)) return undefined;
  const source = access.read(path);
  return source instanceof Source ? EnvFile.parse(source, outer) : undefined;
}

/** Names that a project's `.env` and its templates set, and whether there is any such file, readable or not. */
export function knownNames(
  access: ComposeAccess,
  folder: string,
  environment: Environment,
): { readonly names: ReadonlySet<string>; readonly hasSource: boolean } {
  const names = new Set<string>();
  let hasSource = environment.files.length > 0 || access.exists(joinPath(folder, ".env"));
  for (const file of environment.files) for (const { name } of file.names) names.add(name);
  for (const template of TEMPLATES) {
    const path = joinPath(folder, template);
    if (!access.exists(path)) continue;
    hasSource = true;
    for (const { name } of readEnvFile(access, path)?.names ?? []) names.add(name);
  }
  return { names, hasSource };
}
