import type { PortInterval, PortMapping, Service, Variant } from "../compose/model.js";
import type { Range } from "../text/source.js";
import { parseIpAddress } from "../values/ip-address.js";
import { losesPorts } from "./published-ports.js";
import { isForSwarm } from "./swarm.js";

/** A published port that cannot be had. */
export interface PortClash {
  readonly service: Service;
  /** The later of two entries, or the one that several containers share. */
  readonly mapping: PortMapping;
  /** `taken`: another entry has the port. `shared`: containers of one service, more than there are ports. */
  readonly kind: "taken" | "shared";
  /** The service that has it; for `shared` the service itself. */
  readonly owner: Service;
  /** The other entry, or where the number of containers is written. */
  readonly evidence: Range;
  /** For messages: the port in question. */
  readonly port: string;
  /** The number of containers is one that a Swarm obeys as well, which shares ports. */
  readonly isPossiblySwarm: boolean;
}

/** Ports of the host that one service asks for. */
interface Claim {
  readonly service: Service;
  readonly mapping: PortMapping;
  readonly ports: PortInterval;
  /** One of the ports will do: a range for one port of the container. */
  readonly isFlexible: boolean;
  /** Position among all claims. */
  readonly index: number;
  /** Undefined for every address of both families. */
  readonly address: { readonly family: 4 | 6; readonly value: bigint } | undefined;
  /** How many containers ask. */
  readonly containers: number;
}

/** More claims than this are nobody's project. */
const MOST_CLAIMS = 2000;

/** Published ports of a variant that two containers which run together ask for; each later entry once. */
export function* portClashes(variant: Variant): Iterable<PortClash> {
  const claims = claimsOf(variant);
  for (const claim of claims) yield* sharedBy(claim);
  if (claims.length < 2) return;
  const sorted = claims.filter(({ isFlexible }) => !isFlexible).sort((a, b) => a.ports.first - b.ports.first);
  const found = new Map<Claim, Claim>();
  for (const [position, a] of sorted.entries()) {
    for (let next = position + 1; next < sorted.length; next += 1) {
      const b = sorted[next];
      if (b === undefined || b.ports.first > a.ports.last) break;
      if (!clash(a, b)) continue;
      const [first, later] = a.index < b.index ? [a, b] : [b, a];
      const known = found.get(later);
      if (known === undefined || first.index < known.index) found.set(later, first);
    }
  }
  for (const claim of claims) {
    const owner = claim.isFlexible ? exhausting(claim, claims) : found.get(claim);
    if (owner === undefined) continue;
    const first = Math.max(claim.ports.first, owner.ports.first);
    const port = claim.isFlexible ? (claim.mapping.published?.text ?? "") : String(first);
    const { service, mapping } = claim;
    yield {
      service,
      mapping,
      kind: "taken",
      owner: owner.service,
      evidence: owner.mapping.range,
      port,
      isPossiblySwarm: false,
    };
  }
}

function claimsOf(variant: Variant): readonly Claim[] {
  const claims: Claim[] = [];
  for (const service of variant.services.values()) {
    if (service.ports.length === 0 || service.hasProvider || losesPorts(service)) continue;
    const containers = isForSwarm(service) ? 1 : (service.replicas[0]?.value ?? 1);
    if (containers < 1) continue;
    for (const mapping of service.ports) {
      const { published, target, hostIp, problem } = mapping;
      const ports = published?.value;
      // The host gives 0 out as any free port.
      if (ports === undefined || ports.first === 0 || problem !== undefined) continue;
      if (hostIp !== undefined && hostIp.value === undefined) continue;
      const inside = target?.value;
      if (inside === undefined && ports.first !== ports.last) continue;
      claims.push({
        service,
        mapping,
        ports,
        isFlexible: ports.first !== ports.last && inside?.first === inside?.last,
        index: claims.length,
        address: hostIp?.value === undefined ? undefined : parseIpAddress(hostIp.value),
        containers,
      });
      if (claims.length === MOST_CLAIMS) return claims;
    }
  }
  return claims;
}

function clash(a: Claim, b: Claim): boolean {
  if (a.mapping.protocol !== b.mapping.protocol || !sharesAddress(a, b)) return false;
  return a.service === b.service || a.service.variant.canRunTogether(a.service, b.service);
}

function sharesAddress({ address: a }: Claim, { address: b }: Claim): boolean {
  if (a === undefined || b === undefined) return true;
  if (a.value === 0n && b.value === 0n) return true;
  return a.family === b.family && (a.value === b.value || a.value === 0n || b.value === 0n);
}

/** Containers of one service that have fewer ports than they are. */
function* sharedBy({ service, mapping, ports, containers, isFlexible }: Claim): Iterable<PortClash> {
  const [replicas] = service.replicas;
  const free = isFlexible ? ports.last - ports.first + 1 : 1;
  if (replicas === undefined || containers <= free) return;
  const port = mapping.published?.text ?? "";
  const isPossiblySwarm = service.at("deploy", "replicas") !== undefined;
  yield { service, mapping, kind: "shared", owner: service, evidence: replicas.range, port, isPossiblySwarm };
}

/** The first claim that takes ports of a range of which then none is left. */
function exhausting(claim: Claim, claims: readonly Claim[]): Claim | undefined {
  const { first, last } = claim.ports;
  const others = claims.filter((other) => !other.isFlexible && other !== claim && clash(claim, other));
  const inside = others.filter(({ ports }) => ports.first <= last && ports.last >= first);
  const ordered = [...inside].sort((a, b) => a.ports.first - b.ports.first);
  let free = first;
  for (const { ports } of ordered) {
    if (ports.first > free) return undefined;
    free = Math.max(free, ports.last + 1);
  }
  return free > last ? inside[0] : undefined;
}
