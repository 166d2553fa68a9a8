import type { Dockerfile, Flag, HealthcheckTest, Instruction } from "../dockerfile/model.js";
import { missingStage, type Refusal, unknownInstructions } from "../dockerfile/refusals.js";
import type { DockerfileView, StageView } from "../project/model.js";

/**
 * A Dockerfile as `plimsoll inspect --format json` shows it: instructions as written, stages as the first build that uses
 * the file sees them. Lines are 1-based; the stage of an instruction is a 0-based index, absent above the first FROM.
 */
export function inspectDockerfile({ dockerfile, source, builds }: DockerfileView): object {
  const [build] = builds;
  return {
    path: source.root.path,
    kind: "dockerfile",
    instructions: dockerfile.instructions.map(instructionJson),
    stages: (build?.stages ?? []).map(stageJson),
    errors: errorsOf(dockerfile),
  };
}

function errorsOf(dockerfile: Dockerfile): readonly object[] {
  const missing = missingStage(dockerfile);
  const found: Refusal[] = [...dockerfile.problems, ...unknownInstructions(dockerfile)];
  if (missing !== undefined) found.push(missing);
  return found
    .map(({ range, message }) => ({ line: range.source.positionAt(range.start).line, message }))
    .sort((a, b) => a.line - b.line);
}

function instructionJson(instruction: Instruction): object {
  const { startLine, endLine, flags, form, heredocs, stage } = instruction;
  return {
    keyword: (instruction.keyword === "UNKNOWN" ? instruction.written : instruction.keyword).toLowerCase(),
    startLine,
    endLine,
    flags: flags.map(flagText),
    arguments: argumentsOf(instruction),
    form,
    heredocs: heredocs.map(({ name, expand, chomp, startLine: start, endLine: end }) => ({
      name,
      expand,
      chomp,
      startLine: start,
      endLine: end,
    })),
    stage,
  };
}

function flagText({ name, value }: Flag): string {
  return value === undefined ? `--${name}` : `--${name}=${value.raw}`;
}

/** Words with continuations removed; variables, quotes and escapes stay as they are written, but for JSON items. */
function argumentsOf(instruction: Instruction): readonly string[] {
  switch (instruction.keyword) {
    case "ENV":
    case "LABEL":
      return instruction.pairs.map(({ key, value }) => `${key.raw}=${value.raw}`);
    case "ARG":
      return instruction.pairs.map(({ key, value }) => (value === undefined ? key.raw : `${key.raw}=${value.raw}`));
    default:
      return instruction.words.map(({ raw }) => raw);
  }
}

function stageJson({ stage, evaluated, isShipped, user, workdir, shell, evaluated: { state } }: StageView): object {
  const { base } = evaluated;
  return {
    name: stage.name,
    base: { kind: base.kind, written: base.written, resolved: resolvedBase(base) },
    shipped: isShipped,
    user: user.text,
    workdir,
    shell,
    healthcheck: state.healthcheck === undefined ? undefined : healthcheckText(state.healthcheck.value),
  };
}

function resolvedBase(base: StageView["evaluated"]["base"]): string | undefined {
  switch (base.kind) {
    case "image":
      return base.resolved;
    case "stage":
      return base.stage.stage.name ?? String(base.stage.stage.index);
    case "scratch":
      return "scratch";
    default:
      return undefined;
  }
}

function healthcheckText(test: HealthcheckTest): string {
  switch (test.kind) {
    case "none":
      return "NONE";
    case "cmd":
      return test.command.kind === "json" ? test.command.items.map(({ value }) => value).join(" ") : test.command.text;
    default:
      return "";
  }
}
