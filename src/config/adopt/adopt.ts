import type { Source } from "../../text/source.js";
import type { RuleIndex } from "../rule-index.js";
import { UserError } from "../user-error.js";
import type { AdoptedPolicy } from "./adopted.js";
import { adoptDclint } from "./dclint.js";
import { type ForeignValue, readForeign } from "./foreign.js";
import { adoptHadolint } from "./hadolint.js";
import { adoptCheckov, adoptKics, adoptTrivyIgnore, adoptTrivyYaml } from "./scanners.js";

type Adopter = (config: ForeignValue, index: RuleIndex) => AdoptedPolicy;

/** By the name of the file, in the order in which they are tried. */
const ADOPTERS: readonly (readonly [RegExp, Adopter])[] = [
  [/^\.?hadolint\.ya?ml$/, adoptHadolint],
  [/^\.?dclint(?:rc)?(?:\.(?:json|ya?ml))?$/, adoptDclint],
  [/^\.?trivyignore\.ya?ml$/, adoptTrivyYaml],
  [/^\.?checkov\.ya?ml$/, adoptCheckov],
  [/^\.?kics(?:[.-]config)?(?:\.(?:json|ya?ml|config))?$/, adoptKics],
];

/**
 * Turns the configuration of another tool into a policy.
 *
 * @param name name of the file, which says whose it is
 * @throws UserError for a file of no known tool, and for one that cannot be read
 */
export function adopt(name: string, source: Source, index: RuleIndex): AdoptedPolicy {
  if (/^\.?trivyignore$/.test(name)) return adoptTrivyIgnore(source, index);
  const adopter = ADOPTERS.find(([pattern]) => pattern.test(name))?.[1];
  if (adopter === undefined) {
    throw new UserError({
      place: source.path,
      problem: "no tool is known by this name of a file",
      remedy: "`docs/coming-from.md` lists the names",
    });
  }
  const config = readForeign(source);
  if (!("problem" in config)) return adopter(config, index);
  const { line, column } = source.positionAt(config.range.start);
  throw new UserError({ place: `${source.path}:${line}:${column}`, problem: config.problem });
}
