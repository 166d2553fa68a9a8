/**
 * Packages of npm whose install fetches or builds machine code for the one C library that it finds. Left out are those that
 * bring the code for both libraries in one package (`bufferutil`, `leveldown`, `usb`, `zeromq`), those that work without it
 * (`oracledb`), and those for which a schema chooses (`@prisma/client`).
 *
 * Written down in 2026-11 from what is known of how each is published, and not compared with the registry since; whoever
 * corrects a line finds it in the `install` script, `binary` and `optionalDependencies` of that package's manifest.
 *
 * @see https://docs.npmjs.com/cli/v11/configuring-npm/package-json#libc
 */
const NATIVE: ReadonlySet<string> = new Set(
  (
    "@node-rs/argon2 @node-rs/bcrypt @swc/core argon2 bcrypt better-sqlite3 canvas cpu-features duckdb grpc kerberos " +
    "libxmljs libxmljs2 lightningcss mongodb-client-encryption node-sass pg-native re2 robotjs sharp snappy sqlite3"
  ).split(" "),
);

/** Those that fit one major version of Node.js only, because they use V8 itself and not Node-API. */
const ONE_VERSION: ReadonlySet<string> = new Set("better-sqlite3 grpc libxmljs libxmljs2 node-sass re2".split(" "));

/** First versions, as major and minor number, that bring the code for both C libraries. */
const BOTH_SINCE: ReadonlyMap<string, readonly [number, number]> = new Map([
  ["argon2", [0, 40]],
  ["bcrypt", [6, 0]],
]);

/**
 * Whether a package fits every image (undefined), one C library, or one C library and one major version of Node.js.
 *
 * @param wanted version as the manifest asks for it: `^5.1.1`; only packages that changed their way need one
 */
export function nativeModule(name: string, wanted: string): "library" | "version" | undefined {
  if (ONE_VERSION.has(name)) return "version";
  if (!NATIVE.has(name)) return undefined;
  const since = BOTH_SINCE.get(name);
  return since === undefined || isBelow(wanted, since) ? "library" : undefined;
}

/** Whether every version that is asked for is older; not so for what is no single version with `^` or `~`. */
function isBelow(wanted: string, [major, minor]: readonly [number, number]): boolean {
  const written = /^[\^~=v]{0,3}(\d{1,4})\.(\d{1,4})(?:\.|$)/.exec(wanted);
  if (written === null) return false;
  const [first, second] = [Number(written[1]), Number(written[2])];
  return first < major || (first === major && second < minor);
}

/** Those whose install calls node-gyp where it finds nothing to fetch. */
const BUILT_BY_GYP: ReadonlySet<string> = new Set(
  (
    "argon2 bcrypt better-sqlite3 canvas cpu-features duckdb grpc kerberos libxmljs libxmljs2 mongodb-client-encryption " +
    "node-sass pg-native re2 robotjs sqlite3"
  ).split(" "),
);

/** Whether a compiler, `make` and Python beside a package are there for its install. */
export function isBuiltByGyp(name: string): boolean {
  return BUILT_BY_GYP.has(name);
}
