import type { NetworkAttachment, Resource, Service, Variant } from "../compose/model.js";
import type { Node, Value } from "../compose/node-model.js";
import type { Range } from "../text/source.js";
import {
  holdsAddress,
  type IpAddress,
  type IpNetwork,
  ipText,
  overlapsNetwork,
  parseIpAddress,
  parseIpNetwork,
} from "../values/ip-address.js";

/** An address or block of a network that the engine refuses, or does not take as it is written. */
export interface SubnetFlaw {
  /** `bits`: set behind the prefix of a block; everything else does not start. */
  readonly kind: "outside" | "bits";
  readonly range: Range;
  /** What is wrong, for messages. */
  readonly fact: string;
  /** How to mend it, for messages. */
  readonly remedy: string;
  readonly evidence: Range | undefined;
  readonly confidence?: "medium";
}

/** One written address. */
interface Written<T> {
  readonly value: T;
  readonly text: string;
  readonly range: Range;
}

/** What `ipam` of a network says. */
interface Plan {
  readonly resource: Resource;
  readonly subnets: readonly (Written<IpNetwork> & { readonly gateway: Written<IpAddress> | undefined })[];
  /** Something of it is not known, or another program than the engine hands out addresses. */
  readonly isOpen: boolean;
  /** The engine takes the first address of a block for its gateway when none is written. */
  readonly takesFirst: boolean;
}

/** What is wrong with the blocks and fixed addresses of a variant, networks first. */
export function* subnetFlaws(variant: Variant): Iterable<SubnetFlaw> {
  const plans = new Map<string, Plan>();
  for (const resource of variant.networks.values()) {
    if (resource.isExternal || resource.at("ipam") === undefined) continue;
    const flaws: SubnetFlaw[] = [];
    plans.set(resource.name, planOf(resource, flaws));
    yield* flaws;
  }
  yield* overlaps([...plans.values()], variant);
  yield* fixedAddresses(variant, plans);
}

function planOf(resource: Resource, flaws: SubnetFlaw[]): Plan {
  const config = resource.at("ipam", "config");
  const driver = resource.at("ipam", "driver");
  const subnets: Plan["subnets"][number][] = [];
  let isOpen = driver?.kind === "scalar" && driver.resolved !== "default";
  let takesFirst = isBridge(resource) && resource.at("internal") === undefined;
  for (const item of config?.kind === "sequence" ? config.items : []) {
    const [subnet, range, gateway] = ["subnet", "ip_range", "gateway"].map((key) => scalarOf(item, key));
    const block = subnet === undefined ? undefined : readBlock(subnet, flaws);
    isOpen ||= subnet === undefined || block === undefined;
    takesFirst &&= range === undefined;
    const part = range === undefined ? undefined : readBlock(range, flaws);
    const address = gateway?.resolved === undefined ? undefined : parseIpAddress(gateway.resolved);
    const written =
      address === undefined || gateway === undefined
        ? undefined
        : { value: address, text: gateway.text, range: gateway.range };
    if (block === undefined) continue;
    const name = `\`${block.text}\` of \`${resource.name}\``;
    if (written !== undefined && !holdsAddress(block.value, written.value)) {
      flaws.push(outside(written, `\`${written.text}\` is outside ${name}`, "choose a gateway inside", block.range));
    }
    const isInside =
      part === undefined || (part.value.first >= block.value.first && part.value.last <= block.value.last);
    if (part !== undefined && (!isInside || part.value.family !== block.value.family)) {
      flaws.push(outside(part, `\`${part.text}\` is outside ${name}`, "choose a part of it", block.range));
    }
    subnets.push({ ...block, gateway: written });
  }
  return { resource, subnets, isOpen, takesFirst };
}

function isBridge({ driver }: Resource): boolean {
  return driver === undefined || driver.value === "bridge";
}

interface KnownScalar {
  readonly text: string;
  /** Undefined when nobody knows it. */
  readonly resolved: string | undefined;
  readonly range: Range;
}

function scalarOf(item: Node, key: string): KnownScalar | undefined {
  const node = item.kind === "mapping" ? item.entries.get(key)?.value : undefined;
  if (node?.kind !== "scalar" || node.type === "null") return undefined;
  const isKnown = node.certainty === "known" || node.certainty === "defaulted";
  return { text: node.text, resolved: isKnown ? node.resolved : undefined, range: node.range };
}

function readBlock({ text, resolved, range }: KnownScalar, flaws: SubnetFlaw[]): Written<IpNetwork> | undefined {
  if (resolved === undefined) return undefined;
  const value = parseIpNetwork(resolved);
  if (value === undefined) {
    flaws.push(outside({ range }, `\`${text}\` is no block of addresses`, "write one such as `172.20.0.0/16`"));
    return undefined;
  }
  if (value.written !== value.first) {
    const block = `${ipText({ family: value.family, value: value.first })}/${value.prefix}`;
    const fact = `\`${text}\` has bits behind its prefix`;
    flaws.push({ kind: "bits", range, fact, remedy: `the block is \`${block}\``, evidence: undefined });
  }
  return { value, text, range };
}

function outside(
  { range }: { readonly range: Range },
  fact: string,
  remedy: string,
  evidence?: Range,
  confidence?: "medium",
): SubnetFlaw {
  return { kind: "outside", range, fact, remedy, evidence, ...(confidence && { confidence }) };
}

/** More blocks than this are nobody's project. */
const MOST_BLOCKS = 300;

function* overlaps(plans: readonly Plan[], variant: Variant): Iterable<SubnetFlaw> {
  const blocks = plans
    // Compose makes only networks that are used, and only the engine's own plan has one space for all networks.
    .filter(({ resource, isOpen }) => isLocal(resource) && !isOpen && variant.servicesUsing(resource).length > 0)
    .flatMap(({ resource, subnets }) => subnets.map((block) => ({ resource, block })))
    .slice(0, MOST_BLOCKS);
  for (const [index, { resource, block }] of blocks.entries()) {
    const other = blocks
      .slice(0, index)
      .find((earlier) => earlier.resource !== resource && overlapsNetwork(earlier.block.value, block.value));
    if (other === undefined) continue;
    const fact = `\`${block.text}\` overlaps \`${other.block.text}\` of \`${other.resource.name}\``;
    yield outside(block, fact, "choose another block", other.block.range);
  }
}

function isLocal({ driver }: Resource): boolean {
  return driver === undefined || driver.value === "bridge" || driver.value === "macvlan" || driver.value === "ipvlan";
}

/** A fixed address of a service. */
interface Fixed extends Written<IpAddress> {
  readonly service: Service;
}

function* fixedAddresses(variant: Variant, plans: ReadonlyMap<string, Plan>): Iterable<SubnetFlaw> {
  const taken = new Map<string, Fixed[]>();
  for (const service of variant.services.values()) {
    for (const attachment of service.networks) {
      for (const written of [attachment.ipv4Address, attachment.ipv6Address]) {
        const fixed = fixedOf(service, written);
        if (fixed !== undefined) yield* fixedAddress(fixed, attachment, { variant, plans, taken });
      }
    }
  }
}

function fixedOf(service: Service, written: Value<string> | undefined): Fixed | undefined {
  const value = written?.value === undefined ? undefined : parseIpAddress(written.value);
  if (written === undefined || value === undefined || service.hasProvider) return undefined;
  return { service, value, text: written.text, range: written.range };
}

interface Around {
  readonly variant: Variant;
  readonly plans: ReadonlyMap<string, Plan>;
  readonly taken: Map<string, Fixed[]>;
}

function* fixedAddress(fixed: Fixed, { name }: NetworkAttachment, around: Around): Iterable<SubnetFlaw> {
  const { variant, plans, taken } = around;
  const { service, value, text } = fixed;
  const resource = variant.networks.get(name);
  // What no file describes is judged by the rule about names; what another project makes has its own blocks.
  if (resource?.isExternal === true || (resource === undefined && name !== "default") || variant.isIncomplete) return;
  const key = `${name} ${value.family} ${value.value}`;
  const others = taken.get(key) ?? [];
  const other = others.find((each) => variant.canRunTogether(each.service, service));
  taken.set(key, [...others, fixed]);
  const plan = plans.get(name);
  const subnets = plan?.subnets.filter(({ value: { family } }) => family === value.family) ?? [];
  const home = subnets.find((block) => holdsAddress(block.value, value));
  if (home === undefined) {
    if (plan?.isOpen === true) return;
    const [first] = subnets;
    if (first === undefined) {
      const fact = `\`${name}\` has no block of addresses for \`${text}\``;
      yield outside(fixed, fact, "give it an `ipam` with a `subnet`", resource?.keyRange);
    } else {
      const block = `\`${first.text}\` of \`${name}\``;
      yield outside(fixed, `\`${text}\` is outside ${block}`, "choose an address inside", first.range);
    }
    return;
  }
  if (other !== undefined) {
    const fact = `\`${text}\` is already the address of \`${other.service.name}\``;
    yield outside(fixed, fact, "choose another one", other.range);
    return;
  }
  yield* reserved(fixed, home, plan);
  const [replicas] = service.replicas;
  if ((replicas?.value ?? 1) > 1) {
    const fact = `\`${text}\` is one address for several containers of \`${service.name}\``;
    yield outside(fixed, fact, "remove it or the number", replicas?.range);
  }
}

function* reserved(fixed: Fixed, block: Plan["subnets"][number], plan: Plan | undefined): Iterable<SubnetFlaw> {
  const {
    value: { value: address, family },
    text,
  } = fixed;
  const { first, last, prefix } = block.value;
  const isSmall = prefix >= (family === 4 ? 31 : 127);
  const taken =
    block.gateway?.value.value === address
      ? "the gateway"
      : isSmall
        ? undefined
        : address === first
          ? "the address of the network itself"
          : family === 4 && address === last
            ? "the broadcast address"
            : undefined;
  if (taken !== undefined) {
    const evidence = taken === "the gateway" ? block.gateway?.range : block.range;
    yield outside(fixed, `\`${text}\` is ${taken} of \`${block.text}\``, "choose another one", evidence);
  } else if (block.gateway === undefined && !isSmall && plan?.takesFirst === true && address === first + 1n) {
    const fact = `\`${text}\` is the gateway that the engine takes of \`${block.text}\``;
    yield outside(fixed, fact, "choose another one", block.range, "medium");
  }
}
