import { words } from "../text/words.js";

// Capabilities of Linux as a container has them.
// Sources: https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities,
// https://man7.org/linux/man-pages/man7/capabilities.7.html; 2026-11.

/** What the engine gives every container that neither adds nor drops one. */
export const DEFAULT_CAPABILITIES: ReadonlySet<string> = new Set(
  words(`AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID
   SYS_CHROOT`),
);

/** What a capability lets a container do to its host: `root-equivalent` is all of it, by one way or another. */
export interface StrongCapability {
  readonly strength: "root-equivalent" | "strong";
  /** Goes on after "lets `worker`". */
  readonly power: string;
}

const ROOT_EQUIVALENT = {
  ALL: "do to the host what root may",
  SYS_ADMIN: "mount file systems and reconfigure the host",
  SYS_MODULE: "load code into the kernel of the host",
  SYS_RAWIO: "read and write the memory of the host",
} as const;

const STRONG = {
  AUDIT_CONTROL: "switch off the audit log of the host",
  BLOCK_SUSPEND: "keep the host from going to sleep",
  BPF: "load programs into the kernel of the host",
  CHECKPOINT_RESTORE: "take over identifiers of processes",
  DAC_READ_SEARCH: "read every file, past its permissions",
  IPC_LOCK: "lock more memory than its limit",
  IPC_OWNER: "read shared memory of other processes",
  LEASE: "hold up who opens files of others",
  LINUX_IMMUTABLE: "make files that nobody can delete",
  MAC_ADMIN: "change the access policy of the host",
  MAC_OVERRIDE: "ignore the access policy of the host",
  NET_ADMIN: "change routes, addresses and firewall",
  PERFMON: "watch what the kernel and other processes do",
  SYSLOG: "read the log of the kernel, with its addresses",
  SYS_BOOT: "reboot the host",
  SYS_NICE: "take CPU time from everybody else",
  SYS_PACCT: "switch process accounting on the host",
  SYS_PTRACE: "read and change the memory of processes",
  SYS_RESOURCE: "exceed quotas and limits",
  SYS_TIME: "change the clock of the host",
  SYS_TTY_CONFIG: "take over terminals of the host",
  WAKE_ALARM: "wake the host",
} as const;

/** What is known of a capability by its bare name; undefined for those that stay in the container. */
export function strongCapability(name: string): StrongCapability | undefined {
  if (Object.hasOwn(ROOT_EQUIVALENT, name)) {
    return { strength: "root-equivalent", power: ROOT_EQUIVALENT[name as keyof typeof ROOT_EQUIVALENT] };
  }
  return Object.hasOwn(STRONG, name) ? { strength: "strong", power: STRONG[name as keyof typeof STRONG] } : undefined;
}

/** Those that are neither among the default ones nor reach out of the container. */
const OTHERS: readonly string[] = ["AUDIT_READ", "NET_BROADCAST"];

/** Names without `CAP_` of everything that `cap_add` and `cap_drop` take, `ALL` included. */
export function capabilityNames(): readonly string[] {
  return [...DEFAULT_CAPABILITIES, ...Object.keys(ROOT_EQUIVALENT), ...Object.keys(STRONG), ...OTHERS];
}

/** `CAP_NET_ADMIN`, `net_admin` and `NET_ADMIN` as `NET_ADMIN`. */
export function capabilityName(written: string): string {
  const name = written.trim().toUpperCase();
  return name.startsWith("CAP_") ? name.slice(4) : name;
}
