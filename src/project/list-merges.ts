import type { ComposeFile, PortMapping, Variant } from "../compose/model.js";
import type { Entry, Node } from "../compose/node-model.js";
import { entryAt, itemsAt, nodeAt } from "../compose/values-of-nodes.js";
import { resolvePath } from "../files/path.js";
import type { Range } from "../text/source.js";

/**
 * What becomes of a list or dependency that two files write. `port`: one container port is published twice; `condition`: a
 * list takes the condition of a dependency away; `items`: a shorter list was meant to replace a longer one; `command`: a
 * new entrypoint gets the old command; `env-file`: one env file twice.
 */
export interface ListMerge {
  readonly kind: "port" | "condition" | "items" | "command" | "env-file";
  readonly service: string;
  readonly key: string;
  /** In the later file. */
  readonly range: Range;
  readonly earlier: Range;
  /** What is said of both, as written. */
  readonly texts: readonly [earlier: string, later: string];
  /** The key of the later list, where it was written in that file itself. */
  readonly list: Entry | undefined;
}

/** Lists that the files of a variant both write, and that come out otherwise than the later one reads. */
export function* listMerges(variant: Variant): Iterable<ListMerge> {
  const { files } = variant;
  if (files.length < 2) return;
  for (const service of variant.services.values()) {
    if (service.definitions.length < 2) continue;
    yield* ports(variant, service.name);
    yield* conditions(variant, service.name);
    yield* commands(variant, service.name);
    for (const [index, later] of files.entries()) {
      const before = files.slice(0, index);
      if (index === 0) continue;
      for (const key of ["cap_add", "security_opt", "devices"]) yield* items(before, later, service.name, key);
      yield* envFiles(before, later, service.name);
    }
  }
}

function* ports(variant: Variant, name: string): Iterable<ListMerge> {
  const service = variant.services.get(name);
  const seen: PortMapping[] = [];
  for (const port of service?.ports ?? []) {
    const at = fileIndex(variant, port.range);
    const same = seen.find((other) => {
      const otherAt = fileIndex(variant, other.range);
      return isSamePort(other, port) && otherAt !== -1 && at > otherAt;
    });
    seen.push(port);
    if (same === undefined) continue;
    const list = entryIn(variant.files[at], ["services", name, "ports"]);
    const texts = [textOf(same), textOf(port)] as const;
    yield { kind: "port", service: name, key: "ports", range: port.range, earlier: same.range, texts, list };
  }
}

/** One port of the container with two known places on the host. */
function isSamePort(a: PortMapping, b: PortMapping): boolean {
  const [one, other] = [a.target?.value, b.target?.value];
  const isOne = one !== undefined && other !== undefined && one.first === other.first && one.last === other.last;
  if (!isOne || a.protocol !== b.protocol || a.problem !== undefined || b.problem !== undefined) return false;
  return isKnown(a) && isKnown(b);
}

function isKnown({ published, hostIp }: PortMapping): boolean {
  return published?.value !== undefined && (hostIp === undefined || hostIp.value !== undefined);
}

function textOf({ node, published, target }: PortMapping): string {
  return node.kind === "scalar" ? node.text : `${published?.text ?? ""}:${target?.text ?? ""}`;
}

function* conditions(variant: Variant, name: string): Iterable<ListMerge> {
  for (const { service, condition, range } of variant.services.get(name)?.dependsOn ?? []) {
    const before = condition?.node.overridden;
    // Merging writes the condition out that a list stands for.
    if (condition === undefined || condition.node.written !== undefined || before?.kind !== "scalar") continue;
    if (before.resolved === condition.node.resolved || before.certainty !== "known") continue;
    const at = fileIndex(variant, condition.range);
    if (at < 1) continue;
    const list = entryIn(variant.files[at], ["services", name, "depends_on"]);
    const texts = [before.text, service] as const;
    const key = "depends_on";
    yield {
      kind: "condition",
      service: name,
      key,
      range: laterRange(list, service) ?? range,
      earlier: before.range,
      texts,
      list,
    };
  }
}

function laterRange(list: Entry | undefined, name: string): Range | undefined {
  return itemsAt(list?.value).find((item) => item.kind === "scalar" && item.resolved === name)?.range;
}

function* commands(variant: Variant, name: string): Iterable<ListMerge> {
  const service = variant.services.get(name);
  const command = service?.entryAt("command");
  const entrypoint = service?.entryAt("entrypoint");
  if (command === undefined || entrypoint === undefined) return;
  if (isNothing(command.value) || isNothing(entrypoint.value)) return;
  const [before, at] = [fileIndex(variant, command.keyRange), fileIndex(variant, entrypoint.keyRange)];
  if (before === -1 || at <= before) return;
  yield {
    kind: "command",
    service: name,
    key: "entrypoint",
    range: entrypoint.keyRange,
    earlier: command.keyRange,
    texts: ["command", "entrypoint"],
    list: undefined,
  };
}

function* items(before: readonly ComposeFile[], later: ComposeFile, name: string, key: string): Iterable<ListMerge> {
  const list = entryIn(later, ["services", name, key]);
  const kept = textsOf(list?.value);
  if (list === undefined || kept.length === 0 || list.value.tag !== undefined) return;
  for (const file of before) {
    const earlier = entryIn(file, ["services", name, key]);
    const all = textsOf(earlier?.value);
    if (earlier === undefined || kept.length >= all.length || !kept.every((item) => all.includes(item))) continue;
    const gone = all.find((item) => !kept.includes(item)) ?? "";
    const texts = [gone, kept[0] ?? ""] as const;
    yield { kind: "items", service: name, key, range: list.keyRange, earlier: earlier.keyRange, texts, list };
    return;
  }
}

function* envFiles(before: readonly ComposeFile[], later: ComposeFile, name: string): Iterable<ListMerge> {
  for (const item of envPaths(later, name)) {
    for (const file of before) {
      const same = envPaths(file, name).find(({ path }) => path === item.path);
      if (same === undefined) continue;
      const texts = [same.text, item.text] as const;
      const key = "env_file";
      yield { kind: "env-file", service: name, key, range: item.range, earlier: same.range, texts, list: undefined };
      break;
    }
  }
}

function envPaths(file: ComposeFile, name: string) {
  const entry = entryIn(file, ["services", name, "env_file"]);
  if (entry === undefined || entry.value.tag !== undefined) return [];
  const nodes = entry.value.kind === "sequence" ? entry.value.items : [entry.value];
  return nodes.flatMap((node) => {
    const path = node.kind === "mapping" ? nodeAt(node, ["path"]) : node;
    if (path?.kind !== "scalar" || path.certainty !== "known" || path.resolved === "") return [];
    return [{ path: resolvePath(path.folder, path.resolved), text: path.text, range: path.range }];
  });
}

/** Texts of a list of sure scalars; none for anything else. */
function textsOf(node: Node | undefined): readonly string[] {
  const texts: string[] = [];
  for (const item of itemsAt(node)) {
    if (item.kind !== "scalar" || item.certainty !== "known" || item.isSecret) return [];
    texts.push(item.text);
  }
  return texts;
}

function isNothing(node: Node): boolean {
  if (node.kind === "scalar") return node.resolved === "" || node.type === "null";
  return node.kind === "sequence" && node.items.length === 0;
}

function entryIn(file: ComposeFile | undefined, path: readonly string[]): Entry | undefined {
  for (const document of file?.documents ?? []) {
    const entry = entryAt(document, path);
    if (entry !== undefined) return entry;
  }
  return undefined;
}

function fileIndex({ files }: Variant, { source }: Range): number {
  return files.findIndex((file) => file.source === source);
}
