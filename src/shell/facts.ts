import { accountsInWrite, accountsOf } from "./account-facts.js";
import type { ArgvCommand } from "./argv.js";
import { downloadsOf } from "./download-facts.js";
import type {
  AccountFact,
  DownloadFact,
  ExportFact,
  OpaqueFact,
  OwnershipFact,
  PathFact,
  RemovalFact,
  ScriptFacts,
  WriteFact,
} from "./fact-model.js";
import { ownershipOf, removalsOf, writesOf } from "./file-facts.js";
import type { Invocation, Script } from "./model.js";
import { opaqueOf } from "./opaque-facts.js";
import type { PackageAction, PackageCommand } from "./package-model.js";
import { packageCommand } from "./packages.js";
import { WrittenScript } from "./script.js";

const NO_FUNCTIONS: ReadonlySet<string> = new Set();

/** What a script leaves behind, as far as the script alone tells; each list is computed when asked for, and once. */
export function scriptFacts(script: Script): ScriptFacts {
  if (!(script instanceof WrittenScript)) return collect(script);
  script.facts ??= collect(script);
  return script.facts;
}

function collect(script: Script): ScriptFacts {
  return new CollectedFacts(
    () => script.invocations,
    script.functions,
    () => scriptDoubt(script),
  );
}

/** As {@link scriptFacts}, for an exec array and the scripts that it runs. */
export function argvFacts(command: ArgvCommand): ScriptFacts {
  const functions = new Set(command.scripts.flatMap((script) => [...script.functions]));
  return new CollectedFacts(
    () => command.invocations,
    functions.size === 0 ? NO_FUNCTIONS : functions,
    () => command.scripts.flatMap(scriptDoubt),
  );
}

/** Whether the script itself was read in full. */
function scriptDoubt(script: Script): readonly OpaqueFact[] {
  const { skipped, range } = script;
  if (skipped !== undefined) return [{ kind: "skipped", reason: skipped, range, invocation: undefined }];
  if (!script.partial) return [];
  const at = script.errors[0]?.range ?? range;
  return [{ kind: "partial", reason: "a part of it cannot be read", range: at, invocation: undefined }];
}

interface FileLists {
  readonly writes: readonly WriteFact[];
  readonly removedPaths: readonly RemovalFact[];
  readonly downloads: readonly DownloadFact[];
  readonly ownership: readonly OwnershipFact[];
}

class CollectedFacts implements ScriptFacts {
  readonly #list: () => readonly Invocation[];
  readonly #functions: ReadonlySet<string>;
  readonly #doubt: () => readonly OpaqueFact[];
  #packages: readonly PackageCommand[] | undefined;
  #files: FileLists | undefined;
  #accounts: readonly AccountFact[] | undefined;
  #opaque: readonly OpaqueFact[] | undefined;

  constructor(list: () => readonly Invocation[], functions: ReadonlySet<string>, doubt: () => readonly OpaqueFact[]) {
    this.#list = list;
    this.#functions = functions;
    this.#doubt = doubt;
  }

  get packageCommands(): readonly PackageCommand[] {
    if (this.#packages === undefined) {
      const found: PackageCommand[] = [];
      for (const invocation of this.#list()) {
        const command = packageCommand(invocation);
        if (command !== undefined) found.push(command);
      }
      this.#packages = found;
    }
    return this.#packages;
  }

  get installs(): readonly PackageCommand[] {
    return this.packageCommands.filter(({ action }) => action === "install" || action === "lock-install");
  }

  get removals(): readonly PackageCommand[] {
    return this.#byAction("remove");
  }

  get refreshes(): readonly PackageCommand[] {
    return this.#byAction("refresh");
  }

  get upgrades(): readonly PackageCommand[] {
    return this.#byAction("upgrade");
  }

  get cleanups(): readonly PackageCommand[] {
    return this.#byAction("clean");
  }

  get writes(): readonly WriteFact[] {
    return this.#fileLists().writes;
  }

  get removedPaths(): readonly RemovalFact[] {
    return this.#fileLists().removedPaths;
  }

  get downloads(): readonly DownloadFact[] {
    return this.#fileLists().downloads;
  }

  get ownership(): readonly OwnershipFact[] {
    return this.#fileLists().ownership;
  }

  get accounts(): readonly AccountFact[] {
    this.#accounts ??= [...this.#list().flatMap(accountsOf), ...this.writes.flatMap(accountsInWrite)].sort(
      (a, b) => a.invocation.index - b.invocation.index,
    );
    return this.#accounts;
  }

  get exports(): readonly ExportFact[] {
    const exports: ExportFact[] = [];
    for (const invocation of this.#list()) {
      if (invocation.name !== "export") continue;
      for (const { name, value, range, kind } of invocation.assignments) {
        if (kind === "declaration") exports.push({ name, value: value?.value, range, invocation });
      }
    }
    return exports;
  }

  get runByPath(): readonly PathFact[] {
    const paths: PathFact[] = [];
    for (const invocation of this.#list()) {
      const program = invocation.words[0];
      if (program?.shape.includes("/") !== true) continue;
      paths.push({ path: program.value, shape: program.shape, range: program.range, invocation });
    }
    return paths;
  }

  get opaque(): OpaqueFact | undefined {
    return this.opaqueCommands[0];
  }

  get opaqueCommands(): readonly OpaqueFact[] {
    if (this.#opaque === undefined) {
      const found = [...this.#doubt()];
      for (const invocation of this.#list()) {
        const fact = opaqueOf(invocation, this.#functions);
        if (fact !== undefined) found.push(fact);
      }
      this.#opaque = found;
    }
    return this.#opaque;
  }

  #byAction(action: PackageAction): readonly PackageCommand[] {
    return this.packageCommands.filter((command) => command.action === action);
  }

  #fileLists(): FileLists {
    if (this.#files === undefined) {
      const writes: WriteFact[] = [];
      const removedPaths: RemovalFact[] = [];
      const downloads: DownloadFact[] = [];
      const ownership: OwnershipFact[] = [];
      for (const invocation of this.#list()) {
        const fetched = downloadsOf(invocation);
        // Not `push(...list)`: a hostile command line has more items than a call can have arguments.
        for (const fact of fetched) downloads.push(fact);
        for (const fact of writesOf(invocation, fetched)) writes.push(fact);
        for (const fact of removalsOf(invocation)) removedPaths.push(fact);
        const change = ownershipOf(invocation);
        if (change !== undefined) ownership.push(change);
      }
      this.#files = { writes, removedPaths, downloads, ownership };
    }
    return this.#files;
  }
}
