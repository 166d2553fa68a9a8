import type { Range } from "../text/source.js";
import type { AccountFact, WriteFact } from "./fact-model.js";
import { HOLE, type Invocation, type Word } from "./model.js";
import { NO_VALUES, type OptionReader, type OptionUse, readOptions } from "./options.js";
import { toolOptions } from "./tool-options.js";

type Tool = Exclude<AccountFact["tool"], "passwd-file">;

const TOOLS: ReadonlyMap<string, Tool> = new Map<string, Tool>([
  ["useradd", "useradd"],
  ["adduser", "adduser"],
  ["usermod", "usermod"],
  ["groupadd", "groupadd"],
  ["addgroup", "addgroup"],
  ["groupmod", "groupmod"],
]);

/** The users and groups that a command creates or changes. */
export function accountsOf(invocation: Invocation): readonly AccountFact[] {
  const tool = invocation.name === undefined ? undefined : TOOLS.get(invocation.name);
  if (tool === undefined) return [];
  const reader = readOptions(invocation, toolOptions(tool) ?? NO_VALUES);
  const operands = reader.verb === undefined ? [] : [reader.verb, ...reader.operands];
  if (tool === "useradd" && reader.has("-D", "--defaults")) return [];
  const [name, second] = operands;
  if (name === undefined) return [];
  const isMembership = second !== undefined && second.origin !== "loop" && (tool === "adduser" || tool === "addgroup");
  if (isMembership) return [membership(invocation, tool, name, second)];
  // A loop over names runs the command once for each.
  const names = operands.filter((word) => word === name || (word.origin === "loop" && name.origin === "loop"));
  return names.map((word) => account(invocation, tool, word, reader));
}

function isGroupTool(tool: Tool): boolean {
  return tool === "groupadd" || tool === "addgroup" || tool === "groupmod";
}

function account(invocation: Invocation, tool: Tool, name: Word, reader: OptionReader): AccountFact {
  const isGroup = isGroupTool(tool);
  const dialect = dialectOf(tool, reader);
  const id = isGroup ? reader.find("-g", "--gid") : reader.find("-u", "--uid");
  const group = isGroup ? undefined : primaryGroup(tool, dialect, reader);
  const isSystem = reader.has("-r", "--system") || (dialect === "busybox" && reader.has("-S"));
  return {
    kind: isGroup ? "group" : "user",
    change: tool === "usermod" || tool === "groupmod" ? "modify" : "create",
    tool,
    dialect,
    name: name.value,
    nameRange: name.range,
    id: id?.valueShape,
    idRange: id?.valueRange,
    group: group?.valueShape,
    groups: isGroup ? [] : extraGroups(tool, dialect, reader),
    isSystem,
    home: isGroup ? undefined : homeOf(dialect, reader)?.value,
    createsHome: isGroup ? undefined : createsHome(tool, isSystem, reader),
    shell: isGroup ? undefined : reader.find("-s", "--shell")?.value,
    noLogInit: tool === "useradd" && reader.has("-l", "--no-log-init"),
    createsGroup: !isGroup && createsGroup(tool, group !== undefined, isSystem, reader),
    invocation,
  };
}

/** `adduser USER GROUP` and `addgroup USER GROUP` add a user to a group. */
function membership(invocation: Invocation, tool: Tool, user: Word, group: Word): AccountFact {
  return {
    kind: "user",
    change: "modify",
    tool,
    dialect: "unknown",
    name: user.value,
    nameRange: user.range,
    id: undefined,
    idRange: undefined,
    group: undefined,
    groups: [group.shape],
    isSystem: false,
    home: undefined,
    createsHome: undefined,
    shell: undefined,
    noLogInit: false,
    createsGroup: false,
    invocation,
  };
}

/** `adduser` is a script of its own on Debian, an applet of busybox, and a link to `useradd` on the RHEL family. */
function dialectOf(tool: Tool, reader: OptionReader): AccountFact["dialect"] {
  if (tool !== "adduser" && tool !== "addgroup") return "shadow";
  if (reader.has("-D", "-S", "-H", "-h")) return "busybox";
  if (reader.has("-r", "-m", "-M", "-d", "-c", "-N", "-U", "--create-home", "--no-log-init")) return "shadow";
  return reader.options.some((use) => use.name.startsWith("--")) ? "debian" : "unknown";
}

function primaryGroup(tool: Tool, dialect: AccountFact["dialect"], reader: OptionReader): OptionUse | undefined {
  if (tool !== "adduser") return reader.find("-g", "--gid");
  if (dialect === "shadow") return reader.find("-g", "--gid");
  return reader.find("-G", "--ingroup", "--gid");
}

function extraGroups(tool: Tool, dialect: AccountFact["dialect"], reader: OptionReader): readonly string[] {
  const isShadow = tool !== "adduser" || dialect === "shadow";
  const use = isShadow ? reader.find("-G", "--groups") : undefined;
  return use?.valueShape === undefined ? [] : use.valueShape.split(",").filter((group) => group !== "");
}

function homeOf(dialect: AccountFact["dialect"], reader: OptionReader): OptionUse | undefined {
  return dialect === "shadow" ? reader.find("-d", "--home-dir", "--home") : reader.find("-h", "--home");
}

function createsHome(tool: Tool, isSystem: boolean, reader: OptionReader): boolean | undefined {
  if (reader.has("-M", "--no-create-home", "-H")) return false;
  if (reader.has("-m", "--create-home")) return tool !== "usermod";
  return tool === "adduser" && !isSystem ? true : undefined;
}

function createsGroup(tool: Tool, hasGroup: boolean, isSystem: boolean, reader: OptionReader): boolean {
  if (tool === "usermod") return false;
  if (reader.has("--group", "-U", "--user-group")) return true;
  if (hasGroup || reader.has("-N", "--no-user-group")) return false;
  return tool === "useradd" || !isSystem;
}

/** Users and groups in lines that a script writes to `/etc/passwd` and `/etc/group`. */
export function accountsInWrite(write: WriteFact): readonly AccountFact[] {
  if (write.content === undefined || write.contentRange === undefined) return [];
  if (write.path !== "/etc/passwd" && write.path !== "/etc/group") return [];
  const kind = write.path === "/etc/passwd" ? "user" : "group";
  const accounts: AccountFact[] = [];
  for (const line of write.content.split(/\\n|\n/)) {
    const fields = line.trim().split(":");
    if (fields.length < 4) continue;
    accounts.push(lineAccount(kind, fields, write.invocation, write.contentRange));
  }
  return accounts;
}

function lineAccount(
  kind: AccountFact["kind"],
  fields: readonly string[],
  invocation: Invocation,
  range: Range,
): AccountFact {
  const [name = "", , id, group] = fields;
  const text = (value: string | undefined) =>
    value === undefined || value === "" || value.includes(HOLE) ? undefined : value;
  const isUser = kind === "user";
  return {
    kind,
    change: "create",
    tool: "passwd-file",
    dialect: "unknown",
    name: text(name),
    nameRange: range,
    id,
    idRange: range,
    group: isUser ? group : undefined,
    groups: [],
    isSystem: false,
    home: isUser ? text(fields[5]) : undefined,
    createsHome: undefined,
    shell: isUser ? text(fields[6]) : undefined,
    noLogInit: false,
    createsGroup: false,
    invocation,
  };
}
