import type { ComposeProject } from "../../src/compose/model.js";
import type { BuildContext } from "../../src/context/context.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import type { Project } from "../../src/project/model.js";
import { trackedSecretFiles } from "../../src/project/tracked-secrets.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "secrets/no-tracked-secret-files",
  summary: "Files with secrets are out of git and out of builds",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    git: { summary: "git does not ignore a file with secrets" },
    mode: {
      summary: "every user of the host may read the file of a secret",
      levels: { recommended: "info", strict: "info" },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "A file that git does not ignore is in the repository with the next `git add .`, and stays in its history when a later " +
      "commit removes it. From then on only new secrets help.",
  ],
  references: ["https://git-scm.com/docs/gitignore", "https://docs.docker.com/compose/how-tos/use-secrets/", "CWE-540"],
  securitySeverity: 7,
  check: {
    *variant({ project: owner }, { project }) {
      yield* filesOf(owner, project);
    },
    *context(context, { project }) {
      yield* filesOf(context, project);
    },
  },
  examples: {
    bad: [
      {
        name: "an env file of a service",
        kind: "git",
        message: "`.env.prod` holds 2 secrets, and git does not ignore it; add it to `.gitignore`, and replace them",
        files: {
          "compose.yaml": ["services:", "  api:", "    image: ghcr.io/acme/api:1.4.2", "    env_file: «.env.prod»"],
          ".env.prod": ["SMTP_PASSWORD=kX93jf02lmQp", "LOG_LEVEL=info", "DB=postgres://a:kX93jf02lmQp@db/a"],
          ".gitignore": ["node_modules"],
        },
      },
      {
        name: "the `.env` beside the project, and one in the context of a build",
        kind: "git",
        files: {
          "compose.yaml": ["services: {api: {build: api}}"],
          ".env": ["«SMTP_PASSWORD=kX93jf02lmQp»", "LOG_LEVEL=info"],
          "api/Dockerfile": ["FROM node:22.14.0", "COPY . ."],
          "api/.env.local": ["«JWT_SECRET=kX93jf02lmQp»"],
        },
      },
      {
        name: "a key that a secret and a mount name",
        kind: "git",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    volumes: ['«./tls.key»:/etc/tls.key:ro']",
            "secrets:",
            "  signing: {file: «./signing.pem»}",
          ],
          "tls.key": [`-----BEGIN ${"PRIVATE"} KEY-----`, "q7Rk2vXzL9mPw4TdYb8Ns3HcFj6Ge1Ua"],
          "signing.pem": [`-----BEGIN ${"PRIVATE"} KEY-----`, "q7Rk2vXzL9mPw4TdYb8Ns3HcFj6Ge1Ua"],
        },
      },
      {
        name: "a file that everyone on the host may read",
        kind: "mode",
        message: "every user of this host may read `db.txt`",
        files: {
          "compose.yaml": ["services: {}", "secrets:", "  db: {file: «./db.txt»}"],
          "db.txt": ["kX93jf02lmQp"],
        },
      },
    ],
    good: [
      {
        name: "ignored, but for the example",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.2",
            "    env_file: [.env.prod, .env.example, gone.env]",
          ],
          ".env.prod": ["SMTP_PASSWORD=kX93jf02lmQp"],
          ".env.example": ["SMTP_PASSWORD=kX93jf02lmQp"],
          ".gitignore": [".env*", "!.env.example"],
        },
      },
      {
        name: "no secret in it, or an encrypted one",
        files: {
          "compose.yaml": ["services: {web: {image: 'nginx:1.27.4', volumes: ['./ca.pem:/etc/ca.pem:ro']}}"],
          ".env": ["LOG_LEVEL=info", "DB_PASSWORD=ENC[AES256_GCM,data:q7Rk2v==,type:str]", "API_TOKEN=changeme"],
          "ca.pem": ["-----BEGIN CERTIFICATE-----", "q7Rk2vXzL9mPw4TdYb8Ns3HcFj6Ge1Ua"],
        },
      },
      {
        name: "a secret from the environment",
        files: { "compose.yaml": ["services: {}", "secrets: {db: {environment: DB_PASSWORD}}"] },
      },
    ],
  },
});

function* filesOf(owner: ComposeProject | BuildContext, project: Project): Iterable<Finding> {
  for (const { file, range, count, isOpen, isFixture, owners } of trackedSecretFiles(project)) {
    if (!owners.has(owner)) continue;
    const name = quoted(project.display(file));
    if (isOpen) {
      // Containers that do not run as root may need it so.
      const message = `every user of this host may read ${name}; take the rights of others away`;
      yield { kind: "mode", range, message, confidence: "low" };
      continue;
    }
    const what = count === 1 ? "a secret" : `${count} secrets`;
    const them = count === 1 ? "it" : "them";
    yield {
      kind: "git",
      range,
      subject: project.display(file),
      message: `${name} holds ${what}, and git does not ignore it; add it to \`.gitignore\`, and replace ${them}`,
      // Keys and passwords of tests open nothing, as a rule.
      ...(isFixture ? { confidence: "low" } : {}),
    };
  }
}
