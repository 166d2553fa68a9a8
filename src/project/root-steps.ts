import { isWithin, resolvePath } from "../files/path.js";
import type { OwnershipFact, WriteFact } from "../shell/fact-model.js";
import type { Invocation, Script } from "../shell/model.js";
import type { PackageCommand } from "../shell/package-model.js";
import type { Range } from "../text/source.js";
import { parseUserSpec } from "../values/user-spec.js";
import { folderAt } from "./dependency-installs.js";
import type { RunView, StageView } from "./model.js";
import { userStateOf } from "./users.js";

/** A command that fails because its RUN is not root's. */
export interface RootStep {
  readonly run: RunView;
  /** The command word, or the path that cannot be written. */
  readonly range: Range;
  /** As people write it: `apt-get install`, `useradd`, `cp`. */
  readonly what: string;
  /** The path, where writing to it is what fails. */
  readonly path: string | undefined;
}

const SYSTEM_FAMILIES: ReadonlySet<string> = new Set(["apt", "apk", "yum", "zypper"]);
const SYSTEM_ACTIONS: ReadonlySet<string> = new Set(["install", "remove", "refresh", "upgrade"]);
/** Programs that change what belongs to the system. */
const ROOT_PROGRAMS: ReadonlySet<string> = new Set(
  (
    "useradd userdel usermod groupadd groupdel groupmod adduser deluser addgroup delgroup chpasswd setcap " +
    "update-ca-certificates ldconfig"
  ).split(" "),
);
/** Programs that run others as root, or make them believe it. */
const ELEVATORS: ReadonlySet<string> = new Set(
  "sudo doas su gosu su-exec runuser setpriv fakeroot fakechroot unshare chroot proot pkexec".split(" "),
);

/** First command of each RUN of a stage (not of its parents) that is known not to be root's and needs to be. */
export function rootSteps(stage: StageView): readonly RootStep[] {
  const found: RootStep[] = [];
  for (const run of stage.runs) {
    if (run.user.isRoot !== "no" || run.isOnbuild) continue;
    const step = firstRootStep(run);
    if (step !== undefined) found.push(step);
  }
  return found;
}

function firstRootStep(run: RunView): RootStep | undefined {
  const elevated = elevatedScripts(run);
  const packages = new Map(run.packages.map((command) => [command.invocation, command]));
  const ownership = new Map(run.facts.ownership.map((fact) => [fact.invocation, fact]));
  for (const invocation of run.commands) {
    // A test may ask who runs it, and a failure that is caught fails nothing.
    if (endsScript(invocation)) return undefined;
    if (!isSure(invocation) || isElevated(invocation, elevated)) continue;
    const command = packages.get(invocation);
    const fact = ownership.get(invocation);
    if (command !== undefined && needsRoot(command))
      return ofCommand(run, invocation, `${command.manager} ${command.verb}`);
    const { name } = invocation;
    if (name === undefined) continue;
    if (ROOT_PROGRAMS.has(name) && !isElsewhere(invocation)) return ofCommand(run, invocation, name);
    if ((name === "dpkg" || name === "rpm") && installsFile(invocation)) return ofCommand(run, invocation, name);
    if (fact?.tool === "chown" && givesAway(fact, run)) return ofCommand(run, invocation, "chown");
    const write = run.facts.writes.find((each) => each.invocation === invocation && isBlocked(each, run));
    if (write !== undefined) return { run, range: write.range, what: name, path: write.path };
  }
  return undefined;
}

function ofCommand(run: RunView, { nameRange: range }: Invocation, what: string): RootStep {
  return { run, range, what: what.trim(), path: undefined };
}

function isSure({ onlyIf, guarded, isTolerated, background, negated }: Invocation): boolean {
  return onlyIf === "none" && !guarded && !isTolerated && !background && !negated;
}

/** `set +e`, or an early `exit`: what follows may fail, or not run. */
function endsScript({ name, args, onlyIf }: Invocation): boolean {
  return onlyIf === "none" && ((name === "set" && args.some(({ value }) => value === "+e")) || name === "exit");
}

/** Scripts that run as somebody else: what `sudo sh -c` or `su -c` is given, and those inside. */
function elevatedScripts(run: RunView): ReadonlySet<Script> {
  const scripts = new Set<Script>();
  for (const invocation of run.commands) {
    if (invocation.nested.length === 0 || !isElevated(invocation, scripts)) continue;
    for (const script of invocation.nested) {
      scripts.add(script);
      for (const inner of script.nested) scripts.add(inner);
    }
  }
  return scripts;
}

function isElevated({ name, wrappers, script }: Invocation, scripts: ReadonlySet<Script>): boolean {
  if (script !== undefined && scripts.has(script)) return true;
  return ELEVATORS.has(name ?? "") || wrappers.some((wrapper) => ELEVATORS.has(wrapper.name));
}

/** Options with which a manager works on another root, or as the user who calls it. */
const ELSEWHERE = [
  "--root",
  "-p",
  "--usermode",
  "--installroot",
  "-o",
  "--option",
  "-c",
  "--config",
  "--prefix",
  "-R",
] as const;

function needsRoot({ family, action, isDryRun, options }: PackageCommand): boolean {
  if (!SYSTEM_FAMILIES.has(family) || !SYSTEM_ACTIONS.has(action) || isDryRun) return false;
  if (family === "apk" || family === "yum" || family === "zypper") return !options.has(...ELSEWHERE);
  return !options.options.some(({ value }) => value !== undefined && /^(?:Dir|RootDir)\b/.test(value));
}

function isElsewhere({ args }: Invocation): boolean {
  return args.some(({ shape }) => /^(?:--root|--prefix|-R|-P|-N|-p|--help|--version|--system-only)(?:=|$)/.test(shape));
}

function installsFile({ args }: Invocation): boolean {
  return (
    args.some(({ shape }) =>
      /^(?:-[iUF][vh]*|--install|--upgrade|--import|--configure|--add-architecture)$/.test(shape),
    ) &&
    !args.some(
      ({ shape }) => shape.startsWith("--root") || shape.startsWith("--instdir") || shape.startsWith("--dbpath"),
    )
  );
}

/** `chown` to a user that is surely another one. */
function givesAway({ spec, invocation }: OwnershipFact, run: RunView): boolean {
  const parsed = spec === undefined ? undefined : parseUserSpec(spec);
  if (parsed?.kind !== "user" || invocation.wrappers.some(({ name }) => name === "find")) return false;
  const { user } = parsed;
  const { accounts } = run.stage;
  const uid = user.id ?? (user.text === "root" ? 0 : accounts.user(user.text)?.id);
  if (uid !== undefined && run.user.uid !== undefined) return uid !== run.user.uid;
  return user.id === undefined && user.text === "root";
}

/** Folders of the system that only root writes, unless a step changes that. */
const SYSTEM_FOLDERS = ["/etc", "/usr", "/bin", "/sbin", "/lib", "/lib64", "/opt", "/root", "/boot"] as const;

/** Whether a write surely fails: the folder is the system's, and nothing before gave it away. */
function isBlocked({ path, invocation, by, appends }: WriteFact, run: RunView): boolean {
  if (path?.startsWith("/") !== true || /[*?[{~]/.test(path)) return false;
  const target = resolvePath("/", path);
  if (!SYSTEM_FOLDERS.some((folder) => isWithin(folder, target) && folder !== target)) return false;
  // A folder that is there already is no mistake for `mkdir -p`, nor an existing file for `touch`.
  if (by === "mkdir" && invocation.args.some(({ shape }) => /^(?:-[a-z]*p[a-z]*|--parents)$/.test(shape))) return false;
  if (by === "touch" || (by === "edit" && appends)) return false;
  const mounted = ["bind", "cache", "tmpfs"].flatMap((type) => run.mountTargets(type));
  if (mounted.some((mount) => isWithin(mount, target))) return false;
  return isSystems(target, run);
}

/** Whether a path is still as the base has it, or as root copied it, when a RUN starts. */
function isSystems(path: string, run: RunView): boolean {
  const { stage } = run;
  const { facts } = stage;
  if (stage.isScratch || facts === undefined || (facts.service !== undefined && facts.service.kind !== "base"))
    return false;
  // Images that start as another user give folders to it; so may those that are made for one.
  if (facts.defaultUser !== undefined && facts.defaultUser.uid !== 0 && facts.defaultUser.name !== "root") return false;
  if (/^\/usr\/(?:local|src|share)\b|^\/opt\b/.test(path) && facts.isSdk) return false;
  const touches = (other: string) =>
    isWithin(other, path) || isWithin(path, other) || parentOf(path) === parentOf(other);
  for (const member of stage.lineage) {
    for (const layer of member.layers) {
      if (layer.kind === "copy") {
        const { copy } = layer;
        const isOpen = copy.chown !== undefined || copy.instruction.chmod !== undefined;
        if (copy.destination === undefined ? isOpen : isOpen && touches(copy.destination)) return false;
        continue;
      }
      if (layer.run === run || layer.run.user.isRoot === "no") continue;
      if (mayGiveAway(layer.run, touches)) return false;
    }
    // WORKDIR gives the folder that it makes to the user in effect.
    for (const { instruction, state, index } of member.evaluated.steps) {
      if (instruction.keyword !== "WORKDIR" || userStateOf(member, state).isRoot === "yes") continue;
      const after = member.evaluated.steps[index + 1]?.state ?? member.evaluated.state;
      if (after.workdir.path === undefined || touches(after.workdir.path)) return false;
    }
  }
  return true;
}

function mayGiveAway(run: RunView, touches: (path: string) => boolean): boolean {
  const { opaque, ownership, accounts } = run.facts;
  if (opaque !== undefined) return true;
  if (accounts.some(({ home }) => home !== undefined && touches(home))) return true;
  return ownership.some(({ paths, invocation }) =>
    paths.some(({ value, hasGlob }) => {
      if (value === undefined || hasGlob || value === "{}" || value.startsWith("~")) return true;
      const folder = folderAt(run, invocation);
      if (!value.startsWith("/") && folder === undefined) return true;
      return touches(resolvePath(folder ?? "/", value));
    }),
  );
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
