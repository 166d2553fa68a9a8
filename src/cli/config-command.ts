import type { DescribedValue, Origin } from "../config/policy.js";
import { type Role, roleOf } from "../data/roles.js";
import { relativePath, resolvePath } from "../files/path.js";
import { hideValues } from "../report/hide-values.js";
import { printable } from "../text/printable.js";
import { SECRET_MASK } from "../values/secret-value.js";
import { judgeSecret } from "../values/secret-verdict.js";
import type { Host } from "./host.js";
import type { Request } from "./request.js";
import { openSession, type Session } from "./session.js";

/** Prints every value of the policy that applies to a path, which need not exist, and where each was written. */
export async function showConfig(request: Extract<Request, { kind: "config" }>, host: Host): Promise<0> {
  const { path, flags, format } = request;
  const options = { forceExclude: false, stdinFilename: undefined, takesAnyFile: false };
  const session = await openSession({ ...options, paths: [path], flags, host });
  const file = resolvePath(host.cwd, path);
  await session.policies.prepare([file]);
  const [problem] = session.policies.problems;
  if (problem !== undefined) throw problem;
  const set = session.policies.for(file);
  const role = flags.role === undefined ? roleFor(file, session) : { name: flags.role, stated: true };
  const values = set.describe(file, role).map((value) => ({ ...value, value: hiddenValue(value) }));
  const files = set.paths.map((policy) => session.workspace.display(policy));
  host.writeOut(format === "json" ? asJson(path, role, files, values) : asText(path, role, files, values));
  return 0;
}

function roleFor(file: string, { policies, workspace }: Session): Role {
  const stated = policies.for(file).roleOf(file);
  if (stated !== undefined) return { name: stated, stated: true };
  return roleOf(relativePath(workspace.root, file), workspace.source(file)?.text);
}

function asJson(path: string, role: Role, files: readonly string[], values: readonly DescribedValue[]): string {
  const listed = values.map(({ key, value, origin }) => ({ key, value, origin }));
  return `${JSON.stringify({ path, role: role.name, files, values: listed }, undefined, 2)}\n`;
}

function asText(path: string, role: Role, files: readonly string[], values: readonly DescribedValue[]): string {
  const lines = [
    `${printable(path)}: role ${role.name}${role.stated ? "" : " (assumed)"}`,
    `policy: ${files.length === 0 ? "none" : files.map(printable).join(", ")}`,
    ...values.map(({ key, value, origin }) => `${printable(key)}: ${printable(shown(value))}  # ${originText(origin)}`),
  ];
  return `${lines.join("\n")}\n`;
}

/** Build arguments are the one place of a policy where a secret may stand. */
function hiddenValue({ key, value }: DescribedValue): unknown {
  const name = key.slice(key.lastIndexOf(".") + 1);
  if (typeof value === "string" && judgeSecret(name, value) !== undefined) return SECRET_MASK;
  return hideValues(value, []);
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function originText(origin: Origin): string {
  switch (origin.kind) {
    case "default":
      return "default";
    case "preset":
      return `preset ${origin.preset}`;
    case "flag":
      return origin.flag;
    case "file":
      return `${printable(origin.path)}:${origin.line}:${origin.column}`;
    default:
      return unreachable(origin);
  }
}

function unreachable(origin: never): never {
  throw new Error(`no text for ${JSON.stringify(origin)}`);
}
