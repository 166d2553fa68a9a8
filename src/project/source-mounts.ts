import type { Mount, Service } from "../compose/model.js";
import { extensionOf, isWithin, joinPath, relativePath } from "../files/path.js";
import type { Range } from "../text/source.js";
import { words } from "../text/words.js";
import type { CopyView, Project, StageView } from "./model.js";

/** A folder of the checkout that is mounted where the image has, or looks for, the program. */
export interface SourceMount {
  readonly mount: Mount;
  /** The COPY that put there what the mount replaces; undefined when the image has none, and only starts there. */
  readonly copy: Range | undefined;
  /** Whether the folder is one that people keep code in, or the very one that a COPY names. */
  readonly isSurelyCode: boolean;
}

/** Mounts of a service that put a folder of its build context over what its image was built with, in order. */
export function sourceMounts(service: Service, project: Project): readonly SourceMount[] {
  const mounts = service.mounts.filter(({ type, hostPath, targetPath }) => {
    return type === "bind" && hostPath?.startsWith("/") === true && targetPath !== undefined && targetPath !== "/";
  });
  if (mounts.length === 0) return [];
  const image = project.imageOf(service);
  if (image.kind !== "stage" || image.stage.isWindows || image.stage.build.context.kind !== "local") return [];
  return mounts.flatMap((mount) => sourceMount(mount, image.stage, project) ?? []);
}

function sourceMount(mount: Mount, stage: StageView, project: Project): SourceMount | undefined {
  const { hostPath = "", targetPath = "" } = mount;
  const { context } = stage.build;
  if (context.kind !== "local") return undefined;
  const copies = stage.lineage.flatMap((each) => each.copies).filter(({ from }) => from.kind === "context");
  if (isWithin(hostPath, context.root)) {
    const copy = copies.find(({ destination }) => destination !== undefined && isWithin(targetPath, destination));
    const startsThere = stage.workdir !== undefined && stage.workdir !== "/" && isWithin(targetPath, stage.workdir);
    if (copy === undefined && !startsThere) return undefined;
    return { mount, copy: copy?.instruction.range, isSurelyCode: true };
  }
  if (!isWithin(context.root, hostPath)) return undefined;
  const folder = relativePath(context.root, hostPath);
  const kind = context.kindOf(folder);
  if (kind === undefined ? extensionOf(folder) !== "" : kind !== "directory") return undefined;
  if (folder.split("/").some(isOther) || !context.includes(folder) || project.isGitIgnored(hostPath)) return undefined;
  for (const copy of copies) {
    const landing = landingOf(folder, copy);
    if (landing === undefined || !isWithin(targetPath, landing.path)) continue;
    const isSurelyCode = landing.isNamed || folder.split("/").some((name) => CODE.has(name));
    return { mount, copy: copy.instruction.range, isSurelyCode };
  }
  return undefined;
}

/** Where a COPY puts a folder of the context; `isNamed` when it is that folder which the COPY names. */
function landingOf(
  folder: string,
  { sources, destination }: CopyView,
): { readonly path: string; readonly isNamed: boolean } | undefined {
  if (destination === undefined) return undefined;
  for (const { kind, path } of sources) {
    if (kind !== "path" || path === undefined) continue;
    const source = trimmed(path);
    if (source === folder) return { path: destination, isNamed: true };
    const rest = source === "." ? folder : isWithin(source, folder) ? relativePath(source, folder) : undefined;
    if (rest !== undefined) return { path: joinPath(destination, rest), isNamed: false };
  }
  return undefined;
}

/** `./src/` and `/src` as `src`: sources are seen from the context. */
function trimmed(path: string): string {
  const clean = joinPath("/", path);
  return clean === "/" ? "." : clean.slice(1);
}

const CODE: ReadonlySet<string> = new Set(
  words("src app apps lib libs server client web backend frontend api internal cmd pkg packages components"),
);

const OTHER: ReadonlySet<string> = new Set(
  words(`backup backups cache cert certs cfg conf conf.d config configs credentials data database db docs dump dumps etc fixtures
   initdb key keys log logs media memory models mnt nginx output reports results run scripts secrets session sessions ssl state
   static storage temp tls tmp upload uploads var volume volumes www`),
);

/** Folders of settings, and those that are there to be written to. */
function isOther(name: string): boolean {
  return OTHER.has(name) || name.startsWith(".");
}
