import type { Range } from "../text/source.js";
import type { Dependency, Need, NetworkAttachment } from "./model.js";
import type { Entry, Node, ScalarNode, Value } from "./node-model.js";
import { isNull } from "./nodes.js";
import { booleanValue, itemsAt, leafAt, nodeAt, textsOf, textValue } from "./values-of-nodes.js";

/** Reads `depends_on` in both forms; names that need unknown variables are left out. */
export function dependenciesOf(node: Node | undefined): readonly Dependency[] {
  if (node?.kind === "sequence") {
    return node.items.flatMap((item) =>
      item.kind === "scalar" && !isNull(item) && isKnown(item) ? [dependency(item.resolved, item.range, "list")] : [],
    );
  }
  if (node?.kind !== "mapping") return [];
  return [...node.entries.values()].map(({ key, keyRange, value }) => {
    const condition = leafAt(value, ["condition"], textValue);
    const required = leafAt(value, ["required"], booleanValue);
    const restart = leafAt(value, ["restart"], booleanValue);
    return {
      ...dependency(key, keyRange, "mapping"),
      ...conditionOf(condition),
      required,
      isRequired: required?.value !== false,
      restart,
    };
  });
}

function dependency(service: string, range: Range, form: Dependency["form"]): Dependency {
  return {
    service,
    range,
    form,
    condition: undefined,
    effectiveCondition: "service_started",
    required: undefined,
    isRequired: true,
    restart: undefined,
  };
}

function conditionOf(condition: Value<string> | undefined) {
  return { condition, effectiveCondition: condition?.value ?? "service_started" };
}

const NAMESPACES = ["network_mode", "ipc", "pid", "uts", "cgroup"] as const;

/** Edges that other keys than `depends_on` imply, after those of `depends_on`. */
export function needsOf(service: Node, dependencies: readonly Dependency[]): readonly Need[] {
  const needs: Need[] = dependencies.map(({ service: name, range, isRequired }) => {
    return { service: name, key: "depends_on", range, isRequired };
  });
  const add = (node: ScalarNode, key: Need["key"], start: number, end: number) => {
    const name = node.part(start, end);
    if (name.resolved === "" || !isKnown(name)) return;
    needs.push({ service: name.resolved, key, range: name.range, isRequired: true });
  };
  for (const item of itemsAt(service, "links")) {
    if (item.kind === "scalar") add(item, "links", 0, endOfFirst(item.resolved));
  }
  for (const item of itemsAt(service, "volumes_from")) {
    if (item.kind !== "scalar" || item.resolved.startsWith("container:")) continue;
    add(item, "volumes_from", 0, endOfFirst(item.resolved));
  }
  for (const key of NAMESPACES) {
    const node = nodeAt(service, [key]);
    if (node?.kind !== "scalar" || !node.resolved.startsWith("service:")) continue;
    add(node, key, "service:".length, node.resolved.length);
  }
  return needs;
}

function endOfFirst(text: string): number {
  const colon = text.indexOf(":");
  return colon === -1 ? text.length : colon;
}

/** Reads `networks` of a service; the implicit `default` when nothing else gives it a network. */
export function networksOf(
  entry: Entry | undefined,
  networkMode: Node | undefined,
  key: Range,
): readonly NetworkAttachment[] {
  const node = entry?.value;
  const attachments = node === undefined ? [] : attachmentsOf(node);
  if (attachments.length > 0) return attachments;
  if (!isNull(networkMode)) return [];
  return [{ ...attachment("default", key, undefined), isImplicit: true }];
}

function attachmentsOf(node: Node): readonly NetworkAttachment[] {
  if (node.kind === "sequence") {
    return node.items.flatMap((item) =>
      item.kind === "scalar" && !isNull(item) ? [attachment(item.resolved, item.range, undefined)] : [],
    );
  }
  if (node.kind !== "mapping") return [];
  return [...node.entries.values()].map(({ key, keyRange, value }) => attachment(key, keyRange, value));
}

function attachment(name: string, range: Range, node: Node | undefined): NetworkAttachment {
  return {
    name,
    range,
    node,
    aliases: textsOf(nodeAt(node, ["aliases"])),
    ipv4Address: leafAt(node, ["ipv4_address"], textValue),
    ipv6Address: leafAt(node, ["ipv6_address"], textValue),
    macAddress: leafAt(node, ["mac_address"], textValue),
    isImplicit: false,
  };
}

function isKnown(node: ScalarNode): boolean {
  return node.certainty === "known" || node.certainty === "defaulted";
}
