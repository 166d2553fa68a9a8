import { defineRule, option } from "../../src/engine/rule.js";
import { ownEntries, writtenServices } from "../../src/project/written-compose.js";
import { words } from "../../src/text/words.js";

const options = {
  groups: option.map({
    default: {
      core: "image build container_name",
      dependencies: "depends_on",
      data: "volumes volumes_from configs secrets",
      environment: "environment env_file",
      network: "ports networks network_mode extra_hosts",
      runtime: "command entrypoint working_dir restart healthcheck",
      metadata: "logging labels",
      security: "user isolation",
    },
    description: "Keys of each group in their order, with blanks between them.",
  }),
  groupOrder: option.strings({
    default: [],
    description: "Order of the groups; those not named follow as they are written.",
  }),
};

export default defineRule({
  id: "style/order-service-keys",
  summary: "Keys of a service follow one order",
  levels: { style: "info" },
  roles: "all",
  fixable: "never",
  aliases: ["dclint:service-keys-order"],
  why: [
    "Where every service begins with what it runs and ends with how it is watched, a missing key is seen without a search.",
  ],
  references: ["https://docs.docker.com/reference/compose-file/services/"],
  options,
  mentions: { compose: ["services"] },
  check: {
    *composeFile(file, { options: { groups, groupOrder } }) {
      const names = [...groupOrder, ...[...groups.keys()].filter((name) => !groupOrder.includes(name))];
      const order = names.flatMap((name) => words(groups.get(name) ?? ""));
      for (const { entry, mapping } of writtenServices(file)) {
        const keys = ownEntries(mapping).map(({ key }) => key);
        for (const [index, key] of keys.entries()) {
          const above = keys[index - 1];
          if (above === undefined || !isBefore(key.text, above.text, order)) continue;
          const message = `\`${key.text}\` stands below \`${above.text}\` in \`${entry.key.text}\`; move it above`;
          yield { range: key.range, message };
          break;
        }
      }
    },
  },
  examples: {
    bad: [
      {
        name: "the image at the end",
        message: "`image` stands below `ports` in `web`",
        files: {
          "compose.yaml": ["services:", "  web:", "    ports: ['80:80']", "    «image»: nginx", "    build: ."],
        },
      },
      {
        name: "once per service",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    environment: { A: b }",
            "    «volumes»: ['a:/a']",
            "    image: node",
            "  web:",
            "    restart: always",
            "    «image»: nginx",
          ],
        },
      },
      {
        name: "keys of no group follow the others, sorted",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    init: true",
            "    «image»: nginx",
            "  api:",
            "    init: true",
            "    «cap_drop»: [ALL]",
          ],
        },
      },
      {
        name: "another order of groups",
        options: { groupOrder: ["network", "core"] },
        files: { "compose.yaml": ["services:", "  web:", "    image: nginx", "    «ports»: ['80:80']"] },
      },
    ],
    good: [
      {
        name: "in order",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx",
            "    depends_on: [api]",
            "    ports: ['80:80']",
            "    labels: { a: b }",
            "    init: true",
            "  api: {}",
          ],
        },
      },
      {
        name: "merge keys stand anywhere",
        files: {
          "compose.yaml": ["x-a: &a { restart: always }", "services:", "  web:", "    ports: ['80:80']", "    <<: *a"],
        },
      },
    ],
  },
});

function isBefore(key: string, above: string, order: readonly string[]): boolean {
  const [place, other] = [order.indexOf(key), order.indexOf(above)];
  if (place === -1) return other === -1 && key < above;
  return other === -1 || place < other;
}
