import type { Node } from "./node-model.js";
import { cleanTarget, splitShortPort, splitShortVolume } from "./short-syntax.js";

/** How two values of one place become one; `deep` is the rule of all places without one of their own. */
export type MergeRule =
  | "deep"
  | "replace"
  | "key-values"
  | "text-list"
  | "hosts"
  | "depends-on"
  | "names"
  | "logging"
  | "build"
  | "subnets";

/** What makes two items of one list the same entry, so that the later takes the earlier one's place. */
export type UniqueKey = (item: Node) => string | undefined;

/** A place of the Compose tree: how it merges, and the places below it. */
export interface Place {
  readonly rule: MergeRule;
  readonly unique: UniqueKey | undefined;
  readonly keys: ReadonlyMap<string, Place>;
  /** The place of every key that `keys` does not name, where keys are names of users. */
  readonly each: Place | undefined;
}

/**
 * Merge rules by place; `*` is any name. Places that are not listed merge deeply and append lists.
 *
 * @see https://github.com/compose-spec/compose-go/blob/v2.4.0/override/merge.go
 * @see https://github.com/compose-spec/compose-go/blob/v2.4.0/override/uncity.go
 */
const RULES: readonly (readonly [path: string, rule: MergeRule, unique?: UniqueKey])[] = [
  ["services.*.command", "replace"],
  ["services.*.entrypoint", "replace"],
  ["services.*.healthcheck.test", "replace"],
  ["services.*.build", "build"],
  ["services.*.build.args", "key-values"],
  ["services.*.build.labels", "key-values"],
  ["services.*.build.additional_contexts", "key-values"],
  ["services.*.build.extra_hosts", "hosts"],
  ["services.*.build.secrets", "deep", grantKey],
  ["services.*.build.ulimits.*", "replace"],
  ["services.*.environment", "key-values"],
  ["services.*.labels", "key-values"],
  ["services.*.annotations", "key-values"],
  ["services.*.sysctls", "key-values"],
  ["services.*.deploy.labels", "key-values"],
  ["services.*.dns", "text-list", textKey],
  ["services.*.dns_opt", "text-list", textKey],
  ["services.*.dns_search", "text-list", textKey],
  ["services.*.env_file", "text-list", pathKey],
  ["services.*.label_file", "text-list", textKey],
  ["services.*.tmpfs", "text-list", tmpfsKey],
  ["services.*.extra_hosts", "hosts"],
  ["services.*.depends_on", "depends-on"],
  ["services.*.networks", "names"],
  ["services.*.networks.*.aliases", "deep", textKey],
  ["services.*.models", "names"],
  ["services.*.logging", "logging"],
  ["services.*.ulimits.*", "replace"],
  ["services.*.volumes", "deep", volumeKey],
  ["services.*.devices", "deep", deviceKey],
  ["services.*.configs", "deep", grantKey],
  ["services.*.secrets", "deep", grantKey],
  ["services.*.ports", "deep", portKey],
  ["services.*.expose", "deep", textKey],
  ["services.*.links", "deep", textKey],
  ["services.*.cap_add", "deep", textKey],
  ["services.*.cap_drop", "deep", textKey],
  ["services.*.profiles", "deep", textKey],
  ["networks.*.labels", "key-values"],
  ["networks.*.ipam.config", "subnets"],
  ["volumes.*.labels", "key-values"],
  ["secrets.*.labels", "key-values"],
  ["configs.*.labels", "key-values"],
];

interface OpenPlace extends Place {
  rule: MergeRule;
  unique: UniqueKey | undefined;
  readonly keys: Map<string, OpenPlace>;
  each: OpenPlace | undefined;
}

let root: Place | undefined;

/** The place of the top level; built on first use. */
export function rootPlace(): Place {
  root ??= buildPlaces();
  return root;
}

/** The place of one service. */
export function servicePlace(): Place | undefined {
  return placeBelow(placeBelow(rootPlace(), "services"), "");
}

/** The place of a key; undefined where all merges deeply. */
export function placeBelow(place: Place | undefined, key: string): Place | undefined {
  return place?.keys.get(key) ?? place?.each;
}

function buildPlaces(): Place {
  const open = (): OpenPlace => ({ rule: "deep", unique: undefined, keys: new Map(), each: undefined });
  const top = open();
  for (const [path, rule, unique] of RULES) {
    let place = top;
    for (const key of path.split(".")) {
      let next = key === "*" ? place.each : place.keys.get(key);
      if (next === undefined) {
        next = open();
        if (key === "*") place.each = next;
        else place.keys.set(key, next);
      }
      place = next;
    }
    place.rule = rule;
    place.unique = unique;
  }
  return top;
}

function textKey(item: Node): string | undefined {
  return item.kind === "scalar" ? item.resolved : undefined;
}

function textAt(item: Node, key: string): string | undefined {
  const value = item.kind === "mapping" ? item.entries.get(key)?.value : undefined;
  return value?.kind === "scalar" ? value.resolved : undefined;
}

function pathKey(item: Node): string | undefined {
  return item.kind === "scalar" ? item.resolved : textAt(item, "path");
}

function tmpfsKey(item: Node): string | undefined {
  return item.kind === "scalar" ? item.resolved.split("=", 1)[0] : undefined;
}

function volumeKey(item: Node): string | undefined {
  if (item.kind !== "scalar") {
    const target = textAt(item, "target");
    return target === undefined ? undefined : cleanTarget(target);
  }
  const { target } = splitShortVolume(item.resolved);
  return cleanTarget(item.resolved.slice(target.start, target.end));
}

function deviceKey(item: Node): string | undefined {
  if (item.kind !== "scalar") return textAt(item, "target") ?? textAt(item, "source");
  const parts = item.resolved.split(":", 3);
  return parts[1] ?? parts[0];
}

function grantKey(item: Node): string | undefined {
  return item.kind === "scalar" ? item.resolved : (textAt(item, "target") ?? textAt(item, "source"));
}

function portKey(item: Node): string | undefined {
  if (item.kind !== "scalar") {
    const parts = [textAt(item, "host_ip"), textAt(item, "published"), textAt(item, "target")];
    return [...parts.map((part) => part ?? ""), textAt(item, "protocol") ?? "tcp"].join(" ");
  }
  const { hostIp, published, target, protocol } = splitShortPort(item.resolved);
  const slice = (span: { start: number; end: number } | undefined) =>
    span === undefined ? "" : item.resolved.slice(span.start, span.end);
  return [slice(hostIp), slice(published), slice(target), protocol === undefined ? "tcp" : slice(protocol)].join(" ");
}
