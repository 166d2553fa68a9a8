import { Command, CommanderError, Option } from "commander";
import { UserError } from "../config/user-error.js";
import { CONFIDENCES, PRESETS, THRESHOLDS } from "../data/levels.js";
import { FORMATS } from "../report/formats.js";
import { closest } from "../values/closest.js";
import { graphFormat, lintFlags, outputFormat, policyFlags, serviceFlags } from "./flag-values.js";
import { GRAPH_FORMATS, type Request } from "./request.js";
import { VERSION } from "./version.js";

/** Width that help is laid out for, whatever the terminal: the documentation holds the same text. */
const HELP_WIDTH = 100;

/** What `--help` prints for `lint`, the default command. */
export function helpText(): string {
  return createProgram(() => undefined).helpInformation();
}

/**
 * Reads a command line that holds flags or names a command.
 *
 * @throws UserError for an unknown flag, a missing or wrong value, a word too many
 */
export function parseWords(words: readonly string[]): Request {
  let request: Request | undefined;
  let printed = "";
  const program = createProgram((found) => {
    request = found;
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => {
        printed += text;
      },
      writeErr: () => undefined,
      getOutHelpWidth: () => HELP_WIDTH,
    });
  }
  try {
    program.parse([...words], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "print", text: printed };
    throw asUserError(error, program, words);
  }
  return request ?? { kind: "print", text: printed };
}

/** The commands and flags; each command gives its request to `accept`. */
function createProgram(accept: (request: Request) => void): Command {
  const program = new Command("plimsoll")
    .description("Lints Dockerfiles, Compose files and build contexts together.")
    .usage("[command] [flags] [path...]")
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .configureHelp({ helpWidth: HELP_WIDTH, sortSubcommands: false })
    .enablePositionalOptions()
    .showSuggestionAfterError(false);
  program
    .argument("[path...]", "files, folders, globs, or - for standard input (default: the folder you are in)")
    .action((paths: string[], values: object) => accept({ kind: "lint", paths, flags: lintFlags(values) }));
  addLintFlags(program);
  addCommands(program, accept);
  return program;
}

function addCommands(program: Command, accept: (request: Request) => void): void {
  const lint = program
    .command("lint")
    .argument("[path...]", "files, folders, globs, or -")
    .description("lint (what happens without a command)")
    .usage("[flags] [path...]")
    .action((paths: string[], values: object) => accept({ kind: "lint", paths, flags: lintFlags(values) }));
  addLintFlags(lint);
  program
    .command("rules")
    .description("list every rule")
    .addOption(outputFormatFlag())
    .action((values: object) => accept({ kind: "rules", format: outputFormat(values) }));
  program
    .command("explain")
    .argument("<rule>", "id of a rule, also of another tool: DL3006")
    .description("say what a rule finds, why, and how to mend it")
    .action((rule: string) => accept({ kind: "explain", rule }));
  program
    .command("init")
    .description("write a commented plimsoll.yaml here")
    .option("--from <file>", "say what the configuration of another linter says: .hadolint.yaml, .dclintrc")
    .action((values: object) => accept({ kind: "init", from: fromFlag(values) }));
  const config = program
    .command("config")
    .argument("<path>", "a file, present or not")
    .description("show the effective policy for a file and where each value comes from")
    .addOption(outputFormatFlag())
    .action((path: string, values: object) =>
      accept({ kind: "config", path, format: outputFormat(values), flags: policyFlags(values) }),
    );
  addPolicyFlags(config);
  const inspect = program
    .command("inspect")
    .argument("<path...>", "files")
    .description("show the model that rules see")
    .addOption(outputFormatFlag())
    .action((paths: string[], values: object) =>
      accept({ kind: "inspect", paths, format: outputFormat(values), flags: policyFlags(values) }),
    );
  addPolicyFlags(inspect);
  const graph = program
    .command("graph")
    .argument("[path...]", "files or folders (default: the folder you are in)")
    .description("show what belongs together: services, builds, Dockerfiles, contexts, networks")
    .option("-f, --format <name>", GRAPH_FORMATS.join(", "), "text")
    .action((paths: string[], values: object) =>
      accept({
        kind: "graph",
        paths,
        format: graphFormat(values),
        services: serviceFlags(values),
        flags: policyFlags(values),
      }),
    );
  addBuildFlags(graph, "only this service and what it needs");
  const context = program
    .command("context")
    .argument("[path...]", "files or folders (default: the folder you are in)")
    .description("show what builds send: sizes, what each line of the ignore file matches, what each COPY takes")
    .addOption(outputFormatFlag())
    .action((paths: string[], values: object) =>
      accept({
        kind: "context",
        paths,
        format: outputFormat(values),
        services: serviceFlags(values),
        flags: policyFlags(values),
      }),
    );
  addBuildFlags(context, "only what this service builds");
  program
    .command("schema")
    .description("print the JSON Schema of policy files, or of Compose files")
    .option("--compose", "the schema of Compose files")
    .action((values: object) => accept({ kind: "schema", of: "compose" in values ? "compose" : "policy" }));
  for (const command of program.commands)
    command.helpOption("-h, --help", "print this help").showSuggestionAfterError(false);
}

function fromFlag(values: object): string | undefined {
  return "from" in values && typeof values.from === "string" ? values.from : undefined;
}

function outputFormatFlag(): Option {
  return new Option("-f, --format <name>", "text or json").default("text");
}

function addLintFlags(command: Command): void {
  command
    .option("-f, --format <name[:file]>", `${FORMATS.join(", ")}; may be given several times`, append)
    .option("-o, --output <file>", "write the report there instead of to stdout");
  addPolicyFlags(command);
  command
    .option("--fix", "mend what can be mended without changing what images do")
    .option("--unsafe-fixes", "with --fix or --diff: also fixes that may change what images do")
    .option("--diff", "show what --fix would change, and change nothing")
    .option("--force-exclude", "apply `ignore` of the policy also to paths named one by one")
    .option("--stdin-filename <path>", "what the text from - is called")
    .option("--quiet", "no notes on stderr besides errors")
    .option("--verbose", "say what is searched, and why files are skipped")
    .option("--no-color", "no colours")
    .option("--timing", "say on stderr how long the parts of the run and the slowest rules took");
}

/** Flags of the commands that show builds. */
function addBuildFlags(command: Command, service: string): void {
  command.option("--service <name>", `${service}; may be given several times`, append);
  addConfigFlags(command);
  addTargetFlags(command);
}

function addConfigFlags(command: Command): void {
  command.option("--config <file>", "use this policy for every file").option("--no-config", "use no policy file");
}

function addTargetFlags(command: Command): void {
  command
    .option("--role <role>", "production, development, test or ci, whatever names and comments say")
    .option("--target <stage>", "stage that ships, for Dockerfiles given directly")
    .option("--context <folder>", "build context, for Dockerfiles given directly")
    .option("--build-arg <name=value>", "value of an ARG, for Dockerfiles given directly", append);
}

function addPolicyFlags(command: Command): void {
  addConfigFlags(command);
  command
    .option("--preset <name>", `${PRESETS.join(", ")}; may be given several times`, append)
    .option("--rule <id=level>", "set the level of a rule, a kind, or a pattern such as secrets/*", append)
    .option("--only <pattern>", "run only these rules: ids, aliases, patterns", append)
    .option("--skip <pattern>", "leave these rules out", append);
  addTargetFlags(command);
  command
    .option("--fail-on <severity>", `${THRESHOLDS.join(", ")}: exit 1 from here on (default: warning)`)
    .option("--min-confidence <level>", `${CONFIDENCES.join(", ")}: hide less certain findings (default: medium)`)
    .option("--no-inline-config", "ignore comments that silence findings")
    .option("--require-reason", "report comments that silence findings without a reason");
}

function append(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

/** One line of ours for what commander says in its own way. */
function asUserError(error: CommanderError, program: Command, words: readonly string[]): UserError {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  const flag = quoted.split(/[ ,]/).find((word) => word.startsWith("--")) ?? quoted;
  switch (error.code) {
    case "commander.unknownOption":
      return unknownFlag(quoted, commandOf(program, words));
    case "commander.optionMissingArgument":
      return new UserError({ place: flag, problem: "needs a value" });
    case "commander.missingArgument":
      return new UserError({ problem: `\`plimsoll ${words[0]}\` needs a ${quoted}` });
    // Only `help` prints help as an error: for a word that is no command.
    case "commander.help":
      return unknownCommand(words[1] ?? "", program);
    case "commander.excessArguments":
      return new UserError({ problem: `\`plimsoll ${words[0]}\` takes fewer words` });
    default:
      return new UserError({ problem: error.message.replace(/^error: /, ""), cause: error });
  }
}

function commandOf(program: Command, words: readonly string[]): Command {
  return program.commands.find((command) => command.name() === words[0]) ?? program;
}

function unknownCommand(written: string, program: Command): UserError {
  const nearest = closest(
    written,
    program.commands.map((command) => command.name()),
  );
  const remedy = nearest === undefined ? "`plimsoll --help` lists the commands" : `did you mean \`${nearest}\`?`;
  return new UserError({ problem: `no command \`${written}\``, remedy });
}

function unknownFlag(flag: string, command: Command): UserError {
  const known = command.options.flatMap(({ long }) => (typeof long === "string" ? [long] : []));
  const nearest = closest(flag, [...known, "--help"]);
  const remedy = nearest === undefined ? "`plimsoll --help` lists the flags" : `did you mean \`${nearest}\`?`;
  return new UserError({ problem: `no flag \`${flag}\``, remedy });
}
