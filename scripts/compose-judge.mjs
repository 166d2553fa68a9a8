import { _, Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { build } from "esbuild";
import { loadSource, ROOT } from "./load-source.mjs";

/**
 * Compiles the schema of Compose files to a module of its own, so that no run has to load ajv, and none loads this that
 * judges no Compose file.
 *
 * @param outfile absolute path; the module is the judge that `src/compose/schema-faults.ts` describes
 */
export async function writeComposeJudge(outfile) {
  const { judgedSchema, formatsOf, COMPOSE_AJV_OPTIONS } = await loadSource("src/data/compose-schema/judged.ts");
  const { formatTest } = await loadSource("src/compose/schema-formats.ts");
  const schema = judgedSchema();
  const names = formatsOf(schema);
  const formats = Object.fromEntries(names.map((name) => [name, formatTest(name)]));
  // A module of today, which the bundle takes apart: what lies in one function is read twice.
  const ajv = new Ajv({
    ...COMPOSE_AJV_OPTIONS,
    formats,
    code: { source: true, esm: true, formats: _`require("formats")` },
  });
  const shared = { bundle: true, platform: "node", target: "node20", legalComments: "none", logLevel: "error" };
  const modules = {
    validate: lean(standalone.default(ajv, ajv.compile(schema))),
    formats:
      `import { formatTest } from "${ROOT}/src/compose/schema-formats.ts";` +
      `module.exports = Object.fromEntries(${JSON.stringify(names)}.map((name) => [name, formatTest(name)]));`,
  };
  const provide = {
    name: "modules",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^(?:validate|formats)$/ }, ({ path }) => ({ path, namespace: "made" }));
      onLoad({ filter: /.*/, namespace: "made" }, ({ path }) => ({ contents: modules[path], resolveDir: ROOT }));
    },
  };
  const text = JSON.stringify(JSON.stringify(schema));
  await build({
    ...shared,
    stdin: {
      contents:
        `import { composeJudge } from "${ROOT}/src/compose/schema-faults.ts";` +
        'import check from "validate";' +
        "const validate = (data) => (check(data) ? [] : check.errors);" +
        `module.exports = composeJudge({ validate, schema: () => JSON.parse(${text}) });`,
      resolveDir: ROOT,
    },
    outfile,
    format: "cjs",
    minify: true,
    charset: "ascii",
    plugins: [provide],
  });
}

/** The code without what nobody asks an error for: a third of the text, which has to be read whenever a file is judged. */
function lean(code) {
  return code
    .replaceAll(/schemaPath:"(?:[^"\\]|\\.)*",/g, "")
    .replaceAll(/params:\{(?:type|format|allowedValues|comparison|limit): ?[^{}]*\}/g, "params:{}");
}
