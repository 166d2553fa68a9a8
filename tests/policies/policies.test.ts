import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { rules } from "../../rules/index.js";
import { lint, treeOf } from "../engine/lint-tree.js";

const ROOT = join(import.meta.dirname, "..", "..");
const POLICIES = join(ROOT, "docs", "policies");
const PROJECTS = join(ROOT, "fixtures", "policies");

/** What the project that breaks a policy is told, each `rule#kind` once. */
const BROKEN: Readonly<Record<string, readonly string[]>> = {
  "container-operations": [
    "context/ignore-generated-files#cache",
    "context/require-dockerignore",
    "health/install-probe-tool#tool",
    "health/require-healthcheck#image",
    "health/require-healthcheck#service",
    "health/set-timings#implicit",
    "images/no-fixed-platform#from",
    "images/pin-tag#latest",
    "images/prefer-minimal-base#variant",
    "layers/install-before-copy#language",
    "layers/install-before-copy#needs-source",
    "network/declare-networks#implicit",
    "network/no-public-datastore",
    "packages/clean-language-cache#pip",
    "packages/clean-system-cache#apt",
    "runtime/keep-data#image-volume",
    "runtime/no-dev-mode#mode",
    "runtime/use-volume-tiers#config",
    "runtime/use-volume-tiers#persistent",
    "secrets/no-env-secrets#env",
    "stages/no-build-tools-in-final#compiler",
    "stages/no-editable-install-in-final#pip",
    "stages/require-multi-stage",
    "user/no-root-user#service",
    "user/require-user#known-root",
    "user/set-uid#value",
  ],
  "container-specifications": [
    "context/require-dockerignore",
    "health/require-healthcheck#image",
    "images/pin-digest#no-digest",
    "images/pin-tag#coarse",
    "images/pin-tag#latest",
    "images/prefer-minimal-base#alpine-python",
    "images/use-trusted-registry",
    "labels/require-labels",
    "layers/install-before-copy#language",
    "layers/install-before-copy#needs-source",
    "layers/prefer-cache-mount",
    "packages/clean-language-cache#pip",
    "packages/clean-system-cache#apk",
    "runtime/drop-capabilities",
    "runtime/harden-tmpfs#options",
    "runtime/limit-cpu",
    "runtime/limit-memory#missing",
    "runtime/no-unconfined-profile#seccomp",
    "runtime/reserve-resources",
    "runtime/set-no-new-privileges#missing",
    "runtime/set-read-only",
    "secrets/no-build-arg-secrets#default",
    "secrets/no-env-secrets#env",
    "shell/no-pipe-to-shell",
    "shell/set-pipefail",
    "stages/no-build-tools-in-final#compiler",
    "stages/no-build-tools-in-final#headers",
    "stages/require-multi-stage",
    "user/no-root-user#image",
    "user/no-unsafe-permissions#world-writable",
    "user/require-user#known-root",
    "user/set-uid#value",
  ],
  "platform-standards": [
    "context/ignore-generated-files#cache",
    "context/require-dockerignore",
    "health/install-probe-tool#tool",
    "health/require-healthcheck#service",
    "health/set-timings#implicit",
    "images/no-fixed-platform#from",
    "images/pin-tag#latest",
    "images/prefer-minimal-base#variant",
    "images/use-trusted-registry",
    "labels/require-labels",
    "labels/use-valid-values#empty",
    "layers/install-before-copy#language",
    "network/declare-networks#implicit",
    "network/no-debug-ports",
    "network/no-public-datastore",
    "network/publish-listening-port",
    "packages/clean-language-cache#pip",
    "packages/clean-system-cache#apt",
    "packages/install-from-lockfile#npm",
    "packages/no-recommends#apt",
    "packages/pin-language-versions#pip",
    "packages/pin-system-versions#apt",
    "packages/set-runtime-env#basics",
    "runtime/drop-capabilities",
    "runtime/limit-cpu",
    "runtime/limit-memory#missing",
    "runtime/no-dev-mode#mode",
    "runtime/no-source-mount",
    "runtime/reserve-resources",
    "runtime/set-no-new-privileges#missing",
    "runtime/set-read-only",
    "secrets/no-env-secrets#env",
    "shell/exec-in-entrypoint#errexit",
    "shell/exec-in-entrypoint#exec",
    "stages/no-build-tools-in-final#compiler",
    "stages/require-multi-stage",
    "user/no-root-user#image",
    "user/require-user#known-root",
    "user/set-uid#value",
  ],
  "three-images": [
    "context/ignore-generated-files#cache",
    "context/ignore-secrets",
    "context/require-dockerignore",
    "health/require-healthcheck#image",
    "health/set-timings#implicit",
    "images/pin-tag#channel",
    "images/pin-tag#latest",
    "images/prefer-minimal-base#variant",
    "layers/copy-install-inputs#manifest",
    "layers/install-before-copy#language",
    "layers/no-late-removal",
    "network/declare-networks#implicit",
    "packages/clean-language-cache#pip",
    "packages/clean-system-cache#apt",
    "packages/pin-language-versions#pip",
    "packages/set-runtime-env#basics",
    "runtime/drop-capabilities",
    "runtime/keep-data#sqlite",
    "runtime/limit-cpu",
    "runtime/limit-logs#bad-option",
    "runtime/limit-logs#unbounded",
    "runtime/limit-memory#missing",
    "runtime/limit-memory#out-of-range",
    "runtime/reserve-resources",
    "runtime/set-no-new-privileges#missing",
    "runtime/set-read-only",
    "runtime/set-restart#missing",
    "secrets/no-env-secrets#env",
    "stages/no-build-tools-in-final#compiler",
    "stages/no-dev-dependencies-in-final#install",
    "stages/require-multi-stage",
    "user/no-root-user#image",
    "user/require-user#known-root",
    "user/require-user#service",
    "user/set-uid#value",
  ],
};

/** Every `rule#kind` that is found in a project under a policy, sorted. */
async function found(policy: string, project: string): Promise<readonly string[]> {
  const folder = join(PROJECTS, policy, project);
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1).replaceAll("\\", "/"), readFileSync(path, "utf8")] as const;
    });
  const text = readFileSync(join(POLICIES, `${policy}.yaml`), "utf8");
  const { findings, diagnostics } = await lint(treeOf({ ...Object.fromEntries(files), "plimsoll.yaml": text }), rules);
  expect(diagnostics).toEqual([]);
  return [...new Set(findings.map(({ rule, kind }) => (kind === undefined ? rule : `${rule}#${kind}`)))].sort();
}

/** The rules that the tables of a page name, without kinds, sorted. */
function namedOn(policy: string): readonly string[] {
  const page = readFileSync(join(POLICIES, `${policy}.md`), "utf8");
  const rows = page.split("\n").filter((line) => line.startsWith("| "));
  const names = rows.flatMap((row) =>
    [...row.matchAll(/`([a-z]+\/[a-z-]+)(?:#[a-z-]+)?`/g)].map(([, name = ""]) => name),
  );
  return [...new Set(names)].sort();
}

test("every policy has a page, a project that holds it and one that breaks it", () => {
  const names = Object.keys(BROKEN).sort();
  const files = names.flatMap((name) => [`${name}.md`, `${name}.yaml`]);

  expect(readdirSync(POLICIES).sort()).toEqual(["README.md", ...files]);
  expect(readdirSync(PROJECTS).sort()).toEqual(names);
});

describe.each(Object.entries(BROKEN))("policy %s", (name, broken) => {
  test("nothing is found in the project that holds it", async () => {
    expect(await found(name, "held")).toEqual([]);
  });

  test("each of its lines is found broken in the other project, and nothing else", async () => {
    expect(await found(name, "broken")).toEqual(broken);
  });

  test("its page names every rule that speaks, and no other", () => {
    expect(namedOn(name)).toEqual([...new Set(broken.map((id) => id.replace(/#.*/, "")))]);
  });
});
