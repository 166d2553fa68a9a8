import { glibcOf } from "../data/glibc-releases.js";
import { type Interpreter, interpreterOf } from "../data/interpreter-versions.js";
import { nativeModule } from "../data/native-modules.js";
import { baseName, joinPath, parentPath, resolvePath } from "../files/path.js";
import type { Range } from "../text/source.js";
import { type CompiledProgram, programAt } from "./compiled-programs.js";
import { fileBehind } from "./image-files.js";
import type { Build, CopyView, Project, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";
import { nodeDependencies } from "./node-manifest.js";

/** Files of one stage that do not run in the stage that they are copied to. */
export interface RuntimeMismatch {
  readonly kind: "language-version" | "libc" | "older-glibc" | "dynamic-binary";
  /** The source of the copy. */
  readonly range: Range;
  /** The source as evaluated. */
  readonly path: string;
  readonly from: StageView;
  readonly to: StageView;
  /** What the files need and what the image has, in a few words. */
  readonly needs: string;
  readonly has: string;
  /** What compiled them; undefined for packages of an interpreter. */
  readonly program: CompiledProgram | undefined;
  /** A package that is known to hold machine code; undefined when none was looked up. */
  readonly module: string | undefined;
  readonly isCertain: boolean;
}

/** Looks at what the chain of the target takes from other stages. Unknown bases, tags and releases are left out. */
export function runtimeMismatches(build: Build, project: Project): readonly RuntimeMismatch[] {
  const { target, chain, closure } = build;
  if (target === undefined || target.isWindows || target.isExport || closure.size === chain.length) return [];
  const brought = new Brought(chain);
  const found: RuntimeMismatch[] = [];
  for (const copy of brought.copies) {
    const { from, stage: to } = copy;
    if (copy.isOnbuild || from.kind !== "stage" || from.stage === to || from.stage.isWindows) continue;
    for (const { kind, path, range } of copy.sources) {
      if (kind !== "path" || path === undefined) continue;
      const place: Place = { from: from.stage, to, path, range, brought, project };
      const mismatch = ofPackages(place) ?? ofProgram(place);
      if (mismatch !== undefined) found.push(mismatch);
    }
  }
  return found;
}

/** One source of a copy. */
interface Place {
  readonly from: StageView;
  readonly to: StageView;
  readonly path: string;
  readonly range: Range;
  readonly brought: Brought;
  readonly project: Project;
}

/** What all copies of a chain bring beside the files in question; asked once, however many there are. */
class Brought {
  readonly copies: readonly CopyView[];
  readonly #chain: readonly StageView[];
  readonly #interpreters = new Map<Interpreter["language"], boolean>();
  #library: boolean | undefined;

  constructor(chain: readonly StageView[]) {
    this.#chain = chain;
    this.copies = chain.flatMap((stage) => stage.copies);
  }

  hasInterpreter(language: Interpreter["language"]): boolean {
    let answer = this.#interpreters.get(language);
    if (answer === undefined) {
      answer = this.copies.some((copy) => bringsInterpreter(copy, language));
      this.#interpreters.set(language, answer);
    }
    return answer;
  }

  /** Whether the image is given the other C library. */
  get hasLibrary(): boolean {
    this.#library ??= bringsLibrary(this.copies, this.#chain);
    return this.#library;
  }
}

/** Packages of an interpreter that are copied as a whole. */
interface Packages {
  readonly language: Interpreter["language"];
  /** Version in the path itself: `3.11` of `lib/python3.11`; undefined when the path does not tell. */
  readonly version: string | undefined;
}

const PYTHON_LIBRARY = /(?:^|\/)lib\/python(3\.\d+)(?:\/|$)/;
/** A virtual environment, or what `pip install --user` makes. */
const VIRTUAL_ENVIRONMENTS: ReadonlySet<string> = new Set([".venv", "venv", "virtualenv", "virtual_env", ".local"]);
const GEMS = /(?:^|\/)(?:usr\/local\/bundle|vendor\/bundle)(?:\/|$)|(?:^|\/)ruby\/(\d+\.\d+)\.0(?:\/|$)/;

function packagesAt(path: string): Packages | undefined {
  const library = path.includes("lib/python3") ? PYTHON_LIBRARY.exec(path) : null;
  if (library !== null) return { language: "Python", version: library[1] };
  const last = baseName(path.endsWith("/") ? path.slice(0, -1) : path);
  if (VIRTUAL_ENVIRONMENTS.has(last)) return { language: "Python", version: undefined };
  const gems = path.includes("bundle") || path.includes("ruby") ? GEMS.exec(path) : null;
  if (gems !== null) return { language: "Ruby", version: gems[1] };
  return last === "node_modules" ? { language: "Node.js", version: undefined } : undefined;
}

function ofPackages(place: Place): RuntimeMismatch | undefined {
  const packages = packagesAt(place.path);
  if (packages === undefined) return undefined;
  const { from, to, path, range, brought } = place;
  const { language } = packages;
  // The interpreter may come along.
  if (brought.hasInterpreter(language)) return undefined;
  const source = interpreterIn(from, language);
  const runtime = interpreterIn(to, language);
  const version = packages.version ?? source?.version;
  const native = language === "Node.js" ? nativeModulesAt(place) : undefined;
  const rest = { range, path, from, to, program: undefined } as const;
  if (runtime !== undefined && version !== undefined && version !== runtime.version) {
    const module = native?.get("version");
    if (language !== "Node.js" || module !== undefined) {
      const needs = `${language} ${version}`;
      return {
        ...rest,
        kind: "language-version",
        needs,
        has: `${language} ${runtime.version}`,
        module,
        isCertain: true,
      };
    }
  }
  const module = native?.get("library");
  const [made, there] = [from.facts?.libc, to.facts?.libc];
  if (!isLibrary(made) || !isLibrary(there) || made === there) return undefined;
  if (language === "Node.js" && module === undefined) return undefined;
  return { ...rest, kind: "libc", needs: made, has: there, module, isCertain: module !== undefined };
}

function isLibrary(libc: string | undefined): libc is "glibc" | "musl" {
  return libc === "glibc" || libc === "musl";
}

function interpreterIn({ image }: StageView, language: Interpreter["language"]): Interpreter | undefined {
  if (image === undefined) return undefined;
  const found = interpreterOf({ repository: image.name, tag: image.tag });
  return found?.language === language ? found : undefined;
}

const PREFIXES: ReadonlySet<string> = new Set(["/", "/usr", "/usr/local", "/usr/bin", "/usr/local/bin"]);

/** Whether a copy from a stage or image brings `/usr/local`, a folder of programs, or the interpreter by name. */
function bringsInterpreter({ from, sources }: CopyView, language: string): boolean {
  if (from.kind !== "stage" && from.kind !== "image") return false;
  const name = language === "Node.js" ? "node" : language.toLowerCase();
  return sources.some(({ path: written }) => {
    if (written === undefined) return true;
    const path = resolvePath("/", written);
    if (PREFIXES.has(path)) return true;
    const last = path.slice(path.lastIndexOf("/") + 1);
    return last.startsWith(name) && !path.includes("/lib/") && last !== "node_modules";
  });
}

type ModuleTable = ReadonlyMap<"library" | "version", string>;
const knownModules = new ModelMemo<StageView, Map<string, ModuleTable>>();

/** Native packages that the manifest beside a `node_modules` lists: one for each need, the first by the manifest's order. */
function nativeModulesAt({ from, path, project }: Place): ModuleTable {
  const folder = parentPath(resolvePath("/", path));
  let tables = knownModules.get(from);
  if (tables === undefined) {
    tables = new Map();
    knownModules.set(from, tables);
  }
  let table = tables.get(folder);
  if (table === undefined) {
    const file = fileBehind(from, joinPath(folder, "package.json"), project);
    table = file.kind === "file" ? nativeModulesOf(file.source.text) : new Map();
    tables.set(folder, table);
  }
  return table;
}

function nativeModulesOf(text: string): ModuleTable {
  const table = new Map<"library" | "version", string>();
  for (const [name, wanted] of nodeDependencies(text)) {
    const need = nativeModule(name, wanted);
    if (need === undefined) continue;
    if (!table.has("library")) table.set("library", name);
    if (need === "version" && !table.has("version")) table.set("version", name);
  }
  return table;
}

/** From this version on programs need the merged library: older ones cannot start them at all. */
const MERGED = 34;

function ofProgram(place: Place): RuntimeMismatch | undefined {
  const { from, to, path, range, brought, project } = place;
  const made = from.facts;
  const there = to.facts;
  const libc = to.isScratch ? "none" : there?.libc;
  if (made === undefined || !isLibrary(made.libc) || libc === undefined) return undefined;
  const isOlder = libc === "glibc" && made.libc === "glibc";
  const versions = isOlder ? glibcVersions(from, to) : undefined;
  if (isOlder && versions === undefined) return undefined;
  const program = programAt(from, path, project);
  if (program === undefined || program.linkage !== "dynamic") return undefined;
  const rest = { range, path, from, to, program, module: undefined } as const;
  if (versions !== undefined) {
    const isCertain = program.language !== "go" && versions.made >= MERGED && versions.there < MERGED;
    return { ...rest, kind: "older-glibc", needs: `glibc 2.${versions.made}`, has: `2.${versions.there}`, isCertain };
  }
  if (made.libc === libc || brought.hasLibrary) return undefined;
  // Go needs the library only for what it leaves to it, name lookup above all.
  const isCertain = program.language !== "go";
  const kind = program.language === "c" || made.libc === "musl" ? "libc" : "dynamic-binary";
  return { ...rest, kind, needs: made.libc, has: libc === "none" ? "no C library" : libc, isCertain };
}

/** The second number of each version of glibc; undefined when unknown, or when the image has the same or a later one. */
function glibcVersions(from: StageView, to: StageView): { readonly made: number; readonly there: number } | undefined {
  const [made, there] = [from, to].map(({ facts }) =>
    facts?.os === undefined ? undefined : Number(glibcOf(facts.os)?.split(".")[1] ?? Number.NaN),
  );
  if (made === undefined || there === undefined || !(made > there)) return undefined;
  return { made, there };
}

const COMPATIBILITY: ReadonlySet<string> = new Set([
  "gcompat",
  "libc6-compat",
  "glibc",
  "glibc-bin",
  "musl",
  "musl-dev",
]);

/** By a package, or by copies of it. */
function bringsLibrary(copies: readonly CopyView[], chain: readonly StageView[]): boolean {
  const isInstalled = chain.some(({ runs }) =>
    runs.some(({ packages }) =>
      packages.some((command) =>
        command.packages.some(({ name, shape }) => COMPATIBILITY.has(name ?? "") || shape.includes("glibc")),
      ),
    ),
  );
  if (isInstalled) return true;
  return copies.some(({ sources }) =>
    sources.some(
      ({ path }) => path === undefined || /(?:^|\/)(?:lib|lib64)(?:\/|$)|ld-linux|ld-musl|libc\.so/.test(path),
    ),
  );
}
