import type { Policy, PolicySet } from "../config/policy.js";
import type { Confidence, Level, Severity, Threshold } from "../data/levels.js";
import { ASSUMED_ROLE, type Role } from "../data/roles.js";
import type { Project } from "../project/model.js";
import { forgetModels } from "../project/model-memo.js";
import type { Source } from "../text/source.js";
import { ChecklistTally } from "./checklist.js";
import { finishFindings } from "./finish.js";
import { JoinedFindings } from "./joined-findings.js";
import { atMost, compareLevels } from "./level.js";
import { type Format, presetsReading } from "./levels.js";
import { addFilesOf } from "./linted-files.js";
import { MentionFilter } from "./mentions.js";
import { type ParseProblem, parseProblemsOf } from "./parse-problems.js";
import type { Registry } from "./registry.js";
import type { Finding } from "./rule.js";
import type { RuleClock } from "./rule-clock.js";
import { type ActiveRule, type RuleSettings, ruleSettings } from "./rule-settings.js";
import { collect, runCheck } from "./run-check.js";
import type { Diagnostic, LintedFile, RunResult } from "./run-result.js";
import { SCRIPT_RULE, type ScriptChecker, type ScriptDesk } from "./script-checker.js";
import { type Job, type JobPlace, subjectsOf } from "./subjects.js";
import { commentsOfCompose, commentsOfDockerfile, commentsOfIgnoreFile } from "./suppressions/comments.js";
import { FileSuppressions } from "./suppressions/suppressions.js";

/** What a run needs besides its projects. */
export interface RunOptions {
  readonly registry: Registry;
  /** The policies of a file, by its absolute path. */
  readonly policySetFor: (file: string) => PolicySet;
  /** Path of a source relative to the root of its repository, for fingerprints; the path that people see when absent. */
  readonly repositoryPath?: ((source: Source) => string) | undefined;
  /** Files whose findings are wanted; every judged file when absent. */
  readonly isWanted?: ((source: Source) => boolean) | undefined;
  /** Measures every check of every rule; nothing is measured when absent. */
  readonly clock?: RuleClock | undefined;
  /** Checks shell scripts; nothing is handed in when absent. */
  readonly scripts?: ScriptChecker | undefined;
}

/** What is known of one file (never an embedded one) during a run. */
export interface FileState {
  readonly source: Source;
  readonly policies: PolicySet;
  /** Findings in it are not wanted: the policy ignores it, or nobody asked for it. */
  readonly isHidden: boolean;
  readonly findings: JoinedFindings;
  readonly suppressions: FileSuppressions;
  readonly problems: ParseProblem[];
  readonly format: Format;
  /** Role of the last subject that was judged in it, for policies that depend on the role. */
  role: Role | undefined;
}

/**
 * Judges projects one after the other; nothing of their models is kept. The result does not depend on the order in which
 * they come.
 */
export class Run {
  readonly #options: RunOptions;
  readonly #files = new Map<Source, FileState>();
  readonly #linted = new Map<string, LintedFile>();
  readonly #diagnostics: Diagnostic[] = [];
  readonly #checklist = new ChecklistTally();
  readonly #settings = new Map<Policy, Map<string, RuleSettings>>();
  readonly #mentions: MentionFilter;
  /** The one that is being judged. */
  #project: Project | undefined;
  /** Automatic overrides of the project that is judged. */
  #overrides: ReadonlySet<Source> = new Set();
  /** Scripts that are being checked. */
  readonly #waiting: Promise<void>[] = [];
  /** What scripts are handed in for. */
  #asking: { readonly rule: ActiveRule; readonly job: Job; readonly settings: RuleSettings } | undefined;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#mentions = new MentionFilter(options.registry);
  }

  /**
   * Runs every rule that is on for the subjects of a project.
   *
   * @param jobs the subjects; those of the project when absent
   * @throws UserError for an option of the policy whose value does not fit
   */
  judge(project: Project, jobs: Iterable<Job> = subjectsOf(project)): void {
    this.#project = project;
    addFilesOf(project, this.#linted);
    this.#overrides = new Set(
      project.composeFiles.filter(({ nameKind }) => nameKind === "override").map(({ source }) => source),
    );
    this.#readComments(project);
    for (const problem of parseProblemsOf(project)) this.#fileOf(problem.range.source).problems.push(problem);
    // Files that `include` and `extends` bring in are no files of the project, yet services are made of them.
    const broughtIn = project.variants.flatMap((variant) => variant.broughtIn);
    this.#mentions.begin([...project.composeFiles, ...broughtIn].map(({ source }) => source));
    const all = this.#options.scripts === undefined ? jobs : [...jobs];
    if (this.#options.scripts !== undefined) this.#handInScripts(all, this.#options.scripts);
    for (const job of all) this.#judgeSubject(job);
    this.#project = undefined;
    forgetModels();
  }

  /** Adds what others found out: files that were skipped, problems of the policy. */
  note(diagnostic: Diagnostic): void {
    this.#diagnostics.push(diagnostic);
  }

  /** Waits for everything that was handed in to be checked; without a checker there is nothing to wait for. */
  async settle(): Promise<void> {
    this.#options.scripts?.flush();
    await Promise.all(this.#waiting);
  }

  /** Everything that was found, in order. */
  finish(threshold?: Threshold): RunResult {
    const { registry, repositoryPath } = this.#options;
    return finishFindings({
      registry,
      files: [...this.#files.values()],
      linted: this.#wantedFiles(),
      diagnostics: this.#diagnostics,
      checklist: this.#checklist,
      settingsFor: (file) => this.#settingsFor(file, file.role ?? ASSUMED_ROLE),
      repositoryPath: repositoryPath ?? ((source) => source.path),
      threshold,
    });
  }

  #judgeSubject(job: Job): void {
    const file = this.#fileOf(job.source);
    file.role = job.role;
    const settings = this.#settingsFor(file, job.role, formatOf(job, file));
    const active = settings.active[job.subject.kind];
    if (active.length === 0) return;
    if (!file.isHidden) this.#checklist.add(job, settings.families[job.subject.kind]);
    for (const rule of this.#mentions.rulesFor(job.subject, active)) {
      if (rule.rule.id !== SCRIPT_RULE) this.#runRule(rule, job, settings);
    }
  }

  /** Hands in the scripts of all subjects before the other rules run, so that they are checked meanwhile. */
  #handInScripts(jobs: Iterable<Job>, checker: ScriptChecker): void {
    for (const job of jobs) {
      const file = this.#fileOf(job.source);
      const settings = this.#settingsFor(file, job.role, formatOf(job, file));
      const rule = settings.active[job.subject.kind].find(({ rule: { id } }) => id === SCRIPT_RULE);
      if (rule === undefined) continue;
      this.#asking = { rule, job, settings };
      this.#runRule(rule, job, settings);
      this.#asking = undefined;
    }
    checker.start();
  }

  #desk(checker: ScriptChecker): ScriptDesk {
    return {
      check: (script, read) => {
        const asking = this.#asking;
        if (asking === undefined) throw new Error("a script was handed in after its check had ended");
        const { rule, settings } = asking;
        const { source, role, labels, embedded } = asking.job;
        // Not the subject, which would keep its models until the answer comes.
        const job: JobPlace = { source, role, labels, embedded };
        const done = checker.check(script).then((remarks) => {
          const crash = collect(rule, job, read(remarks), (finding) => this.#take(rule, finding, job, settings));
          if (crash !== undefined) this.#diagnostics.push(crash);
        });
        this.#waiting.push(done);
      },
    };
  }

  #runRule(rule: ActiveRule, job: Job, settings: RuleSettings): void {
    const { clock } = this.#options;
    const report = (finding: Finding): void => this.#take(rule, finding, job, settings);
    const crash =
      clock === undefined
        ? runCheck(rule, job, report)
        : clock.measure(rule.rule.id, () => runCheck(rule, job, report));
    if (crash !== undefined) this.#diagnostics.push(crash);
  }

  /** Rates a finding and keeps it, unless its level is off, it is not sure enough, or its file is not wanted. */
  #take(active: ActiveRule, finding: Finding, job: JobPlace, settings: RuleSettings): void {
    const { source } = finding.range;
    const file = this.#fileOf(source);
    if (file.isHidden) return;
    const role = finding.role ?? this.#roleIn(source, job.role);
    // A finding obeys the policy of the file that it is in, for the role that it is about.
    const isOwn = source === job.source && role.name === settings.role.name && role.stated === settings.role.stated;
    const format = source === job.source ? formatOf(job, file) : file.format;
    const rules = isOwn ? settings : this.#settingsFor(file, role, format);
    const level = isOwn ? active.level(finding.kind) : rules.level(active.rule.id, finding.kind);
    const confidence = finding.confidence ?? "high";
    const severity = severityOf(level, confidence, finding.atMost);
    if (severity === undefined || isBelow(confidence, rules.policy.minConfidence)) return;
    const { labels, embedded } = job;
    file.findings.add({ rule: active.rule, finding, severity, confidence, role, labels, embedded });
  }

  /**
   * The role by which a finding in a file is judged. What the automatic override of Compose adds is for development: plain
   * `docker compose up` loads it beside a base that says nothing of its role.
   */
  #roleIn(source: Source, role: Role): Role {
    return this.#overrides.has(source) && !role.stated ? DEVELOPMENT : role;
  }

  #fileOf(source: Source): FileState {
    const known = this.#files.get(source);
    if (known !== undefined) return known;
    const policies = this.#options.policySetFor(source.file);
    const file: FileState = {
      source,
      policies,
      isHidden: policies.ignores(source.file) || this.#options.isWanted?.(source) === false,
      findings: new JoinedFindings(),
      suppressions: new FileSuppressions(source, this.#options.registry),
      problems: [],
      format: this.#linted.get(source.path)?.kind === "compose" ? "compose" : "dockerfile",
      role: undefined,
    };
    this.#files.set(source, file);
    return file;
  }

  #settingsFor({ policies, source, format: own }: FileState, role: Role, format = own): RuleSettings {
    const policy = policies.policyFor(source.file, role);
    const presets = presetsReading(policy.presets, format);
    let byRole = this.#settings.get(policy);
    if (byRole === undefined) {
      byRole = new Map();
      this.#settings.set(policy, byRole);
    }
    const roleKey = role.stated ? role.name : `${role.name}?`;
    const key = presets === policy.presets ? roleKey : `${roleKey} ${format}`;
    const known = byRole.get(key);
    if (known !== undefined) return known;
    const { scripts } = this.#options;
    const desk = scripts === undefined ? undefined : this.#desk(scripts);
    const said = presets === policy.presets ? policy : { ...policy, presets };
    const settings = ruleSettings(this.#options.registry, said, role, () => this.#current(), desk);
    byRole.set(key, settings);
    return settings;
  }

  #current(): Project {
    if (this.#project === undefined) throw new Error("a rule asked for the project after its check had ended");
    return this.#project;
  }

  #readComments(project: Project): void {
    for (const view of project.dockerfiles) this.#fileOf(view.source.root).suppressions.add(commentsOfDockerfile(view));
    for (const file of project.composeFiles) this.#fileOf(file.source).suppressions.add(commentsOfCompose(file));
    for (const { ignoreFile } of project.contexts) {
      if (ignoreFile === undefined) continue;
      this.#fileOf(ignoreFile.file.source).suppressions.add(commentsOfIgnoreFile(ignoreFile.file));
    }
  }

  #wantedFiles(): readonly LintedFile[] {
    return [...this.#linted.values()].filter(({ source }) => this.#files.get(source)?.isHidden !== true);
  }
}

function formatOf({ embedded }: JobPlace, file: FileState): Format {
  return embedded === undefined ? file.format : "dockerfile";
}

const DEVELOPMENT: Role = { name: "development", stated: true };

const CONFIDENCE_CAPS = { high: "error", medium: "warning", low: "info" } as const satisfies Record<
  Confidence,
  Severity
>;
const CONFIDENCE_RANKS = { high: 2, medium: 1, low: 0 } as const satisfies Record<Confidence, number>;

/** The severity of a finding: its level within what its confidence and the finding itself allow; undefined when off. */
function severityOf(level: Level, confidence: Confidence, most: Severity | undefined): Severity | undefined {
  if (level === "off") return undefined;
  const sure = atMost(level, CONFIDENCE_CAPS[confidence]);
  return most !== undefined && compareLevels(sure, most) > 0 ? most : sure;
}

function isBelow(confidence: Confidence, least: Confidence): boolean {
  return CONFIDENCE_RANKS[confidence] < CONFIDENCE_RANKS[least];
}
