import type { Command, Service, Variant } from "../compose/model.js";
import type { ScalarNode } from "../compose/node-model.js";
import { serviceFacts } from "../data/base-images.js";
import { BROWSER_PREFIXES } from "../data/secret-names.js";
import type { Range } from "../text/source.js";
import { type FoundAddress, findAddresses } from "../values/addresses.js";
import { listeningPorts } from "./listening-ports.js";
import type { Project } from "./model.js";
import { ModelMemo } from "./model-memo.js";

/** An address that a service is told to connect to. */
export interface NamedAddress extends Pick<FoundAddress, "host" | "port" | "scheme"> {
  readonly hostRange: Range;
  readonly portRange: Range | undefined;
  /** The variable of `environment` that holds it; undefined elsewhere. */
  readonly variable: string | undefined;
}

const peersOfVariants = new ModelMemo<Variant, ReadonlyMap<string, readonly Service[]>>();
const environments = new ModelMemo<Service, readonly NamedAddress[]>();

/** Services of a variant by every name in lower case that reaches them: their own, that of the container, aliases. */
export function peersOf(variant: Variant): ReadonlyMap<string, readonly Service[]> {
  const known = peersOfVariants.get(variant);
  if (known !== undefined) return known;
  const peers = new Map<string, Service[]>();
  for (const service of variant.services.values()) {
    const aliases = service.networks.flatMap((network) => network.aliases.map(({ value }) => value));
    const names = [service.name, service.valueAt("container_name")?.value, service.valueAt("hostname")?.value];
    for (const name of new Set([...names, ...aliases].map((each) => each?.toLowerCase()))) {
      if (name === undefined || name === "") continue;
      const same = peers.get(name);
      if (same === undefined) peers.set(name, [service]);
      else same.push(service);
    }
  }
  peersOfVariants.set(variant, peers);
  return peers;
}

/** Addresses in `environment` of a service, in order; what depends on a variable without value is left out. */
export function environmentAddresses(service: Service): readonly NamedAddress[] {
  let found = environments.get(service);
  if (found === undefined) {
    found = service.environment.entries.flatMap(({ key, value }) =>
      value === undefined ? [] : addressesIn(value.node, key),
    );
    environments.set(service, found);
  }
  return found;
}

/** Addresses in `environment`, the commands and the health check of a service, in this order. */
export function namedAddresses(service: Service): readonly NamedAddress[] {
  const { command, entrypoint, healthcheck } = service;
  return [
    ...environmentAddresses(service),
    ...addressesOfCommand(entrypoint),
    ...addressesOfCommand(command),
    ...addressesOfTest(healthcheck?.test),
  ];
}

function addressesIn(node: ScalarNode, key: string): readonly NamedAddress[] {
  if (node.isSecret) return [];
  return findAddresses(node.resolved, holdsHost(key)).flatMap(({ host, hostSpan, port, portSpan, scheme }) => {
    const name = node.part(hostSpan.start, hostSpan.end);
    if (name.certainty !== "known" && name.certainty !== "defaulted") return [];
    const portRange = portSpan && node.part(portSpan.start, portSpan.end).range;
    return [{ host, port, scheme, hostRange: name.range, portRange, variable: key }];
  });
}

/** Whether a variable holds a name of a host and nothing else: `DB_HOST`, `PGHOST`, `REDIS_HOSTNAME`. */
export function holdsHost(key: string): boolean {
  const name = key.toUpperCase();
  return (name.endsWith("HOST") && name !== "HOST") || name.endsWith("_HOSTS") || name.endsWith("_HOSTNAME");
}

type Test = NonNullable<Service["healthcheck"]>["test"];

function addressesOfTest(test: Test): readonly NamedAddress[] {
  if (test?.kind === "exec") return addressesOfWords(test.words);
  return test?.kind === "shell" ? addressesOfText(test.script.text, test.script.rangeOf) : [];
}

function addressesOfCommand(command: Command | undefined): readonly NamedAddress[] {
  return command === undefined ? [] : addressesOfWords(command.words);
}

function addressesOfWords(words: Command["words"]): readonly NamedAddress[] {
  return words.flatMap((word, index) => {
    const before = words[index - 1]?.value;
    const isHost = before === "-h" || before === "--host" || before === "--hostname";
    return word.value === undefined
      ? []
      : addressesOfText(word.value, (start, end) => word.rangeOf(start, end), isHost);
  });
}

function addressesOfText(text: string, rangeOf: (start: number, end: number) => Range, isHost = false) {
  return findAddresses(text, isHost).map(({ host, hostSpan, port, portSpan, scheme }): NamedAddress => {
    const portRange = portSpan && rangeOf(portSpan.start, portSpan.end);
    return { host, port, scheme, hostRange: rangeOf(hostSpan.start, hostSpan.end), portRange, variable: undefined };
  });
}

/**
 * Whether something says that a service listens on a port of its container: its start command, EXPOSE, `ports` and
 * `expose`, or what is known of its image.
 */
export function listensOn(service: Service, port: number, project: Project): boolean {
  let ports = listening.get(service);
  if (ports === undefined) {
    ports = new Set(portsOf(service, project));
    listening.set(service, ports);
  }
  return ports.has(port);
}

const listening = new ModelMemo<Service, ReadonlySet<number>>();

function portsOf(service: Service, project: Project): readonly number[] {
  const image = project.imageOf(service);
  const shown = listeningPorts(image, service, project).evidence.map(({ port }) => port);
  if (image.kind === "unknown") return shown;
  const facts = image.kind === "stage" ? image.stage.facts : image.facts;
  const reference = image.kind === "stage" ? image.stage.image : image.reference;
  const program =
    image.kind === "pulled" && reference !== undefined
      ? serviceFacts({ repository: reference.name, tag: reference.tag })
      : facts?.service;
  return [...shown, ...(facts?.exposes ?? []), ...(program?.ports ?? [])];
}

/** The port of the container that a port of the host leads to, and the mapping; undefined when it is not published. */
export function publishedAs(
  { ports }: Service,
  port: number,
): { readonly target: number; readonly range: Range } | undefined {
  for (const { published, target, problem, range } of ports) {
    const outside = published?.value;
    const inside = target?.value;
    if (outside === undefined || inside === undefined || problem !== undefined) continue;
    if (outside.first > port || port > outside.last) continue;
    return { target: inside.first === inside.last ? inside.first : inside.first + port - outside.first, range };
  }
  return undefined;
}

/**
 * The service whose network namespace a service lives in, mostly itself. Undefined where it is the host's, another
 * container's, or not known.
 */
export function namespaceOf(service: Service, depth = 0): Service | undefined {
  const mode = service.networkMode;
  if (mode === undefined) return service;
  if (mode.value === undefined || mode.value === "host" || mode.value.startsWith("container:")) return undefined;
  if (!mode.value.startsWith("service:")) return service;
  const other = service.variant.services.get(mode.value.slice("service:".length));
  return other === undefined || depth > 10 ? undefined : namespaceOf(other, depth + 1);
}

const BROWSER_WORDS = [
  "ADVERTISED",
  "ALLOWED_HOSTS",
  "CALLBACK",
  "CORS",
  "CSRF_TRUSTED_ORIGINS",
  "EXTERNAL_URL",
  "FRONTEND",
  "ISSUER",
  "ORIGIN",
  "PUBLIC_",
  "REDIRECT",
  "ROOT_URL",
  "VIRTUAL_HOST",
];
const BROWSER_NAMES: ReadonlySet<string> = new Set(["APP_URL", "BASE_URL", "SITE_URL", "WEB_URL"]);

/** Whether a variable holds addresses as people and their browsers see them, not as the container does. */
export function isForBrowsers(variable: string): boolean {
  const name = variable.toUpperCase();
  return (
    BROWSER_NAMES.has(name) ||
    BROWSER_PREFIXES.some((prefix) => name.startsWith(prefix)) ||
    BROWSER_WORDS.some((word) => name.includes(word))
  );
}
