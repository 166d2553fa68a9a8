import { POLICY_NAMES } from "../config/discover.js";
import { UserError } from "../config/user-error.js";
import { encode } from "../files/decode.js";
import { DiskFileSystem } from "../files/disk.js";
import { joinPath } from "../files/path.js";
import type { Host } from "./host.js";
import { HOMEPAGE } from "./version.js";

const TEMPLATE = `# yaml-language-server: $schema=${HOMEPAGE}/raw/main/schema/plimsoll.schema.json
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
 * Writes a commented policy file into the working directory.
 *
 * @throws UserError when one is there already
 */
export function init(host: Host): 0 {
  const fs = new DiskFileSystem();
  const present = POLICY_NAMES.find((name) => fs.lstat(joinPath(host.cwd, name)) !== undefined);
  if (present !== undefined) {
    throw new UserError({
      place: present,
      problem: "there is a policy already",
      remedy: "edit it, or remove it first",
    });
  }
  fs.writeFile(joinPath(host.cwd, "plimsoll.yaml"), encode(TEMPLATE));
  host.writeError("wrote plimsoll.yaml\n");
  return 0;
}
