import type { Service } from "../compose/model.js";
import type { Build } from "./model.js";

/** Whether a service runs a WebAssembly module: no process of the system, so it has no user, and no probe can be started in it. */
export function isWebAssembly({ platform }: Service): boolean {
  return platform?.value?.startsWith("wasi/") === true;
}

/**
 * Whether a target holds a WebAssembly module and nothing that could start it: by the platform of FROM or of a service, or by
 * the name of what it starts.
 *
 * @see https://docs.docker.com/desktop/features/wasm/
 */
export function holdsWebAssembly({ target, services }: Build): boolean {
  const platform = target?.evaluated.platform;
  if (platform?.kind === "known" && platform.value.startsWith("wasi/")) return true;
  if (services.some(isWebAssembly)) return true;
  return (
    target?.isScratch === true &&
    [target.entrypoint, target.command].some((view) => view?.commands[0]?.name?.endsWith(".wasm") === true)
  );
}
