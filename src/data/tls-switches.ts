/** Cases of shell/verify-tls. */
export type TlsKind =
  | "curl"
  | "wget"
  | "pip"
  | "python-env"
  | "node-env"
  | "npm"
  | "npm-env"
  | "git"
  | "git-env"
  | "yum"
  | "pip-env"
  | "ssh"
  | "other";

/** An option that turns the verification off. */
export interface TlsOption {
  readonly kind: TlsKind;
  readonly option: string;
  /** `flag`: by itself, or with a value that is not false; `off`: with the value false; `host`: for the host that it names. */
  readonly when: "flag" | "off" | "host";
}

// Programs, kind, option, when; of the manuals of curl 8.14, wget 1.25, pip 25, uv 0.8, npm 11, yarn 1.22, pnpm 10, apk 2.14,
// Subversion 1.14, Mercurial 7, AWS CLI 2, Docker 28, Podman 5, skopeo 1.18, kubectl 1.33, Helm 3.18, oc 4.18, Maven 3.9, read
// 2026-11. What curl takes as one letter is read with its other letters, and is not listed here.
const OPTIONS = `
wget wget --no-check-certificate flag
pip,pip3 pip --trusted-host host
uv other --allow-insecure-host host
uv other --trusted-host host
npm,npx,yarn,pnpm npm --strict-ssl off
npm,npx,yarn,pnpm npm --no-strict-ssl flag
apk other --no-check-certificate flag
svn other --trust-server-cert flag
hg other --insecure flag
aws other --no-verify-ssl flag
docker,podman,skopeo,buildah,nerdctl other --tls-verify off
skopeo other --src-tls-verify off
skopeo other --dest-tls-verify off
kubectl,helm,oc other --insecure-skip-tls-verify flag
mvn,mvnw other -Dmaven.wagon.http.ssl.insecure flag`;

// Variable, kind, when: `=x` for that value, `set` for any value but the empty one, `on` for any that is not false or
// empty, `empty` for the empty one; of the documents of Node.js 22, Python 3.4 to 3.12, git 2.50, npm 11, Yarn 4, pip 25,
// uv 0.8, conda 25, Bundler 2.6, requests 2.32, curl 8.14, Azure CLI 2.75, Go 1.24, OpenLDAP 2.6, Composer 2.8, read 2026-11.
const VARIABLES = `
NODE_TLS_REJECT_UNAUTHORIZED node-env =0
PYTHONHTTPSVERIFY python-env =0
GIT_SSL_NO_VERIFY git-env set
NPM_CONFIG_STRICT_SSL npm-env =false
PIP_TRUSTED_HOST pip-env set
YARN_ENABLE_STRICT_SSL other =false
UV_INSECURE_HOST other set
CONDA_SSL_VERIFY other =false
BUNDLE_SSL_VERIFY_MODE other =0
CURL_CA_BUNDLE other empty
REQUESTS_CA_BUNDLE other empty
AZURE_CLI_DISABLE_CONNECTION_VERIFICATION other on
GOINSECURE other set
LDAPTLS_REQCERT other =never
COMPOSER_DISABLE_TLS other on`;

let options: ReadonlyMap<string, readonly TlsOption[]> | undefined;
let variables: ReadonlyMap<string, { readonly kind: TlsKind; readonly when: string }> | undefined;

/** Options with which a program accepts any certificate; undefined for programs without one here. */
export function tlsOptionsOf(program: string): readonly TlsOption[] | undefined {
  options ??= readOptions();
  return options.get(program);
}

/**
 * The case of a variable whose value makes programs accept any certificate; undefined for all others.
 *
 * @param name letters of npm's variables may be small
 */
export function tlsVariable(name: string, value: string): TlsKind | undefined {
  variables ??= readVariables();
  const row = variables.get(name) ?? (/^npm_config_/i.test(name) ? variables.get(name.toUpperCase()) : undefined);
  if (row === undefined) return undefined;
  const { kind, when } = row;
  if (when === "set") return value === "" ? undefined : kind;
  if (when === "empty") return value === "" ? kind : undefined;
  if (when === "on") return value === "" || isFalse(value) ? undefined : kind;
  return value.toLowerCase() === when.slice(1) ? kind : undefined;
}

/** Whether a text is one of the words for no that configuration files know. */
export function isFalse(text: string): boolean {
  const word = text.toLowerCase();
  return word === "0" || word === "false" || word === "no" || word === "off";
}

function readOptions(): ReadonlyMap<string, readonly TlsOption[]> {
  const table = new Map<string, TlsOption[]>();
  for (const row of OPTIONS.split("\n")) {
    const [programs = "", kind = "", option = "", when = ""] = row.split(" ");
    if (!isKind(kind) || (when !== "flag" && when !== "off" && when !== "host")) continue;
    for (const program of programs.split(",")) {
      const rows = table.get(program) ?? [];
      rows.push({ kind, option, when });
      table.set(program, rows);
    }
  }
  return table;
}

function readVariables(): ReadonlyMap<string, { readonly kind: TlsKind; readonly when: string }> {
  const table = new Map<string, { readonly kind: TlsKind; readonly when: string }>();
  for (const row of VARIABLES.split("\n")) {
    const [name = "", kind = "", when = ""] = row.split(" ");
    if (isKind(kind)) table.set(name, { kind, when });
  }
  return table;
}

const KINDS: ReadonlySet<string> = new Set(
  "curl wget pip python-env node-env npm npm-env git git-env yum pip-env ssh other".split(" "),
);

function isKind(word: string): word is TlsKind {
  return KINDS.has(word);
}
