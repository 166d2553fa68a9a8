import { defineRule, option } from "../../src/engine/rule.js";
import { entryOf, scalarItems, writtenServices } from "../../src/project/written-compose.js";

const options = {
  order: option.choice({
    words: ["alphabetical", "dependencies"],
    default: "alphabetical",
    description: "`dependencies`: a service stands below those that it depends on.",
  }),
};

type Written = ReturnType<typeof writtenServices> extends Iterable<infer T> ? T : never;

export default defineRule({
  id: "style/sort-services",
  summary: "Services stand in one order",
  levels: { style: "info" },
  roles: "all",
  fixable: "never",
  aliases: ["dclint:services-alphabetical-order"],
  why: [
    "In a file with many services, order is how one is found, and how two branches add services without a conflict.",
  ],
  references: ["https://docs.docker.com/reference/compose-file/services/"],
  options,
  mentions: { compose: ["services"] },
  check: {
    *composeFile(file, { options: { order } }) {
      // A patch follows the file that it patches.
      if (file.nameKind === "override") return;
      const services = [...writtenServices(file)];
      for (const [index, service] of services.entries()) {
        const above = services.slice(0, index).find((other) => isEarly(other, service, order));
        if (above === undefined) continue;
        const { key } = service.entry;
        yield {
          range: key.range,
          message: `\`${key.text}\` stands below \`${above.entry.key.text}\`; ${order === "alphabetical" ? "sort the services" : "move it above"}`,
        };
        return;
      }
    },
  },
  examples: {
    bad: [
      {
        name: "out of order",
        message: "`api` stands below `web`",
        files: {
          "compose.yaml": [
            "services:",
            "  web: { image: nginx }",
            "  «api»: { image: node }",
            "  Cache: { image: redis }",
          ],
        },
      },
      {
        name: "a dependency below the service that needs it",
        options: { order: "dependencies" },
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    depends_on: [redis]",
            "    image: node",
            "  «redis»: { image: redis }",
          ],
        },
      },
      {
        name: "a dependency with a condition",
        options: { order: "dependencies" },
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    depends_on: { redis: { condition: service_healthy } }",
            "  «redis»: { image: redis }",
          ],
        },
      },
    ],
    good: [
      {
        name: "in order, whatever the case",
        files: {
          "compose.yaml": ["services:", "  api: { image: node }", "  Web: { image: nginx }", "  zoo: { image: zoo }"],
        },
      },
      { name: "one service", files: { "compose.yaml": ["services:", "  web: { image: nginx }"] } },
      {
        name: "a patch",
        files: {
          "compose.yaml": ["services:", "  api: { image: node }", "  web: { image: nginx }"],
          "compose.override.yaml": ["services:", "  web: { ports: [] }", "  api: { ports: [] }"],
        },
      },
      {
        name: "dependencies first",
        options: { order: "dependencies" },
        files: {
          "compose.yaml": ["services:", "  redis: { image: redis }", "  api: { image: node, depends_on: [redis] }"],
        },
      },
    ],
  },
});

/** Whether a service that stands above another one belongs below it. */
function isEarly(above: Written, below: Written, order: "alphabetical" | "dependencies"): boolean {
  const name = below.entry.key.text;
  if (order === "dependencies") {
    const needs = entryOf(above.mapping, "depends_on")?.value;
    if (needs?.kind === "mapping") return entryOf(needs, name) !== undefined;
    return scalarItems(needs)?.some(({ text }) => text === name) === true;
  }
  const other = above.entry.key.text;
  const [a, b] = [other.toLowerCase(), name.toLowerCase()];
  return a === b ? other > name : a > b;
}
