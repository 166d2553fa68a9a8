import { CREDENTIAL_STORES, type CredentialStore, PRINTERS } from "../data/credential-stores.js";
import { baseName, isWithin } from "../files/path.js";
import type { Invocation, Word } from "../shell/model.js";
import type { Range } from "../text/source.js";
import { absolutePath } from "./late-removals.js";
import type { RunView } from "./model.js";
import { type SecretMount, secretMountsOf } from "./secret-mounts.js";

/** A mounted secret that a RUN writes to where it stays. */
export interface MountLeak {
  readonly kind: "persisted" | "log";
  /** The words that do it: `npm config set`, `cp`, a redirect. */
  readonly range: Range;
  /** For messages: `npm config set`, `cp`. */
  readonly verb: string;
  /** Id of the secret. */
  readonly id: string;
  /** Where it goes, for people; undefined for the log. */
  readonly file: string | undefined;
}

/** What of a RUN holds a mounted secret: its file, and variables with its content. */
interface Tracked {
  readonly id: string;
  readonly target: string | undefined;
  readonly variables: Set<string>;
}

/** Commands looked at in one RUN. */
const MOST_COMMANDS = 500;

/** Where the secrets that a RUN mounts leak, in order. */
export function* mountLeaks(run: RunView): Iterable<MountLeak> {
  if (run.isOnbuild || !run.instruction.mounts.some(({ type }) => type === "secret")) return;
  // What a trap removes at the end is not followed.
  if (run.commands.some(({ name }) => name === "trap")) return;
  for (const mount of secretMountsOf(run)) {
    if (mount.kind === "secret") yield* leaksOf(run, mount);
  }
}

function* leaksOf(run: RunView, { id, target, variable }: SecretMount): Iterable<MountLeak> {
  const secret: Tracked = { id, target, variables: new Set(variable === undefined ? [] : [variable]) };
  const commands = run.commands.slice(0, MOST_COMMANDS);
  // A command of a pipe that prints the secret hands it on to the next.
  const printing = new Set<Invocation>();
  for (const invocation of commands) {
    const holds = (word: Word) => holdsSecret(word, secret, commands);
    for (const { name, value } of invocation.assignments) {
      if (value !== undefined && holds(value) && !namesFile(value, secret)) secret.variables.add(name);
    }
    if (invocation.inSubstitution !== "none") continue;
    const isFed = feeds(invocation, printing) || readsFile(invocation, secret) || hasInBody(invocation, secret);
    const isTouched = isFed || invocation.args.some(holds);
    if (!isTouched && !printsEnvironment(invocation, secret)) continue;
    if (invocation.name !== undefined && PRINTERS.has(invocation.name)) printing.add(invocation);
    const leak = leakOf(run, invocation, secret, { holds, isFed });
    if (leak !== undefined) yield leak;
  }
}

interface Touch {
  readonly holds: (word: Word) => boolean;
  /** Its input holds the secret. */
  readonly isFed: boolean;
}

function leakOf(run: RunView, invocation: Invocation, secret: Tracked, touch: Touch): MountLeak | undefined {
  const { name } = invocation;
  if (name === undefined) return undefined;
  if (name === "cp" || name === "mv" || name === "install") return copied(run, invocation, secret);
  const store = storeOf(invocation, touch);
  if (store !== undefined) {
    if (isUndone(run, invocation, store)) return undefined;
    const verb = `${store.program} ${store.verbs.join(" ")}`;
    return { kind: "persisted", range: verbRange(invocation, store), verb, id: secret.id, file: store.file };
  }
  return PRINTERS.has(name) || name === "env" || name === "printenv" ? printed(run, invocation, secret) : undefined;
}

function copied(run: RunView, invocation: Invocation, secret: Tracked): MountLeak | undefined {
  const operands = invocation.args.filter(({ shape }) => !shape.startsWith("-"));
  const last = operands.at(-1);
  if (last === undefined || !operands.slice(0, -1).some((word) => namesFile(word, secret))) return undefined;
  if (!staysAt(run, invocation, last)) return undefined;
  const verb = invocation.name ?? "cp";
  return { kind: "persisted", range: invocation.nameRange, verb, id: secret.id, file: last.value };
}

/** What a command that prints the secret writes to: a file, the next command, or the log. */
function printed(run: RunView, invocation: Invocation, secret: Tracked): MountLeak | undefined {
  const { name = "", redirects, args, pipeline, nameRange, words } = invocation;
  const { id } = secret;
  for (const redirect of redirects) {
    if (redirect.kind !== "file" || redirect.target === undefined || !/^(?:>|>>|>\||&>|&>>)$/.test(redirect.operator))
      continue;
    const { target, range } = redirect;
    if (redirect.descriptor === 2) continue;
    if (!staysAt(run, invocation, target)) return undefined;
    return { kind: "persisted", range, verb: `${name} >`, id, file: target.value };
  }
  if (name === "tee") {
    const file = args.find(({ shape }) => !shape.startsWith("-"));
    if (file === undefined || !staysAt(run, invocation, file)) return undefined;
    return { kind: "persisted", range: nameRange, verb: "tee", id, file: file.value };
  }
  if (name === "sed" && args.some(({ shape }) => /^(?:-[a-zA-Z]*i|--in-place)/.test(shape))) {
    const file = args.at(-1);
    if (file === undefined || !staysAt(run, invocation, file)) return undefined;
    return { kind: "persisted", range: nameRange, verb: "sed -i", id, file: file.value };
  }
  const isLast = pipeline === undefined || pipeline.position === pipeline.length - 1;
  // Filters show a part of their input that nobody can know.
  const isWhole = name === "echo" || name === "printf" || name === "cat" || name === "env" || name === "printenv";
  if (!isLast || !isWhole || words.length > 20) return undefined;
  return { kind: "log", range: nameRange, verb: name, id, file: undefined };
}

/** The command that stores what it is given, when that is the secret. */
function storeOf(invocation: Invocation, { holds, isFed }: Touch): CredentialStore | undefined {
  const store = CREDENTIAL_STORES.find((each) => each.program === invocation.name && begins(invocation, each.verbs));
  if (store === undefined) return undefined;
  return isFed || invocation.args.some(holds) ? store : undefined;
}

function begins({ args }: Invocation, verbs: readonly string[]): boolean {
  const isWord = (index: number, verb: string) =>
    args.filter(({ shape }) => !shape.startsWith("-"))[index]?.value === verb;
  return verbs.every((verb, index) =>
    verb.startsWith("-") ? args.some(({ value }) => value?.startsWith(verb) === true) : isWord(index, verb),
  );
}

/** Whether a later command of the RUN takes the credentials away again, or the file is itself mounted. */
function isUndone(run: RunView, { index }: Invocation, { program, file, undo }: CredentialStore): boolean {
  const name = baseName(file);
  const isMounted = ["secret", "tmpfs", "cache", "bind"].some((type) =>
    run.mountTargets(type).some((target) => baseName(target) === name),
  );
  if (isMounted) return true;
  return run.commands.some((later) => {
    if (later.index <= index) return false;
    if (later.name === program && undo.some((verbs) => begins(later, verbs))) return true;
    if (!isRemoval(later)) return false;
    return later.args.some(({ shape }) => removes(shape, file));
  });
}

function isRemoval({ name }: Invocation): boolean {
  return name === "rm" || name === "shred" || name === "unlink" || name === "find";
}

/** By the last part of the path: whoever removes a `.npmrc` means the one that was written. */
function removes(shape: string, file: string): boolean {
  const path = shape.replace(/\/+$/, "");
  const name = baseName(path);
  if (name === baseName(file)) return true;
  const parent = baseName(file.slice(0, Math.max(0, file.lastIndexOf("/"))));
  return parent !== "" && parent !== "~" && name === parent;
}

/** Whether what is written to a path is still there when the RUN ends, and part of the image. */
function staysAt(run: RunView, invocation: Invocation, target: Word): boolean {
  const { value } = target;
  // Where nobody knows, nobody can say that it stays.
  if (value === undefined || /^\/(?:tmp|dev|run|proc|sys|var\/tmp|var\/run)(?:\/|$)/.test(value)) return false;
  const path = absolutePath(run, value, invocation);
  const mounts = ["secret", "tmpfs", "cache", "bind"].flatMap((type) => run.mountTargets(type));
  if (path !== undefined && mounts.some((mount) => isWithin(mount, path))) return false;
  return !run.commands.some(
    (later) =>
      later.index > invocation.index && isRemoval(later) && later.args.some(({ shape }) => removes(shape, value)),
  );
}

/** Whether a word brings the content of the secret, or names its file. */
function holdsSecret(word: Word, secret: Tracked, commands: readonly Invocation[]): boolean {
  if (namesFile(word, secret)) return true;
  return word.parts.some((part) => {
    // `${TOKEN:+set}` and `${#TOKEN}` bring something else.
    if (part.kind === "variable") return part.operation === undefined && secret.variables.has(part.name);
    if (part.kind !== "command") return false;
    return commands.some((inner) => {
      if (inner.inSubstitution === "none" || inner.name === undefined || !PRINTERS.has(inner.name)) return false;
      if (inner.range.start < part.range.start || inner.range.end > part.range.end) return false;
      return readsFile(inner, secret) || inner.args.some((arg) => namesFile(arg, secret) || hasVariable(arg, secret));
    });
  });
}

function hasVariable({ parts }: Word, { variables }: Tracked): boolean {
  return parts.some((part) => part.kind === "variable" && part.operation === undefined && variables.has(part.name));
}

function namesFile({ shape }: Word, { target }: Tracked): boolean {
  return target !== undefined && shape.includes(target);
}

function readsFile({ redirects }: Invocation, secret: Tracked): boolean {
  return redirects.some((redirect) => {
    if (redirect.kind === "here-string") return redirect.target !== undefined && hasVariable(redirect.target, secret);
    if (redirect.kind !== "file" || redirect.operator !== "<") return false;
    return redirect.target !== undefined && namesFile(redirect.target, secret);
  });
}

/** Whether the text that a heredoc hands to a command names a variable with the secret. */
function hasInBody({ redirects }: Invocation, { variables }: Tracked): boolean {
  return redirects.some((redirect) => {
    if (redirect.kind !== "heredoc" || !redirect.expands) return false;
    return [...variables].some((name) => redirect.body.includes(`$${name}`) || redirect.body.includes(`\${${name}}`));
  });
}

function feeds({ pipeline }: Invocation, printing: ReadonlySet<Invocation>): boolean {
  if (pipeline === undefined || pipeline.position === 0) return false;
  const before = pipeline.pipeline.stages[pipeline.position - 1]?.invocation;
  return before !== undefined && printing.has(before);
}

/** `env` and `envsubst` take every variable that is exported. */
function printsEnvironment({ name, args }: Invocation, { variables }: Tracked): boolean {
  if (variables.size === 0) return false;
  return name === "envsubst" || ((name === "printenv" || name === "env") && args.length === 0);
}

/** From the program to the last of the words that make it store something. */
function verbRange({ nameRange, args }: Invocation, { verbs }: CredentialStore): Range {
  const last = args.find(({ value }) => value === verbs.at(-1))?.range;
  if (last === undefined || last.source !== nameRange.source || last.end < nameRange.end) return nameRange;
  return nameRange.source.range(nameRange.start, last.end);
}
