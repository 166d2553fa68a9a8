import {
  BUILD_STEP_KEYS,
  CREDENTIAL_COMMANDS,
  CREDENTIAL_LONG_OPTIONS,
  CREDENTIAL_OPTIONS,
  type CredentialCommand,
  type CredentialOptions,
  REGISTRY_KEYS,
  WITHOUT_LONG_OPTIONS,
} from "../data/credential-options.js";
import { HOLE, type Invocation, type Word } from "../shell/model.js";
import { type Range, textOf } from "../text/source.js";
import { type SecretNameOptions, secretName } from "../values/secret-name.js";
import { findAuthorizationHeaders } from "../values/secret-url.js";
import { describeSecretValue, secretValue } from "../values/secret-value.js";
import { judgeSecret, type SecretVerdict, secretVerdict } from "../values/secret-verdict.js";

/** A literal credential on a command line. */
export interface CommandSecret {
  /** What it is given to, for messages: `curl -u`. */
  readonly holder: string;
  /** What it is, without any character of it: `a literal of 8 characters`. */
  readonly description: string;
  /** The value; the whole word when it is joined to an option. */
  readonly range: Range;
  readonly masked: Range;
  readonly certainty: SecretVerdict["certainty"];
  /** The command stores it for later ones. */
  readonly isSetUp: boolean;
  /** Text of the value, for policies that allow some; never printed. */
  readonly value: string;
}

const STRONG = { kind: "strong", isSentToBrowsers: false } as const;

/**
 * Literal credentials among the words and assignments of a command. Values that a variable, a substitution or a Compose
 * variable brings are none.
 */
export function* secretsOfCommand(invocation: Invocation, names: SecretNameOptions): Iterable<CommandSecret> {
  for (const { name, nameRange, value, kind } of invocation.assignments) {
    if (value === undefined || kind === "statement") continue;
    yield* ofAssignment(name, nameRange, value, names);
  }
  const { words } = invocation;
  const [first] = words;
  if (first === undefined) return;
  // A command of options alone is given to the program of the image.
  const isProgram = !first.shape.startsWith("-");
  const program = isProgram ? (invocation.name ?? "") : "";
  const args = isProgram ? invocation.args : words;
  yield* ofOptions(program, args, names);
  yield* ofOperands(program, args);
  if (program === "htpasswd") yield* ofHtpasswd(args);
  if (program === "gh" && args[0]?.value === "auth") yield* ofHereStrings(invocation);
}

function* ofAssignment(name: string, nameRange: Range, value: Word, names: SecretNameOptions): Iterable<CommandSecret> {
  const text = literalOf(value, 0);
  const secret = text === undefined ? undefined : judgeSecret(name, text, names);
  if (text === undefined || secret === undefined) return;
  const { certainty, witness } = secret.verdict;
  if (witness === "literal" && BUILD_STEP_KEYS.has(name.toUpperCase())) return;
  const description = describeSecretValue(secret.value);
  const isToken = witness === "token";
  const range = isToken ? value.range : nameRange;
  yield { holder: name, description, range, masked: value.range, certainty, isSetUp: false, value: text };
}

function* ofOptions(program: string, args: readonly Word[], names: SecretNameOptions): Iterable<CommandSecret> {
  const own = optionsOf(program, args);
  for (const [index, word] of args.entries()) {
    const { shape } = word;
    if (shape === "--") return;
    if (!shape.startsWith("-") || shape.length < 2) continue;
    const equals = shape.indexOf("=");
    const option = equals === -1 ? shape : shape.slice(0, equals);
    const next = args[index + 1];
    const isSetUp = own?.isSetUp === true;
    if (own !== undefined) {
      const found = ofOwnOption(program, own, word, next);
      if (found !== undefined) {
        yield* found.map((secret) => ({ ...secret, isSetUp }));
        continue;
      }
    }
    if (!shape.startsWith("--") && !shape.startsWith("-D")) continue;
    if (WITHOUT_LONG_OPTIONS.get(program)?.has(option) === true) continue;
    if (equals !== -1) {
      const { kind } = secretName(option.replace(/^-D|^--/, ""), names);
      if (kind === "strong" || kind === "exact") yield* judged(`${program} ${option}`, word, equals + 1, isSetUp);
    } else if (CREDENTIAL_LONG_OPTIONS.has(shape) && next !== undefined && !next.shape.startsWith("-")) {
      yield* judged(`${program} ${option}`, next, 0, isSetUp);
    }
  }
}

/** What the program's own options say of a word; undefined when they say nothing. */
function ofOwnOption(
  program: string,
  own: CredentialOptions,
  word: Word,
  next: Word | undefined,
): CommandSecret[] | undefined {
  const { shape } = word;
  const joined = valueStart(shape, own.withValue) ?? valueStart(shape, own.joinedOnly);
  if (joined !== undefined) return [...judged(`${program} ${shape.slice(0, joined).replace(/=$/, "")}`, word, joined)];
  const user = valueStart(shape, own.withUser);
  if (user !== undefined) return [...ofPair(`${program} ${shape.slice(0, user).replace(/=$/, "")}`, word, user)];
  const header = valueStart(shape, own.withHeader);
  if (header !== undefined)
    return [...ofHeader(`${program} ${shape.slice(0, header).replace(/=$/, "")}`, word, header)];
  const holder = `${program} ${shape}`;
  if (next === undefined) return undefined;
  if (own.withValue?.includes(shape)) return [...judged(holder, next, 0)];
  if (own.withUser?.includes(shape)) return [...ofPair(holder, next, 0)];
  if (own.withHeader?.includes(shape)) return [...ofHeader(holder, next, 0)];
  const prefixed = own.withPrefix;
  if (prefixed?.options.includes(shape) && next.shape.startsWith(prefixed.prefix)) {
    return [...judged(holder, next, prefixed.prefix.length)];
  }
  return undefined;
}

/** Where the value begins in `-pX` or `--password=X`; undefined when the word is none of the options with a value in it. */
function valueStart(shape: string, options: readonly string[] | undefined): number | undefined {
  for (const option of options ?? []) {
    if (shape.length <= option.length || !shape.startsWith(option)) continue;
    if (shape[option.length] === "=") return option.length + 1;
    // Options of one dash and several letters are words of their own.
    if (option.length === 2) return option.length;
  }
  return undefined;
}

function optionsOf(program: string, args: readonly Word[]): CredentialOptions | undefined {
  const own = CREDENTIAL_OPTIONS.get(program);
  if (own?.verb === undefined) return own;
  return args.some(({ value }) => value === own.verb) ? own : undefined;
}

const STORING_PROGRAMS: ReadonlySet<string> = new Set(CREDENTIAL_COMMANDS.map(({ program }) => program));

function* ofOperands(program: string, args: readonly Word[]): Iterable<CommandSecret> {
  if (!STORING_PROGRAMS.has(program)) return;
  for (const command of CREDENTIAL_COMMANDS) {
    if (command.program !== program) continue;
    const operands = args.filter(({ shape }) => !shape.startsWith("-"));
    if (!command.verbs.every((verb, index) => isVerb(operands[index], verb))) continue;
    const rest = operands.slice(command.verbs.length);
    yield* ofCommand(command, rest);
    return;
  }
}

function isVerb(word: Word | undefined, verb: string): boolean {
  if (word === undefined) return false;
  return verb.endsWith("*") ? word.shape.startsWith(verb.slice(0, -1)) : word.value === verb;
}

function* ofCommand(
  { program, verbs, operand, form }: CredentialCommand,
  rest: readonly Word[],
): Iterable<CommandSecret> {
  const holder = `${program} ${verbs.filter((verb) => !verb.endsWith("*")).join(" ")}`;
  const word = rest[operand];
  if (word === undefined) return;
  if (form === "value") yield* judged(holder, word, 0, true);
  else if (form === "pair") {
    for (const secret of ofPair(holder, word, 0)) yield { ...secret, isSetUp: true };
  } else {
    const equals = word.shape.indexOf("=");
    const key = equals === -1 ? word.shape : word.shape.slice(0, equals);
    if (!REGISTRY_KEYS.some((end) => key.endsWith(end))) return;
    const value = equals === -1 ? rest[operand + 1] : word;
    if (value !== undefined) yield* judged(holder, value, equals + 1, true);
  }
}

/** `htpasswd -b FILE USER PASSWORD`, or `-nb USER PASSWORD`. */
function* ofHtpasswd(args: readonly Word[]): Iterable<CommandSecret> {
  const letters = args.filter(({ shape }) => /^-[A-Za-z]+$/.test(shape)).map(({ shape }) => shape);
  if (!letters.some((cluster) => cluster.includes("b"))) return;
  const operands = args.filter(({ shape }) => !shape.startsWith("-"));
  const word = operands[letters.some((cluster) => cluster.includes("n")) ? 1 : 2];
  if (word !== undefined) yield* judged("htpasswd -b", word, 0);
}

function* ofHereStrings({ redirects }: Invocation): Iterable<CommandSecret> {
  for (const redirect of redirects) {
    if (redirect.kind === "here-string" && redirect.target !== undefined) {
      yield* judged("gh auth login", redirect.target, 0, true);
    }
  }
}

/** `user:password` from an offset of a word on. */
function* ofPair(holder: string, word: Word, from: number): Iterable<CommandSecret> {
  const colon = word.shape.indexOf(":", from);
  if (colon === -1) return;
  for (const secret of judged(holder, word, colon + 1)) {
    const masked = word.rangeAt(from, word.shape.length);
    yield { ...secret, masked, range: from === 0 ? word.range : secret.range };
  }
}

/** `Name: value`, where the name is that of a secret. */
function* ofHeader(holder: string, word: Word, from: number): Iterable<CommandSecret> {
  const { shape } = word;
  const [credential] = findAuthorizationHeaders(shape);
  if (credential !== undefined) {
    const { start, end, certainty, description } = credential;
    const value = shape.slice(start, end);
    if (value.includes(HOLE)) return;
    const range = word.rangeAt(start, end);
    if (isWrittenElsewhere(range, value)) return;
    yield { holder, description, range, masked: range, certainty, isSetUp: false, value };
    return;
  }
  const colon = shape.indexOf(":", from);
  if (colon === -1 || /^authorization$/i.test(shape.slice(from, colon))) return;
  const { kind } = secretName(shape.slice(from, colon));
  if (kind !== "strong" && kind !== "exact") return;
  const start = colon + 1 + (/^\s*/.exec(shape.slice(colon + 1))?.[0].length ?? 0);
  for (const secret of judged(holder, word, start)) yield { ...secret, range: secret.masked };
}

/** The verdict about a word from an offset on. */
function* judged(holder: string, word: Word, from: number, isSetUp = false): Iterable<CommandSecret> {
  const text = literalOf(word, from);
  if (text === undefined) return;
  const value = secretValue(text);
  const verdict = secretVerdict(STRONG, value);
  if (verdict === undefined) return;
  const description = describeSecretValue(value);
  const masked = word.rangeAt(from, word.shape.length);
  yield {
    holder: holder.trim(),
    description,
    range: word.range,
    masked,
    certainty: verdict.certainty,
    isSetUp,
    value: text,
  };
}

/** The text of a word from an offset on when all of it is written there; what a Compose file defaults to counts. */
function literalOf(word: Word, from: number): string | undefined {
  if (word.origin !== "written" || word.shape.includes(HOLE)) return undefined;
  if (word.parts.some(({ kind }) => kind === "variable" || kind === "command" || kind === "process")) return undefined;
  const text = word.shape.slice(from);
  const range = word.rangeAt(from, word.shape.length);
  return isWrittenElsewhere(range, text) ? undefined : text;
}

/** Whether a Compose variable without a default brings the text: then the file does not hold it. */
function isWrittenElsewhere(range: Range, text: string): boolean {
  const written = textOf(range);
  return written.includes("$") && !written.includes(text);
}
