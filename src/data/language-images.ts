import type { SmallerVariant } from "./base-image-model.js";
import type { ImageRow, Layer } from "./image-layer.js";
import { codenameOf, DEBIAN_CODENAMES, hasPart, type ImageTag, isWindowsTag } from "./image-tag.js";
import { alpine, BUILDPACK_CURL, BUILDPACK_FULL, BUILDPACK_SCM, openOs, osOfTag } from "./operating-systems.js";

// What the images of languages add to their operating system.
// Sources: the Dockerfiles and documentation of the Docker Official Images named in each row
// (github.com/docker-library, hub.docker.com/_/NAME); 2026-11.

const HUB = "docker.io/library/";
const LOCAL_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Debian with all of buildpack-deps, unless the tag says slim, Alpine or Windows. */
function onBuildpack(tag: ImageTag, buildpack: Layer): readonly Layer[] {
  const base = osOfTag(tag);
  const isPlain = base.isMinimal || base.os?.family === "windows";
  return isPlain ? [base] : [base, buildpack];
}

/** `3.12-bookworm` with `slim`: before the code name (`3.12-slim-bookworm`) or, for node, after it. */
function slimOf(name: string, tag: ImageTag, order: "codename-last" | "slim-last" = "codename-last"): SmallerVariant[] {
  if (hasPart(tag, "slim") || hasPart(tag, "alpine") || isWindowsTag(tag)) return [];
  const codename = codenameOf(tag, DEBIAN_CODENAMES)?.codename;
  if (tag.isLatest) return [{ kind: "slim", reference: `${name}:slim` }];
  if (codename === undefined || order === "slim-last")
    return [{ kind: "slim", reference: `${name}:${tag.written}-slim` }];
  const parts = tag.parts.map((part) => (part === codename ? `slim-${codename}` : part));
  return [{ kind: "slim", reference: `${name}:${parts.join("-")}` }];
}

/** `3.12-slim-bookworm` as `3.12-alpine`; none for tags that hold more than version, slim and code name. */
function alpineOf(name: string, tag: ImageTag): SmallerVariant[] {
  if (hasPart(tag, "alpine") || isWindowsTag(tag)) return [];
  const kept = tag.parts.filter((part) => part !== "slim" && part !== "latest" && !DEBIAN_CODENAMES.has(part));
  return [{ kind: "alpine", reference: `${name}:${[...kept, "alpine"].join("-")}` }];
}

function smaller(name: string, tag: ImageTag, order?: "codename-last" | "slim-last"): readonly SmallerVariant[] {
  const isMinimal = hasPart(tag, "slim") || hasPart(tag, "alpine");
  return isMinimal ? [] : [...slimOf(name, tag, order), ...alpineOf(name, tag)];
}

function python(tag: ImageTag): readonly Layer[] {
  return [
    ...onBuildpack(tag, BUILDPACK_FULL),
    {
      present: "python python3 pip pip3",
      unsure: "openssl",
      environment: `${LOCAL_PATH.replace("/usr/local/sbin", "/usr/local/bin:/usr/local/sbin")} PYTHON_VERSION PYTHON_SHA256 GPG_KEY LANG`,
      command: ["python3"],
      smaller: smaller("python", tag),
      hasOnbuild: hasPart(tag, "onbuild"),
    },
  ];
}

function node(tag: ImageTag): readonly Layer[] {
  const [major] = tag.version;
  const bringsYarn = major !== undefined && major <= 24;
  return [
    ...onBuildpack(tag, BUILDPACK_FULL),
    {
      accounts: "node:1000:1000",
      present: `node npm npx ${bringsYarn ? "yarn yarnpkg" : ""} ${bringsYarn && major >= 16 ? "corepack" : ""}`,
      unsure: bringsYarn ? "" : "yarn",
      environment: "NODE_VERSION YARN_VERSION",
      entrypoint: ["docker-entrypoint.sh"],
      command: ["node"],
      smaller: smaller("node", tag, "slim-last"),
      hasOnbuild: hasPart(tag, "onbuild"),
    },
  ];
}

function ruby(tag: ImageTag): readonly Layer[] {
  return [
    ...onBuildpack(tag, BUILDPACK_FULL),
    {
      present: "ruby gem bundle bundler irb rake erb ps pgrep pkill top free uptime watch",
      environment:
        "PATH=/usr/local/bundle/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 " +
        "RUBY_VERSION RUBY_DOWNLOAD_URL RUBY_DOWNLOAD_SHA256 GEM_HOME=/usr/local/bundle " +
        "BUNDLE_SILENCE_ROOT_WARNING=1 BUNDLE_APP_CONFIG=/usr/local/bundle",
      command: ["irb"],
      smaller: smaller("ruby", tag),
      hasOnbuild: hasPart(tag, "onbuild"),
    },
  ];
}

/** The variants apache and fpm listen on a port; cli, the one without a name, does not. */
function php(tag: ImageTag): readonly Layer[] {
  const base = osOfTag(tag);
  const isAlpine = base.os?.family === "alpine";
  const common: Layer = {
    ...(isAlpine && { accounts: "www-data:82:82" }),
    present: `php phpize php-config pecl docker-php-ext-install docker-php-ext-enable docker-php-ext-configure curl ${
      isAlpine ? "openssl" : "gcc g++ cc make autoconf file pkg-config xz"
    }`,
    isMinimal: isAlpine,
    environment:
      "PHPIZE_DEPS PHP_INI_DIR=/usr/local/etc/php PHP_CFLAGS PHP_CPPFLAGS PHP_LDFLAGS GPG_KEYS PHP_VERSION PHP_URL " +
      "PHP_ASC_URL PHP_SHA256",
    entrypoint: ["docker-php-entrypoint"],
    command: ["php", "-a"],
    smaller: hasPart(tag, "apache") ? [] : alpineOf("php", tag),
  };
  const server: Layer = hasPart(tag, "apache")
    ? {
        present: "apache2ctl apache2 a2enmod apache2-foreground",
        environment: "APACHE_CONFDIR=/etc/apache2 APACHE_ENVVARS=/etc/apache2/envvars",
        stopSignal: "SIGWINCH",
        workdir: "/var/www/html",
        command: ["apache2-foreground"],
        exposes: [80],
        service: { kind: "web", ports: [80], probeCommands: ["curl"] },
      }
    : hasPart(tag, "fpm")
      ? {
          present: "php-fpm",
          stopSignal: "SIGQUIT",
          workdir: "/var/www/html",
          command: ["php-fpm"],
          exposes: [9000],
          service: { kind: "web", ports: [9000], probeCommands: [] },
        }
      : {};
  return [base, common, server];
}

function golang(tag: ImageTag): readonly Layer[] {
  const base = osOfTag(tag);
  const isDebian = base.os?.family === "debian";
  return [
    base,
    ...(isDebian ? [BUILDPACK_SCM] : []),
    {
      present: `go gofmt ${isDebian ? "gcc g++ cc make pkg-config" : ""}`,
      environment:
        "GOLANG_VERSION GOTOOLCHAIN=local GOPATH=/go PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      workdir: "/go",
      isSdk: true,
      runtimeImage: "gcr.io/distroless/static-debian12:nonroot",
      smaller: alpineOf("golang", tag),
    },
  ];
}

function rust(tag: ImageTag): readonly Layer[] {
  return [
    ...onBuildpack(tag, BUILDPACK_FULL),
    {
      present: "cargo rustc rustup gcc cc",
      environment:
        "RUSTUP_HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo " +
        "PATH=/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin RUST_VERSION",
      isSdk: true,
      runtimeImage: "gcr.io/distroless/cc-debian12:nonroot",
      smaller: smaller("rust", tag),
    },
  ];
}

/** Languages whose plain tag is Debian with build tools and whose slim tag is not. */
function debianLanguage(name: string, present: string, details: Layer = {}): ImageRow {
  return {
    repositories: `${HUB}${name}`,
    source: `https://hub.docker.com/_/${name}`,
    layers: (tag) => [
      ...onBuildpack(tag, BUILDPACK_FULL),
      { keepsAbsences: false, present, smaller: slimOf(name, tag), ...details },
    ],
  };
}

function bun(tag: ImageTag): readonly Layer[] {
  const isAlpine = hasPart(tag, "alpine");
  if (hasPart(tag, "distroless")) return [];
  return [
    isAlpine ? alpine() : { ...osOfTag(tag), isMinimal: hasPart(tag, "slim") },
    {
      keepsAbsences: isAlpine,
      accounts: "bun:1000:1000",
      present: "bun bunx",
      unsure: "node",
      environment: "BUN_RUNTIME_TRANSPILER_CACHE_PATH BUN_INSTALL_BIN",
      workdir: "/home/bun/app",
      entrypoint: ["/usr/local/bin/docker-entrypoint.sh"],
      command: ["/usr/local/bin/bun"],
      smaller: isAlpine || hasPart(tag, "slim") ? [] : slimOf("oven/bun", tag),
    },
  ];
}

/** Rows of the languages. */
export const LANGUAGE_IMAGES: readonly ImageRow[] = [
  { repositories: `${HUB}python`, source: "https://hub.docker.com/_/python", layers: python },
  { repositories: `${HUB}node`, source: "https://hub.docker.com/_/node", layers: node },
  { repositories: `${HUB}ruby`, source: "https://hub.docker.com/_/ruby", layers: ruby },
  { repositories: `${HUB}php`, source: "https://hub.docker.com/_/php", layers: php },
  { repositories: `${HUB}golang`, source: "https://hub.docker.com/_/golang", layers: golang },
  { repositories: `${HUB}rust`, source: "https://hub.docker.com/_/rust", layers: rust },
  debianLanguage("perl", "perl cpan cpanm", { environment: "PERL_CPANM_OPT" }),
  debianLanguage("elixir", "elixir mix iex erl", { environment: "ELIXIR_VERSION LANG=C.UTF-8" }),
  debianLanguage("erlang", "erl erlc rebar3", { environment: "OTP_VERSION REBAR_VERSION REBAR3_VERSION" }),
  debianLanguage("haskell", "ghc cabal stack", { isSdk: true, environment: "LANG=C.UTF-8 PATH" }),
  debianLanguage("gcc", "gcc g++ gfortran cc c++ make", {
    isSdk: true,
    smaller: [],
    runtimeImage: "debian:trixie-slim",
    environment: "GCC_VERSION PATH",
  }),
  {
    repositories: `${HUB}julia`,
    source: "https://hub.docker.com/_/julia",
    layers: (tag) => [
      osOfTag(tag),
      { present: "julia", unsure: "curl", environment: "JULIA_PATH=/usr/local/julia PATH JULIA_GPG JULIA_VERSION" },
    ],
  },
  {
    repositories: `${HUB}r-base docker.io/rocker/r-ver`,
    source: "https://hub.docker.com/_/r-base",
    layers: () => [
      openOs({ written: "", version: [], parts: [], isLatest: true }),
      { present: "R Rscript", environment: "LC_ALL LANG R_BASE_VERSION R_VERSION R_HOME CRAN TZ" },
    ],
  },
  {
    repositories: `${HUB}swift`,
    source: "https://hub.docker.com/_/swift",
    layers: (tag) => {
      const isSlim = hasPart(tag, "slim");
      const reference = tag.isLatest ? "swift:slim" : `swift:${tag.written}-slim`;
      return [
        openOs(tag, "ubuntu"),
        {
          keepsAbsences: false,
          isSdk: !isSlim,
          isMinimal: isSlim,
          ...(!isSlim && {
            present: "swift swiftc git",
            runtimeImage: reference,
            smaller: [{ kind: "runtime" as const, reference }],
          }),
        },
      ];
    },
  },
  {
    repositories: `${HUB}buildpack-deps`,
    source: "https://hub.docker.com/_/buildpack-deps",
    layers: (tag) => {
      const buildpack = hasPart(tag, "curl") ? BUILDPACK_CURL : hasPart(tag, "scm") ? BUILDPACK_SCM : BUILDPACK_FULL;
      return [osOfTag(tag), buildpack, { isSdk: !hasPart(tag, "curl") }];
    },
  },
  { repositories: "docker.io/oven/bun", source: "https://hub.docker.com/r/oven/bun", layers: bun },
  {
    repositories: "docker.io/denoland/deno ghcr.io/denoland/deno",
    source: "https://hub.docker.com/r/denoland/deno",
    layers: (tag) => {
      if (hasPart(tag, "distroless") || hasPart(tag, "bin") || hasPart(tag, "ubuntu")) return [];
      const isAlpine = hasPart(tag, "alpine");
      return [
        isAlpine ? alpine() : osOfTag(tag),
        {
          keepsAbsences: false,
          ...(!isAlpine && { isMinimal: false }),
          // The account has UID 1993 since 1.13; earlier tags had 1000.
          hasAllAccounts: false,
          ...(hasDenoUser(tag) && { accounts: "deno:1993:1993" }),
          present: "deno",
          environment: "DENO_DIR=/deno-dir/ DENO_INSTALL_ROOT=/usr/local DENO_VERSION",
        },
      ];
    },
  },
];

function hasDenoUser(tag: ImageTag): boolean {
  const [major] = tag.version;
  return major === undefined || major >= 2;
}
