import { words } from "../text/words.js";

// Options of the engine's logging drivers; docs.docker.com/engine/logging/drivers, and ValidateLogOpt of each driver in
// github.com/moby/moby v28, daemon/logger; 2026-11.

/** Those of which the engine takes the attributes of a message, which most drivers have. */
const ATTRIBUTES = "tag labels labels-regex env env-regex";
/** Those that the engine reads itself, whatever the driver: delivery, and the copy that `docker logs` reads. */
const COMMON = "mode max-buffer-size cache-disabled cache-max-size cache-max-file cache-compress";

const OPTIONS: ReadonlyMap<string, string> = new Map([
  ["json-file", `max-size max-file compress ${ATTRIBUTES}`],
  ["local", "max-size max-file compress"],
  ["journald", ATTRIBUTES],
  [
    "syslog",
    `syslog-address syslog-facility syslog-tls-ca-cert syslog-tls-cert syslog-tls-key syslog-tls-skip-verify syslog-format ${ATTRIBUTES}`,
  ],
  [
    "fluentd",
    `fluentd-address fluentd-async fluentd-async-connect fluentd-async-reconnect-interval fluentd-buffer-limit fluentd-max-retries
     fluentd-request-ack fluentd-retry-wait fluentd-sub-second-precision fluentd-read-timeout fluentd-write-timeout ${ATTRIBUTES}`,
  ],
  [
    "gelf",
    `gelf-address gelf-compression-type gelf-compression-level gelf-tcp-max-reconnect gelf-tcp-reconnect-delay ${ATTRIBUTES}`,
  ],
]);

/** Names of the options that a driver takes; undefined for drivers of clouds and plugins. */
export function logOptionsOf(driver: string): ReadonlySet<string> | undefined {
  const own = OPTIONS.get(driver);
  return own === undefined ? undefined : new Set(words(`${own} ${COMMON}`));
}
