import { Ajv } from "ajv";
import type { PolicyData } from "../../src/config/policy.js";
import { type RuleFacts, RuleIndex } from "../../src/config/rule-index.js";
import { POLICY_AJV_OPTIONS, policySchema } from "../../src/config/schema.js";
import type { PolicyValidator } from "../../src/config/validate.js";
import { option } from "../../src/engine/option.js";

/** A few rules as policies know them. */
export const sampleRules: readonly RuleFacts[] = [
  {
    id: "images/pin-tag",
    summary: "Images are named by a tag that does not move",
    kinds: {
      "no-tag": {
        aliases: [
          "hadolint:DL3006",
          "trivy:DS-0001",
          "kics:image-version-not-explicit (9efb0b2d-89c9-41a3-91ca-dcc0aec911fd)",
        ],
      },
      latest: { aliases: ["hadolint:DL3007", "trivy:DS-0001"] },
      coarse: {},
    },
    options: {
      floating: option.strings({ default: ["latest"], description: "Tags that move." }),
      precision: option.choice({ words: ["any", "minor"], default: "any", description: "How exact a tag is." }),
      pins: option.map({ default: {}, description: "Tag of a repository." }),
    },
  },
  {
    id: "images/use-trusted-registry",
    summary: "Images come from approved registries",
    aliases: ["hadolint:DL3026"],
    options: { allow: option.strings({ default: [], description: "Images that may be used." }) },
  },
  { id: "secrets/no-env-secrets", summary: "No secrets in ENV", aliases: ["hadolint:DL3064", "buildkit:SecretsUsed"] },
  { id: "secrets/no-build-arg-secrets", summary: "No secrets in ARG", aliases: ["hadolint:DL3064"] },
  { id: "shell/pass-shellcheck", summary: "Scripts pass", aliases: ["shellcheck:SC*", "hadolint:SC*"] },
  {
    id: "user/set-uid",
    summary: "The user is agreed",
    options: {
      uid: option.custom<number | string | readonly number[]>({
        default: 1000,
        description: "The UID.",
        schema: { type: ["integer", "string", "array"], items: { type: "integer" } },
        read: (written) => (typeof written === "number" || written === "any" ? written : undefined),
      }),
    },
  },
];

/** All of {@link sampleRules} by name. */
export const sampleIndex = new RuleIndex(sampleRules);

/** Compiles the schema of some rules on the spot. */
export function validatorFor(rules: readonly RuleFacts[]): PolicyValidator {
  return new Ajv(POLICY_AJV_OPTIONS).compile<PolicyData>(policySchema(rules));
}
