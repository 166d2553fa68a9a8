import type { Mount, MountEntry } from "../dockerfile/model.js";
import { baseName } from "../files/path.js";
import type { Invocation } from "../shell/model.js";
import type { Range } from "../text/source.js";
import type { RunView } from "./model.js";

/** A secret, or the agent of SSH, that a RUN mounts. */
export interface SecretMount {
  readonly kind: "secret" | "ssh";
  readonly mount: Mount;
  /** Of a secret: as written, else the last part of the target or the variable; of SSH `default`. */
  readonly id: string;
  readonly idRange: Range;
  /** Where the file is; undefined when the secret comes as a variable only. */
  readonly target: string | undefined;
  /** Variable that holds the secret. */
  readonly variable: string | undefined;
  readonly isRequired: boolean;
  /**
   * What the RUN does with it: takes it for granted, looks whether it is there, surely does nothing, or nobody knows
   * (programs read files such as `/root/.npmrc` and variables by themselves).
   */
  readonly use: "needed" | "tested" | "none" | "unknown";
}

/** Secrets looked at in one RUN: each is looked for in all of its commands. */
const MOST_SECRETS = 50;

/** The mounts of type secret and ssh of a RUN, in order; those whose target or id depends on a variable are left out. */
export function* secretMountsOf(run: RunView): Iterable<SecretMount> {
  let left = MOST_SECRETS;
  for (const mount of run.instruction.mounts) {
    if (mount.type !== "secret" && mount.type !== "ssh") continue;
    if (left === 0) return;
    left -= 1;
    if (mount.entries.some(({ value }) => value?.hasVariables === true)) continue;
    const variable = mountEntry(mount, "env")?.value?.literal;
    const written = mount.target?.literal;
    const id = mount.id?.literal ?? (written === undefined ? variable : baseName(written)) ?? "default";
    const given = written === undefined || written.startsWith("/") ? written : `/run/secrets/${written}`;
    const isFile = given !== undefined || (mount.type === "secret" && variable === undefined);
    const target = isFile ? (given ?? `/run/secrets/${id}`) : undefined;
    const required = mountEntry(mount, "required");
    const place = { target, variable };
    yield {
      kind: mount.type,
      mount,
      id,
      idRange: mount.id?.range ?? mount.target?.range ?? mountEntry(mount, "env")?.value?.range ?? mount.range,
      ...place,
      isRequired: required !== undefined && required.value?.literal?.toLowerCase() !== "false",
      use: mount.type === "ssh" ? "unknown" : useOf(run, place),
    };
  }
}

/** The last entry of a key, which is the one that counts. */
export function mountEntry({ entries }: Mount, key: string): MountEntry | undefined {
  return entries.findLast((entry) => entry.key === key);
}

/** Programs that read no file below `/run/secrets` by themselves, and run nothing that a project brings. */
const TRANSPARENT: ReadonlySet<string> = new Set(
  "apt-get apt apk dnf yum microdnf pip pip3 curl wget git tar unzip cp mv mkdir rm ln chmod chown echo printf cat sed true".split(
    " ",
  ),
);

const TESTS: ReadonlySet<string> = new Set(["[", "[[", "test"]);

function useOf(run: RunView, place: Pick<SecretMount, "target" | "variable">): SecretMount["use"] {
  const users = run.commands.filter((invocation) => names(invocation, place));
  if (users.some(isTest)) return "tested";
  const text = run.script?.text ?? "";
  if (users.length > 0) return run.script?.skipped === undefined ? "needed" : "unknown";
  const { target, variable } = place;
  if (target === undefined || !target.startsWith("/run/secrets/") || text.includes("/run/secrets")) return "unknown";
  if (variable !== undefined || run.facts.opaque !== undefined || run.commands.length === 0) return "unknown";
  return run.commands.every(({ name }) => name !== undefined && TRANSPARENT.has(name)) ? "none" : "unknown";
}

function names(invocation: Invocation, { target, variable }: Pick<SecretMount, "target" | "variable">): boolean {
  const { words, redirects, assignments } = invocation;
  const targets = redirects.flatMap((redirect) => (redirect.kind === "heredoc" ? [] : (redirect.target ?? [])));
  const values = assignments.flatMap(({ value }) => value ?? []);
  return [...words, ...targets, ...values].some((word) => {
    if (target !== undefined && word.shape.includes(target)) return true;
    return variable !== undefined && word.parts.some((part) => part.kind === "variable" && part.name === variable);
  });
}

/** Whether a command asks if the secret is there, or may do without. */
function isTest({ name, isTolerated, onlyIf, words }: Invocation): boolean {
  if (isTolerated || onlyIf !== "none" || (name !== undefined && TESTS.has(name))) return true;
  return words.some(({ parts }) => parts.some((part) => part.kind === "variable" && part.operation !== undefined));
}
