import { spdxExceptions, spdxLicenses } from "../data/spdx-licenses.js";

/** What an SPDX license expression turned out to be. */
export type SpdxCheck =
  | { readonly kind: "valid" }
  /** An identifier that is not on the list; `closest` is one that differs in case or by a usual slip, when there is one. */
  | { readonly kind: "unknown-license"; readonly written: string; readonly closest?: string }
  | { readonly kind: "unknown-exception"; readonly written: string; readonly closest?: string }
  /** Operators or parentheses do not fit. */
  | { readonly kind: "malformed" };

const VALID: SpdxCheck = { kind: "valid" };
const MALFORMED: SpdxCheck = { kind: "malformed" };

/** Deeper or longer expressions are malformed for us; no license is written that way. */
const LONGEST = 2000;

/** Names that people write, in lower case without blanks and dashes, and the identifiers that they mean. */
const USUAL_NAMES: ReadonlyMap<string, string> = new Map([
  ["apache", "Apache-2.0"],
  ["apache2", "Apache-2.0"],
  ["apache2.0", "Apache-2.0"],
  ["apachev2", "Apache-2.0"],
  ["apachelicense2.0", "Apache-2.0"],
  ["apachelicenseversion2.0", "Apache-2.0"],
  ["asl2.0", "Apache-2.0"],
  ["mitlicense", "MIT"],
  ["themitlicense", "MIT"],
  ["expat", "MIT"],
  ["bsd", "BSD-3-Clause"],
  ["bsd2", "BSD-2-Clause"],
  ["bsd2clause", "BSD-2-Clause"],
  ["bsd3", "BSD-3-Clause"],
  ["bsd3clause", "BSD-3-Clause"],
  ["newbsd", "BSD-3-Clause"],
  ["gpl", "GPL-3.0-or-later"],
  ["gpl2", "GPL-2.0-only"],
  ["gplv2", "GPL-2.0-only"],
  ["gplv2+", "GPL-2.0-or-later"],
  ["gpl3", "GPL-3.0-only"],
  ["gplv3", "GPL-3.0-only"],
  ["gplv3+", "GPL-3.0-or-later"],
  ["agpl3", "AGPL-3.0-only"],
  ["agplv3", "AGPL-3.0-only"],
  ["lgpl3", "LGPL-3.0-only"],
  ["lgplv3", "LGPL-3.0-only"],
  ["mpl", "MPL-2.0"],
  ["mpl2", "MPL-2.0"],
  ["mpl2.0", "MPL-2.0"],
  ["publicdomain", "Unlicense"],
]);

/**
 * Checks an SPDX license expression: identifiers of the list (compared without regard to case), `+`, `LicenseRef-…`,
 * `WITH` an exception, `AND`, `OR` and parentheses. Operators are upper or lower case, not mixed.
 *
 * @see https://spdx.github.io/spdx-spec/v3.0.1/annexes/spdx-license-expressions/
 */
export function checkSpdxExpression(text: string): SpdxCheck {
  if (text.length > LONGEST) return MALFORMED;
  const tokens = text.match(/[()]|[^\s()]+/g) ?? [];
  if (tokens.length === 0) return MALFORMED;
  // A name with blanks (`Apache 2`) is a wrong identifier rather than a broken expression.
  const usual = USUAL_NAMES.get(text.toLowerCase().replace(/[\s,_-]/g, ""));
  if (usual !== undefined && !isKnownLicense(text.trim())) {
    return { kind: "unknown-license", written: text.trim(), closest: usual };
  }
  return checkTokens(tokens);
}

/** One pass with a count of open parentheses: a license where one is due, an operator where one is due. */
function checkTokens(tokens: readonly string[]): SpdxCheck {
  let depth = 0;
  let expects: "exception" | "license" | "operator" = "license";
  let mayTakeException = false;
  for (const token of tokens) {
    if (token === "(") {
      if (expects !== "license") return MALFORMED;
      depth++;
      continue;
    }
    if (token === ")") {
      if (expects !== "operator" || depth === 0) return MALFORMED;
      depth--;
      mayTakeException = false;
      continue;
    }
    if (expects === "operator") {
      if (isOperator(token, "WITH")) {
        if (!mayTakeException) return MALFORMED;
        expects = "exception";
      } else if (isOperator(token, "AND") || isOperator(token, "OR")) {
        expects = "license";
      } else {
        return MALFORMED;
      }
      mayTakeException = false;
      continue;
    }
    const problem = expects === "license" ? checkLicense(token) : checkException(token);
    if (problem !== undefined) return problem;
    mayTakeException = expects === "license";
    expects = "operator";
  }
  return depth === 0 && expects === "operator" ? VALID : MALFORMED;
}

function isOperator(token: string, name: "AND" | "OR" | "WITH"): boolean {
  return token === name || token === name.toLowerCase();
}

const REFERENCE = /^(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+$/;
const ADDITION = /^(?:DocumentRef-[A-Za-z0-9.-]+:)?AdditionRef-[A-Za-z0-9.-]+$/;

function isKnownLicense(token: string): boolean {
  const id = token.endsWith("+") ? token.slice(0, -1) : token;
  return spdxLicenses().has(id.toLowerCase()) || REFERENCE.test(token) || token === "NONE" || token === "NOASSERTION";
}

function checkLicense(token: string): SpdxCheck | undefined {
  if (isOperator(token, "AND") || isOperator(token, "OR") || isOperator(token, "WITH")) return MALFORMED;
  if (isKnownLicense(token)) return undefined;
  const closest = USUAL_NAMES.get(token.toLowerCase().replace(/[_-]/g, ""));
  return { kind: "unknown-license", written: token, ...(closest !== undefined && { closest }) };
}

function checkException(token: string): SpdxCheck | undefined {
  if (spdxExceptions().has(token.toLowerCase()) || ADDITION.test(token)) return undefined;
  const withEnding = spdxExceptions().get(`${token}-exception`.toLowerCase());
  return { kind: "unknown-exception", written: token, ...(withEnding !== undefined && { closest: withEnding }) };
}
