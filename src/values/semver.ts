const NUMBER = "(?:0|[1-9]\\d{0,15})";
const SHAPE = new RegExp(
  `^v?${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`,
);

/** Longer texts are no versions, whatever they look like. */
const LONGEST = 256;

/**
 * Whether a text is a semantic version, with an optional `v` before it: `1.4.0`, `v2.0.0-rc.1+build.5`.
 *
 * @see https://semver.org/spec/v2.0.0.html
 */
export function isSemver(text: string): boolean {
  if (text.length > LONGEST) return false;
  const match = SHAPE.exec(text);
  if (match === null) return false;
  // Numbers of a pre-release have no leading zeros either.
  return (match[1] ?? "").split(".").every((part) => !/^0\d+$/.test(part));
}
