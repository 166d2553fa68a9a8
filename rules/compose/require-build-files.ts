import type { Service, ServiceBuild } from "../../src/compose/model.js";
import { defineRule, type Finding, type RuleContext } from "../../src/engine/rule.js";
import { baseName, isAbsolutePath, isWithin, joinPath, relativePath, resolvePath } from "../../src/files/path.js";
import { type MissingPath, missingPath } from "../../src/project/missing-paths.js";
import { quoted } from "../../src/text/quoted.js";
import { closest } from "../../src/values/closest.js";

export default defineRule({
  id: "compose/require-build-files",
  summary: "What is to be built is there: the context and its Dockerfile",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  kinds: {
    missing: { summary: "no such folder, or no Dockerfile in it" },
    outside: {
      summary: "a context outside of the workspace",
      levels: { recommended: "info", checklist: "info", strict: "warning" },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "The service cannot be built. `dockerfile` is looked up in the context, not beside the Compose file: that is the usual " +
      "slip.",
    "A context outside of the repository is there on some machines only, and nothing is said about it here.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/build/#context",
    "https://docs.docker.com/reference/compose-file/build/#dockerfile",
  ],
  mentions: { compose: ["build"] },
  check: {
    *service(service, ctx) {
      const { build } = service;
      if (build !== undefined && build.contextKind === "local") yield* judge(service, build, ctx);
    },
  },
  examples: {
    bad: [
      {
        name: "looked up at the wrong place",
        kind: "missing",
        preset: "recommended",
        message:
          "`docker/api.Dockerfile` is looked up in the context `api`, not here; write `../docker/api.Dockerfile`",
        files: {
          "compose.yaml": ["services:", "  api:", "    build: { context: ./api, dockerfile: «docker/api.Dockerfile» }"],
          "docker/api.Dockerfile": ["FROM node:22.14.0-slim"],
          "api/server.js": [""],
        },
      },
      {
        name: "no such context, a misspelt one, and a file",
        kind: "missing",
        message: "context `./backend` does not exist; correct the path",
        files: {
          "compose.yaml": [
            "services:",
            "  backend: { build: «./backend» }",
            "  web: { build: { context: «./wbe» } }",
            "  docs: { build: «./docs.md» }",
          ],
          "web/Dockerfile": ["FROM nginx:1.27.4"],
          "docs.md": ["# Docs"],
        },
      },
      {
        name: "no Dockerfile, a misspelt one, and a Containerfile",
        kind: "missing",
        message: "`api` has no `Dockerfile`; add one, or name it with `dockerfile`",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { build: «./api» }",
            "  web: { build: { context: web, dockerfile: «Dockerfile.prodd» } }",
            "  jobs: { build: { context: «jobs» } }",
            "  shop: { «build»: { target: prod } }",
          ],
          "api/server.js": [""],
          "web/Dockerfile.prod": ["FROM nginx:1.27.4"],
          "jobs/Containerfile": ["FROM alpine:3.22"],
        },
      },
      {
        name: "an extended service, whose paths start at its own file",
        kind: "missing",
        files: {
          "compose.yaml": ["services: { api: { extends: { file: base/api.yaml, service: api } } }"],
          "base/api.yaml": ["services: { api: { build: «./api» } }"],
          "api/Dockerfile": ["FROM node:22.14.0-slim"],
        },
      },
      {
        name: "a snippet, where nothing but this file is here: no more than a note",
        kind: "missing",
        severity: "info",
        files: { "compose.yaml": ["services: { api: { build: «./api» } }"], "README.md": ["# Shop"] },
      },
      {
        name: "a context outside",
        kind: "outside",
        message: "`../shared` lies outside the workspace; nothing of it is checked here",
        files: { "compose.yaml": ["services: { api: { build: «../shared» } }"] },
      },
    ],
    good: [
      {
        name: "all there",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { build: ./api }",
            "  web: { build: { context: ./web, dockerfile: ../docker/web.Dockerfile } }",
            "  jobs: { build: { dockerfile_inline: FROM alpine:3.22 } }",
            "  shop: { build: { context: . } }",
          ],
          "api/Dockerfile": ["FROM node:22.14.0-slim"],
          "docker/web.Dockerfile": ["FROM nginx:1.27.4"],
          "web/index.html": [""],
          Dockerfile: ["FROM nginx:1.27.4"],
        },
      },
      {
        name: "remote and unknown ones",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { build: 'https://github.com/acme/api.git#v1' }",
            "  web: { build: 'git@github.com:acme/web.git' }",
            "  jobs: { build: '${JOBS_DIR}' }",
            "  shop: { build: { context: ./shop, dockerfile: '${DOCKERFILE}' } }",
          ],
          "shop/index.js": [""],
        },
      },
      {
        name: "a generated context that git ignores, and a submodule",
        files: {
          ".gitignore": ["/generated/"],
          ".gitmodules": ['[submodule "api"]', "\tpath = vendor/api", "\turl = https://github.com/acme/api.git"],
          "compose.yaml": ["services: { api: { build: ./generated/api }, shop: { build: vendor/api } }"],
          "web/index.html": [""],
        },
      },
    ],
  },
});

function* judge({ variant }: Service, build: ServiceBuild, { project }: RuleContext): Iterable<Finding> {
  const { context, contextPath, dockerfile, dockerfilePath } = build;
  if (contextPath === undefined) return;
  const { root } = variant.project;
  const place = build.node.folder;
  if (!isWithin(root, contextPath)) {
    // Absolute paths are for `compose/use-portable-paths`.
    if (context === undefined || isAbsolutePath(context.text) || context.text.startsWith("~")) return;
    const message = `${quoted(context.text)} lies outside the workspace; nothing of it is checked here`;
    yield { kind: "outside", range: context.range, message };
    return;
  }
  const range = context?.range ?? build.keyRange;
  const isInline = build.dockerfileInline !== undefined;
  const found = project.kindOf(contextPath);
  if (found === "file") {
    const message = `context ${quoted(context?.text ?? ".")} is a file; name the folder that holds it`;
    yield { kind: "missing", range, message };
    return;
  }
  if (found === undefined) {
    const missing = missingPath(project, root, contextPath, place);
    if (missing === undefined || missing.isIgnored || missing.isInSubmodule) return;
    const { near } = missing;
    const mend = near === undefined ? "correct the path" : `did you mean ${quoted(asWritten(context?.text, near))}?`;
    const message = `context ${quoted(context?.text ?? ".")} does not exist; ${mend}`;
    yield { kind: "missing", range, message, confidence: missing.isBare ? "low" : "high" };
    return;
  }
  if (dockerfilePath === undefined || isInline || project.kindOf(dockerfilePath) === "file") return;
  const missing = missingPath(project, root, dockerfilePath, place);
  if (missing?.isIgnored === true || missing?.isInSubmodule === true) return;
  // Outside of the workspace nobody can look; a folder in its place is no Dockerfile.
  if (missing === undefined && !isWithin(root, dockerfilePath)) return;
  const isEmpty = project.namesIn(contextPath)?.length === 0;
  yield {
    kind: "missing",
    range: dockerfile?.range ?? range,
    message: dockerfileMessage(build, contextPath, place, missing, project),
    confidence: missing?.isBare === true || isEmpty ? "low" : "high",
  };
}

function dockerfileMessage(
  { dockerfile }: ServiceBuild,
  contextPath: string,
  place: string,
  missing: MissingPath | undefined,
  project: RuleContext["project"],
): string {
  const names = project.namesIn(contextPath) ?? [];
  const folder = relativePath(place, contextPath);
  const where = folder === "." ? "this folder" : quoted(folder);
  if (dockerfile === undefined) {
    const file = names.includes("Containerfile") ? "Containerfile" : names.find((name) => /dockerfile/i.test(name));
    const mend =
      file === undefined ? "add one, or name it with `dockerfile`" : `write ${quoted(`dockerfile: ${file}`)}`;
    return `${where} has no \`Dockerfile\`; ${mend}`;
  }
  const written = dockerfile.text;
  const here = resolvePath(place, dockerfile.value ?? written);
  if (folder !== "." && project.kindOf(here) === "file") {
    const right = relativePath(contextPath, here);
    return `${quoted(written)} is looked up in the context ${quoted(folder)}, not here; write ${quoted(right)}`;
  }
  const near = missing?.near ?? nearDockerfile(written, names, contextPath);
  const mend = near === undefined ? "correct the path" : `did you mean ${quoted(relativePath(contextPath, near))}?`;
  return `${quoted(written)} is not in the context, ${where}; ${mend}`;
}

function nearDockerfile(written: string, names: readonly string[], contextPath: string): string | undefined {
  const candidates = names.filter((name) => /dockerfile|containerfile/i.test(name));
  const name = closest(baseName(written), candidates) ?? (candidates.length === 1 ? candidates[0] : undefined);
  return name === undefined ? undefined : joinPath(contextPath, name);
}

/** A path beside the one that was meant, in the spelling of the user. */
function asWritten(written: string | undefined, near: string): string {
  const slash = written?.lastIndexOf("/") ?? -1;
  return `${written?.slice(0, slash + 1) ?? ""}${baseName(near)}`;
}
