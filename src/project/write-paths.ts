import type { Service } from "../compose/model.js";
import { isAbsolutePath, isWithin, parentPath, resolvePath } from "../files/path.js";
import type { Range } from "../text/source.js";
import type { Project, RunningImage } from "./model.js";
import { factsOfService, startedBy } from "./service-view.js";
import { volumesOf } from "./volumes.js";

/** A path that a service writes when it runs. */
export interface WritePath {
  /** Absolute and cleaned. */
  readonly path: string;
  /** Who says so: the table of images, or a word that the project writes. */
  readonly from: "table" | "written";
  /** Where it is written. */
  readonly range: Range | undefined;
  /** It holds what has to survive the container. */
  readonly isData: boolean;
}

/** Written by these programs where they can; they start without. */
const OPTIONAL: ReadonlySet<string> = new Set([
  "docker.io/library/nginx /tmp",
  "docker.io/library/postgres /tmp",
  "docker.io/library/rabbitmq /etc/rabbitmq",
  "docker.io/library/rabbitmq /var/log/rabbitmq",
]);

/** Paths that the program of a service is known to write, or that its command or variables name as written; in order. */
export function writePathsOf(service: Service, project: Project): readonly WritePath[] {
  const image = project.imageOf(service);
  return [...ofTable(service, image, project), ...ofCommand(service, project), ...ofVariables(service, image)];
}

/**
 * Whether a container can write to a path although its own file system is read-only: a mount, a VOLUME of the image, or one
 * of the file systems that the engine makes.
 */
export function isWritable(path: string, service: Service, project: Project): boolean {
  if (isWithin("/dev", path) || isWithin("/proc", path)) return true;
  const names = path.startsWith("/run")
    ? [path, `/var${path}`]
    : path.startsWith("/var/run")
      ? [path, path.slice(4)]
      : [path];
  const image = project.imageOf(service);
  const volumes = volumesOfImage(image);
  return names.some((name) => {
    const mounts = service.mountsAt(name);
    // The deepest one is what a process sees.
    const deepest = mounts.toSorted((a, b) => (b.targetPath?.length ?? 0) - (a.targetPath?.length ?? 0))[0];
    if (deepest !== undefined) return !deepest.isReadOnly && deepest.type !== "image";
    return volumes.some((volume) => isWithin(volume, name));
  });
}

function volumesOfImage(image: RunningImage): readonly string[] {
  if (image.kind === "pulled") return image.facts?.volumes ?? [];
  if (image.kind !== "stage") return [];
  const own = volumesOf(image.stage).map(({ value }) => resolvePath("/", value.value ?? ""));
  return [...own, ...(image.stage.facts?.volumes ?? [])];
}

function* ofTable(service: Service, image: RunningImage, project: Project): Iterable<WritePath> {
  // Another start may write elsewhere, or nothing.
  if (image.kind === "unknown" || (service.entrypoint !== undefined && service.entrypoint.form !== "image")) return;
  const facts = image.kind === "stage" ? image.stage.facts : image.facts;
  const program = factsOfService(service, project);
  if (facts === undefined || program?.writablePaths === undefined) return;
  for (const path of program.writablePaths) {
    if (OPTIONAL.has(`${facts.repository} ${path}`)) continue;
    const isData = path === program.dataPath;
    // It may be a VOLUME of the image.
    if (isData && facts.volumes === undefined) continue;
    yield { path, from: "table", range: undefined, isData };
  }
}

const PID_OPTIONS: ReadonlySet<string> = new Set(["--pid", "--pidfile", "--pid-file"]);

function* ofCommand(service: Service, project: Project): Iterable<WritePath> {
  for (const { args } of startedBy(service, project) ?? []) {
    let before = "";
    for (const { value, range } of args) {
      if (value === undefined) {
        before = "";
        continue;
      }
      const equals = value.startsWith("--") ? value.indexOf("=") : -1;
      const isPair = equals !== -1 && PID_OPTIONS.has(value.slice(0, equals));
      const text = isPair ? value.slice(equals + 1) : value;
      const isPid = isPair || PID_OPTIONS.has(before) || (before === "-p" && value.endsWith(".pid"));
      if (isPid && isAbsolutePath(text)) yield folderOf(text, range);
      before = value;
    }
  }
}

function folderOf(file: string, range: Range): WritePath {
  return { path: parentPath(resolvePath("/", file)), from: "written", range, isData: false };
}

function* ofVariables({ environment }: Service, image: RunningImage): Iterable<WritePath> {
  const seen = new Set<string>();
  for (const { key, value } of environment.entries) {
    seen.add(key);
    if (value?.value !== undefined && !value.isSecret) yield* ofVariable(key, value.value, value.range);
  }
  if (image.kind !== "stage") return;
  for (const [key, { value, pair }] of image.stage.evaluated.env) {
    if (!seen.has(key) && value.kind === "known") yield* ofVariable(key, value.value, pair.range);
  }
}

const FOLDERS: ReadonlySet<string> = new Set(["PROMETHEUS_MULTIPROC_DIR", "prometheus_multiproc_dir", "TMPDIR"]);
/** Four slashes: everybody reads what follows as absolute. */
const SQLITE = "sqlite:////";

function* ofVariable(name: string, value: string, range: Range): Iterable<WritePath> {
  if (name === "DATABASE_URL") {
    if (!value.startsWith(SQLITE)) return;
    const path = parentPath(resolvePath("/", value.slice(SQLITE.length - 1).split("?", 1)[0] ?? ""));
    yield { path, from: "written", range, isData: true };
  } else if (!isAbsolutePath(value)) return;
  else if (name === "PIDFILE") yield folderOf(value, range);
  else if (FOLDERS.has(name) || name.endsWith("_CACHE_DIR")) {
    yield { path: resolvePath("/", value), from: "written", range, isData: false };
  }
}
