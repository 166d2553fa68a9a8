import type { Binding, Evaluation, Lookup } from "../dockerfile/expand.js";
import type { Dockerfile } from "../dockerfile/model.js";
import { AUTOMATIC_ARGS } from "../dockerfile/scope.js";
import { parseImageReference } from "../values/image-reference.js";
import type { StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";

const lookups = new ModelMemo<Dockerfile, Lookup>();

/**
 * What a name stands for in FROM when nobody gives a build argument: an ARG without a default is empty then, as the builder
 * has it, though its value is not known otherwise.
 */
export function defaultLookup(dockerfile: Dockerfile): Lookup {
  let lookup = lookups.get(dockerfile);
  if (lookup === undefined) {
    lookup = readDefaults(dockerfile);
    lookups.set(dockerfile, lookup);
  }
  return lookup;
}

function readDefaults({ globalArgs }: Dockerfile): Lookup {
  const values = new Map<string, Binding>();
  const lookup: Lookup = (name) => values.get(name) ?? (AUTOMATIC_ARGS.has(name) ? UNKNOWN : UNSET);
  for (const { pairs } of globalArgs) {
    for (const { key, value, range } of pairs) {
      const name = key.expandWith(lookup).value;
      if (value === undefined) {
        // Declared again without a default, it keeps the one it has.
        if (!values.has(name))
          values.set(name, AUTOMATIC_ARGS.has(name) ? UNKNOWN : { kind: "known", value: "", origin: range });
        continue;
      }
      const { kind, value: text } = value.expandWith(lookup);
      values.set(name, kind === "unknown" ? { kind, origin: range } : { kind: "known", value: text, origin: range });
    }
  }
  return lookup;
}

const UNKNOWN: Binding = { kind: "unknown", origin: undefined };
const UNSET: Binding = { kind: "unset" };

/** What FROM comes to when nobody gives a build argument. */
export interface DefaultBase {
  readonly kind: "image" | "empty" | "malformed" | "unknown";
  readonly evaluation: Evaluation | undefined;
}

/** What the FROM of a stage comes to when nobody gives a build argument; the name of a stage counts as an image. */
export function baseByDefault({ stage, build }: StageView): DefaultBase {
  const evaluation = stage.baseName?.expandWith(defaultLookup(build.dockerfile.dockerfile));
  if (evaluation === undefined || evaluation.kind === "unknown") return { kind: "unknown", evaluation };
  if (evaluation.kind === "empty") return { kind: "empty", evaluation };
  const isReference = parseImageReference(evaluation.value).kind === "reference";
  return { kind: isReference ? "image" : "malformed", evaluation };
}
