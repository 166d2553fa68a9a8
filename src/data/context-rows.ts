/** What kind of content a row keeps out of a context; rules turn it into a level. */
export type ContextRowClass =
  | "vcs"
  | "secret"
  | "deps"
  | "cache"
  | "build"
  | "recommended"
  | "compose-data"
  | "optional";

/** Something about the builds of a context that only their instructions and manifests tell. */
export type ContextFact =
  /** A reachable RUN calls git or takes `.git`, or a manifest derives the version from it. */
  | "needs-git"
  /** `go build` would stamp the version from `.git`, in a stage that has git. */
  | "stamps-go-version"
  /** Yarn keeps its packages in the repository (`.pnp.cjs`). */
  | "has-zero-install"
  | "builds-node"
  | "builds-python"
  | "configures-python-tools"
  | "installs-composer"
  /** Every build of this ignore file is for production. */
  | "is-production-only"
  | "runs-tests";

/** Why content of a row is to be expected. */
export type RowEvidence =
  | { readonly kind: "always" }
  /** A file of one of these names (`path.Match` on the name) in the context, at most four folders deep. */
  | { readonly kind: "manifest"; readonly names: readonly string[] }
  /** Each suggestion needs something that exists, or (when so said) that git ignores. */
  | { readonly kind: "each"; readonly orGitIgnored: boolean }
  | { readonly kind: "fact"; readonly fact: ContextFact }
  /** Some source takes the whole context. */
  | { readonly kind: "everything-reached" };

/** What must be true of the content of a file that was found; files that may not be read count by their name. */
export type RowContent = "any" | "private-key" | "secret";

/** One kind of content that seldom belongs into an image, and the lines that keep it out. */
export interface ContextRow {
  readonly id: string;
  readonly class: ContextRowClass;
  readonly isRequired: boolean;
  /** Lines of an ignore file; exceptions follow what they except. */
  readonly suggest: readonly string[];
  /** Lines that go along when any suggestion does, but are no reason for one. */
  readonly companions?: readonly string[];
  /** All must hold. */
  readonly evidence: readonly RowEvidence[];
  /** Paths that must be ignored, relative to the context or to the folder of the manifest; empty: what was found. */
  readonly probes: readonly string[];
  /** Any of these facts takes the row away. */
  readonly unless: readonly ContextFact[];
  /** A COPY that names something of this kind takes the row away. */
  readonly yieldsToCopy: boolean;
  readonly content: RowContent;
  /** Suggestions for which `content` counts; all when absent. */
  readonly contentFor?: readonly string[];
}

const PYTHON_MANIFESTS = [
  "pyproject.toml",
  "requirements*.txt",
  "setup.py",
  "setup.cfg",
  "Pipfile",
  "poetry.lock",
  "uv.lock",
  "environment.yml",
] as const;

const NONE: Omit<ContextRow, "id" | "class" | "suggest"> = {
  isRequired: false,
  evidence: [{ kind: "each", orGitIgnored: false }],
  probes: [],
  unless: [],
  yieldsToCopy: false,
  content: "any",
};

function manifest(...names: readonly string[]): RowEvidence {
  return { kind: "manifest", names };
}

/**
 * What a context should not hold, by the ecosystems that leave it behind. Sources: the ignore templates of each
 * tool's own documentation (npm, pip, Cargo, Go, Maven, Gradle, .NET, Composer, Bundler, Mix, SwiftPM, Terraform, Dart),
 * and https://docs.docker.com/build/concepts/context/. As of 2025-06.
 */
export const CONTEXT_ROWS: readonly ContextRow[] = [
  {
    ...NONE,
    id: "git",
    class: "vcs",
    isRequired: true,
    suggest: [".git"],
    evidence: [{ kind: "always" }],
    probes: [".git/HEAD"],
    unless: ["needs-git"],
    yieldsToCopy: true,
  },
  { ...NONE, id: "svn-hg", class: "vcs", isRequired: true, suggest: [".svn", ".hg"] },
  {
    ...NONE,
    id: "keys",
    class: "secret",
    suggest: [
      "**/*.pem",
      "**/*.key",
      "**/*.p12",
      "**/*.pfx",
      "**/*.jks",
      "**/*.keystore",
      "**/id_rsa",
      "**/id_dsa",
      "**/id_ecdsa",
      "**/id_ed25519",
      "cosign.key",
    ],
    content: "private-key",
    contentFor: ["**/*.pem", "**/*.key"],
  },
  {
    ...NONE,
    id: "cloud",
    class: "secret",
    suggest: [
      ".aws",
      ".azure",
      ".gcp",
      ".config/gcloud",
      ".kube",
      "**/kubeconfig*",
      ".docker/config.json",
      ".dockercfg",
      "**/.netrc",
      "**/.git-credentials",
      "**/.pypirc",
      "**/.npmrc",
      "**/.yarnrc.yml",
      "**/pip.conf",
      "**/.terraformrc",
      "**/*.tfstate*",
      "**/*.tfvars",
      "**/credentials.json",
      "**/*service-account*.json",
      "**/gha-creds-*.json",
      "**/.htpasswd",
      "**/.vault_pass*",
      "**/*.kdbx",
      "config/master.key",
      "config/credentials/*.key",
    ],
    content: "secret",
    contentFor: ["**/.npmrc", "**/.yarnrc.yml", "**/pip.conf", "**/credentials.json", "**/*service-account*.json"],
  },
  {
    ...NONE,
    id: "node",
    class: "deps",
    isRequired: true,
    suggest: ["**/node_modules"],
    evidence: [manifest("package.json")],
    probes: ["node_modules/x"],
    yieldsToCopy: true,
  },
  {
    ...NONE,
    id: "node-cache",
    class: "cache",
    suggest: ["**/.npm", "**/.pnpm-store", "**/.yarn/cache", "**/npm-debug.log*", "**/yarn-error.log*"],
    evidence: [manifest("package.json"), { kind: "each", orGitIgnored: false }],
    unless: ["has-zero-install"],
  },
  {
    ...NONE,
    id: "node-out",
    class: "build",
    suggest: [".next", ".nuxt", ".output", ".svelte-kit", ".turbo", ".parcel-cache", "coverage", "dist", "build"],
    evidence: [manifest("package.json"), { kind: "fact", fact: "builds-node" }, { kind: "each", orGitIgnored: true }],
    yieldsToCopy: true,
  },
  {
    ...NONE,
    id: "python",
    class: "cache",
    isRequired: true,
    suggest: ["**/__pycache__", "**/*.py[cod]"],
    evidence: [manifest("*.py", ...PYTHON_MANIFESTS)],
    probes: ["__pycache__/x.pyc", "a/__pycache__/x.pyc", "a/b.pyc"],
  },
  {
    ...NONE,
    id: "python-venv",
    class: "deps",
    isRequired: true,
    suggest: ["**/.venv", "**/venv"],
    evidence: [manifest(...PYTHON_MANIFESTS)],
    probes: [".venv/x"],
    yieldsToCopy: true,
  },
  {
    ...NONE,
    id: "python-tools",
    class: "cache",
    suggest: [
      "**/.pytest_cache",
      "**/.mypy_cache",
      "**/.ruff_cache",
      "**/.tox",
      "**/.nox",
      "**/.hypothesis",
      "**/htmlcov",
      "**/.coverage*",
      "**/*.egg-info",
    ],
    evidence: [manifest(...PYTHON_MANIFESTS), { kind: "each", orGitIgnored: false }],
  },
  {
    ...NONE,
    id: "python-out",
    class: "build",
    suggest: ["dist", "build"],
    evidence: [manifest(...PYTHON_MANIFESTS), { kind: "fact", fact: "builds-python" }],
    probes: ["dist/x", "build/x"],
    yieldsToCopy: true,
  },
  {
    ...NONE,
    id: "rust",
    class: "build",
    isRequired: true,
    suggest: ["target"],
    evidence: [manifest("Cargo.toml")],
    probes: ["target/x"],
    yieldsToCopy: true,
  },
  {
    ...NONE,
    id: "go",
    class: "build",
    suggest: ["bin", "**/*.test", "**/*.out"],
    evidence: [manifest("go.mod"), { kind: "each", orGitIgnored: false }],
    yieldsToCopy: true,
  },
  {
    ...NONE,
    id: "maven",
    class: "build",
    suggest: ["target"],
    evidence: [manifest("pom.xml")],
    probes: ["target/x"],
    yieldsToCopy: true,
  },
  {
    ...NONE,
    id: "gradle",
    class: "build",
    suggest: ["build", ".gradle", "out"],
    evidence: [manifest("build.gradle", "build.gradle.kts")],
    probes: ["build/x", ".gradle/x"],
    yieldsToCopy: true,
  },
  {
    ...NONE,
    id: "dotnet",
    class: "build",
    isRequired: true,
    suggest: ["**/bin", "**/obj"],
    evidence: [manifest("*.csproj", "*.fsproj", "*.sln")],
    probes: ["obj/x", "bin/x"],
  },
  {
    ...NONE,
    id: "php",
    class: "deps",
    suggest: ["vendor"],
    evidence: [manifest("composer.json"), { kind: "fact", fact: "installs-composer" }],
    probes: ["vendor/x"],
  },
  {
    ...NONE,
    id: "ruby",
    class: "deps",
    suggest: [".bundle", "vendor/bundle", "log/*", "tmp/*", "storage/*"],
    evidence: [manifest("Gemfile")],
    probes: [".bundle/x", "vendor/bundle/x"],
  },
  {
    ...NONE,
    id: "elixir",
    class: "build",
    suggest: ["_build", "deps"],
    evidence: [manifest("mix.exs")],
    probes: ["_build/x", "deps/x"],
    yieldsToCopy: true,
  },
  {
    ...NONE,
    id: "swift",
    class: "build",
    suggest: [".build"],
    evidence: [manifest("Package.swift")],
    probes: [".build/x"],
    yieldsToCopy: true,
  },
  {
    ...NONE,
    id: "terraform",
    class: "build",
    suggest: ["**/.terraform"],
    evidence: [manifest("*.tf")],
    probes: [".terraform/x"],
  },
  {
    ...NONE,
    id: "dart",
    class: "build",
    suggest: [".dart_tool"],
    evidence: [manifest("pubspec.yaml")],
    probes: [".dart_tool/x"],
  },
  {
    ...NONE,
    id: "zig",
    class: "build",
    suggest: ["zig-cache", ".zig-cache"],
    evidence: [manifest("build.zig")],
    probes: ["zig-cache/x", ".zig-cache/x"],
  },
  {
    ...NONE,
    id: "container",
    class: "recommended",
    suggest: ["Dockerfile*", "*.Dockerfile", "docker-compose*.y*ml", "compose*.y*ml"],
    companions: [".dockerignore"],
    evidence: [{ kind: "everything-reached" }, { kind: "each", orGitIgnored: false }],
    yieldsToCopy: true,
  },
  {
    ...NONE,
    id: "ci",
    class: "recommended",
    suggest: [".github", ".gitlab-ci.yml", ".circleci", "azure-pipelines.yml", "Jenkinsfile"],
  },
  {
    ...NONE,
    id: "editor",
    class: "recommended",
    suggest: [".idea", ".vscode", "**/*.swp", "**/.DS_Store", "**/Thumbs.db", ".devcontainer"],
    evidence: [{ kind: "each", orGitIgnored: true }],
  },
  { ...NONE, id: "docs", class: "optional", suggest: ["docs", "*.md"], yieldsToCopy: true },
  {
    ...NONE,
    id: "tests",
    class: "optional",
    suggest: ["tests", "test", "spec", "**/__tests__", "**/*_test.go"],
    evidence: [
      { kind: "fact", fact: "is-production-only" },
      { kind: "each", orGitIgnored: false },
    ],
    unless: ["runs-tests"],
    yieldsToCopy: true,
  },
];

/** Lines that keep environment files out, and let the example for people in. */
export const ENV_FILE_PATTERNS: readonly string[] = ["**/.env", "**/.env.*", "!**/.env.example"];

/** Other names of examples, which need their exception only where such a file is. */
export const ENV_EXAMPLE_NAMES: readonly string[] = [".env.sample", ".env.template", ".env.dist", ".env.defaults"];
