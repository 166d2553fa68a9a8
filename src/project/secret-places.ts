import { EnvFile } from "../compose/env-file.js";
import type { KeyValue, Service, Variant } from "../compose/model.js";
import type { ScalarNode, Value } from "../compose/node-model.js";
import type { Evaluation } from "../dockerfile/expand.js";
import type { ArgInstruction, Instruction } from "../dockerfile/model.js";
import type { Word } from "../dockerfile/word.js";
import { type Range, textOf } from "../text/source.js";
import type { Build, Project, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";

/**
 * A name and what some file gives it: a variable, a label, an option. Texts are there to be judged and are never
 * printed; `masked` is what no output may show.
 */
export interface NamedValue {
  readonly place: "env" | "label" | "environment" | "env-file" | "driver-option" | "log-option" | "config";
  readonly name: string;
  readonly nameRange: Range;
  /** The value, with what is known put in; a reference stands as written. Undefined when there is none. */
  readonly value: string | undefined;
  readonly valueRange: Range | undefined;
  /** What of the files may not be shown. */
  readonly masked: readonly Range[];
  /** `default`: the literal stands in `${NAME:-literal}`. */
  readonly form: "literal" | "default" | "reference";
  /** Names of variables of the build that the value takes, with the place that sets each, when known. */
  readonly uses: readonly { readonly name: string; readonly origin: Range | undefined }[];
  /** Set by an ONBUILD trigger, or in one. */
  readonly isOnbuild: boolean;
  /** The entry of the Compose file, for fixes. */
  readonly entry: KeyValue | undefined;
}

const ofStages = new ModelMemo<StageView, readonly NamedValue[]>();

/** ENV and LABEL of a stage, triggers included, in order. */
export function namedValuesOfStage(stage: StageView): readonly NamedValue[] {
  let values = ofStages.get(stage);
  if (values === undefined) {
    values = [...readStage(stage)];
    ofStages.set(stage, values);
  }
  return values;
}

function* readStage(stage: StageView): Iterable<NamedValue> {
  for (const step of stage.evaluated.steps) {
    const { instruction: outer } = step;
    const inner: Instruction | undefined = outer.keyword === "ONBUILD" ? outer.trigger : outer;
    if (inner?.keyword !== "ENV" && inner?.keyword !== "LABEL") continue;
    const isOnbuild = step.onbuild !== undefined || outer.keyword === "ONBUILD";
    for (const { key, value } of inner.pairs) {
      const name = step.expand(key);
      if (name.kind !== "known") continue;
      const evaluation = step.expand(value);
      yield {
        place: inner.keyword === "ENV" ? "env" : "label",
        name: name.value,
        nameRange: key.range,
        ...textOfWord(value, evaluation),
        valueRange: value.range,
        uses: evaluation.uses.map((use) => ({ name: use.name, origin: use.origin })),
        isOnbuild,
        entry: undefined,
      };
    }
  }
}

/** A word that names no variable, or only such as are known, is judged by its value; any other as it is written. */
function textOfWord(word: Word, evaluation: Evaluation): Pick<NamedValue, "value" | "masked" | "form"> {
  const masked = [word.range];
  if (evaluation.uses.length === 0) {
    // A dollar sign that is left after expansion is text, which doubling says.
    const value = evaluation.kind === "unknown" ? word.raw : evaluation.value.replaceAll("$", "$$$$");
    return { value, masked, form: "literal" };
  }
  if (evaluation.kind === "known")
    return { value: evaluation.value.replaceAll("$", "$$$$"), masked, form: "reference" };
  const isDefault = evaluation.uses.length === 1 && evaluation.uses[0]?.hasDefault === true;
  return { value: word.raw, masked, form: isDefault ? "default" : "reference" };
}

/** Variables of a service: `environment`, hooks, env files that may be read, and options of its log driver. */
export function* namedValuesOfService(service: Service, project: Project): Iterable<NamedValue> {
  for (const entry of service.environment.entries) yield ofEntry("environment", entry);
  for (const hook of service.hooks) for (const entry of hook.environment.entries) yield ofEntry("environment", entry);
  for (const entry of service.logging?.options.entries ?? []) yield ofEntry("log-option", entry);
  for (const path of ["labels", "annotations"]) {
    for (const entry of service.keyValuesAt(path).entries) yield ofEntry("label", entry);
  }
  for (const entry of service.keyValuesAt("deploy", "labels").entries) yield ofEntry("label", entry);
  for (const entry of service.build?.labels.entries ?? []) yield ofEntry("label", entry);
  for (const { file } of service.envFiles) if (file !== undefined) yield* ofEnvFile(file, project);
}

/** `o: username=ci,password=…` and the like in the driver options of volumes, and settings in the text of configs. */
export function* namedValuesOfVariant(variant: Variant): Iterable<NamedValue> {
  for (const { content } of variant.configs.values()) if (content !== undefined) yield* ofContent(content.node);
  for (const volume of variant.volumes.values()) {
    const options = volume.at("driver_opts");
    if (options?.kind !== "mapping") continue;
    for (const { key, keyRange, value } of options.entries.values()) {
      if (value.kind !== "scalar") continue;
      if (key !== "o") {
        yield ofScalar("driver-option", key, keyRange, value);
        continue;
      }
      let start = 0;
      for (const part of value.resolved.split(",")) {
        const equals = part.indexOf("=");
        if (equals > 0) {
          const node = value.part(start + equals + 1, start + part.length);
          yield ofScalar("driver-option", part.slice(0, equals), value.rangeOf(start, start + equals), node);
        }
        start += part.length + 1;
      }
    }
  }
}

/** `name = value`, `name: value` and `"name": "value",` on a line of its own, in whatever format. */
const SETTING =
  /^([ \t]*(?:export[ \t]+|-[ \t]+)?["']?)([A-Za-z_][\w.-]{1,100})(["']?[ \t]{0,20}[=:][ \t]{0,20})(\S.{0,1000})$/;

/** Lines of the text of a config that are read. */
const MOST_LINES = 2000;

function* ofContent(node: ScalarNode): Iterable<NamedValue> {
  let start = 0;
  for (const line of node.resolved.split("\n", MOST_LINES)) {
    const [, lead = "", name = "", between = "", rest = ""] = SETTING.exec(line) ?? [];
    const value = rest.replace(/[\s,;]+$/, "");
    if (name !== "" && value !== "") {
      const nameStart = start + lead.length;
      const valueStart = nameStart + name.length + between.length;
      const part = node.part(valueStart, valueStart + value.length);
      yield ofScalar("config", name, node.rangeOf(nameStart, nameStart + name.length), part);
    }
    start += line.length + 1;
  }
}

function ofEntry(place: NamedValue["place"], entry: KeyValue): NamedValue {
  const { key, keyRange, value } = entry;
  return { ...ofScalar(place, key, keyRange, value?.node), entry };
}

function ofScalar(
  place: NamedValue["place"],
  name: string,
  nameRange: Range,
  node: ScalarNode | undefined,
): NamedValue {
  return {
    place,
    name,
    nameRange,
    ...writtenText(node),
    valueRange: node?.range,
    masked: node === undefined ? [] : [node.range],
    uses: [],
    isOnbuild: false,
    entry: undefined,
  };
}

/**
 * What a Compose file itself says of a value: the literal, or the literal default of a variable that is all there is.
 * Values of env files are none of its text.
 */
export function writtenText(node: ScalarNode | undefined): Pick<NamedValue, "value" | "form"> {
  if (node === undefined) return { value: undefined, form: "literal" };
  const [use, ...more] = node.uses;
  if (use === undefined) {
    // `$$NAME` is left to a program in the container.
    if (/^\$\{?\w+\}?$/.test(node.resolved)) return { value: undefined, form: "reference" };
    return { value: node.resolved.replaceAll("$", "$$$$"), form: "literal" };
  }
  const isAll = more.length === 0 && isAllBut(node.range, use.range);
  const hasDefault = (use.operator === ":-" || use.operator === "-") && use.argument !== undefined;
  if (isAll && hasDefault) return { value: use.argument, form: "default" };
  return { value: undefined, form: "reference" };
}

/** Whether nothing but quotes stands in a range outside of a variable. */
function isAllBut(whole: Range, use: Range): boolean {
  // A part of a scalar that is made by a default lies inside of the variable.
  if (use.start <= whole.start && whole.end <= use.end) return true;
  return use.start - whole.start === 1 && whole.end - use.end === 1 && /^["']/.test(textOf(whole));
}

/** Names and values of an env file; nothing when git ignores it, for then it may not be read. */
function* ofEnvFile(path: string, project: Project): Iterable<NamedValue> {
  if (project.isGitIgnored(path)) return;
  const source = project.read(path);
  if (source === undefined) return;
  const file = EnvFile.parse(source);
  for (const [index, { name, range }] of file.names.entries()) {
    const next = file.names[index + 1]?.range.start ?? source.text.length;
    const valueRange = source.range(range.end, next);
    const value = file.valueForInterpolation(name);
    yield {
      place: "env-file",
      name,
      nameRange: range,
      value: value?.replaceAll("$", "$$$$"),
      valueRange,
      masked: [valueRange],
      form: "literal",
      uses: [],
      isOnbuild: false,
      entry: undefined,
    };
  }
}

/** One name that an ARG declares. */
export interface DeclaredArg {
  readonly name: string;
  readonly nameRange: Range;
  readonly instruction: ArgInstruction;
  /** 0-based place of the ARG among the steps of its stage; -1 above the first FROM. */
  readonly index: number;
  /** The default, as {@link NamedValue.value}; undefined without one. */
  readonly value: string | undefined;
  readonly valueRange: Range | undefined;
  readonly form: NamedValue["form"];
  readonly isOnbuild: boolean;
}

/** ARGs of a stage, those of triggers included, in order. */
export function* argsOfStage(stage: StageView): Iterable<DeclaredArg> {
  for (const step of stage.evaluated.steps) {
    const { instruction: outer, index } = step;
    const inner = outer.keyword === "ONBUILD" ? outer.trigger : outer;
    if (inner?.keyword !== "ARG") continue;
    const isOnbuild = step.onbuild !== undefined || outer.keyword === "ONBUILD";
    yield* argsOf(inner, (word) => step.expand(word), { index, isOnbuild });
  }
}

/** ARGs above the first FROM, in order. */
export function* globalArgsOf(build: Build): Iterable<DeclaredArg> {
  const { evaluated, dockerfile } = build;
  const expand = (word: Word) => word.expandWith(evaluated.globalLookup);
  for (const arg of dockerfile.dockerfile.globalArgs) yield* argsOf(arg, expand, { index: -1, isOnbuild: false });
}

/** The ARG that a name means at the end of a stage, its own or an inherited one; undefined when none declares it. */
export function argNamed(stage: StageView, name: string): DeclaredArg | undefined {
  for (const member of stage.lineage) {
    if (member.build !== stage.build) return undefined;
    const found = [...argsOfStage(member)].findLast((arg) => arg.name === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function* argsOf(
  instruction: ArgInstruction,
  expand: (word: Word) => Evaluation,
  place: Pick<DeclaredArg, "index" | "isOnbuild">,
): Iterable<DeclaredArg> {
  for (const { key, value } of instruction.pairs) {
    const { value: text, form } =
      value === undefined ? { value: undefined, form: "literal" as const } : textOfWord(value, expand(value));
    const name = key.literal ?? key.raw;
    yield { ...place, name, nameRange: key.range, instruction, value: text, valueRange: value?.range, form };
  }
}

/** The variable that a value is but for a default, as in `${DB_PASSWORD:-secret}`; undefined for any other text. */
export function soleVariable({ node }: Value<string>): string | undefined {
  const [use] = node.uses;
  if (use === undefined || node.uses.length > 1) return undefined;
  const written = textOf(node.range).replace(/^["']|["']$/g, "");
  return written === textOf(use.range) || written.endsWith(`=${textOf(use.range)}`) ? use.name : undefined;
}
