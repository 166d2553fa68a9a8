import type { ServiceBuild } from "../compose/model.js";
import { BuildContext, type Context } from "../context/context.js";
import { inferContext } from "../context/infer.js";
import type { Dockerfile } from "../dockerfile/model.js";
import { joinPath, parentPath } from "../files/path.js";
import type { Workspace } from "../files/workspace.js";
import { hasGlobMeta } from "../values/glob.js";

/** The contexts of one project: one object for each folder and ignore file, so that each is walked once. */
export class ContextTable {
  readonly #workspace: Workspace;
  readonly #contexts = new Map<string, BuildContext>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** The context of a service's `build`. */
  ofService(build: ServiceBuild): Context {
    const { contextPath, contextKind, dockerfilePath, context } = build;
    if (contextKind === "local" && contextPath !== undefined) {
      return this.#get(contextPath, dockerfilePath, true);
    }
    return { kind: contextKind === "remote" ? "remote" : "unknown", written: context?.text ?? "" };
  }

  /** The context of a Dockerfile that stands alone: as given, or as its COPY sources let one infer. */
  ofDockerfile(dockerfile: Dockerfile, given: string | undefined, topOf: (folder: string) => string): Context {
    const { file } = dockerfile.source.root;
    if (given !== undefined) return this.#get(given, file, true);
    const folder = parentPath(file);
    const { root, isCertain } = inferContext({
      fs: this.#workspace.fs,
      folder,
      top: topOf(folder),
      sources: [...literalSources(dockerfile)],
    });
    return this.#get(root, file, isCertain);
  }

  #get(root: string, dockerfile: string | undefined, isCertain: boolean): BuildContext {
    const specific = dockerfile === undefined ? undefined : `${dockerfile}.dockerignore`;
    const hasSpecific = specific !== undefined && this.#workspace.fs.stat(specific)?.kind === "file";
    const key = `${root}\0${hasSpecific ? dockerfile : ""}\0${isCertain}`;
    const known = this.#contexts.get(key);
    if (known !== undefined) return known;
    const context = new BuildContext({
      workspace: this.#workspace,
      root,
      dockerfile: hasSpecific ? dockerfile : undefined,
      isCertain,
    });
    this.#contexts.set(key, context);
    return context;
  }
}

/** Local sources of COPY, ADD and bind mounts without variables and wildcards: what tells a context apart. */
function* literalSources(dockerfile: Dockerfile): Iterable<string> {
  for (const instruction of dockerfile.instructions) {
    if (instruction.keyword === "COPY" || instruction.keyword === "ADD") {
      if (instruction.keyword === "COPY" && instruction.from !== undefined) continue;
      for (const source of instruction.sources) {
        if (source.kind !== "path") continue;
        const path = source.word.literal;
        if (path !== undefined && !hasGlobMeta(path) && !isRemote(path)) yield path;
      }
    } else if (instruction.keyword === "RUN") {
      for (const mount of instruction.mounts) {
        if (mount.type !== "bind" || mount.from !== undefined) continue;
        const path = mount.source?.literal;
        if (path !== undefined && !hasGlobMeta(path)) yield path;
      }
    }
  }
}

const REMOTE_STARTS = ["http://", "https://", "git://", "ssh://", "ftp://", "git@", "github.com/"] as const;

/** Sources that ADD fetches: URLs and Git repositories. */
export function isRemote(path: string): boolean {
  const start = path.slice(0, "github.com/".length).toLowerCase();
  return REMOTE_STARTS.some((each) => start.startsWith(each));
}

/** Absolute path of a file of a context. */
export function contextFile(context: BuildContext, path: string): string {
  return joinPath(context.root, path);
}
