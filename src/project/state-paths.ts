import type { StageView } from "./model.js";

/** Folders in which programs keep what has to survive. */
const STATE_FOLDERS = ["/data/", "/srv/", "/var/lib/", "/var/log/", "/var/cache/", "/var/spool/"] as const;
/** Folders below them that belong to package managers. */
const MANAGER_FOLDERS = /^\/var\/(?:lib|cache)\/(?:apt|dpkg|apk|yum|dnf|rpm|pacman|zypp|debconf|misc|ldconfig)\//;

/** What is gone with the container anyway. */
const TEMPORARY = /^\/(?:tmp|run|var\/tmp|var\/run|dev)(?:\/|$)/;

/** A folder in which the image of a stage keeps state: a VOLUME, or one that a RUN makes; undefined when none is seen. */
export function statePathOf(stage: StageView): string | undefined {
  for (const { evaluated } of stage.lineage) {
    const volume = evaluated.volumes.find(({ value }) => value.kind === "known" && !TEMPORARY.test(value.value));
    if (volume !== undefined) return volume.value.value;
  }
  for (const { runs } of stage.lineage) {
    for (const run of runs) {
      const write = run.facts.writes.find(({ path, by }) => by === "mkdir" && path !== undefined && isState(path));
      if (write !== undefined) return write.path;
    }
  }
  return undefined;
}

function isState(path: string): boolean {
  const folder = path.endsWith("/") ? path : `${path}/`;
  return STATE_FOLDERS.some((prefix) => folder.startsWith(prefix)) && !MANAGER_FOLDERS.test(folder);
}
