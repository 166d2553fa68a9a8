import { applicationImages } from "./application-images.js";
import type { BaseImageFacts, CommandFacts, ImageName, ServiceFacts } from "./base-image-model.js";
import { DISTRIBUTION_IMAGES } from "./distribution-images.js";
import { type ImageRow, joinLayers } from "./image-layer.js";
import { parseTag } from "./image-tag.js";
import { JAVA_IMAGES } from "./java-images.js";
import { LANGUAGE_IMAGES } from "./language-images.js";
import { SERVICE_IMAGES } from "./service-images.js";
import { serviceOfName } from "./service-kinds.js";
import { VENDOR_IMAGES } from "./vendor-images.js";
import { WEB_IMAGES } from "./web-images.js";

/** The day as which the tables of images speak: what their authors knew then, which is not a look into every image. */
export const BASE_IMAGES_DATE = "2026-11-21";

let rows: ReadonlyMap<string, ImageRow> | undefined;

/** Facts by repository and tag: the same few images stand in every file. Emptied when it grows beyond the limit. */
const cache = new Map<string, BaseImageFacts | undefined>();
const CACHE_SIZE = 500;

/**
 * What is known of a published image, by repository and tag; absent when nothing is. The builder's own `scratch` is
 * an image here too: empty, without accounts, shell or commands. The answer is shared: change nothing in it.
 */
export function baseImageFacts(image: ImageName): BaseImageFacts | undefined {
  const key = `${image.repository}:${image.tag ?? ""}`;
  if (cache.has(key)) return cache.get(key);
  if (cache.size >= CACHE_SIZE) cache.clear();
  const facts = makeFacts(image);
  cache.set(key, facts);
  return facts;
}

/**
 * What an image does in a project: from its own row, else by the last segment of its name, so that mirrors and other
 * publishers of a well-known program count; absent for other names.
 */
export function serviceFacts(image: ImageName): ServiceFacts | undefined {
  return baseImageFacts(image)?.service ?? serviceOfName(image.repository);
}

function makeFacts(image: ImageName): BaseImageFacts | undefined {
  const repository = normalisedRepository(image.repository);
  if (repository === "docker.io/library/scratch") return scratch();
  const row = findRow(repository);
  const layers = row?.layers(parseTag(image.tag), repository);
  if (layers === undefined || layers.length === 0) return undefined;
  const facts = joinLayers(repository, layers);
  const service = facts.service ?? serviceOfName(repository);
  return service === undefined ? facts : { ...facts, service };
}

/** Whether a command is found on `PATH` of an image; absent when that is not known. */
export function hasCommand(commands: CommandFacts, name: string): boolean | undefined {
  if (commands.present.has(name)) return true;
  return commands.isComplete || commands.absent.has(name) ? false : undefined;
}

/** `python` and `library/python` as `docker.io/library/python`; a first segment with a dot or a port is a registry. */
export function normalisedRepository(repository: string): string {
  const path = repository.replace(/^(?:index\.)?docker\.io\//, "");
  const isHub = path !== repository;
  const slash = path.indexOf("/");
  if (slash < 0) return `docker.io/library/${path}`;
  const first = path.slice(0, slash);
  const hasRegistry = first.includes(".") || first.includes(":") || first === "localhost";
  return hasRegistry && !isHub ? path : `docker.io/${path}`;
}

function scratch(): BaseImageFacts {
  return joinLayers("docker.io/library/scratch", [
    {
      os: { family: "scratch-like" },
      libc: "none",
      defaultUser: { uid: 0 },
      hasAllAccounts: true,
      isComplete: true,
      shell: "none",
      environment: "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      hasHealthcheck: false,
      workdir: "/",
      entrypoint: [],
      command: [],
      isMinimal: true,
      packageManager: "none",
      service: { kind: "base", ports: [] },
    },
  ]);
}

function findRow(repository: string): ImageRow | undefined {
  rows ??= indexRows();
  return rows.get(repository) ?? rows.get(`${repository.slice(0, repository.lastIndexOf("/"))}/*`);
}

function indexRows(): ReadonlyMap<string, ImageRow> {
  const index = new Map<string, ImageRow>();
  for (const row of [
    LANGUAGE_IMAGES,
    JAVA_IMAGES,
    DISTRIBUTION_IMAGES,
    SERVICE_IMAGES,
    WEB_IMAGES,
    VENDOR_IMAGES,
    applicationImages(),
  ].flat()) {
    for (const repository of row.repositories.split(" ")) index.set(repository, row);
  }
  return index;
}
