import type { Command, CommandWord, HealthTest, Service } from "../compose/model.js";
import type { Value } from "../compose/node-model.js";
import type { ServiceFacts, ServiceKind } from "../data/base-image-model.js";
import { serviceFacts } from "../data/base-images.js";
import { type ArgvItem, argvInvocation } from "../shell/argv.js";
import type { Invocation, Script, ShellKind } from "../shell/model.js";
import { parseScript } from "../shell/script.js";
import type { Range } from "../text/source.js";
import { isRoot, parseUserSpec } from "../values/user-spec.js";
import { shKind } from "./commands.js";
import type { Build, Certainty, HealthcheckState, Project, RunningImage, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";
import { changesUser } from "./privileges.js";

/** The user that the main process of a service starts as: `user:` over what the image says. */
export interface ServiceUser {
  /** Who decides it; `unknown` when nothing is written and the image is not known. */
  readonly from: "service" | "image" | "unknown";
  /** `user:`, when it is written. */
  readonly written: Value<string> | undefined;
  /** Name before the colon; undefined when numeric or unknown. */
  readonly name: string | undefined;
  /** Number, also that of a name which the image is known to have. */
  readonly uid: number | undefined;
  /** Text after the colon; undefined when there is none. */
  readonly group: string | undefined;
  readonly isRoot: Certainty;
}

/** The health check that the engine runs for a service: Compose keys over the image's own. */
export type ServiceHealthcheck =
  | { readonly kind: "check"; readonly from: "service"; readonly test: HealthTest }
  | { readonly kind: "check"; readonly from: "image" }
  | { readonly kind: "disabled"; readonly range: Range }
  | { readonly kind: "absent" }
  | { readonly kind: "unknown" };

/** Commands of a service, as its container runs them. */
export interface ServiceCommands {
  /** The script that a shell is given; undefined in exec form. */
  readonly script: Script | undefined;
  /** In source order, those of nested scripts included. */
  readonly commands: readonly Invocation[];
}

/** The user in effect for the main process. */
export function userOfService(service: Service, project: Project): ServiceUser {
  const image = project.imageOf(service);
  const written = service.user;
  if (written !== undefined) return writtenUser(written, image);
  if (service.isIncomplete || service.hasProvider) return NOBODY;
  if (image.kind === "stage") {
    const { name, uid, group, isRoot: root, origin } = image.stage.user;
    return { from: origin.kind === "unknown" ? "unknown" : "image", written, name, uid, group, isRoot: root };
  }
  const user = image.kind === "pulled" ? image.facts?.defaultUser : undefined;
  if (user === undefined) return NOBODY;
  const root = user.uid === undefined ? user.name === "root" : user.uid === 0;
  return { from: "image", written, name: user.name, uid: user.uid, group: undefined, isRoot: root ? "yes" : "no" };
}

const NOBODY: ServiceUser = {
  from: "unknown",
  written: undefined,
  name: undefined,
  uid: undefined,
  group: undefined,
  isRoot: "unknown",
};

function writtenUser(written: Value<string>, image: RunningImage): ServiceUser {
  const spec = written.value === undefined ? undefined : parseUserSpec(written.value);
  if (spec?.kind !== "user") return { ...NOBODY, from: "service", written };
  const { user, group } = spec;
  const name = user.id === undefined ? user.text : undefined;
  const uid = user.id ?? (user.text === "root" ? 0 : uidOf(user.text, image));
  return { from: "service", written, name, uid, group: group?.text, isRoot: isRoot(user) ? "yes" : "no" };
}

function uidOf(name: string, image: RunningImage): number | undefined {
  if (image.kind === "stage") return image.stage.accounts.user(name)?.id;
  if (image.kind === "pulled") return image.facts?.accounts.find((account) => account.name === name)?.uid;
  return undefined;
}

/** The health check in effect. A block without `test` leaves the image's own in place. */
export function healthcheckOfService(service: Service, project: Project): ServiceHealthcheck {
  const { healthcheck } = service;
  if (service.hasProvider) return { kind: "unknown" };
  if (healthcheck !== undefined) {
    const { test, disable, isDisabled, keyRange } = healthcheck;
    if (isDisabled) return { kind: "disabled", range: disable?.range ?? test?.range ?? keyRange };
    if (disable !== undefined && disable.value === undefined) return { kind: "unknown" };
    if (test !== undefined && !hasEmptyTest(service)) return { kind: "check", from: "service", test };
  }
  if (service.isIncomplete) return { kind: "unknown" };
  const { removed } = service.removalOf("healthcheck") ?? {};
  return removed === undefined || healthcheck !== undefined ? ofImage(service, project) : { kind: "absent" };
}

/** `test: []`, which the engine takes for "the image's own". */
export function hasEmptyTest(service: Service): boolean {
  const node = service.at("healthcheck", "test");
  return node?.kind === "sequence" && node.items.length === 0;
}

function ofImage(service: Service, project: Project): ServiceHealthcheck {
  const image = project.imageOf(service);
  const kind = image.kind === "stage" ? image.stage.healthcheck.kind : ofFacts(image);
  switch (kind) {
    case "check":
    case "base":
      return { kind: "check", from: "image" };
    case "disabled":
      return image.kind === "stage" && image.stage.healthcheck.kind === "disabled"
        ? { kind: "disabled", range: image.stage.healthcheck.instruction.range }
        : { kind: "unknown" };
    default:
      return { kind };
  }
}

function ofFacts(image: RunningImage): HealthcheckState["kind"] {
  const known = image.kind === "pulled" ? image.facts?.hasHealthcheck : undefined;
  return known === undefined ? "unknown" : known ? "base" : "absent";
}

/**
 * What a service starts: commands of its entrypoint, then of its command, each read by itself. Those that a pulled image
 * brings are not among them.
 *
 * @returns undefined when nothing is written and nobody knows what the image starts
 */
export function startedBy(service: Service, project: Project): readonly Invocation[] | undefined {
  let known = started.get(service);
  if (known === undefined) {
    known = { commands: readStarted(service, project) };
    started.set(service, known);
  }
  return known.commands;
}

const started = new ModelMemo<Service, { readonly commands: readonly Invocation[] | undefined }>();

function readStarted(service: Service, project: Project): readonly Invocation[] | undefined {
  const { entrypoint, command } = service;
  const image = project.imageOf(service);
  const stage = image.kind === "stage" ? image.stage : undefined;
  const sh = shOf(image);
  const isReplaced = entrypoint !== undefined && entrypoint.form !== "image";
  const isGiven = command !== undefined && command.form !== "image";
  if (stage === undefined && !isReplaced && !isGiven) return undefined;
  const first = isReplaced ? commandsOf(entrypoint, sh) : (stage?.entrypoint?.commands ?? []);
  // An entrypoint of the service drops the command of the image.
  const second = isGiven ? commandsOf(command, sh) : isReplaced ? [] : (stage?.command?.commands ?? []);
  return [...first, ...second];
}

/** The commands of `command`, `entrypoint` or a hook; empty when its program is unknown. */
export function commandsOf(command: Command, sh: ShellKind = "sh-unknown"): readonly Invocation[] {
  return ofWords(command.words, sh).commands;
}

/** The commands of a `healthcheck.test`; undefined when it is disabled, malformed or not known. */
export function commandsOfTest(test: HealthTest, image: RunningImage): ServiceCommands | undefined {
  const sh = shOf(image);
  if (test.kind === "exec") return ofWords(test.words, sh);
  if (test.kind !== "shell" || !test.script.isKnown) return undefined;
  const { text, rangeOf } = test.script;
  const script = parseScript({ text, toRange: rangeOf, shell: sh, kind: "compose" });
  return { script, commands: script.invocations };
}

function ofWords(words: readonly CommandWord[], sh: ShellKind): ServiceCommands {
  if (words[0]?.value === undefined) return { script: undefined, commands: [] };
  const items: ArgvItem[] = words.map((word) => ({
    value: word.value ?? word.text,
    range: word.range,
    rangeAt: (start, end) => (word.value === undefined ? word.range : word.rangeOf(start, end)),
  }));
  return { script: undefined, commands: argvInvocation(items, { sh }).invocations };
}

/** What `sh` is in an image. */
export function shOf(image: RunningImage): ShellKind {
  if (image.kind === "stage") return shKind(image.stage.facts?.shell);
  return image.kind === "pulled" ? shKind(image.facts?.shell) : "sh-unknown";
}

/** Words in names of programs, scripts and tasks that prepare data once and then end. */
const ONE_SHOT =
  /(?:^|[\s:_/.-])(?:migrate|migrations?|seed|seeds|seeder|initdb|init-db|collectstatic)(?=$|[\s:_/.-])/i;

/** Whether what runs last only prepares data: `alembic upgrade head`, `npm run db:migrate`, `python manage.py migrate`. */
export function isOneShot(commands: readonly Invocation[]): boolean {
  const last = commands.at(-1);
  if (last === undefined || last.background) return false;
  if (last.name === "alembic" || last.name === "flyway" || last.name === "liquibase") return true;
  // An option (`--migrate`) changes how a server starts.
  return last.words.some(({ value }) => value !== undefined && !value.startsWith("-") && ONE_SHOT.test(value));
}

/** Words in names of services that prepare something for the others and end: `kafka-init`, `minio-setup`. */
const JOB_NAME =
  /(?:^|[_.-])(?:init|setup|bootstrap|migrate|migrations?|migrator|seed|seeder|provision|createbuckets?)(?=$|[_.-])/i;

/** Whether a service is named for what is done once, publishes nothing, and is not started again when it ends. */
function isNamedJob({ name, ports, restart }: Service): boolean {
  return (
    restart.policy !== "always" && restart.policy !== "unless-stopped" && ports.length === 0 && JOB_NAME.test(name)
  );
}

/** Whether a service runs once and ends, by what the Compose files say, by its name or by what it starts. */
export function runsOnce(service: Service, project: Project): boolean {
  if (service.isJob || isNamedJob(service)) return true;
  if (service.valueAt("deploy", "mode")?.value?.endsWith("-job") === true) return true;
  const commands = startedBy(service, project);
  return commands !== undefined && isOneShot(commands);
}

const BARE_SHELLS: ReadonlySet<string> = new Set(["sh", "bash", "ash", "zsh"]);

/** Whether a service starts a shell for somebody to type into: without its terminal it would end at once. */
export function isInteractiveShell(service: Service, project: Project): boolean {
  if (service.booleanAt("tty")?.value !== true && service.booleanAt("stdin_open")?.value !== true) return false;
  const last = startedBy(service, project)?.at(-1);
  if (last === undefined || !BARE_SHELLS.has(last.name ?? "")) return false;
  return last.args.every(({ value }) => value?.startsWith("-") === true && value !== "-c");
}

/** What a service does, by the table of images; for a built one by its base. Undefined when nobody knows. */
export function kindOfService(service: Service, project: Project): ServiceKind | undefined {
  return factsOfService(service, project)?.kind;
}

/** Whether a service keeps or hands on data for others, by {@link kindOfService}. */
export function isStore(service: Service, project: Project): boolean {
  const kind = kindOfService(service, project);
  return kind === "datastore" || kind === "broker" || kind === "cache";
}

/** What is known of the program that a service runs, by the table of images; for a built one by its base. */
export function factsOfService(service: Service, project: Project): ServiceFacts | undefined {
  const image = project.imageOf(service);
  if (image.kind === "unknown") return undefined;
  if (image.kind === "stage") return serviceOfBase(image.stage);
  return image.facts?.service ?? serviceFacts({ repository: image.reference.name, tag: image.reference.tag });
}

/** A base is the service itself only while nobody replaces what it starts. */
function serviceOfBase(stage: StageView): ServiceFacts | undefined {
  return stage.entrypoint === undefined && stage.command === undefined ? stage.facts?.service : undefined;
}

/** Services that run the image of a build: those that build it, and those that only name it. */
export function servicesShipping(build: Build, project: Project): readonly Service[] {
  let users = usersOfStages.get(project);
  if (users === undefined) {
    users = findUsers(project);
    usersOfStages.set(project, users);
  }
  const others = build.target === undefined ? undefined : users.get(build.target);
  return others === undefined ? build.services : [...build.services, ...others];
}

const usersOfStages = new ModelMemo<Project, ReadonlyMap<StageView, readonly Service[]>>();

/** Services that only name an image of the project, by its stage. */
function findUsers(project: Project): ReadonlyMap<StageView, readonly Service[]> {
  const users = new Map<StageView, Service[]>();
  for (const { services } of project.variants) {
    for (const service of services.values()) {
      if (service.build !== undefined) continue;
      const image = project.imageOf(service);
      if (image.kind !== "stage") continue;
      const known = users.get(image.stage);
      if (known === undefined) users.set(image.stage, [service]);
      else known.push(service);
    }
  }
  return users;
}

/** Whether what a service starts gives root up by itself: its own commands, else the image's. */
export function serviceDropsPrivileges(service: Service, project: Project): Certainty {
  if (startedBy(service, project)?.some(changesUser) === true) return "yes";
  if (service.entrypoint !== undefined && service.entrypoint.form !== "image") return "no";
  const image = project.imageOf(service);
  if (image.kind === "stage") return image.stage.dropsPrivileges;
  if (image.kind === "unknown" || image.facts === undefined) return "unknown";
  return image.facts.dropsPrivileges ? "yes" : "no";
}
