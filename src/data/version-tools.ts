/** A manifest in which a tool that reads `.git` is named when it takes the version of the program from there. */
export interface VersionTool {
  /** Names of the manifest (`path.Match`), at the top of the context. */
  readonly manifest: string;
  /** Texts of which one stands in the manifest. */
  readonly words: readonly string[];
}

/**
 * Tools that derive a version from git while a program is built. Sources: the documentation of the tools named; 2026-11.
 */
export const VERSION_TOOLS: readonly VersionTool[] = [
  {
    manifest: "pyproject.toml",
    words: [
      "setuptools-scm",
      "setuptools_scm",
      "hatch-vcs",
      "versioneer",
      "versioningit",
      "poetry-dynamic-versioning",
      "uv-dynamic-versioning",
      "[tool.pdm.version]",
    ],
  },
  { manifest: "setup.py", words: ["setuptools_scm", "versioneer", "use_scm_version"] },
  { manifest: "setup.cfg", words: ["setuptools_scm", "versioneer"] },
  { manifest: "Cargo.toml", words: ["vergen", "shadow-rs", "git-version", "git2", "built = "] },
  { manifest: "build.rs", words: ["git "] },
  { manifest: "pom.xml", words: ["git-commit-id", "buildnumber-maven-plugin", "jgitver"] },
  { manifest: "build.gradle", words: ["git-properties", "git-version", "grgit", "axion-release"] },
  { manifest: "build.gradle.kts", words: ["git-properties", "git-version", "grgit", "axion-release"] },
  { manifest: "Makefile", words: ["git describe", "git rev-parse", "git log", "git show"] },
  { manifest: "package.json", words: ["git describe", "git rev-parse", "git log", "git-revision-webpack-plugin"] },
  { manifest: "Directory.Build.props", words: ["MinVer", "GitVersion", "Nerdbank.GitVersioning"] },
  { manifest: "*.csproj", words: ["MinVer", "GitVersion", "Nerdbank.GitVersioning"] },
];

/** Verbs of git that do not look at the repository of the working directory. */
export const GIT_VERBS_ELSEWHERE: ReadonlySet<string> = new Set([
  "clone",
  "config",
  "init",
  "ls-remote",
  "lfs",
  "help",
]);
