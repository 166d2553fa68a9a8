import { NO_PASSWORD_SWITCHES, PUBLIC_PASSWORDS } from "../data/public-passwords.js";

/**
 * Whether a password is public knowledge: a documented default, the head of every list of passwords, or the name of
 * the user or service that it is for.
 *
 * @param owners user name, service name and the like, as far as they are known
 */
export function isPublicPassword(password: string, owners: readonly string[] = []): boolean {
  const folded = password.trim().toLowerCase();
  return folded !== "" && (PUBLIC_PASSWORDS.has(folded) || owners.some((owner) => owner.toLowerCase() === folded));
}

/** Whether a variable with this value makes its service accept everyone (`POSTGRES_HOST_AUTH_METHOD=trust`). */
export function switchesPasswordOff(name: string, value: string): boolean {
  const upper = name.toUpperCase();
  const folded = value.trim().toLowerCase();
  return NO_PASSWORD_SWITCHES.some((entry) => entry.name === upper && entry.values.includes(folded));
}
