import type { Redirect } from "../shell/model.js";
import type { PackageCommand } from "../shell/package-model.js";
import { join, type Range } from "../text/source.js";

/** A version specifier whose `>` or `<` the shell takes for itself. */
export interface SpecifierRedirect {
  /** What was meant, without blanks: `flask>=2,<3`. */
  readonly specifier: string;
  /** From the package to the end of the last redirect. */
  readonly range: Range;
  /** The file of the first redirect. */
  readonly target: string;
  /** It is a `<`. */
  readonly isRead: boolean;
  readonly isOnOneLine: boolean;
}

type FileRedirect = Extract<Redirect, { kind: "file" }>;

/** Redirects of an install to files that are named like versions, those of one package joined. */
export function specifierRedirects({ invocation, action }: PackageCommand): readonly SpecifierRedirect[] {
  const { redirects, args } = invocation;
  if (redirects.length === 0 || (action !== "install" && action !== "download" && action !== "upgrade")) return [];
  const found: SpecifierRedirect[] = [];
  let before = -1;
  for (let index = 0; index < redirects.length; index += 1) {
    const first = redirects[index];
    if (first === undefined || !isSpecifier(first)) continue;
    let { range } = first;
    // `flask>=2,<3`: the second bound follows at once.
    for (let next = redirects[index + 1]; next !== undefined && isSpecifier(next); next = redirects[index + 1]) {
      if (next.range.source !== range.source || next.range.start !== range.end) break;
      range = join(range, next.range);
      index += 1;
    }
    // Both lists are in the order of the text.
    while ((args[before + 1]?.range.end ?? Number.POSITIVE_INFINITY) <= first.range.start) before += 1;
    const operand = args[before];
    if (operand?.range.source !== range.source) continue;
    if (operand.shape.startsWith("-")) continue;
    const whole = join(operand.range, range);
    const written = range.source.slice(whole);
    // Quotes would stand inside of quotes.
    const name = operand.isQuoted ? operand.value : operand.text;
    const isOnOneLine = !/[\n\\`]/.test(written) && name !== undefined && !name.includes('"');
    found.push({
      specifier: `${name ?? operand.text}${range.source.slice(range).replaceAll(" ", "")}`.replaceAll(/\\?\r?\n/g, ""),
      range: whole,
      target: first.target?.shape ?? "",
      isRead: first.operator === "<",
      isOnOneLine,
    });
  }
  return found;
}

function isSpecifier(redirect: Redirect): redirect is FileRedirect {
  if (redirect.kind !== "file" || redirect.descriptor !== undefined || redirect.target === undefined) return false;
  if (redirect.operator !== ">" && redirect.operator !== ">>" && redirect.operator !== "<") return false;
  const { shape, isQuoted } = redirect.target;
  if (isQuoted || shape.includes("/")) return false;
  return shape.startsWith("=") || /^\d+(?:\.(?:\d+|\*))*,?$/.test(shape);
}
