import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import { listeningPorts } from "../../src/project/listening-ports.js";
import type { StageView } from "../../src/project/model.js";
import type { Range } from "../../src/text/source.js";

export default defineRule({
  id: "network/publish-listening-port",
  summary: "The published port of a container is one that its image listens on",
  levels: { recommended: ["info", "off"], checklist: ["info", "off"], strict: "warning" },
  roles: "all",
  fixable: "never",
  why: [
    "A mapping onto a port that nothing listens on starts without a word, and every connection to it is refused: the container " +
      "runs, the service is not there.",
  ],
  references: [
    "https://docs.docker.com/engine/network/port-publishing/",
    "https://docs.docker.com/reference/dockerfile/#expose",
    "CIS 5.9",
  ],
  yieldsTo: ["network/no-debug-ports"],
  mentions: { compose: ["ports"] },
  check: {
    *service(service, { project }) {
      if (service.ports.length === 0 || service.isIncomplete || service.hasProvider) return;
      const image = project.imageOf(service);
      if (image.kind !== "stage") return;
      const { evidence, isOpen, mayListen } = listeningPorts(image, service, project);
      const exposed = evidence.filter(({ from }) => from === "image");
      const [first] = exposed;
      if (isOpen || first === undefined) return;
      for (const { target, protocol } of service.ports) {
        const port = target?.value;
        if (target === undefined || port === undefined || port.first !== port.last) continue;
        if (mayListen(port.first)) {
          const other = otherProtocol(image.stage, service, port.first);
          if (other !== undefined) yield otherProtocolFinding(service, target, protocol, other);
          continue;
        }
        if (protocol !== "tcp") continue;
        const numbers = exposed.slice(0, 4).map((each) => `\`${each.port}\``);
        yield {
          range: target.range,
          message: `\`${service.name}\` publishes \`${target.text}\`, but its image listens on ${numbers.join(", ")}`,
          related: [{ range: first.range, message: "the port that the image listens on" }],
        };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "another port than the exposed one",
        message: "`api` publishes `8080`, but its image listens on `3000`",
        files: {
          "compose.yaml": ["services:", "  api:", "    build: .", '    ports: ["8080:«8080»"]'],
          Dockerfile: ["FROM node:22.14.0", "EXPOSE 3000", 'CMD ["node", "server.js"]'],
        },
      },
      {
        name: "the same number of another protocol",
        message: "`dns` publishes `53` over TCP, but its image listens on `53/udp`",
        files: {
          "compose.yaml": ["services:", "  dns:", "    build: .", '    ports: ["53:«53»"]'],
          Dockerfile: ["FROM node:22.14.0", "EXPOSE 53/udp", 'CMD ["node", "dns.js"]'],
        },
      },
    ],
    good: [
      {
        name: "a debugger that the command starts",
        files: {
          Dockerfile: ["FROM node:22.14.0", "EXPOSE 3000", 'CMD ["node", "server.js"]'],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    command: nodemon --inspect=0.0.0.0 server.js",
            '    ports: ["127.0.0.1:3000:3000", "127.0.0.1:9229:9229"]',
          ],
        },
      },
      {
        name: "the exposed port",
        files: {
          "compose.yaml": ["services:", "  api:", "    build: .", '    ports: ["8080:3000"]'],
          Dockerfile: ["FROM node:22.14.0", "EXPOSE 3000", 'CMD ["node", "server.js"]'],
        },
      },
      {
        name: "a variable sets the port",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    environment: { PORT: '8080' }",
            '    ports: ["8080:8080"]',
          ],
          Dockerfile: ["FROM node:22.14.0", "EXPOSE 3000", 'CMD ["node", "server.js"]'],
        },
      },
      {
        name: "the command sets the port",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    command: node server.js --port 8080",
            '    ports: ["8080:8080"]',
          ],
          Dockerfile: ["FROM node:22.14.0", "EXPOSE 3000"],
        },
      },
      {
        name: "nothing is exposed",
        files: {
          "compose.yaml": ["services:", "  api:", "    build: .", '    ports: ["8080:8080"]'],
          Dockerfile: ["FROM node:22.14.0", 'CMD ["node", "server.js"]'],
        },
      },
      {
        name: "ranges, other protocols, and ports and settings that nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            '    ports: ["8080-8081:8080-8081", "53:53/udp", "80:${PORT}"]',
            "  web:",
            "    build: .",
            "    env_file: [web.env]",
            '    ports: ["9090:9090"]',
          ],
          Dockerfile: ["FROM node:22.14.0", "EXPOSE 3000", 'CMD ["node", "server.js"]'],
        },
      },
      {
        name: "both protocols",
        files: {
          "compose.yaml": ["services:", "  dns:", "    build: .", '    ports: ["53:53/tcp", "53:53/udp"]'],
          Dockerfile: ["FROM node:22.14.0", "EXPOSE 53/udp", 'CMD ["node", "dns.js"]'],
        },
      },
      {
        name: "an image that is pulled",
        files: { "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4", '    ports: ["8080:8080"]'] },
      },
    ],
  },
});

/** The EXPOSE of a port over a protocol with which the service does not publish it; undefined when one of them fits. */
function otherProtocol({ lineage }: StageView, { ports }: Service, port: number): ExposedWord | undefined {
  const [own] = lineage;
  let found: ExposedWord | undefined;
  for (const { value, word } of own?.evaluated.exposed ?? []) {
    if (value.kind !== "known") return undefined;
    const [number = "", written = "tcp"] = value.value.toLowerCase().split("/");
    if (number.includes("-")) return undefined;
    if (number !== String(port)) continue;
    if (ports.some(({ target, protocol }) => target?.value?.first === port && protocol === written)) return undefined;
    found ??= { range: word.range, text: `${number}/${written}` };
  }
  return found;
}

interface ExposedWord {
  readonly range: Range;
  readonly text: string;
}

function otherProtocolFinding(
  { name }: Service,
  { text, range }: { readonly text: string; readonly range: Range },
  protocol: string,
  other: ExposedWord,
): Finding {
  return {
    range,
    message: `\`${name}\` publishes \`${text}\` over ${protocol.toUpperCase()}, but its image listens on \`${other.text}\``,
    related: [{ range: other.range, message: "the port that the image listens on" }],
  };
}
