import type { Resource, Service } from "../compose/model.js";
import type { Entry, MappingNode, Node, ScalarNode } from "../compose/node-model.js";
import { isNull } from "../compose/nodes.js";
import { entryAt, itemsAt, leafAt, numberValue, textValue } from "../compose/values-of-nodes.js";
import { quoted } from "../text/quoted.js";
import type { Range } from "../text/source.js";

/**
 * Settings of one service, network or volume that cannot both hold. `refused`: Compose or the engine stops there;
 * `disagree`: one of them is passed over; `redundant`: both say the same.
 */
export interface KeyConflict {
  readonly kind: "refused" | "disagree" | "redundant";
  /** The later of the two keys, or the value that fits nothing. */
  readonly range: Range;
  readonly other: Range | undefined;
  readonly message: string;
}

/** Conflicts inside of one service; what needs a variable without value takes part in none. */
export function* serviceConflicts(service: Service): Iterable<KeyConflict> {
  const { node } = service;
  const { entries } = node;
  if (entries.has("network_mode")) yield* networkConflict(service);
  if (entries.has("build")) yield* buildConflicts(service);
  if (entries.has("healthcheck")) yield* healthConflict(service);
  if (entries.has("credential_spec")) {
    yield* onlyOne(node, ["credential_spec", "config"], ["credential_spec", "file"], ["credential_spec", "registry"]);
  }
  if (entries.has("provider")) yield* providerConflict(service);
  if (entries.has("restart") && entries.has("deploy")) yield* restartConflict(service);
  if (entries.has("pull_policy")) yield* pullConflict(service);
  if (entries.has("cpus")) yield* cpuConflict(node);
  if (entries.has("env_file")) yield* formatConflicts(service);
  yield* deviceConflicts(node);
}

/** Keys of a network or volume that an external one cannot have, and two names of one. */
export function* resourceConflicts({ kind, name, node, isExternal }: Resource): Iterable<KeyConflict> {
  const external = node?.entries.get("external");
  if (node === undefined || external === undefined || !isExternal) return;
  const own = node.entries.get("name");
  const inner = entryAt(node, ["external", "name"]);
  if (own !== undefined && inner !== undefined && differ(own.value, inner.value)) {
    const [first, second] = inOrder(inner, own);
    const message = `${kind} ${quoted(name)} has two names, in \`name\` and \`external.name\`; keep \`name\``;
    yield { kind: "refused", range: second.keyRange, other: first.keyRange, message };
  }
  for (const entry of node.entries.values()) {
    const { key } = entry;
    if (key === "external" || key === "name" || key.startsWith("x-") || isEmpty(entry.value)) continue;
    const [first, second] = inOrder(external, entry);
    const message = `\`${key}\` cannot be set on external ${kind} ${quoted(name)}, which others create; remove one`;
    yield { kind: "refused", range: second.keyRange, other: first.keyRange, message };
  }
}

function* networkConflict({ node }: Service): Iterable<KeyConflict> {
  const mode = node.entries.get("network_mode");
  const networks = node.entries.get("networks");
  if (mode === undefined || networks === undefined || isEmpty(networks.value)) return;
  const text = knownText(mode.value);
  if (text === undefined || text === "") return;
  yield refused(mode, networks, ({ key }) =>
    key === "networks"
      ? `\`networks\` cannot be set beside ${quoted(`network_mode: ${text}`)}; remove one of them`
      : `${quoted(`network_mode: ${text}`)} cannot be set beside \`networks\`; remove one of them`,
  );
}

function* buildConflicts({ node, platform }: Service): Iterable<KeyConflict> {
  yield* onlyOne(node, ["build", "dockerfile"], ["build", "dockerfile_inline"]);
  const platforms = entryAt(node, ["build", "platforms"]);
  const wanted = platform?.value;
  if (platforms?.value.kind !== "sequence" || platforms.value.items.length === 0 || wanted === undefined) return;
  const given = platforms.value.items.map(knownText);
  if (given.includes(undefined) || given.includes(wanted) || platform === undefined) return;
  yield {
    kind: "refused",
    range: platform.range,
    other: platforms.keyRange,
    message: `${quoted(wanted)} is not among the \`platforms\` that are built; add it there`,
  };
}

function* healthConflict({ node }: Service): Iterable<KeyConflict> {
  const disable = entryAt(node, ["healthcheck", "disable"]);
  const test = entryAt(node, ["healthcheck", "test"]);
  if (disable === undefined || test === undefined || knownText(disable.value) !== "true" || isEmpty(test.value)) return;
  // To switch a check off that another file or block brings is what `disable` is for.
  if (!isWrittenTogether(disable, test) || startsWithNone(test.value)) return;
  const [first, second] = inOrder(disable, test);
  const message = "`disable: true` switches `test` off; remove one of them";
  yield { kind: "disagree", range: second.keyRange, other: first.keyRange, message };
}

function* providerConflict({ node }: Service): Iterable<KeyConflict> {
  const provider = node.entries.get("provider");
  for (const key of ["image", "build"]) {
    const entry = node.entries.get(key);
    if (provider === undefined || entry === undefined || isEmpty(entry.value)) continue;
    const [first, second] = inOrder(provider, entry);
    const message = `\`${key}\` means nothing beside \`provider\`, which runs no container; remove one of them`;
    yield { kind: "disagree", range: second.keyRange, other: first.keyRange, message };
  }
}

function* restartConflict({ node }: Service): Iterable<KeyConflict> {
  const restart = node.entries.get("restart");
  const condition = entryAt(node, ["deploy", "restart_policy", "condition"]);
  const here = knownText(restart?.value);
  const there = knownText(condition?.value);
  if (restart === undefined || condition === undefined || here === undefined || there === undefined) return;
  const [policy = ""] = here.split(":", 1);
  const wanted = RESTARTS.get(policy);
  const actual = RESTARTS.get(there);
  if (wanted === undefined || actual === undefined || wanted === actual) return;
  const [first, second] = inOrder(restart, condition);
  const message = `${quoted(`restart: ${here}`)} loses to ${quoted(`condition: ${there}`)} of \`deploy\`; keep one`;
  yield { kind: "disagree", range: second.keyRange, other: first.keyRange, message };
}

/** `unless-stopped` and `any` differ only in what a person does by hand. */
const RESTARTS: ReadonlyMap<string, string> = new Map([
  ["no", "no"],
  ["none", "no"],
  ["on-failure", "on-failure"],
  ["always", "always"],
  ["unless-stopped", "always"],
  ["any", "always"],
]);

function* pullConflict({ node, isIncomplete }: Service): Iterable<KeyConflict> {
  const policy = node.entries.get("pull_policy");
  if (policy === undefined || knownText(policy.value) !== "build" || node.entries.has("build") || isIncomplete) return;
  const message = "`pull_policy: build` has nothing to build; add `build`, or choose another policy";
  yield { kind: "refused", range: policy.keyRange, other: undefined, message };
}

function* cpuConflict(node: MappingNode): Iterable<KeyConflict> {
  const cpus = node.entries.get("cpus");
  if (cpus === undefined || knownText(cpus.value) === undefined) return;
  if (leafAt(node, ["cpus"], numberValue)?.value === 0) return;
  for (const key of ["cpu_quota", "cpu_period"]) {
    const entry = node.entries.get(key);
    if (entry === undefined || !(Number(knownText(entry.value)) > 0)) continue;
    yield refused(cpus, entry, () => `\`cpus\` and \`${key}\` say the same in two ways; the engine takes only one`);
  }
}

function* formatConflicts({ envFiles }: Service): Iterable<KeyConflict> {
  for (const { format } of envFiles) {
    const text = format?.value;
    if (format === undefined || text === undefined || text === "" || text === "raw") continue;
    const message = `${quoted(text)} is no format of env files; write \`raw\`, or remove it`;
    yield { kind: "refused", range: format.range, other: undefined, message };
  }
}

function* deviceConflicts(node: MappingNode): Iterable<KeyConflict> {
  const gpus = node.entries.get("gpus");
  const reserved = entryAt(node, ["deploy", "resources", "reservations", "devices"]);
  if (gpus === undefined && reserved === undefined) return;
  const requests = [...itemsAt(gpus?.value), ...itemsAt(reserved?.value)];
  for (const request of requests) yield* onlyOne(request, ["count"], ["device_ids"]);
  if (gpus === undefined || reserved === undefined || isEmpty(gpus.value)) return;
  if (!itemsAt(reserved.value).some(isGpu)) return;
  const [first, second] = inOrder(gpus, reserved);
  const message = "`gpus` and `reservations.devices` ask for the same devices; keep one of them";
  yield { kind: "redundant", range: second.keyRange, other: first.keyRange, message };
}

function isGpu(request: Node): boolean {
  return (
    leafAt(request, ["driver"], textValue)?.value === "nvidia" ||
    itemsAt(request, "capabilities").some((item) => knownText(item) === "gpu")
  );
}

/** Each of several entries after the first that is there. */
function* onlyOne(root: Node, ...paths: readonly (readonly string[])[]): Iterable<KeyConflict> {
  const given = paths.flatMap((path) => {
    const entry = entryAt(root, path);
    return entry === undefined || isEmpty(entry.value) ? [] : [entry];
  });
  if (given.length < 2) return;
  given.sort((a, b) => (inOrder(a, b)[0] === a ? -1 : 1));
  const [first, ...rest] = given;
  if (first === undefined) return;
  for (const entry of rest) {
    yield refused(first, entry, ({ key }) => `\`${key}\` cannot be set beside \`${first.key}\`; remove one of them`);
  }
}

function refused(a: Entry, b: Entry, message: (later: Entry) => string): KeyConflict {
  const [first, second] = inOrder(a, b);
  return { kind: "refused", range: second.keyRange, other: first.keyRange, message: message(second) };
}

/** In one file by place; from different files as given. */
function inOrder(a: Entry, b: Entry): readonly [Entry, Entry] {
  const isLater = a.keyRange.source === b.keyRange.source && a.keyRange.start > b.keyRange.start;
  return isLater ? [b, a] : [a, b];
}

function isWrittenTogether(a: Entry, b: Entry): boolean {
  return a.keyRange.source === b.keyRange.source && a.value.via.length === b.value.via.length;
}

function isEmpty(node: Node): boolean {
  if (isNull(node)) return true;
  if (node.kind === "scalar") return node.certainty === "unknown" || node.certainty === "required";
  return node.kind === "sequence" ? node.items.length === 0 : node.entries.size === 0;
}

function startsWithNone(test: Node): boolean {
  return knownText(test.kind === "sequence" ? test.items[0] : test) === "NONE";
}

function differ(a: Node, b: Node): boolean {
  const texts = [a, b].map(knownText);
  return !texts.includes(undefined) && texts[0] !== texts[1];
}

/** The text of a scalar that is sure and may be shown. */
function knownText(node: Node | undefined): string | undefined {
  if (node?.kind !== "scalar" || isNull(node) || !isSure(node)) return undefined;
  return node.text;
}

function isSure({ certainty, isSecret }: ScalarNode): boolean {
  return !isSecret && (certainty === "known" || certainty === "defaulted");
}
