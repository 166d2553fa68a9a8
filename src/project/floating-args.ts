import type { KeyValue } from "../compose/model.js";
import { namesRelease } from "../data/moving-tags.js";
import { evaluateDockerfile } from "../dockerfile/evaluate.js";
import type { Lookup } from "../dockerfile/expand.js";
import type { Range } from "../text/source.js";
import { type ImageReference, parseImageReference } from "../values/image-reference.js";
import type { Build, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";

/** A base that its Dockerfile pins and a build argument of a service does not. */
export interface FloatingArg {
  readonly stage: StageView;
  /** The argument that a service gives. */
  readonly argument: KeyValue;
  /** The declaration in the Dockerfile whose default it replaces. */
  readonly declaration: Range;
  /** `tag`: no tag, `latest` or a channel instead of a release; `digest`: a tag where the default has a digest. */
  readonly lost: "tag" | "digest";
  /** As the Dockerfile means it, and as this build gets it. */
  readonly pinned: ImageReference;
  readonly floating: ImageReference;
}

const lookups = new ModelMemo<Build["dockerfile"], Lookup>();

/** What a name stands for in FROM when nobody gives an argument. */
function defaultsOf({ dockerfile: view }: Build): Lookup {
  let lookup = lookups.get(view);
  if (lookup === undefined) {
    lookup = evaluateDockerfile(view.dockerfile).globalLookup;
    lookups.set(view, lookup);
  }
  return lookup;
}

/** Arguments of the services of a build that unpin a base of its closure. */
export function* floatingArgs(build: Build): Iterable<FloatingArg> {
  const services = build.services.filter((service) => (service.build?.args.entries.length ?? 0) > 0);
  if (services.length === 0) return;
  for (const stage of build.closure) {
    const { base } = stage.evaluated;
    const word = stage.stage.baseName;
    if (word === undefined || base.kind !== "image" || base.reference.kind !== "reference") continue;
    const names = base.evaluation.uses.map(({ name }) => name);
    if (names.length === 0) continue;
    const meant = word.expandWith(defaultsOf(build));
    const pinned = meant.kind === "known" ? parseImageReference(meant.value) : undefined;
    if (pinned?.kind !== "reference" || pinned.familiarName !== base.reference.familiarName) continue;
    const lost = lostPin(pinned, base.reference);
    if (lost === undefined) continue;
    for (const service of services) {
      const given = names.flatMap((name) => service.build?.args.get(name) ?? []);
      const argument = given.find(({ key, value }) => {
        const binding = defaultsOf(build)(key);
        return value?.value !== undefined && binding.kind === "known" && binding.value !== value.value;
      });
      const declaration = argument === undefined ? undefined : defaultsOf(build)(argument.key);
      if (argument === undefined || declaration?.kind !== "known" || declaration.origin === undefined) continue;
      yield { stage, argument, declaration: declaration.origin, lost, pinned, floating: base.reference };
    }
  }
}

function lostPin(pinned: ImageReference, given: ImageReference): FloatingArg["lost"] | undefined {
  if (given.digest !== undefined) return undefined;
  if (!isPinned(given)) return isPinned(pinned) ? "tag" : undefined;
  return pinned.digest === undefined ? undefined : "digest";
}

function isPinned({ digest, tag, path }: ImageReference): boolean {
  if (digest !== undefined) return true;
  // `static-debian12:nonroot`: the version is part of the name.
  return tag !== undefined && tag !== "latest" && (namesRelease(tag) || /-[a-z]*\d+$/.test(path));
}
