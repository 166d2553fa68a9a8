import { resolvePath } from "../files/path.js";
import { commandOf } from "./commands.js";
import { keyValuesOf } from "./key-values.js";
import type { Device, EnvFileEntry, Hook, Logging, RestartPolicy, SecurityOption, Ulimit } from "./model.js";
import type { Entry, Node, ScalarNode, Value } from "./node-model.js";
import { isNull } from "./nodes.js";
import { splitOutside } from "./short-syntax.js";
import { booleanValue, itemsAt, leafAt, nodeAt, numberValue, textValue } from "./values-of-nodes.js";

/** Reads `env_file`: one text, a list of texts, or of `{path, required, format}`. */
export function envFilesOf(node: Node | undefined, isInside: (path: string) => boolean): readonly EnvFileEntry[] {
  if (node === undefined || isNull(node)) return [];
  const items = node.kind === "sequence" ? node.items : [node];
  return items.flatMap((item) => {
    const pathNode = item.kind === "mapping" ? item.entries.get("path")?.value : item;
    if (pathNode?.kind !== "scalar" || isNull(pathNode)) return [];
    const path = textValue(pathNode);
    const file = path.value === undefined ? undefined : resolvePath(pathNode.folder, path.value);
    const required = item.kind === "mapping" ? leafAt(item, ["required"], booleanValue) : undefined;
    return [
      {
        path,
        file: file !== undefined && isInside(file) ? file : undefined,
        required,
        isRequired: required?.value !== false,
        format: item.kind === "mapping" ? leafAt(item, ["format"], textValue) : undefined,
        node: item,
      },
    ];
  });
}

/** The restart policy in effect: `deploy.restart_policy` wins over `restart`. */
export function restartOf(service: Node): RestartPolicy {
  const condition = leafAt(service, ["deploy", "restart_policy", "condition"], textValue);
  if (condition !== undefined) return { policy: policyOfCondition(condition), written: condition, from: "deploy" };
  const restart = leafAt(service, ["restart"], textValue);
  if (restart !== undefined) return { policy: policyOf(restart), written: restart, from: "restart" };
  // A `restart_policy` without condition means `any`; there is no value to point at.
  const policy = nodeAt(service, ["deploy", "restart_policy"]);
  if (policy?.kind === "mapping") return { policy: "always", written: undefined, from: "deploy" };
  return { policy: "no", written: undefined, from: "default" };
}

function policyOf({ value }: Value<string>): RestartPolicy["policy"] {
  if (value === "no" || value === "false" || value === "always" || value === "unless-stopped") {
    return value === "false" ? "no" : value;
  }
  return value === "on-failure" || value?.startsWith("on-failure:") === true ? "on-failure" : "unknown";
}

function policyOfCondition({ value }: Value<string>): RestartPolicy["policy"] {
  switch (value) {
    case "none":
      return "no";
    case "any":
      return "always";
    case "on-failure":
    case "unless-stopped":
      return value;
    default:
      return "unknown";
  }
}

/** Reads `logging`; undefined when it is no mapping. */
export function loggingOf(entry: Entry | undefined): Logging | undefined {
  const node = entry?.value;
  if (entry === undefined || node?.kind !== "mapping") return undefined;
  return {
    node,
    keyRange: entry.keyRange,
    driver: leafAt(node, ["driver"], textValue),
    options: keyValuesOf(node.entries.get("options")?.value),
  };
}

/** Splits `security_opt` entries at the first `:` or `=`. */
export function securityOptionsOf(entries: readonly Value<string>[]): readonly SecurityOption[] {
  return entries.map((entry) => {
    const at = entry.text.search(/[:=]/);
    return at === -1
      ? { name: entry.text, value: undefined, entry }
      : { name: entry.text.slice(0, at), value: entry.text.slice(at + 1), entry };
  });
}

const CDI_NAME = /^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+=[A-Za-z0-9_.:-]+$/;

/** Reads the entries of `devices`. */
export function devicesOf(items: readonly Node[]): readonly Device[] {
  return items.flatMap((node) => {
    if (isNull(node) || node.kind === "sequence") return [];
    const { range } = node;
    if (node.kind === "mapping") {
      const source = leafAt(node, ["source"], textValue);
      const target = leafAt(node, ["target"], textValue)?.value ?? source?.value;
      const permissions = leafAt(node, ["permissions"], textValue)?.value ?? "rwm";
      return [{ source, target, permissions, isCdi: CDI_NAME.test(source?.value ?? ""), range, node }];
    }
    return [shortDevice(node)];
  });
}

function shortDevice(node: ScalarNode): Device {
  const { range } = node;
  if (CDI_NAME.test(node.resolved)) {
    return { source: textValue(node), target: undefined, permissions: "rwm", isCdi: true, range, node };
  }
  const [first, second, third] = splitOutside(node.resolved, ":");
  const part = (span: { readonly start: number; readonly end: number } | undefined) =>
    span === undefined ? undefined : textValue(node.part(span.start, span.end));
  const source = part(first);
  // `/dev/x:rw` gives permissions, not a place.
  const isShortened = third === undefined && /^[rwm]{1,3}$/.test(part(second)?.value ?? "");
  const target = isShortened ? source?.value : (part(second) ?? source)?.value;
  const permissions = (isShortened ? part(second) : part(third))?.value ?? "rwm";
  return { source, target, permissions, isCdi: false, range, node };
}

/** Reads `ulimits`: one number is both limits. */
export function ulimitsOf(node: Node | undefined): readonly Ulimit[] {
  if (node?.kind !== "mapping") return [];
  return [...node.entries.values()].map(({ key, keyRange, value }) => {
    if (value.kind === "scalar" && !isNull(value)) {
      const both = numberValue(value, keyRange);
      return { name: key, keyRange, soft: both, hard: both };
    }
    return {
      name: key,
      keyRange,
      soft: leafAt(value, ["soft"], numberValue),
      hard: leafAt(value, ["hard"], numberValue),
    };
  });
}

const PHASES = ["pre_start", "post_start", "pre_stop"] as const;

/** Reads the hooks of a service, in the order in which they run. */
export function hooksOf(service: Node): readonly Hook[] {
  return PHASES.flatMap((phase) =>
    itemsAt(service, phase).flatMap((node): Hook[] => {
      if (node.kind !== "mapping") return [];
      const command = node.entries.get("command");
      return [
        {
          phase,
          node,
          range: node.range,
          command: command === undefined ? undefined : commandOf(command.value, command.keyRange),
          user: leafAt(node, ["user"], textValue),
          privileged: leafAt(node, ["privileged"], booleanValue),
          environment: keyValuesOf(node.entries.get("environment")?.value),
        },
      ];
    }),
  );
}
