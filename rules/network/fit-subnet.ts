import { defineRule } from "../../src/engine/rule.js";
import { subnetFlaws } from "../../src/project/subnets.js";

export default defineRule({
  id: "network/fit-subnet",
  summary: "Fixed addresses fit their networks",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    outside: { summary: "an address or block that its network cannot have" },
    "host-bits": {
      summary: "a block with bits behind its prefix",
      levels: { recommended: ["info", "off"], strict: ["warning", "info"] },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "The engine gives each address of a network's block to one container. A fixed address that lies outside of the block, or " +
      "is taken, stops the service from starting; two networks over one block stop the project.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/services/#ipv4_address-ipv6_address",
    "https://docs.docker.com/reference/compose-file/networks/#ipam",
  ],
  mentions: { compose: ["ipam", "ipv4_address", "ipv6_address"] },
  check: {
    *variant(variant) {
      for (const { kind, range, fact, remedy, evidence, confidence } of subnetFlaws(variant)) {
        const related = evidence === undefined ? [] : [{ range: evidence, message: "what it has to fit" }];
        yield {
          kind: kind === "bits" ? "host-bits" : "outside",
          range,
          message: `${fact}; ${remedy}`,
          related,
          confidence,
        };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "an address of another block",
        kind: "outside",
        message: "`172.21.0.10` is outside `172.20.0.0/16` of `back`",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres",
            "    networks:",
            "      back: { ipv4_address: «172.21.0.10» }",
            "networks:",
            "  back:",
            "    ipam:",
            "      config:",
            "        - subnet: 172.20.0.0/16",
          ],
        },
      },
      {
        name: "a network without a block",
        kind: "outside",
        message: "`back` has no block of addresses",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres",
            "    networks:",
            "      back: { ipv4_address: «172.20.0.10» }",
            "      default: { ipv4_address: «172.20.0.11» }",
            "networks:",
            "  back: {}",
          ],
        },
      },
      {
        name: "addresses that are not free",
        kind: "outside",
        files: {
          "compose.yaml": [
            "services:",
            "  a:",
            "    image: node",
            "    networks: { back: { ipv4_address: «172.20.0.0» } }",
            "  b:",
            "    image: node",
            "    networks: { back: { ipv4_address: «172.20.0.255» } }",
            "  c:",
            "    image: node",
            "    networks: { back: { ipv4_address: «172.20.0.254» } }",
            "  d:",
            "    image: node",
            "    networks: { back: { ipv4_address: 172.20.0.9 } }",
            "  e:",
            "    image: node",
            "    networks: { back: { ipv4_address: «172.20.0.9» } }",
            "  f:",
            "    image: node",
            "    scale: 2",
            "    networks: { back: { ipv4_address: «172.20.0.10» } }",
            "networks:",
            "  back:",
            "    ipam:",
            "      config:",
            "        - subnet: 172.20.0.0/24",
            "          gateway: 172.20.0.254",
          ],
        },
      },
      {
        name: "the gateway that the engine takes",
        kind: "outside",
        severity: "warning",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres",
            "    networks: { back: { ipv4_address: «172.20.0.1», ipv6_address: 'fd00::5' } }",
            "networks:",
            "  back:",
            "    ipam: { config: [{ subnet: 172.20.0.0/24 }, { subnet: 'fd00::/64' }] }",
          ],
        },
      },
      {
        name: "a gateway and a range outside, and no block at all",
        kind: "outside",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres",
            "    networks: [back, front]",
            "networks:",
            "  back:",
            "    ipam:",
            "      config:",
            "        - subnet: 172.20.0.0/24",
            "          gateway: «172.20.1.1»",
            "          ip_range: «172.20.1.0/28»",
            "  front:",
            "    ipam:",
            "      config:",
            "        - subnet: «172.20.0.0»",
          ],
        },
      },
      {
        name: "two networks over one block",
        kind: "outside",
        message: "`10.0.5.0/24` overlaps `10.0.0.0/16` of `front`",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres",
            "    networks: [front, back]",
            "networks:",
            "  front: { ipam: { config: [{ subnet: 10.0.0.0/16 }] } }",
            "  back: { ipam: { config: [{ subnet: «10.0.5.0/24» }] } }",
          ],
        },
      },
      {
        name: "bits behind the prefix",
        kind: "host-bits",
        severity: "warning",
        message: "the block is `172.20.0.0/16`",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres",
            "    networks: [back]",
            "networks:",
            "  back:",
            "    ipam:",
            "      config:",
            "        - subnet: «172.20.5.1/16»",
          ],
        },
      },
    ],
    good: [
      {
        name: "addresses inside",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres",
            "    networks:",
            "      back: { ipv4_address: 172.20.0.10, ipv6_address: 'fd00::10' }",
            "  api:",
            "    image: node",
            "    networks:",
            "      back: { ipv4_address: 172.20.0.11 }",
            "networks:",
            "  back:",
            "    ipam:",
            "      config:",
            "        - subnet: 172.20.0.0/16",
            "          gateway: 172.20.0.1",
            "          ip_range: 172.20.5.0/24",
            "        - subnet: fd00::/64",
          ],
        },
      },
      {
        name: "a network of another project",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres",
            "    networks: { outer: { ipv4_address: 172.20.0.10 } }",
            "networks:",
            "  outer: { external: true }",
          ],
        },
      },
      {
        name: "values that nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres",
            "    networks: { back: { ipv4_address: 172.20.0.10 }, front: { ipv4_address: '${ADDRESS}' } }",
            "networks:",
            "  back: { ipam: { config: [{ subnet: '${SUBNET}' }] } }",
            "  front: { ipam: { config: [{ subnet: 172.21.0.0/16 }] } }",
          ],
        },
      },
      {
        name: "one address for services that never run together, and networks of which one is not used",
        files: {
          "compose.yaml": [
            "services:",
            "  a:",
            "    image: node",
            "    profiles: [a]",
            "    networks: { back: { ipv4_address: 172.20.0.9 } }",
            "  b:",
            "    image: node",
            "    profiles: [b]",
            "    networks: { back: { ipv4_address: 172.20.0.9 } }",
            "networks:",
            "  back: { ipam: { config: [{ subnet: 172.20.0.0/16 }] } }",
            "  spare: { ipam: { config: [{ subnet: 172.20.0.0/16 }] } }",
          ],
        },
      },
    ],
  },
});
