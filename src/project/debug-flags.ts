import type { Invocation, Word } from "../shell/model.js";

const ALL_ADDRESSES = ["0.0.0.0", "[::]", "*", ":"];

/**
 * The word by which a command starts a debugger that listens on all addresses; undefined when none does, or nobody knows.
 *
 * @see https://nodejs.org/api/cli.html#--inspecthostport
 * @see https://docs.oracle.com/en/java/javase/21/docs/specs/jpda/conninv.html
 */
export function listenedToByDebugger({ name, words }: Invocation): Word | undefined {
  const isPython = words.some(({ value }) => value === "debugpy") || name === "debugpy";
  return words.find((word, index) => {
    const { value } = word;
    if (value === undefined) return false;
    if (value.startsWith("--inspect")) return isOpen(value.slice(value.indexOf("=") + 1));
    if (value.startsWith("-agentlib:jdwp=")) {
      const address = value.split(",").find((part) => part.startsWith("address="));
      return address !== undefined && isOpen(address.slice("address=".length));
    }
    if (name === "dlv" && value.startsWith("--listen=")) return isOpen(value.slice("--listen=".length));
    if (words[index - 1]?.value !== "--listen" && words[index - 1]?.value !== "-l") return false;
    return (isPython || name === "dlv") && isOpen(value);
  });
}

function isOpen(address: string): boolean {
  return ALL_ADDRESSES.some((open) => address.startsWith(open));
}
