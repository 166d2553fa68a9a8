import type { FileContent } from "../context/coverage.js";
import { compileSource, type SourcePattern } from "../context/reach.js";
import { cleanPath, joinPath } from "../files/path.js";
import type { Range } from "../text/source.js";
import { contentOfFile, credentialName, isFixture } from "./file-content.js";
import { fileBehind } from "./image-files.js";
import type { CopyView, Project, RunView, StageView } from "./model.js";

/** A source of COPY, ADD or a bind mount that is a credential file by its own words. */
export interface CopiedCredential {
  readonly via: "COPY" | "ADD" | "mount";
  /** Relative to the context. */
  readonly path: string;
  readonly range: Range;
  /** `unread` also when the file is not there. */
  readonly content: FileContent;
  /** Its name leaves no doubt what it holds. */
  readonly isCertainName: boolean;
  readonly isFixture: boolean;
  /** The stage is shipped, or a shipped one takes the file from it. */
  readonly ships: boolean;
  /** Absolute path of the file, when it is there. */
  readonly file: string | undefined;
}

/**
 * Credential files that COPY, ADD and bind mounts of a stage name, alone or by a wildcard that matches some. Those whose
 * content is known to be harmless are left out, and those that the ignore file keeps back.
 */
export function* copiedCredentials(stage: StageView, project: Project): Iterable<CopiedCredential> {
  for (const layer of stage.layers) {
    if (layer.kind === "copy") yield* ofCopy(layer.copy, project);
    else yield* ofMounts(layer.run, project);
  }
}

function* ofCopy(copy: CopyView, project: Project): Iterable<CopiedCredential> {
  if (copy.from.kind !== "context") return;
  const { instruction, stage, step } = copy;
  const excludes = instruction.exclude.flatMap(({ value }) => {
    const text = value === undefined ? undefined : step.expand(value);
    return text?.kind === "known" ? [text.value] : [];
  });
  for (const { kind, path, range } of copy.sources) {
    if (kind !== "path" || path === undefined) continue;
    const via = instruction.keyword;
    const source = compileSource({ written: path, range, via: via === "COPY" ? "copy" : "add", excludes });
    yield* ofSource(source, { via, stage, project, ships: stage.isShipped || isTakenOn(copy) });
  }
}

function* ofMounts(run: RunView, project: Project): Iterable<CopiedCredential> {
  const { stage } = run;
  for (const { type, from, source } of run.instruction.mounts) {
    const value = type === "bind" && from === undefined && source !== undefined ? run.step.expand(source) : undefined;
    if (source === undefined || value?.kind !== "known") continue;
    const pattern = compileSource({ written: value.value, range: source.range, via: "mount" });
    yield* ofSource(pattern, { via: "mount", stage, project, ships: false });
  }
}

interface Taker {
  readonly via: CopiedCredential["via"];
  readonly stage: StageView;
  readonly project: Project;
  readonly ships: boolean;
}

function* ofSource(source: SourcePattern, { via, stage, project, ships }: Taker): Iterable<CopiedCredential> {
  const { context } = stage.build;
  const { path, isGlob, isEverything } = source;
  if (isEverything || context.kind !== "local") return;
  if (isGlob ? !context.isCertain : credentialName(path) === "none") return;
  // A wildcard brings what there is; a name is meant even when the file is not here.
  const paths = isGlob ? context.resolveSource(path).matches : [path];
  for (const found of paths) {
    const name = credentialName(found);
    if (name === "none" || !source.reaches(found) || (context.isCertain && !context.includes(found))) continue;
    // In a folder that is a guess too: a harmless file is one wherever it is.
    const kind = context.kindOf(found);
    // A folder of that name holds what its own files say.
    const content = kind === "file" ? contentOfFile(joinPath(context.root, found), project) : "unread";
    if (content === "harmless" && (name === "perhaps" || isReadable(found))) continue;
    yield {
      via,
      path: found,
      range: source.source.range,
      content,
      isCertainName: name === "credential",
      isFixture: isFixture(found),
      ships,
      file: kind === "file" ? joinPath(context.root, found) : undefined,
    };
    if (isGlob) return;
  }
}

/** Files whose text shows whether a secret is in them. */
function isReadable(path: string): boolean {
  return /(?:^|\/)(?:\.env[^/]*|\.netrc|\.pypirc|\.git-credentials|[^/]*\.tfvars|config\.json|kubeconfig[^/]*)$/.test(
    path,
  );
}

/** Whether a shipped stage of the build takes from this one what lies where a COPY put its sources. */
function isTakenOn({ stage, destination }: CopyView): boolean {
  if (destination === undefined) return false;
  return stage.build.chain.some(({ copies }) =>
    copies.some(({ from, sources }) => {
      if (from.kind !== "stage" || from.stage !== stage) return false;
      return sources.some(({ path }) => path !== undefined && isOnWay(cleanPath(`/${path}`), destination));
    }),
  );
}

function isOnWay(taken: string, destination: string): boolean {
  const folder = taken === "/" ? "/" : `${taken}/`;
  return taken === destination || destination.startsWith(folder) || taken.startsWith(`${destination}/`);
}

/** With what such paths begin. */
const HOMES = ["/root/", "~/", "/home/"] as const;
/** Paths of a home folder or of the system at which programs keep credentials. */
const CREDENTIAL_PATHS =
  /^(?:\/root|~|\/home\/[^/]+)\/(?:\.ssh|\.aws|\.azure|\.kube|\.config\/gcloud|\.docker(?:\/config\.json)?|\.npmrc|\.netrc|\.pypirc|\.git-credentials|\.m2\/settings\.xml|\.gnupg)(?:\/|$)/;

/** A folder or file of credentials that COPY takes from another stage. */
export function* credentialsOfStages(stage: StageView): Iterable<{ readonly path: string; readonly range: Range }> {
  for (const { from, sources } of stage.copies) {
    if (from.kind !== "stage" && from.kind !== "image") continue;
    for (const { path, range } of sources) {
      // What everyone may know of a host is no credential.
      if (path === undefined || path.endsWith("known_hosts") || path.endsWith(".pub")) continue;
      if (!HOMES.some((home) => path.startsWith(home)) || !CREDENTIAL_PATHS.test(path)) continue;
      yield { path, range };
    }
  }
}

/** Variables whose value is the path of a credential file. */
const FILE_VARIABLES: ReadonlySet<string> = new Set([
  "GOOGLE_APPLICATION_CREDENTIALS",
  "AWS_CONFIG_FILE",
  "AWS_SHARED_CREDENTIALS_FILE",
  "HF_TOKEN_PATH",
  "KUBECONFIG",
]);

/** An ENV that leads programs to a credential file which the image brings. */
export interface NamedCredentialFile {
  readonly variable: string;
  readonly path: string;
  readonly range: Range;
  /** The COPY or ADD that brings the file. */
  readonly broughtBy: Range;
}

/** Variables of a stage that name a credential file which a COPY put there; files without secrets are left out. */
export function* namedCredentialFiles(stage: StageView, project: Project): Iterable<NamedCredentialFile> {
  for (const { name, value, pair, step } of stage.evaluated.env.values()) {
    if (!FILE_VARIABLES.has(name) || value.kind !== "known" || step.stage !== stage.evaluated) continue;
    const file = fileBehind(stage, value.value, project);
    if (file.kind === "none") continue;
    if (file.kind === "file" && contentOfFile(file.source.file, project) === "harmless" && name !== "KUBECONFIG")
      continue;
    yield { variable: name, path: value.value, range: pair.value.range, broughtBy: file.copy.instruction.keywordRange };
  }
}
