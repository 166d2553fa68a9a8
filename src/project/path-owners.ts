import { isWithin, resolvePath } from "../files/path.js";
import { optionTable, readOptions } from "../shell/options.js";
import { toolOptions } from "../shell/tool-options.js";
import type { Range } from "../text/source.js";
import { parseFileMode } from "../values/file-mode.js";
import { parseUserSpec } from "../values/user-spec.js";
import { folderAt } from "./dependency-installs.js";
import type { CopyView, RunView, StageView, UserState } from "./model.js";
import { ModelMemo } from "./model-memo.js";
import { userStateOf } from "./users.js";

/** Who owns a folder of an image. */
export type PathOwner =
  /** Nothing gives it to anybody: it is root's, or will be when it is made. `madeBy`: what makes it, if anything does. */
  | { readonly kind: "root"; readonly madeBy: Range | undefined }
  /** A step gives it to a user; `uid` undefined when the number of its name is not known. */
  | {
      readonly kind: "user";
      readonly uid: number | undefined;
      readonly name: string | undefined;
      /** As written; undefined without. */
      readonly group: string | undefined;
      readonly range: Range | undefined;
    }
  | { readonly kind: "unknown" };

const UNKNOWN: PathOwner = { kind: "unknown" };

/** Something that decides about a path and all below it. */
interface Claim {
  readonly path: string;
  readonly owner: PathOwner;
  /** The path is made here, which says nothing about the folders above. */
  readonly isNew?: boolean;
}

/** Folders that a base may have opened, or given to a user of its own. */
const OPEN_FOLDERS = [
  "/home",
  "/var/www",
  "/tmp",
  "/var/tmp",
  "/go",
  "/usr/local",
  "/run/lock",
  "/dev",
  "/github",
] as const;
/** Folders in which packages make their own. */
const PACKAGE_FOLDERS = [
  "/var/lib",
  "/var/log",
  "/var/cache",
  "/var/spool",
  "/var/run",
  "/run",
  "/etc",
  "/opt",
] as const;

const known = new ModelMemo<StageView, readonly Claim[]>();

/**
 * The owner of an absolute path at the end of a stage. A step that gives away the path, a folder above it or something
 * below it decides, the last one first; where any step or the base may have done so unseen, nobody knows.
 */
export function ownerOf(stage: StageView, path: string): PathOwner {
  let claims = known.get(stage);
  if (claims === undefined) {
    claims = claimsOf(stage);
    known.set(stage, claims);
  }
  let madeBy: Range | undefined;
  for (let index = claims.length - 1; index >= 0; index -= 1) {
    const claim = claims[index];
    if (claim === undefined) continue;
    const { owner } = claim;
    if (owner.kind === "root") {
      if (claim.path === path) madeBy = owner.madeBy;
    } else if (isWithin(claim.path, path) || (claim.isNew !== true && isWithin(path, claim.path))) return owner;
  }
  if (stage.isScratch) return { kind: "root", madeBy };
  const { facts } = stage;
  if (facts === undefined || (facts.service !== undefined && facts.service.kind !== "base")) return UNKNOWN;
  const isOpen = [...OPEN_FOLDERS, ...(facts.volumes ?? []), ...(facts.workdir === undefined ? [] : [facts.workdir])];
  if (isOpen.some((folder) => folder !== "/" && isWithin(folder, path))) return UNKNOWN;
  return { kind: "root", madeBy };
}

function claimsOf(stage: StageView): readonly Claim[] {
  const claims: Claim[] = [];
  for (const member of stage.lineage.toReversed()) {
    const layers = new Map(
      member.layers.map((layer) => [layer.kind === "run" ? layer.run.step : layer.copy.step, layer]),
    );
    const { steps, state } = member.evaluated;
    for (const step of steps) {
      const layer = layers.get(step);
      if (layer?.kind === "run") addRun(layer.run, claims);
      else if (layer !== undefined) addCopy(layer.copy, claims);
      if (step.instruction.keyword !== "WORKDIR") continue;
      const { path } = (steps[step.index + 1]?.state ?? state).workdir;
      if (path === undefined) continue;
      const user = userStateOf(member, step.state);
      claims.push({ path, owner: ofMaker(user, step.instruction.argument?.range), isNew: true });
    }
  }
  return claims;
}

/** A new folder is of the user in effect. */
function ofMaker(user: UserState, range: Range | undefined): PathOwner {
  if (user.isRoot === "yes") return { kind: "root", madeBy: range };
  if (user.isRoot === "unknown") return UNKNOWN;
  return { kind: "user", uid: user.uid, name: user.name, group: user.group, range };
}

function addCopy(copy: CopyView, claims: Claim[]): void {
  const { destination, chown, instruction, stage } = copy;
  if (chown === undefined && instruction.chmod === undefined) {
    if (destination !== undefined)
      claims.push({ path: destination, owner: { kind: "root", madeBy: copy.destinationRange } });
    return;
  }
  if (destination === undefined) {
    claims.push({ path: "/", owner: UNKNOWN });
    return;
  }
  if (instruction.chmod !== undefined) claims.push({ path: destination, owner: UNKNOWN });
  if (chown !== undefined) claims.push({ path: destination, owner: ofSpec(chown.text, stage, chown.range) });
}

function ofSpec(text: string | undefined, stage: StageView, range: Range): PathOwner {
  const spec = text === undefined ? undefined : parseUserSpec(text);
  if (spec?.kind !== "user") return UNKNOWN;
  const { user, group } = spec;
  const uid = user.id ?? (user.text === "root" ? 0 : stage.accounts.user(user.text)?.id);
  const isRootGroup = group === undefined || group.id === 0 || group.text === "root";
  if (uid === 0) return isRootGroup ? { kind: "root", madeBy: undefined } : UNKNOWN;
  return { kind: "user", uid, name: user.id === undefined ? user.text : undefined, group: group?.text, range };
}

function addRun(run: RunView, claims: Claim[]): void {
  const { ownership, opaque, accounts, writes } = run.facts;
  const { stage, user } = run;
  if (opaque !== undefined) claims.push({ path: "/", owner: UNKNOWN });
  for (const { home, createsHome, name, kind } of accounts) {
    if (kind !== "user" || createsHome === false) continue;
    const path = home ?? (name === undefined ? undefined : `/home/${name}`);
    if (path !== undefined) claims.push({ path, owner: ofSpec(name, stage, run.instruction.range) });
  }
  if (run.packages.some(({ action }) => action === "install")) {
    for (const path of PACKAGE_FOLDERS) {
      const isSystem = run.packages.some(({ family }) => SYSTEM_FAMILIES.has(family));
      if (isSystem) claims.push({ path, owner: UNKNOWN });
    }
  }
  for (const { path, by, invocation, range } of writes) {
    const absolute = absolutePath(path, run, invocation);
    if (by === "mkdir") {
      if (absolute !== undefined) claims.push({ path: absolute, owner: ofMaker(user, range), isNew: true });
      continue;
    }
    // Copies and archives may keep the owners that they have.
    if (by === "copy" || by === "move" || by === "extract" || by === "link") {
      if (absolute === undefined) claims.push({ path: "/", owner: UNKNOWN });
      else if (user.isRoot !== "no") claims.push({ path: absolute, owner: UNKNOWN });
    }
  }
  for (const { tool, spec, specRange, paths, invocation } of ownership) {
    const owner = ownerGiven(tool, spec, stage, specRange, run, invocation);
    if (owner === undefined) continue;
    for (const { value, hasGlob } of paths) {
      // A pattern below a folder gives the folder's content away.
      const text = hasGlob || value === "{}" ? value?.replace(/\/?[^/]*[*?[{].*$/, "") : value;
      const absolute = text === "" ? "/" : absolutePath(text, run, invocation);
      claims.push(absolute === undefined ? { path: "/", owner: UNKNOWN } : { path: absolute, owner });
    }
  }
}

const SYSTEM_FAMILIES: ReadonlySet<string> = new Set(["apt", "apk", "yum", "zypper", "pacman"]);

/** What a command makes of an owner; undefined when it leaves a folder to whom it belongs. */
function ownerGiven(
  tool: "chown" | "chgrp" | "chmod" | "install",
  spec: string | undefined,
  stage: StageView,
  range: Range,
  run: RunView,
  invocation: RunView["commands"][number],
): PathOwner | undefined {
  switch (tool) {
    case "chown":
      return spec?.startsWith(":") === true ? UNKNOWN : ofSpec(spec?.replace(".", ":"), stage, range);
    case "chgrp":
      return UNKNOWN;
    case "chmod":
      return mayOpen(spec) ? UNKNOWN : undefined;
    default: {
      const reader = readOptions(invocation, toolOptions("install") ?? optionTable(""));
      const owner = reader.find("-o", "--owner");
      if (owner === undefined)
        return reader.has("-g", "--group") || mayOpen(reader.find("-m", "--mode")?.value)
          ? UNKNOWN
          : ofMaker(run.user, range);
      return ofSpec(owner.value, stage, owner.valueRange ?? range);
    }
  }
}

/** Whether a mode may let the group or others write. */
function mayOpen(spec: string | undefined): boolean {
  if (spec === undefined) return true;
  const mode = parseFileMode(spec);
  if (mode.kind === "octal") return (mode.bits & 0o022) !== 0;
  return (
    mode.kind === "malformed" ||
    mode.clauses.some(({ who, operator, permissions }) => {
      return operator !== "-" && /[go]/.test(who) && /[wugo]/.test(permissions);
    })
  );
}

function absolutePath(path: string | undefined, run: RunView, invocation: RunView["commands"][number]) {
  if (path === undefined || path.startsWith("~")) return undefined;
  if (path.startsWith("/")) return resolvePath("/", path);
  const folder = folderAt(run, invocation);
  return folder === undefined ? undefined : resolvePath(folder, path);
}

/** Whether a user may write to a folder of this owner; `unknown` unless that is certain. */
export function mayWrite(
  owner: PathOwner,
  user: { readonly uid: number | undefined; readonly name: string | undefined; readonly group: string | undefined },
): "yes" | "no" | "unknown" {
  if (owner.kind === "unknown") return "unknown";
  if (owner.kind === "root") return user.group === "0" || user.group === "root" ? "unknown" : "no";
  if (owner.name !== undefined && owner.name === user.name) return "yes";
  if (owner.uid === undefined || user.uid === undefined) return "unknown";
  if (owner.uid === user.uid) return "yes";
  return owner.group === undefined || !/^\d+$/.test(owner.group)
    ? "unknown"
    : owner.group === user.group
      ? "unknown"
      : "no";
}
