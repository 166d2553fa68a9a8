import type { ComposeFile } from "../../src/compose/model.js";
import { defineRule, type RuleContext } from "../../src/engine/rule.js";
import { baseName } from "../../src/files/path.js";
import { firstWord } from "../../src/project/written-compose.js";

export default defineRule({
  id: "compose/keep-one-base-file",
  summary: "A folder has one base file and one override, in the names of today",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    shadowed: { summary: "a base or override that Compose passes over, because another one wins" },
    spelling: {
      summary: "`docker-compose.yml` instead of `compose.yaml`",
      levels: { recommended: "off", strict: "info" },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "Of several base files in one folder Compose loads the first of `compose.yaml`, `compose.yml`, `docker-compose.yml` and " +
      "`docker-compose.yaml`, with no more than a warning. Who edits another one wonders why nothing changes.",
  ],
  references: [
    "https://docs.docker.com/compose/intro/compose-application-model/#the-compose-file",
    "https://docs.docker.com/compose/how-tos/multiple-compose-files/merge/",
  ],
  check: {
    *composeFile(file, ctx) {
      const { nameKind, source, shadowedBy } = file;
      if (nameKind === "other") return;
      if (shadowedBy !== undefined && !isUsed(file, ctx)) {
        const winner = baseName(shadowedBy.path);
        yield {
          kind: "shadowed",
          range: firstWord(file),
          message: `Compose loads \`${winner}\` and never reads this file; keep one of them`,
          related: [{ range: shadowedBy.range(0, 0), message: "this one is loaded" }],
        };
      } else {
        const name = baseName(source.path);
        if (!name.startsWith("docker-compose")) return;
        const modern = nameKind === "base" ? "compose.yaml" : "compose.override.yaml";
        const message = `\`${name}\` is the old name; Compose prefers \`${modern}\``;
        yield { kind: "spelling", range: firstWord(file), message };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "two bases",
        kind: "shadowed",
        preset: "recommended",
        message: "Compose loads `compose.yaml` and never reads this file",
        files: {
          "compose.yaml": ["services: { web: { image: nginx:1.27.4 } }"],
          "docker-compose.yml": ["# The old one", "«services»: { web: { image: nginx:1.26.3 } }"],
        },
      },
      {
        name: "two overrides",
        kind: "shadowed",
        message: "Compose loads `compose.override.yml`",
        files: {
          "compose.yaml": ["services: { web: { image: nginx:1.27.4 } }"],
          "compose.override.yml": ['services: { web: { ports: ["8080:80"] } }'],
          "compose.override.yaml": ['«services»: { web: { ports: ["8081:80"] } }'],
        },
      },
      {
        name: "both endings",
        kind: "shadowed",
        files: {
          "shop/compose.yaml": ["services: { web: { image: nginx:1.27.4 } }"],
          "shop/compose.yml": ["«services»: { web: { image: nginx:1.27.4 } }"],
        },
      },
      {
        name: "the old name",
        kind: "spelling",
        message: "`docker-compose.override.yml` is the old name",
        files: {
          "docker-compose.yml": ["«services»: { web: { image: nginx:1.27.4 } }"],
          "docker-compose.override.yml": ['«services»: { web: { ports: ["8080:80"] } }'],
        },
      },
      { name: "nothing in it", kind: "spelling", files: { "docker-compose.yaml": ["«»"] } },
    ],
    good: [
      {
        name: "one base and one override",
        files: {
          "compose.yaml": ["services: { web: { image: nginx:1.27.4 } }"],
          "compose.override.yaml": ['services: { web: { ports: ["8080:80"] } }'],
          "compose.prod.yaml": ["services: { web: { restart: always } }"],
        },
      },
      {
        name: "bases of different folders",
        files: {
          "api/compose.yaml": ["services: { api: { image: node:22.14.0 } }"],
          "web/compose.yaml": ["services: { web: { image: nginx:1.27.4 } }"],
        },
      },
      {
        name: "the old name, which recommended leaves alone",
        preset: "recommended",
        files: { "docker-compose.yml": ["services: { web: { image: nginx:1.27.4 } }"] },
      },
      {
        name: "a base with patches, which is given to Compose by name",
        files: {
          "compose.yaml": ["services: { web: { image: nginx:1.27.4 } }"],
          "docker-compose.yml": ["services: { db: { image: postgres:17.4 } }"],
          "docker-compose.dev.yml": ["services: { db: { restart: always } }"],
        },
        preset: "recommended",
      },
      {
        name: "another file brings the second one in",
        files: {
          "compose.yaml": ["include: [compose.yml]", "services: { web: { image: nginx:1.27.4 } }"],
          "compose.yml": ["services: { db: { image: postgres:17.4 } }"],
        },
      },
    ],
  },
});

/** Whether somebody names the file: an include, an `extends`, a list of files other than Compose's own. */
function isUsed(file: ComposeFile, { project }: RuleContext): boolean {
  return project.variants.some(({ origin, files, broughtIn }) => {
    if (broughtIn.includes(file)) return true;
    // A base with patches of its own is given to Compose by name.
    if (origin === "stem") return files.length > 1 && files[0] === file;
    return origin !== "alone" && files.includes(file);
  });
}
