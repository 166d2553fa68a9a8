import type { Invocation, ShellKind, Step } from "../shell/model.js";
import type { Edit } from "../text/source.js";
import { frontendBefore } from "./frontend.js";
import type { RunView } from "./model.js";

/** A RUN that reads better as a heredoc. */
export interface HeredocCandidate {
  readonly kind: "run" | "copy";
  /** Commands of the chain; 1 for a file. */
  readonly count: number;
  /** The file that is written, for kind `copy`. */
  readonly destination: string | undefined;
  /** Undefined where comments, an escape character or the user stand in the way. */
  readonly edits: readonly Edit[] | undefined;
}

const POSIX: ReadonlySet<ShellKind> = new Set(["bash", "sh-dash", "sh-busybox", "sh-bash", "sh-unknown", "ksh", "zsh"]);

/** What a RUN in shell form could be instead; undefined where it is short, or a heredoc would do something else. */
export function heredocCandidate(run: RunView, minCommands: number): HeredocCandidate | undefined {
  const { script, instruction, isOnbuild, stage } = run;
  if (isOnbuild || instruction.heredocs.length > 0 || script?.kind !== "shell-form") return undefined;
  if (!POSIX.has(script.shell) || script.partial || script.swallowed !== undefined) return undefined;
  const { steps } = script;
  const [first] = steps;
  if (first === undefined || frontendBefore(stage, 1, 4) === true) return undefined;
  if (steps.length <= 2) return fileCandidate(run, first, steps[1]);
  if (steps.length < minCommands) return undefined;
  const isChain = steps.every(
    ({ kind, after }, index) =>
      (kind === "command" || kind === "pipeline") &&
      (index === steps.length - 1 ? after === undefined : after?.operator === "&&"),
  );
  return isChain
    ? { kind: "run", count: steps.length, destination: undefined, edits: chainEdits(run, steps) }
    : undefined;
}

/** The same commands, a line each, behind `set -e`, which stops where `&&` did. */
function chainEdits({ instruction, stage }: RunView, steps: readonly Step[]): readonly Edit[] | undefined {
  const { dockerfile, source } = stage.build.dockerfile;
  if (source.embedding !== undefined || dockerfile.escape !== "\\") return undefined;
  const range = instruction.argumentsRange;
  const written = source.slice(range);
  if (/^[ \t]*#/m.test(written) || /^EOF$/m.test(written) || instruction.emptyContinuations.length > 0)
    return undefined;
  const [first] = steps;
  const stops = first?.invocation?.name === "set" && /^-\w*e/.test(first.invocation.args[0]?.value ?? "");
  const lines = [...(stops ? [] : ["set -e"]), ...steps.map((step) => source.slice(step.range))];
  return [{ range, text: `<<EOF\n${lines.join("\n")}\nEOF` }];
}

/** `echo` or `printf` of a text that is known into a file, with nothing but a `chmod` of it behind. */
function fileCandidate(run: RunView, first: Step, second: Step | undefined): HeredocCandidate | undefined {
  const { invocation } = first;
  const [redirect] = invocation?.redirects ?? [];
  if (invocation === undefined || invocation.redirects.length !== 1 || redirect?.kind !== "file") return undefined;
  if (redirect.operator !== ">" || redirect.descriptor !== undefined || invocation.via !== "direct") return undefined;
  const destination = literal(redirect.target);
  const content = contentOf(invocation);
  if (destination?.startsWith("/") !== true || destination.startsWith("/dev/") || content === undefined)
    return undefined;
  const mode = second === undefined ? undefined : modeOf(second, destination);
  if (second !== undefined && mode === undefined) return undefined;
  return { kind: "copy", count: 1, destination, edits: fileEdits(run, destination, content, mode) };
}

function fileEdits(run: RunView, destination: string, content: string, mode: string | undefined) {
  const { instruction, stage, user } = run;
  const { source } = stage.build.dockerfile;
  // COPY makes files of root, and knows no mounts.
  if (source.embedding !== undefined || user.isRoot !== "yes" || instruction.flags.length > 0) return undefined;
  if (/\s/.test(destination) || /^EOF$/m.test(content) || !content.endsWith("\n")) return undefined;
  if (/^[ \t]*#/m.test(source.slice(instruction.range))) return undefined;
  const name = /[$\\]/.test(content) ? "'EOF'" : "EOF";
  const flag = mode === undefined ? "" : `--chmod=${mode} `;
  return [{ range: instruction.range, text: `COPY ${flag}<<${name} ${destination}\n${content}EOF` }];
}

function contentOf({ name, args }: Invocation): string | undefined {
  const values = args.map(literal);
  const texts = values.flatMap((value) => (value === undefined ? [] : [value]));
  if (texts.length < values.length || texts.length === 0) return undefined;
  if (name === "echo") {
    // What a backslash or an option does differs between shells.
    return texts.some((text) => text.includes("\\")) || texts[0]?.startsWith("-") === true
      ? undefined
      : `${texts.join(" ")}\n`;
  }
  const [format] = texts;
  if (name !== "printf" || format === undefined || texts.length > 1 || format.includes("%")) return undefined;
  const text = format.replaceAll("\\n", "\n");
  return text.includes("\\") ? undefined : text;
}

function modeOf({ invocation }: Step, destination: string): string | undefined {
  if (invocation?.name !== "chmod" || invocation.args.length !== 2 || invocation.redirects.length > 0) return undefined;
  const [mode, path] = invocation.args.map(literal);
  if (path !== destination || mode === undefined) return undefined;
  if (mode === "+x" || mode === "a+x") return "755";
  return /^0?[0-7]{3}$/.test(mode) ? mode : undefined;
}

/** The value of a word that holds nothing which a shell looks up. */
function literal(word: Invocation["words"][number] | undefined): string | undefined {
  return word?.origin === "written" && word.parts.every(({ kind }) => kind === "literal") ? word.value : undefined;
}
