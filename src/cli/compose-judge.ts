import { createRequire } from "node:module";
import type { ComposeJudge } from "../compose/schema-faults.js";

let judge: ComposeJudge | undefined;

/** The judge by the Compose schema, which the build has compiled and put beside the program: read when first asked for. */
export function composeJudge(): ComposeJudge {
  if (judge === undefined) {
    const loaded: unknown = createRequire(import.meta.url)("./compose-judge.cjs");
    if (!isJudge(loaded)) throw new Error("compose-judge.cjs holds no judge");
    judge = loaded;
  }
  return judge;
}

function isJudge(value: unknown): value is ComposeJudge {
  return typeof value === "object" && value !== null && "judge" in value && typeof value.judge === "function";
}
