import { words } from "../text/words.js";

/** Why a package does not belong in a shipped image. */
export type BuildToolKind = "compiler" | "debug" | "headers" | "vcs";

/** Families of package indexes whose names for libraries differ; yum, microdnf and zypper count as `dnf`. */
export type PackageFamily = "apk" | "apt" | "dnf";

// Source of all names: the package indexes of Debian 12 and 13, Ubuntu 24.04, Alpine 3.22 and Fedora 42
// (as their public search pages list them), 2026-11.

const COMPILERS = `
alpine-sdk autoconf automake base-devel bison build-base build-essential cargo clang clang-tools cmake default-jdk
default-jdk-headless flex g++ gcc gcc-c++ gcc-gfortran gfortran go golang golang-bin golang-go gradle libtool
libtool-bin llvm make maven meson nasm ninja-build pkg-config pkgconf pkgconf-pkg-config pkgconfig rust rustc rustup
scons swig yasm
`;

const VCS = "git git-core git-lfs mercurial subversion";

const DEBUG = `
emacs emacs-nox gdb gdbserver lldb ltrace nano strace tcpdump telnet inetutils-telnet valgrind vim vim-enhanced
vim-minimal vim-nox vim-tiny
`;

/**
 * Development packages that programs open at run time: they look for the unversioned library (`libOpenCL.so`), which
 * only these packages hold, or need the C library's linker names (System.Drawing of .NET).
 */
const NEEDED_AT_RUN_TIME = `
gdal-dev geos-dev libc6-dev libgdiplus-dev libproj-dev libvulkan-dev ocl-icd-dev ocl-icd-opencl-dev opencl-dev proj-dev
`;

const APT_COUNTERPARTS = `
default-jdk:default-jre-headless default-jdk-headless:default-jre-headless default-libmysqlclient-dev:libmariadb3
freetds-dev:libsybdb5 libaio-dev:libaio1 libasound2-dev:libasound2 libbz2-dev:libbz2-1.0 libcairo2-dev:libcairo2
libcurl4-gnutls-dev:libcurl3-gnutls libcurl4-openssl-dev:libcurl4 libev-dev:libev4 libexpat1-dev:libexpat1
libffi-dev:libffi8 libfreetype-dev:libfreetype6 libfreetype6-dev:libfreetype6 libgeos-dev:libgeos-c1v5
libgif-dev:libgif7 libglib2.0-dev:libglib2.0-0 libgmp-dev:libgmp10 libjemalloc-dev:libjemalloc2 libkrb5-dev:libkrb5-3
liblz4-dev:liblz4-1 liblzma-dev:liblzma5 libmagic-dev:libmagic1 libmariadb-dev:libmariadb3
libmemcached-dev:libmemcached11 libncurses-dev:libncurses6 libonig-dev:libonig5 libopenblas-dev:libopenblas0
libpango1.0-dev:libpango-1.0-0 libpcre2-dev:libpcre2-8-0 libpcre3-dev:libpcre3 libpng-dev:libpng16-16 libpq-dev:libpq5
libpulse-dev:libpulse0 librdkafka-dev:librdkafka1 libreadline-dev:libreadline8 librsvg2-dev:librsvg2-2
libsasl2-dev:libsasl2-2 libsecret-1-dev:libsecret-1-0 libsnappy-dev:libsnappy1v5 libsndfile1-dev:libsndfile1
libsodium-dev:libsodium23 libsqlite3-dev:libsqlite3-0 libssl-dev:libssl3 libtiff-dev:libtiff6
libusb-1.0-0-dev:libusb-1.0-0 libvips-dev:libvips42 libwebp-dev:libwebp7 libxml2-dev:libxml2 libxmlsec1-dev:libxmlsec1
libxslt1-dev:libxslt1.1 libyaml-dev:libyaml-0-2 libzip-dev:libzip4 libzmq3-dev:libzmq5 libzstd-dev:libzstd1
portaudio19-dev:libportaudio2 python3-dev:python3 ruby-dev:ruby unixodbc-dev:unixodbc zlib1g-dev:zlib1g
`;

const APK_COUNTERPARTS = `
cairo-dev:cairo curl-dev:libcurl freetype-dev:freetype gmp-dev:gmp icu-dev:icu-libs imagemagick-dev:imagemagick
jpeg-dev:libjpeg-turbo krb5-dev:krb5-libs lcms2-dev:lcms2 libffi-dev:libffi libjpeg-turbo-dev:libjpeg-turbo
libmemcached-dev:libmemcached libpng-dev:libpng libpq-dev:libpq librdkafka-dev:librdkafka libsodium-dev:libsodium
libwebp-dev:libwebp libxml2-dev:libxml2 libxslt-dev:libxslt libzip-dev:libzip lz4-dev:lz4-libs
mariadb-connector-c-dev:mariadb-connector-c mariadb-dev:mariadb-connector-c oniguruma-dev:oniguruma
openjpeg-dev:openjpeg openldap-dev:libldap openssl-dev:libssl3 pango-dev:pango postgresql-dev:libpq python3-dev:python3
ruby-dev:ruby snappy-dev:snappy sqlite-dev:sqlite-libs tiff-dev:tiff unixodbc-dev:unixodbc vips-dev:vips yaml-dev:yaml
zlib-dev:zlib zstd-dev:zstd-libs
`;

const DNF_COUNTERPARTS = `
libcurl-devel:libcurl libffi-devel:libffi libpq-devel:libpq libxml2-devel:libxml2 libxslt-devel:libxslt
mariadb-connector-c-devel:mariadb-connector-c openssl-devel:openssl-libs postgresql-devel:libpq python3-devel:python3
unixODBC-devel:unixODBC zlib-devel:zlib
`;

let kinds: ReadonlyMap<string, BuildToolKind> | undefined;
let needed: ReadonlySet<string> | undefined;
const counterparts: Map<PackageFamily, ReadonlyMap<string, string>> = new Map();

/** `gcc-12`, `g++13`, `clang-19`, `golang-1.24`, `llvm-19`, `automake1.16`: a tool with its version in the name. */
const VERSIONED_TOOL = /^(gcc|g\+\+|clang|gfortran|golang|llvm|automake|autoconf|rustc|cargo|maven)-?\d[\d.]*(-go)?$/;

/** `openjdk-21-jdk`, `openjdk21-jdk`, `openjdk21`, `temurin-21-jdk`, `java-21-openjdk-devel`. */
const JDK = /^(?:openjdk-?\d+(?:-jdk(?:-headless)?)?|temurin-?\d+-jdk|java-[\d.]+-\w+-devel)$/;

/**
 * Why a system package does not belong in a shipped image; absent for all others, and for development packages that
 * programs are known to open at run time.
 *
 * @param name a bare package name, without version or architecture
 */
export function buildToolKind(name: string): BuildToolKind | undefined {
  kinds ??= new Map([
    ...words(COMPILERS).map((word) => [word, "compiler"] as const),
    ...words(VCS).map((word) => [word, "vcs"] as const),
    ...words(DEBUG).map((word) => [word, "debug"] as const),
  ]);
  needed ??= new Set(words(NEEDED_AT_RUN_TIME));
  const kind = kinds.get(name);
  if (kind !== undefined) return kind;
  if (needed.has(name)) return undefined;
  // Spares most names two expressions.
  if (/[\d.]/.test(name) && (VERSIONED_TOOL.test(name) || JDK.test(name))) return "compiler";
  return isHeaders(name) ? "headers" : undefined;
}

/** The package that holds the library itself, for a development package; absent when not known. */
export function runtimeCounterpart(name: string, family: PackageFamily): string | undefined {
  const jdk = /^(openjdk-\d+)-jdk(?:-headless)?$/.exec(name);
  if (jdk !== null && family === "apt") return `${jdk[1]}-jre-headless`;
  const known = counterparts.get(family);
  if (known !== undefined) return known.get(name);
  const text = { apt: APT_COUNTERPARTS, apk: APK_COUNTERPARTS, dnf: DNF_COUNTERPARTS }[family];
  const table = new Map<string, string>();
  for (const pair of words(text)) {
    const colon = pair.indexOf(":");
    table.set(pair.slice(0, colon), pair.slice(colon + 1));
  }
  counterparts.set(family, table);
  return table.get(name);
}

function isHeaders(name: string): boolean {
  if (!/^[A-Za-z0-9][A-Za-z0-9+._-]*$/.test(name)) return false;
  return (
    name.endsWith("-dev") || name.endsWith("-devel") || name === "kernel-headers" || name.startsWith("linux-headers")
  );
}
