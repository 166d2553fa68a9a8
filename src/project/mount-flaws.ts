import { resolvePath } from "../dockerfile/container-path.js";
import type { Mount, MountEntry } from "../dockerfile/model.js";
import type { Range } from "../text/source.js";
import { closest } from "../values/closest.js";

/** Something in `--mount` that the builder refuses. */
export interface MountFlaw {
  readonly range: Range;
  /** What is wrong; then `;` and how to mend it. */
  readonly problem: string;
  /** The word that was most likely meant in place of `range`; undefined when nobody can tell. */
  readonly near: string | undefined;
}

const TYPES: readonly string[] = ["bind", "cache", "tmpfs", "secret", "ssh"];

/** Keys that stand without a value. */
const BARE: ReadonlySet<string> = new Set(["readonly", "ro", "readwrite", "rw", "required"]);

/**
 * Types that know a key; undefined means all.
 *
 * @see https://github.com/moby/buildkit/blob/v0.20.2/frontend/dockerfile/instructions/commands_runmount.go (parseMount)
 */
const KEYS: ReadonlyMap<string, readonly string[] | undefined> = new Map<string, readonly string[] | undefined>([
  ["type", undefined],
  ["from", ["bind", "cache", "tmpfs", "ssh"]],
  ["source", undefined],
  ["src", undefined],
  ["target", undefined],
  ["dst", undefined],
  ["destination", undefined],
  ["readonly", undefined],
  ["ro", undefined],
  ["readwrite", undefined],
  ["rw", undefined],
  ["id", undefined],
  ["required", ["secret", "ssh"]],
  ["size", ["tmpfs"]],
  ["sharing", ["cache"]],
  ["mode", ["secret", "ssh", "cache"]],
  ["uid", ["secret", "ssh", "cache"]],
  ["gid", ["secret", "ssh", "cache"]],
  ["env", ["secret"]],
]);

const BOOLEAN = /^(?:1|0|t|f|true|false)$/i;

/** What the builder refuses in a mount, in order; values with variables are not judged. */
export function* mountFlaws(mount: Mount): Iterable<MountFlaw> {
  const { type, entries, range } = mount;
  const typeEntry = entries.findLast(({ key }) => key === "type");
  if (typeEntry?.value?.hasVariables === true) return;
  if (!TYPES.includes(type)) {
    const near = closest(type, TYPES);
    const problem = `a mount is of type ${TYPES.map((each) => `\`${each}\``).join(", ")}; ${near === undefined ? "write one of them" : `did you mean \`${near}\``}`;
    yield { range: typeEntry?.value?.range ?? typeEntry?.range ?? range, problem, near };
    return;
  }
  for (const entry of entries) {
    const flaw = entryFlaw(entry, type);
    if (flaw !== undefined) yield flaw;
  }
  if (type === "secret") yield* secretFlaws(mount);
}

function entryFlaw(entry: MountEntry, type: string): MountFlaw | undefined {
  const { key, keyRange, value, range } = entry;
  if (key === "" && value === undefined)
    return flaw(range, "a mount has an empty field; write its fields without blanks");
  // A key that a variable brings is not known.
  if (key.includes("$")) return undefined;
  if (!KEYS.has(key)) {
    const near = closest(key, KEYS.keys());
    const mend = near === undefined ? "remove it" : `did you mean \`${near}\``;
    return { range: keyRange, problem: `\`${key.slice(0, 40)}\` is no key of a mount; ${mend}`, near };
  }
  const types = KEYS.get(key);
  if (types !== undefined && !types.includes(type)) {
    const all = types.map((each) => `\`${each}\``).join(", ");
    return flaw(range, `\`${key}\` does not fit a mount of type \`${type}\`; it is for ${all}`);
  }
  if (value === undefined)
    return BARE.has(key) ? undefined : flaw(range, `\`${key}\` has no value; write \`${key}=…\``);
  const { literal } = value;
  return literal === undefined ? undefined : valueFlaw(key, literal, value.range);
}

function valueFlaw(key: string, text: string, range: Range): MountFlaw | undefined {
  switch (key) {
    case "target":
    case "dst":
    case "destination":
      return text !== "" && resolvePath("/", text) === "/" && text.startsWith("/")
        ? flaw(range, "a mount cannot take the place of `/`; name a folder below it")
        : undefined;
    case "sharing":
      return ["shared", "private", "locked"].includes(text.toLowerCase())
        ? undefined
        : flaw(range, "`sharing` is `shared`, `private` or `locked`; write one of them");
    case "mode":
      return /^[0-7]{1,11}$/.test(text)
        ? undefined
        : flaw(range, "`mode` is an octal number such as `0400`; write one");
    case "uid":
    case "gid":
      return /^[0-9]{1,10}$/.test(text) ? undefined : flaw(range, `\`${key}\` is a number, not a name; write one`);
    case "readonly":
    case "ro":
    case "readwrite":
    case "rw":
    case "required":
      return BOOLEAN.test(text) ? undefined : flaw(range, `\`${key}\` is \`true\` or \`false\`; write one of them`);
    default:
      return undefined;
  }
}

function* secretFlaws({ entries, range }: Mount): Iterable<MountFlaw> {
  const find = (...keys: readonly string[]): MountEntry | undefined => entries.find(({ key }) => keys.includes(key));
  const source = find("source", "src");
  const id = find("id");
  if (source !== undefined && id !== undefined) {
    yield flaw(id.range, "a secret is named by `id` or by `source`, not by both; remove one");
  } else if (source === undefined && id === undefined && find("target", "dst", "destination") === undefined) {
    yield flaw(range, "a secret mount names no secret; add `id=…`");
  }
}

function flaw(range: Range, problem: string): MountFlaw {
  return { range, problem, near: undefined };
}
