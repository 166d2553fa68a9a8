/** What access to a device of the host gives: its disks or memory, some power over the machine, or nothing beyond its purpose. */
export type DeviceRisk = "raw" | "power" | "plain";

const DISKS = ["sd", "nvme", "vd", "xvd", "hd", "mmcblk", "md", "loop", "dm-", "rbd", "zd"] as const;
const FOLDERS = ["disk", "mapper", "zvol", "block"] as const;
const KERNEL: ReadonlySet<string> = new Set(["mem", "kmem", "port", "kmsg", "zfs", "kcore"]);

/** Devices that are made to be used by programs without rights, or that do no harm. */
const PLAIN =
  "null zero full random urandom shm dri snd tty video bus/usb hailo net/tun fuse nvidia kfd serial input log vchiq gpiomem gpiochip i2c-";

let plain: readonly string[] | undefined;

/**
 * What a device of the host gives.
 *
 * @param path cleaned, as seen on the host
 * @returns undefined for what is no device, and for those that nobody here knows
 */
export function deviceRisk(path: string): DeviceRisk | undefined {
  if (path === "/dev") return "raw";
  if (!path.startsWith("/dev/")) return undefined;
  const name = path.slice(5);
  if (KERNEL.has(name) || FOLDERS.some((folder) => name === folder || name.startsWith(`${folder}/`))) return "raw";
  if (DISKS.some((prefix) => isNumbered(name, prefix))) return "raw";
  if (name === "kvm") return "power";
  plain ??= PLAIN.split(" ");
  return plain.some((prefix) => name.startsWith(prefix)) ? "plain" : undefined;
}

/** `sda1`, `nvme0n1`, `md127`: a prefix, then letters or digits only, or a pattern. */
function isNumbered(name: string, prefix: string): boolean {
  return name.startsWith(prefix) && name.length > prefix.length && !name.includes("/") && !name.startsWith("mdev");
}
