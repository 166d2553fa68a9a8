import { joinPath } from "../files/path.js";
import type { Invocation, Word } from "../shell/model.js";
import type { Range } from "../text/source.js";
import { judgeSecret } from "../values/secret-verdict.js";
import type { Build, Project, RunView, StageView } from "./model.js";

/** A build step of a framework that takes the application's own key, or makes one. */
export type KeyedBuildStep =
  | {
      readonly kind: "rails";
      /** `assets:precompile`. */
      readonly range: Range;
      readonly run: RunView;
      readonly invocation: Invocation;
      /** The lock file names a Rails that does with a dummy key; undefined when there is no such file. */
      readonly takesDummy: boolean | undefined;
      /** The project keeps encrypted credentials, which need the real key to be read. */
      readonly hasCredentials: boolean;
    }
  /** A random `SECRET_KEY` in front of `collectstatic`. */
  | { readonly kind: "django"; readonly range: Range; readonly masked: Range; readonly name: string }
  /** `key:generate` of Laravel, which writes the key to the `.env` of the image. */
  | { readonly kind: "laravel"; readonly range: Range };

/** Names of variables that give Rails a key for the step, in upper case. */
const RAILS_KEYS: readonly string[] = ["SECRET_KEY_BASE_DUMMY", "SECRET_KEY_BASE"];
const DJANGO_KEYS: ReadonlySet<string> = new Set(["SECRET_KEY", "DJANGO_SECRET_KEY"]);
const RAILS_RUNNERS: ReadonlySet<string> = new Set(["rails", "rake", "bundle"]);

/** Steps of a stage that want or make the key of the application, in order. */
export function* keyedBuildSteps(stage: StageView, project: Project): Iterable<KeyedBuildStep> {
  for (const run of stage.runs) {
    if (run.isOnbuild) continue;
    for (const invocation of run.commands) {
      const { name, args } = invocation;
      if (name === undefined) continue;
      if (RAILS_RUNNERS.has(name)) {
        const task = wordOf(args, "assets:precompile");
        if (task !== undefined) yield* ofRails(run, invocation, task, project);
      } else if (wordOf(args, "collectstatic") !== undefined) {
        yield* ofDjango(invocation);
      } else if (name === "php" || name === "artisan") {
        const task = wordOf(args, "key:generate");
        if (task !== undefined && wordOf(args, "--show") === undefined) yield { kind: "laravel", range: task.range };
      }
    }
  }
}

function wordOf(args: readonly Word[], text: string): Word | undefined {
  return args.find(({ value }) => value === text);
}

function* ofRails(run: RunView, invocation: Invocation, task: Word, project: Project): Iterable<KeyedBuildStep> {
  if (run.instruction.mounts.some(({ type }) => type === "secret")) return;
  const isGiven = RAILS_KEYS.some((key) => {
    // A base that nobody knows may set one.
    if (run.step.lookup(key).kind !== "unset") return true;
    return run.commands.some(({ assignments }) => assignments.some(({ name }) => name === key));
  });
  if (isGiven || !runsRuby(run.stage) || isOtherEnvironment(run)) return;
  const { build } = run.stage;
  yield {
    kind: "rails",
    range: task.range,
    run,
    invocation,
    takesDummy: takesDummyKey(build, project),
    hasCredentials: hasCredentials(build),
  };
}

/** Whether the base may hold Ruby: it is called so, or nobody knows it. */
function runsRuby({ image, facts }: StageView): boolean {
  return facts === undefined || image === undefined || /ruby|rails/.test(image.name);
}

/** Only production wants a key; any other environment makes one for itself. */
function isOtherEnvironment(run: RunView): boolean {
  const binding = run.step.lookup("RAILS_ENV");
  return binding.kind === "known" && binding.value !== "production";
}

/** From Rails 7.1 on a variable takes the place of the key. @see https://guides.rubyonrails.org/7_1_release_notes.html */
function takesDummyKey({ context }: Build, project: Project): boolean | undefined {
  if (context.kind !== "local") return undefined;
  const lock = project.read(joinPath(context.root, "Gemfile.lock"));
  const version = lock === undefined ? null : /^ {4}rails \((\d{1,3})\.(\d{1,3})\./m.exec(lock.text);
  if (version === null) return undefined;
  const [, major = "0", minor = "0"] = version;
  return Number(major) > 7 || (Number(major) === 7 && Number(minor) >= 1);
}

function hasCredentials({ context }: Build): boolean {
  if (context.kind !== "local") return true;
  return context.exists("config/credentials.yml.enc") || context.exists("config/credentials");
}

/** What looks like the real key; any word that is none would do. */
function* ofDjango({ assignments }: Invocation): Iterable<KeyedBuildStep> {
  for (const { name, nameRange, value } of assignments) {
    const text = value?.value;
    if (value === undefined || text === undefined || !DJANGO_KEYS.has(name)) continue;
    if (judgeSecret(name, text)?.verdict.witness === "random") {
      yield { kind: "django", range: nameRange, masked: value.range, name };
    }
  }
}
