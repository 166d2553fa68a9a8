import type { ShellKind as BaseShell } from "../data/base-image-model.js";
import type { CommandText, JsonItem } from "../dockerfile/command-text.js";
import type { Step } from "../dockerfile/evaluate.js";
import { type ArgvItem, argvInvocation } from "../shell/argv.js";
import type { ScriptFacts } from "../shell/fact-model.js";
import { argvFacts, scriptFacts } from "../shell/facts.js";
import type { Invocation, Script, ShellFlags, ShellKind, VariableLookup } from "../shell/model.js";
import { parseScript } from "../shell/script.js";
import { NO_FLAGS, shebangOf, shellKindOf } from "../shell/shell-kind.js";

/** The commands of RUN, CMD, ENTRYPOINT or HEALTHCHECK. */
export interface CommandModel {
  /** Undefined in exec form. */
  readonly script: Script | undefined;
  /** In source order, those of nested scripts included. */
  readonly commands: readonly Invocation[];
  /** Decoded words of exec form; undefined in shell form. */
  readonly argv: readonly string[] | undefined;
  /** What the commands leave behind. */
  readonly facts: ScriptFacts;
}

/** What a command runs in. */
export interface CommandScope {
  readonly step: Step;
  /** SHELL in effect; undefined for the platform's own. */
  readonly shell: readonly string[] | undefined;
  /** What `/bin/sh` of the base is. */
  readonly sh: ShellKind;
  readonly isWindows: boolean;
}

/** Reads the text of a command; parsing waits until something of the result is asked for. */
export function readCommand(text: CommandText, scope: CommandScope): CommandModel {
  const variables = lookupOf(scope.step);
  if (text.kind === "json") return readArgv(text.items, scope.sh, variables);
  if (text.text === "") return readArgv([], scope.sh, variables);
  const spec = shellSpec(scope);
  const written = text.script;
  const shebang = written.kind === "body" ? shebangOf(written.text, scope.sh) : undefined;
  const script = parseScript({
    text: written.text,
    toRange: written.toRange,
    shell: shebang?.kind ?? spec.kind,
    flags: shebang?.flags ?? spec.flags,
    variables,
    kind: written.kind === "body" ? "heredoc" : "shell-form",
  });
  return new ScriptCommand(script);
}

class ScriptCommand implements CommandModel {
  readonly script: Script;
  readonly argv = undefined;

  constructor(script: Script) {
    this.script = script;
  }

  get commands(): readonly Invocation[] {
    return this.script.invocations;
  }

  get facts(): ScriptFacts {
    return scriptFacts(this.script);
  }
}

function readArgv(items: readonly JsonItem[], sh: ShellKind, variables: VariableLookup): CommandModel {
  const words: ArgvItem[] = items.map(({ value, range, script }) => ({ value, range, rangeAt: script.toRange }));
  const command = argvInvocation(words, { sh, variables });
  return {
    script: undefined,
    commands: command.invocations,
    argv: items.map(({ value }) => value),
    facts: argvFacts(command),
  };
}

function shellSpec({ shell, sh, isWindows }: CommandScope): { readonly kind: ShellKind; readonly flags: ShellFlags } {
  if (shell !== undefined) return shellKindOf(shell, sh);
  return { kind: isWindows ? "cmd" : sh, flags: NO_FLAGS };
}

/** Values that ARG and ENV give to a shell; what is unset stays unknown, for a base image may set it. */
function lookupOf(step: Step): VariableLookup {
  return (name) => {
    const binding = step.lookup(name);
    return binding.kind === "known" ? binding.value : undefined;
  };
}

/** The kind of `sh` that an image of the table has. */
export function shKind(shell: BaseShell | undefined): ShellKind {
  switch (shell) {
    case "dash":
      return "sh-dash";
    case "busybox":
      return "sh-busybox";
    case "bash":
      return "sh-bash";
    case "cmd":
      return "cmd";
    default:
      return "sh-unknown";
  }
}
