import { packageAccounts } from "../data/package-contents.js";
import type { AccountFact } from "../shell/fact-model.js";
import type { Invocation } from "../shell/model.js";
import { NO_VALUES, readOptions } from "../shell/options.js";
import { toolOptions } from "../shell/tool-options.js";
import type { AccountTable, Certainty, CopyView, KnownAccount, RunView, StageView, UidClash } from "./model.js";

const ACCOUNT_FILES: ReadonlySet<string> = new Set(["/etc/passwd", "/etc/group"]);

/** Users and groups known at the end of a stage: those of the base, then what the layers of the lineage create. */
export function accountsOf(stage: StageView): AccountTable {
  const accounts: KnownAccount[] = [];
  const clashes: UidClash[] = [];
  const { facts, isScratch } = stage;
  let isComplete = isScratch || facts?.hasAllAccounts === true;
  let hasPasswd: Certainty = passwdOfBase(stage);
  for (const { name, uid } of facts?.accounts ?? []) accounts.push(ofBase("user", name, uid));
  for (const { name, gid } of facts?.groups ?? []) accounts.push(ofBase("group", name, gid));

  for (const member of stage.lineage.toReversed()) {
    for (const layer of member.layers) {
      if (layer.kind === "copy") {
        if (bringsAccounts(layer.copy)) {
          isComplete = false;
          hasPasswd = hasPasswd === "yes" ? "yes" : touchesPasswd(layer.copy);
        }
        continue;
      }
      const { run } = layer;
      if (addOfRun(run, member, { accounts, clashes })) hasPasswd = "yes";
      if (run.facts.opaque !== undefined || run.packages.some(mayCreateAccounts)) isComplete = false;
    }
  }
  return new KnownAccounts(accounts, clashes, isComplete, hasPasswd);
}

class KnownAccounts implements AccountTable {
  readonly accounts: readonly KnownAccount[];
  readonly clashes: readonly UidClash[];
  readonly isComplete: boolean;
  readonly hasPasswd: Certainty;

  constructor(
    accounts: readonly KnownAccount[],
    clashes: readonly UidClash[],
    isComplete: boolean,
    hasPasswd: Certainty,
  ) {
    this.accounts = accounts;
    this.clashes = clashes;
    this.isComplete = isComplete;
    this.hasPasswd = hasPasswd;
  }

  user(name: string): KnownAccount | undefined {
    return this.accounts.findLast((account) => account.kind === "user" && account.name === name);
  }

  group(name: string): KnownAccount | undefined {
    return this.accounts.findLast((account) => account.kind === "group" && account.name === name);
  }
}

function ofBase(kind: "user" | "group", name: string, id: number): KnownAccount {
  return { kind, name, id, range: undefined, idRange: undefined, stage: undefined };
}

function passwdOfBase(stage: StageView): Certainty {
  if (stage.isScratch) return "no";
  const { facts } = stage;
  if (facts === undefined) return "unknown";
  if (facts.accounts.length > 0) return "yes";
  return facts.os?.family === "scratch-like" ? "no" : "unknown";
}

/** What the walk over a lineage has found so far. */
interface Collected {
  readonly accounts: KnownAccount[];
  readonly clashes: UidClash[];
}

/** @returns whether the step makes sure that `/etc/passwd` exists */
function addOfRun(run: RunView, stage: StageView, { accounts, clashes }: Collected): boolean {
  const removals = run.commands.filter(({ name }) => name !== undefined && REMOVERS.has(name));
  for (const fact of run.facts.accounts) {
    while ((removals[0]?.index ?? Number.POSITIVE_INFINITY) < fact.invocation.index) remove(removals.shift(), accounts);
    addFact(fact, stage, { accounts, clashes });
  }
  for (const removal of removals) remove(removal, accounts);
  const isWritten = run.facts.accounts.length > 0;
  for (const command of run.packages) {
    if (command.action !== "install") continue;
    for (const operand of command.packages) {
      if (operand.name === undefined) continue;
      // A package that brings a daemon names its account after itself more often than not.
      for (const name of [...packageAccounts(operand.name), operand.name]) {
        accounts.push({ kind: "user", name, id: undefined, range: operand.range, idRange: undefined, stage });
        accounts.push({ kind: "group", name, id: undefined, range: operand.range, idRange: undefined, stage });
      }
    }
  }
  return isWritten;
}

function addFact(fact: AccountFact, stage: StageView, { accounts, clashes }: Collected): void {
  const { kind, name, nameRange, idRange } = fact;
  if (name === undefined) return;
  if (fact.change === "modify" && fact.id === undefined) return;
  const id = numberOf(fact.id);
  const account: KnownAccount = { kind, name, id, range: nameRange, idRange, stage };
  const taken = id === undefined ? undefined : accounts.find((other) => other.kind === "user" && other.id === id);
  if (taken !== undefined && taken.name !== name && mustBeUnique(fact)) clashes.push({ account, taken });
  if (fact.change === "modify") removeName(kind, name, accounts);
  accounts.push(account);
  if (kind !== "user" || !fact.createsGroup) return;
  accounts.push({ kind: "group", name, id: sameIdGroup(fact, id), range: nameRange, idRange: undefined, stage });
}

/** Whether the build stops when the number of a new user is taken. */
function mustBeUnique({ kind, change, tool, invocation }: AccountFact): boolean {
  if (kind !== "user" || change !== "create" || tool === "passwd-file") return false;
  if (invocation.onlyIf !== "none" || invocation.guarded || invocation.isTolerated) return false;
  return !readOptions(invocation, toolOptions(tool) ?? NO_VALUES).has("-o", "--non-unique");
}

const REMOVERS: ReadonlyMap<string, "user" | "group"> = new Map([
  ["userdel", "user"],
  ["deluser", "user"],
  ["groupdel", "group"],
  ["delgroup", "group"],
]);

/** Takes an account out; `deluser USER GROUP` only ends a membership. */
function remove(removal: Invocation | undefined, accounts: KnownAccount[]): void {
  const kind = REMOVERS.get(removal?.name ?? "");
  const operands = removal?.args.filter(({ shape }) => !shape.startsWith("-")) ?? [];
  const [operand] = operands;
  if (kind === undefined || operand === undefined || operands.length > 1) return;
  if (operand.value !== undefined) removeName(kind, operand.value, accounts);
}

function removeName(kind: KnownAccount["kind"], name: string, accounts: KnownAccount[]): void {
  const left = accounts.filter((account) => account.kind !== kind || account.name !== name);
  accounts.splice(0, accounts.length, ...left);
}

/** The system gives a new group the number of its user where that is free, but promises nothing. */
function sameIdGroup(fact: AccountFact, id: number | undefined): number | undefined {
  return fact.tool === "useradd" ? id : undefined;
}

function mayCreateAccounts(command: {
  readonly action: string;
  readonly packages: readonly { readonly kind: string }[];
}): boolean {
  return (
    command.action === "install" &&
    command.packages.some(
      ({ kind }) =>
        kind === "local" || kind === "url" || kind === "file-list" || kind === "unknown" || kind === "group",
    )
  );
}

/** Whether a COPY may replace the files that hold accounts. */
function bringsAccounts(copy: CopyView): boolean {
  const { destination } = copy;
  if (destination === undefined) return true;
  const folder = destination.endsWith("/") ? destination : `${destination}/`;
  return ACCOUNT_FILES.has(destination) || folder === "/etc/" || (folder === "/" && !isPlainFile(copy));
}

/** `COPY server /server`-like copies into the root by name of one file do not touch `/etc`; ADD unpacks archives. */
function isPlainFile(copy: CopyView): boolean {
  const unpacks = copy.instruction.keyword === "ADD";
  return copy.sources.every(
    ({ path, kind }) =>
      kind === "heredoc" ||
      (path !== undefined && !/(^|\/)(\.|\*+|etc)?\/?$/.test(path) && !(unpacks && ARCHIVE.test(path))),
  );
}

const ARCHIVE = /\.(?:tar|tgz|tbz2?|txz)(?:\.[a-z0-9]+)?$|[*?[]/;

function touchesPasswd(copy: CopyView): Certainty {
  return copy.destination === "/etc/passwd" ? "yes" : "unknown";
}

/** The number of a UID or GID; undefined when it is not written or not known. */
export function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
