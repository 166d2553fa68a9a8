/** What the value of a label has to be; `text` is free. */
export type LabelValueType =
  | "contact"
  | "digest"
  | "email"
  | "image"
  | "revision"
  | "semver"
  | "spdx"
  | "text"
  | "timestamp"
  | "url";

/** Prefix of every predefined annotation key of the OCI image specification. */
export const OCI_PREFIX = "org.opencontainers.image.";

/**
 * The predefined annotation keys, without {@link OCI_PREFIX}, and the type of their value.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md
 */
export const OCI_LABELS: ReadonlyMap<string, LabelValueType> = new Map([
  ["created", "timestamp"],
  ["authors", "contact"],
  ["url", "url"],
  ["documentation", "url"],
  ["source", "url"],
  ["version", "semver"],
  ["revision", "revision"],
  ["vendor", "text"],
  ["licenses", "spdx"],
  ["ref.name", "text"],
  ["title", "text"],
  ["description", "text"],
  ["base.digest", "digest"],
  ["base.name", "image"],
]);

/**
 * Keys from before the OCI specification, in lower case, and the key without {@link OCI_PREFIX} that took their place.
 * The bare words are conventions of Dockerfiles, not of a specification.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#back-compatibility-with-label-schema
 */
export const LEGACY_LABELS: ReadonlyMap<string, string> = new Map([
  ["org.label-schema.build-date", "created"],
  ["org.label-schema.url", "url"],
  ["org.label-schema.vcs-url", "source"],
  ["org.label-schema.version", "version"],
  ["org.label-schema.vcs-ref", "revision"],
  ["org.label-schema.vendor", "vendor"],
  ["org.label-schema.name", "title"],
  ["org.label-schema.description", "description"],
  ["org.label-schema.usage", "documentation"],
  ["maintainer", "authors"],
  ["build-date", "created"],
  ["vcs-ref", "revision"],
  ["vcs-url", "source"],
  ["version", "version"],
  ["description", "description"],
  ["license", "licenses"],
]);

/**
 * Prefixes of keys that Docker keeps for itself.
 *
 * @see https://docs.docker.com/engine/manage-resources/labels/#key-format-recommendations
 */
export const RESERVED_LABEL_PREFIXES = ["com.docker.", "io.docker.", "org.dockerproject."] as const;

/** Keys below a reserved prefix that Docker documents for users; an entry that ends in a dot stands for all below it. */
export const DOCUMENTED_DOCKER_LABELS = [
  "com.docker.image.source.entrypoint",
  "com.docker.extension.",
  "com.docker.desktop.",
] as const;

/** Type of the value of a whole label key; absent for keys that are not predefined. Keys are compared exactly. */
export function ociLabelType(key: string): LabelValueType | undefined {
  return key.startsWith(OCI_PREFIX) ? OCI_LABELS.get(key.slice(OCI_PREFIX.length)) : undefined;
}
