import type { Device, Service } from "../../src/compose/model.js";
import { capabilityName } from "../../src/data/capabilities.js";
import { HOST_MONITORS, programSet } from "../../src/data/host-programs.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import { cleanPath } from "../../src/files/path.js";
import { deviceRisk } from "../../src/project/host-devices.js";
import type { Project } from "../../src/project/model.js";
import { runsOneOf } from "../../src/project/service-program.js";

export default defineRule({
  id: "runtime/no-host-devices",
  summary: "Raw host devices are not handed in",
  levels: { recommended: ["error", "warning"], strict: "error" },
  kinds: {
    raw: { summary: "disks and memory of the host", aliases: ["compose-lint:CL-0016"] },
    other: {
      summary: "devices that give some power over the host",
      levels: { recommended: ["info", "off"], strict: ["warning", "info"] },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "Who reads `/dev/sda` reads every file of the host, past all permissions, and who writes it changes them: no mount and no " +
      "user stands between.",
    "Serial ports, cameras, sound and graphics cards are what `devices` is for.",
  ],
  references: ["https://docs.docker.com/reference/compose-file/services/#devices", "CIS 5.18", "CWE-668"],
  securitySeverity: 8,
  mentions: { compose: ["devices", "device_cgroup_rules"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "disks and memory",
        kind: "raw",
        message: "`/dev/sda` gives `backup` the raw disk of the host",
        files: {
          "compose.yaml": [
            "services:",
            "  backup:",
            "    image: acme/backup:1",
            "    devices:",
            '      - "«/dev/sda»:/dev/sda"',
            "      - «/dev/nvme0n1»:/dev/xvda:r",
            "      - «/dev/mapper/data»",
            "      - «/dev/disk/by-id/x»",
            "      - «/dev//./mem»:/dev/mem",
            "      - «/dev/snd/../kmsg»",
            "      - source: «/dev/loop0»",
            "        target: /dev/loop0",
            "      - «/dev»:/dev",
          ],
        },
      },
      {
        name: "all devices by a rule",
        kind: "raw",
        files: {
          "compose.yaml": [
            "services:",
            "  vm: {image: 'acme/vm:1', device_cgroup_rules: [«'a *:* rwm'», 'c 13:* rwm', «'b *:* r'»]}",
          ],
        },
      },
      {
        name: "virtual machines, and file systems for who may mount them",
        kind: "other",
        files: {
          "compose.yaml": [
            "services:",
            "  emulator: {image: 'acme/emulator:1', devices: [«/dev/kvm»]}",
            "  rclone: {image: 'rclone/rclone:1', cap_add: [SYS_ADMIN], devices: [«/dev/fuse»]}",
          ],
        },
      },
      {
        name: "the kernel's log for a monitor that needs it",
        kind: "raw",
        severity: "info",
        files: {
          "compose.yaml": [
            "services:",
            "  cadvisor: {image: 'gcr.io/cadvisor/cadvisor:v0.49.1', devices: [«/dev/kmsg»]}",
          ],
        },
      },
    ],
    good: [
      {
        name: "devices that are made for it",
        files: {
          "compose.yaml": [
            "services:",
            "  home:",
            "    image: homeassistant/home-assistant:2025.1",
            "    devices:",
            "      - /dev/ttyUSB0:/dev/ttyUSB0",
            "      - /dev/serial/by-id/usb-1:/dev/ttyACM0",
            "      - /dev/dri:/dev/dri",
            "      - /dev/snd",
            "      - /dev/video0:/dev/video0",
            "      - /dev/bus/usb/001/002",
            "      - /dev/hailo0",
            "      - /dev/net/tun:/dev/net/tun",
            "      - /dev/fuse",
            "      - vendor.com/gpu=0",
          ],
        },
      },
      {
        name: "one class of devices",
        files: { "compose.yaml": ["services:", "  pad: {image: 'acme/pad:1', device_cgroup_rules: ['c 13:* rwm']}"] },
      },
      {
        name: "a device that nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  a: {image: 'acme/a:1', devices: ['${DISK}:/dev/sda', '/dev/acme0:/dev/sda']}",
          ],
        },
      },
      {
        name: "reserved graphics cards",
        files: {
          "compose.yaml": [
            "services:",
            "  train:",
            "    image: acme/train:1",
            "    gpus: all",
            "    deploy: {resources: {reservations: {devices: [{driver: nvidia, capabilities: [gpu]}]}}}",
          ],
        },
      },
    ],
  },
});

function* checkService(service: Service, { project }: { readonly project: Project }): Iterable<Finding> {
  const { entries } = service.node;
  const hasDevices = entries.has("devices");
  if ((!hasDevices && !entries.has("device_cgroup_rules")) || service.hasProvider || service.isWindows) return;
  if (hasDevices) for (const device of service.devices) yield* checkDevice(device, service, project);
  for (const { value, range, text } of service.listAt("device_cgroup_rules")) {
    const [type, numbers] = value?.trim().split(" ") ?? [];
    if (numbers !== "*:*" || (type !== "a" && type !== "b")) continue;
    const what = type === "a" ? "every device" : "every disk";
    yield {
      kind: "raw",
      range,
      message: `\`${text}\` opens ${what} of the host to \`${service.name}\`; name the device`,
    };
  }
}

function* checkDevice({ source, isCdi }: Device, service: Service, project: Project): Iterable<Finding> {
  if (source?.value === undefined || isCdi) return;
  const path = cleanPath(source.value);
  const { range, text } = source;
  const risk = deviceRisk(path);
  if (risk === "raw") {
    const isMonitor = path === "/dev/kmsg" && runsOneOf(programSet(HOST_MONITORS), service, project);
    const message = `\`${text}\` gives \`${service.name}\` ${whatIs(path)}; mount the files that it needs`;
    yield { kind: "raw", range, message, atMost: isMonitor ? "info" : undefined };
  } else if (risk === "power") {
    yield { kind: "other", range, message: `\`${text}\` lets \`${service.name}\` run virtual machines on the host` };
  } else if (path === "/dev/fuse" && service.capAdd.some(({ value = "" }) => capabilityName(value) === "SYS_ADMIN")) {
    yield {
      kind: "other",
      range,
      message: `\`${text}\` with \`SYS_ADMIN\` lets \`${service.name}\` mount file systems`,
    };
  }
}

function whatIs(path: string): string {
  if (path === "/dev") return "every device of the host";
  return ["/dev/mem", "/dev/kmem", "/dev/port", "/dev/kcore", "/dev/kmsg"].includes(path)
    ? "the memory or log of the host's kernel"
    : "the raw disk of the host";
}
