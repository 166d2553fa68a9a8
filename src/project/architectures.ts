import type { Script } from "../shell/model.js";
import type { Range } from "../text/source.js";
import type { Build, Project, RunView, StageView } from "./model.js";
import { servicesShipping } from "./service-view.js";

/** Names that projects give processor architectures in file names and addresses. */
const ARCHITECTURE =
  /(?<![A-Za-z0-9])(?:amd64|x86[_-]64|x64|arm64(?:v8)?|aarch64|armv[67](?:l|hf)?|armhf|i[36]86|ppc64le|s390x|riscv64)(?![A-Za-z0-9])/;

/** Traces of a question for the architecture that is being built. */
const QUESTIONS = [
  "TARGETARCH",
  "TARGETPLATFORM",
  "TARGETVARIANT",
  "BUILDARCH",
  "uname",
  "print-arch",
  "$(arch",
  "`arch",
] as const;

/** Variables of BuildKit that only builds for several platforms need. */
const PLATFORM_VARIABLES = ["BUILDPLATFORM", "TARGETARCH", "TARGETPLATFORM"] as const;

/** Whether a build is made for several platforms: Compose says so, or the file asks which one it is. */
export function isMultiPlatform(build: Build, project: Project): boolean {
  const platforms = servicesShipping(build, project).map((service) => service.build?.platforms ?? []);
  if (platforms.some((list) => list.length > 1)) return true;
  if (platforms.some((list) => list.length === 1)) return false;
  const { text } = build.dockerfile.source;
  return PLATFORM_VARIABLES.some((name) => text.includes(name));
}

/** Whether a stage, and all it is made from, is built for the platform that is asked for. */
export function followsPlatform({ lineage }: StageView): boolean {
  return lineage.every(({ evaluated }) => evaluated.platformFlag === undefined);
}

/** A word that names one architecture in a step that runs for each. */
export interface FixedArchitecture {
  /** The file name or package that holds it. */
  readonly word: string;
  readonly architecture: string;
  readonly range: Range;
}

/** The first download or package of a RUN that is made for one architecture; undefined where the RUN asks which it is. */
export function fixedArchitecture(run: RunView): FixedArchitecture | undefined {
  const { script, facts } = run;
  if (script !== undefined && asksArchitecture(script)) return undefined;
  for (const { urlShape, urlRange, invocation } of facts.downloads) {
    if (invocation.onlyIf !== "none" || invocation.guarded) continue;
    const word = invocation.args.find(({ range }) => range.start <= urlRange.start && range.end >= urlRange.end);
    const match = ARCHITECTURE.exec(urlShape);
    if (match === null || word === undefined) continue;
    const at = word.shape.indexOf(urlShape) + match.index;
    const architecture = match[0];
    const name = urlShape.slice(urlShape.lastIndexOf("/") + 1);
    const range = word.rangeAt(at, at + architecture.length);
    return { word: name.includes(architecture) ? name : architecture, architecture, range };
  }
  for (const { invocation, packages, action } of facts.packageCommands) {
    if (action !== "install" || invocation.onlyIf !== "none" || invocation.guarded) continue;
    for (const { shape, range, kind } of packages) {
      const match = kind === "name" || kind === "url" ? ARCHITECTURE.exec(shape) : null;
      if (match !== null) return { word: shape, architecture: match[0], range };
    }
  }
  return undefined;
}

function asksArchitecture({ text }: Script): boolean {
  return QUESTIONS.some((question) => text.includes(question));
}

/** `bootsnap precompile` that may start several processes; the range is the last word of the verb. */
export function parallelBootsnap(run: RunView): Range | undefined {
  for (const { words } of run.commands) {
    const values = words.map(({ value }) => value);
    const at = values.indexOf("precompile");
    if (at < 1 || !values.slice(0, at).some((value) => value?.endsWith("bootsnap") === true)) continue;
    const rest = values.slice(at + 1);
    const isSingle = rest.some((value, index) => {
      return (
        value === "-j1" || value === "--jobs=1" || ((value === "-j" || value === "--jobs") && rest[index + 1] === "1")
      );
    });
    if (!isSingle) return words[at]?.range;
  }
  return undefined;
}
