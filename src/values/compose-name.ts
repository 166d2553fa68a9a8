/** What is wrong with a name, in words that follow the name and its kind; undefined when it is valid. */
export type NameFault = string | undefined;

/** Names of services and resources: letters, digits, `.`, `_` and `-`. */
export function keyFault(name: string): NameFault {
  if (name === "") return "a name is needed";
  return characterFault(name, (code) => isAlphanumeric(code) || code === DOT || code === UNDERSCORE || code === HYPHEN);
}

/** Names of containers and profiles: as {@link keyFault}, and begun by a letter or digit. */
export function containerNameFault(name: string): NameFault {
  const fault = keyFault(name);
  if (fault !== undefined) return fault;
  if (!isAlphanumeric(name.charCodeAt(0))) return "it begins with a letter or digit";
  return name.length < 2 ? "it has at least two characters" : undefined;
}

/** Names of projects: lower case letters, digits, `_` and `-`, begun by a letter or digit. */
export function projectNameFault(name: string): NameFault {
  if (name === "") return "a name is needed";
  if (name !== name.toLowerCase()) return "upper case is not allowed";
  const fault = characterFault(name, (code) => isAlphanumeric(code) || code === UNDERSCORE || code === HYPHEN);
  if (fault !== undefined) return fault;
  return isAlphanumeric(name.charCodeAt(0)) ? undefined : "it begins with a letter or digit";
}

/**
 * Names of hosts and domains, by RFC 1123: labels of letters, digits and `-`, up to 63 characters each. A `_` is told
 * apart, because containers reach each other by such names, and only programs that look closely refuse them.
 */
export function hostNameFault(name: string): NameFault {
  if (name === "") return undefined;
  if (name.length > 253) return "it has at most 253 characters";
  const fault = characterFault(
    name,
    (code) => isAlphanumeric(code) || code === DOT || code === HYPHEN || code === UNDERSCORE,
  );
  if (fault !== undefined) return fault;
  for (const label of (name.endsWith(".") ? name.slice(0, -1) : name).split(".")) {
    if (label === "") return "a part between two dots is empty";
    if (label.length > 63) return "a part has at most 63 characters";
    if (label.startsWith("-") || label.endsWith("-")) return "no part begins or ends with `-`";
  }
  return undefined;
}

/** The name as a project may be called: lower case, other characters left out. */
export function normalisedProjectName(name: string): string {
  let text = "";
  for (const character of name.toLowerCase()) {
    const code = character.charCodeAt(0);
    const isInside = code === UNDERSCORE || code === HYPHEN;
    if (isAlphanumeric(code) || (isInside && text !== "")) text += character;
  }
  return text;
}

const DOT = 46;
const UNDERSCORE = 95;
const HYPHEN = 45;

function isAlphanumeric(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

function characterFault(name: string, isAllowed: (code: number) => boolean): NameFault {
  for (const character of name) {
    if (isAllowed(character.codePointAt(0) ?? 0)) continue;
    return character.trim() === "" ? "a blank is not allowed" : `\`${character}\` is not allowed`;
  }
  return undefined;
}
