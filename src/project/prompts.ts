import type { Invocation } from "../shell/model.js";
import { packageCommand } from "../shell/packages.js";
import type { Edit, Range } from "../text/source.js";
import type { RunView } from "./model.js";

/** A program that is no package manager of the shell model, or has no verb, and asks before it does its work. */
export interface AskingProgram {
  /** As people call it: `npx cowsay`. */
  readonly said: string;
  readonly range: Range;
  /** What answers; undefined when only input does. */
  readonly option: string | undefined;
  readonly edit: Edit | undefined;
}

/**
 * Whether a command asks nobody: its input comes from a pipe, a file or a text, or one of its words is unknown and unquoted,
 * so that it may bring the option.
 */
export function hasAnswer({ pipeline, redirects, args }: Invocation): boolean {
  if ((pipeline?.position ?? 0) > 0) return true;
  if (redirects.some(({ kind, operator }) => kind !== "file" || operator === "<")) return true;
  // `$APT_OPTIONS`, `$@`: an option as likely as a package.
  return args.some(({ value, isQuoted, parts }) => {
    const [part] = parts;
    if (value !== undefined || isQuoted || parts.length !== 1 || part?.kind !== "variable") return false;
    return /opt|arg|flag|param|yes|^[@*]$/i.test(part.name);
  });
}

/** The question that a command asks; undefined when it asks none, or somebody answers. */
export function askingProgram(invocation: Invocation, run: RunView): AskingProgram | undefined {
  switch (invocation.name) {
    case "npx":
      return npx(invocation, run);
    case "add-apt-repository":
      return adding(invocation);
    case "sdkmanager":
      return sdkmanager(invocation);
    default:
      return undefined;
  }
}

/** npx asks only for what it would have to fetch: what the project installs is there. */
function npx(invocation: Invocation, run: RunView): AskingProgram | undefined {
  const command = packageCommand(invocation);
  const [program] = command?.packages ?? [];
  if (command === undefined || command.assumesYes || program?.name === undefined || hasAnswer(invocation))
    return undefined;
  const { options } = command;
  if (options.has("--no", "--no-install", "--offline", "--ignore-existing") || !isFetched(run, invocation))
    return undefined;
  const { nameRange } = invocation;
  return { said: `npx ${program.name}`, range: nameRange, option: "--yes", edit: behind(invocation, "--yes") };
}

/** Layers looked at for an install. */
const MOST_LAYERS = 300;

/** Whether no earlier command may have installed the packages of a project. */
function isFetched(run: RunView, invocation: Invocation): boolean {
  return run.stage.lineage.every(
    (member) =>
      member.layers.length <= MOST_LAYERS &&
      member.layers.every((layer) => {
        if (layer.kind === "copy") {
          return layer.copy.step.index > run.step.index || layer.copy.sources.every(({ kind }) => kind === "heredoc");
        }
        if (member === run.stage && layer.run.step.index > run.step.index) return true;
        return layer.run.packages.every(
          ({ family, action, invocation: other }) =>
            (layer.run === run && other.index >= invocation.index) ||
            !["npm", "yarn", "pnpm", "bun"].includes(family) ||
            (action !== "install" && action !== "lock-install"),
        );
      }),
  );
}

function adding(invocation: Invocation): AskingProgram | undefined {
  const { args, nameRange } = invocation;
  const says = args.some(({ shape }) => /^-[a-zA-Z]*[yLh]|^--(?:yes|list|help|assume-yes)$/.test(shape));
  if (says || args.length === 0 || hasAnswer(invocation)) return undefined;
  return { said: "add-apt-repository", range: nameRange, option: "-y", edit: behind(invocation, "-y") };
}

/** It asks for each licence; one command that accepts all of them may stand anywhere before. */
function sdkmanager(invocation: Invocation): AskingProgram | undefined {
  const { args, nameRange } = invocation;
  const isQuestion = args.some(({ shape }) => /^--(?:list\w*|version|help)/.test(shape));
  if (isQuestion || args.length === 0 || hasAnswer(invocation)) return undefined;
  const others = invocation.script?.invocations ?? [];
  const accepts = others.some(
    (other) =>
      other.name === "sdkmanager" &&
      (hasAnswer(other) || other.args.some(({ shape }) => shape === "--licenses")) &&
      other !== invocation,
  );
  return accepts ? undefined : { said: "sdkmanager", range: nameRange, option: undefined, edit: undefined };
}

function behind({ nameRange, via, words }: Invocation, option: string): Edit | undefined {
  if (words[0]?.origin !== "written" || via === "exec-form") return undefined;
  return { range: nameRange.source.range(nameRange.end, nameRange.end), text: ` ${option}` };
}
