import { defineRule } from "../../src/engine/rule.js";
import { listeningPorts } from "../../src/project/listening-ports.js";

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
  ],
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
        if (protocol !== "tcp" || mayListen(port.first)) continue;
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
    ],
    good: [
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
        name: "an image that is pulled",
        files: { "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4", '    ports: ["8080:8080"]'] },
      },
    ],
  },
});
