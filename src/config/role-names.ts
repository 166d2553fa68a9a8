import type { RoleName } from "../data/roles.js";

/** Every role, in the order of documents. */
export const ROLE_NAMES = ["production", "development", "test", "ci"] as const satisfies readonly RoleName[];
