import { UserError } from "../../config/user-error.js";
import { decode, encode, SOURCE_LIMIT_BYTES } from "../../files/decode.js";
import type { FileSystem, WritableFileSystem } from "../../files/file-system.js";
import type { FixedFile } from "./fix-files.js";

/** What became of the files. */
export interface WrittenFixes {
  readonly written: readonly FixedFile[];
  /** One for each file that could not be written. */
  readonly problems: readonly UserError[];
}

/** Writes fixed files; byte order mark and mode are kept. A file that changed since it was read is left alone. */
export function writeFixes(files: readonly FixedFile[], fs: WritableFileSystem): WrittenFixes {
  const written: FixedFile[] = [];
  const problems: UserError[] = [];
  for (const fixed of files) {
    const problem = writeFile(fixed, fs);
    if (problem === undefined) written.push(fixed);
    else problems.push(problem);
  }
  return { written, problems };
}

function writeFile({ file, path, before, after }: FixedFile, fs: WritableFileSystem): UserError | undefined {
  const current = currentText(fs, file);
  if (current?.text !== before) {
    const problem = before === undefined ? "exists by now, so it was not created" : "changed while it was being fixed";
    return new UserError({ place: path, problem, remedy: "run again" });
  }
  try {
    fs.writeFile(file, encode(after, current?.hasBom ?? false));
    return undefined;
  } catch (cause) {
    return new UserError({ place: path, problem: "cannot be written", remedy: "check its permissions", cause });
  }
}

function currentText(fs: FileSystem, file: string): { readonly text: string; readonly hasBom: boolean } | undefined {
  const read = fs.readFile(file, SOURCE_LIMIT_BYTES);
  if (read.kind === "problem") return undefined;
  const decoded = decode(read.bytes);
  return decoded.kind === "text" ? decoded : { text: "\0", hasBom: false };
}
