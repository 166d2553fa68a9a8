import type { Instruction, UnknownInstruction } from "../dockerfile/model.js";
import { words } from "../text/words.js";

/** Words that begin commands of RUN and are near no instruction. */
const COMMANDS =
  "apk apt apt-get bundle bundler cat cd chmod chown composer conda corepack cp curl dnf dpkg echo export find gem git go grep groupadd gzip if fi for do done then ln ls make mamba microdnf mkdir mv npm npx pip pip3 pipx pnpm poetry python python3 rm sed set sh bash tar touch true update-ca-certificates useradd adduser addgroup unzip usermod uv wget xargs yarn yum zypper";

const OPERATORS = ["&&", "||", "|", ";", "-", ">", "<", "&", ")", "}"];

let commands: ReadonlySet<string> | undefined;

/**
 * Whether a word that is no instruction continues the shell command above, whose line has lost the character that continues
 * it: an operator or option of a shell, or a command behind a RUN.
 */
export function lostContinuation(before: Instruction, { written }: UnknownInstruction): boolean {
  if (before.keyword !== "RUN" && before.keyword !== "UNKNOWN") return false;
  if (OPERATORS.some((operator) => written.startsWith(operator))) return true;
  if (before.keyword !== "RUN" || before.form !== "shell") return false;
  commands ??= new Set(words(COMMANDS));
  return commands.has(written);
}
