import { expect, test } from "vitest";
import { MemoryFileSystem } from "../../src/files/memory.js";
import { Workspace } from "../../src/files/workspace.js";
import { devcontainerFiles } from "../../src/project/devcontainers.js";

test.each([
  { text: '{ "dockerComposeFile": "../compose.yaml" }', names: [["/repo/compose.yaml"]] },
  {
    text: '{ // an editor\'s file\n "dockerComposeFile": ["../compose.yaml", "compose.dev.yaml",], /* x */ "a": "//b", }',
    names: [["/repo/compose.yaml", "/repo/.devcontainer/compose.dev.yaml"]],
  },
  { text: '{ "image": "node" }', names: [] },
  { text: "[]", names: [] },
  { text: "{", names: [] },
  { text: "", names: [] },
])("$text names $names", ({ text, names }) => {
  const fs = new MemoryFileSystem({ "/repo/compose.yaml": "", "/repo/.devcontainer/devcontainer.json": text });

  expect(devcontainerFiles(["/repo/compose.yaml"], new Workspace({ fs, root: "/repo" }))).toEqual(names);
});
