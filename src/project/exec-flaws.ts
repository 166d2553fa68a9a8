import { argvInvocation } from "../shell/argv.js";
import type { Invocation } from "../shell/model.js";
import { isCommandOption, shellKindOfName } from "../shell/shell-kind.js";
import type { Range } from "../text/source.js";
import { words as wordsIn } from "../text/words.js";
import { type ExecCommand, type ExecWord, passesOn } from "./exec-commands.js";

/** Something that only a shell understands, in words that no shell reads. */
export interface ExecFlaw {
  readonly kind: "operator" | "variable" | "glob" | "tilde" | "one-string" | "sh-c-split" | "first-word";
  /** As written, for messages. */
  readonly written: string;
  /** The program that gets it, without folder; empty when unknown. */
  readonly program: string;
  readonly range: Range;
  /** 0-based index of the word. */
  readonly index: number;
}

/** The first flaw of a command; undefined when there is none, or a shell reads the words after all. */
export function execFlaw(command: ExecCommand): ExecFlaw | undefined {
  const { words, entrypoint } = command;
  if (!words.some(mayMatter) && !mayBeShell(command)) return undefined;
  const first = words[0];
  if (first === undefined) return undefined;
  // What an entrypoint script hands on is started as it is. Words of another one have no place here.
  const nowhere = first.range.source.range(first.range.start, first.range.start);
  const kept = passesOn(entrypoint) ? [] : entrypoint;
  const before = kept.map((value) => ({ value, range: nowhere, rangeAt: () => nowhere }));
  const { invocation } = argvInvocation([...before, ...words], { sh: "sh-unknown" });
  if (invocation === undefined) return undefined;
  const split = splitScript(command);
  if (split !== "no-shell") return split;
  const { name = "" } = invocation;
  if (readers().has(name) || invocation.wrappers.some((wrapper) => readers().has(wrapper.name))) return undefined;
  const flaw = programFlaw(command, invocation);
  if (flaw !== undefined) return flaw;
  for (const index of words.keys()) {
    const found = wordFlaw(command, index, name);
    if (found !== undefined) return { ...found, program: name, index };
  }
  return undefined;
}

/** Whether a word holds anything but the characters of plain words and options. */
function mayMatter({ value }: ExecWord): boolean {
  return /[&|;<>`$*?~=\s]/.test(value) || builtins().has(value);
}

function mayBeShell({ words, entrypoint }: ExecCommand): boolean {
  return [...entrypoint, ...words.map(({ value }) => value)].some((word) => shellKindOfName(word) !== "other");
}

let readerNames: ReadonlySet<string> | undefined;

/** Programs that hand their arguments to a shell, or expand them by themselves. */
function readers(): ReadonlySet<string> {
  readerNames ??= new Set(
    wordsIn(
      "watch ssh su runuser screen tmux script parallel eval concurrently nodemon watchexec entr reflex envsubst docker " +
        "kubectl expect cmd powershell pwsh logstash elasticsearch filebeat metricbeat heartbeat gomplate confd dockerize " +
        "consul-template vault-env chamber doppler foreman forego honcho",
    ),
  );
  return readerNames;
}

let builtinNames: ReadonlySet<string> | undefined;

/** Words of a shell with which no program can be meant. */
function builtins(): ReadonlySet<string> {
  builtinNames ??= new Set(wordsIn("cd export source exec . set unset umask alias if for while"));
  return builtinNames;
}

/**
 * A shell with `-c` takes one word for its script. `no-shell`: none of the words starts one; undefined: it reads its script.
 */
function splitScript({ words, entrypoint }: ExecCommand): ExecFlaw | undefined | "no-shell" {
  const all = [...entrypoint, ...words.map(({ value }) => value)];
  const shell = all.findIndex((word, index) => shellKindOfName(word) !== "other" && isOption(all[index + 1]));
  if (shell === -1) return "no-shell";
  const option = all.findIndex((word, index) => index > shell && isCommandOption(word));
  if (option === -1) return all.slice(shell + 1).some((word) => /^[-/]c/i.test(word)) ? undefined : "no-shell";
  const script = all[option + 1];
  const extra = all[option + 2];
  if (script === undefined || extra === undefined || /\s/.test(script) || /\$[@*#\d{]/.test(script)) return undefined;
  // `sh -c script name`: the word after the script is its `$0`.
  if (extra === "--" || shellKindOfName(extra) !== "other" || script.includes("/")) return undefined;
  const index = Math.max(0, option + 2 - entrypoint.length);
  const word = words[index];
  if (word === undefined) return undefined;
  return { kind: "sh-c-split", written: script, program: all[shell] ?? "sh", range: word.range, index };
}

function isOption(word: string | undefined): boolean {
  return word?.startsWith("-") === true || word?.startsWith("/") === true;
}

/** The word that is taken for the program is a whole command line, or belongs to a shell. */
function programFlaw(command: ExecCommand, { words: effective, wrappers }: Invocation): ExecFlaw | undefined {
  const { words, form, from } = command;
  const [first, second] = words;
  // `exec` and the like are looked through, yet stand where the program is looked for.
  const isProgram = effective[0]?.range === first?.range || wrappers[0]?.range === first?.range;
  if (first === undefined || !isProgram || first.isQuoted) return undefined;
  const place = { program: "", range: first.range, index: 0 };
  if (form === "list" && second === undefined && /^\S+\s+\S/.test(first.value.trim())) {
    return { kind: "one-string", written: first.text.trim(), ...place };
  }
  if (from === "dockerfile" || second === undefined) return undefined;
  const isAssignment = /^[A-Za-z_]\w*=/.test(first.value);
  return builtins().has(first.value) || isAssignment
    ? { kind: "first-word", written: first.text, ...place }
    : undefined;
}

const OPERATOR = /^(?:\|\||&&|>>|\d?>&\d|\d>{1,2}\S*|&>{1,2}\S*|>\/\S+)$/;
const SIGN = /^[;|&<>]$/;
const SUBSTITUTION = /^(?:--?[\w-]+=)?(?:`[^`]+`|\$\([^()]+\))$/;

/** Programs for which a single sign is a plain argument. */
const SIGN_READERS: ReadonlySet<string> = new Set(
  "find tr cut grep egrep sed awk gawk jq yq expr test [ sort paste column psql mysql redis-cli echo printf".split(" "),
);

type WordFlaw = Pick<ExecFlaw, "kind" | "written" | "range">;

function wordFlaw({ words, form, from }: ExecCommand, index: number, program: string): WordFlaw | undefined {
  const word = words[index];
  if (word === undefined) return undefined;
  const { value, range, isQuoted } = word;
  const before = words[index - 1]?.value ?? "";
  if (!isQuoted && index > 0 && isOperator(value, before, program)) return { kind: "operator", written: value, range };
  if (
    form === "text" &&
    !isQuoted &&
    value.length > 1 &&
    value.endsWith(";") &&
    index < words.length - 1 &&
    program !== "find"
  ) {
    return { kind: "operator", written: ";", range: word.rangeAt(value.length - 1, value.length) };
  }
  if (!isQuoted && SUBSTITUTION.test(value)) return { kind: "operator", written: value, range };
  if (value.includes("$") && (from === "dockerfile" || range.source.slice(range).includes("$$"))) {
    const name = variableIn(value, before, program);
    if (name !== undefined) return { kind: "variable", written: name, range };
  }
  const isFile = FILE_READERS.has(program) || (program === "java" && before === "-jar");
  if (index > 0 && isFile && /[*?]/.test(value) && !value.startsWith("-"))
    return { kind: "glob", written: value, range };
  if ((isFile || index === 0) && value.startsWith("~/")) return { kind: "tilde", written: value, range };
  return undefined;
}

function isOperator(value: string, before: string, program: string): boolean {
  if (OPERATOR.test(value)) return program !== "find" && program !== "expr" && program !== "[" && program !== "test";
  return SIGN.test(value) && !before.startsWith("-") && !SIGN_READERS.has(program);
}

/** Programs that take files and expand nothing. */
const FILE_READERS: ReadonlySet<string> = new Set(
  "cp mv rm ls cat chmod chown chgrp mkdir touch ln head wc du install".split(" "),
);
/** Options whose value is code or a pattern. */
const CODE_OPTION =
  /^(?:-[a-zA-Z]*[cerEp]|--(?:eval|exec|execute|command|print|query|filter|format|expression|regex|require))$/;
/** Programs with variables of their own. */
const OWN_VARIABLES: ReadonlySet<string> = new Set(
  "awk gawk mawk sed perl jq yq nginx mongosh mongo psql mysql envoy otelcol fluent-bit fluentd telegraf vector traefik caddy make".split(
    " ",
  ),
);

/** `$NAME` alone, in capitals after a sign, or `${NAME}`. */
const WHOLE = /^\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*(?::?[-+?][^}]*)?\})$/;
const PART = /(?<=^|[=:/@,.\s-])\$(?:[A-Z_][A-Z0-9_]*|\{[A-Z_][A-Z0-9_]*(?::?[-+?][^}]*)?\})/;

function variableIn(value: string, before: string, program: string): string | undefined {
  if (OWN_VARIABLES.has(program) || program.startsWith("otelcol") || CODE_OPTION.test(before)) return undefined;
  if (WHOLE.test(value)) return value;
  // Spring and others fill in `--key=${NAME}` by themselves.
  if (program === "java" && value.startsWith("-")) return undefined;
  if (value.includes("\n") || /[();]\s*$/.test(value)) return undefined;
  return PART.exec(value)?.[0];
}
