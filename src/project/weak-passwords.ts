import type { Service } from "../compose/model.js";
import { baseName } from "../files/path.js";
import { parseImageReference } from "../values/image-reference.js";
import { type SecretNameOptions, secretName, secretNameWords } from "../values/secret-name.js";
import { isPublicPassword, switchesPasswordOff } from "../values/secret-password.js";
import { secretValue } from "../values/secret-value.js";
import type { NamedValue } from "./secret-places.js";

/** Why a variable protects nothing. */
export type WeakPassword =
  /** The value is public knowledge, or repeats the user or the service. */
  | { readonly kind: "public"; readonly named: NamedValue }
  /** The value says that a person is to put a password here; until then it is the password. */
  | { readonly kind: "placeholder"; readonly named: NamedValue }
  /** Switches authentication off. */
  | { readonly kind: "switch"; readonly named: NamedValue };

/** Words of names whose value a server compares with what it is given. */
const PASSWORD_WORDS: ReadonlySet<string> = new Set([
  "password",
  "passwd",
  "passphrase",
  "pword",
  "psw",
  "pass",
  "pwd",
  "secret",
]);

/** Words of names whose value another service gives out: a placeholder there opens nothing. */
const CLIENT_WORDS: ReadonlySet<string> = new Set(["client", "token", "api", "access", "aws", "webhook"]);

/**
 * Variables of one container that hold a password which everyone knows, or need none.
 *
 * @param values all variables of the container: a user among them is an owner of the passwords
 * @param owners names that a password may repeat, such as that of the service
 */
export function* weakPasswordsAmong(
  values: readonly NamedValue[],
  owners: readonly string[],
  names: SecretNameOptions,
): Iterable<WeakPassword> {
  let all: readonly string[] | undefined;
  for (const named of values) {
    const { name, value, form } = named;
    if (value === undefined || value === "" || form === "reference") continue;
    if (switchesPasswordOff(name, value)) {
      yield { kind: "switch", named };
    } else if (isPasswordName(name, names)) {
      all ??= [...owners, ...usersAmong(values)];
      if (isPublicPassword(value, all)) yield { kind: "public", named };
      else if (secretValue(value).kind === "placeholder") yield { kind: "placeholder", named };
    }
  }
}

function isPasswordName(name: string, names: SecretNameOptions): boolean {
  const { kind, isSentToBrowsers } = secretName(name, names);
  if ((kind !== "strong" && kind !== "exact") || isSentToBrowsers) return false;
  const words = secretNameWords(name);
  return words.some((word) => PASSWORD_WORDS.has(word)) && !words.some((word) => CLIENT_WORDS.has(word));
}

function* usersAmong(values: readonly NamedValue[]): Iterable<string> {
  for (const { name, value } of values) {
    if (value === undefined || value.length < 2) continue;
    const last = secretNameWords(name).at(-1);
    if (last === "user" || last === "username" || last === "login") yield value;
  }
}

/** Names of a service that its password may repeat: its own, and that of its image. */
export function ownersOf({ name, image }: Service): readonly string[] {
  const reference = image?.value === undefined ? undefined : parseImageReference(image.value);
  return reference?.kind === "reference" ? [name, baseName(reference.name)] : [name];
}
