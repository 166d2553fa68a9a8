import type { ComposeFile } from "../compose/model.js";
import type { Node, ScalarNode } from "../compose/node-model.js";
import { mappingAt, nodeAt } from "../compose/values-of-nodes.js";

/** Where a scalar stands: as text for a program, as a file mode, or as the word of `restart`. */
export interface PlacedScalar {
  readonly place: "text" | "mode" | "restart";
  readonly node: ScalarNode;
}

/** Blocks of a service whose values are text. */
const TEXT_BLOCKS: readonly (readonly string[])[] = [
  ["environment"],
  ["labels"],
  ["annotations"],
  ["sysctls"],
  ["build", "args"],
  ["build", "labels"],
  ["deploy", "labels"],
  ["logging", "options"],
];

const TEXT_LISTS: readonly (readonly string[])[] = [["command"], ["entrypoint"], ["build", "tags"]];

/** Scalars without quotes at places where Compose wants text or an octal number, as one file writes them. */
export function* plainScalars({ documents }: ComposeFile): Iterable<PlacedScalar> {
  for (const document of documents) {
    for (const { value } of mappingAt(document, "services")?.entries.values() ?? []) yield* ofService(value);
    for (const section of ["networks", "volumes", "secrets", "configs"]) {
      for (const { value } of mappingAt(document, section)?.entries.values() ?? []) {
        yield* textsIn(nodeAt(value, ["labels"]));
        yield* textsIn(nodeAt(value, ["driver_opts"]));
      }
    }
  }
}

function* ofService(service: Node): Iterable<PlacedScalar> {
  if (service.kind !== "mapping") return;
  for (const path of TEXT_BLOCKS) yield* textsIn(nodeAt(service, path));
  for (const path of TEXT_LISTS) yield* itemsOf(nodeAt(service, path));
  for (const key of ["pre_start", "post_start", "pre_stop"]) {
    const hooks = nodeAt(service, [key]);
    for (const hook of hooks?.kind === "sequence" ? hooks.items : []) yield* textsIn(nodeAt(hook, ["environment"]));
  }
  for (const key of ["secrets", "configs"]) {
    const grants = nodeAt(service, [key]);
    for (const grant of grants?.kind === "sequence" ? grants.items : []) yield* plain(nodeAt(grant, ["mode"]), "mode");
  }
  const volumes = nodeAt(service, ["volumes"]);
  for (const volume of volumes?.kind === "sequence" ? volumes.items : []) {
    yield* plain(nodeAt(volume, ["tmpfs", "mode"]), "mode");
  }
  yield* plain(nodeAt(service, ["restart"]), "restart");
}

/** Values of a mapping; of a list `K=V` is text anyway. */
function* textsIn(node: Node | undefined): Iterable<PlacedScalar> {
  if (node?.kind !== "mapping") return;
  for (const { value } of node.entries.values()) yield* plain(value, "text");
}

function* itemsOf(node: Node | undefined): Iterable<PlacedScalar> {
  if (node?.kind !== "sequence") return;
  for (const item of node.items) yield* plain(item, "text");
}

function* plain(node: Node | undefined, place: PlacedScalar["place"]): Iterable<PlacedScalar> {
  if (node?.kind === "scalar" && node.written?.style === "plain" && node.tag === undefined) yield { place, node };
}
