import { resolvePath } from "../files/path.js";
import type { Project } from "../project/model.js";
import { secretTextsOf } from "../project/secret-texts.js";
import { hideValues } from "../report/hide-values.js";
import { inspectDockerfile } from "../report/inspect-dockerfile.js";
import { treeText } from "../report/tree-text.js";
import { printable } from "../text/printable.js";
import type { Host } from "./host.js";
import { failuresOf } from "./model-problems.js";
import type { Request } from "./request.js";
import { openSession } from "./session.js";

/**
 * Prints the models of the named files, in the order asked; files that are found in a folder follow in the order of
 * their paths.
 *
 * @returns 2 when a named path does not exist or cannot be read, or a policy is not valid
 */
export async function inspect(request: Extract<Request, { kind: "inspect" }>, host: Host): Promise<0 | 2> {
  const { paths, flags, format } = request;
  const session = await openSession({
    paths,
    flags,
    forceExclude: false,
    stdinFilename: undefined,
    takesAnyFile: true,
    host,
  });
  const { inputs } = session;
  const models = new Map<string, unknown>();
  for await (const project of session.projects()) {
    const secrets = secretTextsOf(project);
    for (const [file, model] of await modelsOf(project)) models.set(file, hideValues(model, secrets));
  }
  const named = paths.map((path) => resolvePath(host.cwd, path));
  const order = [...new Set([...named, ...inputs.files.map(({ path }) => path)])];
  const files = order.flatMap((file) => models.get(file) ?? []);
  host.writeOut(format === "json" ? `${JSON.stringify({ files }, undefined, 2)}\n` : treeText({ files }));
  const problems = failuresOf(session);
  for (const problem of problems) host.writeError(`${printable(problem)}\n`);
  return problems.length > 0 ? 2 : 0;
}

/** Views of Dockerfiles and Compose files by absolute path. */
async function modelsOf(project: Project): Promise<ReadonlyMap<string, object>> {
  const models = new Map<string, object>();
  for (const view of project.dockerfiles) {
    if (view.source.embedding === undefined) models.set(view.source.file, inspectDockerfile(view));
  }
  if (project.composeFiles.length === 0) return models;
  const { inspectComposeFile } = await import("../report/inspect-compose.js");
  for (const file of project.composeFiles) models.set(file.source.file, inspectComposeFile(file, project.variants));
  return models;
}
