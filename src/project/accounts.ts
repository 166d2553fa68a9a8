import { packageAccounts } from "../data/package-contents.js";
import type { AccountFact } from "../shell/fact-model.js";
import type { AccountTable, Certainty, CopyView, KnownAccount, RunView, StageView } from "./model.js";

const ACCOUNT_FILES: ReadonlySet<string> = new Set(["/etc/passwd", "/etc/group"]);

/** Users and groups known at the end of a stage: those of the base, then what the layers of the lineage create. */
export function accountsOf(stage: StageView): AccountTable {
  const accounts: KnownAccount[] = [];
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
      if (addOfRun(run, member, accounts)) hasPasswd = "yes";
      if (run.facts.opaque !== undefined || run.packages.some(mayCreateAccounts)) isComplete = false;
    }
  }
  return new KnownAccounts(accounts, isComplete, hasPasswd);
}

class KnownAccounts implements AccountTable {
  readonly accounts: readonly KnownAccount[];
  readonly isComplete: boolean;
  readonly hasPasswd: Certainty;

  constructor(accounts: readonly KnownAccount[], isComplete: boolean, hasPasswd: Certainty) {
    this.accounts = accounts;
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

/** @returns whether the step makes sure that `/etc/passwd` exists */
function addOfRun(run: RunView, stage: StageView, accounts: KnownAccount[]): boolean {
  let isWritten = false;
  for (const fact of run.facts.accounts) {
    isWritten = true;
    if (fact.name === undefined) continue;
    if (fact.change === "modify" && fact.id === undefined) continue;
    const id = numberOf(fact.id);
    accounts.push({
      kind: fact.kind,
      name: fact.name,
      id,
      range: fact.nameRange,
      idRange: fact.idRange,
      stage,
    });
    if (fact.kind === "user" && fact.createsGroup) {
      accounts.push({
        kind: "group",
        name: fact.name,
        id: sameIdGroup(fact, id),
        range: fact.nameRange,
        idRange: undefined,
        stage,
      });
    }
  }
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

/** `COPY server /server`-like copies into the root by name of one file do not touch `/etc`. */
function isPlainFile(copy: CopyView): boolean {
  return copy.sources.every(
    ({ path, kind }) => kind === "heredoc" || (path !== undefined && !/(^|\/)(\.|\*+|etc)?\/?$/.test(path)),
  );
}

function touchesPasswd(copy: CopyView): Certainty {
  return copy.destination === "/etc/passwd" ? "yes" : "unknown";
}

/** The number of a UID or GID; undefined when it is not written or not known. */
export function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
