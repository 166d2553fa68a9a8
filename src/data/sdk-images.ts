// Which images and programs are there to build.
// Sources: documentation of the programs; for builder images https://github.com/sclorg/s2i-base-container,
// https://quarkus.io/guides/building-native-image, https://catalog.redhat.com (ubi9/go-toolset); 2026-11.

/** Last segments of names under which publishers keep images that only build. */
const BUILDER_NAMES = ["builder", "builder-image", "toolset"] as const;

/** Whether an image is made to build, by the path of its repository: `quay.io/quarkus/…-builder-image`, `ubi9/go-toolset`. */
export function isBuilderName(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return BUILDER_NAMES.some((word) => name === word || name.endsWith(`-${word}`));
}

/** Programs of SDKs that people start on purpose: an image that runs one needs its SDK. */
const SDK_PROGRAMS: ReadonlySet<string> = new Set(
  (
    "go gofmt mvn mvnw gradle gradlew sbt scala cargo rustc rustup cross gcc g++ cc c++ clang make cmake ninja javac jshell " +
    "jlink jdb air reflex CompileDaemon dlv wgo swift swiftc ghc runghc runhaskell stack cabal nvcc msbuild tsc"
  ).split(" "),
);

/**
 * Whether a program belongs to an SDK rather than to a run time. `dotnet` starts what is built as well as the SDK's own
 * commands: its first argument tells.
 */
export function isSdkProgram(name: string, firstArgument: string | undefined): boolean {
  if (name === "dotnet")
    return firstArgument !== undefined && /^[a-z][a-z-]*$/.test(firstArgument) && firstArgument !== "exec";
  return SDK_PROGRAMS.has(name);
}
