import type { PortInterval, Service } from "../compose/model.js";
import type { Invocation } from "../shell/model.js";
import type { Range } from "../text/source.js";
import { parsePortRange } from "../values/port.js";
import type { CommandView, Project, RunningImage, StageView } from "./model.js";
import { servicesShipping, startedBy } from "./service-view.js";
import { startScriptOf } from "./start-scripts.js";

/** Something that tells a port which the container listens on. */
export interface PortEvidence {
  readonly port: number;
  /** Who says it, the surest first: the start command, EXPOSE, or the ports of the service. */
  readonly from: "command" | "image" | "service";
  readonly range: Range;
}

/** What is known of the ports of a container. */
export interface ListeningPorts {
  /** In order: of the start command, of the image, of the service. */
  readonly evidence: readonly PortEvidence[];
  /** A file, variable or script that nobody reads here may set others. */
  readonly isOpen: boolean;
  /** Whether anything in the project connects a port with the container, be it a number in a variable. */
  mayBe(port: number): boolean;
  /** As `mayBe`, without `ports` and `expose` of services: what they name may be wrong. */
  mayListen(port: number): boolean;
}

const PORT_OPTION = /^(?:--(?:port|http-port|http\.port|server\.port|listen-port)|-p|-P)$/;
const BIND_OPTION = /^(?:--(?:bind|listen|addr|address|http-address|http)|-b|-l)$/;
const JOINED =
  /^--?(?:port|http-port|server\.port|listen-port|bind|listen|addr|address|http-address|D?server\.port)=(.*)$/;
/** An address to listen on; that of another machine is one to connect to. */
const BIND = /^(?:0\.0\.0\.0|127\.0\.0\.1|localhost|\*|\[[0-9a-f:]*\])?:(\d{2,5})$/i;
const NUMBER = /(?<![\d.])\d{2,5}(?![\d.])/g;
/** Where Node.js answers a debugger unless told otherwise. @see https://nodejs.org/api/cli.html#--inspecthostport */
const INSPECTOR = 9229;
const SETTINGS_FOLDERS: ReadonlySet<string> = new Set(["config", "conf", "conf.d"]);
const SETTINGS_ENDINGS: ReadonlySet<string> = new Set("conf cfg cnf ini yml yaml toml json properties env".split(" "));

/** Whether servers look at such a path for their settings. */
function isSettings(path: string): boolean {
  const elements = path.toLowerCase().split("/");
  const last = elements.at(-1) ?? "";
  if (last.includes(".") && SETTINGS_ENDINGS.has(last.slice(last.lastIndexOf(".") + 1))) return true;
  if (elements.some((element) => SETTINGS_FOLDERS.has(element))) return true;
  const etc = elements.indexOf("etc");
  return etc !== -1 && etc < elements.length - 1;
}

/** Ports of the container of a service, or of an image with all services that run it. */
export function listeningPorts(image: RunningImage, service: Service | undefined, project: Project): ListeningPorts {
  const stage = image.kind === "stage" ? image.stage : undefined;
  const services =
    service !== undefined ? [service] : stage === undefined ? [] : servicesShipping(stage.build, project);
  const numbers = new Set<number>();
  const evidence: PortEvidence[] = [];
  let isOpen = false;
  for (const invocation of startedOf(stage, service, project)) {
    for (const port of portsOfCommand(invocation)) evidence.push(port);
    for (const { shape } of invocation.words) {
      addNumbers(shape, numbers);
      if (shape.startsWith("--inspect")) numbers.add(INSPECTOR);
    }
    isOpen ||= invocation.words.some((word, index) => {
      const before = invocation.words[index - 1]?.shape ?? "";
      return (
        word.value === undefined && (PORT_OPTION.test(before) || BIND_OPTION.test(before) || JOINED.test(word.shape))
      );
    });
  }
  if (stage !== undefined) {
    for (const port of exposedBy(stage)) evidence.push(port);
    isOpen ||= addStage(stage, numbers, project);
  }
  for (const each of services) {
    evidence.push(...portsOfService(each));
    isOpen ||= addService(each, numbers);
  }
  const facts = stage === undefined ? (image.kind === "pulled" ? image.facts : undefined) : stage.facts;
  for (const port of [...(facts?.exposes ?? []), ...(facts?.service?.ports ?? [])]) numbers.add(port);
  for (const { port, from } of evidence) if (from !== "service") numbers.add(port);
  const mapped = new Set(evidence.map(({ port }) => port));
  return {
    evidence,
    isOpen,
    mayBe: (port) => numbers.has(port) || mapped.has(port),
    mayListen: (port) => numbers.has(port),
  };
}

function startedOf(
  stage: StageView | undefined,
  service: Service | undefined,
  project: Project,
): readonly Invocation[] {
  if (service !== undefined) return startedBy(service, project) ?? [];
  return [...(stage?.entrypoint?.commands ?? []), ...(stage?.command?.commands ?? [])];
}

function* portsOfCommand({ words }: Invocation): Iterable<PortEvidence> {
  for (const [index, { value, range }] of words.entries()) {
    if (value === undefined) continue;
    const before = words[index - 1]?.value ?? "";
    const joined = value.startsWith("-") ? JOINED.exec(value)?.[1] : undefined;
    const text = joined ?? value;
    const follows = before.startsWith("-");
    // Nearly every word is neither.
    if (!follows && joined === undefined && !text.includes(":")) continue;
    const isPort = joined !== undefined || (follows && PORT_OPTION.test(before));
    const digits = isPort && /^\d{2,5}$/.test(text) ? text : BIND.exec(text)?.[1];
    const isBound = joined !== undefined || BIND_OPTION.test(before) || /^(?:0\.0\.0\.0|\[::\]|\*)?:\d/.test(text);
    if (digits !== undefined && (isPort || isBound)) yield { port: Number(digits), from: "command", range };
  }
}

function* exposedBy({ lineage }: StageView): Iterable<PortEvidence> {
  for (const { value, word } of lineage[0]?.evaluated.exposed ?? []) {
    if (value.kind !== "known") continue;
    const ports = parsePortRange(value.value.replace(/\/.*$/, ""));
    if (ports.kind === "ports") yield* interval(ports, "image", word.range);
  }
}

function* portsOfService({ ports, expose }: Service): Iterable<PortEvidence> {
  for (const { target, range } of ports) {
    if (target?.value !== undefined) yield* interval(target.value, "service", range);
  }
  for (const { port } of expose) if (port.value !== undefined) yield* interval(port.value, "service", port.range);
}

/** More ports than this in one range are no list of services. */
const MOST_PORTS = 64;

function* interval({ first, last }: PortInterval, from: PortEvidence["from"], range: Range): Iterable<PortEvidence> {
  for (let port = first; port <= last && port < first + MOST_PORTS; port += 1) yield { port, from, range };
}

/** Numbers of a stage's variables and start scripts; whether others are possible. */
function addStage(stage: StageView, numbers: Set<number>, project: Project): boolean {
  for (const { value } of stage.evaluated.env.values()) addNumbers(value.value, numbers);
  let isOpen = stage.evaluated.exposed.some(({ value }) => value.kind === "unknown");
  for (const view of [stage.entrypoint, stage.command]) {
    if (view === undefined) continue;
    isOpen ||= addScript(view, stage, numbers, project);
  }
  isOpen ||= stage.lineage.some(({ copies }) =>
    copies.some(
      ({ destination, sources }) =>
        (destination !== undefined && isSettings(destination)) ||
        sources.some(
          ({ path, kind }) => kind === "heredoc" || (path !== undefined && isSettings(path) && !MANIFEST.test(path)),
        ),
    ),
  );
  return isOpen;
}

/** Files that look like settings and name dependencies. */
const MANIFEST =
  /(?:^|\/)(?:package(?:-lock)?|composer|tsconfig[^/]*|deno|pnpm-lock|pyproject|Cargo|poetry|Pipfile)\.(?:json|toml|ya?ml|lock)$|\*\.json$/i;

function addScript(view: CommandView, stage: StageView, numbers: Set<number>, project: Project): boolean {
  const start = startScriptOf(view, stage, project);
  if (start.kind === "script") addNumbers(start.script.text, numbers);
  return start.kind === "unread";
}

/** Numbers of a service's variables, labels and other words; whether others are possible. */
function addService(service: Service, numbers: Set<number>): boolean {
  const { environment, labels, envFiles, mounts, configs } = service;
  let isOpen = envFiles.length > 0 || configs.length > 0;
  for (const { value } of [...environment.entries, ...labels.entries]) {
    if (value?.value === undefined) isOpen = true;
    else addNumbers(value.value, numbers);
  }
  isOpen ||= mounts.some(({ targetPath }) => targetPath === undefined || isSettings(targetPath));
  return isOpen || service.isIncomplete;
}

function addNumbers(text: string, numbers: Set<number>): void {
  for (const [digits] of text.matchAll(NUMBER)) numbers.add(Number(digits));
}
