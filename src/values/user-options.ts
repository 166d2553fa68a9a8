import { ANY_UID, readUidPolicy, USUAL_UID } from "./uid-policy.js";

/**
 * `uid` of the rules that write or judge a UID, for `option.custom`: one meaning, which `user.uid` of a policy file sets
 * for all of them.
 */
export const UID_OPTION = {
  description: "UID that containers run as: a number, a list, a range `1000-1999`, or `any` that is not root.",
  default: USUAL_UID,
  schema: {
    type: ["integer", "string", "array"],
    items: { type: "integer", minimum: 0 },
    minimum: 0,
    pattern: "^(any|[0-9]+-[0-9]+)$",
    default: 1000,
  },
  read: readUidPolicy,
} as const;

/** `gid` of the same rules. */
export const GID_OPTION = {
  description: "GID that containers run as: a number, or `any`.",
  default: ANY_UID,
  schema: { type: ["integer", "string"], minimum: 0, pattern: "^any$", default: "any" },
  read: (written: unknown) => (Array.isArray(written) ? undefined : readUidPolicy(written)),
} as const;
