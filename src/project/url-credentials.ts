import type { Range, Source } from "../text/source.js";
import { isPublicPassword } from "../values/secret-password.js";
import { type FoundCredentials, findUrlCredentials } from "../values/secret-url.js";
import { ModelMemo } from "./model-memo.js";

/** User information with a literal secret in a URL of a file. */
export interface UrlCredentials {
  /** The user information, without `@`. */
  readonly range: Range;
  readonly certainty: FoundCredentials["certainty"];
  /** For messages, without any character of the secret. */
  readonly description: string;
  /** What stands for the secret, for policies that allow some; never printed. */
  readonly value: string;
  /** Everyone knows the password, or it repeats the user. */
  readonly isPublic: boolean;
}

const found = new ModelMemo<Source, readonly UrlCredentials[]>();

/** A variable that is left to a program in the container: `$$NAME` in Compose, `\$NAME` in a heredoc. */
const LATE_VARIABLE = /\$[A-Za-z_{(]/;

/** Credentials in the URLs of a file, comments and heredocs included, in order; computed once. */
export function urlCredentialsOf(source: Source): readonly UrlCredentials[] {
  let credentials = found.get(source);
  if (credentials === undefined) {
    credentials = findUrlCredentials(source.text)
      .map((each) => ofFound(source, each))
      .filter(({ value }) => !LATE_VARIABLE.test(value));
    found.set(source, credentials);
  }
  return credentials;
}

function ofFound(source: Source, { start, end, certainty, description }: FoundCredentials): UrlCredentials {
  const range = source.range(start, end);
  const written = source.text.slice(start, end);
  const colon = written.indexOf(":");
  const user = colon === -1 ? "" : written.slice(0, colon);
  const value = written.slice(colon + 1);
  return { range, certainty, description, value, isPublic: isPublicPassword(value, user === "" ? [] : [user]) };
}
