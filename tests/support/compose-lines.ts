/** The text of a Compose file of some lines. */
export function yaml(...lines: readonly string[]): string {
  return lines.join("\n");
}

/** A service `api` of an image of its own, with more keys; lines may begin with the mark of a parity case. */
export function api(...lines: readonly string[]): string {
  return yaml("services:", "  api:", "    image: acme/api:1.4.0", ...lines);
}

/** The same, marked at its name: where most tools, and we, report what is absent. */
export function markedApi(...lines: readonly string[]): string {
  return api(...lines).replace("  api:", "»  api:");
}
