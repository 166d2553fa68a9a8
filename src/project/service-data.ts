import type { CommandWord, Mount, Service } from "../compose/model.js";
import type { ServiceFacts } from "../data/base-image-model.js";
import { serviceFacts } from "../data/base-images.js";
import { isWithin } from "../files/path.js";
import type { Range } from "../text/source.js";
import { words } from "../text/words.js";
import { lastPathSegment } from "../values/image-reference.js";
import type { Project, RunningImage } from "./model.js";
import { ModelMemo } from "./model-memo.js";

/** A database that a service runs, and where it keeps its data. */
export interface DataStore {
  /** Last segment of the repository: `postgres`. */
  readonly program: string;
  /** Whether the tag tells the version; the data path of some depends on it. */
  readonly isVersioned: boolean;
  /** Absolute folder where the image keeps data by itself. */
  readonly usualPath: string;
  /** Absolute folder in effect; undefined when it is set to something that nobody knows. */
  readonly path: string | undefined;
  /** What moves the data away from `usualPath`; undefined when nothing does. */
  readonly movedBy: { readonly text: string; readonly range: Range } | undefined;
  /** Whether the image itself makes a volume of `usualPath`, which hides a mount above it. */
  readonly hasOwnVolume: boolean;
  /** The program only keeps what can be made again: an in-memory store that nothing tells to write. */
  readonly isCache: boolean;
}

const stores = new ModelMemo<Service, { readonly store: DataStore | undefined }>();

/** The database of a service by the table of images; undefined for other services, unknown images, and other programs of the image. */
export function dataStoreOf(service: Service, project: Project): DataStore | undefined {
  let known = stores.get(service);
  if (known === undefined) {
    known = { store: readStore(service, project.imageOf(service)) };
    stores.set(service, known);
  }
  return known.store;
}

/** What an image does as a service, for pulled ones and for builds on one that change nothing of what is started. */
function factsOf(
  image: RunningImage,
): { readonly service: ServiceFacts; readonly program: string; readonly tag: string | undefined } | undefined {
  if (image.kind === "pulled") {
    const { name, tag } = image.reference;
    const service = image.facts?.service ?? serviceFacts({ repository: name, tag });
    return service === undefined ? undefined : { service, program: lastPathSegment(name), tag };
  }
  if (image.kind !== "stage") return undefined;
  const { facts, entrypoint, command, image: base } = image.stage;
  if (facts?.service === undefined || base === undefined || entrypoint !== undefined || command !== undefined)
    return undefined;
  return { service: facts.service, program: lastPathSegment(base.name), tag: base.tag };
}

/** Programs that keep everything in memory unless they are told to write it. */
const IN_MEMORY: ReadonlySet<string> = new Set(words("redis valkey keydb dragonfly redis-stack redis-stack-server"));

function readStore(service: Service, image: RunningImage): DataStore | undefined {
  const found = factsOf(image);
  if (found === undefined || found.service.kind !== "datastore" || found.service.dataPath === undefined)
    return undefined;
  const { program, tag } = found;
  if (!startsServer(service, program)) return undefined;
  const usualPath = found.service.dataPath;
  const moved = movedPath(service);
  const facts = image.kind === "pulled" ? image.facts : image.kind === "stage" ? image.stage.facts : undefined;
  const isInMemory = IN_MEMORY.has(program);
  return {
    program,
    isVersioned: tag !== undefined && /\d/.test(tag),
    usualPath,
    path: moved === undefined ? usualPath : moved.path,
    movedBy: moved?.by,
    hasOwnVolume: facts?.volumes?.includes(usualPath) === true,
    isCache: isInMemory && !isToldToWrite(service),
  };
}

/** Programs that are the server of their image, as a command names them. */
const SERVERS: ReadonlySet<string> = new Set(
  words(
    "postgres mysqld mariadbd mongod redis-server valkey-server docker-entrypoint.sh minio server influxd clickhouse-server",
  ),
);

/** Whether the server of the image runs, and not one of its tools: `pg_dump`, `mysql -e`. */
function startsServer({ entrypoint, command }: Service, program: string): boolean {
  if (entrypoint !== undefined && entrypoint.form !== "image") return false;
  const first = command?.words[0];
  if (first === undefined) return true;
  const { value } = first;
  return value === undefined || value.startsWith("-") || SERVERS.has(value) || value === program;
}

/** Words that tell an in-memory store to write, or the file that may. */
function isToldToWrite({ command }: Service): boolean {
  const given = command?.words ?? [];
  return given.some(({ value }, index) => {
    if (value === undefined) return false;
    if (value === "--save" || value === "--appendonly")
      return !["no", '""', ""].includes(given[index + 1]?.value ?? "");
    return value === "--appendonly=yes";
  });
}

const PATH_VARIABLES = ["PGDATA", "MYSQL_DATADIR", "INFLUXD_ENGINE_PATH"] as const;
const PATH_OPTIONS = ["--dbpath", "--datadir", "--dir"] as const;

interface MovedPath {
  /** Undefined when nobody knows it. */
  readonly path: string | undefined;
  readonly by: { readonly text: string; readonly range: Range };
}

function movedPath(service: Service): MovedPath | undefined {
  if (service.node.entries.has("environment")) {
    for (const name of PATH_VARIABLES) {
      const entry = service.environment.get(name);
      if (entry === undefined) continue;
      const path = entry.value?.isSecret === false ? entry.value.value : undefined;
      return { path: clean(path), by: { text: `${name}=${path ?? ""}`, range: entry.value?.range ?? entry.range } };
    }
  }
  const given: readonly CommandWord[] = service.command?.words ?? [];
  for (const [index, word] of given.entries()) {
    const { value } = word;
    if (value === undefined) continue;
    for (const option of PATH_OPTIONS) {
      const next = given[index + 1];
      if (value === option && next !== undefined)
        return { path: clean(next.value), by: { text: `${option} ${next.text}`, range: next.range } };
      if (value.startsWith(`${option}=`)) {
        return { path: clean(value.slice(option.length + 1)), by: { text: value, range: word.range } };
      }
    }
  }
  return undefined;
}

function clean(path: string | undefined): string | undefined {
  return path?.startsWith("/") ? path.replace(/\/+$/, "") : undefined;
}

/** Mounts that hold a path of the container: at the path or above it; of several the nearest is last. */
export function mountsHolding(service: Service, path: string): readonly Mount[] {
  const found = service.mountsAt(path);
  return [...found].sort((a, b) => (a.targetPath?.length ?? 0) - (b.targetPath?.length ?? 0));
}

/** Whether what is mounted in a service can all be seen: nothing comes from another service, and no target is unknown. */
export function hasKnownMounts(service: Service): boolean {
  return (
    !service.node.entries.has("volumes_from") &&
    service.mounts.every(({ targetPath, from }) => targetPath !== undefined || from === "secrets" || from === "configs")
  );
}

/** Mounts somewhere inside of a folder. */
export function mountsBelow(service: Service, folder: string): readonly Mount[] {
  return service.mounts.filter(({ targetPath }) => targetPath !== undefined && isWithin(folder, targetPath));
}
