import type { PolicyValidator } from "../config/validate.js";

/** The validator of policy files, which the build has compiled from the schema and put beside the program. */
export async function loadPolicyValidator(): Promise<PolicyValidator> {
  const module: { readonly default?: unknown } = await import(new URL("policy-validator.js", import.meta.url).href);
  if (!isValidator(module.default)) throw new Error("policy-validator.js holds no validator");
  return module.default;
}

function isValidator(value: unknown): value is PolicyValidator {
  return typeof value === "function";
}
