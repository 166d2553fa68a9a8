import { buildChecks } from "../data/build-checks.js";
import { closest } from "../values/closest.js";

/** A part of the value of `# check=` that the builder passes over. Offsets are 0-based in the value. */
export interface CheckFlaw {
  readonly kind: "option" | "name" | "case";
  readonly written: string;
  /** What was most likely meant; undefined when nothing is near. */
  readonly meant: string | undefined;
  readonly start: number;
  readonly end: number;
}

const OPTIONS = ["skip", "error", "experimental"];

/**
 * What is wrong in `skip=Name,Name;error=true`.
 *
 * @see https://docs.docker.com/reference/dockerfile/#check
 */
export function* checkFlaws(value: string): Iterable<CheckFlaw> {
  let start = 0;
  for (const part of value.split(";")) {
    const equals = part.indexOf("=");
    const written = (equals < 0 ? part : part.slice(0, equals)).trim();
    const at = start + part.indexOf(written);
    if (!OPTIONS.includes(written)) {
      yield { kind: "option", written, meant: closest(written, OPTIONS), start: at, end: at + written.length };
    } else if (written !== "error") {
      yield* nameFlaws(part.slice(equals + 1), start + equals + 1);
    }
    start += part.length + 1;
  }
}

function* nameFlaws(list: string, offset: number): Iterable<CheckFlaw> {
  let start = offset;
  for (const item of list.split(",")) {
    const written = item.trim();
    const at = start + item.indexOf(written);
    start += item.length + 1;
    if (written === "" || written === "all" || buildChecks().includes(written)) continue;
    const lower = written.toLowerCase();
    const same = lower === "all" ? "all" : buildChecks().find((name) => name.toLowerCase() === lower);
    const meant = same ?? closest(written, buildChecks());
    yield { kind: same === undefined ? "name" : "case", written, meant, start: at, end: at + written.length };
  }
}

/** Whether the value asks for an error at each finding. */
export function makesErrors(value: string): boolean {
  return value.split(";").some((part) => part.replaceAll(" ", "").toLowerCase() === "error=true");
}
