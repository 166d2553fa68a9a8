import { remoteKind } from "../dockerfile/copies.js";
import type { AddInstruction, Flag, Instruction, Keyword } from "../dockerfile/model.js";
import type { Edit, Range } from "../text/source.js";
import { closest } from "../values/closest.js";
import { parseDuration } from "../values/duration.js";
import { parseFileMode } from "../values/file-mode.js";
import { isPlatform } from "../values/platform.js";

/** A flag that the builder refuses, or a value of one. */
export interface FlagFlaw {
  readonly kind: "unknown" | "duplicate" | "value";
  readonly flag: Flag;
  readonly range: Range;
  /** What is wrong, without the words of the user; then `;` and how to mend it. */
  readonly problem: string;
  /** The value or name that was most likely meant, as an edit; undefined when nobody can tell. */
  readonly mend: Edit | undefined;
}

/**
 * Flags of each instruction; the others have none.
 *
 * @see https://docs.docker.com/reference/dockerfile/ and
 * https://github.com/moby/buildkit/blob/v0.20.2/frontend/dockerfile/instructions/parse.go
 */
const FLAGS: { readonly [Each in Keyword]?: readonly string[] } = {
  FROM: ["platform"],
  COPY: ["from", "chown", "chmod", "link", "parents", "exclude"],
  ADD: ["chown", "chmod", "link", "keep-git-dir", "checksum", "unpack", "exclude"],
  RUN: ["mount", "network", "security", "device"],
  HEALTHCHECK: ["interval", "timeout", "start-period", "start-interval", "retries"],
};
const NO_FLAGS: readonly string[] = [];

const REPEATABLE: ReadonlySet<string> = new Set(["mount", "device", "exclude"]);
const SWITCHES: ReadonlySet<string> = new Set(["link", "parents", "unpack", "keep-git-dir"]);

/** The largest number of retries, which the builder keeps in 32 bits. */
const MOST_RETRIES = 2 ** 31 - 1;

/**
 * What the builder refuses in the flags of an instruction, in order; values with variables are not judged.
 *
 * @param isComplete false when the frontend may know more flags than Docker's own
 */
export function* flagFlaws(instruction: Instruction, isComplete: boolean): Iterable<FlagFlaw> {
  if (instruction.keyword === "UNKNOWN") return;
  const names = FLAGS[instruction.keyword] ?? NO_FLAGS;
  const seen = new Set<string>();
  for (const flag of instruction.flags) {
    const { name, range } = flag;
    if (!names.includes(name)) {
      if (isComplete) yield unknownFlag(flag, instruction.keyword, names);
    } else if (seen.has(name) && !REPEATABLE.has(name)) {
      const problem = `\`--${name}\` is given twice; remove one`;
      yield { kind: "duplicate", flag, range, problem, mend: undefined };
    } else {
      const flaw = valueFlaw(flag, instruction);
      if (flaw !== undefined) yield { kind: "value", flag, range: flag.valueRange ?? range, ...flaw };
    }
    seen.add(name);
  }
}

function unknownFlag(flag: Flag, keyword: string, names: readonly string[]): FlagFlaw {
  const { name, nameRange: range } = flag;
  const near = names.find((each) => each === name.toLowerCase()) ?? closest(name, names);
  const all = names.map((each) => `\`--${each}\``).join(", ");
  const rest = names.length === 0 ? `${keyword} takes none` : names.length < 3 ? `there is ${all}` : "remove it";
  const written = name.length > 40 ? `--${name.slice(0, 40)}…` : `--${name}`;
  const problem = `\`${written}\` is no flag of ${keyword}; ${near === undefined ? rest : `did you mean \`--${near}\``}`;
  const mend = near === undefined ? undefined : { range, text: `--${near}` };
  return { kind: "unknown", flag, range, problem, mend };
}

type ValueFlaw = Pick<FlagFlaw, "problem" | "mend">;

function valueFlaw(flag: Flag, instruction: Instruction): ValueFlaw | undefined {
  const { name, value } = flag;
  const isSwitch = SWITCHES.has(name);
  if (value === undefined) return isSwitch ? undefined : plain(`\`--${name}\` has no value; write \`--${name}=…\``);
  if (value.raw === "") return plain(`\`--${name}=\` has no value; write one, or remove the flag`);
  const { literal } = value;
  if (literal === undefined) return undefined;
  if (isSwitch) {
    const isBoolean = /^(?:true|false)$/i.test(literal);
    return isBoolean ? undefined : plain(`\`--${name}\` is either \`true\` or \`false\`; write one of them`);
  }
  switch (name) {
    case "interval":
    case "timeout":
    case "start-period":
    case "start-interval":
      return durationFlaw(flag, literal);
    case "retries": {
      const isCount = /^\+?[0-9]{1,10}$/.test(literal) && Number(literal) <= MOST_RETRIES;
      return isCount ? undefined : plain("`--retries` is a whole number, 0 or more; write one");
    }
    case "chmod":
      return parseFileMode(literal).kind === "malformed"
        ? plain("`--chmod` is a mode such as `755` or `u=rwX,go=rX`; write one")
        : undefined;
    case "network":
      return oneOf(flag, literal, ["default", "none", "host"]);
    case "security":
      return oneOf(flag, literal, ["sandbox", "insecure"]);
    case "platform":
      return isPlatform(literal)
        ? undefined
        : plain("`--platform` is `os/arch[/variant]`; write for example `linux/amd64`");
    case "checksum":
      return instruction.keyword === "ADD" ? checksumFlaw(instruction, literal) : undefined;
    default:
      return undefined;
  }
}

function plain(problem: string): ValueFlaw {
  return { problem, mend: undefined };
}

function durationFlaw({ name, valueRange }: Flag, text: string): ValueFlaw | undefined {
  const duration = parseDuration(text);
  if (duration.kind === "duration") {
    const { durationMs } = duration;
    // 0 stands for the value that is inherited.
    return durationMs >= 1 || durationMs === 0
      ? undefined
      : plain(`\`--${name}\` is at least 1ms; write a longer time`);
  }
  if (duration.problem === "no-unit") {
    const isNumber = /^[0-9]+(?:\.[0-9]+)?$/.test(text);
    const mend = isNumber && valueRange !== undefined ? { range: valueRange, text: `${text}s` } : undefined;
    return { problem: `\`--${name}\` has no unit; write for example \`${mend?.text ?? "30s"}\``, mend };
  }
  if (duration.problem === "unknown-unit")
    return plain(`\`--${name}\` has an unknown unit; use \`h\`, \`m\`, \`s\` or \`ms\``);
  return plain(`\`--${name}\` is no time; write for example \`30s\``);
}

function oneOf({ name, valueRange }: Flag, text: string, values: readonly string[]): ValueFlaw | undefined {
  if (values.includes(text)) return undefined;
  const near = values.find((value) => value === text.toLowerCase()) ?? closest(text, values);
  const all = values.map((value) => `\`${value}\``).join(", ");
  const mend = near === undefined || valueRange === undefined ? undefined : { range: valueRange, text: near };
  return { problem: `\`--${name}\` is one of ${all}; write one of them`, mend };
}

const SHA256 = /^sha256:[0-9a-f]{64}$/;

function checksumFlaw({ sources }: AddInstruction, text: string): ValueFlaw | undefined {
  if (sources.length > 1) return plain("`--checksum` fits one source only; write an ADD for each");
  const [source] = sources;
  const path = source?.kind === "path" ? source.word.literal : undefined;
  if (path === undefined) return undefined;
  const remote = remoteKind(path);
  if (remote === undefined) return plain("`--checksum` is for remote sources, and this one is a local file; remove it");
  if (remote === "url" && !SHA256.test(text))
    return plain("`--checksum` is `sha256:` and 64 hexadecimal digits; correct it");
  return undefined;
}
