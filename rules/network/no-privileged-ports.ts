import { defineRule, option } from "../../src/engine/rule.js";
import { kindOfService } from "../../src/project/service-view.js";

const options = {
  allow: option.strings({ default: ["80", "443"], description: "Ports of the host below 1024 that may be taken." }),
};

/** First port that every user of the host may take. */
const FIRST_FREE = 1024;

export default defineRule({
  id: "network/no-privileged-ports",
  summary: "Ports of the host below 1024 are a decision",
  levels: { strict: "info" },
  roles: "all",
  fixable: "never",
  aliases: ["kics:privileged-ports-mapped-in-container", "kics:bc2908f3-f73c-40a9-8793-c1b7d5544f79"],
  why: [
    "Ports below 1024 belong to services that clients trust by their number: SSH, DNS, mail. Who takes one by chance hides the " +
      "service of the host, and needs a right that rootless engines do not have.",
    "Only the port of the host counts: inside of the container low ports need no right since Docker Engine 20.10.",
  ],
  references: [
    "https://docs.docker.com/engine/security/rootless/tips/#exposing-privileged-ports",
    "CIS 5.8",
    "CWE-269",
  ],
  securitySeverity: 3,
  options,
  mentions: { compose: ["ports"] },
  check: {
    *service(service, { options: { allow }, project }) {
      for (const { published } of service.ports) {
        const ports = published?.value;
        if (published === undefined || ports === undefined || ports.first >= FIRST_FREE || ports.first < 1) continue;
        if (ports.first === ports.last && allow.includes(String(ports.first))) continue;
        if (kindOfService(service, project) === "proxy") return;
        const message = `\`${service.name}\` takes the privileged port \`${published.text}\` of the host; use one from 1024`;
        yield { range: published.range, message };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "a low port of the host",
        message: "`api` takes the privileged port `81`",
        files: { "compose.yaml": ["services:", "  api:", "    image: node", '    ports: ["«81»:8080"]'] },
      },
      {
        name: "in the long form, and in a range",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    ports:",
            "      - { target: 8080, published: «22» }",
            '      - "«1020-1030»:1020-1030"',
          ],
        },
      },
      {
        name: "where nothing is allowed",
        options: { allow: [] },
        files: { "compose.yaml": ["services:", "  api:", "    image: node", '    ports: ["127.0.0.1:«80»:8080"]'] },
      },
    ],
    good: [
      {
        name: "a high port",
        files: { "compose.yaml": ["services:", "  api:", "    image: node", '    ports: ["8081:80", "1024:81"]'] },
      },
      {
        name: "ports of the web",
        files: { "compose.yaml": ["services:", "  api:", "    image: node", '    ports: ["80:8080", "443:8443"]'] },
      },
      {
        name: "a proxy",
        files: { "compose.yaml": ["services:", "  edge:", "    image: haproxy:3.0", '    ports: ["25:25"]'] },
      },
      {
        name: "a random port, and one that nobody knows",
        files: { "compose.yaml": ["services:", "  api:", "    image: node", '    ports: ["80", "${PORT}:80"]'] },
      },
    ],
  },
});
