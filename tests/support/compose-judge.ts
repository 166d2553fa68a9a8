import { Ajv } from "ajv";
import { type ComposeJudge, composeJudge } from "../../src/compose/schema-faults.js";
import { formatTest } from "../../src/compose/schema-formats.js";
import type { SchemaError } from "../../src/compose/validator.js";
import { COMPOSE_AJV_OPTIONS, formatsOf, judgedSchema } from "../../src/data/compose-schema/judged.js";

let judge: ComposeJudge | undefined;

/** The judge by the Compose schema, compiled on the spot as the build does it in advance. */
export function compiledJudge(): ComposeJudge {
  if (judge === undefined) {
    const schema = judgedSchema();
    const formats = Object.fromEntries(formatsOf(schema).map((name) => [name, formatTest(name)]));
    const check = new Ajv({ ...COMPOSE_AJV_OPTIONS, formats }).compile(schema);
    const validate = (data: unknown): readonly SchemaError[] => (check(data) ? [] : (check.errors ?? []));
    judge = composeJudge({ validate, schema: () => schema });
  }
  return judge;
}
