import type { Invocation } from "../shell/model.js";
import { optionTable, readOptions } from "../shell/options.js";
import { toolOptions } from "../shell/tool-options.js";
import type { Range } from "../text/source.js";
import type { RunView, StageView } from "./model.js";

/** A user of whom a RUN says that it belongs to a group. */
export interface Membership {
  /** Undefined when unknown. */
  readonly user: string | undefined;
  /** Name or number, as written. */
  readonly group: string;
  /** `primary`: the group of the user's files and processes; `extra`: one more. */
  readonly kind: "primary" | "extra";
  /** The group's name, else the list that it is in. */
  readonly range: Range;
  readonly invocation: Invocation;
}

/** Groups that the RUNs of a stage (not of its parents) give to users, in the order of the file. */
export function membershipsOf({ runs }: Pick<StageView, "runs">): readonly Membership[] {
  return runs.flatMap(membershipsIn);
}

/** As {@link membershipsOf}, of one RUN. */
export function membershipsIn(run: RunView): readonly Membership[] {
  const found: Membership[] = [];
  for (const command of run.commands) {
    if (command.name !== undefined && TOOLS.has(command.name)) addMemberships(command, command.name, found);
  }
  return found;
}

const TOOLS: ReadonlySet<string> = new Set(["useradd", "usermod", "adduser", "addgroup", "gpasswd"]);

function addMemberships(invocation: Invocation, name: string, found: Membership[]): void {
  if (name === "gpasswd") {
    addOfGpasswd(invocation, found);
    return;
  }
  const reader = readOptions(invocation, toolOptions(name) ?? optionTable(""));
  const operands = reader.verb === undefined ? [] : [reader.verb, ...reader.operands];
  const [user, group] = operands;
  const isWrapper = name === "adduser" || name === "addgroup";
  if (isWrapper && user !== undefined && group?.value !== undefined && operands.length === 2) {
    found.push({ user: user.value, group: group.value, kind: "extra", range: group.range, invocation });
    return;
  }
  if (name === "addgroup") return;
  const login = operands.at(-1)?.value;
  // `adduser -G` names the primary group, but for the link to `useradd` that the RHEL family has.
  const isShadow = !isWrapper || reader.has("-r", "-m", "-M", "-d", "-c", "-N", "-U", "--create-home");
  const primary = isShadow ? reader.find("-g", "--gid") : reader.find("-G", "--ingroup", "--gid");
  if (primary?.value !== undefined && primary.valueRange !== undefined) {
    found.push({ user: login, group: primary.value, kind: "primary", range: primary.valueRange, invocation });
  }
  const extra = isShadow ? reader.find("-G", "--groups") : undefined;
  if (extra?.value === undefined || extra.valueRange === undefined) return;
  const groups = extra.value.split(",").filter((each) => each !== "");
  for (const each of groups) {
    found.push({ user: login, group: each, kind: "extra", range: extra.valueRange, invocation });
  }
}

/** `gpasswd -a USER GROUP` and `gpasswd -M USER,… GROUP`. */
function addOfGpasswd(invocation: Invocation, found: Membership[]): void {
  const reader = readOptions(invocation, optionTable("-a --add -d --delete -M --members -A --administrators"));
  const group = reader.verb;
  const users = reader.find("-a", "--add", "-M", "--members");
  if (group?.value === undefined || users === undefined) return;
  for (const user of users.value?.split(",") ?? [undefined]) {
    found.push({ user, group: group.value, kind: "extra", range: group.range, invocation });
  }
}
