import { ANY_UID, readUidPolicy, USUAL_UID } from "../values/uid-policy.js";
import { option } from "./option.js";

/** `uid` of the rules that write or judge a UID: one meaning, which `user.uid` of a policy file sets for all of them. */
export const uidOption = option.custom({
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
});

/** `gid` of the same rules. */
export const gidOption = option.custom({
  description: "GID that containers run as: a number, or `any`.",
  default: ANY_UID,
  schema: { type: ["integer", "string"], minimum: 0, pattern: "^any$", default: "any" },
  read: (written) => (Array.isArray(written) ? undefined : readUidPolicy(written)),
});
