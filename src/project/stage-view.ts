import type { BaseImageFacts } from "../data/base-image-model.js";
import type { Role } from "../data/roles.js";
import type { CommandText } from "../dockerfile/command-text.js";
import type { EvaluatedStage, Setting } from "../dockerfile/evaluate.js";
import type { HealthcheckInstruction, Stage } from "../dockerfile/model.js";
import type { ShellKind } from "../shell/model.js";
import type { Range } from "../text/source.js";
import type { ImageReference } from "../values/image-reference.js";
import { accountsOf } from "./accounts.js";
import { factsOf } from "./base-facts.js";
import type { BuildModel } from "./build.js";
import { type CommandModel, readCommand, shKind } from "./commands.js";
import { CopyModel } from "./copy-view.js";
import type {
  AccountTable,
  Certainty,
  CommandView,
  CopyView,
  HealthcheckState,
  RunView,
  StageView,
  UserState,
} from "./model.js";
import { dropsPrivileges } from "./privileges.js";
import { ProgramTable } from "./programs.js";
import { RunModel } from "./run-view.js";
import { roleOfStageName } from "./stage-roles.js";
import { userStateOf } from "./users.js";
import { workdirAt } from "./workdir.js";

/** An image has at most 127 layers, so that a longer chain of stages builds nothing that runs. */
const MOST_ANCESTORS = 200;

/** A stage of one build. Everything is made on first use and kept. */
export class StageModel implements StageView {
  readonly build: BuildModel;
  readonly evaluated: EvaluatedStage;
  readonly stage: Stage;
  readonly index: number;
  readonly name: string | undefined;
  #lineage: readonly StageModel[] | undefined;
  #knownRoot: StageModel | undefined;
  #facts: { readonly found: BaseImageFacts | undefined } | undefined;
  #layers: StageView["layers"] | undefined;
  #runs: readonly RunView[] | undefined;
  #copies: readonly CopyView[] | undefined;
  #user: UserState | undefined;
  #accounts: AccountTable | undefined;
  #programs: ProgramTable | undefined;
  #entrypoint: { readonly view: CommandView | undefined } | undefined;
  #command: { readonly view: CommandView | undefined } | undefined;
  #healthcheck: HealthcheckState | undefined;
  #drops: Certainty | undefined;

  constructor(build: BuildModel, evaluated: EvaluatedStage) {
    this.build = build;
    this.evaluated = evaluated;
    this.stage = evaluated.stage;
    this.index = evaluated.stage.index;
    this.name = evaluated.stage.name;
  }

  get label(): string {
    return this.stage.from.alias?.raw ?? `stage ${this.index}`;
  }

  get namedRole(): Role | undefined {
    const role = this.name === undefined ? undefined : roleOfStageName(this.name);
    return role === undefined ? undefined : { name: role, stated: true };
  }

  get isShipped(): boolean {
    return this.build.chain.includes(this) || this.build.fragment === this;
  }

  get isReached(): boolean {
    return this.build.closure.has(this) || this.build.fragment === this;
  }

  get parent(): StageModel | undefined {
    return this.lineage[1];
  }

  get lineage(): readonly StageModel[] {
    this.#lineage ??= this.#findLineage();
    return this.#lineage;
  }

  get image(): ImageReference | undefined {
    const { base } = this.#root.evaluated;
    return base.kind === "image" && base.reference.kind === "reference" ? base.reference : undefined;
  }

  get facts(): BaseImageFacts | undefined {
    if (this.#facts === undefined) {
      const { image } = this;
      this.#facts = { found: image === undefined ? undefined : factsOf(image, this.build.baseImages) };
    }
    return this.#facts.found;
  }

  get isScratch(): boolean {
    return this.#root.evaluated.base.kind === "scratch";
  }

  get isWindows(): boolean {
    const root = this.#root;
    const platform = root.evaluated.platform;
    if (platform?.kind === "known" && /^windows(\/|$)/i.test(platform.value)) return true;
    const { image, facts } = this;
    if (facts?.os !== undefined) return facts.os.family === "windows";
    if (image !== undefined) {
      if (image.name.startsWith("mcr.microsoft.com/windows/")) return true;
      if (/nanoserver|windowsservercore|(^|-)ltsc20\d\d/i.test(image.tag ?? "")) return true;
    }
    const [program = ""] = this.shell ?? [];
    return /(?:^|[\\/])(?:cmd|powershell)(?:\.exe)?$/i.test(program);
  }

  get shell(): readonly string[] | undefined {
    return this.evaluated.state.shell?.value;
  }

  /** What `/bin/sh` of the base is. */
  get sh(): ShellKind {
    return shKind(this.facts?.shell);
  }

  get layers(): StageView["layers"] {
    this.#layers ??= this.#makeLayers();
    return this.#layers;
  }

  get runs(): readonly RunView[] {
    this.#runs ??= this.layers.flatMap((layer) => (layer.kind === "run" ? [layer.run] : []));
    return this.#runs;
  }

  get copies(): readonly CopyView[] {
    this.#copies ??= this.layers.flatMap((layer) => (layer.kind === "copy" ? [layer.copy] : []));
    return this.#copies;
  }

  get user(): UserState {
    this.#user ??= userStateOf(this, this.evaluated.state);
    return this.#user;
  }

  get workdir(): string | undefined {
    return workdirAt(this, this.evaluated.state);
  }

  get entrypoint(): CommandView | undefined {
    this.#entrypoint ??= { view: this.#commandView(this.evaluated.state.entrypoint) };
    return this.#entrypoint.view;
  }

  get command(): CommandView | undefined {
    this.#command ??= { view: this.#commandView(this.evaluated.state.cmd) };
    return this.#command.view;
  }

  get healthcheck(): HealthcheckState {
    this.#healthcheck ??= this.#findHealthcheck();
    return this.#healthcheck;
  }

  get accounts(): AccountTable {
    this.#accounts ??= accountsOf(this);
    return this.#accounts;
  }

  hasCommand(name: string): Certainty {
    this.#programs ??= new ProgramTable(this);
    return this.#programs.has(name);
  }

  get hasShell(): Certainty {
    if (this.isScratch) return this.#bringsFiles() ? "unknown" : "no";
    const { facts } = this;
    if (facts?.shell === undefined) return "unknown";
    if (facts.shell !== "none") return "yes";
    return this.#bringsFiles() ? "unknown" : "no";
  }

  get dropsPrivileges(): Certainty {
    this.#drops ??= dropsPrivileges(this, this.build.project);
    return this.#drops;
  }

  get isExport(): boolean {
    if (!this.isScratch || this.evaluated.state.cmd !== undefined || this.evaluated.state.entrypoint !== undefined) {
      return false;
    }
    return this.lineage.every(({ stage }) =>
      stage.instructions.every(
        ({ keyword }) => keyword === "COPY" || keyword === "ADD" || keyword === "ARG" || keyword === "LABEL",
      ),
    );
  }

  get anchor(): Range {
    return this.stage.baseName?.range ?? this.stage.from.keywordRange;
  }

  /** The stage at the bottom of the lineage; each step of a chain is taken once for all its stages. */
  get #root(): StageModel {
    const path = new Set<StageModel>();
    let current: StageModel = this;
    while (current.#knownRoot === undefined) {
      path.add(current);
      const parent = current.#directParent();
      if (parent === undefined || path.has(parent)) break;
      current = parent;
    }
    const root = current.#knownRoot ?? current;
    for (const stage of path) stage.#knownRoot = root;
    return root;
  }

  /**
   * Parents of this file, then, when the external base is what another service builds, those of that build. Of a chain
   * that no image can have, the near end and the root.
   */
  #findLineage(): readonly StageModel[] {
    const lineage: StageModel[] = [];
    const seen = new Set<StageModel>();
    for (let current: StageModel | undefined = this; current !== undefined && !seen.has(current); ) {
      if (lineage.length === MOST_ANCESTORS) return [...lineage, this.#root];
      lineage.push(current);
      seen.add(current);
      current = current.#directParent();
    }
    return lineage;
  }

  #directParent(): StageModel | undefined {
    const { base } = this.evaluated;
    if (base.kind === "stage") return this.build.stages[base.stage.stage.index];
    if (base.kind !== "image" || base.reference.kind !== "reference") return undefined;
    return this.build.project.stageBuiltAs(base.reference, this.build);
  }

  #makeLayers(): StageView["layers"] {
    const copies = new Map(this.evaluated.copies.map((copy) => [copy.step, copy]));
    const layers: StageView["layers"][number][] = [];
    for (const step of this.evaluated.steps) {
      const { instruction } = step;
      if (instruction.keyword === "RUN") layers.push({ kind: "run", run: new RunModel(this, step, instruction) });
      const copy = copies.get(step);
      if (copy !== undefined) layers.push({ kind: "copy", copy: new CopyModel(this, copy) });
    }
    return layers;
  }

  /** A COPY from elsewhere than the context may bring a shell along. */
  #bringsFiles(): boolean {
    return this.lineage.some(({ copies }) =>
      copies.some(
        ({ destination, isFolder }) =>
          destination === undefined ||
          (/^\/(bin|usr(\/bin|\/local\/bin)?)?(\/|$)/.test(destination) && (isFolder || !isOtherProgram(destination))),
      ),
    );
  }

  #commandView(setting: Setting<CommandText> | undefined): CommandView | undefined {
    if (setting === undefined) return undefined;
    const { instruction } = setting.step;
    if (instruction.keyword !== "CMD" && instruction.keyword !== "ENTRYPOINT") return undefined;
    return this.#readCommand(instruction, setting.value, setting);
  }

  #readCommand(
    instruction: CommandView["instruction"],
    text: CommandText,
    { step, stage }: Setting<unknown>,
  ): CommandView {
    const { shell } = step.state;
    const model = readCommand(text, { step, shell: shell?.value, sh: this.sh, isWindows: this.isWindows });
    const origin = this.lineage.find(({ evaluated }) => evaluated === stage) ?? this;
    return new StartCommand({ instruction, stage: origin, step }, model);
  }

  #findHealthcheck(): HealthcheckState {
    for (const member of this.lineage) {
      const setting = member.evaluated.state.healthcheck;
      const instruction = setting?.step.instruction;
      if (setting === undefined || instruction?.keyword !== "HEALTHCHECK") continue;
      return this.#healthcheckOf(instruction, setting.value, setting, member);
    }
    if (this.isScratch) return { kind: "absent" };
    const known = this.facts?.hasHealthcheck;
    return known === undefined ? { kind: "unknown" } : { kind: known ? "base" : "absent" };
  }

  #healthcheckOf(
    instruction: HealthcheckInstruction,
    test: HealthcheckInstruction["test"],
    setting: Setting<unknown>,
    member: StageModel,
  ): HealthcheckState {
    const stage = member.lineage.find(({ evaluated }) => evaluated === setting.stage) ?? member;
    if (test.kind !== "cmd") return { kind: "disabled", instruction, stage };
    return { kind: "check", instruction, stage, view: member.#readCommand(instruction, test.command, setting) };
  }
}

/** Whether a path below a folder of programs is that of one program, and no shell. */
function isOtherProgram(path: string): boolean {
  const [, name] = /\/bin\/([^/]+)$/.exec(path) ?? [];
  return name !== undefined && !/^(?:ba|da|a|z|k|mk)?sh$|box/.test(name);
}

/**
 * A command in effect. A class, because V8 gives each object literal with a getter a hidden class of its own, which keeps
 * what the getter refers to, here the whole model of a file, until the next full garbage collection.
 */
class StartCommand implements CommandView {
  readonly instruction: CommandView["instruction"];
  readonly stage: StageView;
  readonly step: CommandView["step"];
  readonly #model: CommandModel;

  constructor(place: Pick<CommandView, "instruction" | "stage" | "step">, model: CommandModel) {
    this.instruction = place.instruction;
    this.stage = place.stage;
    this.step = place.step;
    this.#model = model;
  }

  get script(): CommandView["script"] {
    return this.#model.script;
  }

  get argv(): CommandView["argv"] {
    return this.#model.argv;
  }

  get commands(): CommandView["commands"] {
    return this.#model.commands;
  }
}
