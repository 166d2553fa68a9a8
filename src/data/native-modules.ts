/**
 * Packages of npm that bring machine code linked against one C library, by build or by download.
 *
 * @see https://www.npmjs.com (the `binary`, `gypfile` and `optionalDependencies` fields of each; read 2026-11)
 */
const NATIVE: ReadonlySet<string> = new Set(
  (
    "@node-rs/argon2 @node-rs/bcrypt @prisma/client @swc/core argon2 bcrypt better-sqlite3 bufferutil canvas cpu-features " +
    "deasync duckdb grpc isolated-vm kerberos leveldown libxmljs libxmljs2 lightningcss mongodb-client-encryption node-sass " +
    "oracledb pg-native re2 robotjs sharp snappy sodium-native sqlite3 tree-sitter usb utf-8-validate zeromq"
  ).split(" "),
);

/** Those that fit one major version of Node.js only, because they do not use Node-API. */
const ONE_VERSION: ReadonlySet<string> = new Set(
  "better-sqlite3 deasync grpc isolated-vm libxmljs libxmljs2 node-sass re2".split(" "),
);

/** Whether a package fits every image (undefined), one C library, or one C library and one major version of Node.js. */
export function nativeModule(name: string): "library" | "version" | undefined {
  if (ONE_VERSION.has(name)) return "version";
  return NATIVE.has(name) ? "library" : undefined;
}
