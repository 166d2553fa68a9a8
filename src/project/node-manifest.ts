/**
 * Packages that a `package.json` wants in production, each with the version asked for, in its order; none when it is no JSON,
 * which npm cannot read either.
 */
export function nodeDependencies(text: string): readonly (readonly [name: string, wanted: string])[] {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    return [];
  }
  return [...entriesOf(manifest, "dependencies"), ...entriesOf(manifest, "optionalDependencies")];
}

function entriesOf(manifest: unknown, name: string): readonly (readonly [string, string])[] {
  if (typeof manifest !== "object" || manifest === null) return [];
  const section: unknown = new Map(Object.entries(manifest)).get(name);
  if (typeof section !== "object" || section === null) return [];
  return Object.entries(section).map(([key, value]) => [key, String(value)]);
}
