// What the `sh` of Debian and Ubuntu (dash) and that of Alpine (BusyBox ash, with its default bash compatibility) lack of
// bash. Sources: dash 0.5.12 manual and sources; BusyBox 1.37 shell/ash.c (BASH_* switches); checked 2026-11. BusyBox reads
// `<( )` since 1.33, so it is not listed for it.

/** How a shell takes a construct that it lacks. */
export interface MissingConstruct {
  /** How it is written in general: `[[`. */
  readonly name: string;
  /** What to write instead, as an order; undefined when only another shell helps. */
  readonly instead: string | undefined;
  readonly dash: boolean;
  readonly busybox: boolean;
}

const BOTH = { dash: true, busybox: true };
const DASH = { dash: true, busybox: false };

const ROWS: Readonly<Record<string, MissingConstruct>> = {
  "double-bracket": { name: "[[", instead: "use `[ … ]`", ...DASH },
  "double-paren": { name: "((", instead: "use `$(( … ))`", ...DASH },
  array: { name: "an array", instead: undefined, ...BOTH },
  source: { name: "source", instead: "use `.`", ...DASH },
  "function-keyword": { name: "function", instead: "write `name() { … }`", ...DASH },
  "here-string": { name: "<<<", instead: "pipe from `printf`", ...DASH },
  "process-substitution": { name: "<( )", instead: undefined, ...DASH },
  "redirect-both": { name: "&>", instead: "use `> file 2>&1`", ...DASH },
  "pipe-both": { name: "|&", instead: "use `2>&1 |`", ...DASH },
  "brace-expansion": { name: "{a,b}", instead: "write the words out", ...BOTH },
  "ansi-c-quote": { name: "$'…'", instead: "use `printf`", ...DASH },
  "locale-string": { name: '$"…"', instead: "use plain double quotes", ...DASH },
  "replace-expansion": { name: "${x//a/b}", instead: "use `sed`", ...DASH },
  "slice-expansion": { name: "${x:1:2}", instead: "use `cut`", ...DASH },
  "case-expansion": { name: "${x^^}", instead: "use `tr`", ...BOTH },
  "indirect-expansion": { name: "${!x}", instead: "use `eval`", ...BOTH },
  "double-equals": { name: "==", instead: "use `=`", ...DASH },
  "echo-option": { name: "echo -e", instead: "use `printf`", ...DASH },
  pushd: { name: "pushd", instead: "use `cd`", ...BOTH },
  shopt: { name: "shopt", instead: undefined, ...BOTH },
  declare: { name: "declare", instead: "assign without it", ...BOTH },
  "associative-array": { name: "declare -A", instead: undefined, ...BOTH },
  let: { name: "let", instead: "use `$(( … ))`", ...DASH },
  random: { name: "$RANDOM", instead: "use `shuf`", ...DASH },
  "set-pipefail": { name: "set -o pipefail", instead: undefined, ...DASH },
  "read-array": { name: "read -a", instead: undefined, ...BOTH },
  select: { name: "select", instead: undefined, ...BOTH },
  coproc: { name: "coproc", instead: undefined, ...BOTH },
};

/** What is known of a construct of bash; undefined for a name that is none. */
export function missingConstruct(kind: string): MissingConstruct | undefined {
  return Object.hasOwn(ROWS, kind) ? ROWS[kind] : undefined;
}
