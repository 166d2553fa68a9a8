/** Program names with aliases resolved. */
export type ManagerName =
  | "apt-get"
  | "apt"
  | "aptitude"
  | "apk"
  | "yum"
  | "dnf"
  | "microdnf"
  | "tdnf"
  | "zypper"
  | "pacman"
  | "pip"
  | "uv"
  | "pipx"
  | "poetry"
  | "pipenv"
  | "conda"
  | "mamba"
  | "micromamba"
  | "npm"
  | "npx"
  | "yarn"
  | "pnpm"
  | "bun"
  | "gem"
  | "bundle"
  | "composer"
  | "go"
  | "cargo"
  | "dotnet"
  | "mvn"
  | "gradle";

/** Managers that share options, caches and pins. */
export type PackageFamily =
  | "apt"
  | "apk"
  | "yum"
  | "zypper"
  | "pacman"
  | "pip"
  | "uv"
  | "pipx"
  | "poetry"
  | "pipenv"
  | "conda"
  | "npm"
  | "yarn"
  | "pnpm"
  | "bun"
  | "gem"
  | "bundle"
  | "composer"
  | "go"
  | "cargo"
  | "dotnet"
  | "maven"
  | "gradle";

/** What a verb does; see `PackageAction` of the shell model. */
export type VerbAction =
  | "install"
  | "refresh"
  | "upgrade"
  | "remove"
  | "clean"
  | "lock-install"
  | "download"
  | "build"
  | "other";

/** How operands name a version. `none`: they cannot. */
export type VersionSyntax =
  | "apt"
  | "apk"
  | "rpm"
  | "zypper"
  | "pip"
  | "conda"
  | "npm"
  | "gem"
  | "composer"
  | "go"
  | "cargo"
  | "poetry"
  | "none";

/** A directory that holds what was fetched. */
export interface CacheDirectory {
  /** Absolute, or `~/…` for the home of the user who runs the command, or `$NAME/…`. */
  readonly path: string;
  /** Whether a cache mount on it needs `sharing=locked`. */
  readonly needsLock: boolean;
}

/** What is known about one package manager. */
export interface ManagerFacts {
  readonly name: ManagerName;
  readonly family: PackageFamily;
  /** Verb (words joined by a blank, the empty string for the bare program) to what it does. */
  readonly verbs: ReadonlyMap<string, VerbAction>;
  /** Verbs that wait for an answer. */
  readonly asking: ReadonlySet<string>;
  /** Options that answer yes. */
  readonly yesOptions: ReadonlySet<string>;
  /** Options that take the next word; `getopt` clusters or `single` dashes. */
  readonly withValue: ReadonlySet<string>;
  readonly style: "getopt" | "single";
  readonly versions: VersionSyntax;
  /** Options that install nothing but what is asked for. */
  readonly minimalOptions: readonly string[];
  /** Options that leave no cache. */
  readonly noCacheOptions: readonly string[];
  readonly cacheDirectories: readonly CacheDirectory[];
  /** Paths whose removal cleans up; a glob `*` at the end stands for the contents. */
  readonly cleanupPaths: readonly string[];
  /** Options that forbid a change of the lock file. */
  readonly frozenOptions: readonly string[];
  /** Names in the project's folder; a `*` stands for any characters. */
  readonly manifests: readonly string[];
  readonly lockFiles: readonly string[];
}

interface Row {
  readonly family: PackageFamily;
  readonly verbs: Partial<Record<VerbAction, string>>;
  readonly asking?: string;
  readonly yes?: string;
  readonly withValue: string;
  readonly style?: "single";
  readonly versions: VersionSyntax;
  readonly minimal?: string;
  readonly noCache?: string;
  /** A `!` after the path: needs a lock. */
  readonly caches?: string;
  readonly cleanups?: string;
  readonly frozen?: string;
  readonly manifests?: string;
  readonly locks?: string;
}

const APT_OPTIONS =
  "-t --target-release --default-release -o --option -c --config-file -a --host-architecture -P --build-profiles --solver -S --snapshot";
const YUM_OPTIONS =
  "-c --config -d -e -x --exclude --excludepkgs --enablerepo --disablerepo --repo --repoid --repofrompath --releasever " +
  "--installroot --setopt --enableplugin --disableplugin --color --downloaddir --destdir --advisory --comment --forcearch " +
  "-R --randomwait --rpmverbosity --sec-severity";
const PIP_OPTIONS =
  "-r --requirement -c --constraint -e --editable -t --target -d --dest --prefix --root --src --platform --python-version " +
  "--implementation --abi -i --index-url --extra-index-url -f --find-links --trusted-host --proxy --cache-dir --log --cert " +
  "--client-cert --timeout --retries --progress-bar --root-user-action --upgrade-strategy --no-binary --only-binary " +
  "--config-settings -C --global-option --install-option --build --report --python --exists-action --use-feature --use-deprecated --keyring-provider -w --wheel-dir";
const UV_OPTIONS =
  `${PIP_OPTIONS} -p --index --default-index --index-strategy --resolution --prerelease --exclude-newer --link-mode ` +
  "--torch-backend --python-platform -P --upgrade-package --extra --group --only-group --no-group --package --directory " +
  "--project --config-file --allow-insecure-host -b --build-constraints --override --overrides --no-install-package " +
  "--with --with-requirements --from";
const NPM_OPTIONS =
  "--prefix --registry --loglevel -w --workspace --cache --userconfig --globalconfig --tag --omit --include --only " +
  "--install-strategy --location --before --save-prefix --otp -C --dir --filter -F --store-dir --reporter --cwd --backend " +
  "--network-concurrency --fetch-retries --fetch-timeout --fetch-retry-mintimeout --fetch-retry-maxtimeout --maxsockets";
const CONDA_OPTIONS =
  "-n --name -p --prefix -c --channel -f --file --subdir --solver --repodata-fn --revision -r --root-prefix --platform";
const APT_VERBS: Row["verbs"] = {
  install: "install reinstall build-dep satisfy",
  refresh: "update",
  upgrade: "upgrade dist-upgrade full-upgrade dselect-upgrade",
  remove: "remove purge autoremove autopurge",
  clean: "clean autoclean distclean",
  download: "download source",
};
const APT: Row = {
  family: "apt",
  verbs: APT_VERBS,
  asking:
    "install reinstall build-dep satisfy upgrade dist-upgrade full-upgrade dselect-upgrade remove purge autoremove autopurge",
  yes: "-y --yes --assume-yes --force-yes",
  withValue: APT_OPTIONS,
  versions: "apt",
  minimal: "--no-install-recommends",
  caches: "/var/cache/apt! /var/lib/apt! /var/lib/apt/lists!",
  cleanups: "/var/lib/apt/lists /var/lib/apt/lists/* /var/lib/apt /var/lib/apt/*",
};
const YUM_VERBS: Row["verbs"] = {
  install:
    "install in reinstall localinstall local-install groupinstall group-install builddep downgrade swap " +
    "group~install groups~install module~install module~enable",
  refresh: "makecache",
  upgrade:
    "update upgrade up update-to upgrade-to upgrade-minimal update-minimal distro-sync distribution-synchronization system-upgrade",
  remove: "remove erase autoremove rm",
  clean: "clean",
  download: "download",
};
const YUM: Row = {
  family: "yum",
  verbs: YUM_VERBS,
  asking:
    "install in reinstall localinstall local-install groupinstall group-install builddep downgrade swap group~install groups~install " +
    "module~install module~enable update upgrade up upgrade-minimal update-minimal distro-sync remove erase autoremove rm",
  yes: "-y --yes --assumeyes",
  withValue: YUM_OPTIONS,
  versions: "rpm",
  minimal: "--setopt=tsflags=nodocs",
  caches: "/var/cache/yum!",
  cleanups: "/var/cache/yum /var/cache/yum/*",
};
const DNF: Row = {
  ...YUM,
  minimal: "--setopt=install_weak_deps=False --nodocs",
  caches: "/var/cache/dnf! /var/cache/libdnf5!",
  cleanups: "/var/cache/dnf /var/cache/dnf/* /var/cache/libdnf5 /var/cache/libdnf5/* /var/cache/yum /var/cache/yum/*",
};
const CONDA: Row = {
  family: "conda",
  verbs: {
    install: "install create env~create",
    upgrade: "update upgrade env~update",
    remove: "remove uninstall env~remove",
    clean: "clean",
  },
  // `env create` asks nothing: it makes what the file says.
  asking: "install create update upgrade remove uninstall",
  yes: "-y --yes",
  withValue: CONDA_OPTIONS,
  versions: "conda",
  caches: "/opt/conda/pkgs",
  cleanups: "/opt/conda/pkgs /opt/conda/pkgs/*",
  manifests: "environment.yml environment.yaml",
  locks: "conda-lock.yml",
};
const NPM: Row = {
  family: "npm",
  verbs: {
    install: "install i in ins add install-test it install-clean",
    "lock-install": "ci clean-install ic install-ci-test cit",
    upgrade: "update up upgrade",
    remove: "uninstall un rm remove r unlink prune",
    clean: "cache~clean",
    build: "run~build run-script~build",
  },
  withValue: NPM_OPTIONS,
  versions: "npm",
  minimal: "--omit=dev",
  caches: "~/.npm",
  cleanups: "~/.npm ~/.npm/*",
  manifests: "package.json",
  locks: "package-lock.json npm-shrinkwrap.json",
};

/**
 * One row for each manager. `~` inside a verb stands for a blank.
 *
 * Sources: the manuals of apt 3.0, aptitude 0.8, apk-tools 2.14 and 3.0, dnf 4.21 and dnf5 5.2, microdnf 3.10, tdnf 3.5,
 * zypper 1.14, pacman 7.0, pip 25, uv 0.8, pipx 1.7, poetry 2.1, pipenv 2024, conda 25, micromamba 2, npm 11, yarn 1.22 and 4,
 * pnpm 10, bun 1.2, RubyGems 3.7, Bundler 2.7, Composer 2.8, Go 1.24, Cargo 1.88, .NET SDK 9; read 2025-07.
 */
const ROWS: Record<ManagerName, Row> = {
  "apt-get": APT,
  apt: { ...APT, verbs: { ...APT_VERBS, other: "list search show edit-sources" } },
  aptitude: {
    ...APT,
    verbs: {
      ...APT_VERBS,
      install: "install reinstall build-dep",
      upgrade: "safe-upgrade full-upgrade upgrade dist-upgrade",
    },
    asking: `${APT.asking} safe-upgrade`,
    withValue: `${APT_OPTIONS} -F -O -w`,
    minimal: "-R --without-recommends",
  },
  apk: {
    family: "apk",
    verbs: {
      install: "add",
      refresh: "update",
      upgrade: "upgrade fix",
      remove: "del",
      clean: "cache",
      download: "fetch",
    },
    withValue:
      "-t --virtual -X --repository -p --root --repositories-file --keys-dir --cache-dir --cache-max-age --arch --wait --progress-fd --timeout",
    versions: "apk",
    noCache: "--no-cache",
    caches: "/etc/apk/cache! /var/cache/apk!",
    cleanups: "/var/cache/apk /var/cache/apk/*",
  },
  yum: YUM,
  dnf: DNF,
  microdnf: { ...DNF, minimal: "--setopt=install_weak_deps=0 --nodocs", caches: "/var/cache/yum! /var/cache/dnf!" },
  tdnf: { ...YUM, minimal: "", caches: "/var/cache/tdnf!", cleanups: "/var/cache/tdnf /var/cache/tdnf/*" },
  zypper: {
    family: "zypper",
    verbs: {
      install: "install in source-install si",
      refresh: "refresh ref",
      upgrade: "update up patch dist-upgrade dup",
      remove: "remove rm",
      clean: "clean cc",
    },
    asking: "install in source-install si update up patch dist-upgrade dup remove rm",
    yes: "-n --non-interactive -y --no-confirm",
    withValue:
      "-c --config -R --root -r --repo --from -t --type -p --plus-repo --reposd-dir -C --cache-dir --installroot --releasever --userdata --pkg-cache-dir",
    versions: "zypper",
    minimal: "--no-recommends",
    caches: "/var/cache/zypp!",
    cleanups: "/var/cache/zypp /var/cache/zypp/*",
  },
  pacman: {
    family: "pacman",
    verbs: {},
    yes: "--noconfirm",
    withValue:
      "-b --dbpath -r --root --config --cachedir --arch --ignore --ignoregroup --assume-installed --overwrite --color --gpgdir --hookdir --logfile",
    versions: "none",
    minimal: "--needed",
    caches: "/var/cache/pacman/pkg!",
    cleanups: "/var/cache/pacman/pkg /var/cache/pacman/pkg/*",
  },
  pip: {
    family: "pip",
    verbs: { install: "install", remove: "uninstall", clean: "cache~purge", download: "download", build: "wheel" },
    asking: "uninstall",
    yes: "-y --yes",
    withValue: PIP_OPTIONS,
    versions: "pip",
    noCache: "--no-cache-dir",
    caches: "~/.cache/pip",
    cleanups: "~/.cache ~/.cache/* ~/.cache/pip ~/.cache/pip/*",
    frozen: "--require-hashes",
    manifests: "requirements*.txt constraints*.txt pyproject.toml setup.py setup.cfg",
  },
  uv: {
    family: "uv",
    verbs: {
      install: "pip~install pip~sync add sync tool~install python~install",
      remove: "pip~uninstall remove tool~uninstall",
      upgrade: "lock tool~upgrade",
      clean: "cache~clean cache~prune clean",
      build: "build",
    },
    withValue: UV_OPTIONS,
    versions: "pip",
    noCache: "--no-cache --no-cache-dir -n",
    caches: "~/.cache/uv",
    cleanups: "~/.cache ~/.cache/* ~/.cache/uv ~/.cache/uv/*",
    frozen: "--frozen --locked",
    manifests: "pyproject.toml",
    locks: "uv.lock",
  },
  pipx: {
    family: "pipx",
    verbs: { install: "install inject", upgrade: "upgrade upgrade-all", remove: "uninstall uninstall-all" },
    withValue: "--pip-args --python --index-url -i --spec --suffix",
    versions: "pip",
    noCache: "--pip-args=--no-cache-dir",
    caches: "~/.cache/pip",
    cleanups: "~/.cache ~/.cache/* ~/.cache/pip ~/.cache/pip/*",
  },
  poetry: {
    family: "poetry",
    verbs: {
      install: "add self~add",
      "lock-install": "install sync",
      upgrade: "update lock",
      remove: "remove",
      clean: "cache~clear",
      build: "build",
    },
    withValue: "--with --without --only -E --extras -G --group --source -C --project --directory -P",
    versions: "poetry",
    noCache: "--no-cache",
    caches: "~/.cache/pypoetry",
    cleanups: "~/.cache ~/.cache/* ~/.cache/pypoetry ~/.cache/pypoetry/*",
    manifests: "pyproject.toml",
    locks: "poetry.lock",
  },
  pipenv: {
    family: "pipenv",
    verbs: { install: "install", "lock-install": "sync", upgrade: "update upgrade lock", remove: "uninstall clean" },
    withValue: "-r --requirements -i --index --python --pypi-mirror --categories --extra-pip-args",
    versions: "pip",
    caches: "~/.cache/pipenv",
    cleanups: "~/.cache ~/.cache/* ~/.cache/pipenv ~/.cache/pipenv/*",
    frozen: "--deploy --ignore-pipfile",
    manifests: "Pipfile",
    locks: "Pipfile.lock",
  },
  conda: CONDA,
  mamba: CONDA,
  micromamba: { ...CONDA, caches: "/opt/conda/pkgs", asking: "install create update upgrade remove uninstall" },
  npm: NPM,
  npx: {
    ...NPM,
    verbs: {},
    asking: "",
    yes: "-y --yes",
    withValue: "-p --package -w --workspace -c --call --registry --cache --prefix",
  },
  yarn: {
    family: "yarn",
    verbs: {
      install: "add global~add install dlx workspaces~focus workspace~add",
      upgrade: "up upgrade upgrade-interactive global~upgrade",
      remove: "remove global~remove",
      clean: "cache~clean",
      build: "build run~build",
    },
    withValue:
      "--cwd --registry --cache-folder --modules-folder --mutex --network-timeout --network-concurrency --proxy --https-proxy --mode",
    versions: "npm",
    minimal: "--production",
    caches: "/usr/local/share/.cache/yarn ~/.yarn/berry/cache",
    cleanups:
      "/usr/local/share/.cache /usr/local/share/.cache/* /usr/local/share/.cache/yarn ~/.yarn/berry/cache ~/.cache ~/.cache/*",
    frozen: "--frozen-lockfile --immutable --pure-lockfile",
    manifests: "package.json",
    locks: "yarn.lock",
  },
  pnpm: {
    family: "pnpm",
    verbs: {
      install: "add install i dlx",
      upgrade: "update up upgrade",
      remove: "remove rm uninstall un prune",
      clean: "store~prune",
      download: "fetch",
      build: "build run~build",
    },
    withValue: NPM_OPTIONS,
    versions: "npm",
    minimal: "--prod -P --production",
    caches: "$PNPM_HOME/store ~/.local/share/pnpm/store",
    cleanups: "~/.local/share/pnpm/store",
    frozen: "--frozen-lockfile",
    manifests: "package.json",
    locks: "pnpm-lock.yaml",
  },
  bun: {
    family: "bun",
    verbs: {
      install: "add a install i",
      "lock-install": "ci",
      upgrade: "update",
      remove: "remove rm",
      clean: "pm~cache~rm",
      build: "build run~build",
    },
    withValue: NPM_OPTIONS,
    versions: "npm",
    minimal: "--production -p",
    caches: "~/.bun/install/cache",
    cleanups: "~/.bun/install/cache",
    frozen: "--frozen-lockfile",
    manifests: "package.json",
    locks: "bun.lock bun.lockb",
  },
  gem: {
    family: "gem",
    verbs: {
      install: "install i",
      upgrade: "update",
      remove: "uninstall",
      clean: "cleanup",
      download: "fetch",
      build: "build",
    },
    withValue:
      "-v --version -i --install-dir -n --bindir -s --source -P --trust-policy -g --file -p --http-proxy --platform --build-root -B --bulk-threshold --document",
    versions: "gem",
    minimal: "--no-document -N",
    caches: "/usr/local/bundle/cache",
    cleanups: "/usr/local/bundle/cache /usr/local/bundle/cache/*",
  },
  bundle: {
    family: "bundle",
    verbs: { install: "install", upgrade: "update lock", clean: "clean", download: "package pack cache" },
    withValue: "--gemfile --path -j --jobs --retry --without --with --binstubs --shebang --standalone --cache-path",
    versions: "none",
    caches: "/usr/local/bundle/cache",
    cleanups: "~/.bundle ~/.bundle/cache /usr/local/bundle/cache",
    frozen: "--deployment --frozen",
    manifests: "Gemfile",
    locks: "Gemfile.lock",
  },
  composer: {
    family: "composer",
    verbs: {
      install: "require req r global~require create-project",
      "lock-install": "install i",
      upgrade: "update upgrade u global~update",
      remove: "remove rm",
      clean: "clear-cache clearcache cc",
    },
    withValue: "-d --working-dir --prefer-install --ignore-platform-req --audit-format --apcu-autoloader-prefix",
    versions: "composer",
    minimal: "--no-dev",
    noCache: "--no-cache",
    caches: "~/.composer/cache /tmp/cache ~/.cache/composer",
    cleanups: "~/.composer/cache ~/.composer ~/.cache/composer",
    manifests: "composer.json",
    locks: "composer.lock",
  },
  go: {
    family: "go",
    verbs: {
      install: "install get",
      download: "mod~download",
      upgrade: "mod~tidy",
      clean: "clean",
      build: "build",
      other: "run",
    },
    withValue:
      "-o -p -C -tags -ldflags -gcflags -asmflags -gccgoflags -mod -modfile -overlay -pgo -pkgdir -toolexec -buildmode -compiler -installsuffix",
    style: "single",
    versions: "go",
    caches: "/go/pkg/mod ~/.cache/go-build",
    cleanups: "/go/pkg/mod ~/.cache/go-build ~/.cache ~/.cache/*",
    manifests: "go.mod",
    locks: "go.sum",
  },
  cargo: {
    family: "cargo",
    verbs: {
      install: "install binstall add",
      download: "fetch vendor",
      upgrade: "update",
      remove: "uninstall remove",
      clean: "clean",
      build: "build b",
    },
    asking: "binstall",
    yes: "-y --no-confirm",
    withValue:
      "--version --vers --git --branch --tag --rev --path --root --index --registry -F --features --profile --target --target-dir -p --package --bin --example --manifest-path -j --jobs --color --config -Z",
    versions: "cargo",
    caches: "/usr/local/cargo/registry /usr/local/cargo/git/db",
    cleanups: "$CARGO_HOME/registry /usr/local/cargo/registry /usr/local/cargo/git/db",
    frozen: "--locked --frozen",
    manifests: "Cargo.toml",
    locks: "Cargo.lock",
  },
  dotnet: {
    family: "dotnet",
    verbs: {
      install: "tool~install add~package restore tool~restore workload~install",
      upgrade: "tool~update",
      remove: "tool~uninstall remove~package",
      clean: "nuget~locals",
      build: "build publish pack",
    },
    withValue:
      "--version -v --verbosity -s --source --add-source --tool-path -c --configuration -r --runtime -o --output -f --framework --configfile --packages",
    versions: "none",
    caches: "~/.nuget/packages",
    cleanups: "~/.nuget/packages ~/.nuget",
    frozen: "--locked-mode",
    manifests: "*.csproj *.fsproj *.sln",
    locks: "packages.lock.json",
  },
  mvn: {
    family: "maven",
    verbs: {
      build: "package install verify compile deploy",
      download: "dependency:go-offline dependency:resolve",
      clean: "clean",
    },
    withValue:
      "-f --file -s --settings -gs -P --activate-profiles -pl --projects -T --threads -l --log-file -rf --resume-from",
    style: "single",
    versions: "none",
    caches: "~/.m2",
    cleanups: "~/.m2 ~/.m2/repository",
    manifests: "pom.xml",
  },
  gradle: {
    family: "gradle",
    verbs: { build: "build assemble bootJar jar shadowJar installDist", download: "dependencies", clean: "clean" },
    withValue:
      "-b --build-file -c --settings-file -p --project-dir -g --gradle-user-home -I --init-script -x --exclude-task --console",
    style: "single",
    versions: "none",
    caches: "~/.gradle/caches",
    cleanups: "~/.gradle ~/.gradle/caches",
    manifests: "build.gradle build.gradle.kts",
    locks: "gradle.lockfile",
  },
};

/** Other names of managers: the program as called to its row. `pip3.11` and the like are matched by pattern. */
const ALIASES: ReadonlyMap<string, ManagerName> = new Map<string, ManagerName>([
  ["dnf5", "dnf"],
  ["dnf-3", "dnf"],
  ["bundler", "bundle"],
  ["yarnpkg", "yarn"],
  ["mvnw", "mvn"],
  ["gradlew", "gradle"],
  ["gem3", "gem"],
]);
const PIP = /^pip(?:3(?:\.\d+)?|2(?:\.\d+)?)?$/;
const GEM = /^gem\d(?:\.\d+)?$/;

const known = new Map<string, ManagerFacts>();

/** The manager that a program name stands for; undefined when it is none. */
export function managerOf(program: string): ManagerFacts | undefined {
  const name = nameOf(program);
  if (name === undefined) return undefined;
  let facts = known.get(name);
  if (facts === undefined) {
    facts = toFacts(name, ROWS[name]);
    known.set(name, facts);
  }
  return facts;
}

function nameOf(program: string): ManagerName | undefined {
  const alias = ALIASES.get(program);
  if (alias !== undefined) return alias;
  if (isManager(program)) return program;
  if (program.startsWith("pip") && PIP.test(program)) return "pip";
  return program.startsWith("gem") && GEM.test(program) ? "gem" : undefined;
}

function isManager(program: string): program is ManagerName {
  return Object.hasOwn(ROWS, program);
}

function toFacts(name: ManagerName, row: Row): ManagerFacts {
  return {
    name,
    family: row.family,
    verbs: verbsOf(row),
    asking: new Set(list(row.asking).map(unglue)),
    yesOptions: new Set(list(row.yes)),
    withValue: new Set(list(row.withValue)),
    style: row.style ?? "getopt",
    versions: row.versions,
    minimalOptions: list(row.minimal),
    noCacheOptions: list(row.noCache),
    cacheDirectories: list(row.caches).map((path) => ({
      path: path.endsWith("!") ? path.slice(0, -1) : path,
      needsLock: path.endsWith("!"),
    })),
    cleanupPaths: list(row.cleanups),
    frozenOptions: list(row.frozen),
    manifests: list(row.manifests),
    lockFiles: list(row.locks),
  };
}

const ACTIONS: readonly VerbAction[] = [
  "install",
  "refresh",
  "upgrade",
  "remove",
  "clean",
  "lock-install",
  "download",
  "build",
  "other",
];

function verbsOf(row: Row): ReadonlyMap<string, VerbAction> {
  const verbs = new Map<string, VerbAction>();
  for (const action of ACTIONS) for (const verb of list(row.verbs[action])) verbs.set(unglue(verb), action);
  return verbs;
}

function list(text: string | undefined): string[] {
  return text === undefined || text === "" ? [] : text.split(" ");
}

function unglue(verb: string): string {
  return verb.replaceAll("~", " ");
}

/** A setting outside the command line that counts as an option of it. */
export interface ManagerSetting {
  readonly family: PackageFamily;
  /** What it means for a command. */
  readonly means: "no-cache" | "yes" | "minimal" | "frozen" | "production" | "cache-directory" | "index" | "signatures";
  /** `env`: a variable; `file`: a file below `path`, with a line that holds `key`. */
  readonly source: "env" | "file";
  /** Variable name, or the setting's key. Names of variables are compared without case where `anyCase` says so. */
  readonly key: string;
  readonly anyCase: boolean;
  /** File or folder of a setting in a file; the empty string for variables. */
  readonly path: string;
  /** Values that switch it on, in lower case; empty: any value that is not empty. */
  readonly values: readonly string[];
}

const TRUE_VALUES = ["1", "true", "yes", "on", "y", "t"];

function env(
  family: PackageFamily,
  means: ManagerSetting["means"],
  key: string,
  values: readonly string[] = TRUE_VALUES,
  anyCase = false,
): ManagerSetting {
  return { family, means, source: "env", key, anyCase, path: "", values };
}

function file(
  family: PackageFamily,
  means: ManagerSetting["means"],
  path: string,
  key: string,
  values: readonly string[],
): ManagerSetting {
  return { family, means, source: "file", key, anyCase: true, path, values };
}

/**
 * Variables and configuration files that count as options.
 *
 * Sources: apt.conf(5), dnf.conf(5), zypp.conf, the configuration pages of pip 25, uv 0.8, npm 11, Bundler 2.7, Composer 2.8,
 * conda 25, Poetry 2.1; read 2025-07.
 */
export const MANAGER_SETTINGS: readonly ManagerSetting[] = [
  file("apt", "yes", "/etc/apt/", "APT::Get::Assume-Yes", TRUE_VALUES),
  file("apt", "minimal", "/etc/apt/", "APT::Install-Recommends", ["0", "false", "no", "off"]),
  file("apt", "no-cache", "/etc/apt/", "DPkg::Post-Invoke", []),
  file("apt", "no-cache", "/etc/apt/", "APT::Update::Post-Invoke", []),
  file("yum", "yes", "/etc/dnf/dnf.conf", "assumeyes", TRUE_VALUES),
  file("yum", "yes", "/etc/yum.conf", "assumeyes", TRUE_VALUES),
  file("yum", "minimal", "/etc/dnf/dnf.conf", "install_weak_deps", ["0", "false", "no", "off"]),
  file("yum", "minimal", "/etc/yum.conf", "install_weak_deps", ["0", "false", "no", "off"]),
  file("zypper", "minimal", "/etc/zypp/zypp.conf", "solver.onlyRequires", ["true"]),
  env("pip", "no-cache", "PIP_NO_CACHE_DIR"),
  env("pip", "cache-directory", "PIP_CACHE_DIR", []),
  env("pip", "frozen", "PIP_REQUIRE_HASHES"),
  env("pip", "index", "PIP_INDEX_URL", []),
  env("pip", "index", "PIP_EXTRA_INDEX_URL", []),
  env("uv", "no-cache", "UV_NO_CACHE"),
  env("uv", "cache-directory", "UV_CACHE_DIR", []),
  env("uv", "frozen", "UV_FROZEN"),
  env("uv", "frozen", "UV_LOCKED"),
  env("uv", "production", "UV_NO_DEV"),
  env("npm", "production", "NODE_ENV", ["production"]),
  env("npm", "production", "npm_config_omit", ["dev"], true),
  env("npm", "production", "npm_config_production", ["true"], true),
  env("npm", "cache-directory", "npm_config_cache", [], true),
  env("yarn", "production", "NODE_ENV", ["production"]),
  env("yarn", "cache-directory", "YARN_CACHE_FOLDER", []),
  env("pnpm", "production", "NODE_ENV", ["production"]),
  env("pnpm", "frozen", "CI"),
  env("bun", "production", "NODE_ENV", ["production"]),
  env("bun", "cache-directory", "BUN_INSTALL_CACHE_DIR", []),
  env("bundle", "frozen", "BUNDLE_DEPLOYMENT"),
  env("bundle", "frozen", "BUNDLE_FROZEN"),
  env("bundle", "production", "BUNDLE_WITHOUT", []),
  env("bundle", "production", "BUNDLE_ONLY", []),
  env("composer", "production", "COMPOSER_NO_DEV"),
  env("composer", "yes", "COMPOSER_NO_INTERACTION"),
  env("composer", "cache-directory", "COMPOSER_CACHE_DIR", []),
  env("conda", "yes", "CONDA_ALWAYS_YES"),
  env("conda", "cache-directory", "CONDA_PKGS_DIRS", []),
  env("poetry", "yes", "POETRY_NO_INTERACTION"),
  env("poetry", "cache-directory", "POETRY_CACHE_DIR", []),
  env("dotnet", "cache-directory", "NUGET_PACKAGES", []),
];
