import type { ComposeFile, Service, Variant } from "../compose/model.js";
import type { BuildContext } from "../context/context.js";
import type { Role, RoleName } from "../data/roles.js";
import type { Build, DockerfileView, Project, StageView } from "../project/model.js";
import type { Remark } from "../text/remark.js";
import type { Edit, Range } from "../text/source.js";
import type { Confidence, Level, Levels, Preset, Severity } from "./level.js";
import type { OptionTable, OptionValues } from "./option.js";
import type { ScriptDesk } from "./script-checker.js";

export { option } from "./option.js";
export type { ScriptRemark } from "./script-checker.js";

/** Text edits that mend a finding. *Safe* keeps what the image does; *unsafe* may change it. */
export interface Fix {
  /** What the fix does, as an order in one line: "use `COPY`". Never contains a secret's value. */
  readonly description: string;
  readonly safety: "safe" | "unsafe";
  readonly edits: readonly Edit[];
  /** Files to create; a file that exists by then is left alone and the fix is dropped. */
  readonly creates?: readonly NewFile[];
}

/** A file that a fix creates: absolute path with `/`, and its whole text. */
export interface NewFile {
  readonly file: string;
  readonly text: string;
}

/** A place that belongs to a finding: its cause, its evidence, the other half of a pair. */
export type Related = Remark;

/** What a rule reports. */
export interface Finding {
  /** One of the kinds that the rule declares; absent for a rule without kinds. */
  readonly kind?: string;
  /** The smallest text that, once changed, ends the finding. */
  readonly range: Range;
  /** What is wrong, in the user's words in backticks; then `;` and how to mend it. At most 100 characters where possible. */
  readonly message: string;
  readonly related?: readonly Related[] | undefined;
  /** Where the fault itself is, when `range` is where it shows, in the same file: a rule of `yieldsTo` that marks it speaks. */
  readonly cause?: Range | undefined;
  readonly fix?: Fix | undefined;
  /** Absent means high. Medium caps the severity at warning, low at info. */
  readonly confidence?: Confidence | undefined;
  /** Caps the severity for this finding, whatever the level of its kind. */
  readonly atMost?: Severity | undefined;
  /** The role to judge by, when it is not that of the subject: a stage or service with a role of its own. */
  readonly role?: Role | undefined;
  /** What the finding is about, when the text at `range` does not tell (a key name); part of the fingerprint. Never a value. */
  readonly subject?: string | undefined;
  /** Ranges whose text no output may show: values of secrets. */
  readonly masked?: readonly Range[] | undefined;
  /** Rules that speak instead where they would mark overlapping text, besides those of the rule. */
  readonly yieldsTo?: readonly string[] | undefined;
}

/** What a check may ask beside its subject. */
export interface RuleContext<Table extends OptionTable = OptionTable> {
  readonly options: OptionValues<Table>;
  /** Role of the subject that is being judged. */
  readonly role: Role;
  readonly project: Project;
  /** Where scripts are handed in that a program outside is to check; undefined when there is none. */
  readonly scripts?: ScriptDesk | undefined;
}

/**
 * The subjects that a rule hooks. Each hook is called once per subject and run; equal findings (same rule, kind and
 * range) of several builds, services or variants are joined by the engine, which remembers whom they concern.
 * Methods, because a rule's hooks take the values of its own options where the engine knows only names.
 */
export interface Checks<Table extends OptionTable> {
  /** Each Dockerfile, once, whatever number of builds use it. */
  dockerfile?(file: DockerfileView, ctx: RuleContext<Table>): Iterable<Finding>;
  /** Each build: a Dockerfile with target, args and context. */
  build?(build: Build, ctx: RuleContext<Table>): Iterable<Finding>;
  /** Each stage of each build, build-only and unreachable ones too. */
  stage?(stage: StageView, ctx: RuleContext<Table>): Iterable<Finding>;
  /** Each build context together with its ignore file, once. */
  context?(context: BuildContext, ctx: RuleContext<Table>): Iterable<Finding>;
  /** Each Compose file by itself: what concerns its text. */
  composeFile?(file: ComposeFile, ctx: RuleContext<Table>): Iterable<Finding>;
  /** Each variant of each Compose project, merged. */
  variant?(variant: Variant, ctx: RuleContext<Table>): Iterable<Finding>;
  /** Each service of each variant, merged. */
  service?(service: Service, ctx: RuleContext<Table>): Iterable<Finding>;
}

/** One case of a rule's promise, with what differs from the rule. */
export interface Kind {
  /** What this case is, in a few words; for the documentation. */
  readonly summary: string;
  /** Cells that differ from the rule's. */
  readonly levels?: Levels;
  /** Ids of the same check in other tools, `tool:id`. */
  readonly aliases?: readonly string[];
}

/** Lines of a file, or its whole text where the line ending is the point. `«»` marks each range that must be found. */
export type ExampleText = readonly string[] | string;

/** A small project, and what the rule says of it: an executed test and a part of the documentation. */
export interface Example {
  /** What the example shows, in a few words. */
  readonly name: string;
  /** Text by path; paths are relative to the project's root. */
  readonly files: Readonly<Record<string, ExampleText>>;
  /** Options of this rule, as a policy file would write them. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Preset whose levels and options apply; absent means that the rule is on at its strictest level. */
  readonly preset?: Preset;
  /** Other keys of the policy file. */
  readonly policy?: Readonly<Record<string, unknown>>;
}

/** An example that fires: each marked range is found, and nothing else. */
export interface BadExample extends Example {
  /** Kind that every finding of this example has. */
  readonly kind?: string;
  /** Part of the message of the first finding. */
  readonly message?: string;
  /** How bad every finding of this example is, where that is not the level of its kind: caps of a role, a place, a certainty. */
  readonly severity?: Severity;
  /** Files after all fixes of this rule, unsafe ones too; absent when the rule offers none here. */
  readonly fixed?: Readonly<Record<string, ExampleText>>;
}

/**
 * Words without which a rule has nothing to say: in lower case, found anywhere in the text, inside of longer words too
 * (`pip` in `/usr/bin/pip3`). Where a text holds none of them, the rule is neither loaded nor called. Only for what has
 * to be spelled out in the file itself: an instruction, a flag, a key, a program; not for what a base image, a script in
 * the context or another file can bring.
 */
export interface Mentions {
  /** For the hooks `dockerfile`, `build` and `stage`: in the Dockerfile. */
  readonly dockerfile?: readonly string[] | undefined;
  /** For the hooks `composeFile`, `variant` and `service`: in any Compose file of the project. */
  readonly compose?: readonly string[] | undefined;
}

/** A rule: one promise, with everything that belongs to it. */
export interface RuleDefinition<Table extends OptionTable = OptionTable> {
  /** `family/rule-name`; equal to the path of its file. */
  readonly id: string;
  /** The policy as a true sentence, without a final period. */
  readonly summary: string;
  readonly levels: Levels;
  readonly kinds?: Readonly<Record<string, Kind>>;
  /** Where the rule runs. */
  readonly roles: "all" | readonly RoleName[];
  /** Roles in which no finding is worse than this. */
  readonly roleCaps?: { readonly [Name in RoleName]?: Severity };
  readonly fixable: "never" | "sometimes" | "always";
  /** Ids of the same check in other tools, `tool:id`, for every kind. */
  readonly aliases?: readonly string[];
  /** What ignoring the policy costs, a paragraph each. */
  readonly why: readonly string[];
  /** Primary sources first; `CWE-250`, `CIS 4.1` and web addresses. */
  readonly references?: readonly string[];
  /** CVSS-like score from 0.1 to 10 for rules about security; absent for the others. */
  readonly securitySeverity?: number | undefined;
  readonly options?: Table;
  /** Options that a preset sets, as a policy file would write them. */
  readonly presetOptions?: { readonly [Name in Preset]?: Readonly<Record<string, unknown>> };
  /** Presets in which the rule is off until the policy sets one of these options. */
  readonly presetNeeds?: { readonly [Name in Preset]?: readonly string[] };
  /** A level for rules that are off until an option is set; undefined leaves the preset's level. */
  levelByOptions?(options: OptionValues<Table>): Level | undefined;
  /** Rules (`id` or `id#kind`) that speak instead where both would mark overlapping text. */
  readonly yieldsTo?: readonly string[];
  /** Rules that speak instead for the same build or service, wherever they mark it. */
  readonly yieldsOnSubjectTo?: readonly string[];
  /** What the text must mention for the rule to be asked; absent: it is asked about everything. */
  readonly mentions?: Mentions | undefined;
  /** Whether its hook `context` has nothing to say of a context without an ignore file, and is not asked about it. */
  readonly needsIgnoreFile?: boolean;
  readonly check: Checks<Table>;
  readonly examples: { readonly bad: readonly BadExample[]; readonly good: readonly Example[] };
}

/** A subject that rules hook, by the name of the hook. */
export type Hook = keyof Checks<never>;

/** A rule as the engine sees it: its options are read by name, whatever their types. */
export interface Rule extends RuleDefinition {
  /** The part of the id before the slash. */
  readonly family: string;
  /** The hooks of its check. */
  readonly hooks: readonly Hook[];
  /** Whether any case of it is on in a preset, for rules that know it without reading their levels. */
  isOnIn?(preset: Preset, role: Role): boolean;
}

const HOOKS = [
  "dockerfile",
  "build",
  "stage",
  "context",
  "composeFile",
  "variant",
  "service",
] as const satisfies readonly Hook[];

/** Declares a rule; the only default export of a file below `rules/`. */
export function defineRule<const Table extends OptionTable = Record<never, never>>(
  definition: RuleDefinition<Table>,
): Rule {
  const family = definition.id.slice(0, definition.id.indexOf("/"));
  return { ...definition, family, hooks: HOOKS.filter((hook) => definition.check[hook] !== undefined) };
}
