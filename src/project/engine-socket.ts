import { baseName } from "../files/path.js";

const SOCKETS: ReadonlySet<string> = new Set([
  "docker.sock",
  "containerd.sock",
  "crio.sock",
  "cri-dockerd.sock",
  "podman.sock",
]);

const PIPES: ReadonlySet<string> = new Set(["docker_engine", "docker_engine_windows", "docker_engine_linux"]);

/** Folders that hold a socket of an engine or of systemd, whatever else is in them. */
const FOLDERS: ReadonlySet<string> = new Set([
  "/",
  "/run",
  "/run/containerd",
  "/run/crio",
  "/run/podman",
  "/run/systemd",
  "/run/user",
  "/var",
]);

/**
 * Whether a path of the host is a socket that controls an engine, or a folder with one below it. Who holds it starts
 * containers with any right.
 *
 * @param path cleaned; variables that nobody knows as `$NAME`
 */
export function controlsEngine(path: string): "socket" | "folder" | undefined {
  const name = baseName(path);
  if (SOCKETS.has(name) || (PIPES.has(name) && path.includes("pipe/"))) return "socket";
  const below = path.startsWith("/var/run") && (path.length === 8 || path[8] === "/") ? path.slice(4) : path;
  if (below === "/run/systemd/private") return "socket";
  if (FOLDERS.has(below) || path === "$XDG_RUNTIME_DIR") return "folder";
  // The runtime folder of a user: `/run/user/1000`.
  return below.startsWith("/run/user/") && !below.includes("/", 10) ? "folder" : undefined;
}
