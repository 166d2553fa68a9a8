import type { PackageCommand } from "../shell/package-model.js";
import type { Range } from "../text/source.js";
import { runsUpTo } from "./manager-settings.js";
import type { RunView } from "./model.js";

/** A command that upgrades what a base brought. */
export interface Upgrade {
  /** `release`: to another release of the distribution; `routine`: all packages within it. */
  readonly kind: "release" | "routine";
  /** As people call it: `apt-get dist-upgrade`. */
  readonly said: string;
  readonly range: Range;
  /** Where the sources are changed to those of another release; undefined when the command itself says so. */
  readonly change: Range | undefined;
}

/** Verbs that change the release. */
const RELEASE_VERBS: ReadonlySet<string> = new Set([
  "dist-upgrade",
  "full-upgrade",
  "dup",
  "distro-sync",
  "distribution-synchronization",
  "system-upgrade",
]);

/** Options that choose which packages are upgraded. */
const CHOOSING = [
  "--security",
  "--advisory",
  "--advisories",
  "--sec-severity",
  "--secseverity",
  "--bugfix",
  "--cve",
  "--category",
  "-g",
];

/** Upgrades of a RUN that change more than packages that it names, in order. */
export function upgradesOf(run: RunView): readonly Upgrade[] {
  const found: Upgrade[] = [];
  for (const command of run.packages) {
    const upgrade = upgradeOf(command, run);
    if (upgrade !== undefined) found.push(upgrade);
  }
  for (const { name, nameRange } of run.commands) {
    if (name === "do-release-upgrade") found.push({ kind: "release", said: name, range: nameRange, change: undefined });
  }
  return found;
}

const SYSTEM: ReadonlySet<PackageCommand["family"]> = new Set<PackageCommand["family"]>([
  "apt",
  "apk",
  "yum",
  "zypper",
  "pacman",
]);

function upgradeOf(command: PackageCommand, run: RunView): Upgrade | undefined {
  const { family, action, verb, manager, verbRange, isDryRun, packages, options } = command;
  if (action !== "upgrade" || isDryRun || !SYSTEM.has(family) || verb === "fix" || isRolling(run, family))
    return undefined;
  const upgrade = { said: `${manager} ${verb}`, range: verbRange };
  if (RELEASE_VERBS.has(verb)) return { ...upgrade, kind: "release", change: undefined };
  if (packages.length > 0 || options.has(...CHOOSING)) return undefined;
  const change = suiteChange(command, run);
  if (change !== undefined) return { ...upgrade, kind: "release", change };
  return run.stage.image?.digest === undefined ? { ...upgrade, kind: "routine", change: undefined } : undefined;
}

/** There is one release, and an upgrade is the way to it. */
function isRolling(run: RunView, family: PackageCommand["family"]): boolean {
  const { image } = run.stage;
  return family === "zypper" && image?.repository.includes("tumbleweed") === true;
}

const SOURCES = ["/etc/apt/sources.list", "/etc/apk/repositories", "/etc/yum.repos.d", "/etc/zypp/repos.d"];

/** Names of releases of Debian, Ubuntu and Alpine since 2014, and of what comes next. */
const SUITES =
  /(?:^|[^a-z])(?:jessie|stretch|buster|bullseye|bookworm|trixie|forky|sid|testing|unstable|trusty|xenial|bionic|focal|jammy|noble|oracular|plucky|questing|edge|v3\.\d+)(?:[^a-z]|$)/;

/** A `sed` up to a command that puts another suite into the sources. */
function suiteChange({ invocation }: PackageCommand, run: RunView): Range | undefined {
  for (const earlier of runsUpTo(run)) {
    for (const { by, shape, invocation: editor } of earlier.facts.writes) {
      if (by !== "edit" || !SOURCES.some((path) => shape.startsWith(path))) continue;
      if (earlier === run && editor.index > invocation.index) continue;
      if (editor.args.some((word) => isSuiteChange(word.shape))) return editor.nameRange;
    }
  }
  return undefined;
}

/** `s/bookworm/trixie/`: the text that is put in names a suite, and another one than the text that is looked for. */
function isSuiteChange(script: string): boolean {
  const [command = "", from = "", to = ""] = script.split(script.charAt(1) === "" ? "/" : script.charAt(1));
  return command === "s" && SUITES.test(to) && SUITES.exec(from)?.[0] !== SUITES.exec(to)?.[0];
}
