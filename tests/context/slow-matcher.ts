/**
 * The documented meaning of ignore patterns, written for clearness: a recursive comparison of characters for each
 * pattern, and each pattern asked about the path and every folder above it. Exponential; for short texts only.
 */
export function slowlyIgnores(lines: readonly string[], path: string): boolean {
  let isIgnored = false;
  const parts = path.split("/");
  const candidates = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
  for (const line of lines) {
    const isException = line.startsWith("!");
    if (isException !== isIgnored) continue;
    const pattern = clean(isException ? line.slice(1) : line);
    if (candidates.some((candidate) => matches(pattern, candidate))) isIgnored = !isException;
  }
  return isIgnored;
}

function clean(pattern: string): string {
  const parts: string[] = [];
  for (const part of pattern.trim().split("/")) {
    if (part === "" || part === ".") continue;
    parts.push(part);
  }
  return parts.length === 0 ? "." : parts.join("/");
}

function matches(pattern: string, path: string): boolean {
  if (/^\*\*[^*?]*$/.test(pattern)) return endsIn(pattern.slice(2), path);
  if (/^[^*?]*\*\*$/.test(pattern)) return path.startsWith(pattern.slice(0, -2));
  return matchesFrom(pattern, path);
}

// Two stars, slash, x: x or anything that ends in /x. Two stars, x: anything that ends in x.
function endsIn(rest: string, path: string): boolean {
  return path.endsWith(rest) || (rest.startsWith("/") && path === rest.slice(1));
}

function matchesFrom(pattern: string, path: string): boolean {
  if (pattern === "") return path === "";
  if (pattern.startsWith("**")) {
    const rest = pattern.startsWith("**/") ? pattern.slice(3) : pattern.slice(2);
    if (rest === "") return true;
    // Any number of whole folders, also none.
    if (matchesFrom(rest, path)) return true;
    for (let index = 0; index < path.length; index += 1) {
      if (path[index] === "/" && matchesFrom(rest, path.slice(index + 1))) return true;
    }
    return false;
  }
  if (pattern.startsWith("*")) {
    if (matchesFrom(pattern.slice(1), path)) return true;
    return path !== "" && path[0] !== "/" && matchesFrom(pattern, path.slice(1));
  }
  if (path === "") return false;
  const fits = pattern[0] === "?" ? path[0] !== "/" : pattern[0] === path[0];
  return fits && matchesFrom(pattern.slice(1), path.slice(1));
}
