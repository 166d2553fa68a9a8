import { words as splitWords } from "../text/words.js";
import type {
  Account,
  BaseImageFacts,
  Group,
  ImagePackageManager,
  ImageUser,
  Libc,
  OsFacts,
  ServiceFacts,
  ShellKind,
  SmallerVariant,
} from "./base-image-model.js";
import type { ImageTag } from "./image-tag.js";

/**
 * What one layer of knowledge adds: an image is an operating system, and over it what its publisher installs.
 * Lists are written as words with blanks between them. Later layers win.
 */
export interface Layer {
  readonly os?: OsFacts;
  readonly libc?: Libc;
  readonly defaultUser?: ImageUser;
  readonly dropsTo?: ImageUser;
  /** `name:uid:gid` words; the group is made too unless `groups` names it. */
  readonly accounts?: string;
  /** `name:gid` words. */
  readonly groups?: string;
  readonly hasAllAccounts?: boolean;
  /** Commands that are there. */
  readonly present?: string;
  /** Commands that are not there. */
  readonly absent?: string;
  /** Commands of which the layers below said something that is not sure here. */
  readonly unsure?: string;
  /** False forgets what the layers below know to be absent: the publisher installs more than this table knows. */
  readonly keepsAbsences?: boolean;
  /** Nothing but `present` is there. */
  readonly isComplete?: boolean;
  readonly shell?: ShellKind | "unknown";
  /** `NAME` and `NAME=value` words; a value has no blanks. */
  readonly environment?: string;
  readonly hasHealthcheck?: boolean;
  readonly stopSignal?: string;
  readonly workdir?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly exposes?: readonly number[];
  readonly volumes?: readonly string[];
  readonly isSdk?: boolean;
  readonly runtimeImage?: string;
  readonly smaller?: readonly SmallerVariant[];
  readonly isMinimal?: boolean;
  readonly service?: ServiceFacts;
  readonly packageManager?: ImagePackageManager;
  readonly hasOnbuild?: boolean;
}

/** What is known of the images of some repositories. */
export interface ImageRow {
  /** Normalised repositories; `x/*` stands for every repository directly below `x`. Separated by blanks. */
  readonly repositories: string;
  /** Where the facts come from. */
  readonly source: string;
  /** The layers for a tag, lowest first; absent when this tag is not known. */
  readonly layers: (tag: ImageTag, repository: string) => readonly Layer[] | undefined;
}

/** Joins layers, lowest first. */
export function joinLayers(repository: string, layers: readonly Layer[]): BaseImageFacts {
  const present = new Set<string>();
  const absent = new Set<string>();
  const accounts = new Map<string, Account>();
  const groups = new Map<string, Group>();
  const environment = new Map<string, string | undefined>();
  let scalars: Layer = {};
  for (const layer of layers) {
    scalars = { ...scalars, ...layer };
    joinCommands(layer, present, absent);
    joinAccounts(layer, accounts, groups);
    joinEnvironment(layer, environment);
  }
  return {
    ...pick(scalars),
    repository,
    dropsPrivileges: scalars.dropsTo !== undefined,
    accounts: [...accounts.values()],
    groups: [...groups.values()],
    hasAllAccounts: scalars.hasAllAccounts ?? false,
    commands: { present, absent, isComplete: scalars.isComplete ?? false },
    ...(environment.size > 0 && { environment }),
    isSdk: scalars.isSdk ?? false,
    smaller: scalars.smaller ?? [],
    isMinimal: scalars.isMinimal ?? false,
    hasOnbuild: scalars.hasOnbuild ?? false,
  };
}

/** The fields that are the same in layers and facts. */
function pick(layer: Layer): Partial<BaseImageFacts> {
  return {
    ...(layer.os && { os: layer.os }),
    ...(layer.libc && { libc: layer.libc }),
    ...(layer.defaultUser && { defaultUser: layer.defaultUser }),
    ...(layer.dropsTo && { dropsTo: layer.dropsTo }),
    ...(layer.shell && layer.shell !== "unknown" && { shell: layer.shell }),
    ...(layer.hasHealthcheck !== undefined && { hasHealthcheck: layer.hasHealthcheck }),
    ...(layer.stopSignal && { stopSignal: layer.stopSignal }),
    ...(layer.workdir && { workdir: layer.workdir }),
    ...(layer.entrypoint && { entrypoint: layer.entrypoint }),
    ...(layer.command && { command: layer.command }),
    ...(layer.exposes && { exposes: layer.exposes }),
    ...(layer.volumes && { volumes: layer.volumes }),
    ...(layer.runtimeImage && { runtimeImage: layer.runtimeImage }),
    ...(layer.service && { service: layer.service }),
    ...(layer.packageManager && { packageManager: layer.packageManager }),
  };
}

function joinCommands(layer: Layer, present: Set<string>, absent: Set<string>): void {
  if (layer.keepsAbsences === false) absent.clear();
  for (const command of words(layer.present)) {
    present.add(command);
    absent.delete(command);
  }
  for (const command of words(layer.absent)) {
    absent.add(command);
    present.delete(command);
  }
  for (const command of words(layer.unsure)) {
    present.delete(command);
    absent.delete(command);
  }
}

function joinAccounts(layer: Layer, accounts: Map<string, Account>, groups: Map<string, Group>): void {
  for (const word of words(layer.groups)) {
    const [name = "", gid = ""] = word.split(":");
    groups.set(name, { name, gid: Number(gid) });
  }
  const added = words(layer.accounts);
  if (added.length === 0) return;
  const gids = new Set([...groups.values()].map((group) => group.gid));
  for (const word of added) {
    const [name = "", uid = "", gid] = word.split(":");
    if (gid === undefined) {
      accounts.set(name, { name, uid: Number(uid) });
      continue;
    }
    accounts.set(name, { name, uid: Number(uid), gid: Number(gid) });
    if (!gids.has(Number(gid))) groups.set(name, { name, gid: Number(gid) });
  }
}

function joinEnvironment(layer: Layer, environment: Map<string, string | undefined>): void {
  for (const word of words(layer.environment)) {
    const equals = word.indexOf("=");
    if (equals < 0) environment.set(word, undefined);
    else environment.set(word.slice(0, equals), word.slice(equals + 1));
  }
}

/** Lists by their text. They come from the tables and never from a tag, so there are only so many. */
const lists = new Map<string, readonly string[]>();

function words(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const known = lists.get(text);
  if (known !== undefined) return known;
  const list = splitWords(text);
  lists.set(text, list);
  return list;
}
