import type { PortMapping, Service } from "../../src/compose/model.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import { listenedToByDebugger } from "../../src/project/debug-flags.js";
import type { Project } from "../../src/project/model.js";
import { startedBy } from "../../src/project/service-view.js";

/** Ports of debuggers and profilers by default: Node, debugpy, JDWP, Delve, pprof, JMX. */
const PORTS: ReadonlySet<number> = new Set([9229, 9230, 5678, 5005, 2345, 40000, 1044, 6060, 9010, 8849]);
/** Of these, such as images serve their users on, too. */
const SHARED: ReadonlySet<number> = new Set([6060, 9010]);

export default defineRule({
  id: "network/no-debug-ports",
  summary: "Debuggers and profilers are not published",
  levels: { recommended: ["warning", "info"], checklist: ["warning", "info"], strict: "warning" },
  roles: "all",
  roleCaps: { test: "info", ci: "info", development: "info" },
  fixable: "never",
  why: [
    "Who reaches a debugger runs whatever they like with the rights of the program: no password stands before it. In a file for " +
      "production it is there for everybody who reaches the host.",
  ],
  references: ["https://nodejs.org/en/learn/getting-started/debugging#security-implications", "CIS 5.9", "CWE-489"],
  securitySeverity: 7.5,
  mentions: { compose: ["ports", "inspect", "jdwp", "debugpy", "dlv"] },
  check: {
    *service(service, { project, role }) {
      const isDevelopment = role.name === "development";
      for (const port of service.ports) {
        if (isDevelopment && port.exposure !== "public") continue;
        yield* debugPort(port, service, project);
      }
      if (isDevelopment) return;
      for (const command of startedBy(service, project) ?? []) {
        const word = listenedToByDebugger(command);
        if (word === undefined) continue;
        const message = `\`${service.name}\` starts a debugger that listens on all addresses; remove the option`;
        yield { range: word.range, message };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "the debugger of Node",
        message: "`9229` lets anyone attach a debugger to `api`",
        files: {
          "compose.yaml": ["services:", "  api:", "    image: node:22.14.0", '    ports: ["3000:3000", "9229:«9229»"]'],
        },
      },
      {
        name: "on another port of the host, in the long form",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: shop",
            "    ports:",
            "      - { target: «5005», published: 15005 }",
          ],
        },
      },
      {
        name: "an option of the command",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:22.14.0",
            "    command: node «--inspect=0.0.0.0» server.js",
          ],
        },
      },
      {
        name: "a Java agent",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: shop",
            "    command: [java, «'-agentlib:jdwp=transport=dt_socket,server=y,address=*:5005'», -jar, a.jar]",
          ],
        },
      },
      {
        name: "debugpy and Delve",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: shop",
            "    command: python -m debugpy --listen «0.0.0.0:5678» app.py",
            "  api:",
            "    image: shop",
            "    command: dlv «--listen=:2345» exec ./api",
          ],
        },
      },
      {
        name: "in development, on all addresses",
        severity: "info",
        files: { "compose.dev.yaml": ["services:", "  api:", "    image: node:22.14.0", '    ports: ["9229:«9229»"]'] },
      },
    ],
    good: [
      {
        name: "other ports",
        files: {
          "compose.yaml": ["services:", "  api:", "    image: node:22.14.0", '    ports: ["3000:3000", "9229:80"]'],
        },
      },
      {
        name: "in development, on this machine",
        files: {
          "compose.dev.yaml": [
            "services:",
            "  api:",
            "    image: node:22.14.0",
            "    command: node --inspect=0.0.0.0 server.js",
            '    ports: ["127.0.0.1:9229:9229"]',
          ],
        },
      },
      {
        name: "a debugger for the container alone",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:22.14.0",
            "    command: node --inspect=127.0.0.1 server.js",
          ],
        },
      },
      {
        name: "a port that the image is made to serve on",
        files: {
          "compose.yaml": ["services:", "  docs:", "    build: .", '    ports: ["6060:6060"]'],
          Dockerfile: ["FROM golang:1.24", "EXPOSE 6060", 'CMD ["godoc"]'],
        },
      },
      {
        name: "a port that nobody knows",
        files: { "compose.yaml": ["services:", "  api:", "    image: shop", '    ports: ["${PORT}:${PORT}"]'] },
      },
    ],
  },
});

function* debugPort({ target }: PortMapping, service: Service, project: Project): Iterable<Finding> {
  const ports = target?.value;
  if (target === undefined || ports === undefined || ports.first !== ports.last || !PORTS.has(ports.first)) return;
  if (SHARED.has(ports.first) && isMainPort(ports.first, service, project)) return;
  const message = `\`${target.text}\` lets anyone attach a debugger to \`${service.name}\`; do not publish it`;
  yield { range: target.range, message };
}

function isMainPort(port: number, service: Service, project: Project): boolean {
  const image = project.imageOf(service);
  if (image.kind === "pulled") return image.facts?.exposes?.includes(port) === true;
  if (image.kind !== "stage") return true;
  const own = image.stage.lineage.flatMap(({ evaluated }) => evaluated.exposed);
  return own.some(({ value }) => value.kind !== "known" || value.value.split("/")[0] === String(port));
}
