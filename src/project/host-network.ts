import type { Service } from "../compose/model.js";
import type { Project } from "./model.js";

/**
 * Parts of image names whose documentation asks for the network of the host: they find devices by broadcasts, hand out or
 * hold addresses of the host, build tunnels, or measure its interfaces. Own collection, 2026-11.
 */
const NAMES: readonly string[] = [
  "node-exporter",
  "node_exporter",
  "home-assistant",
  "homeassistant",
  "homebridge",
  "esphome",
  "plex",
  "avahi",
  "mdns",
  "dhcp",
  "dnsmasq",
  "wireguard",
  "tailscale",
  "zerotier",
  "netbird",
  "keepalived",
  "kube-vip",
  "metallb",
  "netdata",
];

/** Whether the image of a service is one that is documented to run on the network of the host. */
export function needsHostNetwork(service: Service, project: Project): boolean {
  const image = project.imageOf(service);
  const reference = image.kind === "stage" ? image.stage.image : image.kind === "pulled" ? image.reference : undefined;
  const name = reference?.name.toLowerCase();
  return name !== undefined && NAMES.some((each) => name.includes(each));
}
