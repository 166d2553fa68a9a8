import { words } from "../text/words.js";

// Checks of the builder, docs.docker.com/reference/build-checks, 2026-11.
const NAMES =
  "ConsistentInstructionCasing CopyIgnoredFile DuplicateStageName ExposeInvalidFormat ExposeProtoCasing FileConsistentCommandCasing FromAsCasing FromPlatformFlagConstDisallowed InvalidBaseImagePlatform InvalidDefaultArgInFrom InvalidDefinitionDescription JSONArgsRecommended LegacyKeyValueFormat MaintainerDeprecated MultipleInstructionsDisallowed NoEmptyContinuation RedundantTargetPlatform ReservedStageName SecretsUsedInArgOrEnv SelfConsistentCommandCasing StageNameCasing UndefinedArgInFrom UndefinedVar WorkdirRelativePath";

/** Names of the checks that `# check=skip=` can name, those of earlier releases included; the builder compares their case. */
export function buildChecks(): readonly string[] {
  return words(NAMES);
}
