import type { Command, Service } from "../compose/model.js";
import type { Node, ScalarNode, VariableUse } from "../compose/node-model.js";
import { baseName } from "../files/path.js";
import type { Range } from "../text/source.js";
import type { Project } from "./model.js";

/** A variable in a command that Compose replaces, though it is one of the container. */
export interface ReplacedVariable {
  readonly use: VariableUse;
  /** Where the container gets it; undefined for an image that is built elsewhere in this project. */
  readonly setAt: Range | undefined;
  /** The service itself sets it to a text that is written there. */
  readonly isLiteral: boolean;
  /** A shell runs the command, and would put it in. */
  readonly hasShell: boolean;
}

/** A doubled dollar in a command that no shell runs: the program gets a dollar and a name. */
export interface UnexpandedVariable {
  readonly range: Range;
  /** The name with its dollar, as the program gets it. */
  readonly text: string;
}

/** Commands of a service as they are written, and whether a shell runs them: `unknown` where the image decides. */
interface WrittenCommand {
  readonly scalars: readonly ScalarNode[];
  readonly shell: "yes" | "no" | "unknown";
}

/** Variables in the commands of a service that Compose replaces by nothing or a default, and that its container has. */
export function* replacedVariables(service: Service, project: Project): Iterable<ReplacedVariable> {
  for (const { scalars, shell } of writtenCommands(service)) {
    for (const scalar of scalars) {
      for (const use of scalar.uses) {
        if (use.outcome === "value" || use.operator === ":+" || use.operator === "+") continue;
        if (service.variant.project.knownVariables.has(use.name)) continue;
        const setting = settingOf(use, service, project);
        if (setting !== undefined) yield { use, ...setting, hasShell: shell === "yes" };
      }
    }
  }
}

/** Doubled dollars where no shell is. */
export function* unexpandedVariables(service: Service): Iterable<UnexpandedVariable> {
  for (const { scalars, shell } of writtenCommands(service)) {
    if (shell !== "no") continue;
    for (const { written } of scalars) {
      let at = written === undefined ? -1 : written.text.indexOf("$$");
      while (written !== undefined && at !== -1) {
        const end = nameEnd(written.text, at + 2);
        if (end !== undefined) yield { range: written.rangeOf(at, end), text: written.text.slice(at + 1, end) };
        at = written.text.indexOf("$$", end ?? at + 2);
      }
    }
  }
}

/** Where the name that stands at an offset ends, with its braces; undefined when none does. */
function nameEnd(text: string, at: number): number | undefined {
  const start = text[at] === "{" ? at + 1 : at;
  let end = start;
  while (end < text.length && isNamePart(text.charCodeAt(end), end > start)) end += 1;
  if (end === start) return undefined;
  if (start === at) return end;
  return text[end] === "}" ? end + 1 : undefined;
}

function isNamePart(code: number, mayBeDigit: boolean): boolean {
  if ((code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95) return true;
  return mayBeDigit && code >= 48 && code <= 57;
}

function* writtenCommands(service: Service): Iterable<WrittenCommand> {
  const { entries } = service.node;
  const test = service.at("healthcheck", "test");
  if (test !== undefined) {
    const scalars = scalarsOf(test);
    const isExec = test.kind === "sequence" && scalars[0]?.resolved === "CMD";
    yield { scalars, shell: isExec && !namesShell(scalars) ? "no" : "yes" };
  }
  const entrypoint = scalarsOf(entries.get("entrypoint")?.value);
  if (entrypoint.length > 0) yield { scalars: entrypoint, shell: namesShell(entrypoint) ? "yes" : "no" };
  const command = scalarsOf(entries.get("command")?.value);
  if (command.length > 0) {
    const shell = namesShell(command) || namesShell(entrypoint) ? "yes" : "unknown";
    yield { scalars: command, shell };
  }
  if (entries.has("post_start") || entries.has("pre_stop") || entries.has("pre_start")) {
    for (const { command: hook } of service.hooks) yield ofHook(hook);
  }
}

function ofHook(command: Command | undefined): WrittenCommand {
  const scalars = scalarsOf(command?.node);
  return { scalars, shell: namesShell(scalars) ? "yes" : "no" };
}

function scalarsOf(node: Node | undefined): readonly ScalarNode[] {
  if (node === undefined || node.kind === "mapping") return [];
  return node.kind === "scalar" ? [node] : node.items.filter((item) => item.kind === "scalar");
}

const SHELLS: ReadonlySet<string> = new Set("sh bash ash dash zsh ksh su eval envsubst cmd powershell pwsh".split(" "));

/** Whether one of the words is a shell, or something that hands its text to one. */
function namesShell(scalars: readonly ScalarNode[]): boolean {
  return scalars.some(({ resolved }) => {
    if (!resolved.includes(" ")) return SHELLS.has(baseName(resolved));
    return scalars.length === 1 && resolved.split(" ").some((word) => SHELLS.has(baseName(word)));
  });
}

function settingOf({ name, operator, argument }: VariableUse, service: Service, project: Project) {
  const own = service.environment.get(name);
  if (own !== undefined) {
    // Taken from where Compose takes its own variables: both are the same.
    if (own.value === undefined || own.value.node.uses.some((use) => use.name === name)) return undefined;
    if (operator !== "" && argument === own.value.value) return undefined;
    return { setAt: own.keyRange, isLiteral: own.value.node.uses.length === 0 };
  }
  for (const { file, path } of service.envFiles) {
    if (file !== undefined && service.variant.envFileNames(file)?.has(name) === true) {
      return { setAt: path.range, isLiteral: false };
    }
  }
  const image = project.imageOf(service);
  const pair = image.kind === "stage" ? image.stage.evaluated.env.get(name)?.pair : undefined;
  return pair === undefined ? undefined : { setAt: pair.range, isLiteral: false };
}
