import type { Invocation } from "../shell/model.js";
import { optionTable, readOptions } from "../shell/options.js";
import { toolOptions } from "../shell/tool-options.js";
import type { Range } from "../text/source.js";
import type { RunView } from "./model.js";

/** A command that gives an account a password, or takes the need for one away. */
export interface PasswordChange {
  readonly effect: "set" | "removed";
  /** The program's name, the option, or the file. */
  readonly range: Range;
  /** For messages: `chpasswd`, `useradd -p`. Never the password. */
  readonly what: string;
}

/** A rule that lets accounts run commands as root. */
export interface SudoRule {
  /** Whether it is said that no password is asked for. */
  readonly isWithoutPassword: boolean;
  readonly range: Range;
}

/** Passwords that a RUN gives to accounts; those that lock an account are left out. */
export function passwordChanges(run: RunView): readonly PasswordChange[] {
  const changes: PasswordChange[] = [];
  for (const command of run.commands) {
    const change = changeOf(command);
    if (change !== undefined) changes.push(change);
  }
  for (const { path, content, range } of run.facts.writes) {
    if (path !== "/etc/shadow" || content === undefined) continue;
    if (content.split(/\\n|\n/).some((line) => /^[^:\s]+::/.test(line.trim()))) {
      changes.push({ effect: "removed", range, what: "/etc/shadow" });
    }
  }
  return changes;
}

function changeOf(command: Invocation): PasswordChange | undefined {
  const { name, nameRange } = command;
  switch (name) {
    case "chpasswd":
      return locksOnly(command) ? undefined : { effect: "set", range: nameRange, what: name };
    case "passwd":
      return changeOfPasswd(command);
    case "useradd":
    case "usermod":
    case "adduser": {
      const use = readOptions(command, toolOptions(name) ?? optionTable("")).find("-p", "--password");
      if (use === undefined || isLock(use.value)) return undefined;
      const isEmpty = use.value === "";
      return { effect: isEmpty ? "removed" : "set", range: nameRange, what: `${name} ${use.name}` };
    }
    default:
      return undefined;
  }
}

/** `passwd -l` locks, `-S` prints, `-e` and the ages change no password. */
function changeOfPasswd({ args, nameRange }: Invocation): PasswordChange | undefined {
  const letters = args.map(({ shape }) => shape).filter((shape) => shape.startsWith("-"));
  if (letters.some((word) => word === "--delete" || /^-[a-ce-z]*d/i.test(word))) {
    return { effect: "removed", range: nameRange, what: "passwd -d" };
  }
  if (letters.some((word) => word !== "--stdin")) return undefined;
  return { effect: "set", range: nameRange, what: "passwd" };
}

/** `!` and `*` are no hash of any password. */
function isLock(value: string | undefined): boolean {
  return value !== undefined && /^(?:[!*]|x$)/.test(value);
}

/** Whether all that `chpasswd -e` is given are hashes that lock: `root:!`. */
function locksOnly({ args, pipeline }: Invocation): boolean {
  if (!args.some(({ value }) => value === "-e" || value === "--encrypted")) return false;
  const before = pipeline?.pipeline.stages[pipeline.position - 1]?.invocation;
  const words = before?.args.filter(({ shape }) => !shape.startsWith("-")) ?? [];
  return words.length > 0 && words.every(({ value }) => value !== undefined && /^[^:]+:[!*]/.test(value));
}

/** Places where sudo reads its rules. */
const SUDOERS = /^\/etc\/(?:sudoers(?:\.d\/[^/]+)?|doas(?:\.d\/[^/]+)?(?:\.conf)?)$/;

/** Whether sudo or doas read their rules from a path. */
export function isSudoRules(path: string): boolean {
  return SUDOERS.test(path);
}

/** Rules for sudo or doas that a RUN writes; settings alone (`Defaults …`) are none. */
export function sudoRules(run: RunView): readonly SudoRule[] {
  const rules: SudoRule[] = [];
  for (const { path, content, contentRange, range, by, invocation } of run.facts.writes) {
    if (path === undefined || !isSudoRules(path) || by === "mkdir" || by === "touch" || by === "link") continue;
    const isWithoutPassword =
      content === undefined ? invocation.args.some(({ shape }) => NO_PASSWORD.test(shape)) : NO_PASSWORD.test(content);
    // An edit that is not seen to add a rule may as well take one away.
    if (by === "edit" && !isWithoutPassword) continue;
    if (content?.split(/\\n|\n/).every((line) => /^\s*(?:$|#|Defaults\b)/.test(line))) continue;
    rules.push({ isWithoutPassword, range: contentRange ?? range });
  }
  return rules;
}

const NO_PASSWORD = /\bNOPASSWD\b|\bnopass\b/;
