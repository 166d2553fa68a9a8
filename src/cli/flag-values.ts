import { UserError } from "../config/user-error.js";
import { CONFIDENCES, LEVELS, PRESETS, THRESHOLDS } from "../data/levels.js";
import type { RoleName } from "../data/roles.js";
import { FORMATS, isFormat } from "../report/formats.js";
import { closest } from "../values/closest.js";
import {
  GRAPH_FORMATS,
  type GraphFormat,
  type LintFlags,
  type Output,
  type PolicyFlags,
  type RuleFlag,
} from "./request.js";

const ROLES = ["production", "development", "test", "ci"] as const satisfies readonly RoleName[];

/**
 * The flags of `lint` from what the parser of the command line collected.
 *
 * @throws UserError for a value that a flag does not take
 */
export function lintFlags(values: object): LintFlags {
  const read = reader(values);
  return {
    ...policyFlags(values),
    outputs: outputs(read.list("format"), read.text("output")),
    fix: read.isSet("fix"),
    unsafeFixes: read.isSet("unsafeFixes"),
    diff: read.isSet("diff"),
    forceExclude: read.isSet("forceExclude"),
    stdinFilename: read.text("stdinFilename"),
    quiet: read.isSet("quiet"),
    verbose: read.isSet("verbose"),
    color: read.isDenied("color") ? false : undefined,
    timing: read.isSet("timing"),
  };
}

/**
 * The flags that choose policy and builds.
 *
 * @throws UserError for a value that a flag does not take
 */
export function policyFlags(values: object): PolicyFlags {
  const read = reader(values);
  return {
    config: read.text("config"),
    usesConfig: !read.isDenied("config"),
    presets: read.list("preset").map((word) => choice("--preset", word, PRESETS)),
    rules: read.list("rule").map(ruleFlag),
    only: read.list("only").flatMap(patterns),
    skip: read.list("skip").flatMap(patterns),
    role: optional(read.text("role"), (word) => choice("--role", word, ROLES)),
    target: read.text("target"),
    context: read.text("context"),
    buildArgs: new Map(read.list("buildArg").map(buildArg)),
    minConfidence: optional(read.text("minConfidence"), (word) => choice("--min-confidence", word, CONFIDENCES)),
    failOn: optional(read.text("failOn"), (word) => choice("--fail-on", word, THRESHOLDS)),
    inlineConfig: !read.isDenied("inlineConfig"),
    requireReason: read.isSet("requireReason"),
  };
}

/**
 * `--format` of the commands that print text or JSON.
 *
 * @throws UserError for another word
 */
export function outputFormat(values: object): "text" | "json" {
  return choice("--format", reader(values).text("format") ?? "text", ["text", "json"] as const);
}

/**
 * `--format` of `graph`.
 *
 * @throws UserError for another word
 */
export function graphFormat(values: object): GraphFormat {
  return choice("--format", reader(values).text("format") ?? "text", GRAPH_FORMATS);
}

/** Every `--service`. */
export function serviceFlags(values: object): readonly string[] {
  return reader(values).list("service");
}

/** Ways to read what the parser collected, whose types it does not tell. */
function reader(values: object) {
  const byName = new Map<string, unknown>(Object.entries(values));
  return {
    isSet: (name: string): boolean => byName.get(name) === true,
    /** `--no-name` was given. */
    isDenied: (name: string): boolean => byName.get(name) === false,
    text: (name: string): string | undefined => {
      const value = byName.get(name);
      return typeof value === "string" ? value : undefined;
    },
    list: (name: string): readonly string[] => {
      const value = byName.get(name);
      return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
    },
  };
}

function optional<T>(word: string | undefined, read: (word: string) => T): T | undefined {
  return word === undefined ? undefined : read(word);
}

function choice<const Word extends string>(flag: string, written: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === written);
  if (found !== undefined) return found;
  const nearest = closest(written, words);
  const remedy = nearest === undefined ? `it takes ${words.join(", ")}` : `did you mean \`${nearest}\`?`;
  throw new UserError({ place: flag, problem: `no \`${written}\``, remedy });
}

function patterns(written: string): readonly string[] {
  return written.split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
}

function ruleFlag(written: string): RuleFlag {
  const at = written.lastIndexOf("=");
  if (at <= 0)
    throw new UserError({ place: "--rule", problem: `\`${written}\` names no level`, remedy: "write ID=LEVEL" });
  return { pattern: written.slice(0, at), level: choice("--rule", written.slice(at + 1), LEVELS) };
}

function buildArg(written: string): [string, string] {
  const at = written.indexOf("=");
  if (at > 0) return [written.slice(0, at), written.slice(at + 1)];
  throw new UserError({ place: "--build-arg", problem: `\`${written}\` has no value`, remedy: "write NAME=VALUE" });
}

/** The reports to make: `-f NAME[:FILE]`, with `-o FILE` for the one that names no file. */
function outputs(formats: readonly string[], file: string | undefined): readonly Output[] {
  const read = (formats.length === 0 ? ["text"] : formats).map(output);
  const toStdout = read.filter((one) => one.file === undefined);
  if (toStdout.length > 1) {
    const [first, second] = toStdout;
    const problem = `${first?.format} and ${second?.format} would both go to ${file ?? "stdout"}`;
    throw new UserError({ place: "--format", problem, remedy: "name a file: `-f NAME:FILE`" });
  }
  if (file === undefined) return read;
  if (toStdout.length === 0) {
    throw new UserError({ place: "--output", problem: "every `--format` names a file already" });
  }
  return read.map((one) => (one.file === undefined ? { ...one, file } : one));
}

function output(written: string): Output {
  const at = written.indexOf(":");
  const name = at === -1 ? written : written.slice(0, at);
  const file = at === -1 ? undefined : written.slice(at + 1);
  if (!isFormat(name)) {
    const nearest = closest(name, FORMATS);
    const remedy = nearest === undefined ? `the formats are ${FORMATS.join(", ")}` : `did you mean \`${nearest}\`?`;
    throw new UserError({ place: "--format", problem: `no format \`${name}\``, remedy });
  }
  if (file === "") throw new UserError({ place: "--format", problem: `\`${written}\` names no file after the colon` });
  return { format: name, file };
}
