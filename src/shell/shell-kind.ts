import type { ShellFlags, ShellKind } from "./model.js";

/** A shell with its switches. */
export interface ShellSpec {
  readonly kind: ShellKind;
  readonly flags: ShellFlags;
  /** Whether one of the words holds `-c` (`/C`, `-Command`), so that a script may follow. */
  readonly takesScript: boolean;
}

/** No switch is on. */
export const NO_FLAGS: ShellFlags = { errexit: false, nounset: false, xtrace: false, pipefail: false };

const NAMES = new Map<string, ShellKind>([
  ["bash", "bash"],
  ["rbash", "bash"],
  ["sh", "sh-unknown"],
  ["dash", "sh-dash"],
  ["ash", "sh-busybox"],
  ["ksh", "ksh"],
  ["ksh93", "ksh"],
  ["mksh", "ksh"],
  ["zsh", "zsh"],
  ["powershell", "powershell"],
  ["pwsh", "powershell"],
  ["cmd", "cmd"],
]);

/** Last part of a path with `/` or `\`, without `.exe`; the text itself when it is no path. */
export function baseName(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return name.toLowerCase().endsWith(".exe") ? name.slice(0, -4).toLowerCase() : name;
}

/**
 * The kind that a program name or path stands for; `other` for programs that are no shell we know.
 *
 * @param sh what `sh` is in this image; `sh-unknown` when that is not known
 */
export function shellKindOfName(path: string, sh: ShellKind = "sh-unknown"): ShellKind {
  const kind = NAMES.get(baseName(path)) ?? "other";
  return kind === "sh-unknown" ? sh : kind;
}

/**
 * Reads the array of a SHELL instruction, or any argv that starts a shell.
 *
 * @param sh what `sh` is in this image; `sh-unknown` when that is not known
 */
export function shellKindOf(argv: readonly string[], sh: ShellKind = "sh-unknown"): ShellSpec {
  const [first = "", ...rest] = argv;
  const words = baseName(first) === "env" || baseName(first) === "busybox" ? rest : [first, ...rest];
  const program = words.findIndex((word) => !word.startsWith("-") && !word.includes("="));
  if (program === -1) return { kind: "other", flags: NO_FLAGS, takesScript: false };
  const kind = shellKindOfName(words[program] ?? "", sh);
  const options = words.slice(program + 1);
  if (kind === "powershell" || kind === "cmd") {
    const takesScript = options.some((word) => /^[-/](?:c|command)$/i.test(word));
    return { kind, flags: NO_FLAGS, takesScript };
  }
  return { kind, flags: readFlags(options, NO_FLAGS), takesScript: options.some(isCommandOption) };
}

/** Whether a word is a cluster of short options that holds `c`: `-c`, `-ec`, `-lc`. */
export function isCommandOption(word: string): boolean {
  return /^-[A-Za-z]*c[A-Za-z]*$/.test(word);
}

/** Switches after the options of a shell or of `set` were read from the left; words that are no options end them. */
export function readFlags(words: readonly string[], before: ShellFlags): ShellFlags {
  const flags = { ...before };
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (!/^[-+][A-Za-z-]/.test(word) || word === "--") break;
    if (word.startsWith("--")) continue;
    const isOn = word.startsWith("-");
    for (const letter of word.slice(1)) {
      if (letter === "e") flags.errexit = isOn;
      else if (letter === "u") flags.nounset = isOn;
      else if (letter === "x") flags.xtrace = isOn;
      else if (letter === "o") {
        index += 1;
        setByName(flags, words[index] ?? "", isOn);
      }
    }
  }
  return flags;
}

/** Turns one switch named as after `-o` on or off; other names change nothing. */
function setByName(flags: { -readonly [K in keyof ShellFlags]: boolean }, name: string, isOn: boolean): void {
  if (name === "errexit" || name === "nounset" || name === "xtrace" || name === "pipefail") flags[name] = isOn;
}

/** A shebang with the switches that it sets. Offsets are those of the script text. */
export interface Shebang extends ShellSpec {
  /** As written after `#!`, without blanks around. */
  readonly command: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads `#!…` at the very beginning of a heredoc body or script file; undefined without one.
 *
 * @param sh what `sh` is in this image
 */
export function shebangOf(text: string, sh: ShellKind = "sh-unknown"): Shebang | undefined {
  if (!text.startsWith("#!")) return undefined;
  const lineEnd = text.search(/[\r\n]/);
  const end = lineEnd === -1 ? text.length : lineEnd;
  const command = text.slice(2, end).trim();
  const spec = shellKindOf(command.split(/[ \t]+/), sh);
  return { ...spec, command, start: 0, end };
}
