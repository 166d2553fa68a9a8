/**
 * The rules that carry a line of the checklist: each says something of what the line promises. Where none of a family is on,
 * other rules of the family may still find something, but that they find nothing does not mean that the promise is kept: an
 * image for development that sets no label twice has not therefore the labels that images should have.
 * Own choice out of the rules of each family, 2026-11.
 */
export const CARRYING_RULES: ReadonlySet<string> = new Set([
  "stages/require-multi-stage",
  "stages/no-build-tools-in-final",
  "stages/no-dev-dependencies-in-final",
  "user/require-user",
  "user/no-root-user",
  "images/pin-tag",
  "health/require-healthcheck",
  "secrets/no-env-secrets",
  "secrets/no-build-arg-secrets",
  "secrets/no-command-secrets",
  "secrets/no-known-tokens",
  "layers/install-before-copy",
  "labels/require-labels",
  "context/require-dockerignore",
  "context/ignore-generated-files",
  "context/ignore-secrets",
]);

/**
 * Those of them whose every finding means that the promise is not kept. Where a policy lets such a finding be a note, it does
 * not ask for what the line promises.
 */
export const DEMANDING_RULES: ReadonlySet<string> = new Set([
  "stages/require-multi-stage",
  "user/require-user",
  "user/no-root-user",
  "images/pin-tag",
  "health/require-healthcheck",
  "labels/require-labels",
  "context/require-dockerignore",
]);

/** The one of them that asks the image for a user; it notes that the image has none also where each service sets one instead. */
export const IMAGE_USER_RULE = "user/require-user";
