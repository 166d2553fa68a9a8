import type { Mount, Service, Variant } from "../../src/compose/model.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { parentPath, relativePath } from "../../src/files/path.js";
import { patchesFolderAbove } from "../../src/project/loose-files.js";
import { type MissingPath, missingPath } from "../../src/project/missing-paths.js";
import { bindsFile, filesOfResources, filesOfService, type NamedFile } from "../../src/project/named-files.js";
import { quoted } from "../../src/text/quoted.js";
import { matchesGlob } from "../../src/values/glob.js";

const options = {
  generated: option.strings({
    default: [],
    description: "Paths, from the root of the workspace, that a documented command makes; `**` stands for any folders.",
  }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "compose/reference-existing-files",
  summary: "Files that must exist, do",
  levels: { recommended: "warning", checklist: "warning", strict: "warning" },
  kinds: {
    file: { summary: "a bound file, or one of a secret, a config, labels or a seccomp profile" },
    "env-file": { summary: "an env file", levels: { recommended: "info", checklist: "info", strict: "warning" } },
    folder: {
      summary: "a bound folder, which Docker creates",
      levels: { recommended: "off", checklist: "off", strict: "info" },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "Of a bound file that does not exist Docker makes an empty folder, owned by root, and the program fails in ways that say " +
      "nothing of it. A missing env file or secret stops Compose.",
  ],
  references: [
    "https://docs.docker.com/engine/storage/bind-mounts/#syntax",
    "https://docs.docker.com/reference/compose-file/services/#env_file",
    "https://docs.docker.com/reference/compose-file/secrets/",
  ],
  options,
  yieldsTo: ["user/own-writable-paths#created-bind"],
  mentions: { compose: ["env_file", "label_file", "file", "volumes", "seccomp"] },
  check: {
    *service(service, ctx) {
      if (patchesFolderAbove(service.variant, ctx.project)) return;
      yield* judgeAll(filesOfService(service), service.variant, ctx);
      yield* judgeFolders(service, ctx);
    },
    *variant(variant, ctx) {
      if (patchesFolderAbove(variant, ctx.project)) return;
      yield* judgeAll(filesOfResources(variant), variant, ctx);
    },
  },
  examples: {
    bad: [
      {
        name: "a misspelt file",
        kind: "file",
        preset: "recommended",
        message: "`./ngnix.conf` does not exist; Docker creates a folder in its place (did you mean `./nginx.conf`?)",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            '    volumes: ["«./ngnix.conf»:/etc/nginx/nginx.conf:ro"]',
          ],
          "nginx.conf": ["events {}"],
        },
      },
      {
        name: "configs, labels, a profile, a long bind",
        kind: "file",
        message: "`./profiles/seccomp.json` does not exist; correct the path, or add the file",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    security_opt: ['seccomp:«./profiles/seccomp.json»', seccomp=unconfined, 'label:disable']",
            "    label_file: [«web.labels», ./api.labels]",
            "    volumes: [{ type: bind, source: «./conf/app.yaml», target: /etc/app.yaml }]",
            "configs: { site: { file: «./site.yml» } }",
          ],
          "api.labels": ["a=b"],
          "conf/app.json": ["{}"],
          "site.yaml": ["{}"],
        },
      },
      {
        name: "git ignores it, and no template tells what to put there",
        kind: "file",
        severity: "info",
        files: {
          ".gitignore": ["users.conf"],
          "compose.yaml": ["services: { web: { image: nginx, volumes: ['«./users.conf»:/etc/users.conf'] } }"],
          "src/index.js": [""],
        },
      },
      {
        name: "a secret and a key, which no repository holds: no more than a note",
        kind: "file",
        severity: "info",
        files: {
          "compose.yaml": [
            "services: { web: { image: nginx, volumes: ['«./tls.key»:/etc/tls.key:ro'], secrets: [token] } }",
            "secrets: { token: { file: «./secrets/token.txt» } }",
          ],
          "src/index.js": [""],
        },
      },
      {
        name: "an env file",
        kind: "env-file",
        message: "`api.env` does not exist, and Compose stops there; add it, or write `required: false`",
        files: {
          "compose.yaml": ["services: { api: { image: node:22.14.0, env_file: [«api.env», { path: «web.env» }] } }"],
          "src/index.js": [""],
        },
      },
      {
        name: "a `.env`, which each checkout has for itself: no more than a note",
        kind: "env-file",
        severity: "info",
        files: {
          "compose.yaml": ["services: { api: { image: node:22.14.0, env_file: [«.env», «.env.local»] } }"],
          "src/index.js": [""],
        },
      },
      {
        name: "a folder",
        kind: "folder",
        message: "`./html` does not exist; Docker creates it, owned by root",
        files: {
          "compose.yaml": ["services: { web: { image: nginx:1.27.4, volumes: ['«./html»:/usr/share/nginx/html'] } }"],
          "src/index.js": [""],
        },
      },
      {
        name: "a snippet, where nothing but this file is here: no more than a note",
        kind: "file",
        severity: "info",
        files: {
          "compose.yaml": ["services: { web: { image: nginx, volumes: ['«./nginx.conf»:/etc/nginx/nginx.conf'] } }"],
        },
      },
    ],
    good: [
      {
        name: "a patch in a folder below its base, where its paths begin",
        files: {
          "compose.yaml": ["services:", "  db: { image: 'postgres:17.4' }"],
          "dev/data.sql": ["SELECT 1;"],
          "dev/compose.dev.yaml": [
            "services:",
            "  db: { volumes: ['./dev/data.sql:/docker-entrypoint-initdb.d/seed.sql'] }",
          ],
        },
      },
      {
        name: "all there",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    env_file: web.env",
            "    label_file: web.labels",
            "    security_opt: ['seccomp=./seccomp.json']",
            "    volumes: ['./nginx.conf:/etc/nginx/nginx.conf:ro', './html:/usr/share/nginx/html']",
            "secrets: { token: { file: ./token } }",
          ],
          "web.env": ["A=b"],
          "web.labels": ["a=b"],
          "seccomp.json": ["{}"],
          "nginx.conf": ["events {}"],
          "html/index.html": [""],
          token: ["abc"],
        },
      },
      {
        name: "git ignores them, and templates tell what to put there",
        files: {
          ".gitignore": [".env", "app.yaml"],
          ".env.example": ["TOKEN="],
          "app.example.yaml": [""],
          "compose.yaml": ["services: { api: { image: node, env_file: .env, volumes: ['./app.yaml:/etc/app.yaml'] } }"],
        },
      },
      {
        name: "need not be there, or is made by a command",
        options: { generated: ["certs/**", "dump.sql"] },
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    env_file: [{ path: local.env, required: false }]",
            "    volumes:",
            "      - ./certs/site.conf:/etc/site.conf",
            "      - ./dump.sql:/docker-entrypoint-initdb.d/dump.sql",
            "      - type: bind",
            "        source: ./extra.conf",
            "        target: /etc/extra.conf",
            "        bind: { create_host_path: false }",
          ],
          "src/index.js": [""],
        },
      },
      {
        name: "other machines, other folders, and what nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    env_file: ['${ENV_FILE}', ../shared.env]",
            "    volumes:",
            "      - /etc/localtime:/etc/localtime:ro",
            "      - ~/app.conf:/etc/app.conf",
            "      - ../shared.conf:/etc/shared.conf",
            "      - ${DIR}/app.conf:/etc/app.conf",
            "      - data.conf:/etc/data.conf",
            "      - ./run/app.sock:/run/app.sock",
            "secrets: { token: { file: '${TOKEN_FILE}' }, key: { environment: KEY } }",
            "volumes: { data.conf: }",
          ],
          "src/index.js": [""],
          run: [""],
        },
      },
    ],
  },
});

function* judgeAll(files: Iterable<NamedFile>, variant: Variant, ctx: Context): Iterable<Finding> {
  for (const file of files) {
    const missing = missingAt(file.path, variant, ctx);
    if (missing === undefined || (missing.isIgnored && missing.hasTemplate)) continue;
    const kind = file.kind === "env-file" ? "env-file" : "file";
    yield {
      kind,
      range: file.range,
      message: messageFor(file, missing),
      confidence: missing.isBare || (file.isOftenMade && missing.near === undefined) ? "low" : "high",
      atMost: missing.isIgnored ? "info" : undefined,
    };
  }
}

function* judgeFolders({ mounts, variant }: Service, ctx: Context): Iterable<Finding> {
  for (const mount of mounts) {
    const { source } = mount;
    if (mount.form !== "short" || !isFolderBind(mount) || source === undefined || mount.hostPath === undefined)
      continue;
    const missing = missingAt(mount.hostPath, variant, ctx);
    if (missing === undefined || missing.isIgnored) continue;
    const message = `${quoted(source.text)} does not exist; Docker creates it, owned by root`;
    yield { kind: "folder", range: source.range, message, confidence: missing.isBare ? "low" : "high" };
  }
}

function isFolderBind(mount: Mount): boolean {
  const { type, source } = mount;
  if (type !== "bind" || source === undefined || !source.text.startsWith(".")) return false;
  return !bindsFile(mount) && !source.text.endsWith(".sock");
}

function missingAt(path: string, { project: { root }, files }: Variant, ctx: Context): MissingPath | undefined {
  const first = files[0]?.source.root.file;
  if (first === undefined) return undefined;
  const missing = missingPath(ctx.project, root, path, parentPath(first));
  if (missing === undefined || missing.isInSubmodule) return undefined;
  const relative = relativePath(root, path);
  return ctx.options.generated.some((glob) => matchesGlob(glob, relative)) ? undefined : missing;
}

function messageFor({ kind, text, path }: NamedFile, { near }: MissingPath): string {
  const meant = near === undefined ? undefined : relativePath(parentPath(path), near);
  const right = meant === undefined ? undefined : text.slice(0, text.lastIndexOf("/") + 1) + meant;
  if (kind === "bind") {
    const hint = right === undefined ? "" : ` (did you mean ${quoted(right)}?)`;
    return `${quoted(text)} does not exist; Docker creates a folder in its place${hint}`;
  }
  if (right !== undefined) return `${quoted(text)} does not exist; did you mean ${quoted(right)}?`;
  return kind === "env-file"
    ? `${quoted(text)} does not exist, and Compose stops there; add it, or write \`required: false\``
    : `${quoted(text)} does not exist; correct the path, or add the file`;
}
