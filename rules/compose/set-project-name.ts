import type { ComposeFile } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix, option } from "../../src/engine/rule.js";
import { baseName } from "../../src/files/path.js";
import type { Project } from "../../src/project/model.js";
import { entryOf, writtenRoots } from "../../src/project/written-compose.js";
import { quoted } from "../../src/text/quoted.js";
import { normalisedProjectName } from "../../src/values/compose-name.js";

const options = {
  onlyGenericFolders: option.boolean({
    default: true,
    description: "Ask for a name only where the folder has one that any project could have, such as `docker`.",
  }),
};

export default defineRule({
  id: "compose/set-project-name",
  summary: "The project has a name of its own",
  levels: { strict: "info" },
  roles: "all",
  fixable: "sometimes",
  aliases: ["dclint:require-project-name-field"],
  why: [
    "Without `name` a project is called after its folder, and so are its containers, networks and volumes. Two projects in " +
      "folders called `docker` are one to Compose: each takes the containers of the other for orphans.",
  ],
  references: ["https://docs.docker.com/compose/how-tos/project-name/"],
  options,
  presetOptions: { dclint: { onlyGenericFolders: false } },
  check: { composeFile: checkFile },
  examples: {
    bad: [
      {
        name: "a folder that every second repository has",
        message: "the project is named after its folder, `docker`; give it a `name` of its own",
        files: { "docker/compose.yaml": ["# The shop.", "«services»: {web: {image: 'nginx:1.27.4'}}"] },
        fixed: {
          "docker/compose.yaml": ["# The shop.", "name: docker", "", "services: {web: {image: 'nginx:1.27.4'}}"],
        },
      },
      {
        name: "any folder",
        options: { onlyGenericFolders: false },
        message: "`My Shop`",
        files: { "My Shop/docker-compose.yml": ["«services»: {web: {image: 'nginx:1.27.4'}}"] },
        fixed: { "My Shop/docker-compose.yml": ["name: myshop", "", "services: {web: {image: 'nginx:1.27.4'}}"] },
      },
      {
        name: "in flow style",
        files: { "infra/compose.yaml": "{«services»: {web: {image: 'nginx:1.27.4'}}}\n" },
      },
    ],
    good: [
      {
        name: "a name",
        files: { "docker/compose.yaml": ["name: shop", "services: {web: {image: 'nginx:1.27.4'}}"] },
      },
      { name: "a folder with a name", files: { "shop/compose.yaml": ["services: {web: {image: 'nginx:1.27.4'}}"] } },
      {
        name: "a name beside the file",
        files: {
          "docker/compose.yaml": ["services: {web: {image: 'nginx:1.27.4'}}"],
          "docker/.env": ["COMPOSE_PROJECT_NAME=shop"],
        },
      },
      {
        name: "overrides, patches and what others include",
        files: {
          "docker/compose.yaml": ["name: shop", "services: {web: {image: 'nginx:1.27.4'}}"],
          "docker/compose.override.yaml": ["services: {web: {tty: true}}"],
          "docker/compose.prod.yaml": ["services: {web: {restart: always}}"],
          "compose.yaml": ["name: all", "include: [app/compose.yaml]", "services: {db: {image: 'postgres:17.4'}}"],
          "app/compose.yaml": ["services: {api: {image: 'acme/api:1.4.0'}}"],
        },
      },
      {
        name: "named by its override",
        files: {
          "docker/compose.yaml": ["services: {web: {image: 'nginx:1.27.4'}}"],
          "docker/compose.override.yaml": ["name: shop", "services: {web: {tty: true}}"],
        },
      },
    ],
  },
});

function* checkFile(
  file: ComposeFile,
  {
    options: { onlyGenericFolders },
    project,
  }: { readonly options: { readonly onlyGenericFolders: boolean }; readonly project: Project },
): Iterable<Finding> {
  if (file.nameKind !== "base" || file.shadowedBy !== undefined) return;
  const own = project.composeProjects.find(({ files }) => files.includes(file));
  const folder = own === undefined ? "" : baseName(own.folder);
  if (own === undefined || folder === "" || (onlyGenericFolders && !GENERIC.has(folder.toLowerCase()))) return;
  const variants = own.variants.filter(({ files }) => files[0] === file);
  if (variants.length === 0 || variants.some(({ name }) => name !== undefined)) return;
  if (own.knownVariables.has("COMPOSE_PROJECT_NAME")) return;
  const [root] = writtenRoots(file);
  const [first] = root?.entries ?? [];
  if (root === undefined || first === undefined || entryOf(root, "name") !== undefined) return;
  const name = normalisedProjectName(folder);
  const { source, start } = first.key.range;
  const isAtStart = source.positionAt(start).column === 1;
  const fix: Fix | undefined =
    root.style === "block" && isAtStart && name !== ""
      ? {
          description: "name the project",
          safety: "unsafe",
          edits: [{ range: source.range(start, start), text: `name: ${name}\n\n` }],
        }
      : undefined;
  const message = `the project is named after its folder, ${quoted(folder)}; give it a \`name\` of its own`;
  yield { range: first.key.range, message, fix };
}

const GENERIC: ReadonlySet<string> = new Set("docker deploy infra compose app src backend server".split(" "));
