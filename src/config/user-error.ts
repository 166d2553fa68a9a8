/** What a {@link UserError} says: where, what is wrong, and how to mend it. */
export interface UserErrorDetails {
  /** `plimsoll.yaml:2:3`, or a flag, or a path; absent when the problem belongs to no place. */
  readonly place?: string | undefined;
  /** What is wrong, in the user's words in backticks; no final period. */
  readonly problem: string;
  /** How to mend it; absent when the problem says so itself. */
  readonly remedy?: string | undefined;
  readonly cause?: unknown;
}

/**
 * A mistake of the user that ends the job: a wrong flag, policy or path. `message` is the one line for stderr,
 * `place: problem; remedy`. Everything else that is thrown is a bug.
 */
export class UserError extends Error {
  readonly place: string | undefined;
  readonly problem: string;
  readonly remedy: string | undefined;

  constructor({ place, problem, remedy, cause }: UserErrorDetails) {
    const text = remedy === undefined ? problem : `${problem}; ${remedy}`;
    super(place === undefined ? text : `${place}: ${text}`, cause === undefined ? undefined : { cause });
    this.name = "UserError";
    this.place = place;
    this.problem = problem;
    this.remedy = remedy;
  }
}
