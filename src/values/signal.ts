import { words } from "../text/words.js";

/** Names of signals on Linux without `SIG`, as engines know them; github.com/moby/sys/signal v0.7.1, signal_linux.go. */
const NAMES =
  "ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX";

const LARGEST_SIGNAL = 64;

/** Real-time signals are counted from both ends: `RTMIN+1` to `RTMIN+15`, `RTMAX-14` to `RTMAX-1`. */
const LAST_OF_MIN = 15;
const LAST_OF_MAX = 14;

let names: ReadonlySet<string> | undefined;

/**
 * Whether a text is a signal: a name with or without `SIG`, in any case, or a number from 1 to 64.
 *
 * @see https://docs.docker.com/reference/dockerfile/#stopsignal
 */
export function isSignal(text: string): boolean {
  if (/^[0-9]+$/.test(text)) return Number(text) >= 1 && Number(text) <= LARGEST_SIGNAL;
  names ??= new Set(words(NAMES));
  const upper = text.toUpperCase();
  const name = upper.startsWith("SIG") ? upper.slice(3) : upper;
  if (names.has(name)) return true;
  const counted = /^RT(MIN\+|MAX-)([0-9]{1,2})$/.exec(name);
  if (counted === null) return false;
  const count = Number(counted[2]);
  return count >= 1 && count <= (counted[1] === "MIN+" ? LAST_OF_MIN : LAST_OF_MAX);
}

/** All names with `SIG`, for suggestions. */
export function signalNames(): readonly string[] {
  return words(NAMES).map((name) => `SIG${name}`);
}

/** Names of the numbers 1 to 31 on Linux (x86 and ARM), in order; man 7 signal, man-pages 6.9. */
const NUMBERED =
  "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS";

/** Number of `SIGRTMIN` as the C libraries give it: they keep those before for themselves. */
const FIRST_REAL_TIME = 34;

/**
 * The name of a signal with `SIG`, in upper case: `9`, `KILL` and `sigkill` are `SIGKILL`, `37` is `SIGRTMIN+3`.
 *
 * @returns undefined for what is no signal, and for numbers that have no name
 */
export function canonicalSignal(text: string): string | undefined {
  if (!isSignal(text)) return undefined;
  const number = Number(text);
  if (Number.isNaN(number)) {
    const upper = text.toUpperCase();
    return upper.startsWith("SIG") ? upper : `SIG${upper}`;
  }
  const name = words(NUMBERED)[number - 1];
  if (name !== undefined) return `SIG${name}`;
  if (number < FIRST_REAL_TIME) return undefined;
  if (number === LARGEST_SIGNAL) return "SIGRTMAX";
  const above = number - FIRST_REAL_TIME;
  if (above > LAST_OF_MIN) return `SIGRTMAX-${LARGEST_SIGNAL - number}`;
  return above === 0 ? "SIGRTMIN" : `SIGRTMIN+${above}`;
}
