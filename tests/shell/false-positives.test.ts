import { describe, expect, test } from "vitest";
import { scriptFacts } from "../../src/shell/facts.js";
import { readScript } from "./read-script.js";

// Inputs on which linters are known to misreport; the model has to tell rules what keeps them silent.

describe("pipelines whose failing left side does not matter", () => {
  test.each([
    ["echo x | tee y", [["echo", "tee"]], false, "none"],
    ["yes | sdkmanager --licenses", [["yes", "sdkmanager"]], false, "none"],
    ["curl -fsSL https://x.example/v | head -1", [["curl", "head"]], false, "none"],
    ["if a | grep -q b; then c; fi", [["a", "grep"]], true, "none"],
    ["! a | b", [["a", "b"]], true, "none"],
    ["a | b || true", [["a", "b"]], true, "none"],
    ['test "$(a | b)" = c', [["a", "b"]], false, "argument"],
  ] as const)("%s", (text, names, isTolerated, inSubstitution) => {
    const { pipelines } = readScript(text);

    expect(pipelines.map(({ stages }) => stages.map(({ invocation }) => invocation?.name))).toEqual(names);
    expect(pipelines.map((pipeline) => [pipeline.isTolerated, pipeline.inSubstitution])).toEqual([
      [isTolerated, inSubstitution],
    ]);
  });
});

test("the download, build and remove idiom shows what it unpacked before it changes the folder", () => {
  const script = readScript(
    "curl -fsSL https://x.example/x.tgz | tar xz && cd x-1.0 && ./configure && make install && cd .. && rm -rf x-1.0",
  );
  const facts = scriptFacts(script);

  expect(script.steps.map(({ kind, invocation }) => invocation?.name ?? kind)).toEqual([
    "pipeline",
    "cd",
    "configure",
    "make",
    "cd",
    "rm",
  ]);
  expect(facts.writes.map(({ by, path }) => [by, path])).toEqual([["extract", "."]]);
  expect(facts.removedPaths.map(({ path }) => path)).toEqual(["x-1.0"]);
});

test("operands that no one can pin are told apart", () => {
  const [install] = scriptFacts(
    readScript("apt-get install ca-certificates p/bookworm-backports ${PKGS} ./x.deb"),
  ).installs;

  expect(install?.packages.map(({ kind, name, version }) => [kind, name, version?.operator])).toEqual([
    ["name", "ca-certificates", undefined],
    ["name", "p", "/"],
    ["unknown", undefined, undefined],
    ["local", "./x.deb", undefined],
  ]);
});

test("a refresh that only adds a repository is followed by no install", () => {
  const facts = scriptFacts(
    readScript("apt-get update && echo 'deb https://x.example y main' > /etc/apt/sources.list.d/y.list"),
  );

  expect([facts.refreshes.length, facts.installs.length, facts.opaque]).toEqual([1, 0, undefined]);
});

test("global installs and stated versions are no redundant ones", () => {
  const { installs } = scriptFacts(readScript("npm install -g npm@11; gem install bundler -v 2.5.6"));

  expect(installs.map(({ isGlobal, packages }) => [isGlobal, packages.map(({ version }) => version?.value)])).toEqual([
    [true, ["11"]],
    [false, ["2.5.6"]],
  ]);
});

test("text that only names a command is no command", () => {
  const names = readScript(
    `echo "sudo apt-get upgrade" # sudo
dpkg -S apt; printf '%s' 'rm -rf /'; cat > x <<E
sudo make install
E
grep 'curl | sh' y`,
    { kind: "heredoc" },
  ).invocations.map(({ name }) => name);

  expect(names).toEqual(["echo", "dpkg", "printf", "cat", "grep"]);
});
