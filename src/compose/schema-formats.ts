import { capabilityName, capabilityNames } from "../data/capabilities.js";
import { parseByteSize } from "../values/byte-size.js";
import { parseDuration } from "../values/duration.js";
import { parseIpAddress, parseIpNetwork } from "../values/ip-address.js";
import { isPlatform } from "../values/platform.js";
import { isIpAddress, isIpv4Address, isIpv6Address, parseExposedPort } from "../values/port.js";
import { isSignal } from "../values/signal.js";
import { booleanOf, numberOf, scalarTypeOf } from "./scalar-type.js";
import { isBindSource, splitOutside, splitShortVolume } from "./short-syntax.js";

type Test = (text: string) => boolean;

/**
 * The test for a `format` of the Compose schema: whether Compose, or the engine behind it, reads the text. Numbers have
 * their limits in the name: `compose-integer 0..100`.
 *
 * @throws RangeError for a name that is none
 */
export function formatTest(name: string): Test {
  const test = TESTS[name];
  if (test !== undefined) return test;
  const limited = /^compose-(integer|number)(?: (-?\d*)\.\.(-?\d*))?$/.exec(name);
  if (limited === null) throw new RangeError(`no format ${name}`);
  const [, kind, least, most] = limited;
  const lowest = least === undefined || least === "" ? -Infinity : Number(least);
  const highest = most === undefined || most === "" ? Infinity : Number(most);
  return (text) => {
    const number = numberOf(text);
    if (number === undefined || (kind === "integer" && !Number.isInteger(number))) return false;
    return number >= lowest && number <= highest;
  };
}

const TESTS: Readonly<Record<string, Test>> = {
  "compose-all": (text) => text === "all",
  "compose-boolean": (text) => booleanOf(text) !== undefined,
  "compose-bytes": isSize,
  "compose-bytes-or-unlimited": (text) => text === "-1" || isSize(text),
  "compose-capability": isCapability,
  "compose-cidr": (text) => parseIpNetwork(text) !== undefined,
  "compose-count": (text) => text === "all" || scalarTypeOf(text) === "integer",
  "compose-cpu-set": (text) => /^(?:|[0-9]+(?:-[0-9]+)?(?:,[0-9]+(?:-[0-9]+)?)*)$/.test(text),
  "compose-device": isDevice,
  "compose-device-cgroup-rule": (text) => /^[abc] (?:[0-9]+|\*):(?:[0-9]+|\*) [rwm]{1,3}$/.test(text),
  "compose-device-permissions": (text) => /^[rwm]{1,3}$/.test(text),
  "compose-duration": isDuration,
  "compose-entitlement": (text) => /^(?:network\.host|security\.insecure|device(?:=.+)?)$/.test(text),
  "compose-exposed-port": (text) => parseExposedPort(text).kind === "port",
  "compose-extra-host": isExtraHost,
  "compose-file-mode": (text) => /^(?:0o?)?[0-7]{1,4}$/.test(text),
  "compose-host-address": isHostAddress,
  "compose-ip": isIpAddress,
  "compose-ipc": (text) => /^(?:|none|private|shareable|host|(?:service|container):.+)$/.test(text),
  "compose-ipv4": isIpv4Address,
  "compose-ipv6": isIpv6Address,
  "compose-isolation": (text) => /^(?:|default|process|hyperv)$/i.test(text),
  "compose-mac": (text) => /^(?:[0-9a-f]{2}([:-]))(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}$/i.test(text),
  "compose-microseconds": (text) => scalarTypeOf(text) === "integer" || isDuration(text),
  "compose-mount": isMount,
  "compose-not-empty": (text) => text !== "",
  "compose-pid": (text) => /^(?:|host|private|(?:service|container):.+)$/.test(text),
  "compose-platform": (text) => text === "" || isPlatform(text),
  "compose-pull-policy": (text) =>
    /^(?:always|never|missing|if_not_present|build|refresh|daily|weekly|every_(?:[0-9]+[wdhms])+)$/.test(text),
  "compose-restart": (text) => /^(?:|no|always|unless-stopped|on-failure(?::[0-9]+)?)$/.test(text),
  "compose-security-option": isSecurityOption,
  "compose-signal": isSignal,
  // Podman, which reads Compose files too, knows more than the engine's `host`.
  "compose-user-namespace": (text) => /^(?:|host|private|nomap|(?:auto|keep-id)(?::.+)?)$/.test(text),
  "compose-uts": (text) => /^(?:|host|private)$/.test(text),
};

function isSize(text: string): boolean {
  return parseByteSize(text).kind === "size";
}

function isDuration(text: string): boolean {
  const duration = parseDuration(text, "compose");
  return duration.kind === "duration" && duration.durationMs >= 0;
}

let capabilities: ReadonlySet<string> | undefined;

function isCapability(text: string): boolean {
  capabilities ??= new Set(capabilityNames());
  return capabilities.has(capabilityName(text));
}

function isDevice(text: string): boolean {
  const parts = splitOutside(text, ":").map(({ start, end }) => text.slice(start, end));
  const [source, , permissions] = parts;
  return source !== "" && parts.length <= 3 && (permissions === undefined || /^[rwm]{0,3}$/.test(permissions));
}

/** `source:target:options`, of which a path of the host alone mounts nothing. */
function isMount(text: string): boolean {
  const { source, target, hasTooMany } = splitShortVolume(text);
  if (hasTooMany || target.start === target.end) return false;
  const alone = text.slice(target.start, target.end);
  return source !== undefined || alone.startsWith("/") || !isBindSource(alone) || /^[A-Za-z]:[\\/]/.test(alone);
}

function isHostAddress(text: string): boolean {
  return text === "host-gateway" || (text.startsWith("[") ? isIpAddress(text) : parseIpAddress(text) !== undefined);
}

function isExtraHost(text: string): boolean {
  const equals = text.indexOf("=");
  const separator = equals === -1 ? text.indexOf(":") : equals;
  return separator > 0 && isHostAddress(text.slice(separator + 1));
}

function isSecurityOption(text: string): boolean {
  if (text === "no-new-privileges") return true;
  const option = /^([a-z-]+)[=:](.+)$/.exec(text);
  if (option === null) return false;
  const [, name = "", value = ""] = option;
  switch (name) {
    case "no-new-privileges":
    case "writable-cgroups":
      return value === "true" || value === "false";
    case "label":
      return /^(?:disable|nested|(?:user|role|type|level|filetype):.+)$/.test(value);
    case "systempaths":
      return value === "unconfined";
    case "seccomp":
    case "apparmor":
    case "credentialspec":
    // Options of Podman, which reads Compose files too.
    case "mask":
    case "unmask":
    case "proc-opts":
      return true;
    default:
      return false;
  }
}
