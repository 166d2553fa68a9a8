import { isWithin } from "../files/path.js";
import { deviceRisk } from "./host-devices.js";

/** Folders of the system: nothing below them is made for containers. */
const SYSTEM: readonly string[] = [
  "/etc",
  "/root",
  "/boot",
  "/proc",
  "/sys",
  "/dev",
  "/bin",
  "/sbin",
  "/usr",
  "/lib",
  "/lib32",
  "/lib64",
  "/libx32",
  "/var/lib/docker",
  "/var/lib/containerd",
];

/** Folders that hold everything of somebody; those below are data of applications. */
const WHOLE: ReadonlySet<string> = new Set([
  "/",
  "/var",
  "/var/lib",
  "/home",
  "/Users",
  "/opt",
  "/srv",
  "/mnt",
  "/media",
  "~",
]);

/** Files and folders that every process of the host may read, and that tell nothing. */
const PUBLIC: readonly string[] = [
  "/etc/localtime",
  "/etc/timezone",
  "/etc/os-release",
  "/usr/lib/os-release",
  "/etc/hostname",
  "/etc/machine-id",
  "/etc/ssl/certs",
  "/etc/pki/ca-trust",
  "/etc/ca-certificates",
  "/usr/share/ca-certificates",
  "/usr/local/share/ca-certificates",
  "/usr/share/zoneinfo",
];

/**
 * What a path of the host belongs to: the system, or everything of somebody; modules of the kernel; or what anybody may read.
 *
 * @param path cleaned, `~` for a home
 * @returns undefined for data of applications
 */
export function hostPart(path: string): "system" | "modules" | "public" | undefined {
  if (WHOLE.has(path)) return "system";
  const [first] = path;
  if (first !== "/") return undefined;
  if (isHome(path)) return "system";
  if (!SYSTEM.some((folder) => isWithin(folder, path))) return undefined;
  if (path.startsWith("/dev/") && deviceRisk(path) !== undefined) return undefined;
  if (PUBLIC.some((each) => isWithin(each, path))) return "public";
  return path === "/lib/modules" || path === "/usr/src" ? "modules" : "system";
}

/** `/home/app`, `/Users/app`. */
function isHome(path: string): boolean {
  const start = path.startsWith("/home/") ? 6 : path.startsWith("/Users/") ? 7 : -1;
  return start !== -1 && !path.includes("/", start);
}

const STORES: readonly string[] = [
  ".ssh",
  ".aws",
  ".kube",
  ".docker",
  ".gnupg",
  ".azure",
  ".config/gcloud",
  ".netrc",
  ".npmrc",
  ".pypirc",
];

/** A place below a home where programs keep credentials. */
export interface CredentialStore {
  /** From the home: `.config/gcloud`. */
  readonly folder: string;
  /** The file in it holds no secret: a public key, `known_hosts`, `config` of SSH. */
  readonly isPublic: boolean;
}

/**
 * The store of credentials that a path of the host is, or is in.
 *
 * @param path cleaned, `~` or `$NAME` for a folder that is not known
 * @param more folders besides those that everybody has
 */
export function credentialsAt(path: string, more: readonly string[]): CredentialStore | undefined {
  const inHome = afterHome(path);
  if (inHome === undefined || !inHome.includes(".")) return undefined;
  for (const folder of more.length === 0 ? STORES : [...STORES, ...more]) {
    const at = `/${inHome}/`.indexOf(`/${folder}/`);
    if (at === -1) continue;
    const rest = inHome.slice(at + folder.length);
    const isPublic =
      folder === ".ssh" && (rest.endsWith(".pub") || rest.startsWith("/known_hosts") || rest === "/config");
    return { folder, isPublic };
  }
  return undefined;
}

/** What stands behind the home of a path. */
function afterHome(path: string): string | undefined {
  const [first = "", second, ...rest] = path.split("/");
  if (first === "~" || first.startsWith("$")) return path.slice(first.length + 1);
  if (first !== "") return undefined;
  if (second === "root") return rest.join("/");
  return second === "home" || second === "Users" ? rest.slice(1).join("/") : undefined;
}
