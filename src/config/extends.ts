import type { FileSystem } from "../files/file-system.js";
import { baseName, isAbsolutePath, isWithin, joinPath, parentPath, resolvePath } from "../files/path.js";
import { policyFileIn } from "./discover.js";

/** What an entry of `extends` leads to. */
export type ExtendsTarget =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "missing"; readonly problem: string; readonly remedy: string };

const PACKAGE_NAME = /^(@[a-z0-9-~][a-z0-9-._~]*\/)?[a-z0-9-~][a-z0-9-._~]*$/i;

/**
 * Finds the file that an entry of `extends` names: a path (it begins with a dot or is absolute), or an npm package that
 * holds a policy file, with or without the path of the file in it. Packages are looked for in `node_modules` of the
 * folders at and above `folder`, up to `root`; nothing of them is run, and their `package.json` is not read.
 */
export function findExtended(fs: FileSystem, written: string, folder: string, root: string): ExtendsTarget {
  if (written.startsWith(".") || isAbsolutePath(written)) {
    const path = resolvePath(folder, written);
    return (
      policyAt(fs, path) ?? { kind: "missing", problem: `\`${written}\` does not exist`, remedy: "correct the path" }
    );
  }
  const [first = "", second = ""] = written.split("/");
  const name = written.startsWith("@") ? `${first}/${second}` : first;
  if (!PACKAGE_NAME.test(name)) {
    const remedy = "write `./` in front of a path";
    return { kind: "missing", problem: `\`${written}\` is neither a path nor the name of a package`, remedy };
  }
  const rest = written.slice(name.length + 1);
  for (let above = folder; ; above = parentPath(above)) {
    if (baseName(above) !== "node_modules") {
      const home = joinPath(above, `node_modules/${name}`);
      if (fs.stat(home)?.kind === "directory") {
        const problem = `package \`${name}\` has no ${rest === "" ? "policy file" : `\`${rest}\``}`;
        const path = rest === "" ? home : joinPath(home, rest);
        const found = isWithin(home, path) ? policyAt(fs, path) : undefined;
        return found ?? { kind: "missing", problem, remedy: "name the file: `package/file.yaml`" };
      }
    }
    if (above === root || above === parentPath(above)) break;
  }
  return {
    kind: "missing",
    problem: `no package \`${name}\` in \`node_modules\``,
    remedy: "install it, or write `./` in front of a path",
  };
}

/** The file itself, or the policy file in the folder that the path names. */
function policyAt(fs: FileSystem, path: string): ExtendsTarget | undefined {
  const kind = fs.stat(path)?.kind;
  if (kind === "file") return { kind: "file", path };
  const inside = kind === "directory" ? policyFileIn(fs, path) : undefined;
  return inside === undefined ? undefined : { kind: "file", path: inside };
}
