import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { build } from "esbuild";
import { loadSource, ROOT } from "./load-source.mjs";

/**
 * Compiles the schema of policy files to a module of its own, so that no run has to load ajv.
 *
 * @param rules every rule
 * @param outfile absolute path; it exports the validator
 */
export async function writePolicyValidator(rules, outfile) {
  const { policySchema, POLICY_AJV_OPTIONS } = await loadSource("src/config/schema.ts");
  const ajv = new Ajv({ ...POLICY_AJV_OPTIONS, code: { source: true } });
  const code = standalone.default(ajv, ajv.compile(policySchema(rules)));
  await build({
    stdin: { contents: code, resolveDir: ROOT, loader: "js" },
    outfile,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20",
    minify: true,
    legalComments: "none",
    logLevel: "error",
  });
}
