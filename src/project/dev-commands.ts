import { isDevServer } from "../data/dev-servers.js";
import type { Invocation, Word } from "../shell/model.js";
import { words } from "../text/words.js";

/** Options that make a server watch its source or stop for a debugger, whatever the program. */
const DEV_OPTIONS: ReadonlySet<string> = new Set([
  "--reload",
  "--debug",
  "--inspect",
  "--inspect-brk",
  "--hot",
  "--use-reloader",
]);
/**
 * Programs that start another one again whenever its source changes, or stop it for a debugger; `start-dev`, the first word
 * that Keycloak's image takes.
 */
const DEV_PROGRAMS: ReadonlySet<string> = new Set(
  words(
    "nodemon ts-node-dev tsnd watchexec air dlv entr reflex CompileDaemon cargo-watch webpack-dev-server livereload debugpy start-dev",
  ),
);
/** Programs that run a task of the project by its name. */
const TASK_RUNNERS: ReadonlySet<string> = new Set(["npm", "yarn", "pnpm", "bun", "deno", "npx"]);
/** Names that projects give to the task that serves what is being edited. */
const DEV_TASKS: ReadonlySet<string> = new Set(
  words(
    "dev develop start:dev start-dev start:debug start:watch start-watch serve:dev dev:server server:dev watch hot nodemon",
  ),
);
/** Programs whose word for a development server is their second one. */
const DEV_VERBS: ReadonlyMap<string, readonly string[]> = new Map([
  ["flask", ["run"]],
  ["manage.py", ["runserver", "runserver_plus"]],
  ["django-admin", ["runserver"]],
  ["dotnet", ["watch"]],
  ["cargo", ["watch"]],
  ["mix", ["phx.server"]],
  ["fastapi", ["dev"]],
  ["hugo", ["server"]],
  ["kc.sh", ["start-dev"]],
]);

/** What makes a command a server for development. */
export interface DevelopmentSign {
  /** The option, task or program. */
  readonly word: Word;
  /** For messages: `--reload`, `npm run dev`, `flask run`. */
  readonly text: string;
}

/** The sign by which a command starts a server for development; undefined when there is none. */
export function developmentSign(command: Invocation): DevelopmentSign | undefined {
  const word = developmentWord(command);
  if (word === undefined) return undefined;
  const [program] = command.words;
  const own = word.value ?? word.text;
  if (word === program || own.startsWith("-")) return { word, text: own };
  return {
    word,
    text: command.words
      .slice(0, command.words.indexOf(word) + 1)
      .map((each) => each.value ?? each.text)
      .join(" "),
  };
}

function developmentWord(command: Invocation): Word | undefined {
  const { name, args } = command;
  const program = command.words[0];
  if (name === undefined || program === undefined) return undefined;
  if (DEV_PROGRAMS.has(name)) return program;
  const operands = args.filter(({ value }) => value !== undefined && !value.startsWith("-"));
  const [first, second] = operands;
  if (TASK_RUNNERS.has(name)) {
    const task = first?.value === "run" || first?.value === "run-script" ? second : first;
    if (task?.value !== undefined && DEV_TASKS.has(task.value)) return task;
    if (name !== "npx" || first?.value === undefined) return undefined;
    return DEV_PROGRAMS.has(first.value) || isDevServer(first.value, second?.value) ? first : undefined;
  }
  if (isDevServer(name, first?.value)) return first ?? program;
  if (verbOf(name, first)) return first;
  if (isPython(name)) {
    // `python manage.py runserver`, `python -m flask run`.
    const called = args.find(
      (word, index) => args[index - 1]?.value === "-m" || word.value?.endsWith("manage.py") === true,
    );
    const verb = called === undefined ? undefined : args[args.indexOf(called) + 1];
    if (called?.value !== undefined && verbOf(called.value.slice(called.value.lastIndexOf("/") + 1), verb)) return verb;
    if (called?.value === "debugpy") return called;
  }
  return args.find(({ value }) => value !== undefined && isDevOption(value));
}

function verbOf(program: string, verb: Word | undefined): boolean {
  return verb?.value !== undefined && DEV_VERBS.get(program)?.includes(verb.value) === true;
}

function isPython(name: string): boolean {
  return name.startsWith("python") || name === "poetry" || name === "uv" || name === "pipenv";
}

function isDevOption(value: string): boolean {
  return DEV_OPTIONS.has(value) || value.startsWith("--inspect=") || value.startsWith("--inspect-brk=");
}
