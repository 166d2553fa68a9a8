import type { Mount, Service } from "../compose/model.js";
import type { BuildContext } from "../context/context.js";
import type { ComposePath } from "../context/coverage.js";
import { baseName, isWithin, relativePath } from "../files/path.js";
import { isExampleName } from "./file-content.js";
import type { Project } from "./model.js";

/**
 * Paths inside of a context that Compose files name: env files, files of secrets, and folders that containers keep their
 * data in. Each path once, where it is written first.
 */
export function composePathsOf({ root }: BuildContext, { variants }: Project): readonly ComposePath[] {
  const found = new Map<string, ComposePath>();
  const add = (kind: ComposePath["kind"], file: string | undefined, range: ComposePath["range"]): void => {
    if (file === undefined || file === root || !isWithin(root, file)) return;
    const path = relativePath(root, file);
    if (!found.has(path)) found.set(path, { kind, path, range });
  };
  for (const variant of variants) {
    for (const service of variant.services.values()) {
      for (const { file, path } of service.envFiles) {
        if (file !== undefined && !isExampleName(baseName(file))) add("env-file", file, path.range);
      }
      for (const mount of service.mounts) {
        if (holdsKey(mount)) add("secret", mount.hostPath, mount.source?.range ?? mount.range);
        else if (keepsData(mount, service)) add("data", mount.hostPath, mount.source?.range ?? mount.range);
      }
    }
    for (const secret of variant.secrets.values()) {
      if (secret.file !== undefined) add("secret", secret.filePath, secret.file.range);
    }
  }
  return [...found.values()];
}

/** Whether a container gets the file of a private key from the host, by its name. */
function holdsKey({ type, hostPath }: Mount): boolean {
  return type === "bind" && /\.(?:key|p12|pfx|jks)$|(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)$/.test(hostPath ?? "");
}

/** Folders that hold what a program made, by habit. */
const DATA_NAME =
  /(?:^|[._-])(?:data|database|db|pgdata|dump|dumps|backup|backups|logs?|uploads?|storage|volumes?)(?:$|[._-])/i;
/** Folders of containers in which programs keep what has to survive. */
const STATE_TARGET = /^\/(?:data|var\/(?:lib|log|cache|spool|opt)|bitnami|backups?)(?:\/|$)/;

/** Whether a container writes to a folder of the host, and what it writes is data rather than source code. */
function keepsData(mount: Mount, { build }: Service): boolean {
  if (mount.type !== "bind" || mount.isReadOnly || mount.hostPath === undefined || mount.targetPath === undefined) {
    return false;
  }
  if (STATE_TARGET.test(mount.targetPath)) return true;
  // What a service that is built here works on may be its code, whatever the folder is called.
  return build === undefined && DATA_NAME.test(baseName(mount.hostPath));
}
