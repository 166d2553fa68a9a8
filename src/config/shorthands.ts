import type { OptionSchema } from "../data/option-schema.js";

/** A key such as `images.allow`, and the options of rules that it sets. */
export interface Shorthand {
  readonly section: "images" | "user" | "labels";
  readonly key: string;
  /** Option of that name in each of these rules that declares it. */
  readonly option: string;
  readonly rules: readonly string[];
  readonly schema: OptionSchema;
}

const GLOBS = { type: "array", items: { type: "string" } } as const;

/** Every key of the sections `images`, `user` and `labels`. A key written here wins over presets; `rules` wins over it. */
export const SHORTHANDS: readonly Shorthand[] = [
  {
    section: "images",
    key: "allow",
    option: "allow",
    rules: ["images/use-trusted-registry"],
    schema: { ...GLOBS, description: "Images that may be used: `docker.io/library/*`, `ghcr.io/acme/**`." },
  },
  {
    section: "images",
    key: "deny",
    option: "deny",
    rules: ["images/use-trusted-registry"],
    schema: { ...GLOBS, description: "Images that may not be used." },
  },
  {
    section: "images",
    key: "officialOnly",
    option: "officialOnly",
    rules: ["images/use-trusted-registry"],
    schema: { type: "boolean", description: "Only Docker Official Images, and what `allow` names." },
  },
  {
    section: "images",
    key: "pins",
    option: "pins",
    rules: ["images/pin-tag"],
    schema: {
      type: "object",
      additionalProperties: { type: "string" },
      description: "Tag that the fix writes for a repository: `node: 22.14.0-slim`.",
    },
  },
  {
    section: "images",
    key: "prohibitedTags",
    option: "prohibitedTags",
    rules: ["images/pin-tag"],
    schema: { ...GLOBS, description: "Tags that their publishers move." },
  },
  {
    section: "images",
    key: "precision",
    option: "precision",
    rules: ["images/pin-tag"],
    schema: { type: "string", enum: ["any", "minor", "patch"], description: "How exact a version tag has to be." },
  },
  {
    section: "user",
    key: "uid",
    option: "uid",
    rules: ["user/set-uid", "user/require-user", "user/no-root-user", "user/use-created-user", "user/match-image-user"],
    schema: {
      type: ["integer", "string", "array"],
      items: { type: "integer", minimum: 0 },
      minimum: 0,
      pattern: "^(any|[0-9]+-[0-9]+)$",
      description: "UID that containers run as: a number, a list, a range `1000-1999`, or `any` that is not root.",
    },
  },
  {
    section: "user",
    key: "gid",
    option: "gid",
    rules: ["user/set-uid", "user/require-user", "user/no-root-user", "user/use-created-user", "user/match-image-user"],
    schema: {
      type: ["integer", "string"],
      minimum: 0,
      pattern: "^any$",
      description: "GID that containers run as: a number, or `any`.",
    },
  },
  {
    section: "user",
    key: "numeric",
    option: "numeric",
    rules: ["user/set-uid"],
    schema: { type: "boolean", description: "Whether USER has to be a number." },
  },
  {
    section: "labels",
    key: "required",
    option: "required",
    rules: ["labels/require-labels", "labels/use-allowed-keys"],
    schema: { ...GLOBS, description: "Keys that every image has; bare names mean `org.opencontainers.image.*`." },
  },
  {
    section: "labels",
    key: "suppliedAtBuild",
    option: "suppliedAtBuild",
    rules: ["labels/require-labels"],
    schema: { ...GLOBS, description: "Keys that the pipeline adds when it builds." },
  },
  {
    section: "labels",
    key: "allowed",
    option: "allowed",
    rules: ["labels/use-allowed-keys"],
    schema: { ...GLOBS, description: "Keys that may be used; no others." },
  },
  {
    section: "labels",
    key: "types",
    option: "types",
    rules: ["labels/use-valid-values"],
    schema: {
      type: "object",
      additionalProperties: {
        type: "string",
        enum: ["url", "timestamp", "spdx", "revision", "semver", "email", "text"],
      },
      description: "Format of the values of a key.",
    },
  },
];
