import type { PolicyValidator } from "../config/validate.js";

/** The validator of policy files, which the build has compiled from the schema and put beside the program. */
export async function loadPolicyValidator(): Promise<PolicyValidator> {
  // Imported here, because most runs find no policy.
  const { createRequire } = await import("node:module");
  const validator: unknown = createRequire(import.meta.url)("./policy-validator.cjs");
  if (!isValidator(validator)) throw new Error("policy-validator.cjs holds no validator");
  return validator;
}

function isValidator(value: unknown): value is PolicyValidator {
  return typeof value === "function";
}
