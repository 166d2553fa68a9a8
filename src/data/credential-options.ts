/** How a program takes a password on its command line. */
export interface CredentialOptions {
  /** Options whose value is the password, whether it follows as a word or is joined to the option. */
  readonly withValue?: readonly string[];
  /** Options that take the password only when it is joined to them (`mysql -pX`); alone they ask for it. */
  readonly joinedOnly?: readonly string[];
  /** Options whose value is `user:password`. */
  readonly withUser?: readonly string[];
  /** Options whose value is a header line. */
  readonly withHeader?: readonly string[];
  /** Options whose value is a password behind a word: `-passin pass:X`. */
  readonly withPrefix?: { readonly options: readonly string[]; readonly prefix: string };
  /** The options count only after this first operand: `docker login`. */
  readonly verb?: string;
  /** Stores what it is given for later commands. */
  readonly isSetUp?: boolean;
}

const MYSQL: CredentialOptions = { joinedOnly: ["-p", "--password"] };
const KEY_STORE: CredentialOptions = { withValue: ["-storepass", "-keypass", "-srcstorepass", "-deststorepass"] };
const LOGIN: CredentialOptions = { withValue: ["-p", "--password"], verb: "login", isSetUp: true };

/**
 * Options that hold a password, by program. Sources: the manual pages and the `--help` of the programs named; 2026-11.
 */
export const CREDENTIAL_OPTIONS: ReadonlyMap<string, CredentialOptions> = new Map<string, CredentialOptions>([
  ...["mysql", "mysqladmin", "mysqldump", "mysqlimport", "mysqlcheck", "mysqlshow"].map(
    (name): [string, CredentialOptions] => [name, MYSQL],
  ),
  ...["mariadb", "mariadb-admin", "mariadb-dump", "mariadb-check"].map((name): [string, CredentialOptions] => [
    name,
    MYSQL,
  ]),
  ...["docker", "podman", "nerdctl", "buildah", "skopeo", "crane", "oras"].map((name): [string, CredentialOptions] => [
    name,
    LOGIN,
  ]),
  ["az", { withValue: ["-p", "--password", "--federated-token"], verb: "login", isSetUp: true }],
  ["doctl", { withValue: ["-t", "--access-token"], verb: "auth", isSetUp: true }],
  ["twine", { withValue: ["-p", "--password"] }],
  ["sshpass", { withValue: ["-p"] }],
  ["redis-cli", { withValue: ["-a", "--pass"] }],
  ["valkey-cli", { withValue: ["-a", "--pass"] }],
  ["sqlcmd", { withValue: ["-P"] }],
  ["bcp", { withValue: ["-P"] }],
  ["mongo", { withValue: ["-p"] }],
  ["mongosh", { withValue: ["-p"] }],
  ["cqlsh", { withValue: ["-p"] }],
  ["ldapsearch", { withValue: ["-w"] }],
  ["ldapadd", { withValue: ["-w"] }],
  [
    "curl",
    {
      withUser: ["-u", "--user", "-U", "--proxy-user"],
      withHeader: ["-H", "--header"],
      withValue: ["--oauth2-bearer"],
    },
  ],
  ["wget", { withHeader: ["--header"] }],
  ["keytool", KEY_STORE],
  ["jarsigner", KEY_STORE],
  ["openssl", { withPrefix: { options: ["-passin", "-passout", "-pass"], prefix: "pass:" } }],
]);

/** Long options that hold a password in nearly every program that has them; their value may be the next word. */
export const CREDENTIAL_LONG_OPTIONS: ReadonlySet<string> = new Set(
  (
    "--password --passwd --passphrase --token --api-key --apikey --secret --secret-key --access-token --auth-token " +
    "--client-secret --private-token --http-password --ftp-password --proxy-password --requirepass --masterauth"
  ).split(" "),
);

/** Programs in which those options mean something else, or whose passwords other rules judge. */
export const WITHOUT_LONG_OPTIONS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ...["docker", "podman", "nerdctl", "buildah", "buildctl"].map((name): [string, ReadonlySet<string>] => [
    name,
    new Set(["--secret"]),
  ]),
  ...["useradd", "usermod", "groupadd", "groupmod"].map((name): [string, ReadonlySet<string>] => [
    name,
    new Set(["--password"]),
  ]),
  ...["mysql", "mysqladmin", "mysqldump", "mariadb", "mariadb-admin", "mariadb-dump"].map(
    (name): [string, ReadonlySet<string>] => [name, new Set(["--password"])],
  ),
]);

/** A command that stores a credential which is one of its operands. */
export interface CredentialCommand {
  readonly program: string;
  /** First operands, in order; each may be the beginning of a word when it ends in `*`. */
  readonly verbs: readonly string[];
  /** 0-based place of the credential among the operands after the verbs. */
  readonly operand: number;
  /** `pair`: the operand is `user:password`; `setting`: it is `key=value`, or the value when the key is a verb. */
  readonly form: "value" | "pair" | "setting";
}

/** Sources: the documentation of the programs named; 2026-11. */
export const CREDENTIAL_COMMANDS: readonly CredentialCommand[] = [
  { program: "aws", verbs: ["configure", "set", "aws_secret_access_key"], operand: 0, form: "value" },
  { program: "aws", verbs: ["configure", "set", "aws_session_token"], operand: 0, form: "value" },
  ...["npm", "pnpm", "yarn"].flatMap((program): CredentialCommand[] => [
    { program, verbs: ["config", "set"], operand: 0, form: "setting" },
    { program, verbs: ["set"], operand: 0, form: "setting" },
  ]),
  { program: "composer", verbs: ["config", "http-basic.*"], operand: 1, form: "value" },
  { program: "composer", verbs: ["config", "github-oauth.*"], operand: 0, form: "value" },
  { program: "composer", verbs: ["config", "gitlab-token.*"], operand: 0, form: "value" },
  { program: "composer", verbs: ["config", "bearer.*"], operand: 0, form: "value" },
  { program: "poetry", verbs: ["config", "http-basic.*"], operand: 1, form: "value" },
  { program: "poetry", verbs: ["config", "pypi-token.*"], operand: 0, form: "value" },
  { program: "bundle", verbs: ["config", "set"], operand: 1, form: "pair" },
  { program: "bundle", verbs: ["config"], operand: 1, form: "pair" },
  { program: "conda", verbs: ["token", "set"], operand: 0, form: "value" },
  { program: "vault", verbs: ["login"], operand: 0, form: "value" },
  { program: "ngrok", verbs: ["authtoken"], operand: 0, form: "value" },
  { program: "mc", verbs: ["alias", "set"], operand: 3, form: "value" },
  { program: "rabbitmqctl", verbs: ["add_user"], operand: 1, form: "value" },
  { program: "rabbitmqctl", verbs: ["change_password"], operand: 1, form: "value" },
];

/** Keys of npm and Yarn whose value is a credential, at the end of the key. */
export const REGISTRY_KEYS: readonly string[] = ["_authToken", "_auth", "_password", "npmAuthToken", "npmAuthIdent"];

/**
 * Variables that frameworks want at build time whatever their value is: a literal in front of a build step is seldom
 * the key of the running application. In upper case.
 */
export const BUILD_STEP_KEYS: ReadonlySet<string> = new Set([
  "SECRET_KEY_BASE",
  "SECRET_KEY",
  "DJANGO_SECRET_KEY",
  "RAILS_MASTER_KEY",
  "APP_KEY",
  "APP_SECRET",
]);
