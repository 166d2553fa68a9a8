import type { PortMapping } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";

export default defineRule({
  id: "network/use-valid-ports",
  summary: "Port mappings can be read",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  kinds: {
    invalid: { summary: "the loader or the engine refuses the mapping" },
    "base-60": {
      summary: "a plain mapping that readers of YAML 1.1 take for a number",
      levels: { recommended: "warning", checklist: "warning", strict: "warning" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A mapping that cannot be read stops `docker compose up` before anything starts.",
    "Readers of YAML 1.1 take digits that a colon parts for a number of base 60 while the last part is below 60: `22:22` " +
      "becomes 1342, and the wrong port is published.",
  ],
  references: ["https://docs.docker.com/reference/compose-file/services/#ports", "https://yaml.org/type/int.html"],
  mentions: { compose: ["ports"] },
  check: {
    *service({ ports }) {
      for (const port of ports) {
        const { problem, target } = port;
        if (problem === undefined && target?.value?.first === 0) {
          // On the host 0 asks for any port; in the container nothing listens there.
          const message = `\`${target.text}\` is no port of a container; name one from 1 to 65535`;
          yield { kind: "invalid", range: target.range, message };
        } else if (problem === undefined) yield* lookAlike(port);
        else yield { kind: "invalid", range: problem.range, message: problem.message, fix: protocolFix(port) };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "more ports on the host than in the container",
        kind: "invalid",
        files: { "compose.yaml": ["services:", "  web:", "    image: nginx", '    ports: ["«8000-8002»:80-81"]'] },
      },
      {
        name: "beyond the last port, no number, a range that ends before it begins",
        kind: "invalid",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx",
            '    ports: ["«70000»:80", "80:«http»", "«90-80»:80", "8080:«0»"]',
          ],
        },
      },
      {
        name: "no port of the container",
        kind: "invalid",
        files: {
          "compose.yaml": ["services:", "  web:", "    image: nginx", "    ports:", "      - «published: 80»"],
        },
      },
      {
        name: "an address that is none",
        kind: "invalid",
        files: { "compose.yaml": ["services:", "  web:", "    image: nginx", '    ports: ["«127.0.0»:80:80"]'] },
      },
      {
        name: "a misspelt protocol",
        kind: "invalid",
        message: "`upd` is not a protocol",
        files: { "compose.yaml": ["services:", "  dns:", "    image: dns", '    ports: ["53:53/«upd»"]'] },
        fixed: { "compose.yaml": ["services:", "  dns:", "    image: dns", '    ports: ["53:53/udp"]'] },
      },
      {
        name: "a number of base 60",
        kind: "base-60",
        severity: "warning",
        files: {
          "compose.yaml": [
            "services:",
            "  git:",
            "    image: git",
            "    ports:",
            "      - «8022:22»",
            "      - «22:22»",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  git:",
            "    image: git",
            "    ports:",
            '      - "8022:22"',
            '      - "22:22"',
          ],
        },
      },
    ],
    good: [
      {
        name: "mappings of every form",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx",
            "    ports:",
            '      - "80"',
            '      - "8000-8002:80-82"',
            '      - "8003-8005:83"',
            '      - "127.0.0.1:8080:80/tcp"',
            '      - "0:84"',
            '      - "[::1]:8081:81"',
            "      - { target: 82, published: '8082', protocol: udp, app_protocol: http }",
          ],
        },
      },
      {
        name: "what a variable brings",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx",
            '    ports: ["${PORT}:80", "${PORTS}", "80:80/${PROTOCOL}"]',
          ],
        },
      },
      {
        name: "plain mappings that are no numbers",
        files: { "compose.yaml": ["services:", "  web:", "    image: nginx", "    ports: [8080:80, 443, 22:22/tcp]"] },
      },
    ],
  },
});

/** A plain `a:b` whose second part is below 60. */
function* lookAlike({ form, node }: PortMapping): Iterable<Finding> {
  if (form !== "short" || node.kind !== "scalar" || node.written?.style !== "plain") return;
  const { text, range } = node.written;
  const [first = "", second = "", ...more] = text.split(":");
  if (more.length > 0 || !isDigits(first) || !isDigits(second) || second.length > 2 || Number(second) > 59) return;
  const fix: Fix = { description: "quote the mapping", safety: "safe", edits: [{ range, text: `"${text}"` }] };
  yield { kind: "base-60", range, message: `\`${text}\` is a number of base 60 in YAML 1.1; quote it`, fix };
}

function isDigits(text: string): boolean {
  return text !== "" && [...text].every((character) => character >= "0" && character <= "9");
}

/** Unsafe: the file could not be loaded before, so whatever it does is new. */
function protocolFix({ protocol, protocolRange: range }: PortMapping): Fix | undefined {
  if (protocol !== "upd" || range === undefined) return undefined;
  return { description: "write `udp`", safety: "unsafe", edits: [{ range, text: "udp" }] };
}
