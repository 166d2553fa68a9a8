import { POLICY_NAMES } from "../config/discover.js";
import { RuleIndex } from "../config/rule-index.js";
import { UserError } from "../config/user-error.js";
import { decode, encode, SOURCE_LIMIT_BYTES } from "../files/decode.js";
import { DiskFileSystem } from "../files/disk.js";
import type { FileSystem, ReadResult } from "../files/file-system.js";
import { baseName, joinPath, relativePath, resolvePath } from "../files/path.js";
import { printable } from "../text/printable.js";
import { Source } from "../text/source.js";
import type { Host } from "./host.js";
import { UNREADABLE } from "./unreadable.js";
import { HOMEPAGE } from "./version.js";

const SCHEMA_LINE = `# yaml-language-server: $schema=${HOMEPAGE}/raw/main/schema/plimsoll.schema.json`;

const TEMPLATE = `${SCHEMA_LINE}
# The policy of this folder and all below it. Everything here is optional; \`plimsoll config PATH\` shows what applies
# to a file and where each value comes from.

# Sets of levels and options: recommended, checklist, strict, style, buildkit, hadolint, dclint, all.
presets: [recommended]

# The mildest severity that fails a run: error, warning, info, never.
failOn: warning

# Levels and options of single rules, by id, alias (DL3006) or pattern. \`plimsoll rules\` lists them.
# rules:
#   images/pin-tag: error
#   health/*: off

# What a file is for, where its name does not say so.
# roles:
#   "examples/**": development

# Other settings for some files.
# overrides:
#   - files: "legacy/**"
#     rules:
#       user/require-user: info

# Files that are not looked at, besides those that git ignores.
# ignore:
#   - "third-party/**"
`;

/**
 * Writes a policy file into the working directory: a commented one, or what the configuration of another tool comes to.
 *
 * @param from path of that configuration
 * @throws UserError when there is a policy already, or the configuration cannot be read
 */
export async function init(host: Host, from?: string): Promise<0> {
  const fs = new DiskFileSystem();
  const present = POLICY_NAMES.find((name) => fs.lstat(joinPath(host.cwd, name)) !== undefined);
  if (present !== undefined) {
    throw new UserError({
      place: present,
      problem: "there is a policy already",
      remedy: "edit it, or remove it first",
    });
  }
  const { text, notes } = from === undefined ? { text: TEMPLATE, notes: "" } : await adopted(from, fs, host);
  fs.writeFile(joinPath(host.cwd, "plimsoll.yaml"), encode(text));
  host.writeError(`wrote plimsoll.yaml\n${notes}`);
  return 0;
}

/** The policy that a configuration comes to, and a line for each thing that it does not hold. */
async function adopted(from: string, fs: FileSystem, host: Host): Promise<{ text: string; notes: string }> {
  const file = resolvePath(host.cwd, from);
  const path = relativePath(host.cwd, file);
  const source = sourceOf(path, fs.readFile(file, SOURCE_LIMIT_BYTES));
  const { adopt } = await import("../config/adopt/adopt.js");
  const { rules } = await import("../../rules/index.js");
  const policy = adopt(baseName(file), source, new RuleIndex(rules));
  const notes = policy.unadopted.map(({ range, message }) => {
    const { line, column } = source.positionAt(range?.start ?? 0);
    return `${printable(path)}:${line}:${column}: ${printable(message)}\n`;
  });
  return { text: policy.text(`${SCHEMA_LINE}\n# Made from ${printable(path)}.`), notes: notes.join("") };
}

/** @throws UserError when the file is not there, or no text */
function sourceOf(path: string, read: ReadResult): Source {
  if (read.kind === "problem") throw new UserError({ place: path, problem: UNREADABLE[read.problem] });
  const decoded = decode(read.bytes);
  if (decoded.kind === "binary") throw new UserError({ place: path, problem: "is no UTF-8 text" });
  return new Source(path, decoded.text);
}
