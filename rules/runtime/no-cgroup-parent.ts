import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";

const options = {
  allow: option.strings({ default: [], description: "Groups that services may be put into." }),
};

export default defineRule({
  id: "runtime/no-cgroup-parent",
  summary: "Services stay in the engine's own cgroup",
  levels: { recommended: ["info", "off"], strict: ["warning", "info"] },
  roles: "all",
  fixable: "never",
  aliases: ["kics:cgroup-not-default", "kics:4d9f44c6-2f4a-4317-9bb5-267adbea0232"],
  why: [
    "Limits of the engine's own group hold for all containers together. A service under another parent is counted there, with " +
      "its limits, or with none: it may starve the host although everything else is bounded.",
  ],
  references: ["https://docs.docker.com/reference/compose-file/services/#cgroup_parent", "CIS 5.25", "CWE-400"],
  securitySeverity: 3,
  options,
  mentions: { compose: ["cgroup_parent"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "a group of one's own",
        message: "`cgroup_parent` takes `job` out of the engine's resource accounting",
        files: {
          "compose.yaml": ["services:", "  job:", "    image: acme/job:1", '    cgroup_parent: «"/custom"»'],
        },
      },
      {
        name: "in an override, and for several services at once",
        files: {
          "compose.yaml": [
            "x-group: &group {cgroup_parent: «m-executor-abcd»}",
            "services:",
            "  api: {<<: *group, image: 'acme/api:1'}",
            "  job: {<<: *group, image: 'acme/job:1'}",
            "  web: {image: 'acme/web:1'}",
          ],
          "compose.override.yaml": ["services:", "  web: {cgroup_parent: «/web»}"],
        },
      },
    ],
    good: [
      { name: "no key", files: { "compose.yaml": ["services:", "  job: {image: 'acme/job:1'}"] } },
      {
        name: "a group that the policy allows",
        options: { allow: ["batch.slice"] },
        files: { "compose.yaml": ["services:", "  job: {image: 'acme/job:1', cgroup_parent: batch.slice}"] },
      },
      {
        name: "a value that nobody knows, or none",
        files: {
          "compose.yaml": [
            "services:",
            "  job: {image: 'acme/job:1', cgroup_parent: '${GROUP}'}",
            "  api: {image: 'acme/api:1', cgroup_parent: }",
            "  web: {image: 'acme/web:1', cgroup_parent: ''}",
          ],
        },
      },
    ],
  },
});

function* checkService(service: Service, { options: { allow } }: RuleContext<typeof options>): Iterable<Finding> {
  if (!service.node.entries.has("cgroup_parent") || service.hasProvider) return;
  const parent = service.valueAt("cgroup_parent");
  if (parent?.value === undefined || parent.value === "" || allow.includes(parent.value)) return;
  const message = `\`cgroup_parent\` takes \`${service.name}\` out of the engine's resource accounting; drop it`;
  yield { range: parent.range, message };
}
