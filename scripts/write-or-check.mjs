import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { ROOT } from "./load-source.mjs";

/**
 * Writes generated files, or only tells which ones differ from what is there.
 *
 * @param files absolute path to text
 * @param isCheck true when nothing may be written
 * @returns paths, relative to the repository, that were not what they should be
 */
export async function writeOrCheck(files, isCheck) {
  const stale = [];
  for (const [path, text] of files) {
    const present = await readFile(path, "utf8").catch(() => undefined);
    if (present === text) continue;
    stale.push(relative(ROOT, path));
    if (isCheck) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return stale;
}

/**
 * Puts generated text between `<!-- name -->` and `<!-- /name -->` of a document.
 *
 * @throws Error when the document has no such markers
 */
export function betweenMarkers(document, name, text) {
  const open = `<!-- ${name} -->`;
  const close = `<!-- /${name} -->`;
  const start = document.indexOf(open);
  const end = document.indexOf(close);
  if (start === -1 || end < start) throw new Error(`no markers \`${open}\` and \`${close}\` in the document`);
  return `${document.slice(0, start + open.length)}\n${text}\n${document.slice(end)}`;
}

/** Absolute path of a file of the repository. */
export function inRoot(...parts) {
  return join(ROOT, ...parts);
}
