import { inspectVariant } from "../compose/inspect.js";
import type { ComposeFile, Variant } from "../compose/model.js";

/**
 * A Compose file as `plimsoll inspect --format json` shows it: every variant that it takes part in, merged, with the place
 * where each value was written. Lines and columns are 1-based.
 */
export function inspectComposeFile({ source, yaml }: ComposeFile, variants: readonly Variant[]): object {
  const { path } = source;
  const own = variants.filter(({ files, broughtIn }) =>
    [...files, ...broughtIn].some((file) => file.source === source),
  );
  return {
    path,
    kind: "compose",
    variants: own.map(inspectVariant),
    errors: yaml.problems.map(({ range, message }) => ({ line: range.source.positionAt(range.start).line, message })),
  };
}
