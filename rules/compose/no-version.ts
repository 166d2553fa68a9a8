import type { ComposeFile } from "../../src/compose/model.js";
import type { YamlEntry, YamlMapping } from "../../src/compose/yaml-model.js";
import { defineRule, type Fix } from "../../src/engine/rule.js";
import type { Project } from "../../src/project/model.js";
import { isSwarmFile } from "../../src/project/swarm-files.js";
import { ownEntries, writtenRoots } from "../../src/project/written-compose.js";
import { entryRemoval } from "../../src/project/yaml-entry-removal.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "compose/no-version",
  summary: "The obsolete `version` is gone",
  levels: { recommended: "warning", checklist: "warning", strict: "warning" },
  roles: "all",
  fixable: "sometimes",
  aliases: ["dclint:no-version-field"],
  why: [
    "Compose has read every file by one specification since 2020. It ignores `version`, and prints a warning about it at " +
      "each command; a number there makes readers think that it chooses what may be written.",
  ],
  references: ["https://docs.docker.com/reference/compose-file/version-and-name/#version-top-level-element-obsolete"],
  mentions: { compose: ["version"] },
  check: {
    *composeFile(file, { project }) {
      for (const root of writtenRoots(file)) {
        const entry = ownEntries(root).find(({ key }) => key.text === "version");
        if (entry === undefined || isFormatOneService(entry) || isForSwarm(file, project)) continue;
        const { source, start } = entry.key.range;
        const written = entry.value.kind === "scalar" ? entry.value.text : "";
        const fact = isUnreleased(written)
          ? `\`version\` is ignored, and there never was a format ${quoted(written)}`
          : "`version` is ignored, and Compose warns about it";
        yield {
          range: source.range(start, entry.range.end),
          message: `${fact}; remove the line`,
          fix: fixOf(root, entry),
        };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "at the top",
        message: "`version` is ignored, and Compose warns about it; remove the line",
        files: { "compose.yaml": ['«version: "3.8"»', "", "services:", "  web: {image: 'nginx:1.27.4'}"] },
        fixed: { "compose.yaml": ["services:", "  web: {image: 'nginx:1.27.4'}"] },
      },
      {
        name: "a format that was never released",
        message: "there never was a format `3.9`",
        files: {
          "compose.yaml": [
            "# The shop.",
            "«version: '3.9'»  # as the others",
            "services:",
            "  web: {image: 'nginx:1.27.4'}",
          ],
        },
        fixed: {
          "compose.yaml": ["# The shop.", "# as the others", "services:", "  web: {image: 'nginx:1.27.4'}"],
        },
      },
      {
        name: "a number below the services, in an override too",
        message: "Compose warns",
        files: {
          "docker-compose.yml": ["services:", "  web: {image: 'nginx:1.27.4'}", "«version: 2»"],
          "docker-compose.override.yml": ["name: shop", "", "«version: '2.4'»", "", "services: {web: {tty: true}}"],
        },
        fixed: {
          "docker-compose.yml": "services:\n  web: {image: 'nginx:1.27.4'}\n",
          "docker-compose.override.yml": ["name: shop", "", "", "services: {web: {tty: true}}"],
        },
      },
      {
        name: "in flow style",
        files: { "compose.yaml": "{«version: '3'», services: {web: {image: 'nginx:1.27.4'}}}\n" },
      },
    ],
    good: [
      { name: "no version", files: { "compose.yaml": ["services:", "  web: {image: 'nginx:1.27.4'}"] } },
      {
        name: "what docker stack deploys",
        files: {
          "docker-stack.yml": ["version: '3.8'", "services:", "  web: {image: 'nginx:1.27.4'}"],
          "docker-compose.swarm.yml": ["version: '3.8'", "services:", "  web: {image: 'nginx:1.27.4'}"],
          "swarm/compose.yaml": ["version: '3.8'", "services:", "  web: {image: 'nginx:1.27.4'}"],
        },
      },
      {
        name: "a file that only a stack extends",
        files: {
          "docker-stack.yml": ["services:", "  web: {extends: {file: common.yml, service: web}}"],
          "common.yml": ["version: '3.8'", "services:", "  web: {image: 'nginx:1.27.4'}"],
        },
      },
      {
        name: "a version that is not of the file",
        files: {
          "compose.yaml": [
            "services:",
            "  version: {image: 'acme/version:1.4.0', environment: {version: '3.8'}, labels: {version: '1'}}",
          ],
        },
      },
      { name: "a service of the first format", files: { "compose.yaml": ["version:", "  image: acme/version:1.4.0"] } },
    ],
  },
});

function isFormatOneService({ value }: YamlEntry): boolean {
  return value.kind === "mapping";
}

/** The files of Compose, of format 2 and of format 3 as they were released; 3.9 was announced and came as the specification. */
function isUnreleased(version: string): boolean {
  if (version === "" || version === "1" || version === "2" || version === "3") return false;
  const [major, minor, ...more] = version.split(".");
  const last = major === "2" ? 4 : major === "3" ? 8 : -1;
  // `2.4.0` is not how formats are called, but which one it means is clear.
  const isNumber = minor !== undefined && minor.length === 1 && minor >= "0" && minor <= "9";
  return !isNumber || Number(minor) > last || more.some((part) => part !== "0");
}

/** Read by `docker stack`, itself or by way of all files that bring it in. */
function isForSwarm(file: ComposeFile, project: Project): boolean {
  if (isSwarmFile(file.source)) return true;
  if (!project.composeFiles.some(({ source }) => isSwarmFile(source))) return false;
  const users = project.variants.filter(({ broughtIn }) => broughtIn.includes(file));
  return users.length > 0 && users.every(({ files }) => files.some(({ source }) => isSwarmFile(source)));
}

function fixOf(root: YamlMapping, entry: YamlEntry): Fix | undefined {
  const edit = entryRemoval(root, entry, root.entries[0] === entry);
  return edit === undefined ? undefined : { description: "remove `version`", safety: "safe", edits: [edit] };
}
