import { keyValueOfItem, keyValuesOf } from "../compose/key-values.js";
import type { ComposeFile, KeyValue } from "../compose/model.js";
import type { Node } from "../compose/node-model.js";
import { mappingAt, nodeAt } from "../compose/values-of-nodes.js";

/** One block of variables of a service as one file writes it, aliases and merge keys resolved. */
export interface VariableBlock {
  readonly service: string;
  readonly key: "environment" | "labels" | "args";
  /** In order; of a list every item whose key is known, doubles too. */
  readonly entries: readonly KeyValue[];
}

/** The blocks of `environment`, `labels` and build `args` of a file, before other files are laid over it. */
export function* variableBlocks({ documents }: ComposeFile): Iterable<VariableBlock> {
  for (const document of documents) {
    for (const { key: service, value } of mappingAt(document, "services")?.entries.values() ?? []) {
      yield* blockAt(service, "environment", nodeAt(value, ["environment"]));
      yield* blockAt(service, "labels", nodeAt(value, ["labels"]));
      yield* blockAt(service, "args", nodeAt(value, ["build", "args"]));
    }
  }
}

function* blockAt(service: string, key: VariableBlock["key"], node: Node | undefined): Iterable<VariableBlock> {
  if (node === undefined || node.kind === "scalar") return;
  if (node.kind === "mapping") {
    yield { service, key, entries: keyValuesOf(node).entries };
    return;
  }
  const entries: KeyValue[] = [];
  for (const item of node.items) {
    if (item.kind !== "scalar") continue;
    const equals = item.resolved.indexOf("=");
    const name = item.part(0, equals === -1 ? item.resolved.length : equals);
    if (name.certainty === "known" && !name.isSecret) entries.push(keyValueOfItem(item));
  }
  yield { service, key, entries };
}
