import { expect, test } from "vitest";
import { devcontainerComposeFiles } from "../../src/compose/devcontainer.js";
import { Source } from "../../src/text/source.js";

test.each([
  ['{"dockerComposeFile": "docker-compose.yml"}', ["/w/.devcontainer/docker-compose.yml"]],
  [
    '{\n  // both\n  "dockerComposeFile": ["../compose.yaml", "a//b.yml", /* last */ ], \n}',
    ["/w/compose.yaml", "/w/.devcontainer/a/b.yml"],
  ],
  ['{"image": "node"}', []],
  ['{"dockerComposeFile": 1}', []],
  ['{"dockerComposeFile": ', []],
  ["null", []],
])("%s names %j", (text, files) => {
  const source = new Source("devcontainer.json", text, { file: "/w/.devcontainer/devcontainer.json" });

  expect(devcontainerComposeFiles(source)).toEqual(files);
});
