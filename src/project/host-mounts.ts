import type { Mount, Service } from "../compose/model.js";
import type { ScalarNode } from "../compose/node-model.js";
import { leafAt, textValue } from "../compose/values-of-nodes.js";
import { cleanPath } from "../files/path.js";
import type { Range } from "../text/source.js";
import { ModelMemo } from "./model-memo.js";

/** A path of the host that a container gets, where the project itself says which: none that is seen from a folder. */
export interface HostMount {
  readonly mount: Mount;
  /**
   * Cleaned: absolute, below a home (`~/.ssh`, also for `$HOME/.ssh`), or with variables that nobody knows (`$DIR/x`).
   * Named pipes are `/pipe/docker_engine`.
   */
  readonly path: string;
  /** As written, for messages. */
  readonly text: string;
  /** Where the path is written: the source of the mount, or `device` of the volume that it names. */
  readonly range: Range;
  readonly isReadOnly: boolean;
  /** Written in the options of a named volume. */
  readonly isOfVolume: boolean;
}

const memo = new ModelMemo<Service, readonly HostMount[]>();
const NONE: readonly HostMount[] = [];

/** Mounts of host paths that are written as such, in order; named volumes that stand for one are among them. */
export function hostMounts(service: Service): readonly HostMount[] {
  if (!service.node.entries.has("volumes")) return NONE;
  let mounts = memo.get(service);
  if (mounts === undefined) {
    mounts = service.mounts.flatMap((mount) => hostMountOf(mount, service) ?? []);
    memo.set(service, mounts);
  }
  return mounts;
}

function hostMountOf(mount: Mount, service: Service): HostMount | undefined {
  const { type, from, source, isReadOnly } = mount;
  if (from !== "volumes" || source === undefined) return undefined;
  if (type === "volume") return volumeMount(mount, service);
  if (type !== "bind" && type !== "npipe" && type !== "unknown") return undefined;
  const path = hostPath(source.node);
  if (path === undefined) return undefined;
  return { mount, path, text: source.text, range: source.range, isReadOnly, isOfVolume: false };
}

/** `driver_opts: {type: none, o: bind, device: /var/run}` of the local driver. */
function volumeMount(mount: Mount, { variant }: Service): HostMount | undefined {
  const volume = mount.source?.value === undefined ? undefined : variant.volumes.get(mount.source.value);
  if (volume?.node === undefined || (volume.driver !== undefined && volume.driver.value !== "local")) return undefined;
  const device = leafAt(volume.node, ["driver_opts", "device"], textValue);
  if (device === undefined) return undefined;
  const flags = leafAt(volume.node, ["driver_opts", "o"], textValue)?.value?.split(",") ?? [];
  const type = leafAt(volume.node, ["driver_opts", "type"], textValue)?.value;
  if (type !== "none" && type !== "bind" && !flags.includes("bind") && !flags.includes("rbind")) return undefined;
  const path = hostPath(device.node);
  if (path === undefined) return undefined;
  const isReadOnly = mount.isReadOnly || flags.includes("ro");
  return { mount, path, text: device.text, range: device.range, isReadOnly, isOfVolume: true };
}

const HOMES: ReadonlySet<string> = new Set(["HOME", "USERPROFILE"]);

function hostPath(node: ScalarNode): string | undefined {
  let path = "";
  if (node.certainty === "unknown" || node.certainty === "required") {
    for (const [index, piece] of node.pieces.entries()) {
      if (piece.kind === "text") path += piece.text;
      else path += index === 0 && HOMES.has(piece.name) ? "~" : `$${piece.name}`;
    }
  } else path = node.resolved;
  if (path.startsWith("\\\\") || path.startsWith("npipe:")) path = path.replace("npipe:", "").replaceAll("\\", "/");
  const [first] = path;
  return first === "/" || first === "~" || first === "$" ? cleanPath(path) : undefined;
}
