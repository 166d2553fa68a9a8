import { words } from "../text/words.js";

// Programs that are made to look at, or to change, the host that they run on; by the name of their image.
// Sources: their installation guides; 2026-11.

/** Measure the host: they need to see its processes, files or devices, and write nothing. */
export const HOST_MONITORS = `cadvisor node-exporter node_exporter netdata netdata/netdata promtail alloy telegraf beszel-agent
  glances dozzle process-exporter smartctl-exporter datadog/agent datadoghq/agent dd-agent falco falco-no-driver
  newrelic/infrastructure filebeat metricbeat otelcol-contrib opentelemetry-collector-contrib`;

/** Let others ask the engine for a few things only. */
export const SOCKET_PROXIES = "docker-socket-proxy socket-proxy docker-proxy-acl docker-proxy-filter";

/** Build private networks, so that they set up addresses and routes, and may load the module for them. */
export const VPN_PROGRAMS = `wireguard wireguard-ui wg-easy wg-portal boringtun firezone tailscale headscale openvpn openvpn-as
  dockovpn gluetun netbird netbird-client netclient zerotier zerotier-one zerotier-docker nebula softethervpn vpnserver
  ipsec-vpn-server openconnect transmission-openvpn qbittorrentvpn arch-qbittorrentvpn arch-delugevpn nordvpn nordlynx
  protonvpn cloudflare-warp`;

/** Hand out addresses on the network of the host. */
export const DHCP_PROGRAMS = "pihole dnsmasq adguardhome kea dhcpd";

/** Run containers inside of a container. */
export const NESTED_ENGINES = "dind buildkit kind k3s k3d rancher/k3s kindest/node";

const sets = new Map<string, ReadonlySet<string>>();

/** One of the lists above as a set; made when first asked for. */
export function programSet(list: string): ReadonlySet<string> {
  let set = sets.get(list);
  if (set === undefined) {
    set = new Set(words(list));
    sets.set(list, set);
  }
  return set;
}
