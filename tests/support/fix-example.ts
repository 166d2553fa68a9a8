import { fixFiles } from "../../src/engine/fixes/fix-files.js";
import type { BadExample } from "../../src/engine/rule.js";
import { ROOT, runExample, treeOf } from "./example-project.js";

/** Texts by path after all fixes of one rule, unsafe ones too; files that fixes create are among them. */
export async function fixExample(
  rule: string,
  example: BadExample,
  texts: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const fs = treeOf(rule, example, texts);
  const { files } = await fixFiles({ fs, unsafe: true, lint: (overlay) => runExample(rule, example, overlay) });
  const fixed = new Map(texts);
  for (const { file, after } of files) fixed.set(file.slice(ROOT.length + 1), after);
  return fixed;
}
